"""The stages from a picture to the network's input, as small pictures with words."""

from collections.abc import Sequence

import cv2
import numpy as np

from digitrec.figures import WRONG
from digitrec.reading.preparation import Steps

SIDE = 300  # pixels, in which lines are drawn; twice as many as on the screen
LINE = 4  # pixels of SIDE
COLOUR = tuple(bytes.fromhex(WRONG.removeprefix("#")))


def stages(steps: Steps) -> list[tuple[str, np.ndarray, str]]:
    """Return every stage in order.

    Args:
        steps: the way of one picture.

    Returns:
        For each stage its name, a picture of it, and what is seen there. Pictures are uint8, (h, w)
        with 0 for paper and 255 for ink, or (h, w, 3) RGB.
    """
    sheet = [] if steps.sheet is None else [steps.sheet]
    outline = [] if steps.box is None else [corners(*steps.box)]
    fitted = f"{steps.fitted.shape[0]}x{steps.fitted.shape[1]}"
    side = len(steps.image)
    removed = np.clip(np.abs(steps.contrast), 0, 255).astype(np.uint8)
    cross = [[(side / 2, 0), (side / 2, side)], [(0, side / 2), (side, side / 2)]]
    return [
        ("picture", steps.picture, "The picture, upright"),
        (
            "grey",
            with_lines(255 - steps.grey, sheet),
            f"Its brightness{', the sheet outlined' * len(sheet)}",
        ),
        ("paper removed", removed, "What differs from the paper"),
        ("ink, and its box", with_lines(steps.ink, outline), "The ink, a box around the digit"),
        (f"fitted, {fitted}", steps.fitted, f"The digit in the box, made {fitted} pixels"),
        ("centred, 28x28", with_lines(steps.image, cross), "Its centre of mass in the middle"),
    ]


def corners(left: int, top: int, width: int, height: int) -> list[tuple[int, int]]:
    """Return the corners of a box, around."""
    right, bottom = left + width, top + height
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def with_lines(image: np.ndarray, lines: Sequence[Sequence[tuple[float, float]]]) -> np.ndarray:
    """Draw an image as ink on paper, and closed lines over it.

    Args:
        image: array (h, w), uint8, 0 is paper and 255 is ink.
        lines: for each its points (x, y) in pixels of the image.

    Returns:
        Array (h, w, 3), uint8, RGB, whose longer side is `SIDE` pixels.
    """
    scale = SIDE / max(image.shape)
    size = [max(1, round(length * scale)) for length in reversed(image.shape)]
    enlarged = cv2.INTER_NEAREST if scale > 1 else cv2.INTER_AREA
    paper = cv2.cvtColor(255 - cv2.resize(image, size, interpolation=enlarged), cv2.COLOR_GRAY2RGB)
    for line in lines:
        points = np.rint(np.asarray(line) * scale).astype(np.int32)
        cv2.polylines(paper, [points], True, COLOUR, LINE, cv2.LINE_AA)
    return paper
