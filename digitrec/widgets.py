"""The upload box: choose pictures of digits, and read what the network says."""

import html
import io
from collections.abc import Callable

import ipywidgets as widgets
import matplotlib.pyplot as plt

from digitrec import figures
from digitrec.reading import Reading, read_digit

LARGEST_UPLOAD = 10_000_000  # bytes; Jupyter's default limit for one message is 10 MiB


class UploadBox(widgets.VBox):
    """A button to choose pictures with, and below it what was read in each of them.

    A cell that ends with `digitrec.widgets.UploadBox()` shows it.

    Args:
        read: turns the bytes of a picture into a `Reading`; raises ValueError when it cannot.

    Attributes:
        readings: what was read in the latest upload, in the order of the files; empty before.
    """

    def __init__(self, read: Callable[[bytes], Reading] = read_digit) -> None:
        self.readings: tuple[Reading, ...] = ()
        self._read = read
        self._upload = widgets.FileUpload(
            accept="image/*",
            multiple=True,
            description="Choose pictures of digits",
            tooltip="Choose one or more pictures, each of one handwritten digit",
            layout=widgets.Layout(width="max-content"),
        )
        self._answers = widgets.VBox()
        self._upload.observe(self._on_upload, names="value")
        super().__init__([self._upload, self._answers])

    def _on_upload(self, change: dict) -> None:
        files = change["new"]
        if not files:  # the box was emptied below, after the latest upload
            return
        readings, answers = [], []
        for file in files:
            try:
                reading = self._read(checked_content(file))
            except ValueError as error:
                answers.append(text(f"{file['name']}: {error}"))
            else:
                readings.append(reading)
                answers += [text(f"{file['name']}: {reading.sentence}."), picture(reading)]
        self.readings = tuple(readings)
        self._answers.children = answers
        self._upload.value = ()  # so that the same file can be chosen again


def checked_content(file: dict) -> bytes:
    """Return the bytes of an uploaded file, or say that there are too many."""
    if file["size"] > LARGEST_UPLOAD:
        raise ValueError(
            f"the file has {file['size'] / 1e6:.1f} MB, expected at most "
            f"{LARGEST_UPLOAD / 1e6:.0f} MB. Make the picture smaller and choose it again."
        )
    return bytes(file["content"])


def text(content: str) -> widgets.HTML:
    """Return a widget that shows a text as it is: a file name is never taken for HTML."""
    return widgets.HTML(html.escape(content))


def picture(reading: Reading) -> widgets.Image:
    """Return a widget that shows a reading: the picture, the input and the probabilities."""
    figure = figures.show_reading(reading)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=100)
    plt.close(figure)
    return widgets.Image(
        value=buffer.getvalue(), format="png", layout=widgets.Layout(max_width="100%")
    )
