"""Inside a network: its layers one by one, one sum taken apart, its weights before and after."""

import itertools

import numpy as np
import pytest

import digitrec
from digitrec.inside.activations import (
    convolutions,
    inner_network,
    layers_of,
    maps_after,
    moved,
    stages,
)
from digitrec.inside.weights import change, filter_pictures, is_dense, untrained, weight_pictures
from digitrec.inside.windows import trace, window_sum
from digitrec.networks import SHIFTS
from digitrec.storage import DENSE_MODEL, load_record


@pytest.fixture(scope="module")
def image(mnist):
    return mnist.validation.images[3]


def sequence(*layers, answers=10, dtype="uint8"):
    """An untrained network of layers between the scaled image and its answers."""
    from digitrec.quiet import keras

    keras.utils.set_random_seed(3)
    return keras.Sequential(
        [
            keras.Input((28, 28), dtype=dtype),
            keras.layers.Rescaling(1 / 255),
            keras.layers.Reshape((28, 28, 1)),
            *layers,
            keras.layers.Flatten(),
            keras.layers.Dense(answers, activation="softmax"),
        ]
    )


def odd_network():
    """Steps, padding, spread windows, groups, biases, and pooling that overlaps."""
    from digitrec.quiet import keras

    layers = keras.layers
    return sequence(
        layers.Conv2D(4, (3, 4), strides=(2, 3), padding="same", bias_initializer="ones"),
        layers.MaxPooling2D((3, 2), strides=2, padding="same"),
        layers.LeakyReLU(),
        layers.Conv2D(6, 2, groups=2, activation="relu"),
        layers.Dropout(0.5),
        layers.Conv2D(3, 3, dilation_rate=2, padding="same", activation="tanh"),
        answers=11,
    )


def test_the_stages_are_those_of_keras(mnist, image, boxed_model):
    inner, shift = inner_network(boxed_model)
    assert shift == SHIFTS[0]
    passed = stages(boxed_model, image)
    shifted = np.roll(image, shift, axis=(0, 1))  # no ink at the edge
    assert np.array_equal(moved(image, shift), shifted)
    assert np.allclose(passed[-1].outputs, inner(shifted[np.newaxis])[0], atol=1e-6)
    from digitrec.quiet import keras

    until = keras.Model(inner.inputs[0], inner.layers[6].output)  # in one go, as Keras computes it
    assert np.allclose(passed[6].outputs, until(shifted[np.newaxis])[0], atol=1e-5)
    looks = [inner(moved(image, each)[np.newaxis])[0] for each in SHIFTS]
    assert np.allclose(
        np.mean(looks, axis=0), digitrec.predict(boxed_model, image[None]), atol=1e-5
    )


@pytest.mark.parametrize("shift", [*itertools.product((-1, 0, 1), repeat=2)])
def test_what_comes_in_from_outside_is_paper(shift):
    full = np.full((28, 28), 255, np.uint8)
    into = np.zeros((30, 30), np.uint8)
    into[1 + shift[0] : 29 + shift[0], 1 + shift[1] : 29 + shift[1]] = full
    assert np.array_equal(moved(full, shift), into[1:29, 1:29])


