"""What notebook 00 is made of, without a browser: its light pad, and its figure."""

import re
import subprocess
import sys

import numpy as np
import pytest

import digitrec
from digitrec import figures
from digitrec.reading.digit import interpret
from digitrec.widgets import LiveReader
from digitrec.widgets.live_reader import LiveField

SPEAKERS = ["one network", "another"]


@pytest.fixture(scope="module")
def opinions():
    """Two drawings; the first network has 11 answers, the second 10, and no two are alike."""

    def answers(digit, share, size):
        return np.where(np.arange(size) == digit, share, (1 - share) / (size - 1))

    drawn = {"a line": [[(140, 40), (140, 240)]], "a bar": [[(40, 140), (240, 140)]]}
    steps = {
        name: digitrec.prepare_digit(digitrec.draw_strokes(strokes))
        for name, strokes in drawn.items()
    }
    return {
        "a line": [
            interpret(steps["a line"], answers(1, 0.85, 11)),
            interpret(steps["a line"], answers(7, 0.9, 10)),
        ],
        "a bar": [
            interpret(steps["a bar"], answers(10, 0.99, 11)),
            interpret(steps["a bar"], answers(4, 0.6, 10)),
        ],
    }


def test_each_drawing_stands_above_what_each_network_says(opinions):
    drawn = figures.show_opinions(opinions, SPEAKERS)
    pictures, one, other = np.reshape(drawn.axes, (3, 2))
    assert [ax.get_title() for ax in pictures] == ["a line", "a bar"]
    assert [ax.get_title() for ax in one] == ["a 1,\nsure to 85%", "not a digit,\nsure to 99%"]
    assert [ax.get_title() for ax in other] == ["a 7,\nsure to 90%", "a 4,\nsure to 60%"]
    for row, place, count in ((one, 0, 11), (other, 1, 10)):
        for ax, readings in zip(row, opinions.values(), strict=True):
            widths = [bar.get_width() for bar in ax.patches]
            assert len(widths) == count
            assert widths[:10] == pytest.approx(readings[place].probabilities.tolist())
    assert [ax.get_ylabel() for ax in one] == ["one network: answer", ""]
    assert [ax.get_ylabel() for ax in other] == ["another: answer", ""]


@pytest.mark.parametrize("speakers", [["one"], ["one", "two", "three"]])
def test_an_answer_of_nobody_is_refused(opinions, speakers):
    with pytest.raises(ValueError, match=rf"\[2, 2\] answers, expected {len(speakers)} for each"):
        figures.show_opinions(opinions, speakers)
    with pytest.raises(ValueError, match=r"\[\] answers"):
        figures.show_opinions({}, speakers)


def test_it_is_there_before_tensorflow():
    code = """
import sys
from digitrec import widgets
reader = widgets.LiveReader()
print(repr(reader))
print(sum(map(len, reader.children[0].networks)) < 1_100_000, "tensorflow" in sys.modules)
reader.close()
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines() == [LiveReader.without_browser, "True False"]


def test_its_styles_are_for_itself_alone():
    """A rule for every h3 or every figure would change JupyterLab around it."""
    rules = re.sub(r"/\*.*?\*/", "", LiveField._css, flags=re.DOTALL)
    selectors = [
        selector.strip()
        for head in re.findall(r"([^{}]+)\{", rules)
        if not head.strip().startswith("@")
        for selector in re.split(r",(?![^(]*\))", head)
    ]
    assert len(selectors) > 50
    assert [selector for selector in selectors if not selector.startswith(".digitrec-")] == []
