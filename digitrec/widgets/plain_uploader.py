"""The plain upload button of ipywidgets, for where our own uploader does not appear."""

import threading
from collections.abc import Callable

import ipywidgets

from digitrec.bounds import LARGEST_UPLOAD, MOST_UPLOADS
from digitrec.names import plain_name
from digitrec.widgets import markup
from digitrec.widgets.answer_view import AnswerView
from digitrec.widgets.uploader import Answer, Upload, refusal

MEGABYTE = 1_000_000
TOO_MANY = f"At most {MOST_UPLOADS} pictures are read at a time. Choose the others later."


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
            tooltip=f"Up to {MOST_UPLOADS} pictures of {LARGEST_UPLOAD // MEGABYTE} MB each",
            layout={"width": "max-content"},
        )
        self._view = AnswerView()
        self._view.show(markup.paragraph("", "Nothing is chosen yet."))
        super().__init__([self._button, self._view])
        self._button.observe(self._on_upload, names="value")

    def show(self, upload: Upload, answer: Answer) -> None:
        """Show what was read in a picture, if it is of the latest choice."""
        if upload.batch == self._batch:
            self._answers[upload.number] = answer
            self._show_all()

    def _show_all(self) -> None:
        shown = self._answers.values()
        self._view.show("".join(one.html for one in shown), " ".join(one.said for one in shown))

    def _on_upload(self, change: dict) -> None:
        files = change["new"]
        if not files:
            return  # the button being emptied below
        with self._turn:
            self._button.value = ()  # so that the same file can be chosen again
            self._batch, self._answers = self._batch + 1, {}
            self._begin()
            self._view.show(markup.paragraph("", f"Reading {len(files):,}."), "Reading.")
            for number, file in enumerate(files[:MOST_UPLOADS]):
                self._answers[number] = self._read(number, file, len(files) == 1)
            if len(files) > MOST_UPLOADS:
                left = f"{len(files) - MOST_UPLOADS:,} more pictures were left out."
                self._answers[MOST_UPLOADS] = Answer(
                    markup.paragraph(left, TOO_MANY), f"{left} {TOO_MANY}"
                )
            self._show_all()

    def _read(self, number: int, file: dict, is_alone: bool) -> Answer:
        name, content = plain_name(file["name"]), bytes(memoryview(file["content"]))
        if len(content) > LARGEST_UPLOAD:  # the browser's word about the size is not taken
            found, most = f"{len(content) / MEGABYTE:.1f} MB", f"{LARGEST_UPLOAD // MEGABYTE} MB"
            why = f"It has {found}, expected at most {most}. Make the picture smaller."
            return refusal(name, why)
        return self._answer(Upload(self._batch, number, name, content, is_alone))
