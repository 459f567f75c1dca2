"""Marks on a page: ink that may be a digit, a part of one, or several that touch."""

from dataclasses import dataclass

import numpy as np

from digitrec.reading.pieces import MASK, find_pieces, with_soft_edge

TALL = 0.4  # of the tallest marks; one at least so large has a digit's height, and is not dust
PIECE = 0.08  # of a digit's height; a smaller mark is dust


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


def find_marks(ink: np.ndarray) -> tuple[list[Mark], float]:
    """Find the connected pieces of ink that are larger than dust.

    Args:
        ink: array (h, w), uint8, 0 is paper.

    Returns:
        The marks, and the usual height of a digit in pixels.
    """
    pieces = find_pieces(ink)
    size = pieces.size
    chosen = np.arange(1, len(pieces))[~pieces.along_edge[1:]]
    if len(chosen) == 0:
        return [], 0.0
    tall = np.sort(size[chosen])[-max(1, min(len(chosen), 20)) :]
    usual = size[chosen][size[chosen] >= TALL * np.median(tall[-5:])]
    height = float(np.median(usual))
    marks = []
    for label in chosen[size[chosen] >= max(2, PIECE * height)]:
        left, top = int(pieces.left[label]), int(pieces.top[label])
        box = np.s_[top : top + pieces.height[label], left : left + pieces.width[label]]
        own = with_soft_edge(pieces.labels[box] == label)
        marks.append(Mark(left, top, np.where(own, ink[box], 0)))
    return marks, height


def distance(one: Mark, other: Mark) -> int:
    """Return how many pixels lie between two marks' boxes; 0 where they overlap."""
    (x, y, width, height), (u, v, wide, high) = one.box, other.box
    return max(0, u - x - width, x - u - wide, v - y - height, y - v - high)


def together(one: Mark, other: Mark) -> Mark:
    """Return two marks as one."""
    left, top = min(one.left, other.left), min(one.top, other.top)
    right = max(mark.left + mark.ink.shape[1] for mark in (one, other))
    bottom = max(mark.top + mark.ink.shape[0] for mark in (one, other))
    ink = np.zeros((bottom - top, right - left), np.uint8)
    for mark in (one, other):
        x, y = mark.left - left, mark.top - top
        part = ink[y : y + mark.ink.shape[0], x : x + mark.ink.shape[1]]
        np.maximum(part, mark.ink, out=part)
    return Mark(left, top, ink)


def trimmed(mark: Mark, start: int, stop: int) -> Mark | None:
    """Return the columns from start to stop of a mark, without empty margins."""
    ink = mark.ink[:, start:stop]
    rows, columns = np.nonzero(ink > MASK)
    if len(rows) == 0:
        return None
    top, left = rows.min(), columns.min()
    part = ink[top : rows.max() + 1, left : columns.max() + 1]
    return Mark(mark.left + start + int(left), mark.top + int(top), part)
