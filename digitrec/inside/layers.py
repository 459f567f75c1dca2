"""What each layer of a network computes, counted."""

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import keras


def multiplications(layer: "keras.Layer") -> int:
    """Return how many products of a weight and a value a layer, or a network, takes for one image.

    A dense layer uses each weight once, a convolution once for each place of its maps. Biases are
    added, and what batch normalisation multiplies is left out: it is a thousandth of the rest.

    Args:
        layer: a layer that was built, or a whole network of such layers.

    >>> from digitrec import build_mlp
    >>> multiplications(build_mlp()) == 784 * 128 + 128 * 128 + 128 * 10
    True
    """
    if hasattr(layer, "layers"):
        return sum(multiplications(part) for part in layer.layers)
    kernel = getattr(layer, "kernel", None)
    if kernel is None:
        return 0
    rows_and_columns = layer.output.shape[1:-1]  # none after a dense layer
    return math.prod(rows_and_columns) * math.prod(kernel.shape)
