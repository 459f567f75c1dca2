"""A network as text that the browser can compute with: its layers in order, weights in 16 bits."""

import base64
import json
from typing import TYPE_CHECKING

import numpy as np

from digitrec.inside.parts import without_shifts

if TYPE_CHECKING:
    import keras

LEVELS = 32_767  # of 16 bits with a sign; the largest weight of each output takes all of them


def portable(model: "keras.Model") -> str:
    """Return a network as JSON for `loadNetwork` in network.js.

    Each output of a layer has its own step between two weights, so 16 bits lose less than half of
    what 16-bit floats would.

    Args:
        model: a sequence of layers from (n, 28, 28) uint8 images to probabilities, as `build_mlp`
            and `build_cnn` make them, or the mean of one over shifts.

    Returns:
        The text; half a megabyte for the network in the box.

    Raises:
        ValueError: the network has a layer that the browser has no code for, or weights that are
            no numbers.
    """
    model, shifts = without_shifts(model)
    layers = [part for layer in model.layers for part in parts_of(layer)]
    content = {"name": model.name, "answers": model.output_shape[-1]}
    return json.dumps(content | {"shifts": shifts, "layers": layers}, separators=(",", ":"))


def parts_of(layer: "keras.layers.Layer") -> list[dict]:
    """Return one layer of Keras as the parts that the browser knows."""
    kind, config = type(layer).__name__, layer.get_config()
    match kind:
        case "InputLayer" | "Dropout" | "Reshape":
            return []
        case "Rescaling":
            if config["offset"] != 0:
                raise unknown(f"{kind} with an offset")
            return [{"kind": "scale", "factor": config["scale"]}]
        case "Flatten" | "GlobalAveragePooling2D":
            return [{"kind": {"Flatten": "flatten"}.get(kind, "mean")}]
        case "ReLU":
            if config["max_value"] is not None or config["negative_slope"] or config["threshold"]:
                raise unknown(f"{kind} that keeps what is negative, or cuts off what is large")
            return [{"kind": "relu"}]
        case "MaxPooling2D":
            check_form(kind, square=[config["pool_size"], config["strides"]])
            if config["pool_size"] != config["strides"] or config["padding"] != "valid":
                raise unknown(f"{kind} whose windows overlap or reach over the edge")
            return [{"kind": "pooling", "size": config["pool_size"][0]}]
        case "BatchNormalization":
            gamma, beta, mean, variance = layer.get_weights()
            factor = gamma / np.sqrt(variance + config["epsilon"])
            offset = beta - mean * factor
            return [{"kind": "normalisation", "factor": text(factor), "offset": text(offset)}]
        case "Conv2D":
            check_form(kind, square=[config["kernel_size"], config["strides"]])
            if set(config["dilation_rate"]) != {1} or config["groups"] != 1:
                raise unknown(f"{kind} with spread windows or groups")
            form = {"step": config["strides"][0], "padding": config["padding"]}
            return [{"kind": "convolution"} | form | weights_of(layer), *activation(config)]
        case "Dense":
            return [{"kind": "dense"} | weights_of(layer), *activation(config)]
    raise unknown(kind)


def check_form(kind: str, square: list) -> None:
    """Raise ValueError where rows and columns are treated differently."""
    if any(len(set(sides)) > 1 for sides in square):
        raise unknown(f"{kind} with other rows than columns")


def unknown(kind: str) -> ValueError:
    """Return the error for a layer that the browser has no code for."""
    return ValueError(
        f"The network has a layer of the kind {kind}, which the browser cannot compute. Expected "
        "those of build_mlp and build_cnn; other networks answer in Python."
    )


def activation(config: dict) -> list[dict]:
    """Return what a layer does to its sums."""
    name = config["activation"]
    if name not in ("linear", "relu", "softmax"):
        raise ValueError(
            f"The network has the activation {name!r}, which the browser cannot compute. Expected "
            "relu or softmax; other networks answer in Python."
        )
    return [] if name == "linear" else [{"kind": name}]


def weights_of(layer: "keras.layers.Layer") -> dict:
    """Return the weights of a dense layer or a convolution, in whole steps for each output."""
    kernel, *bias = layer.get_weights()
    if not np.isfinite(kernel).all():
        raise ValueError("The network has weights that are no numbers: its training went wrong.")
    step = np.abs(kernel).reshape(-1, kernel.shape[-1]).max(axis=0) / LEVELS
    step = np.where(step > 0, step, 1).astype(np.float32)
    whole = np.rint(kernel / step).astype("<i2")
    return {
        "shape": kernel.shape,
        "weights": base64.b64encode(whole.tobytes()).decode(),
        "step_of_weights": text(step),
        "bias": text(bias[0] if bias else np.zeros(kernel.shape[-1])),
    }


def text(values: np.ndarray) -> str:
    """Return numbers as 32-bit floats in Base64."""
    return base64.b64encode(values.astype("<f4").tobytes()).decode()
