"""Rebuild the pictures in digits/ from handwriting of MNIST's test set.

    python scripts/make_digits.py

Writes digit1.png, digit2.png, ..., labels.csv and README.md.
"""

import csv
from dataclasses import dataclass

import cv2
import numpy as np

import digitrec

FOLDER = digitrec.project_path("digits")


README = """# Digits to read

Pictures of single handwritten digits, black on white, that notebook 05 reads. The number in a name
only counts the pictures: `digit1.png` does not show a 1.

| picture | shows | pixels | what it tests |
|---|---|---|---|
{table}

**Put your own here**: save a picture of one digit as `{next_name}` and run notebook 05 again. It
reads every `digit*` picture in this folder. `labels.csv` says what each picture shows; a picture
that is not listed there is read all the same.

The handwriting is from the test set of MNIST, which no network here is trained on: (c) Yann LeCun,
Corinna Cortes and Christopher J. C. Burges, CC BY-SA 3.0, see `digitrec/assets/MNIST-NOTICE.md`.
Changes: enlarged smoothly and laid on a sheet by `scripts/make_digits.py`, which also writes this
file. The pictures are under the same licence.
"""


@dataclass(frozen=True)
class Sheet:
    """One picture: which digit of the test set, and how it lies on which sheet.

    Attributes:
        index: number of the image in MNIST's test set.
        width, height: of the sheet in pixels.
        size: the longer side of the digit in pixels.
        left, top: where the digit starts, 0-1 of the room that is left beside it.
        tests: what the picture is there to test.
    """

    index: int
    width: int
    height: int
    size: int
    left: float
    top: float
    tests: str


SHEETS = (
    Sheet(27, 28, 28, 20, 0.50, 0.50, "the size and place of MNIST"),
    Sheet(17, 28, 28, 20, 0.50, 0.50, "the size and place of MNIST"),
    Sheet(35, 28, 28, 20, 0.50, 0.50, "the size and place of MNIST"),
    Sheet(71, 56, 56, 40, 0.50, 0.50, "twice MNIST's size"),
    Sheet(102, 56, 56, 30, 0.50, 0.50, "small in its picture"),
    Sheet(9, 140, 140, 100, 0.50, 0.50, "five times MNIST's size"),
    Sheet(32, 140, 140, 80, 0.15, 0.15, "in the upper left"),
    Sheet(22, 280, 280, 200, 0.50, 0.50, "ten times MNIST's size"),
    Sheet(84, 280, 280, 180, 0.50, 0.50, "a thin pen"),
    Sheet(14, 280, 280, 240, 0.50, 0.50, "a plain stroke, close to both edges"),
    Sheet(1, 420, 240, 150, 0.90, 0.50, "a wide sheet, far to the right"),
    Sheet(33, 240, 360, 150, 0.50, 0.90, "a tall sheet, far down; a 4 that is open at the top"),
    Sheet(41, 280, 280, 190, 0.40, 0.60, "a 7 with a bar"),
    Sheet(68, 200, 200, 190, 0.50, 0.50, "a thick marker that nearly fills the picture"),
    Sheet(53, 500, 400, 80, 0.25, 0.70, "small on a large sheet"),
    Sheet(110, 300, 300, 200, 0.60, 0.40, "a large 8"),
)


def draw(ink: np.ndarray, sheet: Sheet) -> np.ndarray:
    """Lay the ink of a 28x28 digit, enlarged smoothly, as black on a white sheet."""
    left, top, width, height = cv2.boundingRect(ink)
    digit = ink[top : top + height, left : left + width]
    scale = sheet.size / max(width, height)
    if scale > 1:
        digit = cv2.copyMakeBorder(digit, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
        digit = cv2.resize(digit, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        digit = cv2.GaussianBlur(digit, (0, 0), scale / 3)
        slope = max(1.2, scale / 2)  # a pen's edge is about one pixel wide
        edge = 127 + (digit.astype(np.float32) - 110) * slope
        digit = np.clip(edge, 0, 255).astype(np.uint8)
        digit = digit[slice(*span(digit.any(axis=1))), slice(*span(digit.any(axis=0)))]
    height, width = digit.shape
    x = round(sheet.left * (sheet.width - width))
    y = round(sheet.top * (sheet.height - height))
    paper = np.full((sheet.height, sheet.width), 255, np.uint8)
    paper[y : y + height, x : x + width] -= digit
    return paper


def span(used: np.ndarray) -> tuple[int, int]:
    """Return the first and one past the last position that is used."""
    positions = np.flatnonzero(used)
    return positions[0], positions[-1] + 1


def readme(rows: list[tuple[str, int, Sheet]]) -> str:
    """Describe every picture."""
    table = "\n".join(
        f"| `{name}` | {digit} | {sheet.width}x{sheet.height} | {sheet.tests} |"
        for name, digit, sheet in rows
    )
    return README.format(table=table, next_name=f"digit{len(rows) + 1}.png")


def main() -> None:
    test = digitrec.load_mnist().test
    rows = []
    for number, sheet in enumerate(SHEETS, start=1):
        name = f"digit{number}.png"
        cv2.imwrite(str(FOLDER / name), draw(test.images[sheet.index], sheet))
        rows.append((name, int(test.labels[sheet.index]), sheet))
    with (FOLDER / "labels.csv").open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["picture", "digit"])
        writer.writerows((name, digit) for name, digit, _ in rows)
    (FOLDER / "README.md").write_text(readme(rows))
    print(f"{len(rows)} pictures in {FOLDER.name}/")


if __name__ == "__main__":
    main()
