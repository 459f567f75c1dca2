"""What a checker says of an answer."""

import textwrap
from dataclasses import dataclass
from enum import Enum

WIDTH = 78  # characters; a window of 800 pixels shows as many


class State(Enum):
    """How far a task is."""

    NOT_ATTEMPTED = "Not attempted"
    NOT_YET = "Not yet"
    RIGHT = "Right"


@dataclass(frozen=True)
class Verdict:
    """What a checker says of an answer.

    Attributes:
        state: not attempted, not yet, or right.
        reason: why, in sentences; what to look at next.
        measure: for challenges, what was reached; the score keeps the best.

    >>> Verdict(State.NOT_YET, "The row is the true digit.")
    Not yet. The row is the true digit.
    """

    state: State
    reason: str = ""
    measure: float | None = None

    def __repr__(self) -> str:
        return folded(f"{self.state.value}. {self.reason}".rstrip())


def right(reason: str = "", measure: float | None = None) -> Verdict:
    return Verdict(State.RIGHT, reason, measure)


def not_yet(reason: str, measure: float | None = None) -> Verdict:
    return Verdict(State.NOT_YET, reason, measure)


def not_attempted(reason: str = "Put your answer in, and run the cell again.") -> Verdict:
    return Verdict(State.NOT_ATTEMPTED, reason)


def folded(text: str) -> str:
    """Return a text with its lines broken where a narrow window ends."""
    return "\n".join(
        textwrap.fill(line, WIDTH, break_on_hyphens=False, replace_whitespace=False)
        for line in text.splitlines()
    )
