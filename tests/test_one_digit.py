"""A picture of one digit: what is ink, what belongs to the digit, and what is believed."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
import scipy.ndimage

import digitrec
from digitrec.networks import NOT_A_DIGIT
from digitrec.reading import interpret, with_article
from digitrec.reading.ink import separate_ink
from digitrec.reading.light import (
    brightness_evidence,
    contrast_with_paper,
    is_light,
    pattern_spectra,
)
from digitrec.reading.pictures import reduce
from digitrec.reading.preparation import centre, digit_box, find_digit
from digitrec.reading.rules import without_rules
from digitrec.reading.sheet import find_sheet, without_rim


def test_a_large_picture_is_reduced_to_the_mean_of_what_it_shows():
    stripes = np.full((64, 4096), 255, np.uint8)
    stripes[:, ::4] = 0  # a stroke that is one pixel wide
    content = cv2.imencode(".png", stripes)[1].tobytes()
    for image in (content, stripes):
        loaded = digitrec.load_picture(image)
        assert loaded.shape == (32, 2048, 3)
        assert loaded.mean() == pytest.approx(stripes.mean(), abs=2)


def test_reducing_keeps_a_thin_stroke_as_the_mean_of_each_block():
    image = np.random.default_rng(0).integers(0, 256, (512, 256), dtype=np.uint8)
    blocks = image.reshape(128, 4, 64, 4).mean(axis=(1, 3))
    assert np.abs(reduce(image, 128) - blocks).max() <= 0.51
    assert reduce(image, 512) is image


def seven(mnist, contrast, paper=200, noise=0.0):
    """A 7 of MNIST, large, so many grey levels darker than its paper."""
    share = cv2.resize(mnist.test.images[0], (140, 140)).astype(float) / 255
    grain = np.random.default_rng(1).normal(0, noise, share.shape)
    return np.clip(np.rint(paper - contrast * share + grain), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("noise", [3, 6, 10])
def test_the_grain_of_empty_paper_is_no_ink(noise, mnist):
    assert digitrec.read_digit(seven(mnist, 0, noise=noise)).reason == "no ink"


@pytest.mark.parametrize(
    ("contrast", "reason"), [(5, "no ink"), (11, "too faint"), (14, "too faint"), (19, "")]
)
def test_faintness_is_told_from_empty_paper_and_from_ink(contrast, reason, mnist):
    reading = digitrec.read_digit(seven(mnist, contrast))
    assert reading.reason == reason
    assert reading.digit == (0 if reason == "no ink" else 7)


def test_the_texture_of_paper_is_not_in_the_ink():
    contrast = np.zeros((200, 200), np.float32)
    contrast[40:160, 90:110] = 150  # a stroke
    contrast[20:30], contrast[170:180] = 10, 40  # what lies on the paper, and a paler stroke
    ink, full = separate_ink(contrast)
    assert full == pytest.approx(150)
    assert ink[20:30, :80].max() == 0
    assert ink[170:180].min() == round(255 * 40 / 150)
    assert ink[40:160, 90:110].min() == 255


def test_a_few_strong_strokes_outweigh_a_large_weak_gleam():
    grey = np.full((200, 200), 200, np.uint8)
    grey[30:170, 30:170] = 225
    grey[80:120, 95:100] = 50
    contrast = contrast_with_paper(grey)
    assert contrast[100, 97] == pytest.approx(150, abs=2)
    assert contrast[50, 50] == pytest.approx(-25, abs=2)


def test_gentle_light_is_followed():
    """Light that falls by a tenth from side to side, as nobody notices."""
    columns = np.linspace(0, 1, 300)
    paper = np.tile(200 * (1 - 0.12 * columns), (200, 1))
    grey = np.rint(paper).astype(np.uint8)
    grey[80:120, 140:148] = 60
    contrast = contrast_with_paper(grey)
    stroke = np.zeros(grey.shape, bool)
    stroke[80:120, 140:148] = True
    assert np.abs(contrast[~stroke]).max() < 3
    assert np.abs(contrast[stroke] - (paper - 60)[stroke]).max() < 5


def test_the_frame_speaks_for_the_ink_that_differs_from_it():
    grey = np.full((120, 120), 128, np.uint8)  # neither bright nor dark paper
    grey[40:80, 58:62] = 50
    for shades, sign in ((grey, 1), (255 - grey, -1)):
        evidence = brightness_evidence(shades, *pattern_spectra(shades))
        assert sign * evidence > 1


def test_narrow_squares_decide_which_side_is_the_ink():
    """Strokes are filled first; later, much is filled between them, and counts for less."""
    dark, light = np.array([2.0, 3, 3, 12]), np.array([1.0, 3, 8.5, 11])
    assert not is_light(dark, light, 0.0)
    assert is_light(light, dark, 0.0)


def test_a_row_of_dashes_is_no_printed_line():
    ink = np.zeros((200, 400), np.uint8)
    for left in range(0, 400, 20):
        ink[100:103, left : left + 14] = 200  # seven tenths of the way
    assert np.array_equal(without_rules(ink), ink)


def test_a_pale_stroke_goes_on_across_a_line():
    ink = np.zeros((300, 400), np.uint8)
    ink[50::60] = ink[51::60] = 110
    stroke = np.zeros_like(ink)
    cv2.line(stroke, (120, 40), (260, 270), 140, 12)
    core = cv2.erode(stroke, np.ones((5, 5), np.uint8)) > 0
    assert without_rules(np.maximum(ink, stroke))[core].min() > 64


def on_desk(ink):
    """A sheet on a dark desk, with ink on it."""
    grey = np.full((480, 640), 40, np.uint8)
    grey[60:420, 80:560] = 225
    grey[ink > 0] = 60
    return cv2.GaussianBlur(grey, None, 1)


def test_where_nothing_is_written_there_is_no_sheet_to_look_for():
    ink = np.zeros((480, 640), np.uint8)
    assert find_sheet(on_desk(ink)) is None
    cv2.line(ink, (300, 150), (310, 330), 1, 6)
    assert find_sheet(on_desk(ink)) is not None


def test_a_block_of_stripes_is_no_board():
    page = np.full((800, 600), 240, np.uint8)
    for top in range(100, 700, 16):
        page[top : top + 10, 80:520] = 30
    assert find_sheet(page) is None


def test_the_bent_edge_of_a_sheet_is_no_ink_and_what_is_on_it_stays():
    inside = np.zeros((200, 300), bool)
    inside[20:180, 30:270] = True
    ink = np.zeros((200, 300), np.uint8)
    ink[60:140, 100:110] = 255
    left = without_rim(np.where(inside, ink, 0), inside)
    ink[20:23, 30:270] = ink[20:180, 30:33] = 200
    assert np.array_equal(without_rim(ink, inside), left)
    assert left[60:140, 100:110].min() == 255


def stroke(left, top, wide, high, shape=(200, 200)):
    ink = np.zeros(shape, np.uint8)
    ink[top : top + high, left : left + wide] = 255
    return ink


def test_what_is_far_away_does_not_belong_to_the_digit():
    digit = stroke(20, 20, 20, 60)
    assert digit_box(digit | stroke(150, 150, 12, 12)) == (20, 20, 20, 60)


def test_dust_beside_a_digit_does_not_belong_to_it():
    assert digit_box(stroke(20, 20, 20, 60) | stroke(44, 40, 5, 5)) == (20, 20, 20, 60)


def test_the_soft_edge_of_a_stroke_belongs_to_the_digit():
    ring = np.zeros((100, 100), np.uint8)
    cv2.circle(ring, (50, 50), 30, 255, 5)
    soft = cv2.GaussianBlur(ring, None, 1)
    left, top, width, height = find_digit(soft).box
    part = soft[top : top + height, left : left + width]
    mask = find_digit(soft).mask
    faint = (part > 25) & (part <= 64)  # too faint for a stroke, and beside one
    inner = np.hypot(*(np.indices(part.shape) - (np.array(part.shape) // 2).reshape(2, 1, 1))) < 30
    assert (faint & inner).sum() > 50
    assert mask[faint & inner].all()


def test_what_the_pen_skipped_does_not_cut_a_digit():
    found = find_digit(stroke(20, 20, 20, 60) | stroke(20, 90, 20, 30))
    assert found.box == (20, 20, 20, 100)
    assert found.shapes == (2, 0)
    assert find_digit(stroke(20, 20, 20, 60) | stroke(150, 20, 20, 60)).shapes == (1, 1)


def test_a_digit_at_the_frame_is_read_where_there_is_but_dust_inside():
    assert digit_box(stroke(0, 10, 14, 180) | stroke(100, 100, 20, 20)) == (0, 10, 14, 180)


@pytest.mark.parametrize("turns", range(4))
def test_what_runs_along_each_side_of_the_frame_is_the_table(turns):
    table, digit = stroke(0, 0, 8, 200), stroke(90, 60, 20, 80)
    turned = np.rot90(table | digit, turns)
    assert digit_box(turned) == digit_box(np.rot90(digit, turns))


@pytest.mark.parametrize("side", range(4))
def test_a_digit_whose_mass_lies_at_one_side_stays_within_the_edge_of_the_field(side):
    fitted = np.full((20, 10), 1, np.uint8)
    fitted[:, :2] = 255
    fitted = np.ascontiguousarray(np.rot90(fitted, side))
    field = centre(fitted)
    assert field.sum() == fitted.sum()
    assert np.abs(np.array(scipy.ndimage.center_of_mass(field)) - 14).max() <= 0.51


@pytest.fixture(scope="module")
def steps():
    return digitrec.prepare_digit(digitrec.project_path("digits/digit1.png"))


def answers(size=10, **shares):
    found = np.zeros(size, np.float32)
    for answer, share in shares.items():
        found[int(answer[1:])] = share
    return found


def test_an_answer_is_believed_from_a_half_on(steps):
    for share, reason in ((0.49, "looks like no digit"), (0.5, ""), (0.51, "")):
        reading = interpret(steps, answers(_4=share, _9=0.45))
        assert (reading.digit, reading.reason, reading.is_digit) == (4, reason, not reason)


@pytest.mark.parametrize(
    ("shapes", "share", "reason"),
    [
        ((1, 1), 0.99, "several shapes"),
        ((1, 1), 0.4, "several shapes"),
        ((2, 0), 0.99, ""),
        ((2, 0), 0.4, "several shapes"),
        ((1, 0), 0.4, "looks like no digit"),
    ],
)
def test_shapes_outside_the_digit_are_told_from_parts_of_it(shapes, share, reason, steps):
    assert interpret(replace(steps, shapes=shapes), answers(_4=share)).reason == reason


def test_where_no_digit_is_the_best_answer_the_best_digit_is_named(steps):
    reading = interpret(steps, answers(11, _10=0.6, _4=0.3, _9=0.1))
    assert (reading.digit, reading.confidence) == (4, pytest.approx(0.3))
    assert reading.not_a_digit == pytest.approx(0.6)
    assert reading.runners_up[0] == 9
    assert NOT_A_DIGIT == 10


def test_articles():
    assert [with_article(digit) for digit in range(10)] == [
        *("a 0", "a 1", "a 2", "a 3", "a 4", "a 5", "a 6", "a 7", "an 8", "a 9")
    ]
