"""Handwriting for pages made by a program: digits as distances to strokes, and where they lie.

A digit of 28x28 pixels becomes two smooth fields, the distance to the edge of its strokes and to
their middle. Both can be enlarged to any size and cut at any pen width, and stay crisp.
"""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from other_hands import load_glyphs
from synthetic_knobs import Knobs

import digitrec
from digitrec.mnist import Digits

FIELD = 72  # pixels of a digit's longer side in its fields
BORDER = 14  # pixels around it
SMOOTH = 1.5  # deviation of the blur that takes the steps off a thinned line
FONTS = 0.3  # share of the pages written in a font's hand
DIGIT_WIDTH = 0.7  # of its height, on average


@dataclass(frozen=True, eq=False)
class Hands:
    """Digits to write with.

    Attributes:
        written: handwriting of MNIST.
        fonts: array (fonts, 10, h, w), uint8, the digits of handwriting fonts, 0 is paper.
    """

    written: Digits
    fonts: np.ndarray


@dataclass(frozen=True, eq=False)
class Strokes:
    """One digit, its longer side 1.

    Attributes:
        fields: array (h, w, 2), float32: how deep a place is inside the ink (below 0: how far
            outside), and how far from the strokes' middle.
        width: of the strokes.
        box: width and height of the digit, the longer one 1.
    """

    fields: np.ndarray
    width: float
    box: tuple[float, float]


@dataclass(frozen=True, eq=False)
class Place:
    """A digit on the sheet: which, where its middle is, how large, and turned by which angle."""

    digit: int
    strokes: Strokes
    x: float
    y: float
    size: float
    angle: float = 0.0


@lru_cache
def load_hands(held_out: bool = False) -> Hands:
    """Return the handwriting to choose with, or, held out, MNIST's validation set and other fonts.

    MNIST's test set is in neither.
    """
    mnist = digitrec.load_mnist()
    glyphs = load_glyphs("test" if held_out else "train")
    fonts = np.stack([glyphs[str(digit)] for digit in range(10)], axis=1)
    return Hands(mnist.validation if held_out else mnist.train, fonts)


def trace(ink: np.ndarray) -> Strokes:
    """Return the strokes of a digit.

    Args:
        ink: array (h, w), uint8, 0 is paper; the digit about 20 to 50 pixels high.
    """
    left, top, width, height = cv2.boundingRect((ink > 60).astype(np.uint8))
    scale = FIELD / max(width, height)
    digit = ink[top : top + height, left : left + width]
    size = max(3, round(width * scale)), max(3, round(height * scale))
    large = cv2.resize(digit, size, interpolation=cv2.INTER_CUBIC)
    large = cv2.copyMakeBorder(large, *[BORDER] * 4, cv2.BORDER_CONSTANT)
    inside = (cv2.GaussianBlur(large, (0, 0), scale / 3) > 110).astype(np.uint8)
    depth = cv2.distanceTransform(inside, cv2.DIST_L2, 5)
    edge = depth - cv2.distanceTransform(1 - inside, cv2.DIST_L2, 5)
    spine = cv2.distanceTransform(1 - thin(inside), cv2.DIST_L2, 5)
    smooth = cv2.GaussianBlur(spine, (0, 0), SMOOTH)
    # a blurred |x| is about the root of x**2 + 2 / pi * deviation**2: undone, the spine stays at 0
    spine = np.sqrt(np.maximum(smooth**2 - 2 / np.pi * SMOOTH**2, 0))
    fields = np.dstack([cv2.GaussianBlur(edge, (0, 0), 1), spine])
    # across a stroke of width w the mean depth is w / 4
    stroke = 4 * float(depth[inside > 0].mean()) if inside.any() else 1.0
    return Strokes(fields / FIELD, stroke / FIELD, (size[0] / FIELD, size[1] / FIELD))


def thin(inside: np.ndarray) -> np.ndarray:
    """Return the middle lines of strokes, one pixel wide.

    Args:
        inside: array (h, w), uint8, 1 is ink; the border is paper.

    Source: T. Y. Zhang, C. Y. Suen, "A fast parallel algorithm for thinning digital patterns",
    1984.
    """
    while True:
        before = inside
        for table in thinning_tables():
            code = cv2.filter2D(inside, -1, NEIGHBOURS, borderType=cv2.BORDER_CONSTANT)
            inside = inside & cv2.LUT(code, table)
        if np.array_equal(inside, before):
            return inside


# bits of the eight neighbours, from the upper one clockwise
NEIGHBOURS = np.array([[128, 1, 2], [64, 0, 4], [32, 16, 8]], np.float32)


@lru_cache
def thinning_tables() -> tuple[np.ndarray, np.ndarray]:
    """Return for both half steps which neighbourhoods keep their middle, each (256,), uint8."""
    bits = (np.arange(256)[:, np.newaxis] >> np.arange(8)) & 1
    up, right, down, left = bits[:, ::2].T
    count = bits.sum(axis=1)
    rises = ((bits == 0) & (np.roll(bits, -1, axis=1) == 1)).sum(axis=1)
    thinnable = (count >= 2) & (count <= 6) & (rises == 1)
    first = thinnable & (up * right * down == 0) & (right * down * left == 0)
    second = thinnable & (up * right * left == 0) & (up * down * left == 0)
    return (~first).astype(np.uint8), (~second).astype(np.uint8)


