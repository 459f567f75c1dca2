"""Correcting what was cut in a real browser: by mouse, finger and keys, in two tabs, slowly."""

import os
import re
import signal
import time

import pytest
from browser import (
    new_page,
    open_beside,
    opened,
    prepare_page,
    run_cell,
    slowdown,
    violations_of_ours,
    write_notebook,
)
from playwright.sync_api import expect
from slow_line import slow_line

from digitrec.browser import joined
from digitrec.widgets.controls import script

# Thirty digits of which box n + 1 asks for n % 10; the box on the photo has the grey level 100 + n.
SHEET = """\
import os
import numpy as np
import digitrec
from digitrec import widgets
from digitrec.hands import Written
from digitrec.sheets.layout import box_corners

def a_sheet(rows=3, writer="412-17", doubts={}):
    count, digits = 10 * rows, digitrec.load_mnist().validation
    asked = np.tile(np.arange(10, dtype=np.uint8), rows)
    images = np.stack([digits.images[digits.labels == n % 10][n // 10] for n in range(count)])
    boxes = np.stack([box_corners(n) * 4 for n in range(count)]).astype(np.float32)
    kept = np.array([doubts.get(n) != "crossed out" for n in range(count)])
    said = tuple(doubts.get(n, "") for n in range(count))
    return Written(writer, f"sheet {writer}-1", "photo.jpg", "2026-11-29T10:00:00", images, asked,
                   asked.copy(), kept, said, np.arange(count), boxes, (30,))

def a_photo(rows=3):
    photo = np.full((1100, 800), 255, np.uint8)
    for n in range(10 * rows):
        (left, top), _, (right, bottom), _ = (box_corners(n) * 4).astype(int)
        photo[top:bottom, left:right] = 100 + n
    return photo

DOUBTS = {3: "looks like a 7, sure to 98%", 8: "leaves its box", 12: "crossed out", 21: "faint"}
"""
SHOW = "fix = widgets.Correction(a_sheet(doubts=DOUBTS), a_photo()); display(fix)"
NOTHING = "easy = widgets.Correction(a_sheet(1)); display(easy, widgets.Correction([]))"
TELL = (
    "w = fix.written; print([(int(n) + 1, int(w.labels[n])) for n in w.relabelled], "
    "(np.flatnonzero(~w.kept) + 1).tolist(), (w.doubtful + 1).tolist())"
)
PID = 'print("pid", os.getpid())'
FIRST = "A 3 was asked for."


@pytest.fixture(scope="module")
def tab(chromium, lab):
    with opened(chromium, lab, "correction", SHEET, SHOW, TELL, PID, NOTHING) as page:
        yield page


@pytest.fixture
def page(tab):
    """The sheet as it was read, shown anew."""
    run_cell(tab, SHOW)
    expect(group(tab).get_by_text(FIRST, exact=True)).to_be_visible()
    return tab


def group(page):
    return page.get_by_role("group", name="Look at what was cut").first


def button(page, name):
    return group(page).get_by_role("button", name=name, exact=True)


def cell(page, box):
    return group(page).get_by_role("gridcell", name=re.compile(rf"^box {box},"))


def shows(page, words):
    expect(group(page).get_by_text(words, exact=True)).to_be_visible()


