"""The classic network, its training, and saving it."""

import re

import numpy as np
import pytest
import scipy.ndimage

import digitrec
from digitrec.mnist import Mnist
from digitrec.networks import averaged_over_shifts
from digitrec.quiet import keras, tensorflow
from digitrec.training.batches import batches
from digitrec.training.run import round_length


@pytest.fixture(scope="module")
def small(mnist):
    return Mnist(mnist.train[:2000], mnist.validation[:500], mnist.test[:500])


@pytest.fixture(scope="module")
def trained(small):
    keras.utils.set_random_seed(3)
    model = digitrec.build_mlp()
    return model, digitrec.train(model, small, epochs=2, batch_size=32)


def test_the_classic_network_has_the_classic_weights():
    model = digitrec.build_mlp()
    dense = [layer for layer in model.layers if isinstance(layer, keras.layers.Dense)]
    assert [layer.units for layer in dense] == [128, 128, 10]
    assert [layer.activation.__name__ for layer in dense] == ["relu", "relu", "softmax"]
    assert model.count_params() == 118_282


def test_the_network_computes_what_numpy_computes(mnist):
    model = digitrec.build_mlp()
    images = mnist.test.images[:50]
    values = images.reshape(50, 784) / 255
    *hidden, last = np.split(np.array(model.get_weights(), dtype=object), 3)
    for weights, biases in hidden:
        values = np.maximum(values @ weights + biases, 0)
    scores = values @ last[0] + last[1]
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    expected = powers / powers.sum(axis=1, keepdims=True)
    assert np.allclose(model.predict(images, verbose=0), expected.astype(float), atol=1e-5)


def test_training_learns(trained, small):
    model, history = trained
    assert set(history) == {"loss", "accuracy", "val_loss", "val_accuracy"}
    assert len(history["loss"]) == 2
    assert history["loss"][1] < history["loss"][0] < np.log(10)
    predicted = model.predict(small.test.images, verbose=0).argmax(axis=1)
    assert (predicted == small.test.labels).mean() > 0.75


def test_training_repeats_with_the_same_seed(trained, small):
    keras.utils.set_random_seed(3)
    again = digitrec.train(digitrec.build_mlp(), small, epochs=2, batch_size=32)
    assert np.allclose(again["loss"], trained[1]["loss"], rtol=1e-3)


def test_the_strong_network():
    assert digitrec.build_cnn().count_params() == 61_658
    assert digitrec.build_cnn(width=32).count_params() < 500_000
    with pytest.raises(ValueError, match="width is 0, expected"):
        digitrec.build_cnn(0)


@pytest.mark.parametrize("answers", [10, 11])
def test_the_strong_network_has_as_many_answers_as_it_is_asked_for(answers, small):
    model = digitrec.build_cnn(1, answers)
    images = small.test.images[:3]
    assert digitrec.predict(model, images).shape == (3, answers)
    assert np.allclose(digitrec.predict(model, images).sum(axis=1), 1, atol=1e-5)


def test_the_average_is_over_three_shifts_by_a_pixel(small):
    keras.utils.set_random_seed(5)
    model = digitrec.build_cnn(2)
    images = small.test.images[:20]
    expected = np.mean(
        [
            digitrec.predict(model, scipy.ndimage.shift(images, (0, *way), order=0))
            for way in ((0, 1), (1, -1), (-1, 0))  # down and to the right
        ],
        axis=0,
    )
    averaged = averaged_over_shifts(model)
    assert averaged.count_params() == model.count_params()
    assert np.allclose(digitrec.predict(averaged, images), expected, atol=1e-6)


def test_predict_is_keras_own_and_follows_training(small):
    model = digitrec.build_cnn(4)
    images = small.test.images
    assert np.allclose(digitrec.predict(model, images), model.predict(images, verbose=0), atol=1e-5)
    model.set_weights([0.5 * weights for weights in model.get_weights()])
    assert np.allclose(digitrec.predict(model, images), model.predict(images, verbose=0), atol=1e-5)


