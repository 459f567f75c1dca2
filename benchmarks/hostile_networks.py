"""Open network files that mean harm or are broken, a few in each process.

    python benchmarks/hostile_networks.py       # or: make hostile; some minutes
    python benchmarks/hostile_networks.py NAME  # one file, and what is said of it

Before, Keras' safe mode is switched off and code is registered that a file might call, as a
careless session may have done. Of each the seconds, the memory beyond that before, the sentence and
whether code ran go to hostile_networks.json. For Linux, which tells the peak memory of a while.
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from functools import partial
from itertools import islice
from pathlib import Path

import hostile_files as make
from hostile_files import (
    bomb,
    config,
    dense,
    inserted,
    layer,
    linked,
    plain,
    raw,
    replaced,
    saved,
    spread,
)
from tqdm import tqdm

import digitrec
from digitrec.quiet import keras

HARMLESS = {"lambda as the loss", "an input of 10^9 images"}  # what is odd in them is not used
MOST_SECONDS, MOST_MEMORY, MOST_LETTERS = 5.0, 500.0, 600  # MB
H5 = "model.weights.h5"

FILES: dict[str, make.Recipe] = {
    # archives
    "empty": partial(raw, b""),
    "text": partial(raw, b"This is no network.\n" * 100),
    "pickle": make.pickled,
    "HDF5 of old Keras": partial(raw, b"\x89HDF\r\n\x1a\n" + bytes(3000)),
    "sparse file of 5 GB": make.sparse,
    "a million entries": make.listed,
    "a size that lies": make.lying,
    "half of an archive": lambda folder: raw(
        plain(dict.copy, folder).read_bytes()[:200_000], folder
    ),
    "a flipped byte": lambda folder: raw(
        (lambda c: c[:99_000] + bytes([c[99_000] ^ 8]) + c[99_001:])(
            plain(dict.copy, folder).read_bytes()
        ),
        folder,
    ),
    "no description": partial(plain, lambda parts: parts.pop("config.json")),
    "no weights": partial(plain, lambda parts: parts.pop(H5)),
    "an entry that leaves the folder": partial(plain, lambda p: p.update({"../../odd": b"x"})),
    "an entry with an absolute name": partial(plain, lambda p: p.update({"/tmp/odd": b"x"})),
    "assets": partial(plain, lambda parts: parts.update({"assets/odd": b"x"})),
    "description of 500 MB": partial(bomb, "config.json", 500_000_000),
    "weights of 500 MB": partial(bomb, H5, 500_000_000),
    "metadata of 500 MB": partial(bomb, "metadata.json", 500_000_000),
    "a description of 900 kB in one of 9 kB": partial(bomb, "config.json", 900_000),
    "weights in another format": partial(
        plain, lambda parts: parts.update({"model.weights.npz": parts.pop(H5)})
    ),
    # descriptions
    "no JSON": partial(plain, lambda parts: parts.update({"config.json": b"{'a': 1}"})),
    "a list": partial(config, lambda c: [c]),
    "nothing": partial(config, lambda c: {}),
    "no layers": partial(config, lambda c: c["config"].update(layers=[])),
    "200 lists inside each other": partial(config, make.deep(200)),
    "100,000 lists inside each other": partial(
        plain, lambda p: p.update({"config.json": b"[" * 100_000 + b"]" * 100_000})
    ),
    "a number of a million digits": partial(
        plain, lambda p: p.update({"config.json": b'{"a": ' + b"9" * 900_000 + b"}"})
    ),
    "a name of 900,000 letters": partial(config, lambda c: c["config"].update(name="x" * 900_000)),
    "a kind of 900,000 letters": inserted(layer("x" * 900_000)),
    "an error of 900,000 letters": dense("activation", "x" * 900_000),
    "units as text": dense("units", "many"),
    "no units": dense("units", 0),
    "less than no units": dense("units", -5),
    "NaN units": dense("units", float("nan")),
    "the same name twice": inserted(layer("ReLU", name="a"), layer("ReLU", name="a")),
    # code
    "lambda": inserted(layer("Lambda", function=make.FUNCTION, arguments={})),
    "lambda as an activation": dense("activation", make.FUNCTION),
    "lambda as an initializer": dense("kernel_initializer", make.FUNCTION),
    "lambda as the loss": partial(
        config, lambda c: c.update(compile_config={"optimizer": "adam", "loss": make.FUNCTION})
    ),
    "lambda saved by Keras": partial(
        saved, lambda: keras.Sequential([keras.Input((28, 28)), keras.layers.Lambda(make.canary)])
    ),
    "a registered function": dense("activation", "odd>canary"),
    "a registered function, by its short name": dense("activation", make.NAMED),
    "a registered initializer": dense("kernel_initializer", "odd>canary"),
    "a registered layer": inserted(make.named("Odd", None, "odd>Odd")),
    "a registered layer under a sound name": inserted(
        make.named("ReLU", "keras.layers", "odd>Odd")
    ),
    "a class of os": inserted(layer("system", "os", command="touch canary")),
    "a class of subprocess": inserted(layer("Popen", "subprocess", args="touch canary")),
    "a function of builtins": dense(
        "activation", {"module": "builtins", "class_name": "function", "config": "eval"}
    ),
    "a function of Keras that writes files": dense(
        "activation", {"module": "keras.utils", "class_name": "function", "config": "get_file"}
    ),
    "a function of Keras' inside": dense(
        "activation",
        {"module": "keras.src.utils.python_utils", "class_name": "function", "config": "func_load"},
    ),
    "a module of PyTorch": inserted(layer("TorchModuleWrapper", module="gASVAA==")),
    "a SavedModel": inserted(layer("TFSMLayer", filepath="/tmp/odd")),
    "a function of JAX": inserted(layer("JaxLayer", call_fn=make.FUNCTION)),
    "a vocabulary from a file": inserted(layer("StringLookup", vocabulary="/etc/passwd")),
    "a layer for texts": inserted(layer("TextVectorization", vocabulary="/etc/passwd")),
    "a type of TensorFlow": dense(
        "bias_regularizer", {"class_name": "__typespec__", "config": [], "spec_name": "TensorSpec"}
    ),
    "an array in the description": dense(
        "bias_regularizer",
        {"class_name": "__numpy__", "config": {"value": [1], "dtype": "f8,(99999999,)f8"}},
    ),
    # arrays
    "arrays cut off": partial(plain, lambda parts: parts.update({H5: parts[H5][:5_000]})),
    "arrays of nothing": partial(plain, lambda parts: parts.update({H5: bytes(500_000)})),
    "a link to another file": linked(make.h5py.ExternalLink("/etc/hostname", "x")),
    "a link to itself": linked(make.h5py.SoftLink("/layers/dense/vars/0")),
    "an array in another file": replaced(
        shape=(784, 128), dtype="f4", external=[("/etc/passwd", 0, 784 * 128 * 4)]
    ),
    "a virtual array": partial(make.arrays, make.virtual),
    "an array of 3.9 GB that takes no room": replaced(
        shape=(975_000_000,), dtype="f4", chunks=(1_000_000,)
    ),
    "an array of texts": replaced(data=["odd"] * 100),
    "an array of another form": replaced(data=make.np.zeros((128, 784), "f4")),
    "100,000 groups": partial(make.arrays, make.many_groups),
    # sizes
    "a layer of 10^9 units": dense("units", 10**9),
    "a layer of 10^30 units": dense("units", 10**30),
    "two layers of 10^5 units": inserted(
        layer("Flatten"), layer("Dense", units=100_000), layer("Dense", units=100_000, name="b")
    ),
    "a window of 10^5 pixels": spread(layer("Conv2D", filters=1, kernel_size=[10**5, 10**5])),
    "10^6 filters": spread(layer("Conv2D", filters=10**6, kernel_size=[1, 1])),
    "maps enlarged 10^4 times": spread(layer("UpSampling2D", **make.UP)),
    "maps doubled twenty times": spread(
        *(layer("UpSampling2D", name=f"up{i}", size=[2, 2]) for i in range(20))
    ),
    "a frame of 10^5 pixels": spread(layer("ZeroPadding2D", padding=[[10**5] * 2] * 2)),
    "pooling that takes a day": spread(
        layer("UpSampling2D", size=[30, 30]),
        layer("MaxPooling2D", pool_size=[999, 999], strides=[1, 1], padding="same"),
    ),
    "a convolution that takes a day": spread(
        layer("UpSampling2D", size=[25, 25]),
        layer("Conv2D", filters=1, kernel_size=[999, 999], padding="same"),
    ),
    "5,000 layers": inserted(*(layer("ReLU", name=f"r{i}") for i in range(5_000))),
    "490 dense layers of 400": inserted(
        layer("Flatten"), *(layer("Dense", units=400, name=f"d{i}") for i in range(490))
    ),
    "calls of calls of calls": partial(config, lambda c: make.calls_of_calls(9)),
    "an input of 10^9 images": partial(
        config,
        lambda c: c["config"]["layers"][0]["config"].update(batch_shape=[10**9, 28, 28]),
    ),
    "an input of 10^5 by 10^5 pixels": partial(
        config,
        lambda c: c["config"]["layers"][0]["config"].update(batch_shape=[None, 10**5, 10**5]),
    ),
    "attention with 10^4 heads": spread(layer("MultiHeadAttention", num_heads=10**4, key_dim=1)),
    "a table of 10^9 words": inserted(layer("Embedding", input_dim=10**9, output_dim=9)),
    "an initializer of hours": dense(
        "kernel_initializer", layer("Orthogonal", "keras.initializers")
    ),
    # forms
    "weights of NaN": partial(saved, lambda: make.weighted(float("nan"))),
    "weights of infinity": partial(saved, lambda: make.weighted(float("inf"))),
    "no softmax": partial(saved, lambda: make.network(keras.layers.Dense(10))),
    "sigmoids": partial(saved, lambda: make.network(keras.layers.Dense(10, activation="sigmoid"))),
    **{f"{count} answers": make.outputs(count) for count in (1, 2, 5, 9, 12, 1000)},
    "two inputs": partial(saved, lambda: make.two(2, 1)),
    "two outputs": partial(saved, lambda: make.two(1, 2)),
    "images of 32x32": partial(
        saved, lambda: make.network(keras.layers.Dense(10, activation="softmax"), inputs=(32, 32))
    ),
    "784 numbers": partial(
        saved, lambda: make.network(keras.layers.Dense(10, activation="softmax"), inputs=(784,))
    ),
    "answers in rows": partial(
        saved,
        lambda: make.network(
            keras.layers.Dense(10, activation="softmax"), keras.layers.Reshape((1, 10))
        ),
    ),
}


def memory(kind: str) -> float:
    """Return the memory of this process in MB: VmRSS now, or VmHWM at its peak."""
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(kind))


@keras.saving.register_keras_serializable("odd", "Odd")
class Odd(keras.layers.Layer):
    """A layer of the session's own that no file may build."""

    def __init__(self, **options: object) -> None:
        super().__init__(**options)
        make.canary()