def python_has(page, *, relabelled=(), left_out=(13,), doubtful=(4, 9, 13, 22)):
    """Run the next cell, and compare what it prints: boxes are counted from 1."""
    run_cell(page, TELL)
    said = f"{list(relabelled)} {list(left_out)} {list(doubtful)}"
    expect(page.locator(".jp-OutputArea-output").get_by_text(said, exact=True)).to_be_visible()


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def test_one_key_a_digit_and_undo_any_number(page):
    shows(page, "0 of 4 doubtful ones looked at")
    shows(page, "Doubtful: looks like a 7, sure to 98%.")
    shows(
        page, "Not looked at yet: 4. Until you decide, they stay as they were read, and doubtful."
    )
    assert violations_of_ours(page) == []
    button(page, "Yes, a 3").focus()
    press(page, "7")
    shows(page, "An 8 was asked for.")
    shows(page, "Your last decision: box 4, a 7.")
    press(page, "Enter")
    shows(page, "A 2 was asked for.")
    expect(button(page, "Yes, left out")).to_be_focused()
    press(page, "Enter", "x")
    shows(page, "4 of 4 doubtful ones looked at")
    shows(page, "You have looked at all of them.")
    shows(page, "Kept: 28, relabelled: 1. Left out: 2.")
    expect(button(page, "Done")).to_be_disabled()
    assert violations_of_ours(page) == []
    python_has(page, relabelled=[(4, 7)], left_out=(13, 22), doubtful=())
    button(page, "Back").click()
    shows(page, "A 1 was asked for.")
    press(page, "ArrowLeft", "Backspace")
    shows(page, "An 8 was asked for.")
    expect(group(page).locator("~ [role=status]").first).to_contain_text("Taken back. Box 9:")
    python_has(page, relabelled=[(4, 7)], doubtful=(9, 13, 22))
    button(page, "Yes, an 8").focus()
    press(page, "Backspace", "Backspace", "Backspace")
    shows(page, "0 of 4 doubtful ones looked at")
    expect(button(page, "Back")).to_be_disabled()
    python_has(page)


def test_the_mouse_decides_and_a_click_between_buttons_keeps_the_keys(page):
    button(page, "It is a 7").click()
    expect(button(page, "Yes, an 8")).to_be_focused()  # Enter would not repeat the 7
    button(page, "Leave out").click()
    group(page).get_by_role("img").first.click()
    press(page, "Enter")
    shows(page, "3 of 4 doubtful ones looked at")
    python_has(page, relabelled=[(4, 7)], left_out=(9, 13), doubtful=(22,))


def test_no_shortcut_of_jupyterlab_acts(page):
    """There x cuts the cell, d d deletes it, a and b add others, Enter edits, Delete deletes."""
    cells, texts = page.locator(".jp-Cell"), page.locator(".jp-Cell .cm-content")
    count, before = cells.count(), texts.all_inner_texts()
    places = (button(page, "Yes, a 3"), group(page).get_by_role("img").first, cell(page, 1),
              button(page, "Take box 13 back as a 2"))  # fmt: skip
    keys = ("a", "b", "d", "d", "x", "Delete", "z", "y", "m", "Escape", "Shift+j", "Backspace")
    for place in places:
        place.click() if place == places[1] else place.focus()
        for key in keys:  # each alone: b and x together leave as many cells as there were
            press(page, key)
            assert cells.count() == count, key
    assert texts.all_inner_texts() == before
    assert page.locator(".jp-mod-editMode").count() == 0


def test_a_key_that_is_held_down_decides_once(page):
    button(page, "Yes, a 3").focus()
    for key in ("Enter", "7", "x"):
        for _ in range(4):
            page.keyboard.down(key)
        page.keyboard.up(key)
    shows(page, "3 of 4 doubtful ones looked at")
    for _ in range(4):
        page.keyboard.down("Backspace")
    page.keyboard.up("Backspace")
    shows(page, "2 of 4 doubtful ones looked at")


def test_the_contact_sheet_is_a_grid_for_the_keys(page):
    grid = group(page).get_by_role("grid", name="All digits, by what was asked for")
    expect(grid.get_by_role("row")).to_have_count(10)
    expect(grid.locator("[tabindex='0']")).to_have_count(1)
    cell(page, 1).focus()
    press(page, "ArrowRight", "ArrowDown", "ArrowDown", "ArrowDown")
    expect(cell(page, 14)).to_be_focused()  # the second 3
    press(page, "End")
    expect(cell(page, 24)).to_be_focused()
    press(page, "ArrowRight", "ArrowUp", "Home", "ArrowLeft")
    expect(cell(page, 3)).to_be_focused()
    expect(grid.locator("[tabindex='0']")).to_have_count(1)
    press(page, "5")  # at once, without opening it
    expect(cell(page, 3)).to_have_attribute(
        "aria-label", "box 3, a 2 was asked for, you say it is a 5"
    )
    expect(cell(page, 3)).to_be_focused()
    press(page, "ArrowDown", "Enter")
    shows(page, FIRST)
    expect(button(page, "Yes, a 3")).to_be_focused()
    press(page, "8")
    expect(cell(page, 4)).to_be_focused()  # back where it was opened
    expect(cell(page, 4)).to_have_attribute("data-mark", "→8")
    press(page, "Home", "Enter", "Escape")
    expect(cell(page, 4)).to_be_focused()
    shows(page, "1 of 4 doubtful ones looked at")
    python_has(page, relabelled=[(3, 5), (4, 8)], doubtful=(9, 13, 22))


