"""The maps of a drawing in JupyterLab, and one value of them taken apart."""

import base64
import re

import numpy as np
import pytest
from browser import (
    ONE,
    ZERO,
    draw,
    new_page,
    opened,
    run_cell,
    violations_of_ours,
)
from playwright.sync_api import expect

import digitrec
from digitrec.browser import READER, boxed_network, joined, portable
from digitrec.inside.activations import convolutions, maps_after, stages
from digitrec.inside.windows import trace
from digitrec.storage import BOXED_MODEL, DENSE_MODEL

SETUP = """\
from digitrec import load_model, widgets
from digitrec.storage import BOXED_MODEL, DENSE_MODEL"""
PAD = """\
pad = widgets.MapsPad({"Box": load_model(BOXED_MODEL), "Dense": load_model(DENSE_MODEL)})
display(pad)"""
SEEN = "print('the ink is', pad.image.sum() if pad.image is not None else None)"
TAKE_APART = """([text, image, places]) => {
  const network = loadNetwork(text);
  return places.map(([number, row, column, tile]) => {
    const found = arithmeticOf(network, bytesOf(image), number, {tile, row, column});
    for (const name of ["sums", "values", "weights"]) found[name] = [...found[name]];
    return found;
  });
}"""


@pytest.fixture(scope="module")
def plain(chromium):
    """A page with nothing but the scripts."""
    page = new_page(chromium)
    page.add_script_tag(content=joined(*READER, "arithmetic.js"))
    yield page
    page.close()


def taken_apart(plain, text, image, places):
    data = base64.b64encode(np.ascontiguousarray(image).tobytes()).decode()
    return plain.evaluate(TAKE_APART, [text, data, places])


def padded_network():
    """Steps, padding, biases, pooling after normalisation."""
    from digitrec.quiet import keras

    layers = keras.layers
    keras.utils.set_random_seed(4)
    return keras.Sequential(
        [
            keras.Input((28, 28), dtype="uint8"),
            layers.Rescaling(1 / 255),
            layers.Reshape((28, 28, 1)),
            layers.Conv2D(3, 4, strides=2, padding="same", bias_initializer="ones"),
            layers.BatchNormalization(gamma_initializer="random_normal"),
            layers.MaxPooling2D(2),
            layers.ReLU(),
            layers.Conv2D(5, 3, padding="same", activation="relu"),
            layers.Flatten(),
            layers.Dense(11, activation="softmax"),
        ]
    )


@pytest.mark.parametrize("name", ["box", "padded"])
def test_the_browser_takes_a_value_apart_as_python_does(plain, mnist, name):
    model = digitrec.load_model(BOXED_MODEL) if name == "box" else padded_network()
    image = mnist.validation.images[11]
    passed = stages(model, image)
    generator = np.random.default_rng(2)
    places, traces = [], []
    for number, start in enumerate(convolutions(passed)):
        end = maps_after(passed, start)
        for _ in range(15):
            row, column, tile = (int(generator.integers(n)) for n in passed[end].outputs.shape)
            places.append([number, row, column, tile])
            traces.append(trace(passed, start, end, row, column, tile))
    for found, known in zip(
        taken_apart(plain, portable(model), image, places), traces, strict=True
    ):
        window = known.window
        assert np.allclose(found["values"], window.values.ravel(), atol=0.005)
        assert np.allclose(found["weights"], window.weights.ravel(), atol=0.001)
        assert np.allclose(found["sums"], window.by_map, atol=0.02)
        assert found["total"] == pytest.approx(window.total, abs=0.05)
        steps = [step["value"] for step in found["steps"]]
        assert steps == pytest.approx([value for _, value in known.steps], abs=0.05)


def test_a_unit_of_the_dense_network_is_taken_apart_too(plain, mnist):
    image = mnist.validation.images[11]
    first, second = taken_apart(plain, boxed_network("dense"), image, [[0, 0, 0, 7], [1, 0, 0, 9]])
    passed = stages(digitrec.load_model(DENSE_MODEL), image)
    assert (first["size"], first["channels"]) == (28, 1)
    assert np.allclose(first["values"], image.ravel() / 255, atol=1e-5)
    assert (second["size"], second["channels"]) == (1, 128)
    for found, stage, unit in ((first, passed[2], 7), (second, passed[3], 9)):
        assert found["steps"][-1]["value"] == pytest.approx(stage.outputs[unit], abs=0.01)
        assert max(found["total"], 0) == pytest.approx(stage.outputs[unit], abs=0.01)


