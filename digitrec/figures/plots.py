"""Numbers as plots: bars, curves, histograms, matrices."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from digitrec.figures.canvas import RIGHT, WRONG, Figure, new_axes, set_title
from digitrec.reading.digit import percent


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


def plot_robustness(
    accuracies: dict[str, dict[str, Sequence[float]]],
    seeds: dict[str, dict[str, np.ndarray]] | None = None,
) -> Figure:
    """Draw accuracy against the severity of each corruption, one line for each network.

    Args:
        accuracies: by the name of a network, and then of a corruption, shares 0-1, severity 0
            first; up to four networks, with the same corruptions.
        seeds: by the same names, arrays (seeds, severities) of networks trained alike; the band
            from the lowest to the highest is drawn in the colour of that network. None draws none.

    Raises:
        ValueError: there are more than four networks.
    """
    looks = (("o-", RIGHT), ("s--", WRONG), ("^:", "black"), ("D-.", "#009e73"))
    if len(accuracies) > len(looks):
        raise ValueError(f"{len(accuracies)} networks came, expected at most {len(looks)}")
    names = list(next(iter(accuracies.values())))
    figure = Figure(10, 5.2)
    axes = figure.subplots(-(-len(names) // 4), 4, sharex=True, sharey=True)
    for ax, name in zip(axes.flat, names, strict=False):
        for (network, shares), (look, colour) in zip(accuracies.items(), looks, strict=False):
            ax.plot(shares[name], look, color=colour, markersize=4, label=network)
            if seeds and network in seeds:
                runs = np.asarray(seeds[network][name])
                low, high = runs.min(axis=0), runs.max(axis=0)
                ax.fill_between(range(len(low)), low, high, color=colour, alpha=0.25, linewidth=0)
        ax.set_title(name, fontsize=10)
        ax.grid(alpha=0.3)
    figure.suptitle("How accuracy falls as each corruption grows", fontsize=11)
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


def plot_probabilities(
    probabilities: np.ndarray,
    title: str = "",
    ax: Axes | None = None,
    not_a_digit: float | None = None,
) -> Axes:
    """Draw the probability of each answer as a bar, the best guess in another colour.

    Args:
        probabilities: array (10,), 0-1.
        title: text above the plot.
        ax: where to draw.
        not_a_digit: 0-1, for a bar below the others; None for a network without that answer.
    """
    ax = new_axes(ax, 3.6, 2.6)
    names = [str(digit) for digit in range(10)]
    values = np.asarray(probabilities, float)
    if not_a_digit is not None:
        names, values = [*names, "not a digit"], np.append(values, not_a_digit)
    colours = ["#9ecae1"] * len(values)
    colours[int(values.argmax())] = RIGHT
    ax.barh(range(len(values)), values, color=colours)
    for row, value in enumerate(values):
        if value >= 0.01:  # a label at every empty bar would hide the few that matter
            inside = value > 0.5
            look = {"ha": "right", "color": "white"} if inside else {"ha": "left", "color": "black"}
            place = value - 0.02 if inside else value + 0.02
            ax.text(place, row, percent(value, ">"), va="center_baseline", fontsize=8, **look)
    ax.set_xlim(0, 1)
    ax.set_xticks([0, 0.5, 1], ["0%", "50%", "100%"])
    ax.set_yticks(range(len(values)), names)
    ax.invert_yaxis()
    ax.set_xlabel("probability")
    ax.set_ylabel("answer")
    set_title(ax, title)
    return ax
