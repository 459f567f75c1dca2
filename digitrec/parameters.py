"""Checking the parameters of a notebook before any work starts.

papermill puts the values of `-p name value` into a cell of their own after the cell tagged
`parameters`. It accepts any name and any value, so the cell after that calls `check_parameters`.
"""

import ast
import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from digitrec.bounds import LARGEST_BATCH
from digitrec.hands.names import tidy_name
from digitrec.paths import project_path

NETWORKS = ("mlp", "cnn")


@dataclass(frozen=True)
class Rule:
    """What a parameter may be.

    Attributes:
        expected: the rule in words, ending in an example.
        accepts: tells whether a value follows it.
    """

    expected: str
    accepts: Callable[[object], bool]


def whole_number(least: int, most: int, example: int) -> Rule:
    return Rule(
        f"a whole number from {least:,} to {most:,}, such as {example}",
        lambda value: type(value) is int and least <= value <= most,
    )


def file_name(ending: str, example: str) -> Rule:
    return Rule(
        f'a file name in quotes that ends in {ending}, such as "{example}"',
        lambda value: isinstance(value, str) and Path(value).suffix == ending,
    )


def existing_folder(example: str) -> Rule:
    return Rule(
        f'the name of a folder that is there, in quotes, such as "{example}"',
        lambda value: isinstance(value, str) and value != "" and project_path(value).is_dir(),
    )


def may_be_folder(value: object) -> bool:
    """Tell whether a folder of this name is there or could be made."""
    if not isinstance(value, str) or not value.strip():
        return False
    path = project_path(value)
    return next(place for place in (path, *path.parents) if place.exists()).is_dir()


def may_be_writer(value: object) -> bool:
    """Tell whether a writer may be called so; None leaves it open who is meant."""
    try:
        return value is None or bool(tidy_name(value))
    except ValueError:
        return False


def short_text(most: int, example: str) -> Rule:
    return Rule(
        f'a text in quotes of 1 to {most} letters, such as "{example}"',
        lambda value: isinstance(value, str) and 1 <= len(value.strip()) <= most,
    )


def is_address(value: object) -> bool:
    """Tell whether a text is an address, whoever may answer there."""
    if not isinstance(value, str):
        return False
    form = re.fullmatch(r"(?:tcp|tls|ws|wss|ucx)://[^\s/]+:(\d{1,5})", value)
    return form is not None and 0 < int(form[1]) < 2**16


RULES = {
    "address": Rule(
        "None (this machine) or the address of a Dask scheduler in quotes, such as "
        '"tcp://10.0.0.7:8786"',
        lambda value: value is None or is_address(value),
    ),
    "batch_size": whole_number(1, LARGEST_BATCH, 32),
    "card_name": short_text(40, "My network"),
    "card_path": file_name(".md", "runs/my_network.md"),
    "convolutional_path": file_name(".keras", "models/convolutional.keras"),
    "digit": whole_number(0, 9, 4),
    "digits_folder": existing_folder("digits"),
    "epochs": whole_number(1, 1_000, 3),
    "hands_folder": Rule(
        'the name of a folder in quotes, such as "my_digits"; it need not be there yet',
        may_be_folder,
    ),
    "learning_rate": Rule(
        "a number above 0 and at most 1, such as 0.001",
        lambda value: type(value) in (int, float) and 0 < value <= 1,
    ),
    "model_name": Rule(
        "one of " + ", ".join(f'"{name}"' for name in NETWORKS),
        lambda value: value in NETWORKS,
    ),
    "model_path": file_name(".keras", "models/handwritten_digits.keras"),
    "photos_folder": existing_folder("photos"),
    "results_path": file_name(".json", "runs/results.json"),
    "seed": whole_number(0, 2**32 - 1, 1),
    "seeds": whole_number(1, 100, 3),
    "taught_path": file_name(".keras", "models/my_hand.keras"),
    "train_new_model": Rule("True or False", lambda value: type(value) is bool),
    "trained_model": Rule(
        "None (your own network if there is one, else the one in the box) or a file name in "
        'quotes that ends in .keras, such as "models/handwritten_digits.keras"',
        lambda value: value is None or (isinstance(value, str) and Path(value).suffix == ".keras"),
    ),
    "train_size": whole_number(100, 55_000, 55_000),
    "writer": Rule(
        'None (who wrote the most sheets) or a pen name or number in quotes, such as "412-17"',
        may_be_writer,
    ),
}


def check_parameters(**parameters: object) -> None:
    """Check the parameters of a notebook, and that papermill passed no others.

    Args:
        parameters: every parameter of the notebook by name: `epochs=epochs, seed=seed`.

    Raises:
        ValueError: a value breaks its rule, a name has none, or papermill passed a name that the
            notebook does not have. The message lists everything that is wrong.

    >>> check_parameters(epochs=3, learning_rate=0.001)
    >>> check_parameters(epochs=0)
    Traceback (most recent call last):
    ...
    ValueError: epochs = 0: expected a whole number from 1 to 1,000, such as 3.
    Change it in the parameters cell, or with papermill's -p NAME VALUE.
    """
    problems = broken_rules(parameters)
    problems += [
        f"{name}: expected one of {', '.join(RULES)}." for name in parameters if name not in RULES
    ]
    problems += [
        unknown_name(name, parameters) for name in injected_names() if name not in parameters
    ]
    if problems:
        advice = "Change it in the parameters cell, or with papermill's -p NAME VALUE."
        raise ValueError("\n".join([*problems, advice]))


def broken_rules(parameters: Mapping[str, object]) -> list[str]:
    """Return a sentence for each value that breaks the rule of its name.

    >>> broken_rules({"epochs": 0, "a name without a rule": 0})
    ['epochs = 0: expected a whole number from 1 to 1,000, such as 3.']
    """
    return [
        f"{name} = {value!r}: expected {RULES[name].expected}."
        for name, value in parameters.items()
        if name in RULES and not RULES[name].accepts(value)
    ]


def unknown_name(name: str, known: Iterable[str]) -> str:
    """Say that a parameter is not known, which ones are, and which one was probably meant."""
    close = difflib.get_close_matches(name, known, n=1)
    meant = f" Did you mean {close[0]}?" if close else ""
    return f"{name}: no such parameter. This notebook has: {', '.join(sorted(known))}.{meant}"


def injected_names() -> list[str]:
    """Return the names that papermill set in this notebook, or none outside of papermill.

    papermill gives its cell no mark that a running notebook can see but the comment on its first
    line, so the cell is found in IPython's history of inputs.
    """
    from IPython import get_ipython  # only here: a script that reads digits needs no notebook

    shell = get_ipython()
    history = shell.user_ns.get("In", []) if shell else []
    injected = [source for source in history if source.startswith("# Parameters\n")]
    if not injected:
        return []
    return [
        target.id
        for statement in ast.parse(injected[-1]).body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
    ]
