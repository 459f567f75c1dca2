"""A slider, a list and a field to draw in, for everybody's hands and ears.

The sliders of ipywidgets have no name that a screen reader could say, and JupyterLab takes the
arrow keys from its lists and sliders. These are the browser's own, in a few lines of JavaScript
beside this file.
"""

from collections.abc import Sequence
from pathlib import Path

import anywidget
import cv2
import numpy as np
import traitlets

from digitrec.browser import joined
from digitrec.widgets.answering import Answering

FIELD_SIDE = 280  # pixels: ten for each pixel that the network sees
PEN = 22  # pixels, as in draw_field.js


def script(name: str) -> str:
    """Return a script beside this file, as text: a path would make anywidget keep every widget."""
    return (Path(__file__).parent / name).read_text(encoding="utf-8")


class Slider(Answering):
    """A slider that tells its value while it moves.

    Attributes:
        description: its name, beside it and for screen readers.
        min, max, step: which values it can take.
        value: where it stands.
    """

    _esm = joined("waiting.js") + script("slider.js") + "export default { render: renderSlider };\n"
    _css = script("controls.css")
    description = traitlets.Unicode().tag(sync=True)
    min = traitlets.Float(0).tag(sync=True)
    max = traitlets.Float(1).tag(sync=True)
    step = traitlets.Float(1).tag(sync=True)
    value = traitlets.Float(0).tag(sync=True)


class Choice(Answering):
    """A list to choose one thing from.

    Attributes:
        description: its name, beside it and for screen readers.
        options: what can be chosen.
        value: what is chosen.
    """

    _esm = joined("waiting.js") + script("choice.js") + "export default { render: renderChoice };\n"
    _css = script("controls.css")
    description = traitlets.Unicode().tag(sync=True)
    options = traitlets.List(traitlets.Unicode()).tag(sync=True)
    value = traitlets.Unicode().tag(sync=True)


class DrawField(anywidget.AnyWidget):
    """A white field to draw in; the browser draws, and tells the strokes when one ends.

    Attributes:
        strokes: a list of points (x, y) in pixels for each stroke, in the order of drawing.
        side: pixels of the field.
    """

    _esm = script("draw_field.js")
    strokes = traitlets.List().tag(sync=True)
    side = traitlets.Int(FIELD_SIDE).tag(sync=True)


def ink_strokes(strokes: Sequence[Sequence[tuple[int, int]]]) -> np.ndarray:
    """Draw strokes on white paper, as the browser did.

    Args:
        strokes: what `DrawField.strokes` holds.

    Returns:
        Array (280, 280), uint8, 255 is paper.
    """
    paper = np.full((FIELD_SIDE, FIELD_SIDE), 255, np.uint8)
    for stroke in strokes:
        points = np.array([*stroke, stroke[-1]], np.int32)  # twice, so that a dot is a line too
        cv2.polylines(paper, [points], False, color=0, thickness=PEN, lineType=cv2.LINE_AA)
    return paper
