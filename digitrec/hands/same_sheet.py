"""Whether two readings are of one sheet, and one reading made of both."""

from dataclasses import replace

import numpy as np

from digitrec.hands.written import Written

# Measured on twelve simulated hands, each with two sheets of ten of each digit, the first of them
# photographed twice, and again on twelve others by `benchmarks/same_sheet.py`. How much boxes
# differ does not decide alone: 0.02 to 0.15 between two photos of a sheet, and 0.16 to 0.39 between
# two sheets of a hand. Which box is nearest does: beyond chance, 82% to 99% of the digits are
# nearest to their own box on the other photo, of the ten of their kind, and at most 7% to the same
# box of another sheet.
MOST_DIFFERENT = 0.25  # the middle difference of all boxes
MOST_DIFFERENT_ALONE = 0.15  # the same, where each digit was asked for once
LEAST_FOUND = 0.4  # of the digits that are nearest to their own box, beyond those by chance
FEW = 12  # boxes that tell most pairs of sheets apart, before all are compared
OTHER_INK = 0.35  # of one box: more than a second photo makes, so it was written on or over
EARLIER_ONLY = "only an earlier photo shows it"
CHANGED = "looks unlike the one that was decided on"


def difference(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return how different images are, one by one: their grey levels that do not overlap.

    Args:
        first: array (n, 28, 28), uint8 0-255.
        second: likewise; each is laid over its first one in nine places, a pixel apart.

    Returns:
        Array (n,), float 0-1: 0 for the same, 1 where nothing overlaps.

    >>> dot, shifted = np.zeros((2, 1, 28, 28), np.uint8)
    >>> dot[0, 14, 14], shifted[0, 14, 15] = 255, 255
    >>> difference(dot, shifted), difference(dot, np.roll(dot, 3))
    (array([0.]), array([1.]))
    """
    first = first.astype(np.int16)
    padded = np.pad(second.astype(np.int16), ((0, 0), (1, 1), (1, 1)))
    height, width = first.shape[1:]
    apart = [
        np.abs(first - padded[:, down : down + height, right : right + width]).sum(axis=(1, 2))
        for down in range(3)
        for right in range(3)
    ]
    ink = first.sum(axis=(1, 2)) + padded.sum(axis=(1, 2))
    return np.min(apart, axis=0) / np.maximum(ink, 1)


def common(first: Written, second: Written) -> tuple[np.ndarray, np.ndarray]:
    """Return the places, in each, of the digits that stand in the same boxes: two arrays of int."""
    _, here, there = np.intersect1d(first.numbers, second.numbers, return_indices=True)
    return here, there


def is_same_sheet(first: Written, second: Written) -> bool:
    """Return whether two readings with one source are of one sheet, box by box.

    Copies of one printed sheet have one source, too; the handwriting tells them apart.
    """
    here, there = common(first, second)
    if not len(here):
        return False
    ours, theirs, asked = first.images[here], second.images[there], first.asked[here]
    several = len(np.unique(asked)) < len(asked)
    most = MOST_DIFFERENT if several else MOST_DIFFERENT_ALONE
    for step in (-(-len(here) // FEW), 1):
        if np.median(difference(ours[::step], theirs[::step])) > most:
            return False
    return not several or found_again(ours, theirs, asked) >= LEAST_FOUND


def found_again(ours: np.ndarray, theirs: np.ndarray, asked: np.ndarray) -> float:
    """Return how many digits are nearest to those in their own boxes, of all that were asked alike.

    A steady hand writes two sheets that differ little; but on another sheet, a digit is as near to
    any other of its kind.

    Args:
        ours: array (n, 28, 28), uint8.
        theirs: those in the same boxes.
        asked: array (n,): what the boxes ask for, not each another digit.

    Returns:
        Their share beyond what chance makes: 0 for chance, 1 where each is nearest to its own.
    """
    found, kinds = 0, np.unique(asked)
    for digit in kinds:
        own, others = ours[asked == digit], theirs[asked == digit]
        apart = [difference(np.broadcast_to(image, others.shape), others) for image in own]
        found += int((np.argmin(apart, axis=1) == np.arange(len(own))).sum())
    by_chance = len(kinds)  # one of each kind
    return (found - by_chance) / (len(ours) - by_chance)


def merged(older: Written, newer: Written) -> Written:
    """Return a newer reading of a sheet with what an older one knows beyond it.

    Images, doubts and empty boxes are those of the newer one. What a reader decided on the older
    one holds, unless the newer one was decided on, too. A digit that only the older one has stays,
    as a doubtful one.

    Args:
        older: what is there.
        newer: of the same sheet.

    Returns:
        The newer one, completed.
    """
    here, there = common(older, newer)
    labels, kept, doubts = newer.labels.copy(), newer.kept.copy(), list(newer.doubts)
    seen = set(newer.seen)
    apart = difference(older.images[here], newer.images[there])
    for old, new, different in zip(here, there, apart, strict=True):
        number = int(newer.numbers[new])
        asked_alike = newer.asked[new] == older.asked[old]  # else undone at the pad, and anew
        if number in newer.seen or not (asked_alike and was_decided(older, old)):
            continue
        labels[new], kept[new] = older.labels[old], older.kept[old]
        doubts[new] = CHANGED if different > OTHER_INK else older.doubts[old]
        seen.add(number)
    newer = replace(newer, labels=labels, kept=kept, doubts=tuple(doubts))
    only = np.flatnonzero(~np.isin(older.numbers, newer.numbers))
    seen |= set(older.seen) & set(older.numbers[only].tolist())
    return replace(completed(older, newer, only), seen=tuple(sorted(seen)))


def was_decided(written: Written, place: int) -> bool:
    """Return whether a reader decided on a digit: it was looked at, relabelled or dropped."""
    relabelled = written.kept[place] and written.labels[place] != written.asked[place]
    dropped = not written.kept[place] and not written.doubts[place]
    return int(written.numbers[place]) in written.seen or bool(relabelled or dropped)


def completed(older: Written, newer: Written, only: np.ndarray) -> Written:
    """Return the newer reading with those digits of the older one, by place, that it has not."""
    numbers = np.concatenate([newer.numbers, older.numbers[only]])
    order = np.argsort(numbers)

    def both(name: str) -> np.ndarray:
        return np.concatenate([getattr(newer, name), getattr(older, name)[only]])[order]

    doubts, boxes = [*newer.doubts, *(older.doubts[place] for place in only)], None
    if newer.boxes is not None:
        for i, place in enumerate(only, len(newer)):
            doubts[i] = doubts[i] or ("" if was_decided(older, place) else EARLIER_ONLY)
        unknown = np.full((len(only), 4, 2), np.nan, np.float32)  # in another photo
        boxes = np.concatenate([newer.boxes, unknown])[order]
    return replace(
        newer,
        images=both("images"),
        asked=both("asked"),
        labels=both("labels"),
        kept=both("kept"),
        doubts=tuple(doubts[i] for i in order),
        numbers=numbers[order],
        boxes=boxes,
        empty=tuple(number for number in newer.empty if number not in numbers),
    )
