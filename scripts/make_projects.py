"""Rebuild the pictures in digits/projects/, with which the projects of notebook 10 begin.

    python scripts/make_projects.py

Everything in them is composed: nobody wrote these envelopes, sums and puzzles, no camera took them.
The digits are from MNIST's test set, which no network here is trained on; pens, paper, light and
tilt are drawn here and by `make_digits.py`. `labels.csv` says what each picture shows: five digits,
a sum such as 27+58, or the 81 cells of a puzzle row by row, with a dot for an empty one.
"""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
from make_digits import Sheet, draw, photographed, positions, span, write_with

import digitrec
from digitrec.mnist import Digits

FOLDER = Path(__file__).parents[1] / "digits" / "projects"
ENVELOPES, SUMS, PUZZLES = 60, 60, 3
SEED = 610
QUALITY = 65  # of the JPEGs
CELL = 60  # pixels of a puzzle's cell on its sheet
CLUES = 30  # digits that a puzzle gives

Ink = np.ndarray  # (h, w), float 0-1, the share of a picture that is ink
Take = Callable[[str], np.ndarray]  # from "7" to an image of a 7 that was not taken before

README = """# Pictures for the projects

Notebook 10 begins with them: `envelope*.jpg` with a postcode of five digits, `sudoku*.jpg`, photos
of three puzzles, and `sum*.jpg`, two numbers and a plus. `labels.csv` says what each one shows; of
a puzzle the 81 cells row by row, a dot for an empty one.

All of it is composed by `scripts/make_projects.py`: nobody sent these letters. The handwriting is
from the test set of MNIST, which no network here is trained on: (c) Yann LeCun, Corinna Cortes and
Christopher J. C. Burges, CC BY-SA 3.0, see `digitrec/assets/MNIST-NOTICE.md`. Changes: enlarged
smoothly, coloured, and laid on paper that is drawn, as are light, stamps, lines and scribbles. The
pictures are under the same licence.
"""


def taker(digits: Digits, generator: np.random.Generator) -> Take:
    """Return a function that gives another image of a digit each time."""
    left = {
        str(digit): iter(generator.permutation(np.flatnonzero(digits.labels == digit)))
        for digit in range(10)
    }
    return lambda digit: digits.images[next(left[digit])]


def written(image: np.ndarray, size: int) -> Ink:
    """Return the ink of one digit, as high as `size` pixels unless it is wider."""
    sheet = draw(image, Sheet(0, 3 * size, 3 * size, size, 0.5, 0.5, ""))
    ink = 1 - sheet / 255
    return ink[slice(*span(ink.any(axis=1))), slice(*span(ink.any(axis=0)))]


def lay(field: Ink, ink: Ink, left: float, middle: float) -> float:
    """Lay ink on a field by its left edge and its middle line, and return where it ends."""
    high, wide = ink.shape
    x, y = round(left), round(middle - high / 2)
    part = field[y : y + high, x : x + wide]
    np.maximum(part, ink[: part.shape[0], : part.shape[1]], out=part)
    return x + wide


def write_row(
    field: Ink, text: str, take: Take, generator: np.random.Generator, start: tuple, size: int
) -> None:
    """Write digits and plus signs side by side; a hurried hand now and then joins two."""
    left, middle = start
    for letter in text:
        ink = plus(size, generator) if letter == "+" else written(take(letter), size)
        left = lay(field, ink, left, middle + generator.normal(0, 0.05 * size))
        left += size * max(generator.normal(0.22, 0.13), -0.04)


