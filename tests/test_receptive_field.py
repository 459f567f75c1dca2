"""What a value of a map sees, computed from the layers, is what brute force finds."""

import numpy as np
import pytest

import digitrec
from digitrec.inside.receptive_field import receptive_fields
from digitrec.quiet import keras

layers = keras.layers


def seen_pixels(model, depth, place):
    """By brute force: the pixels that change one value, as an array of truths.

    All weights are positive, so what a white pixel adds cannot be taken away by another.
    """
    for layer in model.layers:
        for variable in layer.weights:
            if not isinstance(layer, layers.BatchNormalization):
                variable.assign(np.abs(variable.numpy()) + 0.01)
    side = model.input_shape[1]
    dots = 255 * np.eye(side * side, dtype=np.uint8)
    maps = np.concatenate([dots, np.zeros_like(dots[:1])]).reshape(-1, side, side)
    for layer in model.layers[: depth + 1]:
        maps = layer(maps)
    row, column = place
    *with_dot, blank = np.asarray(maps)[:, row, column].reshape(side * side + 1, -1)
    return (np.array(with_dot) != blank).any(axis=1).reshape(side, side)


def own(*parts, side=28):
    start = [keras.Input((side, side), dtype="uint8"), layers.Rescaling(1 / 255)]
    return keras.Sequential([*start, layers.Reshape((side, side, 1)), *parts])


NETWORKS = {
    "the lesson's": digitrec.build_cnn,
    "even windows": lambda: own(
        layers.Conv2D(2, 4), layers.AveragePooling2D(3, strides=2), layers.Conv2D(2, 2, strides=3)
    ),
    "padding with a stride": lambda: own(
        layers.Conv2D(2, 5, strides=2, padding="same"),
        layers.ReLU(),
        layers.MaxPooling2D(2, padding="same"),
        layers.Conv2D(2, 3, strides=2, padding="same"),
    ),
    "an odd image": lambda: own(
        layers.Conv2D(2, 3, activation="relu"),
        layers.Conv2D(2, 3, strides=2, padding="same"),
        layers.DepthwiseConv2D(3),
        side=23,
    ),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_a_value_sees_what_brute_force_finds(name):
    model = NETWORKS[name]()
    for depth, field in enumerate(receptive_fields(model)):
        last = field.values - 1
        for place in {(0, 0), (last // 2, last), (last, last // 3)}:
            expected = np.zeros(model.input_shape[1:3], bool)
            rows, columns = (field.pixels(position) for position in place)
            expected[np.ix_(rows, columns)] = True
            found = seen_pixels(model, depth, place)
            assert np.array_equal(found, expected), f"{field} {place}"


def test_windows_with_gaps_reach_from_the_first_to_the_last_pixel():
    model = own(layers.Conv2D(1, 3, dilation_rate=2), layers.Conv2D(1, 3))
    field = receptive_fields(model)[-1]
    rows, columns = np.nonzero(seen_pixels(model, depth=3, place=(4, 7)))
    for position, seen in ((4, rows), (7, columns)):
        assert field.pixels(position) == range(seen.min(), seen.max() + 1)


def test_it_grows_from_five_pixels_to_nearly_the_whole_digit():
    fields = receptive_fields(digitrec.build_cnn())
    sizes = [field.size for field in fields if "conv2d" in field.layer]
    assert sizes == [5, 9, 19, 27]
    assert (fields[-1].values, fields[-1].step) == (3, 4)
    assert fields[-1].pixels(1) == range(27)


def test_a_dense_network_has_no_maps_but_the_image():
    (field,) = receptive_fields(digitrec.build_mlp())
    assert (field.size, field.values) == (1, 28)


def test_layers_that_cannot_be_followed_are_named():
    upsampled = own(layers.UpSampling2D(2))
    with pytest.raises(ValueError, match="of kind UpSampling2D, expected one of Conv2D"):
        receptive_fields(upsampled)
    with pytest.raises(ValueError, match=r"are 3x5 in steps of 1 and 1, expected square"):
        receptive_fields(own(layers.Conv2D(2, (3, 5))))
    folded = keras.Sequential([keras.Input((28, 28), dtype="uint8"), layers.Reshape((14, 56, 1))])
    with pytest.raises(ValueError, match="of kind Reshape"):
        receptive_fields(folded)


def test_a_place_outside_the_maps_is_refused():
    last = receptive_fields(digitrec.build_cnn())[-1]
    for position in (-1, 3):
        with pytest.raises(IndexError, match="expected a whole number from 0 to 2"):
            last.pixels(position)
