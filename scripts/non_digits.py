"""What is no digit, drawn by a program: signs, doodles, parts of digits, what frames a picture.

A bare upright line is a 1 and a ring is a 0, whoever meant a letter by them. So nothing here is a
single upright line or an oval, and letters and signs that a hand makes like a digit are left out:
O, l, I, S, Z, B, b, q, g, y, theta, zeta, xi, delta, sigma, brackets that are one bent line.
"""

from collections.abc import Callable

import cv2
import numpy as np
from letters import LETTERS
from pens import FIELD, draw, trimmed
from strokes import Strokes, curve, digit_strokes, line, ring, vary

Generator = np.random.Generator


def face(g: Generator) -> Strokes:
    """Return a ring with two eyes and a mouth."""
    radius = g.uniform(0.38, 0.5)
    eyes = g.uniform(0.13, 0.2)
    dots = [line((x, 0.4), (x + 0.02, 0.4 + g.uniform(0, 0.08))) for x in (0.5 - eyes, 0.5 + eyes)]
    mouth = curve((0.5 - eyes, 0.62), (0.5, 0.62 + g.uniform(0.04, 0.14)), (0.5 + eyes, 0.62))
    return [ring(g, (0.5, 0.5), (radius, radius)), *dots, mouth]


def sun(g: Generator) -> Strokes:
    """Return a small ring with rays."""
    angles = np.arange(int(g.integers(6, 11))) / 8 * 2 * np.pi
    ways = np.column_stack([np.sin(angles), np.cos(angles)])
    return [ring(g, (0.5, 0.5), (0.25, 0.25)), *(line(0.5 + 0.3 * w, 0.5 + 0.5 * w) for w in ways)]


def star(g: Generator) -> Strokes:
    """Return a five-pointed star in one line."""
    angles = np.arange(6) * 0.8 * np.pi
    return [line(*(0.5 + 0.5 * np.column_stack([np.sin(angles), -np.cos(angles)])))]


def house(g: Generator) -> Strokes:
    """Return a square under a roof."""
    corners = ((0.1, 1), (0.1, 0.45), (0.5, 0), (0.9, 0.45), (0.9, 1), (0.1, 1))
    return [line(*corners), line((0.1, 0.45), (0.9, 0.45))]


def heart(g: Generator) -> Strokes:
    """Return a heart."""
    half = curve((0.5, 0.95), (0.05, 0.35), (0.25, 0.08), (0.5, 0.28))
    return [np.concatenate([half, half[::-1] * [-1, 1] + [1, 0]])]


def box(g: Generator) -> Strokes:
    """Return an empty field of a form, or one that is ticked or crossed."""
    wide = g.uniform(0.4, 0.6)
    frame = line(*((0.5 + x * wide, 0.5 + y / 2) for x, y in SQUARE))
    inside = [], [line((0.2, 0.3), (0.8, 0.7))], tick(g)
    return [frame, *inside[g.integers(3)]]


SQUARE = (-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)


def triangle(g: Generator) -> Strokes:
    """Return a triangle, such as a capital delta."""
    top = g.uniform(0.3, 0.7)
    return [line((top, 0), (1, 1), (0, 1), (top, 0))]


def spiral(g: Generator) -> Strokes:
    """Return a spiral of two turns or more."""
    angle = np.linspace(0, g.uniform(4, 7) * np.pi, 70)
    radius = 0.5 * angle / angle[-1]
    way = np.column_stack([np.cos(angle), g.choice([-1, 1]) * np.sin(angle)])
    return [0.5 + radius[:, None] * way]


def minus(g: Generator) -> Strokes:
    """Return a level line: a minus sign, a dash, a piece of ruled paper."""
    return [line((0, 0.5), (1, 0.5 + g.uniform(-0.12, 0.12)))]


def equals(g: Generator) -> Strokes:
    """Return two level lines, now and then three."""
    gap = g.uniform(0.15, 0.4)
    count = 2 if g.random() < 0.8 else 3
    return [
        line((g.uniform(0, 0.1), y), (1, y + g.uniform(-0.05, 0.05)))
        for y in 0.5 + gap * (np.arange(count) - (count - 1) / 2)
    ]


def plus(g: Generator) -> Strokes:
    """Return a plus sign."""
    wide, at = g.uniform(0.3, 0.5), g.uniform(0.42, 0.58)
    return [line((0.5 - wide, at), (0.5 + wide, at)), line((0.5, 0), (g.uniform(0.44, 0.56), 1))]


