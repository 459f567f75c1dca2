"""Separating ink from paper, whatever the light, the colours and the pen.

Two facts carry it. The frame of a picture shows paper. And light falls off slowly across a sheet,
while ink begins and ends within a few pixels.
"""

import cv2
import numpy as np

from digitrec.reading.light import contrast_with_paper, reduce

LEAST_CONTRAST = 8.0  # grey levels between paper and ink, below which a picture is blank
FAINT_CONTRAST = 16.0  # below this there is ink, but too little to rely on
NOISE_LEVELS = 5.0  # ink differs by more than so many standard deviations of the paper's grain
COLOUR_GAIN = 1.5  # how much clearer a colour has to show the ink to be used in place of grey


def choose_grey(picture: np.ndarray) -> np.ndarray:
    """Return the brightness of a picture, or the one colour in which its ink shows far better.

    Args:
        picture: array (h, w, 3), uint8 0-255, RGB.

    Returns:
        Array (h, w), uint8 0-255. Red ink on green paper can be equally bright; then the red or
        the green channel alone tells them apart.
    """
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    small = reduce(picture, 128)
    colours = [np.ascontiguousarray(small[:, :, channel]) for channel in range(3)]
    if all(np.array_equal(colours[0], other) for other in colours[1:]):
        return grey
    clarity = [np.abs(contrast_with_paper(channel)).max() for channel in colours]
    best = int(np.argmax(clarity))
    brightness = np.abs(contrast_with_paper(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY))).max()
    if clarity[best] > COLOUR_GAIN * max(brightness, LEAST_CONTRAST):
        return np.ascontiguousarray(picture[:, :, best])
    return grey


def separate_ink(contrast: np.ndarray) -> tuple[np.ndarray, float]:
    """Turn contrast into ink: 0 where the paper is, 255 where the pen was.

    Ink is on the side, darker or lighter than the paper, that differs more from it.

    Args:
        contrast: array (h, w), float32, from `contrast_with_paper`.

    Returns:
        The ink, array (h, w), uint8, all 0 when nothing stands out from the paper's grain; and
        how far the ink differs from the paper, in grey levels.
    """
    few = reduce(contrast, 512)
    beyond = few[few <= 0.5]  # paper lighter than the paper: that is its grain, and no ink
    grain = 1.4826 * max(0.0, float(np.median(-beyond))) if len(beyond) else 0.0
    least = max(LEAST_CONTRAST, NOISE_LEVELS * grain)
    strong = few[few > least]
    if len(strong) == 0:
        return np.zeros(contrast.shape, np.uint8), 0.0
    shades = np.clip(strong, 0, 255).astype(np.uint8)
    threshold, _ = cv2.threshold(shades, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    full = float(np.percentile(strong[strong >= threshold], 75))
    floor = max(full / 10, min(3 * grain, full / 3))  # fainter is the paper's own texture
    ink = np.clip(contrast * (255 / full), 0, 255)
    ink[contrast < floor] = 0
    return np.rint(ink).astype(np.uint8), full


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
    small = (reduce(ink, 1024) > 24).astype(np.uint8)
    lines = rules(small, 1)
    if not lines.any():
        return ink
    lines |= rules(small, 0)  # only squared paper has lines that run down; a 1 is one, too
    lines = cv2.dilate(lines, np.ones((3, 3), np.uint8))
    lines = cv2.resize(lines, ink.shape[::-1], interpolation=cv2.INTER_NEAREST) > 0
    printed = np.median(ink[lines & (ink > 24)])
    rest = np.where(lines & (ink < printed + 64), 0, ink).astype(np.uint8)
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
    is_rule = (length >= 0.5 * long) & (thickness <= widest)
    is_rule[0] = False  # the paper
    if is_rule.sum() == 1:  # a single line has to run right through
        is_rule &= length >= 0.9 * long
    return is_rule[labels].astype(np.uint8)
