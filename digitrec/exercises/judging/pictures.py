"""Pictures to try learners' functions on, what is right for them, and what often goes wrong.

Every picture is enlarged by an odd factor from a small one, so that all interpolations of OpenCV
bring back the same pixels, and none is preferred.
"""

from collections.abc import Callable
from functools import partial

import cv2
import numpy as np

FIGURES = {  # lines of points (x, y); on 20 pixels for the longer side
    "seven": (13, 20, [(1, 1), (11, 1), (5, 18)]),
    "dash": (20, 8, [(1, 6), (18, 1)]),
    "hook": (15, 20, [(13, 1), (1, 4), (12, 9), (12, 17), (2, 18)]),
    "bar": (6, 20, [(1, 3), (4, 1), (4, 18)]),
}


def drawn(name: str) -> np.ndarray:
    """Return a figure, light on 0, that reaches all four sides; some ink is only half as strong."""
    width, height, points = FIGURES[name]
    ink = np.zeros((height, width), np.uint8)
    cv2.polylines(ink, [np.array(points)], False, 255, 2)
    ink[: height // 3] //= 2
    return ink


def on_a_sheet(ink: np.ndarray, factor: int, top: int, left: int, around: int) -> np.ndarray:
    """Return a white sheet with enlarged ink on it, dark."""
    large = np.kron(ink, np.ones((factor, factor), np.uint8))
    height, width = large.shape
    sheet = np.full((top + height + around, left + width + 2 * around), 255, np.uint8)
    sheet[top : top + height, left : left + width] -= large
    return sheet


def in_colours(name: str, paper: tuple, ink: tuple) -> np.ndarray:
    """Return an RGB picture of a figure with a wide frame of empty paper."""
    inked = np.pad(drawn(name) > 0, 8)
    return np.where(inked[:, :, np.newaxis], ink, paper).astype(np.uint8)


SHEETS = (
    (on_a_sheet(drawn("seven"), 3, 12, 20, 9),),
    (on_a_sheet(drawn("dash"), 5, 30, 7, 4),),
    (on_a_sheet(drawn("hook"), 3, 5, 33, 21),),
    (on_a_sheet(drawn("bar"), 7, 16, 40, 2),),
)
FITTED = tuple((drawn(name),) for name in ("seven", "hook", "bar", "dash"))
BOARDS_AND_SHEETS = (
    (in_colours("hook", (40, 70, 50), (230, 230, 220)),),
    (in_colours("seven", (255, 255, 255), (0, 0, 0)),),
    (in_colours("bar", (190, 190, 180), (40, 40, 150)),),
    (in_colours("dash", (90, 85, 80), (250, 250, 250)),),
)


def boxed_and_fitted(grey: np.ndarray) -> np.ndarray:
    """Return what is right for `fit_ink`, by OpenCV's own box and Pillow's means of blocks."""
    from PIL import Image

    ink = cv2.bitwise_not(grey)
    left, top, width, height = cv2.boundingRect(ink)
    longer = max(width, height)
    size = (round(20 * width / longer), round(20 * height / longer))
    cut = Image.fromarray(ink).crop((left, top, left + width, top + height))
    return np.asarray(cut.resize(size, Image.Resampling.BOX))


def centred_by_moments(ink: np.ndarray) -> np.ndarray:
    """Return what is right for `centre_ink`, by OpenCV's moments, moved by OpenCV."""
    moments = cv2.moments(ink)
    right = round(14 - moments["m10"] / moments["m00"])
    down = round(14 - moments["m01"] / moments["m00"])
    return cv2.warpAffine(ink, np.array([[1.0, 0, right], [0, 1.0, down]]), (28, 28))


def light_ink(picture: np.ndarray) -> np.ndarray:
    """Return what is right for `ink_of`, told by the frame of the picture."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    frame = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    return cv2.bitwise_not(grey) if frame.mean() > 127 else grey


# what often goes wrong; how large, is told whichever way it was resized

WAYS = (cv2.INTER_AREA, cv2.INTER_LINEAR)


def in_both_ways(wrong: Callable[..., np.ndarray], hint: str) -> tuple:
    """Return a mistake for either interpolation, which it takes as `way`, with its hint."""
    return tuple((partial(wrong, way=way), hint) for way in WAYS)


def cut_to_ink(ink: np.ndarray, end: int = 1) -> np.ndarray:
    rows, columns = np.nonzero(ink)
    return ink[rows.min() : rows.max() + end, columns.min() : columns.max() + end]


def to_twenty(ink: np.ndarray, swapped: bool = False, way: int = cv2.INTER_AREA) -> np.ndarray:
    height, width = (round(20 * side / max(ink.shape)) for side in ink.shape)
    size = (height, width) if swapped else (width, height)
    return cv2.resize(ink, size, interpolation=way)


def squashed(ink: np.ndarray, way: int) -> np.ndarray:
    return cv2.resize(ink, (20, 20), interpolation=way)


def laid(ink: np.ndarray, top: int, left: int) -> np.ndarray:
    image = np.zeros((28, 28), ink.dtype)
    image[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    return image


def mass(ink: np.ndarray) -> tuple[float, float]:
    rows, columns = np.indices(ink.shape)
    return float((rows * ink).sum() / ink.sum()), float((columns * ink).sum() / ink.sum())


def by_mass(ink: np.ndarray, middle: float) -> np.ndarray:
    row, column = mass(ink)
    return laid(ink, round(middle - row), round(middle - column))


def swapped_mass(ink: np.ndarray) -> np.ndarray:
    row, column = mass(ink)
    return laid(ink, round(14 - column), round(14 - row))


def grey_of(picture: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)


def always_inverted(picture: np.ndarray) -> np.ndarray:
    return 255 - grey_of(picture)


def the_wrong_ones(picture: np.ndarray) -> np.ndarray:
    return 255 - light_ink(picture)


def pixel_by_pixel(picture: np.ndarray) -> np.ndarray:
    grey = grey_of(picture)
    return np.where(grey > 127, 255 - grey, grey)
