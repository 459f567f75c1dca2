"""Judging layers and softmax: by what they give, next to Keras and to the usual slips."""

import numpy as np

from digitrec.exercises.values import alike, as_array, shown
from digitrec.exercises.verdict import Verdict, not_attempted, not_yet, right

PIXELS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float)
WANTED = (0, 1, 1, 0)  # 1 where exactly one of two pixels is 1
PATTERNS = (  # what comes out for none, one and two pixels, and what to say of it
    ((0, 1, 1, 1), "That tells whether there is any at all. Take more off where both are 1."),
    ((0, 0, 0, 1), "That tells whether both are 1."),
    ((1, 0, 0, 1), "That is the other way round."),
    ((0, 1, 1, 2), "That counts the pixels. Something has to take 2 off where both are 1."),
    ((0, 0, 0, 0), "Nobody speaks. A bias far below 0 silences a neuron for good."),
    ((0, -1, -1, 0), "Only the sign is wrong."),
)


def judge_exactly_one(biases: object, last: object = None, hidden: object = None) -> Verdict:
    """Judge two neurons with ReLU and one behind them.

    Args:
        biases: of the two.
        last: weights of the one behind them, two numbers.
        hidden: weights of the two, shape (2, 2): a column per neuron.
    """
    if any(one is None or one is ... for one in (biases, last)):
        return not_attempted()
    arrays = {}
    for name, value, shape in (
        ("hidden_biases", biases, (2,)),
        ("last_weights", last, (2,)),
        ("hidden_weights", hidden, (2, 2)),
    ):
        array = as_array(value)
        if array is not None and array.size == np.prod(shape) and len(shape) == 1:
            array = array.reshape(shape)  # a column is as good
        if array is None or array.dtype.kind not in "biuf" or array.shape != shape:
            return not_yet(f"{name}: {shown(value)} came; expected numbers of shape {shape}.")
        if not np.isfinite(array).all():
            return not_yet(f"{name}: {shown(value)} came; expected finite numbers.")
        arrays[name] = array.astype(float)
    says = np.maximum(PIXELS @ arrays["hidden_weights"] + arrays["hidden_biases"], 0)
    out = says @ arrays["last_weights"]
    if alike(out, WANTED, 1e-6):
        return right("Without ReLU, no weights could do this: the bend is what makes it possible.")
    rows = [
        f"pixels {int(one)} {int(other)}: the neurons say {shown(mine)}, and {shown(total)} comes "
        f"out; expected {wanted}"
        for (one, other), mine, total, wanted in zip(PIXELS, says, out, WANTED, strict=True)
    ]
    return not_yet("\n".join(["Not for all four:", *rows, *slip_of(out, says)[:1]]))


def slip_of(out: np.ndarray, says: np.ndarray) -> list[str]:
    """Return what is behind a wrong table, the likeliest first."""
    said = [sentence for pattern, sentence in PATTERNS if alike(out, pattern, 1e-6)]
    if alike(says[:, 0], says[:, 1], 1e-6):
        said.append("Both neurons say the same, so they are one. Give them different biases.")
    if out[1] and alike(out / out[1], WANTED, 1e-6):
        said.append("The shape is right. Scale the last weights, so that 1 comes out.")
    if out[0]:
        said.append("With no ink, both neurons should be silent: no bias above 0.")
    return said


def softmax_by_keras(scores: np.ndarray) -> np.ndarray:
    """Return Keras' softmax along the last axis."""
    from digitrec.quiet import keras

    return np.asarray(keras.ops.softmax(np.asarray(scores, np.float64), axis=-1))


def score_tables() -> tuple[tuple[np.ndarray], ...]:
    """Return tables of scores: readable ones, large ones, one row, square, 32 bits."""
    generator = np.random.default_rng(2)
    return (
        (np.array([[2.0, 1.0, -1.0], [0.0, 0.0, 0.0]]),),
        (np.array([[1000.0, 1001.0, 999.0], [1.0, 2.0, 3.0]]),),
        (np.array([[0.0, 1.0, 2.0], [-1000.0, -1001.0, -1002.0]]),),
        (np.array([[3.0, 1.0, 0.0], [0.0, 1.0, 1.0], [2.0, 2.0, -1.0]]),),
        (np.array([[0.5, -0.5]]),),
        (generator.normal(0, 3, (7, 10)).astype(np.float32),),
        (np.array([[1.0, 2, 3, 4], [4, 3, 2, 1], [9, 9, 9, 9]]),),
    )


def down_the_columns(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores - scores.max(axis=0))
    return powers / powers.sum(axis=0)


def over_everything(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores - scores.max())
    return powers / powers.sum()


def columns_with_one_largest(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores - scores.max())
    return powers / powers.sum(axis=0)


def with_one_largest(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores - scores.max())
    return powers / powers.sum(axis=1, keepdims=True)


def with_nothing_taken_off(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores)
    return powers / powers.sum(axis=1, keepdims=True)


def everything_with_nothing_taken_off(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores)
    return powers / powers.sum()


def columns_with_nothing_taken_off(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores)
    return powers / powers.sum(axis=0)


def without_keepdims(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores - scores.max(axis=1))
    return powers / powers.sum(axis=1)


def with_keepdims_once(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1)


def with_one_largest_and_no_keepdims(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores - scores.max())
    return powers / powers.sum(axis=1)


def without_dividing(scores: np.ndarray) -> np.ndarray:
    return np.exp(scores - scores.max(axis=1, keepdims=True))


def shares_of_scores(scores: np.ndarray) -> np.ndarray:
    return scores / scores.sum(axis=1, keepdims=True)


COLUMNS = "Each *column* adds up to 1. axis=0 runs down the images; the classes lie along axis=1."
WHOLE = "The whole table adds up to 1. Each row should: give `sum` an axis."
COLUMN_NEEDED = "One number per row has to become a column: `keepdims=True`, for `max` and `sum`."

SOFTMAX_SLIPS = (
    (down_the_columns, COLUMNS),
    (columns_with_one_largest, COLUMNS),
    (columns_with_nothing_taken_off, COLUMNS),
    (over_everything, WHOLE),
    (everything_with_nothing_taken_off, WHOLE),
    (
        with_one_largest,
        "Where one row is far below another, all of its powers become 0. Take off each row's own "
        "largest score.",
    ),
    (
        with_nothing_taken_off,
        "e to the 1000 is too large for the computer. Take each row's largest score off first.",
    ),
    (without_keepdims, COLUMN_NEEDED),
    (with_keepdims_once, COLUMN_NEEDED),
    (with_one_largest_and_no_keepdims, COLUMN_NEEDED),
    (without_dividing, "Divide by the sum of each row, or the rows do not add up to 1."),
    (shares_of_scores, "Raise e to each score first; scores below 0 have no shares."),
)
