"""Reading the digit in a picture."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from digitrec.networks import predict
from digitrec.preparation import Steps, prepare_digit
from digitrec.storage import BOXED_MODEL, load_model

if TYPE_CHECKING:
    import keras

LEAST_CONFIDENCE = 0.5  # below it the network does not prefer one digit to all the others together


@dataclass(frozen=True, eq=False)
class Reading:
    """What a network says about one picture.

    Attributes:
        digit: 0-9, always the best guess; without any ink a 0, which `is_digit` tells apart.
        confidence: 0-1, the probability the network gives to that digit.
        is_digit: whether to believe it.
        reason: why not, in a few words; empty when `is_digit` is true.
        probabilities: array (10,), float 0-1, one for each digit.
        steps: every stage from the picture to the network's input.
    """

    digit: int
    confidence: float
    is_digit: bool
    reason: str
    probabilities: np.ndarray
    steps: Steps

    @property
    def sentence(self) -> str:
        """The answer as a sentence."""
        if self.is_digit:
            article = "an" if self.digit == 8 else "a"
            return f"The number is probably {article} {self.digit}"
        return f"This is probably not a digit ({self.reason})"


def read_digit(
    image: str | Path | bytes | np.ndarray, model: "keras.Model | None" = None
) -> Reading:
    """Read the one digit in a picture.

    Args:
        image: a path, the bytes of a picture file, or an array: (h, w) grey, (h, w, 3) RGB or
            (h, w, 4) RGB with alpha. Dark ink on light paper or light on dark.
        model: a network from (n, 28, 28) uint8 images to (n, 10) probabilities, such as your own;
            None takes the one in the box.

    Returns:
        The best guess, how sure it is, and every step on the way.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: the picture cannot be read.
    """
    steps = prepare_digit(image)
    if steps.box is None:
        return Reading(0, 0.0, False, "no ink", np.full(10, 0.1, np.float32), steps)
    probabilities = predict(model or boxed_model(), steps.image[np.newaxis])[0]
    digit = int(probabilities.argmax())
    confidence = float(probabilities[digit])
    is_digit = confidence >= LEAST_CONFIDENCE
    reason = "" if is_digit else "looks like no digit"
    return Reading(digit, confidence, is_digit, reason, probabilities, steps)


@lru_cache(maxsize=1)
def boxed_model() -> "keras.Model":
    """Return the network in the box, loaded once."""
    return load_model(BOXED_MODEL)
