"""Paper, what lies around it, and light, for pages made by a program. Brightness is 0-1."""

import cv2
import numpy as np
from synthetic_knobs import Knobs

BLACK_BOARDS = ((0.13, 0.2, 0.16), (0.1, 0.1, 0.11), (0.17, 0.24, 0.2))
INKS = {  # colours of each pen, red, green, blue
    "ballpoint": ((0.1, 0.13, 0.45), (0.08, 0.08, 0.1), (0.12, 0.12, 0.16), (0.05, 0.2, 0.55)),
    "pencil": ((0.3, 0.3, 0.32), (0.36, 0.35, 0.36)),
    "marker": ((0.04, 0.04, 0.05), (0.06, 0.07, 0.2), (0.03, 0.03, 0.04)),
    "coloured": ((0.7, 0.1, 0.15), (0.05, 0.45, 0.25), (0.45, 0.12, 0.5), (0.85, 0.4, 0.05)),
    "chalk": ((0.9, 0.9, 0.86), (0.92, 0.85, 0.5), (0.8, 0.85, 0.95)),
    "whiteboard": ((0.1, 0.1, 0.12), (0.1, 0.2, 0.6), (0.7, 0.12, 0.12), (0.1, 0.42, 0.22)),
    "inverted": ((1.0, 1.0, 1.0), (0.95, 0.95, 0.9), (0.6, 0.95, 0.6)),
}


def any_of(generator: np.random.Generator, colours: tuple) -> np.ndarray:
    """Return one of several colours, (3,), float32."""
    return np.array(colours[generator.integers(len(colours))], np.float32)


def colours(generator: np.random.Generator, knobs: Knobs) -> tuple[np.ndarray, np.ndarray]:
    """Return the colours of paper and ink, each (3,), float32."""
    hue = generator.uniform(0, 2 * np.pi) + np.array([0, 2, 4]) * np.pi / 3
    paper = 1 - knobs.colour * (0.5 + 0.5 * np.cos(hue)).astype(np.float32)
    if knobs.pen == "chalk":
        paper = any_of(generator, BLACK_BOARDS)
    if knobs.pen == "inverted":
        paper = np.full(3, generator.choice([0.0, 0.05, 0.12]), np.float32)
    inks = np.array(INKS[knobs.pen], np.float32)
    seen = np.abs(inks - paper).mean(axis=1)  # nobody takes an ink that hardly shows on the paper
    return paper, any_of(generator, tuple(inks[seen >= min(0.4, seen.max())]))


def smooth_noise(generator: np.random.Generator, shape: tuple, grain: tuple) -> np.ndarray:
    """Return smooth noise of deviation 1, (h, w), float32, its grains (down, across) pixels."""
    small = [max(2, round(side / each)) + 1 for side, each in zip(shape, grain, strict=True)]
    noise = generator.standard_normal(small, np.float32)
    return cv2.resize(noise, shape[::-1], interpolation=cv2.INTER_CUBIC) * 1.2


def shading(generator: np.random.Generator, shape: tuple, knobs: Knobs) -> np.ndarray:
    """Return how bright plain paper is: its texture and its folds, (h, w), float32."""
    shade = np.ones(shape, np.float32)
    if knobs.texture:
        long = max(shape)
        for grain, share in ((2.5, 0.7), (long / 90, 0.3), (long / 12, 0.25)):
            shade += knobs.texture * share * smooth_noise(generator, shape, (grain, grain))
    if knobs.creases:
        shade += knobs.creases * folds(generator, shape)
    return shade


def folds(generator: np.random.Generator, shape: tuple) -> np.ndarray:
    """Return folds across the sheet, brighter on one side, darker on the other, (h, w), -1 to 1."""
    half = shape[0] // 2 + 1, shape[1] // 2 + 1
    rows, columns = np.indices(half, np.float32)
    total = np.zeros(half, np.float32)
    for _ in range(generator.integers(1, 6)):
        angle, width = generator.uniform(0, np.pi), max(half) * generator.uniform(0.004, 0.04)
        at = generator.uniform(0.1, 0.9, 2) * half
        away = (rows - at[0]) * np.cos(angle) + (columns - at[1]) * np.sin(angle)
        total += np.sign(away) * np.exp(-np.abs(away) / width) * generator.uniform(-1, 1)
    return cv2.resize(total, shape[::-1])


