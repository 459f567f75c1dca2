"""Notebooks 3 and 4: right answers of any shape pass, and what the tasks claim is so."""

import ast

import nbformat
import numpy as np
import pytest
from conftest import ROOT
from task_answers.training import LINE, OWN_FILES

from digitrec import calibration
from digitrec.exercises import evaluation, training
from digitrec.exercises.judging import honest_choice, papermill_line
from digitrec.exercises.judging.pairing import numbered
from digitrec.exercises.verdict import State


@pytest.fixture(autouse=True)
def own_score(home):
    """Every test has a score of its own."""


def state(task, *answer):
    return task.check(*answer).state


def by_loops(first_weights, last_weights, inputs, truth, rate):
    slopes = np.zeros_like(first_weights)
    for image, label in zip(inputs, truth, strict=True):
        sums = image @ first_weights
        scores = np.maximum(sums, 0) @ last_weights
        error = np.exp(scores) / np.exp(scores).sum() - label
        back = [e if s > 0 else 0 for e, s in zip(last_weights @ error, sums, strict=True)]
        slopes += np.outer(image, back) / len(inputs)
    return first_weights - rate * slopes


def by_keras(first_weights, last_weights, inputs, truth, rate):
    from digitrec.quiet import keras
    from digitrec.quiet import tensorflow as tf

    first = keras.Variable(first_weights, dtype="float32")
    with tf.GradientTape() as tape:
        hidden = keras.ops.relu(keras.ops.matmul(inputs.astype("float32"), first))
        scores = keras.ops.matmul(hidden, last_weights.astype("float32"))
        loss = keras.ops.mean(keras.losses.categorical_crossentropy(truth, scores, True))
    return first - rate * tape.gradient(loss, first.value)


def by_trying(first_weights, last_weights, inputs, truth, rate):
    def loss(weights):
        powers = np.exp(np.maximum(inputs @ weights, 0) @ last_weights)
        shares = (powers * truth).sum(axis=1) / powers.sum(axis=1)
        return -np.log(shares).mean()

    slopes = np.zeros_like(first_weights)
    for place in np.ndindex(first_weights.shape):
        nudge = np.zeros_like(first_weights)
        nudge[place] = 1e-6
        slopes[place] = (loss(first_weights + nudge) - loss(first_weights - nudge)) / 2e-6
    return first_weights - rate * slopes


@pytest.mark.parametrize("way", [by_loops, by_keras, by_trying])
def test_a_step_is_right_however_its_slopes_are_found(way):
    assert state(training.batch_step, way) is State.RIGHT


def with_pairs(images, labels, seed):
    pairs = list(zip(images, labels, strict=True))
    np.random.default_rng(seed).shuffle(pairs)
    return [image for image, _ in pairs], [label for _, label in pairs]


def with_two_generators(images, labels, seed):
    first, second = (np.random.default_rng(seed) for _ in range(2))
    return first.permutation(images), labels[second.permutation(len(labels))]


def by_sorting(images, labels, seed):
    order = np.argsort(np.random.RandomState(seed).rand(len(labels)))
    return np.take(images, order, axis=0), labels[order]


def by_tensorflow(images, labels, seed):
    from digitrec.quiet import tensorflow as tf

    order = np.random.default_rng(seed).permutation(len(labels))
    return tf.gather(images, order), tf.gather(labels, order)


@pytest.mark.parametrize("way", [with_pairs, by_sorting, by_tensorflow])
def test_images_keep_their_labels_however_they_are_mixed(way):
    assert state(training.mixed, way) is State.RIGHT


def test_pairs_are_judged_and_not_how_the_orders_were_drawn():
    images, labels = with_two_generators(*numbered(9), 1)
    own = dict(
        zip(*(part.tolist() for part in (numbered(9)[0][:, 0, 0], numbered(9)[1])), strict=True)
    )
    whole = all(own[image[0, 0]] == label for image, label in zip(images, labels, strict=True))
    assert (state(training.mixed, with_two_generators) is State.RIGHT) == whole


