"""Saving a trained network so that nothing is ever half written, and loading it again."""

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from digitrec.files import write_whole, written_whole
from digitrec.network_files import in_clean_room, open_network
from digitrec.networks import in_short, predict, ready_for_use
from digitrec.paths import project_path, short_path
from digitrec.versions import installed_versions

if TYPE_CHECKING:
    import keras

DEFAULT_MODEL = "models/handwritten_digits.keras"
BOXED_MODEL = Path(__file__).parent / "assets" / "handwritten_digits.keras"
DENSE_MODEL = BOXED_MODEL.with_name("dense.keras")  # what notebook 3 trains, for pages without it
# paper, ink, and everything between, in an order of no meaning
PROBES = np.stack(
    [np.full((28, 28), grey, np.uint8) for grey in (0, 255)]
    + [(np.arange(28 * 28) * 89 % 256).astype(np.uint8).reshape(28, 28)]
)


def save_model(model: "keras.Model", path: str | Path, record: dict | None = None) -> Path:
    """Save a network, and a JSON file of the same name that says how it was made.

    Both are written under other names first and renamed when complete, so that an interrupted save
    leaves the files that were there before. The record holds the SHA-256 of its network.

    Args:
        model: the trained network.
        path: where to, ending in .keras; a relative path starts at the project folder.
        record: what to remember beside the number of weights and the versions: parameters, seed,
            validation figures.

    Returns:
        The absolute path of the saved network.

    Raises:
        ValueError: the path does not end in .keras, or the record holds something JSON has no
            form for, such as NaN.
        OSError: the files cannot be written; those that were there before are unchanged.
    """
    path = checked_model_path(path)
    content = {
        "model": path.name,
        "weights": model.count_params(),
        "versions": installed_versions("digitrec", "tensorflow", "keras", "numpy"),
        **(record or {}),
    }
    as_json(path, content)  # a wrong record is told before anything is written
    with written_whole(path, record_path(path)) as (network, notes):
        model.save(network)
        notes.write_text(as_json(path, content | {"sha256": checksum(network)}), "utf-8")
    return path


def as_json(path: Path, content: dict) -> str:
    """Return text for a JSON file, or say what cannot be written there."""
    try:
        return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"What belongs to {path.name} cannot be written as JSON: {error}. "
            "Use plain numbers, texts, lists and dictionaries, without NaN and infinity."
        ) from error


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def training_record(history: dict, parameters: dict, seed: int) -> dict:
    """Put together what `save_model` writes beside a trained network.

    Args:
        history: what `train` or Keras' `fit` returned: one value per epoch for "loss", "accuracy",
            "val_loss" and "val_accuracy".
        parameters: what the network was trained with, by name.
        seed: the seed that was set before.

    Returns:
        The record, with the validation figures of the epoch whose network was kept: the last
        one, or after `train` with patience the best one.

    >>> history = {"loss": [0.2], "accuracy": [0.9], "val_loss": [0.1], "val_accuracy": [0.95]}
    >>> training_record(history, {"epochs": 1}, seed=1)["validation"]
    {'loss': 0.1, 'accuracy': 0.95}
    """
    kept = getattr(history, "kept", -1)
    figures = {"loss": history["val_loss"][kept], "accuracy": history["val_accuracy"][kept]}
    return {
        "parameters": parameters,
        "seed": seed,
        "validation": figures,
        "history": history,
    }


def load_model(path: str | Path | None = None) -> "keras.Model":
    """Load a saved network, whoever made it: nothing in the file can run or take all memory.

    Args:
        path: a .keras file; a relative path starts at the project folder. None takes the network
            that you trained yourself (models/handwritten_digits.keras) if there is one, else the
            one in the box.

    Returns:
        The network, ready to predict, to evaluate, and to learn more with a fresh Adam.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: the path does not end in .keras, the file is damaged, too large, or holds layers
            that networks for images do not need, or what the network answers to images of 28x28
            pixels are no 10 or 11 probabilities.
    """
    path = default_model_path() if path is None else checked_model_path(path)
    if not path.is_file():
        raise FileNotFoundError(
            f"There is no trained network at {path}. Train one with notebook 03 "
            "(train_new_model = True), or call load_model() for the one in the box."
        )
    if path.parent == BOXED_MODEL.parent:
        return ready_for_use(network_of_the_box(path))
    try:
        model = open_network(path)
        predict(model, PROBES)
    except Exception as error:  # the file may be anybody's, and Keras raises whatever it likes
        raise ValueError(
            f"{str(path)[-150:]} cannot be used as a network: {in_short(error)}. If you trained it "
            "with this course, train it again with notebook 03 (train_new_model = True). If it is "
            "somebody else's and you trust it, open it with keras.models.load_model, and give it "
            "to read_digit(image, model=...)."
        ) from error
    return ready_for_use(model)


def network_of_the_box(path: Path) -> "keras.Model":
    """Load a network that came with the package, after checking that it is undamaged.

    Args:
        path: the .keras file in `assets/`; its record holds its SHA-256.

    Returns:
        The network, not compiled.

    Raises:
        ValueError: the file is not the one that its record was written for.
    """
    from digitrec.quiet import keras

    load_record(path)
    return in_clean_room(keras.models.load_model, path, compile=False, safe_mode=True)


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
        ValueError: the record is damaged, or belongs to another network than the one beside it.
    """
    path = checked_model_path(path)
    record = record_path(path)
    if path.parent == BOXED_MODEL.parent:
        advice = "Restore both with 'git checkout -- digitrec/assets', or install digitrec again"
    else:
        advice = "Train again with notebook 03 (train_new_model = True)"
    if not record.is_file():
        raise FileNotFoundError(
            f"There is no record at {record}. Networks saved with digitrec.save_model have one. "
            f"{advice}."
        )
    try:
        content = json.loads(record.read_text(encoding="utf-8"))
        belongs = content.get("sha256") in (None, checksum(path))
    except (ValueError, AttributeError) as error:
        raise ValueError(f"The record {record} is damaged ({error}). {advice}.") from error
    if not belongs:
        raise ValueError(
            f"The record {record.name} and the network {path.name} in {path.parent} do not belong "
            f"together: one of them is damaged, or was replaced without the other. {advice}."
        )
    return content


def record_path(path: Path) -> Path:
    """Return where the record of a network is."""
    return path.with_suffix(".json")


def save_results(path: str | Path, results: dict) -> None:
    """Write the results of a notebook as JSON, for `make run` and for comparing papermill runs.

    Args:
        path: where to, ending in .json; a relative path starts at the project folder.
        results: plain numbers, texts, lists and dictionaries.

    Raises:
        ValueError: the results hold something JSON has no form for, such as NaN.
        OSError: the file cannot be written; the one that was there before is unchanged.
    """
    path = project_path(path)
    text = as_json(path, results)
    write_whole(path, lambda temporary: temporary.write_text(text, "utf-8"))
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
