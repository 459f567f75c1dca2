"""Ways of writing a digit that the network in the box was not trained on.

`strokes.py` has the usual ways, and the network learned from them. People have more: a 1 with an
upstroke as flat as a roof, a 4 like a lightning, a 6 or a 0 that stays open, an 8 like a pretzel.
Each way is a skeleton as in `strokes.py`; its range is what `g` is asked for.
"""

from collections.abc import Callable

import numpy as np
import strokes
from strokes import Generator, Strokes, arc, curve, line, ring


def open_zero(g: Generator) -> Strokes:
    """Return a 0 that stays open above, by up to a sixth of its round, or ends in a curl inside."""
    start, gap = g.uniform(-120, -50), g.uniform(10, 60)
    oval = arc((0.5, 0.5), (g.uniform(0.2, 0.5), 0.5), start, start - 360 + gap)
    inwards = np.linspace(0, g.uniform(-0.1, 0.3), len(oval))[:, None] ** 2
    return [oval + inwards * ([0.5, 0.5] - oval)]


def knotted_zero(g: Generator) -> Strokes:
    """Return a 0 that ends in a small tail beyond its beginning, above on the right."""
    across = g.uniform(0.25, 0.45)
    oval = arc((0.5, 0.5), (across, 0.5), -80, -430)
    tail = curve(tuple(oval[-1]), (0.6, g.uniform(0.1, 0.2)), (0.5 + across, g.uniform(-0.1, 0.05)))
    return [np.concatenate([oval, tail[1:]])]


def roof_one(g: Generator) -> Strokes:
    """Return a 1 with a long upstroke at a flat angle, 30 to 55 degrees, with or without a foot."""
    lean, reach = g.uniform(-0.06, 0.06), g.uniform(0.35, 0.7)
    drop = reach * np.tan(np.radians(g.uniform(30, 55)))
    sag = g.uniform(-0.05, 0.1)
    up = curve(
        (0.7 - reach, drop), (0.7 - reach / 2 + sag * drop, drop / 2 + sag * reach), (0.7, 0)
    )
    written = [np.concatenate([up, line((0.7, 0), (0.7 + lean, 1))[1:]])]
    if g.random() < 0.3:
        half = g.uniform(0.15, 0.3)
        written.append(line((0.7 + lean - half, 1), (0.7 + lean + half, 1)))
    return written


def looped_two(g: Generator) -> Strokes:
    """Return a 2 with a big loop below, a curl above or none, and a wave for its base."""
    curl, size = g.uniform(0, 0.14), g.uniform(0.8, 1.6)
    left = g.uniform(0.05, 0.15)
    return [
        curve(
            (0.16 + 1.2 * curl, 0.24 + curl),
            (0.12, g.uniform(0.12, 0.22)),
            (0.42, 0),
            (g.uniform(0.72, 0.88), 0.24),
            (0.52, 0.62),
            (left + 0.1, 0.96),
            (left - 0.08 * size, 0.98),
            (left - 0.06 * size, 1 - 0.14 * size),
            (left + 0.18, 1 - 0.13 * size),
            (0.6, 1.0),
            (g.uniform(0.85, 1.1), g.uniform(0.82, 0.95)),
        )
    ]


def looped_three(g: Generator) -> Strokes:
    """Return a 3 with a large loop in its middle, and a foot that curls or ends early."""
    size = g.uniform(0.6, 1.3)
    return [
        curve(
            (g.uniform(0.1, 0.25), g.uniform(0.06, 0.2)),
            (0.45, 0),
            (g.uniform(0.68, 0.82), 0.2),
            (0.52, 0.43),
            (0.42 - 0.16 * size, 0.46),
            (0.42 - 0.1 * size, 0.46 - 0.1 * size),
            (0.5, 0.45),
            (g.uniform(0.76, 0.92), 0.72),
            (0.45, 1),
            (g.uniform(0.05, 0.2), g.uniform(0.8, 0.92)),
        )
    ]


