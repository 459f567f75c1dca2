"""Separating ink from paper, whatever the light, the colours and the pen.

Two facts carry it. The frame of a picture shows paper. And light falls off slowly across a sheet,
while ink begins and ends within a few pixels.
"""

import cv2
import numpy as np

from digitrec.reading.light import contrast_with_paper
from digitrec.reading.pictures import reduce

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
    beyond = few[few <= 0.5]  # lighter than the paper: that is its grain, or uneven light
    fine = np.abs(few - cv2.blur(few, (9, 9)))  # that is grain, or strokes all over
    grain = 1.4826 * min(
        max(0.0, -float(np.median(beyond))) if len(beyond) else 0.0, float(np.median(fine))
    )
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
