"""How the answers to the tasks of notebook 10 are judged, and what usual mistakes look like."""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from digitrec.exercises.calls import outcome
from digitrec.exercises.judges import Function, Measured
from digitrec.exercises.values import as_array, shown
from digitrec.exercises.verdict import Verdict, not_attempted, not_yet

GRID = (  # a puzzle whose every empty cell leaves something to look up
    "530070000 600195000 098000060 800060003 400803001 700020006 060000280 000419005 000080079"
)
CELLS = ((0, 2), (4, 4), (6, 5), (2, 8), (8, 0), (3, 7))
FIRST_CODES = ["41976", "10234", "55555", "90817"]


def puzzle() -> np.ndarray:
    """Return a puzzle, array (9, 9), int; 0 is an empty cell."""
    return np.array([[int(digit) for digit in row] for row in GRID.split()])


def share_by_numpy(codes: list[str], texts: list[str]) -> float:
    return float(np.mean(np.array(codes) == np.array(texts)))


def share_of_first_digits(codes: list[str], texts: list[str]) -> float:
    pairs = zip(codes, texts, strict=True)
    right = sum(all(a == b for a, b in zip(*pair, strict=False)) for pair in pairs)
    return right / len(codes)


def share_of_digits(codes: list[str], texts: list[str]) -> float:
    pairs = zip(codes, texts, strict=True)
    same = sum(a == b for pair in pairs for a, b in zip(*pair, strict=False))
    return same / sum(map(len, codes))


def share_of_whole_ones(codes: list[str], texts: list[str]) -> float:
    whole = [
        code == text for code, text in zip(codes, texts, strict=True) if len(code) == len(text)
    ]
    return sum(whole) / max(len(whole), 1)


def share_in_any_order(codes: list[str], texts: list[str]) -> float:
    pairs = zip(codes, texts, strict=True)
    return sum(sorted(code) == sorted(text) for code, text in pairs) / len(codes)


def share_of_same_length(codes: list[str], texts: list[str]) -> float:
    pairs = zip(codes, texts, strict=True)
    return sum(len(code) == len(text) for code, text in pairs) / len(codes)


WHOLE_CODES = Function(
    oracle=share_by_numpy,
    inputs=(
        (["41976", "10234"], ["41976", "102"]),
        (FIRST_CODES, ["41976", "", "5555", "90817"]),
        (FIRST_CODES, ["41976", "43210", "55555", "90818"]),
        (["41976"], ["419761"]),
        (["00000", "12345", "10101"], ["00000", "12344", "10110"]),
    ),
    given=share_of_first_digits,
    mistakes=(
        (share_of_digits, "That is the share of digits. A code counts whole or not at all."),
        (
            share_of_whole_ones,
            "Codes of the wrong length are left out of the total. They are wrong, and count.",
        ),
        (share_in_any_order, "The order of the digits matters, too."),
        (share_of_same_length, "A text of five digits may be another five."),
    ),
)


