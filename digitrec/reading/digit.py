"""Reading the digit in a picture."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from digitrec.networks import predict
from digitrec.reading.ink import FAINT_CONTRAST
from digitrec.reading.preparation import Steps, prepare_digit
from digitrec.storage import BOXED_MODEL, load_model

if TYPE_CHECKING:
    import keras

LEAST_CONFIDENCE = 0.5  # below it the network does not prefer one digit to all the others together
SURE = 0.9  # confidence, from which an answer stands alone; below it come the runners-up


def with_article(digit: int) -> str:
    """Return "a 4" or "an 8"."""
    return f"{'an' if digit == 8 else 'a'} {digit}"


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
    """

    digit: int
    confidence: float
    is_digit: bool
    reason: str
    probabilities: np.ndarray
    steps: Steps

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
    def sentence(self) -> str:
        """The answer as a sentence."""
        if self.is_digit:
            return f"The number is probably {with_article(self.digit)}"
        return f"This is probably not a digit ({self.reason})"


def read_digit(
    image: str | Path | bytes | np.ndarray, model: "keras.Model | None" = None
) -> Reading:
    """Read the one digit in a picture.

    Args:
        image: a path, the bytes of a picture file, or an array: (h, w) grey, (h, w, 3) RGB or
            (h, w, 4) RGB with alpha. Dark ink on light paper or light on dark.
        model: a network from (n, 28, 28) uint8 images to (n, 10) probabilities, such as your own,
            or (n, 11), the last of which is "not a digit"; None takes the one in the box.

    Returns:
        The best guess, how sure it is, and every step on the way.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: the picture cannot be read.
    """
    steps = prepare_digit(image)
    if steps.box is None:
        return Reading(0, 0.0, False, "no ink", np.full(10, 0.1, np.float32), steps)
    return interpret(steps, predict(model or boxed_model(), steps.image[np.newaxis])[0])


def interpret(steps: Steps, answers: np.ndarray) -> Reading:
    """Make a reading of what the network answers for one image.

    Args:
        steps: the way to that image; with ink.
        answers: array (10,) or (11,): the probability of each digit, and of "not a digit".

    Returns:
        The reading.
    """
    probabilities = answers[:10]
    digit = int(probabilities.argmax())
    confidence = float(probabilities[digit])
    reason = ""
    if steps.ink_contrast < FAINT_CONTRAST:
        reason = "too faint"
    elif steps.shapes[1] or (sum(steps.shapes) > 1 and confidence < LEAST_CONFIDENCE):
        reason = "several shapes"
    elif confidence < LEAST_CONFIDENCE:
        reason = "looks like no digit"
    return Reading(digit, confidence, not reason, reason, probabilities, steps)


@lru_cache(maxsize=1)
def boxed_model() -> "keras.Model":
    """Return the network in the box, loaded once."""
    return load_model(BOXED_MODEL)
