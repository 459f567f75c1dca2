"""Opening .keras files that may come from anybody: looked at before anything is built of them.

Keras runs no code of a file, but it builds whatever the file names, however large, and believes
what was set before. Here only layers that networks for images need are let in, and what they would
take is counted before they take it. Each look is in a thread of its own: Keras keeps settings and
unfinished networks by thread, so there nothing holds that was set before, and nothing is left.
"""

import io
import json
import struct
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING

from digitrec.bounds import (
    DEEPEST_CONFIG,
    LARGEST_CONFIG,
    LARGEST_NETWORK,
    LONGEST_NAME,
    MOST_ARRAYS,
    MOST_CALLS,
    MOST_PRODUCTS,
    MOST_VALUES,
    MOST_WEIGHTS,
)

if TYPE_CHECKING:
    import keras
    import tensorflow

CONFIG, WEIGHTS = "config.json", "model.weights.h5"
ENTRIES = {"metadata.json", CONFIG, WEIGHTS}  # what Keras writes
END = struct.Struct("<4s4H2LH")  # of a zip file without a comment
MODULES = {
    *("keras", "keras.layers", "keras.initializers", "keras.regularizers", "keras.constraints"),
    *("keras.src.models.functional", "keras.src.models.sequential"),
}
KINDS = {
    *("Sequential", "Functional", "DTypePolicy", "InputLayer", "Rescaling", "Normalization"),
    *("Dense", "Conv2D", "DepthwiseConv2D", "SeparableConv2D", "Conv2DTranspose"),
    *("MaxPooling2D", "AveragePooling2D", "GlobalAveragePooling2D", "GlobalMaxPooling2D"),
    *("Reshape", "Flatten", "Permute", "ZeroPadding2D", "Cropping2D", "UpSampling2D"),
    *("BatchNormalization", "LayerNormalization", "GroupNormalization"),
    *("Activation", "ReLU", "LeakyReLU", "PReLU", "ELU", "Softmax"),
    *("Dropout", "SpatialDropout2D", "GaussianDropout", "GaussianNoise"),
    *("Add", "Subtract", "Multiply", "Average", "Maximum", "Concatenate"),
    *("RandomFlip", "RandomRotation", "RandomTranslation", "RandomZoom", "RandomContrast"),
    *("Zeros", "Ones", "Constant", "RandomNormal", "RandomUniform", "TruncatedNormal"),
    *("VarianceScaling", "GlorotNormal", "GlorotUniform", "HeNormal", "HeUniform"),
    *("LecunNormal", "LecunUniform", "L1", "L2", "L1L2", "MaxNorm", "NonNeg", "UnitNorm"),
}
PRODUCTS = {  # kinds of operations by what one value of their output costs
    "Conv2D": lambda operation: prod(operation.inputs[1].shape[:-1]),
    "Conv2DBackpropInput": lambda operation: prod(operation.inputs[1].shape[:-1]),
    "DepthwiseConv2dNative": lambda operation: prod(operation.inputs[1].shape[:2]),
    "MatMul": lambda operation: prod(operation.inputs[1].shape) // operation.outputs[0].shape[-1],
    "MaxPool": lambda operation: prod(operation.get_attr("ksize")),
    "AvgPool": lambda operation: prod(operation.get_attr("ksize")),
}


def open_network(path: Path) -> "keras.Model":
    """Build the network in a .keras file, whoever made it.

    Args:
        path: the file.

    Returns:
        The network, not compiled.

    Raises:
        ValueError: the file is damaged or no .keras file, beyond a bound, or names something that
            networks for images do not need. The text is short, whatever is in the file.
    """
    from digitrec.quiet import keras

    config = read_config(path)
    for part in parts_of(config):
        check_part(part, keras.saving.get_custom_objects())
    if (calls := calls_of(config)) > MOST_CALLS:
        raise ValueError(f"building it calls layers {calls:,} times, more than {MOST_CALLS:,}")
    in_clean_room(check_sizes, config)
    return in_clean_room(keras.models.load_model, path, compile=False, safe_mode=True)


def in_clean_room(function: Callable, *arguments: object, **options: object) -> object:
    """Call a function in a thread of its own, and return what it returns."""
    with ThreadPoolExecutor(1) as room:
        return room.submit(function, *arguments, **options).result()


def read_config(path: Path) -> dict:
    """Return the description of the layers in a .keras file, after checking what the file holds.

    Args:
        path: the file.

    Returns:
        What Keras would build.

    Raises:
        ValueError: it is no file as Keras writes it, or larger than the bounds.
    """
    if path.stat().st_size > LARGEST_NETWORK:
        raise ValueError(f"it has more than {LARGEST_NETWORK:,} bytes")
    content = path.read_bytes()
    if not has_short_list(content, len(ENTRIES)):
        raise ValueError("it is no archive as Keras writes it")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sizes = {entry.filename: entry.file_size for entry in archive.infolist()}
        if set(sizes) != ENTRIES or len(archive.infolist()) != len(ENTRIES):
            raise ValueError(f"it holds {', '.join(sizes)[:100]}, not {', '.join(sorted(ENTRIES))}")
        for name, size in sizes.items():
            most = LARGEST_NETWORK if name == WEIGHTS else LARGEST_CONFIG
            if size > most:
                raise ValueError(f"its {name} has {size:,} bytes, more than {most:,}")
        if any(entry.compress_type != zipfile.ZIP_STORED for entry in archive.infolist()):
            raise ValueError("it is compressed, which Keras never does: it could be of any size")
        check_arrays(archive.read(WEIGHTS))
        config = json.loads(archive.read(CONFIG))
    if not isinstance(config, dict) or not isinstance(config.get("config"), dict):
        raise ValueError(f"its {CONFIG} describes no network")
    return config | {"compile_config": None}


