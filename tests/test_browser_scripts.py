"""The scripts of the browser, each alone in an empty page: what they compute, and when they ask."""

import json
from dataclasses import replace

import numpy as np
import pytest
from browser import new_page

from digitrec.browser import READER, joined
from digitrec.reading import interpret, kinds, percent, prepare_digit
from digitrec.reading.drawings import draw_strokes
from digitrec.widgets.controls import script
from digitrec.widgets.uploader import rules

PARTS = ("elements.js", "look.js", "pictures.js", "answers.js", "live.js", "pad.js", "waiting.js")
OURS = ("matrix.js", "reduce_picture.js", "answer_view.js")


@pytest.fixture(scope="module")
def page(chromium):
    page = new_page(chromium)
    page.clock.install(time=0)
    page.clock.pause_at(1000)  # milliseconds; from here on the tests turn it
    page.add_script_tag(content=joined(*READER, *PARTS) + "".join(map(script, OURS)))
    yield page
    page.close()


@pytest.fixture
def pad(page):
    """A pad of 280 pixels, so that a pixel is a unit, whose changes are noted."""
    page.evaluate("""() => {
      document.body.replaceChildren();
      document.body.style.margin = "10px 0 0 70px";
      window.changes = [];
      window.pad = makePad({
        maxWidth: 280, onChange: (strokes, drawing) => changes.push([strokes.length, drawing]),
      });
      document.body.append(pad.element);
    }""")
    page.wait_for_function("document.querySelector('canvas').width !== 300")  # as it begins
    return page.get_by_role("application")


def strokes(page):
    return page.evaluate("pad.strokes()")


def test_the_keyboard_draws_in_steps_and_stays_in_the_field(page, pad):
    pad.focus()
    for key in ("ArrowLeft", "Shift+ArrowUp", "Space", "ArrowRight", "ArrowDown", "Space"):
        pad.press(key)
    assert strokes(page) == [[[135, 115], [140, 115], [140, 120]]]
    pad.press("Space")
    for _ in range(12):
        pad.press("Shift+ArrowRight")
    pad.press("Escape")
    assert strokes(page)[1][-1] == [280, 120]
    pad.press("ArrowLeft")  # the pen is up
    assert len(strokes(page)) == 2


def test_the_mouse_draws_where_it_is_and_undo_takes_one_stroke(page, pad):
    box = pad.bounding_box()
    for start in (30, 90):
        page.mouse.move(box["x"] + start, box["y"] + 50)
        page.mouse.down()
        page.mouse.move(box["x"] + start, box["y"] + 200)
        page.mouse.up()
    drawn = np.array([[stroke[0], stroke[-1]] for stroke in strokes(page)])
    scale = 280 / box["width"]
    assert np.allclose(drawn, [[[x, 50], [x, 200]] * np.array(scale) for x in (30, 90)], atol=0.5)
    assert page.evaluate("changes.at(-1)") == [2, False]
    page.get_by_role("button", name="Undo").click()
    assert len(strokes(page)) == 1
    assert strokes(page)[0][0][0] == pytest.approx(30 * scale, abs=0.5)
    assert page.evaluate("changes.at(-1)") == [1, False]
    page.get_by_role("button", name="Clear").click()
    assert strokes(page) == []


def test_keys_while_the_mouse_draws_do_nothing(page, pad):
    box = pad.bounding_box()
    pad.focus()
    page.mouse.move(box["x"] + 50, box["y"] + 50)
    page.mouse.down()
    page.mouse.move(box["x"] + 50, box["y"] + 100)
    for key in ("Space", "ArrowRight"):
        page.keyboard.press(key)
    page.mouse.up()
    (stroke,) = strokes(page)
    assert {point[0] for point in stroke} == {stroke[0][0]}


def test_a_second_finger_does_not_break_the_stroke_of_the_first(page, pad):
    found = page.evaluate("""() => {
      const canvas = document.querySelector('canvas'), box = canvas.getBoundingClientRect();
      canvas.setPointerCapture = () => {};  // there is no finger
      const touch = (kind, pointerId, x, y) => canvas.dispatchEvent(new PointerEvent(kind, {
        pointerId, clientX: box.left + x, clientY: box.top + y, button: 0, pointerType: 'touch',
      }));
      touch('pointerdown', 1, 50, 50);
      touch('pointerdown', 2, 200, 50);
      touch('pointermove', 2, 200, 200);
      touch('pointermove', 1, 50, 200);
      touch('pointerup', 2, 200, 200);
      touch('pointerup', 1, 50, 200);
      return [box.width, pad.strokes()];
    }""")
    scale = 280 / found[0]
    (stroke,) = found[1]
    assert np.allclose(stroke, np.array([[50, 50], [50, 200]]) * scale, atol=0.1)


