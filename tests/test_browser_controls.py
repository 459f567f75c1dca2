"""Controls in a real browser: while they move, while Python is slow or dead, by key and finger."""

import os
import re
import signal

import pytest
from browser import opened, run_cell, violations_of_ours
from playwright.sync_api import expect

SETUP = """\
import os, time
import numpy as np
import digitrec
from digitrec import widgets

digits = digitrec.load_mnist().validation
places = np.arange(len(digits))
answers = (digits.labels + (places % 50 == 0)) % 10
probabilities = np.full((len(digits), 10), 0.04)
probabilities[places, answers] = 0.6
print("pid", os.getpid())"""
SLOW = """\
class Slow(widgets.DigitBrowser):
    def _on_number(self):
        time.sleep(7 if self._number.value == 2 else 0.2)
        super()._on_number()

display(Slow(digits, "validation"))"""
MATRIX = "display(widgets.ConfusionBrowser(digits, probabilities))"
THRESHOLD = "display(widgets.ThresholdExplorer(digits, probabilities))"
SILENCE = "Python has not answered for 5 seconds."


@pytest.fixture(scope="module")
def frames():
    """Whether a question went out, or an answer came in, and its number; in order."""
    return []


@pytest.fixture(scope="module")
def page(chromium, lab, frames):
    def note(kind, frame):
        found = re.search(rf'"{kind}": ?(\d+)'.encode(), raw(frame))
        if found:
            frames.append((kind, int(found[1])))

    def listen(socket):
        socket.on("framesent", lambda frame: note("asked", frame))
        socket.on("framereceived", lambda frame: note("answered", frame))

    def before(page):
        page.on("websocket", listen)

    codes = (SLOW, MATRIX, THRESHOLD)
    with opened(chromium, lab, "controls", SETUP, *codes, before=before) as page:
        for code in codes:
            run_cell(page, code.splitlines()[-1])
        frames.clear()
        yield page


def raw(frame):
    return frame.encode() if isinstance(frame, str) else frame


def says(page, text):
    return page.get_by_role("status").filter(has_text=text)


def drag(page, slider, *shares):
    """Move the handle of a slider to shares of its width, and leave the mouse button down."""
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    for index, share in enumerate(shares):
        page.mouse.move(box["x"] + share * box["width"], box["y"] + box["height"] / 2)
        if index == 0:
            page.mouse.down()


def wait_for_answers(page, frames):
    """Wait until no question is under way, of whatever control."""
    for _ in range(600):
        kinds = [kind for kind, _ in frames]
        if kinds.count("asked") <= kinds.count("answered"):  # one from before may be among them
            return
        page.wait_for_timeout(100)
    raise AssertionError("A question has had no answer for a minute.")


def cell_of_matrix(page, true, predicted):
    return page.get_by_role("gridcell", name=f"true {true}, predicted as {predicted}:")


def test_what_is_shown_follows_a_slider_while_it_moves(page):
    slider = page.get_by_role("slider", name="Least confidence")
    drag(page, slider, 0.5, 0.7)
    expect(says(page, "Answered 0, ")).to_be_visible()  # and the button is still down
    drag(page, slider, 0.7, 0.2)
    expect(says(page, "Answered 5,000, ")).to_be_visible()
    page.mouse.up()


def test_one_question_is_under_way_at_a_time_and_the_last_value_wins(page, frames):
    slider = page.get_by_role("slider", name="Image number")
    wait_for_answers(page, frames)  # what is asked before is no question of this slider
    frames.clear()
    drag(page, slider, 0.1, *(0.1 + 0.8 * step / 60 for step in range(61)))
    page.mouse.up()
    number = slider.input_value()
    expect(says(page, f"Image {number} of ")).to_be_visible()
    expect(page.get_by_text(f"Image {number} of ").first).to_be_visible()
    kinds = [kind for kind, _ in frames]
    numbers = [number for kind, number in frames if kind == "asked"]
    assert kinds == ["asked", "answered"] * len(numbers)
    assert numbers == list(range(numbers[0], numbers[-1] + 1))  # no other was on its way
    assert 2 <= len(numbers) < 40  # it followed, and left out what it was too slow for