def times(g: Generator) -> Strokes:
    """Return a times sign or an x."""
    return [line((0, g.uniform(0, 0.15)), (1, 1)), line((1, 0), (0, g.uniform(0.85, 1)))]


def divided(g: Generator) -> Strokes:
    """Return a level line between two dots."""
    gap = g.uniform(0.22, 0.4)
    dots = [ring(g, (0.5, 0.5 + y), (0.04, 0.04)) for y in (-gap, gap)]
    return [line((0, 0.5), (1, 0.5)), *dots]


def tick(g: Generator) -> Strokes:
    """Return a tick, its right arm the longer one by far."""
    low = g.uniform(0.2, 0.4)
    return [line((0, g.uniform(0.45, 0.65)), (low, 1), (1, 0))]


def arrow(g: Generator) -> Strokes:
    """Return an arrow that points sideways or down, for one that points up is like a 1."""
    head = g.uniform(0.15, 0.3)
    shape = [
        line((0, 0.5), (1, 0.5)),
        line((1 - head, 0.5 - head), (1, 0.5), (1 - head, 0.5 + head)),
    ]
    turn = g.integers(3)
    ways = {0: lambda p: p, 1: lambda p: p * [-1, 1] + [1, 0], 2: lambda p: p[:, ::-1]}
    return [ways[turn](stroke) for stroke in shape]


def squared_bracket(g: Generator) -> Strokes:
    """Return a square bracket that opens to the right, or a corner of a frame."""
    wide = g.uniform(0.25, 0.6)
    if g.random() < 0.6:
        return [line((wide, 0), (0, 0), (0, 1), (wide, 1))]
    return [line((0, 0), (0, 1), (g.uniform(0.6, 1), 1))]


def hash_sign(g: Generator) -> Strokes:
    """Return a # or a grid of a few lines, as of squared paper."""

    def lines(count: int) -> np.ndarray:
        return (np.arange(count) + 1) / (count + 1) + g.uniform(-0.05, 0.05, count)

    across, down = g.integers(1, 4), g.integers(2, 4)
    return [
        *(line((0, y), (1, y)) for y in lines(across)),
        *(line((x, 0), (x, 1)) for x in lines(down)),
    ]


def wave(g: Generator) -> Strokes:
    """Return a level wave or zigzag, as of an underline or a tilde."""
    count = int(g.integers(4, 9))
    height = g.uniform(0.06, 0.2)
    points = [(i / (count - 1), 0.5 + height * (-1) ** i) for i in range(count)]
    return [curve(*points) if g.random() < 0.6 else line(*points)]


def scribble(g: Generator) -> Strokes:
    """Return one to four strokes with many turns."""
    return [curve(*g.uniform(0, 1, (int(g.integers(5, 10)), 2))) for _ in range(g.integers(2, 5))]


def underlined(g: Generator) -> Strokes:
    """Return a letter-like hook or dots on a line: several short marks, none of them a digit."""
    marks = [
        line(p, p + g.uniform(-0.15, 0.15, 2)) for p in g.uniform(0.1, 0.9, (g.integers(5, 10), 2))
    ]
    return [*marks, line((0, 1), (1, 1))] if g.random() < 0.4 else marks


DRAWN: tuple[Callable[[Generator], Strokes], ...] = (
    *(minus, minus, equals, equals, plus, plus, plus, times, times, times, divided),
    *(tick, arrow, squared_bracket, hash_sign, wave, box, triangle),
    *(face, sun, star, house, heart, spiral, scribble, scribble, scribble, underlined),
)


def sign(g: Generator) -> np.ndarray:
    """Return a sign, a doodle or a scribble, as one hand would draw it."""
    return draw(g, vary(g, DRAWN[g.integers(len(DRAWN))](g), slant=0.12))


def letter(g: Generator) -> np.ndarray:
    """Return a letter, as one hand would write it."""
    return draw(g, vary(g, LETTERS[g.integers(len(LETTERS))](g), slant=0.2))


def row_of(g: Generator, drawings: list[np.ndarray]) -> np.ndarray:
    """Return drawings of about one height side by side, so close that they touch or nearly do."""
    parts = []
    for part in map(trimmed, drawings):
        scale = 64 * g.uniform(0.75, 1.1) / len(part)
        size = max(1, round(part.shape[1] * scale)), round(len(part) * scale)
        parts.append(cv2.resize(part, size, interpolation=cv2.INTER_AREA))
    canvas = np.zeros((90, sum(part.shape[1] + 8 for part in parts)), np.uint8)
    at = 2
    for part in parts:
        top = (len(canvas) - len(part)) // 2 + int(g.integers(-5, 6))
        place = canvas[top : top + len(part), at : at + part.shape[1]]
        np.maximum(place, part, out=place)
        at += max(3, part.shape[1] + int(g.integers(-6, 6)))
    return canvas


