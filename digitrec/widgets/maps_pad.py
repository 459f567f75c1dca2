"""A pad to look inside: draw a digit, see its maps, and take one value of them apart."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from digitrec.bounds import MOST_POINTS
from digitrec.browser import READER, boxed_network, joined, portable
from digitrec.reading.drawings import are_strokes, draw_strokes
from digitrec.reading.preparation import prepare_digit
from digitrec.widgets.cell_box import CellBox
from digitrec.widgets.controls import script
from digitrec.widgets.draw_pad import PARTS, TOO_LONG, DrawField

if TYPE_CHECKING:
    import keras

STYLES = ("pad.css", "answers.css", "inside.css")
NO_INK = "Python finds no digit on a sheet that is all ink. Press Clear, and draw again."
SEEN = "Python has it, too: run the next cell to go on with your drawing."


class MapsField(DrawField):
    """A field to draw in, the maps of what is drawn, and one value of them taken apart.

    Attributes:
        names, networks, strokes, said: as those of a `DrawField`.
    """

    _esm = (
        joined(*READER, *PARTS, "inside.js", "arithmetic.js")
        + script("maps_pad.js")
        + "export default { render: renderMapsPad };\n"
    )
    _css = (
        joined(*STYLES)
        + script("controls.css")
        + script("answer_view.css")
        + script("maps_pad.css")
    )


class MapsPad(CellBox):
    """A field to draw in; below it the maps of each layer, while you draw.

    A value of a map that is clicked, or reached by arrow keys, is taken apart: its window, its
    filter, their products, and what became of the sum. All of that is computed in the browser;
    Python keeps the drawing for the next cell.

    Args:
        networks: by what to call them. One that the browser has no code for is left out, and said
            to be; where none is left, the network in the box is shown.

    Attributes:
        image: what the networks see of the drawing: array (28, 28), uint8 0-255, 0 is paper; None
            while nothing is drawn.
    """

    without_browser = "Run this cell in JupyterLab to draw a digit and see its maps."

    def __init__(self, networks: Mapping[str, "keras.Model"]) -> None:
        self.image: np.ndarray | None = None
        texts, self._hint = {}, ""
        for name, model in networks.items():
            try:
                texts[name] = portable(model)
            except ValueError as error:
                self._hint += f"{name} is not shown here. {error} "
        texts = texts or {"The network in the box": boxed_network("box")}
        self._field = MapsField(
            names=list(texts), networks=list(texts.values()), said=self._hint.strip()
        )
        super().__init__([self._field])
        self._follow(self._field, "strokes", self._on_stroke)

    def _on_stroke(self) -> None:
        strokes = self._field.strokes
        self.image = None
        if not are_strokes(strokes):  # the browser is not believed
            self._field.said = self._hint.strip()
        elif sum(map(len, strokes)) > MOST_POINTS:
            self._field.said = TOO_LONG
        else:
            image = prepare_digit(draw_strokes(strokes)).image
            self.image = image if image.any() else None
            self._field.said = f"{SEEN if image.any() else NO_INK} {self._hint}".strip()
