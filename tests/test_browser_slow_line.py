"""Uploads over a slow line, and with a kernel that is busy or gone: no picture waits in silence."""

import io
import time

import cv2
import numpy as np
import pytest
from browser import choose, new_page, slowdown, write_notebook
from conftest import ROOT
from PIL import Image
from playwright.sync_api import expect
from slow_line import slow_line

import digitrec

CODE = """\
import os, time
from pathlib import Path
import ipywidgets
from digitrec import widgets

def keep_busy(button):
    while not Path(DONE).exists():
        time.sleep(0.05)

busy, stop = ipywidgets.Button(description="Be busy"), ipywidgets.Button(description="Stop")
busy.on_click(keep_busy)
stop.on_click(lambda button: os.kill(os.getpid(), 9))
display(widgets.UploadBox(), busy, stop)"""
PHONE_LINE = 0.75e6 / 8  # bytes a second


def giant():
    """Return a PNG of few bytes and 81 megapixels."""
    file = io.BytesIO()
    Image.new("1", (9000, 9000)).save(file, "PNG")
    return file.getvalue()


NO_PICTURES = {
    "photo.heic": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC file from an iPhone. Export it as"),
    "scan.pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "This is a PDF. Export the page as JPEG"),
    "letter.png": (b"Dear diary, this is no picture.", "It holds text, and is no picture."),
    "drawing.svg": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "made of lines (SVG)"),
    "clip.mov": (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", "This is a video."),
    "empty.png": (b"", "The file is empty."),
    "giant.png": (giant(), "It has more than 67 megapixels."),
    "broken.png": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "breaks off or is damaged"),
}


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """A file that ends the kernel's work when it is there."""
    return tmp_path_factory.mktemp("done") / "done"


@pytest.fixture(scope="module")
def line(lab, done):
    write_notebook(lab.folder, "slow", CODE.replace("DONE", repr(str(done))))
    with slow_line(lab.address) as line:
        yield line


@pytest.fixture(scope="module")
def page(chromium, lab, line):
    page = new_page(chromium)
    page.goto(lab._replace(address=line.address).page("notebooks/slow.ipynb"))
    choose(page, ROOT / "digits" / "digit2.png")  # loads the network
    expect(answers(page)).to_contain_text("The number is probably a 7.")
    yield page
    page.close()


@pytest.fixture
def slow(line):
    line.rate = PHONE_LINE
    yield
    line.rate = None


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    """Photos of 12 megapixels, with the grain of a phone's camera."""
    folder, chance = tmp_path_factory.mktemp("photos"), np.random.default_rng(0)
    grain = cv2.resize(chance.normal(0, 9, (1500, 2000)).astype(np.float32), (4000, 3000))
    light = np.linspace(190, 235, 4000, dtype=np.float32) + grain
    for number in (1, 2, 3):
        ink = digitrec.load_picture(ROOT / "digits" / f"digit{number}.png")[:, :, 0]
        sheet = light.copy()
        sheet[500:2500, 1000:3000] *= 0.2 + 0.8 * cv2.resize(ink, (2000, 2000)) / 255
        photo = cv2.merge([sheet * 0.95, sheet, sheet]).clip(0, 255).astype(np.uint8)
        cv2.imwrite(str(folder / f"photo{number}.jpg"), photo, [cv2.IMWRITE_JPEG_QUALITY, 94])
    return sorted(folder.iterdir())


def answers(page):
    return page.locator(".digitrec-list")


def lines(page):
    return page.locator(".digitrec-progress:visible")


def test_a_photo_over_a_slow_line_shows_life_at_once_and_is_answered_soon(page, slow, photos):
    assert photos[0].stat().st_size > 2_000_000
    page.evaluate("""() => {
        addEventListener("change", () => (window.chosen = performance.now()), true);
        const seen = (mutations, observer) => {
            if (!document.querySelector(".digitrec-progress:not([hidden])")) return;
            observer.disconnect();
            requestAnimationFrame(() => (window.alive = performance.now() - window.chosen));
        };
        new MutationObserver(seen).observe(document.body, { childList: true, subtree: true });
    }""")
    choose(page, photos[0])
    start, slow_machine = time.monotonic(), slowdown()
    expect(answers(page)).to_contain_text("photo1.jpg: The number is probably a 4.")
    answered = time.monotonic() - start
    alive = page.evaluate("window.alive") / 1000
    print(f"first sign of life after {alive:.3f} s, answer after {answered:.1f} s")
    slow_machine = max(slow_machine, slowdown())
    assert alive < 0.2 * slow_machine
    assert answered < 8 * slow_machine


def test_answers_come_one_by_one(page, slow, photos):
    choose(page, *photos)
    expect(lines(page)).to_have_count(3)
    expect(answers(page)).to_contain_text("photo1.jpg: The number is probably a 4.")
    expect(lines(page).last).to_contain_text("waiting")
    expect(page.locator(".digitrec-uploader .digitrec-silence")).to_be_hidden()
    choose(page, ROOT / "digits" / "digit2.png")  # the others are given up
    expect(answers(page)).to_contain_text("digit2.png: The number is probably a 7.")
    expect(page.locator(".digitrec-file")).to_have_count(1)


def test_a_busy_kernel_is_said_in_words_and_its_answer_comes(page, done, tmp_path):
    region = page.get_by_role("status")
    page.get_by_role("button", name="Be busy").click()
    for name, (content, help_) in NO_PICTURES.items():
        (tmp_path / name).write_bytes(content)
        choose(page, tmp_path / name)
        expect(answers(page)).to_contain_text(f"{name} cannot be read.")
        expect(answers(page)).to_contain_text(help_)
        expect(region.filter(has_text=help_)).to_have_count(1)
    choose(page, ROOT / "digits" / "digit1.png")
    silence = page.locator(".digitrec-uploader .digitrec-silence")
    expect(silence).to_be_visible()
    expect(silence).to_contain_text("Python has not answered for 5 seconds. It is busy")
    expect(region.filter(has_text="Python has not answered for 5 seconds.")).to_have_count(1)
    done.touch()
    expect(answers(page)).to_contain_text("digit1.png: The number is probably a 4.")
    expect(silence).to_be_hidden()


def test_a_kernel_that_has_stopped_is_said_in_words(page):
    page.get_by_role("button", name="Stop").click()
    choose(page, ROOT / "digits" / "digit1.png")
    expect(page.locator(".digitrec-uploader .digitrec-silence")).to_be_visible()
    expect(page.locator(".digitrec-uploader .digitrec-silence")).to_contain_text(
        "or it has stopped"
    )
    expect(lines(page)).to_have_count(1)
