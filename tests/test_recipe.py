"""What training does with its settings: watched from inside the network, and by Keras itself."""

import os
import re

import numpy as np
import pytest
from watching import Watching

import digitrec
from digitrec import Augmentation
from digitrec.mnist import Digits, Mnist
from digitrec.quiet import keras
from digitrec.training import progress
from digitrec.training.batches import batches

NONE = Augmentation(rotation=0, scale=0, shear=0, shift=0, elastic=0, thickness=0)
STRONG = Augmentation(rotation=30, shift=3)
EPOCHS, BATCH, IMAGES, RATE, SEED = 4, 20, 440, 0.01, 7
TEST_SET = None  # whoever looks at it in training is told so by an error


def small_network(*first):
    keras.utils.set_random_seed(1)
    layers = [keras.layers.Rescaling(1 / 255), keras.layers.Flatten()]
    last = keras.layers.Dense(10, activation="softmax")
    return keras.Sequential(
        [keras.Input((28, 28), dtype="uint8"), *first, *layers, last], name="small"
    )


@pytest.fixture(scope="module")
def small(mnist):
    return Mnist(mnist.train[:IMAGES], mnist.validation[:100], TEST_SET)


class Rates(keras.callbacks.Callback):
    """Notes the learning rate whenever training comes back to Python, and after how many steps."""

    def on_train_begin(self, logs=None):
        self.known = []

    def on_train_batch_end(self, batch, logs=None):
        optimizer = self.model.optimizer
        self.known.append((int(optimizer.iterations), float(optimizer.learning_rate)))


@pytest.fixture(scope="module")
def run(small):
    """One training, with what the network saw and what it was told."""
    watching, rates = Watching(), Rates()
    model = small_network(watching)
    history = digitrec.train(
        model,
        small,
        epochs=EPOCHS,
        batch_size=BATCH,
        learning_rate=RATE,
        seed=SEED,
        augmentation=STRONG,
        callbacks=[rates],
        verbose=False,
    )
    return model, history, watching.seen, rates.known


def as_set(images):
    return {image.tobytes() for image in images}


def test_it_is_watched_on_the_validation_set_and_the_test_set_is_not_touched(run, small):
    model, history, seen, _ = run
    watched = small.validation
    assert len(seen[False]) == EPOCHS * len(watched)
    assert as_set(seen[False]) == as_set(watched.images)
    loss, accuracy = model.evaluate(watched.images, watched.labels, batch_size=100, verbose=0)
    assert history["val_loss"][-1] == pytest.approx(loss, rel=1e-4)
    assert history["val_accuracy"][-1] == pytest.approx(accuracy, abs=1e-6)


def test_the_network_sees_augmented_images_and_others_in_each_epoch(run, small):
    _, _, seen, _ = run
    epochs = [as_set(part) for part in np.split(np.array(seen[True]), EPOCHS)]
    originals = as_set(small.train.images)
    for epoch in epochs:
        assert len(epoch) == IMAGES
        assert not epoch & originals
    assert len(set().union(*epochs)) == EPOCHS * IMAGES


