"""The page without a kernel: its challenges, drawings for the course, every screen and reader."""

import io
import json
import re

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from handwriting import paper, strokes_on, write, written
from PIL import Image
from playwright.sync_api import expect

import digitrec
from digitrec import draw_strokes, prepare_digit

BAR_OF_A_SEVEN = np.array([(0.58 - 0.24 * t / 20, 0.17 + 0.01 * t / 20) for t in range(21)])
SHORT_BAR = np.array([(163 / 280 - 0.1 * t / 20, 48 / 280) for t in range(21)])


@pytest.fixture
def page(open_page):
    return open_page()


def begin(page, title):
    page.get_by_role("tab", name="Challenges").click()
    page.get_by_role("button", name=f"Start: {title}").click()
    expect(paper(page)).to_be_focused()
    return page.locator("#challenge-line")


def test_ten_digits_in_twenty_seconds(page):
    page.clock.install(time=0)
    page.clock.pause_at(1000)  # milliseconds; a slow machine must not lose the game
    line = begin(page, "Ten digits in twenty seconds")
    for done in range(10):
        expect(line).to_contain_text(f"Done: {done} of 10")
        asked = int(line.inner_text().removeprefix("Draw a").removeprefix("n")[1])
        write(paper(page), written(asked, seed=done, points=14))
        page.clock.run_for(1000)
    expect(line).to_contain_text("All ten in")
    expect(page.locator(".best-result").first).to_contain_text("Best: All ten in")
    page.get_by_role("button", name="Again").click()
    expect(line).to_contain_text("Done: 0 of 10. 20 s left.")


def test_the_clock_ends_it(page):
    page.clock.install()
    line = begin(page, "Ten digits in twenty seconds")
    write(paper(page), written(0, points=5)[:1])
    page.clock.run_for(21_000)
    expect(line).to_contain_text("of 10 in 20 seconds.")
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Start: Ten digits")).to_be_focused()


def test_a_one_becomes_a_seven_also_where_nothing_can_be_kept(open_page):
    page = open_page("about:blank")
    blocked = (
        "Object.defineProperty(window, 'localStorage', {get() { throw new Error('blocked') }})"
    )
    page.add_init_script(blocked)
    page.goto(open_page().url)
    line = begin(page, "Turn a 1 into a 7")
    expect(line).to_have_text("Add to this 1.")
    page.get_by_role("button", name="Undo").click()
    assert len(strokes_on(page)) == 1
    before = draw_strokes(strokes_on(page))
    write(paper(page), [BAR_OF_A_SEVEN])
    added = (255.0 - draw_strokes(strokes_on(page))).sum() / (255.0 - before).sum() - 1
    expect(line).to_have_text(f"A 7 with {round(100 * added)}% more ink. Your best so far.")


def test_how_ugly_a_digit_is(page, mnist):
    line = begin(page, "The ugliest digit")
    write(paper(page), written(4, seed=3))
    image = prepare_digit(draw_strokes(strokes_on(page))).image.ravel().astype(float)
    fours = mnist.train.images[mnist.train.labels == 4].reshape(-1, 784)
    mean = np.rint(fours.mean(axis=0))
    far = np.linalg.norm(fours - mean, axis=1)
    score = round(100 * np.linalg.norm(image - mean) / np.median(far))
    expect(line).to_contain_text("of MNIST. Your best so far.")
    assert abs(int(line.inner_text().split()[1].rstrip(":")) - score) <= 1
    write(paper(page), written(7))
    expect(line).to_contain_text("Too ugly")


def test_a_drawing_splits_the_networks(page):
    line = begin(page, "Split the two networks")
    write(paper(page), [np.array(stroke) / 280 for stroke in page.evaluate("A_ONE")])
    expect(line).to_have_text("Both see a 1.")
    write(paper(page), [SHORT_BAR])
    expect(page.get_by_text("They disagree: a 1, or a 7?")).to_be_visible()
    expect(line).to_contain_text("Split: a 1 or a 7,")


