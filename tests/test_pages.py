"""Pages written with digits of MNIST's test set, so that the text is known."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

import digitrec
from digitrec.reading import Reading
from digitrec.reading.strays import without_texture


def written(images, rows, size=90, gap=40, rise=0):
    """The share of ink of rows of images, and how far each row rises a digit."""
    step = size + gap
    height, width = round(1.7 * size * len(rows)) + 160, step * max(map(len, rows)) + 100
    ink = np.zeros((height, width))
    for row, numbers in enumerate(rows):
        for column, number in enumerate(numbers):
            image = images[number]
            left, top, wide, high = cv2.boundingRect((image > 60).astype(np.uint8))
            scale = size / high
            digit = cv2.resize(image[top : top + high, left : left + wide].astype(float), None,
                               fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)  # fmt: skip
            digit = np.clip((digit - 90) / 60, 0, 1)[:, :step]
            y, x = round(80 + 1.7 * size * row - rise * column), 50 + step * column
            part = ink[y : y + digit.shape[0], x : x + digit.shape[1]]
            np.maximum(part, digit[: part.shape[0], : part.shape[1]], out=part)
    return ink


def photo(ink):
    rows, columns = np.indices(ink.shape) / np.array(ink.shape).reshape(2, 1, 1)
    light = 1 - 0.8 * ((rows - 0.5) ** 2 + (columns - 0.4) ** 2)
    grain = np.random.default_rng(0).normal(0, 3, ink.shape)
    return np.clip((215 - 150 * ink) * light + grain, 0, 255).astype(np.uint8)


def lines(mnist, rows):
    return "\n".join("".join(str(mnist.test.labels[n]) for n in row) for row in rows)


ROWS = ((0, 1, 2, 3, 4), (5, 6, 7), (9, 10, 11, 12, 13, 14))


@pytest.mark.parametrize("rise", [0, 12, -12])
def test_rows_are_read_in_order_also_when_they_rise_or_fall(rise, mnist):
    page = digitrec.read_page(photo(written(mnist.test.images, ROWS, rise=rise)))
    assert page.text == lines(mnist, ROWS)
    assert [len(row) for row in page.rows] == [5, 3, 6]


def test_each_box_is_where_the_digit_was_put(mnist):
    ink = written(mnist.test.images, ROWS)
    count, _, stats, _ = cv2.connectedComponentsWithStats((ink > 0.5).astype(np.uint8))
    page = digitrec.read_page(photo(ink))
    assert count - 1 == len(page.readings) == 14
    expected = sorted(stats[1:, :4].tolist(), key=lambda box: (box[1] // 100, box[0]))
    found = [reading.box for reading in page.readings]
    assert np.abs(np.array(expected) - np.array(found)).max() <= 3


def test_dust_and_rules_are_no_digits(mnist):
    sheet = photo(written(mnist.test.images, ROWS)).astype(int)
    for row in range(30, sheet.shape[0], 45):
        sheet[row : row + 2] = np.minimum(sheet[row : row + 2], 165)
    for row, column in np.random.default_rng(2).integers(0, 500, (40, 2)):
        sheet[row : row + 3, column : column + 3] = 60
    page = digitrec.read_page(sheet.astype(np.uint8))
    assert page.text == lines(mnist, ROWS)


def test_touching_digits_are_cut_apart(mnist):
    right = 0
    pairs = [
        (0, 1),
        (3, 4),
        (7, 17),
        (9, 11),
        (15, 0),
        (23, 22),
        (4, 6),
        (14, 1),
        (27, 10),
        (26, 3),
    ]
    for pair in pairs:
        left, moved = (np.pad(written(mnist.test.images, ((n,),)), 60) for n in pair)
        moved = np.roll(moved, 110, axis=1)
        ink = np.maximum(left, moved)
        while cv2.connectedComponents((ink > 0.4).astype(np.uint8))[0] > 2:  # paper and two
            moved = np.roll(moved, -1, axis=1)
            ink = np.maximum(left, moved)
        right += digitrec.read_page(photo(ink)).text == lines(mnist, (pair,))
    assert right >= 7


def test_a_five_whose_roof_stands_apart_is_one_digit():
    sheet = np.full((200, 300), 240, np.uint8)
    body = [[90, 62], [86, 100], [120, 100], [132, 125], [115, 150], [80, 148]]
    cv2.polylines(sheet, [np.array(body)], False, 30, 8)
    cv2.line(sheet, (98, 48), (140, 46), 30, 8)
    cv2.line(sheet, (210, 45), (205, 150), 30, 8)
    page = digitrec.read_page(sheet)
    assert page.text == "51"


def test_letters_are_left_out_of_the_text_and_kept_as_readings(mnist):
    ink = written(mnist.test.images, ((0, 1, 2, 3),))
    letter = np.zeros(ink.shape, np.uint8)
    cv2.polylines(letter, [np.array([[330, 175], [362, 85], [395, 175]])], False, 255, 9)
    cv2.line(letter, (342, 145), (384, 145), 255, 9)
    ink[:, 300:420] = 0
    page = digitrec.read_page(photo(np.maximum(ink, letter / 255)))
    refused = [reading for reading in page.readings if not reading.is_digit]
    assert len(refused) == 1
    assert "A" not in page.text
    assert len(page.text) == len(page.readings) - 1


def line(ink, left, top, height, width=8):
    """The ink with a straight line on it, such as the edge of a thing or a side of a box."""
    ink = ink.copy()
    ink[top : top + height, left : left + width] = 1
    return ink


@pytest.mark.parametrize(
    ("left", "top", "height"),
    [(6, 90, 90), (762, 560, 60), (600, 220, 140)],
    ids=["at the side", "at the frame, far from all digits", "higher than the digits"],
)
def test_a_line_where_no_digit_stands_is_no_one(left, top, height, mnist):
    ink = line(written(mnist.test.images, ROWS), left, top, height)
    page = digitrec.read_page((220 - 150 * ink).astype(np.uint8))
    assert page.text == lines(mnist, ROWS)
    assert len(page.readings) == 15  # refused, and not lost


def test_a_line_among_digits_is_a_one(mnist):
    ink = line(written(mnist.test.images, ROWS), 600, 245, 85)
    text = digitrec.read_page((220 - 150 * ink).astype(np.uint8)).text
    assert text == lines(mnist, ROWS).replace("\n", "1\n").replace("1\n", "\n", 1)


def test_few_digits_do_not_speak_against_a_line(mnist):
    ink = line(written(mnist.test.images, ((0, 2),)), 3, 90, 90)
    assert digitrec.read_page((220 - 150 * ink).astype(np.uint8)).text[0] == "1"


def test_where_most_marks_are_no_digit_only_sure_ones_count():
    empty = np.zeros((8, 8, 3), np.uint8)
    blank = digitrec.prepare_digit(empty)
    doubtful = Reading(3, 0.6, True, "", np.full(10, 0.06), blank)
    sure, no_digit = replace(doubtful, confidence=0.95), replace(doubtful, is_digit=False)
    few, many = [no_digit] * 9, [no_digit] * 10
    assert [r.is_digit for r in without_texture([*many, doubtful, sure])][-2:] == [False, True]
    assert [r.is_digit for r in without_texture([*few, doubtful, sure])][-2:] == [True, True]
    digits = [doubtful] * 11
    assert all(r.is_digit for r in without_texture([*many, *digits])[-11:])


def test_an_empty_page_has_no_text():
    page = digitrec.read_page(np.full((300, 400), 230, np.uint8))
    assert (page.text, page.rows, page.readings) == ("", (), ())


def test_the_page_and_the_strip_in_digits_are_read_rightly():
    assert (
        digitrec.read_page(digitrec.project_path("digits/page1.jpg")).text == "12345\n0589\n708646"
    )
    assert digitrec.read_page(digitrec.project_path("digits/strip1.jpg")).text == "1234687"


@pytest.mark.parametrize(
    ("image", "reason"),
    [
        (np.full((60, 60), 200, np.uint8), "no ink"),
        (digitrec.project_path("digits/letter1.png"), "looks like no digit"),
        (digitrec.project_path("digits/doodle1.png"), "looks like no digit"),
        (digitrec.project_path("digits/strip1.jpg"), "several shapes"),
    ],
)
def test_what_is_no_digit_is_refused_with_a_reason(image, reason):
    reading = digitrec.read_digit(image)
    assert (reading.is_digit, reading.reason) == (False, reason)


def test_hardly_visible_ink_is_too_faint(mnist):
    image = cv2.resize(mnist.test.images[0], (140, 140)).astype(float) / 255
    reading = digitrec.read_digit(np.rint(200 - 12 * image).astype(np.uint8))
    assert (reading.is_digit, reading.reason, reading.digit) == (False, "too faint", 7)


def test_an_unsure_reading_names_the_runners_up(mnist):
    readings = [digitrec.read_digit(255 - image) for image in mnist.test.images[:300]]
    for reading in readings:
        best, second, third = np.argsort(-reading.probabilities)[:3]
        assert (reading.digit, *reading.runners_up) == (best, second, third)
        assert reading.is_sure == (reading.is_digit and reading.confidence >= 0.9)
