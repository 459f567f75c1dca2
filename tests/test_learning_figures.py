"""What more neurons and more images change, as it is drawn; and the stored learning curves."""

import json

import numpy as np
import pytest
from conftest import ROOT

import digitrec
from digitrec import figures
from digitrec.ladder import ORDER
from digitrec.mnist import Mnist

STORED = json.loads((ROOT / "benchmarks" / "learning_curve.json").read_text())


def test_training_is_drawn_above_validation_over_what_was_changed():
    ax = figures.plot_fits([2, 8], [0.6, 1.0], [0.5, 0.9], "hidden neurons", "title")
    drawn = {line.get_label(): line.get_xydata().tolist() for line in ax.lines}
    assert drawn == {
        "training set": [[2, 0.6], [8, 1.0]],
        "validation set": [[2, 0.5], [8, 0.9]],
    }
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_xscale()) == (
        "hidden neurons",
        "accuracy",
        "log",
    )
    assert [text.get_text() for text in ax.get_xticklabels()] == ["2", "8"]


def test_learning_curves_are_means_with_bars_from_lowest_to_highest():
    runs = {"one": np.array([[0.5, 0.8], [0.7, 0.9], [0.6, 0.95]]), "other": [[0.1, 0.2]]}
    figure = figures.plot_learning_curves([100, 1_000], {"here": runs, "there": runs}, "title")
    assert [ax.get_title() for ax in figure.axes] == ["here", "there"]
    for ax in figure.axes:
        for (name, shares), container in zip(runs.items(), ax.containers, strict=True):
            assert container.get_label() == name
            line, _, (bars,) = container
            values = np.array(shares)
            assert np.allclose(line.get_xydata(), np.c_[[100, 1_000], values.mean(axis=0)])
            ends = np.array([segment[:, 1] for segment in bars.get_segments()])
            assert np.allclose(ends, np.c_[values.min(axis=0), values.max(axis=0)])
    alike = {"here": {"one": [[0.8065]] * 3}}  # whose mean is not quite the same
    figures.plot_learning_curves([55_000], alike, "title")
    with pytest.raises(ValueError, match="5 recognisers came, expected at most 4"):
        figures.plot_learning_curves([1], {"here": {str(n): [[0.5]] for n in range(5)}}, "title")


def test_the_stored_curves_are_whole_and_of_rungs_of_the_ladder():
    assert STORED["sizes"] == [100, 300, 1_000, 3_000, 10_000, 30_000, 55_000]
    assert len(STORED["seeds"]) >= 3
    assert set(STORED["accuracies"]) == {"nearest neighbour", "dense", "convolutional"}
    assert set(STORED["accuracies"]) <= set(ORDER)
    for sets in STORED["accuracies"].values():
        for runs in (sets["validation"], sets["other_hands"]):
            shares = np.array(runs)
            assert shares.shape == (len(STORED["seeds"]), len(STORED["sizes"]))
            assert (np.diff(shares.mean(axis=0)) > 0).all()  # more images never did harm


def test_a_stored_point_can_be_measured_again(mnist, monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    import learning_curve

    few = learning_curve.subset(mnist.train, 300, STORED["seeds"][0])
    digits = mnist.validation
    distances = np.stack(  # by definition, without the matrix product
        [
            ((few.images.astype(int) - image.astype(int)) ** 2).sum(axis=(1, 2))
            for image in digits.images[:50]
        ]
    )
    by_definition = few.labels[distances.argmin(axis=1)] == digits.labels[:50]
    nearest = learning_curve.nearest_images(digits.images, few.images)
    right = few.labels[nearest] == digits.labels
    assert (right[:50] == by_definition).mean() > 0.97  # but for ties
    stored = STORED["accuracies"]["nearest neighbour"]["validation"][0][1]
    assert abs(right.mean() - stored) < 0.001


def test_subsets_grow_and_small_ones_are_repeated_evenly(mnist, monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    import learning_curve

    small, large = (learning_curve.subset(mnist.train, size, 2) for size in (100, 300))
    assert np.array_equal(small.images, large.images[:100])
    other = learning_curve.subset(mnist.train, 100, 3)
    assert not np.array_equal(small.labels, other.labels)
    shown = learning_curve.repeated(large, 1_000)
    assert np.array_equal(shown.labels, np.tile(large.labels, 4)[:1_000])
    assert len(learning_curve.repeated(large, 100)) == 300


def test_the_growing_curve_is_the_mean_of_each_batch_since_the_last_point(mnist, monkeypatch):
    """Against the loss of each batch, computed before its step; the last batch is smaller."""
    from digitrec.quiet import keras

    for name in ("display", "update"):
        monkeypatch.setattr(f"IPython.display.DisplayHandle.{name}", lambda *_, **__: None)
    few = Mnist(mnist.train[:1_010], mnist.validation[:100], None)
    keras.utils.set_random_seed(3)
    model = digitrec.build_mlp()
    seen = []
    live = figures.live_curves()

    class Before(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch, logs=None):
            part = few.train[20 * batch : 20 * batch + 20]
            answers = digitrec.predict(model, part.images)
            true = answers[np.arange(len(part)), part.labels]
            right = answers.argmax(axis=1) == part.labels
            seen.append((len(part), -np.log(true).mean(), right.mean()))

    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    options = {"epochs": 2, "batch_size": 20, "shuffle": False, "verbose": 0}
    model.fit(few.train.images, few.train.labels, callbacks=[Before(), live], **options)
    steps = 51
    assert live.training[0] == pytest.approx((0, seen[0][1], seen[0][2]), abs=1e-4)
    assert live.training[0][1] > 1.9  # what is to be remembered: about ln 10
    position = 0
    for done, loss, accuracy in live.training:
        epoch = position // steps
        last = round(2 * (done - epoch) * steps) - (position - epoch * steps) + epoch * steps + 1
        part = seen[position:last]
        images = [count for count, _, _ in part]
        assert loss == pytest.approx(np.average([p[1] for p in part], weights=images), abs=1e-3)
        assert accuracy == pytest.approx(np.average([p[2] for p in part], weights=images), abs=1e-4)
        position = last
    assert position == len(seen) == 2 * steps
