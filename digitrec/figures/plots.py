"""Every figure of the notebooks. Ink is dark and paper is light, as on paper.

Functions that draw one plot take `ax` (a new one is made without it) and return it. Functions that
draw several return the figure. `show` displays either with a text for screen readers.
"""

import io
from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter
from PIL import Image

from digitrec.mnist import Digits
from digitrec.reading.digit import Reading
from digitrec.reading.light import reduce
from digitrec.reading.page import Page

PAPER_TO_INK = "gray_r"  # 0 is drawn white, 255 black
RIGHT, WRONG = "#0072b2", "#d55e00"  # told apart by colour-blind readers, and never without words


def show(drawn: Axes | Figure, alt: str) -> None:
    """Display a figure and close it.

    Args:
        drawn: a figure, or axes of it.
        alt: what the figure shows, in words; stored with the picture for screen readers.
    """
    figure = drawn if isinstance(drawn, Figure) else drawn.figure
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", bbox_inches="tight")
    few_colours = Image.open(buffer).convert("RGB").quantize(96, dither=Image.Dither.NONE)
    buffer = io.BytesIO()
    few_colours.save(buffer, "PNG", optimize=True)  # a third of the size, and looks the same
    data = {"image/png": buffer.getvalue(), "text/plain": repr(figure)}
    display(data, raw=True, metadata={"image/png": {"alt": alt}})
    plt.close(figure)


def new_axes(ax: Axes | None, width: float, height: float) -> Axes:
    """Return the axes given, or new ones of a size in inches."""
    return ax or plt.subplots(figsize=(width, height), layout="constrained")[1]


