"""A prediction, and then what comes of it with the learner's own networks and digits."""

from collections.abc import Callable
from dataclasses import dataclass

from digitrec.exercises.judges import Choice
from digitrec.exercises.verdict import State, Verdict, right


@dataclass(frozen=True)
class Foreseen:
    """One of several letters is asked for; whoever is right sees it measured.

    Nothing is measured before: it takes seconds, and an unsolved notebook must not wait for it.

    Attributes:
        choice: judges the letter.
        measured: tells in a line or two what comes of it, from what the cell hands over.
    """

    choice: Choice
    measured: Callable[..., str]

    def __call__(self, answer: object, *context: object) -> Verdict:
        verdict = self.choice(answer)
        if verdict.state is not State.RIGHT:
            return verdict
        return right(f"{verdict.reason}\n{self.measured(*context)}")
