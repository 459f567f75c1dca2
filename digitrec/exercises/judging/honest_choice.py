"""Choosing among recognisers with as few looks at the test set as possible.

Twenty recognisers of the same true accuracy: whatever one of them reads more than another is luck,
and whoever chooses by a set gets the luck of this set into the number.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from digitrec.exercises.calls import outcome
from digitrec.exercises.values import number_in, shown
from digitrec.exercises.verdict import Verdict, not_attempted, not_yet, right
from digitrec.mnist import SIDE, Digits

TRUE_ACCURACY = 0.975  # of each
ROUNDED = 0.0006  # by which a number may be off that was rounded to three digits
COUNT, VALIDATION, TEST = 20, 2_000, 10_000  # recognisers, and images
SEED = 300  # with it, the two sets prefer different ones


@dataclass(frozen=True, eq=False)
class Recogniser:
    """Reads numbered images, and goes wrong at some of them.

    Attributes:
        number: draws which images it reads wrongly.
    """

    number: int

    def __call__(self, images: np.ndarray) -> np.ndarray:
        """Return the digit that is read in each of `numbered_images`."""
        images = np.asarray(images)
        numbers, labels = images[:, 0, :2].astype(int) @ [256, 1], images[:, 0, 2]
        return np.where(self.wrong(0, VALIDATION)[numbers], (labels + 1) % 10, labels)

    def wrong(self, part: int, count: int) -> np.ndarray:
        """Return for each image of a set whether it is read wrongly."""
        return np.random.default_rng([SEED + self.number, part]).random(count) >= TRUE_ACCURACY

    def __repr__(self) -> str:
        return f"<recogniser {self.number}>"


def numbered_images(count: int) -> Digits:
    """Return digits that carry their number and their label in the first pixels."""
    numbers = np.arange(count)
    images = np.zeros((count, SIDE, SIDE), np.uint8)
    labels = np.random.default_rng(0).integers(0, 10, count).astype(np.uint8)
    images[:, 0, 0], images[:, 0, 1], images[:, 0, 2] = numbers // 256, numbers % 256, labels
    return Digits(images, labels)


@dataclass(eq=False)
class TestSet:
    """Answers which share of the test set a recogniser reads right, and counts the questions.

    Attributes:
        looks: how often it was asked.
    """

    __test__ = False  # pytest: this is no class of tests
    looks: int = field(default=0)

    def __call__(self, recogniser: Recogniser) -> float:
        if not isinstance(recogniser, Recogniser):
            raise TypeError(f"{shown(recogniser)} came; expected one of the recognisers")
        self.looks += 1
        return accuracy_on_test(recogniser)


def accuracy_on_test(recogniser: Recogniser) -> float:
    return float(1 - recogniser.wrong(1, TEST).mean())


@dataclass(frozen=True)
class HonestChoice:
    """Judges a function that chooses a recogniser and says how good it is."""

    more_is_better: bool = False

    def __call__(self, answer: Callable[..., object]) -> Verdict:
        if answer is None or answer is ...:
            return not_attempted()
        if not callable(answer):
            return not_yet(f"{shown(answer)} came; expected the function itself, without brackets.")
        recognisers = [Recogniser(number) for number in range(COUNT)]
        validation, ask_test = numbered_images(VALIDATION), TestSet()
        result = outcome(lambda given: answer(given, validation, ask_test), (recognisers,))
        if result.error:
            return not_yet(f"Your function stopped with {result.error}.")
        if result.value is None and not result.printed:
            return not_attempted("The function returns nothing yet.")
        pair = result.value
        if not isinstance(pair, tuple | list) or len(pair) != 2:
            return not_yet(f"{shown(pair)} came out; expected a recogniser and its accuracy.")
        if not isinstance(pair[0], Recogniser):
            return not_yet(f"{shown(pair[0])} came out first; expected one of the recognisers.")
        if isinstance(share := number_in(pair[1]), str):
            return not_yet(share)
        by_validation = [
            float((one(validation.images) == validation.labels).mean()) for one in recognisers
        ]
        return judged(pair[0], share, ask_test.looks, by_validation)


def judged(chosen: Recogniser, share: float, looks: int, by_validation: list[float]) -> Verdict:
    """Say whether a choice and the accuracy that goes with it are honest."""
    measure = float(looks) if looks else None
    truth = (
        f"On a million new digits, it reads {TRUE_ACCURACY:.1%}: all twenty are equally good, "
        "and the rest is luck."
    )
    by_test = [accuracy_on_test(Recogniser(number)) for number in range(COUNT)]
    asked = f"The test set was asked {looks} {'time' if looks == 1 else 'times'}."
    if by_validation[chosen.number] < max(by_validation):
        if looks > 1 and by_test[chosen.number] == max(by_test):
            return not_yet(
                f"{asked} It has chosen, so it can no longer judge: you report {share:.2%}. "
                f"{truth}",
                measure,
            )
        return not_yet("Another recogniser reads more of the validation images.", measure)
    if abs(share - by_validation[chosen.number]) <= ROUNDED:
        return not_yet(
            f"You report {share:.2%}, the accuracy on the set that has chosen. {truth} "
            "Let a set judge that has chosen nothing.",
            measure,
        )
    if not looks or abs(share - by_test[chosen.number]) > ROUNDED:
        return not_yet(
            f"You report {share:.2%}, which is not what the test set says of this recogniser.",
            measure,
        )
    if looks > 1:
        return not_yet(f"{asked} Choose first, and ask about the chosen one alone.", measure)
    return right(
        f"One look. The validation set says {by_validation[chosen.number]:.2%} of the chosen one, "
        f"the test set {share:.2%}. {truth} The set that chose promises too much.",
        measure,
    )
