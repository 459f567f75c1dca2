"""Every figure of the notebooks. Ink is dark and paper is light, as on paper.

Functions that draw one plot take `ax` (a new one is made without it) and return it. Functions that
draw several return the figure. `show` displays either with a text for screen readers.
"""

from digitrec.figures.calibration import plot_reliability
from digitrec.figures.canvas import RIGHT, WRONG, Figure, show
from digitrec.figures.card import card_in_words, draw_card, save_card
from digitrec.figures.comparisons import (
    comparison,
    show_contributions,
    show_ingredients,
    show_variants,
)
from digitrec.figures.convolution import (
    plot_normalised,
    plot_windows,
    show_layers,
    show_receptive_fields,
)
from digitrec.figures.descent import plot_descent, plot_descents
from digitrec.figures.explanations import (
    plot_digit_map,
    show_gradient_maps,
    show_image_rows,
    show_occlusions,
)
from digitrec.figures.hands import (
    gained,
    plot_gains,
    plot_handwriting_needed,
    show_average_digits,
    show_sheet,
    show_writers,
)
from digitrec.figures.images import (
    show_corruptions,
    show_digits,
    show_image,
    show_images,
    show_pixels,
)
from digitrec.figures.inside import show_before_after, show_filters, show_maps, show_sum
from digitrec.figures.ladder import show_ladder
from digitrec.figures.ladder_plot import plot_ladder
from digitrec.figures.learning import plot_fits, plot_learning_curves
from digitrec.figures.live_curves import live_curves
from digitrec.figures.luck import plot_luck
from digitrec.figures.montage import show_classes
from digitrec.figures.network import draw_network
from digitrec.figures.opinions import show_opinions
from digitrec.figures.plots import (
    plot_bars,
    plot_confusion_matrix,
    plot_curve,
    plot_probabilities,
    plot_robustness,
    plot_two_histograms,
)
from digitrec.figures.readings import show_page, show_reading, show_steps
from digitrec.figures.sweeps import plot_equal_runs, plot_leads, plot_sweep
from digitrec.figures.tables import show_table
from digitrec.figures.training import plot_costs, plot_live_training, plot_training
from digitrec.figures.weights import show_weights

__all__ = [
    "RIGHT",
    "WRONG",
    "Figure",
    "card_in_words",
    "comparison",
    "draw_card",
    "draw_network",
    "gained",
    "live_curves",
    "plot_bars",
    "plot_confusion_matrix",
    "plot_costs",
    "plot_curve",
    "plot_descent",
    "plot_descents",
    "plot_digit_map",
    "plot_equal_runs",
    "plot_fits",
    "plot_gains",
    "plot_handwriting_needed",
    "plot_ladder",
    "plot_leads",
    "plot_learning_curves",
    "plot_live_training",
    "plot_luck",
    "plot_normalised",
    "plot_probabilities",
    "plot_reliability",
    "plot_robustness",
    "plot_sweep",
    "plot_training",
    "plot_two_histograms",
    "plot_windows",
    "save_card",
    "show",
    "show_average_digits",
    "show_before_after",
    "show_classes",
    "show_contributions",
    "show_corruptions",
    "show_digits",
    "show_filters",
    "show_gradient_maps",
    "show_image",
    "show_image_rows",
    "show_images",
    "show_ingredients",
    "show_ladder",
    "show_layers",
    "show_maps",
    "show_occlusions",
    "show_opinions",
    "show_page",
    "show_pixels",
    "show_reading",
    "show_receptive_fields",
    "show_sheet",
    "show_steps",
    "show_sum",
    "show_table",
    "show_variants",
    "show_weights",
    "show_writers",
]
