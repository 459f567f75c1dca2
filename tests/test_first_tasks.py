"""The tasks of notebooks 1 and 2: their claims, and that hints lead to an answer."""

import numpy as np
import pytest
import scipy.ndimage
import scipy.special
from sklearn.model_selection import train_test_split

import digitrec
from digitrec.baselines import nearest_images
from digitrec.exercises import data_exploration, model_building
from digitrec.exercises.judging import holding_out, layers, mass
from digitrec.exercises.verdict import State
from digitrec.quiet import keras


@pytest.fixture(autouse=True)
def own_score(home):
    """Every test has a score of its own."""


def is_right(verdict):
    assert verdict.state is State.RIGHT, verdict
    return True


def run(code, known=None):
    """Run what a learner types, and return the names that it makes."""
    known = {"np": np, "keras": keras, "nearest_images": nearest_images} | (known or {})
    exec(code, known)
    return known


def distance(one, other):
    return np.sqrt((((one / 255) - (other / 255)) ** 2).sum(axis=(-2, -1)))


# The answers that are letters and numbers


@pytest.mark.parametrize("digit", range(10))
def test_a_digit_shifted_by_four_pixels_is_farther_from_itself_than_from_others(mnist, digit):
    ones = mnist.train.images[mnist.train.labels == digit][:2000]
    shifted = np.median(distance(ones, np.roll(ones, 4, axis=2)))
    assert shifted > 1.02 * np.median(distance(ones[:1000], ones[1000:]))


def test_shifted_by_four_pixels_is_farther_than_a_pair_of_different_digits(mnist):
    """As the sentence says that meets whoever is right."""
    some, others = mnist.train[:4000], mnist.train[4000:8000]
    different = distance(some.images, others.images)[some.labels != others.labels]
    shifted = distance(some.images, np.roll(some.images, 4, axis=2))
    assert np.median(shifted) > 1.03 * np.median(different)


def test_the_first_doubling_that_gets_95_per_cent_and_what_each_brings(mnist):
    accuracies = {}
    for count in (512, 1024, 2048, 4096, 8192):
        nearest = nearest_images(mnist.validation.images, mnist.train.images[:count])
        accuracies[count] = (mnist.train.labels[nearest] == mnist.validation.labels).mean()
    first = min(count for count, accuracy in accuracies.items() if accuracy >= 0.95)
    assert is_right(data_exploration.enough.check(first))
    assert accuracies[1024] < 0.9 < accuracies[2048]  # as two of the hints say
    assert 0.935 < accuracies[4096] < 0.945
    mistakes = 1 - np.array(list(accuracies.values()))
    assert np.all((mistakes[1:] / mistakes[:-1] > 0.65) & (mistakes[1:] / mistakes[:-1] < 0.85))


def test_doubled_scores_keep_their_order_and_raise_the_highest():
    scores = np.random.default_rng(1).normal(0, 2, (1000, 10))
    before, after = (scipy.special.softmax(factor * scores, axis=1) for factor in (1, 2))
    assert np.array_equal(before.argmax(axis=1), after.argmax(axis=1))
    assert np.all(after.max(axis=1) > before.max(axis=1))


# What answers are compared with


def test_the_centre_of_mass_is_that_of_scipy(mnist):
    for image in [*(one for (one,) in mass.pictures()), *mnist.train.images[:100]]:
        expected = scipy.ndimage.center_of_mass(image.astype(float))
        np.testing.assert_allclose(mass.centre_by_moments(image), expected, atol=1e-9)


def test_mnist_has_its_centre_close_to_14(mnist):
    """As the sentence says that meets whoever is right."""
    centres = [mass.centre_by_moments(image) for image in mnist.train.images[:500]]
    assert np.abs(np.array(centres) - 14).max() < 1


def test_softmax_is_that_of_scipy():
    for (scores,) in layers.score_tables():
        expected = scipy.special.softmax(scores.astype(float), axis=1)
        np.testing.assert_allclose(layers.softmax_by_keras(scores), expected, atol=1e-12)


@pytest.mark.parametrize("slips", [mass.SLIPS, layers.SOFTMAX_SLIPS])
def test_no_slip_is_right_and_no_two_are_the_same(slips):
    task = data_exploration.centre_of_mass if slips is mass.SLIPS else model_building.softmax_rows
    for wrong, hint in slips:
        verdict = task.check(wrong)
        assert verdict.state is State.NOT_YET
        assert hint in verdict.reason


