"""A pad that asks for digits, one after the other: handwriting with labels, without a sheet."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import anywidget
import numpy as np
import traitlets

from digitrec.bounds import MOST_POINTS
from digitrec.browser import joined
from digitrec.hands.written import Written
from digitrec.mnist import SIDE
from digitrec.networks import predict
from digitrec.reading.digit import Reading, boxed_model, interpret, with_article
from digitrec.reading.drawings import Strokes, are_strokes, draw_strokes
from digitrec.reading.preparation import Steps, prepare_digit
from digitrec.widgets.cell_box import CellBox
from digitrec.widgets.controls import script
from digitrec.widgets.uploader import NOT_UNDERSTOOD, whole

MOST_EACH = 100  # of each digit; nobody writes more at a time
LEAST_SIDE = 28  # units, a tenth of the field; what is smaller is no digit but a slip of the pen
RULES = {
    "leastSide": LEAST_SIDE,
    "mostPoints": MOST_POINTS,
    "empty": "The paper is empty. Write the digit first.",
    "dot": "There is only a dot on the paper. Write the digit large.",
    "tooLong": "No digit needs that much ink. Press Clear, and write it once more.",
    "noDigit": "The paper is all ink, and no digit can be found on it. Write it once more.",
}


class WritingField(anywidget.AnyWidget):
    """Paper, and what to write on it; the browser goes on while Python prepares what was written.

    Each change is a message of its own, sent at once: `write` with the strokes, `back`, or `skip`,
    and the turn that it is about. Handwriting is never in the state, so none gets into a notebook.

    Attributes:
        asks: which digit each turn asks for.
        turns: those that are written, in the order of writing; Python's own record, as told.
        later: those that were skipped, to be asked for at the end.
        rules: what is not accepted, with the sentences that say so.
    """

    _esm = (
        joined("elements.js", "drawing.js", "reading.js", "pad.js", "waiting.js", "outbox.js")
        + script("writing_pad.js")
        + "export default { render: renderWritingPad };\n"
    )
    _css = (
        joined("pad.css")
        + script("controls.css")
        + script("answer_view.css")
        + script("writing_pad.css")
    )
    asks = traitlets.List(traitlets.Int()).tag(sync=True)
    turns = traitlets.List(traitlets.Int()).tag(sync=True)
    later = traitlets.List(traitlets.Int()).tag(sync=True)
    rules = traitlets.Dict(RULES).tag(sync=True)


class WritingPad(CellBox):
    """A pad that asks for digits in random order, each equally often, and keeps what is written.

    The next digit is asked for at once; Python prepares the last one meanwhile. You may stop at any
    time, and go on later: what is there counts.

    Args:
        each: how many of each digit to ask for, 1 to 100.
        writer: a pen name or a number; no real name is needed.
        seed: the order is the same for the same seed; None draws another one each time.

    Raises:
        ValueError: `each` is no number from 1 to 100, or the writer has no name.
    """

    without_browser = "Run this cell in JupyterLab to write digits with mouse, finger or pen."

    def __init__(self, each: int = 10, writer: str = "me", seed: int | None = None) -> None:
        if not isinstance(writer, str) or not writer.strip():
            raise ValueError(f"writer is {writer!r:.40}, expected a pen name or a number as text")
        self._former: list[WritingPad] = []
        self._writer, self._asks = writer, asking_order(each, seed)
        self._begun = self._changed = datetime.now().astimezone()
        self._steps: dict[int, Steps] = {}  # by turn, in the order of writing
        self._later: list[int] = []
        self._written: Written | None = None  # of the digits that are there now
        self._field = WritingField(asks=self._asks)
        super().__init__([self._field])
        self._field.on_msg(lambda field, message, buffers: self._hear(message))

    @property
    def count(self) -> int:
        """How many digits are written so far."""
        return len(self._steps)

    @property
    def written(self) -> Written:
        """The digits written so far, in the order of writing; with none, it is empty."""
        with self._turn:
            if self._written is None:
                self._written = self._as_written()
            return self._written

    @property
    def former(self) -> tuple[Written, ...]:
        """What was written before the cell ran again, and was used by no cell, a part for a run."""
        return tuple(pad.written for pad in self._former)

    def close(self) -> None:
        """Close the pad; say so if it holds digits that no cell has used."""
        if self._unused and self._field.comm is not None:
            many = "1 digit" if self.count == 1 else f"{self.count} digits"
            print(
                f"The pad of {self._writer} closes with {many} that no cell has used. Nothing is "
                "lost:\nits .written has them, and .former of the pad that takes its place."
            )
        super().close()

    def _replace(self, former: CellBox) -> None:
        if isinstance(former, WritingPad):
            self._former += [pad for pad in (*former._former, former) if pad._unused]
        super()._replace(former)

    @property
    def _unused(self) -> bool:
        return bool(self._steps) and self._written is None

    def _as_written(self) -> Written:
        steps = list(self._steps.values())
        images = np.array([each.image for each in steps], np.uint8).reshape(-1, SIDE, SIDE)
        asked = np.array([self._asks[turn] for turn in self._steps], np.uint8)
        answers = predict(boxed_model(), images) if steps else ()
        readings = [interpret(*both) for both in zip(steps, answers, strict=True)]
        return Written(
            writer=self._writer,
            source=f"pad {self._begun:%Y-%m-%d %H:%M:%S}",
            origin="pad",
            when=self._changed.isoformat(timespec="seconds"),
            images=images,
            asked=asked,
            labels=asked.copy(),
            kept=np.ones(len(asked), bool),
            doubts=tuple(map(doubt, readings, asked.tolist())),
            numbers=np.arange(len(asked)),
        )

    def _hear(self, message: object) -> None:
        """Act on what the browser sends, and answer it; whatever it is, it does no harm."""
        with self._turn:  # messages may come on two threads
            try:
                if message["act"] == "look":  # a page that has just been loaded
                    self._tell(list(self._steps))
                    return
                turn = whole(message["turn"], len(self._asks))
                number = whole(message["number"], 2**53)
                refused = self._act(message, turn)
                self._field.turns, self._field.later = list(self._steps), list(self._later)
                self._tell([turn], answers=[turn, number], refused=refused)
            except (KeyError, TypeError, ValueError):
                self._tell([], refused=NOT_UNDERSTOOD)

    def _act(self, message: dict, turn: int) -> str:
        """Change what is written; return why it cannot be, or nothing."""
        strokes = message["strokes"] if message["act"] == "write" else None
        if message["act"] == "write":
            if refused := refusal(strokes):
                return refused
            steps = prepare_digit(draw_strokes(strokes))
            if not steps.image.any():
                return RULES["noDigit"]
            self._steps[turn] = light(steps)  # in its former place, where it is written again
        elif message["act"] == "back":
            self._steps.pop(turn, None)
        elif message["act"] != "skip":
            raise ValueError(f"Found {message['act']!r:.40}, expected write, back or skip.")
        if turn in self._later:
            self._later.remove(turn)
        if message["act"] == "skip":
            if turn not in self._steps:
                self._later.append(turn)
        else:
            self._written, self._changed = None, datetime.now().astimezone()
        return ""

    def _tell(self, turns: Sequence[int], **answer: object) -> None:
        """Send every page the images of some turns, and what else there is to say."""
        images = {turn: self._steps[turn].image for turn in turns if turn in self._steps}
        content = b"".join(image.tobytes() for image in images.values())
        self._field.send({"turns": list(images), **answer}, [content])


def asking_order(each: int, seed: int | None = None) -> list[int]:
    """Return digits in random order, every ten of them all different, and none twice running.

    So each digit has been asked for equally often whenever somebody stops, give or take one.

    Args:
        each: how many of each digit, 1 to 100.
        seed: for the same order again.

    Returns:
        10 x each digits.

    Raises:
        ValueError: `each` is something else.

    >>> sorted(asking_order(2, seed=1)[10:])
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    """
    if type(each) is not int or not 1 <= each <= MOST_EACH:
        raise ValueError(f"each is {each!r:.40}, expected a whole number, 1 to {MOST_EACH}")
    generator = np.random.default_rng(seed)
    order: list[int] = []
    while len(order) < 10 * each:
        ten = generator.permutation(10).tolist()
        if order[-1:] != ten[:1]:
            order += ten
    return order


def refusal(strokes: object) -> str:
    """Return why strokes from a browser are no digit, in a sentence; nothing where they may be.

    Raises:
        ValueError: they are no strokes at all.
    """
    if strokes == []:
        return RULES["empty"]
    if not are_strokes(strokes):
        raise ValueError(f"Found {strokes!r:.40}, expected strokes of points in the field.")
    if sum(map(len, strokes)) > MOST_POINTS:
        return RULES["tooLong"]
    return RULES["dot"] if extent(strokes) < LEAST_SIDE else ""


def extent(strokes: Strokes) -> float:
    """Return the longer side of the box around all points, in units of the field."""
    points = np.concatenate([np.asarray(stroke, float) for stroke in strokes])
    return float(np.ptp(points, axis=0).max())


def light(steps: Steps) -> Steps:
    """Return steps without the stages of the whole picture, a megabyte for each drawing."""
    none = np.empty((0, 0), np.uint8)
    return replace(steps, picture=none, grey=none, contrast=none, ink=none)


def doubt(reading: Reading, asked: int) -> str:
    """Return what is doubtful about a digit that was asked for; "" where nothing is."""
    if not reading.is_digit:
        several = reading.reason == "several shapes"
        return "has several shapes" if several else "looks like no digit"
    return "" if reading.digit == asked else f"looks like {with_article(reading.digit)}"
