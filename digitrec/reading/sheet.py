"""Finding a sheet of paper that lies on a desk: what is beside it is not written on."""

import cv2
import numpy as np

from digitrec.reading.pictures import reduce
from digitrec.reading.pieces import pieces, with_soft_edge

SEARCHED = 256  # pixels of the longer side; a sheet needs no finer detail
SMALLEST_PICTURE = 100  # pixels of the shorter side; nobody photographs a desk in fewer
STROKES = 9  # pixels of the reduced picture; strokes and rules are thinner, and are filled first
STEP = 10  # grey levels from pixel to pixel; at a sheet's edge there is more, in its light less
LEAST_SHEET = 0.1  # of the picture
MOST_SHEET = 0.97  # of the picture; more is the paper itself
FULL = 0.9  # of its outline's area; a sheet has no bays
AREAS = 3  # the desk, too, can be one large even area, and a shadow's edge can part it
STRAIGHT = 0.7  # of its outline; what a sheet's four longest sides make up at least
DARKER = 8  # grey levels, by which the desk is darker than the sheet just inside its edge
AROUND = 0.8  # of the sheet's edge, along which that has to be so
DESK = 0.94  # of a sheet's brightness at most; beyond a crease it is hardly another
BEYOND = (5, 10, 16)  # pixels of the reduced picture from the sheet's edge
BLACK = 0.45  # of a sheet's brightness; along its only side, what is lighter may be a shadow
AT_FRAME = 3  # pixels of the reduced picture
LEAST_SIDE = 0.15  # of the picture's longer side
MOST_INK = 0.25  # of a sheet; a block of print is no board
LEAST_BRIGHTNESS = 80  # of a sheet, and of a board in its negative
RIM = 0.015  # of the sheet's longer side, in from its outline
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
        most, middle = (BLACK if len(sides) == 1 else DESK), corners.mean(axis=0)
        if (
            cv2.contourArea(outline) >= FULL * area
            and len(sides) >= least_sides
            and (len(sides) > 1 or area >= calm.size / 2)
            and all(is_edge(side, calm, middle, most) for side in sides)
            and 0 < written[inside].mean() <= MOST_INK
            and np.median(grey[inside]) >= LEAST_BRIGHTNESS
        ):
            return corners.astype(np.float32)
    return None


def sides_inside(corners: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Return which straight sides of an outline are inside the picture.

    Args:
        corners: array (n, 2), x and y.
        shape: of the picture.

    Returns:
        Array (m, 2, 2): where each of those sides begins and ends; none if the outline is round.
    """
    ends = np.stack([corners, np.roll(corners, -1, axis=0)], axis=1).astype(float)
    length = np.linalg.norm(ends[:, 1] - ends[:, 0], axis=1)
    if np.sort(length)[-4:].sum() < STRAIGHT * length.sum():
        return ends[:0]
    middle = ends.mean(axis=1)
    far = np.minimum(middle, np.array(shape[::-1]) - 1 - middle).min(axis=1)
    return ends[(far > AT_FRAME) & (length >= LEAST_SIDE * max(shape))]


def is_edge(side: np.ndarray, calm: np.ndarray, middle: np.ndarray, most: float) -> bool:
    """Return whether it is darker beyond a side of a sheet, near to it and further out.

    Args:
        side: array (2, 2): where it begins and ends.
        calm: array (h, w), uint8: the picture without its strokes.
        middle: array (2,): a place on the sheet.
        most: how bright the desk may be as a share of the sheet.

    Returns:
        Whether it is the edge of a sheet, and neither a crease nor a fold.
    """
    along = side[0] + (side[1] - side[0]) * np.linspace(0.1, 0.9, 40)[:, np.newaxis]
    normal = np.array([side[1, 1] - side[0, 1], side[0, 0] - side[1, 0]])
    normal /= np.linalg.norm(normal)
    if (middle - side[0]) @ normal > 0:
        normal = -normal
    limit = np.array(calm.shape[::-1]) - 1

    def brightness(out: float) -> np.ndarray:
        x, y = np.clip(np.rint(along + out * normal), 0, limit).astype(int).T
        return calm[y, x].astype(np.float32)

    sheet = np.max([brightness(out) for out in (-4, -8)], axis=0)
    desk = np.max([brightness(out) for out in BEYOND], axis=0)
    darker = desk <= np.minimum(sheet - DARKER, most * sheet)
    return bool(darker.mean() >= AROUND)


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


def without_rim(ink: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Take pieces of ink away that lie along the outline of a sheet: its bent edge, its shadow.

    Args:
        ink: array (h, w), uint8.
        inside: array (h, w), bool: where the sheet is.

    Returns:
        Array (h, w), uint8.
    """
    wide = 2 * max(1, round(RIM * max(ink.shape))) + 1
    bordered = np.pad(inside.astype(np.uint8), 1)
    rim = inside & (cv2.erode(bordered, np.ones((wide, wide), np.uint8))[1:-1, 1:-1] == 0)
    labels, stats = pieces(ink)
    on_rim = np.bincount(labels[rim], minlength=len(stats)) >= 0.5 * stats[:, cv2.CC_STAT_AREA]
    on_rim[0] = False
    return np.where(with_soft_edge(on_rim[labels]), 0, ink).astype(np.uint8)
