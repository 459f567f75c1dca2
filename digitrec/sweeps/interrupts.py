"""Ctrl-C, which a terminal and the stop button of a notebook send to every process of a sweep."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from multiprocessing import resource_tracker

from distributed import Worker, WorkerPlugin

INTERRUPT = {signal.SIGINT}


class IgnoreInterrupts(WorkerPlugin):
    """Let a worker go on: the sweep alone decides what Ctrl-C ends."""

    def setup(self, worker: Worker) -> None:
        """Ignore it from now on; kernels inherit nothing that blocks it."""
        with suppress(ValueError):  # not in the main thread, where no signal arrives
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            if hasattr(signal, "pthread_sigmask"):
                signal.pthread_sigmask(signal.SIG_UNBLOCK, INTERRUPT)


@contextmanager
def interrupts_blocked() -> Iterator[None]:
    """Let threads and processes that start meanwhile hear of no Ctrl-C; Windows cannot do that.

    What a process does that is stopped while it imports its modules is told in many lines.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # who starts it unblocks Ctrl-C
    before = signal.pthread_sigmask(signal.SIG_BLOCK, INTERRUPT)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def interrupts_later() -> Iterator[Callable[[], AbstractContextManager[None]]]:
    """Let Ctrl-C wait until workers stand or are gone: half of them cannot be taken down.

    Yields:
        What makes a context in which it does not wait.
    """
    if threading.current_thread() is not threading.main_thread():
        yield nullcontext  # signals arrive in the main thread
        return
    came: list[int] = []
    usual = signal.signal(signal.SIGINT, lambda *_: came.append(1)) or signal.SIG_DFL

    @contextmanager
    def interrupts_now() -> Iterator[None]:
        later = signal.signal(signal.SIGINT, usual)
        try:
            if came:
                came.clear()
                signal.raise_signal(signal.SIGINT)
            yield
        finally:
            signal.signal(signal.SIGINT, later)

    try:
        yield interrupts_now
    finally:
        signal.signal(signal.SIGINT, usual)
    if came:
        signal.raise_signal(signal.SIGINT)
