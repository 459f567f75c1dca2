"""What paper, light, pen and camera do to an image of a digit before anybody reads it.

`augmentation` changes the digit as another hand would have; this module leaves the hand alone and
spoils the picture. Each function takes images (n, 28, 28), uint8, 0 is paper, and a generator, and
returns changed images; how strongly is drawn anew for each image.
"""

from collections.abc import Callable
from itertools import pairwise

import cv2
import numpy as np

from digitrec.mnist import SIDE

Generator = np.random.Generator


def smooth_fields(count: int, generator: Generator, knots: int) -> np.ndarray:
    """Return smooth random surfaces between -1 and 1, about: array (count, 28, 28), float32."""
    spread = cv2.resize(np.eye(knots), (knots, SIDE), interpolation=cv2.INTER_CUBIC)
    heights = generator.uniform(-1, 1, (count, knots, knots))
    return (spread @ heights @ spread.T).astype(np.float32)


def cut(images: np.ndarray, generator: Generator) -> np.ndarray:
    """Let the frame cut one or two pixels off one side of each digit."""
    changed = images.copy()
    depths, sides = generator.integers(1, 3, len(images)), generator.integers(4, size=len(images))
    for image, depth, side in zip(changed, depths, sides, strict=True):
        left, top, width, height = cv2.boundingRect(image)
        if side < 2:
            start = top if side == 0 else top + height - depth
            image[start : start + depth] = 0
        else:
            start = left if side == 2 else left + width - depth
            image[:, start : start + depth] = 0
    return changed


def fade(images: np.ndarray, generator: Generator) -> np.ndarray:
    """Make ink paler, evenly or here more than there."""
    strength = generator.uniform(0.15, 1, (len(images), 1, 1)).astype(np.float32)
    uneven = generator.uniform(0, 0.6, (len(images), 1, 1)).astype(np.float32)
    field = strength * (1 - uneven * (1 + smooth_fields(len(images), generator, 4)) / 2)
    return (images * np.clip(field, 0.1, 1)).astype(np.uint8)


def soften(images: np.ndarray, generator: Generator) -> np.ndarray:
    """Blur images, in all directions alike or in one more, or enlarge them from fewer pixels."""
    changed = np.empty_like(images)
    coarse = generator.random(len(images)) < 0.35
    across, down = np.exp(generator.uniform(np.log(0.4), np.log(2.2), (2, len(images))))
    down = np.where(generator.random(len(images)) < 0.6, across, down)
    sides, methods = generator.integers(8, 20, len(images)), generator.integers(3, size=len(images))
    for i, image in enumerate(images):
        if coarse[i]:
            small = cv2.resize(image, (int(sides[i]),) * 2, interpolation=cv2.INTER_AREA)
            way = (cv2.INTER_NEAREST, cv2.INTER_LINEAR, cv2.INTER_CUBIC)[methods[i]]
            changed[i] = cv2.resize(small, (SIDE, SIDE), interpolation=way)
        else:
            changed[i] = cv2.GaussianBlur(image, None, across[i], sigmaY=down[i])
    return changed


def threshold(images: np.ndarray, generator: Generator) -> np.ndarray:
    """Leave ink and paper only, with a level that may differ from place to place.

    A level that follows its surroundings hollows thick strokes out, as it does in pictures that
    others have thresholded.
    """
    levels = generator.uniform(30, 190, (len(images), 1, 1)).astype(np.float32)
    levels = levels + generator.uniform(0, 60) * smooth_fields(len(images), generator, 7)
    local = np.flatnonzero(generator.random(len(images)) < 0.3)
    for i in local:
        levels[i] = cv2.blur(images[i], (int(generator.integers(4, 9)),) * 2) + 12
    return np.where(images > levels, 255, 0).astype(np.uint8)


