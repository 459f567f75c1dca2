"""Sheets to print: one for every writer of a class, or a blank one to be copied."""

import os
import secrets
from collections.abc import Iterator, Sequence
from numbers import Integral
from pathlib import Path

import cv2
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure

from digitrec.files import write_whole
from digitrec.paths import project_path
from digitrec.sheets.drawing import (
    BLACK,
    INCH,
    blank_paper,
    draw_frames,
    draw_label,
    fill,
    marker,
    plain_style,
)
from digitrec.sheets.instructions import draw_instructions
from digitrec.sheets.layout import (
    CODE_MARKER,
    CODE_MARKERS,
    HEIGHT,
    MARKER,
    MARKERS,
    MOST_PAGES,
    MOST_ROWS,
    MOST_RUNS,
    MOST_WRITERS,
    PAPERS,
    WIDTH,
    Code,
    asked,
    box_corners,
)

MOST_SHEETS = 1_000  # pages of one file; a printer needs an hour for them


def make_sheet(
    path: str | Path,
    *,
    each: int = 10,
    writers: int | None = None,
    paper: str = "A4",
    run: int | None = None,
    first_writer: int = 1,
) -> Path:
    """Write a PDF of sheets to print and to write digits on.

    A page has ten boxes for each digit at most; a writer who is to write more gets several.

    Args:
        path: the file, ending in .pdf, from the project folder on; one that is there is replaced.
        each: how many of each digit a writer is asked for, 1 to 1,000.
        writers: how many get sheets of their own, with a number each, 1 to 999; None makes one
            sheet for nobody in particular, to be copied.
        paper: "A4" or "Letter".
        run: 0-999, tells these sheets from those that were made at another time; None draws one.
            The same run makes the same file.
        first_writer: the number of the first writer, to go on with a class later.

    Returns:
        The path of the file.

    Raises:
        ValueError: an argument is not as above, or the file would have more than 1,000 pages.
        OSError: the file could not be written; one that was there before is unchanged.
    """
    path = checked_path(path)
    check_paper(paper)
    each = checked_number("each", each, 1, MOST_PAGES * MOST_ROWS)
    run = new_run() if run is None else checked_number("run", run, 0, MOST_RUNS - 1)
    codes = list(sheet_codes(each, writer_numbers(writers, first_writer), run))
    if len(codes) > MOST_SHEETS:
        raise ValueError(
            f"{writers} writers with {each} of each digit need {len(codes):,} pages, expected at "
            f"most {MOST_SHEETS:,}. Ask for fewer, and go on with first_writer in another file"
        )
    about = {"Title": title(codes), "CreationDate": None}  # no date, so that it can be repeated

    def save(temporary: Path) -> None:
        with plain_style(), PdfPages(temporary, metadata=about) as pages:
            for code in codes:
                pages.savefig(draw_sheet(code, paper))

    write_whole(path, save)
    return path


def new_run() -> int:
    """Draw the number of a run, 0-999; no seed of the reader's makes it the same twice."""
    return secrets.randbelow(MOST_RUNS)


def sheet_codes(each: int, writers: range, run: int) -> Iterator[Code]:
    """Give the code of every page, writer by writer.

    >>> [(code.page, code.rows) for code in sheet_codes(25, range(1, 2), 412)]
    [(1, 10), (2, 10), (3, 5)]
    """
    for writer in writers:
        for page, first in enumerate(range(0, each, MOST_ROWS), 1):
            yield Code(run, writer, page, min(MOST_ROWS, each - first))


def title(codes: Sequence[Code]) -> str:
    """Say which sheets they are.

    >>> title([Code(412, 1, 1, 10), Code(412, 2, 1, 10)])
    'Sheets 412-1 to 412-2'
    >>> title([Code(412, 0, 1, 10), Code(412, 0, 2, 5)])
    'Sheet 412'
    """
    first, last = codes[0].name, codes[-1].name
    return f"Sheet {first}" if first == last else f"Sheets {first} to {last}"


