"""Rebuild the pictures in digits/ from handwriting of MNIST's test set.

    python scripts/make_digits.py

Writes digit1.png, digit2.png, ..., a page, a strip, two pictures of no digit, labels.csv and
README.md.
"""

import csv
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image

import digitrec

FOLDER = digitrec.project_path("digits")


README = """# Pictures to read

Handwriting that notebook 05 reads. The number in a name only counts the pictures: `digit1.png` does
not show a 1.

| picture | shows | pixels | what it tests |
|---|---|---|---|
{table}

**Put your own here**: save a picture of one digit as `{next_name}` and run notebook 05 again. It
reads every `digit*` picture in this folder. `labels.csv` says what each picture shows; a picture
that is not listed there is read all the same.

The handwriting is from the test set of MNIST, which no network here is trained on: (c) Yann LeCun,
Corinna Cortes and Christopher J. C. Burges, CC BY-SA 3.0, see `digitrec/assets/MNIST-NOTICE.md`.
Changes: enlarged smoothly and laid on a sheet by `scripts/make_digits.py`, which also writes this
file. Paper, light, pens and the pictures of no digit are drawn by that script. The pictures are
under the same licence.

`sheets/` holds photos of filled-in sheets, `writer1-sheet1.jpg` and so on, which notebook 08 begins
with: two of writer 1, and one each of writers 2 to 4. All of it is simulated, no pupil wrote them.
Each writer is composed of digits of MNIST's test set that resemble each other; the 1s and 7s of
writer 1, paper, table, light and camera are drawn by `scripts/make_sheets.py`. They are under the
same licence.

`projects/` holds what notebook 10 begins with: envelopes, puzzles and sums. See the README there.
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


@dataclass(frozen=True)
class Photo:
    """A sheet as it would look photographed or drawn in other ways.

    Attributes:
        sheet: the digit and where it lies.
        ending: of the file's name.
        look: makes the picture, (h, w, 3) or (h, w, 4), uint8, of the share of ink, (h, w), 0-1.
        orientation: the EXIF orientation; 6 is a camera held upright.
    """

    sheet: Sheet
    ending: str
    look: Callable[[np.ndarray], np.ndarray]
    orientation: int = 1


def write_with(ink: np.ndarray, pen: tuple, paper: tuple) -> np.ndarray:
    """Return a sheet (h, w, 3), float 0-255, RGB, in the colours of pen and paper."""
    share = ink[:, :, np.newaxis]
    return share * np.array(pen, float) + (1 - share) * np.array(paper, float)


def photographed(sheet: np.ndarray, light: np.ndarray | float = 1.0) -> np.ndarray:
    """Return a sheet under some light (h, w, 1), a little blurred and with a sensor's grain."""
    grain = np.random.default_rng(1).normal(0, 3, sheet.shape)
    return np.clip(cv2.GaussianBlur(sheet * light, None, 0.8) + grain, 0, 255).astype(np.uint8)


