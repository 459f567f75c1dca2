"""The card of a network as a picture, to keep or to show."""

import textwrap
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter

from digitrec.cards import Card, as_markdown
from digitrec.figures.canvas import RIGHT, WRONG, Figure, drawn_picture
from digitrec.figures.images import show_image
from digitrec.files import written_whole
from digitrec.names import plain_name
from digitrec.paths import project_path

WIDTH, HEIGHT = 9.4, 5.9  # inches
PALE, GREY = "#eef4f9", "#555555"
MOST_PICTURES = 6


def draw_card(card: Card, images: np.ndarray | None = None) -> Figure:
    """Draw the card of a network.

    Args:
        card: what is known of it.
        images: array (n, 28, 28), uint8 0-255: some of its mistakes, of which the first six are
            drawn; None draws none.
    """
    figure = Figure(WIDTH, HEIGHT)
    figure.set_facecolor(PALE)
    top, middle, bottom = figure.subfigures(3, 1, height_ratios=(0.95, 2.9, 1.75))
    draw_heading(top.subplots(), card)
    left, right = middle.subfigures(1, 2, width_ratios=(1, 1.25))
    draw_facts(left.subplots(), card)
    shares, curve = right.subplots(2, 1, height_ratios=(1, 1.35))
    draw_shares(shares, card)
    draw_history(curve, card)
    left, right = bottom.subfigures(1, 2, width_ratios=(1, 1.25))
    draw_mistakes(left, card, [] if images is None else list(images[:MOST_PICTURES]))
    write(right.subplots(), "What you should know", list(card.caveats), 72)
    for part in (top, middle, bottom):
        part.set_facecolor("none")
    return figure


def draw_heading(ax: Axes, card: Card) -> None:
    """Write the name and, large, the one number that everybody asks for."""
    ax.axis("off")
    name = textwrap.shorten(plain_name(card.name), 40, placeholder=" ...")
    style = {"va": "top", "parse_math": False, "transform": ax.transAxes}
    ax.text(0, 1, name, fontsize=20, fontweight="bold", **style)
    ax.text(0, 0.38, textwrap.fill(card.whose, 66), fontsize=9, color=GREY, **style)
    first = card.measured[0]
    low, high = first.interval
    ax.text(1, 1, f"{first.share:.2%}", fontsize=24, color=RIGHT, ha="right", **style)
    words = f"of MNIST's test set read right\n(95% interval {low:.2%} to {high:.2%})"
    ax.text(1, 0.38, words, fontsize=9, color=GREY, ha="right", **style)


def write(ax: Axes, title: str, lines: list[str], width: int) -> None:
    """Write a title, and below it lines of text."""
    ax.axis("off")
    style = {"va": "top", "parse_math": False, "transform": ax.transAxes}
    ax.set_title(title, fontsize=11, fontweight="bold", loc="left")
    folded = [textwrap.fill(line, width, subsequent_indent="  ") for line in lines]
    text = "\n".join(f"\N{BULLET} {line}" for line in folded)
    ax.text(0, 1, text, fontsize=8.5, linespacing=1.35, **style)


def draw_facts(ax: Axes, card: Card) -> None:
    """Write what the network is, and what it learned from."""
    layers = [*card.layers[:7], *(["..."] if len(card.layers) > 7 else [])]
    learned = card.learned or ("nothing is known of its training",)
    network = [", then ".join(layers), f"{card.weights:,} weights and biases"]
    taught = [card.taught] if card.taught else []
    write(ax, "Network and training", [*network, *learned, *taught], 54)


def draw_shares(ax: Axes, card: Card) -> None:
    """Draw each measured share as a dot on the line of its 95% interval."""
    for height, one in enumerate(card.measured):
        low, high = one.interval
        ax.plot([low, high], [height, height], color=RIGHT, linewidth=3)
        ax.plot(one.share, height, "o", color=RIGHT, markersize=6)
        far = one.share > 0.5
        place = (low - 0.02, "right") if far else (high + 0.02, "left")
        ax.text(place[0], height, f"{one.share:.1%}", fontsize=8.5, ha=place[1], va="center")
    names = [textwrap.fill(plain_name(one.what), 30) for one in card.measured]
    ax.set_yticks(range(len(names)), names, fontsize=8.5, parse_math=False)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.set_xlim(0, 1.02)
    finish(ax, ax.xaxis)


def draw_history(ax: Axes, card: Card) -> None:
    """Draw the accuracy of each epoch."""
    names = {"accuracy": ("training", WRONG, "s--"), "val_accuracy": ("validation", RIGHT, "o-")}
    for key, values in card.history.items():
        name, colour, line = names[key]
        style = {"color": colour, "markersize": 4 if len(values) < 15 else 0}
        ax.plot(range(1, len(values) + 1), values, line, label=name, **style)
    if not card.history:
        ax.axis("off")
        return
    ax.set_xlabel("epoch", fontsize=8.5)
    ax.set_ylabel("accuracy", fontsize=8.5)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    ax.legend(fontsize=8, loc="lower right")
    finish(ax, ax.yaxis)


def finish(ax: Axes, axis: object) -> None:
    """Let an axis count in percent, and leave out what is no data."""
    axis.set_major_formatter(PercentFormatter(1, decimals=None))
    ax.tick_params(labelsize=8.5)
    ax.grid(alpha=0.3)
    ax.spines[["top", "right"]].set_visible(False)


def draw_mistakes(part: object, card: Card, images: list[np.ndarray]) -> None:
    """Write which digits are confused, and show some of them."""
    words, pictures = part.subfigures(2, 1, height_ratios=(1, 1))
    write(words.subplots(), "Where it fails", list(card.mistakes), 50)
    for image, ax in zip(images, pictures.subplots(1, MOST_PICTURES), strict=False):
        show_image(image, "", ax)
    for ax in pictures.axes[len(images) :]:
        ax.axis("off")


def card_in_words(card: Card) -> str:
    """Return what the picture of a card shows, for whoever does not see it."""
    shares = "; ".join(f"{one.what}: {one.words}" for one in card.measured)
    return f"Card of the network {card.name}. {card.whose} {shares}. {' '.join(card.mistakes)}"


def save_card(card: Card, figure: Figure, path: str | Path) -> tuple[Path, Path]:
    """Write a card as text and as a picture beside it, both or none.

    Args:
        card: what is known of a network.
        figure: what `draw_card` returned.
        path: of the text, ending in .md; a relative one starts at the project folder. The picture
            has the same name and ends in .png.

    Returns:
        The paths of both.

    Raises:
        OSError: they cannot be written; what was there before is unchanged.
    """
    path = project_path(path)
    picture = path.with_suffix(".png")
    alt = card_in_words(card).translate(str.maketrans("[]\n", "() "))
    text = as_markdown(card) + f"\n![{alt}]({picture.name})\n"
    with written_whole(path, picture) as (words, drawing):
        words.write_text(text, encoding="utf-8")
        drawn_picture(figure).save(drawing)
    return path, picture
