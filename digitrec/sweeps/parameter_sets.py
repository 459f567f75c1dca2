"""Lists of parameter sets: which runs a sweep has."""

import ast
import itertools
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

Parameters = dict[str, object]
# what comes before a comma or the end: a text in quotes, or else all up to there
VALUE = r"""(?:^|(?<=,))(\s*"[^"]*"\s*(?=,|$)|\s*'[^']*'\s*(?=,|$)|[^,]*)"""


def grid(**values: object) -> list[Parameters]:
    """Return every combination of some values, the last name turning fastest.

    Args:
        values: for each parameter a list of values, or one value that all runs have.

    Raises:
        ValueError: a list is empty, so that there would be no run.

    >>> grid(learning_rate=[0.001, 0.003], epochs=1)
    [{'learning_rate': 0.001, 'epochs': 1}, {'learning_rate': 0.003, 'epochs': 1}]
    """
    lists = {name: listed(some) for name, some in values.items()}
    for name, some in lists.items():
        if not some:
            raise ValueError(f"{name} has no values: a grid needs at least one, such as [1].")
    return [dict(zip(lists, one, strict=True)) for one in itertools.product(*lists.values())]


def listed(some: object) -> list[object]:
    """Return several values as a list, and one value as a list of it alone.

    >>> listed(range(3)), listed("mlp")
    ([0, 1, 2], ['mlp'])
    """
    if hasattr(some, "tolist"):  # numbers of NumPy, as Python's
        some = some.tolist()
    several = isinstance(some, Iterable) and not isinstance(some, (str, bytes, dict))
    return list(some) if several else [some]


def parsed_grid(lines: Sequence[str]) -> dict[str, list[object]]:
    """Return the values of each parameter from what is written in a terminal.

    Args:
        lines: such as "learning_rate=0.001,0.003"; a comma parts values, unless they are in quotes.

    Raises:
        ValueError: a line is not of this form, or a name comes twice.

    >>> parsed_grid(["learning_rate=0.001,0.003", "model_name=mlp,cnn"])
    {'learning_rate': [0.001, 0.003], 'model_name': ['mlp', 'cnn']}
    """
    values: dict[str, list[object]] = {}
    for line in lines:
        name, equals, rest = line.partition("=")
        name = name.strip()
        texts = [text.strip() for text in re.findall(VALUE, rest)]
        if not name.isidentifier() or not equals or not all(texts):
            raise ValueError(
                f"{line!r}: expected a parameter and its values, such as learning_rate=0.001,0.003."
            )
        if name in values:
            raise ValueError(f"{name} is given twice; put all of its values behind one {name}=.")
        values[name] = [parsed_value(text) for text in texts]
    return values


def parsed_value(text: str) -> object:
    """Return a number, True, False or None for its text, and any other text as it is.

    >>> parsed_value("3"), parsed_value("1e-3"), parsed_value("True"), parsed_value("cnn")
    (3, 0.001, True, 'cnn')
    """
    text = text.strip()
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return text
    return value if isinstance(value, (int, float, str, bool, type(None))) else text


def loaded_sets(path: Path) -> list[Parameters]:
    """Return the parameter sets of a JSON file.

    Args:
        path: of a list, such as [{"epochs": 1}, {"epochs": 3}].

    Raises:
        FileNotFoundError: it is not there.
        ValueError: it holds something else.
    """
    if not path.is_file():
        raise FileNotFoundError(f"There is no file {path}. Give a JSON file with parameter sets.")
    try:
        sets = json.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError):
        sets = None
    if not isinstance(sets, list) or not all(isinstance(one, dict) for one in sets):
        raise ValueError(
            f"{path}: expected a list of parameter sets in JSON, such as "
            '[{"epochs": 1}, {"epochs": 3}].'
        )
    return sets
