"""Images whose label is worth a second look, because networks would not have written it.

A network learns a wrong label as readily as a right one, so each image is asked about only where
it was not learned from; and one network alone is often wrong itself, so several are asked.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from digitrec.mnist import Digits

LEAST = 1e-12  # a probability below it counts as this, so that no loss is infinite
Answer = Callable[[np.ndarray], np.ndarray]  # from images (n, 28, 28) to probabilities (n, 10)
Learn = Callable[[Digits, int], Answer]  # from digits and a seed to what was learned from them


@dataclass(frozen=True, eq=False)
class DoubtfulLabels:
    """Every image of a set with the doubt about its label.

    Attributes:
        order: array (n,), the places of the images in their set, the most doubtful first.
        losses: array (n,), by place: the mean over the networks of -ln p(label), 0 or more.
        says: array (n,), by place: the digit that the networks find most probable together.
        agreeing: array (n,), by place: how many of the networks would each have said so.
        networks: how many networks were asked about each image.
    """

    order: np.ndarray
    losses: np.ndarray
    says: np.ndarray
    agreeing: np.ndarray
    networks: int


def rank_labels(labels: np.ndarray, probabilities: np.ndarray) -> DoubtfulLabels:
    """Rank images by how improbable several networks find their labels.

    Args:
        labels: array (n,), whole numbers 0-9, the label of each image.
        probabilities: array (networks, n, 10), 0-1: what each network answers to each image. None
            of them should have learned from the image that it answers.

    Returns:
        The ranking.

    Raises:
        ValueError: there is not one probability per network, image and digit, one of them is no
            number, or a label is none of the ten digits.

    >>> sure_of_7, torn = [0.0] * 7 + [0.9, 0.1, 0.0], [0.0] * 7 + [0.5, 0.5, 0.0]
    >>> ranking = rank_labels(np.array([7, 8]), np.array([[sure_of_7, sure_of_7], [torn, torn]]))
    >>> ranking.order.tolist(), ranking.says.tolist(), ranking.agreeing.tolist()
    ([1, 0], [7, 7], [2, 2])
    """
    labels, probabilities = np.asarray(labels), np.asarray(probabilities, np.float64)
    if probabilities.shape != (len(probabilities), len(labels), 10) or not len(probabilities):
        raise ValueError(
            f"probabilities have the shape {probabilities.shape}, expected (networks, "
            f"{len(labels)}, 10): ten answers of each network to each of {len(labels)} labels"
        )
    if not np.isfinite(probabilities).all():
        raise ValueError("probabilities hold NaN or infinity: a network's training went wrong")
    if labels.size and not 0 <= labels.min() <= labels.max() <= 9:
        raise ValueError(f"labels go from {labels.min()} to {labels.max()}, expected 0 to 9")
    of_label = probabilities[:, np.arange(len(labels)), labels]
    losses = -np.log(np.clip(of_label, LEAST, 1)).mean(axis=0)
    says = probabilities.mean(axis=0).argmax(axis=1)
    agreeing = (probabilities.argmax(axis=2) == says).sum(axis=0)
    order = np.argsort(-losses, kind="stable")
    return DoubtfulLabels(order, losses, says, agreeing, len(probabilities))


def held_out_answers(
    digits: Digits, learn: Learn, *, folds: int = 3, networks: int = 3, seed: int = 1
) -> np.ndarray:
    """Ask several networks about each image of a set, none of which has learned from that image.

    The set is cut into folds at random. For each fold, a network learns from all the others and
    answers this one. That is done anew, with other folds, for each of the networks.

    Args:
        digits: the set.
        learn: takes digits to learn from and a seed, and returns a function from images
            (n, 28, 28), uint8 0-255, to probabilities (n, 10).
        folds: 2 or more; with three, each network learns from two thirds of the set.
        networks: how many answers each image gets, 1 or more.
        seed: of the cut and of the networks, 0 or more.

    Returns:
        Array (networks, n, 10), for `rank_labels`. So `folds` times `networks` are trained.

    Raises:
        ValueError: a number is out of range, or what was learned answers with another shape.

    Source: C. E. Brodley, M. A. Friedl, "Identifying mislabeled training data", Journal of
    Artificial Intelligence Research 11, 1999 (the folds, and asking several).
    """
    if not 2 <= folds <= len(digits):
        raise ValueError(f"folds is {folds}, expected 2 to {len(digits)}, the number of images")
    if networks < 1:
        raise ValueError(f"networks is {networks}, expected 1 or more, such as 3")
    answers = np.empty((networks, len(digits), 10))
    for network in range(networks):
        shuffled = np.random.default_rng([seed, network]).permutation(len(digits))
        for fold in range(folds):
            held_out = np.zeros(len(digits), bool)
            held_out[shuffled[fold::folds]] = True
            answer = learn(digits[~held_out], seed + network * folds + fold)
            given = np.asarray(answer(digits.images[held_out]))
            if given.shape != (held_out.sum(), 10):
                raise ValueError(
                    f"what was learned answers with shape {given.shape} to {held_out.sum()} "
                    f"images, expected ({held_out.sum()}, 10), a probability per digit"
                )
            answers[network, held_out] = given
    return answers


def plant_errors(digits: Digits, count: int, seed: int = 1) -> tuple[Digits, np.ndarray]:
    """Give some images a wrong label, to see whether a ranking finds them.

    Args:
        digits: the set; it is left as it is.
        count: how many labels to change, 0 to the number of images.
        seed: which ones, and into what, 0 or more.

    Returns:
        The same images with their labels, and array (count,): the places whose label is now one
        of the nine other digits.

    Raises:
        ValueError: there are fewer images than that.

    >>> digits = Digits(np.zeros((5, 28, 28), np.uint8), np.arange(5))
    >>> spoilt, places = plant_errors(digits, 2)
    >>> int((spoilt.labels != digits.labels).sum()), len(places)
    (2, 2)
    """
    if not 0 <= count <= len(digits):
        raise ValueError(f"count is {count}, expected 0 to {len(digits)}, the number of images")
    generator = np.random.default_rng(seed)
    places = np.sort(generator.choice(len(digits), count, replace=False))
    labels = digits.labels.copy()
    labels[places] = (labels[places] + generator.integers(1, 10, count)) % 10
    return Digits(digits.images, labels), places
