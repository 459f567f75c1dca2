"""Digits as a hand draws them: curved, with tremor, slow at the ends of a stroke, fast between."""

import numpy as np
from playwright.sync_api import Locator, Page

ROUND = [(0.5, 0.1), (0.3, 0.2), (0.24, 0.5), (0.33, 0.8), (0.5, 0.88), (0.68, 0.78), (0.75, 0.5)]
SHAPES = {  # points that the pen passes, from (0, 0) to (1, 1)
    0: [[*ROUND, (0.68, 0.2), (0.5, 0.11)]],
    1: [[(0.56, 0.12), (0.54, 0.35), (0.51, 0.62), (0.49, 0.88)]],
    2: [
        [
            *[(0.28, 0.3), (0.38, 0.14), (0.58, 0.13), (0.68, 0.3), (0.58, 0.52), (0.4, 0.7)],
            *[(0.27, 0.86), (0.45, 0.84), (0.74, 0.85)],
        ]
    ],
    3: [
        [
            *[(0.3, 0.18), (0.5, 0.1), (0.67, 0.24), (0.6, 0.42), (0.46, 0.48), (0.64, 0.55)],
            *[(0.7, 0.72), (0.52, 0.88), (0.29, 0.8)],
        ]
    ],
    4: [
        [(0.4, 0.12), (0.34, 0.32), (0.27, 0.56), (0.5, 0.57), (0.76, 0.55)],
        [(0.64, 0.14), (0.62, 0.4), (0.6, 0.66), (0.59, 0.9)],
    ],
    5: [
        [
            *[(0.37, 0.14), (0.35, 0.3), (0.33, 0.45), (0.5, 0.42), (0.67, 0.55), (0.66, 0.75)],
            *[(0.48, 0.88), (0.28, 0.8)],
        ],
        [(0.37, 0.14), (0.52, 0.13), (0.7, 0.12)],
    ],
    6: [
        [
            *[(0.64, 0.12), (0.44, 0.26), (0.32, 0.52), (0.34, 0.78), (0.5, 0.88), (0.66, 0.76)],
            *[(0.64, 0.58), (0.5, 0.52), (0.36, 0.64)],
        ]
    ],
    7: [[(0.27, 0.16), (0.45, 0.15), (0.72, 0.14), (0.62, 0.38), (0.52, 0.62), (0.43, 0.88)]],
    8: [
        [
            *[(0.64, 0.2), (0.5, 0.11), (0.37, 0.2), (0.4, 0.36), (0.54, 0.48), (0.66, 0.64)],
            *[(0.64, 0.8), (0.5, 0.88), (0.36, 0.8), (0.36, 0.64), (0.48, 0.48), (0.63, 0.34)],
            (0.65, 0.21),
        ]
    ],
    9: [
        [
            *[(0.66, 0.26), (0.52, 0.13), (0.37, 0.22), (0.37, 0.42), (0.52, 0.48), (0.64, 0.38)],
            *[(0.67, 0.24), (0.65, 0.5), (0.6, 0.88)],
        ]
    ],
}


def written(digit: int, seed: int = 0, points: int = 40) -> list[np.ndarray]:
    """Return the strokes of a digit, another each time.

    Args:
        digit: 0-9.
        seed: of this hand at this moment.
        points: of each stroke, as the mouse reports them at equal times.

    Returns:
        For each stroke an array (points, 2), x and y from 0 to 1.
    """
    g = np.random.default_rng([seed, digit])
    slant, width, turn = g.normal(0, 0.08), g.normal(1, 0.07), g.normal(0, 0.04)
    change = np.array([[width, slant], [turn, 1]])
    strokes = []
    for shape in SHAPES[digit]:
        control = (np.array(shape) - 0.5 + g.normal(0, 0.012, (len(shape), 2))) @ change.T + 0.5
        tremor = np.cumsum(g.normal(0, 0.0015, (points, 2)), axis=0)
        strokes.append(np.clip(curve(control, points) + tremor, 0.03, 0.97))
    return strokes


def curve(control: np.ndarray, points: int) -> np.ndarray:
    """Return a smooth way through points (Catmull-Rom), begun and ended slowly (minimum jerk)."""
    time = np.linspace(0, 1, points)
    way = time**3 * (10 - 15 * time + 6 * time**2) * (len(control) - 1)
    piece = np.minimum(way.astype(int), len(control) - 2)
    t = (way - piece)[:, None]
    padded = np.concatenate([control[:1], control, control[-1:]])
    a, b, c, d = (padded[piece + i] for i in range(4))
    return 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    )


def paper(page: Page) -> Locator:
    """Return the field to draw in of the page that needs no kernel."""
    return page.get_by_label("Paper to draw a digit on")


def strokes_on(page: Page) -> list[list[list[float]]]:
    """Return the strokes on its paper, in units of the field."""
    return page.evaluate("page.pad.strokes()")


def write(canvas: Locator, strokes: list[np.ndarray], lift: bool = True) -> None:
    """Draw strokes with the mouse; without `lift`, the pen stays on the paper at the end."""
    mouse, box = canvas.page.mouse, canvas.bounding_box()
    for number, stroke in enumerate(strokes):
        places = stroke * [box["width"], box["height"]] + [box["x"], box["y"]]
        mouse.move(*places[0])
        mouse.down()
        for place in places[1:]:
            mouse.move(*place)
        if lift or number < len(strokes) - 1:
            mouse.up()
