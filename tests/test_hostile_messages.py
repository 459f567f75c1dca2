"""Whatever a browser sends to a widget, Python neither ends nor hangs, and answers the next."""

import contextlib
import itertools

import numpy as np
import pytest

import digitrec
from digitrec.widgets import ConfusionBrowser, DigitBrowser, DrawPad, ThresholdExplorer, UploadBox

VALUES = (
    None, True, -1, 7, 10**30, -0.5, float("nan"), float("inf"), "", "7", "\ud800<b>", "x" * 10_000,
    [], [[]], [[[]]], [[[1]]], [[[1e300, 1]]], [[["a", None]]], [None], [-1, 3], [3, 99], [3], {},
    {"a": []}, [{"name": 1, "type": 2, "size": -1, "content": 10**12, "last_modified": 1}],
    [{"name": "a" * 9_000, "type": "", "size": 0, "content": b"\0" * 9, "last_modified": 1e99}],
)  # fmt: skip
ONE = [[140, y] for y in range(50, 230, 5)]


def widgets_in(box):
    yield box
    for child in getattr(box, "children", ()):
        yield from widgets_in(child)


def send(widget, **state):
    """Let a widget get a message, as ipykernel does: errors go to the log, and no further."""
    with contextlib.suppress(Exception):
        widget.set_state(state)


def flood(box, *names):
    """Send every strange value to every trait of these names that a box and its parts have."""
    for widget, name, value in itertools.product(list(widgets_in(box)), names, VALUES):
        if name in widget.keys:
            send(widget, **{name: value, "asked": value})
            send(widget, **{name: value, "asked": 1})
        widget._handle_custom_msg({name: value}, [])
        widget._handle_custom_msg(value, [memoryview(b"x")])


def test_the_explorers_go_on(some):
    digits, probabilities = some
    browser = DigitBrowser(digits, "validation")
    matrix, threshold = ConfusionBrowser(digits, probabilities), ThresholdExplorer(*some)
    for box in (browser, matrix, threshold):
        flood(box, "value", "cell")
    digit, number, shown = browser.children
    assert digit.value in digit.options
    assert number.min <= number.value <= number.max
    send(digit, value="7")
    send(number, value=2)
    assert "Image 2 of" in shown.said
    assert "with the label 7" in shown.said
    send(number, value=10**9)
    assert number.value == number.max == np.sum(digits.labels == 7)
    send(matrix.children[0], cell=[3, 3])
    assert "true 3s were read as 3" in matrix.children[3].said
    send(threshold.children[0], value=0.7)
    assert threshold.children[1].said.startswith("Answered 0, ")


def test_the_pad_goes_on():
    pad = DrawPad()
    flood(pad, "strokes")
    (field,) = pad.children
    send(field, strokes=[ONE])
    assert pad.reading.digit == 1


@pytest.mark.parametrize("plain", [False, True])
def test_the_upload_box_goes_on(plain):
    box = UploadBox(plain=plain)
    flood(box, "value", "content", "kind")
    content = digitrec.project_path("digits/digit1.png").read_bytes()
    uploader = box.children[1]
    if plain:
        place = {"name": "a", "type": "", "size": 1, "last_modified": 1}
        send(uploader.children[0], value=[place | {"content": memoryview(content)}])
    else:
        place = {"kind": "picture", "batch": 9, "count": 1, "number": 0, "name": "a"}
        uploader._handle_custom_msg(place, [memoryview(content)])
    assert [reading.digit for reading in box.readings] == [4]
