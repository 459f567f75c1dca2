"""Photos of sheets that differ in everything, to measure the reader of sheets with."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from sheet_filling import PENS, Filled, fill, writing
from sheet_photos import SheetKnobs, draw_knobs, photograph
from simulated_hands import draw_hand

from digitrec.reading import load_picture
from digitrec.sheets import PAPERS, Code, sheet_image

FIRST_HAND = 10_000  # seeds of hands from here on; others choose and judge with lower ones
QUALITY = 97  # of the file; what the camera lost by its own JPEG is lost already


@dataclass(frozen=True, eq=False)
class Case:
    """A photo, and what is known about it.

    Attributes:
        seed: what all of it is drawn from.
        filled: the sheet, without its page.
        knobs: how the photo is taken.
        pen: one of `PENS`.
        grey: whether the printer has no colours.
        photo: a JPEG file.
        corners: array (boxes, 4, 2): of each box, clockwise from the upper left, in pixels of the
            picture that `load_picture` makes of the photo.
    """

    seed: int
    filled: Filled
    knobs: SheetKnobs
    pen: str
    grey: bool
    photo: bytes
    corners: np.ndarray


def make_case(seed: int) -> Case:
    """Return a photo of a sheet that a hand has filled."""
    generator = np.random.default_rng([seed, 77])
    knobs = draw_knobs(generator)
    paper = "Letter" if generator.random() < 0.25 else "A4"
    rows = 10 if generator.random() < 0.8 else int(generator.integers(1, 10))
    code = Code(int(generator.integers(1000)), int(generator.integers(1, 1000)), 1, rows)
    hand = draw_hand(FIRST_HAND + seed)
    pen, grey = str(generator.choice(list(PENS))), bool(generator.random() < 0.25)
    page = sheet_image(code, paper, dots_per_inch=300 if knobs.megapixels > 5 else 200)
    write = writing(hand, generator, page.shape[1] / PAPERS[paper][0])
    options = {"paper": paper, "pen": pen, "pen_width": hand.pen, "grey": grey}
    filled = fill(page, code, write, generator, **options)
    photo, corners = photograph(filled, knobs, generator)
    _, coded = cv2.imencode(
        ".jpg", cv2.cvtColor(photo, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, QUALITY]
    )
    photo_file = coded.tobytes()
    # `read_sheet` says where boxes are in the picture that `load_picture` gives, a reduced one
    reduced = load_picture(photo_file).shape[1] / photo.shape[1]
    corners = (corners + 0.5) * reduced - 0.5
    filled = replace(filled, page=np.empty((0, 0, 3), np.uint8))  # large, and in the photo already
    return Case(seed, filled, knobs, pen, grey, photo_file, corners)
