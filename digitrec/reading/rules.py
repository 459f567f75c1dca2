"""Taking the printed lines of ruled and squared paper out of the ink."""

import cv2
import numpy as np

from digitrec.reading.pictures import reduce

FAINTEST = 24  # of 255; a printed line is often paler than a pen
DARKER = 64  # of 255; ink so much stronger than the lines is a stroke that runs along one
LONG = 0.5  # of the picture; a line at least so long is a rule where there are several
WHOLE = 0.9  # of the picture; one line alone has to run through so much of it


def without_rules(ink: np.ndarray) -> np.ndarray:
    """Take the printed lines of ruled or squared paper out of the ink.

    A rule is thin, runs through most of the picture, and is seldom alone; no stroke of a digit is.

    Args:
        ink: array (h, w), uint8.

    Returns:
        Array (h, w), uint8: the ink without the lines, strokes that crossed them mended.
    """
    if min(ink.shape) < 64:
        return ink
    small = (reduce(ink, 1024) > FAINTEST).astype(np.uint8)
    lines = rules(small, 1)
    if not lines.any():
        return ink
    lines |= rules(small, 0)  # only squared paper has lines that run down; a 1 is one, too
    lines = cv2.dilate(lines, np.ones((3, 3), np.uint8))
    lines = cv2.resize(lines, ink.shape[::-1], interpolation=cv2.INTER_NEAREST) > 0
    printed = np.median(ink[lines & (ink > FAINTEST)])
    rest = np.where(lines & (ink < printed + DARKER), 0, ink).astype(np.uint8)
    gap = round(8 * max(1, max(ink.shape) / 1024)) | 1
    mended = cv2.morphologyEx(rest, cv2.MORPH_CLOSE, np.ones((gap, gap), np.uint8))
    return np.where(lines, np.minimum(mended, ink), rest).astype(np.uint8)


def rules(mask: np.ndarray, axis: int) -> np.ndarray:
    """Find thin lines that run through most of a picture.

    Args:
        mask: array (h, w), uint8: 1 where there is ink.
        axis: 0 for lines that run down, 1 for lines that run across.

    Returns:
        Array (h, w), uint8: 1 on the lines.
    """
    long, across = mask.shape[axis], mask.shape[1 - axis]
    widest, piece = max(3, across // 50), max(16, long // 16)
    kernel = np.ones((1, piece) if axis else (piece, 1), np.uint8)
    thicker = np.ones((widest + 1, 1) if axis else (1, widest + 1), np.uint8)
    thin = mask - cv2.morphologyEx(mask, cv2.MORPH_OPEN, thicker)
    runs = cv2.morphologyEx(thin, cv2.MORPH_OPEN, kernel)
    # a rule goes on where a stroke crosses it
    bridge = np.ones((1, long // 2) if axis else (long // 2, 1), np.uint8)
    room = long // 2  # of paper around, or the closing would draw each run on to the frame
    runs = cv2.morphologyEx(np.pad(runs, room), cv2.MORPH_CLOSE, bridge)[room:-room, room:-room]
    _, labels, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(runs))
    length = stats[:, cv2.CC_STAT_WIDTH if axis else cv2.CC_STAT_HEIGHT]
    thickness = stats[:, cv2.CC_STAT_AREA] / np.maximum(length, 1)
    is_rule = (length >= LONG * long) & (thickness <= widest)
    is_rule[0] = False  # the paper
    if is_rule.sum() == 1:  # a single line has to run right through
        is_rule &= length >= WHOLE * long
    return is_rule[labels].astype(np.uint8)
