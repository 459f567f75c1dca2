"""The plain upload button of ipywidgets, for where our own uploader does not appear."""

import threading
from collections.abc import Callable

import ipywidgets

from digitrec.bounds import LARGEST_UPLOAD
from digitrec.widgets import markup
from digitrec.widgets.answer_view import AnswerView
from digitrec.widgets.uploader import Answer, Upload, refusal


class PlainUploader(ipywidgets.VBox):
    """A button to choose files with, and the answers below it.

    All files come at once and whole, so that there is a limit, and over a slow line a wait.

    Args:
        begin: called when other files are chosen, before the first is read.
        answer: called with each picture; returns what to show.
    """

    def __init__(self, begin: Callable[[], None], answer: Callable[[Upload], Answer]) -> None:
        self._begin, self._answer = begin, answer
        self._turn = threading.RLock()  # messages may come on two threads
        self._batch = 0
        self._answers: dict[int, Answer] = {}
        self._button = ipywidgets.FileUpload(
            accept="image/*",
            multiple=True,
            description="Choose pictures of digits",
            tooltip=f"One or more pictures of at most {LARGEST_UPLOAD // 1_000_000} MB each",
            layout={"width": "max-content"},
        )
        self._view = AnswerView(html=markup.paragraph("", "Nothing is chosen yet."))
        super().__init__([self._button, self._view])
        self._button.observe(self._on_upload, names="value")

    def show(self, upload: Upload, answer: Answer) -> None:
        """Show what was read in a picture, if it is of the latest choice."""
        if upload.batch == self._batch:
            self._answers[upload.number] = answer
            shown = self._answers.values()
            html, said = "".join(one.html for one in shown), " ".join(one.said for one in shown)
            self._view.show(html, said)

    def _on_upload(self, change: dict) -> None:
        files = change["new"]
        if not files:
            return  # the button being emptied below
        with self._turn:
            self._button.value = ()  # so that the same file can be chosen again
            self._batch, self._answers = self._batch + 1, {}
            self._begin()
            for number, file in enumerate(files):
                self._read(number, file, len(files) == 1)

    def _read(self, number: int, file: dict, is_alone: bool) -> None:
        upload = Upload(self._batch, number, file["name"], bytes(file["content"]), is_alone)
        if file["size"] > LARGEST_UPLOAD:
            found, most = f"{file['size'] / 1e6:.1f} MB", f"{LARGEST_UPLOAD / 1e6:.0f} MB"
            why = f"It has {found}, expected at most {most}. Make the picture smaller."
            self.show(upload, refusal(upload.name, why))
        else:
            self.show(upload, self._answer(upload))
