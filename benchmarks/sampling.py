"""Noting a figure again and again while something runs."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

Figure = TypeVar("Figure")


@contextmanager
def sampled(measure: Callable[[], Figure], seconds: float = 0.5) -> Iterator[list[Figure]]:
    """Note what `measure` returns, at the beginning and then every so many seconds.

    Args:
        measure: returns a figure.
        seconds: between two of them.

    Yields:
        The list, which grows.
    """
    marks, done = [measure()], threading.Event()

    def watch() -> None:
        while not done.wait(seconds):
            marks.append(measure())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield marks
    finally:
        done.set()
        watcher.join()
