"""Steps of a training inside TensorFlow: many at once, each of few, large operations."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from digitrec.mnist import SIDE
from digitrec.networks import PART
from digitrec.training.sizes import SOFT, answers_to_any_size, middle

if TYPE_CHECKING:
    import keras
    import tensorflow


def adam(learning_rate: object) -> "keras.optimizers.Adam":
    """Return Keras' Adam, with the update of a variable as one operation in place of a dozen.

    Args:
        learning_rate: a number above 0, or a schedule.

    Returns:
        An optimizer with the variables of Keras' own, which computes the same.

    Source: D. P. Kingma, J. Ba, "Adam: a method for stochastic optimization", ICLR 2015.
    """
    from digitrec.quiet import keras
    from digitrec.quiet import tensorflow as tf

    class OneOperation(keras.optimizers.Adam):
        def update_step(
            self,
            gradient: tf.Tensor,
            variable: tf.Variable,
            learning_rate: tf.Tensor,
        ) -> None:
            index = self._get_variable_index(variable)
            step = tf.cast(self.iterations + 1, variable.dtype)
            tf.raw_ops.ResourceApplyAdam(
                var=variable.handle,
                m=self._momentums[index].value.handle,
                v=self._velocities[index].value.handle,
                beta1_power=self.beta_1**step,
                beta2_power=self.beta_2**step,
                lr=learning_rate,
                beta1=self.beta_1,
                beta2=self.beta_2,
                epsilon=self.epsilon,
                grad=gradient,
            )

    return OneOperation(learning_rate)


def whole_rounds(
    model: "keras.Model", steps: int, sides: Sequence[int]
) -> Callable[[int], Callable[[Iterator], dict]]:
    """Return what `fit` is to do in an epoch: whole rounds of steps, each in one function.

    Keras' own asks before each step whether there is another batch, and after it for the figures. A
    network that takes images of any size is shown their middle first, where most of the ink is,
    with labels that are a little soft: that costs half as much, and what is soft keeps it from
    being too sure of what it sees in part.

    Args:
        model: a compiled network.
        steps: of a round.
        sides: of the images, in pixels, for each epoch.

    Returns:
        A function from the number of an epoch to one from an iterator over batches to loss and
        accuracy of this epoch so far.

    Source: J. Howard, "Training Imagenet in 3 hours for $25; and CIFAR10 for $0.26", fast.ai, 2018
    (sizes); C. Szegedy et al., "Rethinking the Inception architecture", CVPR 2016 (soft labels).
    """
    from digitrec.quiet import keras
    from digitrec.quiet import tensorflow as tf

    weights, classes = model.trainable_weights, model.output_shape[-1]
    answers_to = answers_to_any_size(model)
    softly = keras.losses.CategoricalCrossentropy(label_smoothing=SOFT)

    def one_step(side: tf.Tensor | None, images: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            if side is None:
                answers = model(images, training=True)
                aim = loss = model.compute_loss(images, labels, answers)
            else:
                answers = answers_to(middle(images, side))
                loss = model.compute_loss(images, labels, answers)
                aim = softly(tf.one_hot(labels, classes), answers) + sum(model.losses)
        gradients = tape.gradient(aim, weights)
        model.optimizer.apply_gradients(zip(gradients, weights, strict=True))
        return figures(loss, labels, answers)

    @tf.function(autograph=False)  # made once for whole images, and once for all smaller ones
    def whole_round(iterator: Iterator, side: tf.Tensor | None) -> tf.Tensor:
        def step(done: tf.Tensor, sums: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            return done + 1, sums + one_step(side, *iterator.get_next())

        with whole_normalisation(model):
            return tf.while_loop(lambda done, _: done < steps, step, [0, tf.zeros(2)])[1] / steps

    def of_epoch(epoch: int) -> Callable[[Iterator], dict]:
        side = None if sides[epoch] == SIDE else tf.constant(sides[epoch])
        done: list[tf.Tensor] = []

        def run(iterator: Iterator) -> dict[str, float]:
            done.append(whole_round(iterator, side))
            images = steps * iterator.element_spec[0].shape[0]
            model.metrics[0].update_state(done[-1][0], images)  # so that callbacks can count
            return named(np.mean(done, axis=0))

        return run

    return of_epoch


def whole_evaluation(model: "keras.Model") -> Callable[[Iterator], dict]:
    """Return what `fit` is to do to validate: all images in one function.

    Args:
        model: a compiled network.

    Returns:
        A function from an iterator over one batch, of all images and labels, to loss and accuracy.
    """
    from digitrec.quiet import tensorflow as tf

    @tf.function(autograph=False)
    def whole(iterator: Iterator) -> tf.Tensor:
        images, labels = iterator.get_next()
        count = tf.shape(labels)[0]

        def part(start: tf.Tensor, sums: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            these = slice(start, start + PART)
            answers = model(images[these], training=False)
            loss = model.compute_loss(images[these], labels[these], answers, training=False)
            share = tf.cast(tf.minimum(PART, count - start) / count, tf.float32)
            return start + PART, sums + share * figures(loss, labels[these], answers)

        return tf.while_loop(lambda start, _: start < count, part, [0, tf.zeros(2)])[1]

    return lambda iterator: named(whole(iterator).numpy())


def figures(
    loss: "tensorflow.Tensor", labels: "tensorflow.Tensor", answers: "tensorflow.Tensor"
) -> "tensorflow.Tensor":
    """Return loss and accuracy of a batch as a tensor (2,)."""
    from digitrec.quiet import tensorflow as tf

    right = tf.equal(tf.argmax(answers, axis=1, output_type=tf.int32), tf.cast(labels, tf.int32))
    return tf.stack([loss, tf.reduce_mean(tf.cast(right, tf.float32))])


def named(pair: np.ndarray) -> dict[str, float]:
    """Return loss and accuracy, array (2,), under the names that Keras gives them."""
    return {"loss": float(pair[0]), "accuracy": float(pair[1])}


@contextmanager
def whole_normalisation(model: "keras.Model") -> Iterator[None]:
    """Let batch normalisation be one operation, in what is traced meanwhile.

    Keras puts it together from a dozen, each of which goes through all values of the maps, forward
    and backward.

    Args:
        model: a network; layers of other kinds, or with settings of their own, stay as they are.
    """
    from digitrec.quiet import keras
    from digitrec.quiet import tensorflow as tf

    def normalise(layer: keras.layers.Layer) -> Callable:
        def call(maps: tf.Tensor, training: bool | None = None, mask: object = None) -> tf.Tensor:
            if not training:
                return type(layer).call(layer, maps, training=training, mask=mask)
            normalised, mean, variance, *_ = tf.raw_ops.FusedBatchNormV3(
                x=maps,
                scale=layer.gamma.value,
                offset=layer.beta.value,
                mean=[],
                variance=[],
                epsilon=layer.epsilon,
            )
            # what comes is divided by n - 1, as for an estimate; Keras remembers it divided by n
            count = tf.cast(tf.size(maps) // tf.size(mean), variance.dtype)
            for remembered, now in (
                (layer.moving_mean, mean),
                (layer.moving_variance, variance * (count - 1) / count),
            ):
                remembered.assign_sub((1 - layer.momentum) * (remembered - now))
            return normalised

        return call

    def fits(layer: keras.layers.Layer) -> bool:
        return (
            type(layer) is keras.layers.BatchNormalization
            and layer.trainable
            and layer.scale
            and layer.center
            and not layer.renorm
            and not layer.synchronized
            and layer.compute_dtype == "float32"
            and layer.built
            and layer.input_spec.ndim == 4
            and layer.axis in (-1, 3)
        )

    layers = [layer for layer in every_layer(model) if fits(layer)]
    for layer in layers:
        layer.call = normalise(layer)
    try:
        yield
    finally:
        for layer in layers:
            del layer.call


def every_layer(model: "keras.Model") -> list["keras.layers.Layer"]:
    """Return a network's layers, and those of networks inside it."""
    parts = [every_layer(part) if hasattr(part, "layers") else [part] for part in model.layers]
    return [layer for part in parts for layer in part]
