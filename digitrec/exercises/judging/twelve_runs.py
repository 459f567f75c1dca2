"""Looking for a learning rate with twelve runs, on trainings that are simulated.

The accuracy of a simulated training is a hill over the logarithm of the learning rate, whose top
nobody knows. To the left it falls slowly; to the right comes a cliff, where steps are too large. On
top of that comes the luck of a run. So two hundred searches take seconds, and the true worth of a
rate is known.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from digitrec.exercises.calls import outcome
from digitrec.exercises.values import number_in, shown
from digitrec.exercises.verdict import Verdict, not_attempted, not_yet, right

RUNS = 12  # that a search may make
TRAININGS = 200  # that it has to find a rate for
SPREAD = 0.006  # standard deviation of equal runs
LOWEST, HIGHEST = 0.0001, 0.1  # the best rate lies between them
TOP = 0.94  # the mean accuracy at the best rate
LOST = 0.03  # accuracy that a rate of a tenth of the best costs
STEEP = 0.25  # accuracy that each tenfold costs beyond the cliff
GOAL = 0.1  # points that may be lost in the mean


@dataclass(eq=False)
class Training:
    """A simulated training that is run with a learning rate and a seed.

    Attributes:
        number: of the training; draws where its best rate and its cliff lie.
        done: the runs so far; an equal one comes to the same, and is not run again.
    """

    number: int
    done: dict[tuple[float, int], float] = field(default_factory=dict)

    def __call__(self, learning_rate: float, seed: int) -> float:
        """Return the validation accuracy of a run, 0-1.

        Raises:
            ValueError: a value is none, or it would be one run too many.
        """
        rate, seed = rate_in(learning_rate), seed_in(seed)
        if (rate, seed) not in self.done:
            if len(self.done) == RUNS:
                raise ValueError(f"this would be run {RUNS + 1}; {RUNS} are allowed")
            # the luck of a run belongs to all that it is made of
            luck = np.random.default_rng([self.number, seed, int(1e9 * rate)]).normal(0, SPREAD)
            self.done[rate, seed] = float(np.clip(self.worth(rate) + luck, 0.1, 1))
        return self.done[rate, seed]

    def worth(self, rate: float) -> float:
        """Return the mean accuracy of all runs with a rate, which no search gets to see."""
        generator = np.random.default_rng([self.number, 9])
        best = generator.uniform(math.log10(LOWEST), math.log10(HIGHEST))
        cliff = generator.uniform(0.1, 0.7)  # powers of ten to the right of the best rate
        right = math.log10(rate) - best
        return max(TOP - LOST * right**2 - STEEP * max(right - cliff, 0), 0.1)


def rate_in(value: object) -> float:
    """Return a learning rate, or say why a value is none."""
    rate = number_in(value)
    if isinstance(rate, str) or not 0 < rate <= 1:
        raise ValueError(f"learning rate {shown(value)}: expected a number above 0, at most 1")
    return rate


def seed_in(value: object) -> int:
    """Return a seed, or say why a value is none."""
    seed = number_in(value)
    if isinstance(seed, str) or seed < 0 or seed != int(seed):
        raise ValueError(f"seed {shown(value)}: expected a whole number of 0 or more")
    return int(seed)


@dataclass(frozen=True)
class TwelveRuns:
    """Judges a function that finds a learning rate by at most twelve runs of a training.

    Called with `run(learning_rate, seed)`, it returns a rate. What counts is how many points below
    the best rate those that it returns lie, in the mean over many trainings.
    """

    more_is_better: bool = False

    def __call__(self, answer: Callable[..., object]) -> Verdict:
        if answer is None or answer is ...:
            return not_attempted()
        if not callable(answer):
            return not_yet(f"{shown(answer)} came; expected the function itself, without brackets.")
        lost, seen = [], 0
        for number in range(TRAININGS):
            training = Training(number)
            result = outcome(lambda given, run=training: answer(run), (number,))
            if result.error:
                return not_yet(f"Your function stopped with {result.error}.")
            if result.value is None:
                if not training.done and not result.printed:
                    return not_attempted("The function returns nothing yet.")
                return not_yet("Nothing came out; `return` the learning rate that you choose.")
            try:
                rate = rate_in(result.value)
            except ValueError as error:
                return not_yet(f"What came out is no {error}.")
            lost.append(TOP - training.worth(rate))
            seen += len(training.done)
        return judged(100 * float(np.mean(lost)), seen / TRAININGS)


def judged(points: float, runs: float) -> Verdict:
    """Say how good a search is.

    Args:
        points: that were lost in the mean.
        runs: that a training took in the mean.
    """
    said = (
        f"In the mean over {TRAININGS} trainings, {points:.2f} points are lost, in {runs:.0f} runs."
    )
    if points <= GOAL:
        return right(said, points)
    if runs < 1:
        return not_yet(f"{said} Without a run, this is a guess.", points)
    if runs <= RUNS / 2:
        return not_yet(f"{said} {RUNS} runs are allowed. The goal: {GOAL} points.", points)
    return not_yet(f"{said} The goal: {GOAL} points.", points)
