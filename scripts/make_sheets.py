"""Rebuild the photos of filled-in sheets in digits/sheets/, which notebook 08 begins with.

    python scripts/make_sheets.py

Everything in them is simulated: no pupil wrote them, no camera took them. The handwriting is from
MNIST's test set, which no network here is trained on. A test image says nothing of its writer, so
each writer here is made of images that resemble each other, all leaning alike and written with the
same pen. His 1s with a long upstroke and his crossed 7s, which MNIST does not have, writer 1 got
from `simulated_hands.py`. Paper, pens, table, light and camera are those of `sheet_filling.py` and
`sheet_photos.py`.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from sheet_filling import WRITTEN, Filled, Generator, Writing, fill, writing
from sheet_photos import SheetKnobs, photograph
from simulated_hands import SimulatedHand, draw_hand
from synthetic_hands import Place, draw_strokes, trace

import digitrec
from digitrec.mnist import Digits
from digitrec.sheets import Code, sheet_image

FOLDER = Path(__file__).parents[1] / "digits" / "sheets"
RUN = 412
DOTS_PER_INCH = 200
QUALITY = 80  # of the JPEG
ALIKE = 30  # images of each digit that a writer is made of
PROTOTYPES = 300  # of the first test images of a digit, one begins a writer's


@dataclass(frozen=True)
class Writer:
    """One writer: which handwriting, and how it is written.

    Attributes:
        number: on the sheet.
        seed: of the images that his digits are made of.
        lean: by how many degrees his digits lean further to the right than MNIST's.
        height: of a digit in mm.
        pen: one of `PENS`.
        pen_width: in mm.
        drawn: digits that are drawn by strokes, in a hand that is not from MNIST.
        states: what happens in some of the boxes, sheet by sheet.
        photos: how the photo of each sheet is taken.
    """

    number: int
    seed: int
    lean: float
    height: float
    pen: str
    pen_width: float
    states: tuple[dict[int, str], ...]
    photos: tuple[SheetKnobs, ...]
    drawn: tuple[int, ...] = ()


TAKEN = SheetKnobs(megapixels=2.6, noise=1.2, texture=0.004, defocus=0.08, cast=0.06, fill=0.96)
WRITERS = (
    Writer(
        *(1, 3, 24.0, 8.0, "blue", 0.75),
        states=(
            {23: "crossed out", 47: "leaves its box", 68: "empty", 81: "crossed out"},
            {5: "empty", 36: "crossed out", 72: "leaves its box"},
        ),
        photos=(
            replace(TAKEN, tilt=9.0, tilt_way=70.0, turn=-3.0, bend=3.0, bend_kind="arch"),
            replace(TAKEN, tilt=12.0, tilt_way=250.0, turn=4.0, shadow=0.3, surroundings="wood"),
        ),
        drawn=(1, 7),
    ),
    Writer(
        *(2, 11, -4.0, 7.0, "black", 0.45),
        states=({12: "crossed out", 50: "empty", 98: "leaves its box"},),
        photos=(replace(TAKEN, tilt=6.0, turn=91.0, bend=4.0, bend_kind="corner", bend_way=40.0),),
    ),
    Writer(
        *(3, 12, 6.0, 9.0, "pencil", 0.6),
        states=({3: "empty", 29: "crossed out", 64: "crossed out", 86: "leaves its box"},),
        photos=(replace(TAKEN, tilt=15.0, tilt_way=100.0, turn=7.0, vignette=0.3),),
    ),
    Writer(
        *(4, 13, 20.0, 7.5, "blue", 0.9),
        states=({17: "leaves its box", 41: "crossed out", 75: "empty"},),
        photos=(replace(TAKEN, tilt=5.0, turn=178.0, brightness=0.7, surroundings="wood"),),
    ),
)


def alike(digits: Digits, digit: int, generator: Generator) -> np.ndarray:
    """Return images of a digit that resemble each other, (ALIKE, 28, 28), uint8, in any order."""
    images = digits.images[digits.labels == digit]
    soft = np.stack([cv2.GaussianBlur(image, (0, 0), 1.0) for image in images]).astype(np.float32)
    prototype = soft[generator.integers(PROTOTYPES)]
    nearest = np.argsort(np.square(soft - prototype).sum(axis=(1, 2)), kind="stable")[:ALIKE]
    return images[generator.permutation(nearest)]


def drawn_hand(writer: Writer) -> SimulatedHand:
    """Return the hand of the digits that a writer has, and MNIST has not."""
    hand = draw_hand(writer.seed)
    return replace(
        hand,
        ways=tuple(1 if digit in writer.drawn else 0 for digit in range(10)),
        **{"slant": writer.lean - 4, "width": 1.0, "waist": 1.0, "pen": 0.85 * writer.pen_width},
        **{"distortion": 0.03, "haste": 0.03, "shaking": 0.003, "height": 0.93 * writer.height},
        **{"entry": 0.0, "exit": 0.0, "apart": 0.01, "looseness": 0.25},
    )


def written_by(writer: Writer, digits: Digits, generator: Generator, scale: float) -> Writing:
    """Return how a writer writes digits: each time with another of his images."""
    images = {digit: iter(alike(digits, digit, generator)) for digit in range(10)}
    by_strokes = writing(drawn_hand(writer), generator, scale)
    size, pen = writer.height * scale, writer.pen_width * scale
    lean = np.tan(np.radians(writer.lean))

    def write(digit: int) -> np.ndarray:
        if digit in writer.drawn:
            return by_strokes(digit)
        height = size * generator.uniform(0.94, 1.06)
        place = Place(digit, trace(next(images[digit])), 0, 0, height)
        *_, ink = draw_strokes(place, pen * generator.uniform(0.9, 1.1))
        high, wide = ink.shape
        shear = np.array([[1, -lean, max(0, lean) * high], [0, 1, 0]])
        sheared = cv2.warpAffine(ink, shear, (wide + round(abs(lean) * high), high))
        return np.rint(255 * sheared).astype(np.uint8)

    return write


def filled_sheets(writer: Writer, digits: Digits) -> list[Filled]:
    """Return the sheets that a writer filled."""
    generator = np.random.default_rng([RUN, writer.number, writer.seed])
    scale = DOTS_PER_INCH / 25.4
    write = written_by(writer, digits, generator, scale)
    sheets = []
    for page, some in enumerate(writer.states, start=1):
        code = Code(RUN, writer.number, page, 10)
        states = tuple(some.get(number, WRITTEN) for number in range(code.boxes))
        given = {"pen": writer.pen, "pen_width": writer.pen_width, "states": states}
        empty = sheet_image(code, dots_per_inch=DOTS_PER_INCH)
        sheets.append(fill(empty, code, write, generator, **given))
    return sheets


def photos(writer: Writer, sheets: list[Filled]) -> dict[str, bytes]:
    """Return the photos of a writer's sheets as JPEG files, by name."""
    made = {}
    for filled, knobs in zip(sheets, writer.photos, strict=True):
        generator = np.random.default_rng([RUN, writer.number, filled.code.page, 1])
        photo, _ = photograph(filled, knobs, generator)
        options = [cv2.IMWRITE_JPEG_QUALITY, QUALITY, cv2.IMWRITE_JPEG_OPTIMIZE, 1]
        _, coded = cv2.imencode(".jpg", cv2.cvtColor(photo, cv2.COLOR_RGB2BGR), options)
        made[f"writer{writer.number}-sheet{filled.code.page}.jpg"] = coded.tobytes()
    return made


def main() -> None:
    test = digitrec.load_mnist().test
    FOLDER.mkdir(exist_ok=True)
    for writer in WRITERS:
        for name, content in photos(writer, filled_sheets(writer, test)).items():
            (FOLDER / name).write_bytes(content)
            print(f"{name}: {len(content):,} bytes")


if __name__ == "__main__":
    main()
