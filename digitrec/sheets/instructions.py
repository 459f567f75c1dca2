"""What a sheet tells its writer: what to do, how it looks, and how to photograph it."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.path import Path as Outline

from digitrec.sheets.drawing import (
    FRAMES,
    PALE,
    WORDS,
    draw_frame,
    draw_label,
    draw_line,
    fill,
    lines,
    rectangles,
    square,
    write,
)
from digitrec.sheets.layout import (
    BOX,
    FIRST_BOX,
    FRAME,
    HEIGHT,
    MARKER,
    PITCH,
    WIDTH,
    Code,
    box_corners,
    marker_corners,
)

INK, PEN = "#1c2b63", 0.75  # of what is written in the examples; mm
LETTERS, SMALL_LETTERS, TITLE = 8.5, 7.5, 15  # points
LEADING = 4.2  # mm from one line of words to the next
EXAMPLES = 20.6  # mm, the top of the boxes that show how it is done
PICTURE = 13.0, MARKER  # mm, width and height of the pictures beside the lower markers

# What is written in the examples, in a square of 1: an anchor, then two handles and an anchor each.
THREE = (
    ((0.16, 0.17), (0.36, -0.08), (0.92, -0.03), (0.82, 0.26), (0.74, 0.44), (0.52, 0.46),
     (0.40, 0.46), (0.66, 0.44), (0.96, 0.56), (0.84, 0.80), (0.72, 1.05), (0.26, 1.04),
     (0.10, 0.84)),
)  # fmt: skip
CROSSED_OUT = (
    ((0.26, 0.26), (0.36, 0.02), (0.84, 0.06), (0.72, 0.32), (0.62, 0.50), (0.40, 0.46),
     (0.56, 0.42), (0.84, 0.38), (0.84, 0.66), (0.66, 0.86), (0.56, 0.96), (0.36, 0.96),
     (0.24, 0.84)),
    ((-0.14, -0.06), (0.3, 0.33), (0.7, 0.74), (1.1, 1.06)),
    ((1.14, -0.04), (0.66, 0.3), (0.4, 0.66), (-0.1, 1.08)),
)  # fmt: skip


def draw_instructions(ax: Axes, code: Code) -> None:
    """Draw everything on a sheet that is there to be read by people, but for the boxes."""
    write(ax, column(0), 5.4, "Write your digits", TITLE, weight="bold")
    write(ax, column(0), 10.0, "In each box, write the digit above it.", LETTERS)
    write(ax, column(0), 10.0 + LEADING, "Take a dark pen, not a red one.", LETTERS)
    draw_example(ax, 0, THREE)
    write_block(ax, column(1), EXAMPLES + 4.2, "Like this:", "large and dark,", "inside its frame.")
    draw_example(ax, 3, CROSSED_OUT)
    write_block(ax, column(4), EXAMPLES + 4.2, "Gone wrong?", "Cross it out", "and go on.")
    draw_name(ax, code)
    top = HEIGHT - PICTURE[1]
    draw_sheet_in_view(ax, column(0), top)
    words = "Then take a photo", "of the whole sheet,", "with its eight large squares."
    write_block(ax, column(1), top + 4.4, *words)
    draw_phone_above(ax, column(6), top)
    words = "From straight above,", "in good light,", "without a shadow."
    write_block(ax, column(7), top + 4.4, *words)


def column(number: int) -> float:
    """Return where the frames of a column begin, in mm; words and pictures begin there, too."""
    return FIRST_BOX[0] + number * PITCH[0] - FRAME


def write_block(ax: Axes, x: float, y: float, heading: str, *words: str) -> None:
    """Write a heading and lines below it."""
    write(ax, x, y, heading, LETTERS, weight="bold")
    for i, line in enumerate(words, 1):
        write(ax, x, y + i * LEADING, line, LETTERS)


def draw_example(ax: Axes, place: int, curves: tuple) -> None:
    """Draw a box above a column in which somebody wrote a 3."""
    box = square(column(place) + FRAME, EXAMPLES, *BOX)[0]
    draw_frame(ax, box)
    draw_label(ax, box, 3)
    room = (np.array(BOX) - 2 * np.array([2.8, 2.2]), box[0] + [2.8, 2.2])  # size, upper left
    written = [
        Outline(
            np.array(curve) * room[0] + room[1],
            [Outline.MOVETO, *[Outline.CURVE4] * (len(curve) - 1)],
        )
        for curve in curves
    ]
    draw_line(ax, Outline.make_compound_path(*written), INK, PEN)


def draw_name(ax: Axes, code: Code) -> None:
    """Write which sheet it is, and draw the line for the name of its writer."""
    left, right = column(6), column(9) + BOX[0] + 2 * FRAME
    write(ax, left, 20.4, f"Sheet {code.name}", LETTERS, weight="bold")
    write(ax, right, 20.4, f"page {code.page}", LETTERS, ha="right")
    draw_line(ax, lines([(left, 28.8), (right, 28.8)]), WORDS, 0.2)
    write(ax, left, 32.0, "Pen name or number, not your real name:", SMALL_LETTERS)
    write(ax, left, 35.4, "nobody has to know whose writing this is.", SMALL_LETTERS)


def draw_sheet_in_view(ax: Axes, x: float, y: float) -> None:
    """Draw a small sheet between the corners of a viewfinder."""
    width, height = PICTURE
    for at, inward in (
        ((x, y), (1, 1)),
        ((x + width, y), (-1, 1)),
        ((x + width, y + height), (-1, -1)),
        ((x, y + height), (1, -1)),
    ):
        ends = np.array([[2, 0], [0, 0], [0, 2]]) * inward + at
        draw_line(ax, lines(ends), WORDS, 0.35)
    scale = (height - 4.6) / HEIGHT
    place = np.array([x + (width - scale * WIDTH) / 2, y + 2.3])
    boxes = [box_corners(number) * scale + place for number in range(100)]
    fill(ax, rectangles(np.array(boxes)), FRAMES)
    markers = [
        square(*corners.mean(axis=0) * scale + place - 0.5, 1.0)
        for corners in marker_corners().values()
    ]
    fill(ax, rectangles(np.concatenate(markers)), WORDS)


def draw_phone_above(ax: Axes, x: float, y: float) -> None:
    """Draw a phone that looks down on a sheet, seen from the side."""
    width, height = PICTURE
    draw_line(
        ax, lines([(x + 0.3, y + height - 0.3), (x + width - 0.3, y + height - 0.3)]), WORDS, 0.6
    )
    for end in (0.6, width - 0.6):
        sight = lines([(x + width / 2, y + 3.2), (x + end, y + height - 1.2)])
        draw_line(ax, sight, PALE, 0.2, linestyle=(0, (3, 3)))
    phone = [square(x + width / 2 - 4, y, 8, 1.5), square(x + width / 2 - 0.6, y + 1.5, 1.2, 0.7)]
    fill(ax, rectangles(np.concatenate(phone)), WORDS)
