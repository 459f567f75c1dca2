"""Occlusion: cover a square of the image with paper, and see what the network says then."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from digitrec.mnist import SIDE, check_images
from digitrec.networks import predict

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True, eq=False)
class Occlusion:
    """What a network answers while a square of the image is covered, for every place of it.

    Attributes:
        size: pixels, the side of the square.
        stride: pixels from one place to the next.
        whole: array (answers,), the probabilities without the square.
        covered: array (places, places, answers), by the row and the column of the square.
    """

    size: int
    stride: int
    whole: np.ndarray
    covered: np.ndarray

    def lost(self, digit: int) -> np.ndarray:
        """Return the map of one digit: how much of its probability each place of the square takes.

        Args:
            digit: 0-9, mostly the digit that the network reads.

        Returns:
            Array (places, places), -1 to 1; negative where the square makes the digit likelier.
        """
        return self.whole[digit] - self.covered[:, :, digit]

    def corner(self, row: int, column: int) -> tuple[int, int]:
        """Return the first row and column of pixels that a place of the square covers."""
        return row * self.stride, column * self.stride


def occlusion(model: "keras.Model", image: np.ndarray, size: int = 6, stride: int = 1) -> Occlusion:
    """Cover one square of an image after the other, and ask a network about all at once.

    Args:
        model: a network from (n, 28, 28) uint8 images to probabilities.
        image: array (28, 28), uint8 0-255, 0 is paper.
        size: 1-28, pixels, the side of the square.
        stride: 1 or more, pixels from one place to the next. The square never leaves the image;
            if the stride does not divide 28 - size, the last rows and columns stay uncovered.

    Returns:
        The answers without the square, and with it at each place.

    Raises:
        ValueError: the image, the size or the stride is another thing, or the network does not
            answer probabilities.

    Source: M. Zeiler, R. Fergus, "Visualizing and understanding convolutional networks", ECCV 2014;
    they cover with grey.
    """
    image = np.asarray(image)
    check_images(image[None])
    if not 1 <= size <= SIDE or stride < 1:
        raise ValueError(
            f"size is {size} and stride {stride}; expected 1 to {SIDE} pixels, and 1 or more"
        )
    starts = range(0, SIDE - size + 1, stride)
    copies = np.tile(image, (len(starts), len(starts), 1, 1))
    for row, top in enumerate(starts):
        for column, left in enumerate(starts):
            copies[row, column, top : top + size, left : left + size] = 0
    images = np.concatenate([image[None], copies.reshape(-1, SIDE, SIDE)])
    whole, *covered = predict(model, images)
    places = len(starts), len(starts), len(whole)
    return Occlusion(size, stride, whole, np.reshape(covered, places))
