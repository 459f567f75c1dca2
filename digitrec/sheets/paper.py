"""What is written on a flattened sheet: the light, the frames and the printed digits taken out."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from digitrec.sheets.flattening import SCALE, Flattening
from digitrec.sheets.layout import (
    BOX,
    COLUMNS,
    FIRST_BOX,
    FRAME,
    PITCH,
    Code,
    box_corners,
    label_corners,
)

MARGIN = (4.0, 6.0)  # mm around all boxes, across and down
LIGHT_SCALE = 3  # so many times smaller, light is told from strokes
WIDEST_STROKE = 15  # pixels of that, 7.5 mm; a box that was scribbled over is not darker paper
BESIDE_FRAME = 0.9  # mm on both sides of a frame's line, within which it may lie
CORNER = 1.2  # mm at both ends of a frame's side, where it bends
LABEL_MARGIN = 0.5  # mm around a printed digit, within which it may lie
DEEPER = 0.9  # of what frames let through; where a side lets through less, it is inked
OPAQUE = 0.05  # of the light; scans of two levels have black frames, and no ink is seen in them
UNSURE = 2.0  # times the usual difference along a side of a frame, which may still be the frame


@dataclass(frozen=True, eq=False)
class Ink:
    """The ink on the part of a sheet that has boxes.

    Attributes:
        contrast: array (h, w), float32, 0-255: how much darker than its paper each pixel is.
        corner: left and top of it in mm.
        grain: how much paper without ink differs from itself, in grey levels.
    """

    contrast: np.ndarray
    corner: tuple[float, float]
    grain: float

    def place(self, corners: np.ndarray, beyond: float = 0.0) -> tuple[slice, slice]:
        """Return the rows and columns of a rectangle, array (4, 2) in mm, and so much around it."""
        return pixels_of(corners, self.corner, beyond)


def ink_on(photo: np.ndarray, sheet: Flattening, code: Code) -> Ink:
    """Return the ink in and around the boxes of a sheet.

    Args:
        photo: array (h, w, 3), uint8, RGB.
        sheet: where each place of the sheet is in it.
        code: which sheet it is.

    Returns:
        The ink, without frames and printed digits.
    """
    corner = FIRST_BOX[0] - MARGIN[0], FIRST_BOX[1] - MARGIN[1]
    across = (COLUMNS - 1) * PITCH[0] + BOX[0] + 2 * MARGIN[0]
    down = (code.rows - 1) * PITCH[1] + BOX[1] + 2 * MARGIN[1]
    size = 2 * np.ceil(np.array([across, down]) / 2)
    page = in_even_light(sheet.flattened(photo, corner, tuple(size)))
    boxes = [box_corners(number) for number in range(code.boxes)]
    contrast = 255 * (1 - without_frames(page, boxes, corner))
    for box in boxes:
        contrast[pixels_of(label_corners(box), corner, LABEL_MARGIN)] = 0
    rough = np.abs(contrast - cv2.blur(contrast, (5, 5)))
    return Ink(contrast, corner, 1.4826 * float(np.median(rough)))


def pixels_of(corners: np.ndarray, origin: tuple, beyond: float = 0.0) -> tuple[slice, slice]:
    """Return the rows and columns of a rectangle in mm, and so much around it."""
    (left, top), (right, bottom) = corners[0] - beyond - origin, corners[2] + beyond - origin
    left, top, right, bottom = (round(edge * SCALE) for edge in (left, top, right, bottom))
    return slice(max(top, 0), bottom), slice(max(left, 0), right)


def in_even_light(page: np.ndarray) -> np.ndarray:
    """Divide the light out of a flattened page: strokes are filled, and what is left is the paper.

    Args:
        page: array (h, w, 3), uint8.

    Returns:
        Array (h, w, 3), float32: 1 is paper.
    """
    size = page.shape[1] // LIGHT_SCALE, page.shape[0] // LIGHT_SCALE
    small = cv2.resize(page, size, interpolation=cv2.INTER_AREA)
    square = np.ones((WIDEST_STROKE, WIDEST_STROKE), np.uint8)
    paper = cv2.morphologyEx(cv2.medianBlur(small, 3), cv2.MORPH_CLOSE, square)
    # at the edge of a shadow the larger picture is sharper; too dark a paper costs nothing there
    paper = cv2.erode(paper, np.ones((3, 3), np.uint8)).astype(np.float32)
    paper -= np.median(paper - small, axis=(0, 1)).astype(np.float32)  # it follows bright grain
    paper = cv2.resize(paper, page.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    return page / np.maximum(paper, 1)


def without_frames(page: np.ndarray, boxes: list, origin: tuple) -> np.ndarray:
    """Divide the printed frames out of a page: ink is on top of them, and lets through its share.

    How much of the light a side of a frame lets through is told by most of its length, where no
    ink crosses it. So it vanishes in colour and in grey, and ink that crosses it stays.

    Args:
        page: array (h, w, 3), float32: 1 is paper.
        boxes: the corners of each box in mm, array (4, 2).
        origin: left and top of the page in mm.

    Returns:
        Array (h, w), float32: 1 is paper. Near frames only red light counts, in which they are as
        bright as paper, and elsewhere whatever shows the ink better, red light or all of it.
    """
    page = np.clip(page, 0, 1)
    red = page[:, :, 0]
    grey = np.minimum(page @ np.array([0.299, 0.587, 0.114], np.float32), red)
    sides = list(frame_sides(boxes, origin))
    profiles = [side_profile(red, *side) for side in sides]
    deepest = DEEPER * np.median([profile.min() for profile in profiles])
    for (place, is_upright), profile in zip(sides, profiles, strict=True):
        lets_through = np.maximum(profile, deepest)
        lets_through = lets_through[np.newaxis] if is_upright else lets_through[:, np.newaxis]
        without = np.minimum(red[place] / np.maximum(lets_through, OPAQUE), 1)
        grey[place] = np.where(lets_through > OPAQUE, without, 1)
    return grey


def frame_sides(boxes: list, origin: tuple) -> Iterator[tuple[tuple[slice, slice], bool]]:
    """Yield the strip around each side of each frame, and whether it runs up and down."""
    for box in boxes:
        outer = box + np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * FRAME / 2
        for first, second, is_upright in ((0, 1, False), (1, 2, True), (3, 2, False), (0, 3, True)):
            ends = np.array([outer[first], outer[first], outer[second], outer[second]])
            yield pixels_of(ends, origin, BESIDE_FRAME), is_upright


def side_profile(red: np.ndarray, place: tuple[slice, slice], is_upright: bool) -> np.ndarray:
    """Return what a side of a frame lets through across its line, at least, array (w,)."""
    strip = red[place] if is_upright else red[place].T
    end = round((CORNER + BESIDE_FRAME) * SCALE)
    middle = np.sort(strip[end:-end], axis=0)
    low, half, high = (middle[round(share * (len(middle) - 1))] for share in (0.35, 0.5, 0.65))
    return half - UNSURE * (high - low)
