"""The classic network, its training, and saving it."""

import json
import subprocess
import sys
import textwrap

import numpy as np
import pytest

import digitrec
from digitrec.mnist import Mnist
from digitrec.quiet import keras
from digitrec.storage import BOXED_MODEL


@pytest.fixture(scope="module")
def small(mnist):
    return Mnist(mnist.train[:2000], mnist.validation[:500], mnist.test[:500])


@pytest.fixture(scope="module")
def trained(small):
    keras.utils.set_random_seed(3)
    model = digitrec.build_mlp()
    return model, digitrec.train(model, small, epochs=2)


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
    again = digitrec.train(digitrec.build_mlp(), small, epochs=2)
    assert np.allclose(again["loss"], trained[1]["loss"], rtol=1e-3)


def test_progress_is_one_plain_line_an_epoch(small, capsys):
    digitrec.train(digitrec.build_mlp(), small, epochs=2)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("epoch  1 of 2 ....................")
    assert "validation loss" in lines[1]
    assert "\x1b" not in lines[0] + lines[1]
    assert "\b" not in lines[0] + lines[1]


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


def test_the_boxed_network_is_what_its_record_says(boxed_model, mnist):
    record = json.loads(BOXED_MODEL.with_suffix(".json").read_text())
    assert boxed_model.count_params() == record["weights"]
    guesses = boxed_model.predict(mnist.validation.images, batch_size=1000, verbose=0)
    accuracy = (guesses.argmax(axis=1) == mnist.validation.labels).mean()
    assert accuracy == pytest.approx(record["validation"]["accuracy"], abs=0.001)
