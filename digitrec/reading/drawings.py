"""Drawings made in the browser: strokes, the ink they leave, and files of labelled ones.

`digitrec/browser/drawing.js` leaves the same ink to the last grey level, so that the browser and
Python read the same drawing.
"""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from digitrec.bounds import LARGEST_DRAWINGS, MOST_POINTS
from digitrec.mnist import Digits
from digitrec.paths import project_path
from digitrec.reading.preparation import prepare_digit

FIELD_SIDE = 280  # units of a field, whatever its size on the screen
PEN = 22  # units, the width of its round tip
MARGIN = 20  # units of paper around the field, so that no stroke runs along the frame
FORMAT = "digitrec drawings"

Strokes = Sequence[Sequence[tuple[float, float]]]


def draw_strokes(strokes: Strokes) -> np.ndarray:
    """Draw strokes in black on white paper, each pixel as dark as the pen covers it.

    Args:
        strokes: for each stroke its points (x, y), 0-280, from the upper left corner of the field.

    Returns:
        Array (320, 320), uint8, 255 is paper: the field and 20 pixels of paper around it.

    Raises:
        ValueError: a stroke has no points, or one that is not in the field.

    >>> paper = draw_strokes([[(140, 40), (140, 240)]])
    >>> int(paper[160, 160]), int(paper[160, 100])
    (0, 255)
    """
    side = FIELD_SIDE + 2 * MARGIN
    cover = np.zeros((side, side))
    for stroke in strokes:
        points = points_of(stroke) + MARGIN
        for start, end in zip(points[[0, *range(len(points) - 1)]], points, strict=True):
            add_segment(cover, start, end)
    return 255 - np.floor(255 * cover + 0.5).astype(np.uint8)


def points_of(stroke: Sequence[tuple[float, float]]) -> np.ndarray:
    """Return the points of a stroke as an array (n, 2), float 0-280, n at least 1."""
    try:
        points = np.asarray(stroke, float)
    except (OverflowError, TypeError, ValueError):
        points = np.empty(0)
    usual = points.ndim == 2 and points.shape[1] == 2 and len(points) > 0
    if not usual or not ((points >= 0) & (points <= FIELD_SIDE)).all():
        raise ValueError(
            f"A stroke came as {stroke!s:.60}, expected points (x, y) of 0-{FIELD_SIDE}, at "
            "least one, such as [(140, 40), (140, 240)]."
        )
    return points


def add_segment(cover: np.ndarray, start: np.ndarray, end: np.ndarray) -> None:
    """Draw one piece of a stroke.

    Args:
        cover: array (h, w), float 0-1: how much of each pixel the pen covers; changed in place.
        start: array (2,), x and y in pixels.
        end: array (2,), likewise; the same point leaves a dot.
    """
    reach = PEN / 2 + 1
    low = np.clip(np.floor(np.minimum(start, end) - reach), 0, None).astype(int)
    high = np.ceil(np.maximum(start, end) + reach).astype(int) + 1
    part = cover[low[1] : high[1], low[0] : high[0]]
    rows, columns = np.indices(part.shape)
    x, y = columns + low[0] + 0.5 - start[0], rows + low[1] + 0.5 - start[1]
    along, down = end - start
    length = along**2 + down**2
    share = np.clip((x * along + y * down) / length, 0, 1) if length else 0.0
    distance = np.sqrt((x - share * along) ** 2 + (y - share * down) ** 2)
    np.maximum(part, np.clip(PEN / 2 + 0.5 - distance, 0, 1), out=part)


def load_drawings(path: str | Path) -> Digits:
    """Load labelled drawings that were saved in the browser, prepared for the network.

    Args:
        path: the JSON file; a relative path starts at the project folder.

    Returns:
        An image and a label for each drawing, in their order.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: the file is damaged or holds something else.
    """
    path = project_path(path)
    if not path.is_file():
        raise FileNotFoundError(f"There are no drawings at {path}. Save them on the page first.")
    if path.stat().st_size > LARGEST_DRAWINGS:
        raise ValueError(
            f"{path.name} has more than {LARGEST_DRAWINGS // 1_000_000} MB, so it holds something "
            "else. Expected a file that the page saved."
        )
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path.name} is no JSON file ({error}). Save it again.") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ValueError(
            f'{path.name} has no line "format": "{FORMAT}", so it holds something else. Expected '
            "a file that the page saved."
        )
    drawings = content.get("drawings")
    if not isinstance(drawings, list):
        raise ValueError(f"{path.name} has no list of drawings. Save it again.")
    images, labels = [], []
    for number, drawing in enumerate(drawings, 1):
        if not is_drawing(drawing):
            raise ValueError(
                f"{path.name}: drawing {number} is not a label 0-9 with strokes of points (x, y), "
                f"0-{FIELD_SIDE}. Take it out or save the file again."
            )
        images.append(prepare_digit(draw_strokes(drawing["strokes"])).image)
        labels.append(drawing["label"])
    return Digits(np.array(images, np.uint8).reshape(-1, 28, 28), np.array(labels, np.uint8))


def is_drawing(drawing: object) -> bool:
    """Return whether something from a file is a label and strokes of points within the field."""
    if not isinstance(drawing, dict) or type(drawing.get("label")) is not int:
        return False
    strokes = drawing.get("strokes")
    known = 0 <= drawing["label"] <= 9 and are_strokes(strokes)
    return known and sum(map(len, strokes)) <= MOST_POINTS


def are_strokes(strokes: object) -> bool:
    """Return whether something from outside is a list of strokes, at least one, none empty."""
    return (
        isinstance(strokes, list)
        and bool(strokes)
        and all(isinstance(stroke, list) and stroke for stroke in strokes)
        and all(is_point(point) for stroke in strokes for point in stroke)
    )


def is_point(point: object) -> bool:
    """Return whether something from outside is a point within the field."""
    return (
        isinstance(point, list)
        and len(point) == 2
        and all(type(x) in (int, float) and 0 <= x <= FIELD_SIDE for x in point)
    )
