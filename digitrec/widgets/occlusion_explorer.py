"""Move a square of paper over a digit, and see what a network says then."""

import base64
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import traitlets

from digitrec.browser import joined
from digitrec.inside.occlusion import Occlusion, occlusion
from digitrec.widgets.answering import Answering
from digitrec.widgets.cell_box import CellBox
from digitrec.widgets.controls import Choice, Slider, script

if TYPE_CHECKING:
    import keras

STRIDE = 2  # pixels; a square may stand in a quarter of all places, and answers four times as fast
PARTS = ("preparation.js", "network.js", "reading.js", "look.js", "pictures.js", "answers.js")


class OcclusionField(Answering):
    """An image with a square that moves, the map of what it takes, and the network's answer.

    Every answer is in the page before the square is moved: it needs no kernel, and no time.

    Attributes:
        content: what `as_content` gives, as JSON; empty for nothing.
    """

    _esm = (
        joined("elements.js", *PARTS)
        + script("answer_view.js")
        + script("occlusion_explorer.js")
        + "export default { render: renderOcclusion };\n"
    )
    _css = joined("answers.css") + script("answer_view.css") + script("occlusion_explorer.css")
    content = traitlets.Unicode().tag(sync=True)


def as_content(name: str, image: np.ndarray, found: Occlusion) -> str:
    """Return what the field shows, as JSON.

    Args:
        name: what to call the network.
        image: array (28, 28), uint8 0-255.
        found: its answers with the square at each place.
    """
    return json.dumps(
        {
            "name": name,
            "image": base64.b64encode(np.ascontiguousarray(image).tobytes()).decode(),
            "size": found.size,
            "stride": found.stride,
            "places": len(found.covered),
            "answers": len(found.whole),
            "whole": base64.b64encode(found.whole.astype("<f4").tobytes()).decode(),
            "covered": base64.b64encode(found.covered.astype("<f4").tobytes()).decode(),
        }
    )


class OcclusionExplorer(CellBox):
    """Cover a part of a digit with paper, by mouse, finger or arrow keys.

    Args:
        image: array (28, 28), uint8 0-255, 0 is paper.
        networks: by name, one or more from (n, 28, 28) uint8 images to probabilities.
        size: pixels, the side of the square at first; 2 to 14.

    Raises:
        ValueError: there is no network, or one does not answer probabilities.
    """

    without_browser = "Run this cell in JupyterLab to move a square of paper over the digit."

    def __init__(
        self, image: np.ndarray, networks: "Mapping[str, keras.Model]", size: int = 6
    ) -> None:
        if not networks:
            raise ValueError("there is no network, expected one or more, by name")
        self._image, self._networks = np.array(image), dict(networks)
        self._known: dict[tuple[str, int], Occlusion] = {}
        names = list(self._networks)
        self._choice = Choice(description="Network", options=names, value=names[0])
        self._size = Slider(
            description="Side of the square, in pixels", min=2, max=14, step=2, value=size
        )
        self._field = OcclusionField()
        super().__init__([self._choice, self._size, self._field])
        self._follow(self._choice, "value", self._on_change)
        self._follow(self._size, "value", self._on_change)
        self._on_change()

    def _on_change(self) -> None:
        """Ask the chosen network about every place of the square, once for each size."""
        name = self._choice.value
        size = 2 * round(self._size.value / 2)  # the browser is not believed
        if (name, size) not in self._known:
            model = self._networks[name]
            self._known[name, size] = occlusion(model, self._image, size, STRIDE)
        self._field.content = as_content(name, self._image, self._known[name, size])