def show_image(
    image: np.ndarray, title: str = "", ax: Axes | None = None, longest: int = 120
) -> Axes:
    """Draw one image, 0 as white paper and 255 as black ink.

    Args:
        image: array (h, w), uint8 0-255, or (h, w, 3) RGB, which keeps its colours.
        title: text above it.
        ax: where to draw.
        longest: pixels that are drawn of the longer side; a whole photo would bloat the notebook.
    """
    ax = new_axes(ax, 2.4, 2.6)
    height, width = image.shape[:2]
    extent = (-0.5, width - 0.5, height - 0.5, -0.5)
    ax.imshow(reduce(image, longest), cmap=PAPER_TO_INK, vmin=0, vmax=255, extent=extent)
    ax.set_title(title, fontsize=9)
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
        columns: images a row.

    Raises:
        ValueError: the number of titles is not the number of images.
    """
    if titles is not None and len(titles) != len(images):
        raise ValueError(f"{len(images)} images came with {len(titles)} titles, expected as many")
    rows = -(-len(images) // columns)
    height = 1.0 if titles is None else 1.25
    figure, axes = plt.subplots(
        rows, columns, figsize=(columns, rows * height), layout="constrained", squeeze=False
    )
    for ax in axes.flat[len(images) :]:
        ax.axis("off")
    for index, (image, ax) in enumerate(zip(images, axes.flat, strict=False)):
        show_image(image, "" if titles is None else str(titles[index]), ax)
    return figure


def show_digits(digits: Digits, columns: int = 10) -> Figure:
    """Draw labelled digits in a grid, each with its label above it."""
    return show_images(digits.images, digits.labels, columns)


def plot_bars(
    values: Sequence[float], x: str, y: str, title: str, ax: Axes | None = None, text: str = "{:,}"
) -> Axes:
    """Draw one bar for each of the ten digits, with its value written above it.

    Args:
        values: ten numbers, for the digits 0 to 9.
        x: what the horizontal axis shows.
        y: what the vertical axis shows.
        title: what the plot says.
        ax: where to draw.
        text: the form of the values, as for `str.format`.
    """
    ax = new_axes(ax, 7.5, 3.2)
    bars = ax.bar(range(10), values, color="#9ecae1", edgecolor="black", linewidth=0.5)
    ax.bar_label(bars, [text.format(value) for value in values], fontsize=8)
    ax.set_xticks(range(10))
    ax.set_xlabel(x)
    ax.set_ylabel(y)
    ax.set_title(title)
    ax.margins(y=0.12)
    return ax


def plot_curve(
    x: np.ndarray, y: np.ndarray, x_label: str, y_label: str, title: str, ax: Axes | None = None
) -> Axes:
    """Draw one curve y over x."""
    ax = new_axes(ax, 5, 3)
    ax.plot(x, y, color=RIGHT, linewidth=2)
    ax.set_xlabel(x_label)
    ax.set_ylabel(y_label)
    ax.set_title(title)
    ax.grid(alpha=0.3)
    return ax


def plot_two_histograms(
    values: dict[str, np.ndarray], x_label: str, title: str, ax: Axes | None = None
) -> Axes:
    """Draw two histograms over each other, each scaled to the same area.

    Args:
        values: two named arrays.
        x_label: what the values are.
        title: what the plot says.
        ax: where to draw.
    """
    ax = new_axes(ax, 7, 3.2)
    bins = np.linspace(*np.percentile(np.concatenate(list(values.values())), [0, 100]), 60)
    looks = ((RIGHT, "-"), (WRONG, "--"))
    for (name, sample), (colour, line) in zip(values.items(), looks, strict=True):
        style = {"color": colour, "linestyle": line, "linewidth": 2, "label": name}
        ax.hist(sample, bins, density=True, histtype="step", **style)
    ax.set_xlabel(x_label)
    ax.set_ylabel("share of pairs")
    ax.set_yticks([])
    ax.set_title(title)
    ax.legend()
    return ax


def plot_training(history: dict[str, Sequence[float]], title: str = "") -> Figure:
    """Draw loss and accuracy over the epochs, on the training and on the validation set.

    Args:
        history: what `train` returns: "loss", "accuracy", "val_loss" and "val_accuracy".
        title: text above both plots.
    """
    figure, axes = plt.subplots(1, 2, figsize=(9, 3.2), layout="constrained")
    figure.suptitle(title)
    for ax, name in zip(axes, ("loss", "accuracy"), strict=True):
        epochs = range(1, len(history[name]) + 1)
        ax.plot(epochs, history[name], "o-", color=RIGHT, label="training set")
        ax.plot(epochs, history[f"val_{name}"], "s--", color=WRONG, label="validation set")
        ax.set_xlabel("epoch")
        ax.set_ylabel(name)
        ax.xaxis.get_major_locator().set_params(integer=True)
        ax.legend()
    return figure


def plot_live_training(
    training: Sequence[tuple[float, float, float]],
    validation: Sequence[tuple[float, float, float]],
    epochs: int,
) -> Figure:
    """Draw loss and accuracy as far as training has come, in axes for all of it.

    Args:
        training: epochs done (in fractions), loss and accuracy on the training set.
        validation: the same on the validation set.
        epochs: how many there will be.
    """
    figure, axes = plt.subplots(1, 2, figsize=(9, 3.2), layout="constrained")
    looks = {"training set": (training, "-", RIGHT), "validation set": (validation, "s--", WRONG)}
    for column, (ax, name) in enumerate(zip(axes, ("loss", "accuracy"), strict=True), start=1):
        for label, (points, line, colour) in looks.items():
            done = [point[0] for point in points]
            ax.plot(done, [point[column] for point in points], line, color=colour, label=label)
        ax.set_xlim(0, epochs)
        ax.set_xlabel("epochs done")
        ax.set_ylabel(name)
        ax.grid(alpha=0.3)
        ax.legend()
    return figure


def plot_costs(costs: dict[str, Sequence[tuple[float, float]]]) -> Figure:
    """Draw the seconds of training over each thing that was varied, one plot for each.

    Args:
        costs: pairs of a value and its seconds, by the name of what was varied.
    """
    figure, axes = plt.subplots(1, len(costs), figsize=(10, 3), layout="constrained", sharey=True)
    for ax, (name, pairs) in zip(axes, costs.items(), strict=True):
        values, seconds = zip(*pairs, strict=True)
        ax.plot(values, seconds, "o-", color=RIGHT)
        ax.set_xticks(values, [f"{value:,}" for value in values])
        ax.set_xlabel(name)
        ax.grid(alpha=0.3)
    axes[0].set_ylim(bottom=0)  # shared by all, so only when everything is drawn
    axes[0].set_ylabel("seconds of training")
    return figure


def show_corruptions(corrupted: dict[str, Sequence[np.ndarray]]) -> Figure:
    """Draw one digit under each corruption, one column for each, one row for each severity.

    Args:
        corrupted: by the name of a corruption, images (28, 28), uint8 0-255, severity 0 first.
    """
    rows = len(next(iter(corrupted.values())))
    figure, axes = plt.subplots(
        rows, len(corrupted), figsize=(len(corrupted), rows), layout="constrained", squeeze=False
    )
    for column, (name, images) in enumerate(corrupted.items()):
        for severity, image in enumerate(images):
            show_image(image, "" if severity else name, axes[severity, column])
    for severity, ax in enumerate(axes[:, 0]):
        ax.set_ylabel(severity, rotation=0, va="center", labelpad=8)
    figure.supylabel("severity", fontsize=10)
    return figure


def plot_robustness(accuracies: dict[str, dict[str, Sequence[float]]]) -> Figure:
    """Draw accuracy against the severity of each corruption, one line for each network.

    Args:
        accuracies: by the name of a network, and then of a corruption, shares 0-1, severity 0
            first; up to three networks, with the same corruptions.

    Raises:
        ValueError: there are more than three networks.
    """
    looks = (("o-", RIGHT), ("s--", WRONG), ("^:", "black"))
    if len(accuracies) > len(looks):
        raise ValueError(f"{len(accuracies)} networks came, expected at most {len(looks)}")
    names = list(next(iter(accuracies.values())))
    figure, axes = plt.subplots(
        -(-len(names) // 4), 4, figsize=(10, 5.2), layout="constrained", sharex=True, sharey=True
    )
    for ax, name in zip(axes.flat, names, strict=False):
        for (network, shares), (look, colour) in zip(accuracies.items(), looks, strict=False):
            ax.plot(shares[name], look, color=colour, markersize=4, label=network)
        ax.set_title(name, fontsize=10)
        ax.grid(alpha=0.3)
    axes.flat[0].set_ylim(0, 1.04)
    axes.flat[0].set_xticks(range(len(shares[name])))
    axes.flat[0].yaxis.set_major_formatter(PercentFormatter(1))
    figure.supxlabel("severity", fontsize=10)
    figure.supylabel("accuracy", fontsize=10)
    handles, labels = axes.flat[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=len(labels))
    return figure


def plot_confusion_matrix(
    matrix: np.ndarray, title: str, text: str = "{:,.0f}", ax: Axes | None = None
) -> Axes:
    """Draw a confusion matrix with the number in each cell; the shade follows the number.

    Args:
        matrix: array (10, 10), one row a true digit, one column a predicted digit.
        title: what the plot says.
        text: the form of the numbers, as for `str.format`; zeros are left out.
        ax: where to draw.
    """
    ax = new_axes(ax, 6.4, 6)
    ax.imshow(matrix, cmap="Blues")
    for (row, column), value in np.ndenumerate(matrix):
        colour = "white" if value > matrix.max() / 2 else "black"
        written = text.format(value) if value else ""
        ax.text(column, row, written, ha="center", va="center", fontsize=8, color=colour)
    ax.set_xticks(range(10))
    ax.set_yticks(range(10))
    ax.set_xlabel("predicted digit")
    ax.set_ylabel("true digit")
    ax.set_title(title)
    return ax


def plot_probabilities(probabilities: np.ndarray, title: str = "", ax: Axes | None = None) -> Axes:
    """Draw the ten probabilities of one answer as bars, the best guess in another colour.

    Args:
        probabilities: array (10,), 0-1.
        title: text above the plot.
        ax: where to draw.
    """
    ax = new_axes(ax, 3.6, 2.6)
    colours = ["#9ecae1"] * 10
    colours[int(np.argmax(probabilities))] = RIGHT
    bars = ax.barh(range(10), probabilities, color=colours)
    ax.bar_label(bars, [f"{value:.0%}" if value >= 0.005 else "" for value in probabilities])
    ax.set_xlim(0, 1.18)
    ax.set_xticks([0, 0.5, 1], ["0%", "50%", "100%"])
    ax.set_yticks(range(10))
    ax.invert_yaxis()
    ax.set_xlabel("probability")
    ax.set_ylabel("digit")
    ax.set_title(title, fontsize=9)
    return ax


def show_reading(reading: Reading, name: str = "") -> Figure:
    """Draw a picture, the 28x28 input made of it, and the ten probabilities.

    Args:
        reading: what `read_digit` returns.
        name: what to call the picture.
    """
    figure, (left, middle, right) = plt.subplots(
        1, 3, figsize=(7.6, 2.5), layout="constrained", width_ratios=(1, 1, 1.5)
    )
    show_image(reading.steps.picture, name or "picture", left)
    show_image(reading.steps.image, "what the network sees", middle)
    plot_probabilities(reading.probabilities, reading.sentence, right)
    return figure


def show_steps(reading: Reading) -> Figure:
    """Draw every stage from a picture to the network's input, in order."""
    steps = reading.steps
    stages = {
        "1. picture": steps.picture,
        "2. grey": 255 - steps.grey,  # brightness, so white is 255
        "3. paper removed": np.clip(np.abs(steps.contrast), 0, 255).astype(np.uint8),
        "4. ink, and its box": steps.ink,
        f"5. fitted, {steps.fitted.shape[0]}x{steps.fitted.shape[1]}": steps.fitted,
        "6. centred, 28x28": steps.image,
    }
    figure, axes = plt.subplots(1, 6, figsize=(11, 2.2), layout="constrained")
    for ax, (title, image) in zip(axes, stages.items(), strict=True):
        show_image(image, title, ax)
    if steps.box is not None:
        axes[3].add_patch(outline(steps.box, WRONG))
    middle = len(steps.image) // 2
    axes[5].axhline(middle, color=WRONG, linewidth=0.8)
    axes[5].axvline(middle, color=WRONG, linewidth=0.8)
    return figure


