"""What is kept of pictures that were read: every answer, and the steps made small."""

from collections.abc import Sequence
from dataclasses import replace

from digitrec.bounds import KEPT
from digitrec.reading.digit import Reading
from digitrec.reading.pictures import reduce
from digitrec.reading.preparation import Steps

OF_THE_PICTURE = ("picture", "grey", "contrast", "ink")  # as large as it is


def kept(readings: Sequence[Reading], *others: Sequence[Reading]) -> list[tuple[Reading, ...]]:
    """Return readings of one picture in little memory, however large it is.

    Args:
        readings: what one network read in it; those of a page share the page's arrays.
        others: what others read in the same marks.

    Returns:
        The same, with steps of at most 512 pixels a side; boxes and sheets are in these pixels.
    """
    groups = [tuple(group) for group in (readings, *others)]
    if not readings or max(readings[0].steps.grey.shape) <= KEPT:
        return groups
    first = readings[0].steps
    scale = KEPT / max(first.grey.shape)
    small = {name: reduce(getattr(first, name), KEPT) for name in OF_THE_PICTURE}
    light = {id(one.steps): scaled(one.steps, scale, small) for one in readings}
    return [tuple(replace(one, steps=light[id(one.steps)]) for one in group) for group in groups]


def with_small_steps(reading: Reading) -> Reading:
    """Return one reading in little memory, for lessons that keep those of a whole folder.

    >>> from digitrec.reading import read_digit
    >>> with_small_steps(read_digit("digits/digit17.jpg")).steps.picture.shape
    (384, 512, 3)
    """
    ((one,),) = kept([reading])
    return one


def scaled(steps: Steps, scale: float, arrays: dict) -> Steps:
    """Return steps with other arrays, and with places in pixels of these."""
    box = steps.box and tuple(max(1, round(scale * length)) for length in steps.box)
    sheet = None if steps.sheet is None else scale * steps.sheet
    return replace(steps, **arrays, box=box, sheet=sheet)
