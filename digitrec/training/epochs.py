"""What happens at the end of each epoch: its figures, its best network and its state are kept."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import keras


class History(dict[str, list[float]]):
    """One value per epoch for each of "loss", "accuracy", "val_loss" and "val_accuracy".

    Attributes:
        kept: the epoch, counted from 0, whose network `train` has left: the last one, or with
            patience the best one.

    >>> history = History({"loss": [0.5, 0.3, 0.2], "val_loss": [0.4, 0.3, 0.35]})
    >>> history.done, history.best, history.kept
    (3, 1, 2)
    """

    def __init__(self, values: dict[str, list[float]]) -> None:
        super().__init__(values)
        self.kept = self.done - 1

    @property
    def done(self) -> int:
        """How many epochs there are."""
        return len(self.get("loss", []))

    @property
    def best(self) -> int:
        """The epoch of the lowest validation loss, counted from 0; the first one of equals."""
        return int(np.argmin(self["val_loss"]))

    def is_over(self, patience: int | None) -> bool:
        """Whether the last epochs brought nothing for as long as patience lasts."""
        return patience is not None and self.done > 0 and self.done - 1 - self.best >= patience


def epoch_keeper(
    rounds: Callable[[int], Callable],
    history: History,
    patience: int | None,
    best: list[np.ndarray],
    save: Callable[[], None],
) -> "keras.callbacks.Callback":
    """Return a Keras callback that keeps what each epoch brings, and stops when patience ends.

    Args:
        rounds: gives what `fit` is to do in an epoch.
        history: grows by one value each.
        patience: see `train`; with None, no best network is kept.
        best: the weights of the best epoch; replaced in place.
        save: is called after each epoch.

    Raises:
        ValueError: from the callback, when a figure is no number any more.
    """
    from digitrec.quiet import keras

    class EpochKeeper(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch: int, logs: dict | None = None) -> None:
            self.model.train_function = rounds(epoch)

        def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
            for name, value in logs.items():
                if not math.isfinite(value):
                    raise ValueError(
                        f"The training went wrong in epoch {epoch + 1}: {name} is {value}. Build "
                        "the network anew and train it with a smaller learning_rate."
                    )
                history.setdefault(name, []).append(float(value))
            history.kept = epoch
            if patience is not None and history.best == epoch:
                best[:] = self.model.get_weights()
            self.model.stop_training |= history.is_over(patience)
            save()

    return EpochKeeper()
