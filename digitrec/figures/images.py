"""Images as pictures: one, with its values, or many in a grid."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from digitrec.figures.canvas import Figure, new_axes, set_title
from digitrec.mnist import Digits
from digitrec.reading.pictures import reduce

PAPER_TO_INK = "gray_r"  # 0 is drawn white, 255 black


def show_image(
    image: np.ndarray, title: str = "", ax: Axes | None = None, longest: int = 120
) -> Axes:
    """Draw one image, 0 as white paper and 255 as black ink.

    Args:
        image: array (h, w), uint8 0-255, or (h, w, 3) RGB, which keeps its colours.
        title: text above it, often the name of a file: a `$` in it is no formula.
        ax: where to draw.
        longest: pixels that are drawn of the longer side; a whole photo would bloat the notebook.
    """
    ax = new_axes(ax, 2.4, 2.6)
    height, width = image.shape[:2]
    extent = (-0.5, width - 0.5, height - 0.5, -0.5)
    ax.imshow(reduce(image, longest), cmap=PAPER_TO_INK, vmin=0, vmax=255, extent=extent)
    set_title(ax, title)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines[:].set_color("#bbbbbb")
    return ax


def show_pixels(image: np.ndarray, title: str = "", ax: Axes | None = None) -> Axes:
    """Draw one 28x28 image with the value of each pixel written into it."""
    ax = show_image(image, title, new_axes(ax, 9, 9.2))
    for (row, column), value in np.ndenumerate(image):
        colour = "white" if value > 127 else "black"
        ax.text(column, row, value, ha="center", va="center", fontsize=6, color=colour)
    ax.set_xlabel("column")
    ax.set_ylabel("row")
    ax.set_xticks(range(0, image.shape[1], 3))
    ax.set_yticks(range(0, image.shape[0], 3))
    return ax


def show_images(
    images: Sequence[np.ndarray], titles: Sequence[object] | None = None, columns: int = 10
) -> Figure:
    """Draw images in a grid, each with its own title.

    Args:
        images: arrays (h, w), uint8 0-255.
        titles: one for each image, or None.
        columns: images per row.

    Raises:
        ValueError: the number of titles is not the number of images.
    """
    if titles is not None and len(titles) != len(images):
        raise ValueError(f"{len(images)} images came with {len(titles)} titles, expected as many")
    rows = -(-len(images) // columns)
    height = 1.0 if titles is None else 1.25
    figure = Figure(columns, rows * height)
    axes = figure.subplots(rows, columns, squeeze=False)
    for ax in axes.flat[len(images) :]:
        ax.axis("off")
    for index, (image, ax) in enumerate(zip(images, axes.flat, strict=False)):
        show_image(image, "" if titles is None else str(titles[index]), ax)
    return figure


def show_digits(digits: Digits, columns: int = 10) -> Figure:
    """Draw labelled digits in a grid, each with its label above it."""
    return show_images(digits.images, digits.labels, columns)


def show_corruptions(corrupted: dict[str, Sequence[np.ndarray]]) -> Figure:
    """Draw one digit under each corruption, one column for each, one row for each severity.

    Args:
        corrupted: by the name of a corruption, images (28, 28), uint8 0-255, severity 0 first.
    """
    rows = len(next(iter(corrupted.values())))
    figure = Figure(len(corrupted), rows)
    axes = figure.subplots(rows, len(corrupted), squeeze=False)
    for column, (name, images) in enumerate(corrupted.items()):
        for severity, image in enumerate(images):
            show_image(image, "" if severity else name, axes[severity, column])
    for severity, ax in enumerate(axes[:, 0]):
        ax.set_ylabel(severity, rotation=0, va="center", labelpad=8)
    figure.supylabel("severity", fontsize=10)
    return figure
