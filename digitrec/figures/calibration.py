"""How often a network is right, against how sure it is."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from digitrec.calibration import Reliability
from digitrec.figures.canvas import RIGHT, WRONG, Figure

# by a bin's verdict: colour and form of its dot, so that neither is needed alone
LOOKS = {"fits": (RIGHT, "o"), "too sure": (WRONG, "v"), "not sure enough": ("black", "^")}


def plot_reliability(reliabilities: Mapping[str, Reliability], title: str = "") -> Figure:
    """Draw accuracy against confidence, and below it how many answers each dot stands for.

    A dot on the diagonal is right as often as it says. Its line is the 95% interval of its
    accuracy; a dot whose line meets the diagonal fits, as far as so few answers can tell.

    Args:
        reliabilities: up to four, by what each was measured on, such as "at home"; drawn side by
            side.
        title: text above all of them.
    """
    figure = Figure(max(6, 4 * len(reliabilities)), 5.2)
    columns = len(reliabilities)
    axes = figure.subplots(2, columns, sharex=True, squeeze=False, height_ratios=(3, 1))
    for (above, below), (name, measured) in zip(axes.T, reliabilities.items(), strict=True):
        draw_dots(above, measured)
        draw_counts(below, measured)
        above.set_title(f"{name}\n{described(measured)}", fontsize=10)
        below.set_xlabel("confidence")
    axes[0, 0].set_ylabel("share that is right")
    axes[1, 0].set_ylabel("answers")
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=4)
    figure.suptitle(title)
    return figure


def described(measured: Reliability) -> str:
    """Return the gap of a reliability in words."""
    return (
        f"sure to {measured.confidence:.1%} on average, {measured.accuracy:.1%} right\n"
        f"calibration error: {100 * measured.error:.1f} percentage points"
    )


def draw_dots(ax: Axes, measured: Reliability) -> None:
    """Draw a dot with its interval for each bin, beside the diagonal of perfect honesty."""
    ax.plot([0, 1], [0, 1], "--", color="gray", linewidth=1, label="right as often as it says")
    for verdict, (colour, form) in LOOKS.items():
        bins = [part for part in measured.bins if part.verdict == verdict]
        ends = np.array([part.interval for part in bins]).reshape(-1, 2).T
        accuracy = np.array([part.accuracy for part in bins])
        ax.errorbar(
            [part.confidence for part in bins],
            accuracy,
            np.abs(ends - accuracy),
            color=colour,
            marker=form,
            linestyle="",
            capsize=3,
            label=verdict,
        )
    ax.set_xlim(0, 1.03)
    ax.set_ylim(-0.03, 1.03)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(PercentFormatter(1))
    ax.grid(alpha=0.3)


def draw_counts(ax: Axes, measured: Reliability) -> None:
    """Draw how many answers are in each bin, with the number above its bar."""
    counts = [part.count for part in measured.bins]
    bars = ax.bar(
        [part.low for part in measured.bins],
        counts,
        [part.high - part.low for part in measured.bins],
        align="edge",
        color="#9ecae1",
        edgecolor="black",
        linewidth=0.5,
    )
    ax.bar_label(bars, [f"{count:,}" for count in counts], fontsize=7)
    ax.margins(y=0.25)
