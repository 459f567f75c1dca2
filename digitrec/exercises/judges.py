"""Judging answers by what they are or do, never by how they are written.

A judge is called with the answer and with whatever the cell hands over beside it (the learner's own
matrix, say), and returns a `Verdict`. Typical mistakes are data: each has its own sentence.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from digitrec.exercises.calls import Outcome, copies, differs, names_of, outcome, told
from digitrec.exercises.values import alike, close, number_in, shown
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
        if close(number, self.expected(*context), self.tolerance):
            return right(f"{shown(answer)} it is. {self.because}".rstrip())
        near = [
            (abs(number - wrong), hint)
            for wrong, hint in self.mistakes(*context).items()
            if close(number, wrong, self.tolerance)
        ]
        hint = min(near)[1] if near else ""
        return not_yet(f"{shown(answer)} is not it. {hint}".rstrip())


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
        letter = answer.strip(" ().\n\t").lower() if isinstance(answer, str) else None
        if letter == "":
            return not_attempted()
        if letter == self.right:
            return right(self.because)
        if letter not in self.mistakes:
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
        if not math.isfinite(measure):
            return not_yet(f"{measure} came out; expected a finite number.")
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
        tolerance: how far off each number may be, absolutely and as a share; so much that 32-bit
            numbers pass.
        names: of the arguments, where the learner's own names do not tell.
        because: a sentence for whoever is right.
    """

    oracle: Callable[..., object]
    inputs: tuple[tuple, ...]
    mistakes: tuple[tuple[Callable[..., object], str], ...] = ()
    given: Callable[..., object] | None = None
    tolerance: float = 1e-5
    names: tuple[str, ...] = ()
    because: str = ""

    def __call__(self, answer: object, *context: object) -> Verdict:
        if answer is None or answer is ...:
            return not_attempted()
        if not callable(answer):
            return not_yet(
                f"{shown(answer)} came; expected the function itself, without brackets behind it."
            )
        results = [outcome(answer, inputs) for inputs in self.inputs]
        if all(result.nothing for result in results):
            return not_attempted("The function returns nothing yet.")
        if self.given and self._same(results, self.given):
            return not_attempted("It does what it did before; the fault is still there.")
        for inputs, result in zip(self.inputs, results, strict=True):
            reason = differs(result, self.oracle(*copies(inputs)), self.tolerance)
            if reason:
                tried = told(inputs, self.names or names_of(answer))
                hints = [hint for wrong, hint in self.mistakes if self._same(results, wrong)]
                said = [f"It printed {shown(result.printed)}."] if result.printed else []
                return not_yet("\n".join([f"With {tried}:", reason, *said, *hints[:1]]))
        return right(f"Tried on {len(self.inputs)} inputs. {self.because}".rstrip())

    def _same(self, results: list[Outcome], other: Callable[..., object]) -> bool:
        """Tell whether a function of ours does what the learner's does, on every input."""
        theirs = (outcome(other, inputs) for inputs in self.inputs)
        return all(
            mine.error_name == one.error_name
            and mine.changed == one.changed
            and alike(mine.value, one.value, self.tolerance)
            for mine, one in zip(results, theirs, strict=True)
        )