def draw_sheet(code: Code, paper: str = "A4") -> Figure:
    """Draw one page on the whole paper.

    Args:
        code: which sheet it is.
        paper: "A4" or "Letter".

    Returns:
        A figure of the size of the paper, which pyplot does not know.

    Raises:
        ValueError: there is no such paper.
    """
    check_paper(paper)
    width, height = PAPERS[paper]
    with plain_style():
        figure, ax = blank_paper(width, height, (width - WIDTH) / 2, (height - HEIGHT) / 2)
        draw_markers(ax, code)
        draw_instructions(ax, code)
        draw_boxes(ax, code)
    return figure


def sheet_image(code: Code, paper: str = "A4", dots_per_inch: float = 200) -> np.ndarray:
    """Return one page as a picture of the whole paper.

    Args:
        code: which sheet it is.
        paper: "A4" or "Letter".
        dots_per_inch: how fine.

    Returns:
        Array (height, width, 3), uint8, RGB. Its sides are rounded to whole pixels, and the paper
        fills it: x mm from its left edge are x * width / width of the paper in pixels.

    Raises:
        ValueError: there is no such paper.
    """
    figure = draw_sheet(code, paper)
    pixels = np.round(np.array(PAPERS[paper]) / INCH * dots_per_inch)
    figure.set_size_inches(pixels / dots_per_inch)
    figure.set_dpi(dots_per_inch)
    canvas = FigureCanvasAgg(figure)
    with plain_style():
        canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3].copy()


def draw_markers(ax: Axes, code: Code) -> None:
    """Draw the eight markers that say where everything is, and the three that say which sheet."""
    for number, place in MARKERS.items():
        fill(ax, marker(cv2.aruco.DICT_4X4_50, number, place, MARKER), BLACK)
    for number, place in zip(code.markers, CODE_MARKERS, strict=True):
        fill(ax, marker(cv2.aruco.DICT_6X6_1000, number, place, CODE_MARKER), BLACK)


def draw_boxes(ax: Axes, code: Code) -> None:
    """Draw the boxes to write in, each with what to write."""
    boxes = [box_corners(number) for number in range(code.boxes)]
    draw_frames(ax, boxes)
    for number, box in enumerate(boxes):
        draw_label(ax, box, asked(number))


def check_paper(paper: str) -> None:
    """Refuse a paper that there is no sheet for."""
    if not isinstance(paper, str) or paper not in PAPERS:
        known = " or ".join(f'"{each}"' for each in PAPERS)
        raise ValueError(f"paper is {paper!r}, expected {known}")


def checked_number(name: str, value: int, low: int, high: int) -> int:
    """Return a whole number, also one of NumPy's; refuse anything else."""
    if isinstance(value, bool) or not isinstance(value, Integral) or not low <= value <= high:
        raise ValueError(f"{name} is {value!r}, expected a whole number from {low:,} to {high:,}")
    return int(value)


def writer_numbers(writers: int | None, first_writer: int) -> range:
    """Return the numbers of the writers; 0 alone for nobody in particular."""
    first = checked_number("first_writer", first_writer, 1, MOST_WRITERS - 1)
    if writers is None:
        if first != 1:
            raise ValueError(
                f"first_writer is {first} without writers; say how many, such as writers=30"
            )
        return range(1)
    return range(first, first + checked_number("writers", writers, 1, MOST_WRITERS - first))


def checked_path(path: str | Path) -> Path:
    """Return a path that ends in .pdf."""
    name = Path(path).name if isinstance(path, str | os.PathLike) else path
    if not isinstance(name, str) or Path(name).suffix.lower() != ".pdf":
        shown = f'"{name}"' if isinstance(name, str) else repr(path)
        raise ValueError(
            f'path is {shown}, expected the name of a file that ends in .pdf, such as "sheet.pdf"'
        )
    return project_path(path)
