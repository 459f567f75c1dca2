"""Straight strokes through a whole digit, as people cross something out."""

import cv2
import numpy as np

from digitrec.reading.pieces import MASK

SIDE = 48  # pixels; a digit is looked at in this size
DIGIT = 40  # pixels of that, the longer side of the ink
TURNS = np.arange(0, 180, 6)  # degrees, counted from level, falling to the right


def longest_strokes(inks: list[np.ndarray]) -> np.ndarray:
    """Return how long the longest straight stroke in each direction is.

    Args:
        inks: each an array (h, w), uint8, 0 is paper; at least one.

    Returns:
        Array (n, len(TURNS)), float: in longer sides of the ink.
    """
    masks = np.stack([normalised(ink) for ink in inks])
    middle = (SIDE - 1) / 2
    rows, columns = np.mgrid[:SIDE, :SIDE] - middle
    longest = []
    for turn in np.deg2rad(TURNS):
        x = np.rint(columns * np.cos(turn) - rows * np.sin(turn) + middle).astype(int)
        y = np.rint(columns * np.sin(turn) + rows * np.cos(turn) + middle).astype(int)
        inside = (x >= 0) & (y >= 0) & (x < SIDE) & (y < SIDE)
        turned = masks[:, y.clip(0, SIDE - 1), x.clip(0, SIDE - 1)] & inside
        inked = np.cumsum(turned, axis=2)
        before = np.maximum.accumulate(np.where(turned, 0, inked), axis=2)
        longest.append((inked - before).max(axis=(1, 2)))
    return np.stack(longest, axis=1) / DIGIT


def normalised(ink: np.ndarray) -> np.ndarray:
    """Return where ink is, its longer side as long as all others', array (SIDE, SIDE), bool."""
    left, top, wide, high = cv2.boundingRect((ink > MASK).astype(np.uint8))
    part = ink[top : top + high, left : left + wide]
    scale = DIGIT / max(wide, high)
    size = max(1, round(wide * scale)), max(1, round(high * scale))
    small = cv2.resize(part, size, interpolation=cv2.INTER_AREA)
    field = np.zeros((SIDE, SIDE), bool)
    y, x = (SIDE - size[1]) // 2, (SIDE - size[0]) // 2
    field[y : y + size[1], x : x + size[0]] = small > MASK
    return field
