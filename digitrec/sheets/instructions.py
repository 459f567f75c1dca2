"""What a sheet tells its writer: what to do, how it looks, and how to photograph it."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.path import Path as Outline

from digitrec.sheets.drawing import (
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
from digitrec.sheets.layout import BOX, FIRST_BOX, FRAME, HEIGHT, MARKER, PITCH, Code

LEFT = FIRST_BOX[0] - FRAME  # mm; all words begin where the frames of some column begin
EXAMPLES = 21.5  # mm, the top of the boxes that show how it is done

INK, PEN = "#1c2b63", 0.75  # of what is written in the worked example; mm
# Curves of the worked example in a square of 1: an anchor, then two handles and an anchor each.
THREE = (
    ((0.16, 0.17), (0.36, -0.08), (0.92, -0.03), (0.82, 0.26), (0.74, 0.44), (0.52, 0.46),
     (0.40, 0.46), (0.66, 0.44), (0.96, 0.56), (0.84, 0.80), (0.72, 1.05), (0.26, 1.04),
     (0.10, 0.84)),
)  # fmt: skip
BOTCHED_THREE = (
    ((0.20, 0.30), (0.30, 0.02), (0.86, 0.02), (0.70, 0.30), (0.60, 0.44), (0.50, 0.40),
     (0.62, 0.34), (0.98, 0.30), (0.90, 0.72), (0.62, 0.66), (0.40, 0.60), (0.22, 0.74),
     (0.34, 0.92)),
)  # fmt: skip
CROSS = (
    ((0.0, 0.0), (0.3, 0.35), (0.7, 0.72), (1.0, 1.0)),
    ((1.0, 0.02), (0.66, 0.3), (0.4, 0.66), (0.02, 0.98)),
)


def draw_instructions(ax: Axes, code: Code) -> None:
    """Draw everything on a sheet that is there to be read by people."""
    draw_words(ax, code)
    draw_examples(ax)
    draw_photo(ax)


def draw_examples(ax: Axes) -> None:
    """Show a box as it should be, and one that went wrong."""
    for column, curves, words in (
        (0, (THREE,), ("Like this:", "large and dark,", "inside its frame.")),
        (3, (BOTCHED_THREE, CROSS), ("Gone wrong?", "Cross it out", "and go on.")),
    ):
        left = FIRST_BOX[0] + column * PITCH[0]
        corners = square(left, EXAMPLES, *BOX)[0]
        draw_frame(ax, corners)
        draw_label(ax, corners, 3)
        for curve in curves:
            draw_curves(
                ax, curve, square(left + 2.8, EXAMPLES + 2.2, BOX[0] - 5.6, BOX[1] - 4.4)[0]
            )
        write_block(ax, left + PITCH[0], EXAMPLES + 4.4, *words)


def write_block(ax: Axes, x: float, y: float, heading: str, *words: str) -> None:
    """Write a heading and lines below it."""
    write(ax, x, y, heading, 8.5, weight="bold")
    for i, line in enumerate(words, 1):
        write(ax, x, y + 4.2 * i, line, 8.5)


def draw_words(ax: Axes, code: Code) -> None:
    """Write what to do, whose sheet it is, and which."""
    write(ax, LEFT, 6.5, "Write your digits", 15, weight="bold")
    write(ax, LEFT, 11.2, "In each box, write the digit above it.", 8.5)
    write(ax, LEFT, 15.4, "Take a dark pen, not a red one.", 8.5)
    left, right = FIRST_BOX[0] + 6 * PITCH[0] - FRAME, FIRST_BOX[0] + 9 * PITCH[0] + BOX[0] + FRAME
    write(ax, left, 20.6, f"Sheet {code.name}", 8.5, weight="bold")
    write(ax, right, 20.6, f"page {code.page}", 8.5, ha="right")
    draw_line(ax, lines([(left, 29.8), (right, 29.8)]), WORDS, 0.2)
    write(ax, left, 33.0, "Pen name or number, not your real name:", 7.5)
    write(ax, left, 36.4, "nobody has to know whose writing this is.", 7.5)


def draw_photo(ax: Axes) -> None:
    """Show how the sheet is photographed."""
    top = HEIGHT - MARKER - 1
    draw_sheet_in_view(ax, LEFT, top)
    write_block(ax, LEFT + PITCH[0], top + 4.4, "Then take a photo",
                "of the whole sheet,", "with all eight squares.")  # fmt: skip
    left = FIRST_BOX[0] + 6 * PITCH[0] - FRAME
    draw_phone_above(ax, left, top)
    write_block(ax, left + PITCH[0], top + 4.4, "From straight above,",
                "in good light,", "without a shadow.")  # fmt: skip


def draw_sheet_in_view(ax: Axes, x: float, y: float) -> None:
    """Draw a sheet between the corners of a viewfinder, 13 x 16 mm."""
    width, height, corner = 13.0, 16.0, 2.2
    for right in (0, 1):
        for low in (0, 1):
            at, inward = (x + right * width, y + low * height), (1 - 2 * right, 1 - 2 * low)
            draw_line(ax, lines([(at[0] + corner * inward[0], at[1]), at,
                                 (at[0], at[1] + corner * inward[1])]), WORDS, 0.35)  # fmt: skip
    sheet = square(x + 2, y + 2, 9, 12)
    draw_line(ax, rectangles(sheet), PALE, 0.2)
    places = [(2.7, 2.7), (5.95, 2.7), (9.2, 2.7), (9.2, 7.45), (9.2, 12.2), (5.95, 12.2),
              (2.7, 12.2), (2.7, 7.45)]  # fmt: skip
    fill(ax, rectangles(np.concatenate([square(x + a, y + b, 1.1) for a, b in places])), WORDS)


def draw_phone_above(ax: Axes, x: float, y: float) -> None:
    """Draw a phone that looks down on a sheet, from the side, 13 x 16 mm."""
    draw_line(ax, lines([(x, y + 15.5), (x + 13, y + 15.5)]), WORDS, 0.5)
    for end in (0.6, 12.4):
        draw_line(
            ax, lines([(x + 6.5, y + 3.4), (x + end, y + 14.7)]), PALE, 0.2, linestyle=(0, (3, 3))
        )
    fill(ax, rectangles(square(x + 2.5, y + 0.8, 8, 1.5)), WORDS)
    fill(ax, rectangles(square(x + 5.9, y + 2.3, 1.2, 0.7)), WORDS)


def draw_curves(ax: Axes, curves: tuple, corners: np.ndarray) -> None:
    """Draw with a pen in a box.

    Args:
        ax: where.
        curves: each an anchor, then two handles and an anchor each, in a square of 1.
        corners: of what the square of 1 becomes, array (4, 2), mm.
    """
    outlines = [
        Outline(
            np.array(curve) * (corners[2] - corners[0]) + corners[0],
            [Outline.MOVETO, *[Outline.CURVE4] * (len(curve) - 1)],
        )
        for curve in curves
    ]
    draw_line(ax, Outline.make_compound_path(*outlines), INK, PEN)
