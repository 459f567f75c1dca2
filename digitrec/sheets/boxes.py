"""Cutting the boxes of a sheet: which ink belongs to which box."""

from dataclasses import dataclass

import cv2
import numpy as np

from digitrec.reading.ink import separate_ink
from digitrec.reading.pieces import MASK
from digitrec.reading.preparation import centre, find_digit, fit
from digitrec.sheets.flattening import SCALE
from digitrec.sheets.layout import FRAME, box_corners
from digitrec.sheets.paper import Ink

LEAST_CONTRAST = 14.0  # grey levels by which ink differs from its paper
NOISE_LEVELS = 5.0  # times the paper's grain, likewise
LEAST_SIZE = 1.2  # mm, the longer side of what is no dust
REACH = 4.5  # mm around a box, within which its ink is followed
OUTSIDE = 1.0  # mm beyond the frame; ink that goes further has left its box
SHARED = 0.25  # of the ink inside boxes, from which a piece belongs to two of them
SOFT_EDGE = 2  # pixels around the surely inked ones, which hold the soft edge of a stroke


@dataclass(frozen=True, eq=False)
class Cut:
    """What is in one box.

    Attributes:
        number: of the box, counted from 0.
        image: array (28, 28), uint8: prepared as everything is.
        ink: array (h, w), uint8: the ink of this box alone, SCALE pixels per mm.
        ink_contrast: grey levels between paper and ink.
        shapes: how many separate large pieces of ink belong to the digit, and how many do not.
        leaves: whether its ink goes on beyond the frame.
        touches: whether it is connected with the ink of another box.
    """

    number: int
    image: np.ndarray
    ink: np.ndarray
    ink_contrast: float
    shapes: tuple[int, int]
    leaves: bool
    touches: bool

    @property
    def width(self) -> float:
        """How wide its strokes are, in longer sides of what is written."""
        mask = (self.ink > MASK).astype(np.uint8)
        depth = float(cv2.distanceTransform(mask, cv2.DIST_L2, 3)[mask > 0].mean())
        return 4 * depth / max(cv2.boundingRect(mask)[2:])  # depth: from no to half a width

    @property
    def strokes(self) -> float:
        """How long all its strokes are together, likewise."""
        mask = (self.ink > MASK).astype(np.uint8)
        return float(mask.sum()) / max(cv2.boundingRect(mask)[2:]) ** 2 / self.width


def cut_boxes(page: Ink, count: int) -> list[Cut]:
    """Cut the boxes of a sheet.

    A piece of ink belongs whole to the box that has most of it, so what a neighbour's digit
    reaches in stays with the neighbour, and what goes over the frame is not cut off.

    Args:
        page: the ink on the sheet.
        count: how many boxes there are.

    Returns:
        What is in each box that has ink.
    """
    calm = cv2.GaussianBlur(page.contrast, (0, 0), 1.0)
    mask = calm > max(LEAST_CONTRAST, NOISE_LEVELS * page.grain)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    boxes = [box_corners(number) for number in range(count)]
    inside = np.stack([
        np.bincount(labels[page.place(box)].ravel(), minlength=len(stats)) for box in boxes
    ])  # fmt: skip
    inside[:, 0] = 0
    large = stats[:, 2:4].max(axis=1) >= LEAST_SIZE * SCALE
    home = np.where(inside.sum(axis=0) > 0, inside.argmax(axis=0), -1)
    shared = inside >= SHARED * np.maximum(inside.sum(axis=0), 1)
    shared[:, shared.sum(axis=0) < 2] = False
    cuts = []
    for number, box in enumerate(boxes):
        own, between = home == number, shared[number]
        if (large & (own | between)).any():
            cuts.append(cut_box(page, labels, number, box, own & ~between, between))
    return [cut for cut in cuts if cut is not None]


def cut_box(
    page: Ink, labels: np.ndarray, number: int, box: np.ndarray, own: np.ndarray, shared: np.ndarray
) -> Cut | None:
    """Cut one box.

    Args:
        page: the ink on the sheet.
        labels: array (h, w): which piece of ink each pixel belongs to.
        number: of the box.
        box: its corners in mm, array (4, 2).
        own: array (n,), bool: which pieces are its own.
        shared: array (n,), bool: which pieces it has together with another box.

    Returns:
        What is in it; None where that is nothing but dust.
    """
    around = page.place(box, REACH)
    near = labels[around]
    mask = own[near]
    at_home = np.zeros_like(mask)
    rows, columns = page.place(box, FRAME + OUTSIDE)
    top, left = around[0].start, around[1].start
    at_home[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left] = True
    leaves = bool((mask & ~at_home).any())
    mask |= shared[near] & at_home
    soft = np.ones((2 * SOFT_EDGE + 1, 2 * SOFT_EDGE + 1), np.uint8)
    mine = cv2.dilate(mask.astype(np.uint8), soft) > 0
    contrast = np.where(mine & ((near == 0) | mask), page.contrast[around], 0)
    ink, ink_contrast = separate_ink(np.pad(contrast, 3))
    found = find_digit(ink)
    if found is None:
        return None
    left, top, wide, high = found.box
    image = centre(fit(np.where(found.mask, ink[top : top + high, left : left + wide], 0)))
    return Cut(number, image, ink, ink_contrast, found.shapes, leaves, bool(shared.any()))
