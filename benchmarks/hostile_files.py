"""Network files that mean harm, or are merely broken, by name; each is made in a folder.

Every recipe gets the folder and returns the file. Where code could run, it would leave a file
called `canary` in the folder that the variable CANARY names.
"""

import base64
import io
import json
import marshal
import os
import pickle
import struct
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import h5py
import numpy as np

import digitrec
from digitrec.quiet import keras

Recipe = Callable[[Path], Path]


def canary(*_: object, **__: object) -> None:
    """What no file may ever call."""
    Path(os.environ["CANARY"], "canary").touch()


class Pickled:
    """Runs code when it is unpickled."""

    def __reduce__(self) -> tuple:
        return os.system, ('touch "$CANARY/canary"',)


def pickled(folder: Path) -> Path:
    """Write a pickle that runs code under the name of a network."""
    return raw(pickle.dumps(Pickled()), folder)


def entries(model: keras.Model, folder: Path) -> dict[str, bytes]:
    """Return what Keras writes of a network, by name."""
    path = folder / "plain.keras"
    model.save(path)
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(folder: Path, parts: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> Path:
    """Write an archive."""
    path = folder / "hostile.keras"
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def raw(content: bytes, folder: Path) -> Path:
    """Write bytes as they are."""
    path = folder / "hostile.keras"
    path.write_bytes(content)
    return path


def plain(change: Callable[[dict[str, bytes]], object], folder: Path) -> Path:
    """Change the parts of a sound file."""
    parts = entries(digitrec.build_mlp(), folder)
    change(parts)
    return packed(folder, parts)


def bomb(name: str, size: int, folder: Path) -> Path:
    """Pack an entry of many bytes into few."""
    parts = entries(digitrec.build_mlp(), folder) | {name: bytes(size)}
    return packed(folder, parts, zipfile.ZIP_DEFLATED)


def config(change: Callable[[dict], object], folder: Path) -> Path:
    """Change the description of a sound network."""
    parts = entries(digitrec.build_mlp(), folder)
    described = json.loads(parts["config.json"])
    for layer in described["config"]["layers"]:
        layer.pop("build_config", None)
    changed = change(described)
    parts["config.json"] = json.dumps(described if changed is None else changed).encode()
    return packed(folder, parts)


def layer(kind: str, module: str = "keras.layers", **options: object) -> dict:
    """Return a layer as a description has it."""
    options = {"name": f"odd_{kind.lower()}"} | options
    return {"module": module, "class_name": kind, "config": options, "registered_name": None}


def inserted(*new: dict) -> Recipe:
    """Put layers behind the scaling."""
    return partial(config, lambda c: c["config"]["layers"].__setitem__(slice(2, 2), list(new)))


def dense(key: str, value: object) -> Recipe:
    """Change one option of the first dense layer."""
    return partial(config, lambda c: c["config"]["layers"][3]["config"].update({key: value}))


def spread(*new: dict) -> Recipe:
    """Put layers for maps in place of the hidden ones."""

    def change(c: dict) -> None:
        maps = [layer("Reshape", target_shape=[28, 28, 1]), *new, layer("GlobalMaxPooling2D")]
        c["config"]["layers"][2:5] = maps

    return partial(config, change)


def arrays(write: Callable[[h5py.File], object], folder: Path) -> Path:
    """Put something else into the file of weights."""
    parts = entries(digitrec.build_mlp(), folder)
    content = io.BytesIO(parts["model.weights.h5"])
    with h5py.File(content, "a") as file:
        write(file)
    return packed(folder, parts | {"model.weights.h5": content.getvalue()})


def linked(link: object) -> Recipe:
    """Put a link in place of the first kernel."""

    def write(file: h5py.File) -> None:
        del file["layers/dense/vars/0"]
        file["layers/dense/vars/0"] = link

    return partial(arrays, write)


def replaced(**options: object) -> Recipe:
    """Put another kind of array in place of the first kernel."""

    def write(file: h5py.File) -> None:
        del file["layers/dense/vars/0"]
        file.create_dataset("layers/dense/vars/0", **options)

    return partial(arrays, write)


def virtual(file: h5py.File) -> None:
    layout = h5py.VirtualLayout((784, 128), "f4")
    layout[:] = h5py.VirtualSource("/etc/hostname", "x", (784, 128))
    del file["layers/dense/vars/0"]
    file.create_virtual_dataset("layers/dense/vars/0", layout)


def many_groups(file: h5py.File) -> None:
    for number in range(100_000):
        file.create_group(f"odd/{number}")


def saved(build: Callable[[], keras.Model], folder: Path) -> Path:
    """Save a network as Keras does."""
    path = folder / "hostile.keras"
    build().save(path)
    return path


def network(*last: keras.Layer, inputs: tuple = (28, 28)) -> keras.Model:
    """Build a small network with other last layers."""
    return keras.Sequential([keras.Input(inputs), keras.layers.Flatten(), *last])


def outputs(count: int) -> Recipe:
    """Save a network that answers so many numbers."""
    return partial(saved, lambda: network(keras.layers.Dense(count, activation="softmax")))


def weighted(value: float) -> keras.Model:
    model = digitrec.build_mlp()
    model.set_weights([np.full_like(weights, value) for weights in model.get_weights()])
    return model


def two(ins: int, outs: int) -> keras.Model:
    images = [keras.Input((28, 28)) for _ in range(ins)]
    flat = [keras.layers.Flatten()(image) for image in images]
    joined = keras.layers.Concatenate()(flat) if ins > 1 else flat[0]
    last = [keras.layers.Dense(10, activation="softmax")(joined) for _ in range(outs)]
    return keras.Model(images, last if outs > 1 else last[0])


def calls_of_calls(depth: int) -> dict:
    """Return a network that calls one three times, which calls one three times, and so on."""
    images = keras.Input((28, 28))
    model = keras.Model(images, keras.layers.Rescaling(1.0)(images))
    for _ in range(depth):
        images = keras.Input((28, 28))
        model = keras.Model(images, keras.layers.Average()([model(images) for _ in range(3)]))
    return json.loads(model.to_json())


def deep(levels: int) -> Callable[[dict], dict]:
    """Put a description into lists inside each other."""

    def change(c: dict) -> dict:
        part: object = 1
        for _ in range(levels):
            part = [part]
        return c | {"odd": part}

    return change


def lying(folder: Path) -> Path:
    """Claim that a large entry is a small one."""
    parts = entries(digitrec.build_mlp(), folder)
    size = 300_000_000
    path = packed(folder, parts | {"config.json": b" " * size}, zipfile.ZIP_DEFLATED)
    content = path.read_bytes().replace(struct.pack("<L", size), struct.pack("<L", 5_000))
    return raw(content, folder)


def listed(folder: Path) -> Path:
    """List a million entries."""
    path = folder / "hostile.keras"
    entry = struct.pack("<4s6H3L5H2L", b"PK\1\2", *[20] * 6, 0, 0, 0, 1, *[0] * 6) + b"x"
    directory = entry * 1_000_000
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 3, 3, len(directory), 0, 0)
    path.write_bytes(directory + end)
    return path


def sparse(folder: Path) -> Path:
    path = folder / "hostile.keras"
    with path.open("wb") as file:
        file.truncate(5_000_000_000)
    return path


LAMBDA = base64.encodebytes(marshal.dumps(canary.__code__)).decode()
FUNCTION = {"class_name": "__lambda__", "config": {"value": [LAMBDA, None, None]}}
NAMED = {"class_name": "function", "config": "canary", "registered_name": "canary"}
UP = {"size": [10_000, 10_000], "data_format": "channels_last", "interpolation": "nearest"}


def named(kind: str, module: str | None, registered: str | None = None) -> dict:
    return layer(kind, module) | {"registered_name": registered}
