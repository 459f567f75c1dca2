"""Dividing handwriting into what a network learns from and what judges it, without a leak.

The digits of one sheet were written with one pen, by one hand, in one hour, and photographed in one
light. Divided digit by digit at random, nearly every digit that judges has near copies among those
that are learned from: the network is asked about what it has seen, and the result is too good for
the next sheet, and far too good for the next writer. So whole sheets stay together, and where the
question is how unseen writers are read, all that a writer wrote.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from digitrec.hands.folder import Hands
from digitrec.hands.names import printed_page
from digitrec.hands.same_sheet import is_same_sheet
from digitrec.hands.written import Written
from digitrec.mnist import Digits

ADVICE = {  # where a side is empty
    "writer": "Choose some of the writers, not none and not all. Of one writer alone, choose some "
    "of the sheets, with split_by_sheet.",
    "sheet": "Choose some of the sheets, not none and not all. If there is one alone, write on "
    "another, or at the pad once more.",
}


@dataclass(frozen=True, eq=False)
class Split:
    """Handwriting in two parts; each sheet, and each turn at the pad, is on one side.

    Attributes:
        by: "writer" or "sheet": what is never on both sides.
        learners: the sheets to learn from.
        judges: the sheets that are kept apart, to measure on.
    """

    by: str
    learners: Hands
    judges: Hands

    @property
    def learn(self) -> Digits:
        """The digits to learn from."""
        return self.learners.digits

    @property
    def judge(self) -> Digits:
        """The digits to measure on."""
        return self.judges.digits


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
    return divided(hands, "writer", writers_to_learn)


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
    return divided(hands, "sheet", sheets_to_learn)


def divided(hands: Hands, by: str, to_learn: Iterable[str]) -> Split:
    """Divide handwriting by the names of writers or sheets, and check that nothing leaks."""
    to_learn = {to_learn} if isinstance(to_learn, str) else set(to_learn)
    there = set(names_of(hands, by))
    if missing := to_learn - there:
        raise ValueError(
            f"There is no {by} {listed(missing)}. There are: {listed(there) or 'none at all'}."
        )
    sides: dict[bool, list[Written]] = {True: [], False: []}
    for part, name in zip(hands.parts, names_of(hands, by), strict=True):
        sides[name in to_learn].append(part)
    split = Split(by, Hands(tuple(sides[True])), Hands(tuple(sides[False])))
    check_split(split)
    return split


def names_of(hands: Hands, by: str) -> list[str]:
    """Return the writer, or the source, of each part."""
    return [part.writer if by == "writer" else part.source for part in hands.parts]


def check_split(split: Split) -> None:
    """Check that what judges was not learned from.

    A writer, where the split is by writer, or a sheet that is on both sides is a leak; so is an
    image, also one that was moved by some pixels, and a second photo of a sheet under another name,
    told by the handwriting in its boxes. Copies of one printed sheet that others wrote on are none.

    Args:
        split: from `split_by_writer` or `split_by_sheet`, or put together by hand.

    Raises:
        ValueError: a side is empty, or there is a leak; the message says which, and what to do.
    """
    for what, digits in (("learn from", split.learn), ("judge with", split.judge)):
        if not len(digits):
            raise ValueError(f"There are no digits to {what}. {ADVICE[split.by]}")
    if both := set(names_of(split.learners, split.by)) & set(names_of(split.judges, split.by)):
        raise ValueError(
            f"The {split.by} {listed(both)} is on both sides: the network would be judged by what "
            f"it learned. Put each {split.by} on one side, with split_by_{split.by}."
        )
    check_sheets_apart(split)
    check_images_apart(split)


def check_sheets_apart(split: Split) -> None:
    """Raise a ValueError where two photos of one sheet are on the two sides."""
    for ours in split.learners.parts:
        for theirs in split.judges.parts:
            if printed_page(ours.source) == printed_page(theirs.source) and (
                is_same_sheet(ours, theirs)
            ):
                raise ValueError(
                    f"One sheet is on both sides: {sheet_of(ours)}, and {sheet_of(theirs)}. Save "
                    "its photo again under the right name, and delete the file of the other."
                )


def check_images_apart(split: Split) -> None:
    """Raise a ValueError where an image is on both sides, moved or not."""
    learned = {ink_of(image): part for part, image in kept_images(split.learners)}
    twins = [
        (learned[ink], part)
        for part, image in kept_images(split.judges)
        if (ink := ink_of(image)) in learned
    ]
    if twins:
        ours, theirs = twins[0]
        raise ValueError(
            f"{len(twins):,} of the images that judge are learned from, too, the first of them in "
            f"{sheet_of(ours)}, and in {sheet_of(theirs)}. Put both on one side, or drop one."
        )


def kept_images(hands: Hands) -> Iterator[tuple[Written, np.ndarray]]:
    """Give each image that counts, with what it was written on."""
    return ((part, image) for part in hands.parts for image in part.images[part.kept])


def ink_of(image: np.ndarray) -> tuple[tuple[int, ...], bytes]:
    """Return an image as something to compare that is the same wherever its ink lies."""
    rows, columns = (np.flatnonzero(image.any(axis=axis)) for axis in (1, 0))
    if len(rows):
        image = image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return image.shape, image.tobytes()


def sheet_of(part: Written) -> str:
    """Name what was written on, and by whom."""
    return f"{part.source} of {part.writer}"


def listed(names: Iterable[str]) -> str:
    """Return names as a text, the first twelve of them."""
    names = sorted(names)
    more = f" and {len(names) - 12:,} more" if len(names) > 12 else ""
    return ", ".join(names[:12]) + more
