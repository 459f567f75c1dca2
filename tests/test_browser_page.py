"""The page without a kernel, from disk and from a server, drawn on with mouse, finger and keys."""

import numpy as np
import pytest
from browser import served_files, slowdown
from handwriting import paper, strokes_on, write, written
from playwright.sync_api import expect

from digitrec import draw_strokes, prepare_digit

WATCH = """() => {
  window.seen = [];
  new MutationObserver(() => {
    const shown = [...document.querySelectorAll(".digitrec-bars")].map((table) =>
      [...table.querySelectorAll(".digitrec-percent")].map((cell) => cell.textContent));
    const latest = lookAt(page.pad.strokes(), page.networks, true);
    const right = latest?.readings.map(({probabilities}) =>
      Array.from(probabilities, (share) => percentText(share, ">", "<")));
    const text = document.querySelector(".digitrec-sentence").textContent;
    window.seen.push({time: performance.now(), fresh: JSON.stringify(shown) ===
      JSON.stringify(right), text});
  }).observe(document.getElementById("cards"), {subtree: true, childList: true,
    attributes: true, attributeFilter: ["style"]});
}"""
REFUSED = """() => new Promise((done) => {
  document.addEventListener("securitypolicyviolation", (event) => done(event.violatedDirective));
  fetch("https://example.org").catch(() => setTimeout(() => done("nobody refused"), 1000));
})"""
OUTLINED = """canvas => {
  const {width, height} = canvas;
  const {data} = canvas.getContext("2d").getImageData(0, 0, width, height);
  const x = [], y = [];
  for (let i = 0; i < width * height; i++) {
    if (data[4 * i] > 180 && data[4 * i + 2] < 60) { x.push(i % width); y.push((i / width) | 0); }
  }
  return [Math.min(...x), Math.min(...y), Math.max(...x) + 1, Math.max(...y) + 1]
    .map((place) => place / width);
}"""


@pytest.fixture(scope="module")
def address(page_file):
    """A web server with nothing but the page."""
    with served_files(page_file.parent) as served_at:
        yield served_at


@pytest.fixture
def page(open_page):
    return open_page()


def card(page, name):
    return page.locator(".digitrec-card").filter(has=page.get_by_role("heading", name=name))


def wait_until(page, condition):
    """Wait in the page itself: its policy forbids what Playwright's own waiting evaluates."""
    page.evaluate(f"""() => new Promise((done) => {{
      const look = () => {condition} ? done() : requestAnimationFrame(look);
      look();
    }})""")


@pytest.mark.parametrize("where", ["disk", "server"])
def test_ten_digits_are_read_and_nothing_is_asked_of_anyone(open_page, address, where):
    page = open_page("about:blank")
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(address if where == "server" else open_page().url)
    for digit in range(10) if where == "disk" else (9,):
        page.get_by_role("button", name="Clear").dispatch_event("click")
        write(paper(page), written(digit, seed=7, points=20))
        for name in ("Network in the box", "Dense network"):
            expect(card(page, name).locator(".digitrec-best th")).to_have_text(str(digit))
    said = "Both say: a 9. Network in the box: The number is probably a 9. Sure:"
    expect(page.get_by_role("status")).to_contain_text(said)
    own = page.url
    assert [url for url in requests if url != own and not url.startswith("data:")] == []
    assert page.evaluate(REFUSED) == "connect-src"


def test_it_is_small_and_answers_within_a_second_of_opening(open_page, page_file):
    assert page_file.stat().st_size <= 2_000_000
    assert [path.name for path in page_file.parent.iterdir()] == ["index.html"]
    slow = slowdown()
    page = open_page()
    page.evaluate(WATCH)
    write(paper(page), [np.array([[0.5, 0.2], [0.5, 0.5]])])
    wait_until(page, "seen.length > 0")
    assert page.evaluate("seen[0].time") < 1000 * max(slow, slowdown())


def test_answers_while_drawing_are_fresh_and_the_verdict_waits(page):
    page.evaluate(WATCH)
    slow = slowdown()
    start = page.evaluate("performance.now()")
    write(paper(page), written(2, points=60), lift=False)
    took = page.evaluate("performance.now()") - start
    seen = page.evaluate("seen")
    assert len(seen) >= 5 * took / 1000 / max(slow, slowdown())
    assert all(moment["text"].startswith("So far") for moment in seen)
    page.mouse.up()
    expect(card(page, "Network in the box")).to_contain_text("The number is probably a 2")
    write(paper(page), written(4, points=30)[1:])
    assert all(moment["fresh"] for moment in page.evaluate("seen"))