def draw_strokes(place: Place, pen_width: float) -> tuple[int, int, np.ndarray]:
    """Draw one digit.

    Args:
        place: where it lies, in pixels.
        pen_width: in pixels.

    Returns:
        Left and top of a patch in pixels, and how much of each of its pixels is ink, 0-1.
    """
    strokes, scale = place.strokes, FIELD / place.size
    high, wide = (np.array(strokes.fields.shape[:2]) * 1.2 / scale).astype(int) + 2
    left, top = int(place.x - wide / 2), int(place.y - high / 2)
    turned = cv2.getRotationMatrix2D((0, 0), place.angle, scale)
    middle = np.array(strokes.fields.shape[1::-1]) / 2 - 0.5
    turned[:, 2] = middle - turned[:, :2] @ [place.x - left, place.y - top]
    options = {"borderMode": cv2.BORDER_REPLICATE, "flags": cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP}
    fields = cv2.warpAffine(strokes.fields, turned, (wide, high), **options) * place.size
    edge, spine = fields[..., 0] + (pen_width - strokes.width * place.size) / 2, fields[..., 1]
    # thin pens leave nothing of some strokes' inside, there their middle lines remain, and blots
    # where strokes meet, which no thin pen makes
    inside = np.maximum(np.minimum(edge, 0.85 * pen_width - spine), pen_width / 2 - spine)
    return left, top, np.clip(inside + 0.5, 0, 1)


def write_rows(generator: np.random.Generator, hands: Hands, knobs: Knobs) -> list[list[Place]]:
    """Write rows of digits, of height 1 about, anywhere in the plane."""
    font = generator.integers(len(hands.fonts)) if generator.random() < FONTS else None
    pitch, slant = generator.uniform(0.3, 0.9), np.radians(knobs.slope)
    spread = knobs.size_spread ** generator.uniform(-0.5, 0.5, (knobs.rows, 2))
    lengths = np.full(knobs.rows, knobs.columns)
    if knobs.rows > 2 and generator.random() < 0.5:
        lengths[-1] = generator.integers(1, knobs.columns + 1)
    rows, y = [], 0.0
    for row, length in enumerate(lengths):
        places, x = [], 0.0
        for _ in range(length):
            digit = int(generator.integers(10))
            strokes = trace(pick(generator, hands, digit, font))
            size = (
                spread[row, 0]
                if knobs.rows > 1
                else knobs.size_spread ** generator.uniform(-0.5, 0.5)
            )
            size *= generator.uniform(0.93, 1.07)
            dx, dy = knobs.jitter * generator.normal(size=2).clip(-2, 2) * size
            wide = size * strokes.box[0]
            angle = float(generator.normal(0, 2))
            places.append(Place(digit, strokes, x + wide / 2, y + dy, size, angle))
            x += wide + max(knobs.gap * size + 0.5 * dx, -0.2 * size)
            if knobs.gap > 0.1 and generator.random() < 0.06:
                x += generator.uniform(0.5, 1.5) * size  # numbers in groups
        rows.append(places)
        below = spread[row + 1, 0] if row + 1 < knobs.rows else 0
        y += (spread[row, 0] + below) * (0.5 + pitch / 2)
    if knobs.scattered and rows:
        rows = scatter(generator, rows)
    cos, sin = np.cos(slant), np.sin(slant)
    return [
        [
            Place(p.digit, p.strokes, cos * p.x - sin * p.y, sin * p.x + cos * p.y, p.size, p.angle)
            for p in places
        ]
        for places in rows
    ]


def pick(generator: np.random.Generator, hands: Hands, digit: int, font: int | None) -> np.ndarray:
    """Return the ink of a digit in a font's hand, or in somebody's."""
    if font is not None:
        return hands.fonts[font, digit]
    written = hands.written
    while True:  # quicker than to sort all of MNIST by digit
        index = generator.integers(len(written))
        if written.labels[index] == digit:
            return written.images[index]


def scatter(generator: np.random.Generator, rows: list[list[Place]]) -> list[list[Place]]:
    """Return the digits anywhere, each in a cell of its own of a coarse grid."""
    places = [place for row in rows for place in row]
    across = int(np.ceil(np.sqrt(len(places) * 1.6)))
    cell = 1.9 * max(place.size for place in places)
    down = len(places) // across + 2
    cells = generator.permutation(across * down)[: len(places)]
    corner = np.stack([cells % across, cells // across], axis=1)
    middle = (corner + generator.uniform(-0.22, 0.22, corner.shape)) * cell
    return [
        [Place(p.digit, p.strokes, *m, p.size, float(generator.uniform(-15, 15)))]
        for p, m in zip(places, middle.tolist(), strict=True)
    ]


def fit_rows(
    generator: np.random.Generator, rows: list[list[Place]], size: tuple[int, int], knobs: Knobs
) -> list[list[Place]]:
    """Return rows enlarged to fill their share of a sheet of some width and height in pixels."""
    places = [place for row in rows for place in row]
    if not places:
        return []
    middle = np.array([(p.x, p.y) for p in places])
    half = np.array([np.multiply(p.strokes.box, p.size / 2) for p in places])
    gap = knobs.frame_gap * float(np.median([p.size for p in places]))
    low, high = (middle - half).min(axis=0) - gap, (middle + half).max(axis=0) + gap
    scale = float((np.array(size) / (high - low)).min()) * min(knobs.fill, 1.0)
    # people write rather in the middle of what they photograph
    corner = (np.array(size) - (high - low) * scale) * generator.beta(1.8, 1.8, 2) - low * scale
    return [
        [
            Place(
                p.digit,
                p.strokes,
                *(corner + scale * np.array([p.x, p.y])),
                p.size * scale,
                p.angle,
            )
            for p in row
        ]
        for row in rows
    ]
