"""What the browser computes, against Python: the ink, the preparation, the probabilities."""

import base64
import itertools
import json
import sys
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from browser import new_page

import digitrec
from digitrec.browser import NETWORKS, READER, boxed_network, joined, portable
from digitrec.reading.digit import interpret
from digitrec.storage import BOXED_MODEL, DENSE_MODEL

sys.path.append(str(Path(__file__).parents[1] / "scripts"))

from strokes import digit_strokes

IMAGES, DRAWINGS = 2_000, 500
ANSWER_ALL = """text => {
  const images = bytesOf(text), answers = [];
  for (let i = 0; i < images.length; i += 784) {
    answers.push(Array.from(answersOf(network, images.subarray(i, i + 784))));
  }
  return answers;
}"""
READ_ALL = """drawings => drawings.map((strokes) => {
  const ink = inkOf(strokes), prepared = prepareDigit(ink), rows = [];
  for (let row = 0; row < ink.side; row++) {
    rows.push(String.fromCharCode(...ink.pixels.subarray(row * ink.side, (row + 1) * ink.side)));
  }
  const reading = interpretAnswers(answersOf(network, prepared.image), prepared);
  return {...reading, ...prepared, image: Array.from(prepared.image),
          whole: Array.from(shrinkWhole(ink)), ink: btoa(rows.join(""))};
})"""


def drawings(count, seed=1):
    """Digits, some of two numbers or with dust, of all sizes, anywhere in the field."""
    g = np.random.default_rng(seed)
    made = []
    for number in range(count):
        strokes = list(digit_strokes(g, number % 10))
        if number % 9 == 0:
            strokes += [np.add(stroke, [1.4, 0]) for stroke in digit_strokes(g, 1)]
        if number % 7 == 0:
            strokes.append(g.uniform(-0.3, 1.3, (1, 2)))
        points = np.concatenate(strokes)
        low, size = points.min(axis=0), np.ptp(points, axis=0).max()
        side = g.uniform(25, 250)
        corner = g.uniform(0, 280 - side, 2)
        scaled = [(stroke - low) * side / max(size, 0.1) + corner for stroke in strokes]
        made.append([np.clip(stroke, 0, 280).round(1).tolist() for stroke in scaled])
    return made


@pytest.fixture(scope="module")
def page(chromium):
    page = new_page(chromium)
    page.add_script_tag(content=joined(*READER))
    yield page
    page.close()


def load(page, text):
    page.evaluate("text => { window.network = loadNetwork(text); }", text)


def answers(page, images):
    return np.array(page.evaluate(ANSWER_ALL, base64.b64encode(images.tobytes()).decode()))


@pytest.mark.parametrize("part", [slice(0, 50), slice(50, IMAGES)], ids=["first", "rest"])
@pytest.mark.parametrize(("name", "path"), [("box", BOXED_MODEL), ("dense", DENSE_MODEL)])
def test_the_browser_answers_as_keras(page, mnist, name, path, part):
    images = mnist.validation.images[part]
    load(page, boxed_network(name))
    inside = answers(page, images)
    keras = digitrec.predict(digitrec.load_model(path), images)
    assert np.array_equal(inside.argmax(axis=1), keras.argmax(axis=1))
    assert np.abs(inside - keras).max() <= 0.001


@pytest.mark.parametrize(("name", "path"), [("box", BOXED_MODEL), ("dense", DENSE_MODEL)])
def test_what_the_browser_has_is_of_todays_networks(name, path):
    model = digitrec.load_model(path)
    assert boxed_network(name).strip() == portable(model)
    vectors = json.loads((NETWORKS / "vectors.json").read_text())
    images = np.frombuffer(base64.b64decode(vectors["images"]), np.uint8).reshape(-1, 28, 28)
    assert len(images) == 100
    assert np.abs(digitrec.predict(model, images) - vectors[name]).max() < 0.001


