"""What luck does to a measured accuracy."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from digitrec.figures.canvas import RIGHT, WRONG, new_axes


def plot_luck(scores: Sequence[float], truth: float, title: str, ax: Axes | None = None) -> Axes:
    """Draw how far measured accuracies lie around the true one, and the middle 95% of them.

    Args:
        scores: the accuracies of many tests, 0-1; at least one.
        truth: the true accuracy, 0-1.
        title: what the plot says.
        ax: where to draw.
    """
    ax = new_axes(ax, 7, 3.2)
    low, high = np.percentile(scores, [2.5, 97.5])
    ax.axvspan(low, high, color=RIGHT, alpha=0.15, label="the middle 95% of the tests")
    ax.hist(scores, bins=25, color="#9ecae1", edgecolor="black", linewidth=0.5)
    ax.axvline(truth, color=WRONG, linestyle="--", linewidth=2, label="the true accuracy")
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=1))
    ax.set_xlabel("accuracy in one test")
    ax.set_ylabel("tests")
    ax.set_title(title)
    ax.legend(loc="upper left", fontsize=8)
    return ax
