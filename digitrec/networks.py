"""The networks: each takes (n, 28, 28) uint8 images and gives (n, 10) probabilities.

Pixel values are scaled from 0-255 to 0-1 inside each model, and images that were scaled before are
refused, so that nobody can feed it the wrong range.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from digitrec.mnist import check_images

if TYPE_CHECKING:
    import keras


def build_mlp() -> "keras.Sequential":
    """Build the classic multilayer perceptron 784-128-128-10, untrained, with 118,282 weights.

    Returns:
        A Keras model from images (n, 28, 28), uint8 0-255, to probabilities (n, 10), float32 0-1.

    >>> build_mlp().count_params()
    118282
    """
    from digitrec.quiet import keras

    model = keras.Sequential(
        [
            keras.Input((28, 28), dtype="uint8"),
            keras.layers.Rescaling(1 / 255),
            keras.layers.Flatten(),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ],
        name="mlp",
    )
    return refusing_scaled(model)


NOT_A_DIGIT = 10  # the eleventh answer of a network that may say "none of these"


def build_cnn(width: int = 16, answers: int = 10) -> "keras.Sequential":
    """Build the strong network, untrained: four convolutions and the mean of their last maps.

    The first convolution moves in steps of two pixels, so that the costly ones work on 12x12 and
    5x5 values in place of 28x28, and pooling comes before what works value by value. Weights grow
    with the square of the width; time does not quite, because not all of it goes into products.

    Args:
        width: filters of the first convolution, 1 or more; the others have 2, 4 and 4 times as
            many. 16 trains in seconds; 32 is what the network in the box is made of.
        answers: 10 for the digits, or 11, the last of which is "not a digit".

    Returns:
        A Keras model from images (n, 28, 28), uint8 0-255, to probabilities (n, answers),
        float32 0-1.

    Raises:
        ValueError: the width is not a whole number of 1 or more.

    Source: batch normalisation, S. Ioffe, C. Szegedy, ICML 2015; global average pooling, M. Lin,
    Q. Chen, S. Yan, "Network in network", ICLR 2014.

    >>> build_cnn().count_params()
    61658
    """
    from digitrec.quiet import keras

    if type(width) is not int or width < 1:
        raise ValueError(f"width is {width!r}, expected a whole number of 1 or more, such as 16")

    def normalised() -> list:
        return [keras.layers.BatchNormalization(momentum=0.9), keras.layers.ReLU()]

    model = keras.Sequential(
        [
            keras.Input((28, 28), dtype="uint8"),
            keras.layers.Rescaling(1 / 255),
            keras.layers.Reshape((28, 28, 1)),
            keras.layers.Conv2D(width, 5, strides=2, use_bias=False),
            *normalised(),
            keras.layers.Conv2D(2 * width, 3, use_bias=False),
            keras.layers.MaxPooling2D(),
            *normalised(),
            keras.layers.Conv2D(4 * width, 3, padding="same", use_bias=False),
            *normalised(),
            keras.layers.Conv2D(4 * width, 3, use_bias=False),
            *normalised(),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(answers, activation="softmax"),
        ],
        name="cnn",
    )
    return refusing_scaled(model)


def refusing_scaled(model: "keras.Model") -> "keras.Model":
    """Let a network that takes bytes refuse anything else, in `fit`, `predict` and wherever asked.

    Keras would turn it into bytes itself: images divided by 255 would become nearly black. To put
    the network behind layers that give floats, set its `input_spec` to None.

    Args:
        model: a network; one whose input is not uint8 is left as it is.

    Returns:
        The same network.
    """
    from digitrec.quiet import keras

    if model.built and [tensor.dtype for tensor in model.inputs] == ["uint8"]:
        model.autocast = False  # Sequential would turn floats into bytes before it looks at them
        model.input_spec = keras.layers.InputSpec(
            shape=model.inputs[0].shape,
            dtype="uint8",
            allow_last_axis_squeeze=True,  # images (n, 28, 28, 1) are as good
            name="images, 0-255 and not divided by 255; compile again before the next fit",
        )
    return model


def ready_for_use(model: "keras.Model") -> "keras.Model":
    """Compile a network, so that `evaluate` tells its loss and accuracy and `fit` goes on learning.

    Args:
        model: a trained network.

    Returns:
        The same network.
    """
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return refusing_scaled(model)


KINDS = {  # by a network's name
    **{"mlp": "dense, notebook 3", "cnn": "convolutional, notebook 6"},
    "cnn_averaged": "from the box",
}
TAUGHT = "_taught"  # how the name of a network ends that has learned somebody's hand


def taught_name(name: str) -> str:
    """Return what to name a network once it has learned somebody's hand.

    >>> taught_name("mlp"), taught_name("mlp_taught")
    ('mlp_taught', 'mlp_taught')
    """
    return name.removesuffix(TAUGHT) + TAUGHT


def speaker(model: "keras.Model | None" = None) -> str:
    """Return what to call a network that answers, so that nobody mistakes one for another.

    Args:
        model: your own network; None is the one in the box, as for `read_digit`.

    >>> speaker(), speaker(build_mlp())
    ('The network in the box', 'Your network (dense, notebook 3)')
    """
    if model is None:
        return "The network in the box"
    kind = KINDS.get(model.name.removesuffix(TAUGHT))
    who = f"Your network ({kind})" if kind else "Your network"
    return f"{who}, taught your hand" if model.name.endswith(TAUGHT) else who


SHIFTS = ((0, 1), (1, -1), (-1, 0))  # pixels down and to the right


def averaged_over_shifts(model: "keras.Model") -> "keras.Model":
    """Return a network that looks at three shifted copies of each image and takes the mean.

    A convolution in steps of two pixels sees another image when a digit lies one pixel further on;
    the mean over shifts evens that out. It costs no weights, and three times the time to answer.

    Args:
        model: a network from (n, 28, 28) uint8 images to probabilities.

    Returns:
        A Keras model of the same form, with the same weights.
    """
    from digitrec.quiet import keras

    images = keras.Input((28, 28), dtype="uint8")
    padding = keras.layers.ZeroPadding2D(1, dtype="uint8")
    padded = padding(keras.layers.Reshape((28, 28, 1))(images))
    answers = []
    for down, right in SHIFTS:
        borders = ((1 - down, 1 + down), (1 - right, 1 + right))
        crop = keras.layers.Cropping2D(borders, dtype="uint8")
        answers.append(model(keras.layers.Reshape((28, 28), dtype="uint8")(crop(padded))))
    averaged = keras.Model(images, keras.layers.Average()(answers), name=f"{model.name}_averaged")
    return refusing_scaled(averaged)


PART = 128  # images per call: their maps stay in the processor's cache


def predict(model: "keras.Model", images: np.ndarray) -> np.ndarray:
    """Return the probabilities that a network gives, without the set-up of Keras' `predict`.

    Keras' own `predict` prepares a pipeline at each call, which for a single image takes far longer
    than the network.

    Args:
        model: a network from (n, 28, 28) uint8 images to (n, 10) probabilities, or (n, 11).
        images: array (n, 28, 28), uint8 0-255; at least one image.

    Returns:
        Array (n, 10) or (n, 11), float32 0-1.

    Raises:
        ValueError: the images are of another form, or what the network answers are no
            probabilities, as after a training that went wrong.
    """
    from digitrec.quiet import tensorflow as tf

    images = np.asarray(images)
    check_images(images)
    if not len(images):
        raise ValueError("there are no images, expected at least one")
    try:
        function = compiled(model)
        parts = [images[start : start + PART] for start in range(0, len(images), PART)]
        answers = np.concatenate([function(tf.constant(part)).numpy() for part in parts])
    except Exception as error:  # a network of any form may be handed over
        raise ValueError(
            f"The network cannot answer images of 28x28 pixels ({in_short(error)}). Expected one "
            "that takes (n, 28, 28) uint8 and gives (n, 10) probabilities, as build_mlp makes it."
        ) from error
    return checked_answers(answers, len(images))


def in_short(error: Exception) -> str:
    """Return the line of another library's message that says what is wrong, at most 200 letters."""
    text = re.sub(r"\x1b\[\d+m", "", str(error)).split("Exception encountered: ")[-1]
    lines = [line.strip() for line in text.splitlines()]
    telling = [line for line in lines if line and not line.startswith(("in user", "Exception e"))]
    return (telling or [type(error).__name__])[0][:200].rstrip(".")


