"""What explains an answer, as pictures: occlusion, gradients, a map of digits, liked images."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle
from matplotlib.ticker import PercentFormatter

from digitrec.figures.canvas import RIGHT, WRONG, Figure, new_axes, set_title
from digitrec.figures.images import PAPER_TO_INK, show_image
from digitrec.inside.digit_map import DigitMap
from digitrec.inside.occlusion import Occlusion
from digitrec.networks import NOT_A_DIGIT
from digitrec.reading.digit import percent

GAIN_TO_LOSS = LinearSegmentedColormap.from_list("gain to loss", (RIGHT, "white", WRONG))
MOST_NAMED = 30  # mistakes with words; a network that learned little makes hundreds
PAPER = np.array([820, 600])  # pixels of the map, for the middles of images of 28 pixels


def show_occlusions(image: np.ndarray, occlusions: dict[str, Occlusion]) -> Figure:
    """Draw an image, and for each network how much of its answer a square of paper takes away.

    Args:
        image: array (28, 28), uint8 0-255.
        occlusions: by the name of a network; up to three.
    """
    figure = Figure(2.6 + 3.0 * len(occlusions), 3.1)
    first, *axes = figure.subplots(1, 1 + len(occlusions), squeeze=False)[0]
    show_image(image, "The image", first)
    for ax, (name, found) in zip(axes, occlusions.items(), strict=True):
        digit = int(found.whole[:10].argmax())
        lost = found.lost(digit)
        row, column = np.unravel_index(lost.argmax(), lost.shape)
        top, left = found.corner(row, column)
        most = max(float(np.abs(lost).max()), 0.01)
        drawn = draw_over(ax, lost, image, found.size, found.stride, most)
        ax.add_patch(
            Rectangle((left - 0.5, top - 0.5), found.size, found.size, fill=False, linestyle="--")
        )
        taken = (
            f"{percent(found.whole[digit], '>', '<')} to {percent(lost_to(found, digit), '>', '<')}"
        )
        set_title(ax, f"{name}: reads {digit}\nworst square (dashed): {taken}")
        bar = figure.colorbar(drawn, ax=ax, shrink=0.85, format=PercentFormatter(1))
        bar.ax.tick_params(labelsize=8)
    if occlusions:
        bar.set_label("probability lost", fontsize=8)
    return figure


def lost_to(found: Occlusion, digit: int) -> float:
    """Return the probability that is left of a digit under the worst square."""
    return float(found.covered[:, :, digit].min())


def draw_over(
    ax: Axes, values: np.ndarray, image: np.ndarray, size: int, stride: int, most: float
) -> object:
    """Draw the value of each place of a square at its middle, and the digit's outline over it."""
    half, reach = stride / 2, stride * len(values)
    start = (size - 1) / 2 - half
    extent = (start, start + reach, start + reach, start)
    drawn = ax.imshow(values, cmap=GAIN_TO_LOSS, vmin=-most, vmax=most, extent=extent)
    if image.min() < 127 < image.max():
        ax.contour(image, [127], colors="black", linewidths=0.7)
    ax.set(xlim=(-0.5, 27.5), ylim=(27.5, -0.5), xticks=[], yticks=[])
    return drawn


def show_gradient_maps(image: np.ndarray, maps: dict[str, dict[str, np.ndarray]]) -> Figure:
    """Draw maps of one image, a row for each kind of map, the strongest pixels the darkest.

    Args:
        image: array (28, 28), uint8 0-255; its outline lies over each map.
        maps: by kind, such as "|gradient|", and then by network, arrays (28, 28), 0 or more.
    """
    networks = list(next(iter(maps.values())))
    figure = Figure(2 + 2 * len(networks), 0.3 + 2.1 * len(maps))
    axes = figure.subplots(len(maps), 1 + len(networks), squeeze=False)
    for number, (kind, of_networks) in enumerate(maps.items()):
        row = axes[number]
        show_image(image, "" if number else "the image", row[0])
        row[0].set_ylabel(kind, fontsize=9)
        for ax, name in zip(row[1:], networks, strict=True):
            values = of_networks[name]
            ax.imshow(values, cmap=PAPER_TO_INK, vmin=0, vmax=max(float(values.max()), 1e-12))
            if image.min() < 127 < image.max():
                ax.contour(image, [127], colors=WRONG, linewidths=0.7)
            set_title(ax, "" if number else name)
            ax.set(xticks=[], yticks=[])
    return figure


