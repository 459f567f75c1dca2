"""How far a sweep is: a line that changes in a terminal and in a notebook, and lines in a log."""

import sys
import time
from contextlib import AbstractContextManager
from threading import Lock
from types import TracebackType
from typing import Protocol

from tqdm import tqdm

NAMED = 4  # running runs that are named


class Display(Protocol):
    """Where a progress is seen."""

    def show(self, text: str, news: bool) -> None:
        """Show what there is to say; `news` means that a run ended."""

    def close(self) -> None:
        """Leave the last text standing."""


class Progress(AbstractContextManager):
    """Tells what is running, done and failed, and the time left.

    Args:
        total: how many runs the sweep has.
        kept: how many of them were done before.
        display: where it is seen.
    """

    def __init__(self, total: int, kept: int, display: Display) -> None:
        self.total, self.kept, self.display = total, kept, display
        self.done, self.failed = kept, 0
        self.running: dict[str, str] = {}
        self.start: float | None = None  # until then, workers start
        self.lock = Lock()  # runs begin in Dask's thread and end in ours

    def __enter__(self) -> "Progress":
        self.display.show(f"{self.text()}, workers are starting", True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self.lock:
            self.running.clear()
            self.display.show(self.text(), False)
            self.display.close()

    def began(self, key: str, label: str) -> None:
        """Note that a run begins."""
        with self.lock:
            self.start = self.start or time.monotonic()
            self.running[key] = label
            self.display.show(self.text(), False)

    def ended(self, key: str, failed: bool) -> None:
        """Note that a run has come to its end."""
        with self.lock:
            self.running.pop(key, None)
            self.failed += failed
            self.done += not failed
            self.display.show(self.text(), True)

    def text(self) -> str:
        """Return what there is to say at this moment."""
        parts = [f"{self.done} of {self.total} done"]
        if self.kept:
            parts.append(f"{self.kept} of them before")
        if self.failed:
            parts.append(f"{self.failed} failed")
        finished = self.done + self.failed - self.kept
        left = self.total - self.done - self.failed
        if self.start and finished:
            seconds = time.monotonic() - self.start
            parts.append(
                f"about {duration(seconds / finished * left)} left" if left else duration(seconds)
            )
        if self.running:
            named = list(self.running.values())
            more = [f"{len(named) - NAMED} more"] if len(named) > NAMED else []
            parts.append(f"running: {'; '.join(named[:NAMED] + more)}")
        return ", ".join(parts)


def duration(seconds: float) -> str:
    """Return a time in words.

    >>> duration(42.3), duration(600), duration(9000)
    ('42 s', '10 min', '2.5 h')
    """
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


class Log:
    """Lines with the time of day, one for each run that ended."""

    def show(self, text: str, news: bool) -> None:
        """Write a line, where there is news."""
        if news:
            print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)

    def close(self) -> None:
        """Nothing is left to do: the lines stand."""


class Terminal:
    """One line as wide as the terminal, which is written over."""

    def __init__(self) -> None:
        self.bar = tqdm(bar_format="{desc}", dynamic_ncols=True)

    def show(self, text: str, news: bool) -> None:
        """Write over the line."""
        self.bar.set_description_str(text)

    def close(self) -> None:
        """Go on in the next line."""
        self.bar.close()


class Cell:
    """One output of a notebook's cell, which changes."""

    def __init__(self) -> None:
        from IPython.display import display  # only here: a terminal needs no notebook

        self.handle = display({"text/plain": ""}, raw=True, display_id=True)

    def show(self, text: str, news: bool) -> None:
        """Replace the output."""
        self.handle.update({"text/plain": text}, raw=True)

    def close(self) -> None:
        """Nothing is left to do: the output stands."""


def display() -> Display:
    """Return what shows a progress here: in a notebook, in a terminal, or in a log."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if getattr(shell, "kernel", None) is not None:
        return Cell()
    return Terminal() if sys.stderr.isatty() else Log()
