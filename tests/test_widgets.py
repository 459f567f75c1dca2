"""Upload box, draw pad and explorers, worked through their state as a browser would."""

import contextlib
import gc
import html
import itertools
import re
import threading
import time
import weakref

import cv2
import ipywidgets
import numpy as np
import pytest
import traitlets
from conftest import ROOT, always
from ipywidgets.widgets import widget
from traitlets.config import JSONFileConfigLoader, PyFileConfigLoader

import digitrec
from digitrec.bounds import LARGEST_UPLOAD, MOST_POINTS, MOST_UPLOADS
from digitrec.figures import live_curves
from digitrec.widgets import DrawPad, UploadBox, answers, cell_box, explorers
from digitrec.widgets.answer_view import AnswerView
from digitrec.widgets.controls import Choice
from digitrec.widgets.plain_uploader import PlainUploader
from digitrec.widgets.upload_box import A_PAGE, ONE_DIGIT

SERVERS = [("jupyter_server_config.d/digitrec.json", "ServerApp"), ("voila.py", "Voila")]
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


def says(box):
    """Return what a box shows, as HTML."""
    if isinstance(box, UploadBox):
        shown = part(part(box, PlainUploader), AnswerView).html + part(box, AnswerView).html
        return html.unescape(shown)
    return html.unescape(part(box, ipywidgets.HTML).value)


def sentences(said):
    """Return the sentences with the answers, in order; each begins in bold type."""
    found = re.findall(r"<p [^>]*>(<b>.*?)</p>", said, re.DOTALL)
    return [re.sub(r"</?b>", "", sentence).strip() for sentence in found]


def tables(said):
    """Return by its caption, in order, the rows of each table as lists of texts."""
    return {
        re.search(r"<caption[^>]*>(.*?)</caption>", table)[1]: [
            re.findall(r">([^<]+)<", row) for row in re.findall(r"<tr>(.*?)</tr>", table)
        ]
        for table in re.findall(r"<table.*?</table>", said, re.DOTALL)
    }


@pytest.fixture
def box():
    return plain_box()


def plain_box(own=None, kind=UploadBox):
    """Return an upload box with the button of ipywidgets, which works without a browser."""
    return kind(own, plain=True)


def upload(box, *files):
    part(part(box, PlainUploader), ipywidgets.FileUpload).set_state({"value": list(files)})
    return says(box)


def test_a_picture_is_read(box):
    assert box.readings == ()
    said = upload(box, picture("digit1.png"))
    assert "digit1.png: The number is probably a 4." in said
    assert "Sure: " in said
    (rows,) = tables(said).values()
    assert [row[0] for row in rows] == [*"0123456789", "not a digit"]
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


def test_the_latest_choice_counts_when_messages_come_in_two_threads():
    """As in JupyterLab, which moves the messages to another thread a moment after the first."""

    class Slow(UploadBox):
        def _read(self, upload):
            if upload.name == "digit1.png":
                reached.set()
                time.sleep(0.5)
            return super()._read(upload)

    box, reached = plain_box(kind=Slow), threading.Event()
    first = threading.Thread(target=upload, args=(box, picture("digit1.png")))
    first.start()
    assert reached.wait(60)
    upload(box, picture("digit2.png"))
    first.join(60)
    assert "digit2.png" in says(box)
    assert [reading.digit for reading in box.readings] == [7]


def test_the_picture_is_not_kept(box):
    upload(box, picture("digit1.png"))
    assert part(part(box, PlainUploader), ipywidgets.FileUpload).value == ()


@pytest.mark.parametrize(
    ("content", "size", "message"),
    [
        (b"", None, "The file is empty."),
        (b"Dear diary", None, "It holds text, and is no picture."),
        (b"\x89PNG\r\n\x1a\n", 30_000_000, "The picture in it breaks off or is damaged."),
        (bytes(LARGEST_UPLOAD + 50_000), 7, "It has 20.1 MB, expected at most 20 MB."),
    ],
)
def test_what_cannot_be_read_is_said_in_words_and_the_rest_is_read(box, content, size, message):
    said = upload(box, file("bad.png", content, size), picture("digit1.png"))
    assert "bad.png cannot be read." in said
    assert message in said
    assert "digit1.png: The number is probably a 4." in said
    assert len(box.readings) == 1


def test_a_file_name_is_never_html(box):
    evil = picture("digit1.png") | {"name": "<img src=x onerror=alert(1)>.png"}
    upload(box, evil)
    shown = part(part(box, PlainUploader), AnswerView).html
    assert "<img src=x" not in shown
    assert "&lt;img src=x" in shown


