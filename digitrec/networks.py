"""The networks: each takes (n, 28, 28) uint8 images and gives (n, 10) probabilities."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import keras


def build_mlp() -> "keras.Sequential":
    """Build the classic multilayer perceptron 784-128-128-10, untrained.

    Pixel values are scaled from 0-255 to 0-1 inside the model, so that nobody can feed it the
    wrong range. It has 118,282 weights.

    Returns:
        A Keras model from images (n, 28, 28), uint8 0-255, to probabilities (n, 10), float32 0-1.

    >>> build_mlp().count_params()
    118282
    """
    from digitrec.quiet import keras

    return keras.Sequential(
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