def lightning_four(g: Generator) -> Strokes:
    """Return a 4 in one go, like a lightning: down, along the bar, and from its end down again."""
    level, end = g.uniform(0.42, 0.6), g.uniform(0.68, 0.85)
    rise = g.uniform(0.04, 0.25)  # of the stem above the bar
    corner, bar = (g.uniform(0, 0.12), level), (end, level - g.uniform(0, 0.08))
    foot = (end - g.uniform(0.05, 0.25), 1)
    top = (g.uniform(0.25, 0.5), 0)
    return [line(top, corner, bar, (bar[0] + 0.02, bar[1] - rise), foot)]


def cross_four(g: Generator) -> Strokes:
    """Return a 4 whose bar goes far beyond a short stem, its arm nearly upright."""
    level, left = g.uniform(0.5, 0.72), g.uniform(0.05, 0.25)
    stem, top = g.uniform(0.48, 0.68), g.uniform(0.15, 0.4)
    arm = line((left + g.uniform(0, 0.15), 0), (left, level), (g.uniform(0.85, 1.1), level))
    return [arm, line((stem + g.uniform(0, 0.08), top), (stem - g.uniform(0, 0.08), 1))]


def smooth_five(g: Generator) -> Strokes:
    """Return a 5 like an S, in one curve without a corner."""
    return [
        curve(
            (g.uniform(0.75, 0.98), g.uniform(0, 0.08)),
            (0.5, g.uniform(-0.02, 0.03)),
            (g.uniform(0.2, 0.32), g.uniform(0.2, 0.28)),
            (0.5, g.uniform(0.42, 0.5)),
            (g.uniform(0.76, 0.9), 0.72),
            (0.48, 1),
            (g.uniform(0.04, 0.2), g.uniform(0.84, 0.95)),
        )
    ]


def angular_five(g: Generator) -> Strokes:
    """Return a 5 of straight lines, its roof apart by up to a tenth of the height."""
    left, waist, right = g.uniform(0.15, 0.3), g.uniform(0.38, 0.5), g.uniform(0.7, 0.85)
    belly, foot = (right, waist + g.uniform(0.02, 0.12)), (right - g.uniform(0, 0.12), 1)
    body = line((left, 0), (left - 0.04, waist), belly, foot, (g.uniform(0.05, 0.2), 0.97))
    up, apart = g.uniform(0, 0.1), g.uniform(0, 0.1)
    return [body, line((left + apart, -up), (g.uniform(0.75, 1), -up + g.uniform(-0.05, 0.03)))]


def open_six(g: Generator) -> Strokes:
    """Return a 6 whose bowl stays open: it ends before it comes back to the back."""
    low = g.uniform(0.5, 0.62)
    return [
        curve(
            (g.uniform(0.5, 0.85), g.uniform(0, 0.06)),
            (g.uniform(0.28, 0.4), 0.25),
            (0.12, 0.65),
            (0.4, 1),
            (g.uniform(0.68, 0.82), 0.5 + low / 2),
            (g.uniform(0.42, 0.52), low),
            (g.uniform(0.24, 0.36), low + g.uniform(0.06, 0.16)),
        )
    ]


def straight_six(g: Generator) -> Strokes:
    """Return a 6 with a back as straight as a ruler and a small or wide round bowl, like a b."""
    top, bowl = g.uniform(0.12, 0.6), g.uniform(0.16, 0.27)
    left = g.uniform(0.08, 0.18)
    round_ = arc((left + bowl * 1.1, 1 - bowl), (bowl * 1.1, bowl), 180, -195)
    return [np.concatenate([line((top, 0), tuple(round_[0])), round_[1:]])]


def serif_seven(g: Generator) -> Strokes:
    """Return a crossed 7 with a long serif, its stem straight or bent like a sickle."""
    right, left = g.uniform(0.75, 0.95), g.uniform(0, 0.15)
    serif = (left - g.uniform(-0.04, 0.08), g.uniform(0.1, 0.24))
    roof = line(serif, (left, g.uniform(0, 0.06)), (right, g.uniform(-0.02, 0.05)))
    foot, knee = (g.uniform(0.15, 0.55), 1), g.uniform(-0.14, 0.04)
    middle = ((right + foot[0]) / 2 + knee, 0.5)
    stem = curve(tuple(roof[-1]), middle, foot)
    half, tilt = g.uniform(0.15, 0.33), g.uniform(-0.1, 0.1)
    cross = line((middle[0] - half, 0.5 + tilt), (middle[0] + half, 0.5 - tilt))
    return [np.concatenate([roof, stem[1:]]), cross]


