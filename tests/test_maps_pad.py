"""The pad that looks inside, without a browser: what Python keeps, and what it says."""

import numpy as np
import pytest

import digitrec
from digitrec.bounds import MOST_POINTS
from digitrec.browser import portable
from digitrec.widgets import MapsPad

ONE = [[[140, 40], [140, 240]]]


def strokes_of(pad, strokes):
    pad._field.set_state({"strokes": strokes, "asked": pad._field.answered + 1})


def test_python_keeps_what_the_networks_see(boxed_model):
    pad = MapsPad({"A": boxed_model, "B": digitrec.build_mlp()})
    assert pad._field.names == ["A", "B"]
    assert pad._field.networks[0] == portable(boxed_model)
    strokes_of(pad, ONE)
    assert np.array_equal(pad.image, digitrec.read_digit(digitrec.draw_strokes(ONE)).steps.image)
    assert pad._field.said.startswith("Python has it, too")
    strokes_of(pad, [])
    assert pad.image is None
    assert pad._field.said == ""
    pad.close()


@pytest.mark.parametrize(
    "strokes", [[[]], [[[1, 2, 3]]], [[[-1, 0]]], [[["a", 1]]], [[[140, 40]] * (MOST_POINTS + 1)]]
)
def test_what_the_browser_sends_is_not_believed(strokes):
    pad = MapsPad({"A": digitrec.build_cnn(1)})
    strokes_of(pad, ONE)
    strokes_of(pad, strokes)
    assert pad.image is None


def test_a_network_that_the_browser_cannot_compute_is_told():
    from digitrec.quiet import keras

    def network(*layers):
        ending = [keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")]
        return keras.Sequential([keras.Input((28, 28, 1)), *layers, *ending])

    layers = keras.layers
    odd = {
        "tanh": network(layers.Conv2D(2, 3, activation="tanh")),
        "oblong": network(layers.Conv2D(2, (3, 4))),
        "spread": network(layers.Conv2D(2, 3, dilation_rate=2)),
        "overlapping": network(layers.MaxPooling2D(3, strides=2)),
        "offset": network(layers.Rescaling(1 / 127.5, offset=-1)),
        "leaky": network(layers.ReLU(negative_slope=0.1)),
    }
    pad = MapsPad({**odd, "good": digitrec.build_cnn(1)})
    assert pad._field.names == ["good"]
    for name in odd:
        assert f"{name} is not shown here." in pad._field.said
    alone = MapsPad({"tanh": odd["tanh"]})
    assert alone._field.names == ["The network in the box"]
    strokes_of(alone, ONE)
    assert "tanh is not shown here" in alone._field.said
    assert alone.image is not None
