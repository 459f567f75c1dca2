"""The batches of a training: cut from memory, in an order that seed and epoch settle."""

from typing import TYPE_CHECKING

import numpy as np

from digitrec.augmentation import Augmentation, augment
from digitrec.mnist import Digits

if TYPE_CHECKING:
    import tensorflow


def batches(
    digits: Digits,
    epochs: range,
    batch_size: int,
    steps: int,
    seed: int,
    augmentation: Augmentation | None,
) -> "tensorflow.data.Dataset":
    """Return the batches of several epochs, in an order that depends on seed and epoch alone.

    Args:
        digits: what to draw from.
        epochs: which epochs.
        batch_size: images per batch.
        steps: batches per epoch.
        seed: the source of all chance.
        augmentation: how to change the images, or None.

    Returns:
        Pairs of images (batch_size, 28, 28), uint8, and labels (batch_size,).
    """
    from digitrec.quiet import tensorflow as tf

    images, labels = tf.constant(digits.images), tf.constant(digits.labels)

    def one_epoch(epoch: tf.Tensor) -> tf.data.Dataset:
        order = tf.random.experimental.stateless_shuffle(
            tf.range(len(digits)), seed=tf.stack([tf.constant(seed, tf.int64), epoch])
        )[: steps * batch_size]
        shape = (steps, batch_size)
        return tf.data.Dataset.from_tensor_slices(
            (
                tf.reshape(tf.gather(images, order), (*shape, 28, 28)),
                tf.reshape(tf.gather(labels, order), shape),
                tf.range(steps),
                tf.repeat(epoch, steps),
            )
        )

    def changed(images: np.ndarray, step: np.int32, epoch: np.int64) -> np.ndarray:
        return augment(images, np.random.default_rng([seed, epoch, step]), augmentation)

    def finish(
        images: tf.Tensor, labels: tf.Tensor, step: tf.Tensor, epoch: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        if augmentation is not None:
            images = tf.numpy_function(changed, [images, step, epoch], tf.uint8)
        return tf.ensure_shape(images, (batch_size, 28, 28)), labels

    dataset = tf.data.Dataset.range(epochs.start, epochs.stop).flat_map(one_epoch)
    options = tf.data.Options()
    # nothing is left for it to tune, and its thread sleeps in ever longer turns: without this, the
    # end of a training of 12 seconds often waits 9 more for it to wake
    options.autotune.enabled = False
    return dataset.map(finish, num_parallel_calls=2).prefetch(8).with_options(options)
