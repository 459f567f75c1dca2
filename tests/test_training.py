"""The classic network, its training, and saving it."""

import re
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest
import scipy.ndimage
import sklearn.metrics

import digitrec
from digitrec.mnist import Mnist
from digitrec.networks import averaged_over_shifts
from digitrec.quiet import keras, tensorflow
from digitrec.storage import BOXED_MODEL
from digitrec.training.batches import batches


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


def test_a_killed_run_goes_on_with_the_result_of_an_unbroken_one(small, home, capsys):
    settings = {"epochs": 3, "batch_size": 64, "seed": 5, "augmentation": digitrec.Augmentation()}
    script = textwrap.dedent("""
        import digitrec
        from digitrec.mnist import Mnist
        from digitrec.quiet import keras, tensorflow
        mnist = digitrec.load_mnist()
        small = Mnist(mnist.train[:2000], mnist.validation[:500], mnist.test[:500])
        keras.utils.set_random_seed(4)
        digitrec.train(digitrec.build_cnn(4), small, epochs=3, batch_size=64, seed=5,
                       augmentation=digitrec.Augmentation(), checkpoint="run.json")
    """)
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as run:
        for line in run.stdout:
            if line.startswith("epoch  2"):  # whole, and its checkpoint is just being written
                run.kill()
    assert (home / "run.json").is_file()

    keras.utils.set_random_seed(4)
    unbroken = digitrec.build_cnn(4)
    whole = digitrec.train(unbroken, small, **settings)
    resumed = digitrec.build_cnn(4)  # its own random start does not matter
    rest = digitrec.train(resumed, small, **settings, checkpoint="run.json")
    assert rest.keys() == whole.keys()
    assert "going on after epoch" in capsys.readouterr().out
    assert np.allclose(rest["loss"], whole["loss"], rtol=1e-3)
    for one, other in zip(resumed.get_weights(), unbroken.get_weights(), strict=True):
        assert np.allclose(one, other, atol=1e-3)
    assert not (home / "run.json").exists()


def test_a_checkpoint_of_another_run_is_not_mixed_in(small, home):
    model = digitrec.build_cnn(4)
    settings = {"epochs": 2, "batch_size": 100, "checkpoint": "run.json"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "unlink", lambda *args, **kwargs: None)
        digitrec.train(model, small, **settings)
    with pytest.raises(ValueError, match="left by a run with another learning_rate"):
        digitrec.train(model, small, **settings, learning_rate=0.1)


def test_patience_stops_early_and_leaves_no_checkpoint(small, home):
    options = {"batch_size": 100, "learning_rate": 0.02, "patience": 2, "checkpoint": "run.json"}
    history = digitrec.train(digitrec.build_mlp(), small, epochs=60, **options)
    assert len(history["loss"]) < 60
    assert not list(home.glob("run*"))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"epochs": 0}, "epochs is 0, expected"),
        ({"batch_size": 2001}, "batch_size is 2001, expected a whole number from 1 to 2000"),
        ({"learning_rate": 0}, "learning_rate is 0, expected a number above 0"),
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


def test_saved_and_loaded_it_answers_the_same(trained, small, home):
    model, history = trained
    path = digitrec.save_model(
        model, "models/own.keras", record={"seed": 3, "parameters": {"epochs": 2}, "h": history}
    )
    assert path == home / "models" / "own.keras"
    loaded = digitrec.load_model("models/own.keras")
    one = model.predict(small.test.images, verbose=0)
    assert np.array_equal(one, loaded.predict(small.test.images, verbose=0))
    record = digitrec.load_record("models/own.keras")
    assert record["weights"] == 118_282
    assert record["seed"] == 3
    assert set(record["versions"]) == {"digitrec", "tensorflow", "keras", "numpy"}
    assert sorted(p.name for p in path.parent.iterdir()) == ["own.json", "own.keras"]


def test_without_a_path_your_own_network_comes_before_the_boxed_one(trained, small, home):
    images = small.test.images[:20]
    boxed = digitrec.load_model(BOXED_MODEL).predict(images, verbose=0)
    assert np.array_equal(digitrec.load_model().predict(images, verbose=0), boxed)
    digitrec.save_model(trained[0], "models/handwritten_digits.keras")
    own = trained[0].predict(images, verbose=0)
    assert np.array_equal(digitrec.load_model().predict(images, verbose=0), own)


def test_a_killed_save_leaves_the_old_network_whole(trained, home):
    path = digitrec.save_model(trained[0], "models/own.keras", record={"seed": 3})
    before = path.read_bytes(), path.with_suffix(".json").read_text()
    killed = subprocess.run(
        [
            sys.executable,
            "-c",
            textwrap.dedent("""
            import os, signal, digitrec

            class Model:
                def count_params(self):
                    return 1
                def save(self, path):
                    path.write_bytes(b"half a netw")
                    os.kill(os.getpid(), signal.SIGKILL)

            digitrec.save_model(Model(), "models/own.keras", record={"seed": 4})
            """),
        ],
        check=False,
    )
    assert killed.returncode == -9
    assert (path.read_bytes(), path.with_suffix(".json").read_text()) == before
    assert digitrec.load_model("models/own.keras").count_params() == 118_282


def test_a_failed_save_leaves_no_trace(trained, home):
    with pytest.raises(ValueError, match="cannot be written as JSON"):
        digitrec.save_model(trained[0], "models/own.keras", record={"seed": np.int64(3)})
    assert not (home / "models").exists()


@pytest.mark.parametrize("name", ["handwritten_digits.model", "digits.h5", "digits"])
def test_other_endings_are_refused(name, trained, home):
    with pytest.raises(ValueError, match=r"expected one that ends in \.keras"):
        digitrec.save_model(trained[0], name)


def test_missing_and_damaged_networks_are_named(home):
    with pytest.raises(FileNotFoundError, match=r"no trained network at .*nothing\.keras"):
        digitrec.load_model("nothing.keras")
    (home / "broken.keras").write_bytes(b"half a netw")
    with pytest.raises(ValueError, match=r"broken\.keras is not a complete Keras model"):
        digitrec.load_model("broken.keras")


def test_a_loaded_network_can_be_evaluated_however_it_was_saved(small, home):
    model = digitrec.build_cnn(1)  # never compiled
    digitrec.save_model(model, "models/own.keras")
    loss, accuracy = digitrec.load_model("models/own.keras").evaluate(
        small.test.images, small.test.labels, verbose=0
    )
    answers = model.predict(small.test.images, verbose=0)
    assert accuracy == pytest.approx((answers.argmax(axis=1) == small.test.labels).mean())
    assert loss == pytest.approx(sklearn.metrics.log_loss(small.test.labels, answers), rel=1e-4)


def test_the_boxed_network_is_good_and_small(boxed_model, mnist):
    guesses = boxed_model.predict(mnist.validation.images, batch_size=1000, verbose=0)
    assert (guesses.argmax(axis=1) == mnist.validation.labels).mean() > 0.993
    assert BOXED_MODEL.stat().st_size < 3e6


@pytest.mark.parametrize("format", ["tf_saved_model"])
def test_an_exported_network_answers_the_same(format, boxed_model, small, tmp_path):
    boxed_model.export(tmp_path / "exported", format=format, verbose=False)
    exported = tensorflow.saved_model.load(tmp_path / "exported")
    images = small.test.images[:100]
    answers = exported.serve(images).numpy()
    assert np.allclose(answers, digitrec.predict(boxed_model, images), atol=1e-5)
