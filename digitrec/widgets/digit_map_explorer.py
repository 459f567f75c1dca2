"""Walk over a map of digits, and see each digit, its label and what the network reads."""

import base64
import json

import numpy as np
import traitlets

from digitrec.browser import joined
from digitrec.inside.digit_map import DigitMap
from digitrec.mnist import check_images
from digitrec.networks import NOT_A_DIGIT, predict
from digitrec.widgets.answering import Answering
from digitrec.widgets.cell_box import CellBox
from digitrec.widgets.controls import script

PARTS = ("preparation.js", "network.js", "reading.js", "look.js", "pictures.js")


class DigitMapField(Answering):
    """The map, to point at; the digit that is pointed at is shown beside it.

    Attributes:
        content: what `as_content` gives, as JSON.
    """

    _esm = (
        joined("elements.js", *PARTS)
        + script("answer_view.js")
        + script("digit_map_explorer.js")
        + "export default { render: renderDigitMap };\n"
    )
    _css = script("answer_view.css") + script("digit_map_explorer.css")
    content = traitlets.Unicode().tag(sync=True)


def as_content(drawn: DigitMap, own: np.ndarray | None) -> str:
    """Return what the field shows, as JSON.

    Args:
        drawn: the map.
        own: the reader's image (28, 28), uint8 0-255, which comes last; None without one.
    """
    images, answers, points = drawn.digits.images, drawn.answers, drawn.points
    if own is not None:
        images = np.concatenate([images, own[None]])
        answers = np.append(answers, predict(drawn.model, own[None]).argmax())
        points = np.vstack([points, drawn.place(own)])
    return json.dumps(
        {
            "images": base64.b64encode(np.ascontiguousarray(images).tobytes()).decode(),
            "points": np.round(points, 4).tolist(),
            "labels": drawn.digits.labels.tolist(),
            "answers": np.asarray(answers).tolist(),
            "none": NOT_A_DIGIT,
        }
    )


class DigitMapExplorer(CellBox):
    """Point at a digit on the map, with mouse, finger or arrow keys, and see what it is.

    Args:
        drawn: the map.
        own: your own image (28, 28), uint8 0-255, which lands on it; None without one.

    Raises:
        ValueError: the image has another form.
    """

    without_browser = "Run this cell in JupyterLab to point at the digits of the map."

    def __init__(self, drawn: DigitMap, own: np.ndarray | None = None) -> None:
        if own is not None:
            check_images(np.asarray(own)[None])
        super().__init__([DigitMapField(content=as_content(drawn, own))])
