"""The steps of a training compute what Keras computes, in fewer operations."""

import gc

import numpy as np
import pytest
from watching import Watching

import digitrec
from digitrec.mnist import Mnist
from digitrec.quiet import keras
from digitrec.quiet import tensorflow as tf
from digitrec.training import sizes, steps


def test_adam_computes_what_keras_adam_computes():
    generator = np.random.default_rng(1)
    start = [generator.normal(size=shape) for shape in ((3, 3, 1, 4), (4,), (5, 2))]
    rate = keras.optimizers.schedules.CosineDecay(0.01, 20, warmup_target=0.1, warmup_steps=5)
    results = []
    for optimizer in (keras.optimizers.Adam(rate), steps.adam(rate)):
        variables = [keras.Variable(values.astype("float32")) for values in start]
        optimizer.build(variables)
        moving = np.random.default_rng(2)
        for _ in range(12):
            gradients = [moving.normal(size=v.shape).astype("float32") for v in variables]
            gradients[1] *= 1e-5
            optimizer.apply_gradients(
                [(tf.constant(g), v) for g, v in zip(gradients, variables, strict=True)]
            )
        results.append([v.numpy() for v in (*variables, *optimizer.variables)])
    for expected, found in zip(*results, strict=True):
        assert np.allclose(found, expected, rtol=1e-4, atol=1e-6)
    assert not np.allclose(results[0][0], start[0], atol=0.1)


def one_step(model, images, labels, fused):
    """Return probabilities, gradients and remembered statistics of one step."""
    weights = [variable.value for variable in model.trainable_variables]

    @tf.function
    def step():
        with tf.GradientTape() as tape:
            probabilities = model(images, training=True)
            loss = tf.reduce_mean(
                keras.losses.sparse_categorical_crossentropy(labels, probabilities)
            )
        return probabilities, tape.gradient(loss, weights)

    if fused:
        with steps.whole_normalisation(model):
            probabilities, gradients = step()
    else:
        probabilities, gradients = step()
    remembered = [variable.numpy() for variable in model.non_trainable_variables]
    return [probabilities.numpy(), *(g.numpy() for g in gradients), *remembered]


