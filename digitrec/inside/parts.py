"""A network taken apart: what lies behind its input of bytes, up to what its last layer is given.

Bytes have no gradients: the input of our networks is uint8, and refuses anything else. Behind
`Rescaling` the same image is floats, and everything from there on can be asked in small steps.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from digitrec.networks import PART, in_short, predict

if TYPE_CHECKING:
    import keras
    import tensorflow

CLOSE = 1e-3  # probabilities that differ by less are taken for the same
PROBES = np.random.default_rng(0).integers(0, 256, (4, 28, 28), np.uint8)


@dataclass(frozen=True, eq=False)
class Parts:
    """A network behind its input of bytes.

    Attributes:
        shifts: pixels down and to the right by which it moves an image before each of its looks.
        scale, offset: what it makes of a pixel: its ink, 0-1, times scale, plus offset.
        layers: what follows, in order, up to the last layer.
        last: the last layer, whose softmax gives the probabilities.
    """

    shifts: tuple[tuple[int, int], ...]
    scale: float
    offset: float
    layers: "tuple[keras.layers.Layer, ...]"
    last: "keras.layers.Dense"

    def hidden(self, ink: "tensorflow.Tensor") -> "list[tensorflow.Tensor]":
        """Return the values that the last layer is given, for each look.

        Args:
            ink: images (n, 28, 28), float32; 0 is paper and 1 is ink.

        Returns:
            For each shift a tensor (n, values).
        """
        from digitrec.quiet import tensorflow as tf

        reach = max(abs(step) for shift in self.shifts for step in shift)
        padded = tf.pad(ink, [[0, 0], [reach, reach], [reach, reach]])
        looks = []
        for down, right in self.shifts:
            top, left = reach - down, reach - right
            values = padded[:, top : top + 28, left : left + 28] * self.scale + self.offset
            for layer in self.layers:
                values = layer(values)
            looks.append(values)
        return looks

    def log_probabilities(self, ink: "tensorflow.Tensor") -> "tensorflow.Tensor":
        """Return the logarithm of each answer's probability; it does not break off near 0 and 1.

        Args:
            ink: images (n, 28, 28), float32; 0 is paper and 1 is ink.

        Returns:
            Tensor (n, answers), float32, 0 or less; tensors of TensorFlow, so gradients pass.
        """
        from digitrec.quiet import tensorflow as tf

        scores = [
            tf.matmul(values, self.last.kernel)
            + (self.last.bias if self.last.use_bias else 0.0)  # what softmax is given
            for values in self.hidden(ink)
        ]
        looks = tf.stack([tf.nn.log_softmax(score) for score in scores])
        return tf.reduce_logsumexp(looks, axis=0) - np.log(len(scores)).astype(np.float32)


def without_shifts(model: "keras.Model") -> "tuple[keras.Model, list[list[int]]]":
    """Return the network that does the work, and the shifts of the image that it looks at.

    Args:
        model: any network; one from `averaged_over_shifts` holds another one.

    Returns:
        The inner network, and for each look the pixels down and to the right. A network that is
        not averaged over shifts is returned as it is, with one look at [0, 0].
    """
    looks = [layer for layer in model.layers if type(layer).__name__ == "Cropping2D"]
    inner = [layer for layer in model.layers if hasattr(layer, "layers")]
    if looks and len(inner) == 1:  # a frame of one pixel, cropped again
        return inner[0], [[1 - look.cropping[0][0], 1 - look.cropping[1][0]] for look in looks]
    return model, [[0, 0]]


@lru_cache(maxsize=4)
def taken_apart(model: "keras.Model") -> Parts:
    """Take a network apart behind its `Rescaling`, so that it can be asked in small steps.

    Args:
        model: a network from (n, 28, 28) uint8 images to probabilities whose layers follow each
            other, as in `build_mlp` and `build_cnn`, or the mean of one over shifts, as in the box.

    Returns:
        Its parts. They share its weights, and follow its training.

    Raises:
        ValueError: its layers do not follow each other, or it ends otherwise than by a dense layer
            with softmax.
    """
    inner, shifts = without_shifts(model)
    kinds = [type(layer).__name__ for layer in inner.layers]
    if "Rescaling" not in kinds or kinds[-1] != "Dense":
        raise ValueError(
            f"The network has the layers {', '.join(kinds)[:200]}; expected a Rescaling among "
            "them and a Dense at the end, as in build_mlp and build_cnn. It reads digits all the "
            "same; only how its answer changes in small steps cannot be shown."
        )
    place = kinds.index("Rescaling")
    first, last = inner.layers[place], inner.layers[-1]
    layers = tuple(inner.layers[place + 1 : -1])
    parts = Parts(
        tuple(map(tuple, shifts)), 255.0 * float(first.scale), float(first.offset), layers, last
    )
    answers = predict(model, PROBES)
    try:
        again = np.exp(parts.log_probabilities(as_ink(PROBES)).numpy())
        same = again.shape == answers.shape and np.abs(again - answers).max() < CLOSE
        reason = "together they answer otherwise than the network"
    except Exception as error:  # a network of any form may be handed over
        same, reason = False, in_short(error)
    if not same:
        raise ValueError(
            f"The layers of the network do not follow each other ({reason}). It reads digits all "
            "the same; only how its answer changes in small steps cannot be shown."
        )
    return parts


def explainable(
    networks: "dict[str, keras.Model]",
) -> "tuple[dict[str, keras.Model], list[str]]":
    """Sort out the networks that can be taken apart.

    Args:
        networks: any, by name.

    Returns:
        Those that can, by name, and a sentence for each of the others.
    """
    open_ones, problems = {}, []
    for name, model in networks.items():
        try:
            taken_apart(model)
            open_ones[name] = model
        except ValueError as error:
            problems.append(f"{name}: {error}")
    return open_ones, problems


def as_ink(images: np.ndarray) -> np.ndarray:
    """Return images (n, 28, 28), uint8 0-255, as shares of ink, float32 0-1."""
    return np.asarray(images, np.float32) / 255


def last_values(model: "keras.Model", images: np.ndarray) -> np.ndarray:
    """Return what the last layer of a network is given: all that it knows of an image by then.

    Args:
        model: as for `taken_apart`.
        images: array (n, 28, 28), uint8 0-255.

    Returns:
        Array (n, values), float32: 128 values for `build_mlp`, 64 for `build_cnn`. Of a network
        that looks at several shifts, their mean.

    Raises:
        ValueError: the network cannot be taken apart.
    """
    parts = taken_apart(model)
    pieces = [
        np.mean([look.numpy() for look in parts.hidden(as_ink(images[start : start + PART]))], 0)
        for start in range(0, len(images), PART)
    ]
    return np.concatenate(pieces)


def log_odds(log_probabilities: "tensorflow.Tensor", digits: np.ndarray) -> "tensorflow.Tensor":
    """Return the log-odds of digits: log(p / (1 - p)), which goes on where p is nearly 1.

    Args:
        log_probabilities: tensor (n, answers).
        digits: array (n,), the answer asked about, for each image.

    Returns:
        Tensor (n,), float32: 0 at a probability of 50%, 4.6 at 99%, 9.2 at 99.99%.
    """
    from digitrec.quiet import tensorflow as tf

    chosen = tf.one_hot(digits, log_probabilities.shape[-1], on_value=True, off_value=False)
    none = tf.float32.min
    of_digit = tf.reduce_logsumexp(tf.where(chosen, log_probabilities, none), axis=1)
    of_others = tf.reduce_logsumexp(tf.where(chosen, none, log_probabilities), axis=1)
    return of_digit - of_others
