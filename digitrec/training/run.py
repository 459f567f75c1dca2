"""Training a network on MNIST: fast, with a line an epoch, and safe against interruption."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from digitrec.augmentation import Augmentation
from digitrec.mnist import Mnist
from digitrec.paths import project_path
from digitrec.training.batches import batches
from digitrec.training.checkpoint import checkpoint_writer, resume, state_file
from digitrec.training.progress_line import progress

if TYPE_CHECKING:
    import keras

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