def by_walking(grid: np.ndarray, row: int, column: int) -> list[int]:
    """Return what fits a cell, by looking at all 81 cells."""
    seen = {
        int(digit)
        for (y, x), digit in np.ndenumerate(grid)
        if y == row or x == column or (y // 3, x // 3) == (row // 3, column // 3)
    }
    return [digit for digit in range(1, 10) if digit not in seen]


def fitting(parts: Callable[[np.ndarray, int, int], tuple], least: int = 1) -> Callable:
    """Return a function that looks at some parts of the grid only."""

    def candidates(grid: np.ndarray, row: int, column: int) -> list[int]:
        seen = np.concatenate([np.ravel(part) for part in parts(grid, row, column)])
        return [digit for digit in range(least, 10) if digit not in seen]

    return candidates


def box_of(grid: np.ndarray, row: int, column: int) -> np.ndarray:
    top, left = row // 3 * 3, column // 3 * 3
    return grid[top : top + 3, left : left + 3]


def in_order(answer: object) -> object:
    """Let a function of a learner return its digits in any order, and as a set, too."""
    if not callable(answer):
        return answer

    def ordered(*inputs: object) -> object:
        found = answer(*inputs)
        digits = as_array(list(found) if isinstance(found, set | frozenset) else found)
        in_a_row = digits is not None and digits.ndim == 1 and digits.dtype.kind in "iuf"
        return np.sort(digits) if in_a_row else found

    return ordered


FITS = Function(
    oracle=by_walking,
    names=("grid", "row", "column"),
    inputs=tuple((puzzle(), *cell) for cell in CELLS),
    mistakes=(
        (fitting(lambda g, r, c: (g[r],)), "Only its row is looked at."),
        (
            fitting(lambda g, r, c: (g[r], g[:, c])),
            "Row and column are looked at; the 3x3 box is missing.",
        ),
        (
            fitting(lambda g, r, c: (g[c], g[:, r], box_of(g, r, c))),
            "`grid[row]` is a row, `grid[:, column]` a column; are they swapped?",
        ),
        (
            fitting(lambda g, r, c: (g[r], g[:, c], box_of(g, 3 * (r % 3), 3 * (c % 3)))),
            "That is another box: `row % 3` is the place inside a box, `row // 3` says which box.",
        ),
        (
            fitting(lambda g, r, c: (g[r], g[:, c], g[r - 1 : r + 2, c - 1 : c + 2])),
            "These are the neighbours of the cell; its box begins at a multiple of 3.",
        ),
    ),
)


def judge_candidates(answer: object) -> Verdict:
    return FITS(in_order(answer))


def share_of_sums(read: Sequence[str], truths: Sequence[str]) -> float:
    return float(np.mean([one == truth for one, truth in zip(read, truths, strict=True)]))


SUMS_RIGHT = Measured(
    measure=share_of_sums, goal=0.8, says="{measure:.0%} of these sums are read right."
)


def judge_sums(answer: object, rows: Sequence[tuple], truths: Sequence[str]) -> Verdict:
    """Let a learner's function read every row of marks, and say what goes wrong most."""
    if answer is None or answer is ...:
        return not_attempted()
    if not callable(answer):
        return not_yet(f"{shown(answer)} came; expected the function, without brackets.")
    # readings cannot be changed, and copies of their pictures would take their time
    results = [outcome(partial(answer, row), ()) for row in rows]
    if all(result.nothing for result in results):
        return not_attempted("The function returns nothing yet.")
    for result, truth in zip(results, truths, strict=True):
        if result.error:
            return not_yet(f"At {truth}, your function stopped with {result.error}.")
        if not isinstance(result.value, str):
            return not_yet(f'{shown(result.value)} came; expected text, such as "27+58".')
    read = [result.value.replace(" ", "") for result in results]
    verdict = SUMS_RIGHT(read, truths)
    pairs = zip(read, truths, strict=True)
    reasons = Counter(what_is_wrong(one, truth) for one, truth in pairs if one != truth)
    if not reasons:
        return verdict
    (most, times), *_ = reasons.most_common(1)
    said = f"{verdict.reason} Most frequent mistake, {times} of {sum(reasons.values())}: {most}"
    return Verdict(verdict.state, said, verdict.measure)


def what_is_wrong(read: str, truth: str) -> str:
    """Return in words how a sum was misread.

    >>> what_is_wrong("33++27", "33+27"), what_is_wrong("33+28", "33+27")
    ('more than one plus.', 'a plus is found, and a digit is another one.')
    """
    if "+" not in read:
        return "no plus."
    if read.count("+") > 1:
        return "more than one plus."
    if len(read) > len(truth):
        return "one plus, and a digit too many beside it. Can a part of the plus pass for a digit?"
    if len(read) < len(truth):
        return "one plus, and a digit too few."
    return "a plus is found, and a digit is another one."
