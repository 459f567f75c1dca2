"""What many runs of one notebook came to: each run as a dot, and what the dots say together."""

import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, NullLocator, PercentFormatter
from matplotlib.transforms import ScaledTranslation, Transform

from digitrec.figures.canvas import RIGHT, WRONG, new_axes
from digitrec.figures.learning import LOOKS

Run = Mapping[str, object]


def plot_equal_runs(scores: Sequence[float], title: str, ax: Axes | None = None) -> Axes:
    """Draw what equal runs came to, a dot for each, with mean and standard deviation.

    Args:
        scores: the accuracies, 0-1; at least two.
        title: what the plot says.
        ax: where to draw.
    """
    ax = new_axes(ax, 7, 2.8)
    mean, spread = statistics.fmean(scores), statistics.stdev(scores)
    width = max(max(scores) - min(scores), 1e-9) / 24
    columns = [round((score - mean) / width) for score in scores]
    heights, so_far = [], Counter()
    for column in columns:  # runs that came to nearly the same stand on each other
        so_far[column] += 1
        heights.append(so_far[column])
    band = {"color": RIGHT, "alpha": 0.15, "label": "mean ± standard deviation"}
    ax.axvspan(mean - spread, mean + spread, **band)
    ax.axvline(mean, color=WRONG, linestyle="--", linewidth=2, label="mean")
    places = [mean + column * width for column in columns]
    ax.plot(places, heights, "o", color=RIGHT, markersize=6, label="one run")
    ax.set_ylim(0.3, max(heights) + 0.7)
    ax.yaxis.set_major_locator(NullLocator())
    ax.xaxis.set_major_locator(MaxNLocator(nbins=7, steps=[1, 2, 5, 10]))  # no 93.75% to round
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=1))
    ax.set_xlabel("accuracy of a run")
    ax.set_title(title)
    ax.legend(loc="upper left", fontsize=8)
    return ax


def plot_sweep(
    runs: Iterable[Run],
    of: str,
    by: str,
    title: str,
    lines: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw runs over one of their parameters: each as a dot, their means as a line with error bars.

    An error bar reaches one standard deviation (of a sample) to either side; a single run has
    none. Where the largest value is ten times the smallest or more, each step to the right is a
    multiple.

    Args:
        runs: the rows of a table, each with the names below. Those without a value are left out.
        of: the name of what is drawn upwards, 0-1, such as "validation_accuracy".
        by: the name of the parameter, above 0, such as "learning_rate".
        title: what the plot says.
        lines: the name of a parameter that has up to four values, a line for each; None draws one.
        ax: where to draw.

    Raises:
        ValueError: there would be more than four lines.
    """
    ax = new_axes(ax, 7, 3.8)
    groups: dict[object, dict[float, list[float]]] = {}
    for run in runs:
        if run[of] is not None:
            line = groups.setdefault(run[lines] if lines else None, {})
            line.setdefault(run[by], []).append(run[of])
    if len(groups) > len(LOOKS):
        raise ValueError(f"{len(groups)} lines came, expected at most {len(LOOKS)}")
    for (name, values), (look, colour) in zip(groups.items(), LOOKS, strict=False):
        values = dict(sorted(values.items()))
        means = [statistics.fmean(some) for some in values.values()]
        bars = [statistics.stdev(some) if len(some) > 1 else 0 for some in values.values()]
        style = {"fmt": look, "color": colour, "markersize": 6, "capsize": 4}
        ax.errorbar(list(values), means, bars, **style, label=name)
        dots = [(value, score) for value, some in values.items() for score in some]
        look = {"color": colour, "alpha": 0.5, "markersize": 6}
        ax.plot(*zip(*dots, strict=True), ".", transform=beside(ax), **look)
    every = sorted({value for values in groups.values() for value in values})
    if every and every[-1] >= 10 * every[0] > 0:
        ax.set_xscale("log")
    ax.set_xticks(every, [f"{value:,}" for value in every])
    ax.xaxis.set_minor_locator(NullLocator())
    low, high = ax.get_ylim()
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0 if high - low > 0.05 else 1))
    ax.set_xlabel(by.replace("_", " "))
    ax.set_ylabel(of.replace("_", " "))
    ax.grid(alpha=0.3)
    ax.set_title(title)
    if lines:
        ax.legend(loc="best", title=lines.replace("_", " "))
    return ax


def beside(ax: Axes) -> Transform:
    """Return where data is drawn a little to the right, so that dots do not hide in their bar."""
    return ax.transData + ScaledTranslation(0.1, 0, ax.figure.dpi_scale_trans)  # inches


def plot_leads(
    tried: Sequence[int],
    promised: Sequence[float],
    kept: Sequence[float],
    title: str,
    ax: Axes | None = None,
) -> Axes:
    """Draw how far the best of some equal runs lies above their mean, as it promises and in truth.

    Args:
        tried: how many runs the best one was chosen from, from few to many.
        promised: its lead on the images that chose it, for each number of runs; 0.01 is one point.
        kept: its lead on other images.
        title: what the plot says.
        ax: where to draw.
    """
    ax = new_axes(ax, 7, 3.4)
    promised, kept = 100 * np.asarray(promised), 100 * np.asarray(kept)
    ax.plot(tried, promised, "s--", color=WRONG, label="on the images that chose it")
    ax.plot(tried, kept, "o-", color=RIGHT, label="on other images")
    ax.fill_between(tried, kept, promised, color="gray", alpha=0.15, label="luck")
    ax.set_xscale("log")
    ax.set_xticks(tried, [f"{number:,}" for number in tried])
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set_xlabel("runs that it is the best of")
    ax.set_ylabel("points above their mean")
    ax.grid(alpha=0.3)
    ax.set_title(title)
    ax.legend(loc="upper left")
    return ax
