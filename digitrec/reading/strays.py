"""Marks that are digits by their looks alone: lines that are no 1, and pieces of a texture."""

from dataclasses import replace

import numpy as np

from digitrec.reading.digit import Reading
from digitrec.reading.marks import gaps

LEAST_OTHERS = 3  # digits on a page, to tell what its 1s look like
NEIGHBOURS = 4  # the nearest ones; sizes may differ over a page
TALLER = 1.4  # times their height; a longer line is a bracket or the side of a box
AT_FRAME = 0.012  # of the picture's longer side
MANY = 10  # marks that are no digit; where they outnumber the digits, the page is rough or printed
FAR = 1.2  # of its own height; a digit at the frame has another one beside it


def without_strays(readings: list[Reading], shape: tuple[int, int]) -> list[Reading]:
    """Refuse what was read as a 1 and stands where no digit would.

    A bare line is a 1 by its looks alone, so the digits around have to speak for it: it is as high
    as they are, and where it lies at the frame, it stands among them.

    Args:
        readings: the marks of a page.
        shape: height and width of the picture in pixels.

    Returns:
        The same readings; strays are no digits any more.
    """
    others = np.array([r.box for r in readings if r.is_digit and r.digit != 1])
    if len(others) < LEAST_OTHERS:
        return readings
    return [
        refuse(reading)
        if reading.is_digit and reading.digit == 1 and is_stray(reading.box, others, shape)
        else reading
        for reading in readings
    ]


def without_texture(readings: list[Reading]) -> list[Reading]:
    """Where most marks are no digit, refuse what the network is not sure of.

    Rough paper, fabric and wood break into hundreds of marks, and some look a little like a digit.

    Args:
        readings: the marks of a page.

    Returns:
        The same readings; on such a page, the doubtful ones are no digits any more.
    """
    refused = sum(not reading.is_digit for reading in readings)
    if refused < max(MANY, len(readings) - refused):
        return readings
    return [
        reading if reading.is_sure or not reading.is_digit else refuse(reading)
        for reading in readings
    ]


def refuse(reading: Reading) -> Reading:
    """Return a reading as one that is no digit."""
    return replace(reading, is_digit=False, reason="looks like no digit")


def is_stray(box: tuple[int, int, int, int], others: np.ndarray, shape: tuple[int, int]) -> bool:
    """Return whether a line is unlike the digits around it.

    Args:
        box: of the line: left, top, width, height in pixels.
        others: array (n, 4), the boxes of the other digits.
        shape: height and width of the picture.
    """
    x, y, width, height = box
    apart = gaps(box, others)
    near = np.argsort(apart, kind="stable")[:NEIGHBOURS]
    if height > TALLER * others[near, 3].max():
        return True
    margin = AT_FRAME * max(shape)
    beside = x <= margin or x + width >= shape[1] - margin
    above = y <= margin or y + height >= shape[0] - margin
    return bool(beside or (above and apart.min() > FAR * height))
