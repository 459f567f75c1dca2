"""Mean and spread of some runs, and how they are computed wrongly."""

import math
import statistics
from collections.abc import Callable, Sequence

ACCURACIES = (
    ([0.93, 0.94, 0.96],),
    ([0.9386, 0.9412, 0.9378, 0.9414],),
    ([0.9, 0.95],),
    ([0.94, 0.94, 0.94, 0.94, 0.94],),
)


def stray(middle: Callable[[Sequence[float]], float], less: int) -> Callable:
    """Return a function that tells a middle, and how far numbers stray from it.

    Args:
        middle: of some numbers, such as their mean.
        less: by how much less than their number the sum of the squares is divided by.
    """

    def middle_and_spread(some: Sequence[float]) -> tuple[float, float]:
        between = middle(some)
        squares = sum((one - between) ** 2 for one in some)
        return between, math.sqrt(squares / (len(some) - less))

    return middle_and_spread


def mean_distance(some: Sequence[float]) -> tuple[float, float]:
    """Return the mean, and the mean of the distances to it."""
    mean = statistics.fmean(some)
    return mean, statistics.fmean(abs(one - mean) for one in some)
