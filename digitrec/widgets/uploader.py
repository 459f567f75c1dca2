"""Pictures on their way from the browser to Python, one by one, and answers on their way back."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

import anywidget
import traitlets

from digitrec.bounds import (
    LARGEST_CHOICE,
    LARGEST_PICTURE,
    LARGEST_REDUCED,
    LONGEST,
    LONGEST_NAME,
    MOST_PICTURES,
    MOST_PIXELS,
)
from digitrec.browser import joined
from digitrec.names import UNSEEN, plain_name
from digitrec.reading import kinds
from digitrec.widgets import markup
from digitrec.widgets.controls import script

SENTENCES = {
    "empty": kinds.EMPTY,
    "text": kinds.TEXT,
    "unknown": kinds.UNKNOWN,
    "tooLarge": kinds.TOO_LARGE,
    "tooMany": f"At most {MOST_PICTURES} pictures are read at a time. Choose the others later.",
    "tooMuch": f"With it, the pictures have more than {LARGEST_CHOICE // 1_000_000} MB together. "
    "Choose it again later.",
    "tooManyBytes": f"It has more than {LARGEST_PICTURE // 1_000_000} MB. Export it as JPEG.",
    "unopened": "The browser cannot open it. Is it a folder, or is it no longer there?",
    "silence": "Python has not answered for 5 seconds. It is busy, and then your answer will still "
    "come, or it has stopped or was started again: then run what made this box once more, or load "
    "this page again.",
}
NOT_UNDERSTOOD = "Python did not understand what the browser sent. Load this page again."


@dataclass(frozen=True)
class Answer:
    """What is shown for one picture.

    Attributes:
        html: what is seen; from the functions in `answers` and `markup`.
        said: what screen readers say.
    """

    html: str
    said: str


@dataclass(frozen=True)
class Upload:
    """One picture as it came from the browser.

    Attributes:
        batch: which choice it belongs to; later ones are larger.
        number: its place among the files of that choice, from 0.
        name: of the file, for people.
        content: the bytes of the file.
        is_alone: whether it is the only file of its choice.
    """

    batch: int
    number: int
    name: str
    content: bytes
    is_alone: bool


class Uploader(anywidget.AnyWidget):
    """A field to choose, drop, paste or photograph pictures, with the answers below it.

    The browser makes each picture small and sends it as one message; the next follows when it is
    answered. Nothing of it is in the widget's state, so nothing is stored in the notebook.

    Args:
        begin: called when other files are chosen, before the first comes.
        answer: called with each picture; returns what to show.
    """

    _esm = (
        joined("elements.js")
        + script("answer_view.js")
        + script("reduce_picture.js")
        + script("uploader.js")
        + "export default { render: renderUploader };\n"
    )
    _css = script("answer_view.css") + script("uploader.css")
    rules = traitlets.Dict().tag(sync=True)

    def __init__(self, begin: Callable[[], None], answer: Callable[[Upload], Answer]) -> None:
        super().__init__(rules=rules())
        self._begin, self._answer = begin, answer
        self._turn = threading.RLock()  # messages may come on two threads
        self._batch, self._count, self._bytes = 0, 0, 0
        self._answers: dict[int, dict] = {}
        self.on_msg(lambda widget, message, buffers: self._hear(message, buffers))

    def show(self, upload: Upload, answer: Answer) -> None:
        """Show what was read in a picture, if it is of the latest choice."""
        if upload.batch == self._batch:
            place = {"batch": upload.batch, "number": upload.number, "name": upload.name}
            self._answers[upload.number] = place | {"html": answer.html, "said": answer.said}
            self.send({"kind": "answer", **self._answers[upload.number]})

    def _hear(self, message: object, buffers: list) -> None:
        """Act on what the browser sends; whatever it is, the reply is a sentence."""
        try:
            self._act(message, buffers)
        except (KeyError, TypeError, ValueError):
            self.send({"kind": "problem", "said": NOT_UNDERSTOOD})

    def _act(self, message: dict, buffers: list) -> None:
        if message["kind"] == "again":
            self.send({"kind": "latest", "batch": self._batch})
            for answer in list(self._answers.values()):
                self.send({"kind": "answer", **answer})
            return
        batch, count = whole(message["batch"], 2**53), whole(message["count"], 2**53)
        self.send({"kind": "heard"})  # before the turn, which may be long
        with self._turn:
            self._start(batch, count)  # a picture may overtake its "start", on the other thread
            if message["kind"] == "picture" and batch == self._batch:  # nobody waits for older ones
                self._read(whole(message["number"], MOST_PICTURES), str(message["name"]), buffers)

    def _start(self, batch: int, count: int) -> None:
        if batch > self._batch:
            self._batch, self._count, self._bytes, self._answers = batch, count, 0, {}
            self._begin()

    def _read(self, number: int, name: str, buffers: list) -> None:
        (buffer,) = buffers
        self._bytes += len(buffer)
        name = plain_name(name)
        place = {"batch": self._batch, "number": number, "name": name}
        upload = Upload(**place, content=bytes(buffer), is_alone=self._count == 1)
        if len(buffer) > LARGEST_PICTURE:
            self.show(upload, refusal(name, SENTENCES["tooManyBytes"]))
        elif self._bytes > LARGEST_CHOICE:
            self.show(upload, refusal(name, SENTENCES["tooMuch"]))
        else:
            self.send({"kind": "reading", **place})
            self.show(upload, self._answer(upload))


def rules() -> dict:
    """Return what the browser has to know: kinds of files, sentences and limits, as JSON can."""
    return {
        **SENTENCES,
        "kinds": [[start, as_text(mark), sentence] for start, mark, sentence in kinds.TABLE],
        "readByPythonAlone": [as_text(mark) for mark in kinds.TIFF_MARKS],
        "longest": LONGEST,
        "longestName": LONGEST_NAME,
        "unseen": UNSEEN,
        "mostPixels": MOST_PIXELS,
        "mostBytes": LARGEST_PICTURE,
        "mostBytesReduced": LARGEST_REDUCED,
        "mostPictures": MOST_PICTURES,
    }


def as_text(mark: bytes) -> str:
    """Return bytes as characters 0-255, for JSON."""
    return mark.decode("latin-1")


def whole(value: object, limit: int) -> int:
    """Return a whole number from 0 up to a limit, or raise a ValueError."""
    if type(value) is not int or not 0 <= value < limit:
        raise ValueError(f"Found {value!r:.40}, expected a whole number from 0 to {limit - 1}.")
    return value


def refusal(name: str, why: str) -> Answer:
    """Return what is shown of a file that cannot be read."""
    sentence = f"{name} cannot be read."
    return Answer(markup.paragraph(sentence, why), f"{sentence} {why}")
