"""The smallest rectangle of paper that changes what a network reads."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from digitrec.exercises.values import as_array, shown
from digitrec.exercises.verdict import Verdict, not_attempted, not_yet, right
from digitrec.inside.occlusion import occlusion
from digitrec.mnist import SIDE
from digitrec.networks import predict
from digitrec.reading.digit import percent

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True)
class SmallestPatch:
    """A rectangle of paper is asked for; the fewest pixels count.

    The goal is to need fewer than the smallest square that does it, which is searched for.
    """

    more_is_better: bool = False

    def __call__(self, answer: object, image: np.ndarray, model: "keras.Model") -> Verdict:
        if answer is None or answer is ...:
            return not_attempted()
        patch = whole_numbers(answer)
        if patch is None:
            return not_yet(
                f"{shown(answer)} came; expected four whole numbers, such as (20, 2, 3, 5): top "
                "row, left column, height, width."
            )
        top, left, height, width = patch
        inside = min(top, left) >= 0 and top + height <= SIDE and left + width <= SIDE
        if not inside or min(height, width) < 1:
            return not_yet(
                f"Rows {top} to {top + height - 1} and columns {left} to {left + width - 1} came. "
                f"Expected some within 0 to {SIDE - 1}: height and width are counts of pixels."
            )
        pictures = np.stack([image, image])
        pictures[1, top : top + height, left : left + width] = 0
        before, after = predict(model, pictures)
        read = int(before.argmax())
        if read == after.argmax():
            return not_yet(
                f"Under this patch the network still reads {told(read)}, "
                f"{percent(after[read])}. The probability tells whether you come nearer."
            )
        area, square = height * width, smallest_square(model, image)
        done = f"{area} pixels of paper make {told(read)} {told(int(after.argmax()))}."
        if area < square or area == 1:
            return right(f"{done} The smallest square that does it has {square}.", area)
        return not_yet(
            f"{done} A square of {square} pixels does it, too: take fewer. A rectangle need not be "
            "as high as it is wide.",
            area,
        )


def whole_numbers(answer: object) -> list[int] | None:
    """Return four whole numbers, whatever holds them, or None."""
    array = as_array(answer)
    if array is None or array.shape != (4,) or array.dtype.kind not in "iuf":
        return None
    numbers = [float(one) for one in array]
    return [int(one) for one in numbers] if all(one.is_integer() for one in numbers) else None


def told(digit: int) -> str:
    return "no digit" if digit == 10 else f"a {digit}"


def smallest_square(model: "keras.Model", image: np.ndarray) -> int:
    """Return the pixels of the smallest square of paper that changes what is read.

    Where none does, that is one more than there are in the image: every patch is smaller.
    """
    for size in range(1, SIDE + 1):
        asked = occlusion(model, image, size)
        if (asked.covered.argmax(axis=2) != asked.whole.argmax()).any():
            return size**2
    return SIDE**2 + 1
