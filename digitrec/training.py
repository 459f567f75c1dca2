"""Training a network on MNIST, with a line an epoch."""

from typing import TYPE_CHECKING

from digitrec.mnist import Mnist

if TYPE_CHECKING:
    import keras


def train(
    model: "keras.Model",
    mnist: Mnist,
    *,
    epochs: int = 3,
    batch_size: int = 32,
    learning_rate: float = 0.001,
) -> dict[str, list[float]]:
    """Train a network with Adam on the training set, watching the validation set.

    The same two calls, `compile` and `fit`, stand in notebook 03.

    Args:
        model: a network from (n, 28, 28) uint8 images to (n, 10) probabilities; changed in place.
        mnist: the data; the test set is not touched.
        epochs: passes over the training set, 1 or more.
        batch_size: images a step, 1 or more.
        learning_rate: Adam's step size, above 0.

    Returns:
        One value an epoch for each of "loss", "accuracy", "val_loss" and "val_accuracy".
    """
    from digitrec.quiet import keras

    model.compile(
        optimizer=keras.optimizers.Adam(float(learning_rate)),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    history = model.fit(
        mnist.train.images,
        mnist.train.labels,
        validation_data=(mnist.validation.images, mnist.validation.labels),
        epochs=epochs,
        batch_size=batch_size,
        verbose=0,
        callbacks=[progress()],
    )
    return history.history


def progress() -> "keras.callbacks.Callback":
    """Return a Keras callback that prints one line an epoch, growing while the epoch runs.

    Keras' own display (`verbose=1`) writes timings and cursor movements that pile up in a saved
    notebook. This one writes plain text that reads the same in JupyterLab, in a papermill output
    and in a terminal.
    """
    from digitrec.quiet import keras

    class Progress(keras.callbacks.Callback):
        DOTS = 20

        def on_epoch_begin(self, epoch: int, logs: dict | None = None) -> None:
            print(f"epoch {epoch + 1:2d} of {self.params['epochs']} ", end="", flush=True)
            self.dots = 0

        def on_train_batch_end(self, batch: int, logs: dict | None = None) -> None:
            due = self.DOTS * (batch + 1) // self.params["steps"]
            if due > self.dots:
                print("." * (due - self.dots), end="", flush=True)
                self.dots = due

        def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
            print(
                f" loss {logs['loss']:.4f}, accuracy {logs['accuracy']:.2%}"
                + (
                    f"; validation loss {logs['val_loss']:.4f}, accuracy {logs['val_accuracy']:.2%}"
                    if "val_loss" in logs
                    else ""
                ),
                flush=True,
            )

    return Progress()
