"""What is doubtful about the content of a box, in words."""

import numpy as np

from digitrec.networks import NOT_A_DIGIT
from digitrec.reading import LEAST_CONFIDENCE, percent, with_article
from digitrec.sheets.boxes import Cut

CROSSED_OUT = "crossed out"
FAINT = 24.0  # grey levels between paper and ink; below, the paper's own grain may be in the image


def doubt(cut: Cut, asked: int, probabilities: np.ndarray) -> str:
    """Say what is doubtful about a box; "" where nothing is.

    Args:
        cut: what is in it.
        asked: what was to be written, 0-9.
        probabilities: array (11,): what the network in the box answers, the last "not a digit".
    """
    digit = int(probabilities[:NOT_A_DIGIT].argmax())
    confidence = float(probabilities[digit])
    if is_crossed_out(cut, probabilities):
        return CROSSED_OUT
    if probabilities[NOT_A_DIGIT] > confidence:
        return "looks like no digit"
    if digit != asked:
        return f"looks like {with_article(digit)}, sure to {percent(confidence)}"
    if cut.shapes[1]:
        return "more than one thing is written here"
    if cut.touches:
        return "touches the ink of another box"
    if cut.leaves:
        return "leaves its box"
    if cut.ink_contrast < FAINT:
        return "faint"
    if confidence < LEAST_CONFIDENCE:
        return "hard to read"
    return ""


def is_crossed_out(cut: Cut, probabilities: np.ndarray) -> bool:
    """Return whether a digit was crossed out: no digit any more, with more strokes than any has."""
    return bool(probabilities[NOT_A_DIGIT] > 0.5 and cut.strokes > 3.5)
