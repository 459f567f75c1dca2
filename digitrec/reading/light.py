"""The brightness of the empty paper under a whole picture, and which side of it the ink is on.

Two facts carry it. Strokes are thin: they disappear when a picture is closed with a small square,
while the spaces between them, and shadows, need a large one. And light multiplies: half the light
halves the paper and the ink alike.
"""

import cv2
import numpy as np

from digitrec.reading.pictures import frame, reduce

EVEN = 4.0  # grey levels by which the frame may vary and still count as one brightness
UNEVEN = 12.0  # what may be left of that when light falls off slowly, as a surface can follow
REDUCED = 384  # pixels; light needs no finer detail, and strokes of a pen still show
AHEAD = 3  # squares, the last 2.7 times as wide as the first: thick strokes beside thin lines
GROWTH = 1.3  # where they find only so many times as much, no stroke is left to be found
HALO = 0.02  # of the other side's energy; less is what a lens or a codec adds beside a stroke
FRAME_WEIGHT = 2.0  # of what the frame says, beside what the widths say
EARLIER = 0.6  # the weight of each wider square beside the one before it
DEEPEST_SHADOW = 0.25  # of the light on the paper; darker places are the table, not paper


def contrast_with_paper(grey: np.ndarray) -> np.ndarray:
    """Return how much each pixel differs from the empty paper on the side of the ink.

    An even frame means even light: the paper then has one brightness. Otherwise a curved surface
    (a polynomial of second degree) is laid through frame and paper, which follows dark corners of
    a lens. What is still uneven has a hard edge: there strokes are filled with the paper around
    them, and the light is divided out.

    Args:
        grey: array (h, w), uint8 0-255.

    Returns:
        Array (h, w), float32, -255 to 255: positive where there is ink, dark or light; what
        differs from the paper to the other side is negative.
    """
    small = reduce(grey, 64).astype(np.float32)
    on_frame = np.zeros(small.shape, bool)
    on_frame[[0, -1]] = on_frame[:, [0, -1]] = True
    paper = np.full_like(small, np.median(small[on_frame]))
    if spread(small[on_frame]) > EVEN and min(small.shape) >= 16:
        paper = fit_surface(small, on_frame)
        if spread((small - paper)[on_frame]) > UNEVEN and min(small.shape) >= 32:
            return without_light(grey)
    size = grey.shape[1], grey.shape[0]
    contrast = cv2.subtract(
        cv2.resize(paper, size, interpolation=cv2.INTER_LINEAR), grey, dtype=cv2.CV_32F
    )
    few = reduce(contrast, 512)
    return -contrast if energy(np.maximum(-few, 0)) > energy(np.maximum(few, 0)) else contrast


def fit_surface(grey: np.ndarray, on_frame: np.ndarray) -> np.ndarray:
    """Lay a polynomial of second degree through the paper, starting at the frame.

    Args:
        grey: array (h, w), float32.
        on_frame: array (h, w), bool: pixels that are most likely paper.

    Returns:
        Array (h, w), float32: the brightness of the empty paper.

    Source: iteratively reweighted least squares with bisquare weights, A. E. Beaton, J. W. Tukey,
    "The fitting of power series", Technometrics 16, 1974.
    """
    rows, columns = np.mgrid[-1 : 1 : grey.shape[0] * 1j, -1 : 1 : grey.shape[1] * 1j]
    y, x, values = rows.ravel(), columns.ravel(), grey.ravel()
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=1)
    known = on_frame.ravel().astype(float)
    weights = known
    for turn in range(8):
        weighted = terms.T * weights  # the normal equations: 6x6, where all pixels would be slow
        coefficients, *_ = np.linalg.lstsq(weighted @ terms, weighted @ values, rcond=None)
        residual = np.abs(values - terms @ coefficients)
        scale = max(2.0, 4.685 * 1.4826 * float(np.median(residual[known > 0])))
        weights = np.clip(1 - (residual / scale) ** 2, 0, None) ** 2
        if turn < 3:
            weights = weights * known  # the inside joins once the frame is settled
        if weights.sum() < len(coefficients):
            break
    return (terms @ coefficients).reshape(grey.shape).astype(np.float32)


def without_light(grey: np.ndarray) -> np.ndarray:
    """Divide the light out of a picture whose light or surroundings are uneven.

    Args:
        grey: array (h, w), uint8 0-255.

    Returns:
        Array (h, w), float32, as `contrast_with_paper` gives it.
    """
    small = reduce(grey, REDUCED)
    sides, dark, light = pattern_spectra(small)
    if is_light(dark, light, brightness_evidence(small, sides, dark, light)):
        grey, small, dark = 255 - grey, 255 - small, light
    side = widest_stroke(sides, dark)
    calm = cv2.medianBlur(small, 3)
    paper = smoothed(calm, cv2.MORPH_CLOSE, side)
    # at the edge of a shadow the larger picture is sharper; too dark a paper costs nothing there
    paper = cv2.erode(paper, np.ones((3, 3), np.uint8)).astype(np.float32)
    paper -= np.float32(np.median(paper - small))  # closing follows the brightest grain
    level = max(1.0, float(np.median(paper)))
    paper = np.maximum(paper, DEEPEST_SHADOW * level)
    size = grey.shape[1], grey.shape[0]
    gain = cv2.resize(level / paper, size, interpolation=cv2.INTER_LINEAR)
    return level - gain * grey


