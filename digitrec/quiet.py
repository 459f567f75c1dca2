"""TensorFlow and Keras without TensorFlow's start-up messages.

    from digitrec.quiet import keras
    from digitrec.quiet import tensorflow as tf

While it loads, TensorFlow's C++ code writes lines such as "Could not find cuda drivers on your
machine" straight to the standard error stream, where no Python setting reaches them. They are
harmless, and in a notebook they look like errors. Messages after the start are shown as ever.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def muted_standard_error() -> Iterator[None]:
    """Send whatever this process writes to file descriptor 2 to nowhere, for a while."""
    standard_error, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(standard_error, 2)
        os.close(standard_error)
        os.close(nowhere)


with muted_standard_error():
    import keras
    import tensorflow

    tensorflow.config.list_physical_devices()  # looks for a GPU now, and complains now

__all__ = ["keras", "tensorflow"]