def test_drawings_go_to_the_course_and_come_back(open_page, tmp_path):
    page, drawn = open_page(), []
    page.get_by_role("tab", name="Your drawings").click()
    for label in (3, 3, 8):
        write(paper(page), written(label, points=20))
        drawn.append(prepare_digit(draw_strokes(strokes_on(page))).image)
        page.get_by_role("button", name=f"{label}, kept").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as a file").click()
    path = tmp_path / "my_digits.json"
    download.value.save_as(path)
    digits = digitrec.load_drawings(path)
    assert digits.labels.tolist() == [3, 3, 8]
    assert np.abs(digits.images.astype(int) - drawn).max() <= 2
    text = page.locator("#export-text").input_value()
    assert json.loads(text) == json.loads(path.read_text())
    (tmp_path / "wrong.json").write_text(text.replace('"label":8', '"label":"<b>8"'))
    second = open_page()
    second.get_by_role("tab", name="Your drawings").click()
    for name, said in [
        ("my_digits", "3 drawings. You have 3 now"),
        ("wrong", "Drawing 3 in wrong.json"),
    ]:
        second.get_by_label("Load a file").set_input_files(tmp_path / f"{name}.json")
        expect(second.locator("#export-message")).to_contain_text(said)
    expect(second.get_by_role("button", name="3, kept: 2")).to_be_visible()
    second.get_by_role("button", name="Take the last one back").click()
    expect(second.get_by_text("Both say: an 8.")).to_be_visible()


def test_keys_draw_and_the_focus_stays(page):
    paper(page).focus()
    keys = ["Shift+ArrowUp"] * 3 + ["Space"] + ["Shift+ArrowDown"] * 7 + ["Space"]
    for key in keys:
        page.keyboard.press(key)
    expect(page.get_by_text("Both say: a 1.")).to_be_visible()
    expect(paper(page)).to_have_attribute("aria-description", re.compile("On the paper: 1 stroke."))
    for name in ("Undo", "Clear"):
        button = page.get_by_role("button", name=name)
        button.press("Enter")
        button.press("Enter")
        expect(button).to_be_focused()
    assert strokes_on(page) == []
    page.get_by_role("tab", name="See inside").press("ArrowRight")
    expect(page.get_by_role("tab", name="Challenges")).to_be_focused()


@pytest.mark.parametrize("width", [320, 390, 800, 1280])
def test_it_fits_the_screen_and_a_finger_draws_without_scrolling(open_page, width):
    height = {320: 640, 390: 844}.get(width, 900)
    page = open_page(
        viewport={"width": width, "height": height}, has_touch=True, is_mobile=width < 700
    )
    box = paper(page).bounding_box()
    touch = page.context.new_cdp_session(page)
    for kind, *points in [
        ("touchStart", (0.5, 0.2, 1)),
        ("touchMove", (0.5, 0.8, 1)),
        ("touchStart", (0.5, 0.8, 1), (0.9, 0.9, 2)),
        ("touchMove", (0.5, 0.85, 1), (0.8, 0.8, 2)),
        ("touchEnd",),
    ]:
        places = [
            {"x": box["x"] + x * box["width"], "y": box["y"] + y * box["width"], "id": finger}
            for x, y, finger in points
        ]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})
    expect(page.get_by_text("Both say: a 1.")).to_be_visible()
    assert len(strokes_on(page)) == 1
    assert page.evaluate("[scrollY, document.documentElement.scrollWidth]") == [0, width]
    cards = page.locator("#cards").bounding_box()
    if width in (390, 1280):
        assert cards["y"] + cards["height"] <= height
    if width < 700:
        assert box["width"] >= width - 30


def test_forced_colours_show_the_bars_and_the_ink(open_page):
    page = open_page(forced_colors="active", color_scheme="dark")
    write(paper(page), written(2, points=20))
    expect(page.get_by_text("Both say: a 2.")).to_be_visible()
    bar, ink = (
        np.asarray(Image.open(io.BytesIO(part.screenshot())).convert("L")).astype(int)
        for part in (page.locator(".digitrec-best td").first, paper(page))
    )
    height, width = bar.shape
    assert abs(bar[height // 2, width // 2] - bar[1, width // 2]) > 200
    assert (ink > 200).mean() > 0.6
    assert 0.05 < (ink < 50).mean() < 0.4


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(open_page, scheme):
    page = open_page(color_scheme=scheme)
    page.get_by_role("button", name="Put a small 7 in a corner").click()
    page.get_by_role("switch").click()
    for tab in ("See inside", "Challenges", "Your drawings"):
        page.get_by_role("tab", name=tab).click()
        assert Axe().run(page).response["violations"] == []
