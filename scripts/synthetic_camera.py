"""Where a camera sees a sheet of paper, and the picture it takes, for pages made by a program."""

import cv2
import numpy as np
from synthetic_knobs import Knobs


def final_size(knobs: Knobs) -> tuple[int, int]:
    """Return width and height of the picture in pixels."""
    long = knobs.size
    wide, high = (long, long * knobs.aspect) if knobs.aspect <= 1 else (long / knobs.aspect, long)
    return max(16, round(wide)), max(16, round(high))


def sheet_corners(
    generator: np.random.Generator, size: tuple[int, int], side: int, knobs: Knobs
) -> np.ndarray:
    """Return the sheet's corners in the picture, clockwise from the upper left, (4, 2)."""
    room = np.array([[0, 0], size], float)  # where the writing may lie
    inset = knobs.margin * np.array(size)
    if knobs.surroundings in ("desk", "wood"):
        room += [inset, -inset]
    elif knobs.surroundings != "none":
        far, axis = divmod(side, 2)
        room[far, axis] += (1 - 2 * far) * inset[axis]
    half = (room[1] - room[0]) / 2
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half
    tilted = generator.integers(4)  # which side is farther away
    corners[[tilted, (tilted + 1) % 4]] *= 1 - np.array(
        [knobs.perspective, knobs.perspective * 0.4][:: 1 if tilted % 2 == 0 else -1]
    )
    turn = np.radians(knobs.turn)
    corners = corners @ [[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]
    low, high = corners.min(axis=0), corners.max(axis=0)
    scale = ((room[1] - room[0]) / (high - low)).min()
    rest = (room[1] - room[0]) - (high - low) * scale
    return room[0] + (corners - low) * scale + rest * generator.uniform(0, 1, 2)


def sheet_places(
    corners: np.ndarray, sheet: tuple[int, int], shape: tuple[int, int], knobs: Knobs
) -> tuple[np.ndarray, np.ndarray]:
    """Return where on the sheet each pixel of the picture lies, two arrays (h, w), float32."""
    wide, high = sheet
    flat = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), flat).astype(np.float32)
    y, x = (
        np.arange(shape[0], dtype=np.float32)[:, np.newaxis],
        np.arange(shape[1], dtype=np.float32),
    )
    u, v, depth = (row[0] * x + row[1] * y + row[2] for row in matrix)
    u, v = u / depth, v / depth
    if knobs.bend:
        v = v + knobs.bend * high * np.sin(np.pi * np.clip(u / wide, 0, 1))
    return u, v


def photograph(
    generator: np.random.Generator,
    scene: np.ndarray,
    final: tuple[int, int],
    tall: float,
    knobs: Knobs,
) -> np.ndarray:
    """Return the picture that a camera takes of a scene, (h, w, 3), uint8.

    Args:
        generator: the source of all chance.
        scene: array (h, w, 3), float32, 1 is white.
        final: width and height of the picture in pixels.
        tall: height of a digit in pixels of the scene.
        knobs: how the page looks.
    """
    if knobs.defocus:
        scene = cv2.GaussianBlur(scene, (0, 0), max(0.3, knobs.defocus * tall))
    if knobs.motion:
        scene = cv2.filter2D(scene, -1, shake(generator, knobs.motion * tall))
    if final[0] < scene.shape[1]:
        scene = cv2.resize(scene, final, interpolation=cv2.INTER_AREA)
    scene *= 255
    if knobs.noise:
        scene += knobs.noise * sensor_noise(generator, scene.shape[:2])
    picture = np.clip(scene, 0, 255, out=scene).astype(np.uint8)
    picture = cv2.resize(picture, final, interpolation=cv2.INTER_CUBIC)
    if knobs.device == "binary":
        grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
        picture = np.repeat(
            np.where(grey > 140, 255, 0)[..., np.newaxis].astype(np.uint8), 3, axis=2
        )
    if knobs.device in ("screen", "binary"):
        return picture
    options = [cv2.IMWRITE_JPEG_QUALITY, round(knobs.quality)]
    _, coded = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), options)
    return cv2.imdecode(coded, cv2.IMREAD_COLOR_RGB)


def sensor_noise(generator: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    """Return noise of deviation 1 about, (h, w, 3), float32, its colour coarser than its grey."""
    half = (-(-shape[0] // 2), -(-shape[1] // 2), 3)
    noise = cv2.resize(generator.standard_normal(half, np.float32), shape[::-1]) * 0.8
    noise += 0.85 * generator.standard_normal((*shape, 1), np.float32)
    return noise


def shake(generator: np.random.Generator, length: float) -> np.ndarray:
    """Return the kernel of a camera that moves by some pixels, (n, n), float32."""
    side, finer = 2 * int(length / 2 + 1) + 1, 8  # drawn on pixels of an eighth of the size
    large = np.zeros((side * finer,) * 2, np.uint8)
    angle = generator.uniform(0, np.pi)
    step = length * finer / 2 * np.array([np.cos(angle), np.sin(angle)])
    ends = [np.rint(side * finer / 2 + way * step).astype(int).tolist() for way in (-1, 1)]
    cv2.line(large, *ends, 255, finer)
    kernel = cv2.resize(large.astype(np.float32), (side, side), interpolation=cv2.INTER_AREA)
    return kernel / kernel.sum()
