"""Judging answers by what they are or do, never by how they are written.

A judge is called with the answer and with whatever the cell hands over beside it (the learner's own
matrix, say), and returns a `Verdict`. Typical mistakes are data: each has its own sentence.
"""

import numbers
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from digitrec.exercises.values import number_in, shown
from digitrec.exercises.verdict import Verdict, not_attempted, not_yet, right

Judge = Callable[..., Verdict]


def no_mistakes(*_context: object) -> Mapping[float, str]:
    return {}


@dataclass(frozen=True)
class Number:
    """One number is asked for.

    Attributes:
        expected: computes the right number from what the cell hands over.
        mistakes: computes wrong numbers that come up often, with what is behind each.
        tolerance: how far off still counts as right.
        because: a sentence for whoever is right.
    """

    expected: Callable[..., float]
    mistakes: Callable[..., Mapping[float, str]] = no_mistakes
    tolerance: float = 0.0
    because: str = ""

    def __call__(self, answer: object, *context: object) -> Verdict:
        if answer is None or answer is ...:
            return not_attempted()
        number = number_in(answer)
        if isinstance(number, str):
            return not_yet(number)
        if abs(number - self.expected(*context)) <= self.tolerance:
            return right(f"{shown(answer)} it is. {self.because}".rstrip())
        near = [
            (abs(number - wrong), hint)
            for wrong, hint in self.mistakes(*context).items()
            if abs(number - wrong) <= self.tolerance
        ]
        hint = min(near)[1] if near else "`hint()` helps."
        return not_yet(f"{shown(answer)} is not it. {hint}")


@dataclass(frozen=True)
class Choice:
    """One of several letters is asked for, for instance before a cell is run.

    Attributes:
        right: the letter.
        because: a sentence for whoever is right.
        mistakes: for every other letter, what speaks against it.
    """

    right: str
    because: str
    mistakes: Mapping[str, str]

    def __call__(self, answer: object) -> Verdict:
        if answer is None or answer is ...:
            return not_attempted()
        letter = answer.strip().lower() if isinstance(answer, str) else answer
        if letter == self.right:
            return right(self.because)
        if not isinstance(letter, str) or letter not in self.mistakes:
            letters = ", ".join(repr(one) for one in sorted([self.right, *self.mistakes]))
            return not_yet(f"{shown(answer)} came; expected one of {letters}, in quotes.")
        return not_yet(self.mistakes[letter])


@dataclass(frozen=True)
class Measured:
    """As much as possible of something is asked for; the best is kept in the score.

    Attributes:
        measure: computes what was reached from the answer and what the cell hands over. It raises
            `ValueError` with a sentence where a rule of the challenge is broken.
        goal: from here on the task counts as solved.
        says: a sentence about a measure, with `{measure}` in it.
        more_is_better: False where the least counts.
    """

    measure: Callable[..., float]
    goal: float
    says: str
    more_is_better: bool = True

    def __call__(self, answer: object, *context: object) -> Verdict:
        if answer is None or answer is ...:
            return not_attempted()
        try:
            measure = float(self.measure(answer, *context))
        except ValueError as error:
            return not_yet(str(error))
        sentence = self.says.format(measure=measure)
        reached = measure >= self.goal if self.more_is_better else measure <= self.goal
        if reached:
            return right(sentence, measure)
        goal = self.says.format(measure=self.goal)
        return not_yet(f"{sentence} The goal: {goal}", measure)


