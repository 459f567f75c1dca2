"""A convolutional network in pictures: its windows, its layers, and what its values see."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from digitrec.figures.canvas import RIGHT, WRONG, Figure, new_axes
from digitrec.figures.images import show_image
from digitrec.figures.tables import show_table
from digitrec.inside.layers import multiplications
from digitrec.inside.receptive_field import Field

if TYPE_CHECKING:
    import keras

FIRST = {"edgecolor": RIGHT, "linewidth": 2.5, "facecolor": "none"}
NEXT = {"edgecolor": WRONG, "linewidth": 2, "linestyle": "--", "facecolor": "none"}


DOES = {
    "Rescaling": "0-255 becomes 0-1",
    "Reshape": "the image becomes one map",
    "Flatten": "rows become one list",
    "Conv2D": "sums windows over all maps",
    "BatchNormalization": "mean 0, spread 1 in each map",
    "ReLU": "below 0 becomes 0",
    "MaxPooling2D": "keeps the largest of 4 neighbours",
    "GlobalAveragePooling2D": "takes the mean of each map",
    "Dense": "weighs all values into answers",
    "Dropout": "leaves values out while training",
}


def show_layers(model: "keras.Sequential") -> None:
    """Display a network as a table: what each layer does, gives, has, and computes for one image.

    Args:
        model: a network whose layers follow each other.
    """
    rows = []
    for number, layer in enumerate(model.layers):
        kind = type(layer).__name__
        shape = " x ".join(str(length) for length in layer.output.shape[1:])
        counts = f"{layer.count_params():,}", f"{multiplications(layer):,}"
        rows.append((f"{number} {kind}", DOES.get(kind, ""), shape, *counts))
    total = f"{model.count_params():,}", f"{multiplications(model):,}"
    rows.append(("together", "", "", *total))
    show_table(["layer", "what it does", "what comes out", "weights", "multiplications"], rows)


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
    zeros = f"padding of {padding}" if padding else "no padding"
    ax.set_title(f"steps of {stride}, {zeros}:\n{side}x{side} become {sums}x{sums}", fontsize=10)
    ax.set_xlim(-1.2, side + 1.2)
    ax.set_ylim(side + 1.2, -1.2)
    ax.set_aspect("equal")
    ax.axis("off")
    return ax


def plot_normalised(before: np.ndarray, after: np.ndarray, names: Sequence[str]) -> Figure:
    """Draw how the values of some maps are spread, before and after batch normalisation.

    Args:
        before: array (n, h, w, maps), what the maps hold before.
        after: array of the same shape, what they hold after it.
        names: one for each map; up to four.

    Raises:
        ValueError: there are more than four names, or not as many as maps.
    """
    looks = (("-", RIGHT), ("--", WRONG), (":", "black"), ("-.", "#009e73"))
    if not len(names) == before.shape[-1] <= len(looks):
        raise ValueError(
            f"{before.shape[-1]} maps came with {len(names)} names, expected as many, up to 4"
        )
    figure = Figure(9, 2.8)
    axes = figure.subplots(1, 2)
    titles = ("before: each map has a range of its own", "after: mean 0 and spread 1 in each")
    for ax, values, title in zip(axes, (before, after), titles, strict=True):
        bins = np.linspace(values.min(), values.max(), 40)
        for number, (name, (line, colour)) in enumerate(zip(names, looks, strict=False)):
            style = {"linestyle": line, "edgecolor": colour, "linewidth": 2, "label": name}
            ax.hist(values[..., number].ravel(), bins, histtype="step", log=True, **style)
        ax.set_title(title, fontsize=10)
        ax.set_xlabel("value in the map")
        ax.set_ylabel("how many, in powers of 10")
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
