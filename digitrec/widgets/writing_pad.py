"""A pad that asks for digits, one after the other: handwriting with labels, without a sheet."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import anywidget
import numpy as np
import traitlets

from digitrec.bounds import MOST_POINTS
from digitrec.browser import joined
from digitrec.hands.names import tidy_name
from digitrec.hands.written import Written
from digitrec.mnist import SIDE
from digitrec.networks import NOT_A_DIGIT, predict
from digitrec.reading.digit import LEAST_CONFIDENCE, boxed_model, percent, with_article
from digitrec.reading.drawings import Strokes, are_strokes, draw_strokes
from digitrec.reading.preparation import prepare_digit
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
    "noDigit": "No digit can be found on the paper. Write it once more.",
}


class Prepared(NamedTuple):
    """What is kept of a drawing; all stages of its preparation would be a megabyte.

    Attributes:
        image: array (28, 28), uint8, 0 is paper.
        shapes: how many separate large pieces of ink are in the digit, and beside it.
    """

    image: np.ndarray
    shapes: tuple[int, int]


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
        ValueError: `each` is no number from 1 to 100, or the writer's name cannot be one.
    """

    without_browser = "Run this cell in JupyterLab to write digits with mouse, finger or pen."

    def __init__(self, each: int = 10, writer: str = "me", seed: int | None = None) -> None:
        self._former: list[WritingPad] = []
        self._writer, self._asks = tidy_name(writer), asking_order(each, seed)
        self._begun = self._changed = datetime.now().astimezone()
        self._digits: dict[int, Prepared] = {}  # by turn, in the order of writing
        self._later: list[int] = []
        self._written: Written | None = None  # of the digits that are there now
        self._field = WritingField(asks=self._asks)
        super().__init__([self._field])
        self._field.on_msg(lambda field, message, buffers: self._hear(message))

    @property
    def count(self) -> int:
        """How many digits are written so far."""
        return len(self._digits)

    @property
    def written(self) -> Written:
        """The digits written so far, in the order of writing; with none, it is empty."""
        with self._turn:
            if self._written is not None:
                return self._written
            digits, changed = dict(self._digits), self._changed
        written = self._as_written(
            digits, changed
        )  # the browser need not wait until the network is there
        with self._turn:
            if changed is self._changed:
                self._written = written
        return written

    @property
    def former(self) -> tuple[Written, ...]:
        """What was written before the cell ran again, and was used by no cell, a part for a run."""
        return tuple(pad.written for pad in self._former)

    def _make_way(self, successor: CellBox) -> None:
        """Close; digits that no cell has used go to the next pad, and it is said."""
        if self._unused:
            many = "1 digit" if self.count == 1 else f"{self.count} digits"
            print(
                f"The pad of {self._writer} closes with {many} that no cell has used. Nothing is "
                "lost:\n.former of the pad that takes its place has them."
            )
        if isinstance(successor, WritingPad):
            successor._former += [pad for pad in (*self._former, self) if pad._unused]
        super()._make_way(successor)

    @property
    def _unused(self) -> bool:
        return bool(self._digits) and self._written is None

    def _as_written(self, digits: dict[int, Prepared], changed: datetime) -> Written:
        images = np.array([digit.image for digit in digits.values()], np.uint8)
        images = images.reshape(-1, SIDE, SIDE)
        shapes = [digit.shapes for digit in digits.values()]
        asked = np.array([self._asks[turn] for turn in digits], np.uint8)
        answers = predict(boxed_model(), images) if digits else ()
        return Written(
            writer=self._writer,
            # two pads of one run begin in the same second, and must not be taken for one
            source=f"pad {self._begun.replace(tzinfo=None).isoformat(' ', 'milliseconds')}",
            origin="pad",
            when=changed.isoformat(timespec="seconds"),
            images=images,
            asked=asked,
            labels=asked.copy(),
            kept=np.ones(len(asked), bool),
            doubts=tuple(map(doubt, answers, shapes, asked.tolist())),
            numbers=np.array(list(digits), int),
        )

    def _hear(self, message: object) -> None:
        """Act on what the browser sends, and answer it; whatever it is, it does no harm."""
        with self._turn:  # messages may come on two threads
            try:
                if message["act"] == "look":  # a page that has just been loaded
                    self._tell(list(self._digits))
                    return
                turn = whole(message["turn"], len(self._asks))
                number = whole(message["number"], 2**53)
                refused = self._act(message, turn)
                self._field.turns, self._field.later = list(self._digits), list(self._later)
                self._tell([turn], answers=[turn, number], refused=refused)
            except (KeyError, TypeError, ValueError):
                self._tell([], refused=NOT_UNDERSTOOD)

    def _act(self, message: dict, turn: int) -> str:
        """Change what is written; return why it cannot be, or nothing."""
        act = message["act"]
        if act not in ("write", "back", "skip"):
            raise ValueError(f"Found {act!r:.40}, expected write, back or skip.")
        if act == "write":
            digit = prepared(message["strokes"])
            if isinstance(digit, str):
                return digit
            self._digits[turn] = digit  # in its former place, if it is written again
        elif act == "back":
            self._digits.pop(turn, None)
        self._later = [other for other in self._later if other != turn]
        if act != "skip":
            self._written, self._changed = None, datetime.now().astimezone()
        elif turn not in self._digits:
            self._later.append(turn)
        return ""

    def _tell(self, turns: Sequence[int], **answer: object) -> None:
        """Send every page the images of some turns, and what else there is to say."""
        images = {turn: self._digits[turn].image for turn in turns if turn in self._digits}
        content = b"".join(image.tobytes() for image in images.values())
        self._field.send({"turns": list(images), **answer}, [content] if images else None)


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


def prepared(strokes: object) -> Prepared | str:
    """Return what is kept of strokes from a browser, or in a sentence why they are no digit.

    Raises:
        ValueError: they are no strokes at all.
    """
    if strokes == []:
        return RULES["empty"]
    if not are_strokes(strokes):
        raise ValueError(f"Found {strokes!r:.40}, expected strokes of points in the field.")
    if sum(map(len, strokes)) > MOST_POINTS:
        return RULES["tooLong"]
    if extent(strokes) < LEAST_SIDE:
        return RULES["dot"]
    steps = prepare_digit(draw_strokes(strokes))
    return Prepared(steps.image, steps.shapes) if steps.image.any() else RULES["noDigit"]


def extent(strokes: Strokes) -> float:
    """Return the longer side of the box around all points, in units of the field."""
    points = np.concatenate([np.asarray(stroke, float) for stroke in strokes])
    return float(np.ptp(points, axis=0).max())


def doubt(probabilities: np.ndarray, shapes: tuple[int, int], asked: int) -> str:
    """Return what is doubtful about a digit; "" where nothing is.

    Args:
        probabilities: array (11,): what the network in the box answers, the last "not a digit".
        shapes: of the preparation.
        asked: what was to be written, 0-9.
    """
    digit = int(probabilities[:NOT_A_DIGIT].argmax())
    confidence = float(probabilities[digit])
    if probabilities[NOT_A_DIGIT] > confidence:
        return "looks like no digit"
    if digit != asked:
        return f"looks like {with_article(digit)}, sure to {percent(confidence)}"
    if shapes[1]:
        return "more than one thing is written here"
    return "hard to read" if confidence < LEAST_CONFIDENCE else ""
