"""What a learner has solved so far, as a table."""

from digitrec.exercises.score import Score, load_scores, score_path
from digitrec.exercises.task import Task, Words
from digitrec.paths import short_path


def summary(lesson: object) -> Words:
    """Return a table of the tasks of a lesson.

    The score lies in a small file on this machine; `exercises.forget()` removes it.

    Args:
        lesson: a module of tasks, such as `exercises.training`.
    """
    try:
        scores = load_scores()
    except ValueError as error:
        return Words(str(error))
    tasks = tasks_of(lesson)
    solved = sum(bool(scores.get(task.name, Score()).solved) for task in tasks)
    rows = [row(task, scores.get(task.name, Score())) for task in tasks]
    place = short_path(score_path())
    end = f"{solved} of {len(tasks)} solved. Kept in {place}, on this machine only."
    return Words("\n".join([*rows, "", end]), fold=False)


def row(task: Task, score: Score) -> str:
    """Return the line of one task: its mark, its title, and how it was solved."""
    state = "solved" if score.solved else "open" if score.tries else "-"
    tries = f"{score.tries} {'try' if score.tries == 1 else 'tries'}" if score.tries else ""
    seen = "solution seen" if score.seen_solution else f"{score.hints} hints" if score.hints else ""
    best = f"best {score.best:.4g}" if score.best is not None else ""
    said = ", ".join(part for part in (tries, seen, best) if part)
    return f"{state:8}{task.title[:38]:40}{said}".rstrip()


def tasks_of(lesson: object) -> tuple[Task, ...]:
    """Return the tasks of a module, in their order."""
    return tuple(value for value in vars(lesson).values() if isinstance(value, Task))