@pytest.mark.parametrize(
    "line",
    [
        f"{LINE} -p batch_size 64 {OWN_FILES}",
        f"  !{LINE} {OWN_FILES} --parameters batch_size 64\n",
        f".venv/bin/python -m {LINE} -p batch_size 64 -p epochs 3 {OWN_FILES}",
        f"{LINE} \\\n  -p batch_size 64 \\\n  {OWN_FILES} --log-output",
        f"{LINE} -y 'batch_size: 64' {OWN_FILES}",
        f"{LINE} {OWN_FILES} -p batch_size 32 -p batch_size 64 -p seed 2",
        r"papermill notebooks\03_training.ipynb runs\b.ipynb -p batch_size 64 "
        r"-p model_path 'models\b c.keras' -p results_path runs\b.json",
        "papermill 03_training.ipynb half.ipynb -p batch_size 64 -r model_path ../half.keras "
        "-p results_path half.json",
    ],
)
def test_a_line_is_right_as_papermill_understands_it(line):
    assert state(training.command, line) is State.RIGHT


@pytest.mark.parametrize("name", ["../models", "/home/me/models", "models/../models", "./models"])
def test_the_network_of_the_lesson_is_spared_under_every_name(name):
    line = f"{LINE} -p batch_size 64 {OWN_FILES} -p model_path {name}/handwritten_digits.keras"
    assert "would be replaced" in " ".join(repr(training.command.check(line)).split())


def test_the_line_is_judged_by_the_parameters_of_the_lesson():
    notebook = nbformat.read(ROOT / "notebooks" / papermill_line.LESSON, 4)
    (cell,) = (c for c in notebook.cells if "parameters" in c.metadata.get("tags", []))
    values = {s.target.id: ast.literal_eval(s.value) for s in ast.parse(cell.source).body}
    assert values == papermill_line.DEFAULTS


def test_networks_of_any_kind_are_measured(mnist):
    """A functional one and a class of its own; what an untrained one reads is no matter."""
    from digitrec.quiet import keras

    images = keras.Input((28, 28), dtype="uint8")
    flat = keras.layers.Flatten()(keras.layers.Rescaling(1 / 255)(images))
    functional = keras.Model(images, keras.layers.Dense(10, "softmax")(flat))

    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.flat, self.dense = keras.layers.Flatten(), keras.layers.Dense(10, "softmax")

        def call(self, images):
            return self.dense(self.flat(keras.ops.cast(images, "float32") / 255))

    own = Own()
    assert "no weights yet" in repr(training.small_network.check(own, mnist))
    own(mnist.train.images[:2])
    for model in (functional, own):
        said = training.small_network.check(model, mnist)
        assert "of the validation images are read right" in repr(said).replace("\n", " ")
        assert 0 < said.measure < 0.5


def test_labels_without_meaning_are_learned_by_heart(mnist):
    """What the prediction of notebook 3 claims, on fewer images."""
    from digitrec.quiet import keras

    keras.utils.set_random_seed(1)
    labels = np.random.default_rng(1).permutation(mnist.train.labels[:200])
    network = keras.Sequential([keras.Input((28, 28), dtype="uint8"), keras.layers.Flatten()])
    network.add(keras.layers.Rescaling(1 / 255))
    network.add(keras.layers.Dense(128, activation="relu"))
    network.add(keras.layers.Dense(10, activation="softmax"))
    loss = "sparse_categorical_crossentropy"
    network.compile(keras.optimizers.Adam(0.005), loss, steps_per_execution=4)
    network.fit(mnist.train.images[:200], labels, epochs=60, batch_size=50, verbose=0)
    check = mnist.validation[:1_000]
    seen = network.predict(mnist.train.images[:200], verbose=0).argmax(axis=1) == labels
    unseen = network.predict(check.images, verbose=0).argmax(axis=1) == check.labels
    assert seen.mean() > 0.9
    assert unseen.mean() < 0.2


def test_a_steep_valley_is_jumped_for_ever():
    places = [0.0]
    for _ in range(20):
        places.append(places[-1] - 0.2 * 10 * (places[-1] - 3))
    assert set(places) == {0, 6}