def test_networks_of_any_chain_can_be_followed(image):
    from digitrec.quiet import keras

    ending = [keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")]
    within = keras.Sequential([keras.Input((28, 28)), keras.layers.Rescaling(1 / 255)])
    nested = keras.Sequential([keras.Input((28, 28)), within, *ending])
    column = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(2, 3),
            keras.layers.Flatten(),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    for model, count in ((digitrec.build_cnn(2, 11), 17), (nested, 3), (column, 3)):
        passed = stages(model, image)
        assert len(passed) == count
        assert passed[-1].outputs.sum() == pytest.approx(1, abs=1e-5)
        for one, following in itertools.pairwise(passed):
            assert np.array_equal(one.outputs, following.inputs)


def test_a_network_that_branches_is_told(image):
    from digitrec.quiet import keras

    entry = keras.Input((28, 28), dtype="uint8")
    flat = keras.layers.Flatten()(keras.layers.Rescaling(1 / 255)(entry))
    sides = [keras.layers.Dense(10, activation="relu")(flat) for _ in range(2)]
    model = keras.Model(entry, keras.layers.Softmax()(keras.layers.Add()(sides)))
    with pytest.raises(ValueError, match="cannot be followed one after the other"):
        stages(model, image)
    flat = keras.layers.Dense(784)(flat)  # a side branch that the answer leaves out
    skipped = keras.layers.Dense(784)(flat)
    model = keras.Model(entry, keras.layers.Dense(10)(keras.layers.Add()([flat, skipped])))
    with pytest.raises(ValueError, match="one that branches cannot be shown"):
        stages(model, image)
    twice = keras.layers.Dense(784, activation="relu")  # one layer, two turns
    entry = keras.Input((28, 28), dtype="uint8")
    flat = keras.layers.Flatten()(keras.layers.Rescaling(1 / 255)(entry))
    answers = keras.layers.Dense(10, activation="softmax")(twice(twice(flat)))
    with pytest.raises(ValueError, match="they give another answer than the network"):
        stages(keras.Model(entry, answers), image)
    with pytest.raises(ValueError, match="images"):
        stages(digitrec.build_mlp(), image[:20])


def brute_force(stage, row, column, number):
    """A sum of a convolution with steps and padding as Keras documents them, loop by loop."""
    layer = stage.layer
    kernel, inputs = np.asarray(layer.kernel), stage.inputs
    total = float(np.asarray(layer.bias)[number]) if layer.use_bias else 0.0
    first = number // (kernel.shape[3] // layer.groups) * kernel.shape[2]
    padding = []
    for axis in (0, 1):
        reach = (kernel.shape[axis] - 1) * layer.dilation_rate[axis]
        span = (stage.outputs.shape[axis] - 1) * layer.strides[axis] + reach + 1
        same = layer.padding == "same"
        padding.append(max(span - inputs.shape[axis], 0) // 2 if same else 0)
    for i, j, channel in np.ndindex(kernel.shape[:3]):
        r = row * layer.strides[0] + i * layer.dilation_rate[0] - padding[0]
        c = column * layer.strides[1] + j * layer.dilation_rate[1] - padding[1]
        if 0 <= r < inputs.shape[0] and 0 <= c < inputs.shape[1]:
            total += inputs[r, c, first + channel] * kernel[i, j, channel, number]
    return total


def test_a_window_times_its_filter_is_the_sum_of_keras_and_of_brute_force(image, boxed_model):
    generator = np.random.default_rng(1)
    for model in (boxed_model, digitrec.build_cnn(3), odd_network()):
        passed = stages(model, image)
        assert len(convolutions(passed)) >= 3
        for start in convolutions(passed):
            stage = passed[start]
            activation = stage.layer.activation
            for _ in range(25):
                place = [int(generator.integers(side)) for side in stage.outputs.shape]
                window = window_sum(stage, *place)
                assert window.total == pytest.approx(brute_force(stage, *place), abs=1e-4)
                after = float(activation(np.float32(window.total)))
                assert after == pytest.approx(float(stage.outputs[*place]), abs=1e-4)
                assert window.by_map.sum() + window.bias == pytest.approx(window.total, abs=1e-5)


def test_a_value_is_followed_back_through_pooling_normalisation_and_relu(image, boxed_model):
    passed = stages(boxed_model, image)
    start = convolutions(passed)[1]
    end = maps_after(passed, start)
    assert [stage.kind for stage in passed[start : end + 1]] == [
        *("Conv2D", "MaxPooling2D", "BatchNormalization", "ReLU")
    ]
    sums = passed[start].outputs
    gamma, beta, mean, variance = passed[start + 2].layer.get_weights()
    for row, column, number in [(0, 0, 0), (2, 3, 7), (4, 4, 63), (1, 2, 30)]:
        found = trace(passed, start, end, row, column, number)
        four = sums[2 * row : 2 * row + 2, 2 * column : 2 * column + 2, number]
        assert found.window.total == pytest.approx(four.max(), abs=1e-4)
        assert (found.row // 2, found.column // 2) == (row, column)
        words, values = zip(*found.steps, strict=True)
        assert words == ("largest of its neighbours", "after batch normalisation", "after ReLU")
        scaled = (four.max() - mean[number]) / np.sqrt(variance[number] + 1e-3)
        scaled = scaled * gamma[number] + beta[number]
        assert values == pytest.approx([four.max(), scaled, max(scaled, 0)], abs=1e-3)
        assert values[-1] == passed[end].outputs[row, column, number]


def test_odd_pooling_and_activations_are_followed_too(image):
    passed = stages(odd_network(), image)
    one, two, three = convolutions(passed)
    assert [maps_after(passed, start) for start in (one, two, three)] == [one + 2, two + 1, three]
    for place in ((0, 0, 0), (3, 2, 3), (6, 4, 1)):
        found = trace(passed, one, one + 2, *place)
        total = found.window.total
        assert found.steps[0][1] == pytest.approx(total, abs=1e-4)
        assert found.steps[1][1] == pytest.approx(total if total > 0 else 0.3 * total, abs=1e-3)
    assert trace(passed, two, two + 1, 1, 1, 5).steps[0][0] == "after ReLU"
    assert [words for words, _ in trace(passed, three, three, 1, 1, 2).steps] == ["after tanh"]


@pytest.mark.parametrize("place", [(-1, 0, 0), (0, 12, 0), (0, 0, 32)])
def test_a_place_that_is_not_there_is_told(image, boxed_model, place):
    passed = stages(boxed_model, image)
    with pytest.raises(ValueError, match="is not in maps of shape"):
        window_sum(passed[2], *place)
    with pytest.raises(ValueError, match="is not in maps of shape"):
        trace(passed, 2, 4, *place)


def test_weight_pictures_are_columns_of_the_first_layer(image):
    model = digitrec.load_model(DENSE_MODEL)
    pictures = weight_pictures(model)
    matrix, bias, *_ = model.get_weights()
    for unit in (0, 5, 127):
        assert np.array_equal(pictures[unit].ravel(), matrix[:, unit])
    sums = (pictures * (image / 255)).sum(axis=(1, 2)) + bias
    assert np.allclose(np.maximum(sums, 0), stages(model, image)[2].outputs, atol=1e-4)
    assert is_dense(model)


def test_training_began_with_the_untrained_weights(mnist):
    """Pixels that no training image has ink in never change a weight."""
    model = digitrec.load_model(DENSE_MODEL)
    fresh = untrained(model, load_record(DENSE_MODEL)["seed"])
    before, after = weight_pictures(fresh), weight_pictures(model)
    never = ~mnist.train.images.any(axis=0)
    assert never.sum() > 50
    assert np.array_equal(before[:, never], after[:, never])
    assert not (before == after)[:, ~never].all(axis=0).any()
    found = change(before, after)
    assert found.untouched == pytest.approx((before == after).sum() / before.size)
    assert abs(found.smoothness_before) < 0.02 < 0.3 < found.smoothness_after
    pairs = np.corrcoef(after[:, :, :-1].ravel(), after[:, :, 1:].ravel())[0, 1]
    assert found.smoothness_after == pytest.approx(pairs, abs=1e-3)
    assert not np.array_equal(weight_pictures(untrained(model, 2)), before)


def test_other_first_layers_have_no_such_pictures(boxed_model):
    assert not is_dense(boxed_model)
    with pytest.raises(ValueError, match="The first layer with weights is Conv2D"):
        weight_pictures(boxed_model)
    first = next(layer for layer in layers_of(inner_network(boxed_model)[0]) if layer.weights)
    pictures = filter_pictures(first)
    assert pictures.shape == (32, 1, 5, 5)
    assert np.array_equal(pictures[7, 0], np.asarray(first.kernel)[:, :, 0, 7])
    assert untrained(boxed_model, 1).count_params() == boxed_model.count_params()