def has_short_list(content: bytes, entries: int) -> bool:
    """Return whether bytes end as a zip archive with at most so many entries, and no comment.

    A list of millions of entries would take minutes, so its end is read before the list.

    Args:
        content: the file.
        entries: at most 10.
    """
    end = END.unpack(content[-END.size :]) if len(content) > END.size else (b"",)
    longer = content[-END.size - 20 :].startswith(b"PK\6\7")  # another end, for larger archives
    return (
        not longer and end[0] == b"PK\5\6" and end[4] <= entries and end[5] <= 1_000 and not end[7]
    )


def check_arrays(content: bytes) -> None:
    """Check that the arrays of weights are no more, and no larger, than a network's.

    Args:
        content: the HDF5 file. Keras itself refuses links and arrays that lie in other files.

    Raises:
        ValueError: they are.
    """
    import h5py

    sizes = []

    def visit(name: str, item: h5py.Group | h5py.Dataset) -> bool | None:
        sizes.append(item.size * item.dtype.itemsize if isinstance(item, h5py.Dataset) else 0)
        return True if len(sizes) > MOST_ARRAYS or sum(sizes) > LARGEST_NETWORK else None

    with h5py.File(io.BytesIO(content), "r") as file:
        if file.visititems(visit):
            raise ValueError("its arrays are too many or too large")


def parts_of(config: object) -> Iterator[object]:
    """Go through every dictionary, list and value of a description.

    Raises:
        ValueError: they lie too deep in each other.
    """
    waiting = [(config, 0)]
    while waiting:
        part, depth = waiting.pop()
        if depth > DEEPEST_CONFIG:
            raise ValueError(f"its description is nested more than {DEEPEST_CONFIG} levels deep")
        yield part
        inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
        waiting.extend((value, depth + 1) for value in inner)


def check_part(part: object, registered: dict[str, object]) -> None:
    """Check that one part of a description names nothing but layers and what belongs to them.

    Args:
        part: a dictionary, list or value.
        registered: functions and classes of the reader's own that Keras would call by name.

    Raises:
        ValueError: it names something else.
    """
    if isinstance(part, str) and (part in registered or len(part) > LONGEST_NAME):
        raise ValueError(f"it names {part[:60]!r}, which is not of Keras")
    kind = part.get("class_name", "__keras_tensor__") if isinstance(part, dict) else None
    if kind in (None, "__keras_tensor__"):  # a value, or where a layer's input comes from
        return
    if kind not in KINDS or part.get("module", "keras") not in MODULES:
        raise ValueError(f"it has a part of the kind {str(kind)[:60]!r}, which is not let in")
    if part.get("registered_name") not in (None, kind):
        raise ValueError(f"it calls {str(part['registered_name'])[:60]!r} a {kind}")


def calls_of(config: dict) -> int:
    """Return how often layers are called while a network is built.

    A network may call another one many times; a sequence is built anew with each of its layers.
    """
    layers = config["config"]["layers"]
    calls = sum(
        len(layer.get("inbound_nodes", "1"))
        * (calls_of(layer) if "layers" in layer["config"] else 1)
        for layer in layers
    )
    return calls * len(layers) if config["class_name"] == "Sequential" else calls


def check_sizes(config: dict) -> None:
    """Check how much memory and work a network would take, without taking it.

    Within the scope Keras makes no weights: it computes with the shapes alone.

    Args:
        config: the description of the network.

    Raises:
        ValueError: it would take too much.
    """
    from digitrec.quiet import keras
    from digitrec.quiet import tensorflow as tf

    with keras.StatelessScope(initialize_variables=False):
        plan = keras.saving.deserialize_keras_object(config, safe_mode=True)
        if (weights := plan.count_params()) > MOST_WEIGHTS:
            raise ValueError(f"it has {weights:,} weights, more than {MOST_WEIGHTS:,}")
        image = tf.TensorSpec((1, 28, 28), tf.uint8)
        function = tf.function(lambda x: plan(x, training=False), autograph=False)
        graph = function.get_concrete_function(image).graph
    values, products = cost_of(graph)
    if values > MOST_VALUES or products > MOST_PRODUCTS:
        raise ValueError(
            f"each image takes {values:,} values and {products:,} products, more than "
            f"{MOST_VALUES:,} and {MOST_PRODUCTS:,}"
        )


def cost_of(graph: "tensorflow.Graph") -> tuple[int, int]:
    """Return how many values and products of a TensorFlow graph come from its input."""
    reached = {graph.inputs[0].op.name}
    values = products = 0
    for operation in graph.get_operations():  # each after those it needs
        if reached.isdisjoint(tensor.op.name for tensor in operation.inputs):
            continue
        reached.add(operation.name)
        made = sum(prod(tensor.shape) for tensor in operation.outputs)
        values += made
        if operation.type in PRODUCTS:
            products += made * PRODUCTS[operation.type](operation)
    return values, products
