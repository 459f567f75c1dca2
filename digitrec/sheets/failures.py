"""Why no sheet can be read in a photo, and what to do, in words for those who took it."""

from collections.abc import Mapping

import cv2
import numpy as np

from digitrec.sheets.flattening import Flattening, projected
from digitrec.sheets.layout import HEIGHT, MARKERS, WIDTH, marker_corners
from digitrec.sheets.markers import FEW, PLACES, completed, find_markers, to_photo

DARK = 60  # grey levels; where hardly anything is brighter, the paper is in the dark
LEAST_SIDE = 700  # pixels of a photo's longer side; in fewer, the squares cannot be told apart
SOFT = 0.08  # of a picture's contrast from pixel to pixel; where no edge is steeper, it is blurred
LEAST_SCALE = 2.25  # pixels per mm of the sheet; measured, digits are lost from 2 on

AGAIN = "Take the photo again, from straight above, with the whole sheet and all eight squares."
TWO_SHEETS = (
    "There is more than one sheet in the photo: some squares are there twice. Photograph each "
    "sheet alone, and put the others aside."
)
MIRRORED = (
    "The photo is mirrored, as selfie cameras make them. Take it with the camera on the back of "
    "the phone, or switch the mirroring off."
)
TOO_DARK = (
    "The photo is too dark: no square of a sheet can be seen in it. Take it again by a window "
    "or under a lamp, without your own shadow on the paper."
)
BLURRED = (
    "The photo is blurred: no square of a sheet can be made out in it. Wipe the camera's lens, "
    "hold it still until the picture is sharp, and take the photo again."
)
NOTHING = (
    "There is no sheet in the photo: not one of the eight black squares of its printed side was "
    f"found. {AGAIN}"
)
CODE_UNREADABLE = (
    "The three small squares at the top, which say which sheet it is, cannot be read. Take care "
    "that nothing covers them and that no lamp shines on them, and take the photo again."
)
NO_INK = (
    "All boxes of the sheet are empty. Write in them with a dark pen, not a red one, and take the "
    "photo again."
)
NO_WRITER = (
    "The sheet was made for nobody in particular, and the photo came without the name of a file. "
    'Say whose it is: read_sheet(photo, writer="a pen name").'
)


def check_alone(found: list[tuple[int, np.ndarray]]) -> None:
    """Raise a ValueError where a marker was found twice."""
    if len({number for number, _ in found}) < len(found):
        raise ValueError(TWO_SHEETS)


def check_complete(grey: np.ndarray, markers: Mapping[int, np.ndarray]) -> None:
    """Raise a ValueError that says why markers are missing in a photo, if any are.

    Args:
        grey: array (h, w), uint8: the photo.
        markers: those that were found, by number.
    """
    missing = [number for number in MARKERS if number not in markers]
    if not missing:
        return
    if max(grey.shape) < LEAST_SIDE:
        raise ValueError(too_small(grey.shape))
    if len(markers) < FEW:
        if is_mirrored(grey):
            raise ValueError(MIRRORED)
        if np.percentile(grey, 95) < DARK:
            raise ValueError(TOO_DARK)
        if is_blurred(grey):
            raise ValueError(BLURRED)
    if not markers:
        raise ValueError(NOTHING)
    places = [PLACES[number] for number in missing]
    named = places[0] if len(places) == 1 else f"{', '.join(places[:-1])} and {places[-1]}"
    squares, are = ("squares", "are") if len(places) > 1 else ("square", "is")
    if are_outside(missing, markers, grey.shape):
        why = f"{are} outside the photo. Go further back, so that all eight are in it"
    else:
        it = "they are" if len(places) > 1 else "it is"
        why = (
            f"{are} not to be seen: {it} covered, bent, in glaring light, blurred or outside the "
            "photo. Take it again, from straight above, with the whole sheet flat"
        )
    raise ValueError(f"The {squares} {named} of the sheet {why}.")


def check_scale(sheet: Flattening, shape: tuple[int, int]) -> None:
    """Raise a ValueError where a sheet is too small in its photo to read digits on it.

    Args:
        sheet: where each place of the sheet is in the photo.
        shape: height and width of the photo.
    """
    edges = sheet.in_photo(np.array([[0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]]))
    lengths = np.linalg.norm(edges - np.roll(edges, -1, axis=0), axis=1)
    if (lengths / [WIDTH, HEIGHT, WIDTH, HEIGHT]).min() < LEAST_SCALE:
        raise ValueError(too_small(shape))


def too_small(shape: tuple[int, int]) -> str:
    """Return what to say of a photo in which a sheet has too few pixels."""
    return (
        f"The sheet is too small in the photo, which has {shape[1]:,} x {shape[0]:,} pixels: "
        f"{HEIGHT * LEAST_SCALE:,.0f} along the sheet are needed at least. Go nearer, and send the "
        "photo itself, not the small copy that messengers make of it."
    )


def is_mirrored(grey: np.ndarray) -> bool:
    """Return whether the photo of a sheet is mirrored."""
    mirrored = np.ascontiguousarray(grey[:, ::-1])
    return len(completed(mirrored, dict(find_markers(mirrored)))) >= FEW


def is_blurred(grey: np.ndarray) -> bool:
    """Return whether there is no steep edge in a picture."""
    steps = np.abs(np.diff(cv2.GaussianBlur(grey, (0, 0), 1.0).astype(np.int16), axis=1))
    low, high = np.percentile(grey, [1, 99])
    return float(np.percentile(steps, 99.9)) < SOFT * max(high - low, 1)


def are_outside(
    missing: list[int], markers: Mapping[int, np.ndarray], shape: tuple[int, int]
) -> bool:
    """Return whether missing markers lie outside the photo, as far as the others can tell."""
    if len(markers) < FEW:
        return False
    corners = np.concatenate([marker_corners()[number] for number in missing])
    x, y = projected(to_photo(markers), corners).T
    outside = (x < 0) | (y < 0) | (x > shape[1] - 1) | (y > shape[0] - 1)
    return bool(outside.reshape(-1, 4).any(axis=1).all())
