"""Doubtful labels: the ranking against arithmetic by hand, held-out folds, and planted errors."""

import json
import math

import numpy as np
import pytest
from conftest import ROOT
from sklearn.metrics import log_loss

import digitrec
from digitrec.doubtful_labels import held_out_answers, plant_errors, rank_labels
from digitrec.mnist import Digits
from digitrec.quiet import keras


def made_up(count):
    """Images that say in their first two pixels which one they are, and labels in turn."""
    images = np.zeros((count, 28, 28), np.uint8)
    images[:, 0, 0], images[:, 0, 1] = np.divmod(np.arange(count), 256)
    return Digits(images, np.arange(count) % 10)


def numbers_of(images):
    return images[:, 0, 0].astype(int) * 256 + images[:, 0, 1]


def random_answers(networks, count, seed=1):
    return np.random.default_rng(seed).dirichlet(np.full(10, 0.3), (networks, count))


def test_the_loss_is_the_mean_over_networks_of_the_log_loss():
    labels, answers = np.arange(40) % 10, random_answers(3, 40)
    ranking = rank_labels(labels, answers)
    for place in range(40):
        each = [-math.log(answers[network, place, labels[place]]) for network in range(3)]
        assert ranking.losses[place] == pytest.approx(sum(each) / 3)
    over_all = np.mean([log_loss(labels, part, labels=range(10)) for part in answers])
    assert ranking.losses.mean() == pytest.approx(over_all)
    assert (np.diff(ranking.losses[ranking.order]) <= 0).all()
    assert sorted(ranking.order) == list(range(40))
    assert ranking.networks == 3


def test_it_tells_what_the_networks_say_and_how_many_agree():
    answers = np.zeros((3, 1, 10))
    answers[0, 0, [4, 9]] = 0.45, 0.55
    answers[1, 0, [4, 9]] = 0.40, 0.60
    answers[2, 0, [4, 9]] = 0.95, 0.05  # sure enough to outvote two
    ranking = rank_labels(np.array([9]), answers)
    assert (ranking.says[0], ranking.agreeing[0]) == (4, 1)


def test_what_is_impossible_costs_much_and_not_infinitely_much():
    answers = np.zeros((2, 2, 10))
    answers[:, :, 3] = 1
    ranking = rank_labels(np.array([3, 5]), answers)
    assert ranking.order.tolist() == [1, 0]
    assert ranking.losses[0] == 0
    assert 20 < ranking.losses[1] < 30


def test_equal_losses_stay_in_the_order_of_their_set():
    ranking = rank_labels(np.zeros(50, int), np.full((1, 50, 10), 0.1))
    assert ranking.order.tolist() == list(range(50))


@pytest.mark.parametrize(
    ("labels", "answers", "said"),
    [
        (np.arange(4), np.full((2, 4, 11), 1 / 11), r"\(2, 4, 11\), expected \(netw"),
        (np.arange(4), np.full((4, 10), 0.1), "shape"),
        (np.arange(4), np.empty((0, 4, 10)), "shape"),
        (np.arange(4), np.full((1, 4, 10), np.nan), "NaN"),
        (np.array([3, 10]), np.full((1, 2, 10), 0.1), "3 to 10, expected 0 to 9"),
        (np.array([-1, 3]), np.full((1, 2, 10), 0.1), "-1 to 3"),
    ],
)  # fmt: skip
def test_what_cannot_be_ranked_is_told(labels, answers, said):
    with pytest.raises(ValueError, match=said):
        rank_labels(labels, answers)


@pytest.mark.parametrize("folds", [2, 3, 7])
def test_no_network_answers_an_image_that_it_has_learned_from(folds):
    digits, seen = made_up(300), []

    def learn(part, seed):
        known = set(numbers_of(part.images))
        assert (part.labels == numbers_of(part.images) % 10).all()  # each with its own label
        seen.append((seed, len(known)))

        def answer(images):
            assert known.isdisjoint(numbers_of(images))
            return np.eye(10)[numbers_of(images) % 10]

        return answer

    answers = held_out_answers(digits, learn, folds=folds, networks=2, seed=5)
    assert (answers.argmax(axis=2) == digits.labels).all()  # each answer at its own place
    assert len({seed for seed, _ in seen}) == 2 * folds
    assert all(abs(count - 300 * (folds - 1) / folds) <= 1 for _, count in seen)


