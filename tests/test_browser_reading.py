"""Notebook 5 and the page without notebooks in a real browser: choose pictures, draw, read.

A person is asked for nothing but what stands in the page: texts and roles, never pixels.
"""

import base64
import io
import re
import shutil

import cv2
import nbformat
import numpy as np
import pytest
from browser import (
    HOME,
    ONE,
    ZERO,
    cells_of,
    choose,
    draw,
    new_page,
    opened,
    run_all,
    run_cell,
    violations_of_ours,
)
from conftest import ROOT, always
from PIL import ExifTags, Image
from PIL.PngImagePlugin import PngInfo
from playwright.sync_api import Page, expect

import digitrec

NAME = "reading"
NEEDED = (  # of notebook 5, to choose pictures, draw and go on
    "import custom_prediction",
    "digits_folder: str",
    "load_own_model",
    "pictures = {path.name",
    'example = "digit15.png"',
    "box = widgets.UploadBox",
    "pad = widgets.DrawPad",
    "Nothing is uploaded or drawn",
)
COUNT = """\
import ipywidgets.widgets.widget
print(f"widgets: {len(ipywidgets.widgets.widget._instances)}")"""


@pytest.fixture(scope="module")
def lab_page(chromium, lab, tmp_path_factory):
    """Cells of notebook 5 after notebook 3, and one that says how many widgets there are.

    The learner's network is one that nobody takes for the one in the box: it always says 7.
    """
    home = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "digits", home / "digits")
    digitrec.save_model(always(7, 0.62), home / "models" / "handwritten_digits.keras")
    codes = cells_of("05_custom_prediction", *NEEDED)
    with opened(chromium, lab, NAME, HOME + repr(str(home)), *codes, COUNT) as page:
        run_all(page)
        yield page


@pytest.fixture(scope="module")
def voila_page(chromium, lab):
    """The page for people without notebooks, before notebook 3."""
    page = new_page(chromium)
    page.goto(lab.page("app/read_your_digits.ipynb"))
    expect(page.get_by_role("button", name="Choose pictures of digits")).to_be_visible()
    yield page
    page.close()


