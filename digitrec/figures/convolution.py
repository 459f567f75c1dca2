"""What a convolution looks at: windows on a grid, windows on a digit, and sums before and after."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from digitrec.figures.canvas import RIGHT, WRONG, Figure, new_axes
from digitrec.figures.images import show_image
from digitrec.inside.receptive_field import Field

FIRST = {"edgecolor": RIGHT, "linewidth": 2.5, "facecolor": "none"}
NEXT = {"edgecolor": WRONG, "linewidth": 2, "linestyle": "--", "facecolor": "none"}


def plot_windows(
    side: int, window: int, stride: int = 1, padding: int = 0, ax: Axes | None = None
) -> Axes:
    """Draw the first window of a convolution on its grid, and the next one to the right.

    Args:
        side: how many values wide and high the map is.
        window: how many values wide and high a window is.
        stride: how many values it moves on at a time.
        padding: how many rows of zeros are laid around the map.
        ax: where to draw. Its title says how many sums there will be.
    """
    ax = new_axes(ax, 3, 3.2)
    for row in range(-padding, side + padding):
        for column in range(-padding, side + padding):
            inside = 0 <= row < side and 0 <= column < side
            shade = "#d9d9d9" if inside else "white"
            ax.add_patch(Rectangle((column, row), 1, 1, facecolor=shade, edgecolor="#999999"))
            if not inside:
                ax.text(column + 0.5, row + 0.5, "0", ha="center", va="center", color="#666666")
    for place, look in ((0, FIRST), (stride, NEXT)):
        ax.add_patch(Rectangle((place - padding, -padding), window, window, zorder=3, **look))
    sums = (side + 2 * padding - window) // stride + 1
    zeros = f"{padding} row of zeros around" if padding else "no padding"
    ax.set_title(f"steps of {stride}, {zeros}:\n{side}x{side} become {sums}x{sums}", fontsize=10)
    ax.set_xlim(-1.2, side + 1.2)
    ax.set_ylim(side + 1.2, -1.2)
    ax.set_aspect("equal")
    ax.axis("off")
    return ax


def plot_normalised(before: np.ndarray, after: np.ndarray) -> Figure:
    """Draw how the values of some maps are spread, before and after batch normalisation.

    Args:
        before: array (n, h, w, maps), what the maps hold before.
        after: array of the same shape, what they hold after it; up to four maps.
    """
    figure = Figure(9, 2.8)
    axes = figure.subplots(1, 2)
    titles = ("before: each map has a range of its own", "after: all maps have the same range")
    looks = (("-", RIGHT), ("--", WRONG), (":", "black"), ("-.", "#009e73"))
    for ax, values, title in zip(axes, (before, after), titles, strict=True):
        bins = np.linspace(*np.percentile(values, [0.5, 99.5]), 40)
        for number, (line, colour) in zip(range(values.shape[-1]), looks, strict=False):
            style = {"linestyle": line, "color": colour, "linewidth": 2}
            one_map = values[..., number].ravel()
            ax.hist(one_map, bins, histtype="step", label=f"map {number + 1}", **style)
        ax.set_title(title, fontsize=10)
        ax.set_xlabel("sum")
        ax.set_yticks([])
        ax.set_ylabel("how many")
    axes[0].legend(fontsize=8)
    return figure


def show_receptive_fields(
    image: np.ndarray, fields: Sequence[Field], titles: Sequence[str]
) -> Figure:
    """Draw, for some layers, which part of a digit the value in the middle of a map sees.

    Args:
        image: array (28, 28), uint8 0-255.
        fields: one for each layer, as `receptive_fields` returns them.
        titles: a name for each; the size of the part is written below it.
    """
    figure = Figure(2.5 * len(fields), 2.9)
    axes = figure.subplots(1, len(fields), squeeze=False)[0]
    for ax, field, title in zip(axes, fields, titles, strict=True):
        show_image(image, f"{title}\n{field.size}x{field.size} pixels", ax)
        middle = field.values // 2
        rows = field.pixels(middle)
        neighbours = [(middle, FIRST)]
        if middle + 1 < field.values:
            neighbours.append((middle + 1, NEXT))
        for position, look in neighbours:
            columns = field.pixels(position)
            corner = (columns.start - 0.5, rows.start - 0.5)
            ax.add_patch(Rectangle(corner, len(columns), len(rows), **look))
    return figure
