"""The steps of a training compute what Keras computes, in fewer operations."""

import numpy as np
import pytest

import digitrec
from digitrec.quiet import keras
from digitrec.quiet import tensorflow as tf
from digitrec.training import steps


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
    images, labels = mnist.train.images[:64], mnist.train.labels[:64]
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
