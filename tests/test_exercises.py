"""The exercises: right answers, near misses, and the solutions that the notebooks print."""

import re

import nbformat
import numpy as np
import pytest
from conftest import ROOT

from digitrec import exercises

RECALL = np.array([0.99, 0.98, 0.97, 0.96, 0.97, 0.94, 0.98, 0.97, 0.95, 0.96])


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
    digit = printed_solution("04", "weakest_digit", {"recall": RECALL})
    assert exercises.check_weakest_digit(digit, RECALL).startswith("Right")


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
