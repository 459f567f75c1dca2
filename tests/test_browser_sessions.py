"""Notebooks as they stay open: saved with the widgets' state, in two tabs, after a restart."""

import re

import numpy as np
import pytest
from browser import (
    ONE,
    draw,
    new_page,
    open_beside,
    opened,
    run_cell,
    set_up,
)
from conftest import ROOT
from PIL import Image
from playwright.sync_api import expect

BOXES = """\
from digitrec import widgets

boxes = [widgets.UploadBox(), widgets.UploadBox(), widgets.UploadBox(plain=True)]
display(*boxes, widgets.DrawPad())"""
TELL = "print([[reading.digit for reading in box.readings] for box in boxes])"
DIGITS = [ROOT / "digits" / f"digit{number}.png" for number in (1, 2, 3)]
KEEP = "@jupyter-widgets/jupyterlab-manager/plugin"  # its setting "Save Widget State Automatically"


@pytest.fixture(scope="module")
def page(chromium, lab):
    settings = set_up(lab.folder, KEEP, saveState=True)
    with opened(chromium, lab, "boxes", BOXES, TELL) as page:
        yield page
    settings.unlink()


def choose_in(page, place, *paths):
    """Choose files in one of the boxes, by its place from the top."""
    button = page.get_by_role("button", name=re.compile("Choose pictures of digits")).nth(place)
    with page.expect_file_chooser() as chooser:
        button.click()
    chooser.value.set_files(paths)


def answers(page, sentence):
    return page.locator(".digitrec-answer b").filter(has_text=sentence)


def saved(page, folder):
    with page.expect_response(lambda response: response.request.method == "PUT"):
        page.keyboard.press("Control+s")
    return (folder / "notebooks" / "boxes.ipynb").read_text()


def test_boxes_of_one_kind_in_one_cell_answer_each_for_itself(page):
    for place, path in enumerate(DIGITS):
        choose_in(page, place, path)
        expect(answers(page, f"{path.name}: The number is probably")).to_have_count(1)
    run_cell(page, TELL)
    expect(page.get_by_text("[[4], [7], [2]]")).to_be_visible()


def test_uploads_reach_neither_the_disk_nor_the_notebook(page, lab, tmp_path):
    grain = np.random.default_rng(1).integers(200, 255, (40, 40, 3), np.uint8)
    grain[8:32, 19:23] = 20
    scan = tmp_path / "a-scan-of-mine.tiff"  # goes as it is to Python
    Image.fromarray(grain).save(scan)
    for place in (0, 2):
        choose_in(page, place, scan)
    expect(answers(page, "a-scan-of-mine.tiff: The number is probably a 1.")).to_have_count(2)
    text = saved(page, lab.folder)
    assert "widget-state+json" in text  # the setting is on
    assert "data:image" not in text
    assert "a-scan-of-mine" not in text
    content = scan.read_bytes()[2000:2100]
    holders = [path for path in lab.folder.rglob("*") if path.is_file()]
    assert [path for path in holders if content in path.read_bytes()] == []
    assert [path for path in holders if b"a-scan-of-mine" in path.read_bytes()] == []


def test_two_tabs_show_the_same_and_both_may_go_on(page, lab):
    saved(page, lab.folder)
    other = new_page(page.context.browser)
    open_beside(other, lab.address, "boxes")
    for tab in (page, other):
        expect(answers(tab, "digit2.png: The number is probably a 7.")).to_have_count(1)
    draw(other, ONE)
    for tab in (page, other):
        said = tab.locator(".digitrec-draw").get_by_role("status")
        expect(said).to_contain_text("The number is probably a 1.")
        expect(tab.get_by_text("Python has it, too: a 1")).to_be_visible()
    choose_in(other, 1, DIGITS[2])
    for tab in (page, other):
        expect(answers(tab, "digit3.png: The number is probably a 2.")).to_have_count(1)
    choose_in(page, 1, DIGITS[0])
    for tab in (page, other):
        expect(answers(tab, "digit1.png: The number is probably a 4.")).to_have_count(1)
    page.get_by_role("button", name="Clear").click()
    for tab in (page, other):
        expect(tab.get_by_text("Draw a digit on the white paper").first).to_be_visible()
    other.close()


def test_after_a_restart_the_page_says_what_to_do(page):
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_role("menuitem", name=re.compile("^Restart Kernel…")).click()
    page.get_by_role("button", name="Confirm Kernel Restart").click()
    expect(page.get_by_text("Python 3 (ipykernel) | Idle", exact=True)).to_be_visible()
    choose_in(page, 0, DIGITS[0])
    silence = page.locator(".digitrec-uploader .digitrec-silence:visible")
    expect(silence).to_contain_text("run what made this box once more, or load this page again.")
    draw(page, ONE)
    words = "Python has not seen this drawing"
    expect(page.get_by_role("paragraph").filter(has_text=words)).to_be_visible()
    run_cell(page, "import widgets")
    choose_in(page, 0, DIGITS[0])
    expect(answers(page, "digit1.png: The number is probably a 4.")).to_have_count(1)
    draw(page, ONE)
    expect(page.get_by_text("Python has it, too: a 1")).to_be_visible()
