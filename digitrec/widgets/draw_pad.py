"""The draw pad: draw a digit, and read what the network says."""

from typing import TYPE_CHECKING

import ipywidgets

from digitrec.reading.digit import Reading, read_digit
from digitrec.widgets import answers, markup
from digitrec.widgets.cell_box import CellBox
from digitrec.widgets.controls import DrawField, ink_strokes
from digitrec.widgets.own_network import ask_own

if TYPE_CHECKING:
    import keras


EMPTY_PAD = markup.paragraph("", "Draw a digit in the white field, with the mouse or a finger.")


class DrawPad(CellBox):
    """A field to draw a digit in; it is read again whenever a stroke ends.

    The browser draws the strokes, and each sends one message of a kilobyte or two, so that the pad
    works over a slow line.

    Args:
        own: your own network, which answers second; the one in the box always answers first.

    Attributes:
        reading: what the network in the box read after the latest stroke; None while the field is
            empty.
        own_reading: what yours says to the same image; None also without one.
    """

    without_browser = "Run this cell in JupyterLab to draw a digit with the mouse or a finger."

    def __init__(self, own: "keras.Model | None" = None) -> None:
        self.reading: Reading | None = None
        self.own_reading: Reading | None = None
        self._own = own
        self._field = DrawField()
        self._answer = ipywidgets.HTML(EMPTY_PAD, layout={"margin": "0 0 0 16px"})
        row = ipywidgets.HBox([self._field, self._answer], layout={"flex_flow": "row wrap"})
        super().__init__([row])
        self._follow(self._field, "strokes", self._on_stroke)

    def _on_stroke(self) -> None:
        strokes = self._field.strokes
        self.reading, self.own_reading, answer = None, None, EMPTY_PAD
        if strokes:
            self.reading = read_digit(ink_strokes(strokes))
            own = ask_own(self._own, [self.reading])
            if own is not None and own.readings:
                (self.own_reading,) = own.readings
            answer = answers.answer(self.reading, own=own) + answers.hint(self._own)
        self._answer.value = answer
