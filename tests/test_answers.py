"""Answers as HTML: the pictures in them, the counts, and what the explorers show first."""

import base64
import io
import re
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

import digitrec
from digitrec.mnist import Digits
from digitrec.reading import Page
from digitrec.widgets import answers, explorers, markup
from digitrec.widgets.own_network import OwnAnswers
from digitrec.widgets.stages import stages


def pictures(html):
    """The pictures in HTML, as arrays of RGB."""
    found = re.findall(r'src="data:image/\w+;base64,([^"]+)"', html)
    return [np.array(Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB")).astype(int)
            for data in found]  # fmt: skip


@pytest.fixture(scope="module")
def reading():
    return digitrec.read_digit(digitrec.project_path("digits/digit1.png"))


def test_ink_is_dark_on_light_paper_and_colours_stay(mnist):
    image = mnist.test.images[0]
    (ink,) = pictures(markup.picture_tag(image, "", 112))
    assert np.array_equal(ink, np.repeat(255 - image[:, :, np.newaxis].astype(int), 3, axis=2))
    red = np.zeros((30, 20, 3), np.uint8)
    red[:, :, 0] = 200
    assert np.array_equal(pictures(markup.picture_tag(red, "", 112))[0], red)
    large = np.tile(red, (40, 40, 1))
    (small,) = pictures(markup.picture_tag(large, "", 100))
    assert small.shape[:2] == (300, 200)
    assert np.abs(small - [200, 0, 0]).max() < 8


def test_bars_are_as_long_as_their_probabilities(reading):
    probabilities = np.linspace(0.01, 0.1, 10)
    table = answers.probability_table(replace(reading, probabilities=probabilities), "x")
    widths = [float(width) for width in re.findall(r"width: ([\d.]+)%", table)]
    assert widths[:10] == pytest.approx(100 * probabilities, abs=0.06)
    best = [row for row in table.split("<tr>") if "best guess" in row]
    assert [re.search(r'nowrap">(.+?)</th>', row)[1] for row in best] == ["not a digit"
        if reading.not_a_digit > 0.1 else "9"]  # fmt: skip


def page_of(reading, *rows, left_out=0):
    made = tuple(
        tuple(replace(reading, digit=digit, confidence=sure, is_digit=digit is not None)
              for digit, sure in row)
        for row in rows
    )  # fmt: skip
    return Page(reading.steps.picture, made, left_out)


def test_a_page_says_what_is_doubtful_and_what_was_left_out(reading):
    page = page_of(reading, [(1, 0.99), (2, 0.6)], [(None, 0.2), (4, 0.7), (None, 0.1)], left_out=7)
    assert answers.page_details(page) == (
        "Not sure of 2: 2 (60%), 4 (70%). Left out, because it looks like no digit: 2. "
        "The page is too full: its smallest 7 marks were not read."
    )
    empty = page_of(reading, [(None, 0.2), (None, 0.1)], left_out=1200)
    assert answers.page_sentences(empty)[0][1] == (
        "There is ink, but it looks like no digit: 2. "
        "The page is too full: its smallest 1,200 marks were not read."
    )
    assert page_of(reading, [], left_out=1).too_full.endswith("its smallest mark was not read.")
    sure = page_of(reading, [(1, 0.99)])
    assert answers.page_details(sure) == "Sure of all of them."
    assert answers.page_sentences(page)[0][0] == "The page probably says 12 / 4."


def test_two_networks_differ_where_they_do(reading):
    page = page_of(reading, [(1, 0.99), (2, 0.99)], [(3, 0.99), (4, 0.99)])
    other = page_of(reading, [(1, 0.99), (7, 0.99)], [(3, 0.99), (4, 0.2)])
    *others, last = other.readings
    own = OwnAnswers("Yours", (*others, replace(last, is_digit=False)))  # refuses a 4 that is one
    said, html = answers.page_sentences(page, own=own), answers.page_answer(page, own=own)
    assert said[1] == ("Yours: 17 / 3.", "The two differ at 2 of 4 marks.")
    summaries = re.findall("<summary>(.*?):", html)
    assert summaries == ["Row 1, mark 2", "Row 2, mark 2"]
    (drawn, *_) = pictures(html)
    assert drawn.shape[0] > 100


def test_one_network_that_refuses_differs_from_one_that_believes(reading):
    refused = replace(reading, is_digit=False, confidence=0.4, not_a_digit=0.3)
    for other, words in ((refused, "The two differ."), (reading, "")):
        said = answers.sentences(reading, own=OwnAnswers("Yours", (other,)))
        assert said[1][1] == words


def test_the_stages_are_seen_as_they_are(reading):
    shown = {name: picture for name, picture, _ in stages(reading.steps)}
    steps = reading.steps
    names = ["picture", "grey", "paper removed", "ink, and its box"]
    assert list(shown)[:4] == names
    assert np.array_equal(shown["picture"], steps.picture)
    scale = 300 / max(steps.grey.shape)
    middle = [round(scale * (n + 0.5)) for n in (0, 0)]
    assert shown["grey"][*middle, 0] == pytest.approx(steps.grey[0, 0], abs=2)
    left, top, width, height = steps.box
    box = shown["ink, and its box"]
    coloured = np.argwhere(np.ptp(box.astype(int), axis=2) > 60)
    expected = np.array([[top, left], [top + height, left + width]]) * scale
    assert np.abs([coloured.min(axis=0), coloured.max(axis=0)] - expected).max() <= 4


def view(box):
    return box.children[-1]


@pytest.fixture
def six():
    """Six images of 4s with answers of known confidence; the shade of each tells its number."""
    images = np.stack([np.full((28, 28), 40 * n, np.uint8) for n in range(6)])
    probabilities = np.zeros((6, 10))
    for n, (answer, share) in enumerate(
        [(9, 0.5), (9, 0.9), (4, 0.7), (4, 0.95), (9, 0.7), (4, 0.6)]
    ):
        probabilities[n] = (1 - share) / 9
        probabilities[n, answer] = share
    return Digits(images, np.full(6, 4, np.uint8)), probabilities


def numbers(html):
    """Which of the six images are shown, in order; empty places are white."""
    return [round((255 - picture.mean()) / 40) for picture in pictures(html)]


def test_of_a_confusion_the_most_confident_come_first(six):
    walk = explorers.ConfusionBrowser(*six, true=4, predicted=9)
    assert numbers(view(walk).html)[:3] == [1, 4, 0]
    assert re.findall(r"<figcaption>(.*?)</figcaption>", view(walk).html)[:3] == [
        "90%",
        "70%",
        "50%",
    ]


def test_a_threshold_shows_refused_answers_and_wrong_ones_the_most_confident_first(six):
    explorer = explorers.ThresholdExplorer(*six, threshold=0.7)
    refused, wrong = view(explorer).html.split("Answered and wrong")
    assert [n for n in numbers(refused) if n] == [5]  # number 0 is white
    assert re.findall(r"<figcaption>(\d as \d, \d+%)", refused)[:2] == [
        "4 as 4, 60%",
        "4 as 9, 50%",
    ]
    assert numbers(wrong)[:2] == [1, 4]
    assert "4 as 9, 70%" in wrong  # as sure as the threshold asks for
    assert view(explorer).said == (
        "Answered 4, 2 of them wrong (50.00%). Refused 2, 1 of them right."
    )


def test_the_share_of_ink_is_that_of_the_image_shown(mnist):
    digits = mnist.validation[:100]
    browser = explorers.DigitBrowser(digits, "validation")
    image = digits.images[browser.index]
    assert f"{np.count_nonzero(image) / 784:.0%} of it is ink" in view(browser).said
    assert np.array_equal(pictures(view(browser).html)[0][:, :, 0], 255 - image)
