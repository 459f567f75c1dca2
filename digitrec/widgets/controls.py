"""A slider and a list, for everybody's hands and ears.

The sliders of ipywidgets have no name that a screen reader could say, and JupyterLab takes the
arrow keys from its lists and sliders. These are the browser's own, in a few lines of JavaScript
beside this file.
"""

import math
from pathlib import Path

import traitlets

from digitrec.browser import joined
from digitrec.widgets.answering import Answering


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

    _esm = (
        joined("elements.js", "waiting.js")
        + script("slider.js")
        + "export default { render: renderSlider };\n"
    )
    _css = script("controls.css")
    description = traitlets.Unicode().tag(sync=True)
    min = traitlets.Float(0).tag(sync=True)
    max = traitlets.Float(1).tag(sync=True)
    step = traitlets.Float(1).tag(sync=True)
    value = traitlets.Float(0).tag(sync=True)

    @traitlets.validate("value")
    def _within(self, proposal: dict) -> float:
        """Keep to the ends; over a slow line, the slider may move before it hears of new ones."""
        value = proposal["value"]
        if math.isnan(value):
            raise traitlets.TraitError("A slider cannot stand at NaN.")
        return min(max(value, self.min), self.max)


class Choice(Answering):
    """A list to choose one thing from.

    Attributes:
        description: its name, beside it and for screen readers.
        options: what can be chosen.
        value: what is chosen.
    """

    _esm = (
        joined("elements.js", "waiting.js")
        + script("choice.js")
        + "export default { render: renderChoice };\n"
    )
    _css = script("controls.css")
    description = traitlets.Unicode().tag(sync=True)
    options = traitlets.List(traitlets.Unicode()).tag(sync=True)
    value = traitlets.Unicode().tag(sync=True)

    @traitlets.validate("value")
    def _one_of_them(self, proposal: dict) -> str:
        value = proposal["value"]
        if value not in self.options:
            raise traitlets.TraitError(f"Found {value!r:.40}, expected one of {self.options}.")
        return value
