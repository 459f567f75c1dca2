"""Judging a line for the terminal that runs notebook 3, by what papermill would make of it."""

import contextlib
import io
import math
import shlex
from pathlib import PurePosixPath

from digitrec.exercises.values import shown
from digitrec.exercises.verdict import Verdict, not_attempted, not_yet, right

LESSON = "03_training.ipynb"
DEFAULTS = {  # the parameters of the lesson; a test compares them
    "epochs": 3,
    "batch_size": 32,
    "learning_rate": 0.001,
    "seed": 1,
    "train_size": 55_000,
    "model_name": "mlp",
    "train_new_model": True,
    "model_path": "models/handwritten_digits.keras",
    "results_path": "runs/03_training.json",
}
WANTED = 2_580  # steps of three epochs


def judge_line(answer: object) -> Verdict:
    """Judge a line that is to train for 2,580 steps and to leave earlier results alone."""
    if answer is None or answer is ...:
        return not_attempted()
    if not isinstance(answer, str):
        return not_yet(f"{shown(answer)} came; expected the line, in quotes.")
    try:
        given = papermill_options(answer)
        reason = wrong_files(given) or wrong_run(DEFAULTS | values_in(given))
    except ValueError as error:
        return not_yet(str(error))
    return not_yet(reason) if reason else right("Run it in a terminal: nothing old is lost.")


def words_in(line: str) -> list[str]:
    """Return the words of a line, as a shell would part them.

    >>> words_in("!papermill notebooks\\\\03_training.ipynb 'runs/a b.ipynb'")
    ['papermill', 'notebooks/03_training.ipynb', 'runs/a b.ipynb']
    """
    whole = line.replace("\\\n", " ").replace("\\", "/").strip().lstrip("!$% ")
    try:
        return shlex.split(whole)
    except ValueError:
        raise ValueError("A quotation mark in the line has no partner.") from None


def papermill_options(line: str) -> dict[str, object]:
    """Return what papermill itself reads from a line, without running anything.

    Raises:
        ValueError: it calls something else, or papermill would refuse it.
    """
    import click
    from papermill.cli import papermill

    words = words_in(line)
    if words[1:3] == ["-m", "papermill"]:  # python -m papermill
        words = words[2:]
    if not words or PurePosixPath(words[0]).name.removesuffix(".exe") != "papermill":
        raise ValueError("The line has to begin with `papermill`.")
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            return papermill.make_context("papermill", words[1:]).params
    except click.ClickException as error:
        raise ValueError(f"papermill would say: {error.format_message()}") from None
    except click.exceptions.Exit:
        raise ValueError("With this, papermill only tells about itself.") from None


def values_in(given: dict[str, object]) -> dict[str, object]:
    """Return the parameters that a line sets, as the notebook would get them.

    Raises:
        ValueError: the notebook does not have one of them.
    """
    values = {name: value_of(text) for name, text in given["parameters"]}
    values |= dict(given["parameters_raw"])
    for text in given["parameters_yaml"]:
        values |= read_yaml(text)
    unknown = [name for name in values if name not in DEFAULTS]
    if unknown:
        raise ValueError(
            f"{unknown[0]}: no such parameter. This notebook has: {', '.join(DEFAULTS)}."
        )
    return values


def read_yaml(text: str) -> dict[str, object]:
    """Return what papermill's -y would set.

    Raises:
        ValueError: it is no YAML, or no list of names with values.
    """
    import yaml

    try:
        values = yaml.safe_load(text)
    except yaml.YAMLError:
        values = None
    if not isinstance(values, dict):
        raise ValueError(f"-y {shown(text)}: expected names with values, such as 'epochs: 3'.")
    return values


def value_of(text: str) -> object:
    """Return a value as papermill's -p understands it.

    >>> value_of("64"), value_of("0.01"), value_of("True"), value_of("mlp")
    (64, 0.01, True, 'mlp')
    """
    if text in ("True", "False", "None"):
        return {"True": True, "False": False, "None": None}[text]
    for kind in (int, float):
        with contextlib.suppress(ValueError):
            return kind(text)
    return text


def wrong_files(given: dict[str, object]) -> str:
    """Say what is wrong with the notebooks that a line names."""
    source, target = (PurePosixPath(str(given[f"{part}_path"])) for part in ("notebook", "output"))
    if given["parameters_file"] or given["parameters_base64"]:
        return "Set each parameter with `-p NAME VALUE`, so that the line says it all."
    if source.name != LESSON:
        return f"{source} would run; expected notebooks/{LESSON} as the first name."
    if target.name in ("", "-"):
        return "A second name is missing: the copy that papermill writes."
    if target.suffix != ".ipynb":
        return f"The copy would be called {target}; expected a name that ends in .ipynb."
    if target.name == LESSON and target.parent.name in ("", "notebooks"):
        return "The copy would be written over the lesson. Give it a name of its own, in runs/."
    return ""


def wrong_run(run: dict[str, object]) -> str:
    """Say what is wrong with the parameters of a run."""
    if run["train_new_model"] is not True:
        return "With this, nothing is trained."
    if run["epochs"] != 3 or run["train_size"] != DEFAULTS["train_size"]:
        return "Leave the three epochs and the 55,000 images as they are; another value decides."
    if run["model_name"] != "mlp":
        return "Leave the kind of network as it is."
    batch = run["batch_size"]
    if type(batch) is not int or batch < 1:
        return f"batch_size = {batch!r}; expected a whole number of 1 or more."
    steps = math.ceil(55_000 / batch)
    if 3 * steps != WANTED:
        return (
            f"Batches of {batch:,} make {steps:,} steps per epoch and {3 * steps:,} in three; "
            f"expected {WANTED:,}."
        )
    for name, ending in {"model_path": ".keras", "results_path": ".json"}.items():
        path = PurePosixPath(str(run[name]))
        if path.parts[-2:] == PurePosixPath(DEFAULTS[name]).parts:
            return f"The steps are right. But {path} would be replaced: give `{name}`, too."
        if path.suffix != ending:
            return f"{name} = {run[name]!r}; expected a name that ends in {ending}."
    return ""
