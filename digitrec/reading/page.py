"""Reading several digits in one picture: find the marks, cut and join them, order them in rows."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from digitrec.networks import predict
from digitrec.reading.digit import LEAST_CONFIDENCE, Reading, boxed_model, interpret
from digitrec.reading.pictures import load_picture
from digitrec.reading.preparation import MASK, Steps, along_edge, centre, find_ink, fit

if TYPE_CHECKING:
    import keras

SMALL = 0.35  # of a digit's height; a smaller mark is a piece of a digit, or dust
PIECE = 0.08  # of a digit's height; a smaller mark is dust
CLOSE = 0.3  # of a digit's height; marks at most so far apart may be one digit
WIDE = 0.75  # of its height; a wider mark may be several digits that touch
SPLIT = 0.6  # of the height of a mark; a part that is lower is a piece of a digit
NARROW = 0.4  # of its height; parts narrower than this on average are the strokes of a letter
CUTS = 7  # the most places at which a wide mark may be cut


@dataclass(frozen=True, eq=False)
class Mark:
    """Ink that may be a digit, a part of one, or several that touch.

    Attributes:
        left: pixels from the left side of the picture.
        top: pixels from its top.
        ink: array (h, w), uint8: the ink of this mark alone.
    """

    left: int
    top: int
    ink: np.ndarray

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Left, top, width and height in pixels."""
        height, width = self.ink.shape
        return self.left, self.top, width, height


Reader = Callable[[list[Mark]], list[Reading]]


@dataclass(frozen=True, eq=False)
class Page:
    """What a network says about a picture of several digits.

    Attributes:
        picture: array (h, w, 3), uint8 0-255, RGB.
        rows: the marks that were read, row by row from the top, each from left to right; also
            those that look like no digit.
    """

    picture: np.ndarray
    rows: tuple[tuple[Reading, ...], ...]

    @property
    def readings(self) -> tuple[Reading, ...]:
        """Every mark in the order of reading; the box of each is `reading.box`."""
        return tuple(reading for row in self.rows for reading in row)

    @property
    def text(self) -> str:
        """The digits, one line a row; what looks like no digit is left out."""
        lines = ("".join(str(r.digit) for r in row if r.is_digit) for row in self.rows)
        return "\n".join(line for line in lines if line)


def read_page(image: str | Path | bytes | np.ndarray, model: "keras.Model | None" = None) -> Page:
    """Read all digits in a picture, in rows.

    Args:
        image: a path, the bytes of a picture file, or an array; see `load_picture`.
        model: a network from (n, 28, 28) uint8 images to (n, 10) or (n, 11) probabilities; None
            takes the one in the box.

    Returns:
        The picture and its digits. Without any ink, no rows.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: the picture cannot be read.

    Source: cutting at many places and letting the recogniser choose is "heuristic
    over-segmentation", Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-based learning applied
    to document recognition", 1998, section V.
    """
    stages = find_ink(load_picture(image))
    network = model or boxed_model()

    def read(marks: list[Mark]) -> list[Reading]:
        if not marks:
            return []
        steps = [prepare_mark(stages, mark) for mark in marks]
        probabilities = predict(network, np.stack([step.image for step in steps]))
        return [interpret(step, row) for step, row in zip(steps, probabilities, strict=True)]

    marks, height = find_marks(stages["ink"])
    marks = join(marks, height, read)
    marks = [part for mark in marks for part in cut(mark, height, read)]
    readings = read([mark for mark in marks if max(mark.ink.shape) >= SMALL * height])
    return Page(stages["picture"], in_rows(readings))


def prepare_mark(stages: dict, mark: Mark) -> Steps:
    """Return the stages of a mark up to the network's input."""
    fitted = fit(mark.ink)
    return Steps(**stages, box=mark.box, shapes=(1, 0), fitted=fitted, image=centre(fitted))