def test_a_network_of_ones_own_answers_too(page, mnist):
    """Untrained, of other sizes: dropout, padding, steps and pooling as Keras has them."""
    from digitrec.quiet import keras

    layers = keras.layers
    keras.utils.set_random_seed(4)
    model = keras.Sequential(
        [
            keras.Input((28, 28), dtype="uint8"),
            layers.Rescaling(1 / 255),
            layers.Reshape((28, 28, 1)),
            layers.Conv2D(6, 4, strides=2, padding="same", activation="relu"),
            layers.MaxPooling2D(3),
            layers.Conv2D(5, 2, padding="same"),
            layers.Dropout(0.5),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ]
    )
    images = mnist.validation.images[:50]
    load(page, portable(model))
    assert np.abs(answers(page, images) - digitrec.predict(model, images)).max() <= 0.001


def test_a_layer_that_the_browser_does_not_know_is_told():
    from digitrec.quiet import keras

    model = keras.Sequential([keras.Input((28, 28)), keras.layers.LSTM(3), keras.layers.Dense(10)])
    with pytest.raises(ValueError, match="a layer of the kind LSTM, which the browser cannot"):
        portable(model)
    model = keras.Sequential([keras.Input((28,)), keras.layers.Dense(3, activation="tanh")])
    with pytest.raises(ValueError, match="the activation 'tanh'"):
        portable(model)


@pytest.mark.parametrize("part", [slice(0, 50), slice(50, DRAWINGS)], ids=["first", "rest"])
def test_the_browser_draws_prepares_and_reads_as_python(page, part):
    load(page, boxed_network("box"))
    made = drawings(DRAWINGS)[part]
    close = 0
    parts = (page.evaluate(READ_ALL, made[i : i + 50]) for i in range(0, len(made), 50))
    for strokes, found in zip(made, itertools.chain.from_iterable(parts), strict=True):
        paper = digitrec.draw_strokes(strokes)
        ink = np.frombuffer(base64.b64decode(found["ink"]), np.uint8).reshape(paper.shape)
        assert np.array_equal(255 - ink, paper)
        whole = cv2.resize(255 - paper[20:-20, 20:-20], (28, 28), interpolation=cv2.INTER_AREA)
        assert np.abs(np.reshape(found["whole"], (28, 28)) - whole.astype(int)).max() <= 1
        reading = digitrec.read_digit(paper)
        left, top, *size = reading.box
        difference = np.reshape(found["image"], (28, 28)) - reading.steps.image.astype(int)
        if np.abs(difference).max() > 2:
            continue
        close += 1
        assert found["box"] == [left - 20, top - 20, *size]
        first, second = np.sort(reading.probabilities)[:-3:-1]
        if first - second > 0.001:  # otherwise it is a draw
            assert (found["digit"], found["reason"]) == (reading.digit, reading.reason)
        assert found["confidence"] == pytest.approx(reading.confidence, abs=0.01)
        assert found["notADigit"] == pytest.approx(reading.not_a_digit, abs=0.01)
        assert found["isSure"] == reading.is_sure
    assert close >= 0.99 * len(made)


@pytest.mark.parametrize("shapes", [(1, 0), (2, 0), (1, 1)])
def test_the_browser_believes_what_python_believes(page, shapes):
    steps = replace(digitrec.read_digit(digitrec.draw_strokes(drawings(1)[0])).steps, shapes=shapes)
    for best in (0.2, 0.49, 0.51, 0.89, 0.91, 0.98):
        shares = np.full(11, (1 - best) / 10)
        shares[8] = best
        reading = interpret(steps, shares)
        found = page.evaluate(
            "([shares, shapes]) => interpretAnswers(shares, {shapes})", [shares.tolist(), shapes]
        )
        assert found["isDigit"] == reading.is_digit
        assert found["reason"] == reading.reason
        assert found["isSure"] == reading.is_sure
        assert (found["digit"], found["confidence"]) == (reading.digit, reading.confidence)