def snowman_eight(g: Generator) -> Strokes:
    """Return an 8 of two circles, one aside of the other, that overlap or hardly touch."""
    above, below = g.uniform(0.16, 0.26), g.uniform(0.22, 0.3)
    aside, apart = g.uniform(-0.1, 0.1), g.uniform(-0.04, 0.03)
    upper = ring(g, (0.5 + aside, above), (above * g.uniform(0.8, 1.2), above))
    middle = 2 * above + below + apart
    return [upper, ring(g, (0.5, middle), (below * g.uniform(0.8, 1.3), below))]


def pretzel_eight(g: Generator) -> Strokes:
    """Return an 8 that begins inside and ends far beyond, so that it is open above."""
    waist, flip = g.uniform(0.42, 0.52), g.random() < 0.4
    written = curve(
        (g.uniform(0.62, 0.74), g.uniform(0.1, 0.2)),
        (0.42, 0),
        (g.uniform(0.2, 0.3), waist / 2),
        (0.5, waist),
        (g.uniform(0.74, 0.85), (1 + waist) / 2),
        (0.48, 1),
        (g.uniform(0.15, 0.26), (1 + waist) / 2),
        (0.48, waist + 0.02),
        (g.uniform(0.68, 0.8), waist / 2),
        (g.uniform(0.76, 0.95), g.uniform(-0.1, 0.02)),
    )
    return [written * [-1, 1] + [1, 0] if flip else written]


def closed_eight(g: Generator) -> Strokes:
    """Return an 8 that is an S, closed by a straight line from its foot to its beginning."""
    start = (g.uniform(0.66, 0.82), g.uniform(0.06, 0.16))
    around = [(0.44, 0), (g.uniform(0.18, 0.28), 0.22), (0.5, 0.47), (g.uniform(0.74, 0.86), 0.76)]
    foot = (g.uniform(0.16, 0.26), g.uniform(0.8, 0.9))
    letter = curve(start, *around, (0.46, 1), foot)
    return [np.concatenate([letter, line(foot, start)[1:]])]


def letter_nine(g: Generator) -> Strokes:
    """Return a 9 like a g: its stem goes far down and far back to the left, and curls up."""
    height, across = g.uniform(0.17, 0.26), g.uniform(0.2, 0.32)
    right = 0.46 + across
    bowl = arc((0.46, height), (across, height), -40, -40 - 360 + g.uniform(-15, 30))
    hook = [(g.uniform(0.34, 0.5), 1), (g.uniform(0.02, 0.15), g.uniform(0.76, 0.9))]
    stem = curve((right + 0.02, height * 0.5), (right + 0.02, 0.55), (right - 0.06, 0.88), *hook)
    return [bowl, stem]


def open_nine(g: Generator) -> Strokes:
    """Return a 9 whose bowl stays a little open above, with a long straight or slanted stem."""
    height, across = g.uniform(0.2, 0.3), g.uniform(0.2, 0.3)
    start = g.uniform(-65, -35)
    bowl = arc((0.44, height), (across, height), start, -350)
    top = (0.44 + across + g.uniform(0, 0.03), g.uniform(0, 0.08))
    return [bowl, line(top, (top[0] - g.uniform(-0.02, 0.3), 1))]


WAYS: tuple[tuple[Callable[[Generator], Strokes], ...], ...] = (
    (strokes.zero, open_zero, knotted_zero),
    (strokes.one, roof_one),
    (strokes.two, looped_two),
    (strokes.three, looped_three),
    (strokes.four, lightning_four, cross_four),
    (strokes.five, smooth_five, angular_five),
    (strokes.six, open_six, straight_six),
    (strokes.seven, serif_seven),
    (strokes.eight, snowman_eight, pretzel_eight, closed_eight),
    (strokes.nine, letter_nine, open_nine),
)