def rules(
    generator: np.random.Generator, u: np.ndarray, v: np.ndarray, sheet: tuple, knobs: Knobs
) -> np.ndarray:
    """Return the lines that are printed on the paper.

    Args:
        generator: the source of all chance.
        u: array (h, w), float32: each pixel's place across the sheet, in pixels.
        v: array (h, w), float32: its place down the sheet, in pixels.
        sheet: width and height of the sheet in pixels.
        knobs: the kind of the lines.

    Returns:
        Array (h, w), float32, 0-1.
    """
    thick = generator.uniform(0.7, 1.8) * max(1, max(sheet) / 800)
    if knobs.rules == "form":
        near, far = generator.uniform(0.002, 0.05, 2), generator.uniform(0.95, 0.998, 2)
        lines = [
            np.abs(where - share * side)
            for where, side, shares in (
                (u, sheet[0], (near[0], far[0])),
                (v, sheet[1], (near[1], far[1])),
            )
            for share in shares
            if generator.random() < 0.7
        ]
        distance = np.min(lines, axis=0) if lines else np.full(u.shape, thick + 1)
    else:
        # from one line below a number to the small squares of a large sheet
        spacing = max(6 * thick, max(sheet) / np.exp(generator.uniform(0.7, 3.5)))
        distance = to_grid(v, spacing, generator.uniform(0, spacing))
        if knobs.rules == "squared":
            across = to_grid(u, spacing, generator.uniform(0, spacing))
            distance = np.minimum(distance, across)
        elif generator.random() < 0.4:
            distance = np.minimum(distance, np.abs(u - generator.uniform(0.05, 0.15) * sheet[0]))
    return np.clip(thick / 2 + 0.5 - distance, 0, 1).astype(np.float32)


def to_grid(where: np.ndarray, spacing: float, start: float) -> np.ndarray:
    """Return the distance to the nearest of many lines."""
    return spacing / 2 - np.abs((where + start) % spacing - spacing / 2)


def specks(generator: np.random.Generator, shape: tuple, count: int) -> np.ndarray:
    """Return dust and stray dots, (h, w), float32, 0-1."""
    field = np.zeros(shape, np.uint8)
    unit = max(shape) / 800
    for _ in range(count):
        x, y = (generator.uniform(0, 1, 2) * shape[::-1]).astype(int).tolist()
        size = generator.exponential(1.2, 2) * unit + 0.5
        axes = tuple(np.ceil(size).astype(int).tolist())
        angle = float(generator.uniform(0, 180))
        cv2.ellipse(field, (x, y), axes, angle, 0, 360, 255, -1, cv2.LINE_AA)
    return field.astype(np.float32) / 255


def desk(generator: np.random.Generator, shape: tuple, knobs: Knobs) -> np.ndarray:
    """Return the table that the sheet lies on, (h, w, 3), float32."""
    long = max(shape)
    if knobs.surroundings == "wood" or (knobs.surroundings == "edge" and generator.random() < 0.4):
        grain = (long / 250, long / 3)
        lines = smooth_noise(generator, shape, grain if generator.random() < 0.5 else grain[::-1])
        colour = any_of(generator, ((0.5, 0.33, 0.2), (0.35, 0.2, 0.12), (0.72, 0.55, 0.38)))
        shade = 1 + 0.12 * lines
    else:
        colour = any_of(
            generator,
            (
                (0.06, 0.06, 0.07),
                (0.2, 0.21, 0.24),
                (0.45, 0.42, 0.4),
                (0.1, 0.3, 0.4),
                (0.6, 0.6, 0.57),
            ),
        )
        shade = 1 + 0.15 * smooth_noise(generator, shape, (long / 250,) * 2)
    shade += 0.1 * smooth_noise(generator, shape, (long / 4,) * 2)
    return shade[..., np.newaxis] * colour