def test_a_temperature_above_1_refuses_more_and_leaves_fewer_wrong(mnist):
    """With the network that is in the box for lessons, on the validation set."""
    import digitrec
    from digitrec.storage import BOXED_MODEL

    dense = digitrec.load_model(str(BOXED_MODEL).replace("handwritten_digits", "dense"))
    validation = mnist.validation
    probabilities = digitrec.predict(dense, validation.images)
    wrong = probabilities.argmax(axis=1) != validation.labels
    passed = [
        calibration.softened(probabilities, temperature).max(axis=1) >= 0.9
        for temperature in (1, 2)
    ]
    assert passed[1].sum() < passed[0].sum()
    assert wrong[passed[1]].mean() < wrong[passed[0]].mean()


def by_bins(labels, predicted):
    return np.bincount(10 * labels.astype(int) + predicted, minlength=100).reshape(10, 10)


def by_list(labels, predicted):
    pairs = list(zip(labels.tolist(), predicted.tolist(), strict=True))
    return [[pairs.count((row, column)) for column in range(10)] for row in range(10)]


def by_one_hot(labels, predicted):
    return np.eye(10)[labels].T @ np.eye(10)[predicted]


@pytest.mark.parametrize("way", [by_bins, by_list, by_one_hot])
def test_confusions_are_counted_in_any_way(way):
    assert state(evaluation.confusions, way) is State.RIGHT


def test_doubt_is_ranked_in_any_way():
    def by_loss(labels, probabilities):
        losses = [-np.log(row[label]) for row, label in zip(probabilities, labels, strict=True)]
        return sorted(range(len(labels)), key=lambda place: -losses[place])

    def reversed_loss(labels, probabilities):
        believed = np.take_along_axis(probabilities, labels[:, None].astype(int), axis=1)[:, 0]
        return np.argsort(-np.log(believed))[::-1]

    for way in (by_loss, reversed_loss):
        assert state(evaluation.doubtful_first, way) is State.RIGHT


def test_one_look_is_enough_however_the_best_is_found():
    def by_sorting(recognisers, validation, ask_test):
        def right(recogniser):
            return (recogniser(validation.images) == validation.labels).sum()

        recognisers.sort(key=right)
        return [recognisers[-1], round(ask_test(recognisers[-1]), 3)]

    verdict = evaluation.honest_choice.check(by_sorting)
    assert verdict.state is State.RIGHT
    assert verdict.measure == 1


def test_all_looks_count_and_the_fewest_are_kept():
    from digitrec.exercises.score import load_scores

    def twice(recognisers, validation, ask_test):
        shares = [(one(validation.images) == validation.labels).mean() for one in recognisers]
        best = recognisers[int(np.argmax(shares))]
        ask_test(best)
        return best, ask_test(best)

    def everybody(recognisers, validation, ask_test):
        asked = [ask_test(one) for one in recognisers]
        return recognisers[int(np.argmax(asked))], max(asked)

    assert evaluation.honest_choice.check(everybody).measure == honest_choice.COUNT
    assert evaluation.honest_choice.check(twice).measure == 2
    assert evaluation.honest_choice.check(everybody).measure == honest_choice.COUNT
    assert load_scores()["04.honest_choice"].best == 2


def test_the_sets_of_the_challenge_disagree_by_luck_alone():
    validation = honest_choice.numbered_images(honest_choice.VALIDATION)
    recognisers = [honest_choice.Recogniser(number) for number in range(honest_choice.COUNT)]
    at_home = [float((one(validation.images) == validation.labels).mean()) for one in recognisers]
    on_test = [honest_choice.accuracy_on_test(one) for one in recognisers]
    assert np.argmax(at_home) != np.argmax(on_test)
    assert sorted(at_home)[-1] > sorted(at_home)[-2]
    assert sorted(on_test)[-1] > sorted(on_test)[-2]
    for shares, count in ((at_home, honest_choice.VALIDATION), (on_test, honest_choice.TEST)):
        error = np.sqrt(honest_choice.TRUE_ACCURACY * (1 - honest_choice.TRUE_ACCURACY) / count)
        assert np.abs(np.array(shares) - honest_choice.TRUE_ACCURACY).max() < 4 * error
        assert max(shares) > honest_choice.TRUE_ACCURACY + error