def positions(ink: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the row and the column of each pixel, 0-1, each (h, w, 1)."""
    rows, columns = np.indices(ink.shape) / np.array(ink.shape).reshape(2, 1, 1)
    return rows[:, :, np.newaxis], columns[:, :, np.newaxis]


def dark_corners(ink: np.ndarray) -> np.ndarray:
    """Return a photo by a lamp: bright in the middle, dark in the corners."""
    rows, columns = positions(ink)
    light = 1 - 0.9 * ((rows - 0.4) ** 2 + (columns - 0.55) ** 2)
    return photographed(write_with(ink, (60, 60, 70), (205, 200, 185)), light)


def shadowed(ink: np.ndarray) -> np.ndarray:
    """Return a photo that the shadow of a hand falls across."""
    rows, columns = positions(ink)
    light = np.where(columns + 0.35 * rows > 0.72, 0.6, 1.0)
    return photographed(write_with(ink, (40, 45, 90), (225, 222, 215)), light)


def on_squared_paper(ink: np.ndarray) -> np.ndarray:
    """Return a photo of squared paper, its lines bluish."""
    sheet = write_with(np.zeros_like(ink), (0, 0, 0), (232, 232, 228))
    for axis in (0, 1):
        lines = np.arange(17, ink.shape[axis], 34)
        for line in (*lines, *(lines + 1)):
            sheet[(line, slice(None)) if axis == 0 else (slice(None), line)] = (178, 190, 208)
    pen = write_with(ink, (45, 45, 60), (255, 255, 255))
    return photographed(np.minimum(sheet, pen))


def coloured(ink: np.ndarray) -> np.ndarray:
    """Return red ink on green paper, both about equally bright."""
    return photographed(write_with(ink, (205, 60, 50), (70, 135, 80)))


def in_pencil(ink: np.ndarray) -> np.ndarray:
    """Return a faint pencil on grey paper."""
    return photographed(write_with(ink, (138, 138, 140), (176, 175, 172)))


def chalk(ink: np.ndarray) -> np.ndarray:
    """Return chalk on a board."""
    return photographed(write_with(ink, (225, 225, 215), (38, 58, 48)))


def ball_pen(ink: np.ndarray) -> np.ndarray:
    """Return a photo of blue ink on white paper."""
    return photographed(write_with(ink, (50, 70, 160), (215, 216, 220)))


def transparent(ink: np.ndarray) -> np.ndarray:
    """Return ink on nothing, as a drawing program saves it."""
    black = np.zeros((*ink.shape, 3), np.uint8)
    return np.dstack([black, np.rint(255 * ink).astype(np.uint8)])


PHOTOS = (
    Photo(
        Sheet(124, 640, 480, 200, 0.55, 0.40, "dark corners, a yellow lamp"), ".jpg", dark_corners
    ),
    Photo(Sheet(140, 480, 480, 210, 0.60, 0.50, "the shadow of a hand"), ".jpg", shadowed),
    Photo(Sheet(44, 510, 510, 190, 0.45, 0.55, "squared paper"), ".jpg", on_squared_paper),
    Photo(Sheet(61, 400, 300, 180, 0.30, 0.50, "red on green, equally bright"), ".png", coloured),
    Photo(Sheet(99, 400, 400, 180, 0.50, 0.50, "faint pencil on grey paper"), ".webp", in_pencil),
    Photo(Sheet(146, 360, 300, 200, 0.50, 0.50, "light on dark: chalk"), ".png", chalk),
    Photo(Sheet(13, 480, 360, 180, 0.40, 0.40, "a phone held upright (EXIF)"), ".jpg", ball_pen, 6),
    Photo(
        Sheet(30, 300, 300, 180, 0.50, 0.50, "ink on nothing (transparent)"), ".png", transparent
    ),
)

# rows of a page: numbers of images in MNIST's test set
PAGE = ((5, 1, 32, 4, 23), (13, 45, 84, 9), (0, 3, 110, 50, 33, 21))
STRIP = ((2, 35, 18, 27, 11, 61, 36),)


def photo(ink: np.ndarray, photo: Photo) -> Image.Image:
    """Return the picture of one digit in another look."""
    share = 1 - draw(ink, photo.sheet) / 255
    image = Image.fromarray(photo.look(share))
    # turned so that the orientation brings it upright again
    return image.transpose(Image.Transpose.ROTATE_90) if photo.orientation == 6 else image


def page(images: np.ndarray, rows: tuple, size: int, rise: int) -> np.ndarray:
    """Return the share of ink, (h, w), of rows of digits that rise a little to the right."""
    generator = np.random.default_rng(2)
    columns = max(map(len, rows))
    ink = np.zeros((round(size * (1.8 * len(rows) + 1)), round(size * (1.25 * columns + 1))))
    for row, numbers in enumerate(rows):
        for column, number in enumerate(numbers):
            one = Sheet(number, size + 4, size + 4, size, 0.5, 0.5, "")
            digit = 1 - draw(images[number], one) / 255
            y = round(size * (0.7 + 1.8 * row)) - rise * column + int(generator.integers(-5, 6))
            x = round(size * (0.5 + 1.25 * column)) + int(generator.integers(-4, 5))
            part = ink[y : y + size + 4, x : x + size + 4]
            np.maximum(part, digit, out=part)
    return ink


def strokes(lines: list, size: int = 300) -> np.ndarray:
    """Return the share of ink, (size, size), of lines through points given in pixels."""
    field = np.zeros((size, size), np.uint8)
    for line in lines:
        cv2.polylines(field, [np.array(line)], False, 255, 13, cv2.LINE_AA)
    return field / 255


def no_digits() -> dict[str, np.ndarray]:
    """Return a letter and a doodle, a star in one stroke."""
    turns = np.pi * (0.8 * np.arange(6) - 0.5)
    star = np.stack([150 + 105 * np.cos(turns), 155 + 105 * np.sin(turns)], axis=1)
    return {
        "letter1.png": strokes([[(80, 250), (145, 50), (220, 250)], [(105, 180), (198, 176)]]),
        "doodle1.png": strokes([star.astype(int)]),
    }


def main() -> None:
    test = digitrec.load_mnist().test
    rows = []

    def write(name: str, image: Image.Image, shows: str, tests: str, **options: object) -> None:
        image.save(FOLDER / name, quality=90, **options)
        rows.append(f"| `{name}` | {shows} | {image.width}x{image.height} | {tests} |")

    labels = {}
    for number, sheet in enumerate(SHEETS, start=1):
        name = f"digit{number}.png"
        labels[name] = int(test.labels[sheet.index])
        drawn = Image.fromarray(draw(test.images[sheet.index], sheet))
        write(name, drawn, str(labels[name]), sheet.tests)
    for number, one in enumerate(PHOTOS, start=len(SHEETS) + 1):
        name = f"digit{number}{one.ending}"
        labels[name] = int(test.labels[one.sheet.index])
        exif = Image.Exif()
        exif[0x0112] = one.orientation
        options = {"exif": exif} if one.ending == ".jpg" else {}
        image = photo(test.images[one.sheet.index], one)
        write(name, image, str(labels[name]), one.sheet.tests, **options)
    for name, numbers, size, rise, tests in (
        ("page1.jpg", PAGE, 110, 7, "a page: three rows that rise"),
        ("strip1.jpg", STRIP, 90, 0, "a strip of digits"),
    ):
        written = " / ".join("".join(str(test.labels[n]) for n in row) for row in numbers)
        sheet = Image.fromarray(dark_corners(page(test.images, numbers, size, rise)))
        write(name, sheet, written, tests)
    for name, ink in no_digits().items():
        write(name, Image.fromarray(ball_pen(ink)), "no digit", name.removesuffix("1.png"))

    with (FOLDER / "labels.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["picture", "digit"])
        writer.writerows(labels.items())
    text = README.format(table="\n".join(rows), next_name=f"digit{len(labels) + 1}.png")
    (FOLDER / "README.md").write_text(text, "utf-8")
    print(f"{len(rows)} pictures in {FOLDER.name}/")


if __name__ == "__main__":
    main()