def test_more_than_some_pictures_at_once_are_left_out_in_words(box):
    said = upload(box, *[picture("digit1.png")] * (MOST_UPLOADS + 3))
    assert len(box.readings) == MOST_UPLOADS
    assert sentences(said)[-1] == (
        "3 more pictures were left out. At most 20 pictures are read at a time. "
        "Choose the others later."
    )


def test_of_large_pictures_little_is_kept_and_every_answer(box):
    large = cv2.resize(
        digitrec.load_picture(digitrec.project_path("digits/strip1.jpg")), (2000, 500)
    )
    _, content = cv2.imencode(".png", large)
    part(box, Choice).value = A_PAGE
    upload(box, file("large.png", content.tobytes()))
    whole = digitrec.read_page(large).readings
    assert [one.answer for one in box.readings] == [one.answer for one in whole]
    for light, one in zip(box.readings, whole, strict=True):
        assert light.steps.picture.shape == (128, 512, 3)
        assert light.steps.ink is box.readings[0].steps.ink
        assert np.allclose(light.box, np.multiply(one.box, 512 / 2000), atol=1)


def test_a_page_is_read_when_chosen(box):
    part(box, Choice).value = A_PAGE
    said = upload(box, picture("digit1.png"))
    assert "digit1.png: The page probably says 4." in said
    part(box, Choice).value = ONE_DIGIT
    assert "digit1.png: The number is probably a 4." in says(box)
    assert [reading.digit for reading in box.readings] == [4]


@pytest.mark.parametrize(("name", "section"), SERVERS)
def test_the_servers_let_several_pictures_through(name, section):
    """Above their limit they drop a message without a word; the box can only speak below it."""
    kind = PyFileConfigLoader if name.endswith(".py") else JSONFileConfigLoader
    settings = kind(name, path=str(ROOT / "etc/jupyter")).load_config()[section]["tornado_settings"]
    assert settings["websocket_max_message_size"] > 5 * LARGEST_UPLOAD


def drawn(pad, *strokes):
    """Send strokes as the browser does, and return what Python says of them."""
    field = pad.children[0]
    field.set_state({"strokes": list(strokes), "asked": field.asked + 1})
    assert field.answered == field.asked
    return field.said


def test_a_drawing_is_read_after_each_stroke_and_cleared():
    pad = DrawPad()
    assert pad.reading is None
    assert drawn(pad, ONE).startswith("Python has it, too: a 1, sure to more than 99%.")
    assert pad.reading.digit == 1
    assert drawn(pad).startswith("This is the network in the box.")
    assert pad.reading is None


@pytest.mark.parametrize(
    "strokes", [7, ["a"], [[]], [[[1]]], [[[1, 999]]], [[[None, 3]]], [[[float("nan"), 3]]]]
)
def test_strokes_of_another_form_are_no_drawing(strokes):
    pad = DrawPad()
    drawn(pad, ONE)
    field = pad.children[0]
    with contextlib.suppress(traitlets.TraitError):
        field.set_state({"strokes": strokes, "asked": 9})
    assert field.answered == 9
    assert pad.reading is None or strokes == 7


def test_a_drawing_without_end_is_answered_with_a_sentence():
    pad = DrawPad()
    assert "at most 20,000 points. Press Clear" in drawn(pad, [[140, 140]] * (MOST_POINTS + 1))
    assert pad.reading is None
    assert drawn(pad, ONE).startswith("Python has it, too: a 1")


def test_unsure_answers_name_the_runners_up(boxed_model):
    reading = digitrec.read_digit(digitrec.project_path("digits/digit1.png"), boxed_model)
    probabilities = np.zeros(10)
    probabilities[[4, 9, 1]] = 0.6, 0.3, 0.1
    unsure = type(reading)(4, 0.6, True, "", probabilities, reading.steps)
    said = "Not sure: 60%. It could also be a 9 (30%) or a 1 (10%)."
    assert answers.how_sure(unsure) == said
    probabilities[[4, 9, 1]] = 0.6, 0.3, 0.005  # the rest is no digit
    assert answers.how_sure(unsure) == "Not sure: 60%. It could also be a 9 (30%)."
    probabilities[[4, 9, 1]] = 0.6, 0.004, 0.001
    assert answers.how_sure(unsure) == "Not sure: 60%."


