"""What a network has learned, as pictures: its weights before and after training."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from digitrec.inside.activations import inner_network, layers_of

if TYPE_CHECKING:
    import keras

WITHOUT_WEIGHTS = {"Rescaling", "Reshape", "Flatten", "Dropout", "GaussianNoise"}


def untrained(model: "keras.Model", seed: int) -> "keras.Model":
    """Return a network of the same form with fresh random weights.

    With the seed that was set before the network was built, these are the very weights that its
    training began with.

    Args:
        model: a network; of one that is averaged over shifts, the network inside is taken.
        seed: for the random numbers, 0 to 2^32 - 1.

    >>> from digitrec.networks import build_mlp
    >>> fresh = untrained(build_mlp(), seed=1)
    >>> fresh.count_params()
    118282
    """
    from digitrec.quiet import keras

    keras.utils.set_random_seed(seed)
    return keras.models.clone_model(inner_network(model)[0])


def weight_pictures(model: "keras.Model") -> np.ndarray:
    """Return the weights from the 784 pixels to each neuron of the first layer as a picture.

    Args:
        model: a network whose first layer with weights is dense and sees all pixels.

    Returns:
        Array (neurons, 28, 28), float32: for each neuron, one weight per pixel.

    Raises:
        ValueError: the first layer with weights is of another kind.

    >>> from digitrec.networks import build_mlp
    >>> weight_pictures(build_mlp()).shape
    (128, 28, 28)
    """
    first = next(
        (
            layer
            for layer in layers_of(inner_network(model)[0])
            if type(layer).__name__ not in WITHOUT_WEIGHTS
        ),
        None,
    )
    kind = type(first).__name__
    if kind != "Dense" or first.kernel.shape[0] != 28 * 28:
        raise ValueError(
            f"The first layer with weights is {kind}, expected a dense layer that sees all 784 "
            "pixels, as build_mlp has it: only such weights are pictures of 28x28 pixels."
        )
    return np.asarray(first.kernel).T.reshape(-1, 28, 28)


def filter_pictures(layer: "keras.layers.Layer") -> np.ndarray:
    """Return the weights of a convolution, a picture for each filter and each map that it sees.

    Args:
        layer: a Conv2D of Keras.

    Returns:
        Array (filters, maps, rows, columns), float32.
    """
    return np.asarray(layer.kernel).transpose(3, 2, 0, 1)


def is_dense(model: "keras.Model") -> bool:
    """Return whether the weights of a network's first layer are pictures of 28x28 pixels."""
    try:
        return len(weight_pictures(model)) > 0
    except ValueError:
        return False


@dataclass(frozen=True)
class Change:
    """How far training has moved the weights of the first layer.

    Attributes:
        mean_before, mean_after: the mean size of a weight, without its sign.
        untouched: 0-1, the share of the weights that are exactly what they were.
        smoothness_before, smoothness_after: -1 to 1, how alike the weights of two pixels beside
            each other are (their correlation); near 0 is noise.
    """

    mean_before: float
    mean_after: float
    untouched: float
    smoothness_before: float
    smoothness_after: float


def change(before: np.ndarray, after: np.ndarray) -> Change:
    """Compare weight pictures before and after training.

    Args:
        before: array (neurons, 28, 28), those of the untrained network.
        after: array (neurons, 28, 28), those of the trained one.
    """
    return Change(
        float(np.abs(before).mean()),
        float(np.abs(after).mean()),
        float((before == after).mean()),
        smoothness(before),
        smoothness(after),
    )


def smoothness(pictures: np.ndarray) -> float:
    """Return how alike two values beside each other are, as a correlation from -1 to 1.

    Args:
        pictures: array (n, h, w); in one whose values are all equal, it is 0.

    >>> stripes = np.tile([[[1.0, -1.0]]], (1, 4, 4))
    >>> round(smoothness(stripes), 6)
    -1.0
    """
    left = pictures[:, :, :-1].ravel() - pictures[:, :, :-1].mean()
    right = pictures[:, :, 1:].ravel() - pictures[:, :, 1:].mean()
    spread = np.sqrt((left**2).sum() * (right**2).sum())
    return float((left * right).sum() / spread) if spread else 0.0
