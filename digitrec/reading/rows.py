"""The order of reading: rows from the top, each from left to right."""

from itertools import pairwise

import numpy as np

from digitrec.reading.digit import Reading

SAME_ROW = 0.7  # of a digit's height; a digit at most so far off a row's level goes on with it
STEEPEST = 0.4  # how far a row rises or falls, as a share of its length
FAR_ENOUGH = 0.3  # of a digit's height; digits closer side by side tell nothing of the slope


def in_rows(readings: list[Reading]) -> tuple[tuple[Reading, ...], ...]:
    """Order readings in rows from the top, each from left to right; a row may rise or fall.

    From left to right, each digit goes on with the row whose last digits lie at its height. What
    is no digit has no say in that: it joins a row that is there, or stands in one of its own.
    """
    rows: list[list[Reading]] = []
    for digit in sorted((r for r in readings if r.is_digit), key=middle_x):
        place(digit, rows, [level(row, digit) for row in rows])
    for other in sorted((r for r in readings if not r.is_digit), key=middle_x):
        beside = [min(row, key=lambda r: abs(middle_x(r) - middle_x(other))) for row in rows]
        place(other, rows, [middle_y(reading) for reading in beside])
    rows.sort(key=lambda row: np.mean([middle_y(r) for r in row if r.is_digit] or middle_y(row[0])))
    return tuple(tuple(sorted(row, key=middle_x)) for row in rows)


def place(reading: Reading, rows: list[list[Reading]], levels: list[float]) -> None:
    """Put a reading into the row at its height, or into a new one.

    Args:
        reading: what to put.
        rows: changed in place.
        levels: the height at which each row passes the reading, in pixels.
    """
    offsets = [abs(middle_y(reading) - level) for level in levels]
    if offsets and min(offsets) <= SAME_ROW * max(reading.box[2:]):
        rows[int(np.argmin(offsets))].append(reading)
    else:
        rows.append([reading])


def level(row: list[Reading], reading: Reading) -> float:
    """Return at which height a row arrives at a reading, if it goes on rising or falling."""
    slopes = [
        (middle_y(b) - middle_y(a)) / (middle_x(b) - middle_x(a))
        for a, b in pairwise(row)
        if middle_x(b) - middle_x(a) > FAR_ENOUGH * max(a.box[2:])
    ]
    slope = float(np.clip(np.median(slopes), -STEEPEST, STEEPEST)) if len(slopes) >= 2 else 0.0
    last = row[-3:]
    return float(np.mean([middle_y(r) + slope * (middle_x(reading) - middle_x(r)) for r in last]))


def middle_x(reading: Reading) -> float:
    """Return the column of the middle of a reading's box."""
    return reading.box[0] + reading.box[2] / 2


def middle_y(reading: Reading) -> float:
    """Return the row of pixels of the middle of a reading's box."""
    return reading.box[1] + reading.box[3] / 2