def test_a_click_opens_any_digit_and_what_is_left_out_can_be_taken_back(page):
    cell(page, 30).click()
    shows(page, "A 9 was asked for.")
    press(page, "Delete")
    expect(cell(page, 30)).to_have_attribute("data-mark", "✕")
    out = group(page).get_by_role("list", name="Left out")
    expect(out.get_by_role("listitem")).to_have_count(2)
    expect(out).to_contain_text("Box 13, a 2 was asked for: crossed out; left out when it was read")
    expect(out).to_contain_text("Box 30, a 9 was asked for: you left it out")
    shows(page, "Boxes without ink: 31.")
    button(page, "Take box 13 back as a 2").click()
    expect(out.get_by_role("listitem")).to_have_count(1)
    python_has(page, left_out=(30,), doubtful=(4, 9, 22))
    out.get_by_role("button", name=re.compile("Look at box 30")).click()
    press(page, "9")
    shows(page, "Nothing is left out.")
    python_has(page, left_out=(), doubtful=(4, 9, 22))


GREY = """image => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 1;
    const [x, y] = [image.naturalWidth / 2, image.naturalHeight / 2];
    canvas.getContext("2d").drawImage(image, x, y, 1, 1, 0, 0, 1, 1);
    return canvas.getContext("2d").getImageData(0, 0, 1, 1).data[0];
}"""


