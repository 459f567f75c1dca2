"""Taking the printed lines of ruled or squared paper, and the edges of forms, out of the ink."""

import cv2
import numpy as np

from digitrec.bounds import MOST_LINES
from digitrec.reading.pictures import reduce

SMALLEST_PICTURE = 48  # pixels of the shorter side; a smaller drawing has no printed lines
SEARCHED = 512  # pixels of the longer side; a line needs no finer detail
VISIBLE = 24  # of 255; printed lines are faint
STEEPEST = 0.15  # rise over run; a photo is seldom turned or tilted further
NEAR = 2  # pixels from a line within which ink is on it; few lines are quite straight
COARSE = 200  # pixels; in a smaller picture a line is a pixel off at most
LEAST_LENGTH = 0.5  # of the picture, through which a line among others has to run
AT_FRAME = 2  # pixels; a single line runs right through, from frame to frame, or it is a stroke
LEAST_COVER = 0.85  # of its length that has to be inked
LEAST_BARE = 0.6  # of its length, where no stroke crosses it
WIDEST_GAP = 0.04  # of the picture; digits in a row stand further apart
STRONGER = 48  # of 255; ink that exceeds the printed line by so much is a stroke on it
GAP = 8  # pixels at 1024; the stroke that a line interrupted is mended across so many


def without_rules(ink: np.ndarray) -> np.ndarray:
    """Take printed lines out of the ink.

    A rule is thin, runs straight through most of the picture, and is seldom alone; no stroke of
    a digit is like that.

    Args:
        ink: array (h, w), uint8.

    Returns:
        Array (h, w), uint8: the ink without the lines, strokes that crossed them mended.
    """
    if min(ink.shape) < SMALLEST_PICTURE:
        return ink
    reduced = reduce(ink, SEARCHED)
    small = (reduced > VISIBLE).astype(np.uint8)
    lines = rules(small)
    if not lines.any():
        return ink
    lines |= rules(small.T).T  # only squared paper has lines that run down; a 1 is one, too
    printed = np.percentile(reduced[lines > 0], 75)
    lines = cv2.dilate(lines, np.ones((3, 3), np.uint8))
    lines = cv2.resize(lines, ink.shape[::-1], interpolation=cv2.INTER_NEAREST) > 0
    rest = np.where(lines & (ink < printed + STRONGER), 0, ink).astype(np.uint8)
    gap = round(GAP * max(1, max(ink.shape) / 1024)) | 1
    mended = cv2.morphologyEx(rest, cv2.MORPH_CLOSE, np.ones((gap, gap), np.uint8))
    return np.where(lines, np.minimum(mended, ink), rest).astype(np.uint8)


def rules(mask: np.ndarray) -> np.ndarray:
    """Find thin straight lines that run across a picture, level or nearly so.

    Args:
        mask: array (h, w), uint8: 1 where there is ink.

    Returns:
        Array (h, w), uint8: 1 on the lines, but not where a stroke crosses them.

    Source: lines found by counting the points on each, R. O. Duda, P. E. Hart, "Use of the Hough
    transformation to detect lines and curves in pictures", Communications of the ACM 15, 1972.
    """
    height, width = mask.shape
    widest, near = max(4, height // 30), NEAR if width >= COARSE else 1
    mask = np.ascontiguousarray(mask)
    thin = mask - cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((widest + 1, 1), np.uint8))
    rows, columns = np.nonzero(np.diff(thin.astype(np.int8), axis=0, prepend=0) == 1)
    slopes = np.arange(-STEEPEST, STEEPEST, 2 * near / width)
    room = int(STEEPEST * width) + 2
    counts = np.stack([
        np.bincount(np.rint(rows - slope * columns).astype(np.int64) + room,
                    minlength=height + 2 * room)
        for slope in slopes
    ]) if len(rows) else np.zeros((1, height + 2 * room))  # fmt: skip
    counts = cv2.blur(counts.astype(np.float32), (2 * near + 1, 1)) * (2 * near + 1)
    found, spans = np.zeros_like(mask), []
    across = np.arange(width)
    tall = cv2.dilate(mask, np.ones((2 * near + 1, 1), np.uint8))
    flat = cv2.dilate(thin, np.ones((2 * near + 1, 1), np.uint8))
    candidates = np.argwhere(counts >= 0.8 * LEAST_LENGTH * width)
    taken = np.zeros((height, 2), bool)  # where lines that were found begin and end
    for turn, offset in sorted(candidates, key=lambda place: -counts[tuple(place)])[:MOST_LINES]:
        level = np.rint(offset - room + slopes[turn] * across).astype(int)
        ends = np.clip(level[[0, -1]], 0, height - 1)
        inside = (level >= 0) & (level < height)
        if taken[ends, [0, 1]].any() or not inside.any():
            continue
        inked, bare = np.zeros((2, width), bool)
        inked[inside] = tall[level[inside], across[inside]] > 0
        bare[inside] = flat[level[inside], across[inside]] > 0
        start, stop = longest_run(inked, max(2, round(WIDEST_GAP * width)))
        if (
            stop - start < LEAST_LENGTH * width
            or inked[start:stop].mean() < LEAST_COVER
            or bare[start:stop].mean() < LEAST_BARE
        ):
            continue
        for end in (0, 1):
            taken[max(0, ends[end] - widest) : ends[end] + widest + 1, end] = True
        spans.append((start, stop))
        for shift in range(-near, widest + near):
            band = np.clip(level + shift, 0, height - 1)[start:stop]
            found[band, across[start:stop]] |= thin[band, across[start:stop]]
    if len(spans) == 1 and (spans[0][0] > AT_FRAME or spans[0][1] < width - AT_FRAME):
        return np.zeros_like(mask)
    return found


def longest_run(inked: np.ndarray, gap: int) -> tuple[int, int]:
    """Return where the longest stretch of ink begins and ends, bridging gaps up to a width."""
    places = np.flatnonzero(inked)
    if len(places) == 0:
        return 0, 0
    parts = np.split(places, np.flatnonzero(np.diff(places) > gap) + 1)
    longest = max(parts, key=lambda part: part[-1] - part[0])
    return int(longest[0]), int(longest[-1]) + 1
