"""The place where an answer is shown, and said by screen readers."""

import anywidget
import traitlets

from digitrec.widgets.controls import script


class AnswerView(anywidget.AnyWidget):
    """An answer as HTML, and beside it one live region that stays in the page.

    Screen readers say the text of a live region when it changes; one that comes with its text is
    often missed. What is below does not jump, because the place never becomes lower; lines that
    were unfolded stay so.

    Attributes:
        html: what is seen; from the functions in `answers` and `markup`, which escape every name.
        said: what screen readers say, as plain text.
    """

    _esm = script("answer_view.js") + "export default { render: renderAnswerView };\n"
    _css = script("answer_view.css")
    html = traitlets.Unicode().tag(sync=True)
    said = traitlets.Unicode().tag(sync=True)

    def show(self, html: str, said: str) -> None:
        """Replace what is seen and what is said, in one message."""
        with self.hold_sync():
            self.html, self.said = html, said
