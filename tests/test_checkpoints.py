"""Trainings that are interrupted: they go on to what an unbroken run gives, or say why not."""

import json
import subprocess
import sys
import textwrap

import numpy as np
import pytest

import digitrec
from digitrec.calibration import log_loss
from digitrec.mnist import Digits, Mnist
from digitrec.quiet import keras

OPTIONS = {"epochs": 60, "batch_size": 100, "learning_rate": 0.02, "patience": 3, "verbose": False}


@pytest.fixture(scope="module")
def small(mnist):
    return Mnist(mnist.train[:2000], mnist.validation[:500], mnist.test[:500])


def forgetful(rate=0.5):
    """A dense network whose Dropout draws by chance while it learns."""
    keras.utils.set_random_seed(4)
    mlp = digitrec.build_mlp()
    return keras.Sequential([*mlp.layers[:-1], keras.layers.Dropout(rate), mlp.layers[-1]])


class Interrupt(keras.callbacks.Callback):
    """End a run before an epoch, as a kernel that is stopped does."""

    def __init__(self, epoch):
        super().__init__()
        self.epoch = epoch

    def on_epoch_begin(self, epoch, logs=None):
        if epoch == self.epoch:
            raise KeyboardInterrupt


def interrupted(model, small, epoch, **options):
    options = OPTIONS | options
    with pytest.raises(KeyboardInterrupt):
        digitrec.train(model, small, checkpoint="run.json", callbacks=[Interrupt(epoch)], **options)


@pytest.fixture(scope="module")
def unbroken(small):
    model = forgetful()
    return model, digitrec.train(model, small, **OPTIONS)


@pytest.mark.parametrize("back", [1, 2])
def test_patience_and_dropout_go_on_as_if_nothing_had_been(back, unbroken, small, home):
    model, history = unbroken
    assert history.kept == np.argmin(history["val_loss"]) == len(history["loss"]) - 4
    interrupted(forgetful(), small, len(history["loss"]) - back)  # after the best epoch
    keras.utils.set_random_seed(back)
    resumed = forgetful()
    again = digitrec.train(resumed, small, checkpoint="run.json", **OPTIONS)
    assert len(again["loss"]) == len(history["loss"])
    assert np.allclose(again["val_loss"], history["val_loss"], rtol=1e-3)
    assert again.kept == history.kept
    for one, other in zip(resumed.get_weights(), model.get_weights(), strict=True):
        assert np.allclose(one, other, atol=1e-3)
    assert not list(home.glob("*run*"))


def test_the_record_is_of_the_network_that_is_kept(unbroken, small):
    model, history = unbroken
    record = digitrec.training_record(history, {}, seed=1)
    loss, accuracy = model.evaluate(small.validation.images, small.validation.labels, verbose=0)
    assert record["validation"]["loss"] == pytest.approx(loss, abs=1e-4)
    assert loss < history["val_loss"][-1] - 0.01
    assert record["validation"]["accuracy"] == pytest.approx(accuracy, abs=1e-6)


def test_a_network_goes_on_learning_after_train(small):
    model = digitrec.build_mlp()
    digitrec.train(model, small, epochs=1, verbose=False)
    images, labels = small.train.images, small.train.labels
    before = log_loss(digitrec.predict(model, images), labels)
    model.fit(images, labels, epochs=2, verbose=0)
    assert log_loss(digitrec.predict(model, images), labels) < before - 0.01


def other_labels(small):
    turned = Digits(small.train.images, np.roll(small.train.labels, 1))
    return Mnist(turned, small.validation, small.test)


def test_a_checkpoint_of_another_run_is_not_mixed_in(small, home):
    interrupted(forgetful(), small, 1)
    before = (home / "run.json").read_bytes()
    for said, network, data, change in (
        ("another patience", forgetful(), small, {"patience": 4}),
        (r"learning_rate 0\.02", forgetful(), small, {"learning_rate": 0.1}),
        ("augmentation None", forgetful(), small, {"augmentation": digitrec.Augmentation()}),
        ("another network", forgetful(0.4), small, {}),
        ("another network", digitrec.build_mlp(), small, {}),
        ("another data", forgetful(), other_labels(small), {}),
    ):
        with pytest.raises(ValueError, match=said) as caught:
            digitrec.train(network, data, checkpoint="run.json", **OPTIONS | change)
        assert len(str(caught.value)) < 600
    assert (home / "run.json").read_bytes() == before


def test_a_damaged_checkpoint_is_refused_in_a_sentence(small, home):
    interrupted(forgetful(), small, 1)
    path = home / "run.json"
    whole = path.read_bytes()
    content = json.loads(whole)
    middle = len(whole) // 2
    flipped = whole[:middle] + (b"A" if whole[middle : middle + 1] != b"A" else b"B")
    damages = [b"", b"{}", b"[1]", b"\xff", whole[:-9], flipped + whole[middle + 1 :]]
    damages.append(json.dumps({"settings": {"epochs": 2}, "history": {"loss": [1]}}).encode())
    damages.append(json.dumps(content | {"history": {"loss": []}}).encode())
    for damage in damages:
        path.write_bytes(damage)
        with pytest.raises(ValueError, match=r"run\.json is damaged .* Delete it to start anew"):
            digitrec.train(forgetful(), small, **OPTIONS, checkpoint="run.json")


def test_a_training_that_goes_wrong_says_so_where_it_happens(small, home):
    options = OPTIONS | {"learning_rate": 1e30, "epochs": 2}
    with pytest.raises(ValueError, match=r"went wrong in epoch 1: .*loss is nan.*smaller"):
        digitrec.train(digitrec.build_mlp(), small, checkpoint="run.json", **options)
    assert not list(home.glob("*run*"))


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
    assert not [path for path in home.iterdir() if path.is_file()]
