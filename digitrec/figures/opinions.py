"""What several networks say to the same drawings."""

from collections.abc import Mapping, Sequence

from digitrec.figures.canvas import Figure
from digitrec.figures.images import show_image
from digitrec.figures.plots import plot_probabilities
from digitrec.reading.digit import Reading


def show_opinions(opinions: Mapping[str, Sequence[Reading]], speakers: Sequence[str]) -> Figure:
    """Draw one column for each picture: the picture, and under it the answers of each network.

    Args:
        opinions: by the name of a picture, what each network read in it.
        speakers: what to call the networks, in the same order.

    Raises:
        ValueError: there are no pictures, or one was not read by each network.
    """
    if not opinions or any(len(readings) != len(speakers) for readings in opinions.values()):
        counts = [len(readings) for readings in opinions.values()]
        raise ValueError(f"Pictures came with {counts} answers, expected {len(speakers)} for each.")
    figure = Figure(2.3 * len(opinions), 1.6 + 2.5 * len(speakers))
    heights = (1.4, *[2.2] * len(speakers))
    axes = figure.subplots(1 + len(speakers), len(opinions), squeeze=False, height_ratios=heights)
    for column, (name, readings) in enumerate(opinions.items()):
        show_image(readings[0].steps.picture, name, axes[0, column])
        for row, (reading, speaker) in enumerate(zip(readings, speakers, strict=True), start=1):
            title = reading.opinion.replace(", ", ",\n", 1)
            ax = axes[row, column]
            plot_probabilities(reading.probabilities, title, ax, reading.not_a_digit)
            ax.set_ylabel("" if column else f"{speaker}: answer")
            ax.tick_params(labelleft=column == 0)
            if row < len(speakers):
                ax.set_xlabel("")
    return figure
