"""A task: a question, how answers are judged, and hints that lead from the starter to an answer."""

import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

from digitrec.exercises.judges import Judge
from digitrec.exercises.score import Score, change_score, load_scores, today
from digitrec.exercises.verdict import State, Verdict, folded

SOLVED = Path(__file__).with_name("solved")  # copies for learners come without this folder
KINDS = ("predict", "change", "write", "find the fault", "challenge")


@dataclass(frozen=True, repr=False)
class Task:
    """A task of a lesson.

    Attributes:
        name: lesson and name, such as "02.softmax".
        kind: one of KINDS.
        title: a few words.
        question: Markdown; everything that is needed to begin.
        starter: the code cell as the learner finds it; it runs as it is. Its last statement checks.
        judge: tells an answer's state and why.
        hints: each a step further; who follows all of them has an answer.
        goals: which lines of "You will" it practises, counted from 1.
    """

    name: str
    kind: str
    title: str
    question: str
    starter: str
    judge: Judge
    hints: tuple[str, ...]
    goals: tuple[int, ...]

    def check(self, answer: object, *context: object) -> Verdict:
        """Judge an answer, and keep the result in the score.

        Args:
            answer: a number, a letter, a function, a network: what the task asks for.
            context: what the starter hands over beside it.

        Returns:
            Not attempted, right, or not yet with the reason.
        """
        verdict = self.judge(answer, *context)
        if verdict.state is not State.NOT_ATTEMPTED:
            self._keep(verdict)
        return verdict

    def hint(self) -> "Words":
        """Return the next hint; after the last one they begin again."""
        seen = self._score().hints
        self._note(hints=1)
        step = seen % len(self.hints)
        at_the_end = step + 1 == len(self.hints)
        last = " That was the last; `solution()` shows one way." if at_the_end else ""
        return Words(f"Hint {step + 1} of {len(self.hints)}. {self.hints[step]}{last}")

    def solution(self, show: bool = False) -> "Words":
        """Return one way to solve the task, once you say that you want it.

        Args:
            show: True shows it.
        """
        solution = load_solution(self.name)
        if solution is None:
            return Words("This copy came without solutions. Ask whoever gave it to you.")
        score = self._score()
        if not show and not score.solved:
            left = max(len(self.hints) - score.hints, 0)
            still = f" {left} of {len(self.hints)} hints are left: `hint()`." if left else ""
            return Words(f"Do you want it?{still} If you do: `solution(show=True)`.")
        if not score.solved:
            self._note(seen_solution=True)
        return Words(f"{solution['code'].strip()}\n\n{folded(solution['why'].strip())}", False)

    def _score(self) -> Score:
        try:
            return load_scores().get(self.name, Score())
        except (OSError, ValueError):
            return Score()

    def _keep(self, verdict: Verdict) -> None:
        score, changes = self._score(), {"tries": 1}
        if verdict.state is State.RIGHT and not score.solved:
            changes["solved"] = today()
        if verdict.measure is not None:
            more = getattr(self.judge, "more_is_better", True)
            before = [score.best] if score.best is not None else []
            changes["best"] = (max if more else min)([verdict.measure, *before])
        self._note(**changes)

    def _note(self, **changes: object) -> None:
        """Keep something in the score; a task can be solved where nothing can be kept, too."""
        try:
            change_score(self.name, **changes)
        except (OSError, ValueError) as error:
            print(folded(f"The score was not kept: {error}"), file=sys.stderr)

    def __repr__(self) -> str:
        return f"<task {self.name}: {self.title}; check(answer), hint(), solution()>"


class Words(str):
    """A text that a notebook shows as it is, without quotes."""

    def __new__(cls, text: str, fold: bool = True) -> "Words":
        return super().__new__(cls, folded(text) if fold else text)

    def __repr__(self) -> str:
        return str(self)


def load_solution(name: str) -> dict[str, str] | None:
    """Return the stored code and reason of one solution, or None where they were left out.

    Args:
        name: of the task, such as "02.softmax".
    """
    lesson, task = name.split(".")
    files = sorted(SOLVED.glob(f"{lesson}_*.toml"))
    return tomllib.loads(files[0].read_text(encoding="utf-8"))[task] if files else None
