"""TensorFlow and Keras without TensorFlow's start-up messages.

    from digitrec.quiet import keras
    from digitrec.quiet import tensorflow as tf

While it loads, TensorFlow's C++ code writes lines such as "Could not find cuda drivers on your
machine" straight to the standard error stream, where no Python setting reaches them. They are
harmless, and in a notebook they look like errors. Messages after the start are shown as ever, and
so are those of a start that fails.
"""

import atexit
import faulthandler
import gc
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def muted_standard_error() -> Iterator[None]:
    """Keep back whatever this process writes to file descriptor 2; an error brings it out.

    If the process is ended, as TensorFlow does where the processor is too old for it, Python says
    at which line.
    """
    try:
        standard_error = os.dup(2)
    except OSError:  # it is closed: nobody would read anything, and nothing else may take its place
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        yield
        return
    with tempfile.TemporaryFile() as kept, os.fdopen(standard_error, "wb") as shown:
        watching = not faulthandler.is_enabled()
        if watching:
            faulthandler.enable(shown)
        os.dup2(kept.fileno(), 2)
        try:
            yield
        except Exception:  # and not where somebody stops it, by Ctrl-C
            kept.seek(0)
            shown.write(kept.read())
            raise
        finally:
            os.dup2(standard_error, 2)
            if watching:
                faulthandler.disable()


@contextmanager
def without_garbage_collection() -> Iterator[None]:
    """Let Python not look for garbage while it makes what stays: it would look a hundred times."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def check_start(backend: str, data_format: str) -> None:
    """Check that Keras works as this package needs it.

    Args:
        backend: what Keras computes with.
        data_format: whether the channels of images come first or last.

    Raises:
        ImportError: Keras is set otherwise.

    >>> check_start("torch", "channels_last")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    ImportError: Keras is set to the backend torch, expected tensorflow. Unset KERAS_BACKEND, ...
    """
    if backend != "tensorflow":
        raise ImportError(
            f"Keras is set to the backend {backend}, expected tensorflow. Unset KERAS_BACKEND, "
            'or set it to "tensorflow", and start Python again.'
        )
    if data_format != "channels_last":
        raise ImportError(
            f"Keras is set to images with {data_format}, expected channels_last. Write "
            '"image_data_format": "channels_last" in keras.json, which is in the folder .keras of '
            "your home, and start Python again."
        )


os.environ["KERAS_BACKEND"] = (
    os.environ.get("KERAS_BACKEND") or "tensorflow"
)  # not what keras.json says
check_start(os.environ["KERAS_BACKEND"], "channels_last")
with muted_standard_error(), without_garbage_collection():
    import keras
    import tensorflow

    tensorflow.config.list_physical_devices()  # looks for a GPU now, and complains now
atexit.register(gc.freeze)  # or Python, when it ends, looks for garbage once more, for a second

check_start(keras.config.backend(), keras.config.image_data_format())

__all__ = ["keras", "tensorflow"]
