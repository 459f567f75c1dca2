"""A dense network drawn as columns of neurons."""

import itertools
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patches import Rectangle

from digitrec.figures.canvas import RIGHT, new_axes
from digitrec.figures.images import PAPER_TO_INK

MOST_DRAWN = 10  # neurons of a layer that are drawn one by one
OUTER = 4  # at each end of a layer that has more; dots stand for the others
LINE, NEURON, EDGE = "#c8c8c8", "#e8f1f8", "#333333"
TALL = 10.0  # of the longest column there is, in units of the drawing
APART = 5.2  # two columns
SIDE = 4.8  # of the image
INCH = 0.34  # a unit


def draw_network(
    sizes: Sequence[int], image: np.ndarray | None = None, title: str = "", ax: Axes | None = None
) -> Axes:
    """Draw a dense network from its inputs on the left to its answers on the right.

    Of a large layer, a few neurons stand for all, with dots between them. One neuron of the first
    layer is drawn with all its lines in another colour: each line is one weight.

    Args:
        sizes: how many inputs, then how many neurons in each layer, as in (784, 128, 128, 10).
        image: array (28, 28), uint8 0-255, that is drawn before the inputs; None draws none.
        title: what the figure says.
        ax: where to draw.

    Raises:
        ValueError: there is no layer, or one without a neuron.
    """
    if len(sizes) < 2 or min(sizes) < 1:
        raise ValueError(f"sizes are {list(sizes)}, expected inputs and layers, each 1 or more")
    columns = [neuron_places(size, number * APART) for number, size in enumerate(sizes)]
    half = max(column[0, 1] for column in columns)
    left = -1.6 if image is None else -SIDE - 3.2
    right = (len(sizes) - 1) * APART + 2.2
    ax = new_axes(ax, (right - left) * INCH, (2 * half + 5) * INCH)
    for before, after in itertools.pairwise(columns):
        join(ax, before, after, color=LINE, linewidth=0.5, zorder=1)
    watched = columns[1][:1]
    join(ax, columns[0], watched, color=RIGHT, linewidth=1.3, zorder=2)
    for number, (size, column) in enumerate(zip(sizes, columns, strict=True)):
        draw_neurons(ax, column, NEURON)
        x = number * APART
        if size > MOST_DRAWN:
            ax.text(x, 0, "⋮", ha="center", va="center", fontsize=18)
        words = layer_words(size, number, number == len(sizes) - 1)
        ax.text(x, -half - 0.9, words, ha="center", va="top", fontsize=9)
        if number:
            words = f"{sizes[number - 1]:,} x {size:,} weights\n+ {size:,} biases"
            ax.text(x - APART / 2, half + 0.7, words, ha="center", va="bottom", fontsize=9)
    draw_neurons(ax, watched, RIGHT)
    if sizes[-1] == 10:
        for digit, (x, y) in enumerate(columns[-1]):
            ax.text(x + 0.6, y, digit, ha="left", va="center_baseline", fontsize=11)
    if image is not None:
        draw_image(ax, image, left + 0.4)
    ax.set_xlim(left, right)
    ax.set_ylim(-half - 2.7, half + 2.3)
    ax.set_aspect("equal")
    ax.axis("off")
    ax.set_title(title)
    return ax


def neuron_places(size: int, x: float) -> np.ndarray:
    """Return where the neurons of a layer are drawn, array (n, 2), from top to bottom."""
    if size <= MOST_DRAWN:
        reach = min(TALL / 2, size - 1)
        heights = np.linspace(reach, -reach, size)
    else:
        top = np.linspace(TALL / 2, 1.1, OUTER)
        heights = np.concatenate([top, -top[::-1]])
    return np.column_stack([np.full(len(heights), x), heights])


def draw_neurons(ax: Axes, places: np.ndarray, colour: str) -> None:
    """Draw a circle at each place."""
    ax.scatter(*places.T, s=110, color=colour, edgecolors=EDGE, linewidths=0.9, zorder=3)


def join(ax: Axes, before: np.ndarray, after: np.ndarray, **look: object) -> None:
    """Draw a line from each place to each other."""
    ax.add_collection(LineCollection([(a, b) for a in before for b in after], **look))


def layer_words(size: int, number: int, last: bool) -> str:
    """Return what stands below a layer."""
    if number == 0:
        return f"{size:,} inputs\none per pixel" if size == 784 else f"{size:,} inputs"
    if last:
        return f"{size:,} neurons, softmax\none per digit" if size == 10 else f"{size:,} neurons"
    return f"{size:,} neurons\nReLU"


def draw_image(ax: Axes, image: np.ndarray, left: float) -> None:
    """Draw the image before the inputs, with an arrow to them."""
    extent = (left, left + SIDE, -SIDE / 2, SIDE / 2)
    ax.imshow(image, cmap=PAPER_TO_INK, vmin=0, vmax=255, extent=extent)
    ax.add_patch(Rectangle(extent[::2], SIDE, SIDE, fill=False, edgecolor="#bbbbbb"))
    arrow = {"arrowstyle": "->", "color": EDGE}
    ax.annotate("", (-0.7, 0), (left + SIDE + 0.2, 0), arrowprops=arrow)
    ax.text(left + SIDE / 2, -SIDE / 2 - 0.4, "28 x 28 pixels", ha="center", va="top", fontsize=9)