def find_marks(ink: np.ndarray) -> tuple[list[Mark], float]:
    """Find the connected pieces of ink that are larger than dust.

    Args:
        ink: array (h, w), uint8, 0 is paper.

    Returns:
        The marks, and the usual height of a digit in pixels.
    """
    count, labels, stats, _ = cv2.connectedComponentsWithStats((ink > MASK).astype(np.uint8))
    size = stats[:, 2:4].max(axis=1)
    chosen = np.arange(1, count)[~along_edge(labels, stats)[1:]]
    if len(chosen) == 0:
        return [], 0.0
    # dust is many and small: what is at least two fifths of the tall marks has a digit's height
    tall = np.sort(size[chosen])[-max(1, min(len(chosen), 20)) :]
    usual = size[chosen][size[chosen] >= 0.4 * np.median(tall[-5:])]
    height = float(np.median(usual))
    marks = []
    for label in chosen[size[chosen] >= max(2, PIECE * height)]:
        left, top, wide, high, _ = stats[label]
        own = cv2.dilate(
            (labels[top : top + high, left : left + wide] == label).astype(np.uint8),
            np.ones((3, 3), np.uint8),
        )
        piece = np.where(own > 0, ink[top : top + high, left : left + wide], 0)
        marks.append(Mark(int(left), int(top), piece))
    return marks, height


def join(marks: list[Mark], height: float, read: Reader) -> list[Mark]:
    """Put the pieces of a digit together: the roof of a 5, a stroke that the pen skipped.

    A piece too small to be a digit joins the nearest mark. Two larger ones become one where the
    network believes in the whole more than in its parts.

    Args:
        marks: connected pieces of ink.
        height: the usual height of a digit in pixels.
        read: gives the readings of some marks.

    Returns:
        The marks, fewer of them.
    """
    large = [mark for mark in marks if max(mark.ink.shape) >= SMALL * height]
    for piece in sorted(marks, key=lambda mark: -mark.ink.size):
        if max(piece.ink.shape) < SMALL * height and large:
            nearest = min(large, key=lambda mark: distance(mark, piece))
            if distance(nearest, piece) <= CLOSE * height / 2:
                large[large.index(nearest)] = together(nearest, piece)
    while True:
        pairs = [
            (one, other)
            for i, one in enumerate(large)
            for other in large[i + 1 :]
            if distance(one, other) <= CLOSE * height
            and max(together(one, other).ink.shape) <= 1.7 * height
        ]
        if not pairs:
            return large
        wholes = [together(*pair) for pair in pairs]
        readings = read([*wholes, *large])
        believed = {id(m): r.confidence for m, r in zip(large, readings[len(pairs) :], strict=True)}
        gains = [
            reading.confidence - min(believed[id(one)], believed[id(other)])
            for reading, (one, other) in zip(readings, pairs, strict=False)
        ]
        best = int(np.argmax(gains))
        if gains[best] <= 0 or readings[best].confidence < LEAST_CONFIDENCE:
            return large
        large = [mark for mark in large if mark not in pairs[best]] + [wholes[best]]


def distance(one: Mark, other: Mark) -> int:
    """Return how many pixels lie between two marks' boxes; 0 where they overlap."""
    (x, y, width, height), (u, v, wide, high) = one.box, other.box
    return max(0, u - x - width, x - u - wide, v - y - height, y - v - high)


def together(one: Mark, other: Mark) -> Mark:
    """Return two marks as one."""
    left, top = min(one.left, other.left), min(one.top, other.top)
    right = max(mark.left + mark.ink.shape[1] for mark in (one, other))
    bottom = max(mark.top + mark.ink.shape[0] for mark in (one, other))
    ink = np.zeros((bottom - top, right - left), np.uint8)
    for mark in (one, other):
        x, y = mark.left - left, mark.top - top
        part = ink[y : y + mark.ink.shape[0], x : x + mark.ink.shape[1]]
        np.maximum(part, mark.ink, out=part)
    return Mark(left, top, ink)


