"""Reading a photographed sheet: from its photo to a writer's digits, with what is doubtful."""

from datetime import datetime
from pathlib import Path

import cv2
import numpy as np

from digitrec.hands.names import tidy_name
from digitrec.hands.written import Written
from digitrec.networks import predict
from digitrec.reading import boxed_model, load_picture
from digitrec.sheets.boxes import Cut, cut_boxes
from digitrec.sheets.doubts import CROSSED_OUT, find_doubts
from digitrec.sheets.failures import (
    CODE_UNREADABLE,
    NO_INK,
    NO_WRITER,
    check_alone,
    check_complete,
    check_scale,
)
from digitrec.sheets.flattening import Flattening, flattening
from digitrec.sheets.layout import Code, asked, box_corners
from digitrec.sheets.markers import completed, find_markers, read_code
from digitrec.sheets.paper import ink_on


def read_sheet(photo: str | Path | bytes | np.ndarray, writer: str | None = None) -> Written:
    """Read a photo of a sheet that was written on.

    It may be turned in any way, taken from the side, curled and shaded. Each digit is prepared as
    everything is; its label is what its box asked for, and what is doubtful about it is said.

    Args:
        photo: the path of a photo, the bytes of one, or an array; see `load_picture`.
        writer: a pen name or number; None takes the number on the sheet or, where the sheet was
            made for nobody in particular, the name of the file.

    Returns:
        The digits in the order of their boxes; those that were crossed out are not `kept`.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: it is no picture, no sheet can be read in it, or the writer's name cannot be
            one; says what to do.
    """
    if writer is not None:
        writer = tidy_name(writer)  # before anything is read
    picture = load_picture(photo)
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    sheet = find_sheet(grey)
    code = read_code(grey, sheet)
    if code is None:
        raise ValueError(CODE_UNREADABLE)
    cuts = cut_boxes(ink_on(picture, sheet, code), code.boxes)
    if not cuts:
        raise ValueError(NO_INK)
    name = Path(photo).name if isinstance(photo, (str, Path)) else "photo"
    return as_written(cuts, sheet, code, writer or writer_of(code, photo), name)


def find_sheet(grey: np.ndarray) -> Flattening:
    """Return where each place of a sheet is in a photo, array (h, w), uint8.

    Raises:
        ValueError: there is no whole sheet, or more than one.
    """
    found = find_markers(grey)
    check_alone(found)
    markers = completed(grey, dict(found))
    check_complete(grey, markers)
    sheet = flattening(markers)
    check_scale(sheet, grey.shape)
    return sheet


def writer_of(code: Code, photo: str | Path | bytes | np.ndarray) -> str:
    """Return whose sheet it is, where nobody says so."""
    if code.writer:
        return code.name
    if isinstance(photo, (str, Path)):
        return Path(photo).stem
    raise ValueError(NO_WRITER)


def as_written(cuts: list[Cut], sheet: Flattening, code: Code, writer: str, origin: str) -> Written:
    """Return what is in the boxes of a sheet, with labels and doubts.

    Args:
        cuts: the boxes with ink; at least one.
        sheet: where each place of the sheet is in the photo.
        code: which sheet it is.
        writer: whose.
        origin: the name of the photo.
    """
    images = np.stack([cut.image for cut in cuts])
    answers = predict(boxed_model(), images)
    numbers = np.array([cut.number for cut in cuts])
    labels = np.array([asked(cut.number) for cut in cuts], np.uint8)
    doubts = find_doubts(cuts, answers)
    name = code.name if code.writer else f"{code.name}-{writer}"
    return Written(
        writer=writer,
        source=f"sheet {name}-{code.page}",
        origin=origin,
        when=datetime.now().isoformat(timespec="seconds"),
        images=images,
        asked=labels,
        labels=labels.copy(),
        kept=np.array([said != CROSSED_OUT for said in doubts]),
        doubts=doubts,
        numbers=numbers,
        boxes=sheet.in_photo(np.stack([box_corners(n) for n in numbers])).astype(np.float32),
        empty=tuple(sorted(set(range(code.boxes)) - set(numbers.tolist()))),
    )