def test_an_empty_field_is_no_digit(page):
    assert page.evaluate("prepareDigit(inkOf([]))") is None
    assert page.evaluate("prepareDigit(inkOf([[[140, 140]]])).image.length") == 784


def test_the_window_of_a_unit_is_what_changes_it(page, mnist):
    """Change one pixel after another: a unit of the map changes only within its window."""
    load(page, boxed_network("box"))
    image = mnist.validation.images[3]
    maps = page.evaluate(
        """text => {
          const image = bytesOf(text);
          const found = mapsOf(network, image).map((map) => {
            const row = Math.floor(map.height / 2), column = Math.floor(map.width / 2);
            return {...map, row, column, seen: []};
          });
          for (let pixel = 0; pixel < 784; pixel++) {
            const changed = image.slice();
            changed[pixel] = 255 - changed[pixel];
            mapsOf(network, changed).forEach((map, layer) => {
              const {row, column, data, seen} = found[layer];
              const unit = (row * map.width + column) * map.channels;
              const unlike = (value, i) => value !== data[unit + i];
              if (map.data.slice(unit, unit + map.channels).some(unlike)) seen.push(pixel);
            });
          }
          return found.map((map) => ({...map, data: null}));
        }""",
        base64.b64encode(image.tobytes()).decode(),
    )
    assert [(m["height"], m["width"], m["channels"]) for m in maps] == [
        (12, 12, 32),
        (5, 5, 64),
        (5, 5, 128),
        (3, 3, 128),
    ]
    for found in maps:
        rows, columns = np.divmod(found["seen"], 28)
        top = found["windowTop"] + found["row"] * found["windowStep"]
        left = found["windowLeft"] + found["column"] * found["windowStep"]
        size = found["windowSize"]
        assert rows.min() >= max(top, 0)
        assert columns.min() >= max(left, 0)
        assert rows.max() <= min(top + size, 28) - 1
        assert columns.max() <= min(left + size, 28) - 1
        if size < 14:  # larger ones have edges that hardly count
            assert (rows.min(), rows.max()) == (top, top + size - 1)
            assert (columns.min(), columns.max()) == (left, left + size - 1)


def test_drawings_of_a_file_are_labelled_images(tmp_path):
    made = [{"label": n % 10, "strokes": strokes} for n, strokes in enumerate(drawings(12))]
    content = {"format": "digitrec drawings", "version": 1, "drawings": made}
    path = tmp_path / "drawings.json"
    path.write_text(json.dumps(content))
    digits = digitrec.load_drawings(path)
    assert digits.labels.tolist() == [n % 10 for n in range(12)]
    paper = digitrec.draw_strokes(made[5]["strokes"])
    assert np.array_equal(digits.images[5], digitrec.prepare_digit(paper).image)
    right = digitrec.predict(digitrec.boxed_model(), digits.images).argmax(axis=1) == digits.labels
    assert right.mean() > 0.5
    path.write_text(json.dumps(content | {"drawings": []}))
    assert len(digitrec.load_drawings(path)) == 0


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[[", "is no JSON file"),
        ("[]", "holds something else"),
        ('{"format": "digitrec drawings"}', "has no list of drawings"),
        ('{"format": "digitrec drawings", "drawings": [{"label": 11}]}', "drawing 1 is not a"),
        (
            '{"format": "digitrec drawings", "drawings": [{"label": 1, "strokes": [[[1, 999]]]}]}',
            "drawing 1 is not a label",
        ),
        (
            '{"format": "digitrec drawings", "drawings": [{"label": 1, "strokes": [[[1, NaN]]]}]}',
            "drawing 1 is not a label",
        ),
    ],
)
def test_files_of_something_else_are_refused(tmp_path, text, why):
    path = tmp_path / "drawings.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=why):
        digitrec.load_drawings(path)
    with pytest.raises(FileNotFoundError, match="There are no drawings"):
        digitrec.load_drawings(tmp_path / "other.json")
