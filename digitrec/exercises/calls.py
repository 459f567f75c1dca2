"""Calling what learners wrote, and telling what came of it."""

import builtins
import inspect
import io
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from copy import deepcopy
from dataclasses import dataclass, is_dataclass
from unittest.mock import patch

import numpy as np

from digitrec.exercises.values import LONGEST, WORDS, alike, as_array, shown


@dataclass(frozen=True)
class Outcome:
    """What became of one call.

    Attributes:
        value: what was returned.
        error: what stopped it, in words; the name of the error comes first.
        changed: whether an argument is another one than before.
        printed: what was printed meanwhile.
    """

    value: object
    error: str = ""
    changed: bool = False
    printed: str = ""

    @property
    def nothing(self) -> bool:
        """Whether the function did nothing at all, as a starter does."""
        return self.value is None and not (self.error or self.changed or self.printed)

    @property
    def error_name(self) -> str:
        return self.error.partition(":")[0].partition("\n")[0]


def outcome(function: Callable[..., object], inputs: tuple) -> Outcome:
    """Call a function with copies of its arguments; whatever it raises becomes words.

    What it prints is kept, not shown, and it has nobody to ask. Only the stop button gets through.
    """
    given = copies(inputs)
    with by_itself() as printed:
        try:
            value = own(function(*given))
        except (Exception, SystemExit) as error:  # a learner's function may do anything
            return Outcome(None, f"{told_error(error)}{line_of(error, function)}", False, printed())
    changed = not all(alike(now, was, 0) for now, was in zip(given, inputs, strict=True))
    return Outcome(value, changed=changed, printed=printed())


@contextmanager
def by_itself() -> Iterator[Callable[[], str]]:
    """Keep what is printed, and leave out warnings; they would come once for each input.

    Yields:
        A function that tells what was printed so far.
    """

    def nobody(*_: object) -> str:
        raise RuntimeError("input() has nobody to ask here; all that it needs are its arguments")

    with (
        redirect_stdout(io.StringIO()) as out,
        warnings.catch_warnings(),
        patch.object(builtins, "input", nobody),
    ):
        warnings.simplefilter("ignore")
        yield out.getvalue


def told_error(error: BaseException) -> str:
    """Return the name of an error and the first line of its message."""
    first = next(iter(str(error).splitlines()), "")
    first = first if len(first) <= LONGEST else f"{first[:LONGEST]} ..."
    return f"{type(error).__name__}: {first}" if first else type(error).__name__


def line_of(error: BaseException, function: Callable[..., object]) -> str:
    """Return the line of a function's own cell that an error came from, where it is known."""
    file = getattr(getattr(function, "__code__", None), "co_filename", None)
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame for frame in frames if frame.filename == file and frame.line]
    return f"\n(line {lines[-1].lineno} of its cell: {lines[-1].line})" if lines else ""


def differs(result: Outcome, wanted: object, tolerance: float) -> str:
    """Say how what came out differs from what was expected; nothing where it does not."""
    if result.error:
        return f"your function stopped with {result.error}"
    if result.changed:
        return "your function changed its argument. Compute something new instead."
    if result.value is None:
        said = " It printed; `return` hands a result over." if result.printed else ""
        return f"your function returned nothing.{said}"
    if alike(result.value, wanted, tolerance):
        return ""
    came, expected = as_array(result.value), as_array(wanted)
    text = f"{shown(result.value)} came out"
    if expected is None or expected.dtype.kind in WORDS:
        return f"{text}."
    needed = f"something of shape {expected.shape}" if expected.ndim else "one number"
    if came is None and isinstance(result.value, list | tuple):
        return f"{text}; its rows differ in length, or hold no numbers. Expected {needed}."
    if came is None or came.dtype.kind in WORDS:
        return f"{text}; expected {needed}."
    if came.shape != expected.shape:
        return f"{text}, of shape {came.shape}; expected {needed}."
    off = ~np.isclose(came, expected, tolerance, tolerance, equal_nan=True)
    if "array of shape" in text and not off.all():
        first = ", ".join(map(str, np.argwhere(off)[0]))
        return f"{text}. {off.sum()} of {off.size} numbers are off, the first at [{first}]."
    return f"{text}."


def copies(inputs: tuple) -> tuple:
    """Return arguments of their own: whatever a function does to them, nobody else sees."""
    return tuple(own(one) for one in inputs)


def own(value: object) -> object:
    """Return a copy of data; networks, functions and the like as they are."""
    if isinstance(value, np.ndarray | list | tuple | dict | set) or is_dataclass(value):
        try:
            return deepcopy(value)
        except Exception:  # it holds something that cannot be copied
            return value
    return value.copy() if isinstance(value, np.generic) else value


def told(inputs: tuple, names: tuple[str, ...] = ()) -> str:
    """Return arguments as a text, with their names where there are some.

    >>> told((np.array([1.0, 2.0]), 3), ("scores", "digit")), told((3,))
    ('scores = [1.0, 2.0], digit = 3', '3')
    """
    if len(names) != len(inputs):
        return ", ".join(shown(one) for one in inputs)
    return ", ".join(f"{name} = {shown(one)}" for name, one in zip(names, inputs, strict=True))


def names_of(function: Callable[..., object]) -> tuple[str, ...]:
    """Return the names of a function's parameters; none where nobody knows."""
    try:
        return tuple(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return ()
