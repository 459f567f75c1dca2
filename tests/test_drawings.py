"""Drawings from the browser: the ink that strokes leave, and what is no drawing."""

import os

import numpy as np
import pytest

from digitrec.bounds import MOST_POINTS
from digitrec.reading.drawings import draw_strokes, is_drawing, load_drawings


def covered(*points):
    """How much of each pixel a round pen covers that stands on points: by its distance alone."""
    rows, columns = np.indices((320, 320)) + 0.5
    distances = [np.hypot(columns - x - 20, rows - y - 20) for x, y in points]
    return np.clip(22 / 2 + 0.5 - np.min(distances, axis=0), 0, 1)


@pytest.mark.parametrize("point", [(140, 140), (0, 0), (280, 280), (33.4, 210.7)])
def test_a_dot_is_as_wide_as_the_pen_wherever_it_is(point):
    assert np.abs(255 - draw_strokes([[point]]) - 255 * covered(point)).max() <= 0.5


def test_a_stroke_is_all_the_dots_along_it():
    along = np.linspace((60, 200), (220, 90), 400)
    ink = 255.0 - draw_strokes([[(60, 200), (220, 90)]])
    dots = 255 * np.max([covered(*part) for part in np.split(along, 8)], axis=0)
    assert np.abs(ink - dots).max() <= 2
    assert np.array_equal(draw_strokes([[(60, 200)], [(60, 200), (220, 90)]]), 255 - ink)


@pytest.mark.parametrize(
    ("drawing", "expected"),
    [
        ({"label": 0, "strokes": [[[0, 0]]]}, True),
        ({"label": 9, "strokes": [[[280, 280.0], [1, 2]]]}, True),
        ({"label": 10, "strokes": [[[1, 2]]]}, False),
        ({"label": -1, "strokes": [[[1, 2]]]}, False),
        ({"label": True, "strokes": [[[1, 2]]]}, False),
        ({"label": 3.0, "strokes": [[[1, 2]]]}, False),
        ({"label": 3}, False),
        ({"label": 3, "strokes": []}, False),
        ({"label": 3, "strokes": [[]]}, False),
        ({"label": 3, "strokes": [[[1, 2, 3]]]}, False),
        ({"label": 3, "strokes": [[[-0.1, 2]]]}, False),
        ({"label": 3, "strokes": [[[1, 280.1]]]}, False),
        ({"label": 3, "strokes": [[[1, True]]]}, False),
        ([], False),
    ],
)
def test_a_drawing_is_a_label_and_strokes_within_the_field(drawing, expected):
    assert is_drawing(drawing) == expected


@pytest.mark.parametrize(
    "stroke",
    [[], [()], [(1,)], [(1, 2, 3)], (1, 2), 7, None, "ink", [("a", "b")], [(1, 2), (3,)], [None],
     [(float("nan"), 9)], [(float("inf"), 9)], [(-1, 9)], [(9, 281)], [(10**400, 9)], [[[1, 2]]]],
    ids=range(17),
)  # fmt: skip
def test_a_stroke_that_is_none_is_refused_in_words(stroke):
    with pytest.raises(ValueError, match=r"A stroke came as .* expected points") as caught:
        draw_strokes([stroke])
    assert len(str(caught.value)) < 300


def test_more_points_than_a_hand_draws_are_no_drawing():
    for points, expected in ((MOST_POINTS, True), (MOST_POINTS + 1, False)):
        assert is_drawing({"label": 3, "strokes": [[[1, 2]] * points]}) == expected


@pytest.mark.parametrize("content", ["[" * 100_000, "{" * 9, "\0", "1e999", "NaN", '{"format": 1}'])
def test_files_that_hold_no_drawings_say_so(content, home):
    (home / "mine.json").write_text(content)
    with pytest.raises(ValueError, match=r"mine\.json (is no JSON file|has no line)"):
        load_drawings("mine.json")
    os.truncate(home / "mine.json", 30_000_000)
    with pytest.raises(ValueError, match="more than 20 MB"):
        load_drawings("mine.json")
