"""What stands between the layers of a network while it looks at one image."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from digitrec.inside.parts import without_shifts
from digitrec.mnist import check_images
from digitrec.networks import in_short

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True, eq=False)
class Stage:
    """One layer at work.

    Attributes:
        layer: the layer of Keras.
        inputs: what it was given, for one image: array of any shape, float32.
        outputs: what it made of that.
    """

    layer: "keras.layers.Layer"
    inputs: np.ndarray
    outputs: np.ndarray

    @property
    def kind(self) -> str:
        """What Keras calls its kind of layer, such as "Conv2D"."""
        return type(self.layer).__name__


def inner_network(model: "keras.Model") -> tuple["keras.Model", tuple[int, int]]:
    """Return the network that looks, and how the image is moved for its first look.

    The network in the box looks three times, at the image moved by a pixel, and takes the mean.
    What is inside is one network with one set of weights.

    Args:
        model: a network; one that is not averaged over shifts is returned as it is.

    Returns:
        The network inside, and the shift of its first look in pixels: down, to the right.

    >>> from digitrec.networks import averaged_over_shifts, build_cnn
    >>> inner, shift = inner_network(averaged_over_shifts(build_cnn(1)))
    >>> inner.name, shift
    ('cnn', (0, 1))
    """
    inner, shifts = without_shifts(model)
    return inner, tuple(shifts[0])


def moved(image: np.ndarray, shift: tuple[int, int]) -> np.ndarray:
    """Return an image moved by at most one pixel; what comes in from outside is paper.

    Args:
        image: array (28, 28), uint8 0-255, 0 is paper.
        shift: pixels down and to the right, each -1, 0 or 1.
    """
    down, right = shift
    framed = np.pad(image, 1)
    return framed[1 - down : 1 - down + 28, 1 - right : 1 - right + 28]


def layers_of(model: "keras.Model") -> Iterator["keras.layers.Layer"]:
    """Yield the layers of a network in order, those of networks inside it in their place."""
    for layer in model.layers:
        if hasattr(layer, "layers"):
            yield from layers_of(layer)
        elif type(layer).__name__ != "InputLayer":
            yield layer


def stages(model: "keras.Model", image: np.ndarray) -> tuple[Stage, ...]:
    """Let an image go through a network layer by layer, and keep what stands between them.

    Args:
        model: a network whose layers follow one after the other, as `build_mlp` and `build_cnn`
            make them; of one that is averaged over shifts, its first look.
        image: array (28, 28), uint8 0-255, 0 is paper.

    Returns:
        One stage for each layer, in order; the outputs of the last one are the answers.

    Raises:
        ValueError: the image is of another form, or the layers are no chain: they branch, or what
            they give one after the other is not what the network answers.

    >>> from digitrec.networks import build_mlp
    >>> [stage.kind for stage in stages(build_mlp(), np.zeros((28, 28), np.uint8))]
    ['Rescaling', 'Flatten', 'Dense', 'Dense', 'Dense']
    """
    check_images(np.asarray(image)[np.newaxis])
    inner, shift = inner_network(model)
    given = moved(image, shift)[np.newaxis]
    try:
        answer = np.asarray(inner(given, training=False))
        values = given.reshape(1, *inner.input_shape[1:]).astype(inner.inputs[0].dtype)
        passed = []
        for layer in layers_of(inner):
            outputs = np.asarray(layer(values, training=False))
            passed.append(Stage(layer, values[0], outputs[0]))
            values = outputs
        same = values.shape == answer.shape and np.allclose(values, answer, atol=1e-4)
    except Exception as error:  # a network of any form may be handed over
        raise not_a_chain(in_short(error)) from error
    if not same:
        raise not_a_chain("they give another answer than the network")
    return tuple(passed)


def not_a_chain(problem: str) -> ValueError:
    """Return the error for a network that cannot be followed layer by layer."""
    return ValueError(
        f"The layers of this network cannot be followed one after the other ({problem}). Expected "
        "a chain of layers, as build_mlp and build_cnn make it; one that branches cannot be shown."
    )


def has_maps(model: "keras.Model") -> bool:
    """Return whether a network has convolutions, and its layers can be followed to them.

    Args:
        model: any network for images (28, 28).
    """
    try:
        return len(convolutions(stages(model, np.zeros((28, 28), np.uint8)))) > 0
    except ValueError:
        return False


def convolutions(passed: tuple[Stage, ...]) -> tuple[int, ...]:
    """Return where the convolutions stand among the stages of an image."""
    return tuple(place for place, stage in enumerate(passed) if stage.kind == "Conv2D")


def maps_after(passed: tuple[Stage, ...], start: int) -> int:
    """Return at which stage the maps of a convolution are finished.

    That is the last of the layers after it that go value by value, or keep the largest of some:
    normalisation, ReLU, and what else stands before the next window, mean, or new form.

    Args:
        passed: from `stages`.
        start: where the convolution stands.

    Returns:
        The place of the last stage before the next kind; `start` itself if none follows.
    """
    end = start
    for place in range(start + 1, len(passed)):
        if passed[place].kind not in FINISHING or passed[place].outputs.ndim != 3:
            break
        end = place
    return end


FINISHING = {
    *("BatchNormalization", "LayerNormalization", "GroupNormalization", "MaxPooling2D"),
    *("Activation", "ReLU", "LeakyReLU", "PReLU", "ELU"),
    *("Dropout", "SpatialDropout2D", "GaussianDropout", "GaussianNoise"),
}
