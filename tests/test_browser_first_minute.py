"""Notebook 00 as a newcomer meets it: open, one cell, draw; and its pad on every screen."""

import re
import time

import pytest
from browser import (
    ONE,
    draw,
    new_page,
    open_notebook,
    pad_places,
    slowdown,
    violations_of_ours,
)
from handwriting import write, written
from playwright.sync_api import expect

NAME = "00_first_minute"
FIRST_MINUTE = 60  # seconds from opening the notebook to both answers
BRIGHT = """canvas => {
  const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let bright = 0;
  for (let i = 0; i < data.length; i += 4) bright += data[i] > 150 && data[i + 3] === 255;
  return bright / (data.length / 4);
}"""


@pytest.fixture(scope="module")
def opened(chromium, lab):
    """The page, how many seconds it took from opening to the pad, as if idle; what was sent."""
    page, sent = new_page(chromium), []
    page.on("websocket", lambda socket: socket.on("framesent", lambda data: sent.append(data)))
    start, slow = time.monotonic(), slowdown()
    open_notebook(page, lab.address, NAME)
    expect(paper(page)).to_be_visible()
    seconds = time.monotonic() - start
    yield page, seconds / max(slow, slowdown()), sent
    page.close()


@pytest.fixture
def page(opened):
    """The page with an empty pad and the maps of the network in the box."""
    page = opened[0]
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("button", name="Clear").press("Enter")
    page.get_by_role("radio", name="Network in the box").check()
    expect(said(page)).to_have_text("Draw one digit: 0 to 9.")
    return page


def paper(page):
    return page.get_by_role("application", name="Field to draw a digit in")


def maps(page):
    return page.get_by_role("application", name=re.compile(" layer "))


def card(page, name):
    return page.locator(".digitrec-card").filter(has=page.get_by_role("heading", name=name))


def said(page):
    return page.locator(".digitrec-live").get_by_role("status")


def test_a_newcomer_draws_and_is_read_within_the_first_minute(opened, page):
    slow = slowdown()
    start = time.monotonic()
    paper(page).scroll_into_view_if_needed()
    assert [canvas.evaluate(BRIGHT) for canvas in maps(page).all()] == [0, 0, 0, 0]
    write(paper(page), written(4, seed=3))
    for name in ("Network in the box", "Dense network"):
        expect(card(page, name)).to_contain_text("The number is probably a 4.")
        expect(card(page, name).locator(".digitrec-best th")).to_have_text("4")
    assert all(canvas.evaluate(BRIGHT) > 0.01 for canvas in maps(page).all())
    seconds = opened[1] + (time.monotonic() - start) / max(slow, slowdown())
    print(f"{seconds:.1f} seconds from opening to both answers")
    assert seconds < FIRST_MINUTE
    expect(said(page)).to_contain_text("Both say: a 4. Network in the box: The number is")


def test_answers_and_maps_come_while_the_pen_moves(page):
    paper(page).scroll_into_view_if_needed()
    places = pad_places(page, ONE)
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place)
    for name in ("Network in the box", "Dense network"):
        expect(card(page, name)).to_contain_text("So far: a 1")
    expect(page.get_by_text("So far both say: a 1.")).to_be_visible()
    assert maps(page).first.evaluate(BRIGHT) > 0.005
    assert "a 1" not in said(page).inner_text()  # nothing is said before the pen rests
    page.mouse.up()
    expect(said(page)).to_contain_text("Dense network: The number is probably a 1.")


def test_keys_draw_choose_a_network_and_walk_over_its_maps(page):
    paper(page).focus()
    for key in ["Shift+ArrowUp"] * 3 + ["Space"] + ["Shift+ArrowDown"] * 7 + ["Space"]:
        page.keyboard.press(key)
    expect(said(page)).to_contain_text("Both say: a 1.")
    for key in ("ArrowDown", "ArrowRight"):
        maps(page).nth(1).press(key)
    place = page.locator(".digitrec-place")
    words = r"Map \d+ of convolution layer 2, row 1, column 2, looks at rows 1 to 11 and columns"
    expect(place).to_have_text(re.compile(words))
    expect(said(page)).to_have_text(place.inner_text())
    page.get_by_role("radio", name="Network in the box").press("ArrowDown")
    expect(page.get_by_role("radio", name="Dense network")).to_be_checked()
    expect(page.get_by_role("heading", name=re.compile("^Dense layer"))).to_have_count(2)
    for key in ("d", "d", "x", "Enter"):  # which JupyterLab or a form would take
        page.get_by_role("radio", name="Dense network").press(key)
        maps(page).first.press(key)
    expect(paper(page)).to_have_count(1)


def test_two_readers_in_one_page_do_not_share_their_choice(page):
    """Radio buttons of one name would be one group, across every output of the notebook."""
    page.get_by_role("radio", name="Dense network").check()
    still_chosen = page.evaluate("""() => {
      const [, dense] = document.querySelectorAll(".digitrec-inside input[type=radio]");
      const other = dense.cloneNode();
      document.body.append(other);
      other.checked = true;
      const chosen = dense.checked;
      other.remove();
      return chosen;
    }""")
    assert still_chosen


@pytest.mark.parametrize("width", [1280, 800, 390])
def test_it_fits_and_has_no_barriers(page, width):
    sidebar = page.get_by_role("tab", name=re.compile("^File Browser"))
    if width < 1280:
        sidebar.click()
    page.set_viewport_size({"width": width, "height": 900})
    draw(page, ONE)
    expect(said(page)).to_contain_text("Both say: a 1.")
    room = page.locator(".digitrec-live")
    assert room.evaluate("room => room.scrollWidth <= room.clientWidth")
    box, frame = room.bounding_box(), page.locator(".jp-Notebook").first.bounding_box()
    assert box["x"] + box["width"] <= frame["x"] + frame["width"]
    pad, answers = paper(page).bounding_box(), page.locator(".digitrec-cards").bounding_box()
    beside = answers["x"] >= pad["x"] + pad["width"]
    assert beside == (width == 1280) or width == 800
    first, second = (each.bounding_box() for each in page.locator(".digitrec-card").all())
    assert first["y"] == second["y"]
    for picture in page.locator(".digitrec-looked-at canvas").all():
        shape = picture.bounding_box()
        assert shape["width"] == pytest.approx(shape["height"], abs=1)
    assert violations_of_ours(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    if width < 1280:
        sidebar.click()


def test_what_is_drawn_stays_in_the_browser(opened, page):
    sent = opened[2]
    assert any(b"comm_info_request" in frame for frame in sent)  # it would be seen
    sent.clear()
    draw(page, ONE)
    expect(said(page)).to_contain_text("Both say: a 1.")
    page.get_by_role("radio", name="Dense network").check()
    assert [frame for frame in sent if b"comm_" in frame] == []