@pytest.fixture(scope="module")
def page(chromium, lab):
    with opened(chromium, lab, "maps", SETUP, PAD, SEEN) as page:
        run_cell(page, "MapsPad")
        yield page


def numbers(text):
    return [
        float(number.replace("\u2212", "-")) for number in re.findall(r"[+\u2212]?\d+\.\d+", text)
    ]


def test_a_value_is_taken_apart_by_mouse_and_keys_and_follows_the_pen(page):
    apart = page.locator(".digitrec-apart")
    maps = page.locator("canvas.digitrec-maps")
    maps.first.click(position={"x": 20, "y": 20})
    expect(apart).to_contain_text("Draw a digit. Then click a value")
    draw(page, ONE)
    expect(page.get_by_text("Python has it, too")).to_be_visible()
    expect(page.locator(".digitrec-agreement")).to_contain_text("Box: a 1. Dense: a 1.")
    status = page.locator(".digitrec-maps-room").get_by_role("status")
    expect(status).to_have_text("Box: a 1. Dense: a 1.")  # the verdict, once the pen rests
    maps.first.click(position={"x": 30, "y": 30})
    head = apart.locator(".digitrec-apart-head")
    expect(head).to_have_text(re.compile(r"^Map \d+, row \d+, column \d+$"))
    expect(apart.get_by_role("combobox")).to_be_hidden()  # it looks at one map: the image
    window, weights, products = (
        numbers(text) for text in apart.locator("figure").all_inner_texts()
    )
    assert len(window) == len(weights) == len(products) == 25
    for seen, weight, product in zip(window, weights, products, strict=True):
        assert seen * weight == pytest.approx(product, abs=0.02)
    rows = dict(row.split("\t") for row in apart.locator(".digitrec-sums tr").all_inner_texts())
    (total,) = numbers(rows["25 products together"])
    assert sum(products) == pytest.approx(total, abs=0.25)  # each is rounded
    values = [numbers(value)[0] for value in rows.values()]
    assert values[-1] == values[-2] == max(values[-3], 0)
    before = head.inner_text()
    page.keyboard.press("ArrowRight")
    expect(head).not_to_have_text(before)
    expect(status).to_contain_text("25 products together")
    former = apart.locator(".digitrec-sums").inner_text()
    draw(page, ZERO)
    expect(apart.locator(".digitrec-sums")).not_to_have_text(former, use_inner_text=True)


def test_another_input_map_and_another_network_are_chosen(page):
    apart = page.locator(".digitrec-apart")
    page.locator("canvas.digitrec-maps").nth(1).click(position={"x": 30, "y": 30})
    expect(apart).to_contain_text("the window looks at 32 maps at once")
    expect(apart).to_contain_text("all 32 maps: 288 products together")
    list_of_maps = apart.get_by_role("combobox", name="Input map")
    list_of_maps.select_option(index=20)
    chosen = list_of_maps.input_value()
    expect(apart).to_contain_text(f"input map {int(chosen) + 1}: 9 products together")
    page.get_by_role("radio", name="Dense").check()
    expect(apart).to_contain_text("Draw a digit. Then click a value")
    page.locator("canvas.digitrec-maps").first.click(position={"x": 30, "y": 10})
    expect(apart).to_contain_text("784 products together")
    assert violations_of_ours(page) == []
    page.get_by_role("radio", name="Box").check()


def test_python_keeps_the_drawing_until_it_is_cleared(page):
    run_cell(page, "the ink is")
    expect(page.get_by_text(re.compile(r"^the ink is \d{4,}"))).to_be_visible()
    page.get_by_role("button", name="Clear").press("Enter")
    expect(page.get_by_text("Python has it, too")).to_have_count(0)
    run_cell(page, "the ink is")
    expect(page.get_by_text("the ink is None")).to_be_visible()
