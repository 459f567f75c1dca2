"""Look at what was cut from a sheet: each digit is confirmed, relabelled or left out."""

import io
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import traitlets
from PIL import Image

from digitrec.browser import joined
from digitrec.hands.written import Written, decided
from digitrec.mnist import SIDE
from digitrec.names import plain_name
from digitrec.reading.pictures import find_file, load_picture
from digitrec.sheets.cut_outs import cut_out
from digitrec.widgets.answering import Answering
from digitrec.widgets.cell_box import CellBox
from digitrec.widgets.controls import script

LEFT_OUT = 10  # a decision; 0 to 9 say which digit it is
SCRIPTS = ("buttons.js", "decisions.js", "contact_sheet.js", "correction.js")
COLUMNS = 50  # images beside each other in the one picture that holds them all
Photo = str | Path | np.ndarray


class CorrectionView(Answering):
    """What the browser shows, and the steps that it sends.

    Attributes:
        steps: [place, decision] each, in their order; the latest one on a place counts.
    """

    _esm = (
        joined("elements.js", "waiting.js")
        + "".join(map(script, SCRIPTS))
        + "export default { render: renderCorrection };\n"
    )
    _css = "".join(
        script(f"{name}.css") for name in ("controls", "buttons", "answer_view", "correction")
    )
    steps = traitlets.List().tag(sync=True)

    def __init__(self, count: int) -> None:
        self.count = count
        self.most_steps = 2 * count + 100  # enough for one on each digit, and many second thoughts
        super().__init__()

    @traitlets.validate("steps")
    def _possible(self, proposal: dict) -> list[list[int]]:
        steps = proposal["value"]
        if len(steps) > self.most_steps or not all(map(self._is_step, steps)):
            raise traitlets.TraitError(
                f"Found {steps!r:.60}, expected up to {self.most_steps} steps, each a place, 0 to "
                f"{self.count - 1}, and a decision, 0 to {LEFT_OUT}."
            )
        return steps

    def _is_step(self, step: object) -> bool:
        if type(step) is not list or [type(part) for part in step] != [int, int]:
            return False
        place, decision = step
        return 0 <= place < self.count and 0 <= decision <= LEFT_OUT


class Correction(CellBox):
    """Look at what was cut: the doubtful digits one at a time, and all of them on a contact sheet.

    Each is confirmed, relabelled or left out, with the mouse, a finger or the keys; nothing is
    lost, and every step can be taken back. Nothing is saved here either: the next cell takes
    `written`, which is up to date at any time.

    Args:
        written: from a sheet or the pad; or several, such as those of a class.
        photo: the photo that it was read from, as a path or an array, so that the real ink is seen
            beside each digit; for several a list of as many, None where there is none.

    Attributes:
        all_written: each of them with your decisions, in their order.

    Raises:
        ValueError: there are not as many photos, or one for digits without boxes.
        FileNotFoundError: there is no such photo.
    """

    without_browser = (
        "Run this cell in JupyterLab to look at the doubtful digits, and correct them."
    )

    def __init__(
        self,
        written: Written | Sequence[Written],
        photo: Photo | Sequence[Photo | None] | None = None,
    ) -> None:
        self._parts = (written,) if isinstance(written, Written) else tuple(written)
        self._photos = photos_of(self._parts, photo)
        self._cuts: dict[int, list[bytes]] = {}  # by part, once one of its digits was looked at
        self._part_of = [(p, i) for p, part in enumerate(self._parts) for i in range(len(part))]
        self._view = CorrectionView(len(self._part_of))
        super().__init__([self._view])
        self._view.on_msg(lambda view, message, buffers: self._tell(message))

    @property
    def all_written(self) -> tuple[Written, ...]:
        parts = list(self._parts)
        for place, decision in dict(self._view.steps).items():
            part, index = self._part_of[place]
            label = None if decision == LEFT_OUT else decision
            parts[part] = decided(parts[part], index, label)
        return tuple(parts)

    @property
    def written(self) -> Written:
        """The same as was given, with your decisions.

        Raises:
            ValueError: several were given.
        """
        if len(self._parts) != 1:
            raise ValueError(
                f"{len(self._parts)} were given, expected one: take all_written, which has each"
            )
        return self.all_written[0]

    def _tell(self, message: object) -> None:
        """Answer a page that opens, or that asks for a cut-out of the photo."""
        place = message.get("place") if isinstance(message, dict) else None
        if place is None:
            self._tell_all()
        elif type(place) is int and 0 <= place < len(self._part_of):
            with self._turn:
                cut = self._cut(*self._part_of[place])
            self._view.send({"kind": "cut", "place": place}, [cut] if cut else [])

    def _tell_all(self) -> None:
        if not self._part_of:
            self._view.send({"kind": "nothing"})
            return
        images = np.concatenate([part.images for part in self._parts])
        told = {"kind": "digits", "columns": COLUMNS, "mostSteps": self._view.most_steps}
        told |= facts(self._parts, self._photos)
        self._view.send(told, [one_picture(images)])

    def _cut(self, part: int, index: int) -> bytes | None:
        """Return the cut-out of one digit as a JPEG; None without a photo of it."""
        if self._photos[part] is None:
            return None
        if part not in self._cuts:
            try:
                photo = load_picture(self._photos[part])
            except (FileNotFoundError, ValueError):  # it has gone since
                return None
            self._cuts[part] = [as_jpeg(cut_out(photo, box)) for box in self._parts[part].boxes]
        return self._cuts[part][index]