def show_image_rows(rows: dict[str, Sequence[np.ndarray]], titles: Sequence[object]) -> Figure:
    """Draw rows of images, each with its name beside it.

    Args:
        rows: by name, images (28, 28), uint8 0-255; as many in each.
        titles: what stands above each column.
    """
    figure = Figure(1.2 + len(titles), 0.3 + 1.05 * len(rows))
    axes = figure.subplots(len(rows), len(titles), squeeze=False)
    for number, (name, images) in enumerate(rows.items()):
        for ax, image, title in zip(axes[number], images, titles, strict=True):
            show_image(image, "" if number else str(title), ax)
        axes[number, 0].set_ylabel(name, rotation=0, ha="right", va="center", fontsize=9)
    return figure


def plot_digit_map(
    drawn: DigitMap, title: str, own: np.ndarray | None = None, ax: Axes | None = None
) -> Axes:
    """Draw digits as thumbnails where they lie; mistakes have a frame and say what was read.

    Args:
        drawn: the map.
        title: what the plot says.
        own: an image (28, 28), uint8 0-255, that lands on the map with a frame and "yours".
        ax: where to draw.
    """
    ax = new_axes(ax, 8.6, 6.6)
    points = drawn.points if own is None else np.vstack([drawn.points, drawn.place(own)])
    low, span = points.min(axis=0), np.ptp(points, axis=0)
    span = np.where(span > 0, span, 1)
    pixels = np.rint((points - low) / span * PAPER + 28).astype(int)  # from the lower left corner
    ax.imshow(scattered(drawn.digits.images, pixels), cmap=PAPER_TO_INK, origin="lower")
    for number, place in enumerate(drawn.mistakes):
        label, answer = int(drawn.digits.labels[place]), int(drawn.answers[place])
        words = f"{label} read as {say(answer)}" if number < MOST_NAMED else ""
        frame(ax, pixels[place], 28, WRONG, words)
    if own is not None:
        around = 42
        left, bottom = pixels[-1] - around / 2
        place = (left, left + around, bottom, bottom + around)
        ax.imshow(own, cmap=PAPER_TO_INK, vmin=0, vmax=255, extent=place, zorder=4)
        frame(ax, pixels[-1], around, RIGHT, "yours")
    ax.set(xlim=(0, PAPER[0] + 56), ylim=(0, PAPER[1] + 56), xticks=[], yticks=[])
    for axis, share, name in zip("xy", drawn.components.shares, ("first", "second"), strict=True):
        ax.set(**{f"{axis}label": f"{name} component ({share:.0%} of the variance)"})
    ax.set_title(title)
    return ax


def scattered(images: np.ndarray, pixels: np.ndarray) -> np.ndarray:
    """Return a sheet of paper with images around their pixels (x, y), counted from its lower left.

    Where images overlap, the ink of both is seen.
    """
    sheet = np.zeros(PAPER[::-1] + 56, np.uint8)
    for image, (x, y) in zip(images, pixels, strict=False):
        part = sheet[y - 14 : y + 14, x - 14 : x + 14]
        np.maximum(part, image[::-1], out=part)
    return sheet


def say(answer: int) -> str:
    """Return an answer in words: a digit, or that it is none."""
    return "no digit" if answer == NOT_A_DIGIT else str(answer)


def frame(ax: Axes, middle: np.ndarray, side: int, colour: str, words: str) -> None:
    """Draw a frame around an image on the map, and words at its corner."""
    style = {"fill": False, "edgecolor": colour, "linewidth": 1.5, "zorder": 5}
    ax.add_patch(Rectangle(middle - side / 2, side, side, **style))
    box = {"facecolor": "white", "alpha": 0.8, "edgecolor": "none", "pad": 0.5}
    beside = {"xytext": (2, 2), "textcoords": "offset points", "fontsize": 8, "zorder": 6}
    if words:
        ax.annotate(words, middle + side / 2, color=colour, bbox=box, **beside)
