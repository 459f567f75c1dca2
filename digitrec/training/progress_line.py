"""What is printed of each epoch while a network trains."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import keras


def progress() -> "keras.callbacks.Callback":
    """Return a Keras callback that prints one line per epoch, growing while the epoch runs.

    A second line has the validation set, where there is one.

    Keras' own display (`verbose=1`) writes timings and cursor movements that pile up in a saved
    notebook. This one writes plain text that reads the same in JupyterLab, in a papermill output
    and in a terminal.
    """
    from digitrec.quiet import keras

    class Progress(keras.callbacks.Callback):
        DOTS = 10  # as many as the letters of "validation", which stands below them

        def on_epoch_begin(self, epoch: int, logs: dict | None = None) -> None:
            self.beginning = f"epoch {epoch + 1:2d} of {self.params['epochs']} "
            print(self.beginning, end="", flush=True)
            self.dots = 0

        def on_train_batch_end(self, batch: int, logs: dict | None = None) -> None:
            due = self.DOTS * (batch + 1) // self.params["steps"]
            if due > self.dots:
                print("." * (due - self.dots), end="", flush=True)
                self.dots = due

        def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
            line = f" loss {logs['loss']:.4f}, accuracy {logs['accuracy']:.2%}"
            if "val_loss" in logs:
                line += f"\n{'validation'.rjust(len(self.beginning) + self.DOTS)}"
                line += f" loss {logs['val_loss']:.4f}, accuracy {logs['val_accuracy']:.2%}"
            print(line, flush=True)

    return Progress()
