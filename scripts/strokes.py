"""Digits drawn by a program: the skeletons of the ways in which people write each of them.

A 1 is a bare line here, an upstroke of a quarter of the stem there and of its whole length in much
of Europe; a 7 has a bar or none, an 8 is one stroke or two circles. MNIST's writers show few of
these, fonts only the one way of each font. A skeleton is a list of strokes, each an array (n, 2) of
points (x, y), with y from 0 above to 1 below; `vary` gives it a hand, `pen.draw` a pen.
"""

from collections.abc import Callable

import numpy as np

Strokes = list[np.ndarray]
Generator = np.random.Generator
KNOTS = 4  # points a side of the smooth displacement that makes each hand's curves its own


def curve(*points: tuple[float, float], steps: int = 8) -> np.ndarray:
    """Return a smooth line through points, in so many steps from each to the next.

    Source: E. Catmull, R. Rom, "A class of local interpolating splines", 1974.
    """
    p = np.asarray(points, float)
    p = np.concatenate([2 * p[:1] - p[1:2], p, 2 * p[-1:] - p[-2:-1]])
    before, here, there, after = p[:-3, None], p[1:-2, None], p[2:-1, None], p[3:, None]
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    parts = 0.5 * (
        2 * here
        + (there - before) * t
        + (2 * before - 5 * here + 4 * there - after) * t**2
        + (3 * here - before - 3 * there + after) * t**3
    )
    return np.concatenate([parts.reshape(-1, 2), p[-2:-1]])


def line(*points: tuple[float, float]) -> np.ndarray:
    """Return straight lines through points, with points enough between them to be bent later."""
    p = np.asarray(points, float)
    t = np.linspace(0, 1, 8, endpoint=False)[:, None]
    return np.concatenate([(p[:-1, None] * (1 - t) + p[1:, None] * t).reshape(-1, 2), p[-1:]])


def arc(
    middle: tuple[float, float], radii: tuple[float, float], start: float, end: float
) -> np.ndarray:
    """Return a piece of an ellipse between two angles in degrees; 0 is right, 90 is down."""
    angle = np.radians(np.linspace(start, end, 28))
    return np.asarray(middle) + np.column_stack([np.cos(angle), np.sin(angle)]) * radii


def ring(g: Generator, middle: tuple[float, float], radii: tuple[float, float]) -> np.ndarray:
    """Return an oval that ends near where it began: a little before, or beyond and beside it."""
    start = g.uniform(-140, -40)
    sweep = g.choice([-1, -1, -1, 1]) * (360 + g.uniform(-25, 40))
    oval = arc(middle, radii, start, start + sweep)
    inwards = np.linspace(0, g.uniform(-0.12, 0.12), len(oval))[:, None]
    return oval + inwards * (np.asarray(middle) - oval)


def zero(g: Generator) -> Strokes:
    """Return a 0: round or narrow, with a gap or an overshoot, sometimes with a slash."""
    across = g.uniform(0.22, 0.45)
    strokes = [ring(g, (0.5, 0.5), (across, 0.5))]
    if g.random() < 0.2:
        reach = g.uniform(0.5, 1.15)  # of the way to the oval
        dx, dy = 0.75 * across * reach, 0.33 * reach
        strokes.append(line((0.5 + dx, 0.5 - dy), (0.5 - dx, 0.5 + dy)))
    return strokes


def one(g: Generator) -> Strokes:
    """Return a 1: bare, with a short upstroke, with one up to the whole height, with a foot."""
    lean = g.uniform(-0.05, 0.05)
    stem = curve((0.6, 0), (0.6 + lean + g.uniform(-0.02, 0.02), 0.5), (0.6 + 2 * lean, 1))
    kind = g.choice(["bare", "short", "long", "foot"], p=[0.25, 0.25, 0.35, 0.15])
    if kind == "bare":
        return [stem]
    drop = g.uniform(0.35, 0.95) if kind == "long" else g.uniform(0.1, 0.35)
    reach = drop * (g.uniform(0.3, 0.85) if kind == "long" else g.uniform(0.25, 1.0))
    sag = g.uniform(-0.08, 0.12)  # how far the upstroke is bent
    start = (0.6 - reach, drop)
    halfway = (0.6 - reach / 2 + sag * drop, drop / 2 + sag * reach)
    strokes = [np.concatenate([curve(start, halfway, (0.6, 0)), stem[1:]])]
    if kind == "foot" or (kind == "short" and g.random() < 0.2):
        half, foot = g.uniform(0.15, 0.32), 0.6 + 2 * lean
        strokes.append(line((foot - half, 1 + g.uniform(-0.03, 0.03)), (foot + half, 1)))
    return strokes


