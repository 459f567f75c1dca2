"""Finding a sheet of paper that lies on a desk: what is beside it is not written on."""

import cv2
import numpy as np

from digitrec.reading.light import reduce

SEARCHED = 256  # pixels of the longer side; a sheet needs no finer detail
SMALLEST_PICTURE = 100  # pixels of the shorter side; nobody photographs a desk in fewer
STROKES = 9  # pixels of the reduced picture; strokes and rules are thinner, and are filled first
STEP = 10  # grey levels from pixel to pixel; at a sheet's edge there is more, in its light less
LEAST_SHEET = 0.1  # of the picture
MOST_SHEET = 0.97  # of the picture; more is the paper itself
FULL = 0.9  # of its outline's area; a sheet has no bays
AREAS = 3  # the desk, too, can be one large even area, and a shadow's edge can part it
STRAIGHT = 0.8  # of its outline; what a sheet's four longest sides make up at least
DARKER = 8  # grey levels, by which the desk is darker than the sheet just inside its edge
AROUND = 0.8  # of the sheet's edge, along which that has to be so
DESK = 0.92  # of a sheet's brightness at most; beyond a crease it is hardly another
BLACK = 0.45  # of a sheet's brightness; along its only side, what is lighter may be a shadow
AT_FRAME = 3  # pixels of the reduced picture
LEAST_SIDE = 0.15  # of the picture's longer side
CLEAR = 20  # grey levels from a stroke on the sheet to its paper


def find_sheet(grey: np.ndarray) -> np.ndarray | None:
    """Find the sheet of paper in a photo that also shows what it lies on.

    The strokes are filled; then the largest area without steps in brightness is the sheet, if its
    outline is made of straight sides, if what is around it is darker, and if something is written
    on it. A single side inside the picture may be the edge of a shadow, unless it is black beyond.

    Args:
        grey: array (h, w), uint8 0-255.

    Returns:
        The corners, array (n, 2), float32, x and y in pixels; or None where the picture shows
        paper alone.
    """
    if min(grey.shape) < SMALLEST_PICTURE:
        return None
    small = cv2.medianBlur(reduce(grey, SEARCHED), 3)
    corners = bright_sheet(small, 1)
    if corners is None:  # a board; only a whole one, for a shadow is dark and straight, too
        corners = bright_sheet(255 - small, 3)
    return None if corners is None else corners * np.float32(grey.shape[1] / small.shape[1])


def bright_sheet(grey: np.ndarray, least_sides: int) -> np.ndarray | None:
    """Find a sheet on a darker desk, so many of whose sides are inside the picture."""
    calm = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((STROKES, STROKES), np.uint8))
    step = cv2.morphologyEx(calm, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats((step < STEP).astype(np.uint8))
    written = (calm.astype(np.int16) - grey) > CLEAR
    for region in 1 + np.argsort(-stats[1:, cv2.CC_STAT_AREA], kind="stable")[:AREAS]:
        outlines, _ = cv2.findContours(
            (labels == region).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
        )
        outline = max(outlines, key=cv2.contourArea)
        hull = cv2.convexHull(outline)
        area = cv2.contourArea(hull)
        if not LEAST_SHEET <= area / calm.size <= MOST_SHEET:
            continue
        corners = cv2.approxPolyDP(hull, 0.015 * cv2.arcLength(hull, True), True)[:, 0]
        sides = sides_inside(corners, calm.shape)
        inside = cv2.erode(filled(corners, calm.shape), np.ones((7, 7), np.uint8)) > 0
        if (
            cv2.contourArea(outline) >= FULL * area
            and sides >= least_sides
            and (sides > 1 or area >= calm.size / 2)
            and lies_on_desk(corners, calm, BLACK if sides == 1 else DESK)
            and written[inside].any()
        ):
            return corners.astype(np.float32)
    return None


def sides_inside(corners: np.ndarray, shape: tuple[int, int]) -> int:
    """Return how many straight sides of an outline are inside the picture; 0 if it is round."""
    sides = np.roll(corners, -1, axis=0) - corners
    length = np.linalg.norm(sides, axis=1)
    if np.sort(length)[-4:].sum() < STRAIGHT * length.sum():
        return 0
    middle = corners + sides / 2
    far = np.minimum(middle, np.array(shape[::-1]) - 1 - middle).min(axis=1)
    return int(((far > AT_FRAME) & (length >= LEAST_SIDE * max(shape))).sum())


def lies_on_desk(corners: np.ndarray, calm: np.ndarray, most: float) -> bool:
    """Return whether it is darker nearly everywhere around a sheet, near to it and further out.

    Args:
        corners: array (n, 2), of the sheet.
        calm: array (h, w), uint8: the picture without its strokes.
        most: how bright the desk may be as a share of the sheet.

    Returns:
        Whether it is a desk.
    """
    mask = filled(corners, calm.shape)
    inner = cv2.erode(mask, np.ones((9, 9), np.uint8))  # the picture's own frame erodes nothing
    sheet = cv2.dilate(calm * inner, np.ones((33, 33), np.uint8)).astype(np.float32)
    for near in (5, 13):
        ring = cv2.dilate(mask, np.ones((near + 4, near + 4), np.uint8))
        ring = ring - cv2.dilate(mask, np.ones((near, near), np.uint8)) > 0
        darker = calm[ring] <= np.minimum(sheet[ring] - DARKER, most * sheet[ring])
        if ring.any() and darker.mean() < AROUND:
            return False
    return True


def filled(corners: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Return an array of a shape that is 1 inside of an outline and 0 around it."""
    return cv2.fillConvexPoly(np.zeros(shape, np.uint8), np.rint(corners).astype(np.int32), 1)


def cut_out(grey: np.ndarray, corners: np.ndarray) -> tuple[np.ndarray, np.ndarray, slice, slice]:
    """Cut a sheet out of a picture, with what is around it in the brightness of its paper.

    Args:
        grey: array (h, w), uint8 0-255.
        corners: array (n, 2), from `find_sheet`.

    Returns:
        The sheet, array (high, wide), uint8; array (high, wide), bool, where it is the sheet; and
        the rows and the columns of the picture that it was cut from.
    """
    left, top, wide, high = cv2.boundingRect(np.rint(corners).astype(np.int32))
    right, bottom = min(left + wide, grey.shape[1]), min(top + high, grey.shape[0])
    left, top = max(left, 0), max(top, 0)
    rows, columns = slice(top, bottom), slice(left, right)
    part = grey[rows, columns]
    inside = filled(corners - [left, top], part.shape)
    few, known = reduce(part, 64).astype(np.float32), reduce(inside * np.float32(1), 64)
    near = (16, 16)
    around = cv2.blur(few * known, near) / np.maximum(cv2.blur(known, near), 1e-3)
    empty = np.where(cv2.blur(known, near) > 0.02, around, np.median(part[inside > 0]))
    paper = cv2.resize(empty.astype(np.float32), part.shape[::-1])
    return np.where(inside > 0, part, np.rint(paper)).astype(np.uint8), inside > 0, rows, columns
