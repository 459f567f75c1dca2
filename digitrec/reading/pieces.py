"""Connected pieces of ink, which digits are made of."""

from dataclasses import dataclass

import cv2
import numpy as np

MASK = 64  # of 255; ink as strong as this belongs to a stroke
ALONG_EDGE = 0.6  # of a piece's longer side; one that touches the frame so far runs along it
SOFT_EDGE = np.ones((3, 3), np.uint8)  # a stroke's edge is a pixel of ink fainter than the mask


@dataclass(frozen=True, eq=False)
class Pieces:
    """The connected pieces of some ink.

    Attributes:
        labels: array (h, w), int32: the number of the piece at each pixel; 0 is paper.
        left, top, width, height: arrays (n,), int32, the box of each piece in pixels.
        area: array (n,), int32, its pixels. In all of these, index 0 is the paper.
    """

    labels: np.ndarray
    left: np.ndarray
    top: np.ndarray
    width: np.ndarray
    height: np.ndarray
    area: np.ndarray

    def __len__(self) -> int:
        """Return how many pieces there are, and one for the paper."""
        return len(self.area)

    @property
    def size(self) -> np.ndarray:
        """The longer side of each piece in pixels."""
        return np.maximum(self.width, self.height)

    @property
    def along_edge(self) -> np.ndarray:
        """Whether each piece runs along the frame of the picture, as the edge of a table does."""
        labels = self.labels
        edges = labels[0], labels[-1], labels[:, 0], labels[:, -1]
        contact = np.max([np.bincount(edge, minlength=len(self)) for edge in edges], axis=0)
        return contact >= ALONG_EDGE * self.size


def find_pieces(ink: np.ndarray) -> Pieces:
    """Find the connected pieces of ink.

    Args:
        ink: array (h, w), uint8, 0 is paper.
    """
    _, labels, stats, _ = cv2.connectedComponentsWithStats((ink > MASK).astype(np.uint8))
    return Pieces(labels, *stats.T)


def with_soft_edge(own: np.ndarray) -> np.ndarray:
    """Return a mask of pieces, widened by the soft edge of their strokes.

    Args:
        own: array (h, w), bool: where the pieces are.

    Returns:
        Array (h, w), bool.
    """
    return cv2.dilate(own.astype(np.uint8), SOFT_EDGE) > 0
