"""Judging a split of handwriting by its leaks: no writer may learn and judge."""

import numpy as np

from digitrec.exercises.calls import outcome
from digitrec.exercises.values import as_array, shown
from digitrec.exercises.verdict import Verdict, not_attempted, not_yet, right

SEEDS = range(6)


def cases() -> list[tuple[np.ndarray, float]]:
    """Return the writers of some digits, in no order, and which share of them is to judge."""
    shuffle = np.random.default_rng(8).permutation
    names = np.array(["owl", "fox", "bee", "elk", "jay", "cat"])
    return [
        (shuffle(np.repeat(names, [4, 3, 3, 4, 3, 3])), 1 / 3),
        (np.repeat(["owl", "fox"], 5), 0.5),
        (shuffle(np.repeat([f"412-{number}" for number in range(1, 31)], 5)), 0.3),
    ]


def digit_by_digit(writers: np.ndarray, share: float, generator: np.random.Generator) -> np.ndarray:
    """Choose digits at random: the fault that is to be found."""
    return generator.random(len(writers)) < share


def keeps_writers_whole(answer: object) -> Verdict:
    """Judge a function (writers, share, generator) that returns True for each digit that judges."""
    if answer is None or answer is ...:
        return not_attempted()
    if not callable(answer):
        return not_yet(f"{shown(answer)} came; expected the function, without brackets behind it.")
    calls = [(*case, seed) for case in cases() for seed in SEEDS]
    results = [outcome(answer, (*case, np.random.default_rng(seed))) for *case, seed in calls]
    if all(result.nothing for result in results):
        return not_attempted("The function returns nothing yet.")
    chosen = []
    for (writers, share, seed), result in zip(calls, results, strict=True):
        if result.error or result.changed:
            reason = result.error or "it changed its argument; compute something new"
            return not_yet(f"Of {len(writers)} digits: your function stopped with {reason}")
        mask = mask_in(result.value, len(writers))
        if isinstance(mask, str):
            return not_yet(mask)
        again = outcome(answer, (writers, share, np.random.default_rng(seed))).value
        if not np.array_equal(mask, mask_in(again, len(writers))):
            return not_yet("Twice with the same seed, others were chosen: ask `generator` alone.")
        chosen.append(mask)
    as_before = [digit_by_digit(*case, np.random.default_rng(seed)) for *case, seed in calls]
    if all(map(np.array_equal, chosen, as_before)):
        return not_attempted("It does what it did before; the fault is still there.")
    for (writers, share, _), mask in zip(calls, chosen, strict=True):
        if reason := fault_of(writers, share, mask):
            return not_yet(reason)
    if all(np.array_equal(chosen[-1], mask) for mask in chosen[-len(SEEDS) :]):
        return not_yet("The same writers judge, whatever the generator: let it choose.")
    return right(f"No leak in {len(calls)} splits.")


def mask_in(value: object, count: int) -> np.ndarray | str:
    """Return what came as array (count,), bool, or a sentence on why it is none."""
    array = as_array(value)
    if array is not None and array.dtype.kind in "US":
        return f"{shown(value)} came: names of writers. Which digits are theirs? `np.isin` tells."
    if array is None or array.shape != (count,) or not np.isin(array, (0, 1)).all():
        return (
            f"{shown(value)} came for {count} digits; expected True or False for each of them, "
            "not their places."
        )
    return array.astype(bool)


def fault_of(writers: np.ndarray, share: float, mask: np.ndarray) -> str:
    """Say what is wrong with a split; nothing where it is sound."""
    names = np.unique(writers)
    for name in names:
        theirs = mask[writers == name]
        if 0 < theirs.sum() < len(theirs):
            cut = np.count_nonzero(np.diff(mask)) == 1
            why = "\nYou cut the digits in one place, and the cut goes through a writer."
            return (
                f"A leak: {theirs.sum()} of the {len(theirs)} digits of {name} judge, the others "
                f"are learned from.{why if cut else ''}"
            )
    judges = len(np.unique(writers[mask]))
    if judges in (0, len(names)):
        side = "judges" if judges == 0 else "is left to learn from"
        return (
            f"Of {len(names)} writers, nobody {side}. Choose a number of writers: at least one, "
            "and not all."
        )
    if abs(judges - share * len(names)) > max(1, 0.1 * len(names)):
        return (
            f"{judges} of {len(names)} writers judge; expected about {share * len(names):.0f}, "
            "which is their share."
        )
    return ""