def half(g: Generator) -> np.ndarray:
    """Return what cutting a digit in two leaves, where that is not a digit again."""
    side = str(g.choice(list(HALVES), p=[0.7, 0.15, 0.15]))
    digit = trimmed(draw(g, digit_strokes(g, int(g.choice(HALVES[side])))))
    share = g.uniform(0.35, 0.5)
    width, height = round(share * digit.shape[1]) + 1, round(share * len(digit)) + 1
    part = {"left": digit[:, :width], "top": digit[:height], "bottom": digit[-height:]}[side]
    part = trimmed(part)
    # a slender half would be a 1, so another one is drawn
    return part if part.shape[1] > 0.5 * len(part) else half(g)


# the left half of a 0 is a bent 1, the right one of an 8 is a 3, the lower one of a 6 is a 0
HALVES = {"left": (2, 3, 4, 5, 8), "top": (0, 5), "bottom": (0, 2)}


def texture(g: Generator) -> np.ndarray:
    """Return a patch of paper grain, cloth or a stain: noise of some smoothness, cut at a level."""
    shape = g.integers(24, 96, 2)
    noise = g.normal(size=shape).astype(np.float32)
    noise = cv2.GaussianBlur(noise, None, *np.exp(g.uniform(-1, 2, 2)))
    noise -= np.quantile(noise, g.uniform(0.3, 0.9))
    if g.random() < 0.5:
        return np.where(noise > 0, 255, 0).astype(np.uint8)
    return np.clip(noise / (noise.max() + 1e-6) * 400, 0, 255).astype(np.uint8)


def specks(g: Generator) -> np.ndarray:
    """Return a handful of specks, as dust and the grain of paper leave them."""
    field = np.zeros((FIELD, FIELD), np.uint8)
    for x, y in g.integers(8, FIELD - 8, (g.integers(6, 30), 2)):
        axes = g.integers(1, 6, 2)
        cv2.ellipse(field, (int(x), int(y)), axes, g.uniform(0, 180), 0, 360, 255, -1, cv2.LINE_AA)
    return field


def frame(g: Generator) -> np.ndarray:
    """Return what frames a picture: a table beside the sheet, its corner, ruled lines, a blob."""
    field = np.zeros((FIELD, FIELD), np.uint8)
    kind = g.integers(4)
    if kind == 0:  # a table along two sides of the sheet
        corners = g.uniform(0.15, 0.85, (3, 2)) * FIELD
        shape = np.array(
            [
                [0, 0],
                [FIELD, 0],
                [FIELD, corners[0, 1]],
                corners[1],
                [corners[2, 0], FIELD],
                [0, FIELD],
            ]
        )
        cv2.fillPoly(field, [shape.astype(np.int32)], 255, cv2.LINE_AA)
    elif kind == 1:  # something large that the frame cuts
        shape = cv2.convexHull((g.uniform(-0.3, 1.3, (6, 2)) * FIELD).astype(np.int32))
        cv2.fillPoly(field, [shape], 255, cv2.LINE_AA)
        if g.random() < 0.5:
            field = 255 - field
    elif kind == 2:  # rules across
        gap, wide = g.integers(14, 40), int(g.integers(2, 8))
        for y in range(int(g.integers(0, gap)), FIELD, gap):
            cv2.line(field, (0, y), (FIELD, y + int(g.integers(-4, 5))), 255, wide, cv2.LINE_AA)
        if g.random() < 0.4:
            field = np.maximum(field, field.T)
    else:  # a lump that is no ring and no line
        angle = np.linspace(0, 2 * np.pi, 24, endpoint=False)
        radius = FIELD * (0.3 + 0.06 * np.cumsum(g.normal(0, 0.4, 24)))
        shape = FIELD / 2 + np.abs(radius)[:, None] * np.column_stack(
            [np.cos(angle), np.sin(angle)]
        )
        cv2.fillPoly(field, [np.clip(shape, 0, FIELD).astype(np.int32)], 255, cv2.LINE_AA)
    return field if (field > 64).sum() > 20 else texture(g)