def test_the_network_in_the_box_answers_first_and_yours_under_it():
    box = plain_box(always(7, 0.62))
    said = upload(box, picture("digit1.png"), picture("digit2.png"))
    assert sentences(said) == [
        "digit1.png: The number is probably a 4. Sure: more than 99%.",
        "Your network (dense, notebook 3): a 7, sure to 62%. The two differ.",
        "digit2.png: The number is probably a 7. Sure: more than 99%.",
        "Your network (dense, notebook 3): a 7, sure to 62%.",
    ]
    assert [reading.digit for reading in box.readings] == [4, 7]
    assert [reading.digit for reading in box.own_readings] == [7, 7]
    assert "Once notebook 3 has trained yours" not in said


def test_each_network_has_bars_and_not_a_digit_only_where_it_can_say_so():
    said = upload(plain_box(always(7, 0.62)), picture("digit1.png"))
    (first, boxed), (second, own) = tables(said).items()
    assert first == "The network in the box: probability of each answer"
    assert second == "Your network (dense, notebook 3): probability of each answer"
    assert [row[0] for row in boxed] == [*"0123456789", "not a digit"]
    assert [row[0] for row in own] == list("0123456789")
    assert boxed[4] == ["4", "more than 99%", "best guess"]
    assert boxed[10] == ["not a digit", "less than 1%"]
    assert own[7] == ["7", "62%", "best guess"]
    assert own[0] == ["0", "4%"]


def test_a_network_of_yours_with_eleven_answers_can_say_that_it_is_no_digit():
    said = upload(plain_box(always(10, 0.8, 11, "cnn")), picture("digit1.png"))
    assert sentences(said)[1] == (
        "Your network (convolutional, notebook 6): not a digit, sure to 80%. The two differ."
    )
    assert list(tables(said).values())[1][10] == ["not a digit", "80%", "best guess"]


def test_ten_answers_cannot_refuse_a_letter():
    said = upload(plain_box(always(8, 0.97, name="my_own")), picture("letter1.png"))
    assert sentences(said) == [
        "letter1.png: This is probably not a digit (looks like no digit). "
        "Write one digit, large and with nothing around it.",
        "Your network: an 8, sure to 97%. The two differ.",
    ]
    boxed = next(iter(tables(said).values()))
    assert boxed[10] == ["not a digit", "more than 99%", "best guess"]


def test_no_answer_is_ever_certain():
    said = upload(plain_box(always(4, 1 - 1e-12)), picture("digit1.png"), picture("page1.jpg"))
    texts = re.sub(r"<[^>]*>", " ", said)
    assert "a 4, sure to more than 99%" in texts
    assert not re.search(r"(?<!\d)(100|0)(\.0)?%", texts)


def test_before_notebook_3_the_box_answers_alone_and_says_where_yours_would_stand(box):
    said = upload(box, picture("digit1.png"))
    assert sentences(said) == ["digit1.png: The number is probably a 4. Sure: more than 99%."]
    assert len(tables(said)) == 1
    assert said.count("Once notebook 3 has trained yours") == 1
    assert box.own_readings == ()


def test_a_picture_is_prepared_once_for_both_networks(monkeypatch):
    prepared = []

    def counted(image):
        prepared.append(image)
        return digitrec.prepare_digit(image)

    monkeypatch.setattr("digitrec.reading.digit.prepare_digit", counted)
    box = plain_box(always(7))
    upload(box, picture("digit1.png"))
    assert len(prepared) == 1
    assert box.own_readings[0].steps is box.readings[0].steps


def test_both_networks_read_the_same_marks_of_a_page_and_differences_stand_in_words():
    box = plain_box(always(8, 0.9))
    said = upload(box, picture("strip1.jpg"))
    assert sentences(said) == [
        "strip1.jpg: The page probably says 1234687. Sure of all of them.",
        "Your network (dense, notebook 3): 8888888. The two differ at 6 of 7 marks.",
    ]
    summaries = re.findall("<summary>(.*?)</summary>", said)
    assert [summary.split(":")[0] for summary in summaries] == [
        f"Row 1, mark {place}" for place in (1, 2, 3, 4, 5, 7)
    ]
    assert "the network in the box says a 3, sure to" in summaries[2]
    assert summaries[2].endswith("; yours says an 8, sure to 90%.")
    assert said.count("<table") == 12
    boxes = [reading.box for reading in box.readings]
    assert [reading.box for reading in box.own_readings] == boxes


def test_a_page_shows_so_many_differences_and_counts_the_rest(monkeypatch):
    monkeypatch.setattr(answers, "MOST_DIFFERENCES", 2)
    said = upload(plain_box(always(8, 0.9)), picture("strip1.jpg"))
    assert said.count("<summary>") == 2
    assert "They differ at 4 further marks." in said


