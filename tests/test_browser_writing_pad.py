"""The pad that asks for digits in a real browser: mouse, finger, keys, lines slow and broken."""

import os
import re
import signal
import time

import numpy as np
import pytest
from browser import (
    new_page,
    open_beside,
    open_notebook,
    prepare_page,
    run_cell,
    slowdown,
    violations_of_ours,
    write_notebook,
)
from handwriting import write
from handwriting import written as by_hand
from playwright.sync_api import expect
from slow_line import slow_line

from digitrec.widgets.writing_pad import RULES, WritingField, asking_order

PAD = """\
import os
from digitrec import widgets
pad = widgets.WritingPad(each=1, writer="412-17", seed=1)
display(pad)"""
COUNT = "print('the pad has', pad.count, 'from', os.getpid())"
WRITTEN = """\
found = pad.written
print('asked', *found.asked, '| doubts', [doubt for doubt in found.doubts if doubt])"""
FORMER = "print('before', [(part.writer, len(part)) for part in pad.former])"
PHONE_LINE = 0.75e6 / 8  # bytes a second
ORDER = asking_order(1, 1)


@pytest.fixture(scope="module")
def line(lab):
    write_notebook(lab.folder, "writing", PAD, COUNT, WRITTEN, FORMER)
    with slow_line(lab.address) as line:
        yield line


