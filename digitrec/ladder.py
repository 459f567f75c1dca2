"""Recognisers as rungs of a ladder: what each is worth, and what it costs.

Notebooks 1, 2, 3 and 6 measure a few rungs each and save them with their results; notebook 6
shows all of them. A rung that nobody has measured here comes from `benchmarks/ladder.json`.
"""

import json
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from digitrec.calibration import wilson_interval as wilson_interval  # rungs are read with it
from digitrec.mnist import Digits
from digitrec.paths import project_path

ORDER = (
    *("majority", "nearest mean", "linear", "nearest neighbour"),
    *("dense", "convolutional", "in the box"),
)
RUNS = ("01_data_exploration", "02_model_building", "03_training", "06_stronger_model")
KEY = "ladder"  # under which a notebook saves its rungs
STORED = Path(__file__).resolve().parent.parent / "benchmarks" / "ladder.json"


@dataclass(frozen=True)
class Rung:
    """What one recogniser is worth, and what it costs.

    Attributes:
        recogniser: one of `ORDER`.
        right: how many validation digits it reads right.
        count: how many there are.
        other_hands: 0-1, its accuracy on digits of handwriting fonts.
        numbers: how many numbers it stores.
        seconds_to_learn: what making it took.
        seconds_to_answer: what 1,000 answers take.
        here: whether it was measured on this machine, and not stored with the project.

    Raises:
        ValueError: a number is impossible, as in a file that something else wrote.
    """

    recogniser: str
    right: int
    count: int
    other_hands: float
    numbers: int
    seconds_to_learn: float
    seconds_to_answer: float
    here: bool = True

    def __post_init__(self) -> None:
        costs = (self.numbers, self.seconds_to_learn, self.seconds_to_answer)
        possible = 0 <= self.right <= self.count and self.count >= 1 and 0 <= self.other_hands <= 1
        if not possible or not all(0 <= cost < math.inf for cost in costs):
            raise ValueError(f"no recogniser can be like this: {asdict(self)}")

    @property
    def accuracy(self) -> float:
        """The share of the validation digits that it reads right, 0-1."""
        return self.right / self.count


def measure(
    recogniser: str,
    answer: Callable[[np.ndarray], np.ndarray],
    numbers: int,
    seconds_to_learn: float,
    validation: Digits,
    other_hands: Digits,
) -> Rung:
    """Measure a recogniser at home, abroad, and by the clock.

    Args:
        recogniser: its name, one of `ORDER`.
        answer: from images (n, 28, 28), uint8 0-255, to the digits that it reads, (n,).
        numbers: how many numbers it stores.
        seconds_to_learn: what making it took.
        validation: digits of the hands that it learned from.
        other_hands: digits of others.

    Raises:
        ValueError: there is no such rung, or the answers are not one digit per image.
    """
    if recogniser not in ORDER:
        raise ValueError(f"recogniser is {recogniser!r}, expected one of {', '.join(ORDER)}")

    def right(digits: Digits) -> int:
        answers = np.asarray(answer(digits.images))
        if answers.shape != digits.labels.shape:
            raise ValueError(
                f"{recogniser} answers with shape {answers.shape} to {len(digits)} images, "
                f"expected one digit per image: ({len(digits)},)"
            )
        return int((answers == digits.labels).sum())

    abroad = right(other_hands)  # first: a network compiles itself at its first answer
    start = time.perf_counter()
    at_home = right(validation)
    seconds = (time.perf_counter() - start) * 1_000 / len(validation)
    return Rung(
        recogniser,
        at_home,
        len(validation),
        abroad / len(other_hands),
        int(numbers),  # NumPy counts in numbers that JSON does not know
        float(f"{seconds_to_learn:.3g}"),
        float(f"{seconds:.3g}"),
    )


def as_results(rungs: Sequence[Rung]) -> dict[str, list[dict]]:
    """Return rungs as what `save_results` takes, for `collect` to find."""
    return {KEY: [asdict(rung) for rung in rungs]}


def collect(fresh: Sequence[Rung] = ()) -> list[Rung]:
    """Return the whole ladder: fresh rungs, those that notebooks saved, else the stored ones.

    Args:
        fresh: rungs that were measured just now.

    Returns:
        A rung for each name in `ORDER`, in this order; those that were stored with the project
        have `here` False. A results file that is damaged or of another version counts as none.
    """
    rungs = {rung.recogniser: rung for rung in stored()}
    for name in RUNS:
        rungs |= {rung.recogniser: rung for rung in saved(project_path(f"runs/{name}.json"))}
    rungs |= {rung.recogniser: rung for rung in fresh}
    return [rungs[name] for name in ORDER if name in rungs]


def stored() -> list[Rung]:
    """Return the rungs that `benchmarks/ladder.py` measured; none where that folder is not."""
    return [Rung(**asdict(rung) | {"here": False}) for rung in saved(STORED)]


def saved(path: Path) -> list[Rung]:
    """Return the rungs in a results file; none if it is not there, or is another thing."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return [Rung(**entry) for entry in content.get(KEY, [])]
    except (OSError, ValueError, TypeError, AttributeError):
        return []
