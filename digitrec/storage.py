"""Saving a trained network so that nothing is ever half written, and loading it again."""

import json
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from digitrec.files import write_whole
from digitrec.paths import project_path, short_path

if TYPE_CHECKING:
    import keras

DEFAULT_MODEL = "models/handwritten_digits.keras"
BOXED_MODEL = Path(__file__).parent / "assets" / "handwritten_digits.keras"
DENSE_MODEL = BOXED_MODEL.with_name("dense.keras")  # what notebook 3 trains, for pages without it


def save_model(model: "keras.Model", path: str | Path, record: dict | None = None) -> Path:
    """Save a network, and a JSON file of the same name that says how it was made.

    Each file is written under another name first and renamed when complete, so that an interrupted
    save leaves the files that were there before.

    Args:
        model: the trained network.
        path: where to, ending in .keras; a relative path starts at the project folder.
        record: what to remember beside the number of weights and the versions: parameters, seed,
            validation figures.

    Returns:
        The absolute path of the saved network.

    Raises:
        ValueError: the path does not end in .keras, or the record holds something JSON has no
            form for.
    """
    path = checked_model_path(path)
    content = {
        "model": path.name,
        "weights": model.count_params(),
        "versions": {name: version(name) for name in ("digitrec", "tensorflow", "keras", "numpy")},
        **(record or {}),
    }
    try:
        text = json.dumps(content, indent=2) + "\n"
    except TypeError as error:
        raise ValueError(
            f"The record for {path.name} cannot be written as JSON: {error}. "
            "Use plain numbers, texts, lists and dictionaries."
        ) from error
    write_whole(path, model.save)
    write_whole(path.with_suffix(".json"), lambda temporary: temporary.write_text(text, "utf-8"))
    return path


def training_record(history: dict, parameters: dict, seed: int) -> dict:
    """Put together what `save_model` writes beside a trained network.

    Args:
        history: what `train` or Keras' `fit` returned: one value an epoch for "loss", "accuracy",
            "val_loss" and "val_accuracy".
        parameters: what the network was trained with, by name.
        seed: the seed that was set before.

    Returns:
        The record, with the validation figures of the last epoch.

    >>> history = {"loss": [0.2], "accuracy": [0.9], "val_loss": [0.1], "val_accuracy": [0.95]}
    >>> training_record(history, {"epochs": 1}, seed=1)["validation"]
    {'loss': 0.1, 'accuracy': 0.95}
    """
    return {
        "parameters": parameters,
        "seed": seed,
        "validation": {"loss": history["val_loss"][-1], "accuracy": history["val_accuracy"][-1]},
        "history": history,
    }


def load_model(path: str | Path | None = None) -> "keras.Model":
    """Load a saved network.

    Args:
        path: a .keras file; a relative path starts at the project folder. None takes the network
            that you trained yourself (models/handwritten_digits.keras) if there is one, else the
            one in the box.

    Returns:
        The network, ready to predict and to evaluate.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: the path does not end in .keras, or the file is damaged or no Keras model.
    """
    path = default_model_path() if path is None else checked_model_path(path)
    if not path.is_file():
        raise FileNotFoundError(
            f"There is no trained network at {path}. Train one with notebook 03 "
            "(train_new_model = True), or call load_model() for the one in the box."
        )
    from digitrec.quiet import keras

    try:
        model = keras.models.load_model(path)
    except Exception as error:
        raise ValueError(
            f"{path} is not a complete Keras model ({type(error).__name__}: {error}). "
            "Delete it and train again with notebook 03 (train_new_model = True)."
        ) from error
    if not model.compiled:
        model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def load_own_model(path: str | Path | None = None) -> "keras.Model | None":
    """Load the network that you trained yourself, and never the one in the box.

    Args:
        path: a .keras file; None takes models/handwritten_digits.keras, which notebook 3 saves.

    Returns:
        The network; None if no path is given and none was trained yet.

    Raises:
        FileNotFoundError: a path is given, and there is no such file.
        ValueError: the path does not end in .keras, or the file is damaged or no Keras model.
    """
    if path is None and not project_path(DEFAULT_MODEL).is_file():
        return None
    return load_model(path)


def load_record(path: str | Path) -> dict:
    """Load the JSON record that `save_model` wrote beside a network.

    Args:
        path: the .keras file; a relative path starts at the project folder.

    Returns:
        How the network was made.

    Raises:
        FileNotFoundError: there is no record beside it.
    """
    path = checked_model_path(path).with_suffix(".json")
    if not path.is_file():
        raise FileNotFoundError(
            f"There is no record at {path}. Networks saved with digitrec.save_model have one; "
            "train again with notebook 03 (train_new_model = True)."
        )
    return json.loads(path.read_text(encoding="utf-8"))


def save_results(path: str | Path, results: dict) -> None:
    """Write the results of a notebook as JSON, for `make run` and for comparing papermill runs.

    Args:
        path: where to, ending in .json; a relative path starts at the project folder.
        results: plain numbers, texts, lists and dictionaries.
    """
    text = json.dumps(results, indent=2, ensure_ascii=False) + "\n"
    write_whole(project_path(path), lambda temporary: temporary.write_text(text, "utf-8"))
    print(f"Results saved in {short_path(path)}")


def default_model_path() -> Path:
    """Return the path of the network that you trained yourself if there is one, else the boxed."""
    own = project_path(DEFAULT_MODEL)
    return own if own.is_file() else BOXED_MODEL


def checked_model_path(path: str | Path) -> Path:
    """Return the absolute path of a network file, or say why the name cannot be one."""
    path = project_path(path)
    if path.suffix != ".keras":
        raise ValueError(
            f"The name of a saved network is {path.name!r}, expected one that ends in .keras, "
            f'such as "{DEFAULT_MODEL}". Keras 3 refuses the "handwritten_digits.model" '
            "of older tutorials."
        )
    return path