def open_one(path: Path) -> dict[str, object]:
    """Open a file, and measure what that does."""
    Path("/proc/self/clear_refs").write_text("5", "utf-8")  # the peak is counted anew
    before, start = memory("VmRSS"), time.perf_counter()
    said, kind = "", ""
    try:
        digitrec.load_model(path)
    except Exception as error:
        said, kind = str(error), type(error).__name__
    return {
        "seconds": round(time.perf_counter() - start, 2),
        "memory": round(max(0.0, memory("VmHWM") - before)),
        "error": kind,
        "said": said.replace(str(path.parent), "..."),
        "letters": len(said),
        "code ran": Path(os.environ["CANARY"], "canary").exists(),
    }


def open_some(paths: list[Path]) -> None:
    """Open files one after the other as a careless session would; print what each did."""
    keras.saving.register_keras_serializable("odd", "canary")(make.canary)
    digitrec.load_model(paths[0].with_name("sound.keras"))  # TensorFlow is awake from here on
    keras.config.enable_unsafe_deserialization()
    for path in paths:
        print(json.dumps(open_one(path)), flush=True)


def measure(names: list[str]) -> dict[str, dict[str, object]]:
    """Make some files, and open them in a process of their own."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CANARY"] = folder
        paths = []
        for number, name in enumerate(names):
            place = Path(folder, str(number))
            place.mkdir()
            paths.append(FILES[name](place))
            if paths[-1].name != "hostile.keras":
                raise RuntimeError(f"{name} was not made")
        digitrec.save_model(digitrec.build_mlp(), paths[0].with_name("sound.keras"))
        Path(folder, "canary").unlink(missing_ok=True)  # building a lambda has called it
        command = [sys.executable, __file__, "--open", *map(str, paths)]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
    told = [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]
    if len(told) < len(names):
        raise RuntimeError(f"{names[len(told)]} ended the process: {run.stderr[-300:]}")
    return dict(zip(names, told, strict=True))


def is_good(name: str, result: dict[str, object]) -> bool:
    """Whether a file was refused in a short sentence, soon, cheaply, and without running code."""
    return (
        result["error"] in (("ValueError", "") if name in HARMLESS else ("ValueError",))
        and result["seconds"] <= MOST_SECONDS
        and result["memory"] <= MOST_MEMORY
        and result["letters"] <= MOST_LETTERS
        and not result["code ran"]
    )


def main() -> None:
    if sys.argv[1:2] == ["--open"]:
        open_some(list(map(Path, sys.argv[2:])))
        return
    if sys.argv[1:]:
        print(json.dumps(measure(sys.argv[1:]), indent=2))
        return
    results: dict[str, dict[str, object]] = {}
    for start in tqdm(range(0, len(FILES), 10)):
        results |= measure(list(islice(FILES, start, start + 10)))
    bad = [name for name, result in results.items() if not is_good(name, result)]
    summary = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "files": len(results),
        "refused as they should be": len(results) - len(bad),
        "code ran": sum(result["code ran"] for result in results.values()),
        "most seconds": max(result["seconds"] for result in results.values()),
        "most memory in MB": max(result["memory"] for result in results.values()),
        "most letters": max(result["letters"] for result in results.values()),
        "by file": results,
    }
    Path(__file__).with_suffix(".json").write_text(json.dumps(summary, indent=1) + "\n", "utf-8")
    print({name: value for name, value in summary.items() if name != "by file"})
    for name in bad:
        print(name, results[name])
    if bad:
        sys.exit(1)


if __name__ == "__main__":
    main()
