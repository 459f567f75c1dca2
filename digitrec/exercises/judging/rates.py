"""Choosing a learning rate from the rows of a sweep: by the mean of its runs, and in wrong ways."""

from collections.abc import Callable, Sequence

import numpy as np


def choosing(by: str, how: Callable[[list[float]], float]) -> Callable:
    """Return a function that takes the learning rate whose runs are highest in some way."""

    def best_rate(rows: Sequence[dict[str, float]]) -> float:
        groups: dict[float, list[float]] = {}
        for row in rows:
            groups.setdefault(row["learning_rate"], []).append(row[by])
        return max(groups, key=lambda rate: how(groups[rate]))

    return best_rate


def best_by_mean(rows: Sequence[dict[str, float]]) -> float:
    """Return the rate with the highest mean validation accuracy, by NumPy."""
    rates = np.array([row["learning_rate"] for row in rows])
    scores = np.array([row["validation_accuracy"] for row in rows])
    every = np.unique(rates)
    return float(every[np.argmax([scores[rates == rate].mean() for rate in every])])


def sweep_of(*runs: tuple[float, int, float, float]) -> tuple[list[dict[str, float]]]:
    """Return the arguments of one call: rows with a rate, a seed and two accuracies."""
    names = ("learning_rate", "seed", "validation_accuracy", "test_accuracy")
    return ([dict(zip(names, run, strict=True)) for run in runs],)


SWEEPS = (
    sweep_of(  # one lucky run, and the test set, prefer other rates than the mean
        (0.001, 1, 0.930, 0.953), (0.001, 2, 0.932, 0.930),
        (0.003, 1, 0.949, 0.946), (0.003, 2, 0.921, 0.945),
        (0.01, 1, 0.940, 0.940), (0.01, 2, 0.941, 0.939),
    ),
    sweep_of(  # one rate has more runs: the sum, and the chance of a lucky one, are theirs
        (0.003, 1, 0.945, 0.930), (0.003, 2, 0.946, 0.931),
        (0.01, 1, 0.936, 0.932), (0.01, 2, 0.938, 0.933), (0.01, 3, 0.937, 0.944),
        (0.01, 4, 0.947, 0.931),
    ),
    sweep_of(  # the lowest run, and the one in the middle, prefer the other rate
        (0.001, 1, 0.940, 0.931), (0.001, 2, 0.940, 0.930), (0.001, 3, 0.941, 0.929),
        (0.003, 1, 0.939, 0.930), (0.003, 2, 0.939, 0.934), (0.003, 3, 0.949, 0.928),
    ),
    sweep_of(  # here only the one in the middle does
        (0.001, 1, 0.930, 0.930), (0.001, 2, 0.944, 0.930), (0.001, 3, 0.944, 0.930),
        (0.003, 1, 0.941, 0.931), (0.003, 2, 0.941, 0.932), (0.003, 3, 0.941, 0.931),
    ),
)  # fmt: skip
