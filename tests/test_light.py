"""Polarity, uneven light, sheets and printed lines, on pictures made here."""

import cv2
import numpy as np
import pytest

import digitrec
from digitrec.bounds import MOST_MARKS
from digitrec.reading.light import contrast_with_paper
from digitrec.reading.preparation import find_ink
from digitrec.reading.rules import without_rules
from digitrec.reading.sheet import find_sheet

HEIGHT, WIDTH = 480, 640
ROWS, COLUMNS = np.indices((HEIGHT, WIDTH)) / np.array([HEIGHT, WIDTH]).reshape(2, 1, 1)


def strokes(rows=4, columns=10, size=30, slope=0.0, seed=0):
    """The share of ink, (480, 640): many small rings and ticks."""
    ink = np.zeros((HEIGHT, WIDTH), np.uint8)
    for row in range(rows):
        for column in range(columns):
            x = 60 + column * (WIDTH - 120) // max(1, columns - 1)
            y = round(70 + row * (HEIGHT - 140) // max(1, rows - 1) + slope * x)
            if (row + column + seed) % 2:
                cv2.ellipse(ink, (x, y), (size // 3, size // 2), 0, 0, 360, 255, 3, cv2.LINE_AA)
            else:
                cv2.line(ink, (x, y - size // 2), (x - 4, y + size // 2), 255, 3, cv2.LINE_AA)
    return ink / 255


def photo(shades, noise=1.5):
    grain = np.random.default_rng(1).normal(0, noise, shades.shape)
    return np.clip(shades + grain, 0, 255).astype(np.uint8)


def even(shades):
    return shades


def dark_corner(shades):
    return shades * (1 - 0.7 * np.clip(1.2 - 2.5 * np.hypot(COLUMNS, ROWS), 0, 1))


def vignette(shades):
    return shades * (1 - 1.2 * ((COLUMNS - 0.5) ** 2 + (ROWS - 0.5) ** 2))


def shadow(shades):
    return shades * np.where(COLUMNS + 0.5 * ROWS > 0.8, 0.55, 1)


def table(shades):
    return np.where(ROWS > 0.93, 35 + 20 * COLUMNS, shades)


@pytest.mark.parametrize("light", [even, dark_corner, vignette, shadow, table])
@pytest.mark.parametrize(("paper", "pen"), [(215, 60), (40, 210), (15, 120)])
def test_many_small_strokes_are_ink_and_paper_is_not(light, paper, pen):
    share = strokes()
    steps = find_ink(np.repeat(photo(light(paper + (pen - paper) * share))[:, :, None], 3, axis=2))
    inner = (slice(10, int(0.92 * HEIGHT)), slice(10, -10))
    stroke, empty = (share > 0.9)[inner], (cv2.dilate(share, np.ones((7, 7))) == 0)[inner]
    assert (steps["ink"][inner][stroke] > 64).mean() > 0.9
    assert (steps["ink"][inner][empty] > 64).mean() < 0.005


def test_half_the_light_gives_the_same_contrast():
    share = strokes()
    contrast = contrast_with_paper(photo(shadow(215 - 150 * share), noise=0))
    bright, dim = COLUMNS + 0.5 * ROWS < 0.75, COLUMNS + 0.5 * ROWS > 0.85
    core = share > 0.95
    assert contrast[core & bright].mean() == pytest.approx(contrast[core & dim].mean(), rel=0.12)


def on_desk(share, corners, desk, paper=225):
    mask = cv2.fillConvexPoly(np.zeros((HEIGHT, WIDTH), np.uint8), np.array(corners), 1)
    return np.where(mask > 0, paper - 160 * share, desk), mask > 0


@pytest.mark.parametrize("desk", [20, 120, 190])
def test_a_sheet_on_a_desk_is_found_and_read_alone(desk):
    corners = [(90, 40), (560, 60), (540, 450), (60, 430)]
    shades, mask = on_desk(strokes(4, 6), corners, desk)
    grain = np.random.default_rng(2).normal(0, 6, shades.shape)
    grey = np.clip(shades + np.where(mask, 0, grain), 0, 255).astype(np.uint8)
    found = find_sheet(grey)
    assert found is not None
    hull = cv2.fillConvexPoly(np.zeros(grey.shape, np.uint8), np.rint(found).astype(int), 1) > 0
    assert (hull & mask).sum() / (hull | mask).sum() > 0.93
    ink = find_ink(np.repeat(grey[:, :, None], 3, axis=2))["ink"]
    assert ink[~mask].max() == 0


@pytest.mark.parametrize("light", [even, dark_corner, vignette, shadow])
def test_light_makes_no_sheet(light):
    assert find_sheet(photo(light(215 - 150 * strokes()))) is None


def test_a_crease_makes_no_sheet():
    shades = 215 - 150 * strokes()
    shades = np.where(ROWS > 0.5, shades - 12, shades) - np.where(COLUMNS > 0.6, 10, 0)
    assert find_sheet(photo(shades)) is None


def test_a_block_of_print_is_no_board():
    page = np.full((800, 600), 240, np.uint8)
    for row in range(30):
        cv2.putText(page, "many words in a line of print", (50, 60 + 22 * row), 0, 0.9, 30, 1)
    assert find_sheet(page) is None


@pytest.mark.parametrize("slope", [-0.08, -0.03, 0.0, 0.05, 0.1])
def test_printed_lines_go_at_any_small_angle_and_the_digits_stay(slope):
    ink = np.zeros((HEIGHT, WIDTH), np.uint8)
    for top in range(30, HEIGHT, 48):
        cv2.line(ink, (0, top), (WIDTH, round(top + slope * WIDTH)), 110, 2, cv2.LINE_AA)
    digits = (255 * strokes(3, 8, size=60)).astype(np.uint8)
    clean = without_rules(np.maximum(ink, digits))
    apart = cv2.dilate(digits, np.ones((13, 13), np.uint8)) == 0
    assert (clean[apart] > 64).mean() < 0.004  # lines that leave at a corner are short
    assert (clean[digits == 255] > 64).mean() > 0.97


def test_rows_of_digits_are_no_printed_lines():
    ink = (255 * strokes(4, 18, size=26)).astype(np.uint8)
    assert np.array_equal(without_rules(ink), ink)


def counted(monkeypatch):
    """Count what the network is asked: images in each call."""
    from digitrec.reading import page

    calls = []
    predict = page.predict

    def count(model, images):
        calls.append(len(images))
        return predict(model, images)

    monkeypatch.setattr(page, "predict", count)
    return calls


def test_a_hundred_digits_are_read_in_few_calls(mnist, monkeypatch):
    calls = counted(monkeypatch)
    page = np.full((1000, 1000), 235, np.uint8)
    for n, image in enumerate(mnist.validation.images[:100]):
        y, x = 20 + n // 10 * 96, 20 + n % 10 * 96
        page[y : y + 84, x : x + 84] -= (cv2.resize(image, (84, 84)) * 0.8).astype(np.uint8)
    text = digitrec.read_page(page).text
    lines = "\n".join(
        "".join(map(str, mnist.validation.labels[n : n + 10])) for n in range(0, 100, 10)
    )
    right = sum(a == b for a, b in zip(text, lines, strict=False))
    assert len(text) == len(lines)
    assert right >= 107
    assert len(calls) <= 4
    assert sum(calls) <= 200


def test_thousands_of_specks_are_bounded_and_said(monkeypatch):
    calls = counted(monkeypatch)
    page = np.full((900, 1200), 230, np.uint8)
    generator = np.random.default_rng(0)
    for y, x in zip(
        generator.integers(5, 890, 3000), generator.integers(5, 1190, 3000), strict=True
    ):
        cv2.circle(page, (int(x), int(y)), 2, 40, -1)
    assert digitrec.read_page(page).left_out > 500
    assert len(calls) <= 5
    assert max(calls) <= MOST_MARKS


def test_a_digit_that_the_pen_broke_in_three_is_one(mnist):
    image = cv2.resize(mnist.validation.images[mnist.validation.labels == 0][0], (140, 140))
    page = np.full((220, 300), 235, np.uint8)
    page[40:180, 40:180] -= (image * 0.8).astype(np.uint8)
    page[75:81] = page[140:146] = 235
    assert digitrec.read_page(page).text == "0"