@pytest.fixture(scope="module")
def tab(chromium, line):
    """A tab with mouse, keys and a screen to touch."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, has_touch=True)
    page = prepare_page(context.new_page())
    open_notebook(page, line.address, "writing")
    yield page
    context.close()


@pytest.fixture
def page(tab, line):
    """The tab with a fresh pad."""
    line.rate = None
    run_cell(tab, "import os")
    asks(tab, ORDER[0], 1)
    return tab


def box(page):
    return page.get_by_role("group", name="Write digits")


def paper(page):
    return box(page).get_by_role("application")


def button(page, name):
    return box(page).get_by_role("button", name=name, exact=True)


def asks(page, digit, place, total=10):
    article = "an" if digit == 8 else "a"
    expect(box(page)).to_contain_text(f"Write {article} {digit}digit {place} of {total}")


def thumbnails(page):
    return page.get_by_role("group", name="What you have written").get_by_role("button")


def python_has(page, count):
    """Python has so many digits; it may take a moment."""
    for _ in range(50):
        run_cell(page, "the pad has")
        if page.get_by_text(re.compile(f"the pad has {count} from")).count():
            return
        page.wait_for_timeout(200)
    pytest.fail(f"Python has not got {count} digits")


def pid(page):
    run_cell(page, "the pad has")
    said = page.locator(".jp-OutputArea").get_by_text(re.compile(r"the pad has \d+")).inner_text()
    return int(said.split()[-1])


def inked(page):
    """How many thumbnails show ink."""
    return page.evaluate("""() => [...document.querySelectorAll(".digitrec-album canvas")].filter(
        (canvas) => canvas.getContext("2d").getImageData(0, 0, 28, 28).data.some((v) => v < 100),
    ).length""")


def write_digit(page, digit, seed=0):
    paper(page).scroll_into_view_if_needed()
    write(paper(page), [stroke[::4] for stroke in by_hand(digit, seed)])


def test_the_mouse_writes_all_and_python_has_each_under_its_label(page):
    for place, digit in enumerate(ORDER[:-1], 1):
        asks(page, digit, place)
        write_digit(page, digit)
        button(page, "Next").click()
    assert violations_of_ours(page) == []
    top = button(page, "Next").bounding_box()["y"]
    button(page, "Next").click()
    expect(box(page).get_by_text(RULES["empty"], exact=True)).to_be_visible()
    expect(box(page).get_by_role("status")).to_have_text(
        f"{RULES['empty']} Write a {ORDER[-1]}. digit 10 of 10."
    )
    assert button(page, "Next").bounding_box()["y"] == top
    asks(page, ORDER[-1], 10)
    lowest = paper(page).bounding_box()["y"]
    for name in ("Next", "Back", "Undo", "Clear", "Skip"):  # above the paper: no hand lies there
        place = button(page, name).bounding_box()
        assert place["y"] + place["height"] <= lowest
    write_digit(page, ORDER[-1])
    button(page, "Next").click()
    expect(box(page).get_by_text("You have written 10 digits", exact=True)).to_be_focused()
    expect(thumbnails(page)).to_have_count(10)
    expect(thumbnails(page).nth(3)).to_have_accessible_name(f"Digit 4: {ORDER[3]}. Write it again")
    expect(paper(page)).to_be_hidden()
    page.wait_for_function("document.querySelectorAll('.digitrec-album canvas').length === 10")
    assert violations_of_ours(page) == []
    run_cell(page, "found")
    asked = " ".join(map(str, ORDER))
    expect(page.get_by_text(f"asked {asked} | doubts []", exact=True)).to_be_visible()
    assert inked(page) == 10

    thumbnails(page).nth(3).click()
    expect(box(page).get_by_text("digit 4 of 10, once more", exact=True)).to_be_visible()
    expect(paper(page)).to_be_focused()
    button(page, "Keep it").click()
    expect(box(page).get_by_text("You have written 10 digits", exact=True)).to_be_visible()
    thumbnails(page).nth(3).click()
    write_digit(page, 1 if ORDER[3] != 1 else 7)  # not what was asked for
    button(page, "Next").click()
    run_cell(page, "found")
    expect(page.get_by_text(f"asked {asked} | doubts ['looks like a")).to_be_visible()
    button(page, "Back").click()  # the last of all
    asks(page, ORDER[-1], 10)
    python_has(page, 9)


def test_keys_write_undo_go_back_and_skip_and_none_reaches_the_notebook(page):
    cells = page.locator(".jp-CodeCell").count()
    paper(page).focus()

    def line(*keys):
        for key in ("Space", *keys, "Space"):
            page.keyboard.press(key)

    page.keyboard.press("Enter")
    expect(box(page).get_by_text(RULES["empty"], exact=True)).to_be_visible()
    line()
    page.keyboard.press("Enter")
    expect(box(page).get_by_text(RULES["dot"], exact=True)).to_be_visible()
    page.keyboard.press("Backspace")
    line(*["Shift+ArrowDown"] * 4)
    page.keyboard.press("Enter")
    asks(page, ORDER[1], 2)
    said = box(page).get_by_role("status")
    expect(said).to_contain_text(f"Write a {ORDER[1]}. digit 2 of 10.")
    page.keyboard.press("s")
    asks(page, ORDER[2], 2)
    expect(said).to_contain_text("Skipped. It comes again later. Write a")
    line(*["Shift+ArrowUp"] * 4)
    line(*["ArrowUp"] * 2)
    page.keyboard.press("Backspace")  # the second stroke
    page.keyboard.press("Enter")
    asks(page, ORDER[3], 3)
    page.keyboard.press("Backspace")  # the paper is empty: the last digit
    asks(page, ORDER[2], 2)
    expect(said).to_contain_text(f"Taken back: the {ORDER[2]}.")
    for key in "ddxab":
        page.keyboard.press(key)
    expect(paper(page)).to_be_focused()
    assert page.locator(".jp-CodeCell").count() == cells
    for digit in [*ORDER[2:], ORDER[1]]:  # what was skipped comes last
        expect(box(page).get_by_text(re.compile(f"^Write an? {digit}$"))).to_be_visible()
        line(*["Shift+ArrowUp", "Shift+ArrowUp", "Shift+ArrowDown", "Shift+ArrowDown"])
        page.keyboard.press("Enter")
    expect(box(page).get_by_text("You have written 10 digits", exact=True)).to_be_focused()
    for key in "dd":
        page.keyboard.press(key)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(thumbnails(page).first).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(thumbnails(page).nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(paper(page)).to_be_focused()
    expect(box(page).get_by_text("digit 2 of 10, once more", exact=True)).to_be_visible()
    run_cell(page, "found")
    asked = " ".join(map(str, [ORDER[0], *ORDER[2:], ORDER[1]]))
    expect(page.get_by_text(re.compile(f"^asked {asked} "))).to_be_visible()


def test_a_slow_line_holds_nobody_up_and_loses_nothing(page, line):
    line.rate = PHONE_LINE / 10
    start = time.monotonic()
    for place, digit in enumerate(ORDER[:5], 1):
        asks(page, digit, place)
        write_digit(page, digit)
        page.keyboard.press("Enter")
    asks(page, ORDER[5], 6)
    used = time.monotonic() - start
    print(f"five digits in {used:.1f} s")
    assert used < 10 * slowdown()
    line.rate = None
    python_has(page, 5)
    run_cell(page, "found")
    said = f"asked {' '.join(map(str, ORDER[:5]))} | doubts []"
    expect(page.get_by_text(said, exact=True)).to_be_visible()


def test_while_python_is_silent_it_is_said_and_digits_wait(page):
    kernel = pid(page)
    write_digit(page, ORDER[0])
    button(page, "Next").click()
    python_has(page, 1)
    os.kill(kernel, signal.SIGSTOP)  # as one that is busy for ever
    try:
        for digit in ORDER[1:4]:
            write_digit(page, digit)
            button(page, "Next").click()
        asks(page, ORDER[4], 5)
        words = page.get_by_role("paragraph").filter(has_text="Python has not taken your last")
        expect(words).to_be_visible()
        expect(box(page).get_by_role("status")).to_contain_text("This page keeps them")
    finally:
        os.kill(kernel, signal.SIGCONT)
    expect(words).to_have_count(0)
    python_has(page, 4)


def test_a_cell_that_runs_again_begins_anew_and_says_what_no_cell_has_used(page):
    write_digit(page, ORDER[0])
    button(page, "Next").click()
    python_has(page, 1)
    run_cell(page, "import os")
    expect(page.get_by_text("The pad of 412-17 closes with 1 digit that no cell")).to_be_visible()
    expect(box(page)).to_have_count(1)
    asks(page, ORDER[0], 1)
    run_cell(page, "before")
    kept = re.compile(r"^before \[.*\('412-17', 1\)\]")  # of other tests, too
    expect(page.locator(".jp-OutputArea").get_by_text(kept)).to_be_visible()


def test_a_finger_writes_and_what_was_written_outlasts_the_page(page, line):
    touch = page.context.new_cdp_session(page)

    def finger(digit):
        paper(page).scroll_into_view_if_needed()
        at = paper(page).bounding_box()
        for stroke in by_hand(digit):
            places = stroke[::4] * [at["width"], at["height"]] + [at["x"], at["y"]]
            for number, (x, y) in enumerate(places):
                kind = "touchMove" if number else "touchStart"
                points = [{"x": float(x), "y": float(y)}]
                touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
            touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    for place, digit in enumerate(ORDER[:3], 1):
        asks(page, digit, place)
        finger(digit)
        assert button(page, "Next").bounding_box()["height"] >= 44
        button(page, "Next").tap()
    button(page, "Skip").tap()
    asks(page, ORDER[4], 4)
    run_cell(page, "found")
    said = f"asked {' '.join(map(str, ORDER[:3]))} | doubts []"
    expect(page.get_by_text(said, exact=True)).to_be_visible()
    with page.expect_response(lambda response: response.request.method == "PUT"):
        page.keyboard.press("Control+s")

    page.reload()
    asks(page, ORDER[4], 4)
    box(page).locator("summary").tap()
    expect(thumbnails(page)).to_have_count(3)
    page.wait_for_function(
        """() => [...document.querySelectorAll(".digitrec-album canvas")].every((canvas) =>
        canvas.getContext("2d").getImageData(0, 0, 28, 28).data.some((v) => v < 100))"""
    )
    other = prepare_page(page.context.new_page())
    open_beside(other, line.address, "writing")
    asks(other, ORDER[4], 4)
    write_digit(other, ORDER[4])
    button(other, "Next").click()
    asks(page, ORDER[5], 5)  # the first tab goes on, too
    expect(thumbnails(page)).to_have_count(4)
    write_digit(page, ORDER[5])  # begun here
    write_digit(other, ORDER[5])
    button(other, "Next").click()
    asks(other, ORDER[6], 6)
    expect(thumbnails(page)).to_have_count(5)
    expect(box(page).get_by_text(f"Write a {ORDER[5]}", exact=True)).to_be_visible()
    button(page, "Next").click()
    asks(page, ORDER[6], 6)
    run_cell(page, "found")
    said = f"asked {' '.join(map(str, [*ORDER[:3], *ORDER[4:6]]))} | doubts []"
    expect(page.get_by_text(said, exact=True)).to_be_visible()


# the script alone, with a Python that answers when it is told to

MODEL = """
class Model {
  constructor(state) { this.state = state; this.sent = []; this.listeners = {}; }
  get(name) { return this.state[name]; }
  on(name, act) { (this.listeners[name] ??= []).push(act); }
  send(message) { this.sent.push(message); }
  fire(name, ...values) { (this.listeners[name] ?? []).forEach((act) => act(...values)); }
}
window.start = (asks, turns, rules) => {
  document.body.replaceChildren();
  window.model = new Model({ asks, turns, later: [], rules });
  window.leaving = new AbortController();
  renderWritingPad({ model, el: document.body, signal: leaving.signal });
};
window.answer = (turn, number, refused = "") => {
  if (!refused) model.state.turns = [...model.state.turns, turn];
  const image = new Uint8Array(784).fill(255);
  const message = { turns: refused ? [] : [turn], answers: [turn, number], refused };
  model.fire("change:turns");
  model.fire("msg:custom", message, [new DataView(image.buffer)]);
};
"""


@pytest.fixture(scope="module")
def alone(chromium):
    page = new_page(chromium)
    page.clock.install(time=0)
    page.clock.pause_at(1000)  # milliseconds; from here on the tests turn it
    script = WritingField._esm.rsplit("export default", 1)[0]
    page.add_script_tag(content=script + MODEL)
    yield page
    page.close()


@pytest.fixture
def fresh(alone):
    alone.evaluate("([asks, rules]) => start(asks, [], rules)", [[3, 5, 3, 8], RULES])
    yield alone
    alone.evaluate("leaving.abort()")


def hand_over(page):
    write(paper(page), by_hand(3)[:1])
    paper(page).press("Enter")


def sent(page):
    return page.evaluate("model.sent.map(({act, turn, number}) => [act, turn, number])")


def test_each_change_is_sent_at_once_and_again_if_it_was_lost(fresh):
    hand_over(fresh)
    hand_over(fresh)
    paper(fresh).press("s")
    first, second, skipped = sent(fresh)
    assert [first[:2], second[:2], skipped[:2]] == [["write", 0], ["write", 1], ["skip", 2]]
    fresh.evaluate("([turn, number]) => answer(turn, number)", second[1:])  # the first was lost
    *_, again = sent(fresh)
    assert again[:2] == ["write", 0]
    assert len(sent(fresh)) == 4
    fresh.evaluate("([turn, number]) => answer(turn, number)", first[1:])  # late, after all
    assert len(sent(fresh)) == 4
    fresh.evaluate("([turn, number]) => answer(turn, number)", again[1:])
    assert len(sent(fresh)) == 5  # the skip, which went before
    assert fresh.evaluate("model.sent[0].strokes.length") == 1


def test_who_writes_on_is_told_that_python_is_silent(fresh):
    silence = box(fresh).locator(".digitrec-silence")
    hand_over(fresh)
    for wait, said in ((3000, ""), (1900, ""), (200, "Python has not taken your last digits yet")):
        hand_over(fresh)
        fresh.clock.run_for(wait)
        expect(silence).to_have_text(re.compile(f"^{said}"))
        assert bool(silence.inner_text()) == bool(said)
    numbers = [one[1:] for one in sent(fresh)]
    for turn, number in numbers[:-1]:
        fresh.evaluate("([turn, number]) => answer(turn, number)", [turn, number])
    expect(silence).not_to_have_text("")
    fresh.evaluate("([turn, number]) => answer(turn, number)", numbers[-1])
    expect(silence).to_have_text("")


def test_the_browser_asks_before_a_page_is_left_that_python_has_not_all_of(fresh):
    would_ask = """() => {
        const leave = new Event("beforeunload", { cancelable: true });
        dispatchEvent(leave);
        return leave.defaultPrevented;
    }"""
    assert not fresh.evaluate(would_ask)
    hand_over(fresh)
    assert fresh.evaluate(would_ask)
    ((_, turn, number),) = sent(fresh)
    fresh.evaluate("([turn, number]) => answer(turn, number)", [turn, number])
    assert not fresh.evaluate(would_ask)


def test_what_python_refuses_is_asked_for_again(fresh):
    hand_over(fresh)
    asks(fresh, 5, 2, 4)
    ((_, turn, number),) = sent(fresh)
    fresh.evaluate("([turn, number]) => answer(turn, number, 'No, thanks.')", [turn, number])
    expect(box(fresh).get_by_text("No, thanks.", exact=True)).to_be_visible()
    asks(fresh, 3, 1, 4)


def test_a_digit_comes_twice_running_only_where_no_other_is_left(fresh):
    fresh.evaluate("([asks, rules]) => start(asks, [], rules)", [[3, 5, 8, 3], RULES])
    for _ in range(2):  # the first 3, and the 5
        paper(fresh).press("s")
    hand_over(fresh)
    asks(fresh, 3, 2, 4)
    hand_over(fresh)
    asks(fresh, 5, 3, 4)  # though the 3 was skipped first
    hand_over(fresh)
    asks(fresh, 3, 4, 4)
    fresh.evaluate("([asks, rules]) => start(asks, [0, 1, 3], rules)", [[3, 5, 3, 3], RULES])
    asks(fresh, 3, 4, 4)


def test_a_key_that_is_held_down_does_it_once(fresh):
    for _ in range(3):
        hand_over(fresh)
    fresh.keyboard.down("Backspace")
    fresh.keyboard.down("Backspace")
    fresh.keyboard.down("Backspace")
    fresh.keyboard.up("Backspace")
    asks(fresh, 3, 3, 4)


def test_a_large_digit_of_many_points_or_a_small_one_is_judged_as_in_python(fresh):
    from digitrec.widgets.writing_pad import prepared

    generator = np.random.default_rng(0)
    for _ in range(40):
        size = generator.uniform(5, 60)
        strokes = [(100 + generator.uniform(0, size, (5, 2))).round(1).tolist()]
        why = fresh.evaluate("([s, rules]) => whyNoDigit(s, rules)", [strokes, RULES])
        there = prepared(strokes)
        assert why == (there if isinstance(there, str) else "")
    long = [[[1, 1], [200, 200]] * 10_001]
    assert fresh.evaluate("([s, rules]) => whyNoDigit(s, rules)", [long, RULES]) == RULES["tooLong"]
