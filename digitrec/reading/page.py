"""Reading several digits in one picture: find the marks, join and cut them, order them in rows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from digitrec.networks import predict
from digitrec.reading.digit import Reading, boxed_model, interpret
from digitrec.reading.marks import Mark, find_marks
from digitrec.reading.pictures import load_picture
from digitrec.reading.preparation import Steps, centre, find_ink, fit
from digitrec.reading.rows import in_rows
from digitrec.reading.segments import Read, cut, join
from digitrec.reading.strays import without_strays, without_texture

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True, eq=False)
class Page:
    """What a network says about a picture of several digits.

    Attributes:
        picture: array (h, w, 3), uint8 0-255, RGB.
        rows: the marks that were read, row by row from the top, each from left to right; also
            those that look like no digit.
        left_out: how many marks were not read: of very many, only the largest are.
    """

    picture: np.ndarray
    rows: tuple[tuple[Reading, ...], ...]
    left_out: int = 0

    @property
    def readings(self) -> tuple[Reading, ...]:
        """Every mark in the order of reading; the box of each is `reading.box`."""
        return tuple(reading for row in self.rows for reading in row)

    @property
    def text(self) -> str:
        """The digits, one line per row; what looks like no digit is left out."""
        lines = ("".join(str(r.digit) for r in row if r.is_digit) for row in self.rows)
        return "\n".join(line for line in lines if line)

    @property
    def too_full(self) -> str:
        """How many marks were not read, as a sentence; empty where all were."""
        if not self.left_out:
            return ""
        marks = "mark was" if self.left_out == 1 else f"{self.left_out:,} marks were"
        return f"The page is too full: its smallest {marks} not read."


def read_page(image: str | Path | bytes | np.ndarray, model: "keras.Model | None" = None) -> Page:
    """Read all digits in a picture, in rows.

    Args:
        image: a path, the bytes of a picture file, or an array; see `load_picture`.
        model: a network from (n, 28, 28) uint8 images to (n, 10) or (n, 11) probabilities; None
            takes the one in the box.

    Returns:
        The picture and its digits. Without any ink, no rows.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: the picture cannot be read.

    Source: cutting at many places and letting the recogniser choose is "heuristic
    over-segmentation", Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-based learning applied
    to document recognition", 1998, section V.
    """
    stages = find_ink(load_picture(image))
    network = model or boxed_model()

    def read(marks: list[Mark]) -> list[Read]:
        if not marks:
            return []
        steps = [prepare_mark(stages, mark) for mark in marks]
        probabilities = predict(network, np.stack([step.image for step in steps]))
        readings = map(interpret, steps, probabilities)
        return list(zip(marks, readings, strict=True))

    marks, height, left_out = find_marks(stages["ink"])
    digits = cut(join(read(marks), height, read), height, read)
    readings = without_texture([reading for _, reading in digits])
    readings = without_strays(readings, stages["ink"].shape)
    return Page(stages["picture"], in_rows(readings), left_out)


def prepare_mark(stages: dict, mark: Mark) -> Steps:
    """Return the stages of a mark up to the network's input."""
    fitted = fit(mark.ink)
    return Steps(**stages, box=mark.box, shapes=(1, 0), fitted=fitted, image=centre(fitted))


def with_readings(page: Page, readings: Sequence[Reading]) -> Page:
    """Return the same page with other readings of its marks, such as another network's.

    Args:
        page: what `read_page` returned.
        readings: one for each of `page.readings`, in that order.
    """
    other = iter(readings)
    return replace(page, rows=tuple(tuple(next(other) for _ in row) for row in page.rows))
