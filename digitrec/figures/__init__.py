"""Every figure of the notebooks. Ink is dark and paper is light, as on paper.

Functions that draw one plot take `ax` (a new one is made without it) and return it. Functions that
draw several return the figure. `show` displays either with a text for screen readers.
"""

from digitrec.figures.live_curves import live_curves
from digitrec.figures.plots import (
    new_axes,
    outline,
    plot_bars,
    plot_confusion_matrix,
    plot_costs,
    plot_curve,
    plot_live_training,
    plot_probabilities,
    plot_robustness,
    plot_training,
    plot_two_histograms,
    show,
    show_corruptions,
    show_digits,
    show_image,
    show_images,
    show_page,
    show_pixels,
    show_reading,
    show_steps,
)

__all__ = [
    "live_curves",
    "new_axes",
    "outline",
    "plot_bars",
    "plot_confusion_matrix",
    "plot_costs",
    "plot_curve",
    "plot_live_training",
    "plot_probabilities",
    "plot_robustness",
    "plot_training",
    "plot_two_histograms",
    "show",
    "show_corruptions",
    "show_digits",
    "show_image",
    "show_images",
    "show_page",
    "show_pixels",
    "show_reading",
    "show_steps",
]
