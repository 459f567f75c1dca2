"""The square of paper and the map of digits in a real browser: mouse, finger and keys."""

import re

import pytest
from browser import opened, violations_of_ours
from playwright.sync_api import expect

CODE = """
from IPython.display import display
import digitrec
from digitrec import widgets
from digitrec.inside import digit_map
from digitrec.storage import DENSE_MODEL

dense = digitrec.load_model(DENSE_MODEL)
digits = digitrec.load_mnist().validation
drawn = digit_map.draw_map(dense, digits[:60])
display(widgets.OcclusionExplorer(digits.images[3], {"dense": dense, "again": dense}))
display(widgets.DigitMapExplorer(drawn, digits.images[100]))
print("shown")
"""


@pytest.fixture(scope="module")
def page(chromium, lab):
    with opened(chromium, lab, "explanations", CODE) as page:
        expect(page.get_by_text("shown", exact=True)).to_be_visible()
        yield page


def at(page, canvas, x, y):
    """Move the mouse to a place in a canvas, from (0, 0) to (1, 1)."""
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])


def test_move_the_square_with_mouse_and_keys_and_change_its_size(page):
    field = page.get_by_role("application", name=re.compile("a square of it covered"))
    words = page.locator(".digitrec-occlusion-words")
    at(page, field, 0.01, 0.01)
    expect(words).to_contain_text("covers rows 1 to 6 and columns 1 to 6. dense: a")
    at(page, page.locator(".digitrec-occlusion-map"), 0.99, 0.5)
    expect(words).to_contain_text("covers rows 13 to 18 and columns 23 to 28.")
    field.press("ArrowUp")
    expect(words).to_contain_text("covers rows 11 to 16 and columns 23 to 28.")
    field.press("ArrowRight")  # it stays inside
    field.press("ArrowLeft")
    expect(words).to_contain_text("covers rows 11 to 16 and columns 21 to 26.")
    said = page.get_by_role("status").filter(has_text="rows 11 to 16 and columns 21 to 26.")
    expect(said).to_have_count(1)
    page.get_by_role("slider", name="Side of the square").press("End")
    expect(words).to_contain_text("covers rows 11 to 24 and columns 15 to 28.")
    page.get_by_role("combobox", name="Network").select_option("again")
    expect(words).to_contain_text("again: a")


def test_the_answer_under_the_square_is_pythons(page):
    import digitrec
    from digitrec.storage import DENSE_MODEL

    field = page.get_by_role("application", name=re.compile("a square of it covered"))
    page.get_by_role("slider", name="Side of the square").press("End")
    words = page.locator(".digitrec-occlusion-words")
    expect(words).to_contain_text(re.compile(r"covers rows (\d+) to "))
    at(page, field, 0.7, 0.4)
    expect(words).to_contain_text("covers rows 5 to 18 and columns 13 to 26.")
    image = digitrec.load_mnist().validation.images[3].copy()
    image[4:18, 12:26] = 0
    (answers,) = digitrec.predict(digitrec.load_model(DENSE_MODEL), image[None])
    shown = page.locator(".digitrec-occlusion .digitrec-percent").all_inner_texts()
    assert shown == [digitrec.percent(share, ">", "<") for share in answers]


def test_walk_over_the_map(page):
    field = page.get_by_role("application", name=re.compile("Map of digits"))
    chosen = page.locator(".digitrec-map-chosen p")
    expect(chosen).to_contain_text("Your digit. The network reads")
    at(page, field, 0.0, 0.0)
    expect(chosen).to_contain_text(
        re.compile(r"A digit with the label \d\. The network reads an? \d")
    )
    pixels = "canvas => canvas.toDataURL()"
    before = page.locator(".digitrec-map-image").evaluate(pixels)
    field.press("ArrowRight")
    field.press("ArrowDown")
    expect(page.get_by_role("status").filter(has_text="A digit with the label")).to_have_count(1)
    assert page.locator(".digitrec-map-image").evaluate(pixels) != before


def test_nothing_is_a_barrier(page):
    assert violations_of_ours(page) == []
