"""The ladder of recognisers as a picture: how far each falls when the hands change."""

from collections.abc import Sequence

from matplotlib.ticker import PercentFormatter

from digitrec.figures.canvas import RIGHT, WRONG, Figure
from digitrec.ladder import Rung


def plot_ladder(rungs: Sequence[Rung]) -> Figure:
    """Draw each recogniser as a line from its accuracy on other hands to that at home.

    Args:
        rungs: as `ladder.collect` returns them; the first is drawn at the bottom.
    """
    figure = Figure(9, 0.9 + 0.5 * len(rungs))
    ax = figure.subplots()
    for height, rung in enumerate(rungs):
        ends = [rung.other_hands, rung.accuracy]
        ax.plot(ends, [height, height], color="#999999", linewidth=3, zorder=1)
        ax.annotate(
            f"{rung.numbers:,}",
            (1.03, height),
            xycoords=("axes fraction", "data"),
            va="center",
            fontsize=9,
        )
    heights = range(len(rungs))
    abroad = [rung.other_hands for rung in rungs]
    ax.scatter(abroad, heights, 60, WRONG, "s", label="on other hands", zorder=2)
    at_home = [rung.accuracy for rung in rungs]
    ax.scatter(at_home, heights, 60, RIGHT, "o", label="at home (validation set)", zorder=2)
    ax.annotate("numbers stored", (1.03, 1.01), xycoords="axes fraction", fontsize=9, va="bottom")
    ax.set_yticks(heights, [rung.recogniser for rung in rungs])
    ax.set_ylim(-0.6, len(rungs) - 0.4)
    ax.set_xlim(0, 1)
    ax.xaxis.set_major_formatter(PercentFormatter(1))
    ax.set_xlabel("accuracy")
    ax.set_title("How far each recogniser falls when the hands change", fontsize=10)
    ax.grid(axis="x", alpha=0.3)
    ax.legend(loc="lower right", fontsize=8)
    return figure
