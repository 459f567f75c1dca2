"""A map of the digits: what a network's last layer is given, seen along two directions."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from digitrec.inside.parts import last_values
from digitrec.mnist import Digits
from digitrec.networks import predict

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True, eq=False)
class Components:
    """The directions in which a cloud of points is widest.

    Attributes:
        mean: array (values,), the middle of the cloud.
        directions: array (count, values), each of length 1 and at right angles to the others.
        shares: array (count,), 0-1, the share of the variance that lies along each.
    """

    mean: np.ndarray
    directions: np.ndarray
    shares: np.ndarray

    def place(self, values: np.ndarray) -> np.ndarray:
        """Return where points lie along the directions.

        Args:
            values: array (n, values).

        Returns:
            Array (n, count).
        """
        return (values - self.mean) @ self.directions.T


def principal_components(values: np.ndarray, count: int = 2) -> Components:
    """Find the directions in which points differ most.

    Args:
        values: array (n, values), one row per point.
        count: how many directions; 1 or more.

    Returns:
        The directions, the widest first. The largest number of each is positive, so that the map is
        not turned over from run to run. Where points differ in fewer directions, the rest are 0.

    Source: K. Pearson, "On lines and planes of closest fit", Philosophical Magazine 2, 1901; by
    singular value decomposition.
    """
    values = np.asarray(values, float)
    mean = values.mean(axis=0)
    _, widths, found = np.linalg.svd(values - mean, full_matrices=False)
    total = np.sum(widths**2)
    shares, directions = np.zeros(count), np.zeros((count, values.shape[1]))
    known = min(count, len(widths))
    if total > 0:
        largest = found[np.arange(known), np.abs(found[:known]).argmax(axis=1)]
        directions[:known] = found[:known] * np.sign(largest)[:, None]
        shares[:known] = widths[:known] ** 2 / total
    return Components(mean, directions, shares)


@dataclass(frozen=True, eq=False)
class DigitMap:
    """Digits as points: those that a network takes for alike lie close to each other.

    Attributes:
        model: the network.
        digits: the digits on the map, with their labels.
        answers: array (n,), what the network reads, 0-9, or 10 for "not a digit".
        points: array (n, 2), where each lies.
        components: the two directions.
    """

    model: "keras.Model"
    digits: Digits
    answers: np.ndarray
    points: np.ndarray
    components: Components

    @property
    def mistakes(self) -> np.ndarray:
        """Which digits are misread: their places in `digits`."""
        return np.flatnonzero(self.answers != self.digits.labels)

    def place(self, image: np.ndarray) -> np.ndarray:
        """Return where another image lands.

        Args:
            image: array (28, 28), uint8 0-255.

        Returns:
            Array (2,).
        """
        return self.components.place(last_values(self.model, image[None]))[0]

    def nearest(self, point: np.ndarray, count: int = 1) -> np.ndarray:
        """Return which digits lie nearest to a point of the map, the nearest first: (count,)."""
        distances = np.linalg.norm(self.points - point, axis=1)
        return np.argsort(distances, kind="stable")[:count]


def draw_map(model: "keras.Model", digits: Digits) -> DigitMap:
    """Lay digits out on a map, by what the last layer of a network is given.

    Args:
        model: a network that can be taken apart; see `digitrec.inside.parts`.
        digits: at least two, a few hundred for a map that can be read.

    Returns:
        The map.

    Raises:
        ValueError: the network cannot be taken apart.
    """
    values = last_values(model, digits.images)
    components = principal_components(values)
    answers = predict(model, digits.images).argmax(axis=1)
    return DigitMap(model, digits, answers, components.place(values), components)