def checked_answers(answers: np.ndarray, count: int) -> np.ndarray:
    """Return what a network answers, or say why it cannot be probabilities of digits.

    Args:
        answers: what came.
        count: the number of images that were asked about.

    Returns:
        The answers.

    Raises:
        ValueError: they are of another form, no numbers, or no probabilities.
    """
    if answers.shape not in ((count, 10), (count, 11)):
        raise ValueError(
            f"The network answers with shape {answers.shape} to {count} images, expected "
            f'({count}, 10), a probability for each digit, or ({count}, 11), with "not a digit".'
        )
    if not np.isfinite(answers).all():
        raise ValueError(
            "The network answers NaN (not a number) in place of probabilities: its training "
            "went wrong. Train a new one with a smaller learning rate."
        )
    if answers.min() < 0 or np.abs(answers.sum(axis=1) - 1).max() > 0.01:
        raise ValueError(
            f"The network answers from {answers.min():.3g} to {answers.max():.3g}, and these do "
            'not sum to 1: they are no probabilities. Let its last layer have activation="softmax".'
        )
    return answers


@lru_cache(maxsize=4)
def compiled(model: "keras.Model") -> Callable:
    """Return a network as one TensorFlow function for any number of images; it follows training."""
    from digitrec.quiet import tensorflow as tf

    images = tf.TensorSpec((None, 28, 28), tf.uint8)
    function = tf.function(lambda part: model(part, training=False), autograph=False)
    return function.get_concrete_function(images)
