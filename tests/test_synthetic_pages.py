"""Pages made by a program: what they say is on them is on them, and every knob does something."""

import sys
from dataclasses import fields, replace
from pathlib import Path

import cv2
import numpy as np
import pytest

import digitrec

sys.path += [str(Path(__file__).parents[1] / folder) for folder in ("scripts", "benchmarks")]
import pages as benchmark
import synthetic_hands
from synthetic_knobs import Knobs, draw_knobs
from synthetic_pages import make_page, random_blank, random_page, random_single

CLEAN = replace(
    Knobs(), vignette=0.0, fall_off=0.0, noise=0.0, texture=0.0, strength=1.0, size=600.0
)
GIVEN = {  # what a knob needs to show
    "shadow_edge": {"shadow": 0.4},
    "rule_strength": {"rules": "ruled"},
    "margin": {"surroundings": "desk"},
}


@pytest.fixture(scope="module")
def hands():
    return synthetic_hands.load_hands()


def inside_boxes(page):
    """Return where a page has boxes, (h, w), bool."""
    covered = np.zeros_like(page.ink)
    for left, top, width, height in page.boxes:
        covered[top : top + height, left : left + width] = True
    return covered


@pytest.mark.parametrize("make", [random_page, random_single, random_blank])
def test_the_same_seed_makes_the_same_page(hands, make):
    one, other, next_one = make(3, hands), make(3, hands), make(4, hands)
    assert np.array_equal(one.picture, other.picture)
    assert np.array_equal(one.ink, other.ink)
    assert (one.text, one.boxes, one.knobs) == (other.text, other.boxes, other.knobs)
    assert not np.array_equal(one.picture, next_one.picture)


def test_text_boxes_and_ink_belong_together(hands):
    for seed in range(12):
        page = random_page(seed, hands, size=500.0)
        assert page.picture.dtype == np.uint8
        assert page.picture.shape == (*page.ink.shape, 3)
        assert len(page.text.replace("\n", "")) == len(page.boxes)
        assert all(width and height for *_, width, height in page.boxes)
        assert not (page.ink & ~inside_boxes(page)).any()
        for left, top, width, height in page.boxes:  # a box is as tight as can be
            part = page.ink[top : top + height, left : left + width]
            assert part[0].any()
            assert part[-1].any()
            assert part[:, 0].any()
            assert part[:, -1].any()


def test_boxes_come_in_the_order_of_the_text(hands):
    page = make_page(5, hands, replace(CLEAN, rows=3, columns=4, turn=0.0, perspective=0.0))
    boxes = iter(page.boxes)
    rows = [[next(boxes) for _ in line] for line in page.text.split("\n")]
    assert len(rows) == 3
    for row in rows:
        assert [box[0] for box in row] == sorted(box[0] for box in row)
    tops = [np.mean([box[1] for box in row]) for row in rows]
    assert tops == sorted(tops)


def test_a_single_shows_one_digit_and_a_blank_none(hands):
    for seed in range(6):
        single, blank = random_single(seed, hands), random_blank(seed, hands)
        assert len(single.text) == len(single.boxes) == 1
        assert blank.text == ""
        assert blank.boxes == ()
        assert not blank.ink.any()


@pytest.mark.parametrize(
    "view",
    [{}, {"perspective": 0.25, "turn": 10.0}, {"bend": 0.05}, {"surroundings": "desk"}],
    ids=["flat", "perspective", "bent", "desk"],
)
def test_the_ink_is_where_the_picture_is_dark(hands, view):
    page = make_page(6, hands, replace(CLEAN, pen="marker", pen_width=0.12, **view))
    dark = page.picture.mean(axis=2) < 110
    dark &= cv2.dilate(inside_boxes(page).astype(np.uint8), np.ones((7, 7))).astype(bool)
    assert (dark & page.ink).sum() > 0.85 * (dark | page.ink).sum()


@pytest.mark.parametrize("name", [one.name for one in fields(Knobs)])
def test_every_knob_changes_the_picture(hands, name):
    start = replace(Knobs(), size=300.0, **GIVEN.get(name, {}))
    values = benchmark.levels(name)
    if name == "size":
        start, values = replace(start, columns=2), [300.0, 200.0]
    pictures = [make_page(1, hands, replace(start, **{name: value})).picture for value in values]
    for i, one in enumerate(pictures):
        assert not any(np.array_equal(one, other) for other in pictures[:i]), values[i]


