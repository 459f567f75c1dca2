"""The draw pad: draw a digit, and read what the networks say while you draw."""

from typing import TYPE_CHECKING

import traitlets

from digitrec.bounds import MOST_POINTS
from digitrec.browser import READER, boxed_network, joined, portable
from digitrec.networks import speaker
from digitrec.reading.digit import Reading, read_digit
from digitrec.reading.drawings import Strokes, are_strokes, draw_strokes
from digitrec.widgets.answering import Answering
from digitrec.widgets.cell_box import CellBox
from digitrec.widgets.controls import script
from digitrec.widgets.own_network import LateNetwork, ask_own

if TYPE_CHECKING:
    import keras

PARTS = (
    *("elements.js", "look.js", "pictures.js", "answers.js", "live.js"),
    *("pad.js", "waiting.js", "told_pad.js"),
)
HINT = (
    "This is the network in the box. Once notebook 3 has trained yours and this notebook has run "
    "again, yours answers beside it."
)
TOO_LONG = f"Python reads drawings of at most {MOST_POINTS:,} points. Press Clear, and draw again."


class DrawField(Answering):
    """A field to draw in; the browser reads while the pen moves, and tells the strokes at its end.

    Attributes:
        names: what to call each network.
        networks: each of them as text, from `portable`.
        strokes: a list of points [x, y], 0-280, for each stroke, in the order of drawing.
        said: what Python makes of them; empty before.
    """

    _esm = (
        joined(*READER, *PARTS)
        + script("draw_pad.js")
        + "export default { render: renderDrawPad };\n"
    )
    _css = joined("pad.css", "answers.css") + script("draw_pad.css") + script("answer_view.css")
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    networks = traitlets.List(traitlets.Unicode()).tag(sync=True)
    strokes = traitlets.List().tag(sync=True)
    said = traitlets.Unicode().tag(sync=True)


class DrawPad(CellBox):
    """A field to draw in: your browser reads while you draw, and Python after each stroke.

    Both read the same image with the same weights. The browser answers within a few hundredths of a
    second, also while Python is busy; what Python reads is there for the next cell.

    Args:
        own: your own network, which answers second; the one in the box always answers first. Where
            the browser cannot compute it, Python says what it answers.

    Attributes:
        reading: what the network in the box read after the latest stroke; None while the field is
            empty.
        own_reading: what yours says to the same image; None also without one.
    """

    without_browser = "Run this cell in JupyterLab to draw a digit with the mouse or a finger."

    def __init__(self, own: "keras.Model | LateNetwork | None" = None) -> None:
        self.reading: Reading | None = None
        self.own_reading: Reading | None = None
        self._own, self._in_browser = own, False
        self._field = DrawField(
            names=[speaker()], networks=[boxed_network("box")], said="" if own else HINT
        )
        super().__init__([self._field])
        self._follow(self._field, "strokes", self._on_stroke)
        if isinstance(own, LateNetwork):
            own.then(self._show_own)
        else:
            self._show_own(own)

    def _show_own(self, model: "keras.Model | None") -> None:
        """Let the browser compute the learner's network, too, if it can."""
        text = portable_or_none(model)
        if text is not None:
            with self._turn, self._field.hold_sync():
                self._field.names = [*self._field.names, speaker(model)]
                self._field.networks = [*self._field.networks, text]
                self._in_browser = True

    def _on_stroke(self) -> None:
        strokes = self._field.strokes
        self.reading, self.own_reading = None, None
        if not are_strokes(strokes):  # the browser is not believed
            self._field.said = "" if self._own else HINT
        elif sum(map(len, strokes)) > MOST_POINTS:
            self._field.said = TOO_LONG
        else:
            self._field.said = self._read(strokes)

    def _read(self, strokes: Strokes) -> str:
        """Read a drawing with each network, and return what is to be said below the answers."""
        self.reading = read_digit(draw_strokes(strokes))
        said = f"Python has it, too: {self.reading.opinion}."
        own = ask_own(self._own, [self.reading])
        if own is None:
            return said if self._own else f"{said} {HINT}"
        if own.problem:
            return f"{said} {own.speaker}: no answer. {own.problem}"
        (self.own_reading,) = own.readings
        return said if self._in_browser else f"{said} {own.speaker}: {self.own_reading.opinion}."


def portable_or_none(model: "keras.Model | None") -> str | None:
    """Return a network as text for the browser; None without one, or where it has no form there."""
    if model is None:
        return None
    try:
        return portable(model)
    except ValueError:
        return None
