"""What is one digit? The network reads whole and parts, and the more believable is kept."""

from collections.abc import Callable
from itertools import combinations

import numpy as np

from digitrec.bounds import MOST_INK, MOST_TRIED
from digitrec.reading.digit import LEAST_CONFIDENCE, Reading
from digitrec.reading.marks import CLOSE, Mark, box_around, gaps, together, trimmed
from digitrec.reading.pieces import MASK

LARGEST = 1.7  # of a digit's height; marks that are larger together are two digits
MOST_PIECES = 4  # that a pen may break a digit into
STACKED = 0.25  # of the higher one's height; rows lie further apart
MORE = 0.1  # of confidence; a digit of more pieces leaves fewer over
ROUNDS = 3  # of joining; each joins all over the page
WIDE = 0.75  # of its height; a wider mark may be several digits that touch
SPLIT = 0.6  # of the height of a mark; a part that is lower is a piece of a digit
NARROW = 0.4  # of its height; parts narrower than this on average are the strokes of a letter
WIDEST = 1.3  # of its height; a part that is wider is several digits
SLIMMEST = 0.1  # of a digit's height; a part that is narrower is a sliver
CUT_STEP = 0.12  # of a digit's height; places to cut lie at least so far apart
CUTS = 7  # the most places at which a wide mark may be cut

Read = tuple[Mark, Reading]
Reader = Callable[[list[Mark]], list[Read]]


def join(marks: list[Read], height: float, read: Reader) -> list[Read]:
    """Put the pieces of a digit together: the roof of a 5, a stroke that the pen skipped.

    Neighbours become one where the network believes in the whole more than in its parts. What it
    is sure of on both sides stays apart.

    Args:
        marks: marks and their readings.
        height: the usual height of a digit in pixels.
        read: reads some marks in one go.

    Returns:
        The marks and their readings, fewer of them.
    """
    tried: set[frozenset[int]] = set()
    for _ in range(ROUNDS):
        groups = affordable(marks, [
            group for group in neighbours(marks, height)
            if frozenset(id(marks[i][0]) for i in group) not in tried
        ])  # fmt: skip
        if not groups:
            break
        tried |= {frozenset(id(marks[i][0]) for i in group) for group in groups}
        wholes = read([together(*(marks[i][0] for i in group)) for group in groups])
        gains = [
            whole[1].confidence - min(marks[i][1].confidence for i in group)
            for whole, group in zip(wholes, groups, strict=True)
        ]
        used: set[int] = set()
        joined = []
        pieces = np.array([len(group) for group in groups])
        for best in np.argsort(np.array(gains) + MORE * pieces)[::-1]:
            believed = wholes[best][1].confidence >= LEAST_CONFIDENCE
            if gains[best] > 0 and believed and used.isdisjoint(groups[best]):
                used |= set(groups[best])
                joined.append(wholes[best])
        if not joined:
            break
        marks = [mark for i, mark in enumerate(marks) if i not in used] + joined
    return marks


def neighbours(marks: list[Read], height: float) -> list[tuple[int, ...]]:
    """Return which marks may be one digit: near each other and not too large."""
    ink = [mark for mark, _ in marks]
    boxes = np.array([mark.box for mark in ink]).reshape(-1, 4)
    near = [set(np.flatnonzero(gaps(mark.box, boxes) <= CLOSE * height)) - {i}
            for i, mark in enumerate(ink)]  # fmt: skip
    groups = set()
    for i, (_, reading) in enumerate(marks):
        reach = sorted(near[i], key=lambda j: ink[j].ink.size)[: 2 * MOST_PIECES]
        if reading.is_sure:  # a digit above another in the same row is the half of one
            reach = [j for j in reach if stacked(ink[i], ink[j])]
        for count in range(1, MOST_PIECES):
            for others in combinations(reach, count):
                group = tuple(sorted((i, *map(int, others))))
                if max(box_around(boxes[list(group)])[2:]) <= LARGEST * height:
                    groups.add(group)
    return sorted(groups, key=len)