def outline(box: tuple[int, int, int, int], colour: str, line: str = "-") -> plt.Rectangle:
    """Return a rectangle around a box (left, top, width, height)."""
    left, top, width, height = box
    corner = (left - 0.5, top - 0.5)  # the first pixel reaches from -0.5 to 0.5
    return plt.Rectangle(
        corner, width, height, fill=False, edgecolor=colour, linestyle=line, linewidth=1.5
    )


def show_page(page: Page) -> Figure:
    """Draw a page with a box around each digit, and above it the answer and how sure it is.

    Args:
        page: what `read_page` returns. Marks that look like no digit have a dashed box and a "?".
    """
    height, width = page.picture.shape[:2]
    figure, ax = plt.subplots(
        figsize=(7, min(9.0, max(2.0, 7 * height / width))), layout="constrained"
    )
    show_image(page.picture, "", ax, longest=380)
    for reading in page.readings:
        left, top, wide, _ = reading.box
        colour, line = (RIGHT, "-") if reading.is_digit else (WRONG, "--")
        ax.add_patch(outline(reading.box, colour, line))
        answer = f"{reading.digit}: {reading.confidence:.0%}" if reading.is_digit else "?"
        label = {"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 1}
        place = {"ha": "center", "va": "bottom", "fontsize": 8, "color": colour, "bbox": label}
        ax.text(left + wide / 2, top - 0.008 * height, answer, **place)
    return figure
