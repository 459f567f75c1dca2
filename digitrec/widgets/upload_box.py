"""The upload box: choose pictures, and read what the network says."""

from typing import TYPE_CHECKING

import ipywidgets

from digitrec.reading.digit import Reading, read_digit
from digitrec.reading.page import read_page
from digitrec.widgets import answers, markup
from digitrec.widgets.cell_box import CellBox
from digitrec.widgets.controls import Choice
from digitrec.widgets.own_network import OwnAnswers, ask_own

if TYPE_CHECKING:
    import keras

LARGEST_UPLOAD = 20_000_000  # bytes, for one picture; etc/jupyter lets 100 MB through together
ONE_DIGIT, A_PAGE = "one digit", "a page of digits"


class UploadBox(CellBox):
    """A button to choose pictures with, and below it what was read in each of them.

    A picture with several digits is read as a page, also when the reader did not say so.

    Args:
        own: your own network, which answers second; the one in the box always answers first.

    Attributes:
        readings: what the network in the box read in the latest upload, in the order of the files
            and, on a page, in reading order; empty before.
        own_readings: what yours says to the same images, in the same order; empty without one.
    """

    without_browser = "Run this cell in JupyterLab to choose pictures and see what is read in them."

    def __init__(self, own: "keras.Model | None" = None) -> None:
        self.readings: tuple[Reading, ...] = ()
        self.own_readings: tuple[Reading, ...] = ()
        self._own = own
        self._files: tuple[dict, ...] = ()  # in memory only, to read them again as the other kind
        self._kind = Choice(
            description="Each picture shows", options=[ONE_DIGIT, A_PAGE], value=ONE_DIGIT
        )
        self._upload = ipywidgets.FileUpload(
            accept="image/*",
            multiple=True,
            description="Choose pictures of digits",
            tooltip=f"One or more pictures of at most {LARGEST_UPLOAD // 1_000_000} MB each",
            layout={"width": "max-content"},
        )
        self._answers = ipywidgets.HTML(markup.paragraph("", "Nothing is chosen yet."))
        super().__init__([self._kind, self._upload, self._answers])
        self._follow(self._upload, "value", self._on_upload)
        self._follow(self._kind, "value", self._answer)

    def _on_upload(self) -> None:
        if self._upload.value:  # the other change is the box being emptied below
            self._files = self._upload.value
            self._upload.value = ()  # so that the same file can be chosen again
            self._answer()

    def _answer(self) -> None:
        """Read the latest files, if there are any, and show what was read."""
        if not self._files:
            return
        self._answers.value = markup.paragraph("", f"Reading {len(self._files)}...")
        readings, own_readings, said = [], [], ""
        for file in self._files:
            found, own, words = self._read(file, unfold=len(self._files) == 1)
            readings += found
            own_readings += own.readings if own else ()
            said += words
        self.readings, self.own_readings = tuple(readings), tuple(own_readings)
        self._answers.value = said + answers.hint(self._own)

    def _read(self, file: dict, unfold: bool) -> tuple[tuple[Reading, ...], OwnAnswers | None, str]:
        """Return what each network reads in one file, and the same as HTML."""
        name = file["name"]
        try:
            content = checked_content(file)
            if self._kind.value == ONE_DIGIT:
                reading = read_digit(content)
                if reading.reason != "several shapes":
                    own = ask_own(self._own, [reading])
                    said = answers.answer(reading, name, own) + answers.way(reading, unfold)
                    return (reading,), own, said
            page = read_page(content)  # chosen, or plainly more than one
            own = ask_own(self._own, page.readings)
            return page.readings, own, answers.page_answer(page, name, own)
        except Exception as error:  # not only ValueError: a traceback would go where nobody looks
            why = str(error)
            said = markup.paragraph(f"{name}: This cannot be read.", why[:1].upper() + why[1:])
            return (), None, said


def checked_content(file: dict) -> bytes:
    """Return the bytes of an uploaded file, or say that there are too many.

    Args:
        file: one of the values of `ipywidgets.FileUpload`.

    Raises:
        ValueError: the file is larger than `LARGEST_UPLOAD`.
    """
    if file["size"] > LARGEST_UPLOAD:
        raise ValueError(
            f"The file has {file['size'] / 1e6:.1f} MB, expected at most "
            f"{LARGEST_UPLOAD / 1e6:.0f} MB. Make the picture smaller and choose it again."
        )
    return bytes(file["content"])
