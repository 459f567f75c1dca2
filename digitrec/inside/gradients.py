"""Gradients by the pixels: how much a little more ink, at one place, changes an answer."""

from typing import TYPE_CHECKING

import numpy as np

from digitrec.inside.parts import as_ink, log_odds, taken_apart

if TYPE_CHECKING:
    import keras


def gradients(model: "keras.Model", images: np.ndarray, digits: np.ndarray) -> np.ndarray:
    """Return how fast the log-odds of digits change with the ink of each pixel.

    The log-odds log(p / (1 - p)) and not the probability p: where the network is sure, p hardly
    moves, whatever changes.

    Args:
        model: a network whose layers follow each other; see `taken_apart`.
        images: array (n, 28, 28), uint8 0-255.
        digits: array (n,), for each image the answer to ask about.

    Returns:
        Array (n, 28, 28), float32. Where it is positive, more ink makes the answer surer.

    Raises:
        ValueError: the network cannot be taken apart.

    Source: K. Simonyan, A. Vedaldi, A. Zisserman, "Deep inside convolutional networks", ICLR
    workshop 2014; they take the score before softmax.
    """
    from digitrec.quiet import tensorflow as tf

    parts = taken_apart(model)
    ink = tf.constant(as_ink(images))
    with tf.GradientTape() as tape:
        tape.watch(ink)
        total = tf.reduce_sum(log_odds(parts.log_probabilities(ink), digits))
    return tape.gradient(total, ink).numpy()


def saliency(model: "keras.Model", images: np.ndarray, digits: np.ndarray) -> np.ndarray:
    """Return how strongly each pixel would change the answer, in whatever direction: |gradient|."""
    return np.abs(gradients(model, images, digits))


def gradient_times_ink(model: "keras.Model", images: np.ndarray, digits: np.ndarray) -> np.ndarray:
    """Return |gradient| times the ink that is there: a map that is 0 on paper, whatever is learned.

    Args:
        model: as for `gradients`.
        images: array (n, 28, 28), uint8 0-255.
        digits: array (n,), for each image the answer to ask about.

    Returns:
        Array (n, 28, 28), float32, 0 or more.
    """
    return saliency(model, images, digits) * as_ink(images)


def rank_correlation(one: np.ndarray, other: np.ndarray) -> float:
    """Return how alike the order of two maps is: Spearman's rank correlation.

    Args:
        one: array of any shape.
        other: array of the same shape.

    Returns:
        1 where the same pixels come first in both, 0 where one order tells nothing of the other,
        -1 where one is the other backwards; 0 as well where a map has the same value everywhere.

    Source: C. Spearman, American Journal of Psychology 15, 1904. Equal values share the mean of
    their ranks.

    >>> rank_correlation(np.array([1, 2, 3, 4]), np.array([10, 20, 30, 400]))
    1.0
    """
    one, other = (ranks(values) - np.mean(ranks(values)) for values in (one, other))
    size = np.sqrt(np.sum(one**2) * np.sum(other**2))
    return float(np.sum(one * other) / size) if size else 0.0


def likeness(one: np.ndarray, other: np.ndarray) -> float:
    """Return how alike the maps of two networks are: the mean of their rank correlations.

    Args:
        one: array (n, 28, 28), the maps of one network.
        other: those of another one, of the same images.

    Returns:
        -1 to 1.
    """
    return float(np.mean([rank_correlation(a, b) for a, b in zip(one, other, strict=True)]))


def ranks(values: np.ndarray) -> np.ndarray:
    """Return the place of each value in their order, from 1; equal ones share the mean place."""
    _, inverse, counts = np.unique(np.ravel(values), return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[inverse]
