"""Where everything is on a sheet, in millimetres, the same on A4 and US Letter.

A sheet is a rectangle of 190 x 256 mm in the middle of the paper. Eight markers stand at its
corners and at the middles of its edges; three small ones beside the title say which sheet it is.
Each row of boxes asks for the digits 0 to 9, so ten rows hold ten of each.
"""

from dataclasses import dataclass

import numpy as np

PAPERS = {"A4": (210.0, 297.0), "Letter": (215.9, 279.4)}  # width and height in mm
WIDTH, HEIGHT = 190.0, 256.0  # mm, of the sheet in the middle of the paper
MARKER = 15.0  # mm, a side; measured on simulated photos, smaller ones are lost to blur
QUIET = 4.0  # mm of white around a marker, without which none is found
MARKERS = {  # by number in DICT_4X4_50: (left, top) in mm, clockwise from the upper left
    0: (0.0, 0.0),
    1: ((WIDTH - MARKER) / 2, 0.0),
    2: (WIDTH - MARKER, 0.0),
    3: (WIDTH - MARKER, (HEIGHT - MARKER) / 2),
    4: (WIDTH - MARKER, HEIGHT - MARKER),
    5: ((WIDTH - MARKER) / 2, HEIGHT - MARKER),
    6: (0.0, HEIGHT - MARKER),
    7: (0.0, (HEIGHT - MARKER) / 2),
}
CODE_MARKER = 12.0  # mm, a side, of the three in DICT_6X6_1000 that say which sheet it is
CODE_MARKERS = tuple((111.0 + 20.0 * i, 1.5) for i in range(3))  # their (left, top) in mm
COLUMNS, MOST_ROWS = 10, 10
BOX = (13.0, 14.5)  # mm, width and height of a box inside its frame
FIRST_BOX = (20.1, 44.0)  # mm, left and top of the first one
PITCH = (15.2, 19.6)  # mm from one to the next, across and down
FRAME = 0.4  # mm, the width of the line around a box, which lies outside it
LABEL = (2.6, 1.0)  # mm, height of the digit that says what to write, and its distance to the box
MOST_RUNS = MOST_WRITERS = 1_000  # as many as DICT_6X6_1000 has markers
MOST_PAGES = 100


@dataclass(frozen=True)
class Code:
    """Which sheet it is: what its three small markers say.

    Attributes:
        run: 0-999, drawn anew whenever sheets are made, so that two classes stay apart.
        writer: 1-999; 0 for a sheet that was made for nobody in particular.
        page: 1 to 100, of this writer.
        rows: 1 to 10, of boxes on this page.

    >>> Code(412, 17, 1, 10).markers
    (412, 17, 9)
    >>> Code.of_markers(412, 17, 9)
    Code(run=412, writer=17, page=1, rows=10)
    """

    run: int
    writer: int
    page: int
    rows: int

    def __post_init__(self) -> None:
        bounds = {
            "run": (0, MOST_RUNS - 1),
            "writer": (0, MOST_WRITERS - 1),
            "page": (1, MOST_PAGES),
            "rows": (1, MOST_ROWS),
        }
        for name, (low, high) in bounds.items():
            value = getattr(self, name)
            if type(value) is not int or not low <= value <= high:
                raise ValueError(f"{name} is {value!r}, expected a whole number, {low} to {high}")

    @property
    def markers(self) -> tuple[int, int, int]:
        """The numbers of its three markers, from left to right."""
        return self.run, self.writer, (self.page - 1) * MOST_ROWS + self.rows - 1

    @classmethod
    def of_markers(cls, run: int, writer: int, rest: int) -> "Code":
        """Return what three markers say."""
        return cls(run, writer, rest // MOST_ROWS + 1, rest % MOST_ROWS + 1)

    @property
    def name(self) -> str:
        """Whose sheet it is, such as "412-17"; "412" for nobody in particular."""
        return f"{self.run:03d}-{self.writer}" if self.writer else f"{self.run:03d}"

    @property
    def boxes(self) -> int:
        """How many boxes the page has."""
        return self.rows * COLUMNS


def marker_corners() -> dict[int, np.ndarray]:
    """Return the corners of each marker in mm, array (4, 2), clockwise from its upper left."""
    side = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * MARKER
    return {number: np.array(place) + side for number, place in MARKERS.items()}


def box_corners(number: int) -> np.ndarray:
    """Return the corners of a box in mm, array (4, 2), clockwise from its upper left.

    Args:
        number: which box, counted from 0 along the rows.
    """
    row, column = divmod(number, COLUMNS)
    place = np.array(FIRST_BOX) + np.array(PITCH) * [column, row]
    return place + np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * BOX


def label_corners(box: np.ndarray) -> np.ndarray:
    """Return the corners of the room for the printed digit of a box, array (4, 2), mm.

    It stands above the box, from its left edge on; clockwise from its upper left.

    Args:
        box: its corners, array (4, 2), mm, clockwise from its upper left.
    """
    height, distance = LABEL
    place = box[0] - [0, distance + height]
    return place + np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * height


def asked(number: int) -> int:
    """Return which digit a box asks for, 0-9."""
    return number % COLUMNS
