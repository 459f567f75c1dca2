"""Handwriting that readers collected: sheets, digits, and what a network gains by them."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.container import ErrorbarContainer
from matplotlib.patches import Polygon
from matplotlib.ticker import MaxNLocator, PercentFormatter

from digitrec.calibration import wilson_interval
from digitrec.figures.canvas import RIGHT, WRONG, Figure, new_axes
from digitrec.figures.images import PAPER_TO_INK, show_image
from digitrec.figures.inside import signed_bar, signed_image
from digitrec.figures.learning import draw_with_spread
from digitrec.figures.montage import GAP
from digitrec.hands.written import Written
from digitrec.mnist import SIDE, Digits
from digitrec.names import plain_name

MOST_WRITERS = 12  # drawn of a class; more would be too small to look at
SHOWN = 640  # pixels of the longer side of a photo
# by what is said of a box: colour and line of its frame, its mark, and words for the legend
BOXES = {
    "fine": (RIGHT, "-", "", "read"),
    "doubtful": (WRONG, "--", "?", "doubtful: look at it"),
    "relabelled": (RIGHT, "-.", "", "relabelled, and as what"),
    "dropped": ("black", ":", "\N{MULTIPLICATION SIGN}", "does not count"),
}

BEFORE = {"color": WRONG, "marker": "o", "markerfacecolor": "white"}
AFTER = {"color": RIGHT, "marker": "D"}


def show_sheet(photo: np.ndarray, written: Written) -> Figure:
    """Draw the photo of a sheet with a frame around each box that was found in it.

    What is said of a box is told by its line, its mark and its colour: solid where nothing is
    doubtful, dashed with "?" where something is, dotted with a cross where it does not count; a
    digit that was relabelled has its new label.

    Args:
        photo: array (h, w, 3), uint8 RGB, that the sheet was read from.
        written: what was read.

    Raises:
        ValueError: what was written has no boxes, as that from the pad.
    """
    if written.boxes is None:
        raise ValueError(f"{written.source} has no boxes, expected what was read from a photo")
    height, width = photo.shape[:2]
    figure = Figure(5.6, min(8.0, max(3.0, 5.6 * height / width)) + 0.4)
    ax = figure.subplots()
    show_image(photo, plain_name(written.origin), ax, longest=SHOWN)
    named = set()
    for place, corners in enumerate(written.boxes):
        if np.isnan(corners).any():  # only an earlier photo shows it
            continue
        kind = kind_of(written, place)
        colour, line, mark, words = BOXES[kind]
        look = {"edgecolor": colour, "linestyle": line, "linewidth": 1.0 if kind == "fine" else 1.8}
        frame = Polygon(corners, fill=False, label=None if kind in named else words, **look)
        ax.add_patch(frame)
        named.add(kind)
        mark = mark or (str(written.labels[place]) if kind == "relabelled" else "")
        if mark:
            paper = {"facecolor": "white", "edgecolor": colour, "pad": 1, "linewidth": 0.6}
            style = {"fontsize": 9, "fontweight": "bold", "ha": "center", "va": "center"}
            ax.text(*corners[1], mark, color=colour, bbox=paper, clip_on=True, **style)
    if named:
        figure.legend(loc="outside lower center", ncols=len(named), fontsize=8)
    return figure


def kind_of(written: Written, place: int) -> str:
    """Return which of `BOXES` a digit is."""
    if not written.kept[place]:
        return "dropped"
    if written.doubts[place]:
        return "doubtful"
    return "relabelled" if written.labels[place] != written.asked[place] else "fine"


def show_writers(digits: Mapping[str, Digits]) -> Figure:
    """Draw the first of each digit, one row for each writer.

    Args:
        digits: what each wrote, by pen name; of more than twelve writers, the first twelve are
            drawn. A digit that a writer has not written stays empty.
    """
    shown = dict(list(digits.items())[:MOST_WRITERS])
    step = SIDE + GAP
    sheet = np.zeros((max(len(shown), 1) * step - GAP, 10 * step - GAP), np.uint8)
    for row, one in enumerate(shown.values()):
        for digit in range(10):
            images = one.images[one.labels == digit][:1]
            top, left = row * step, digit * step
            sheet[top : top + SIDE, left : left + SIDE] = images[0] if len(images) else 0
    figure = Figure(6.6, 0.6 + 0.56 * max(len(shown), 1))
    ax = figure.subplots()
    ax.imshow(sheet, cmap=PAPER_TO_INK, vmin=0, vmax=255)
    middles = [place * step + (SIDE - 1) / 2 for place in range(max(len(shown), 10))]
    ax.set_yticks(middles[: len(shown)], map(plain_name, shown), fontsize=10, parse_math=False)
    ax.set_xticks(middles[:10], range(10), fontsize=12)
    ax.tick_params(left=False, bottom=False)
    ax.spines[:].set_visible(False)
    left_out = len(digits) - len(shown)
    ax.set_title(f"{left_out} more writers are not drawn" if left_out else "", fontsize=9)
    return figure


def show_average_digits(hand: Digits, others: Digits, names: tuple[str, str]) -> Figure:
    """Draw the average image of each digit in two hands, and below them what differs.

    Args:
        hand: digits of one hand; a digit that it has not written stays empty.
        others: what it is compared with, such as MNIST's training set.
        names: what to call the two.
    """
    figure = Figure(10.6, 3.4)
    axes = figure.subplots(3, 10)
    for digit in range(10):
        pair = [one.images[one.labels == digit] for one in (hand, others)]
        means = [images.mean(axis=0) if len(images) else None for images in pair]
        for ax, mean in zip(axes[:2, digit], means, strict=True):
            show_image(np.zeros((SIDE, SIDE)) if mean is None else mean, "", ax)
            if mean is None:
                ax.text(0.5, 0.5, "none", transform=ax.transAxes, ha="center", va="center")
        missing = any(mean is None for mean in means)
        signed_image(
            axes[2, digit], np.zeros((SIDE, SIDE)) if missing else means[0] - means[1], 255
        )
        axes[0, digit].set_title(f"{digit}, of {len(pair[0])}", fontsize=9)
    for ax, name in zip(axes[:, 0], (*names, "difference"), strict=True):
        ax.set_ylabel(plain_name(name), rotation=0, ha="right", va="center", fontsize=9)
    signed_bar(figure, axes, 255, f"blue: more ink in\n{plain_name(names[0])},\norange: less")
    return figure


def plot_gains(judged: Mapping[str, Mapping[str, tuple[np.ndarray, np.ndarray]]]) -> Figure:
    """Draw the accuracy of networks before and after teaching, with 95% intervals.

    Args:
        judged: by what was read, one plot for each, and then by network: arrays (n,), bool, which
            digits were read right before, and which after. Those without any digit are left out.
    """
    panels = []
    for read, pairs in judged.items():
        rows = {name: pair for name, pair in pairs.items() if len(pair[0])}
        if rows:
            panels.append((read, rows))
    heights = [len(rows) + 0.4 for _, rows in panels]
    figure = Figure(9, 1.2 + 0.62 * sum(heights))
    if not panels:
        return figure
    axes = figure.subplots(len(panels), sharex=True, squeeze=False, height_ratios=heights)[:, 0]
    for ax, (read, rows) in zip(axes, panels, strict=True):
        for height, (before, after) in enumerate(rows.values()):
            first = draw_share(ax, height - 0.14, before, BEFORE)
            second = draw_share(ax, height + 0.14, after, AFTER)
        ax.set_yticks(range(len(rows)), rows)
        ax.set_ylim(len(rows) - 0.5, -0.5)  # the first network on top
        ax.set_title(f"{plain_name(read)}: {len(before):,} digits", fontsize=10, loc="left")
        ax.grid(axis="x", alpha=0.3)
    axes[-1].xaxis.set_major_formatter(PercentFormatter(1))
    axes[-1].set_xlabel("read right, with the 95% interval")
    names = ["before teaching", "after"]
    figure.legend([first, second], names, loc="outside lower center", ncols=2, fontsize=9)
    return figure


def draw_share(ax: Axes, height: float, right: np.ndarray, look: dict) -> ErrorbarContainer:
    """Draw the share that is right as a dot on the line of its interval."""
    share = float(right.mean())
    low, high = wilson_interval(int(right.sum()), len(right))
    reach = [[max(share - low, 0)], [max(high - share, 0)]]
    style = {"linestyle": "", "capsize": 3, "markersize": 7}
    return ax.errorbar(share, height, xerr=reach, **style, **look)


def gained(before: np.ndarray, after: np.ndarray) -> str:
    """Return in words what changed between two looks of a network at the same digits.

    Args:
        before: array (n,), bool: which digits were read right before.
        after: array (n,), bool: which were read right after.

    Returns:
        Two lines: how many mistakes, with the 95% interval of the later ones; how many changed.

    >>> print(gained(np.array([True, False, False, True]), np.array([True, True, True, False])))
    2 of 4 wrong before, 1 after (5 to 70 per 100);
    2 mended, 1 new
    """
    if not len(before):
        return "no digit to judge by"
    wrong = int((~after).sum())
    low, high = (100 * share for share in wilson_interval(wrong, len(after)))
    digits = 0 if len(after) < 100 else 1
    return (
        f"{(~before).sum():,} of {len(before):,} wrong before, {wrong:,} after "
        f"({low:.{digits}f} to {high:.{digits}f} per 100);\n"
        f"{(after & ~before).sum():,} mended, {(before & ~after).sum():,} new"
    )


def plot_handwriting_needed(
    numbers: Sequence[int], accuracies: Mapping[str, np.ndarray], title: str, ax: Axes | None = None
) -> Axes:
    """Draw how well a hand is read over how many of each digit a network has learned from it.

    Args:
        numbers: how many of each digit, from small to large; 0 is before teaching.
        accuracies: by network, up to four: arrays (seeds, numbers), 0-1. Drawn are their means, and
            bars from the lowest to the highest.
        title: what the plot says.
        ax: where to draw.
    """
    ax = new_axes(ax, 7, 3.6)
    draw_with_spread(ax, numbers, accuracies)
    ax.set_xticks(numbers)
    ax.set_xlabel("how many of each digit it has learned from this hand")
    ax.set_ylabel("read right, of digits kept apart")
    ax.yaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.grid(alpha=0.3)
    ax.set_title(title)
    ax.legend(loc="lower right")
    return ax
