"""Keeping back advice of TensorFlow's that does not fit a training."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_advice_on_tracing() -> Iterator[None]:
    """Keep back TensorFlow's warning of functions that are traced again and again.

    Each training is a function of its own, and traced once. Five short trainings in a row look to
    TensorFlow as if one function was traced five times, and it writes a paragraph about it.
    """

    def is_another(record: logging.LogRecord) -> bool:
        return "triggered tf.function retracing" not in record.getMessage()

    logger = logging.getLogger("tensorflow")
    logger.addFilter(is_another)
    try:
        yield
    finally:
        logger.removeFilter(is_another)