@dataclass(frozen=True)
class Function:
    """A function is asked for. It is tried on inputs and compared with an independent one.

    Attributes:
        oracle: gives what is right; another implementation than the solution where there is one.
        inputs: tuples of arguments, the telling ones first. Each call gets copies.
        mistakes: functions that go wrong in a usual way, and what is behind each.
        given: what the starter does, where a fault is to be found in it; as long as the answer does
            the same, nothing was attempted.
        tolerance: how far off each number may be, absolutely and as a share.
    """

    oracle: Callable[..., object]
    inputs: tuple[tuple, ...]
    mistakes: tuple[tuple[Callable[..., object], str], ...] = ()
    given: Callable[..., object] | None = None
    tolerance: float = 1e-6
    names: tuple[str, ...] = field(default=())

    def __call__(self, answer: object, *context: object) -> Verdict:
        if answer is None or answer is ...:
            return not_attempted()
        if not callable(answer):
            return not_yet(
                f"{shown(answer)} came; expected the function itself, without brackets behind it."
            )
        results = [outcome(answer, inputs) for inputs in self.inputs]
        if all(result.value is None and not result.error for result in results):
            return not_attempted("The function returns nothing yet.")
        if self.given and self._same(results, self.given):
            return not_attempted("It does what it did before; the fault is still there.")
        for inputs, result in zip(self.inputs, results, strict=True):
            wanted = self.oracle(*copies(inputs))
            reason = differs(result, wanted, self.tolerance)
            if reason:
                hints = [hint for wrong, hint in self.mistakes if self._same(results, wrong)]
                return not_yet(" ".join([f"With {told(inputs)}:\n{reason}\n", *hints[:1]]).rstrip())
        return right(f"Tried on {len(self.inputs)} inputs.")

    def _same(self, results: "list[Outcome]", other: Callable[..., object]) -> bool:
        """Tell whether a function of ours does what the learner's does, on every input."""
        theirs = (outcome(other, inputs) for inputs in self.inputs)
        return all(
            bool(mine.error) == bool(one.error)
            and mine.changed == one.changed
            and (mine.error or alike(mine.value, one.value, self.tolerance))
            for mine, one in zip(results, theirs, strict=True)
        )


@dataclass(frozen=True)
class Outcome:
    """What became of one call.

    Attributes:
        value: what was returned.
        error: what stopped it, in words.
        changed: whether an argument is another one than before.
    """

    value: object
    error: str = ""
    changed: bool = False


def outcome(function: Callable[..., object], inputs: tuple) -> Outcome:
    """Call a function with copies of its arguments; whatever it raises becomes words."""
    given = copies(inputs)
    try:
        value = function(*given)
    except Exception as error:  # a learner's function may do anything
        return Outcome(None, f"{type(error).__name__}: {error}")
    changed = not all(alike(now, was, 0) for now, was in zip(given, inputs, strict=True))
    return Outcome(value, changed=changed)


def differs(result: Outcome, wanted: object, tolerance: float) -> str:
    """Say how what came out differs from what was expected; nothing where it does not."""
    if result.error:
        return f"your function stopped with {result.error}."
    if result.changed:
        return "your function changed its argument. Compute something new instead."
    if result.value is None:
        return "your function returned nothing."
    if alike(result.value, wanted, tolerance):
        return ""
    try:
        shape, expected = np.shape(result.value), np.shape(wanted)
    except ValueError:  # rows of different lengths
        return f"{shown(result.value)} came out, and its rows differ in length."
    if shape != expected:
        return (
            f"{shown(result.value)} came out, of shape {shape}; expected something of "
            f"shape {expected}."
        )
    return f"{shown(result.value)} came out."


def alike(one: object, other: object, tolerance: float) -> bool:
    """Tell whether two values are the same, numbers within a tolerance.

    >>> alike([1, 2], np.array([1.0, 2.0]), 1e-6), alike([1, 2], [1, 2, 3], 1e-6)
    (True, False)
    >>> alike("a", "a", 0), alike(None, 0, 1)
    (True, False)
    """
    if one is None or other is None or callable(one) or callable(other):
        return one is other
    try:
        one, other = np.asarray(one), np.asarray(other)
    except (TypeError, ValueError):
        return False
    if one.shape != other.shape:
        return False
    if isinstance(other.flat[0] if other.size else 0, numbers.Number | np.number | np.bool_):
        try:
            return np.allclose(one.astype(float), other.astype(float), tolerance, tolerance, True)
        except (TypeError, ValueError):
            return False
    return bool(np.all(one == other))


def copies(inputs: tuple) -> tuple:
    """Return arguments of their own: whatever a function does to them, nobody else sees."""
    return tuple(one.copy() if hasattr(one, "copy") else one for one in inputs)


def told(inputs: tuple) -> str:
    return ", ".join(shown(one) for one in inputs)
