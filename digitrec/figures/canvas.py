"""Figures that pyplot does not know, so that no other thread or cell can draw into them."""

import base64
import html
import io

import matplotlib.figure
from IPython.display import display
from matplotlib.axes import Axes
from PIL import Image

from digitrec.names import plain_name

RIGHT, WRONG = "#0072b2", "#d55e00"  # told apart by colour-blind readers, and never without words
COLOURS = 96  # of a stored picture; a third of the size of full colour, and looks the same
QUALITY = 85  # of photos, 0-100


class Figure(matplotlib.figure.Figure):
    """A figure that is shown where it is the last line of a cell, with its titles as words.

    Args:
        width: inches.
        height: inches.
    """

    def __init__(self, width: float, height: float) -> None:
        super().__init__(figsize=(width, height), layout="constrained")

    def _repr_mimebundle_(self, **_: object) -> dict:
        titles = [self.get_suptitle(), *(ax.get_title() for ax in self.axes)]
        return bundle(self, "Figure: " + ("; ".join(filter(None, titles)) or "without a title"))


def new_axes(ax: Axes | None, width: float, height: float) -> Axes:
    """Return the axes given, or new ones of a size in inches."""
    return ax or Figure(width, height).subplots()


def set_title(ax: Axes, title: str) -> None:
    """Write a title that may hold the name of a file: no formula, and no line without end."""
    lines = map(plain_name, title.split("\n"))
    ax.set_title("\n".join(lines), fontsize=9, parse_math=False)


def drawn_picture(figure: matplotlib.figure.Figure) -> Image.Image:
    """Return a figure as a picture in full colour on white."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", bbox_inches="tight")
    return Image.open(buffer).convert("RGB")


def encoded(picture: Image.Image, form: str, **options: object) -> bytes:
    """Return a picture as a file of a format that Pillow knows."""
    buffer = io.BytesIO()
    picture.save(buffer, form, **options)
    return buffer.getvalue()


def bundle(figure: matplotlib.figure.Figure, alt: str) -> dict:
    """Return what IPython displays of a figure, by its kinds.

    Browsers show the HTML, the one kind whose words reach a screen reader; its picture is a WebP,
    as exact as the PNG or lossy, whichever is smaller. The PNG is for what shows no HTML.

    Args:
        figure: what to display.
        alt: what it shows, in words.
    """
    picture = drawn_picture(figure)
    few_colours = picture.quantize(COLOURS, dither=Image.Dither.NONE)
    files = (
        encoded(few_colours.convert("RGB"), "WEBP", lossless=True),
        encoded(picture, "WEBP", quality=QUALITY),
    )
    data = base64.b64encode(min(files, key=len)).decode()
    return {
        "text/html": f'<img src="data:image/webp;base64,{data}" alt="{html.escape(alt)}" '
        'style="max-width: 100%">',
        "image/png": encoded(few_colours, "PNG", optimize=True),
        "text/plain": repr(figure),
    }


def show(drawn: Axes | matplotlib.figure.Figure, alt: str) -> None:
    """Display a figure.

    Args:
        drawn: a figure, or axes of it.
        alt: what the figure shows, in words; stored with the picture for screen readers.
    """
    display(bundle(figure_of(drawn), alt), raw=True)


def figure_of(drawn: Axes | matplotlib.figure.Figure) -> matplotlib.figure.Figure:
    """Return a figure, or the figure around axes."""
    return drawn if isinstance(drawn, matplotlib.figure.Figure) else drawn.figure
