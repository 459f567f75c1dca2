"""A task: a question, how answers are judged, and hints that lead from the starter to an answer."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from digitrec.exercises.calls import told_error
from digitrec.exercises.judges import Judge
from digitrec.exercises.score import Score, change_score, load_scores, today
from digitrec.exercises.verdict import State, Verdict, folded, not_yet

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

    def check(self, answer: object = None, *context: object) -> Verdict:
        """Judge an answer, and keep the result in the score.

        Args:
            answer: a number, a letter, a function, a network: what the task asks for.
            context: what the starter hands over beside it.

        Returns:
            Not attempted, right, or not yet with the reason.
        """
        try:
            verdict = self.judge(answer, *context)
        except (Exception, SystemExit) as error:  # nobody can foresee what an answer may be
            verdict = not_yet(f"The answer could not be judged: {told_error(error)}")
        if verdict.state is State.NOT_ATTEMPTED:
            return verdict
        more_is_better = getattr(self.judge, "more_is_better", True)
        self._note(lambda score: scored(score, verdict, more_is_better))
        if verdict.state is State.RIGHT:
            return verdict
        return replace(verdict, reason=f"{verdict.reason}\nStuck? `tasks.{self.short_name}.hint()`")

    def hint(self, number: int | None = None) -> "Words":
        """Return the next hint; after the last one they begin again.

        Args:
            number: of a hint, from 1, to read that one again.
        """
        steps, seen = len(self.hints), self._score().hints
        step = seen % steps if number is None else min(max(number, 1), steps) - 1
        now = seen + 1 if number is None else step + 1
        kept = self._note(lambda score: replace(score, hints=max(score.hints, now)))
        last = ""
        if step + 1 == steps:
            last = " That was the last; `solution()` shows one way."
        elif not kept:
            last = f" The next one: `hint({step + 2})`."
        return Words(f"Hint {step + 1} of {steps}. {self.hints[step]}{last}")

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
            self._note(lambda score: replace(score, seen_solution=True))
        return Words(f"{solution['code'].strip()}\n\n{folded(solution['why'].strip())}", False)

    @property
    def short_name(self) -> str:
        """The name within its lesson, such as "softmax"."""
        return self.name.partition(".")[2]

    def _score(self) -> Score:
        try:
            return load_scores().get(self.name, Score())
        except (OSError, ValueError):
            return Score()

    def _note(self, change: Callable[[Score], Score]) -> bool:
        """Keep something in the score; a task can be solved where nothing can be kept, too."""
        try:
            change_score(self.name, change)
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or error
            print(folded(f"The score was not kept: {why}"))
            return False
        return True

    def __repr__(self) -> str:
        return f"<task {self.name}: {self.title}; check(answer), hint(), solution()>"


def scored(score: Score, verdict: Verdict, more_is_better: bool) -> Score:
    """Return a score with one more try in it."""
    solved = today() if verdict.state is State.RIGHT and not score.solved else score.solved
    reached = [one for one in (score.best, verdict.measure) if one is not None]
    best = (max if more_is_better else min)(reached, default=None)
    return replace(score, tries=score.tries + 1, solved=solved, best=best)


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
    return tomllib.loads(files[0].read_text(encoding="utf-8")).get(task) if files else None
