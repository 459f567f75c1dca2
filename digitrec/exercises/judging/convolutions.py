"""Convolutions told in another way than learners tell them, what they cost, and usual mistakes."""

from collections.abc import Callable

import cv2
import numpy as np


def by_opencv(image: np.ndarray, weights: np.ndarray, stride: int, padding: int) -> np.ndarray:
    """Return what is right for `convolve`: OpenCV's sums at all places, of which some are kept."""
    framed = cv2.copyMakeBorder(image, *[padding] * 4, cv2.BORDER_CONSTANT, value=0)
    everywhere = cv2.filter2D(framed, cv2.CV_64F, weights, anchor=(0, 0))
    rows, columns = (
        side - reach + 1 for side, reach in zip(framed.shape, weights.shape, strict=True)
    )
    return everywhere[:rows:stride, :columns:stride]


def slid(
    image: np.ndarray,
    weights: np.ndarray,
    stride: int,
    padding: int,
    total: Callable[[np.ndarray], float] = np.sum,
    apart: int | None = None,
) -> np.ndarray:
    """Slide a window over an image; used to go wrong on purpose.

    Args:
        image: array (h, w), float.
        weights: array (k, k), float.
        stride: by which the number of places is found.
        padding: zeros on each side.
        total: makes one number of the products of a window.
        apart: pixels from one window to the next; None is the stride.
    """
    image, reach = np.pad(image, padding), weights.shape[0]
    apart = stride if apart is None else apart
    rows, columns = ((side - reach) // stride + 1 for side in image.shape)
    sums = np.zeros((rows, columns))
    for row in range(rows):
        for column in range(columns):
            top, left = apart * row, apart * column
            window = image[top : top + reach, left : left + reach]
            sums[row, column] = total(window * weights)
    return sums


def images_to_convolve() -> tuple[tuple[np.ndarray, np.ndarray, int, int], ...]:
    """Return arguments for `convolve`, the telling ones first."""
    generator = np.random.default_rng(6)
    image = generator.integers(0, 9, (5, 7)).astype(float)
    slope = np.array([[0.0, 1.0, 2.0], [-1.0, 0.0, 1.0], [-2.0, -1.0, 3.0]])
    large = generator.normal(size=(28, 28))
    return (
        (image, slope, 1, 0),
        (image, slope, 2, 0),
        (image, slope, 1, 1),
        (large, generator.normal(size=(5, 5)), 2, 2),
        (large, generator.normal(size=(2, 2)), 3, 0),
    )


CONVOLVE_MISTAKES = (
    (
        lambda image, weights, stride, padding: slid(image, weights[::-1, ::-1], stride, padding),
        "You turn the filter round, as in mathematics. Networks lay it down as it is.",
    ),
    (
        lambda image, weights, stride, padding: slid(image, weights.T, stride, padding),
        "Rows and columns of the filter are swapped.",
    ),
    (
        lambda image, weights, stride, padding: slid(image, weights, 1, 0),
        "Now take `stride` and `padding` into account.",
    ),
    (
        lambda image, weights, stride, padding: slid(image, weights, stride, 0),
        "`padding` is missing: a frame of zeros, as many on each side.",
    ),
    (
        lambda image, weights, stride, padding: slid(image, weights, 1, padding),
        "`stride` is missing: windows lie so many pixels apart.",
    ),
    (
        lambda image, weights, stride, padding: slid(image, weights, stride, padding, apart=1),
        "The size is right, and the windows do not move by `stride`.",
    ),
    (
        lambda image, weights, stride, padding: slid(image, weights, stride, padding, np.mean),
        "Add the products of a window up; take no mean.",
    ),
)


def products(sides: tuple[int, int, int, int]) -> int:
    """Return the multiplications of the lesson's network, by the width of its four maps."""
    weights = (16 * 25, 32 * 16 * 9, 64 * 32 * 9, 64 * 64 * 9)
    return sum(side**2 * each for side, each in zip(sides, weights, strict=True)) + 640


def products_told_by_keras() -> int:
    """Build the network with a stride of 1, and count."""
    from digitrec.inside.layers import multiplications
    from digitrec.networks import build_cnn
    from digitrec.quiet import keras

    config = build_cnn().get_config()
    first = next(layer for layer in config["layers"] if layer["class_name"] == "Conv2D")
    first["config"]["strides"] = (1, 1)
    return multiplications(keras.Sequential.from_config(config))


def wrong_products() -> dict[float, str]:
    """Return numbers of multiplications that come up often, and what is behind each."""
    return {
        products((12, 10, 5, 3)): "That is the network as it was, with a stride of 2.",
        61_658: "Those are its weights. A convolution uses each once for each place.",
        4 * products((12, 10, 5, 3)): "Maps are twice as wide only in the first layer; after "
        "that each window and each border takes something else away.",
        products((24, 22, 22, 20)): "Pooling halves the maps before the third convolution.",
        products((24, 22, 11, 11)): "The last convolution has no padding, so its maps lose two.",
        products((24, 22, 9, 7)): "The third convolution keeps its maps as wide as they are.",
        products((28, 28, 14, 14)): "Only the third convolution has padding.",
        products((24, 22, 11, 9)) - 640: "The dense layer at the end takes part, too.",
    }