def test_each_epoch_shows_other_images_in_an_order_that_the_seed_settles(small):
    def epoch(number, seed):
        dataset = batches(small.train, range(number, number + 1), 100, 20, seed, None)
        pairs = [(images.numpy(), labels.numpy()) for images, labels in dataset]
        return np.concatenate([i for i, _ in pairs]), np.concatenate([n for _, n in pairs])

    images, labels = epoch(0, seed=1)
    lookup = {i.tobytes(): n for i, n in zip(small.train.images, small.train.labels, strict=True)}
    assert len(images) == 2000
    assert len({image.tobytes() for image in images}) == len(lookup)  # each once
    assert all(lookup[i.tobytes()] == n for i, n in zip(images, labels, strict=True))
    assert np.array_equal(epoch(0, seed=1)[0], images)
    assert not np.array_equal(epoch(1, seed=1)[0], images)
    assert not np.array_equal(epoch(0, seed=2)[0], images)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"epochs": 0}, "epochs is 0, expected"),
        ({"batch_size": 2001}, "batch_size is 2001, expected a whole number from 1 to 2000"),
        ({"learning_rate": 0}, "learning_rate is 0, expected a number above 0"),
        ({"batch_size": True}, "batch_size is True"),
        ({"learning_rate": float("inf")}, "learning_rate is inf, expected a number above 0"),
        ({"learning_rate": "a"}, "learning_rate is 'a'"),
        ({"seed": -1}, "seed is -1, expected a whole number from 0"),
        ({"seed": 1.5}, "seed is 1.5"),
        ({"patience": 0}, "patience is 0, expected None or a whole number of 1 or more"),
        ({"patience": -1}, "patience is -1"),
        ({"small_images_first": 1}, "small_images_first is 1, expected True or False"),
        ({"augmentation": True}, r"augmentation is True, expected None or a digitrec\.Augment"),
        ({"checkpoint": "run.h5"}, r"expected a name ending in \.json"),
    ],
)
def test_wrong_settings_are_refused(settings, message, small):
    with pytest.raises(ValueError, match=message):
        digitrec.train(digitrec.build_mlp(), small, **settings)


def test_progress_is_two_plain_lines_an_epoch(small, capsys):
    digitrec.train(digitrec.build_mlp(), small, epochs=2)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4
    assert re.fullmatch(r"epoch  1 of 2 \.{10} loss \d\.\d{4}, accuracy \d+\.\d\d%", lines[0])
    assert re.fullmatch(r" {14}validation loss \d\.\d{4}, accuracy \d+\.\d\d%", lines[3])
    assert max(map(len, lines)) <= 72, "it would break in a window of 800 pixels"
    assert "\x1b" not in lines[0] + lines[1]
    assert "\b" not in lines[0] + lines[1]

    digitrec.train(digitrec.build_mlp(), small, epochs=1, verbose=False)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("format", ["tf_saved_model"])
def test_an_exported_network_answers_the_same(format, boxed_model, small, tmp_path):
    boxed_model.export(tmp_path / "exported", format=format, verbose=False)
    exported = tensorflow.saved_model.load(tmp_path / "exported")
    images = small.test.images[:100]
    answers = exported.serve(images).numpy()
    assert np.allclose(answers, digitrec.predict(boxed_model, images), atol=1e-5)


def test_sets_that_nothing_can_be_learned_from_are_refused(small):
    empty = Mnist(small.train[:0], small.validation, small.test)
    with pytest.raises(ValueError, match="the training set is empty"):
        digitrec.train(digitrec.build_mlp(), empty)
    with pytest.raises(ValueError, match="the validation set is empty"):
        digitrec.train(digitrec.build_mlp(), Mnist(small.train, small.train[:0], small.test))
    few = keras.Sequential([keras.Input((28, 28)), keras.layers.Flatten(), keras.layers.Dense(5)])
    with pytest.raises(ValueError, match="labels from 0 to 9, expected 0 to 4"):
        digitrec.train(few, small)


def test_an_epoch_leaves_out_hardly_any_image():
    for batch_size in range(1, 1_000):
        steps = 55_000 // batch_size
        assert steps % round_length(steps) <= 0.05 * steps
        assert round_length(steps) == 1 or steps // round_length(steps) < 25  # returns to Python
