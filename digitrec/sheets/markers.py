"""Finding the eight markers of a sheet in a photo, and what its three small ones say."""

from collections.abc import Iterator, Mapping
from functools import lru_cache

import cv2
import numpy as np

from digitrec.sheets.flattening import Flattening, projected
from digitrec.sheets.layout import (
    CODE_MARKER,
    CODE_MARKERS,
    MARKER,
    MARKERS,
    QUIET,
    Code,
    marker_corners,
)

PLACES = (  # of the markers, by number
    "in the upper left corner",
    "in the middle of the upper edge",
    "in the upper right corner",
    "in the middle of the right edge",
    "in the lower right corner",
    "in the middle of the lower edge",
    "in the lower left corner",
    "in the middle of the left edge",
)
FEW = 3  # markers from which the places of the others follow well enough to look there
AROUND = 10.0  # mm around the place where a missing marker should be
FINE = 8  # pixels per mm where a marker is looked at closely
FAR_OFF = 8.0  # mm; a marker so far from its place among the others is none; bent paper is not
ALIKE = 0.25  # of the other's area; smaller things that look like the same marker are chance
CODE_FINE = 10  # pixels per mm where the small markers are read
CODE_OFF = 2.5  # mm from its place, within which a small marker is that of the sheet


@lru_cache
def detector(small: bool = False, close: bool = False) -> cv2.aruco.ArucoDetector:
    """Return what finds markers: large or small ones, in a whole photo or in a part of it."""
    kind = cv2.aruco.DICT_6X6_1000 if small else cv2.aruco.DICT_4X4_50
    parameters = cv2.aruco.DetectorParameters()
    parameters.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    parameters.adaptiveThreshWinSizeMax = 53 if close else 33
    parameters.minMarkerPerimeterRate = 0.5 if close else 0.03
    if small:
        parameters.errorCorrectionRate = 0.3  # a sheet must never be taken for another
    return cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(kind), parameters)


def find_markers(grey: np.ndarray) -> list[tuple[int, np.ndarray]]:
    """Find the markers of sheets in a photo.

    Args:
        grey: array (h, w), uint8.

    Returns:
        The number of each and its corners in pixels, array (4, 2), clockwise from the upper left
        of the marker. A number stands there twice if the photo shows two sheets.
    """
    found: list[tuple[int, np.ndarray]] = []
    for way in ways(grey):
        corners, numbers, _ = detector().detectMarkers(way)
        scale = grey.shape[1] / way.shape[1]
        for number, quad in zip(() if numbers is None else numbers.ravel(), corners, strict=True):
            place = (quad[0] + 0.5) * scale - 0.5
            known = [other for same, other in found if same == number]
            if int(number) in MARKERS and not any(is_same(place, other) for other in known):
                found.append((int(number), place))
        if {number for number, _ in found} == set(MARKERS):
            break
    return [
        (number, quad) for number, quad in found
        if cv2.contourArea(quad) >= ALIKE * max(
            cv2.contourArea(other) for same, other in found if same == number)
    ]  # fmt: skip


def ways(grey: np.ndarray) -> Iterator[np.ndarray]:
    """Show a picture as it is, then with more local contrast, sharper, and twice as large."""
    yield grey
    even = cv2.createCLAHE(4.0, (8, 8)).apply(grey)
    yield even
    yield sharpened(even, 2.0)
    if max(grey.shape) <= 1400:
        yield cv2.resize(grey, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)


def sharpened(grey: np.ndarray, width: float) -> np.ndarray:
    """Return a picture with steeper edges (unsharp masking)."""
    return cv2.addWeighted(grey, 2.5, cv2.GaussianBlur(grey, (0, 0), width), -1.5, 0)


def is_same(quad: np.ndarray, other: np.ndarray) -> bool:
    """Return whether two finds are one marker."""
    apart = np.linalg.norm(quad.mean(axis=0) - other.mean(axis=0))
    return bool(apart < np.sqrt(max(cv2.contourArea(quad), 1.0)) / 2)