def pattern_spectra(grey: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Measure how much of a picture's dark and light detail is narrower than each of some squares.

    Args:
        grey: array (h, w), uint8 0-255.

    Returns:
        The sides of the squares in pixels, array (n,); and the energy that closing (dark detail)
        and opening (light detail) with each takes away, arrays (n,), float.

    Source: P. Maragos, "Pattern spectrum and multiscale shape representation", IEEE Transactions
    on Pattern Analysis and Machine Intelligence 11, 1989.
    """
    sides = [3]
    while sides[-1] < min(grey.shape) // 3:
        sides.append(round(1.4 * sides[-1]) | 1)
    energies = []
    for side in sides:
        closed, opened = smoothed(grey, cv2.MORPH_CLOSE, side), smoothed(grey, cv2.MORPH_OPEN, side)
        energies.append((cv2.norm(closed, grey, cv2.NORM_L2SQR),
                         cv2.norm(grey, opened, cv2.NORM_L2SQR)))  # fmt: skip
    dark, light = np.maximum(np.array(energies, float).T, 1e-6)
    return np.array(sides), dark, light


def smoothed(grey: np.ndarray, operation: int, side: int) -> np.ndarray:
    """Close or open a picture with a square; a shadow or a desk goes on beyond the frame."""
    wide = cv2.copyMakeBorder(grey, side, side, side, side, cv2.BORDER_REPLICATE)
    wide = cv2.morphologyEx(wide, operation, np.ones((side, side), np.uint8))
    return wide[side:-side, side:-side]


def is_light(dark: np.ndarray, light: np.ndarray, evidence: float) -> bool:
    """Tell from the pattern spectra whether the ink is lighter than the paper.

    Ink is the thinner detail. Squares that grow fill the strokes first and the spaces between
    them later, so the side that leads while the first of the two is being filled is the ink.
    """
    full = max(min(dark[-1], light[-1]), HALO * max(dark[-1], light[-1]))
    most = np.maximum(dark, light)
    begun, filled = int(np.argmax(most >= 0.05 * full)), int(np.argmax(most >= 0.8 * full))
    lead = np.log(dark / light)[begun : filled + 1]
    return float((lead * EARLIER ** np.arange(len(lead))).sum()) + evidence < 0


def brightness_evidence(
    grey: np.ndarray, sides: np.ndarray, dark: np.ndarray, light: np.ndarray
) -> float:
    """Return what brightness says for dark ink (positive) or for light ink (negative).

    Bright paper has dark ink. And the frame shows paper: detail as bright as the frame is the
    inside of a loop, detail that is darker or brighter than all of the frame is ink.

    Args:
        grey: array (h, w), uint8 0-255.
        sides: array (n,), from `pattern_spectra`.
        dark: array (n,), likewise.
        light: array (n,), likewise.

    Returns:
        The evidence, -3 to 3.
    """
    low, high = np.percentile(frame(grey), [2, 98])
    closed = smoothed(grey, cv2.MORPH_CLOSE, int(sides[complete(dark)]))
    opened = smoothed(grey, cv2.MORPH_OPEN, int(sides[complete(light)]))
    below, above = cv2.subtract(closed, grey), cv2.subtract(grey, opened)
    strokes = grey[below >= max(1, below.max() // 2)]
    gaps = grey[above >= max(1, above.max() // 2)]
    darker = float((strokes < low - EVEN).mean()) if len(strokes) else 0.0
    brighter = float((gaps > high + EVEN).mean()) if len(gaps) else 0.0
    return (float(np.median(grey)) - 128) / 128 + FRAME_WEIGHT * (darker - brighter)


def complete(energy: np.ndarray) -> int:
    """Return at which of the squares no wider stroke is left to be found."""
    growth = energy[AHEAD:] / energy[:-AHEAD] if len(energy) > AHEAD else energy[-1:] / energy[:1]
    done = growth < GROWTH
    return int(np.argmax(done)) if done.any() else int(np.argmin(growth))


def widest_stroke(sides: np.ndarray, energy: np.ndarray) -> int:
    """Return the side of a square that fills every stroke, and as little as can be besides."""
    return int(sides[min(complete(energy) + 2, len(sides) - 1)])


def spread(values: np.ndarray) -> float:
    """Return the distance between the first and the ninth tenth of some values."""
    low, high = np.percentile(values, [10, 90])
    return float(high - low)


def energy(contrast: np.ndarray) -> float:
    """Return how much stands out; few strong pixels count for more than many weak ones."""
    return float(np.mean(contrast.astype(np.float64) ** 4))
