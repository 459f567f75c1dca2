"""What a sheet is drawn with, in millimetres from its upper left corner."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import BoxStyle, PathPatch
from matplotlib.path import Path as Outline

from digitrec.sheets.layout import FRAME, label_corners

INCH = 25.4  # mm
POINT = INCH / 72  # mm
ROUNDING = 0.8  # mm, the radius of the corners of a frame
FONTS = {"normal": "DejaVuSans.ttf", "bold": "DejaVuSans-Bold.ttf"}  # come with Matplotlib
CAPITALS = 0.729  # of the size of DejaVu's letters; so high are its digits
BLACK, WORDS, PALE = "#000000", "#222222", "#666666"
FRAMES = "#ffa68c"  # as red as paper: who looks at the red channel alone sees no frame
LABELS = "#ff7448"  # the same, darker, because it is to be read


@contextmanager
def plain_style() -> Iterator[None]:
    """Draw and write as Matplotlib does out of the box, whatever style a reader has set."""
    defaults = {
        name: value
        for name, value in matplotlib.rcParamsDefault.items()
        if not name.startswith(("backend", "toolbar", "interactive"))
    }
    with matplotlib.rc_context({**defaults, "pdf.fonttype": 42}):  # words that can be searched
        yield


def blank_paper(width: float, height: float, left: float, top: float) -> tuple[Figure, Axes]:
    """Return a white sheet of paper, and axes in mm that cover it, with y downwards.

    Args:
        width: of the paper, mm.
        height: of the paper, mm.
        left: where x is 0, mm from the left edge of the paper.
        top: where y is 0, mm from its upper edge.
    """
    figure = Figure(figsize=(width / INCH, height / INCH), facecolor="white")
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set(xlim=(-left, width - left), ylim=(height - top, -top))
    ax.set_axis_off()
    return figure, ax


def fill(ax: Axes, outline: Outline, colour: str) -> None:
    """Fill an outline exactly where it is: no edge, no shift to whole pixels."""
    ax.add_artist(PathPatch(outline, facecolor=colour, linewidth=0, snap=False))


def draw_line(ax: Axes, outline: Outline, colour: str, width: float, **style: object) -> None:
    """Draw along an outline.

    Args:
        ax: where.
        outline: of one line or several.
        colour: of the line.
        width: mm.
        style: of Matplotlib's patches, such as `linestyle`.
    """
    style = {"capstyle": "round", "joinstyle": "round", "fill": False, "snap": False, **style}
    ax.add_artist(PathPatch(outline, edgecolor=colour, linewidth=width / POINT, **style))


def lines(*points: Iterable[tuple[float, float]]) -> Outline:
    """Return the outline of lines, each through its points."""
    return Outline.make_compound_path(*(Outline(list(each)) for each in points))


def rectangles(corners: np.ndarray) -> Outline:
    """Return one outline of many rectangles; where two meet there is no seam.

    Args:
        corners: array (n, 4, 2), mm.
    """
    closed = np.concatenate([corners, corners[:, :1]], axis=1)
    codes = [Outline.MOVETO, *[Outline.LINETO] * 3, Outline.CLOSEPOLY]
    return Outline(closed.reshape(-1, 2), codes * len(closed))


def square(x: float, y: float, width: float, height: float | None = None) -> np.ndarray:
    """Return the corners of a rectangle, array (1, 4, 2), clockwise from its upper left."""
    size = (width, width if height is None else height)
    return np.array([[[0, 0], [1, 0], [1, 1], [0, 1]]]) * size + [x, y]


def marker(kind: int, number: int, place: tuple[float, float], side: float) -> Outline:
    """Return the black parts of a marker.

    Args:
        kind: a dictionary of `cv2.aruco`, such as `cv2.aruco.DICT_4X4_50`.
        number: which of its markers.
        place: left and top, mm.
        side: of the whole marker with its black border, mm.
    """
    markers = cv2.aruco.getPredefinedDictionary(kind)
    cells = markers.markerSize + 2
    black = markers.generateImageMarker(number, cells, borderBits=1) == 0
    size = side / cells
    corners = [
        square(place[0] + column * size, place[1] + row * size, size)
        for row, column in np.argwhere(black)
    ]
    return rectangles(np.concatenate(corners))


def draw_frames(ax: Axes, boxes: Iterable[np.ndarray]) -> None:
    """Draw the frames around boxes, outside of them.

    Args:
        ax: where.
        boxes: the corners of each, array (4, 2), mm, clockwise from its upper left.
    """
    rounded = BoxStyle.Round(pad=0, rounding_size=ROUNDING)
    outlines = [
        rounded(*(box[0] - FRAME / 2), *(box[2] - box[0] + FRAME), mutation_size=1) for box in boxes
    ]
    draw_line(ax, Outline.make_compound_path(*outlines), FRAMES, FRAME)


def write(ax: Axes, x: float, y: float, words: str, size: float, **style: object) -> None:
    """Write a line of words.

    Args:
        ax: where.
        x: of its left end, mm; see `ha` of Matplotlib's text for others.
        y: of its baseline, mm.
        words: what; nothing in it is a formula.
        size: of the letters, points.
        style: of Matplotlib's text, such as `color` or `weight`.
    """
    file = Path(matplotlib.get_data_path(), "fonts", "ttf", FONTS[style.pop("weight", "normal")])
    font = FontProperties(fname=file, size=size)
    style = {"color": WORDS, "va": "baseline", "parse_math": False, **style}
    ax.text(x, y, words, fontproperties=font, **style)


def draw_label(ax: Axes, box: np.ndarray, digit: int) -> None:
    """Print a small digit above a box, as high as its room."""
    (left, top), _, (_, bottom), _ = label_corners(box)
    size = (bottom - top) / CAPITALS / POINT
    write(ax, left, bottom, str(digit), size, color=LABELS, weight="bold")
