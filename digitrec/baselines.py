"""The recogniser without a network that the networks have to beat."""

import numpy as np

from digitrec.mnist import SIDE, check_images

PART = 250  # images in one matrix product: their products with 55,000 others are 55 MB


def nearest_images(images: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return for each image which of the others is nearest to it, pixel by pixel.

    The squared distance |a - b|² is |a|² - 2ab + |b|². |a|² is the same for all others, and the
    products ab of many images with all others are one matrix product, which processors are made
    for. The nearest is where ab - |b|²/2 is largest.

    Args:
        images: array (n, 28, 28), uint8 0-255.
        others: array (m, 28, 28), of any type of number, 0-255; one or more.

    Returns:
        Array (n,), whole numbers from 0 to m - 1.

    Raises:
        ValueError: the images or the others are of another form, or there are no others.

    Source: E. Fix, J. L. Hodges, "Discriminatory analysis: nonparametric discrimination", 1951;
    T. M. Cover, P. E. Hart, "Nearest neighbor pattern classification", IEEE Transactions on
    Information Theory 13, 1967.

    >>> others = np.stack([np.full((28, 28), grey) for grey in (0, 100, 200)])
    >>> nearest_images(np.full((1, 28, 28), 130, np.uint8), others)
    array([1])
    """
    check_images(images)
    if others.ndim != 3 or others.shape[1:] != (SIDE, SIDE) or not len(others):
        raise ValueError(
            f"the others have shape {others.shape}, expected (m, 28, 28) with one image or more"
        )
    columns = others.reshape(len(others), -1).T.astype(np.float32, order="F")
    half_squares = np.einsum("ij,ij->j", columns, columns) / 2
    nearest = np.empty(len(images), int)
    for start in range(0, len(images), PART):
        part = images[start : start + PART].reshape(-1, SIDE * SIDE).astype(np.float32)
        products = part @ columns
        products -= half_squares
        nearest[start : start + PART] = products.argmax(axis=1)
    return nearest
