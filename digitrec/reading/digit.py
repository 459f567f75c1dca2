"""Reading the digit in a picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from digitrec.networks import NOT_A_DIGIT, predict
from digitrec.reading.ink import FAINT_CONTRAST
from digitrec.reading.preparation import Steps, as_it_is, prepare_digit
from digitrec.storage import BOXED_MODEL, load_model

if TYPE_CHECKING:
    import keras

LEAST_CONFIDENCE = 0.5  # below it the network does not prefer one digit to all the others together
SURE = 0.9  # confidence, from which an answer stands alone; below it come the runners-up


def with_article(digit: int) -> str:
    """Return "a 4" or "an 8"."""
    return f"{'an' if digit == 8 else 'a'} {digit}"


def percent(share: float, more: str = "more than ", less: str = "less than ") -> str:
    """Return a probability in percent; no network is certain, so never as 0% or 100%.

    Args:
        share: 0-1.
        more: what stands before 99%.
        less: what stands before 1%.

    >>> percent(0.62), percent(0.9996), percent(0.0004, less="<")
    ('62%', 'more than 99%', '<1%')
    """
    if share > 0.99:
        return f"{more}99%"
    if share < 0.01:
        return f"{less}1%"
    return f"{share:.0%}"


@dataclass(frozen=True, eq=False)
class Reading:
    """What a network says about one picture.

    Attributes:
        digit: 0-9, always the best guess; without any ink a 0, which `is_digit` tells apart.
        confidence: 0-1, the probability the network gives to that digit.
        is_digit: whether to believe it.
        reason: why not: "no ink", "too faint", "several shapes" or "looks like no digit"; empty
            when `is_digit` is true.
        probabilities: array (10,), float 0-1, one for each digit; what is missing to 1 is the
            probability that it is no digit.
        steps: every stage from the picture to the network's input.
        not_a_digit: 0-1, the probability that it is no digit; None where nobody was asked: the
            network has ten answers only, or there is no ink.
    """

    digit: int
    confidence: float
    is_digit: bool
    reason: str
    probabilities: np.ndarray
    steps: Steps
    not_a_digit: float | None = None

    @property
    def box(self) -> tuple[int, int, int, int] | None:
        """Left, top, width and height of the digit in pixels of the picture; None without ink."""
        return self.steps.box

    @property
    def is_sure(self) -> bool:
        """Whether it is a digit and the runners-up are not worth a look."""
        return self.is_digit and self.confidence >= SURE

    @property
    def runners_up(self) -> tuple[int, ...]:
        """The next two digits, the likelier first."""
        return tuple(int(digit) for digit in np.argsort(-self.probabilities)[1:3])

    @property
    def answer(self) -> int | None:
        """The digit if it is to be believed; None if not, so that answers can be compared."""
        return self.digit if self.is_digit else None

    @property
    def opinion(self) -> str:
        """What the network itself says to the ink, whatever else speaks against it."""
        if self.box is None:
            return "no ink to read"
        if (self.not_a_digit or 0.0) > self.confidence:
            return f"not a digit, sure to {percent(self.not_a_digit)}"
        doubt = "" if self.confidence >= LEAST_CONFIDENCE else ", too little to be believed"
        return f"{with_article(self.digit)}, sure to {percent(self.confidence)}{doubt}"

    @property
    def sentence(self) -> str:
        """The answer as a sentence."""
        if self.is_digit:
            return f"The number is probably {with_article(self.digit)}"
        return f"This is probably not a digit ({self.reason})"


def read_digit(
    image: str | Path | bytes | np.ndarray, model: "keras.Model | None" = None
) -> Reading:
    """Read the one digit in a picture.

    A picture of MNIST's size is looked at prepared, and as it is; the surest answer counts.

    Args:
        image: a path, the bytes of a picture file, or an array: (h, w) grey, (h, w, 3) RGB or
            (h, w, 4) RGB with alpha. Dark ink on light paper or light on dark.
        model: a network from (n, 28, 28) uint8 images to (n, 10) probabilities, such as your own,
            or (n, 11), the last of which is "not a digit"; None takes the one in the box.

    Returns:
        The best guess, how sure it is, and every step on the way.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: the picture cannot be read, or the network does not answer probabilities.
    """
    steps = prepare_digit(image)
    if steps.box is None:
        return Reading(0, 0.0, False, "no ink", np.full(10, 0.1, np.float32), steps)
    looks = [steps, *as_it_is(steps)]
    answers = predict(model or boxed_model(), np.stack([look.image for look in looks]))
    readings = list(map(interpret, looks, answers))
    return max(readings, key=lambda reading: reading.confidence)


def second_opinions(readings: Sequence[Reading], model: "keras.Model") -> tuple[Reading, ...]:
    """Ask another network about the same 28x28 images; nothing is prepared a second time.

    Args:
        readings: what `read_digit` returned, or the readings of a page.
        model: the other network; see `read_digit`.

    Returns:
        Its readings, in the same order. Where there is no ink, there is nothing to ask.

    Raises:
        ValueError: the network does not answer probabilities.
    """
    inked = [reading for reading in readings if reading.box is not None]
    if not inked:
        return tuple(readings)
    answers = iter(predict(model, np.stack([reading.steps.image for reading in inked])))
    return tuple(
        reading if reading.box is None else interpret(reading.steps, next(answers))
        for reading in readings
    )


def interpret(steps: Steps, answers: np.ndarray) -> Reading:
    """Make a reading of what the network answers for one image.

    Args:
        steps: the way to that image; with ink.
        answers: array (10,) or (11,): the probability of each digit, and of "not a digit".

    Returns:
        The reading.
    """
    probabilities = answers[:10]
    not_a_digit = float(answers[NOT_A_DIGIT]) if len(answers) > NOT_A_DIGIT else None
    digit = int(probabilities.argmax())
    confidence = float(probabilities[digit])
    reason = ""
    if steps.ink_contrast < FAINT_CONTRAST:
        reason = "too faint"
    elif steps.shapes[1] or (sum(steps.shapes) > 1 and confidence < LEAST_CONFIDENCE):
        reason = "several shapes"
    elif confidence < LEAST_CONFIDENCE:
        reason = "looks like no digit"
    return Reading(digit, confidence, not reason, reason, probabilities, steps, not_a_digit)


@lru_cache(maxsize=1)
def boxed_model() -> "keras.Model":
    """Return the network in the box, loaded once."""
    return load_model(BOXED_MODEL)
