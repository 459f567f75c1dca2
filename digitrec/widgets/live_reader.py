"""A first minute: draw a digit, and watch two networks read it, down to the maps of each layer."""

import anywidget
import traitlets

from digitrec.browser import READER, boxed_network, joined
from digitrec.widgets.cell_box import CellBox
from digitrec.widgets.controls import script

PARTS = ("elements.js", "look.js", "pictures.js", "answers.js", "live.js", "pad.js", "inside.js")
STYLES = ("pad.css", "answers.css", "inside.css")
NETWORKS = {"Network in the box": "box", "Dense network": "dense"}  # by what they are called


class LiveField(anywidget.AnyWidget):
    """A field to draw in, its answers and its maps; all of it happens in the browser.

    Attributes:
        names: what to call each network.
        networks: each of them as text, from `portable`.
    """

    _esm = (
        joined(*READER, *PARTS)
        + script("live_reader.js")
        + "export default { render: renderLiveReader };\n"
    )
    _css = (
        joined(*STYLES)
        + script("draw_pad.css")
        + script("answer_view.css")
        + script("live_reader.css")
    )
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    networks = traitlets.List(traitlets.Unicode()).tag(sync=True)


class LiveReader(CellBox):
    """A field to draw in, read while you draw by the two networks that come with the project.

    Below the answers the maps of each layer light up; a place in a map shows the window it looks
    at. Once it is shown it asks Python nothing: it is there before TensorFlow is loaded, and goes
    on while the kernel is busy. Python learns nothing of what is drawn; `DrawPad` tells it.
    """

    without_browser = "Run this cell in JupyterLab to draw, and to see two networks read along."

    def __init__(self) -> None:
        networks = [boxed_network(name) for name in NETWORKS.values()]
        super().__init__([LiveField(names=list(NETWORKS), networks=networks)])
