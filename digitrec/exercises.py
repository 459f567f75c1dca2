"""Checks for the exercises of the notebooks: right, or not yet and a hint."""

import numpy as np

from digitrec.mnist import Digits

UNANSWERED = "No answer yet: replace None above, and run the cell again."


def judge(answer: object, expected: float, tolerance: float, hints: dict[float, str]) -> str:
    """Compare a number with the expected one.

    Args:
        answer: what the learner gave.
        expected: the right number.
        tolerance: how far off still counts as right.
        hints: for wrong numbers that come up often, what is behind them.

    Returns:
        "Right: ...", "Not yet: ..." with a hint where there is one, or that nothing was answered.

    >>> judge(None, 4, 0, {})
    'No answer yet: replace None above, and run the cell again.'
    >>> judge(4, 4, 0, {})
    'Right: 4.'
    >>> judge(5, 4, 0, {5: "You counted the input as well."})
    'Not yet: 5 is not it. You counted the input as well.'
    """
    if answer is None:
        return UNANSWERED
    try:
        number = float(answer)
    except (TypeError, ValueError):
        return f"Not yet: {answer!r} is a {type(answer).__name__}, expected one number."
    except OverflowError:
        return "Not yet: that is far too large."
    if abs(number - expected) <= tolerance:
        return f"Right: {answer}."
    hint = next((text for value, text in hints.items() if abs(number - value) <= tolerance), "")
    return f"Not yet: {answer} is not it. {hint}".rstrip()


def check_ink_share(answer: object, digits: Digits) -> str:
    """Check the share of pixels above 0 in a set of digits (notebook 1)."""
    share = float((digits.images > 0).mean())
    hints = {
        1 - share: "That is the share of paper.",
        100 * share: "That is in per cent; a share lies between 0 and 1.",
        float(digits.images.mean() / 255): "That is the mean value; count the pixels above 0.",
    }
    return judge(answer, share, 0.002, hints)


def check_weight_count(answer: object) -> str:
    """Check the number of weights of a network 784-64-10 (notebook 2)."""
    hints = {
        784 * 64 + 64 * 10: "Every neuron also has a bias.",
        784 * 64 + 64: "That is the first layer; the second one has weights, too.",
    }
    return judge(answer, 784 * 64 + 64 + 64 * 10 + 10, 0, hints)


def check_step_count(answer: object) -> str:
    """Check the steps of 3 epochs with 55,000 images in batches of 64 (notebook 3)."""
    hints = {
        860: "That is one epoch.",
        2577: "The last, smaller batch of an epoch counts as well: round up.",
        2579: "Round up each epoch; a batch never goes on into the next one.",
    }
    return judge(answer, 2580, 0, hints)


def check_filter_weights(answer: object) -> str:
    """Check the weights of 32 filters of 3x3 that look at 16 maps (notebook 6)."""
    hints = {
        32 * 9: "Each filter has nine weights for each of the 16 maps.",
        9 * 16: "That is one filter; there are 32.",
        32 * (9 * 16 + 1): "These have no biases.",
    }
    return judge(answer, 32 * 9 * 16, 0, hints)


def check_precision(answer: object, matrix: np.ndarray, digit: int) -> str:
    """Check the precision of one digit, computed from a confusion matrix (notebook 4)."""
    right, images, answers = int(matrix[digit, digit]), matrix[digit].sum(), matrix[:, digit].sum()
    if answers == 0:
        return f"This network never answers {digit}: there is no precision. Take another digit."
    hints = {
        right / max(images, 1): "That divides by the row: it is the recall.",
        right: "That is how many were right; divide by how many were answered so.",
    }
    return judge(answer, right / answers, 1e-6, hints)


def check_wrong_when_sure(answer: object, sure: np.ndarray, wrong: np.ndarray) -> str:
    """Check the share of mistakes among sure answers (notebook 4).

    Args:
        answer: what the learner gave.
        sure: array (n,), bool: whether the network was sure.
        wrong: array (n,), bool: whether it was wrong.
    """
    both = int((sure & wrong).sum())
    share = both / max(int(sure.sum()), 1)
    hints = {
        1 - share: "That is the share that is right.",
        both / len(wrong): "That divides by all answers; divide by those that were sure.",
        both: "That is how many there are; divide by how many answers were sure.",
        both
        / max(int(wrong.sum()), 1): "That divides by the mistakes: how many of them were sure.",
    }
    return judge(answer, share, 1e-6, hints)
