"""Write digitrec/assets/other_hands.npz: digits and letters of the fonts that are held out.

    python scripts/build_other_hands.py

The five fonts of the part "test" in other_hands.py: nothing is learned from them, and nothing is
chosen with them.
"""

import numpy as np
from other_hands import LATIN, load_glyphs, other_hands, pick, with_pen
from pens import arrived, prepared

from digitrec.files import write_whole
from digitrec.other_hands import ARCHIVE

SEED, DIGITS, LETTERS = 7, 2_000, 600


def draw_letters(generator: np.random.Generator, count: int) -> np.ndarray:
    """Return Latin letters of the fonts that are held out, (count, 28, 28), uint8."""
    glyphs = load_glyphs("test")
    characters = generator.choice([character for character in LATIN if glyphs[character]], count)
    drawn = (with_pen(generator, pick(generator, glyphs[character])) for character in characters)
    return np.array([prepared(arrived(generator, glyph)) for glyph in drawn])


def main() -> None:
    digits = other_hands(SEED, DIGITS, 0, part="test", fonts=1)
    letters = draw_letters(np.random.default_rng(SEED), LETTERS)

    def save(path) -> None:
        with path.open("wb") as file:
            np.savez_compressed(file, digits=digits.images, labels=digits.labels, letters=letters)

    write_whole(ARCHIVE, save)


if __name__ == "__main__":
    main()
