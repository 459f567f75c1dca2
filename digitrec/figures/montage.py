"""Many digits close together, sorted by what they show."""

import numpy as np

from digitrec.figures.canvas import Figure
from digitrec.figures.images import PAPER_TO_INK
from digitrec.mnist import SIDE, Digits

GAP = 2  # pixels of paper between two images


def show_classes(digits: Digits, each: int = 20) -> Figure:
    """Draw the first images of each digit side by side, one row for each digit.

    Args:
        digits: where to take them from; a digit that is rarer leaves the end of its row empty.
        each: images per row, 1 or more.
    """
    sheet = class_sheet(digits, each)
    figure = Figure(0.46 * each, 4.8)
    ax = figure.subplots()
    ax.imshow(sheet, cmap=PAPER_TO_INK, vmin=0, vmax=255)
    step = SIDE + GAP
    ax.set_yticks([row * step + (SIDE - 1) / 2 for row in range(10)], range(10), fontsize=13)
    ax.set_xticks([])
    ax.tick_params(left=False)
    ax.spines[:].set_visible(False)
    ax.set_ylabel("label")
    ax.set_title(f"The first {each} images of each digit")
    return figure


def class_sheet(digits: Digits, each: int) -> np.ndarray:
    """Return one image of all: ten rows for the digits 0 to 9, `each` images per row."""
    step = SIDE + GAP
    sheet = np.zeros((10 * step - GAP, each * step - GAP), np.uint8)
    for digit in range(10):
        images = digits.images[digits.labels == digit][:each]
        for column, image in enumerate(images):
            top, left = digit * step, column * step
            sheet[top : top + SIDE, left : left + SIDE] = image
    return sheet
