"""Measuring a small network: at most so many weights, and what it reads of the validation set."""

import numpy as np

from digitrec.mnist import Digits, Mnist
from digitrec.networks import predict

MOST_WEIGHTS = 20_000
GAP = 0.015  # by which no honest network is better at home than on images that it learned from


def accuracy(model: object, digits: Digits) -> float:
    """Return the share of digits that a network reads right, 0-1.

    Raises:
        ValueError: it has not ten answers, or takes other images.
    """
    answers = predict(model, digits.images)
    if answers.shape[1] != 10:
        raise ValueError(f"It gives {answers.shape[1]} answers per image; expected ten.")
    return float((answers.argmax(axis=1) == digits.labels).mean())


def small_accuracy(model: object, mnist: Mnist) -> float:
    """Return the validation accuracy of a network of at most 20,000 weights.

    Args:
        model: what the learner made.
        mnist: the digits.

    Raises:
        ValueError: it is no network of this form, is too large, or was trained on something else.
    """
    from digitrec.quiet import keras

    if not isinstance(model, keras.Model):
        raise ValueError(
            f"A {type(model).__name__} came; expected a trained Keras model: the function has to "
            "return it, and the last line calls the function."
        )
    if not model.built:
        raise ValueError("This network has no weights yet: begin it with `keras.Input`, and fit.")
    count = model.count_params()
    if count > MOST_WEIGHTS:
        raise ValueError(f"It has {count:,} weights, {count - MOST_WEIGHTS:,} too many.")
    if count == 0:
        raise ValueError("It has no weights, so it has learned nothing.")
    reached = accuracy(model, mnist.validation)
    if reached > accuracy(model, mnist.train) + GAP and reached > 0.95:
        raise ValueError(
            "It is better on the validation images than on those it is to learn from. Did it learn "
            "from the validation set? Then nothing measures it any more."
        )
    few = mnist.validation[:1_000]
    if scaled_accuracy(model, few) > max(0.8, accuracy(model, few) + 0.01):
        raise ValueError(
            f"It reads {reached:.1%}, and more once the images are divided by 255. Let the "
            "network do that itself: `keras.layers.Rescaling(1 / 255)` comes first."
        )
    return reached


def scaled_accuracy(model: object, digits: Digits) -> float:
    """Return the accuracy on images that were divided by 255; 0 where they are refused."""
    try:
        answers = np.asarray(model((digits.images / 255).astype("float32"), training=False))
        return float((answers.argmax(axis=1) == digits.labels).mean())
    except (ValueError, TypeError):
        return 0.0
