"""Upload box, draw pad and explorers, worked through their state as a browser would."""

import gc
import html
import json
import threading
import time
import weakref

import ipywidgets
import numpy as np
import pytest
from conftest import ROOT
from ipywidgets.widgets import widget

import digitrec
from digitrec.figures import live_curves
from digitrec.widgets import DrawPad, UploadBox, cell_box, explorers, markup
from digitrec.widgets.controls import FIELD_SIDE, Choice, DrawField, ink_strokes
from digitrec.widgets.upload_box import A_PAGE, LARGEST_UPLOAD, ONE_DIGIT

SERVERS = [("jupyter_server_config.json", "ServerApp"), ("voila.json", "Voila")]
ONE = [[140, y] for y in range(50, 230, 5)]


def file(name, content, size=None):
    return {
        "name": name,
        "type": "image/png",
        "size": len(content) if size is None else size,
        "content": memoryview(content),
        "last_modified": 1000,
    }


def picture(name):
    return file(name, digitrec.project_path(f"digits/{name}").read_bytes())


def part(box, kind):
    """Return the one widget of a kind in a box."""
    (found,) = [child for child in box.children if isinstance(child, kind)]
    return found


def answers(box):
    return html.unescape(part(box, ipywidgets.HTML).value)


@pytest.fixture
def box(boxed_model):
    return UploadBox(boxed_model)


def upload(box, *files):
    part(box, ipywidgets.FileUpload).set_state({"value": list(files)})
    return answers(box)


def test_a_picture_is_read(box):
    assert box.readings == ()
    said = upload(box, picture("digit1.png"))
    assert "digit1.png: The number is probably a 4." in said
    assert "Sure: " in said
    assert said.count("<tr>") == 10
    assert [reading.digit for reading in box.readings] == [4]


def test_several_at_once_stay_in_order(box):
    upload(box, picture("digit2.png"), picture("digit9.png"), picture("digit3.png"))
    assert [reading.digit for reading in box.readings] == [7, 8, 2]


def test_the_same_file_twice_is_read_twice(box):
    upload(box, picture("digit1.png"))
    first = box.readings
    upload(box, picture("digit1.png"))
    assert box.readings is not first
    assert [reading.digit for reading in box.readings] == [4]


def test_the_latest_choice_counts_when_messages_come_in_two_threads(boxed_model):
    """As in JupyterLab, which moves the messages to another thread a moment after the first."""

    class Slow(UploadBox):
        def _read(self, file, unfold):
            if file["name"] == "digit1.png":
                reached.set()
                time.sleep(0.5)
            return super()._read(file, unfold)

    box, reached = Slow(boxed_model), threading.Event()
    first = threading.Thread(target=upload, args=(box, picture("digit1.png")))
    first.start()
    assert reached.wait(60)
    upload(box, picture("digit2.png"))
    first.join(60)
    assert "digit2.png" in answers(box)
    assert [reading.digit for reading in box.readings] == [7]


def test_the_picture_is_not_kept(box):
    upload(box, picture("digit1.png"))
    assert part(box, ipywidgets.FileUpload).value == ()


@pytest.mark.parametrize(
    ("content", "size", "message"),
    [
        (b"", None, "empty (0 bytes)"),
        (b"Dear diary", None, "is not a picture that can be read"),
        (b"\x89PNG\r\n\x1a\n", 30_000_000, "The file has 30.0 MB, expected at most 20 MB"),
    ],
)
def test_what_cannot_be_read_is_said_in_words_and_the_rest_is_read(box, content, size, message):
    said = upload(box, file("bad.png", content, size), picture("digit1.png"))
    assert "bad.png: This cannot be read." in said
    assert message in said
    assert "digit1.png: The number is probably a 4." in said
    assert len(box.readings) == 1


def test_a_file_name_is_never_html(box):
    evil = picture("digit1.png") | {"name": "<img src=x onerror=alert(1)>.png"}
    upload(box, evil)
    assert "<img src=x" not in part(box, ipywidgets.HTML).value
    assert "&lt;img src=x" in part(box, ipywidgets.HTML).value


def test_a_page_is_read_when_chosen(box):
    part(box, Choice).value = A_PAGE
    said = upload(box, picture("digit1.png"))
    assert "digit1.png: The page probably says 4." in said
    part(box, Choice).value = ONE_DIGIT
    assert "digit1.png: The number is probably a 4." in answers(box)
    assert [reading.digit for reading in box.readings] == [4]


@pytest.mark.parametrize(("name", "section"), SERVERS)
def test_the_servers_let_several_pictures_through(name, section):
    """Above their limit they drop a message without a word; the box can only speak below it."""
    settings = json.loads((ROOT / "etc/jupyter" / name).read_text())[section]["tornado_settings"]
    assert settings["websocket_max_message_size"] > 5 * LARGEST_UPLOAD


