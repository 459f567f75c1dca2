"""A widget that tells the browser when Python has dealt with what came from it."""

import anywidget
import traitlets


class Answering(anywidget.AnyWidget):
    """A widget whose script can tell a busy or dead kernel from a living one.

    `digitrec/browser/waiting.js` counts `asked` up with every change that it sends. Python counts
    after it once everybody who follows the widget has acted, also where acting failed.

    Attributes:
        asked: the number of the browser's latest question.
        answered: the number of the latest one that Python has dealt with.
    """

    asked = traitlets.Int(0).tag(sync=True)
    answered = traitlets.Int(0).tag(sync=True)

    def set_state(self, sync_data: dict) -> None:
        """Take what the browser sent, let everybody act on it, and say that it is done."""
        try:
            super().set_state(sync_data)
        finally:
            self.answered = sync_data.get("asked", self.answered)
