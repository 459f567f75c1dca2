"""Rebuild docs/reading.png, the picture in the README.

python scripts/make_readme_picture.py
"""

import digitrec
from digitrec import figures
from digitrec.storage import BOXED_MODEL

PICTURE = "digits/digit12.png"


def main() -> None:
    model = digitrec.load_model(BOXED_MODEL)
    reading = digitrec.read_digit(digitrec.project_path(PICTURE), model)
    figures.show_reading(reading, PICTURE).savefig(
        digitrec.project_path("docs/reading.png"), dpi=110
    )


if __name__ == "__main__":
    main()
