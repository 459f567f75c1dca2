"""Lines that are no 1: the edge of a thing at the frame, a bracket, a side of a printed box."""

from dataclasses import replace

import numpy as np

from digitrec.reading.digit import Reading

LEAST_OTHERS = 3  # digits on a page, to tell what its 1s look like
NEIGHBOURS = 4  # the nearest ones; sizes may differ over a page
TALLER = 1.4  # times their height; a longer line is a bracket or the side of a box
AT_FRAME = 0.012  # of the picture's longer side
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
        replace(reading, is_digit=False, reason="looks like no digit")
        if reading.is_digit and reading.digit == 1 and is_stray(reading.box, others, shape)
        else reading
        for reading in readings
    ]


def is_stray(box: tuple[int, int, int, int], others: np.ndarray, shape: tuple[int, int]) -> bool:
    """Return whether a line is unlike the digits around it.

    Args:
        box: of the line: left, top, width, height in pixels.
        others: array (n, 4), the boxes of the other digits.
        shape: height and width of the picture.
    """
    x, y, width, height = box
    left, top, wide, high = others.T
    gaps = np.maximum(
        np.maximum(left - x - width, x - left - wide), np.maximum(top - y - height, y - top - high)
    )
    near = np.argsort(gaps, kind="stable")[:NEIGHBOURS]
    if height > TALLER * high[near].max():
        return True
    margin = AT_FRAME * max(shape)
    beside = x <= margin or x + width >= shape[1] - margin
    above = y <= margin or y + height >= shape[0] - margin
    return bool(beside or (above and gaps.min() > FAR * height))
