"""Marks: ink on a page that may be a digit, a part of one, or several that touch."""

from dataclasses import dataclass

import cv2
import numpy as np

from digitrec.bounds import MOST_MARKS
from digitrec.reading.pieces import MASK, along_edge, pieces, with_soft_edge

SMALL = 0.35  # of a digit's height; a smaller mark is a piece of a digit, or dust
TALL = 0.4  # of the tallest marks; one at least so large has a digit's height, and is not dust
PIECE = 0.08  # of a digit's height; a smaller mark is dust
CLOSE = 0.3  # of a digit's height; marks at most so far apart may be one digit


@dataclass(frozen=True, eq=False)
class Mark:
    """Ink that may be a digit, a part of one, or several that touch.

    Attributes:
        left: pixels from the left side of the picture.
        top: pixels from its top.
        ink: array (h, w), uint8: the ink of this mark alone.
    """

    left: int
    top: int
    ink: np.ndarray

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Left, top, width and height in pixels."""
        height, width = self.ink.shape
        return self.left, self.top, width, height

    @property
    def size(self) -> int:
        """Its longer side in pixels."""
        return max(self.ink.shape)


def find_marks(ink: np.ndarray) -> tuple[list[Mark], float, int]:
    """Find the connected pieces of ink that are larger than dust.

    Args:
        ink: array (h, w), uint8, 0 is paper.

    Returns:
        The marks, the usual height of a digit in pixels, and how many marks were left out because
        there are too many.
    """
    labels, stats = pieces(ink)
    size = stats[:, 2:4].max(axis=1)
    chosen = np.arange(1, len(stats))[~along_edge(labels, stats)[1:]]
    if len(chosen) == 0:
        return [], 0.0, 0
    tall = np.sort(size[chosen])[-20:]
    usual = size[chosen][size[chosen] >= TALL * np.median(tall[-5:])]
    height = float(np.median(usual))
    chosen = chosen[size[chosen] >= max(2, PIECE * height)]
    left_out = max(0, len(chosen) - MOST_MARKS)
    chosen = chosen[np.argsort(-size[chosen], kind="stable")][:MOST_MARKS]
    marks = []
    for label in np.sort(chosen):
        left, top, wide, high, _ = stats[label]
        place = slice(top, top + high), slice(left, left + wide)
        piece = np.where(with_soft_edge(labels[place] == label), ink[place], 0)
        marks.append(Mark(int(left), int(top), piece))
    return gather(marks, height), height, left_out


def gather(marks: list[Mark], height: float) -> list[Mark]:
    """Let each piece that is too small to be a digit join the nearest mark, if one is near."""
    large = [mark for mark in marks if mark.size >= SMALL * height]
    small = [mark for mark in marks if mark.size < SMALL * height]
    if not large:
        return []
    for piece in sorted(small, key=lambda mark: -mark.ink.size):
        gaps = distances(piece, large)
        nearest = int(np.argmin(gaps))
        if gaps[nearest] <= CLOSE * height / 2:
            large[nearest] = together(large[nearest], piece)
    return large


def distances(mark: Mark, others: list[Mark]) -> np.ndarray:
    """Return how many pixels lie between the boxes of a mark and of others; 0 if they overlap."""
    return np.maximum(gaps(mark.box, np.array([other.box for other in others])), 0)


def gaps(box: tuple[int, int, int, int], others: np.ndarray) -> np.ndarray:
    """Return how many pixels lie between a box and others; below 0 where they overlap.

    Args:
        box: left, top, width, height in pixels.
        others: array (n, 4), the same of the others.

    Returns:
        Array (n,), across or down, whichever is more.
    """
    x, y, width, height = box
    left, top, wide, high = others.T
    return np.max([left - x - width, x - left - wide, top - y - height, y - top - high], axis=0)


def together(*marks: Mark) -> Mark:
    """Return some marks as one."""
    left, top = min(mark.left for mark in marks), min(mark.top for mark in marks)
    right = max(mark.left + mark.ink.shape[1] for mark in marks)
    bottom = max(mark.top + mark.ink.shape[0] for mark in marks)
    ink = np.zeros((bottom - top, right - left), np.uint8)
    for mark in marks:
        x, y = mark.left - left, mark.top - top
        part = ink[y : y + mark.ink.shape[0], x : x + mark.ink.shape[1]]
        np.maximum(part, mark.ink, out=part)
    return Mark(left, top, ink)


def trimmed(mark: Mark, start: int, stop: int) -> Mark | None:
    """Return the columns from start to stop of a mark, without empty margins."""
    ink = mark.ink[:, start:stop]
    left, top, wide, high = cv2.boundingRect((ink > MASK).astype(np.uint8))
    if wide == 0:
        return None
    return Mark(mark.left + start + left, mark.top + top, ink[top : top + high, left : left + wide])