def test_the_seed_of_a_training_settles_what_is_shown(run, small):
    _, _, seen, _ = run
    first = np.array(seen[True][:IMAGES])
    for seed, same in ((SEED, True), (1, False)):
        again = batches(small.train, range(1), BATCH, IMAGES // BATCH, seed, STRONG)
        expected = np.concatenate([images.numpy() for images, _ in again])
        assert np.array_equal(first, expected) == same


def test_the_line_of_an_epoch_and_the_record_of_a_training_say_what_happened(run, capsys):
    _, history, _, _ = run
    line = progress()
    line.set_params({"epochs": EPOCHS, "steps": 10})
    last = {name: values[-1] for name, values in history.items()}
    line.on_epoch_begin(EPOCHS - 1)
    line.on_epoch_end(EPOCHS - 1, last)
    said = re.findall(r"loss ([\d.]+), accuracy ([\d.]+)%", capsys.readouterr().out)
    names = (("loss", "accuracy"), ("val_loss", "val_accuracy"))
    expected = [(f"{last[loss]:.4f}", f"{100 * last[right]:.2f}") for loss, right in names]
    assert said == expected
    validation = digitrec.training_record(history, {}, SEED)["validation"]
    assert validation == {"loss": last["val_loss"], "accuracy": last["val_accuracy"]}


def test_the_rate_rises_for_a_quarter_of_the_steps_and_falls_to_nothing(run):
    _, _, _, known = run
    steps, rates = np.array(known).T
    last = EPOCHS * IMAGES // BATCH
    assert (steps.min(), steps.max()) == (1, last)
    rise = steps <= last / 4
    expected = np.where(
        rise,
        RATE * (1 / 25 + 24 / 25 * steps / (last / 4)),
        RATE * (1 + np.cos(np.pi * (steps - last / 4) / (last * 3 / 4))) / 2,
    )
    assert np.allclose(rates, expected, rtol=1e-3, atol=1e-6)


@pytest.fixture
def one_image(mnist):
    """The same image twenty times: any order is the same."""
    return Digits(np.repeat(mnist.train.images[:1], 20, axis=0), np.zeros(20, np.uint8))


def shown(digits, epoch, seed, augmentation):
    epochs = range(epoch, epoch + 1)
    found = batches(digits, epochs, 10, 2, seed, augmentation)
    return [images.numpy() for images, _ in found]


def test_augmentation_depends_on_seed_epoch_and_step(one_image):
    first, second = shown(one_image, 0, 1, STRONG)
    assert not np.array_equal(first, second)
    assert np.array_equal(shown(one_image, 0, 1, STRONG), [first, second])
    for other in (shown(one_image, 1, 1, STRONG), shown(one_image, 0, 2, STRONG)):
        assert not np.array_equal(other[0], first)
        assert not np.array_equal(other[1], second)
    for same in (None, NONE):
        assert np.array_equal(shown(one_image, 0, 1, same)[0], one_image.images[:10])


@pytest.fixture
def unlearnable(small):
    """Validation digits with other labels: the more is learned, the worse it looks."""
    other = (small.validation.labels + 1) % 10
    return Mnist(small.train, Digits(small.validation.images, other), TEST_SET)


def test_patience_counts_epochs_and_goes_back_to_the_best_one(unlearnable):
    model = small_network()
    history = digitrec.train(
        model, unlearnable, epochs=30, batch_size=BATCH, patience=3, verbose=False
    )
    losses = history["val_loss"]
    assert np.argmin(losses) == 0
    assert len(losses) == 1 + 3
    watched = unlearnable.validation
    kept = model.evaluate(watched.images, watched.labels, batch_size=100, verbose=0)[0]
    assert kept == pytest.approx(losses[0], rel=1e-4)


def interrupted(small, file):
    """Train with a checkpoint until one of its files, one an epoch, is about to be put in place."""
    replaced, replace = [], os.replace

    def until(source, target):
        replaced.append(target)
        if len(replaced) == file:
            raise KeyboardInterrupt
        replace(source, target)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "replace", until)
        with pytest.raises(KeyboardInterrupt):
            digitrec.train(small_network(), small, **WITH_CHECKPOINT)


WITH_CHECKPOINT = {"epochs": 3, "batch_size": BATCH, "verbose": False, "checkpoint": "run.json"}


def test_an_interruption_while_saving_leaves_a_checkpoint_to_go_on_from(small, home, capsys):
    interrupted(small, 2)
    rest = digitrec.train(small_network(), small, **WITH_CHECKPOINT)
    assert "going on after epoch 1" in capsys.readouterr().out
    assert len(rest["loss"]) == 3
    assert not list(home.glob("run*"))


def test_a_checkpoint_of_any_other_setting_is_refused(small, home):
    interrupted(small, 2)
    others = {
        "epochs": 4,
        "batch_size": 40,
        "learning_rate": 0.1,
        "seed": 2,
        "augmentation": STRONG,
    }
    for name, value in others.items():
        with pytest.raises(ValueError, match=f"left by a run with another {name}\\."):
            digitrec.train(small_network(), small, **WITH_CHECKPOINT | {name: value})
    fewer = Mnist(small.train[:400], small.validation, TEST_SET)
    with pytest.raises(ValueError, match=r"another data\."):
        digitrec.train(small_network(), fewer, **WITH_CHECKPOINT)
    with pytest.raises(ValueError, match=r"another network\."):
        digitrec.train(digitrec.build_cnn(1), small, **WITH_CHECKPOINT)


def test_images_that_were_divided_by_255_are_refused_wherever_they_are_handed_over(small):
    images, labels = small.train.images[:20] / 255, small.train.labels[:20]
    model = digitrec.build_mlp()
    model.compile(loss="sparse_categorical_crossentropy")
    with pytest.raises(ValueError, match="images are float64"):
        digitrec.predict(model, images)
    for use in (model.predict, model, lambda images: model.fit(images, labels, verbose=0)):
        with pytest.raises(ValueError, match="not divided by 255"):
            use(images)