@pytest.fixture(scope="module", params=["lab_page", "voila_page"])
def page(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def files(tmp_path):
    """Pictures and other files that people choose."""
    (tmp_path / "letter.png").write_text("Dear diary, this is no picture at all.")
    (tmp_path / "empty.png").touch()
    with (tmp_path / "large.png").open("wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n")
        file.truncate(30_000_000)
    cv2.imwrite(str(tmp_path / "blank.png"), np.full((200, 200), 255, np.uint8))
    row = [
        cv2.copyMakeBorder(cv2.resize(ink, (28, 28)), *[8] * 4, cv2.BORDER_CONSTANT)
        for ink in (digitrec.read_digit(digit(number)).steps.image for number in (1, 2))
    ]
    cv2.imwrite(str(tmp_path / "row.png"), 255 - cv2.resize(np.hstack(row), None, fx=6, fy=6))
    return tmp_path


def digit(number):
    return ROOT / "digits" / f"digit{number}.png"


def says(page: Page, text: str):
    """Return the sentences of answers that hold a text; each begins in bold type."""
    return page.locator("p:has(> b)").filter(has_text=text)


def pad_says(page: Page, text: str):
    """Return the one live region of the pad, if it says a text."""
    return page.locator(".digitrec-draw").get_by_role("status").filter(has_text=text)


def test_three_pictures_are_read(page):
    choose(page, digit(1), digit(2), digit(3))
    for number, value in ((1, 4), (2, 7), (3, 2)):
        sentence = f"digit{number}.png: The number is probably a {value}."
        expect(says(page, sentence)).to_have_count(1)
        how_sure = re.compile(r"Sure: (more than )?\d+%|Not sure: \d+%")
        expect(says(page, sentence)).to_contain_text(how_sure)
    box = page.locator(".digitrec-uploader")  # the pad has such a table, too
    tables = box.get_by_role("table", name="The network in the box: probability of each answer")
    expect(tables).to_have_count(3)
    rows = tables.first.get_by_role("row")
    expect(rows).to_have_count(11)
    expect(rows.last).to_have_text(re.compile(r"not a digit\s*less than 1%"))
    expect(rows.filter(has_text="best guess")).to_have_text(
        re.compile(r"4\s*more than 99%\s*best guess")
    )


def test_after_notebook_3_your_network_answers_under_the_box(lab_page):
    choose(lab_page, digit(1))
    box = says(lab_page, "digit1.png: The number is probably a 4.")
    own = says(lab_page, "Your network (dense, notebook 3): a 7, sure to 62%. The two differ.")
    expect(own).to_have_count(1)
    assert box.bounding_box()["y"] < own.bounding_box()["y"]
    uploader = lab_page.locator(".digitrec-uploader")
    bars = uploader.get_by_role("table", name="Your network (dense, notebook 3): probability")
    expect(bars).to_have_count(1)
    expect(bars.get_by_role("row")).to_have_count(10)
    expect(lab_page.get_by_text("Once notebook 3 has trained yours")).to_have_count(0)


def test_the_pad_asks_your_network_too(lab_page):
    draw(lab_page, ONE)
    expect(pad_says(lab_page, "The number is probably a 1.")).to_have_count(1)
    own = pad_says(lab_page, "Your network (dense, notebook 3): The number is probably a 7.")
    expect(own).to_have_count(1)
    expect(own).to_contain_text("They disagree: a 1, or a 7?")
    lab_page.get_by_role("button", name="Clear").press("Enter")
    expect(own).to_have_count(0)


def test_on_a_page_the_differences_unfold_by_keyboard(lab_page, files):
    choose(lab_page, files / "row.png")
    expect(says(lab_page, "row.png: The page probably says 47.")).to_have_count(1)
    expect(says(lab_page, "77. The two differ at 1 of 2 marks.")).to_have_count(1)
    line = lab_page.get_by_text("Row 1, mark 1: the network in the box says a 4")
    expect(line).to_contain_text("yours says a 7, sure to 62%.")
    uploader = lab_page.locator(".digitrec-uploader")
    bars = uploader.get_by_role("table", name="Your network (dense, notebook 3): probability")
    expect(bars).to_have_count(0)
    line.focus()
    lab_page.keyboard.press("Enter")
    expect(bars).to_have_count(1)


def test_before_notebook_3_the_box_answers_alone(voila_page):
    choose(voila_page, digit(1))
    expect(says(voila_page, "digit1.png: The number is probably a 4.")).to_have_count(1)
    expect(says(voila_page, "Your network")).to_have_count(0)
    expect(voila_page.get_by_text("notebook 3")).to_have_count(0)


def test_several_digits_in_one_picture_are_read_as_a_page(page, files):
    kind = page.get_by_role("combobox", name="Each picture shows")
    kind.select_option("a page of digits")
    choose(page, files / "row.png")
    expect(says(page, "row.png: The page probably says 47.")).to_have_count(1)
    expect(page.get_by_alt_text("The picture with a box around each of 2 digits")).to_be_visible()
    kind.select_option("one digit")
    choose(page, digit(2))
    expect(says(page, "digit2.png: The number is probably a 7.")).to_have_count(1)


def test_the_steps_unfold_by_keyboard(page):
    choose(page, digit(1), digit(2))
    steps = page.get_by_alt_text("Its centre of mass in the middle")
    expect(steps).to_have_count(2)
    expect(steps.last).to_be_hidden()
    page.get_by_text("The steps, one by one").last.focus()
    page.keyboard.press("Enter")
    expect(steps.last).to_be_visible()


def test_the_same_picture_twice_is_read_twice(page):
    choose(page, digit(1))
    first = says(page, "digit1.png: The number is probably a 4.")
    expect(first).to_have_count(1)
    first.evaluate("sentence => sentence.id = 'of-the-first-time'")
    choose(page, digit(1))
    second = page.locator("p:not(#of-the-first-time):has(> b)")
    expect(second.filter(has_text="digit1.png: The number is probably a 4.")).to_have_count(1)
    expect(page.locator("#of-the-first-time")).to_have_count(0)


@pytest.mark.parametrize(
    ("name", "help_"),
    [
        ("letter.png", "cannot be read. It holds text, and is no picture."),
        ("empty.png", "cannot be read. The file is empty."),
        ("large.png", "cannot be read. The picture in it breaks off or is damaged."),
        ("blank.png", "Write with a dark pen on light, plain paper"),
    ],
)
def test_what_cannot_be_read_is_explained_and_the_next_is_read(page, files, name, help_):
    choose(page, files / name)
    expect(says(page, name).filter(has_text=help_)).to_have_count(1)
    choose(page, digit(1))
    expect(says(page, "digit1.png: The number is probably a 4.")).to_have_count(1)


def test_what_is_read_is_said_by_the_one_region_that_stays(page):
    region = page.locator(".digitrec-uploader").get_by_role("status")
    region.evaluate("region => region.id = 'that-stays'")
    for number, digit_ in ((1, 4), (2, 7)):
        choose(page, digit(number))
        sentence = f"digit{number}.png: The number is probably a {digit_}. Sure: more than 99%."
        expect(page.locator("#that-stays")).to_contain_text(sentence)
        words = f"Your picture digit{number}.png, read as a {digit_}"
        expect(page.get_by_alt_text(words)).to_have_count(1)


HOSTILE = (
    "<img src=x onerror=alert(1)>.png",
    "</p></script><script>alert(2)</script>.png",
    '"\' onfocus=alert(3) autofocus x=".png',
    "&lt;b&gt; ${alert(4)} {{alert(5)}} $\\frac.png",
    "<iframe srcdoc='<script>parent.alert(6)</script>'>.heic",
    "two\nlines\u2028three\u202egnp.exe",
    "n" * 5_000 + ".png",
)
FOREIGN = "script, iframe, object, embed, link, base, form, svg, style, a, [onerror], [autofocus]"


def hostile_files():
    """Pictures, and one that is none, whose names, tags and texts are HTML and scripts."""
    evil = "<img src=x onerror=alert(7)><script>alert(8)</script>"
    exif, texts, tiff, png = Image.Exif(), PngInfo(), io.BytesIO(), io.BytesIO()
    for tag in (ExifTags.Base.ImageDescription, ExifTags.Base.Make, ExifTags.Base.Artist):
        exif[tag] = evil
    texts.add_text("Title", evil)
    texts.add_itxt("XML:com.adobe.xmp", evil)
    with Image.open(digit(1)) as four:
        four.save(tiff, "TIFF", exif=exif)  # reaches Python as it is
        four.save(png, "PNG", pnginfo=texts, exif=exif)
    contents = dict.fromkeys(HOSTILE, png.getvalue())
    contents |= {"tags.tiff": tiff.getvalue(), evil[:20]: tiff.getvalue()[:200] + evil.encode()}
    return [
        {"name": name, "mimeType": "image/png", "buffer": content}
        for name, content in contents.items()
    ]


def test_names_tags_and_texts_of_files_are_shown_and_not_obeyed(page):
    dialogs, files = [], hostile_files()
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    box = page.locator(".digitrec-uploader")
    choose(page, *files)
    expect(box.locator(".digitrec-file")).to_have_count(len(files))
    expect(box.locator(".digitrec-progress:visible")).to_have_count(0)
    expect(says(page, ": The number is probably a 4.")).to_have_count(len(HOSTILE) + 1)
    expect(says(page, f"{HOSTILE[0]}: The number is probably a 4.")).to_be_visible()
    expect(says(page, "two\ufffdlines\ufffdthree\ufffdgnp.exe: The number")).to_be_visible()
    expect(says(page, "n" * 200 + ": The number is")).to_be_visible()
    expect(box.locator(FOREIGN)).to_have_count(0)
    for picture in box.locator("img").all():
        assert picture.get_attribute("src").startswith("data:image/")
    assert dialogs == []


def test_a_one_and_a_zero_are_drawn(page):
    clear, empty = (
        page.get_by_role("button", name="Clear"),
        pad_says(page, "Draw a digit on the white"),
    )
    draw(page, ONE)
    expect(pad_says(page, "The number is probably a 1.")).to_have_count(1)
    clear.press("Enter")
    expect(empty).to_have_count(1)
    draw(page, ZERO)
    expect(pad_says(page, "The number is probably a 0.")).to_have_count(1)
    page.get_by_role("button", name="Undo").press("Enter")
    expect(empty).to_have_count(1)


def test_a_one_is_drawn_with_a_finger(page):
    canvas = page.get_by_role("application", name="Field to draw a digit in")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    touch = page.context.new_cdp_session(page)

    def send(kind, *points):
        places = [
            {"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]} for x, y in points
        ]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    send("touchStart", ONE[0])
    for point in ONE[1:]:
        send("touchMove", point)
    send("touchEnd")
    touch.detach()
    expect(pad_says(page, "The number is probably a 1.")).to_have_count(1)
    page.get_by_role("button", name="Clear").press("Enter")
    expect(pad_says(page, "Draw a digit on the white")).to_have_count(1)


def test_every_control_has_a_name_and_is_worked_by_keyboard(page):
    kind, seven = (
        page.get_by_role("combobox", name="Each picture shows"),
        says(page, "digit2.png: The number is probably a 7."),
    )
    kind.focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Choose pictures of digits")).to_be_focused()
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files([digit(2)])
    expect(seven).to_have_count(1)
    kind.press("ArrowDown")
    expect(kind).to_have_value("a page of digits")
    expect(seven).to_have_count(0)
    kind.press("ArrowUp")
    expect(kind).to_have_value("one digit")
    expect(seven).to_have_count(1)
    expect(page.get_by_role("application", name="Field to draw a digit in")).to_have_count(1)
    for name in ("Undo", "Clear"):
        expect(page.get_by_role("button", name=name, exact=True)).to_have_count(1)
    boxes = page.locator(".jupyter-widgets.widget-vbox")
    for role in ("button", "slider", "textbox", "combobox"):
        controls = boxes.get_by_role(role)
        named = boxes.get_by_role(role, name=re.compile(r"\w"))
        assert controls.count() == named.count(), role


def test_no_barrier_is_ours(page):
    assert violations_of_ours(page) == []


def test_running_a_cell_again_leaves_nothing_behind(lab_page):
    page = lab_page
    counted = page.get_by_text(re.compile(r"widgets: \d+"))
    run_cell(page, "widgets: {len")
    before = counted.inner_text()
    for code in ("box = widgets.UploadBox", "pad = widgets.DrawPad") * 3:
        run_cell(page, code)
    run_cell(page, "widgets: {len")
    assert counted.inner_text() == before
    choose(page, digit(1))
    expect(says(page, "digit1.png: The number is probably a 4.")).to_have_count(1)
    draw(page, ONE)
    expect(pad_says(page, "The number is probably a 1.")).to_have_count(1)
    page.get_by_role("button", name="Clear").press("Enter")
    expect(pad_says(page, "Draw a digit on the white")).to_have_count(1)


def test_the_next_cell_goes_on_with_the_upload(lab_page):
    choose(lab_page, digit(2))
    expect(says(lab_page, "digit2.png: The number is probably a 7.")).to_have_count(1)
    run_cell(lab_page, "Nothing is uploaded or drawn")
    expect(lab_page.get_by_text("Your upload: The number is probably a 7.")).to_be_visible()


def test_keys_on_a_button_are_not_taken_for_those_of_the_notebook(lab_page):
    button = lab_page.get_by_role("button", name="Choose pictures of digits")
    button.focus()
    count = lab_page.locator(".jp-Cell").count()
    for key in "dda":
        lab_page.keyboard.press(key)
    expect(button).to_be_focused()
    assert lab_page.locator(".jp-Cell").count() == count


def test_the_saved_notebook_keeps_no_picture(lab_page, lab):
    choose(lab_page, digit(1))
    expect(says(lab_page, "digit1.png: The number is probably a 4.")).to_have_count(1)
    # JupyterLab keeps its workspace in the same way, at any moment
    with lab_page.expect_response(
        lambda response: response.request.method == "PUT" and "/api/contents/" in response.url
    ):
        lab_page.keyboard.press("Control+s")
    saved = (lab.folder / "notebooks" / f"{NAME}.ipynb").read_text()
    picture = base64.b64encode(digit(1).read_bytes()).decode()
    assert re.search(r'"execution_count": \d+', saved)
    assert picture[:200] not in saved
    assert "digit1.png: The number is probably a 4." not in saved
    assert "widgets" not in nbformat.reads(saved, as_version=4).metadata