def test_a_hand_on_the_paper_is_no_stroke_while_a_pen_writes(page, pad):
    page.evaluate("""() => {
      const canvas = document.querySelector('canvas'), box = canvas.getBoundingClientRect();
      canvas.setPointerCapture = () => {};  // there is no pointer
      window.send = (kind, pointerType, pointerId, x, y) => canvas.dispatchEvent(
        new PointerEvent(kind, {
          pointerId, pointerType, clientX: box.left + x, clientY: box.top + y, button: 0,
        }));
    }""")

    def draw(kind, pointer, x):
        for event, y in (("pointerdown", 50), ("pointermove", 100), ("pointerup", 200)):
            page.evaluate("all => send(...all)", [event, kind, pointer, x, y])

    page.evaluate("send('pointerdown', 'touch', 1, 250, 250)")  # the hand comes first
    draw("pen", 2, 50)
    draw("touch", 1, 250)
    (stroke,) = strokes(page)
    assert {round(x) for x, _ in stroke} == {round(50 * 280 / pad.bounding_box()["width"])}
    page.clock.run_for(1900)
    draw("touch", 1, 250)  # the hand still lies there
    assert len(strokes(page)) == 1
    page.clock.run_for(2100)
    draw("touch", 3, 150)  # later a finger writes
    assert len(strokes(page)) == 2


def test_what_a_pad_hands_out_does_not_change_later(page, pad):
    given = page.evaluate("""() => {
      const list = [[[1, 2], [3, 4]]];
      pad.setStrokes(list);
      list[0][0][0] = 99;
      const before = pad.strokes();
      pad.undo();
      return [before, pad.strokes()];
    }""")
    assert given == [[[[1, 2], [3, 4]]], []]


def test_a_stroke_on_the_canvas_is_as_wide_as_the_pen_and_dark(page, pad):
    shades = page.evaluate("""() => {
      pad.setStrokes([[[140, 40], [140, 240]]]);
      const canvas = document.querySelector('canvas'), scale = canvas.width / 280;
      const row = canvas.getContext('2d').getImageData(0, 140 * scale, canvas.width, 1).data;
      return Array.from({length: 280}, (_, x) => row[4 * Math.floor((x + 0.5) * scale)]);
    }""")
    assert shades[0] == 255
    assert np.sum(np.array(shades) < 128) == pytest.approx(22, abs=2)


MODEL = """
class Model {
  constructor() { this.state = {asked: 0, answered: 0}; this.sent = []; this.listeners = {}; }
  get(name) { return this.state[name]; }
  set(name, value) {
    this.state[name] = value;
    (this.listeners[`change:${name}`] ?? []).forEach((act) => act());
  }
  on(name, act) { (this.listeners[name] ??= []).push(act); }
  save_changes() { this.sent.push({...this.state}); }
}
"""


def test_one_question_at_a_time_and_the_last_value_wins(page):
    sent = page.evaluate(f"""() => {{
      {MODEL}
      const model = new Model(), tell = askInTurn(model);
      for (const value of [1, 2, 3]) tell({{value}});
      const before = model.sent.length;
      model.set("answered", 1);
      model.set("answered", 2);
      return [before, model.sent.map(({{value, asked}}) => [value, asked])];
    }}""")
    assert sent == [1, [[1, 1], [3, 2]]]


def test_silence_is_said_after_five_seconds_and_taken_back(page):
    page.evaluate(f"""() => {{
      {MODEL}
      window.model = new Model();
      window.words = document.createElement("p");
      watchAnswers(model, words, "no word");
      ask(model, {{value: 1}});
    }}""")
    said = []
    for wait in (4900, 200):
        page.clock.run_for(wait)
        said.append(page.evaluate("words.textContent"))
    page.evaluate("model.set('answered', 1)")
    assert [*said, page.evaluate("words.textContent")] == ["", "no word", ""]


