"""Pictures drawn by chance: strokes, print, stripes, noise and digits on top of each other."""

from collections.abc import Callable

import cv2
import numpy as np

import digitrec

Random = np.random.Generator
SIDES = (1, 2, 5, 17, 28, 28, 60, 60, 128, 128, 200, 300, 500, 2048)
FONTS = (cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_COMPLEX, cv2.FONT_HERSHEY_SCRIPT_SIMPLEX)


def between(rng: Random, low: float, high: float) -> float:
    """Return a number as often between 1 and 2 as between 100 and 200."""
    return float(np.exp(rng.uniform(np.log(low), np.log(max(low, high)))))


def strokes(rng: Random, page: np.ndarray, ink: int) -> None:
    """Draw lines of about one length, in one direction or in all."""
    high, wide = page.shape
    count, length = int(between(rng, 1, 3000)), between(rng, 1, 1 + max(page.shape))
    spread, way, pen = rng.choice([0.05, 3.2]), rng.uniform(0, np.pi), int(between(rng, 1, 12))
    for x, y in rng.integers(0, (wide, high), (count, 2)):
        angle, long = way + rng.uniform(-spread, spread), length * rng.uniform(0.5, 1.5)
        end = int(x + long * np.cos(angle)), int(y + long * np.sin(angle))
        cv2.line(page, (int(x), int(y)), end, ink, pen)


def rings(rng: Random, page: np.ndarray, ink: int) -> None:
    """Draw ellipses, filled or not, in rows or inside each other."""
    high, wide = page.shape
    count, size = int(between(rng, 1, 800)), between(rng, 2, max(page.shape))
    pen = rng.integers(-1, 7)
    nested = rng.random() < 0.5
    for number, (x, y) in enumerate(rng.integers(0, (wide, high), (count, 2))):
        share = (number + 1) / count if nested else rng.uniform(0.7, 1.3)
        middle = (wide // 2, high // 2) if nested else (int(x), int(y))
        axes = max(1, int(size * share / 2)), max(1, int(size * share * 0.7))
        cv2.ellipse(page, middle, axes, 0, 0, int(rng.choice([360, 300])), ink, int(pen) or 1)


def text(rng: Random, page: np.ndarray, ink: int) -> None:
    """Print lines of random letters."""
    high, wide = page.shape
    scale, font = between(rng, 0.2, 6), FONTS[int(rng.integers(len(FONTS)))]
    step = max(4, int(scale * rng.uniform(20, 50)))
    for y in range(step, high + step, step):
        letters = bytes(rng.integers(32, 127, min(200, 2 + int(wide / (10 * scale))))).decode()
        cv2.putText(page, letters, (5, y), font, scale, ink, max(1, round(2 * scale)))


def stripes(rng: Random, page: np.ndarray, ink: int) -> None:
    """Fill a part with stripes, squares or a grid, at any angle."""
    rows, columns = np.indices(page.shape, np.float32)
    angle, step, share = rng.uniform(0, np.pi), between(rng, 2, 200), rng.uniform(0.1, 0.7)
    one = (rows * np.sin(angle) + columns * np.cos(angle)) % step < share * step
    two = (columns * np.sin(angle) - rows * np.cos(angle)) % step < share * step
    mask = (one, one ^ two, one | two, one & two)[int(rng.integers(4))]
    page[mask] = ink


def noise(rng: Random, page: np.ndarray, ink: int) -> None:
    """Put grain on the page, fine or coarse, weak or as blots."""
    grain = rng.normal(size=page.shape).astype(np.float32)
    blur = between(rng, 0.3, 30)
    grain = cv2.GaussianBlur(grain, None, blur)
    if rng.random() < 0.5:
        page[grain > np.quantile(grain, 1 - between(rng, 0.001, 0.6))] = ink
    else:
        strength = between(rng, 1, 120) / max(1e-6, float(grain.std()))
        page[:] = np.clip(page + strength * grain, 0, 255)


def digits(rng: Random, page: np.ndarray, ink: int) -> None:
    """Write digits in rows."""
    images = digitrec.load_mnist().validation.images
    side = int(between(rng, 6, 300))
    step = max(3, int(side * rng.uniform(0.5, 1.3)))
    for y in range(0, page.shape[0] - side, step):
        for x in range(0, page.shape[1] - side, step):
            image = cv2.resize(images[int(rng.integers(len(images)))], (side, side))
            part = page[y : y + side, x : x + side]
            part[image > 127] = ink


def light(rng: Random, page: np.ndarray, ink: int) -> None:
    """Let the light fall off, or lay a shadow over a part."""
    rows, columns = np.indices(page.shape, np.float32) / np.float32(max(page.shape))
    slope = rng.uniform(-0.7, 0.7, 2)
    fall = 1 - np.abs(slope[0] * rows + slope[1] * columns)
    if rng.random() < 0.5:
        fall = np.where(fall < np.median(fall), rng.uniform(0.2, 0.8), 1)
    page[:] = page * fall


DRAWINGS: tuple[Callable[[Random, np.ndarray, int], None], ...] = (
    strokes, rings, text, stripes, noise, digits, light,
)  # fmt: skip


def random_picture(rng: Random) -> np.ndarray:
    """Return a picture of one to four drawings on top of each other, grey or in colours."""
    size = [int(side) for side in rng.choice(SIDES, 2)]
    page = np.full(size, int(rng.choice([0, 40, 200, 235, 255])), np.uint8)
    for _ in range(int(rng.integers(1, 5))):
        DRAWINGS[int(rng.integers(len(DRAWINGS)))](
            rng, page, int(rng.choice([0, 30, 120, 200, 255]))
        )
    if rng.random() < 0.5 and min(size) > 40:  # so that nothing runs along the frame
        page[:9], page[-9:], page[:, :9], page[:, -9:] = (int(page[0, 0]),) * 4
    if rng.random() < 0.2:
        return np.dstack([page, np.roll(page, 2, axis=1), 255 - page])
    return page
