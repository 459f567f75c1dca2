"""Marks: ink on a page that may be a digit, a part of one, or several that touch."""

from dataclasses import dataclass

import cv2
import numpy as np

from digitrec.bounds import MOST_INK, MOST_MARKS
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
    chosen = chosen[np.argsort(-size[chosen], kind="stable")]
    areas = stats[chosen, 2].astype(np.int64) * stats[chosen, 3]
    read = min(MOST_MARKS, int((np.cumsum(areas) <= MOST_INK).sum()))
    left_out, chosen = len(chosen) - read, chosen[:read]
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
    boxes = np.array([mark.box for mark in large])
    members = [[mark] for mark in large]
    for piece in sorted(small, key=lambda mark: -mark.ink.size):
        apart = np.maximum(gaps(piece.box, boxes), 0)
        nearest = int(np.argmin(apart))
        if apart[nearest] <= CLOSE * height / 2:
            members[nearest].append(piece)
            boxes[nearest] = box_around(np.array([boxes[nearest], piece.box]))
    return [together(*pieces) for pieces in members]


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


def box_around(boxes: np.ndarray) -> tuple[int, int, int, int]:
    """Return left, top, width and height of what holds all of some boxes, array (n, 4)."""
    left, top, wide, high = boxes.T
    x, y = int(left.min()), int(top.min())
    return x, y, int((left + wide).max()) - x, int((top + high).max()) - y


def together(*marks: Mark) -> Mark:
    """Return some marks as one."""
    if len(marks) == 1:
        return marks[0]
    left, top, wide, high = box_around(np.array([mark.box for mark in marks]))
    ink = np.zeros((high, wide), np.uint8)
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