def test_a_page_on_which_all_agree_says_so(boxed_model):
    said = upload(plain_box(boxed_model), picture("strip1.jpg"))
    assert (
        sentences(said)[1]
        == "Your network (from the box): 1234687. The same as the network in the box."
    )
    assert "<details" not in said


def test_a_page_of_refused_marks_is_not_called_empty(box):
    part(box, Choice).value = A_PAGE
    said = upload(box, picture("letter1.png"))
    assert "No digit was found on this page. There is ink, but it looks like no digit: 1." in (
        sentences(said)[0].removeprefix("letter1.png: ")
    )
    assert "Nothing is written on it" not in said
    assert "around each of 1 digits" in said
    _, blank = cv2.imencode(".png", np.full((200, 200), 255, np.uint8))
    assert "Nothing is written on it" in upload(box, file("blank.png", blank.tobytes()))


def broken():
    model = digitrec.build_mlp()
    model.set_weights([np.full_like(weights, np.nan) for weights in model.get_weights()])
    return model


@pytest.mark.parametrize("name", ["digit1.png", "strip1.jpg"])
def test_a_broken_network_of_yours_says_why_and_the_box_still_answers(name):
    box = plain_box(broken())
    said = upload(box, picture(name))
    assert re.match(
        rf"{name}: The (number|page) probably|{name}: The number is", sentences(said)[0]
    )
    assert sentences(said)[1].startswith("Your network (dense, notebook 3): no answer.")
    assert "its training went wrong" in sentences(said)[1]
    assert box.readings
    assert box.own_readings == ()


def test_the_pad_too_asks_the_box_first_and_yours_second():
    pad = DrawPad(own=always(7, 0.62))
    assert pad.children[0].names == ["The network in the box", "Your network (dense, notebook 3)"]
    assert drawn(pad, ONE) == "Python has it, too: a 1, sure to more than 99%."
    assert (pad.reading.digit, pad.own_reading.digit) == (1, 7)
    assert drawn(pad) == ""
    assert (pad.reading, pad.own_reading) == (None, None)


def test_the_pad_before_notebook_3_says_where_yours_would_stand():
    pad = DrawPad()
    assert "Once notebook 3 has trained yours" in pad.children[0].said
    assert "Once notebook 3 has trained yours" in drawn(pad, ONE)
    assert pad.own_reading is None


def test_a_network_that_the_browser_cannot_compute_answers_in_python():
    from digitrec.quiet import keras

    inner = always(7, 0.62)
    unknown = keras.layers.Lambda(lambda x: x, dtype="uint8")
    pad = DrawPad(own=keras.Sequential([keras.Input((28, 28), dtype="uint8"), unknown, inner]))
    assert pad.children[0].names == ["The network in the box"]
    assert drawn(pad, ONE).endswith("Your network: a 7, sure to 62%.")


def test_a_network_whose_training_went_wrong_says_so_on_the_pad():
    broken = always(7)
    broken.set_weights([weights * np.nan for weights in broken.get_weights()])
    pad = DrawPad(own=broken)
    assert len(pad.children[0].networks) == 1
    assert "no answer. The network answers NaN" in drawn(pad, ONE)
    assert pad.reading.digit == 1


def test_a_cell_that_runs_again_leaves_nothing_behind(monkeypatch, some):
    digits, probabilities = some
    runs = itertools.count()
    place = ("one-cell", "")
    monkeypatch.setattr(cell_box, "running_cell", lambda: place)

    def run():
        nonlocal place
        place = ("one-cell", f"run {next(runs)}")
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


def test_boxes_of_one_kind_live_side_by_side_in_a_cell(monkeypatch):
    monkeypatch.setattr(cell_box, "running_cell", lambda: ("one-cell", "the first run"))
    first, second = plain_box(), plain_box()
    monkeypatch.setattr(cell_box, "running_cell", lambda: ("another-cell", "the next run"))
    plain_box()
    for box, name, digit in ((first, "digit1.png", 4), (second, "digit2.png", 7)):
        upload(box, picture(name))
        assert [reading.digit for reading in box.readings] == [digit]
        assert box.comm is not None
    monkeypatch.setattr(cell_box, "running_cell", lambda: ("one-cell", "another run"))
    plain_box()
    assert (first.comm, second.comm) == (None, None)


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
    assert 1.9 < curves.training[-1][0] < 2  # in the middle of the last steps
