"""The parts of reading a page, each on marks made here: joining, cutting, rows and strays."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from digitrec.reading import Reading, marks
from digitrec.reading.marks import Mark, find_marks, gaps, trimmed
from digitrec.reading.preparation import prepare_digit
from digitrec.reading.rows import in_rows
from digitrec.reading.segments import best_way, cut, cut_places, join, neighbours, spans, stacked
from digitrec.reading.strays import without_strays

BLANK = prepare_digit(np.full((8, 8), 255, np.uint8))


def page(*boxes, shape=(400, 600)):
    """Ink with a filled box at each left, top, width, height."""
    ink = np.zeros(shape, np.uint8)
    for left, top, wide, high in boxes:
        ink[top : top + high, left : left + wide] = 255
    return ink


def mark(left, top, wide, high):
    return Mark(left, top, np.full((high, wide), 255, np.uint8))


def reading(box=(0, 0, 50, 100), digit=3, confidence=0.99, is_digit=True):
    reason = "" if is_digit else "looks like no digit"
    steps = replace(BLANK, box=box)
    return Reading(digit, confidence, is_digit, reason, np.full(10, 0.01), steps)


def boxes(found):
    return [one.box for one in found]


DIGIT = (50, 50, 60, 100)


def test_a_small_piece_joins_the_nearest_digit_if_one_is_near():
    near, far, dust = (112, 60, 20, 10), (300, 350, 20, 10), (112, 60, 6, 6)
    other = (400, 50, 60, 100)
    assert boxes(find_marks(page(DIGIT, other, near))[0]) == [(50, 50, 82, 100), other]
    assert boxes(find_marks(page(DIGIT, other, far))[0]) == [DIGIT, other]
    assert boxes(find_marks(page(DIGIT, other, dust))[0]) == [DIGIT, other]


def test_of_too_many_marks_the_largest_are_kept_in_their_order(monkeypatch):
    monkeypatch.setattr(marks, "MOST_MARKS", 2)
    ink = page((10, 50, 60, 100), (110, 50, 60, 80), (210, 50, 60, 98), (310, 50, 60, 85))
    found, _, left_out = find_marks(ink)
    assert boxes(found) == [(10, 50, 60, 100), (210, 50, 60, 98)]
    assert left_out == 2


def test_what_runs_along_the_frame_is_no_mark():
    for edge in ((0, 0, 5, 400), (0, 395, 600, 5)):
        assert boxes(find_marks(page(DIGIT, edge))[0]) == [DIGIT]


def test_the_height_of_a_digit_is_not_that_of_dust():
    dust = [(20 + 30 * n, 300, 12, 12) for n in range(15)]
    digits = [(20 + 100 * n, 50, 60, 100 + n) for n in range(5)]
    assert find_marks(page(*digits, *dust))[1] == 102


def test_gaps_are_scipys_distances_between_the_pixels():
    g = np.random.default_rng(0)
    some = [mark(*g.integers(0, 60, 2), *g.integers(1, 30, 2)) for _ in range(40)]
    pixels = [np.argwhere(page(one.box, shape=(100, 100))) for one in some]
    for one, own in zip(some, pixels, strict=True):
        nearest = [cdist(own, other, "chebyshev").min() for other in pixels]
        found = gaps(one.box, np.array([other.box for other in some]))
        assert np.maximum(found, 0).tolist() == [max(0, near - 1) for near in nearest]


def test_a_trimmed_mark_stands_where_its_ink_is():
    ink = page((30, 20, 10, 40), (60, 35, 20, 30), shape=(100, 100))
    part = trimmed(Mark(200, 300, ink), 50, 95)
    assert part.box == (260, 335, 20, 30)
    assert trimmed(Mark(200, 300, ink), 85, 100) is None


def test_a_part_that_is_much_lower_than_its_mark_is_no_digit():
    ink = page((0, 0, 30, 100), (40, 70, 30, 30), (80, 0, 40, 100), shape=(100, 120))
    ink[98:] = 255  # a line below, which holds them together
    found = spans(Mark(0, 0, ink), 100)
    assert found
    assert min(part.ink.shape[0] for part in found.values()) >= 60


def groups(*found):
    return neighbours([(mark(*box), one) for box, one in found], 100)


def test_neighbours_are_tried_as_one_up_to_the_size_of_a_digit():
    unsure = reading(confidence=0.6)
    side_by_side = ((0, 0, 80, 100), unsure), ((100, 0, 80, 100), unsure)
    assert groups(*side_by_side) == []
    halves = ((0, 0, 60, 40), unsure), ((0, 60, 60, 40), unsure)
    assert groups(*halves) == [(0, 1)]


def test_sure_neighbours_are_tried_as_one_only_above_each_other():
    sure = reading()
    assert groups(((0, 0, 30, 100), sure), ((40, 0, 30, 100), sure)) == []
    assert groups(((0, 0, 60, 60), sure), ((0, 70, 60, 60), sure)) == [(0, 1)]


def reader(confidence, asked=None):
    """A reader that believes in everything alike, and keeps what it was asked for in a list."""

    def read(marks):
        if asked is not None:
            asked.extend(marks)
        return [(one, reading(one.box, confidence=confidence)) for one in marks]

    return read


@pytest.mark.parametrize(
    ("parts", "whole", "expected"), [(0.2, 0.4, 2), (0.2, 0.6, 1), (0.7, 0.6, 2), (0.55, 0.9, 1)]
)
def test_reading_joins_what_is_believed_and_more_than_the_parts(parts, whole, expected):
    pieces = [(mark(*box), reading(box, confidence=parts))
              for box in ((0, 0, 60, 40), (0, 60, 60, 40))]  # fmt: skip
    assert len(join(pieces, 100, reader(whole))) == expected


def test_the_most_believable_way_to_cut_is_taken_or_none():
    shares = {(0, 50): 0.9, (50, 100): 0.9, (0, 30): 0.6, (30, 100): 0.6}
    parts = {span: (mark(0, 0, 1, 1), reading(confidence=share)) for span, share in shares.items()}
    taken = best_way(parts, 100, reading(confidence=0.3))
    assert taken == [parts[0, 50], parts[50, 100]]
    assert best_way(parts, 100, reading(confidence=0.85)) == []  # 0.9 x 0.9 is less


def test_digits_are_cut_where_they_have_the_least_ink():
    ink = page((0, 0, 45, 100), (45, 60, 10, 10), (55, 0, 45, 100), shape=(100, 100))
    (place,) = cut_places(ink, 250)
    assert 45 <= place <= 55


def touching(wide):
    ink = np.zeros((100, wide), np.uint8)
    middle = wide // 2
    ink[:, : middle - 4] = ink[:, middle + 4 :] = ink[70:80] = 255
    return Mark(0, 0, ink)


def test_sure_marks_are_not_cut():
    asked = []
    whole = (touching(160), reading(confidence=0.95))
    assert cut([whole], 100, reader(0.99, asked)) == [whole]
    assert asked == []
    assert len(cut([(touching(160), reading(confidence=0.3))], 100, reader(0.99))) == 2


def test_the_strokes_of_a_letter_are_too_narrow_for_digits():
    letter = (touching(76), reading(confidence=0.3, is_digit=False))
    assert cut([letter], 100, reader(0.99)) == [letter]


@pytest.mark.parametrize(
    ("other", "expected"),
    [((0, 120, 60, 100), True), ((0, 150, 60, 100), False), ((70, 0, 60, 100), False)],
)
def test_stacked_marks_are_close_and_above_each_other(other, expected):
    assert stacked(mark(0, 0, 60, 100), mark(*other)) == expected


@pytest.mark.parametrize("rise", [20, -20])
def test_rows_that_rise_or_fall_are_followed(rise):
    row = [reading((100 * n, 400 - rise * n, 30, 50), digit=n) for n in range(8)]
    assert [len(found) for found in in_rows(row)] == [8]
    # two such rows, of which one begins where the other ends
    below = [reading((100 * n, 500 - rise * n, 30, 50), digit=n) for n in range(8)]
    assert [len(found) for found in in_rows(row + below)] == [8, 8]


def test_what_is_no_digit_stands_where_it_was_written():
    row = [reading((x, 100, 30, 50), digit) for x, digit in ((0, 1), (100, 2), (300, 4))]
    other = reading((200, 100, 30, 50), 3, is_digit=False)
    assert [one.digit for one in in_rows([*row, other])[0]] == [1, 2, 3, 4]


def test_rows_come_from_the_top_wherever_they_begin():
    top = [reading((x, 100, 30, 50), 1) for x in (200, 300)]
    bottom = [reading((x, 300, 30, 50), 2) for x in (0, 100, 200)]
    assert [row[0].digit for row in in_rows(bottom + top)] == [1, 2]


def test_another_digit_than_a_one_at_the_frame_is_kept():
    others = [reading((100 * n, 100, 60, 100), digit=5) for n in range(1, 5)]
    for digit, kept in ((7, True), (1, False)):
        found = without_strays([*others, reading((2, 100, 10, 100), digit=digit)], (400, 600))
        assert found[-1].is_digit == kept
