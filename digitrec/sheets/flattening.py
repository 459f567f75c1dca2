"""From a place on the sheet in millimetres to its place in the photo: perspective and curl."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import cv2
import numpy as np

from digitrec.sheets.layout import HEIGHT, WIDTH, marker_corners

SCALE = 6  # pixels per mm of a flattened sheet; a photo of 2,048 pixels has no more
STEP = 2  # mm between the places that are computed; between them the paper is as good as flat
UNIT = 100.0  # mm; with numbers near 1 the equations of the spline are solved exactly
STIFFNESS = 1e-4  # of the spline; bends of the paper pass, one corner found wrongly does not


@dataclass(frozen=True, eq=False)
class Flattening:
    """Where each place of a sheet is in its photo.

    Attributes:
        homography: array (3, 3): from mm on the sheet to pixels of the photo, were it flat.
        bend: from places on the sheet, array (n, 2) in UNIT, to how many pixels of the photo each
            is off because the paper is not flat, array (n, 2).
    """

    homography: np.ndarray
    bend: Callable[[np.ndarray], np.ndarray]

    def in_photo(self, places: np.ndarray) -> np.ndarray:
        """Return where places on the sheet are in the photo.

        Args:
            places: array (..., 2): x and y in mm.

        Returns:
            Array (..., 2), float: x and y in pixels of the photo.
        """
        flat = np.asarray(places, float).reshape(-1, 2)
        return (projected(self.homography, flat) + self.bend(flat / UNIT)).reshape(places.shape)

    def flattened(
        self, photo: np.ndarray, corner=(0.0, 0.0), size=(WIDTH, HEIGHT), scale: int = SCALE
    ) -> np.ndarray:
        """Return a part of the sheet as if it were photographed from above.

        Args:
            photo: array (h, w) or (h, w, 3), uint8.
            corner: left and top of the part in mm.
            size: its width and height in mm, whole multiples of STEP.
            scale: pixels per mm.

        Returns:
            Array (height x scale, width x scale) or the same with 3 colours, uint8.
        """
        wide, high = (round(side / STEP) for side in size)
        columns, rows = np.meshgrid(np.arange(-1, wide + 1), np.arange(-1, high + 1))
        nodes = np.stack([columns, rows], axis=-1) * STEP + STEP / 2 + np.array(corner)
        coarse = self.in_photo(nodes).astype(np.float32)
        step = STEP * scale
        maps = cv2.resize(coarse, None, fx=step, fy=step, interpolation=cv2.INTER_LINEAR)
        maps = np.ascontiguousarray(maps[step:-step, step:-step])
        return cv2.remap(photo, maps, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def flattening(markers: Mapping[int, np.ndarray]) -> Flattening:
    """Lay a sheet through the corners of its markers.

    Args:
        markers: by number, the corners in pixels of the photo, array (4, 2).

    Returns:
        Where each place of the sheet is.
    """
    corners = marker_corners()
    places = np.concatenate([corners[number] for number in markers])
    pixels = np.concatenate(list(markers.values())).astype(float)
    homography, _ = cv2.findHomography(places, pixels)
    bend = thin_plate_spline(places / UNIT, pixels - projected(homography, places), STIFFNESS)
    return Flattening(homography, bend)


def projected(homography: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Return where a homography takes places, array (n, 2), float."""
    return cv2.perspectiveTransform(places[np.newaxis].astype(float), homography)[0]


def thin_plate_spline(
    places: np.ndarray, values: np.ndarray, stiffness: float = 0.0
) -> Callable[[np.ndarray], np.ndarray]:
    """Return the surface through some values that bends as little as a thin plate of steel would.

    Args:
        places: array (n, 2), at least three that are not in a line.
        values: array (n, k).
        stiffness: at 0 it goes through every value; the more, the flatter.

    Returns:
        A function from places, array (m, 2), to values, array (m, k).

    Source: F. L. Bookstein, "Principal warps: thin-plate splines and the decomposition of
    deformations", IEEE Transactions on Pattern Analysis and Machine Intelligence 11, 1989.
    """
    count = len(places)
    plane = np.column_stack([np.ones(count), places])
    equations = np.zeros((count + 3, count + 3))
    equations[:count, :count] = springs(places, places) + stiffness * np.eye(count)
    equations[:count, count:] = plane
    equations[count:, :count] = plane.T
    known = np.concatenate([values, np.zeros((3, values.shape[1]))])
    weights = np.linalg.solve(equations, known)

    def surface(wanted: np.ndarray) -> np.ndarray:
        terms = np.column_stack([springs(wanted, places), np.ones(len(wanted)), wanted])
        return terms @ weights

    return surface


def springs(places: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return r² log r for the distance r of each place from each other, array (m, n)."""
    squares = ((places[:, np.newaxis] - others) ** 2).sum(axis=-1)
    return squares * np.log(np.where(squares > 0, squares, 1.0)) / 2
