"""Keeping memory clear of what a training leaves."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def garbage_collected() -> Iterator[None]:
    """Collect what is left of a training, and look for it only in what is new.

    Keras' `fit` leaves its copies of all images in a circle, until Python happens to look. A look
    through all of TensorFlow takes a quarter of a second, which is a tenth of a short training.
    """
    frozen = gc.get_freeze_count()
    if not frozen:  # otherwise somebody else's, who would not expect it to end here
        gc.freeze()
    try:
        yield
    finally:
        gc.collect()
        if not frozen:
            gc.unfreeze()
