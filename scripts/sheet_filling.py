"""Write a sheet full, as people do: mostly inside the boxes, now and then not.

Some boxes stay empty, some are crossed out, in some the ink leaves the box, and some hold another
digit than the one that was asked for. What is in each is known.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from simulated_hands import Generator, SimulatedHand, ink, write
from synthetic_paper import smooth_noise

import digitrec
from digitrec.sheets.layout import BOX, HEIGHT, PAPERS, WIDTH, Code, asked, box_corners

Writing = Callable[[int], np.ndarray]  # from a digit to its ink, (h, w), uint8, at the page's scale
STATES = {"empty": 0.015, "crossed out": 0.015, "leaves its box": 0.015, "another digit": 0.01}
WRITTEN = "written"  # the state of all others
PENS = {  # colours, red, green, blue, 1 is white; how much of the paper the ink covers
    "blue": ((0.1, 0.14, 0.5), 0.95),
    "black": ((0.08, 0.08, 0.1), 0.95),
    "pencil": ((0.3, 0.3, 0.31), 0.75),
}
ROOM = 0.9  # of a box's width and height, what a digit takes at most
CLEAR = 0.7  # mm between a digit and its frame at least, where it stays inside
OUTSIDE = 1.5, 3.5  # mm by which ink leaves its box
ASTRAY = 0.16  # of the box, the standard deviation of a digit's place
CROSSES = {"cross": 0.6, "strikes": 0.2, "scribble": 0.2}  # how people cross out
TONER = 0.1  # brightness of what a printer prints black


@dataclass(frozen=True, eq=False)
class Filled:
    """A page that somebody has written on.

    Attributes:
        page: array (h, w, 3), uint8, RGB: the whole paper.
        code: which sheet it is.
        paper: "A4" or "Letter".
        digits: array (boxes,), int: what is written in each box; -1 in those that are empty.
        states: one per box: `WRITTEN`, or one of `STATES`.
        drawings: one per box: the ink of its digit alone, (h, w), uint8; None where there is none.
    """

    page: np.ndarray
    code: Code
    paper: str
    digits: np.ndarray
    states: tuple[str, ...]
    drawings: tuple[np.ndarray | None, ...]

    @property
    def scale(self) -> np.ndarray:
        """Pixels per mm, across and down."""
        return np.array(self.page.shape[1::-1]) / PAPERS[self.paper]

    def clean_image(self, number: int) -> np.ndarray | None:
        """Return the digit of a box as a network would see it, had there been no paper at all."""
        drawing = self.drawings[number]
        if drawing is None:
            return None
        return digitrec.prepare_digit(255 - np.pad(drawing, len(drawing) // 4)).image


def margins(paper: str) -> np.ndarray:
    """Return how far a sheet's left and upper edges are from those of its paper, in mm, (2,)."""
    return (np.array(PAPERS[paper]) - [WIDTH, HEIGHT]) / 2


def writing(hand: SimulatedHand, generator: Generator, scale: float) -> Writing:
    """Return how a hand writes digits.

    Args:
        hand: who writes.
        generator: the source of what differs from one digit to the next.
        scale: pixels per mm.
    """
    return lambda digit: ink(hand, write(hand, digit, generator), generator, hand.height * scale)


def draw_states(boxes: int, generator: Generator) -> tuple[str, ...]:
    """Return what happens in each box, most of the time nothing special."""
    names, shares = [*STATES, WRITTEN], [*STATES.values(), 1 - sum(STATES.values())]
    return tuple(str(generator.choice(names, p=shares)) for _ in range(boxes))


