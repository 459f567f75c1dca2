"""What more neurons and more images change."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator, PercentFormatter

from digitrec.figures.canvas import RIGHT, WRONG, new_axes

LOOKS = (("o-", RIGHT), ("s--", WRONG), ("^:", "black"), ("D-.", "#009e73"))


def plot_fits(
    values: Sequence[int],
    training: Sequence[float],
    validation: Sequence[float],
    x: str,
    title: str,
    ax: Axes | None = None,
) -> Axes:
    """Draw accuracy on the training and on the validation set over one thing that was changed.

    Args:
        values: what was changed, from small to large, such as the number of neurons.
        training: the accuracy on the training set for each value, 0-1.
        validation: the same on the validation set.
        x: what was changed, in words.
        title: what the plot says.
        ax: where to draw.
    """
    ax = new_axes(ax, 7, 3.4)
    ax.plot(values, training, "o-", color=RIGHT, label="training set")
    ax.plot(values, validation, "s--", color=WRONG, label="validation set")
    ax.fill_between(values, validation, training, color="gray", alpha=0.15)
    ax.set_title(title)
    ax.legend(loc="lower right")
    return over_powers(ax, values, x)


def plot_learning_curves(
    sizes: Sequence[int],
    accuracies: dict[str, np.ndarray],
    title: str,
    ax: Axes | None = None,
) -> Axes:
    """Draw the accuracy of several recognisers over the number of images they know.

    Args:
        sizes: numbers of images, from small to large.
        accuracies: by recogniser, arrays (seeds, sizes), 0-1; drawn are their means, and bars from
            the lowest to the highest. Up to four.
        title: what the plot says.
        ax: where to draw.

    Raises:
        ValueError: there are more than four recognisers.
    """
    if len(accuracies) > len(LOOKS):
        raise ValueError(f"{len(accuracies)} recognisers came, expected at most {len(LOOKS)}")
    ax = new_axes(ax, 7, 3.6)
    for (name, shares), (look, colour) in zip(accuracies.items(), LOOKS, strict=False):
        runs = np.asarray(shares)
        mean = runs.mean(axis=0)
        reach = [mean - runs.min(axis=0), runs.max(axis=0) - mean]
        ax.errorbar(sizes, mean, reach, fmt=look, color=colour, markersize=5, capsize=3, label=name)
    ax.set_title(title)
    ax.legend(loc="lower right")
    return over_powers(ax, sizes, "training images")


def over_powers(ax: Axes, values: Sequence[int], x: str) -> Axes:
    """Let each step to the right on the horizontal axis be a multiple, and name the axes."""
    ax.set_xscale("log")
    ax.set_xticks(values, [f"{value:,}" for value in values])
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set_xlabel(x)
    ax.set_ylabel("accuracy")
    ax.yaxis.set_major_formatter(PercentFormatter(1))
    ax.grid(alpha=0.3)
    return ax