def test_reading_while_the_pen_moves_is_seldom_and_the_verdict_waits(page):
    page.evaluate("""() => {
      window.shown = [];
      const show = (look, phase) => shown.push([look, phase]);
      window.live = readLive((strokes) => strokes.length, show);
      for (let n = 1; n <= 5; n++) live.onChange(Array(n).fill(0), true);
    }""")
    assert page.evaluate("shown") == [[1, "drawing"]]
    page.clock.run_for(60)
    assert page.evaluate("shown.slice(1)") == [[5, "drawing"]]
    page.evaluate("live.onChange(Array(6).fill(0), false)")
    assert page.evaluate("shown.slice(2)") == [[6, "ended"]]
    page.clock.run_for(690)
    assert page.evaluate("shown.length") == 3
    page.clock.run_for(20)
    assert page.evaluate("shown.slice(3)") == [[6, "resting"]]


def test_a_cell_of_the_matrix_is_deeper_with_its_count_and_its_text_can_be_read(page):
    found = page.evaluate("[0, 1, 50, 100].map((n) => cellColours(n, 100, [0, 114, 178]))")
    grounds = [[int(part) for part in one["ground"][4:-1].split(",")] for one in found]
    assert grounds[0] == [255, 255, 255]
    assert grounds[3] == [0, 114, 178]
    assert (np.diff(np.sum(grounds, axis=1)) < 0).all()
    for one, ground in zip(found, grounds, strict=True):
        linear = (np.array(ground) / 255 + 0.055) / 1.055
        light = float(linear**2.4 @ [0.2126, 0.7152, 0.0722])  # WCAG
        text = 0 if one["text"] == "black" else 1
        contrast = (max(light, text) + 0.05) / (min(light, text) + 0.05)
        assert contrast >= 4.5


def test_keys_lead_through_the_matrix_and_not_out_of_it(page):
    ways = {
        **{"ArrowUp": [[0, 0], [4, 5]], "ArrowDown": [[1, 0], [6, 5]]},
        **{"ArrowLeft": [[0, 0], [5, 4]], "ArrowRight": [[0, 1], [5, 6]]},
        **{"Home": [[0, 0], [5, 0]], "End": [[0, 9], [5, 9]]},
    }
    for key, (from_corner, from_middle) in ways.items():
        assert page.evaluate("key => cellAfterKey(key, [0, 0], 9)", key) == from_corner
        assert page.evaluate("key => cellAfterKey(key, [5, 5], 9)", key) == from_middle
    assert page.evaluate("cellAfterKey('ArrowDown', [9, 9], 9)") == [9, 9]
    assert page.evaluate("cellAfterKey('x', [9, 9], 9)") is None


def test_why_a_file_cannot_be_read_is_what_python_says(page):
    files = [b"Dear diary", bytes(range(64)), b"\0\0\0\x18ftypheic\0\0", b"%PDF-1.7", b"\0" * 9]
    files += [b"\0" * start + mark for start, mark, _ in kinds.TABLE]
    for file in files:
        why = page.evaluate(
            "([file, rules]) => whyUnreadable(file, rules)",
            [file.decode("latin-1"), json.loads(json.dumps(rules()))],
        )
        assert why == kinds.why_unreadable(file), file


def test_the_window_of_an_image_on_the_drawing_holds_the_same_ink(page):
    """A pixel of the image at the corner of its ink is the corner of the ink on the field."""
    found = page.evaluate("""() => {
      const network = {answers: 10, shifts: [[0, 0]], layers: [{kind: "flatten"}]};
      const look = lookAt([[[60, 40], [60, 200], [180, 200]]], [network], true);
      const [first, last, above, below] = inkedPart(look.image);
      const window = windowOnDrawing({left: first, top: above, size: 1}, look.placement);
      const end = windowOnDrawing({left: last, top: below, size: 1}, look.placement);
      return [window.left, window.top, end.left, end.top];
    }""")
    assert found == pytest.approx([60 - 11, 40 - 11, 180 + 11, 200 + 11], abs=1.5)


def test_the_window_of_a_place_in_a_map_moves_with_its_row_and_its_column(page):
    maps = {"windowTop": -3, "windowLeft": 1, "windowStep": 2, "windowSize": 7}
    found = page.evaluate("maps => windowOf(maps, 4, 1)", maps)
    assert found == {"left": 1 + 1 * 2, "top": -3 + 4 * 2, "size": 7}