def cut(mark: Mark, height: float, read: Reader) -> list[Mark]:
    """Cut digits that touch apart where the network believes in the parts more than in the whole.

    Args:
        mark: ink that may be several digits.
        height: the usual height of a digit in pixels.
        read: gives the readings of some marks.

    Returns:
        The mark alone, or its parts from left to right.
    """
    high, wide = mark.ink.shape
    if wide < WIDE * min(high, height) or read([mark])[0].is_sure:
        return [mark]
    places = [0, *cut_places(mark.ink, height), wide]
    spans = [
        (start, stop)
        for i, start in enumerate(places)
        for stop in places[i + 1 :]
        if (start, stop) == (0, wide) or 0.1 * height <= stop - start <= 1.3 * max(high, height)
    ]
    parts = [trimmed(mark, start, stop) for start, stop in spans]
    kept = [
        (span, part)
        for span, part in zip(spans, parts, strict=True)
        if part is not None and part.ink.shape[0] >= SPLIT * high
    ]
    readings = read([part for _, part in kept])
    belief = {
        span: (np.log(max(reading.confidence, 1e-6)), part)
        for (span, part), reading in zip(kept, readings, strict=True)
    }
    best: dict[int, tuple[float, list[Mark]]] = {0: (0.0, [])}
    for stop in places[1:]:  # the best way to reach each place, from left to right
        ways = [
            (best[start][0] + belief[start, stop][0], [*best[start][1], belief[start, stop][1]])
            for start in places
            if start in best and (start, stop) in belief
        ]
        if ways:
            best[stop] = max(ways, key=lambda way: way[0])
    parts = best[wide][1] if wide in best else [mark]
    return parts if wide >= NARROW * high * len(parts) else [mark]


def cut_places(ink: np.ndarray, height: float) -> list[int]:
    """Return the columns at which touching digits may be cut: those with the least ink around."""
    amount = cv2.blur((ink > MASK).sum(axis=0, keepdims=True).astype(np.float32), (3, 1))[0]
    step = max(2, round(0.12 * height))
    places = []
    for column in np.argsort(amount, kind="stable"):
        inside = step <= column <= len(amount) - step
        if inside and all(abs(column - place) >= step for place in places):
            places.append(int(column))
        if len(places) == CUTS:
            break
    return sorted(places)


def trimmed(mark: Mark, start: int, stop: int) -> Mark | None:
    """Return the columns from start to stop of a mark, without empty margins."""
    ink = mark.ink[:, start:stop]
    rows, columns = np.nonzero(ink > MASK)
    if len(rows) == 0:
        return None
    top, left = rows.min(), columns.min()
    part = ink[top : rows.max() + 1, left : columns.max() + 1]
    return Mark(mark.left + start + int(left), mark.top + int(top), part)


def in_rows(readings: list[Reading]) -> tuple[tuple[Reading, ...], ...]:
    """Order readings in rows from the top, each from left to right; a row may rise or fall.

    From left to right, each reading goes on with the row whose last digits lie at its height.
    """
    rows: list[list[Reading]] = []
    for reading in sorted(readings, key=middle_x):
        height = max(reading.box[2:])
        offsets = [abs(middle_y(reading) - level(row, reading)) for row in rows]
        if offsets and min(offsets) <= 0.7 * height:
            rows[int(np.argmin(offsets))].append(reading)
        else:
            rows.append([reading])
    rows.sort(key=lambda row: np.mean([middle_y(reading) for reading in row]))
    return tuple(tuple(row) for row in rows)


def level(row: list[Reading], reading: Reading) -> float:
    """Return at which height a row arrives at a reading, if it goes on rising or falling."""
    slopes = [
        (middle_y(b) - middle_y(a)) / (middle_x(b) - middle_x(a))
        for a, b in pairwise(row)
        if middle_x(b) - middle_x(a) > 0.3 * max(a.box[2:])
    ]
    slope = float(np.clip(np.median(slopes), -0.4, 0.4)) if len(slopes) >= 2 else 0.0
    last = row[-3:]
    return float(np.mean([middle_y(r) + slope * (middle_x(reading) - middle_x(r)) for r in last]))


def middle_x(reading: Reading) -> float:
    """Return the column of the middle of a reading's box."""
    return reading.box[0] + reading.box[2] / 2


def middle_y(reading: Reading) -> float:
    """Return the row of pixels of the middle of a reading's box."""
    return reading.box[1] + reading.box[3] / 2
