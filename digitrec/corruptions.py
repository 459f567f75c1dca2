"""Images made harder to read, step by step: what a pen, a camera or a careless hand does to them.

Each corruption has a severity from 1 to 5; 0 leaves the images as they are. The functions below
take the severity as a number above 0, and `corrupt` calls them by name.

Source: N. Mu, J. Gilmer, "MNIST-C: a robustness benchmark for computer vision", 2019. The kinds of
corruption are in its manner; the strengths are chosen here, so that the first step hardly disturbs
a person and the fifth one does.
"""

import cv2
import numpy as np

from digitrec.mnist import SIDE, check_images

SEVERITIES = range(6)
MIDDLE = (SIDE - 1) / 2


def corrupt(
    images: np.ndarray, name: str, severity: int, generator: np.random.Generator
) -> np.ndarray:
    """Return images with one corruption.

    Args:
        images: array (n, 28, 28), uint8 0-255, 0 is paper.
        name: one of `CORRUPTIONS`.
        severity: 0 to 5; 0 returns the images unchanged.
        generator: the source of all chance; the same one gives the same images. With the same seed
            at each severity, each image is shifted or turned the same way, and only further.

    Returns:
        Array (n, 28, 28), uint8 0-255.

    Raises:
        ValueError: there is no such corruption or severity, or the images are of another form.

    >>> images = np.zeros((2, 28, 28), np.uint8)
    >>> images[:, 4:24, 13:16] = 200
    >>> corrupt(images, "contrast", 5, np.random.default_rng(1)).max()
    np.uint8(20)
    >>> corrupt(images, "rain", 5, np.random.default_rng(1))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    ValueError: name is 'rain', expected one of noise, blur, shift, rotation, ...
    """
    if name not in CORRUPTIONS:
        raise ValueError(f"name is {name!r}, expected one of {', '.join(CORRUPTIONS)}")
    if severity not in SEVERITIES:
        raise ValueError(f"severity is {severity!r}, expected a whole number from 0 to 5")
    check_images(images)
    if severity == 0 or not len(images):
        return images.copy()
    return CORRUPTIONS[name](images, int(severity), generator)


def add_noise(images: np.ndarray, severity: int, generator: np.random.Generator) -> np.ndarray:
    """Add normal noise to each pixel, with a standard deviation of 20 grey levels per severity."""
    noise = generator.normal(0, 20 * severity, images.shape)
    return np.rint(np.clip(images + noise, 0, 255)).astype(np.uint8)


def blur(images: np.ndarray, severity: int, generator: np.random.Generator) -> np.ndarray:
    """Blur with a Gaussian whose standard deviation is half a pixel per severity."""
    borders = cv2.BORDER_CONSTANT  # paper all round
    return np.stack(
        [cv2.GaussianBlur(image, (0, 0), severity / 2, borderType=borders) for image in images]
    )


def shift(images: np.ndarray, severity: int, generator: np.random.Generator) -> np.ndarray:
    """Move each image up, down, left or right, by one pixel per severity; paper moves in."""
    padded = np.pad(images, ((0, 0), (severity, severity), (severity, severity)))
    ways = np.array([(-1, 0), (1, 0), (0, -1), (0, 1)])[generator.integers(4, size=len(images))]
    starts = severity - severity * ways
    return np.stack(
        [
            image[row : row + SIDE, column : column + SIDE]
            for image, (row, column) in zip(padded, starts, strict=True)
        ]
    )


def rotate(images: np.ndarray, severity: int, generator: np.random.Generator) -> np.ndarray:
    """Turn each image left or right about its middle, by ten degrees per severity."""
    signs = generator.choice([-1, 1], len(images))
    turns = {
        sign: cv2.getRotationMatrix2D((MIDDLE, MIDDLE), float(sign * 10 * severity), 1)
        for sign in (-1, 1)
    }
    return np.stack(
        [
            cv2.warpAffine(image, turns[sign], (SIDE, SIDE))
            for image, sign in zip(images, signs, strict=True)
        ]
    )


def thicken(images: np.ndarray, severity: int, generator: np.random.Generator) -> np.ndarray:
    """Make strokes thicker, by 0.4 pixels per severity all round; thinner ones would vanish."""
    finer = 5  # the disc is drawn on pixels of a fifth of the size
    size = 4 * severity + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    large = (SIDE * finer, SIDE * finer)
    thicker = [cv2.dilate(cv2.resize(image, large), disc) for image in images]
    small = [cv2.resize(image, (SIDE, SIDE), interpolation=cv2.INTER_AREA) for image in thicker]
    return np.stack(small)


def fade(images: np.ndarray, severity: int, generator: np.random.Generator) -> np.ndarray:
    """Make ink paler, by 18% of its full strength per severity; paper stays white."""
    return np.rint(images * (1 - 0.18 * severity)).astype(np.uint8)


def occlude(images: np.ndarray, severity: int, generator: np.random.Generator) -> np.ndarray:
    """Cover a square of each image with paper, 3x3 pixels, and two more per severity after that.

    The middle of the square is anywhere in the middle of the image, where the digit is.
    """
    reach = severity  # pixels on each side of the square's middle
    row, column = generator.integers(8, 20, (2, len(images), 1, 1))
    rows, columns = np.arange(SIDE)[:, np.newaxis], np.arange(SIDE)
    covered = (np.abs(rows - row) <= reach) & (np.abs(columns - column) <= reach)
    return np.where(covered, 0, images).astype(np.uint8)


def draw_lines(images: np.ndarray, severity: int, generator: np.random.Generator) -> np.ndarray:
    """Draw straight lines of ink across each image, one per severity, one pixel wide."""
    lined = images.copy()
    ends = generator.integers(0, SIDE, (len(images), SEVERITIES[-1], 2))
    for image, pairs in zip(lined, ends.tolist(), strict=True):
        for line, (start, end) in enumerate(pairs[:severity]):
            points = ((0, start), (SIDE - 1, end)) if line % 2 else ((start, 0), (end, SIDE - 1))
            cv2.line(image, *points, color=255)
    return lined


CORRUPTIONS = {
    "noise": add_noise,
    "blur": blur,
    "shift": shift,
    "rotation": rotate,
    "stroke width": thicken,
    "contrast": fade,
    "occlusion": occlude,
    "lines": draw_lines,
}
