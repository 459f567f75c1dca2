"""The draw pad in JupyterLab: answers while you draw, whatever the kernel does."""

import os
import re
import signal

import pytest
from browser import (
    ONE,
    ZERO,
    draw,
    opened,
    pad_places,
    run_cell,
    violations_of_ours,
)
from playwright.sync_api import expect

SETUP = """\
import os
from digitrec import load_model, widgets
from digitrec.storage import DENSE_MODEL"""
PAD = "pad = widgets.DrawPad(load_model(DENSE_MODEL))\ndisplay(pad)"
SEEN = "print('Python has', pad.reading.opinion, '|', pad.own_reading.opinion)"
KERNEL = "print('the kernel is', os.getpid())"


@pytest.fixture(scope="module")
def page(chromium, lab):
    with opened(chromium, lab, "pad", SETUP, PAD, SEEN, KERNEL) as page:
        run_cell(page, "DrawPad")
        yield page


@pytest.fixture
def pad(page):
    """The pad, empty."""
    page.get_by_role("button", name="Clear").press("Enter")
    expect(said(page)).to_contain_text("Draw a digit on the white paper")
    return page.locator(".digitrec-draw")


def said(page):
    """What a screen reader says: the one live region of the pad."""
    return page.locator(".digitrec-draw").get_by_role("status")


def test_it_answers_while_the_pen_moves_and_judges_when_it_rests(page, pad):
    places = pad_places(page, ONE)
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place)
    expect(pad.get_by_text("So far: a 1")).to_have_count(2)
    expect(pad.get_by_text("The number is probably")).to_have_count(0)
    expect(said(page)).to_contain_text("Draw a digit")  # nothing is said before the pen rests
    page.mouse.up()
    expect(pad.get_by_text("The number is probably a 1.", exact=True)).to_have_count(2)
    expect(said(page)).to_contain_text(
        "Both say: a 1. The network in the box: The number is probably a 1. Sure: more than 99%."
    )
    expect(pad.get_by_text("Python has it, too: a 1, sure to more than 99%.")).to_be_visible()


def test_python_reads_the_same(page, pad):
    draw(page, ZERO)
    expect(pad.get_by_text("Python has it, too: a 0")).to_be_visible()
    run_cell(page, "pad.reading")
    line = page.get_by_text(re.compile(r"Python has an? \d.*\|")).inner_text()
    for who, opinion in zip(
        ("The network in the box", "Your network"), line.split("|"), strict=True
    ):
        digit, share = re.search(r"an? (\d), sure to (.*%)", opinion).groups()
        answer = re.compile(rf"{who}[^:]*: The number is probably an? {digit}\. .*?: {share}\.")
        expect(said(page)).to_contain_text(answer)


def test_nothing_moves_over_three_strokes(page, pad):
    parts = [pad.get_by_role("heading"), pad.get_by_role("table"), pad.get_by_role("img")]
    parts += [page.get_by_role("button", name="Undo"), page.locator(".digitrec-under")]

    def places():
        boxes = [box.bounding_box() for part in parts for box in part.all()]
        top = pad.bounding_box()["y"]  # the notebook may scroll
        return [box | {"y": round(box["y"] - top, 1)} for box in boxes]

    for width in (700, 1000, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.get_by_role("button", name="Clear").press("Enter")
        before = places()
        for stroke in (ONE, ZERO, [(0.1, 0.1), (0.9, 0.8)]):
            draw(page, stroke)
            assert places() == before
            expect(said(page)).to_contain_text("The network in the box: ")
            assert places() == before
    page.set_viewport_size({"width": 1280, "height": 900})


def test_the_keys_of_jupyterlab_do_not_delete_the_pad(page, pad):
    for name in ("Undo", "Clear"):
        page.get_by_role("button", name=name).press("d")
        page.get_by_role("button", name=name).press("d")
    page.get_by_role("application").press("x")
    expect(page.get_by_role("application")).to_have_count(1)


def test_no_barriers(page, pad):
    draw(page, ONE)
    expect(said(page)).to_contain_text("a 1")
    assert violations_of_ours(page) == []


def test_a_drawing_is_answered_though_python_is_dead(page, pad):
    run_cell(page, "the kernel is")
    line = page.locator(".jp-OutputArea").get_by_text(re.compile(r"the kernel is \d+")).inner_text()
    os.kill(int(line.split()[-1]), signal.SIGSTOP)  # as one that is busy for ever
    try:
        draw(page, ONE)
        expect(said(page)).to_contain_text("The number is probably a 1.")
        words = page.get_by_role("paragraph").filter(
            has_text="Python has not seen this drawing: it is busy, or"
        )
        expect(words).to_be_visible()
        expect(pad.get_by_text("Python has it, too")).to_have_count(0)
    finally:
        os.kill(int(line.split()[-1]), signal.SIGCONT)
    expect(pad.get_by_text("Python has it, too: a 1")).to_be_visible()
    expect(words).to_have_count(0)
