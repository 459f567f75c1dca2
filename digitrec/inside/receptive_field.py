"""How much of an image one value of a feature map sees."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import keras

UNCHANGED = (  # each value of their output comes from the one value in the same place
    *("InputLayer", "Rescaling", "Reshape", "BatchNormalization", "ReLU", "Activation"),
    *("LeakyReLU", "ELU", "Softmax", "Dropout", "SpatialDropout2D", "GaussianNoise"),
)
WINDOWS = ("Conv2D", "DepthwiseConv2D", "SeparableConv2D", "MaxPooling2D", "AveragePooling2D")


@dataclass(frozen=True)
class Field:
    """What the values of one layer's maps see of the image, along rows and columns alike.

    Attributes:
        layer: the name of the layer.
        size: how many pixels wide and high the part is that one value sees.
        step: how many pixels further on the part of its neighbour lies.
        start: the first pixel that the first value sees; below 0 where padding is seen as well.
        values: how many values wide and high the maps are.
        seen: the pixels that reach this layer at all: windows in steps of two may not fit to the
            last pixel, which then nothing sees.
    """

    layer: str
    size: int
    step: int
    start: int
    values: int
    seen: range

    def pixels(self, position: int) -> range:
        """Return the rows, or the columns, of the image that one value sees.

        Args:
            position: the row, or the column, of the value in its map, from 0.

        Returns:
            Their numbers, without those that would lie in the padding.

        Raises:
            IndexError: the maps have no such row or column.

        >>> Field("third", size=19, step=4, start=-4, values=5, seen=range(27)).pixels(0)
        range(0, 15)
        """
        if not 0 <= position < self.values:
            raise IndexError(
                f"position {position} is outside the maps of {self.layer}, expected a whole "
                f"number from 0 to {self.values - 1}"
            )
        first = self.start + position * self.step
        return range(max(first, self.seen.start), min(first + self.size, self.seen.stop))


def receptive_fields(model: "keras.Sequential") -> list[Field]:
    """Return what the values of each layer see of the image, from the first layer to the last map.

    A window of k values is k - 1 steps wider than a single one. A step of two doubles the distance
    at which the next layer's values lie, and so what their windows reach over.

    Args:
        model: a network whose layers follow each other, such as `build_cnn()`, on square images.

    Returns:
        One field for each layer that has maps; the layers after the last map see all of it.

    Raises:
        ValueError: a layer is of an unknown kind, or has windows that are not square.

    Source: V. Dumoulin, F. Visin, "A guide to convolution arithmetic for deep learning", 2016.

    >>> from digitrec import build_cnn
    >>> [(field.size, field.values) for field in receptive_fields(build_cnn())][-1]
    (27, 3)
    """
    if not model.built:
        model.build((None, 28, 28))
    size, step, start = 1, 1, 0
    values = model.input_shape[1]
    seen = range(values)
    fields = []
    for layer in model.layers:
        kind = type(layer).__name__
        if kind in WINDOWS:
            reach, stride = window(layer)
            start -= step * padding_before(layer.padding, values, reach, stride)
            size += step * (reach - 1)
            step *= stride
        elif len(layer.output.shape) < 3:
            break
        elif kind not in UNCHANGED or layer.output.shape[1] != values:
            raise ValueError(
                f"{layer.name} is a layer of kind {kind}, expected one of "
                f"{', '.join((*WINDOWS, *UNCHANGED))}, or one without maps"
            )
        values = layer.output.shape[1]
        fields.append(Field(layer.name, size, step, start, values, seen))
        seen = range(fields[-1].pixels(0).start, fields[-1].pixels(values - 1).stop)
    return fields


def window(layer: "keras.Layer") -> tuple[int, int]:
    """Return how many values a window of a layer reaches over, and its stride."""
    shape = getattr(layer, "kernel_size", None) or layer.pool_size
    spread = getattr(layer, "dilation_rate", (1, 1))
    if len({*shape}) != 1 or len({*layer.strides}) != 1 or len({*spread}) != 1:
        raise ValueError(
            f"the windows of {layer.name} are {shape[0]}x{shape[1]} in steps of "
            f"{layer.strides[0]} and {layer.strides[1]}, expected square ones"
        )
    return (shape[0] - 1) * spread[0] + 1, layer.strides[0]


def padding_before(padding: str, values: int, reach: int, stride: int) -> int:
    """Return how many values Keras adds before the first one; with "valid" it adds none.

    >>> padding_before("same", 28, 3, 1), padding_before("same", 28, 3, 2)
    (1, 0)
    """
    if padding == "valid":
        return 0
    missing = (-(-values // stride) - 1) * stride + reach - values
    return max(missing, 0) // 2
