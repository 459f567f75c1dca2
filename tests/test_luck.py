"""What luck does to an accuracy: the figure shows the samples that it was given."""

import numpy as np
import pytest

from digitrec import figures


def test_the_figure_shows_all_tests_the_truth_and_the_middle_of_them():
    scores = np.linspace(0.97, 0.98, 1001)
    ax = figures.plot_luck(scores, 0.975, "A title")
    assert ax.get_title() == "A title"
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("accuracy in one test", "tests")
    span, *bars = ax.patches
    assert sum(bar.get_height() for bar in bars) == 1001
    assert span.get_x() == pytest.approx(0.97025)
    assert span.get_x() + span.get_width() == pytest.approx(0.97975)
    assert ax.lines[0].get_xdata()[0] == 0.975
    words = [text.get_text() for text in ax.get_legend().get_texts()]
    assert words == ["the middle 95% of the tests", "the true accuracy"]
