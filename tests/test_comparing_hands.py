"""How far a hand is from others, what is drawn of it, and whether a network betrays it."""

import numpy as np
from conftest import always
from sklearn.metrics import roc_auc_score

import digitrec
from digitrec.hands import some_of_each, surer_of_learned, times_from_average
from digitrec.mnist import Digits


def test_a_hand_that_is_a_sample_of_the_others_is_as_far_as_luck(mnist):
    hand = mnist.train[np.random.default_rng(5).choice(len(mnist.train), 400)]
    times = times_from_average(hand, mnist.train)
    assert list(times) == list(range(10))
    assert 0.8 < np.mean(list(times.values())) < 1.25


def test_a_hand_that_leans_is_further_and_most_where_it_leans_most(mnist):
    hand = mnist.validation[:400]
    images = hand.images.copy()
    for row in range(28):
        ones = hand.labels == 1
        images[ones, row] = np.roll(images[ones, row], (14 - row) // 2, axis=1)
    times = times_from_average(Digits(images, hand.labels), mnist.train)
    assert max(times, key=times.get) == 1
    assert times[1] > 3


def test_luck_is_judged_by_as_many_digits(mnist):
    """One digit lies far from an average, and so does any other one: no more than luck."""
    single = [times_from_average(mnist.validation[i : i + 1], mnist.train) for i in range(40)]
    values = [time for times in single for time in times.values()]
    assert len(values) == 40
    assert 0.8 < np.mean(values) < 1.2


def test_digits_that_one_side_has_not_are_left_out_and_one_image_has_no_luck(mnist):
    few = mnist.validation[mnist.validation.labels < 3][:50]
    assert list(times_from_average(few, mnist.train)) == [0, 1, 2]
    one, other = mnist.validation[mnist.validation.labels == 4][:2].images
    labels = np.array([4])
    assert times_from_average(Digits(one[None], labels), Digits(other[None], labels)) == {
        4: float("inf")
    }
    assert times_from_average(few, mnist.train, 2) != times_from_average(few, mnist.train, 1)
    assert times_from_average(few, mnist.train, 2) == times_from_average(few, mnist.train, 2)


def test_some_of_each_are_so_many_of_each_and_more_include_fewer(mnist):
    digits = mnist.validation[:100]
    drawn = {n: some_of_each(digits, n, np.random.default_rng(3)) for n in (0, 1, 2, 5, 100)}
    counts = np.bincount(digits.labels, minlength=10)
    for number, few in drawn.items():
        assert np.array_equal(np.bincount(few.labels, minlength=10), np.minimum(counts, number))
    inks = {n: {image.tobytes() for image in few.images} for n, few in drawn.items()}
    assert inks[1] < inks[2] < inks[5] < inks[100]
    other = some_of_each(digits, 1, np.random.default_rng(4))
    assert {image.tobytes() for image in other.images} != inks[1]
    assert len(some_of_each(digits[:0], 3, np.random.default_rng(3))) == 0


def test_surer_of_learned_is_the_area_under_the_curve(mnist, boxed_model):
    learned, kept = mnist.train[:60], mnist.validation[:40]
    belief = [
        digitrec.predict(boxed_model, d.images)[np.arange(len(d)), d.labels]
        for d in (learned, kept)
    ]
    area = roc_auc_score([1] * 60 + [0] * 40, np.concatenate(belief))
    assert np.isclose(surer_of_learned(boxed_model, learned, kept), area)
    fours = [d[d.labels == 4] for d in (learned, kept)]
    assert surer_of_learned(always(4), *fours) == 0.5  # it says the same to all: ties
    both = always(4), fours[0], kept[kept.labels != 4]
    assert surer_of_learned(*both) == 1
