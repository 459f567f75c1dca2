"""From a picture of a digit to the 28x28 image that the network knows: one way for everything.

MNIST's digits were prepared in this way, so a digit of yours has to be, too: "normalized to fit
in a 20x20 pixel box while preserving their aspect ratio [and] centered in a 28x28 image by
computing the center of mass of the pixels" (LeCun, Cortes and Burges, 1998).
"""

from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from digitrec.mnist import SIDE
from digitrec.reading.ink import choose_grey, separate_ink
from digitrec.reading.light import contrast_with_paper
from digitrec.reading.pictures import frame, load_picture
from digitrec.reading.pieces import along_edge, pieces, with_soft_edge
from digitrec.reading.rules import without_rules
from digitrec.reading.sheet import cut_out, find_sheet, without_rim

DIGIT = 20  # pixels, the longer side of the digit in the image
SPECK = 0.03  # of the largest piece of ink; smaller pieces are dust
LEAST_INSIDE = 0.2  # of the picture's shorter side; a smaller piece is not the digit
LARGE = 0.5  # of the digit's largest piece; another piece of this size may be a digit of its own
CLOSE = 0.15  # of the frame; where so much is dark and so much light, either may be the paper
NEAR = 0.35  # of the digit's longer side; pieces at most so far away belong to it


@dataclass(frozen=True, eq=False)
class Steps:
    """Each stage from the picture to the network's input.

    Attributes:
        picture: array (h, w, 3), uint8 0-255, RGB: the picture as it came.
        grey: array (h, w), uint8 0-255: its brightness.
        contrast: array (h, w), float32: how much each pixel differs from the empty paper on the
            side of the ink; the light and the shadows on the paper are gone.
        ink: array (h, w), uint8: 0 is paper, 255 is ink, whichever was the darker.
        ink_contrast: grey levels between paper and ink, 0 where there is no ink.
        box: (left, top, width, height) of the digit in pixels, or None where there is no ink.
        shapes: how many separate large pieces of ink are inside the box and outside of it.
        fitted: array (20, w) or (h, 20), uint8: the digit alone, its longer side 20 pixels.
        image: array (28, 28), uint8: the digit with its centre of mass in the middle.
        sheet: array (n, 2), float32: the corners, x and y in pixels, of a sheet on a desk, beside
            which nothing is read; None where the picture shows paper alone.
    """

    picture: np.ndarray
    grey: np.ndarray
    contrast: np.ndarray
    ink: np.ndarray
    ink_contrast: float
    box: tuple[int, int, int, int] | None
    shapes: tuple[int, int]
    fitted: np.ndarray
    image: np.ndarray
    sheet: np.ndarray | None = None


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
    stages = find_ink(load_picture(image))
    ink = stages["ink"]
    found = find_digit(ink)
    if found is None:
        empty = np.zeros((SIDE, SIDE), np.uint8)
        return Steps(**stages, box=None, shapes=(0, 0), fitted=empty[:DIGIT, :DIGIT], image=empty)
    left, top, width, height = found.box
    fitted = fit(np.where(found.mask, ink[top : top + height, left : left + width], 0))
    return Steps(**stages, box=found.box, shapes=found.shapes, fitted=fitted, image=centre(fitted))


def as_it_is(steps: Steps) -> list[Steps]:
    """Return the same steps with the picture itself as the input, where it has MNIST's size.

    Such a picture may have been prepared already. Where lines cross it or half of it is dark,
    preparing it again can only lose what the network would have seen.

    Args:
        steps: from `prepare_digit`.

    Returns:
        The steps with another `.image`, for dark ink or for light ink; both where the frame shows
        too much of either. Nothing for pictures of other sizes, or without ink.
    """
    grey = steps.grey
    if grey.shape != (SIDE, SIDE) or steps.box is None:
        return []
    light = np.mean(frame(grey) > 127)
    images = [image for image, share in ((255 - grey, light), (grey, 1 - light)) if share > CLOSE]
    return [replace(steps, shapes=(1, 0), image=image) for image in images]


