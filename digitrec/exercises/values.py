"""Taking and showing what learners answer."""

import numbers

import numpy as np

LONGEST = 240  # characters of a value that are shown


def number_in(answer: object) -> float | str:
    """Return the number that an answer is, or a sentence on why it is none.

    >>> number_in(4), number_in(np.float32(0.5)), number_in(np.array([3]))
    (4.0, 0.5, 3.0)
    >>> number_in("many")
    "'many' is a str; expected one number."
    """
    single = answer.item() if isinstance(answer, np.ndarray) and answer.size == 1 else answer
    if hasattr(single, "numpy") and np.size(single) == 1:  # a tensor
        single = np.asarray(single).item()
    if isinstance(single, bool | np.bool_) or not isinstance(single, numbers.Real | np.number):
        return f"{shown(answer)} is a {type(answer).__name__}; expected one number."
    try:
        number = float(single)
    except OverflowError:
        return "That is far too large."
    return number if np.isfinite(number) else f"{number} came; expected a finite number."


def shown(value: object) -> str:
    """Return a value as a short text.

    >>> shown(np.array([[1.0, 2.0], [3.0, 4.5]]))
    '[[1.0, 2.0], [3.0, 4.5]]'
    >>> shown(0.30000000000000004), shown(np.float64(2))
    ('0.3', '2.0')
    >>> shown(np.zeros((28, 28)))
    'an array of shape (28, 28), 0.0 to 0.0'
    """
    if hasattr(value, "numpy"):
        value = np.asarray(value)
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, np.ndarray):
        if value.size > 16 and value.dtype.kind in "biuf":
            least, most = shown(value.min()), shown(value.max())
            return f"an array of shape {value.shape}, {least} to {most}"
        value = rounded(value.tolist())
    elif isinstance(value, float):
        value = rounded(value)
    text = " ".join(repr(value).split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} ..."


def rounded(value: object) -> object:
    """Round every number in nested lists to six digits that count."""
    if isinstance(value, list):
        return [rounded(one) for one in value]
    return float(f"{value:.6g}") if isinstance(value, float) else value