def affordable(marks: list[Read], groups: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Return the first of some groups: no more than may be read, in number and in pixels."""
    boxes, groups = np.array([mark.box for mark, _ in marks]), groups[:MOST_TRIED]
    areas = [np.prod(box_around(boxes[list(group)])[2:]) for group in groups]
    return groups[: int((np.cumsum(areas) <= MOST_INK).sum())]


def stacked(one: Mark, other: Mark) -> bool:
    """Return whether a mark lies above or below another, over most of the narrower one's width."""
    (x, y, width, height), (u, v, wide, high) = one.box, other.box
    apart = max(v - y - height, y - v - high)
    beside = min(x + width, u + wide) - max(x, u)
    return apart <= STACKED * max(height, high) and beside >= min(width, wide) / 2


def cut(marks: list[Read], height: float, read: Reader) -> list[Read]:
    """Cut digits that touch apart where the network believes in the parts more than in the whole.

    Args:
        marks: marks and their readings.
        height: the usual height of a digit in pixels.
        read: reads some marks in one go.

    Returns:
        The marks and their readings, more of them.
    """
    wide = [
        mark for mark, reading in marks
        if not reading.is_sure and mark.ink.shape[1] >= WIDE * min(mark.ink.shape[0], height)
    ]  # fmt: skip
    ways: dict[int, dict[tuple[int, int], Mark]] = {}
    room, ink = MOST_TRIED, MOST_INK
    for mark in wide:
        parts = spans(mark, height)
        room -= len(parts)
        ink -= mark.ink.size + sum(part.ink.size for part in parts.values())
        if room < 0 or ink < 0:
            break
        ways[id(mark)] = parts
    results = iter(read([part for parts in ways.values() for part in parts.values()]))
    done = []
    for mark, reading in marks:
        parts = ways.get(id(mark))
        if parts is None:
            done.append((mark, reading))
            continue
        readings = {span: next(results) for span in parts}
        best = best_way(readings, mark.ink.shape[1], reading)
        enough = mark.ink.shape[1] >= NARROW * mark.ink.shape[0] * len(best)
        done += best if best and enough else [(mark, reading)]
    return done


def spans(mark: Mark, height: float) -> dict[tuple[int, int], Mark]:
    """Return the parts between each two places at which a mark may be cut."""
    high, wide = mark.ink.shape
    places = [0, *cut_places(mark.ink, height), wide]
    parts = {
        (start, stop): trimmed(mark, start, stop)
        for start, stop in combinations(places, 2)
        if (start, stop) != (0, wide)
        and SLIMMEST * height <= stop - start <= WIDEST * max(high, height)
    }
    return {
        span: part for span, part in parts.items()
        if part is not None and part.ink.shape[0] >= SPLIT * high
    }  # fmt: skip


def best_way(readings: dict[tuple[int, int], Read], wide: int, whole: Reading) -> list[Read]:
    """Return the parts from left to right that are the most believable; none if the whole is."""
    best: dict[int, tuple[float, list[Read]]] = {0: (0.0, [])}
    for stop in sorted({stop for _, stop in readings}):
        ways = [
            (best[start][0] + np.log(max(part[1].confidence, 1e-6)), [*best[start][1], part])
            for (start, end), part in readings.items()
            if end == stop and start in best
        ]
        if ways:
            best[stop] = max(ways, key=lambda way: way[0])
    if wide not in best or best[wide][0] <= np.log(max(whole.confidence, 1e-6)):
        return []
    return best[wide][1]


def cut_places(ink: np.ndarray, height: float) -> list[int]:
    """Return the columns at which touching digits may be cut: those with the least ink around."""
    amount = np.convolve((ink > MASK).sum(axis=0), np.ones(3) / 3, mode="same")
    step = max(2, round(CUT_STEP * height))
    places: list[int] = []
    for column in np.argsort(amount, kind="stable"):
        inside = step <= column <= len(amount) - step
        if inside and all(abs(column - place) >= step for place in places):
            places.append(int(column))
        if len(places) == CUTS:
            break
    return sorted(places)
