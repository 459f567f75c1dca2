"""From strokes to a picture, and what happens to a picture on its way to the reader.

Strokes are drawn with a pen of some width, shape and pressure. `arrived` then does what thresholds,
small cameras and tight crops do: jagged or broken edges, few pixels, a digit cut by the frame.
"""

import cv2
import numpy as np

from digitrec.reading.preparation import centre, fit

FIELD = 112  # pixels a side of a drawing; its strokes take up to 88 of them
MARGIN = 12
FAINT = 64  # of 255; weaker ink is the soft edge of a stroke
LEAST_KEPT = 0.6  # of the ink; with less left, nobody would know the digit
WIDTHS = 3, 16  # pixels of a pen; in the network's image a fourth or fifth of that


def draw(generator: np.random.Generator, strokes: list[np.ndarray]) -> np.ndarray:
    """Draw strokes with a pen of some width and pressure; most pens are thin.

    Args:
        generator: the source of all chance.
        strokes: arrays (n, 2), points (x, y).

    Returns:
        The drawing, array (112, 112), uint8, 0 is paper.
    """
    points = np.concatenate(strokes)
    low, size = points.min(axis=0), np.ptp(points, axis=0).max() + 1e-6
    room = FIELD - 2 * MARGIN
    width = np.exp(generator.uniform(*np.log(WIDTHS)))
    pressure = generator.uniform(0, 0.35)
    flat = generator.uniform(-0.4, 0.4) if generator.random() < 0.25 else 0.0  # a broad nib
    field = np.zeros((FIELD, FIELD), np.uint8)
    for stroke in strokes:
        way = MARGIN + (stroke - low) / size * room
        way += (room - np.ptp(points, axis=0) / size * room) / 2
        draw_stroke(generator, field, way, width, pressure, flat)
    return field


def draw_stroke(
    generator: np.random.Generator,
    field: np.ndarray,
    way: np.ndarray,
    width: float,
    pressure: float,
    flat: float,
) -> None:
    """Draw one stroke.

    Args:
        generator: the source of all chance.
        field: array (h, w), uint8, 0 is paper; it is changed.
        way: array (n, 2), points (x, y) in pixels.
        width: of the pen in pixels.
        pressure: share by which it grows and shrinks on its way.
        flat: of a broad nib, the share by which strokes across are thicker than those down.
    """
    step = np.diff(way, axis=0)
    phase = generator.uniform(0, 2 * np.pi)
    force = 1 + pressure * np.sin(phase + np.linspace(0, generator.uniform(2, 8), len(step)))
    direction = np.arctan2(step[:, 1], step[:, 0])
    thickness = np.rint(width * force * (1 + flat * np.cos(2 * direction))).astype(int)
    ends = np.rint(way * 16).astype(int)
    for start, end, wide in zip(ends[:-1], ends[1:], thickness, strict=True):
        cv2.line(field, start, end, 255, max(2, int(wide)), cv2.LINE_AA, shift=4)


def draw_thin(generator: np.random.Generator, strokes: list[np.ndarray]) -> np.ndarray:
    """Draw strokes straight onto few pixels, with a line of one or two and hard edges."""
    points = np.concatenate(strokes)
    low, size = points.min(axis=0), np.ptp(points, axis=0).max() + 1e-6
    side = int(generator.integers(14, 30))
    field = np.zeros((side + 4, side + 4), np.uint8)
    thickness = 1 if generator.random() < 0.7 or side < 20 else 2
    for stroke in strokes:
        way = np.rint(2 + (stroke - low) / size * (side - 1)).astype(np.int32)
        kind = cv2.LINE_8 if generator.random() < 0.7 else cv2.LINE_AA
        cv2.polylines(field, [way], False, 255, thickness, kind)
    return field


def arrived(generator: np.random.Generator, drawing: np.ndarray) -> np.ndarray:
    """Return a drawing as pictures arrive: four in ten clean, the others worse in some way.

    Args:
        generator: the source of all chance.
        drawing: array (h, w), uint8, 0 is paper.

    Returns:
        Array (h, w), uint8, of another size perhaps.
    """
    ways = (clean, threshold, enlarge, cut, uneven)
    worse = ways[generator.choice(len(ways), p=[0.4, 0.2, 0.15, 0.15, 0.1])](generator, drawing)
    return worse if (worse > FAINT).sum() >= 6 else drawing


def clean(generator: np.random.Generator, drawing: np.ndarray) -> np.ndarray:
    """Return the drawing as it is."""
    return drawing


def threshold(generator: np.random.Generator, drawing: np.ndarray) -> np.ndarray:
    """Return two levels only: the drawing blurred on a rough paper, then cut at some level."""
    side = int(generator.integers(20, 80))
    scale = side / max(drawing.shape)
    small = cv2.resize(drawing, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small.astype(np.float32), None, generator.uniform(0.3, 0.03 * side))
    rough = cv2.GaussianBlur(
        generator.normal(size=small.shape).astype(np.float32), None, generator.uniform(0.4, 2)
    )
    rough *= generator.uniform(0, 45) / (rough.std() + 1e-6)
    level = generator.uniform(0.25, 0.65) * soft.max()
    # rough only where there is something to break or to blur: far specks are taken for dust anyhow
    kept = (soft + rough > level) & (soft > 12)
    if kept.sum() < LEAST_KEPT * (small > FAINT).sum():
        kept = soft > level
    return np.where(kept, 255, 0).astype(np.uint8)


def enlarge(generator: np.random.Generator, drawing: np.ndarray) -> np.ndarray:
    """Return the drawing on so few pixels that it will have to be enlarged."""
    digit = trimmed(drawing)
    height, width = digit.shape
    scale = generator.uniform(7, 16) / max(width, height)
    size = max(2, round(width * scale)), max(2, round(height * scale))
    return np.pad(cv2.resize(digit, size, interpolation=cv2.INTER_AREA), 1)


def cut(generator: np.random.Generator, drawing: np.ndarray) -> np.ndarray:
    """Return the drawing with up to a twelfth of the digit beyond the frame, on one side or two."""
    digit = trimmed(drawing)
    for side in generator.choice(4, generator.integers(1, 3), replace=False):
        turned = np.rot90(digit, side)
        turned = turned[int(generator.uniform(0.02, 0.08) * len(turned)) :]
        digit = np.rot90(turned, -side)
    return np.ascontiguousarray(digit)


def uneven(generator: np.random.Generator, drawing: np.ndarray) -> np.ndarray:
    """Return the drawing with ink that is stronger here and weaker there."""
    knots = generator.uniform(0.15, 1, (3, 3)).astype(np.float32)
    strength = cv2.resize(knots, drawing.shape[::-1], interpolation=cv2.INTER_CUBIC)
    return np.rint(drawing * np.clip(strength, 0.1, 1)).astype(np.uint8)


def trimmed(drawing: np.ndarray) -> np.ndarray:
    """Return the part of a drawing that has ink."""
    left, top, width, height = cv2.boundingRect((drawing > FAINT).astype(np.uint8))
    return drawing[top : top + height, left : left + width]


def prepared(drawing: np.ndarray) -> np.ndarray:
    """Return a drawing as the network sees it, (28, 28), uint8."""
    return centre(fit(trimmed(drawing)))
