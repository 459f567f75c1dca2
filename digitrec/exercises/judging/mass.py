"""The centre of mass of a picture, computed rightly, and wrongly in the usual ways."""

import numpy as np

from digitrec.mnist import SIDE


def centre_by_moments(image: np.ndarray) -> tuple[float, float]:
    """Return row and column of the centre of mass, from OpenCV's moments of a picture."""
    import cv2

    moments = cv2.moments(image.astype(np.float64))
    return moments["m01"] / moments["m00"], moments["m10"] / moments["m00"]


def with_columns_first(image: np.ndarray) -> tuple[float, float]:
    return centre_by_moments(image)[::-1]


def of_pixels_with_ink(image: np.ndarray) -> tuple[float, ...]:
    return tuple(place.mean() for place in np.nonzero(image))


def of_the_box(image: np.ndarray) -> tuple[float, ...]:
    return tuple((place.min() + place.max()) / 2 for place in np.nonzero(image))


def of_the_paper(image: np.ndarray) -> tuple[float, float]:
    return (image.shape[0] - 1) / 2, (image.shape[1] - 1) / 2


def counted_from_one(image: np.ndarray) -> tuple[float, float]:
    row, column = centre_by_moments(image)
    return row + 1, column + 1


def without_dividing(image: np.ndarray) -> tuple[float, float]:
    row, column = centre_by_moments(image)
    return row * float(image.sum()), column * float(image.sum())


def by_number_of_pixels(image: np.ndarray) -> tuple[float, float]:
    row, column = without_dividing(image)
    return row / image.size, column / image.size


def darkest(image: np.ndarray) -> tuple[int, ...]:
    return tuple(np.unravel_index(image.argmax(), image.shape))


def in_bytes(image: np.ndarray) -> tuple[float, float]:
    """Do what a loop over bytes does: every product goes on from 0 after 255."""
    rows, columns = np.indices(image.shape).astype(image.dtype)
    ink = float(image.sum())
    down, across = image * rows, image * columns
    return (
        float(down.sum(dtype=image.dtype)) / ink,
        float(across.sum(dtype=image.dtype)) / ink,
    )


def in_bytes_throughout(image: np.ndarray) -> tuple[float, float]:
    row, column = in_bytes(image)
    ink = float(image.sum())
    left = float(image.sum(dtype=image.dtype))
    return row * ink / left, column * ink / left


def pictures() -> tuple[tuple[np.ndarray], ...]:
    """Return a small picture that can be worked out by hand, and others of other forms."""
    small = np.array([[0, 0, 0, 0], [0, 0, 100, 0], [0, 0, 100, 200]], np.uint8)
    tall = np.array([[0, 9], [0, 0], [7, 0], [0, 0], [250, 250]], np.uint8)
    dot = np.zeros((6, 6), np.uint8)
    dot[4, 1] = 30
    digit = np.zeros((SIDE, SIDE), np.uint8)
    digit[3:20, 8:13] = np.random.default_rng(1).integers(1, 256, (17, 5))
    return ((small,), (tall,), (dot,), (digit,))


BYTES = (
    "A `uint8` ends at 255 and goes on from 0: 200 * 2 comes out as 144. Begin with "
    "`image.astype(float)`."
)

SLIPS = (
    (with_columns_first, "The row comes first, then the column."),
    (
        of_pixels_with_ink,
        "Here each pixel with ink counts once; dark ones count more.",
    ),
    (
        of_the_box,
        "That is the middle of the box around the ink. Weigh by the ink in it.",
    ),
    (
        of_the_paper,
        "That is the middle of the paper. Weigh each row by the ink in it.",
    ),
    (counted_from_one, "Rows and columns are counted from 0."),
    (without_dividing, "Divide by all of the ink: `image.sum()`."),
    (
        by_number_of_pixels,
        "Divide by all of the ink, and not by the number of pixels.",
    ),
    (darkest, "That is the darkest pixel. All of the ink counts."),
    (in_bytes, BYTES),
    (in_bytes_throughout, BYTES),
)
