"""Training a network on MNIST: fast, with a line an epoch, and safe against interruption."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from digitrec.augmentation import Augmentation, augment
from digitrec.mnist import Digits, Mnist
from digitrec.paths import project_path, short_path
from digitrec.storage import write_whole

if TYPE_CHECKING:
    import keras
    import tensorflow

ROUNDS = 11  # how often an epoch comes back from TensorFlow to Python; each return costs time


def train(
    model: "keras.Model",
    mnist: Mnist,
    *,
    epochs: int = 3,
    batch_size: int = 128,
    learning_rate: float = 0.005,
    seed: int = 1,
    augmentation: Augmentation | None = None,
    patience: int | None = None,
    checkpoint: str | Path | None = None,
    callbacks: Sequence["keras.callbacks.Callback"] = (),
    verbose: bool = True,
) -> dict[str, list[float]]:
    """Train a network on the training set, watching the validation set.

    Adam, with a learning rate that rises for the first quarter of all steps and then falls to
    nothing. The images stay in memory as bytes and whole rounds of steps run inside TensorFlow, so
    that small networks do not wait for Python.

    Args:
        model: a network from (n, 28, 28) uint8 images to (n, 10) probabilities; changed in place.
        mnist: the data; the test set is not touched.
        epochs: passes over the training set, 1 or more.
        batch_size: images a step, 1 or more. The few images of an epoch that fill no whole round
            of steps are left out of it; they are others in each epoch.
        learning_rate: the highest step size of Adam, above 0.
        seed: the order of the images and their augmentation, 0 or more. The start of the weights
            was settled when the network was built.
        augmentation: how to change the images, anew in each epoch; None leaves them as they are.
        patience: stop when the validation loss has not improved for so many epochs, and go back to
            the best one; None runs all epochs.
        checkpoint: a .json file that is written after each epoch, with the state of the network
            beside it, and removed at the end. When it is there at the start, left by a run with the
            same settings, training goes on after its last whole epoch, with the same result as an
            unbroken run.
        callbacks: more to do while it runs, such as `live_curves()`.
        verbose: print a line an epoch.

    Returns:
        One value an epoch for each of "loss", "accuracy", "val_loss" and "val_accuracy".

    Raises:
        ValueError: a setting is out of range, or the checkpoint belongs to other settings.

    Source: L. N. Smith, N. Topin, "Super-convergence: very fast training of neural networks using
    large learning rates", 2018 (the learning rate).
    """
    from digitrec.quiet import keras

    images = len(mnist.train)
    if type(epochs) is not int or epochs < 1:
        raise ValueError(f"epochs is {epochs!r}, expected a whole number of 1 or more")
    if type(batch_size) is not int or not 1 <= batch_size <= images:
        raise ValueError(
            f"batch_size is {batch_size!r}, expected a whole number from 1 to {images}"
        )
    if not learning_rate > 0:
        raise ValueError(f"learning_rate is {learning_rate!r}, expected a number above 0")

    steps_a_round = max(1, images // batch_size // ROUNDS)
    steps = images // batch_size // steps_a_round * steps_a_round
    rate = keras.optimizers.schedules.CosineDecay(
        learning_rate / 25,
        decay_steps=epochs * steps - epochs * steps // 4,
        warmup_target=learning_rate,
        warmup_steps=epochs * steps // 4,
    )
    model.compile(
        optimizer=keras.optimizers.Adam(rate),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
        steps_per_execution=steps_a_round,
    )
    callbacks = list(callbacks)
    if verbose:
        callbacks.insert(0, progress())
    if patience is not None:
        stop = keras.callbacks.EarlyStopping(patience=patience, restore_best_weights=True)
        callbacks.append(stop)
    done: dict[str, list[float]] = {}
    if checkpoint is not None:
        checkpoint = project_path(checkpoint)
        if checkpoint.suffix != ".json":
            raise ValueError(f"checkpoint is {str(checkpoint)!r}, expected a name ending in .json")
        settings = {
            "network": model.name,
            "weights": model.count_params(),
            "images": images,
            "epochs": epochs,
            "batch_size": batch_size,
            "learning_rate": learning_rate,
            "seed": seed,
            "augmentation": augmentation and asdict(augmentation),
        }
        done = resume(model, checkpoint, settings)
        callbacks.append(checkpoint_writer(checkpoint, settings, done))
    first_epoch = len(done.get("loss", []))
    if first_epoch < epochs:
        history = model.fit(
            batches(mnist.train, range(first_epoch, epochs), batch_size, steps, seed, augmentation),
            epochs=epochs,
            initial_epoch=first_epoch,
            steps_per_epoch=steps,
            validation_data=(mnist.validation.images, mnist.validation.labels),
            validation_batch_size=1_000,
            shuffle=False,  # the batches are already
            verbose=0,
            callbacks=callbacks,
        ).history
        done = {name: done.get(name, []) + values for name, values in history.items()}
    if checkpoint is not None:
        checkpoint.unlink(missing_ok=True)
        state_file(checkpoint, len(done["loss"])).unlink(missing_ok=True)
    return done


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
        batch_size: images a batch.
        steps: batches an epoch.
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


def resume(model: "keras.Model", checkpoint: Path, settings: dict) -> dict[str, list[float]]:
    """Bring a compiled model to the state of a checkpoint, if there is one.

    Args:
        model: the network, compiled.
        checkpoint: the .json file; the state of the network lies beside it.
        settings: what the run is called with; a checkpoint of other settings is refused.

    Returns:
        The values of the epochs that are done, by name; nothing without a checkpoint.

    Raises:
        ValueError: the checkpoint belongs to other settings.
    """
    from digitrec.quiet import keras

    if not checkpoint.is_file():
        return {}
    found = json.loads(checkpoint.read_text(encoding="utf-8"))
    if found["settings"] != settings:
        different = {name for name in settings if found["settings"].get(name) != settings[name]}
        raise ValueError(
            f"The checkpoint {checkpoint} was left by a run with another "
            f"{', '.join(sorted(different))}. Delete it to start anew, or train with its settings: "
            f"{found['settings']}."
        )
    epochs_done = len(found["history"]["loss"])
    saved = keras.models.load_model(state_file(checkpoint, epochs_done))
    model.set_weights(saved.get_weights())
    model.optimizer.build(model.trainable_variables)
    for variable, value in zip(model.optimizer.variables, saved.optimizer.variables, strict=True):
        variable.assign(value)
    print(f"going on after epoch {epochs_done}, from {short_path(checkpoint)}")
    return found["history"]


def state_file(checkpoint: Path, epochs_done: int) -> Path:
    """Return where the state of the network is kept after a number of epochs."""
    return checkpoint.with_name(f"{checkpoint.stem}-{epochs_done}.keras")


def checkpoint_writer(
    checkpoint: Path, settings: dict, done: dict[str, list[float]]
) -> "keras.callbacks.Callback":
    """Return a Keras callback that saves network, optimizer and history after each epoch."""
    from digitrec.quiet import keras

    class CheckpointWriter(keras.callbacks.Callback):
        def on_train_begin(self, logs: dict | None = None) -> None:
            self.history = {name: list(values) for name, values in done.items()}

        def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
            for name, value in logs.items():
                self.history.setdefault(name, []).append(float(value))
            notes = json.dumps({"settings": settings, "history": self.history})
            # in this order, a kill at any moment leaves notes whose state is there and whole
            write_whole(state_file(checkpoint, epoch + 1), self.model.save)
            write_whole(checkpoint, lambda path: path.write_text(notes, "utf-8"))
            state_file(checkpoint, epoch).unlink(missing_ok=True)

    return CheckpointWriter()


def progress() -> "keras.callbacks.Callback":
    """Return a Keras callback that prints one line an epoch, growing while the epoch runs.

    Keras' own display (`verbose=1`) writes timings and cursor movements that pile up in a saved
    notebook. This one writes plain text that reads the same in JupyterLab, in a papermill output
    and in a terminal.
    """
    from digitrec.quiet import keras

    class Progress(keras.callbacks.Callback):
        DOTS = 10  # the line fits beside a cell in a window of 800 pixels

        def on_epoch_begin(self, epoch: int, logs: dict | None = None) -> None:
            print(f"epoch {epoch + 1:2d} of {self.params['epochs']} ", end="", flush=True)
            self.dots = 0

        def on_train_batch_end(self, batch: int, logs: dict | None = None) -> None:
            due = self.DOTS * (batch + 1) // self.params["steps"]
            if due > self.dots:
                print("." * (due - self.dots), end="", flush=True)
                self.dots = due

        def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
            line = f" loss {logs['loss']:.4f}, accuracy {logs['accuracy']:.2%}"
            if "val_loss" in logs:
                line += f"; validation {logs['val_loss']:.4f}, {logs['val_accuracy']:.2%}"
            print(line, flush=True)

    return Progress()
