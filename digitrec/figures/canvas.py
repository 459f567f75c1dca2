"""Figures that pyplot does not know, so that no other thread or cell can draw into them."""

import io

import matplotlib.figure
from IPython.display import display
from matplotlib.axes import Axes
from PIL import Image

RIGHT, WRONG = "#0072b2", "#d55e00"  # told apart by colour-blind readers, and never without words
COLOURS = 96  # of a stored picture; a third of the size of full colour, and looks the same


class Figure(matplotlib.figure.Figure):
    """A figure that is shown where it is the last line of a cell.

    Args:
        width: inches.
        height: inches.
    """

    def __init__(self, width: float, height: float) -> None:
        super().__init__(figsize=(width, height), layout="constrained")

    def _repr_png_(self) -> bytes:
        return png(self)


def new_axes(ax: Axes | None, width: float, height: float) -> Axes:
    """Return the axes given, or new ones of a size in inches."""
    return ax or Figure(width, height).subplots()


def png(figure: matplotlib.figure.Figure) -> bytes:
    """Return a figure as a PNG file of few colours."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", bbox_inches="tight")
    few_colours = Image.open(buffer).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    buffer = io.BytesIO()
    few_colours.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def bundle(figure: matplotlib.figure.Figure, alt: str) -> dict:
    """Return what IPython displays of a figure: the picture, and words for screen readers."""
    data = {"image/png": png(figure), "text/plain": repr(figure)}
    return {"data": data, "metadata": {"image/png": {"alt": alt}}}


def show(drawn: Axes | matplotlib.figure.Figure, alt: str) -> None:
    """Display a figure.

    Args:
        drawn: a figure, or axes of it.
        alt: what the figure shows, in words; stored with the picture for screen readers.
    """
    shown = bundle(figure_of(drawn), alt)
    display(shown["data"], raw=True, metadata=shown["metadata"])


def figure_of(drawn: Axes | matplotlib.figure.Figure) -> matplotlib.figure.Figure:
    """Return a figure, or the figure around axes."""
    return drawn if isinstance(drawn, matplotlib.figure.Figure) else drawn.figure