def photos_of(
    parts: Sequence[Written], photo: Photo | Sequence[Photo | None] | None
) -> list[Photo | None]:
    """Return the photo of each part, None where there is none.

    Raises:
        ValueError: there are not as many, or one for digits without boxes.
        FileNotFoundError: there is no such photo.
    """
    if photo is None:
        return [None] * len(parts)
    photos = [photo] if isinstance(photo, (str, Path, np.ndarray)) else list(photo)
    if len(photos) != len(parts):
        raise ValueError(
            f"{len(photos)} photos came, expected {len(parts)}: one for each sheet, or None"
        )
    for part, one in zip(parts, photos, strict=True):
        if one is not None and part.boxes is None:
            raise ValueError(
                f"a photo came for {part.source} of {part.writer}, which has no boxes: leave it out"
            )
        if isinstance(one, (str, Path)):
            find_file(one)
    return photos


def facts(parts: Sequence[Written], photos: Sequence[Photo | None]) -> dict:
    """Return what the browser has to know of each digit, as JSON can."""
    told = {name: [] for name in ("names", "asked", "labels", "kept", "doubts", "photos", "empty")}
    for part, photo, prefix in zip(parts, photos, prefixes(parts), strict=True):
        word = "drawing" if part.boxes is None and part.source.startswith("pad") else "box"
        told["names"] += [f"{prefix}{word} {number + 1}" for number in part.numbers]
        told["asked"] += part.asked.tolist()
        told["labels"] += part.labels.tolist()
        told["kept"] += part.kept.tolist()
        told["doubts"] += map(plain_name, part.doubts)
        told["photos"] += [photo is not None] * len(part)
        if part.empty:
            numbers = ", ".join(str(number + 1) for number in part.empty)
            told["empty"] += [f"{prefix}Boxes without ink: {numbers}."]
    return told


def prefixes(parts: Sequence[Written]) -> list[str]:
    """Return what tells the digits of one part from those of the others."""
    if len(parts) == 1:
        return [""]
    one_each = len({part.writer for part in parts}) == len(parts)
    return [plain_name(part.writer if one_each else told_apart(part)) + ", " for part in parts]


def told_apart(part: Written) -> str:
    """Return what tells one of a writer's sheets from the others."""
    return part.source if part.writer in part.source else f"{part.writer}, {part.source}"


def one_picture(images: np.ndarray) -> bytes:
    """Return a PNG that holds all images, `COLUMNS` beside each other, dark on white.

    Args:
        images: array (n, 28, 28), uint8, 0 is paper.
    """
    rows = -(-len(images) // COLUMNS)
    whole = np.zeros((rows * COLUMNS, SIDE, SIDE), np.uint8)
    whole[: len(images)] = images
    whole = whole.reshape(rows, COLUMNS, SIDE, SIDE).swapaxes(1, 2)
    buffer = io.BytesIO()
    Image.fromarray(255 - whole.reshape(rows * SIDE, COLUMNS * SIDE)).save(buffer, "PNG")
    return buffer.getvalue()


def as_jpeg(picture: np.ndarray) -> bytes:
    """Return a picture (h, w, 3) as the bytes of a JPEG."""
    bgr = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    return cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, 80])[1].tobytes()
