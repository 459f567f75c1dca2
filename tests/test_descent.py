"""Learning rates on a parabola: the steps, what they are called, and the slider that shows them."""

import numpy as np
import pytest

from digitrec import figures, widgets
from digitrec.figures.descent import descent
from digitrec.widgets.answer_view import AnswerView
from digitrec.widgets.controls import Slider
from digitrec.widgets.descent import description


@pytest.mark.parametrize("rate", [0.01, 0.2, 0.5, 0.9, 1.0, 1.1])
def test_each_step_multiplies_the_distance_by_the_factor(rate):
    steps = descent(rate)
    assert len(steps.places) == 21
    expected = 3 - 3 * steps.factor ** np.arange(21)  # the closed form
    assert np.allclose(steps.places, expected)


@pytest.mark.parametrize(
    ("rate", "behaviour"),
    [
        (0.01, "creeps"),
        (0.05, "creeps"),
        (0.06, "converges"),
        (0.5, "converges"),
        (0.51, "jumps"),
        (1.0, "jumps"),
        (1.01, "diverges"),
        (1.1, "diverges"),
    ],
)
def test_the_word_says_what_the_steps_do(rate, behaviour):
    steps = descent(rate)
    distances, sides = abs(steps.places - 3), np.sign(steps.places - 3)
    assert steps.behaviour == behaviour
    assert (distances[-1] > distances[0] * 1.001) == (behaviour == "diverges")
    assert (sides.max() > 0) == (behaviour in ("jumps", "diverges"))
    assert (0.3 < distances[-1] < 3) == (behaviour == "creeps")


def test_one_rate_jumps_for_ever_and_another_needs_one_step():
    assert "for ever" in descent(1.0).sentence
    assert "nearer" in descent(0.99).sentence
    assert descent(0.5).places[1] == 3
    assert description(descent(1.1))[1].startswith(
        "Each step takes w across, to 1.20 times its distance from 3 on the other side. "
        "After 20 steps, w = -112.0"
    )


def test_four_rates_are_drawn_each_under_its_word():
    drawn = figures.plot_descents([0.02, 0.2, 0.9, 1.05]).axes
    assert [ax.get_title() for ax in drawn] == [
        "0.02: it creeps",
        "0.2: it converges",
        "0.9: it jumps",
        "1.05: it diverges",
    ]
    for ax, rate in zip(drawn, [0.02, 0.2, 0.9, 1.05], strict=True):
        curve, way = (line.get_xydata() for line in ax.lines)
        assert np.allclose(way[:, 0], descent(rate).places)
        for line in (curve, way):
            assert np.allclose(line[:, 1], (line[:, 0] - 3) ** 2)


def test_the_slider_shows_the_steps_of_its_rate_and_says_what_they_do():
    explorer = widgets.DescentExplorer(rate=0.2)
    slider = next(child for child in explorer.children if isinstance(child, Slider))
    view = next(child for child in explorer.children if isinstance(child, AnswerView))
    assert view.said.startswith("It converges")
    former = view.html
    slider.set_state({"value": 1.05, "asked": 1})
    assert view.said.startswith("It diverges")
    assert 'alt="A parabola with the way of 20 steps on it. It diverges' in view.html
    assert view.html.split("<img")[1] != former.split("<img")[1]
    slider.set_state({"value": 1e9, "asked": 2})  # what no slider would send
    assert (slider.value, view.said[:11]) == (1.1, "It diverges")
    slider.set_state({"value": -5.0, "asked": 3})
    assert (slider.value, view.said[:9]) == (0.01, "It creeps")
    assert repr(explorer).startswith("Run this cell in JupyterLab")
    explorer.close()