def test_knobs_that_are_given_stay_and_the_others_keep_their_range():
    for seed in range(200):
        knobs = draw_knobs(seed, pen="chalk", vignette=0.5)
        assert (knobs.pen, knobs.vignette) == ("chalk", 0.5)
        for name in ("fall_off", "noise", "quality", "perspective", "gap", "fill"):
            none, _, worst = Knobs.__dataclass_fields__[name].metadata["range"]
            assert min(none, worst) <= getattr(knobs, name) <= max(none, worst)
    assert len({draw_knobs(seed).pen for seed in range(200)}) == 7


def test_digits_touch_and_are_cut_where_the_knobs_say_so(hands):
    def pieces(**knobs):
        flat = replace(CLEAN, rows=1, columns=6, jitter=0.0, pen_width=0.12, **knobs)
        page = make_page(3, hands, flat)
        return page, cv2.connectedComponents(page.ink.astype(np.uint8))[0] - 1

    assert pieces(gap=0.6)[1] == 6
    assert pieces(gap=-0.15)[1] < 6
    whole = {"fill": 1.0, "turn": 0.0, "perspective": 0.0, "gap": 0.6}
    cut, _ = pieces(frame_gap=-0.06, **whole)
    framed, _ = pieces(frame_gap=0.3, **whole)
    assert cut.ink[:, [0, -1]].any()
    assert not framed.ink[:, [0, -1]].any()


def test_the_pen_is_as_wide_as_its_knob(hands):
    knobs = replace(CLEAN, size=1200.0, rows=1, columns=3)
    pages = [make_page(7, hands, replace(knobs, pen_width=width)) for width in (0.03, 0.06, 0.12)]
    areas = [page.ink.sum() for page in pages]
    assert 1.6 < areas[1] / areas[0] < 2.1
    assert 1.6 < areas[2] / areas[1] < 2.1  # crossings overlap
    # a stroke of a width w is w / 2 deep in the middle, to the middle of the next pixel of paper
    depth = cv2.distanceTransform(pages[1].ink.astype(np.uint8), cv2.DIST_L2, 5)
    tall = np.median([max(box[2:]) for box in pages[1].boxes])
    ridge = depth[synthetic_hands.thin(pages[1].ink.astype(np.uint8)) > 0]
    assert 0.9 < (np.median(ridge) - 0.5) / (0.03 * tall) < 1.25


def test_thinning_keeps_pieces_and_loops(hands):
    for image in hands.written.images[:30]:
        inside = (cv2.resize(image, (112, 112)) > 110).astype(np.uint8)
        inside = np.pad(inside, 2)
        thin = synthetic_hands.thin(inside)
        assert not (thin & ~inside).any()
        assert cv2.connectedComponents(thin)[0] == cv2.connectedComponents(inside)[0]
        assert (
            cv2.connectedComponents(1 - thin, connectivity=4)[0]
            == cv2.connectedComponents(1 - inside, connectivity=4)[0]
        )
        assert cv2.erode(thin, np.ones((2, 2))).sum() <= 0.05 * thin.sum()


def test_held_out_hands_are_others(hands):
    held_out, mnist = synthetic_hands.load_hands(held_out=True), digitrec.load_mnist()
    assert np.array_equal(hands.written.images, mnist.train.images)
    assert np.array_equal(held_out.written.images, mnist.validation.images)
    fonts = {font.tobytes() for font in hands.fonts}
    assert not fonts & {font.tobytes() for font in held_out.fonts}
    assert len(hands.fonts) > 5 * len(held_out.fonts) > 0


def test_clean_pages_are_read_rightly(hands):
    wrong = total = 0
    for seed in range(4):
        page = make_page(seed, hands, CLEAN)
        wrong += benchmark.mistakes(page, digitrec.read_page(page.picture).text)[0]
        total += len(page.boxes)
    assert wrong <= 0.02 * total


def test_mistakes_are_counted_as_edits(hands):
    page = make_page(0, hands, CLEAN)
    line, next_line = page.text.split("\n")
    assert benchmark.mistakes(page, page.text) == (0, True)
    assert benchmark.mistakes(page, line + next_line) == (0, False)
    assert benchmark.mistakes(page, line) == (len(next_line), False)
    assert benchmark.mistakes(page, page.text + "7" * 50)[0] == len(line + next_line)
    assert benchmark.edit_distance("1234", "134") == 1
    assert benchmark.edit_distance("1234", "1324") == 2
    assert benchmark.edit_distance("", "12") == 2
    scattered = replace(page, any_order=True)
    assert benchmark.mistakes(scattered, next_line + "\n" + line) == (0, True)
    assert benchmark.mistakes(scattered, line)[0] == len(next_line)
