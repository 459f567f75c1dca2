"""Steps down a parabola, for every learning rate: creeping, converging, jumping, diverging."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from digitrec.figures.canvas import RIGHT, WRONG, Figure, new_axes

START, LOWEST = 0.0, 3.0  # where w begins, and where (w - 3)² is least
STEPS = 20
SEEN = (-2.0, 8.0)  # from where to where w is drawn
TOP = 27.0  # the largest loss that is drawn


@dataclass(frozen=True)
class Descent:
    """Twenty steps of gradient descent on the loss (w - 3)², from w = 0.

    Attributes:
        rate: the learning rate, above 0.
        places: array (21,), w before the first step and after each.

    >>> descent(0.2).places[:3].round(2).tolist()
    [0.0, 1.2, 1.92]
    """

    rate: float
    places: np.ndarray

    @property
    def factor(self) -> float:
        """What a step multiplies the distance from w to 3 with; below 0, w changes sides."""
        return 1 - 2 * self.rate

    @property
    def behaviour(self) -> str:
        """One of "creeps", "converges", "jumps" and "diverges"."""
        if self.factor < -1:
            return "diverges"
        if self.factor < 0:
            return "jumps"
        return "creeps" if self.factor**STEPS > 0.1 else "converges"

    @property
    def sentence(self) -> str:
        """What the steps do, in words."""
        if math.isclose(self.factor, -1):
            return "It jumps from one side to the other for ever, and comes no nearer."
        return {
            "creeps": "It creeps: the way is right, and after 20 steps it is still far from 3.",
            "converges": "It converges: each step is smaller than the last, and w comes to rest.",
            "jumps": "It jumps over the lowest point with each step, and comes nearer even so.",
            "diverges": "It diverges: each jump lands higher up than the last.",
        }[self.behaviour]


def descent(rate: float) -> Descent:
    """Take twenty steps down the parabola (w - 3)², from w = 0.

    Args:
        rate: the learning rate, above 0.
    """
    places = [START]
    for _ in range(STEPS):
        slope = 2 * (places[-1] - LOWEST)
        places.append(places[-1] - rate * slope)
    return Descent(rate, np.array(places))


def plot_descent(steps: Descent, ax: Axes | None = None) -> Axes:
    """Draw the parabola, and the way of the steps on it.

    Args:
        steps: from `descent`. What leaves the picture is not drawn.
        ax: where to draw.
    """
    ax = new_axes(ax, 6.2, 3.6)
    w = np.linspace(*SEEN, 201)
    ax.plot(w, (w - LOWEST) ** 2, color="gray", linewidth=1)
    colour = WRONG if steps.behaviour == "diverges" else RIGHT
    losses = (steps.places - LOWEST) ** 2
    ax.plot(steps.places, losses, "o-", color=colour, markersize=5, linewidth=1)
    first = steps.places[0], losses[0]
    style = {"textcoords": "offset points", "ha": "right", "fontsize": 8}
    ax.annotate("start", first, (-5, -10), **style)
    ax.set_xlim(*SEEN)
    ax.set_ylim(-1, TOP)
    ax.set_xlabel("w")
    ax.set_ylabel("loss (w - 3)²")
    ax.set_title(f"Learning rate {steps.rate:g}: it {steps.behaviour}")
    return ax


def plot_descents(rates: Sequence[float]) -> Figure:
    """Draw the steps of several learning rates beside each other.

    Args:
        rates: up to four learning rates, each above 0.
    """
    figure = Figure(10, 2.9)
    axes = figure.subplots(1, len(rates), sharey=True, squeeze=False)[0]
    for rate, ax in zip(rates, axes, strict=True):
        plot_descent(descent(rate), ax)
        ax.set_title(f"{rate:g}: it {descent(rate).behaviour}", fontsize=10)
        ax.label_outer()
    figure.suptitle("Twenty steps with four learning rates")
    return figure
