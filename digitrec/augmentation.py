"""Training images, changed the way another hand would have changed them."""

from dataclasses import asdict, dataclass
from numbers import Real

import cv2
import numpy as np

from digitrec.damage import DAMAGES, damage
from digitrec.mnist import SIDE, check_images

GRID = 5  # points a side at which the elastic displacement is drawn; it is smooth between them
FARTHEST = 180  # degrees, pixels; beyond it nothing is left to learn from


@dataclass(frozen=True)
class Augmentation:
    """How far images are changed. Each change is drawn anew for each image, up to these bounds.

    Attributes:
        rotation: degrees either way.
        scale: share by which width and height grow or shrink, each on its own.
        shear: how far the top slides sideways, as a share of the height.
        shift: pixels either way.
        elastic: pixels; standard deviation of a smooth displacement.
        thickness: 0-1, how far strokes are thickened or thinned by one pixel.
        cut: 0-1, the share of images of which the frame cuts a pixel or two off the digit.
        faint: 0-1, the share with paler or uneven ink.
        lines: 0-1, the share with lines, patches or an edge across.
        background: 0-1, the share with grey paper behind the digit.
        soft: 0-1, the share that is blurred or enlarged from fewer pixels.
        noise: 0-1, the share with noise.
        binary: 0-1, the share that is left with ink and paper only.

    Raises:
        ValueError: a value is no number, below 0, or above 1 where it is a share.

    >>> Augmentation(thickness=2)
    Traceback (most recent call last):
    ...
    ValueError: thickness is 2, expected a number from 0 to 1
    """

    rotation: float = 12.0
    scale: float = 0.12
    shear: float = 0.2
    shift: float = 2.0
    elastic: float = 0.6
    thickness: float = 0.6
    cut: float = 0.0
    faint: float = 0.0
    lines: float = 0.0
    background: float = 0.0
    soft: float = 0.0
    noise: float = 0.0
    binary: float = 0.0

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            most = 1 if name in ("thickness", *DAMAGES) else FARTHEST
            if not isinstance(value, Real) or not 0 <= value <= most:
                raise ValueError(f"{name} is {value!r}, expected a number from 0 to {most}")


def augment(
    images: np.ndarray,
    generator: np.random.Generator,
    augmentation: Augmentation = Augmentation(),
) -> np.ndarray:
    """Return images that are turned, scaled, slanted, shifted, bent, thicker or thinner, spoilt.

    Args:
        images: array (n, 28, 28), uint8, 0 is paper.
        generator: the source of all chance; the same one gives the same images.
        augmentation: how far to go.

    Returns:
        Array (n, 28, 28), uint8.

    Raises:
        ValueError: the images are of another form.

    Source: P. Y. Simard, D. Steinkraus, J. C. Platt, "Best practices for convolutional neural
    networks applied to visual document analysis", ICDAR 2003.

    >>> images = np.zeros((2, 28, 28), np.uint8)
    >>> images[:, 4:24, 13:16] = 255
    >>> augment(images, np.random.default_rng(1)).shape
    (2, 28, 28)
    """
    check_images(images)
    if not len(images):
        return images.copy()
    columns, rows = sample_positions(len(images), generator, augmentation)
    moved = np.stack(
        [
            cv2.remap(image, column, row, cv2.INTER_LINEAR)
            for image, column, row in zip(images, columns, rows, strict=True)
        ]
    )
    other_hand = change_thickness(moved, generator, augmentation.thickness)
    shares = {name: getattr(augmentation, name) for name in DAMAGES}
    return damage(other_hand, generator, shares)


def sample_positions(
    count: int, generator: np.random.Generator, augmentation: Augmentation
) -> tuple[np.ndarray, np.ndarray]:
    """Draw where each pixel of each image takes its value from.

    Args:
        count: number of images.
        generator: the source of all chance.
        augmentation: how far to go.

    Returns:
        Columns and rows, each an array (count, 28, 28), float32, in pixels.
    """

    def draw(bound: float) -> np.ndarray:
        return generator.uniform(-bound, bound, count)

    angle = np.radians(draw(augmentation.rotation))
    width, height = np.exp(draw(augmentation.scale)), np.exp(draw(augmentation.scale))
    slant = draw(augmentation.shear)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    stretch = np.array([[width, slant * height], [0 * height, height]])
    matrices = np.einsum("ijn,jkn->nik", turn, stretch)
    shifts = np.stack([draw(augmentation.shift), draw(augmentation.shift)], axis=1)

    middle = (SIDE - 1) / 2
    grid = np.stack(np.meshgrid(np.arange(SIDE), np.arange(SIDE))).reshape(2, -1) - middle
    positions = (matrices @ grid + shifts[:, :, np.newaxis] + middle).reshape(-1, 2, SIDE, SIDE)
    knots = generator.normal(0, augmentation.elastic, (count, 2, GRID, GRID))
    spread = cv2.resize(np.eye(GRID), (GRID, SIDE), interpolation=cv2.INTER_CUBIC)
    positions += spread @ knots @ spread.T
    columns, rows = np.moveaxis(positions.astype(np.float32), 1, 0)
    return columns, rows


def change_thickness(
    images: np.ndarray, generator: np.random.Generator, thickness: float
) -> np.ndarray:
    """Blend each image with a copy whose strokes are one pixel thicker, or thinner, all round.

    Args:
        images: array (n, 28, 28), uint8.
        generator: the source of all chance.
        thickness: 0-1, the largest share of that copy.

    Returns:
        Array (n, 28, 28), uint8.
    """
    # all images in one tall picture, a row of paper after each, so that none reaches into the next
    tall = np.pad(images, ((0, 0), (0, 1), (0, 0))).reshape(-1, SIDE)
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    thicker, thinner = (
        changed.reshape(-1, SIDE + 1, SIDE)[:, :SIDE]
        for changed in (cv2.dilate(tall, cross), cv2.erode(tall, cross))
    )
    share = generator.uniform(-thickness, thickness, (len(images), 1, 1)).astype(np.float32)
    other = np.where(share > 0, thicker, thinner).astype(np.float32)
    return np.rint(images + np.abs(share) * (other - images)).astype(np.uint8)
