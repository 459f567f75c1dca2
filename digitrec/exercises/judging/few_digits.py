"""How few digits of a hand are enough to teach it, and what a slip in their labels does."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from digitrec.exercises.values import as_array, number_in, shown
from digitrec.exercises.verdict import Verdict, not_attempted, not_yet, right
from digitrec.mnist import Digits, Mnist
from digitrec.networks import predict
from digitrec.training.fine_tuning import MOST_STEPS, fine_tune

if TYPE_CHECKING:
    import keras

WRITTEN, COUNTED = 4, 9  # the slip: what the pen wrote, and what it counts as
GOAL = 3  # digits
LOST = 10  # so many more mistakes MNIST's validation set may have


def read(model: "keras.Model", digits: Digits) -> np.ndarray:
    """Return which of the ten digits a network reads in each image; there may be none."""
    if not len(digits):
        return np.zeros(0, int)
    return predict(model, digits.images)[:, :10].argmax(axis=1)


def slip_taught(
    model: "keras.Model", learn: Digits, kept: Digits, mnist: Mnist, seed: int = 1
) -> str:
    """Teach that each 4 is a 9, and tell how many 4s are read as 9s before and after."""
    labels = np.where(learn.labels == WRITTEN, COUNTED, learn.labels)
    slipped = Digits(learn.images, labels.astype(learn.labels.dtype))
    taught = fine_tune(model, slipped, mnist, seed=seed)
    said = []
    for whose, digits in (("this hand's", kept), ("MNIST's", mnist.validation)):
        fours = digits[digits.labels == WRITTEN]
        before, after = (int((read(one, fours) == COUNTED).sum()) for one in (model, taught))
        said.append(f"{whose}, {before} before and {after} after, of {len(fours)}")
    return f"Yours, {WRITTEN}s that are read as {COUNTED}s: {'; '.join(said)}."


@dataclass(frozen=True)
class FewestDigits:
    """The fewest digits are asked for that take half of the mistakes away, and cost MNIST little.

    The network is taught here, with the digits that were named, and judged by others.
    """

    more_is_better: bool = False

    def __call__(
        self,
        answer: object,
        steps: object,
        model: "keras.Model",
        learn: Digits,
        kept: Digits,
        mnist: Mnist,
        seed: int = 1,
    ) -> Verdict:
        if answer is None or answer is ...:
            return not_attempted()
        places, number = places_in(answer, len(learn)), number_in(steps)
        if isinstance(places, str):
            return not_yet(places)
        if isinstance(number, str) or not number.is_integer() or not 1 <= number <= MOST_STEPS:
            return not_yet(f"steps is {shown(steps)}; expected a whole number, 1 to {MOST_STEPS:,}")
        judges = kept, mnist.validation
        before = [mistakes(model, digits) for digits in judges]
        if before[0] < 2:
            return not_yet(
                f"Of the digits kept apart, {before[0]} are misread: there is nothing to gain. "
                "Take another hand, or another network."
            )
        taught = fine_tune(model, learn[places], mnist, seed=seed, steps=int(number))
        after = [mistakes(taught, digits) for digits in judges]
        said = (
            f"{len(places)} {'digit' if len(places) == 1 else 'digits'}, {int(number)} steps. "
            f"Mistakes on this hand: {before[0]}, then {after[0]}; on MNIST: {before[1]}, then "
            f"{after[1]}."
        )
        if after[0] > before[0] // 2:
            return not_yet(
                f"{said} More than half is left on this hand. Which digits does the network "
                "misread among those to learn from?"
            )
        if after[1] > before[1] + LOST:
            return not_yet(
                f"{said} That costs MNIST more than {LOST}. Change the steps, or the digits."
            )
        if len(places) > GOAL:
            return not_yet(f"{said} It works. The goal: at most {GOAL} digits.", len(places))
        return right(said, len(places))


def mistakes(model: "keras.Model", digits: Digits) -> int:
    return int((read(model, digits) != digits.labels).sum())


def places_in(answer: object, count: int) -> list[int] | str:
    """Return the places of digits that an answer names, or a sentence on why it names none."""
    array = as_array(sorted(answer) if isinstance(answer, set) else answer)
    if array is None or array.ndim > 1 or not array.size or array.dtype.kind not in "iu":
        return f"{shown(answer)} came; expected places in `learn`, such as [0, 30, 96]."
    array = array.reshape(-1)
    if len(set(array.tolist())) < len(array):
        return "A place is there twice; each digit counts once."
    if array.min() < 0 or array.max() >= count:
        return f"{array.min()} to {array.max()} came; `learn` has the places 0 to {count - 1}."
    return array.tolist()