def test_the_image_and_the_ink_on_the_photo_are_of_the_same_box(page, mnist):
    digits = mnist.validation
    large = group(page).locator("canvas")
    for box in (4, 30, 17):
        if box != 4:
            cell(page, box).click()
        expect(large).to_have_attribute("aria-label", re.compile(f"^box {box},"))
        photo = group(page).get_by_role("img", name=f"box {box} on the photo")
        expect(photo).to_be_visible()
        page.wait_for_function("image => image.complete", arg=photo.element_handle())
        assert abs(photo.evaluate(GREY) - (99 + box)) <= 3
        inked = large.evaluate(
            "c => [...c.getContext('2d').getImageData(0, 0, 28, 28).data].filter((v, i) => "
            "i % 4 === 0).map((v) => 255 - v)"
        )
        image = digits.images[digits.labels == (box - 1) % 10][(box - 1) // 10]
        assert inked == image.ravel().tolist()


def test_another_tab_shows_what_python_has(page, lab):
    button(page, "Yes, a 3").focus()
    press(page, "7")
    page.locator(".jp-CodeCell .cm-content").first.click()  # in a box of ours, the keys are ours
    with page.expect_response(re.compile("/api/contents/")):
        page.keyboard.press("Control+s")
    other = new_page(page.context.browser)
    open_beside(other, lab.address, "correction")
    shows(other, "1 of 4 doubtful ones looked at")
    shows(other, "Your last decision: box 4, a 7.")
    button(other, "Leave out").click()
    shows(page, "2 of 4 doubtful ones looked at")
    button(page, "Back").click()
    shows(other, "1 of 4 doubtful ones looked at")
    other.close()
    python_has(page, relabelled=[(4, 7)], doubtful=(9, 13, 22))


def test_a_silent_python_is_said_in_words_and_gets_all_of_it(page):
    run_cell(page, PID)
    pid = int(page.get_by_text(re.compile(r"^pid \d+")).inner_text().split()[1])
    button(page, "Yes, a 3").focus()
    os.kill(pid, signal.SIGSTOP)
    try:
        press(page, "7", "Enter", "Enter")
        shows(page, "3 of 4 doubtful ones looked at")
        silence = page.locator(".digitrec-silence")
        expect(silence).to_contain_text("Python has not answered for 5 seconds.")
    finally:
        os.kill(pid, signal.SIGCONT)
    expect(silence).to_be_empty()
    python_has(page, relabelled=[(4, 7)], doubtful=(22,))


def test_where_nothing_is_doubtful_the_contact_sheet_is_there(tab):
    run_cell(tab, NOTHING)
    output = tab.locator(".jp-CodeCell").filter(has_text=NOTHING).locator(".jp-OutputArea")
    expect(output.get_by_text("Nothing is doubtful.", exact=True)).to_be_visible()
    expect(output.get_by_role("gridcell")).to_have_count(10)
    expect(output.get_by_text("There is no digit to look at.", exact=True)).to_be_visible()
    assert violations_of_ours(tab) == []


def test_a_finger_on_a_phone_over_a_slow_line(chromium, lab):
    write_notebook(lab.folder, "sheet", SHEET + SHOW)
    with slow_line(lab.address) as line:
        context = chromium.new_context(
            viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
        )
        page = prepare_page(context.new_page())
        page.goto(lab._replace(address=line.address).page("notebooks/sheet.ipynb"))
        shows(page, FIRST)
        line.rate = 20_000  # bytes a second
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        for name in ("It is a 7", "Leave out"):
            box = button(page, name).bounding_box()
            assert min(box["width"], box["height"]) >= 44
        height = group(page).bounding_box()["height"]
        start = time.monotonic()
        button(page, "It is a 7").tap()
        shows(page, "An 8 was asked for.")
        assert time.monotonic() - start < 2 * slowdown()  # does not wait for the line
        assert abs(group(page).bounding_box()["height"] - height) < 1
        button(page, "Back").tap()
        shows(page, FIRST)
        context.close()


@pytest.fixture(scope="module")
def scripts(chromium):
    page = new_page(chromium)
    page.add_script_tag(
        content=joined("elements.js")
        + "".join(map(script, ("buttons.js", "decisions.js", "contact_sheet.js")))
    )
    yield page
    page.close()


def test_digits_are_found_on_every_keyboard(scripts):
    def digit(key, code, shift=False):
        return scripts.evaluate(
            "([key, code, shiftKey]) => digitOfKey({ key, code, shiftKey })", [key, code, shift]
        )

    assert digit("7", "Digit7") == digit("7", "Numpad7") == 7
    assert digit("è", "Digit7") == digit("7", "Digit7", shift=True) == 7  # French
    assert digit("&", "Digit7", shift=True) is None  # elsewhere
    assert digit("x", "KeyX") is None


def test_steps_never_grow_without_end_and_lose_no_decision(scripts):
    steps = scripts.evaluate("""() => {
        let steps = [[99, 5]];
        for (let i = 0; i < 500; i++) steps = withStep(steps, [(i * i) % 7, i % 11], 20);
        return steps;
    }""")
    latest = {99: 5}  # decided first, and never again
    for i in range(500):
        latest[i * i % 7] = i % 11
    assert len(steps) == 20
    assert dict(steps) == latest


def test_arrows_follow_the_lines_that_are_seen(scripts):
    """Three rows of 12, 0 and 5 cells, five a line: 5 5 2, nothing, 5."""

    def after(key, row, index):
        rows = [list(range(12)), [], list(range(5))]
        return scripts.evaluate(
            "([key, rows, place]) => placeAfterKey(key, rows, place, 5)", [key, rows, [row, index]]
        )

    assert after("ArrowDown", 0, 3) == [0, 8]
    assert after("ArrowDown", 0, 8) == [0, 11]  # the last line is shorter
    assert after("ArrowDown", 0, 11) == [2, 1]  # over the row without any
    assert after("ArrowUp", 2, 4) == [0, 11]
    assert after("ArrowUp", 0, 3) == [0, 3]
    assert after("ArrowDown", 2, 1) == [2, 1]
    assert after("End", 0, 3) == [0, 11]
    assert after("q", 0, 3) is None
