"""Dividing handwriting into what a network learns from and what judges it, without a leak.

The digits of one sheet were written with one pen, by one hand, in one hour, and photographed in one
light. Divided digit by digit at random, nearly every digit that judges has near copies among those
that are learned from: the network is asked about what it has seen, and the result is too good for
the next sheet, and far too good for the next writer. So whole sheets stay together, and where the
question is how unseen writers are read, all that a writer wrote.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from digitrec.hands.folder import Hands
from digitrec.hands.same_sheet import MOST_DIFFERENT, difference
from digitrec.mnist import Digits

ADVICE = {  # where a side is empty
    "writer": "Choose some of the writers, not none and not all. Of one writer alone, choose some "
    "of the sheets, with split_by_sheet.",
    "sheet": "Choose some of the sheets, not none and not all. If there is one alone, write on "
    "another, or at the pad once more.",
}


@dataclass(frozen=True, eq=False)
class Split:
    """Handwriting in two parts.

    Attributes:
        by: "writer" or "sheet": what is never on both sides.
        learn: the digits to learn from.
        judge: those kept apart, to measure on.
        learn_writers: who wrote each of the first, array (n,) of str.
        judge_writers: who wrote each of the others, likewise.
        learn_sheets: what each of the first was written on, array (n,) of str.
        judge_sheets: likewise.
    """

    by: str
    learn: Digits
    judge: Digits
    learn_writers: np.ndarray
    judge_writers: np.ndarray
    learn_sheets: np.ndarray
    judge_sheets: np.ndarray


def split_by_writer(hands: Hands, writers_to_learn: Iterable[str]) -> Split:
    """Learn from some writers, and judge on the others how unseen hands are read.

    Args:
        hands: from `load_hands`.
        writers_to_learn: pen names or numbers, as in `hands.writers`.

    Returns:
        The two sides; no writer, sheet or image is on both.

    Raises:
        ValueError: a writer is not there, a side is empty, or there is a leak; see `check_split`.
    """
    return divided(hands, "writer", hands.writers, writers_to_learn)


def split_by_sheet(hands: Hands, sheets_to_learn: Iterable[str]) -> Split:
    """Learn from some sheets, and judge on the others how the next sheet of these hands is read.

    Args:
        hands: from `load_hands`.
        sheets_to_learn: as in `hands.sheets`; a turn at the pad is one, too.

    Returns:
        The two sides; no sheet or image is on both.

    Raises:
        ValueError: a sheet is not there, a side is empty, or there is a leak; see `check_split`.
    """
    return divided(hands, "sheet", hands.sheets, sheets_to_learn)


def divided(hands: Hands, by: str, names: np.ndarray, to_learn: Iterable[str]) -> Split:
    """Divide handwriting by the names of writers or sheets, and check that nothing leaks."""
    to_learn = {to_learn} if isinstance(to_learn, str) else set(to_learn)
    there = set(names.tolist())
    if missing := to_learn - there:
        raise ValueError(
            f"There is no {by} {listed(missing)}. There are: {listed(there) or 'none at all'}."
        )
    learned = np.isin(names, sorted(to_learn))
    split = Split(
        by,
        hands.digits[learned],
        hands.digits[~learned],
        hands.writers[learned],
        hands.writers[~learned],
        hands.sheets[learned],
        hands.sheets[~learned],
    )
    check_split(split)
    return split


def check_split(split: Split) -> None:
    """Check that what judges was not learned from.

    A writer, where the split is by writer, or a sheet that is on both sides is a leak; so is an
    image, also one that was moved by some pixels, and a sheet that is there under two names, told
    by its handwriting. Copies of one printed sheet that others wrote on are none.

    Args:
        split: from `split_by_writer` or `split_by_sheet`, or put together by hand.

    Raises:
        ValueError: a side is empty, or there is a leak; the message says which, and what to do.
    """
    for what, digits in (("learn from", split.learn), ("judge with", split.judge)):
        if not len(digits):
            raise ValueError(f"There are no digits to {what}. {ADVICE[split.by]}")
    ours, theirs = (
        (split.learn_writers, split.judge_writers)
        if split.by == "writer"
        else (split.learn_sheets, split.judge_sheets)
    )
    if both := set(ours.tolist()) & set(theirs.tolist()):
        raise ValueError(
            f"{split.by.capitalize()} {listed(both)} is on both sides: the network would be judged "
            f"on what it learned. Put each {split.by} on one side, with split_by_{split.by}."
        )
    check_images_apart(split)
    check_sheets_apart(split)


def check_images_apart(split: Split) -> None:
    """Raise a ValueError where an image is on both sides, moved or not."""
    learned = {ink_of(image): place for place, image in enumerate(split.learn.images)}
    twins = [
        (learned[ink], place)
        for place, ink in enumerate(map(ink_of, split.judge.images))
        if ink in learned
    ]
    if twins:
        first, second = twins[0]
        raise ValueError(
            f"{len(twins):,} of the images are on both sides, the first of them from "
            f"{split.learn_sheets[first]} of {split.learn_writers[first]} and from "
            f"{split.judge_sheets[second]} of {split.judge_writers[second]}. Put both on one side, "
            "or leave one of them out."
        )


def ink_of(image: np.ndarray) -> tuple[tuple[int, ...], bytes]:
    """Return an image as something to compare that is the same wherever its ink lies."""
    rows, columns = (np.flatnonzero(image.any(axis=axis)) for axis in (1, 0))
    if len(rows):
        image = image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return image.shape, image.tobytes()


def check_sheets_apart(split: Split) -> None:
    """Raise a ValueError where two photos of one sheet are on the two sides, under two names."""
    for sheet in sorted(set(split.learn_sheets.tolist()) & set(split.judge_sheets.tolist())):
        ours, theirs = split.learn_sheets == sheet, split.judge_sheets == sheet
        for first in np.unique(split.learn_writers[ours]):
            for second in np.unique(split.judge_writers[theirs]):
                learned = split.learn[ours & (split.learn_writers == first)]
                judged = split.judge[theirs & (split.judge_writers == second)]
                if looks_copied(learned, judged):
                    raise ValueError(
                        f"{sheet} is on both sides, as written by {first} and by {second}. Read "
                        "its photo again with the right name, and delete the file of the other."
                    )


def looks_copied(learned: Digits, judged: Digits) -> bool:
    """Return whether most digits that judge have a second photo of themselves among the others."""
    nearest = np.ones(len(judged))
    for place, (image, label) in enumerate(zip(judged.images, judged.labels, strict=True)):
        others = learned.images[learned.labels == label]
        if len(others):
            copies = np.broadcast_to(image, others.shape)
            nearest[place] = difference(copies, others).min()
    return float(np.median(nearest)) <= MOST_DIFFERENT


def listed(names: Iterable[str]) -> str:
    """Return names as a text, the first twelve of them."""
    names = sorted(names)
    more = f" and {len(names) - 12:,} more" if len(names) > 12 else ""
    return ", ".join(names[:12]) + more
