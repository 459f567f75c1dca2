"""The networks that load in the background, while the page can be used already."""

import subprocess
import sys
import time

import pytest
from conftest import always

import digitrec
from digitrec.widgets import DrawPad, LateNetwork
from digitrec.widgets.own_network import ask_own


@pytest.fixture
def reading(home):
    return digitrec.read_digit(home / "digits" / "digit1.png")


def test_without_a_network_of_yours_nobody_answers_second(reading):
    late = LateNetwork()
    assert late.get() is None
    assert ask_own(late, [reading]) is None


def test_yours_answers_as_if_it_had_been_there(reading, home):
    own = always(7, 0.62)
    digitrec.save_model(own, home / "models" / "handwritten_digits.keras")
    answers = ask_own(LateNetwork(), [reading])
    assert answers.speaker == "Your network (dense, notebook 3)"
    assert [answer.digit for answer in answers.readings] == [7]


def test_yours_answers_on_the_pad(home):
    digitrec.save_model(always(7, 0.62), home / "models" / "handwritten_digits.keras")
    pad = DrawPad(LateNetwork())
    (field,) = pad.children
    field.set_state({"strokes": [[[140, y] for y in range(50, 230, 5)]]})
    assert pad.own_reading.digit == 7
    end = time.monotonic() + 60
    while len(field.networks) < 2 and time.monotonic() < end:
        time.sleep(0.01)  # the browser computes it, too, a moment later
    assert field.names == ["The network in the box", "Your network (dense, notebook 3)"]


def test_a_damaged_one_is_explained_and_the_box_stands(reading, home):
    path = home / "models" / "handwritten_digits.keras"
    path.parent.mkdir()
    path.write_bytes(b"not a network")
    answers = ask_own(LateNetwork(), [reading])
    assert answers.readings == ()
    assert "handwritten_digits.keras" in answers.problem


def test_pictures_are_read_while_tensorflow_is_on_its_way(home):  # no network of one's own
    code = """if True:
        import digitrec
        from digitrec.widgets import LateNetwork
        late = LateNetwork()
        print(digitrec.read_digit("digits/digit1.png").digit, late.get())"""
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=home, capture_output=True, text=True, timeout=120
    )
    assert run.stdout.split() == ["4", "None"], run.stderr