def test_the_second_network_is_given_other_folds():
    cuts = []

    def learn(part, seed):
        cuts.append(frozenset(numbers_of(part.images)))
        return lambda images: np.full((len(images), 10), 0.1)

    held_out_answers(made_up(100), learn, folds=2, networks=2)
    assert len(set(cuts)) == 4
    again, cuts = cuts, []
    held_out_answers(made_up(100), learn, folds=2, networks=2)
    assert cuts == again


def test_settings_and_answers_that_make_no_sense_are_told():
    def learn(part, seed):
        return lambda images: np.full((len(images), 11), 1 / 11)

    with pytest.raises(ValueError, match="folds is 1, expected 2 to 20"):
        held_out_answers(made_up(20), learn, folds=1)
    with pytest.raises(ValueError, match="networks is 0"):
        held_out_answers(made_up(20), learn, networks=0)
    with pytest.raises(ValueError, match=r"shape \(10, 11\) to 10 images"):
        held_out_answers(made_up(20), learn, folds=2)


def test_planted_labels_are_wrong_and_all_others_are_as_they_were():
    digits = made_up(500)
    spoilt, places = plant_errors(digits, 120, seed=3)
    assert (np.flatnonzero(spoilt.labels != digits.labels) == places).all()
    assert len(places) == 120
    assert 0 <= spoilt.labels.min() <= spoilt.labels.max() <= 9
    assert len(set((spoilt.labels - digits.labels)[places] % 10)) == 9  # into any other digit
    assert (digits.labels == np.arange(500) % 10).all()
    with pytest.raises(ValueError, match="count is 501, expected 0 to 500"):
        plant_errors(digits, 501)


def quick_learner(images, epochs=8, batch=64):
    """Return what trains a small convolutional network anew each time, compiled only once."""
    steps = images // batch
    rate = keras.optimizers.schedules.CosineDecay(0.01, steps * epochs)
    model = digitrec.build_cnn(8)
    model.compile(
        keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", steps_per_execution=steps
    )
    model.optimizer.build(model.trainable_variables)
    fresh = [variable.numpy() for variable in model.optimizer.variables]

    def learn(part, seed):
        keras.utils.set_random_seed(seed)
        model.set_weights(digitrec.build_cnn(8).get_weights())
        for variable, value in zip(model.optimizer.variables, fresh, strict=True):
            variable.assign(value)
        whole = slice(steps * batch)
        model.fit(part.images[whole], part.labels[whole], batch, epochs, verbose=0)
        return lambda images: digitrec.predict(model, images)

    return learn


def test_of_the_first_sixty_nine_in_ten_are_planted(mnist):
    """Measured: 58 of 60 with this seed; with one network in place of three, 54 or 55."""
    spoilt, planted = plant_errors(mnist.train[15_000:18_000], 60)  # 2%
    answers = held_out_answers(spoilt, quick_learner(1_500), folds=2, networks=3)
    ranking = rank_labels(spoilt.labels, answers)
    assert np.isin(ranking.order[:60], planted).sum() >= 54
    original = mnist.train.labels[15_000:18_000]
    assert (ranking.says[planted] == original[planted]).mean() > 0.85  # it knows what they are


def test_the_stored_ranking_is_of_the_images_that_it_names(mnist):
    """Image 59,915 of MNIST's 60,000 is labelled 4, and plainly a 7."""
    stored = json.loads((ROOT / "benchmarks" / "doubtful_labels.json").read_text())
    labels = np.concatenate([mnist.train.labels, mnist.validation.labels])
    first = stored["first"]
    assert stored["images"] == len(labels) == 60_000
    assert [labels[entry["place"]] for entry in first] == [entry["label"] for entry in first]
    losses = [entry["loss"] for entry in first]
    assert losses == sorted(losses, reverse=True)
    assert len({entry["place"] for entry in first}) == len(first) == 300
    assert {"place": 59_915, "label": 4, "says": 7} in [
        {name: entry[name] for name in ("place", "label", "says")} for entry in first[:5]
    ]
    assert stored["contradicted_by_all"] < stored["contradicted"] < 0.01 * 60_000
