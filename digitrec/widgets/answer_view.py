"""The place where an answer is shown, and said by screen readers."""

import anywidget
import traitlets

from digitrec.widgets.controls import script


class AnswerView(anywidget.AnyWidget):
    """An answer as HTML, and beside it one live region that stays in the page.

    Screen readers say the text of a live region when it changes; one that comes with its text is
    often missed. What is below does not jump, because the place never becomes lower; lines that
    were unfolded stay so. Answers travel as messages: a state with the reader's pictures in it
    would be stored in the notebook.

    Attributes:
        html: what is seen; from the functions in `answers` and `markup`, which escape every name.
        said: what screen readers say, as plain text.
    """

    _esm = script("answer_view.js") + "export default { render: renderAnswerView };\n"
    _css = script("answer_view.css")

    html = traitlets.Unicode()
    said = traitlets.Unicode()

    def __init__(self) -> None:
        super().__init__()
        self.on_msg(lambda *_: self._tell())  # a page that opens asks for the latest

    def show(self, html: str, said: str = "") -> None:
        """Replace what is seen and what is said."""
        self.html, self.said = html, said
        self._tell()

    def _tell(self) -> None:
        self.send({"html": self.html, "said": self.said})
