"""Cut-outs of a photo: what stands in one box of a sheet, seen from straight above."""

import cv2
import numpy as np

from digitrec.sheets.layout import BOX

AROUND = 0.35  # of a box, on each side: ink that leaves a box is seen, too


def cut_out(photo: np.ndarray, corners: np.ndarray, width: int = 168) -> np.ndarray:
    """Return what stands in a box and a little around it, with the perspective taken out.

    Args:
        photo: array (h, w) or (h, w, 3), uint8.
        corners: array (4, 2), pixels of the photo, clockwise from the box's upper left.
        width: pixels, of what is returned.

    Returns:
        An array of that width, as high as a box with its surroundings is, in the colours of the
        photo.
    """
    height = round(width * BOX[1] / BOX[0])
    left, top = AROUND / (1 + 2 * AROUND) * np.array([width, height])
    inside = [[left, top], [width - left, top], [width - left, height - top], [left, height - top]]
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), np.float32(inside))
    return cv2.warpPerspective(
        photo, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
