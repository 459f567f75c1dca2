"""Separating ink from paper, whatever the light, the colours and the pen.

Two facts carry it. The frame of a picture shows paper. And light falls off slowly across a sheet,
while ink begins and ends within a few pixels.
"""

import cv2
import numpy as np

from digitrec.reading.pictures import reduce

EVEN = 4.0  # grey levels by which the frame may vary and still count as one brightness
UNEVEN = 12.0  # what may be left of that when light falls off slowly, as a surface can follow
LEAST_CONTRAST = 8.0  # grey levels between paper and ink, below which a picture is blank
FAINT_CONTRAST = 16.0  # below this there is ink, but too little to rely on
NOISE_LEVELS = 5.0  # ink differs by more than so many standard deviations of the paper's grain
COLOUR_GAIN = 1.5  # how much clearer a colour has to show the ink to be used in place of grey


def choose_grey(picture: np.ndarray) -> np.ndarray:
    """Return the brightness of a picture, or the one colour in which its ink shows far better.

    Args:
        picture: array (h, w, 3), uint8 0-255, RGB.

    Returns:
        Array (h, w), uint8 0-255. Red ink on green paper can be equally bright; then the red or
        the green channel alone tells them apart.
    """
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    small = reduce(picture, 128)
    colours = [np.ascontiguousarray(small[:, :, channel]) for channel in range(3)]
    if all(np.array_equal(colours[0], other) for other in colours[1:]):
        return grey
    clarity = [np.abs(contrast_with_paper(channel)).max() for channel in colours]
    best = int(np.argmax(clarity))
    brightness = np.abs(contrast_with_paper(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY))).max()
    if clarity[best] > COLOUR_GAIN * max(brightness, LEAST_CONTRAST):
        return np.ascontiguousarray(picture[:, :, best])
    return grey


def contrast_with_paper(grey: np.ndarray) -> np.ndarray:
    """Return how much darker than the empty paper each pixel is; lighter ones are negative.

    An even frame means even light: the paper then has one brightness. Otherwise a curved surface
    (a polynomial of second degree) is laid through frame and paper, which follows shadows from a
    hand and dark corners of a lens. What is still uneven has a hard edge: there the paper's
    brightness is that of its surroundings, wider than any stroke.

    Args:
        grey: array (h, w), uint8 0-255.

    Returns:
        Array (h, w), float32, -255 to 255.
    """
    small = reduce(grey, 64).astype(np.float32)
    on_frame = np.zeros(small.shape, bool)
    on_frame[[0, -1]] = on_frame[:, [0, -1]] = True
    paper = np.full_like(small, np.median(small[on_frame]))
    if spread(small[on_frame]) > EVEN and min(small.shape) >= 16:
        paper = fit_surface(small, on_frame)
        if spread((small - paper)[on_frame]) > UNEVEN and min(small.shape) >= 32:
            return surroundings(grey) - grey
    size = grey.shape[1], grey.shape[0]
    return cv2.resize(paper, size, interpolation=cv2.INTER_LINEAR) - grey


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
        root = np.sqrt(weights)[:, np.newaxis]
        coefficients, *_ = np.linalg.lstsq(terms * root, values * root[:, 0], rcond=None)
        residual = np.abs(values - terms @ coefficients)
        scale = max(2.0, 4.685 * 1.4826 * float(np.median(residual[known > 0])))
        weights = np.clip(1 - (residual / scale) ** 2, 0, None) ** 2
        if turn < 3:
            weights = weights * known  # the inside joins once the frame is settled
        if weights.sum() < len(coefficients):
            break
    return (terms @ coefficients).reshape(grey.shape).astype(np.float32)


def surroundings(grey: np.ndarray) -> np.ndarray:
    """Return the brightness of the paper around each pixel, with all strokes filled.

    Closing fills dark strokes and leaves straight edges of shadows where they are; opening does the
    same for light strokes. A dark digit also has light inside, in its loops and bays, so light
    counts as the ink only where it reaches much further out: hard shadows are seen on paper, which
    is rarely black.

    Args:
        grey: array (h, w), uint8 0-255.

    Returns:
        Array (h, w), float32 0-255.
    """
    side = max(grey.shape) // 6 | 1
    kernel = np.ones((side, side), np.uint8)
    calm = cv2.medianBlur(grey, 5)
    without_dark = cv2.morphologyEx(calm, cv2.MORPH_CLOSE, kernel)
    without_light = cv2.morphologyEx(calm, cv2.MORPH_OPEN, kernel)
    dark, light = without_dark - calm, calm - without_light
    strong = 0.5 * max(dark.max(), light.max())
    if 4 * extent(dark > strong) >= extent(light > strong):
        return without_dark - np.float32(np.median(dark))
    return without_light + np.float32(np.median(light))


def extent(mask: np.ndarray) -> int:
    """Return the area of the largest box around a connected piece."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    return int((stats[1:, cv2.CC_STAT_WIDTH] * stats[1:, cv2.CC_STAT_HEIGHT]).max(initial=0))


def separate_ink(contrast: np.ndarray) -> tuple[np.ndarray, float]:
    """Turn contrast into ink: 0 where the paper is, 255 where the pen was.

    Ink is on the side, darker or lighter than the paper, that differs more from it.

    Args:
        contrast: array (h, w), float32, from `contrast_with_paper`.

    Returns:
        The ink, array (h, w), uint8, all 0 when nothing stands out from the paper's grain; and
        how far the ink differs from the paper, in grey levels.
    """
    few = reduce(contrast, 512)
    if energy(np.maximum(-few, 0)) > energy(np.maximum(few, 0)):
        contrast, few = -contrast, -few
    beyond = few[few < 0]  # paper lighter than the paper: that is its grain, and no ink
    grain = 1.4826 * float(np.median(-beyond)) if len(beyond) else 0.0
    least = max(LEAST_CONTRAST, NOISE_LEVELS * grain)
    strong = few[few > least]
    if len(strong) == 0:
        return np.zeros(contrast.shape, np.uint8), 0.0
    shades = np.clip(strong, 0, 255).astype(np.uint8)
    threshold, _ = cv2.threshold(shades, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    full = float(np.percentile(strong[strong >= threshold], 75))
    floor = max(full / 10, min(3 * grain, full / 3))  # fainter is the paper's own texture
    ink = np.clip(contrast * (255 / full), 0, 255)
    ink[contrast < floor] = 0
    return np.rint(ink).astype(np.uint8), full


def spread(values: np.ndarray) -> float:
    """Return the distance between the first and the ninth tenth of some values."""
    low, high = np.percentile(values, [10, 90])
    return float(high - low)


def energy(contrast: np.ndarray) -> float:
    """Return how much stands out; few strong pixels count for more than many weak ones."""
    return float(np.mean(contrast.astype(np.float64) ** 4))
