"""Training a network on MNIST: fast, with a line per epoch, and safe against interruption."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from digitrec.augmentation import Augmentation
from digitrec.files import remove_orphans
from digitrec.mnist import SIDE, Mnist
from digitrec.networks import ready_for_use
from digitrec.paths import project_path
from digitrec.training.batches import batches
from digitrec.training.checkpoint import description, read_checkpoint, write_checkpoint
from digitrec.training.epochs import History, epoch_keeper
from digitrec.training.garbage import garbage_collected
from digitrec.training.progress_line import progress
from digitrec.training.settings import Settings
from digitrec.training.sizes import sides_of_epochs
from digitrec.training.steps import adam, whole_evaluation, whole_rounds
from digitrec.training.tracing import without_advice_on_tracing

if TYPE_CHECKING:
    import keras

ROUNDS = 11  # how often an epoch comes back from TensorFlow to Python; each return costs time


@garbage_collected()
@without_advice_on_tracing()
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
    small_images_first: bool = True,
    checkpoint: str | Path | None = None,
    callbacks: Sequence["keras.callbacks.Callback"] = (),
    verbose: bool = True,
) -> History:
    """Train a network on the training set, watching the validation set.

    Adam, with a learning rate that rises for the first quarter of all steps and then falls to
    nothing. The images stay in memory as bytes and whole rounds of steps run inside TensorFlow, in
    few operations, so that small networks do not wait for Python. Afterwards the network is
    compiled with a fresh Adam at Keras' own rate, so that `model.fit` goes on learning.

    Args:
        model: a network from (n, 28, 28) uint8 images to (n, 10) probabilities; changed in place.
        mnist: the data; the test set is not touched.
        epochs: passes over the training set, 1 or more.
        batch_size: images per step, 1 or more. An epoch leaves out what fills no whole batch, and
            where batches cannot be shared into equal rounds, up to 4% more; other images each time.
        learning_rate: the highest step size of Adam, above 0.
        seed: the order of the images and their augmentation, 0 or more. The start of the weights
            was settled when the network was built.
        augmentation: how to change the images, anew in each epoch; None leaves them as they are.
        patience: stop when the validation loss has not improved for so many epochs, and go back to
            the best one; None runs all epochs.
        small_images_first: show networks that take images of any size, such as `build_cnn`, their
            middle first, with labels that are a little soft, and all of them in the last third of
            the epochs: nearly as good, and sooner. False for a network that has been trained.
        checkpoint: a .json file that is written after each epoch, with the whole state of the run:
            network, with the chance of its Dropout, optimizer, best epoch. It is removed at the
            end. When it is there at the start, left by a run with the same network, data and
            settings, training goes on after its last whole epoch, with the same result as an
            unbroken run; only what your own `callbacks` remember is not kept.
        callbacks: more to do while it runs, such as `live_curves()`.
        verbose: print a line per epoch.

    Returns:
        One value per epoch for each of "loss", "accuracy", "val_loss" and "val_accuracy".

    Raises:
        ValueError: a setting is out of range, the checkpoint is damaged or belongs to another run,
            or the loss is no number any more, as with too high a learning rate.
        OSError: the checkpoint cannot be written; the last one is unchanged.

    Source: L. N. Smith, N. Topin, "Super-convergence: very fast training of neural networks using
    large learning rates", 2018 (the learning rate).
    """
    settings = Settings(
        epochs, batch_size, learning_rate, seed, augmentation, patience, small_images_first
    )
    if not model.built:
        model.build((None, 28, 28))
    check_data(model, mnist, batch_size)
    images = len(mnist.train)
    steps_a_round = round_length(images // batch_size)
    steps = images // batch_size // steps_a_round * steps_a_round
    path = None if checkpoint is None else checked_path(checkpoint)
    prepare(model, learning_rate, epochs * steps, steps_a_round)

    sides = sides_of_epochs(model, epochs) if small_images_first else (SIDE,) * epochs
    rounds = whole_rounds(model, steps_a_round, sides)

    history, best = History({}), []
    if path is not None:
        remove_orphans(path.parent)
        run = description(model, mnist, settings)
        if path.is_file():
            values, state = read_checkpoint(path, run)
            history, best = History(values), state.get("best", [])
            restore(model, state)

    def save() -> None:
        if path is not None:
            state = {
                "network": [variable.numpy() for variable in model.variables],
                "optimizer": [variable.numpy() for variable in model.optimizer.variables],
                "best": best,
            }
            write_checkpoint(path, run, history, state)

    try:
        if history.done < epochs and not history.is_over(patience):
            left = range(history.done, epochs)
            model.fit(
                batches(mnist.train, left, batch_size, steps, seed, augmentation),
                epochs=epochs,
                initial_epoch=history.done,
                steps_per_epoch=steps,
                validation_data=(mnist.validation.images, mnist.validation.labels),
                validation_batch_size=len(mnist.validation),
                shuffle=False,  # the batches are already
                verbose=0,
                callbacks=[
                    *([progress()] if verbose else []),
                    *callbacks,
                    epoch_keeper(rounds, history, patience, best, save),
                ],
            )
    finally:  # also where it was interrupted
        ready_for_use(model)
    if patience is not None:
        model.set_weights(best)
        history.kept = history.best
    if path is not None:
        path.unlink(missing_ok=True)
    return history


def check_data(model: "keras.Model", mnist: Mnist, batch_size: int) -> None:
    """Check that there is something to learn from, and an answer for each label."""
    for name, digits in (("training", mnist.train), ("validation", mnist.validation)):
        if not len(digits):
            raise ValueError(f"the {name} set is empty, expected at least one image")
        if digits.labels.max() >= model.output_shape[-1] or digits.labels.min() < 0:
            raise ValueError(
                f"the {name} set has labels from {digits.labels.min()} to {digits.labels.max()}, "
                f"expected 0 to {model.output_shape[-1] - 1}, as the network has answers"
            )
    if batch_size > len(mnist.train):
        raise ValueError(
            f"batch_size is {batch_size}, expected a whole number from 1 to {len(mnist.train)}, "
            "the number of images"
        )


def round_length(steps: int) -> int:
    """Return how many steps to run at once, so that hardly any is left over at an epoch's end.

    >>> round_length(429), round_length(95)  # 11 rounds of 39; 19 of 5, as 11 would leave 7 steps
    (39, 5)
    """
    if steps < 40:
        return 1

    def cost(rounds: int) -> tuple[int, int]:
        return round(100 * (steps % rounds) / steps), abs(rounds - ROUNDS)

    return steps // min(range(8, 20), key=cost)


def rising_and_falling(
    learning_rate: float, steps: int
) -> "keras.optimizers.schedules.LearningRateSchedule":
    """Return a learning rate that rises for a quarter of all steps and then falls to nothing."""
    from digitrec.quiet import keras

    return keras.optimizers.schedules.CosineDecay(
        learning_rate / 25,
        decay_steps=steps - steps // 4,
        warmup_target=learning_rate,
        warmup_steps=steps // 4,
    )


def prepare(model: "keras.Model", learning_rate: float, steps: int, steps_a_round: int) -> None:
    """Compile a network for so many steps, with the learning rate that rises and falls."""
    model._compile_metrics = None  # `compile` would leave those of an earlier training
    model.compile(
        optimizer=adam(rising_and_falling(learning_rate, steps)),
        loss="sparse_categorical_crossentropy",
        steps_per_execution=steps_a_round,
    )
    model.optimizer.build(model.trainable_variables)
    model.test_function = whole_evaluation(model)


def restore(model: "keras.Model", state: dict[str, list]) -> None:
    """Bring a compiled network and its optimizer to a saved state."""
    for part, variables in (("network", model.variables), ("optimizer", model.optimizer.variables)):
        for variable, value in zip(variables, state[part], strict=True):
            variable.assign(value)


def checked_path(checkpoint: str | Path) -> Path:
    """Return the absolute path of a checkpoint, or say why the name cannot be one."""
    path = project_path(checkpoint)
    if path.suffix != ".json":
        raise ValueError(f"checkpoint is {str(path)!r}, expected a name ending in .json")
    return path
