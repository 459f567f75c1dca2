"""The exercises: right answers, near misses, and the solutions that the notebooks print."""

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
    (code,) = re.findall(r"<summary>Solution</summary>\s+```python\n(.*?)```", markdown, re.DOTALL)
    exec(code, variables)
    return variables[name]


def test_printed_solutions_are_right(mnist):
    share = printed_solution("01", "ink_share", {"mnist": mnist})
    assert exercises.check_ink_share(share, mnist.train).startswith("Right")
    weights = printed_solution("02", "weight_count", {})
    assert exercises.check_weight_count(weights).startswith("Right")
    steps = printed_solution("03", "step_count", {})
    assert exercises.check_step_count(steps).startswith("Right")
    weights = printed_solution("06", "filter_weights", {})
    assert exercises.check_filter_weights(weights).startswith("Right")
    precision = printed_solution("04", "precision_of_7", {"matrix": MATRIX})
    assert exercises.check_precision(precision, MATRIX, 7).startswith("Right")
    assert "recall" in exercises.check_precision(MATRIX[7, 7] / MATRIX[7].sum(), MATRIX, 7)


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
