"""The notebook of a sweep: its text, its parameters, and whether parameter sets fit them."""

import ast
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from digitrec.parameters import RULES, broken_rules, unknown_name
from digitrec.paths import project_path, short_path
from digitrec.sweeps.formats import nbformat, papermill
from digitrec.sweeps.parameter_sets import Parameters

PYTHON = {"name": "python3", "display_name": "Python 3"}
COURSE = Path(__file__).resolve().parents[2]  # with its notebooks, unless only the package is there
SHOWN = 5  # faults that are listed
PLAIN = (int, float, str, bool, type(None))
NOT_YOURS = (
    "results_path: each run has a file of its own. Leave it out; the table has what is in them."
)


@dataclass(frozen=True)
class Notebook:
    """A notebook that is to be run many times.

    Attributes:
        name: of its file, without the ending.
        text: the file without outputs, which a run replaces.
        defaults: the parameters with the values that the notebook gives them.
        fingerprint: of its code. Words may change, and results hold all the same.
    """

    name: str
    text: str
    defaults: Parameters
    fingerprint: str


def open_notebook(path: str | Path) -> Notebook:
    """Read a notebook and its parameters.

    Args:
        path: a relative one starts at the project folder; what is not there is looked for in the
            course that this package belongs to.

    Raises:
        FileNotFoundError: it is not there.
        ValueError: it is no notebook, or has no cell tagged `parameters`.
    """
    in_course = COURSE / path
    path = project_path(path)
    if not path.is_file() and in_course.is_file():  # DIGITREC_HOME is somewhere else
        path = in_course
    if not path.is_file():
        raise FileNotFoundError(f"There is no notebook {short_path(path)}. Give the path of one.")
    try:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
    except (ValueError, KeyError, TypeError, AttributeError, nbformat.ValidationError) as error:
        raise ValueError(
            f"{short_path(path)} is not a notebook that can be read: expected an .ipynb file of "
            "version 4. Open it in JupyterLab and save it again."
        ) from error
    if "language_info" not in notebook.metadata:  # editors that never ran it leave it out
        kernel = notebook.metadata.setdefault("kernelspec", nbformat.from_dict(PYTHON))
        kernel.setdefault("language", "python")
    found = papermill.inspect_notebook(notebook)
    if not found:
        raise ValueError(
            f"{short_path(path)} has no parameters: expected a code cell tagged `parameters` with "
            "lines such as `epochs: int = 3`. Tag it in JupyterLab, with the gears at the right."
        )
    defaults = {name: literal(one["default"]) for name, one in found.items()}
    results = defaults.get("results_path", "runs/results.json")
    if not isinstance(results, str) or Path(results).is_absolute() or ".." in Path(results).parts:
        raise ValueError(
            f"{short_path(path)} has results_path = {results!r}: expected a path in the project "
            'folder, such as "runs/results.json", because each run has a file of its own.'
        )
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return Notebook(
        name=path.stem,
        text=nbformat.writes(notebook),
        defaults=defaults,
        fingerprint=hashlib.sha256(json.dumps(code).encode()).hexdigest(),
    )


def literal(text: str) -> object:
    """Return the value that Python code stands for, or the code itself where it has to be run."""
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return text


def check_sets(notebook: Notebook, sets: Sequence[Parameters]) -> None:
    """Check all parameter sets before anything starts.

    Args:
        notebook: whose parameters they are.
        sets: values by name; what a set leaves out keeps the notebook's own value.

    Raises:
        ValueError: there is no set, or a name or value is wrong. The message lists the faults in
            the words of `check_parameters`.
    """
    if not sets:
        raise ValueError("There is nothing to run: expected at least one set of parameters.")
    problems: list[str] = []
    for one in sets:
        if not isinstance(one, dict):
            raise ValueError(f"{one!r}: expected a set of parameters, such as {{'epochs': 3}}.")
        problems += [
            unknown_name(name, notebook.defaults) for name in one if name not in notebook.defaults
        ]
        problems += broken_rules(one)
        problems += [NOT_YOURS] if "results_path" in one else []
        problems += [
            f"{name} = {value!r}: expected a number, a text in quotes, True, False or None."
            for name, value in one.items()
            if name not in RULES and type(value) not in PLAIN
        ]
    problems = list(dict.fromkeys(problems))  # a grid repeats each in many sets
    if problems:
        more = len(problems) - SHOWN
        lines = [*problems[:SHOWN], *([f"And {more} more."] if more > 0 else [])]
        raise ValueError("\n".join([*lines, "Nothing was started."]))