def plus(size: int, generator: np.random.Generator) -> Ink:
    """Return the ink of a plus sign: two strokes that are neither straight nor even."""
    side = round(1.1 * size)
    field = np.zeros((side, side), np.uint8)
    pen = max(2, round(size * generator.uniform(0.07, 0.13)))
    for way in (0, np.pi / 2):
        turn = way + generator.normal(0, 0.12)
        half = size * generator.uniform(0.26, 0.42) * np.array([np.cos(turn), np.sin(turn)])
        middle = side / 2 + generator.normal(0, 0.04 * size, 2)
        ends = np.rint(4 * np.stack([middle - half, middle, middle + half])).astype(int)
        ends[1] += generator.integers(-size // 8, size // 8 + 1, 2)
        cv2.polylines(field, [ends], False, 255, pen, cv2.LINE_AA, shift=2)
    ink = cv2.GaussianBlur(field, None, 0.8) / 255
    return ink[slice(*span(ink.any(axis=1))), slice(*span(ink.any(axis=0)))]


def scribble(field: Ink, generator: np.random.Generator, start: tuple, length: int) -> None:
    """Write a line that looks like words and is none."""
    left, middle = start
    places = np.arange(length)
    swing = np.cumsum(generator.normal(0, 1, length)) * 0.02
    height = 7 * np.sin(places / 3.1 + swing) * (1 + 0.6 * np.sin(places / 11 + swing))
    line = np.stack([left + places + 3 * np.cos(places / 3.1), middle + height], axis=1)
    words = np.split(line, np.flatnonzero(generator.random(length) < 0.02))
    drawn = np.zeros(field.shape, np.uint8)
    for word in words:
        points = np.rint(4 * word[:-6]).astype(int)
        cv2.polylines(drawn, [points], False, 255, 2, cv2.LINE_AA, shift=2)
    np.maximum(field, drawn / 255, out=field)


def lamp(ink: Ink, generator: np.random.Generator, strength: float) -> np.ndarray:
    """Return the light on a picture, (h, w, 1): bright around one place, darker far from it."""
    rows, columns = positions(ink)
    y, x = generator.uniform(0.2, 0.8, 2)
    return 1 - strength * ((rows - y) ** 2 + (columns - x) ** 2)


PENS = ((40, 45, 95), (35, 35, 40), (60, 75, 150), (70, 70, 72))
PAPERS = ((238, 236, 228), (228, 214, 184), (244, 244, 242))


def envelope(code: str, take: Take, generator: np.random.Generator) -> np.ndarray:
    """Return the photo of an envelope: a stamp, two lines of address, and five digits."""
    ink = np.zeros((260, 440))
    for line, length in enumerate(generator.integers(90, 170, 2)):
        scribble(ink, generator, (150, 108 + 36 * line), int(length))
    write_row(ink, code, take, generator, (150, 196), int(generator.integers(30, 40)))
    if generator.random() < 0.5:  # a printed line to write on
        ink[218:220, 146:400] = 0.5
    pen, paper = PENS[generator.integers(4)], PAPERS[generator.integers(3)]
    sheet = write_with(ink, pen, paper)
    colour = generator.integers(60, 190, 3)
    sheet[22:78, 358:410] = colour
    sheet[28:72, 364:404] = 0.5 * colour + 120
    for ring in range(14, 26, 4):  # the postmark
        cv2.circle(sheet, (352, 70), ring, (90.0, 90.0, 95.0), 1, cv2.LINE_AA)
    turned = cv2.warpAffine(
        sheet,
        cv2.getRotationMatrix2D((220, 130), float(generator.normal(0, 2.5)), 1),
        (440, 260),
        borderMode=cv2.BORDER_REPLICATE,
    )
    return photographed(turned, lamp(ink, generator, generator.uniform(0.2, 0.9)))


def handwritten_sum(text: str, take: Take, generator: np.random.Generator) -> np.ndarray:
    """Return the scan of a sum."""
    size = int(generator.integers(34, 46))
    ink = np.zeros((90, 400))
    write_row(ink, text, take, generator, (18, 45), size)
    pen, paper = PENS[generator.integers(4)], PAPERS[generator.integers(3)]
    return photographed(write_with(ink, pen, paper), lamp(ink, generator, 0.3))


def sudoku(puzzle: str, take: Take, generator: np.random.Generator, number: int) -> np.ndarray:
    """Return the photo of a puzzle: the first from above, the others ever less kindly."""
    side = 9 * CELL + 1
    ink = np.zeros((side, side))
    for place, digit in enumerate(puzzle):
        if digit != ".":
            row, column = divmod(place, 9)
            mark = written(take(digit), int(generator.integers(30, 38)))
            astray = generator.normal(0, 2 + number, 2)
            left = column * CELL + (CELL - mark.shape[1]) / 2 + astray[0]
            lay(ink, mark, left, row * CELL + CELL / 2 + astray[1])
    lines = np.zeros((side, side), np.uint8)
    for line in range(10):
        wide = 3 if line % 3 == 0 else 1
        cv2.line(lines, (line * CELL, 0), (line * CELL, side), 255, wide)
        cv2.line(lines, (0, line * CELL), (side, line * CELL), 255, wide)
    paper = PAPERS[2]
    sheet = write_with(np.maximum(ink, lines / 255 * 0.85), PENS[number - 1], paper)
    sheet = cv2.copyMakeBorder(sheet, 60, 60, 60, 60, cv2.BORDER_CONSTANT, value=paper)
    photo = on_a_table(bent(sheet, 9 * (number - 1)), generator, 0.03 + 0.05 * number)
    light = lamp(photo[:, :, 0], generator, 0.25 * number)
    if number == PUZZLES:  # the shadow of whoever takes the photo
        rows, columns = positions(photo[:, :, 0])
        light = light * np.where(columns + 0.4 * rows > 0.85, 0.5, 1.0)
    return photographed(photo, light)


def bent(sheet: np.ndarray, rise: float) -> np.ndarray:
    """Return a sheet whose lines bow by some pixels, as those of a page in an open book do."""
    high, wide = sheet.shape[:2]
    rows, columns = np.indices((high, wide)).astype(np.float32)
    bow = rise * np.sin(np.pi * columns / wide).astype(np.float32)
    return cv2.remap(sheet, columns, rows + bow, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def on_a_table(sheet: np.ndarray, generator: np.random.Generator, tilt: float) -> np.ndarray:
    """Return a sheet on a brown table, looked at from the side."""
    high, wide = sheet.shape[:2]
    corners = np.float32([[0, 0], [wide, 0], [wide, high], [0, high]])
    moved = corners + generator.uniform(-tilt, tilt, (4, 2)) * wide
    size = 1.12 * wide * max(1, np.ptp(moved, axis=0).max() / (1.05 * wide))
    moved += size / 2 - (moved.max(axis=0) + moved.min(axis=0)) / 2
    way = cv2.getPerspectiveTransform(corners, np.float32(moved))
    table = np.empty((round(size), round(size), 3))
    table[:] = (112, 84, 62)
    grain = generator.normal(0, 7, (round(size), 1, 1))
    shape = (round(size), round(size))
    laid = cv2.warpPerspective(sheet, way, shape, flags=cv2.INTER_AREA)
    share = cv2.warpPerspective(np.ones((high, wide)), way, shape)[:, :, np.newaxis]
    return share * laid + (1 - share) * (table + cv2.GaussianBlur(grain, None, 1.5))


def puzzle_with_one_solution(generator: np.random.Generator) -> str:
    """Return a puzzle of CLUES digits with exactly one solution, a dot for each empty cell."""
    while True:
        cells = list(next(solutions("." * 81, generator.permutation(9))))
        left = len(cells)
        for place in generator.permutation(81):
            digit, cells[place] = cells[place], "."
            found = solutions("".join(cells), np.arange(9))
            next(found)
            if next(found, None) is None:
                left -= 1
            else:
                cells[place] = digit
            if left == CLUES:
                return "".join(cells)


def solutions(puzzle: str, order: np.ndarray) -> Iterator[str]:
    """Yield every solution of a puzzle: fill the cell with the fewest choices, and go on."""
    choices = {place: fitting(puzzle, place) for place, one in enumerate(puzzle) if one == "."}
    if not choices:
        yield puzzle
        return
    place = min(choices, key=lambda place: len(choices[place]))
    for digit in (str(number + 1) for number in order):
        if digit in choices[place]:
            yield from solutions(puzzle[:place] + digit + puzzle[place + 1 :], order)


def fitting(puzzle: str, place: int) -> set[str]:
    """Return the digits that stand neither in the row, nor the column, nor the box of a cell."""
    row, column = divmod(place, 9)
    box = 27 * (row // 3) + 3 * (column // 3)
    seen = puzzle[9 * row : 9 * row + 9] + puzzle[column::9]
    seen += "".join(puzzle[box + 9 * line : box + 9 * line + 3] for line in range(3))
    return set("123456789") - set(seen)


def pictures() -> Iterator[tuple[str, str, np.ndarray]]:
    """Yield the name of each picture, what it shows, and its pixels."""
    generator = np.random.default_rng(SEED)
    take = taker(digitrec.load_mnist().test, generator)
    for number in range(1, ENVELOPES + 1):
        code = "".join(map(str, generator.integers(0, 10, 5)))
        yield f"envelope{number:02}.jpg", code, envelope(code, take, generator)
    for number in range(1, PUZZLES + 1):
        puzzle = puzzle_with_one_solution(generator)
        yield f"sudoku{number}.jpg", puzzle, sudoku(puzzle, take, generator, number)
    for number in range(1, SUMS + 1):
        lengths = generator.choice([1, 2, 3], 2, p=[0.2, 0.6, 0.2])
        text = "+".join(str(generator.integers(10 ** (n - 1), 10**n)) for n in lengths)
        yield f"sum{number:02}.jpg", text, handwritten_sum(text, take, generator)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    options = [cv2.IMWRITE_JPEG_QUALITY, QUALITY, cv2.IMWRITE_JPEG_OPTIMIZE, 1]
    with (FOLDER / "labels.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["picture", "shows"])
        for name, shows, picture in pictures():
            writer.writerow([name, shows])
            _, coded = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), options)
            (FOLDER / name).write_bytes(coded.tobytes())
    (FOLDER / "README.md").write_text(README, "utf-8")
    print(f"{len(list(FOLDER.glob('*.jpg')))} pictures in digits/projects/")


if __name__ == "__main__":
    main()
