"""Figures of convolutional networks hold what Keras and NumPy compute."""

import numpy as np
import pytest

import digitrec
from digitrec import figures
from digitrec.figures import convolution
from digitrec.inside.layers import multiplications
from digitrec.inside.receptive_field import receptive_fields
from digitrec.quiet import keras


def frames(ax):
    """The frames that are drawn over a grid or an image: left, top, width, height, line style."""
    return [
        (*patch.get_xy(), patch.get_width(), patch.get_height(), patch.get_linestyle())
        for patch in ax.patches
        if patch.get_linewidth() >= 2
    ]


@pytest.mark.parametrize(
    ("side", "window", "stride", "padding"),
    [(6, 3, 1, 0), (6, 3, 2, 0), (6, 3, 1, 1), (7, 2, 3, 0)],
)
def test_windows_stand_where_keras_puts_them(side, window, stride, padding):
    layer = keras.layers.Conv2D(1, window, stride, "same" if padding else "valid")
    sums = layer(np.zeros((1, side, side, 1))).shape[1]
    ax = figures.plot_windows(side, window, stride, padding)
    assert ax.get_title().endswith(f"{side}x{side} become {sums}x{sums}")
    assert f"steps of {stride}," in ax.get_title()
    assert frames(ax) == [
        (-padding, -padding, window, window, "solid"),
        (stride - padding, -padding, window, window, "--"),
    ]
    zeros = [text for text in ax.texts if text.get_text() == "0"]
    assert len(zeros) == (side + 2 * padding) ** 2 - side**2


def test_values_before_and_after_are_numpys_histograms():
    generator = np.random.default_rng(0)
    before = generator.normal([0, 3], [1, 2], (5, 4, 4, 2))
    after = (before - before.mean(axis=(0, 1, 2))) / before.std(axis=(0, 1, 2))
    figure = figures.plot_normalised(before, after, ["ink", "edges"])
    for ax, values in zip(figure.axes, (before, after), strict=True):
        bins = np.linspace(values.min(), values.max(), 40)
        drawn = {patch.get_label(): patch.get_xy() for patch in ax.patches}
        assert list(drawn) == ["ink", "edges"]
        for number, name in enumerate(drawn):
            expected = np.histogram(values[..., number], bins)[0]
            heights = drawn[name][1:-1:2, 1]
            assert np.array_equal(heights[expected > 0], expected[expected > 0])
        assert ax.get_yscale() == "log"
    assert [text.get_text() for text in figure.axes[0].get_legend().get_texts()] == list(drawn)


def test_maps_without_a_name_are_refused():
    values = np.zeros((1, 2, 2, 3))
    with pytest.raises(ValueError, match="3 maps came with 2 names, expected as many, up to 4"):
        figures.plot_normalised(values, values, ["a", "b"])
    with pytest.raises(ValueError, match="5 maps came with 5 names"):
        figures.plot_normalised(np.zeros((1, 2, 2, 5)), np.zeros((1, 2, 2, 5)), list("abcde"))


def test_frames_are_what_the_middle_value_and_its_neighbour_see(mnist):
    fields = [receptive_fields(digitrec.build_cnn())[number] for number in (2, 12)]
    figure = figures.show_receptive_fields(mnist.train.images[0], fields, ["first", "last"])
    first, last = (ax for ax in figure.axes if ax.images)
    assert first.get_title() == "first\n5x5 pixels"
    assert last.get_title() == "last\n27x27 pixels"
    # value 6 of 12 sees the pixels from 12, its neighbour from 14; half a pixel is their edge
    assert frames(first) == [(11.5, 11.5, 5, 5, "solid"), (13.5, 11.5, 5, 5, "--")]
    assert frames(last) == [(-0.5, -0.5, 27, 27, "solid"), (3.5, -0.5, 23, 27, "--")]


def test_a_single_value_has_no_neighbour_to_draw(mnist):
    one = keras.Sequential(
        [
            keras.Input((28, 28), dtype="uint8"),
            keras.layers.Reshape((28, 28, 1)),
            keras.layers.Conv2D(1, 28),
        ]
    )
    figure = figures.show_receptive_fields(
        mnist.train.images[0], receptive_fields(one)[-1:], ["all"]
    )
    assert frames(figure.axes[0]) == [(-0.5, -0.5, 28, 28, "solid")]


def test_multiplications_are_the_products_that_are_summed():
    """Where all weights and values are 1, each product adds 1 to the sum of what comes out."""
    model = digitrec.build_cnn()
    for layer in model.layers:
        if type(layer).__name__ in ("Conv2D", "Dense") and layer.get_config().get("padding") != (
            "same"
        ):
            values = np.ones((1, *layer.input.shape[1:]), np.float32)
            kernel = np.ones(layer.kernel.shape, np.float32)
            layer.set_weights([kernel, *(np.zeros_like(w) for w in layer.get_weights()[1:])])
            if hasattr(layer, "units"):
                assert multiplications(layer) == values.size * layer.units
            else:
                assert multiplications(layer) == np.asarray(layer(values), np.float64).sum()
    assert multiplications(model) == 57_600 + 460_800 + 460_800 + 331_776 + 640
    assert multiplications(keras.Sequential([keras.Input((28, 28)), keras.layers.Flatten()])) == 0


def test_the_table_of_layers_adds_up(monkeypatch):
    shown = []
    monkeypatch.setattr(convolution, "show_table", lambda *table: shown.append(table))
    model = digitrec.build_cnn()
    figures.show_layers(model)
    ((headings, rows),) = shown
    assert headings[3:] == ["weights", "multiplications"]
    *layers, (total, _, _, weights, products) = rows
    assert total == "together"
    assert [row[0] for row in layers][2:5] == ["2 Conv2D", "3 BatchNormalization", "4 ReLU"]
    assert all(row[1] for row in layers), "each kind of layer has its words"
    assert layers[5][2] == "10 x 10 x 32"
    for column, expected in ((3, weights), (4, products)):
        assert f"{sum(int(row[column].replace(',', '')) for row in layers):,}" == expected
    assert weights == f"{model.count_params():,}" == "61,658"