# Right answers that nobody foresaw


def by_scikit_learn(images, labels, seed):
    rest = train_test_split(images, labels, train_size=0.6, random_state=seed, stratify=labels)
    last = train_test_split(rest[1], rest[3], train_size=0.5, random_state=seed)
    return (rest[0], rest[2]), (last[0], last[2]), (last[1], last[3])


def by_a_global_seed(images, labels, seed):
    np.random.seed(seed)  # noqa: NPY002
    order = np.arange(len(images))
    np.random.shuffle(order)  # noqa: NPY002
    cuts = [int(0.6 * len(images)), int(0.8 * len(images))]
    return [[images[one], labels[one].tolist()] for one in np.split(order, cuts)]


@pytest.mark.parametrize("split", [by_scikit_learn, by_a_global_seed])
def test_any_shuffle_is_right_that_puts_each_image_into_one_part(split):
    assert is_right(data_exploration.split.check(split))


def test_the_given_split_gets_more_than_half_of_random_labels_right():
    """As the question says; the mended one has to guess."""
    images, _ = holding_out.pile(250)
    labels = np.random.default_rng(3).integers(0, 10, 250)

    def share(split):
        first, _, third = split(images, labels, 1)
        return (np.array(first[1])[nearest_images(third[0], first[0])] == third[1]).mean()

    assert share(holding_out.with_a_new_order_each_time) > 0.5
    assert share(by_a_global_seed) < 0.25


@pytest.mark.parametrize(
    ("biases", "last", "hidden"),
    [
        ([0, -1], [1, -2], np.ones((2, 2))),
        ((-1.0, 0.0), (-2, 1), [[1, 1], [1, 1]]),
        (np.array([[0], [-1]]), np.array([[1, -2]]), np.ones((2, 2))),
        ([0, 0], [1, 1], [[1, -1], [-1, 1]]),
    ],
)
def test_any_neurons_are_right_that_tell_exactly_one(biases, last, hidden):
    assert is_right(model_building.exactly_one.check(biases, last, hidden))


def test_neurons_need_both_answers():
    verdict = model_building.exactly_one.check([0, -1], ..., np.ones((2, 2)))
    assert verdict.state is State.NOT_ATTEMPTED


def functional():
    given = keras.Input((28, 28))
    values = keras.layers.Flatten()(given) / 255.0
    for _ in range(2):
        values = keras.layers.ReLU()(keras.layers.Dense(128)(values))
        values = keras.layers.Dropout(0.5)(values)
    return keras.Model(given, keras.layers.Dense(10, activation="softmax")(values))


def from_zero():
    model = digitrec.build_mlp()
    model.set_weights([np.zeros_like(one) for one in model.get_weights()])
    return model


@pytest.mark.parametrize("build", [digitrec.build_mlp, functional, from_zero])
def test_any_way_of_building_the_network_is_right(mnist, build):
    assert is_right(model_building.strange_loss.check(build, mnist.validation))


def test_a_network_that_is_far_from_guessing_is_not_untrained(mnist):
    def build():
        model = digitrec.build_mlp()
        *others, _ = model.get_weights()
        model.set_weights([*others, np.arange(10)])  # it takes nearly everything for a 9
        return model

    verdict = model_building.strange_loss.check(build, mnist.validation)
    assert verdict.state is State.NOT_YET
    assert "The loss is" in verdict.reason


# Rules of the challenges


def test_the_measure_of_a_hundred_images_is_that_of_the_nearest_neighbour(mnist):
    some = mnist.train[:100]
    verdict = data_exploration.hundred.check(some.images, some.labels, mnist.validation)
    nearest = nearest_images(mnist.validation.images, some.images)
    assert verdict.measure == (some.labels[nearest] == mnist.validation.labels).mean()
    lists = data_exploration.hundred.check(
        list(some.images), some.labels.tolist(), mnist.validation
    )
    assert lists.measure == verdict.measure