def test_a_drawing_is_read_after_each_stroke_and_cleared(boxed_model):
    pad = DrawPad(boxed_model)
    field, answer = pad.children[0].children
    assert pad.reading is None
    field.set_state({"strokes": [ONE]})
    assert pad.reading.digit == 1
    assert "The number is probably a 1." in answer.value
    field.set_state({"strokes": []})
    assert pad.reading is None
    assert "Draw a digit" in answer.value


def test_strokes_become_ink_where_they_were_drawn():
    paper = ink_strokes([ONE, [[20, 20]]])
    assert paper.shape == (FIELD_SIDE, FIELD_SIDE)
    assert paper[140, 140] == paper[20, 20] == 0
    assert paper[140, 20] == 255
    assert DrawField().side == FIELD_SIDE


def test_unsure_answers_name_the_runners_up(boxed_model):
    reading = digitrec.read_digit(digitrec.project_path("digits/digit1.png"), boxed_model)
    probabilities = np.zeros(10)
    probabilities[[4, 9, 1]] = 0.6, 0.3, 0.1
    unsure = type(reading)(4, 0.6, True, "", probabilities, reading.steps)
    said = "Not sure: 60%. It could also be a 9 (30%) or a 1 (10%)."
    assert markup.how_sure(unsure) == said


@pytest.fixture
def some(mnist):
    digits = mnist.validation[:200]
    probabilities = np.full((200, 10), 0.04)
    probabilities[np.arange(200), digits.labels] = 0.64
    probabilities[:20] = np.roll(probabilities[:20], 1, axis=1)
    return digits, probabilities


def test_the_browser_of_digits_goes_through_a_class(some):
    digits, _ = some
    browser = explorers.DigitBrowser(digits, "validation")
    assert not browser.chosen
    part(browser, Choice).value = "7"
    browser.children[1].value = 3
    assert browser.chosen
    assert browser.index == np.flatnonzero(digits.labels == 7)[2]
    assert "Image 3 of" in answers(browser)
    part(browser, Choice).value = "2"
    twos = np.flatnonzero(digits.labels == 2)
    assert browser.index == twos[0]
    browser.children[1].value = len(digits)
    assert browser.index == twos[-1]


def test_the_browser_of_confusions_counts_as_the_matrix_does(some):
    digits, probabilities = some
    true = int(digits.labels[0])
    predicted = (true + 1) % 10
    walk = explorers.ConfusionBrowser(digits, probabilities, true, predicted)
    count = np.sum(digits.labels[:20] == true)
    assert f"{count} of {np.sum(digits.labels == true)} true {true}s were read as" in answers(walk)
    assert answers(walk).count("<img") == count
    walk.children[1].value = str(true)
    assert answers(walk).count("<img") <= explorers.MOST_SHOWN


def test_a_threshold_refuses_what_lies_below(some):
    digits, probabilities = some
    assert explorers.refuse_below(0.5, digits.labels, probabilities).sentence == (
        "Answered 200, 20 of them wrong (10.00%). Refused 0, 0 of them right."
    )
    assert explorers.refuse_below(0.9, digits.labels, probabilities).sentence == (
        "Answered 0, 0 of them wrong (0.00%). Refused 200, 180 of them right."
    )
    threshold = explorers.ThresholdExplorer(digits, probabilities)
    threshold.children[0].value = 0.9
    assert "Answered 0" in answers(threshold)


def test_a_cell_that_runs_again_leaves_nothing_behind(monkeypatch, some):
    digits, probabilities = some
    monkeypatch.setattr(cell_box, "running_cell", lambda: "one-cell")

    def run():
        boxes = [
            UploadBox(),
            DrawPad(),
            explorers.DigitBrowser(digits, "validation"),
            explorers.ConfusionBrowser(digits, probabilities),
            explorers.ThresholdExplorer(digits, probabilities),
        ]
        return len(widget._instances), [weakref.ref(box) for box in boxes]

    count, old = run()
    assert [run()[0] for _ in range(3)] == [count] * 3
    gc.collect()
    assert [reference() for reference in old] == [None] * 5


def test_what_is_stored_beside_the_widgets_is_for_people():
    text = UploadBox()._repr_mimebundle_()["text/plain"]
    assert text.startswith("Run this cell in JupyterLab")
    assert "…" not in text


def test_live_curves_draw_each_run_into_one_figure(mnist, monkeypatch):
    shown = []
    show = "IPython.display.DisplayHandle."
    monkeypatch.setattr(show + "display", lambda self, drawn, **_: shown.append("new"))
    monkeypatch.setattr(show + "update", lambda self, drawn, **_: shown.append("same"))
    few = type(mnist)(mnist.train[:2_000], mnist.validation[:100], mnist.test[:1])
    curves = live_curves()
    digitrec.train(digitrec.build_mlp(), few, epochs=2, callbacks=[curves])
    assert shown[0] == "new"
    assert set(shown[1:]) == {"same"}
    assert [point[0] for point in curves.validation] == [1, 2]
    assert curves.training[-1][0] == 2
