"""What a learner has solved so far, as a table."""

import importlib
import pkgutil
from pathlib import Path
from types import ModuleType

from digitrec.exercises.score import Score, load_scores, score_path
from digitrec.exercises.task import Task, Words
from digitrec.paths import short_path

LONGEST_TITLE = 38  # characters; what was done stands behind them


def summary(lesson: ModuleType | None = None) -> Words:
    """Return a table of the tasks of a lesson, or one line for each lesson.

    The score lies in a small file on this machine; `exercises.forget()` removes it.

    Args:
        lesson: a module of tasks, such as `exercises.training`; None takes all lessons.
    """
    try:
        scores = load_scores()
    except (OSError, ValueError) as error:
        return Words(str(error))
    lessons = [lesson] if lesson else all_lessons()
    tasks = [task for one in lessons for task in tasks_of(one)]
    if lesson:
        rows = [row(task, scores.get(task.name, Score())) for task in tasks]
    else:
        rows = [lesson_row(one, scores) for one in lessons]
    end = f"{count_solved(tasks, scores)} of {len(tasks)} solved. Kept in"
    return Words(
        "\n".join(
            [
                *rows,
                "",
                f"{end} {short_path(score_path())}, on this machine only.",
                "`exercises.forget()` removes it.",
            ]
        ),
        fold=False,
    )


def row(task: Task, score: Score) -> str:
    """Return the line of one task: its state, its title, and how it was solved."""
    state = "solved" if score.solved else "open" if score.tries else "-"
    hints = min(score.hints, len(task.hints))  # they can be read again
    said = (
        counted(score.tries, "try", "tries"),
        "solution seen" if score.seen_solution else counted(hints, "hint", "hints"),
        f"best {score.best:.4g}" if score.best is not None else "",
    )
    done = ", ".join(part for part in said if part)
    return f"{state:8}{task.title[:LONGEST_TITLE]:{LONGEST_TITLE + 2}}{done}".rstrip()


def lesson_row(lesson: ModuleType, scores: dict[str, Score]) -> str:
    """Return the line of one lesson: its number, its name, and how many tasks are solved."""
    tasks = tasks_of(lesson)
    number = tasks[0].name.partition(".")[0]
    name = lesson.__name__.rpartition(".")[2].replace("_", " ")
    return f"{number}  {name:24}{count_solved(tasks, scores)} of {len(tasks)} solved"


def counted(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}" if number else ""


def count_solved(tasks: list[Task] | tuple[Task, ...], scores: dict[str, Score]) -> int:
    return sum(bool(scores.get(task.name, Score()).solved) for task in tasks)


def tasks_of(lesson: ModuleType) -> tuple[Task, ...]:
    """Return the tasks of a module, in their order."""
    return tuple(value for value in vars(lesson).values() if isinstance(value, Task))


def all_lessons() -> list[ModuleType]:
    """Return the modules that hold tasks, in the order of the lessons."""
    names = [found.name for found in pkgutil.iter_modules([str(Path(__file__).parent)])]
    modules = [importlib.import_module(f"digitrec.exercises.{name}") for name in names]
    return sorted(filter(tasks_of, modules), key=lambda module: tasks_of(module)[0].name)