def test_the_measure_of_own_weights_is_that_of_keras(mnist):
    weights = np.random.default_rng(1).normal(size=(784, 10))
    biases = np.random.default_rng(2).normal(0, 9, 10)
    layer = keras.Sequential(
        [
            keras.Input((28, 28), dtype="uint8"),
            keras.layers.Rescaling(1 / 255),
            keras.layers.Flatten(),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    layer.set_weights([weights, biases])
    expected = (
        digitrec.predict(layer, mnist.validation.images).argmax(axis=1) == mnist.validation.labels
    ).mean()
    other = keras.Sequential([keras.Input((784,)), keras.layers.Dense(10)])
    verdict = model_building.without_training.check(weights, biases, mnist.validation, other)
    assert verdict.measure == pytest.approx(expected, abs=0.001)
    taken = model_building.without_training.check(3 * weights, biases, mnist.validation, layer)
    assert "trained weights" in taken.reason


# Hints alone


def code_in(hint, first=0, last=None):
    """The lines of a hint that are code."""
    return "\n".join(hint.splitlines()[first:last])


def indented(code):
    return "\n".join(f"    {line}" for line in code.splitlines())


def test_hints_to_the_share_of_ink(mnist):
    assert "`mnist.train.images > 0`" in data_exploration.ink_share.hints[-1]
    known = run("ink_share = (mnist.train.images > 0).mean()", {"mnist": mnist})
    assert is_right(data_exploration.ink_share.check(known["ink_share"], mnist.train))


def test_hints_to_the_centre_of_mass():
    row = code_in(data_exploration.centre_of_mass.hints[-1], 0, 2)
    column = row.splitlines()[1].replace("row", "column").replace("shape[0]", "shape[1]")
    column = column.replace("axis=1", "axis=0")
    body = indented(f"{row}\n{column}\nreturn row, column")
    known = run(f"def centre_of_mass(image):\n{body}")
    assert is_right(data_exploration.centre_of_mass.check(known["centre_of_mass"]))


def test_hints_to_the_split():
    lines = data_exploration.split.starter.splitlines()
    (order,) = (line for line in lines if line.strip().startswith("order ="))
    lines.remove(order)
    loop = next(i for i, line in enumerate(lines) if line.strip().startswith("for "))
    lines.insert(loop, order.removeprefix("    "))
    known = run("\n".join(lines[:-1]))
    assert is_right(data_exploration.split.check(known["split"]))


def test_hints_to_a_hundred_images(mnist):
    three = code_in(data_exploration.hundred.hints[2], 1, 4)
    code = data_exploration.hundred.hints[3]
    dots = "    ...  # the three lines of the hint before"
    assert dots in code
    code = code_in(code.replace(dots, indented(three)), 0, -1)
    known = run(code, {"images": mnist.train.images, "labels": mnist.train.labels})
    labels = np.repeat(np.arange(10), 10)
    verdict = data_exploration.hundred.check(known["stored"], labels, mnist.validation)
    assert is_right(verdict)
    assert verdict.measure > 0.91  # not only by luck


def test_hints_to_exactly_one():
    known = run("biases, last = [0, -1], [1, -2]")
    assert "`[0, -1]` and `[1, -2]`" in model_building.exactly_one.hints[-1]
    hidden = np.ones((2, 2))
    assert is_right(model_building.exactly_one.check(known["biases"], known["last"], hidden))


def test_hints_to_softmax():
    powers = code_in(model_building.softmax_rows.hints[-1], 0, 1)
    body = indented(f"{powers}\nreturn powers / powers.sum(axis=1, keepdims=True)")
    known = run(f"def softmax_rows(scores):\n{body}")
    assert is_right(model_building.softmax_rows.check(known["softmax_rows"]))


def test_hints_to_a_layer_without_training(mnist):
    average = code_in(model_building.without_training.hints[0], 1, 2)
    code = f"my_weights = np.stack([{average} for d in range(10)], axis=1)"
    code += f"\n{model_building.without_training.hints[-1]}"
    known = run(code, {"mnist": mnist})
    weights, biases = known["my_weights"], known["my_biases"]
    check = model_building.without_training.check
    layer = keras.Sequential([keras.Input((784,)), keras.layers.Dense(10)])
    verdict = check(weights, biases, mnist.validation, layer)
    assert is_right(verdict)
    assert verdict.measure == pytest.approx(0.855, abs=0.01)  # the nearest mean's, as the hint says
    without = check(weights, np.zeros(10), mnist.validation, layer)
    assert without.measure == pytest.approx(2 / 3, abs=0.02)  # as the second hint says


def test_hints_to_the_strange_loss(mnist):
    starter = model_building.strange_loss.starter
    assert starter.count("axis=0") == 1
    for written in ("axis=1", ""):
        known = run(starter.partition("\n\n\n")[0].replace("axis=0", written))
        assert is_right(model_building.strange_loss.check(known["build_strange"], mnist.validation))
