"""What is inside a network: weights before and after training, filters, maps, one sum."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize

from digitrec.figures.canvas import Figure, set_title
from digitrec.figures.images import show_image
from digitrec.figures.weights import AGAINST_TO_FOR
from digitrec.inside.windows import WindowSum

DARK_TO_BRIGHT = "inferno"  # as in the browser: dark is 0, bright is much


def show_before_after(before: np.ndarray, after: np.ndarray, neurons: Sequence[int]) -> Figure:
    """Draw the weights of some neurons before and after training, each in the place of its pixel.

    Args:
        before: array (n, 28, 28), the weights of the untrained network.
        after: array (n, 28, 28), those of the trained one.
        neurons: which of the n are drawn, one column each, from 0; titles count them from 1.
    """
    figure = Figure(1.15 * len(neurons) + 1.1, 2.7)
    axes = figure.subplots(2, len(neurons), squeeze=False)
    shown = np.stack([before[list(neurons)], after[list(neurons)]])
    most = strongest(shown)
    for row, name in enumerate(("before", "after")):
        for column, neuron in enumerate(neurons):
            ax = axes[row, column]
            signed_image(ax, shown[row, column], most)
            set_title(ax, f"neuron {neuron + 1}" if row == 0 else "")
        axes[row, 0].set_ylabel(f"{name} training", fontsize=9)
    signed_bar(figure, axes, most, "weight: below 0\nink holds back,\nabove 0 it drives")
    return figure


def show_filters(filters: np.ndarray, columns: int = 8) -> Figure:
    """Draw the filters of a convolution that looks at one map, each on a scale of its own.

    Args:
        filters: array (n, rows, columns), float; titles count them from 1.
        columns: filters per row.
    """
    rows = (len(filters) + columns - 1) // columns
    figure = Figure(1.0 * columns + 1.1, 1.2 * rows)
    axes = figure.subplots(rows, columns, squeeze=False)
    for ax in axes.flat[len(filters) :]:
        ax.axis("off")
    for number, (one, ax) in enumerate(zip(filters, axes.flat, strict=False), 1):
        signed_image(ax, one, strongest(one))
        set_title(ax, f"filter {number}")
    signed_bar(figure, axes, 1, "weight, as a share of\nthe filter's strongest")
    return figure


def show_maps(image: np.ndarray, layers: dict[str, np.ndarray], most: int = 8) -> Figure:
    """Draw an image and the maps that each layer makes of it, the liveliest first.

    Args:
        image: array (28, 28), uint8 0-255.
        layers: by name, maps (rows, columns, n), float; dark is the least of a layer, bright the
            most. Titles count the maps from 1.
        most: how many of each layer are drawn.
    """
    figure = Figure(1.0 * most + 1.6, 1.15 * len(layers) + 0.3)
    grid = figure.add_gridspec(len(layers), most + 1, width_ratios=[1.5] + [1] * most)
    show_image(image, "the image", figure.add_subplot(grid[:, 0]))
    for row, (name, maps) in enumerate(layers.items()):
        top, bottom = float(maps.max()), float(min(maps.min(), 0))
        for column, number in enumerate(liveliest(maps)[:most]):
            ax = figure.add_subplot(grid[row, column + 1])
            ax.imshow(
                maps[:, :, number], cmap=DARK_TO_BRIGHT, vmin=bottom, vmax=max(top, bottom + 1e-9)
            )
            ax.set_xticks([])
            ax.set_yticks([])
            set_title(ax, f"map {number + 1}")
            if column == 0:
                ax.set_ylabel(f"{name}\n{maps.shape[2]} maps\nof {len(maps)}x{maps.shape[1]}")
    return figure


def liveliest(maps: np.ndarray) -> np.ndarray:
    """Return the numbers of maps (rows, columns, n), those that hold most first."""
    return np.argsort(-maps.sum(axis=(0, 1)), kind="stable")


def show_sum(found: WindowSum, channel: int = 0) -> Figure:
    """Draw a window, its filter and their products, with each value written into its place.

    Args:
        found: a sum taken apart.
        channel: which of the maps that the window looks at, from 0.
    """
    figure = Figure(9, 3.2)
    parts = {
        "what lies under the window": found.values[:, :, channel],
        "times the filter": found.weights[:, :, channel],
        f"gives the products; together {found.by_map[channel]:+.3f}": found.products[:, :, channel],
    }
    for ax, (name, values) in zip(figure.subplots(1, 3), parts.items(), strict=True):
        most = strongest(values)
        signed_image(ax, values, most)
        set_title(ax, name)
        for (row, column), value in np.ndenumerate(values):
            colour = "white" if abs(value) > 0.75 * most else "black"
            text = f"{value:.2f}".replace("-0.00", "0.00")
            ax.text(column, row, text, ha="center", va="center", fontsize=8, color=colour)
    return figure


def strongest(values: np.ndarray) -> float:
    """Return the largest size of a value, or 1 where all are 0, as the end of a scale."""
    return float(np.abs(values).max()) or 1.0


def signed_image(ax: Axes, values: np.ndarray, most: float) -> None:
    """Draw values with a sign: blue above 0, orange below, white at 0."""
    ax.imshow(values, cmap=AGAINST_TO_FOR, vmin=-most, vmax=most)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines[:].set_color("#bbbbbb")


def signed_bar(figure: Figure, axes: np.ndarray, most: float, words: str) -> None:
    """Draw what the colours of `signed_image` mean, beside all of its pictures."""
    scale = ScalarMappable(Normalize(-most, most), AGAINST_TO_FOR)
    bar = figure.colorbar(scale, ax=axes, shrink=0.9, aspect=20)
    bar.set_label(words, fontsize=8)
    bar.ax.tick_params(labelsize=8)
