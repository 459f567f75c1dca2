"""What more neurons and more images change."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator, PercentFormatter

from digitrec.figures.canvas import RIGHT, WRONG, Figure, new_axes

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
    sizes: Sequence[int], accuracies: dict[str, dict[str, np.ndarray]], title: str
) -> Figure:
    """Draw the accuracy of several recognisers over the number of images they know.

    Args:
        sizes: numbers of images, from small to large.
        accuracies: by what was read, one plot for each, and then by recogniser, up to four: arrays
            (seeds, sizes), 0-1. Drawn are their means, and bars from the lowest to the highest.
        title: what the figure says.

    Raises:
        ValueError: there are more than four recognisers.
    """
    figure = Figure(10, 4)
    axes = figure.subplots(1, len(accuracies), sharey=True, squeeze=False)[0]
    for ax, (read, curves) in zip(axes, accuracies.items(), strict=True):
        draw_with_spread(ax, sizes, curves)
        ax.set_title(read, fontsize=10)
        ax.legend(loc="lower right")
        over_powers(ax, sizes, "training images")
        ax.tick_params(axis="x", labelrotation=30)  # 30,000 and 55,000 are close to each other
        ax.label_outer()
    figure.suptitle(title)
    return figure


def draw_with_spread(
    ax: Axes, numbers: Sequence[int], accuracies: Mapping[str, np.ndarray]
) -> None:
    """Draw for each recogniser the mean of several runs, and bars from the lowest to the highest.

    Raises:
        ValueError: there are more than four recognisers.
    """
    if len(accuracies) > len(LOOKS):
        raise ValueError(f"{len(accuracies)} recognisers came, expected at most {len(LOOKS)}")
    for (name, shares), (look, colour) in zip(accuracies.items(), LOOKS, strict=False):
        runs = np.asarray(shares)
        mean = runs.mean(axis=0)
        reach = [mean - runs.min(axis=0), runs.max(axis=0) - mean]
        reach = np.maximum(reach, 0)  # the mean of equal numbers may be off by rounding
        style = {"fmt": look, "color": colour, "markersize": 5, "capsize": 3}
        ax.errorbar(numbers, mean, reach, **style, label=name)


def over_powers(ax: Axes, values: Sequence[int], x: str) -> Axes:
    """Let each step to the right on the horizontal axis be a multiple, and name the axes."""
    ax.set_xscale("log")
    ax.set_xticks(values, [f"{value:,}" for value in values])
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set_xlabel(x)
    ax.set_ylabel("accuracy")
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.grid(alpha=0.3)
    return ax