def test_no_percent_is_certain_in_the_browser_either(page):
    shares = [1, 0.9901, 0.99, 0.5, 0.01, 0.0099, 0]
    said = page.evaluate("shares => shares.map((share) => percentText(share))", shares)
    assert said == [percent(share) for share in shares]


def test_a_card_marks_the_best_answer_and_shows_each_share(page):
    rows = page.evaluate("""() => {
      const card = makeCard("The box", {answers: 11});
      const probabilities = [0.1, 0, 0, 0, 0.62, 0, 0, 0, 0, 0.08, 0.2];
      const said = {digit: 4, confidence: 0.62, isDigit: true, reason: "", runnersUp: [0, 9]};
      card.show({...said, probabilities, notADigit: 0.2, isSure: false}, true);
      return [...card.element.querySelectorAll("tr")].map((row) => [
        row.querySelector("th").textContent, row.querySelector(".digitrec-bar").style.width,
        row.querySelector(".digitrec-percent").textContent, row.classList.contains("digitrec-best"),
      ]);
    }""")
    assert [row[0] for row in rows] == [*"0123456789", "not a digit"]
    assert [row[0] for row in rows if row[3]] == ["4"]
    assert rows[4][1:3] == ["62%", "62%"]
    assert rows[10][1:3] == ["20%", "20%"]
    assert rows[1][1:3] == ["0%", "<1%"]


def test_a_long_line_does_not_fade_and_is_pythons(page):
    strokes = [[[0, 140.5], [280, 140.5]]]  # its lowest and its highest pixels are half covered
    image = page.evaluate("strokes => Array.from(prepareDigit(inkOf(strokes)).image)", strokes)
    expected = prepare_digit(draw_strokes(strokes)).image
    assert max(image) == expected.max() == 255
    assert np.abs(np.reshape(image, (28, 28)) - expected.astype(int)).max() <= 2


def test_halves_round_as_in_python(page):
    values = [0.5, 1.5, 2.5, 3.5, 2.49, 2.51, 7.0, 12.5]
    found = page.evaluate("values => values.map((value) => roundHalfEven(value))", values)
    assert found == [round(value) for value in values]


def test_answers_mean_what_they_mean_in_python(page):
    g = np.random.default_rng(0)
    steps = prepare_digit(np.full((8, 8), 255, np.uint8))
    for number in range(300):
        answers = g.dirichlet(np.full(10 + number % 2, 0.15)).astype(np.float32)
        shapes = tuple(g.integers(0, 3, 2).tolist())
        given = [[float(share) for share in answers], {"shapes": shapes}]
        found = page.evaluate("([answers, prepared]) => interpretAnswers(answers, prepared)", given)
        reading = interpret(replace(steps, shapes=shapes, ink_contrast=100.0), answers)
        assert (found["digit"], found["reason"]) == (reading.digit, reading.reason)
        assert (found["isDigit"], found["isSure"]) == (reading.is_digit, reading.is_sure)
        assert tuple(found["runnersUp"]) == reading.runners_up
        assert found["notADigit"] == reading.not_a_digit


def test_where_two_networks_differ_it_is_said(page):
    def said(*digits):
        readings = [{"digit": d or 0, "isDigit": d is not None} for d in digits]
        return page.evaluate("readings => agreementOf(readings, true)", readings)

    assert said(8, 8) == {"agree": True, "text": "Both say: an 8."}
    assert said(3, 8) == {"agree": False, "text": "They disagree: a 3, or an 8?"}
    assert said(3, None)["agree"] is False


def test_details_name_the_runner_up_and_why_it_is_no_digit(page):
    reading = {
        **{"digit": 4, "confidence": 0.62, "isDigit": True, "isSure": False, "reason": ""},
        **{"notADigit": 0.02, "runnersUp": [9, 1]},
        "probabilities": [0, 0.01, 0, 0, 0.62, 0, 0, 0, 0, 0.35],
    }

    def details(**change):
        return page.evaluate("reading => detailsOf(reading)", reading | change)

    assert details() == "Not sure: 62%. It could also be a 9 (35%)."
    assert details(isSure=True, confidence=0.95) == "Sure: 95%."
    assert details(isDigit=False, notADigit=0.7) == "Not a digit: 70%."
    assert details(isDigit=False, reason="several shapes") == "Draw one digit alone."
    assert details(isDigit=False, confidence=0.4) == "Best guess: a 4 (40%)."
