"""Comparing a hand with others, and what a network makes of digits that it has learned."""

from typing import TYPE_CHECKING

import numpy as np

from digitrec.mnist import Digits
from digitrec.networks import predict

if TYPE_CHECKING:
    import keras

DRAWN = 20  # times that as many digits are drawn by luck


def times_from_average(hand: Digits, others: Digits, seed: int = 1) -> dict[int, float]:
    """Return how far a hand's average digits lie from those of others, as a multiple of luck.

    The average of a few digits never is quite the average of all. So the distance is divided by
    the mean distance of as many digits that are drawn from the others at random.

    Args:
        hand: digits of one hand.
        others: digits of many, such as MNIST's training set.
        seed: the source of what is drawn.

    Returns:
        For each digit that both have, 0-9 in order: 1 where the hand is no further away than
        luck. Infinite where luck has no distance at all, as where the others have one image.

    >>> few = Digits(np.zeros((2, 28, 28), np.uint8), np.array([3, 3]))
    >>> times_from_average(few[:0], few)
    {}
    """
    generator = np.random.default_rng(seed)
    times = {}
    for digit in np.intersect1d(hand.labels, others.labels).tolist():
        mine = hand.images[hand.labels == digit]
        theirs = others.images[others.labels == digit]
        average = theirs.mean(axis=0)
        drawn = [generator.choice(theirs, len(mine), axis=0) for _ in range(DRAWN)]
        luck = np.mean([np.linalg.norm(some.mean(axis=0) - average) for some in drawn])
        distance = np.linalg.norm(mine.mean(axis=0) - average)
        times[digit] = float(distance / luck) if luck else float("inf")
    return times


def some_of_each(digits: Digits, number: int, generator: np.random.Generator) -> Digits:
    """Return so many of each digit, drawn at random; all of a digit that is rarer.

    Args:
        digits: where to draw from.
        number: how many of each, 0 or more.
        generator: the source of chance. One of the same seed draws more of the same: what is drawn
            for a smaller number is among what is drawn for a larger one.
    """
    order = generator.permutation(len(digits))
    chosen = [order[digits.labels[order] == digit][:number] for digit in range(10)]
    return digits[np.concatenate(chosen)]


def surer_of_learned(model: "keras.Model", learned: Digits, kept: Digits) -> float:
    """Return how often a network is surer of a digit that it learned than of one kept apart.

    It tells whether somebody who has the network and a digit could find out if the network has
    learned that very digit.

    Args:
        model: the network.
        learned: digits that it has learned; at least one.
        kept: digits of the same hand that it has not; at least one.

    Returns:
        The share of all pairs of one and the other, 0-1, a tie for one half. At 0.5 nothing can be
        told, at 1 everything. (It is the area under the curve of such a guess.)

    Source: R. Shokri et al., "Membership inference attacks against machine learning models", IEEE
    Symposium on Security and Privacy 2017.
    """
    ours, theirs = (
        predict(model, digits.images)[np.arange(len(digits)), digits.labels]
        for digits in (learned, kept)
    )
    pairs = ours[:, np.newaxis] - theirs
    return float((pairs > 0).mean() + (pairs == 0).mean() / 2)
