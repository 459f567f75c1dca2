"""The learner's score: one small file on this machine, which nobody else reads."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from digitrec.files import one_at_a_time, write_whole
from digitrec.paths import project_path, short_path

SCORE = "runs/exercises/score.json"  # `forget()` removes it


@dataclass(frozen=True)
class Score:
    """How far somebody is with one task.

    Attributes:
        tries: answers that were checked, those not attempted left out.
        solved: the day of the first right answer, such as "2026-11-29", or "".
        hints: how many were seen.
        seen_solution: whether the solution was asked for before it was solved.
        best: for challenges, the best measure so far.

    Raises:
        TypeError: one of them is something else.
    """

    tries: int = 0
    solved: str = ""
    hints: int = 0
    seen_solution: bool = False
    best: float | None = None

    def __post_init__(self) -> None:
        kinds = (int, str, int, bool, int | float | None)
        for (name, value), kind in zip(asdict(self).items(), kinds, strict=True):
            if not isinstance(value, kind):
                raise TypeError(f"{name} is {value!r}")


def score_path() -> Path:
    return project_path(SCORE)


def load_scores() -> dict[str, Score]:
    """Return the score of each task that was begun.

    Raises:
        OSError: the file cannot be read.
        ValueError: the file is there and is not what this package wrote.
    """
    path = score_path()
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        return {name: Score(**values) for name, values in stored.items()}
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise OSError(f"{short_path(path)} cannot be read ({error.strerror}).") from error
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(
            f"{short_path(path)} is damaged ({error}). Rename it to keep it, or remove it with "
            "`exercises.forget()`; the tasks begin anew."
        ) from error


def change_score(name: str, change: Callable[[Score], Score]) -> Score:
    """Change the score of one task and keep it.

    Two notebooks may do so at once: nobody else reads or writes from the look at what is there to
    the end of the writing.

    Args:
        name: of the task, such as "02.softmax".
        change: gives the new score for the one that is there.

    Returns:
        The score as it is now.

    Raises:
        OSError: the file cannot be written.
        ValueError: see `load_scores`.
    """
    path = score_path()
    with one_at_a_time(path.parent):
        scores = load_scores()
        scores[name] = change(scores.get(name, Score()))
        text = json.dumps({key: asdict(one) for key, one in sorted(scores.items())}, indent=2)
        write_whole(path, lambda temporary: temporary.write_text(text + "\n", encoding="utf-8"))
    return scores[name]


def forget() -> None:
    """Remove the score of this machine; every task begins anew.

    Raises:
        OSError: the file cannot be removed.
    """
    path = score_path()
    if path.exists():
        with one_at_a_time(path.parent):
            path.unlink(missing_ok=True)


def today() -> str:
    return date.today().isoformat()
