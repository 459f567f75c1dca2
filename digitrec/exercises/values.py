"""Taking, showing and comparing what learners answer."""

import math
import numbers
from collections.abc import Mapping
from dataclasses import fields, is_dataclass

import numpy as np

LONGEST = 240  # characters of a value that are shown
SOME = 40  # numbers of an array that are shown one by one, if they fit
ROUNDED = 1e-6  # as a share; 32-bit numbers are not more exact than this
NUMBERS, WORDS = "biufc", "US"  # kinds of NumPy's types


def number_in(answer: object) -> float | str:
    """Return the number that an answer is, or a sentence on why it is none.

    >>> number_in(4), number_in(np.float32(0.5)), number_in(np.array([3]))
    (4.0, 0.5, 3.0)
    >>> number_in("many")
    "'many' is a str; expected one number."
    """
    single = answer
    if isinstance(single, np.ndarray) or hasattr(single, "numpy"):  # a tensor has it
        single = np.asarray(single)
        single = single.item() if single.size == 1 else answer
    if isinstance(single, bool | np.bool_) or not isinstance(single, numbers.Number | np.number):
        return f"{shown(answer)} is {kind_of(answer)}; expected one number."
    try:
        number = float(single)
    except OverflowError:
        return "That is far too large."
    except TypeError:  # a complex number
        return f"{shown(answer)} is {kind_of(answer)}; expected one number."
    return number if math.isfinite(number) else f"{number} came; expected a finite number."


def close(number: float, expected: float, tolerance: float) -> bool:
    """Tell whether a number is the expected one.

    Whole numbers have to be exact where there is no tolerance; shares may be of 32 bits.

    >>> close(float(np.float32(1 / 3)), 1 / 3, 0), close(2_000_001, 2_000_000, 0)
    (True, False)
    """
    rounding = 1e-9 if float(expected).is_integer() else ROUNDED
    return math.isclose(number, expected, rel_tol=rounding, abs_tol=tolerance)


def alike(one: object, other: object, tolerance: float) -> bool:
    """Tell whether a value is the one that is expected, numbers within a tolerance.

    What holds the numbers does not matter: list, tuple, array or tensor, of any type of number.

    Args:
        one: what came, anything.
        other: what is expected: numbers, words, or tuples, dictionaries and dataclasses of them.
        tolerance: how far off each number may be, absolutely and as a share.

    >>> alike([1, 2], np.array([1.0, 2.0]), 1e-6), alike([1, 2], [1, 2, 3], 1e-6)
    (True, False)
    >>> alike("a", "a", 0), alike(None, 0, 1), alike("1", 1, 0)
    (True, False, False)
    >>> alike([[1], np.array([2, 3])], ([1], [2, 3]), 0)
    True
    """
    if one is other:
        return True
    if one is None or other is None or callable(one) or callable(other):
        return False
    if is_dataclass(other):
        return type(one) is type(other) and alike(parts_of(one), parts_of(other), tolerance)
    if isinstance(other, Mapping):
        return (
            isinstance(one, Mapping)
            and set(one) == set(other)
            and all(alike(one[key], other[key], tolerance) for key in other)
        )
    mine, theirs = as_array(one), as_array(other)
    if mine is not None and theirs is not None:
        if mine.shape != theirs.shape or (mine.dtype.kind in WORDS) != (theirs.dtype.kind in WORDS):
            return False
        if mine.dtype.kind in WORDS:
            return bool((mine == theirs).all())
        return np.allclose(mine, theirs, tolerance, tolerance, equal_nan=True)
    if theirs is None and isinstance(other, list | tuple) and isinstance(one, list | tuple):
        return len(one) == len(other) and all(
            alike(mine, theirs, tolerance) for mine, theirs in zip(one, other, strict=True)
        )
    return False


def as_array(value: object) -> np.ndarray | None:
    """Return numbers or words as an array; None where a value is neither, or of uneven rows."""
    try:
        array = np.asarray(value)
        if array.dtype.kind == "O" and all(isinstance(one, numbers.Number) for one in array.flat):
            array = array.astype(float)  # fractions, or whole numbers beyond 64 bits
    except Exception:  # whatever a learner's object does when NumPy looks at it
        return None
    return array if array.dtype.kind in NUMBERS + WORDS else None


def parts_of(value: object) -> dict[str, object]:
    return {field.name: getattr(value, field.name) for field in fields(value)}


def shown(value: object) -> str:
    """Return a value as a short text.

    >>> shown(np.array([[1.0, 2.0], [3.0, 4.5]]))
    '[[1.0, 2.0], [3.0, 4.5]]'
    >>> shown(0.30000000000000004), shown(np.float64(2)), shown((x for x in [1]))
    ('0.3', '2.0', 'a generator')
    >>> shown(np.zeros((28, 28)))
    'an array of shape (28, 28), 0.0 to 0.0'
    """
    try:
        text = " ".join(repr(plain(value)).split())
        array = as_array(value)
    except Exception:  # a learner's object that cannot be shown, or a number of 5,000 digits
        return kind_of(value)
    if " at 0x" in text:  # an address says nothing, and is another one each time
        return kind_of(value)
    long = array is not None and (array.size > SOME or len(text) > LONGEST)
    if long and array.ndim and array.dtype.kind in "biuf":
        least, most = shown(array.min()), shown(array.max())
        return f"an array of shape {array.shape}, {least} to {most}"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} ..."


def kind_of(value: object) -> str:
    """Return what a value is, with its article.

    >>> kind_of(3), kind_of("a")
    ('an int', 'a str')
    """
    kind = type(value).__name__
    return f"{'an' if kind[0] in 'aeiouAEIOU' else 'a'} {kind}"


def plain(value: object) -> object:
    """Return a value as Python's own numbers and lists, rounded to six digits that count."""
    if hasattr(value, "numpy"):  # a tensor
        value = np.asarray(value)
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, list | tuple) and type(value) in (list, tuple):
        return type(value)(plain(one) for one in value)
    return float(f"{value:.6g}") if isinstance(value, float) else value
