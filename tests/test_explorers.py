"""Explorers and their controls, worked through their state as a browser would."""

import re
import threading

import numpy as np
import pytest

from digitrec.widgets import explorers
from digitrec.widgets.answer_view import AnswerView
from digitrec.widgets.controls import Choice, Slider
from digitrec.widgets.matrix import Matrix


def parts(box, kind):
    return [child for child in box.children if isinstance(child, kind)]


def view(box):
    (found,) = parts(box, AnswerView)
    return found


def shown_pictures(box):
    return len(re.findall(r'<img [^>]*alt="[^"]+"', view(box).html))


def test_the_browser_of_digits_goes_through_a_class(some):
    digits, _ = some
    browser = explorers.DigitBrowser(digits, "validation")
    (digit,), (number,) = parts(browser, Choice), parts(browser, Slider)
    assert not browser.chosen
    digit.value = "7"
    number.value = 3
    assert browser.chosen
    assert browser.index == np.flatnonzero(digits.labels == 7)[2]
    assert view(browser).said.startswith("Image 3 of")
    digit.value = "2"
    twos = np.flatnonzero(digits.labels == 2)
    assert browser.index == twos[0]
    assert (number.value, number.max) == (1, len(twos))
    number.value = len(digits)
    assert browser.index == twos[-1]


def test_the_browser_of_confusions_counts_as_the_matrix_does(some):
    digits, probabilities = some
    true = int(digits.labels[0])
    predicted = (true + 1) % 10
    walk = explorers.ConfusionBrowser(digits, probabilities, true, predicted)
    count = np.sum(digits.labels[:20] == true)
    of_digit = np.sum(digits.labels == true)
    assert f"{count} of {of_digit} true {true}s were read as" in view(walk).said
    assert shown_pictures(walk) == count
    (matrix,) = parts(walk, Matrix)
    assert matrix.counts[true][predicted] == count
    assert sum(map(sum, matrix.counts)) == len(digits)
    parts(walk, Choice)[1].value = str(true)
    assert 1 <= shown_pictures(walk) <= explorers.MOST_SHOWN


def test_lists_and_matrix_stay_in_step(some):
    walk = explorers.ConfusionBrowser(*some)
    (matrix,) = parts(walk, Matrix)
    true, predicted = parts(walk, Choice)
    assert matrix.cell == [4, 9]
    shown = []
    view(walk).observe(lambda change: shown.append(change["new"]), names="said")
    matrix.set_state({"cell": [3, 7], "asked": 1})
    assert (true.value, predicted.value) == ("3", "7")
    true.set_state({"value": "5", "asked": 1})
    assert matrix.cell == [5, 7]
    assert [re.search(r"true (\d)s were read as (\d)", said).groups() for said in shown] == [
        ("3", "7"),
        ("5", "7"),
    ]  # never a cell between two


@pytest.mark.parametrize(("cell", "pictures"), [([0, 0], 1), ([0, 5], 0)])
def test_a_gallery_takes_the_same_room_with_few_pictures(some, cell, pictures):
    walk = explorers.ConfusionBrowser(*some)
    parts(walk, Matrix)[0].cell = cell
    assert (shown_pictures(walk) >= 1) == bool(pictures)
    assert view(walk).html.count("<figure") == explorers.MOST_SHOWN


def test_a_threshold_refuses_what_lies_below(some):
    digits, probabilities = some
    assert explorers.refuse_below(0.5, digits.labels, probabilities).sentences == (
        "Answered 200, 20 of them wrong (10.00%).",
        "Refused 0, 0 of them right.",
    )
    assert explorers.refuse_below(0.9, digits.labels, probabilities).sentences == (
        "Answered 0, 0 of them wrong (0.00%).",
        "Refused 200, 180 of them right.",
    )
    threshold = explorers.ThresholdExplorer(digits, probabilities)
    parts(threshold, Slider)[0].value = 0.9
    assert "Answered 0" in view(threshold).said


def test_python_says_that_it_has_answered_after_everybody_has_acted():
    slider, states = Slider(), []
    slider.observe(lambda _: states.append((slider.value, slider.answered)), names="value")
    slider.set_state({"value": 0.5, "asked": 1})
    slider.set_state({"value": 0.5, "asked": 2})  # nothing new is answered, too
    assert states == [(0.5, 0)]
    assert slider.answered == 2
    slider.set_state({"value": 0.7, "asked": 5})  # others were asked in another view
    assert slider.answered == 5


def test_python_says_that_it_has_answered_when_acting_failed():
    slider = Slider()
    slider.observe(lambda _: 1 / 0, names="value")
    with pytest.raises(ZeroDivisionError):
        slider.set_state({"value": 0.5, "asked": 1})
    assert slider.answered == 1


def test_two_threads_of_messages_never_act_side_by_side(some):
    """As in JupyterLab, which moves the messages to another thread a moment after the first."""
    entered, go_on, acting, most = threading.Event(), threading.Event(), [], []

    class Slow(explorers.ThresholdExplorer):
        def _on_move(self):
            acting.append(1)
            most.append(len(acting))
            if len(most) == 2:  # the first act of a thread, after the one of the beginning
                entered.set()
                assert go_on.wait(60)
            super()._on_move()
            acting.pop()

    box = Slow(*some)
    (slider,) = parts(box, Slider)
    first = threading.Thread(target=slider.set_state, args=({"value": 0.9, "asked": 1},))
    second = threading.Thread(target=slider.set_state, args=({"value": 0.1, "asked": 2},))
    first.start()
    assert entered.wait(60)
    second.start()
    go_on.set()
    first.join(60)
    second.join(60)
    assert max(most) == 1
    assert "Refused 0," in view(box).said
