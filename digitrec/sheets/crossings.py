"""Straight strokes through a whole digit, as people cross something out."""

from dataclasses import dataclass

import cv2
import numpy as np

from digitrec.reading.pieces import MASK

SIDE = 48  # pixels; a digit is looked at in this size
DIGIT = 40  # pixels of that, the longer side of the ink
MIDDLE = 0.2  # of the ink's longer side, on both sides of its middle
TURNS = np.arange(0, 180, 6)  # degrees, counted from level, falling to the right
STEEPEST = 24  # degrees to both sides of a diagonal, within which a stroke of a cross is
LEVEL = 18  # degrees, likewise for a strike
WHOLE = 0.93  # of the ink's reach in a direction; a strike goes from side to side


@dataclass(frozen=True, eq=False)
class Crossings:
    """How much each of some digits looks crossed out, whatever is below.

    Attributes:
        crosses: array (n,): how long the shorter stroke of a cross through the middle is, in
            longer sides of the ink.
        strikes: array (n,): the same of a level stroke from one side of the ink to the other.
    """

    crosses: np.ndarray
    strikes: np.ndarray


def find_crossings(inks: list[np.ndarray]) -> Crossings:
    """Measure the straight strokes through the middle of digits.

    Args:
        inks: each an array (h, w), uint8, 0 is paper; at least one.
    """
    length, share = strokes_through(inks)
    falling, rising = (abs(TURNS - 90 - side) <= STEEPEST for side in (-42, 42))
    level = (TURNS <= LEVEL) | (TURNS >= 180 - LEVEL)
    crosses = np.minimum(length[:, falling].max(axis=1), length[:, rising].max(axis=1))
    strikes = (length * (share >= WHOLE))[:, level].max(axis=1)
    return Crossings(crosses, strikes)


def strokes_through(inks: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return how long the longest straight stroke through the middle is, in each direction.

    Args:
        inks: each an array (h, w), uint8, 0 is paper; at least one.

    Returns:
        Two arrays (n, len(TURNS)), float: in longer sides of the ink; and as a share of how far
        the ink reaches in that direction, 1 where the stroke goes from end to end.
    """
    masks = np.stack([normalised(ink) for ink in inks])
    middle = (SIDE - 1) / 2
    rows, columns = np.mgrid[:SIDE, :SIDE] - middle
    central = slice(round(middle - MIDDLE * DIGIT), round(middle + MIDDLE * DIGIT) + 1)
    longest, reach = [], []
    for turn in np.deg2rad(TURNS):
        x = np.rint(columns * np.cos(turn) - rows * np.sin(turn) + middle).astype(int)
        y = np.rint(columns * np.sin(turn) + rows * np.cos(turn) + middle).astype(int)
        inside = (x >= 0) & (y >= 0) & (x < SIDE) & (y < SIDE)
        turned = masks[:, y.clip(0, SIDE - 1), x.clip(0, SIDE - 1)] & inside
        inked = np.cumsum(turned[:, central], axis=2)
        before = np.maximum.accumulate(np.where(turned[:, central], 0, inked), axis=2)
        longest.append((inked - before).max(axis=(1, 2)))
        along = turned.any(axis=1)
        reach.append(SIDE - along.argmax(axis=1) - along[:, ::-1].argmax(axis=1))
    longest, reach = np.stack(longest, axis=1), np.stack(reach, axis=1)
    return longest / DIGIT, longest / np.maximum(reach, 1)


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
