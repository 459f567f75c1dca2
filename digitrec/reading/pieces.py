"""The connected pieces of ink, before anybody knows what they are."""

import cv2
import numpy as np

MASK = 64  # of 255; ink as strong as this belongs to a stroke
ALONG_EDGE = 0.6  # of a piece's longer side; one that touches the frame so far runs along it
FRAME = 0.004  # of the picture's longer side; ink so near to the frame touches it


def pieces(ink: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Number the connected pieces of ink.

    Args:
        ink: array (h, w), uint8, 0 is paper.

    Returns:
        Array (h, w), the number of the piece that each pixel belongs to, 0 for paper; and
        array (n, 5): left, top, width, height and area of each.
    """
    _, labels, stats, _ = cv2.connectedComponentsWithStats((ink > MASK).astype(np.uint8))
    return labels, stats


def with_soft_edge(own: np.ndarray) -> np.ndarray:
    """Widen pieces by a pixel: the soft edge of a stroke is fainter than the mask, and its own.

    Args:
        own: array (h, w), bool: where some pieces are.

    Returns:
        Array (h, w), bool.
    """
    return cv2.dilate(own.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0


def along_edge(labels: np.ndarray, stats: np.ndarray) -> np.ndarray:
    """Return which pieces run along the frame of the picture, as the edge of a table does.

    Args:
        labels: array (h, w), from `pieces`.
        stats: array (n, 5), from `pieces`.

    Returns:
        Array (n,), bool.
    """
    near = max(1, round(FRAME * max(labels.shape)))
    edges = labels[:near], labels[-near:], labels[:, :near].T, labels[:, -near:].T
    contact = np.zeros(len(stats), int)
    for edge in edges:
        along = np.tile(np.arange(edge.shape[1]), len(edge))
        inked = edge.ravel() > 0
        places = np.unique(edge.ravel()[inked].astype(np.int64) * edge.shape[1] + along[inked])
        contact = np.maximum(contact, np.bincount(places // edge.shape[1], minlength=len(stats)))
    return contact >= ALONG_EDGE * stats[:, 2:4].max(axis=1)
