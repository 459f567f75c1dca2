"""What was read in a picture, and each step on the way."""

import numpy as np
from matplotlib.patches import Polygon, Rectangle

from digitrec.figures.canvas import RIGHT, WRONG, Figure
from digitrec.figures.images import show_image
from digitrec.figures.plots import plot_probabilities
from digitrec.names import plain_name
from digitrec.reading.digit import Reading, percent
from digitrec.reading.page import Page


def show_reading(reading: Reading, name: str = "") -> Figure:
    """Draw a picture, the 28x28 input made of it, and the probability of each answer.

    Args:
        reading: what `read_digit` returns.
        name: what to call the picture.
    """
    figure = Figure(7.6, 2.5)
    left, middle, right = figure.subplots(1, 3, width_ratios=(1, 1, 1.5))
    show_image(reading.steps.picture, plain_name(name) or "picture", left)
    show_image(reading.steps.image, "what the network sees", middle)
    plot_probabilities(reading.probabilities, reading.sentence, right, reading.not_a_digit)
    return figure


def show_steps(reading: Reading) -> Figure:
    """Draw every stage from a picture to the network's input, in order.

    A sheet that was found on a desk is outlined in the second one.
    """
    steps = reading.steps
    stages = {
        "1. picture": steps.picture,
        "2. grey": 255 - steps.grey,  # brightness, so white is 255
        "3. paper removed": np.clip(np.abs(steps.contrast), 0, 255).astype(np.uint8),
        "4. ink, and its box": steps.ink,
        f"5. fitted, {steps.fitted.shape[0]}x{steps.fitted.shape[1]}": steps.fitted,
        "6. centred, 28x28": steps.image,
    }
    figure = Figure(11, 2.2)
    axes = figure.subplots(1, 6)
    for ax, (title, image) in zip(axes, stages.items(), strict=True):
        show_image(image, title, ax)
    if steps.sheet is not None:
        axes[1].add_patch(Polygon(steps.sheet, fill=False, edgecolor=WRONG, linewidth=1.5))
    if steps.box is not None:
        axes[3].add_patch(outline(steps.box, WRONG))
    middle = len(steps.image) // 2
    axes[5].axhline(middle, color=WRONG, linewidth=0.8)
    axes[5].axvline(middle, color=WRONG, linewidth=0.8)
    return figure


def outline(box: tuple[int, int, int, int], colour: str, line: str = "-") -> Rectangle:
    """Return a rectangle around a box (left, top, width, height)."""
    left, top, width, height = box
    corner = (left - 0.5, top - 0.5)  # the first pixel reaches from -0.5 to 0.5
    return Rectangle(
        corner, width, height, fill=False, edgecolor=colour, linestyle=line, linewidth=1.5
    )


def show_page(page: Page, own: Page | None = None) -> Figure:
    """Draw a page with a box around each digit, and above it the answer and how sure it is.

    Over a page of too many marks stands how many were not read.

    Args:
        page: what `read_page` returns. Marks that look like no digit have a dashed box and a "?".
        own: the same marks as your own network reads them; where it differs, its answer is written
            behind the other.
    """
    height, width = page.picture.shape[:2]
    figure = Figure(7, min(9.0, max(2.0, 7 * height / width)))
    ax = figure.subplots()
    show_image(page.picture, page.too_full, ax, longest=380)
    others = (own or page).readings
    for reading, other in zip(page.readings, others, strict=True):
        left, top, wide, _ = reading.box
        colour, line = (RIGHT, "-") if reading.is_digit else (WRONG, "--")
        ax.add_patch(outline(reading.box, colour, line))
        sure = percent(reading.confidence, ">", "<")
        answer = f"{reading.digit}: {sure}" if reading.is_digit else "?"
        if other.answer != reading.answer:
            answer += f"\nyours: {other.digit if other.is_digit else '?'}"
        label = {"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 1}
        place = {"ha": "center", "va": "bottom", "fontsize": 8, "color": colour, "bbox": label}
        ax.text(left + wide / 2, top - 0.008 * height, answer, **place)
    return figure
