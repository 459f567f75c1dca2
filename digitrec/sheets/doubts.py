"""What is doubtful about the boxes of a sheet, in words."""

import numpy as np

from digitrec.networks import NOT_A_DIGIT
from digitrec.reading import LEAST_CONFIDENCE, percent, with_article
from digitrec.sheets.boxes import Cut
from digitrec.sheets.crossings import find_crossings
from digitrec.sheets.layout import asked

CROSSED_OUT = "crossed out"
WIDTHS = 1.5  # of its strokes, by which straight ones seem longer: a wide pen leaves the line room
CROSS = 0.72  # of the ink's longer side; both strokes of a cross are longer, of digits hardly any
LIKE_CROSS = 0.58  # likewise; 3% of digits have such strokes, in sweeping hands
STRIKE = 0.92  # likewise, for one level stroke through the middle
MANY_STROKES = 2.4  # longer sides of the ink; a scribble has more, of digits hardly any
FAINT = 24.0  # grey levels between paper and ink; below, the paper's own grain may be in the image


def find_doubts(cuts: list[Cut], answers: np.ndarray) -> tuple[str, ...]:
    """Say what is doubtful about each box; "" where nothing is.

    Args:
        cuts: what is in each; at least one.
        answers: array (n, 11): what the network in the box says, the last "not a digit".
    """
    crossings = find_crossings([cut.ink for cut in cuts])
    return tuple(
        doubt(cut, answer, cross - WIDTHS * cut.width, strike)
        for cut, answer, cross, strike in zip(
            cuts, answers, crossings.crosses, crossings.strikes, strict=True
        )
    )


def doubt(cut: Cut, answer: np.ndarray, cross: float, strike: float) -> str:
    """Say what is doubtful about a box.

    Args:
        cut: what is in it.
        answer: array (11,), from the network in the box.
        cross: how long the shorter stroke of a cross through the middle is.
        strike: how long a level stroke through the middle is.
    """
    wanted = asked(cut.number)
    digit = int(answer[:NOT_A_DIGIT].argmax())
    sure, none = float(answer[digit]), float(answer[NOT_A_DIGIT])
    is_struck = cross >= LIKE_CROSS or (strike >= STRIKE and wanted != 4)  # a 4 has one itself
    may_cross_itself = wanted == digit == 8  # drawn as an hourglass, in which case it is read
    if cross >= CROSS and not may_cross_itself:
        return CROSSED_OUT
    if none > sure:
        is_scribble = is_struck or cut.strokes >= MANY_STROKES
        return CROSSED_OUT if is_scribble else "looks like no digit"
    if digit != wanted:
        return f"looks like {with_article(digit)}, sure to {percent(sure)}"
    if is_struck:
        return "may be crossed out"
    if cut.touches:
        return "touches the ink of another box"
    if cut.leaves:
        return "leaves its box"
    if cut.shapes[1]:
        return "has something beside it"
    if cut.ink_contrast < FAINT:
        return "faint"
    if sure < LEAST_CONFIDENCE:
        return "hard to read"
    return ""
