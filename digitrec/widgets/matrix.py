"""A confusion matrix to choose a cell of."""

import traitlets

from digitrec.browser import joined
from digitrec.widgets.answering import Answering
from digitrec.widgets.controls import script


class Matrix(Answering):
    """A confusion matrix whose cells are chosen by mouse, finger or arrow keys.

    Attributes:
        counts: one row a true digit, in it one number of images a predicted digit.
        cell: the true and the predicted digit that are chosen.
    """

    _esm = (
        joined("elements.js", "waiting.js")
        + script("matrix.js")
        + "export default { render: renderMatrix };\n"
    )
    _css = script("controls.css") + script("matrix.css")
    counts = traitlets.List(traitlets.List(traitlets.Int())).tag(sync=True)
    cell = traitlets.List(traitlets.Int(), default_value=[0, 0]).tag(sync=True)

    @traitlets.validate("cell")
    def _inside(self, proposal: dict) -> list[int]:
        cell = proposal["value"]
        if len(cell) != 2 or not all(0 <= place < len(self.counts) for place in cell):
            raise traitlets.TraitError(f"Found {cell!r:.40}, expected a row and a column.")
        return cell