def cover(generator: np.random.Generator, picture: np.ndarray, side: int, knobs: Knobs) -> None:
    """Lay a dark strip, a thumb or things over one side of a picture.

    Args:
        generator: the source of all chance.
        picture: array (h, w, 3), float32; it is changed.
        side: 0 left, 1 top, 2 right, 3 bottom.
        knobs: what lies there, and how far it reaches.
    """
    turned = np.rot90(picture, k=side)  # a view: the side now lies on the left
    high, wide = turned.shape[:2]
    reach = max(2, int((knobs.margin - 0.02) * wide))
    field = np.zeros((high, wide), np.uint8)
    if knobs.surroundings == "strip":
        edge = reach * (1 + 0.15 * smooth_noise(generator, (high, 1), (high, 1)))
        colour = np.full(3, generator.uniform(0, 0.35), np.float32)
        field[np.arange(wide) < edge] = 255
        shade = np.ones(1, np.float32)
    elif knobs.surroundings == "thumb":
        colour = any_of(generator, ((0.85, 0.6, 0.48), (0.55, 0.35, 0.25), (0.35, 0.22, 0.16)))
        half = max(2, int(generator.uniform(0.05, 0.1) * max(high, wide)))
        middle = int(generator.uniform(0.15, 0.85) * high)
        cv2.ellipse(field, (0, middle), (reach, half), 0, 0, 360, 255, -1)
        shade = 0.6 + 0.4 * np.minimum(cv2.distanceTransform(field, cv2.DIST_L2, 3) / half, 1)
    else:  # pens, magnets, clips
        colour, shade = generator.uniform(0.05, 0.8, 3).astype(np.float32), np.ones(1, np.float32)
        for _ in range(generator.integers(1, 5)):
            at = 0.0, float(generator.uniform(0, 1) * high)
            sides = generator.uniform((0.6, 0.3), (1.9, 1.5)) * reach
            corners = cv2.boxPoints((at, sides, float(generator.uniform(-20, 20))))
            cv2.fillPoly(field, [np.rint(corners).astype(np.int32)], 255, cv2.LINE_AA)
    covered = (field / np.float32(255))[..., np.newaxis]
    turned += covered * (shade[..., np.newaxis] * colour - turned)


def light(generator: np.random.Generator, shape: tuple, knobs: Knobs) -> np.ndarray:
    """Return the light that falls on each pixel, (h, w, 3), float32."""
    small = max(2, shape[0] // 8), max(2, shape[1] // 8)
    rows, columns = np.indices(small, np.float32)
    y, x = rows / (small[0] - 1) * 2 - 1, columns / (small[1] - 1) * 2 - 1
    angle = generator.uniform(0, 2 * np.pi)
    along = (x * np.cos(angle) + y * np.sin(angle)) / (abs(np.cos(angle)) + abs(np.sin(angle)))
    field = 1 - knobs.fall_off * (along + 1) / 2
    away = generator.normal(0, 0.15, 2)
    field *= 1 - knobs.vignette * (((x - away[0]) ** 2 + (y - away[1]) ** 2) / 2).clip(0, 1)
    if knobs.flash:
        spot, width = generator.uniform(-0.7, 0.7, 2), generator.uniform(0.2, 0.7)
        field *= 1 + knobs.flash * np.exp(-((x - spot[0]) ** 2 + (y - spot[1]) ** 2) / width**2)
    tints = ((0.1, -0.02, -0.12), (-0.1, 0, 0.1), (0.06, -0.08, 0.05), (-0.02, 0.05, -0.04))
    one, other = (any_of(generator, tints) * 4 * knobs.cast for _ in range(2))
    share = ((along + 1) / 2)[..., np.newaxis]
    colour = 1 + share * one + (1 - share) * other
    whole = cv2.resize(field[..., np.newaxis] * colour, shape[::-1])
    if knobs.shadow:
        whole *= 1 - knobs.shadow * shadow(generator, shape, knobs)[..., np.newaxis]
    return whole


def shadow(generator: np.random.Generator, shape: tuple, knobs: Knobs) -> np.ndarray:
    """Return where the shadow of a hand, a head or a phone falls, (h, w), float32, 0-1."""
    field = np.zeros(shape, np.uint8)
    size = np.array(shape[::-1])
    if generator.random() < 0.5:
        corner = generator.integers(0, 2, 2) * size
        axes = (size * generator.uniform(0.3, 0.8, 2)).astype(int)
        turn = float(generator.uniform(0, 180))
        cv2.ellipse(field, corner.tolist(), axes.tolist(), turn, 0, 360, 255, -1)
    else:
        share, tilt = generator.uniform(0.3, 0.7), generator.uniform(-0.35, 0.35)
        ends = np.array([[-1, share - tilt - 0.5], [2, share + tilt + 0.5], [2, 3], [-1, 3]])
        points = ends[:, :: generator.choice([-1, 1])] * size
        cv2.fillPoly(field, [np.rint(points).astype(np.int32)], 255)
    soft = max(0.4, knobs.shadow_edge * max(shape))
    small = max(1, int(soft / 3))  # a wide blur is quicker on a reduced picture
    reduced = cv2.resize(field, (max(2, shape[1] // small), max(2, shape[0] // small)))
    blurred = cv2.GaussianBlur(reduced.astype(np.float32) / 255, (0, 0), soft / small)
    return cv2.resize(blurred, shape[::-1])
