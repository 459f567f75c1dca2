"""Going on with a training that was interrupted: one file that holds the whole state of a run."""

import base64
import hashlib
import io
import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from digitrec.files import write_whole
from digitrec.mnist import Digits, Mnist
from digitrec.paths import short_path
from digitrec.training.settings import Settings

if TYPE_CHECKING:
    import keras


def description(model: "keras.Model", mnist: Mnist, settings: Settings) -> dict[str, object]:
    """Describe a run, so that a checkpoint of another one is recognised.

    Args:
        model: the network.
        mnist: the data.
        settings: what the run is called with.

    Returns:
        The settings, and hashes of the network's form and of the images and labels.
    """
    form = json.dumps(model.get_config(), default=str)
    form = re.sub(r"_\d+", "", form)  # dense_3 is dense_12 in another process
    data = hashlib.sha256()
    for digits in (mnist.train, mnist.validation):
        data.update(digest_of(digits))
    return asdict(settings) | {
        "network": hashlib.sha256(form.encode()).hexdigest()[:16],
        "data": data.hexdigest()[:16],
    }


def digest_of(digits: Digits) -> bytes:
    """Return a hash of images and labels."""
    images, labels = np.ascontiguousarray(digits.images), np.ascontiguousarray(digits.labels)
    return hashlib.sha256(
        hashlib.sha256(images).digest() + hashlib.sha256(labels).digest()
    ).digest()


def write_checkpoint(
    path: Path, run: dict[str, object], history: dict, state: dict[str, list[np.ndarray]]
) -> None:
    """Write a checkpoint, whole or not at all.

    Args:
        path: the .json file.
        run: its description.
        history: the values of the epochs that are done, by name.
        state: arrays by what they belong to: network, optimizer, best epoch.
    """
    arrays = {f"{part}/{i}": a for part, values in state.items() for i, a in enumerate(values)}
    packed = io.BytesIO()
    np.savez(packed, **arrays)
    content = {
        "run": run,
        "history": history,
        "state": base64.b64encode(packed.getvalue()).decode(),
    }
    text = json.dumps({"sha256": checksum(content), **content}, default=float)
    write_whole(path, lambda temporary: temporary.write_text(text, "utf-8"))


def read_checkpoint(
    path: Path, run: dict[str, object]
) -> tuple[dict[str, list[float]], dict[str, list[np.ndarray]]]:
    """Read a checkpoint that this run, or one with the same description, has left.

    Args:
        path: the .json file.
        run: the description of the run that wants to go on.

    Returns:
        History and state, as they were written.

    Raises:
        ValueError: the file is damaged, or belongs to another run.
    """
    anew = "Delete it to start anew"
    try:
        content = json.loads(path.read_bytes())
        if content.pop("sha256") != checksum(content):
            raise ValueError("its checksum is wrong")
        there, history = content["run"], content["history"]
        arrays = np.load(io.BytesIO(base64.b64decode(content["state"])), allow_pickle=False)
    except Exception as error:  # whatever is in the file, it is not ours
        why = f"{type(error).__name__}: {error}"[:100]
        raise ValueError(f"The checkpoint {path} is damaged ({why}). {anew}.") from error
    now = json.loads(json.dumps(run, default=float))
    different = [name for name in now if there.get(name) != now[name]]
    if different:
        raise ValueError(
            f"The checkpoint {path} was left by a run with another {' and '.join(different)}. "
            f"{anew}, give this run another checkpoint, or call train as it was called then: "
            + ", ".join(f"{name} {str(there.get(name))[:60]}" for name in different)
            + "."
        )
    state: dict[str, list[np.ndarray]] = {}
    for name in arrays.files:
        state.setdefault(name.split("/")[0], []).append(arrays[name])
    print(f"going on after epoch {len(history['loss'])}, from {short_path(path)}")
    return history, state


def checksum(content: dict) -> str:
    """Return the SHA-256 of what a checkpoint says, in whatever order."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=float).encode()).hexdigest()
