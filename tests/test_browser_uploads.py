"""Pictures on their way through a real browser to a real kernel: chosen, dropped, pasted, refused.

The notebook keeps the bytes that Python gets, so that a test can look at them.
"""

import re
import shutil

import cv2
import numpy as np
import pytest
from browser import choose, new_page, prepare_page, write_notebook
from conftest import ROOT
from PIL import Image
from playwright.sync_api import expect

import digitrec

CODE = """\
from pathlib import Path
import ipywidgets
from digitrec import widgets

class Keeping(widgets.UploadBox):
    def _read(self, upload):
        path = Path(FOLDER) / upload.name
        path.write_bytes(upload.content)
        return super()._read(upload)

box, again, place = Keeping(), ipywidgets.Button(description="Show again"), ipywidgets.Output()
again.on_click(lambda button: place.append_display_data(box))
display(box, widgets.UploadBox(plain=True), again, place)"""
DIGITS = sorted(
    path for path in (ROOT / "digits").glob("*.*") if path.suffix not in {".csv", ".md"}
)
GPS, ORIENTATION, TURNED = 0x8825, 0x0112, 6


@pytest.fixture(scope="module")
def received(tmp_path_factory):
    return tmp_path_factory.mktemp("received")


@pytest.fixture(scope="module")
def address(lab, received):
    write_notebook(lab.folder, "uploads", CODE.replace("FOLDER", repr(str(received))))
    return lab.page("notebooks/uploads.ipynb")


@pytest.fixture(scope="module")
def page(chromium, address):
    page = new_page(chromium)
    page.goto(address)
    yield page
    page.close()


@pytest.fixture
def box(page):
    """The first box; the second has the plain button of ipywidgets."""
    box = page.locator(".digitrec-uploader").first
    expect(box).to_be_visible()
    return box