def test_a_silent_python_is_said_in_words_until_it_answers(page):
    slider = page.get_by_role("slider", name="Image number")
    slider.press("Home")
    expect(says(page, "Image 1 of ")).to_be_visible()
    expect(says(page, SILENCE)).to_have_count(0)
    slider.press("ArrowRight")
    expect(says(page, SILENCE)).to_be_visible()
    expect(says(page, "Image 2 of ")).to_be_visible()
    expect(says(page, SILENCE)).to_have_count(0)


def test_the_matrix_is_clicked_and_the_lists_follow(page):
    cell_of_matrix(page, 3, 4).click()
    expect(says(page, re.compile(r"\d+ of \d+ true 3s were read as 4\."))).to_be_visible()
    expect(page.get_by_role("combobox", name="True digit")).to_have_value("3")
    expect(page.get_by_role("combobox", name="Predicted digit")).to_have_value("4")
    expect(cell_of_matrix(page, 3, 4)).to_have_attribute("aria-selected", "true")
    page.get_by_role("combobox", name="True digit").select_option("8")
    expect(says(page, re.compile(r"true 8s were read as 4\."))).to_be_visible()
    expect(cell_of_matrix(page, 8, 4)).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("gridcell", selected=True)).to_have_count(1)


def test_the_matrix_is_walked_through_with_the_arrow_keys(page):
    cell_of_matrix(page, 4, 5).click()
    for key, cell in (
        ("ArrowUp", (3, 5)),
        ("ArrowLeft", (3, 4)),
        ("Home", (3, 0)),
        ("ArrowLeft", (3, 0)),
        ("End", (3, 9)),
        ("ArrowDown", (4, 9)),
    ):
        page.keyboard.press(key)
        expect(cell_of_matrix(page, *cell)).to_be_focused()
    expect(says(page, "true 4s were read as 9.")).to_be_visible()
    page.keyboard.press("Tab")  # the grid is one stop
    expect(page.get_by_role("combobox", name="True digit")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(cell_of_matrix(page, 4, 9)).to_be_focused()


def test_a_finger_chooses_a_cell(page):
    touch = page.context.new_cdp_session(page)
    cell = cell_of_matrix(page, 6, 7)
    cell.scroll_into_view_if_needed()
    box = cell.bounding_box()
    place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [place]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    touch.detach()
    expect(says(page, "true 6s were read as 7.")).to_be_visible()


def test_nothing_below_an_explorer_moves(page):
    def places():
        page.locator(".digitrec-matrix").scroll_into_view_if_needed()
        below = page.get_by_role("slider", name="Least confidence")
        pictures = page.locator(".digitrec-answer figure").first
        return below.bounding_box()["y"], pictures.bounding_box()["y"]

    cell_of_matrix(page, 6, 6).click()
    expect(says(page, "true 6s were read as 6.")).to_be_visible()
    before = places()
    cell_of_matrix(page, 6, 0).click()
    expect(says(page, "0 of ").filter(has_text="true 6s were read as 0.")).to_be_visible()
    assert places() == before


@pytest.mark.parametrize(
    ("role", "name"),
    [
        ("slider", "Least confidence"),
        ("combobox", "True digit"),
        ("gridcell", "true 4, predicted as 4:"),
    ],
)
def test_no_key_on_a_control_reaches_the_notebook(page, role, name):
    cells = page.locator(".jp-CodeCell")
    count = cells.count()
    control = page.get_by_role(role, name=name)
    control.click() if role == "gridcell" else control.focus()
    for key in "ddab":
        page.keyboard.press(key)
    expect(control).to_be_focused()
    assert cells.count() == count


def test_each_explorer_has_one_live_region(page):
    boxes = page.locator(".jp-OutputArea-output .widget-vbox")
    expect(boxes).to_have_count(3)
    for box in boxes.all():
        expect(box.get_by_role("status")).to_have_count(1)


def test_no_barrier_is_ours(page):
    assert violations_of_ours(page) == []


def test_a_dead_python_is_said_in_words(page):
    """The last test here: JupyterLab starts another kernel, which knows nothing of the cells."""
    said = page.locator(".jp-OutputArea").filter(has_text=re.compile(r"^pid \d+")).inner_text()
    os.kill(int(said.split()[1]), signal.SIGKILL)
    page.get_by_role("slider", name="Least confidence").press("End")
    expect(says(page, SILENCE)).to_be_visible()
