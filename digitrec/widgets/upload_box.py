"""The upload box: choose pictures, and read what the network says."""

from typing import TYPE_CHECKING

import numpy as np

from digitrec.reading.decoding import decode
from digitrec.reading.digit import Reading, read_digit
from digitrec.reading.keeping import kept
from digitrec.reading.page import read_page
from digitrec.widgets import answers, markup
from digitrec.widgets.answer_view import AnswerView
from digitrec.widgets.cell_box import CellBox
from digitrec.widgets.controls import Choice
from digitrec.widgets.own_network import ask_own
from digitrec.widgets.plain_uploader import PlainUploader
from digitrec.widgets.uploader import Answer, Upload, Uploader, refusal

if TYPE_CHECKING:
    import keras

ONE_DIGIT, A_PAGE = "one digit", "a page of digits"


class UploadBox(CellBox):
    """A field to choose pictures in, and below it what was read in each of them.

    A picture with several digits is read as a page, also when the reader did not say so.

    Args:
        own: your own network, which answers second; the one in the box always answers first.
        plain: whether to take the plain button of ipywidgets, where the field does not appear.

    Attributes:
        readings: what the network in the box read in the latest upload, in the order of the files
            and, on a page, in reading order; empty before. Their steps are at most 512 pixels wide
            and high, for those of a hundred photos would fill the memory.
        own_readings: what yours says to the same images, in the same order; empty without one.
    """

    without_browser = "Run this cell in JupyterLab to choose pictures and see what is read in them."

    def __init__(self, own: "keras.Model | None" = None, plain: bool = False) -> None:
        self._own = own
        self._uploads: list[Upload] = []  # in memory only, to read them again as the other kind
        self._found: dict[int, list[tuple[Reading, ...]]] = {}  # by number, and network
        self._kind = Choice(
            description="Each picture shows", options=[ONE_DIGIT, A_PAGE], value=ONE_DIGIT
        )
        self._uploader = (PlainUploader if plain else Uploader)(self._forget, self._answer)
        self._hint = AnswerView()
        super().__init__([self._kind, self._uploader, self._hint])
        self._follow(self._kind, "value", self._answer_again)

    @property
    def readings(self) -> tuple[Reading, ...]:
        """What the network in the box read in the latest upload."""
        return self._found_by(0)

    @property
    def own_readings(self) -> tuple[Reading, ...]:
        """What the learner's own network says to the same images."""
        return self._found_by(1)

    def _found_by(self, network: int) -> tuple[Reading, ...]:
        return tuple(one for _, found in sorted(self._found.items()) for one in found[network])

    def _forget(self) -> None:
        with self._turn:
            self._uploads, self._found = [], {}

    def _answer(self, upload: Upload) -> Answer:
        """Read a picture that has just come, and keep it."""
        with self._turn:
            self._uploads.append(upload)
            answer = self._read(upload)
            self._hint.show(answers.hint(self._own))
            return answer

    def _answer_again(self) -> None:
        """Read the latest pictures as what is chosen now."""
        for upload in list(self._uploads):
            self._uploader.show(upload, self._read(upload))

    def _read(self, upload: Upload) -> Answer:
        """Read one picture with each network, and keep the readings."""
        self._found.pop(upload.number, None)
        try:
            return self._read_picture(upload, decode(upload.content))
        except Exception as error:  # not only ValueError: a traceback would go where nobody looks
            why = str(error)
            return refusal(upload.name, why[:1].upper() + why[1:])

    def _read_picture(self, upload: Upload, picture: np.ndarray) -> Answer:
        if self._kind.value == ONE_DIGIT:
            reading = read_digit(picture)
            if reading.reason != "several shapes":
                own = ask_own(self._own, [reading])
                self._found[upload.number] = kept([reading], own.readings if own else ())
                said = answers.sentences(reading, upload.name, own)
                html = answers.answer(reading, upload.name, own)
                return Answer(html + answers.way(reading, upload.is_alone), markup.spoken(said))
        page = read_page(picture)  # chosen, or plainly more than one
        own = ask_own(self._own, page.readings)
        self._found[upload.number] = kept(page.readings, own.readings if own else ())
        said = answers.page_sentences(page, upload.name, own)
        return Answer(answers.page_answer(page, upload.name, own), markup.spoken(said))
