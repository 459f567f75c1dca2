"""What single filters of a network are worth: silence each of them, and ask again."""

from typing import TYPE_CHECKING

import numpy as np

from digitrec.exercises.values import number_in, shown
from digitrec.exercises.verdict import Verdict, not_attempted, not_yet, right
from digitrec.mnist import Digits
from digitrec.networks import predict

if TYPE_CHECKING:
    import keras


def missed_most(
    answer: object, model: "keras.Model", layer: "keras.layers.Layer", digits: Digits
) -> Verdict:
    """Judge which filter of a convolution is missed most.

    Args:
        answer: its number, from 0.
        model: the network.
        layer: one of its convolutions.
        digits: what it is asked about.
    """
    if answer is None or answer is ...:
        return not_attempted()
    number = number_in(answer)
    if isinstance(number, str):
        return not_yet(number)
    kernel = layer.kernel.numpy()
    silent = np.flatnonzero(~kernel.any(axis=(0, 1, 2)))
    if len(silent):
        return not_yet(
            f"Filter {silent[0]} has no weights any more. Run the notebook again up to here, and "
            "give each filter its weights back before you silence the next one."
        )
    last = kernel.shape[-1] - 1
    if not number.is_integer() or not 0 <= number <= last + 1:
        return not_yet(
            f"{shown(answer)} came; expected the number of a filter, 0 to {last}, and not how many "
            "digits are right."
        )
    rights = [*right_without_each(model, layer, digits), len(digits)]
    number, fewest = int(number), min(rights)
    if rights[number] == fewest and number <= last:
        return right(
            f"Without filter {number}, {fewest:,} of {len(digits):,} are read right; without "
            f"another one, up to {max(rights[:-1]):,}."
        )
    if number > 0 and rights[number - 1] == fewest:
        return not_yet(f"{number} is one too many: Python counts from 0.")
    if number > last:
        return not_yet(f"There are filters 0 to {last}; {number} came.")
    if rights[number] == max(rights[:-1]):
        return not_yet(
            f"Filter {number} is missed least: without it, {rights[number]:,} are read right. "
            "Which one leaves the fewest?"
        )
    if number == last:
        return not_yet(
            f"{last} is the last filter, and others are missed more. Does each filter get its "
            "weights back before the next one is silenced?"
        )
    return not_yet(f"Without filter {number}, {rights[number]:,} are right; another costs more.")


def right_without_each(
    model: "keras.Model", layer: "keras.layers.Layer", digits: Digits
) -> list[int]:
    """Count right answers while one filter after the other has no weights; they get them back."""
    kernel, rights = layer.kernel.numpy(), []
    try:
        for number in range(kernel.shape[-1]):
            layer.kernel.assign(np.where(np.arange(kernel.shape[-1]) == number, 0, kernel))
            answers = predict(model, digits.images)[:, :10].argmax(axis=1)
            rights.append(int((answers == digits.labels).sum()))
    finally:
        layer.kernel.assign(kernel)
    return rights
