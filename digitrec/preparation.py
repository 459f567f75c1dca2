"""From a picture of a digit to the 28x28 image that the network knows: one way for everything.

MNIST's digits were prepared in this way, so a digit of yours has to be, too: "normalized to fit
in a 20x20 pixel box while preserving their aspect ratio [and] centered in a 28x28 image by
computing the center of mass of the pixels" (LeCun, Cortes and Burges, 1998).
"""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from digitrec.pictures import load_picture

FIELD = 28  # pixels, the side of the network's input
DIGIT = 20  # pixels, the longer side of the digit in it
LEAST_CONTRAST = 24  # grey levels between paper and ink, below which a picture counts as blank
SPECK = 0.03  # of the largest piece of ink; smaller pieces are dust


@dataclass(frozen=True, eq=False)
class Steps:
    """Each stage from the picture to the network's input.

    Attributes:
        picture: array (h, w, 3), uint8 0-255, RGB: the picture as it came.
        grey: array (h, w), uint8 0-255: its brightness.
        ink: array (h, w), uint8: 0 is paper, 255 is ink, whichever was the darker.
        box: (left, top, width, height) of the digit in pixels, or None where there is no ink.
        fitted: array (20, w) or (h, 20), uint8: the digit alone, its longer side 20 pixels.
        image: array (28, 28), uint8: the digit with its centre of mass in the middle.
    """

    picture: np.ndarray
    grey: np.ndarray
    ink: np.ndarray
    box: tuple[int, int, int, int] | None
    fitted: np.ndarray
    image: np.ndarray


def prepare_digit(image: str | Path | bytes | np.ndarray) -> Steps:
    """Prepare a picture of one digit for the network, keeping every stage.

    Args:
        image: a path, the bytes of a picture file, or an array; see `load_picture`.

    Returns:
        The stages; `.image` is the network's input. Without ink, `.box` is None and `.image` empty.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: the picture cannot be read.
    """
    picture = load_picture(image)
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    ink = separate_ink(grey)
    box = digit_box(ink)
    if box is None:
        empty = np.zeros((FIELD, FIELD), np.uint8)
        return Steps(picture, grey, ink, None, empty[:DIGIT, :DIGIT], empty)
    left, top, width, height = box
    fitted = fit(ink[top : top + height, left : left + width])
    return Steps(picture, grey, ink, box, fitted, centre(fitted))


def separate_ink(grey: np.ndarray) -> np.ndarray:
    """Turn brightness into ink: 0 where the paper is, 255 where the pen was.

    The frame of the picture shows the paper. Ink is whatever differs from the paper on the side,
    darker or lighter, that differs more.

    Args:
        grey: array (h, w), uint8 0-255.

    Returns:
        Array (h, w), uint8; all 0 when nothing differs enough from the paper.
    """
    frame = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    paper = float(np.median(frame))
    difference = paper - cv2.medianBlur(grey, 3).astype(np.float32)
    if abs(difference.min()) > difference.max():
        difference = grey - np.float32(paper)
    else:
        difference = paper - grey.astype(np.float32)
    if difference.max() < LEAST_CONTRAST:
        return np.zeros_like(grey)
    shades = np.clip(difference, 0, 255).astype(np.uint8)
    threshold, _ = cv2.threshold(shades, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    full = np.percentile(shades[shades > threshold], 90)
    shades[shades < full / 10] = 0  # fainter than this is the paper's own texture
    return np.rint(255 * np.clip(shades / full, 0, 1)).astype(np.uint8)


def digit_box(ink: np.ndarray) -> tuple[int, int, int, int] | None:
    """Return the box (left, top, width, height) around the ink, leaving dust outside.

    Args:
        ink: array (h, w), uint8, 0 is paper.

    Returns:
        The box in pixels, or None where there is no ink.
    """
    count, _, pieces, _ = cv2.connectedComponentsWithStats((ink > 64).astype(np.uint8))
    if count < 2:
        return None
    pieces = pieces[1:]  # the first one is the paper
    areas = pieces[:, cv2.CC_STAT_AREA]
    left, top, width, height = pieces[areas >= SPECK * areas.max(), : cv2.CC_STAT_AREA].T
    x, y = int(left.min()), int(top.min())
    return x, y, int((left + width).max()) - x, int((top + height).max()) - y


def fit(ink: np.ndarray) -> np.ndarray:
    """Resize the ink of one digit so that its longer side is 20 pixels, keeping its proportions."""
    height, width = ink.shape
    scale = DIGIT / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    resized = cv2.resize(ink.astype(np.float32), size, interpolation=method)
    return np.rint(resized * (255 / resized.max())).astype(np.uint8)  # a thin pen must not fade


def centre(fitted: np.ndarray) -> np.ndarray:
    """Lay a digit into a 28x28 field with its centre of mass in the middle.

    Args:
        fitted: array (h, w), uint8, at most 20 pixels a side.

    Returns:
        Array (28, 28), uint8.
    """
    height, width = fitted.shape
    moments = cv2.moments(fitted)
    middle = FIELD // 2  # MNIST's digits have their centre of mass in row 14 and column 14
    left = round(middle - moments["m10"] / moments["m00"])
    top = round(middle - moments["m01"] / moments["m00"])
    left, top = np.clip([left, top], 0, [FIELD - width, FIELD - height])
    field = np.zeros((FIELD, FIELD), np.uint8)
    field[top : top + height, left : left + width] = fitted
    return field
