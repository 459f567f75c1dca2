"""How good a nearest neighbour is that stores a few images of the learner's own."""

import numpy as np

from digitrec.baselines import nearest_images
from digitrec.mnist import SIDE, Digits

BUDGET = 100  # images that it may store


def accuracy_of_stored(stored: object, stored_labels: object, validation: Digits) -> float:
    """Measure a nearest neighbour that stores a few images.

    Args:
        stored: array (n, 28, 28) of numbers 0-255, with n from 1 to 100.
        stored_labels: array (n,) of digits.
        validation: the digits to measure it on.

    Returns:
        The share of the validation set that it gets right.

    Raises:
        ValueError: there are too many, or they are of another form, or of the validation set.
    """
    stored, stored_labels = numbers_in(stored, "images"), numbers_in(stored_labels, "labels")
    if stored.ndim != 3 or stored.shape[1:] != (SIDE, SIDE):
        raise ValueError(f"Images of shape {stored.shape} came; expected (n, 28, 28).")
    if not 1 <= len(stored) <= BUDGET:
        raise ValueError(f"{len(stored)} images came; 1 to {BUDGET} are allowed.")
    if stored_labels.shape != (len(stored),):
        raise ValueError(
            f"{len(stored)} images came, and labels of shape {stored_labels.shape}: each image "
            "needs one label."
        )
    if not np.isin(stored_labels, range(10)).all():
        raise ValueError("A label is none of the digits 0 to 9.")
    if stored.max() <= 1:
        raise ValueError("No value is above 1; the images that you ask about go up to 255.")
    known = {image.tobytes() for image in validation.images}
    copied = [i for i, one in enumerate(stored) if one.astype(np.uint8).tobytes() in known]
    if copied:
        raise ValueError(
            f"Stored image {copied[0]} is of the validation set. You choose with that one; learn "
            "from the training set."
        )
    answers = stored_labels[nearest_images(validation.images, stored)]
    return float((answers == validation.labels).mean())


def numbers_in(values: object, what: str) -> np.ndarray:
    """Return values as an array of finite numbers.

    Raises:
        ValueError: they are not.
    """
    try:
        array = np.asarray(values, float)
    except (TypeError, ValueError):
        raise ValueError(f"The {what} are no table of numbers.") from None
    if not np.isfinite(array).all():
        raise ValueError(f"Among the {what} is a number that is not finite, such as `nan`.")
    return array