def test_the_answer_comes_at_once_when_a_stroke_ends(page):
    page.evaluate("""() => { window.waits = []; document.addEventListener("pointerup", () => {
        const start = performance.now();
        requestAnimationFrame(() => setTimeout(() => waits.push(performance.now() - start)));
      }, true); }""")
    slow = slowdown()
    for _ in range(3):
        write(paper(page), written(5, points=20))
    wait_until(page, "waits.length === 6")
    assert np.median(page.evaluate("waits")) <= 50 * max(slow, slowdown())


def test_nothing_jumps(page):
    places = []
    for stroke in [*written(4), np.array([[0.1, 0.9], [0.9, 0.9]])]:
        write(paper(page), [stroke])
        expect(page.locator(".digitrec-sentence").first).not_to_contain_text("So far")
        places.append(
            [
                part.bounding_box()
                for part in page.locator(".digitrec-card, #more, .digitrec-bars").all()
            ]
        )
    assert places[0] == places[1] == places[2]


def test_unprepared_it_fails_and_prepared_it_reads(page):
    page.get_by_role("button", name="Put a small 7 in a corner").click()
    expect(page.get_by_text("Both say: a 7.")).to_be_visible()
    page.get_by_role("switch", name="Prepare the drawing").click()
    expect(page.get_by_text("They disagree")).to_be_visible()
    expect(page.locator("#agreement")).not_to_contain_text("7")
    page.get_by_role("switch", name="Prepare the drawing").click()
    expect(page.get_by_text("Both say: a 7.")).to_be_visible()


LAYERS = [  # from the last to the first: size, step, padding; pooling is a layer here
    [(5, 2, 0)],
    [(2, 2, 0), (3, 1, 0), (5, 2, 0)],
    [(3, 1, 1), (2, 2, 0), (3, 1, 0), (5, 2, 0)],
    [(3, 1, 0), (3, 1, 1), (2, 2, 0), (3, 1, 0), (5, 2, 0)],
]


def window(layer, place):
    """First pixel and the one after the last that a place sees, going back layer by layer."""
    first, last = place, place
    for size, step, padding in LAYERS[layer]:
        first, last = first * step - padding, last * step - padding + size - 1
    return first, last + 1


def test_a_place_in_a_map_shows_the_window_it_looks_at(page):
    write(paper(page), written(2))
    expect(page.get_by_text("Both say: a 2.")).to_be_visible()
    steps = prepare_digit(draw_strokes(strokes_on(page)))
    rows, columns = np.nonzero(steps.image)
    left, top, width, height = steps.box
    for layer, (side, row, column) in enumerate([(12, 4, 7), (5, 3, 1), (5, 0, 4), (3, 1, 2)]):
        maps = page.locator("canvas.digitrec-maps").nth(layer)
        maps.scroll_into_view_if_needed()
        box = maps.bounding_box()
        cell = 72 // side  # in a canvas of eight maps a row, four pixels apart
        cell *= box["width"] / (8 * (cell * side + 4) - 4)
        page.mouse.move(box["x"] + (column + 0.5) * cell, box["y"] + (row + 0.5) * cell)
        down = window(layer, row)
        across = tuple(place - 1 for place in window(layer, column))  # it looks one to the left
        words = [f"{max(a, 0) + 1} to {min(b, 28)}" for a, b in (down, across)]
        expect(page.locator(".digitrec-place")).to_contain_text(
            f"row {row + 1}, column {column + 1}, looks at rows {words[0]} and columns {words[1]}"
        )
        shown = page.locator(".digitrec-looked-at canvas").first.evaluate(OUTLINED)
        corners = np.array([across[0], down[0], across[1], down[1]])
        assert np.abs(28 * np.array(shown) - np.clip(corners, 0, 28)).max() < 0.6
        field = page.locator(".digitrec-looked-at canvas").last.evaluate(OUTLINED)
        x = left - 20 + (corners[[0, 2]] - columns.min()) * width / (np.ptp(columns) + 1)
        y = top - 20 + (corners[[1, 3]] - rows.min()) * height / (np.ptp(rows) + 1)
        expected = np.clip([x[0], y[0], x[1], y[1]], 0, 280)
        assert np.abs(280 * np.array(field) - expected).max() < 6


def test_sixty_fast_strokes_and_one_that_leaves_the_paper(page):
    write(paper(page), [np.array([(x, 0.2), (x, 0.4)]) for x in np.linspace(0.1, 0.9, 60)])
    assert len(strokes_on(page)) == 60
    write(paper(page), [np.array([(0.5, 0.5), (1.2, 0.6), (0.5, 0.8)])])
    assert strokes_on(page)[-1][-1] == pytest.approx([140, 224], abs=1)
    assert max(x for x, _ in strokes_on(page)[-1]) == 280