def fill(
    page: np.ndarray,
    code: Code,
    write_digit: Writing,
    generator: Generator,
    *,
    paper: str = "A4",
    pen: str = "blue",
    pen_width: float = 0.6,
    grey: bool = False,
    states: tuple[str, ...] | None = None,
) -> Filled:
    """Write a sheet full.

    Args:
        page: array (h, w, 3), uint8, RGB, from `sheet_image`; it stays as it is.
        code: which sheet it is.
        write_digit: who writes; see `writing`.
        generator: the source of all chance.
        paper: "A4" or "Letter".
        pen: one of `PENS`.
        pen_width: of what is crossed out, in mm.
        grey: whether the printer has no colours.
        states: what happens in each box; None draws it.

    Returns:
        The page and what is on it.
    """
    states = states or draw_states(code.boxes, generator)
    scale = page.shape[1] / PAPERS[paper][0]
    field = np.zeros(page.shape[:2], np.uint8)
    digits, drawings = np.full(code.boxes, -1), [None] * code.boxes
    for number, state in enumerate(states):
        if state == "empty":
            continue
        digit = asked(number)
        if state == "another digit" or (state == "crossed out" and generator.random() < 0.5):
            digit = int((digit + generator.integers(1, 10)) % 10)
        digits[number] = digit
        low, high = (box_corners(number)[[0, 2]] + margins(paper)) * scale
        drawing = fitted(write_digit(digit), np.array(BOX) * ROOM * scale)
        corner = place(generator, np.array(drawing.shape[::-1]), low, high, scale, state)
        lay(field, drawing, corner)
        drawings[number] = drawing
        if state == "crossed out":
            cross_out(generator, field, low, high, max(2, round(pen_width * scale)))
    printed = page
    if grey:
        printed = np.repeat(cv2.cvtColor(page, cv2.COLOR_RGB2GRAY)[..., None], 3, axis=2)
    written = inked(generator, printed, field, pen)
    return Filled(written, code, paper, digits, states, tuple(drawings))


def fitted(drawing: np.ndarray, room: np.ndarray) -> np.ndarray:
    """Return the ink of a digit without its margin, smaller where its box has no room for it."""
    left, top, width, height = cv2.boundingRect(drawing)
    drawing = drawing[top : top + height, left : left + width]
    share = min(1.0, *(room / [width, height]))
    return cv2.resize(drawing, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)


def place(
    generator: Generator,
    size: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    scale: float,
    state: str,
) -> np.ndarray:
    """Return where the upper left corner of a digit's ink comes to lie, in pixels, (2,), int."""
    corner = (low + high - size) / 2 + ASTRAY * (high - low) * generator.normal(size=2)
    corner = np.clip(corner, low + CLEAR * scale, high - size - CLEAR * scale)
    if state == "leaves its box":
        axis, beyond = generator.integers(2), generator.uniform(*OUTSIDE) * scale
        corner[axis] = (
            low[axis] - beyond if generator.random() < 0.5 else high[axis] - size[axis] + beyond
        )
    return np.rint(corner).astype(int)


def lay(field: np.ndarray, drawing: np.ndarray, corner: np.ndarray) -> None:
    """Lay the ink of a digit on the paper, where other ink may be already."""
    (left, top), (high, wide) = corner, drawing.shape
    part = field[top : top + high, left : left + wide]
    np.maximum(part, drawing[: part.shape[0], : part.shape[1]], out=part)


def cross_out(
    generator: Generator, field: np.ndarray, low: np.ndarray, high: np.ndarray, width: int
) -> None:
    """Cross a box out: with two lines from corner to corner, with some strikes, or a scribble."""
    kind = generator.choice(list(CROSSES), p=list(CROSSES.values()))
    corners = {
        "cross": [[0.1, 0.1], [0.9, 0.9], [np.nan] * 2, [0.9, 0.1], [0.1, 0.9]],
        "strikes": [[0.05, 0.55], [0.95, 0.4], [np.nan] * 2, [0.05, 0.7], [0.95, 0.55]],
        "scribble": [[0.1 + 0.8 * (i % 2), 0.15 + 0.07 * i] for i in range(11)],
    }[kind]
    points = low + (high - low) * (np.array(corners) + generator.normal(0, 0.04, (len(corners), 2)))
    for start, end in pairwise(points):
        if np.isfinite([start, end]).all():
            ends = [np.rint(point).astype(int).tolist() for point in (start, end)]
            cv2.line(field, *ends, 255, width, cv2.LINE_AA)


def inked(generator: Generator, page: np.ndarray, field: np.ndarray, pen: str) -> np.ndarray:
    """Return a printed page with ink on it, (h, w, 3), uint8; a pencil leaves grains of paper."""
    colour, strength = PENS[pen]
    covered = field * np.float32(strength / 255)
    if pen == "pencil":
        grain = page.shape[0] / 1200
        covered *= np.clip(1 + 0.25 * smooth_noise(generator, field.shape, (grain, grain)), 0, 1.2)
    printed = (TONER + (1 - TONER) * page.astype(np.float32) / 255).clip(0, 1)
    printed *= 1 - covered[..., np.newaxis] * (1 - np.array(colour, np.float32))
    return np.rint(printed * 255).astype(np.uint8)
