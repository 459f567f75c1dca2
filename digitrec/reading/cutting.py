"""Joining the pieces of a digit, and cutting digits that touch, as the network believes."""

from collections.abc import Callable

import cv2
import numpy as np

from digitrec.reading.digit import LEAST_CONFIDENCE, Reading
from digitrec.reading.marks import Mark, distance, together, trimmed
from digitrec.reading.pieces import MASK

SMALL = 0.35  # of a digit's height; a smaller mark is a piece of a digit, or dust
CLOSE = 0.3  # of a digit's height; marks at most so far apart may be one digit
WIDE = 0.75  # of its height; a wider mark may be several digits that touch
SPLIT = 0.6  # of the height of a mark; a part that is lower is a piece of a digit
NARROW = 0.4  # of its height; parts narrower than this on average are the strokes of a letter
TALLEST = 1.7  # of a digit's height; two marks that are larger together are two digits
WIDEST = 1.3  # of its height; a part that is wider is several digits
SLIMMEST = 0.1  # of a digit's height; a part that is narrower is a sliver
CUT_STEP = 0.12  # of a digit's height; places to cut lie at least so far apart
CUTS = 7  # the most places at which a wide mark may be cut
Reader = Callable[[list[Mark]], list[Reading]]


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
            and max(together(one, other).ink.shape) <= TALLEST * height
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
        if (start, stop) == (0, wide)
        or SLIMMEST * height <= stop - start <= WIDEST * max(high, height)
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
    step = max(2, round(CUT_STEP * height))
    places = []
    for column in np.argsort(amount, kind="stable"):
        inside = step <= column <= len(amount) - step
        if inside and all(abs(column - place) >= step for place in places):
            places.append(int(column))
        if len(places) == CUTS:
            break
    return sorted(places)