def add_background(images: np.ndarray, generator: Generator) -> np.ndarray:
    """Lay grey paper behind the digit: even, with a gradient, in folds or clouds."""
    count = len(images)
    field = np.zeros(images.shape, np.float32)
    # fine grain on coarse clouds, each of a weight of its own
    for knots, most in ((2, 1.0), (4, 1.0), (8, 0.6), (14, 0.4)):
        weight = generator.uniform(-0.4, 1, (count, 1, 1)).clip(0).astype(np.float32)
        field += most * weight * smooth_fields(count, generator, knots)
    level = generator.uniform(-0.3, 0.8, (count, 1, 1)).astype(np.float32)
    depth = generator.uniform(0, 0.5, (count, 1, 1)).astype(np.float32)
    paper = np.clip(level + depth * field, 0, 0.85)
    # ink covers paper in half of the images, and adds to it in the others
    ink = images / np.float32(255)
    covers = generator.random((count, 1, 1)) < 0.5
    mixed = np.where(covers, np.maximum(paper, ink), paper + ink * (1 - paper))
    return np.rint(255 * mixed).astype(np.uint8)


def add_lines(images: np.ndarray, generator: Generator) -> np.ndarray:
    """Draw lines, arcs and patches of any grey across, in front of the digit or beside it."""
    changed = images.copy()
    for image in changed:
        kind = generator.integers(4)
        points = generator.integers(-4, SIDE + 4, (int(generator.integers(2, 6)), 2))
        grey = int(generator.integers(80, 256))
        if kind == 0:  # separate lines
            for start, end in pairwise(points):
                cv2.line(image, start, end, grey, 1, cv2.LINE_AA)
                if generator.random() < 0.5:
                    break
        elif kind == 1:  # one line with corners
            thickness = 1 if generator.random() < 0.7 else 2
            cv2.polylines(image, [points[:4].astype(np.int32)], False, grey, thickness, cv2.LINE_AA)
        elif kind == 2:  # a small patch, of ink or of paper
            corners = generator.integers(2, SIDE - 2, 2) + generator.integers(-4, 5, (4, 2))
            cv2.fillConvexPoly(image, cv2.convexHull(corners.astype(np.int32)), grey * (grey % 2))
        else:  # what lies along the frame: a table, a shadow, a rule
            depth = int(generator.integers(1, 8))
            beside = np.rot90(image, int(generator.integers(4)))[:, :depth]
            np.copyto(beside, np.where(generator.random() < 0.5, 255 - beside, grey))
    return changed


def add_noise(images: np.ndarray, generator: Generator) -> np.ndarray:
    """Add noise to all pixels or to a part of them, normal or even, weak or strong."""
    noise = generator.standard_normal(images.shape, dtype=np.float32)
    deviation = generator.uniform(8, 110, (len(images), 1, 1)).astype(np.float32)
    sparse = generator.random(len(images)) < 0.4
    if sparse.any():
        share = generator.uniform(0.03, 0.4, (int(sparse.sum()), 1, 1))
        hit = generator.random((int(sparse.sum()), SIDE, SIDE), dtype=np.float32) < share
        noise[sparse] *= 3 * hit
    return np.clip(images + deviation * noise, 0, 255).astype(np.uint8)


DAMAGES: dict[str, Callable[[np.ndarray, Generator], np.ndarray]] = {
    # in the order in which they happen to a picture
    "faint": fade,
    "cut": cut,
    "lines": add_lines,
    "background": add_background,
    "soft": soften,
    "noise": add_noise,
    "binary": threshold,
}


def damage(images: np.ndarray, generator: Generator, shares: dict[str, float]) -> np.ndarray:
    """Return images of which some have met one damage or several.

    Args:
        images: array (n, 28, 28), uint8, 0 is paper.
        generator: the source of all chance.
        shares: 0-1 by name of `DAMAGES`, which share of the images meets each; one that is missing
            or 0 neither happens nor draws from the generator.

    Returns:
        Array (n, 28, 28), uint8.
    """
    for name, change in DAMAGES.items():
        if shares.get(name, 0) > 0:
            chosen = np.flatnonzero(generator.random(len(images)) < shares[name])
            if len(chosen):
                images = images.copy()
                images[chosen] = change(images[chosen], generator)
    return images
