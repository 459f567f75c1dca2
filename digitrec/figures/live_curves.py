"""Curves that grow while a network trains."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from IPython.display import DisplayHandle

from digitrec.figures.canvas import bundle
from digitrec.figures.training import plot_live_training

if TYPE_CHECKING:
    import keras

PAUSE = 1.5  # seconds between two drawings; one takes about a tenth of that
POINTS = 20  # an epoch


def live_curves() -> "keras.callbacks.Callback":
    """Return a Keras callback that draws loss and accuracy while training runs.

    Keras tells the mean since the epoch began, which jumps where a new one begins. Here each point
    is the mean of the latest batches alone, and stands in their middle. The first one is the first
    batch, whose loss is that of the untrained network.

    It shows one figure and replaces it, so that a saved notebook keeps the last one alone. For
    `model.fit(..., callbacks=[live_curves()])` and for `digitrec.train(..., callbacks=[...])`; the
    network has to be compiled with the metric "accuracy".
    """
    from digitrec.quiet import keras

    class LiveCurves(keras.callbacks.Callback):
        def on_train_begin(self, logs: dict | None = None) -> None:
            self.training: list[tuple[float, float, float]] = []
            self.validation: list[tuple[float, float, float]] = []
            self.handle = DisplayHandle()
            self.draw(self.handle.display, "Axes for the curves of training, still empty")

        def on_epoch_begin(self, epoch: int, logs: dict | None = None) -> None:
            self.epoch, self.batches, self.images = epoch, 0, 0.0
            self.sums = {"loss": 0.0, "accuracy": 0.0}

        def on_train_batch_end(self, batch: int, logs: dict | None = None) -> None:
            steps, batches = self.params["steps"], batch + 1
            if self.training and batches < min(self.batches + steps / POINTS, steps):
                return
            # Keras weighs each batch by its images, and the last one of an epoch may be smaller
            images = float(self.model.metrics[0].count)
            sums = {name: float(logs[name]) * images for name in self.sums}
            loss, accuracy = (
                (sums[name] - self.sums[name]) / (images - self.images) for name in sums
            )
            # the first batch is measured before any step, the second after one
            middle = (self.batches + batches - 1) / 2
            self.training.append((self.epoch + middle / steps, loss, accuracy))
            self.batches, self.images, self.sums = batches, images, sums
            if time.monotonic() >= self.next_drawing:
                done = self.epoch + batches / steps
                self.draw(self.handle.update, f"Loss and accuracy after {done:.1f} epochs")

        def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
            if "val_loss" in logs:
                self.validation.append((epoch + 1, logs["val_loss"], logs["val_accuracy"]))

        def on_train_end(self, logs: dict | None = None) -> None:
            alt = "Loss and accuracy over all epochs, on the training and on the validation set"
            self.draw(self.handle.update, alt)

        def draw(self, show: Callable[..., None], alt: str) -> None:
            figure = plot_live_training(self.training, self.validation, self.params["epochs"])
            show(bundle(figure, alt), raw=True)
            self.next_drawing = time.monotonic() + PAUSE

    return LiveCurves()