def find_ink(picture: np.ndarray) -> dict[str, np.ndarray | float]:
    """Return the stages that a picture of one digit and a page of digits have in common."""
    grey = choose_grey(picture)
    corners = find_sheet(grey)
    if corners is None:
        contrast = contrast_with_paper(grey)
        ink, ink_contrast = separate_ink(contrast)
        ink = without_rules(ink)
    else:
        sheet, inside, rows, columns = cut_out(grey, corners)
        contrast = np.zeros(grey.shape, np.float32)
        contrast[rows, columns] = np.where(inside, contrast_with_paper(sheet), 0)
        part, ink_contrast = separate_ink(contrast[rows, columns])
        ink = np.zeros_like(grey)
        ink[rows, columns] = without_rim(without_rules(part), inside)
    return {
        "picture": picture,
        "grey": grey,
        "contrast": contrast,
        "ink": ink,
        "ink_contrast": ink_contrast,
        "sheet": corners,
    }


@dataclass(frozen=True, eq=False)
class Found:
    """Where the digit is in the ink.

    Attributes:
        box: (left, top, width, height) in pixels.
        mask: array (height, width), bool: which pixels in the box belong to the digit.
        shapes: how many separate large pieces of ink are inside the box and outside of it.
    """

    box: tuple[int, int, int, int]
    mask: np.ndarray
    shapes: tuple[int, int]


def find_digit(ink: np.ndarray) -> Found | None:
    """Find the digit in the ink: the largest piece and those near it, without dust and edges.

    A pen that skips, or a photo in black and white, cuts a digit into pieces, so all pieces close
    to the largest belong to it.

    Args:
        ink: array (h, w), uint8, 0 is paper.

    Returns:
        The digit's place, or None where there is no ink.
    """
    labels, stats = pieces(ink)
    count = len(stats)
    if count < 2:
        return None
    left, top, width, height, area = stats.T
    right, bottom = left + width, top + height
    candidates = np.arange(1, count)
    size = np.maximum(width, height)
    inside = candidates[~along_edge(labels, stats)[1:]]
    if len(inside) and size[inside].max() >= LEAST_INSIDE * min(ink.shape):
        candidates = inside  # what runs along the frame is the table or the sheet's edge
    candidates = candidates[area[candidates] >= SPECK * area[candidates].max()]
    first = candidates[np.argmax((area * size)[candidates])]
    members = np.array([first])
    while True:  # grow the digit by the pieces close to it
        x0, y0 = left[members].min(), top[members].min()
        x1, y1 = right[members].max(), bottom[members].max()
        reach = NEAR * max(x1 - x0, y1 - y0)
        gap_x = np.maximum(0, np.maximum(left - x1, x0 - right))
        gap_y = np.maximum(0, np.maximum(top - y1, y0 - bottom))
        near = candidates[np.maximum(gap_x, gap_y)[candidates] <= reach]
        if len(near) == len(members):
            break
        members = near
    box = int(x0), int(y0), int(x1 - x0), int(y1 - y0)
    own = np.isin(labels[y0:y1, x0:x1], members)
    large = candidates[size[candidates] >= LARGE * size[first]]
    inside_box = int(np.isin(large, members).sum())
    return Found(box, with_soft_edge(own), (inside_box, len(large) - inside_box))


def digit_box(ink: np.ndarray) -> tuple[int, int, int, int] | None:
    """Return the box (left, top, width, height) around the digit, leaving dust outside.

    Args:
        ink: array (h, w), uint8, 0 is paper.

    Returns:
        The box in pixels, or None where there is no ink.
    """
    found = find_digit(ink)
    return found and found.box


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
    middle = SIDE // 2  # MNIST's digits have their centre of mass in row 14 and column 14
    left = round(middle - moments["m10"] / moments["m00"])
    top = round(middle - moments["m01"] / moments["m00"])
    left, top = np.clip([left, top], 0, [SIDE - width, SIDE - height])
    field = np.zeros((SIDE, SIDE), np.uint8)
    field[top : top + height, left : left + width] = fitted
    return field
