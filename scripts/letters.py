"""Letters drawn by a program: skeletons of letters that fonts draw otherwise than people write.

Most fonts with Greek letters are for print, and people write an alpha as a fish, a gamma as a
ribbon. Beside them are the Latin letters that are written in most school books in several ways.
"""

from collections.abc import Callable

import numpy as np
from strokes import Generator, Strokes, curve, line, ring


def alpha(g: Generator) -> Strokes:
    """Return an alpha: a fish in one stroke."""
    low, high = g.uniform(0.75, 1.0), g.uniform(0.0, 0.25)
    loop = [(0.6, 0.55), (0.35, 0.95), (0.05, 0.7), (0.05, 0.35), (0.35, 0.1), (0.62, 0.5)]
    return [curve((1.0, high), *loop, (g.uniform(0.85, 1.05), low))]


def beta(g: Generator) -> Strokes:
    """Return a beta: its stem reaches below its bowls."""
    waist = g.uniform(0.36, 0.46)
    bowls = [(0.15, 0.25), (0.45, 0), (0.72, 0.18), (0.35, waist), (0.8, 0.58), (0.55, 0.8)]
    return [curve((0, 1), (0.08, 0.6), *bowls, (0.15, g.uniform(0.68, 0.76)))]


def gamma(g: Generator) -> Strokes:
    """Return a gamma: a ribbon with a loop below, or a y with a straight tail."""
    width = g.uniform(0.04, 0.16)
    if g.random() < 0.6:
        below = [(0.5 + width, 0.85), (0.5, 1), (0.5 - width, 0.85), (0.55, 0.5)]
        return [curve((0, g.uniform(0.05, 0.2)), (0.2, 0.05), (0.45, 0.5), *below, (1, 0))]
    return [curve((0, 0.1), (0.2, 0), (0.5, 0.6)), line((1, 0), (g.uniform(0.3, 0.5), 1))]


def omega(g: Generator) -> Strokes:
    """Return a small omega, or a w with round feet."""
    dip = g.uniform(0.3, 0.6)
    left = [(0.15, 0), (0.0, 0.6), (0.22, 1), (0.5, dip)]
    return [curve(*left, (0.78, 1), (1, 0.6), (0.85, 0))]


def capital_omega(g: Generator) -> Strokes:
    """Return a capital omega: an arch on two feet."""
    arch = [(0.36, 1), (0.1, 0.6), (0.15, 0.2), (0.5, 0), (0.85, 0.2), (0.9, 0.6), (0.64, 1)]
    return [np.concatenate([line((0, 1), arch[0]), curve(*arch), line(arch[-1], (1, 1))])]


def pi(g: Generator) -> Strokes:
    """Return a pi."""
    legs = g.uniform(0.2, 0.35), g.uniform(0.65, 0.8)
    roof = curve((0, g.uniform(0.05, 0.15)), (0.2, 0), (0.6, 0.05), (1, 0))
    return [roof, *(curve((x, 0.03), (x, 0.6), (x + g.uniform(-0.15, 0.15), 1)) for x in legs)]


def phi(g: Generator) -> Strokes:
    """Return a phi: a ring with an upright line far beyond it on both sides."""
    reach = g.uniform(0.24, 0.32)
    return [ring(g, (0.5, 0.5), (g.uniform(0.28, 0.42), reach)), line((0.5, 0), (0.5, 1))]


def psi(g: Generator) -> Strokes:
    """Return a psi: a cup with a line through it."""
    return [
        curve((0, 0.05), (0.1, 0.5), (0.5, 0.65), (0.9, 0.5), (1, 0.05)),
        line((0.5, 0), (0.5, 1)),
    ]


def chi(g: Generator) -> Strokes:
    """Return a chi or a curly x."""
    bend = g.uniform(0.05, 0.2)
    falling = curve((0, 0.1), (bend, 0), (0.5, 0.5), (1 - bend, 1), (1, 0.9))
    return [falling, line((1, 0), (0, 1))]


def eta(g: Generator) -> Strokes:
    """Return an eta or an n, its right leg the longer one."""
    drop = g.uniform(0.65, 0.75)
    arch = curve((0.2, 0.45), (0.5, 0.02), (0.85, 0.2), (0.85, 0.6), (0.8, 1))
    return [line((0.1, 0), (0.2, drop)), arch]


def mu(g: Generator) -> Strokes:
    """Return a mu: a u on a long stem."""
    cup = [(0.2, 0.55), (0.45, 0.72), (0.75, 0.5), (0.8, 0)]
    return [line((0.25, 0), (0.1, 1)), curve(*cup), curve((0.8, 0), (0.78, 0.6), (1, 0.68))]


def capital_sigma(g: Generator) -> Strokes:
    """Return a capital sigma."""
    middle = (g.uniform(0.4, 0.6), g.uniform(0.45, 0.55))
    return [line((1, g.uniform(0, 0.1)), (0, 0), middle, (0, 1), (1, g.uniform(0.9, 1)))]


def letter_e(g: Generator) -> Strokes:
    """Return a small e in one curl."""
    bar = g.uniform(0.42, 0.58)
    return [curve((0.08, bar), (0.9, bar - 0.1), (0.5, 0), (0.03, 0.5), (0.45, 1), (0.95, 0.85))]


def capital_e(g: Generator) -> Strokes:
    """Return a capital E of four strokes, or round like an epsilon."""
    if g.random() < 0.4:
        return [
            curve(
                (0.9, 0.1),
                (0.4, 0),
                (0.15, 0.25),
                (0.55, 0.47),
                (0.05, 0.75),
                (0.45, 1),
                (0.95, 0.85),
            )
        ]
    wide = g.uniform(0.5, 0.8)
    return [
        line((0, 0), (0, 1)),
        *(line((0, y), (wide * g.uniform(0.7, 1), y)) for y in (0, 0.48, 1)),
    ]


def capital_f(g: Generator) -> Strokes:
    """Return a capital F."""
    wide = g.uniform(0.5, 0.8)
    return [line((wide, 0), (0, 0), (0, 1)), line((0, 0.48), (wide * g.uniform(0.6, 1), 0.48))]


def letter_a(g: Generator) -> Strokes:
    """Return a small a in one storey, its stem with a tail."""
    bowl = ring(g, (0.4, 0.5), (0.4, g.uniform(0.4, 0.5)))
    return [bowl, curve((0.82, 0.02), (0.8, 0.6), (0.88, 0.95), (1.05, 0.88))]


def letter_d(g: Generator) -> Strokes:
    """Return a small d: a bowl on the left of a tall stem."""
    bowl = ring(g, (0.35, 0.72), (0.3, 0.27))
    return [bowl, line((0.66, 0), (0.66, 1))]


def letter_r(g: Generator) -> Strokes:
    """Return a small r."""
    return [
        line((0.15, 0.05), (0.15, 1)),
        curve((0.15, 0.45), (0.4, 0.12), (0.85, g.uniform(0.02, 0.15))),
    ]


LETTERS: tuple[Callable[[Generator], Strokes], ...] = (
    *(alpha, alpha, beta, beta, gamma, gamma, omega, capital_omega, pi, phi, psi, chi, eta, mu),
    *(capital_sigma, letter_e, capital_e, capital_f, letter_a, letter_d, letter_r),
)