def two(g: Generator) -> Strokes:
    """Return a 2: with a flat base, with a loop, or angular like a Z with a round shoulder."""
    kind = g.choice(["flat", "wave", "loop", "angular"], p=[0.35, 0.2, 0.3, 0.15])
    right, foot = g.uniform(0.72, 0.85), g.uniform(0.1, 0.22)
    if kind == "angular":
        head = curve((foot, g.uniform(0.1, 0.22)), (0.35, 0.03), (right - 0.08, 0.05), (right, 0.2))
    else:
        head = curve((0.15, g.uniform(0.15, 0.32)), (0.42, 0), (right, 0.22))
    belly = g.uniform(-0.02, 0.12)
    down = curve(tuple(head[-1]), (0.52 + belly, 0.6), (foot, 0.95))
    end = (g.uniform(0.75, 0.98), g.uniform(0.9, 1.0))
    if kind == "loop":
        size = g.uniform(0.7, 1.5)
        loop = curve(
            (0.52 + belly, 0.6),
            (foot + 0.12, 0.95),
            (foot - 0.02, 1.0),
            (foot - 0.1 * size, 1 - 0.08 * size),
            (foot, 1 - 0.18 * size),
            (foot + 0.22, 0.9),
            (0.65, 1.0),
            end,
        )
        return [np.concatenate([head, down[: len(down) // 2], loop])]
    base = line((foot, 0.95), end)
    if kind == "wave":
        base = curve((foot, 0.95), (foot + 0.2, 0.88), (0.6, 0.98), end)
    return [np.concatenate([head, down[1:], base[1:]])]


def three(g: Generator) -> Strokes:
    """Return a 3: round with a corner or a small loop in the middle, or with a flat top."""
    waist, right = g.uniform(0.4, 0.5), g.uniform(0.68, 0.85)
    inside = g.uniform(0.3, 0.52)
    bowl = [(g.uniform(0.75, 0.92), 0.72), (0.48, 1), (0.1, g.uniform(0.8, 0.95))]
    if g.random() < 0.25:
        roof = line((g.uniform(0.1, 0.2), g.uniform(0, 0.06)), (right, g.uniform(0, 0.05)))
        slope = line(tuple(roof[-1]), (inside, waist - 0.04))
        return [np.concatenate([roof, slope[1:], curve((inside, waist - 0.04), *bowl)[1:]])]
    head = [(0.12, g.uniform(0.08, 0.22)), (0.42, 0), (right, 0.22), (inside, waist)]
    if g.random() < 0.3:  # one sweep, with a loop in the middle
        return [curve(*head, (inside - 0.08, waist + 0.03), (inside + 0.02, waist + 0.06), *bowl)]
    return [np.concatenate([curve(*head), curve((inside, waist), *bowl)[1:]])]


def four(g: Generator) -> Strokes:
    """Return a 4: open or closed above, its bar low or high, its stem of any length above it."""
    level, stem = g.uniform(0.45, 0.75), g.uniform(0.55, 0.75)
    end = (stem + g.uniform(0.05, 0.32), level + g.uniform(-0.05, 0.04))
    foot = (stem + g.uniform(-0.1, 0.04), 1)
    if g.random() < 0.4:
        corner = (g.uniform(0.02, 0.15), level)
        if g.random() < 0.4:  # in one go: down the side, along the bar, up and down the stem
            return [line((stem, 0), corner, end), line((stem, g.uniform(0, 0.06)), foot)]
        top = (stem + g.uniform(-0.06, 0.06), 0)
        return [line(top, corner, end), line(top, foot)]
    left = g.uniform(0.08, 0.25)
    corner = (left - g.uniform(-0.03, 0.14), level)
    arm = line((left, g.uniform(0, 0.15)), corner, end)
    if g.random() < 0.3:  # round below, like a u
        arm = curve(tuple(arm[0]), (corner[0], level - 0.12), (corner[0] + 0.12, level), end)
    top = (stem + g.uniform(-0.02, 0.12), g.uniform(0, 0.35))
    return [arm, line(top, foot)]


def five(g: Generator) -> Strokes:
    """Return a 5: in one stroke, or with a roof of its own that need not touch."""
    left, waist = g.uniform(0.12, 0.28), g.uniform(0.36, 0.48)
    neck = (left - g.uniform(-0.02, 0.1), waist)
    bowl = [
        (g.uniform(0.4, 0.5), waist - g.uniform(-0.02, 0.08)),
        (g.uniform(0.75, 0.92), 0.68),
        (0.45, 1),
        (0.08, g.uniform(0.82, 0.96)),
    ]
    top = (left, g.uniform(0, 0.05))
    body = np.concatenate([line(top, neck), curve(neck, *bowl)[1:]])
    end = (g.uniform(0.68, 0.95), g.uniform(-0.03, 0.06))
    if g.random() < 0.5:
        return [np.concatenate([line(end, top), body[1:]])]
    start = (top[0] + g.uniform(-0.05, 0.14), top[1] + g.uniform(-0.08, 0.04))
    return [body, line(start, end)]


def six(g: Generator) -> Strokes:
    """Return a 6: straight or curled above, its bowl closed, overshot or a little open."""
    bowl, right = g.uniform(0.42, 0.62), g.uniform(0.68, 0.85)
    top = [(g.uniform(0.45, 0.78), 0), (g.uniform(0.28, 0.4), 0.27)]
    if g.random() < 0.4:
        top = [(0.74, g.uniform(0.08, 0.18)), (0.55, 0), (0.26, 0.25)]
    end = [(0.42, bowl), (0.16, g.uniform(0.68, 0.86))]
    if g.random() < 0.25:
        end = [(0.45, bowl), (0.26, bowl + 0.1), (0.36, bowl + g.uniform(0.16, 0.24))]
    return [curve(*top, (0.12, 0.66), (0.42, 1), (right, (1 + bowl) / 2), *end)]


def seven(g: Generator) -> Strokes:
    """Return a 7: plain or crossed, its roof flat or wavy, with a serif or a hook on the left."""
    right, left = g.uniform(0.75, 0.95), g.uniform(0.02, 0.18)
    level = g.uniform(0, 0.05)
    roof = line((left, level), (right, level + g.uniform(-0.04, 0.03)))
    if g.random() < 0.25:
        sag = g.uniform(0.01, 0.04)
        roof = curve((left, level + sag), (0.35, level - sag / 2), (0.6, level + sag), (right, 0))
    if g.random() < 0.3:
        serif = (left + g.uniform(-0.05, 0.04), level + g.uniform(0.05, 0.12))
        roof = np.concatenate([line(serif, tuple(roof[0])), roof[1:]])
    foot = (g.uniform(0.2, 0.6), 1)
    bend = g.uniform(-0.1, 0.06)
    knee = ((right + foot[0]) / 2 + bend, 0.5)
    strokes = [np.concatenate([roof, curve(tuple(roof[-1]), knee, foot)[1:]])]
    if g.random() < 0.5:
        half, tilt = g.uniform(0.12, 0.28), g.uniform(-0.06, 0.06)
        middle = g.uniform(0.4, 0.6)
        at = knee[0] + g.uniform(-0.06, 0.06)
        strokes.append(line((at - half, middle + tilt), (at + half, middle - tilt)))
    return strokes


def eight(g: Generator) -> Strokes:
    """Return an 8: of one stroke, open or closed above, or of two circles."""
    waist = g.uniform(0.4, 0.52)
    if g.random() < 0.3:
        above, below = g.uniform(0.17, 0.28), g.uniform(0.22, 0.34)
        aside = g.uniform(-0.06, 0.06)
        apart = g.uniform(-0.03, 0.02)
        upper = ring(g, (0.5 + aside, waist / 2), (above, waist / 2))
        return [upper, ring(g, (0.5, (1 + waist) / 2 + apart), (below, (1 - waist) / 2))]
    left, right = g.uniform(0.16, 0.28), g.uniform(0.72, 0.84)
    start = (g.uniform(0.6, 0.74), g.uniform(0.04, 0.14))
    end = (start[0] + g.uniform(-0.02, 0.12), start[1] + g.uniform(-0.06, 0.05))
    around = [(0.45, 0), (left + 0.04, waist / 2), (0.5, waist), (right, (1 + waist) / 2)]
    back = [(0.5, 1), (left, (1 + waist) / 2), (0.5, waist), (right - 0.02, waist / 2)]
    stroke = curve(start, *around, *back, end)
    if g.random() < 0.3:
        stroke = stroke * [-1, 1] + [1, 0]  # the other way round
    return [stroke]


def nine(g: Generator) -> Strokes:
    """Return a 9: its stem straight, slanted or hooked, its bowl closed or a little open."""
    height, across = g.uniform(0.2, 0.31), g.uniform(0.2, 0.32)
    right = 0.44 + across
    start = g.uniform(-60, -10)
    bowl = arc((0.44, height), (across, height), start, start - 360 + g.uniform(-20, 30))
    top = (right + g.uniform(-0.03, 0.04), g.uniform(0.02, height))
    kind = g.choice(["straight", "slanted", "hooked"])
    if kind == "hooked":
        stem = curve(top, (right, 0.6), (0.55, 1), (g.uniform(0.1, 0.25), g.uniform(0.82, 0.95)))
    else:
        foot = right + (g.uniform(-0.05, 0.05) if kind == "straight" else g.uniform(-0.4, -0.1))
        stem = curve(top, ((right + foot) / 2 + 0.02, 0.6), (foot, 1))
    return [bowl, stem] if g.random() < 0.5 else [np.concatenate([bowl, stem])]


SKELETONS: tuple[Callable[[Generator], Strokes], ...] = (
    *(zero, one, two, three, four),
    *(five, six, seven, eight, nine),
)


def vary(g: Generator, strokes: Strokes, slant: float = 0.28) -> Strokes:
    """Give a skeleton a hand: its slant, proportions, curves and unsteadiness.

    Args:
        g: the source of all chance.
        strokes: the skeleton.
        slant: how far the top may slide sideways, as a share of the height.

    Returns:
        The strokes, their longest side about 1.
    """
    lean, wide = g.uniform(-0.6 * slant, slant), np.exp(g.uniform(-0.4, 0.2))
    turn = g.normal(0, 0.06)
    bend = g.normal(0, 0.025, (2, KNOTS, KNOTS))
    wobble = abs(g.normal(0, 0.006))
    changed = []
    for stroke in strokes:
        moved = bent(stroke, bend)
        shake = np.cumsum(g.normal(0, wobble, stroke.shape), axis=0)
        moved += shake - np.linspace(0, 1, len(shake))[:, None] * shake[-1]
        x, y = (moved - 0.5).T
        x = (x - lean * y) * wide
        changed.append(np.column_stack([x - turn * y, y + turn * x]) + 0.5)
    return changed


def bent(stroke: np.ndarray, bend: np.ndarray) -> np.ndarray:
    """Return a stroke on paper that is pushed about smoothly.

    Args:
        stroke: array (n, 2), points (x, y), 0-1.
        bend: array (2, 4, 4): how far right and down the paper moves, at places 4 by 4.
    """
    at = np.clip(stroke, 0, 1) * (KNOTS - 1)
    across, down = (np.maximum(0, 1 - np.abs(at[:, i : i + 1] - np.arange(KNOTS))) for i in (0, 1))
    return stroke + np.einsum("nr,crk,nk->nc", down, bend, across)


def digit_strokes(g: Generator, digit: int) -> Strokes:
    """Return the strokes of a digit as one hand would write it."""
    # slanted further, a 1 with an upstroke and a 7 are no longer two
    return vary(g, SKELETONS[digit](g), slant=0.2 if digit in (1, 7) else 0.28)
