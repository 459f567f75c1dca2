"""The weights of neurons as pictures: where ink speaks for an answer, and where against it."""

from collections.abc import Sequence

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from digitrec.figures.canvas import RIGHT, WRONG, Figure, set_title

AGAINST_TO_FOR = LinearSegmentedColormap.from_list(
    "against to for", ["#7a2e00", WRONG, "#f6c9a8", "white", "#a6cfe8", RIGHT, "#00304d"]
)
OUTLINED = 0.25  # of the strongest weight; solid lines around what is for, dashed around against
STRONGEST = 99.7  # percentile that gets the full colour, so that one pixel does not pale the others


def show_weights(
    weights: np.ndarray, titles: Sequence[object], title: str = "", columns: int = 5
) -> Figure:
    """Draw the weights of neurons that look at an image, each in the place of its pixel.

    All share one scale. What speaks for and what speaks against is told apart by colour, by
    outline (solid and dashed), and by the words at the colour bar.

    Args:
        weights: array (n, 28, 28), float, one for each neuron.
        titles: one for each neuron.
        title: text above all of them.
        columns: pictures per row.

    Raises:
        ValueError: the weights are no such array, are not finite, or the titles are not as many.
    """
    weights = np.asarray(weights, float)
    if weights.ndim != 3 or not len(weights) or not np.isfinite(weights).all():
        raise ValueError(
            f"weights have shape {weights.shape}, expected (n, 28, 28) and finite numbers"
        )
    if len(titles) != len(weights):
        raise ValueError(f"{len(weights)} neurons came with {len(titles)} titles, expected as many")
    most = float(np.percentile(np.abs(weights), STRONGEST)) or 1.0
    rows = (len(weights) + columns - 1) // columns
    figure = Figure(1.75 * columns + 1.2, 1.95 * rows + 0.4)
    axes = figure.subplots(rows, columns, squeeze=False)
    for ax in axes.flat:
        ax.axis("off")
    for ax, one, name in zip(axes.flat, weights, titles, strict=False):
        shown = ax.imshow(one, cmap=AGAINST_TO_FOR, vmin=-most, vmax=most)
        outline(ax, one, most)
        set_title(ax, str(name))
        ax.title.set_fontsize(12)
    bar = figure.colorbar(shown, ax=axes, shrink=0.85, aspect=25, ticks=[-most, 0, most])
    bar.ax.set_yticklabels(["ink here\nspeaks against", "does not\nmatter", "ink here\nspeaks for"])
    figure.suptitle(title)
    return figure


def outline(ax: object, weights: np.ndarray, most: float) -> None:
    """Draw lines around what speaks strongly: solid where it is for, dashed where it is against."""
    for sign, style in ((1, "solid"), (-1, "dashed")):
        if (sign * weights).max() > OUTLINED * most:
            look = {"colors": "black", "linewidths": 0.6, "linestyles": style, "alpha": 0.55}
            ax.contour(sign * weights, [OUTLINED * most], **look)
