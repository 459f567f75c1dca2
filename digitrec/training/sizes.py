"""Smaller images first: their middle, for networks that take images of any size."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from digitrec.mnist import SIDE

if TYPE_CHECKING:
    import keras
    import tensorflow

SIDES = (20, 24, SIDE)  # pixels; MNIST's digits are about 20 of 28 pixels high
SOFT = 0.1  # what is taken from the right answer and shared among all, while images are small


def sides_of_epochs(model: "keras.Model", epochs: int) -> tuple[int, ...]:
    """Return how many pixels wide and high the images of each epoch are: a third for each size.

    Args:
        model: a network; one that needs 28x28 pixels gets these in all epochs.
        epochs: how many, 1 or more; one alone has whole images.
    """
    if answers_to_any_size(model) is None:
        return (SIDE,) * epochs
    return tuple(SIDES[-1 - left * len(SIDES) // epochs] for left in reversed(range(epochs)))


def answers_to_any_size(model: "keras.Model") -> "Callable[[tensorflow.Tensor], object] | None":
    """Return how a network's layers answer images of any size, or None where 28x28 is settled.

    They do where convolutions end in the mean, or the largest value, of each of their maps.

    Args:
        model: a network from (n, 28, 28) to probabilities.

    Returns:
        A function from images (n, side, side), for training.
    """
    from digitrec.quiet import keras
    from digitrec.quiet import tensorflow as tf

    layers = getattr(model, "layers", [])
    reshape = [i for i, layer in enumerate(layers) if isinstance(layer, keras.layers.Reshape)]
    if type(model) is not keras.Sequential or len(reshape) != 1:
        return None
    first = reshape[0]
    if layers[first].target_shape != (SIDE, SIDE, 1):
        return None

    def lines(side: int) -> tuple:
        """Return the shapes of what has no height and width any more, of one image."""
        shapes = [(1, side, side, 1)]
        for layer in layers[first + 1 :]:
            shapes.append(layer.compute_output_shape(shapes[-1]))
        return tuple(shape for shape in shapes if len(shape) == 2)

    try:
        if len({lines(side) for side in SIDES}) > 1:
            return None
    except ValueError:  # a convolution that is larger than what is left
        return None

    def answers(images: tf.Tensor) -> tf.Tensor:
        for layer in layers[:first]:
            images = layer(images, training=True)
        images = images[..., None]
        for layer in layers[first + 1 :]:
            images = layer(images, training=True)
        return images

    return answers


def middle(images: "tensorflow.Tensor", side: int) -> "tensorflow.Tensor":
    """Return the middle of images (n, 28, 28), as (n, side, side)."""
    border = (SIDE - side) // 2
    return images[:, border : border + side, border : border + side]