def photo(path, digit="digit1.png", size=(1200, 900), **options):
    """Write a photo of a sheet with a digit, as a phone would."""
    sheet = Image.new("RGB", size, (224, 220, 210))
    ink = Image.open(ROOT / "digits" / digit).convert("L").resize((size[1] // 2, size[1] // 2))
    sheet.paste(
        (30, 30, 60), (size[0] // 4, size[1] // 4), Image.eval(ink, lambda grey: 255 - grey)
    )
    sheet.save(path, **options)
    return path


def answer(box, text):
    return box.locator(".digitrec-answer").filter(has_text=text)


def test_every_picture_of_the_folder_is_read_as_from_its_file(page, box, received):
    choose(page, *DIGITS)
    expect(box.locator(".digitrec-progress:visible")).to_have_count(0)
    expect(box.locator(".digitrec-answer b").filter(has_text="cannot be read")).to_have_count(0)
    for path in DIGITS:
        sent = received / path.name
        if path.suffix == ".png":
            assert np.array_equal(digitrec.load_picture(sent), digitrec.load_picture(path)), path
        one, other = digitrec.read_digit(sent), digitrec.read_digit(path)
        assert (one.answer, one.reason) == (other.answer, other.reason), path
        assert np.abs(one.probabilities - other.probabilities).max() < 0.02, path
    for name in ("page1.jpg", "strip1.jpg"):
        text = digitrec.read_page(ROOT / "digits" / name).text
        assert digitrec.read_page(received / name).text == text


def test_files_are_dropped_on_an_area_that_lights_up(page, box, tmp_path):
    area = box.locator(".digitrec-area")
    expect(area).to_contain_text("or drop them here")
    copy = shutil.copy(DIGITS[0], tmp_path / "copy.png")
    place = area.bounding_box()
    hand = page.context.new_cdp_session(page)

    def drag(kind, x=place["x"] + 300, y=place["y"] + 10):
        files = [str(DIGITS[0]), str(copy)]
        data = {"items": [], "files": files, "dragOperationsMask": 1}
        hand.send("Input.dispatchDragEvent", {"type": kind, "x": x, "y": y, "data": data})

    plain = area.evaluate("area => getComputedStyle(area).outlineStyle")
    drag("dragEnter")
    drag("dragOver")
    expect(area).to_have_css("outline-style", "solid")
    assert plain == "none"
    drag("dragOver", y=5)
    expect(area).to_have_css("outline-style", "none")
    drag("dragOver")
    drag("drop")
    for name in ("digit1.png", "copy.png"):
        expect(answer(box, f"{name}: The number is probably a 4.")).to_have_count(1)
    expect(area).to_have_css("outline-style", "none")
    hand.detach()


def test_a_picture_is_pasted_where_the_pointer_is_and_nowhere_else(page, box):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("""async () => {
        const canvas = new OffscreenCanvas(200, 200);
        const pen = canvas.getContext("2d");
        pen.fillStyle = "white";
        pen.fillRect(0, 0, 200, 200);
        pen.lineWidth = 20;
        pen.strokeRect(100, 40, 2, 120);
        const png = await canvas.convertToBlob();
        await navigator.clipboard.write([new ClipboardItem({ "image/png": png })]);
    }""")
    choose(page, DIGITS[0])
    expect(answer(box, "probably a 4.")).to_have_count(1)
    page.evaluate("""() => {
        document.activeElement.blur();
        window.pasted = new Promise((resolve) =>
            addEventListener("paste", (event) =>
                setTimeout(() => resolve(event.defaultPrevented)), true));
    }""")
    page.mouse.move(5, 5)
    page.keyboard.press("Control+v")
    assert page.evaluate("window.pasted") is False
    expect(answer(box, "probably a 4.")).to_have_count(1)
    box.locator(".digitrec-area").hover()
    page.keyboard.press("Control+v")
    expect(answer(box, "image.png: The number is probably a 1.")).to_have_count(1)
    page.mouse.move(5, 5)
    box.get_by_role("button", name="Choose pictures of digits").focus()
    box.locator(".digitrec-answer").evaluate("answer => answer.id = 'former'")
    page.keyboard.press("Control+v")
    expect(page.locator("#former")).to_have_count(0)
    expect(answer(box, "image.png: The number is probably a 1.")).to_have_count(1)


def test_a_phone_takes_a_photo(chromium, address, page, box, tmp_path):
    expect(box.get_by_role("button", name="Take a photo")).to_be_hidden()
    phone = prepare_page(
        chromium.new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    )
    phone.goto(address)
    camera = phone.get_by_role("button", name="Take a photo")
    with phone.expect_file_chooser() as chooser:
        camera.tap()
    assert chooser.value.element.get_attribute("capture") == "environment"
    chooser.value.set_files(photo(tmp_path / "photo.jpg"))
    box = phone.locator(".digitrec-uploader")
    expect(answer(box, "photo.jpg: The number is probably a 4.")).to_have_count(1)
    for button in box.get_by_role("button").all():
        assert button.bounding_box()["height"] >= 44
    assert box.locator("table").bounding_box()["width"] <= 390
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    steps = box.get_by_alt_text("Its brightness").bounding_box()
    assert steps["width"] >= 130
    phone.close()


def test_files_of_120_megabytes_are_read_one_by_one(page, box, received, tmp_path):
    paths = [photo(tmp_path / f"large{number}.jpg") for number in range(4)]
    for path in paths:
        with path.open("r+b") as file:
            file.truncate(30_000_000)  # more after the end of a JPEG is no harm to it
    choose(page, *paths)
    expect(answer(box, "The number is probably a 4.")).to_have_count(4)
    assert all((received / path.name).stat().st_size < 400_000 for path in paths)


def test_a_photo_comes_small_upright_and_without_its_place(page, box, received, tmp_path):
    exif = Image.Exif()
    exif[ORIENTATION] = TURNED
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (52.0, 30.0, 0.0)
    path = photo(tmp_path / "place.jpg", size=(4000, 3000), exif=exif)
    assert Image.open(path).getexif().get_ifd(GPS)
    choose(page, path)
    expect(box.get_by_alt_text("Your picture place.jpg, ")).to_have_count(1)
    with Image.open(received / "place.jpg") as sent:
        assert sent.size == (1536, 2048)
        assert dict(sent.getexif()) == {}
    content = (received / "place.jpg").read_bytes()
    assert b"Exif" not in content
    expected, found = (digitrec.load_picture(folder / path.name) for folder in (tmp_path, received))
    found = cv2.resize(found, expected.shape[1::-1], interpolation=cv2.INTER_AREA)
    assert np.abs(expected.astype(int) - found).mean() < 3


def test_transparent_pictures_stay_so(page, box, received, tmp_path):
    ink = 255 - digitrec.load_picture(DIGITS[0])[:, :, 0]
    path = tmp_path / "clear.png"
    cv2.imwrite(str(path), np.dstack([np.zeros((28, 28, 3), np.uint8), ink]))
    choose(page, path)
    expect(answer(box, "clear.png: The number is probably a 4.")).to_have_count(1)
    assert Image.open(received / "clear.png").mode == "RGBA"


def test_a_tiff_goes_as_it_is_to_python_which_alone_can_read_it(page, box, received, tmp_path):
    path = photo(tmp_path / "scan.tiff")
    choose(page, path)
    expect(answer(box, "scan.tiff: The number is probably a 4.")).to_have_count(1)
    assert (received / "scan.tiff").read_bytes() == path.read_bytes()
    photo(path, size=(2400, 1800))
    choose(page, path)
    expect(answer(box, "It has more than 9 MB. Export it as JPEG.")).to_have_count(1)


def test_the_plain_button_is_still_there(page):
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose pictures of digits (0)").click()
    chooser.value.set_files([DIGITS[0], DIGITS[1]])
    plain = page.locator(".digitrec-answer:not(.digitrec-uploader *)")
    for sentence in ("digit1.png: The number is", f"{DIGITS[1].name}: The number is"):
        expect(plain.filter(has_text=sentence)).to_have_count(1)


def test_long_names_and_hostile_names_stay_in_the_box(page, box, tmp_path):
    name = "n" * 190 + ".png"
    shutil.copy(DIGITS[0], tmp_path / name)
    choose(page, tmp_path / name)
    expect(answer(box, "The number is probably a 4.")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_the_focus_is_seen(page, box):
    button = box.get_by_role("button", name="Choose pictures of digits")
    page.get_by_role("combobox", name="Each picture shows").first.focus()
    page.keyboard.press("Tab")
    expect(button).to_be_focused()
    expect(button).to_have_css("outline", re.compile(r"(solid.* 2px|2px.* solid)"))
    expect(button).to_have_css("outline-offset", "2px")


def test_another_view_shows_the_answers_without_reading_again(page, box, received):
    choose(page, DIGITS[0], DIGITS[1])
    expect(answer(box, "The number is probably")).to_have_count(2)
    for path in received.iterdir():
        path.unlink()
    page.get_by_role("button", name="Show again").click()
    boxes = page.locator(".digitrec-uploader")
    expect(boxes).to_have_count(2)
    expect(answer(boxes.last, "The number is probably")).to_have_count(2)
    assert not list(received.iterdir())