def nested():
    """A network with another one inside, and normalisations of several kinds."""
    inner = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(3, 5, strides=3),
            keras.layers.BatchNormalization(momentum=0.7, epsilon=0.01),
        ]
    )
    return keras.Sequential(
        [
            keras.Input((28, 28), dtype="uint8"),
            keras.layers.Rescaling(1 / 255),
            keras.layers.Reshape((28, 28, 1)),
            inner,
            keras.layers.BatchNormalization(axis=1),
            keras.layers.BatchNormalization(scale=False),
            keras.layers.BatchNormalization(center=False),
            keras.layers.BatchNormalization(renorm=True),
            keras.layers.BatchNormalization(trainable=False),
            keras.layers.Flatten(),
            keras.layers.Dense(8),
            keras.layers.BatchNormalization(),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )


@pytest.mark.parametrize("build", [lambda: digitrec.build_cnn(4), nested])
def test_a_whole_normalisation_computes_what_keras_computes(build, mnist):
    images, labels = mnist.train.images[:6], mnist.train.labels[:6]  # so few that n - 1 is not n
    results = []
    for fused in (False, True):
        keras.utils.set_random_seed(4)
        results.append(one_step(build(), images, labels, fused))
    for expected, found in zip(*results, strict=True):
        assert np.allclose(found, expected, rtol=1e-3, atol=2e-5)


def test_it_is_one_operation_and_afterwards_keras_own(mnist):
    model = digitrec.build_cnn(4)
    images = tf.constant(mnist.train.images[:8])

    def operations():
        function = tf.function(lambda: model(images, training=True))
        graph = function.get_concrete_function().graph
        return [operation.type for operation in graph.get_operations()]

    with steps.whole_normalisation(model):
        inside = operations()
    with pytest.raises(KeyError), steps.whole_normalisation(model):
        {}["a training that fails"]
    assert inside.count("FusedBatchNormV3") == 4
    assert "FusedBatchNormV3" not in operations()


def of_any_size(*first):
    layers = keras.layers
    return keras.Sequential(
        [
            *(keras.Input((28, 28), dtype="uint8"), *first, layers.Rescaling(1 / 255)),
            *(layers.Reshape((28, 28, 1)), layers.Conv2D(4, 5, strides=3)),
            *(layers.GlobalAveragePooling2D(), layers.Dense(10, activation="softmax")),
        ]
    )


@pytest.fixture(scope="module")
def small(mnist):
    return Mnist(mnist.train[:200], mnist.validation[:1500], mnist.test[:1])


@pytest.mark.parametrize(
    ("epochs", "first", "sides"),
    [
        (3, True, [20, 24, 28]),
        (1, True, [28]),
        (2, True, [24, 28]),
        (5, True, [20, 24, 24, 28, 28]),
        (3, False, [28, 28, 28]),
    ],
)
def test_a_network_of_any_size_sees_the_middle_first(epochs, first, sides, small):
    watching = Watching()
    settings = {"batch_size": 100, "small_images_first": first, "verbose": False}
    digitrec.train(of_any_size(watching), small, epochs=epochs, **settings)
    seen = watching.seen[True]
    assert len(seen) == 200 * len(sides)
    for epoch, side in enumerate(sides):
        images = seen[200 * epoch : 200 * (epoch + 1)]
        assert {image.shape for image in images} == {(side, side)}
        edge = slice((28 - side) // 2, (28 + side) // 2)
        expected = {image[edge, edge].tobytes() for image in small.train.images}
        assert {image.tobytes() for image in images} == expected


def convolutional(*last):
    first = [keras.layers.Rescaling(1 / 255), keras.layers.Reshape((28, 28, 1))]
    layers = [*first, keras.layers.Conv2D(2, 5), *last]
    return keras.Sequential([keras.Input((28, 28), dtype="uint8"), *layers])


@pytest.mark.parametrize(
    "model",
    [
        digitrec.build_mlp(),
        convolutional(keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")),
        convolutional(keras.layers.Conv2D(10, 24), keras.layers.GlobalMaxPooling2D()),
    ],
    ids=["dense", "flattened", "too small for a convolution"],
)
def test_a_network_that_needs_28_pixels_gets_them(model):
    assert sizes.sides_of_epochs(model, 3) == (28, 28, 28)


def test_labels_are_a_little_soft_while_images_are_small(mnist):
    """Of ten images that a network knows by heart it says 0.91, as it was told, and then 1."""
    digits = mnist.train[np.unique(mnist.train.labels, return_index=True)[1]]
    said = {}
    for side in (20, 28):
        keras.utils.set_random_seed(1)
        model = digitrec.build_cnn(4)
        model.compile(steps.adam(0.01), "sparse_categorical_crossentropy")
        batch = tf.data.Dataset.from_tensors((digits.images, digits.labels)).repeat()
        figures = steps.whole_rounds(model, 150, [side])(0)(iter(batch))
        answers = steps.answers_to_any_size(model)(steps.middle(tf.constant(digits.images), side))
        said[side] = np.asarray(answers)[np.arange(10), digits.labels].mean()
        assert 0 < figures["loss"] < 1
    assert 0.85 < said[20] < 0.94
    assert said[28] > 0.98


@pytest.mark.parametrize("side", [20, 28])
def test_what_a_network_asks_for_in_losses_of_its_own_is_kept(side, mnist):
    last = keras.layers.Dense(10, activation="softmax", kernel_regularizer=keras.regularizers.L2(9))
    pooling = keras.layers.GlobalAveragePooling2D()
    model = convolutional(pooling, last)
    model.compile(steps.adam(0.01), "sparse_categorical_crossentropy")
    batch = tf.data.Dataset.from_tensors((mnist.train.images[:20], mnist.train.labels[:20]))
    before = np.abs(last.kernel.numpy()).mean()
    steps.whole_rounds(model, 100, [side])(0)(iter(batch.repeat()))
    assert np.abs(last.kernel.numpy()).mean() < before / 10


def test_the_figures_of_an_epoch_are_of_all_its_images(mnist):
    """With a rate at which nothing is learned they are those of `evaluate`."""
    digits = Mnist(mnist.train[:1000], mnist.validation[:1500], mnist.test[:1])
    model = digitrec.build_mlp()
    settings = {"epochs": 2, "batch_size": 10, "learning_rate": 1e-9, "verbose": False}
    history = digitrec.train(model, digits, **settings)  # 100 steps in ten rounds
    for name, part in (("", digits.train), ("val_", digits.validation)):
        loss, accuracy = model.evaluate(part.images, part.labels, verbose=0)
        assert history[f"{name}loss"] == pytest.approx([loss] * 2, rel=1e-4)
        assert history[f"{name}accuracy"] == pytest.approx([accuracy] * 2, abs=1e-6)


def test_a_network_that_was_trained_is_trained_on_and_nothing_is_left_of_it(small):
    model = digitrec.build_mlp()
    first = digitrec.train(model, small, verbose=False)
    gc.collect()
    gc.disable()
    try:
        second = digitrec.train(model, small, verbose=False)
        assert gc.collect() < 500  # objects; a training makes thousands, and copies of all images
    finally:
        gc.enable()
    assert gc.get_freeze_count() == 0
    assert second["loss"][-1] < first["loss"][-1]
    assert second["accuracy"][-1] > first["accuracy"][-1]


def test_a_callback_can_count_the_images_of_an_epoch(small):
    class Counting(keras.callbacks.Callback):
        def on_train_begin(self, logs=None):
            self.counts = []

        def on_train_batch_end(self, batch, logs=None):
            self.counts.append(float(self.model.metrics[0].count))

    counting = Counting()
    settings = {"epochs": 2, "batch_size": 50, "verbose": False, "callbacks": [counting]}
    digitrec.train(digitrec.build_mlp(), small, **settings)
    assert counting.counts == [50, 100, 150, 200] * 2


def test_a_network_can_be_used_after_a_training_that_was_stopped(small):
    class Stop(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            raise KeyboardInterrupt

    model = digitrec.build_mlp()
    with pytest.raises(KeyboardInterrupt):
        digitrec.train(model, small, callbacks=[Stop()], verbose=False)
    images, labels = small.validation.images, small.validation.labels
    right = (digitrec.predict(model, images).argmax(axis=1) == labels).mean()
    assert model.evaluate(images, labels, verbose=0)[1] == pytest.approx(right)
    losses = model.fit(images, labels, epochs=2, verbose=0).history["loss"]
    assert losses[1] < losses[0]
