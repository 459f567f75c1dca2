"""The order in which the digits of a page are read."""

from itertools import pairwise

import numpy as np

from digitrec.reading.digit import Reading


def in_rows(readings: list[Reading]) -> tuple[tuple[Reading, ...], ...]:
    """Order readings in rows from the top, each from left to right; a row may rise or fall.

    From left to right, each reading goes on with the row whose last digits lie at its height.
    """
    rows: list[list[Reading]] = []
    for reading in sorted(readings, key=middle_x):
        height = max(reading.box[2:])
        offsets = [abs(middle_y(reading) - level(row, reading)) for row in rows]
        if offsets and min(offsets) <= 0.7 * height:
            rows[int(np.argmin(offsets))].append(reading)
        else:
            rows.append([reading])
    rows.sort(key=lambda row: np.mean([middle_y(reading) for reading in row]))
    return tuple(tuple(row) for row in rows)


def level(row: list[Reading], reading: Reading) -> float:
    """Return at which height a row arrives at a reading, if it goes on rising or falling."""
    slopes = [
        (middle_y(b) - middle_y(a)) / (middle_x(b) - middle_x(a))
        for a, b in pairwise(row)
        if middle_x(b) - middle_x(a) > 0.3 * max(a.box[2:])
    ]
    slope = float(np.clip(np.median(slopes), -0.4, 0.4)) if len(slopes) >= 2 else 0.0
    last = row[-3:]
    return float(np.mean([middle_y(r) + slope * (middle_x(reading) - middle_x(r)) for r in last]))


def middle_x(reading: Reading) -> float:
    """Return the column of the middle of a reading's box."""
    return reading.box[0] + reading.box[2] / 2


def middle_y(reading: Reading) -> float:
    """Return the row of pixels of the middle of a reading's box."""
    return reading.box[1] + reading.box[3] / 2
