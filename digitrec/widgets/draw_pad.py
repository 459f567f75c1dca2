"""The draw pad: draw a digit, and read what the network says."""

from typing import TYPE_CHECKING

import ipywidgets

from digitrec.reading.digit import Reading, read_digit
from digitrec.widgets import markup
from digitrec.widgets.cell_box import CellBox
from digitrec.widgets.controls import DrawField, ink_strokes

if TYPE_CHECKING:
    import keras


EMPTY_PAD = markup.paragraph("", "Draw a digit in the white field, with the mouse or a finger.")


class DrawPad(CellBox):
    """A field to draw a digit in; it is read again whenever a stroke ends.

    The browser draws the strokes, and each sends one message of a kilobyte or two, so that the pad
    works over a slow line.

    Args:
        model: the network that reads; None takes the one in the box.

    Attributes:
        reading: what was read after the latest stroke; None while the field is empty.
    """

    without_browser = "Run this cell in JupyterLab to draw a digit with the mouse or a finger."

    def __init__(self, model: "keras.Model | None" = None) -> None:
        self.reading: Reading | None = None
        self._model = model
        self._field = DrawField()
        self._answer = ipywidgets.HTML(EMPTY_PAD, layout={"margin": "0 0 0 16px"})
        row = ipywidgets.HBox([self._field, self._answer], layout={"flex_flow": "row wrap"})
        super().__init__([row])
        self._follow(self._field, "strokes", self._on_stroke)

    def _on_stroke(self) -> None:
        strokes = self._field.strokes
        self.reading, answer = None, EMPTY_PAD
        if strokes:
            self.reading = read_digit(ink_strokes(strokes), self._model)
            answer = markup.answer(self.reading)
        self._answer.value = answer
