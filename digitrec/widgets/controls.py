"""A slider and a list, for everybody's hands and ears.

The sliders of ipywidgets have no name that a screen reader could say, and JupyterLab takes the
arrow keys from its lists and sliders. These are the browser's own, in a few lines of JavaScript
beside this file.
"""

from pathlib import Path

import anywidget
import traitlets


def script(name: str) -> str:
    """Return a script beside this file, as text: a path would make anywidget keep every widget."""
    return (Path(__file__).parent / name).read_text(encoding="utf-8")


class Slider(anywidget.AnyWidget):
    """A slider that tells its value when it is let go.

    Attributes:
        description: its name, beside it and for screen readers.
        min, max, step: which values it can take.
        value: where it stands.
    """

    _esm = script("slider.js")
    description = traitlets.Unicode().tag(sync=True)
    min = traitlets.Float(0).tag(sync=True)
    max = traitlets.Float(1).tag(sync=True)
    step = traitlets.Float(1).tag(sync=True)
    value = traitlets.Float(0).tag(sync=True)


class Choice(anywidget.AnyWidget):
    """A list to choose one thing from.

    Attributes:
        description: its name, beside it and for screen readers.
        options: what can be chosen.
        value: what is chosen.
    """

    _esm = script("choice.js")
    description = traitlets.Unicode().tag(sync=True)
    options = traitlets.List(traitlets.Unicode()).tag(sync=True)
    value = traitlets.Unicode().tag(sync=True)
