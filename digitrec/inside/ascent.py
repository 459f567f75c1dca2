"""Gradient ascent on the image: what a network would like to see for a digit."""

from typing import TYPE_CHECKING

import numpy as np

from digitrec.inside.parts import log_odds, taken_apart

if TYPE_CHECKING:
    import keras

FARTHEST = 2  # pixels by which the image is moved between two steps


def liked_images(
    model: "keras.Model",
    digits: np.ndarray,
    steps: int = 40,
    smooth: bool = False,
    seed: int = 0,
    rate: float = 0.1,
) -> np.ndarray:
    """Change grey images step by step, so that a network gets surer and surer of a digit.

    Each step adds to every pixel what makes the answer surer, the strongest pixel by `rate`. All
    images climb at once, each towards its own digit.

    Args:
        model: a network that can be taken apart; see `digitrec.inside.parts`.
        digits: array (n,), the answer that each image is to get.
        steps: how many; 0 returns the start.
        smooth: whether to blur the image a little, and to look at it moved by up to two pixels, at
            each step: what depends on single pixels is worn away, what is broad stays.
        seed: of the noise at the start, and of the moves.
        rate: 0-1, the share of ink that a step adds to or takes from a pixel at most.

    Returns:
        Array (n, 28, 28), uint8 0-255.

    Raises:
        ValueError: the network cannot be taken apart.

    Source: D. Erhan et al., "Visualizing higher-layer features of a deep network", technical
    report, Montreal 2009; blur and moves: C. Olah, A. Mordvintsev, L. Schubert, "Feature
    visualization", Distill 2017.
    """
    from digitrec.quiet import tensorflow as tf

    parts = taken_apart(model)
    digits = np.asarray(digits)

    @tf.function(autograph=False, reduce_retracing=True)
    def uphill(ink: "tf.Tensor") -> "tf.Tensor":
        with tf.GradientTape() as tape:
            tape.watch(ink)
            total = tf.reduce_sum(log_odds(parts.log_probabilities(ink), digits))
        return tape.gradient(total, ink)

    rng = np.random.default_rng(seed)
    ink = (0.5 + 0.02 * rng.standard_normal((len(digits), 28, 28))).astype(np.float32)
    for _ in range(steps):
        move = rng.integers(-FARTHEST, FARTHEST + 1, 2) if smooth else (0, 0)
        moved = np.roll(ink, move, axis=(1, 2))
        slope = uphill(tf.constant(moved)).numpy()
        strongest = np.abs(slope).max(axis=(1, 2), keepdims=True)
        step = np.divide(rate * slope, strongest, out=np.zeros_like(slope), where=strongest > 0)
        ink = np.roll(np.clip(moved + step, 0, 1), (-move[0], -move[1]), axis=(1, 2))
        ink = blurred(ink) if smooth else ink
    return np.rint(255 * ink).astype(np.uint8)


def blurred(ink: np.ndarray) -> np.ndarray:
    """Return images (n, 28, 28) with each pixel mixed with its neighbours, 1:6:1 each way."""
    for axis in (1, 2):
        borders = [(1, 1) if axis == at else (0, 0) for at in range(3)]
        wide = np.pad(ink, borders, mode="edge")
        before, after = wide.take(range(28), axis), wide.take(range(2, 30), axis)
        ink = (before + 6 * ink + after) / 8
    return ink
