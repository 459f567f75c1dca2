"""The exercises: right answers, near misses, and the solutions that the notebooks print."""

import math
import re

import nbformat
import numpy as np
import pytest
from conftest import ROOT

from digitrec import exercises

MATRIX = np.random.default_rng(0).integers(1, 9, (10, 10)) + 90 * np.eye(10, dtype=int)


def printed_solution(notebook, name, variables):
    """Run the solution that a notebook folds away, and return one variable of it."""
    path = next((ROOT / "notebooks").glob(f"{notebook}_*.ipynb"))
    markdown = "\n".join(
        cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "markdown"
    )
    codes = re.findall(r"<summary>Solution</summary>\s+```python\n(.*?)```", markdown, re.DOTALL)
    (code,) = (code for code in codes if f"{name} = " in code)
    exec(code, variables)
    return variables[name]


def test_printed_solutions_are_right(mnist):
    share = printed_solution("01", "ink_share", {"mnist": mnist})
    assert exercises.check_ink_share(share, mnist.train).startswith("Right")
    weights = printed_solution("02", "weight_count", {})
    assert exercises.check_weight_count(weights).startswith("Right")
    steps = printed_solution("03", "step_count", {"math": math})
    assert exercises.check_step_count(steps).startswith("Right")
    weights = printed_solution("06", "filter_weights", {})
    assert exercises.check_filter_weights(weights).startswith("Right")
    precision = printed_solution("04", "precision_of_7", {"matrix": MATRIX})
    assert exercises.check_precision(precision, MATRIX, 7).startswith("Right")
    assert "recall" in exercises.check_precision(MATRIX[7, 7] / MATRIX[7].sum(), MATRIX, 7)
    sure, mistake = np.array([True, True, True, False]), np.array([False, True, False, True])
    share = printed_solution("04", "wrong_when_sure", {"sure": sure, "mistake": mistake})
    assert exercises.check_wrong_when_sure(share, sure, mistake).startswith("Right")


@pytest.mark.parametrize(
    ("answer", "reply"),
    [
        (None, "No answer yet"),
        (784 * 64 + 64 * 10, "Every neuron also has a bias"),
        (118_282, "Not yet: 118282 is not it."),
        ("many", "is a str, expected one number"),
    ],
)
def test_wrong_answers_get_a_hint(answer, reply):
    assert reply in exercises.check_weight_count(answer)
    assert not exercises.check_weight_count(answer).startswith("Right")


ENTRIES = 784 * 64 + 64 + 64 * 10 + 10


@pytest.mark.parametrize(
    ("check", "answer", "hint"),
    [
        (exercises.check_weight_count, 784 * 64 + 64 * 10, "also has a bias"),
        (exercises.check_weight_count, 784 * 64 + 64, "the second one has weights, too"),
        (exercises.check_step_count, 860, "That is one epoch."),
        (exercises.check_step_count, 2577, "round up."),
        (exercises.check_step_count, 2579, "Round up each epoch"),
        (exercises.check_filter_weights, 32 * 9, "nine weights for each of the 16 maps"),
        (exercises.check_filter_weights, 9 * 16, "That is one filter"),
        (exercises.check_filter_weights, 32 * (9 * 16 + 1), "no biases"),
    ],
)
def test_each_usual_mistake_has_the_hint_that_names_it(check, answer, hint):
    assert hint in check(answer)
    assert check(answer).startswith("Not yet")


def test_hints_to_the_share_of_ink_and_to_precision_are_about_what_was_computed(mnist):
    digits = mnist.train[:1000]
    share = (digits.images > 0).mean()
    for answer, hint in (
        (1 - share, "the share of paper"),
        (100 * share, "per cent"),
        (digits.images.mean() / 255, "the mean value"),
    ):
        assert hint in exercises.check_ink_share(answer, digits)
    right, answered = MATRIX[7, 7], MATRIX[:, 7].sum()
    assert "divide by how many were answered so" in exercises.check_precision(right, MATRIX, 7)
    assert exercises.check_precision(right / answered, MATRIX, 7).startswith("Right")


@pytest.mark.parametrize(("off", "verdict"), [(0.0019, "Right"), (0.0021, "Not yet")])
def test_a_share_is_right_when_it_is_right_to_two_digits(off, verdict, mnist):
    digits = mnist.train[:1000]
    share = (digits.images > 0).mean()
    assert exercises.check_ink_share(share + off, digits).startswith(verdict)
    assert exercises.check_ink_share(share - off, digits).startswith(verdict)


def test_counts_have_to_be_exact():
    for near in (ENTRIES - 1, ENTRIES + 1):
        assert exercises.check_weight_count(near).startswith("Not yet")
    assert exercises.check_step_count(2581).startswith("Not yet")
    assert exercises.check_precision(0.5, MATRIX, 7).startswith("Not yet")


def test_a_number_beyond_all_floats_is_no_error():
    assert exercises.check_weight_count(10**400) == "Not yet: that is far too large."


def test_a_digit_that_is_never_answered_has_no_precision(recwarn):
    matrix = np.zeros((10, 10), int)
    matrix[:, 3] = 5  # whatever it is, the answer is 3
    said = exercises.check_precision(None, matrix, digit=7)
    assert said.startswith("This network never answers 7")
    assert exercises.check_precision(0.1, matrix, digit=3).startswith("Right")
    assert not recwarn.list
