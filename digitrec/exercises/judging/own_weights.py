"""How good a single layer is whose weights the learner set."""

import numpy as np

from digitrec.exercises.judging.stored_images import numbers_in
from digitrec.mnist import SIDE, Digits

PIXELS, CLASSES = SIDE * SIDE, 10
SAME = 0.99  # correlation from which on weights are the trained ones


def accuracy_of_weights(
    weights: object, biases: object, validation: Digits, trained: object = None
) -> float:
    """Measure a single layer with weights of the learner's own.

    Args:
        weights: array (784, 10), a column per digit.
        biases: array (10,).
        validation: the digits to measure it on.
        trained: a network of one layer, the weights of which do not count.

    Returns:
        The share of the validation set that it gets right.

    Raises:
        ValueError: they are of another form, or the trained ones.
    """
    weights, biases = numbers_in(weights, "weights"), numbers_in(biases, "biases")
    if weights.shape == (CLASSES, PIXELS):
        raise ValueError(
            f"Weights of shape {weights.shape} came; expected (784, 10). `.T` turns them over."
        )
    if weights.shape != (PIXELS, CLASSES):
        raise ValueError(f"Weights of shape {weights.shape} came; expected (784, 10).")
    if biases.size != CLASSES:
        raise ValueError(f"Biases of shape {biases.shape} came; expected (10,).")
    if trained is not None:
        theirs = np.asarray(trained.get_weights()[0], float)
        if same_pictures(weights, theirs):
            raise ValueError("These are the trained weights. Find a rule of your own.")
    scores = validation.images.reshape(-1, PIXELS) / 255 @ weights + biases.ravel()
    if (scores == scores[:, :1]).all():
        raise ValueError("All ten scores are the same, whatever the image: nothing is decided.")
    return float((scores.argmax(axis=1) == validation.labels).mean())


def same_pictures(weights: np.ndarray, theirs: np.ndarray) -> bool:
    """Tell whether weights are others, scaled perhaps."""
    lengths = np.linalg.norm(weights) * np.linalg.norm(theirs)
    return bool(lengths) and float((weights * theirs).sum() / lengths) > SAME