def completed(grey: np.ndarray, markers: Mapping[int, np.ndarray]) -> dict[int, np.ndarray]:
    """Look for the markers that are missing where the others say that they must be.

    Args:
        grey: array (h, w), uint8.
        markers: by number, the corners in pixels, array (4, 2).

    Returns:
        The markers that stand where they should, and those that were found besides.
    """
    markers = consistent(markers)
    if len(markers) < FEW:
        return markers
    corners = marker_corners()
    homography = to_photo(markers)
    for number in MARKERS.keys() - markers.keys():
        corner = corners[number][0] - AROUND
        side = MARKER + 2 * AROUND
        to_patch = np.array([[FINE, 0, -corner[0] * FINE], [0, FINE, -corner[1] * FINE], [0, 0, 1]])
        back = homography @ np.linalg.inv(to_patch)
        size = round(side * FINE)
        patch = cv2.warpPerspective(
            grey, back, (size, size), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        )
        quad = look_closely(patch, number)
        if quad is not None:
            markers[number] = projected(back, quad).astype(np.float32)
    return consistent(dict(sorted(markers.items())))


def look_closely(patch: np.ndarray, wanted: int) -> np.ndarray | None:
    """Return the corners of a marker in a small picture of its surroundings, or None."""
    blurred = cv2.GaussianBlur(patch, (0, 0), FINE / 4)
    _, two_levels = cv2.threshold(blurred, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    even = cv2.createCLAHE(4.0, (2, 2)).apply(patch)
    for way in (patch, blurred, even, sharpened(patch, FINE), sharpened(even, FINE), two_levels):
        corners, numbers, _ = detector(close=True).detectMarkers(way)
        for number, quad in zip(() if numbers is None else numbers.ravel(), corners, strict=True):
            if number == wanted:
                return quad[0]
    return None


def consistent(markers: Mapping[int, np.ndarray]) -> dict[int, np.ndarray]:
    """Return the markers that stand where the others say; a few letters may look like one."""
    if len(markers) < 2:
        return dict(markers)
    corners = marker_corners()
    places = np.concatenate([corners[number] for number in markers])
    pixels = np.concatenate(list(markers.values())).astype(np.float32)
    homography, _ = cv2.findHomography(pixels, places, cv2.RANSAC, FAR_OFF)
    if homography is None:
        return dict(markers)
    off = np.linalg.norm(projected(homography, pixels) - places, axis=1).reshape(-1, 4).max(axis=1)
    return {
        number: quad for (number, quad), far in zip(markers.items(), off, strict=True)
        if far <= FAR_OFF
    }  # fmt: skip


def to_photo(markers: Mapping[int, np.ndarray]) -> np.ndarray:
    """Return the homography (3, 3) from mm on the sheet to pixels, as if the paper were flat."""
    corners = marker_corners()
    places = np.concatenate([corners[number] for number in markers])
    homography, _ = cv2.findHomography(places, np.concatenate(list(markers.values())))
    return homography


def read_code(grey: np.ndarray, sheet: Flattening) -> Code | None:
    """Read which sheet it is from its three small markers.

    Args:
        grey: array (h, w), uint8: the photo.
        sheet: where each place of the sheet is in it.

    Returns:
        What they say; None where one of them cannot be read, or two looks at it differ.
    """
    numbers = []
    for place in CODE_MARKERS:
        corner = np.array(place) - QUIET
        side = CODE_MARKER + 2 * QUIET
        patch = sheet.flattened(grey, corner, (side, side), CODE_FINE)
        said = set(looks_at_code(patch, (side - 1 / CODE_FINE) / 2))
        if len(said) != 1:
            return None
        numbers += said
    run, writer, rest = numbers
    return Code.of_markers(run, writer, rest)


def looks_at_code(patch: np.ndarray, middle: float) -> Iterator[int]:
    """Yield what a small marker says, looked at in several ways.

    Args:
        patch: array (h, w), uint8, with CODE_FINE pixels per mm: the marker and some paper.
        middle: where its middle should be, in mm, across and down.
    """
    _, two_levels = cv2.threshold(patch, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    upright = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * CODE_MARKER / 2 + middle
    for way in (patch, two_levels, sharpened(patch, CODE_FINE / 2)):
        corners, numbers, _ = detector(small=True, close=True).detectMarkers(way)
        for number, quad in zip(() if numbers is None else numbers.ravel(), corners, strict=True):
            if np.linalg.norm(quad[0] / CODE_FINE - upright, axis=1).max() <= CODE_OFF:
                yield int(number)
