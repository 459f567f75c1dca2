"""One value of a map, taken apart: the window it looks at, times its filter, summed up."""

from dataclasses import dataclass

import numpy as np

from digitrec.inside.activations import Stage

WORDS = {
    "MaxPooling2D": "largest of its neighbours",
    "BatchNormalization": "after batch normalisation",
    "ReLU": "after ReLU",
}


@dataclass(frozen=True, eq=False)
class WindowSum:
    """A sum of a convolution, with everything that went into it.

    Attributes:
        values: array (rows, columns, maps), what lies under the window; 0 beyond the edge.
        weights: array (rows, columns, maps), those of the filter.
        bias: what is added, 0 without one.
        top, left: where the window begins in the maps that it looks at; negative beyond the edge.
    """

    values: np.ndarray
    weights: np.ndarray
    bias: float
    top: int
    left: int

    @property
    def products(self) -> np.ndarray:
        """Each value times its weight: array (rows, columns, maps)."""
        return self.values * self.weights

    @property
    def by_map(self) -> np.ndarray:
        """The sum of the products in each map that the window looks at: array (maps,)."""
        return self.products.sum(axis=(0, 1))

    @property
    def total(self) -> float:
        """All products and the bias together."""
        return float(self.by_map.sum() + self.bias)


@dataclass(frozen=True, eq=False)
class Trace:
    """Where a value of a finished map comes from.

    Attributes:
        row, column: the place of the sum among those of the convolution; not that of the value
            where pooling has made the map smaller.
        window: the sum, and what went into it.
        steps: what became of the sum, layer by layer: words and the value after each.
    """

    row: int
    column: int
    window: WindowSum
    steps: tuple[tuple[str, float], ...]


def padding_before(padding: str, side: int, size: int, step: int) -> int:
    """Return how many rows of zeros Keras puts before an image: those of "same", halved.

    Args:
        padding: "valid" or "same".
        side: rows of the image.
        size: rows of the window.
        step: rows from window to window.

    >>> padding_before("same", side=5, size=3, step=1), padding_before("same", 28, 2, 1)
    (1, 0)
    """
    if padding != "same":
        return 0
    covered = (-(-side // step) - 1) * step + size
    return max(covered - side, 0) // 2


def window_sum(stage: Stage, row: int, column: int, number: int) -> WindowSum:
    """Take one sum of a convolution apart.

    Args:
        stage: a Conv2D at work, one of `stages`.
        row: of the place in its output, from 0.
        column: likewise.
        number: which filter, from 0.

    Returns:
        The window, the filter and their sum, before the layer's own activation if it has one.

    Raises:
        ValueError: there is no such place or filter.
    """
    layer = stage.layer
    check_place(row, column, number, stage.outputs)
    kernel = np.asarray(layer.kernel)[:, :, :, number]
    group = number * layer.groups // stage.outputs.shape[-1]  # which maps this filter sees
    maps = stage.inputs[:, :, group * kernel.shape[2] :][:, :, : kernel.shape[2]]
    places = []  # rows, then columns, of what lies under the window
    for axis, place in enumerate((row, column)):
        step, spread = layer.strides[axis], layer.dilation_rate[axis]
        size = (kernel.shape[axis] - 1) * spread + 1
        before = padding_before(layer.padding, maps.shape[axis], size, step)
        places.append(place * step - before + spread * np.arange(kernel.shape[axis]))
    values = np.zeros_like(kernel)
    for i, r in enumerate(places[0]):
        for j, c in enumerate(places[1]):
            if 0 <= r < maps.shape[0] and 0 <= c < maps.shape[1]:
                values[i, j] = maps[r, c]
    bias = float(np.asarray(layer.bias)[number]) if layer.use_bias else 0.0
    return WindowSum(values, kernel, bias, int(places[0][0]), int(places[1][0]))


def trace(
    passed: tuple[Stage, ...], start: int, end: int, row: int, column: int, number: int
) -> Trace:
    """Follow a value of a finished map back to the sum that it came from.

    Where pooling kept the largest of some neighbours, the way leads to that one.

    Args:
        passed: from `stages`.
        start: which of them is the convolution, from `convolutions`.
        end: which has the finished map, from `maps_after`.
        row: of the value in the finished map, from 0.
        column: likewise.
        number: which map, from 0.

    Returns:
        The sum, what went into it, and what the layers after it made of it.

    Raises:
        ValueError: there is no such place or map.
    """
    check_place(row, column, number, passed[end].outputs)
    steps: list[tuple[str, float]] = []
    for stage in passed[end:start:-1]:
        value = float(stage.outputs[row, column, number])
        steps.insert(0, (WORDS.get(stage.kind, f"after {stage.kind}"), value))
        if stage.kind == "MaxPooling2D":
            row, column = largest_of(stage, row, column, number)
    window = window_sum(passed[start], row, column, number)
    name = passed[start].layer.activation.__name__
    if name != "linear":
        value = float(passed[start].outputs[row, column, number])
        steps.insert(0, (WORDS.get({"relu": "ReLU"}.get(name, ""), f"after {name}"), value))
    return Trace(row, column, window, tuple(steps))


def check_place(row: int, column: int, number: int, maps: np.ndarray) -> None:
    """Raise ValueError where a place is not in maps (rows, columns, maps)."""
    rows, columns, count = maps.shape
    if not (0 <= row < rows and 0 <= column < columns and 0 <= number < count):
        raise ValueError(
            f"Row {row}, column {column} of map {number} is not in maps of shape {maps.shape}, "
            "counted from 0."
        )


def largest_of(stage: Stage, row: int, column: int, number: int) -> tuple[int, int]:
    """Return which of the neighbours a pooling has kept: its row and column among its inputs."""
    maps = stage.inputs[:, :, number]
    layer = stage.layer
    spans = []
    for axis, place in enumerate((row, column)):
        size, step = layer.pool_size[axis], layer.strides[axis]
        first = place * step - padding_before(layer.padding, maps.shape[axis], size, step)
        spans.append(slice(max(first, 0), first + size))
    part = maps[spans[0], spans[1]]
    i, j = np.unravel_index(part.argmax(), part.shape)
    return spans[0].start + int(i), spans[1].start + int(j)
