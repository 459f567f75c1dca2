"""Going on with a training that was interrupted."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

from digitrec.files import write_whole
from digitrec.paths import short_path

if TYPE_CHECKING:
    import keras


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
