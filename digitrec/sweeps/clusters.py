"""Where runs happen: worker processes on this machine, or those of a scheduler somewhere."""

import asyncio
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import dask
import psutil
from dask.system import CPU_COUNT
from distributed import Client, LocalCluster, Security
from distributed.comm import connect
from distributed.system import MEMORY_LIMIT

from digitrec.files import LOCK, locked, one_at_a_time
from digitrec.parameters import is_address
from digitrec.sweeps.interrupts import IgnoreInterrupts, interrupts_blocked, interrupts_later

SCRATCH = "digitrec-sweep-"  # how names of temporary folders begin
MEMORY_PER_RUN = 1.5e9  # bytes; a kernel with TensorFlow that trains, with a reserve
PATIENCE = 10  # seconds for a scheduler to answer, and then for its workers
SETTINGS = {
    # a worker has one run at a time: Dask suspects all that a worker had when it died
    "distributed.scheduler.worker-saturation": 1.0,
    # or Dask keeps what a worker did in each second of the last hour, for pages that nobody opens
    "distributed.worker.profile.enabled": False,
}
TELLING = ("distributed", "distributed.client", "tornado.application", "asyncio")
QUIET = logging.CRITICAL  # what goes wrong is told in sentences, by the sweep


def scheduler_address(address: str | None) -> str | None:
    """Return the address of a scheduler: the one given, or else Dask's own setting.

    Args:
        address: such as "tcp://10.0.0.7:8786"; None looks at DASK_SCHEDULER_ADDRESS and at Dask's
            settings.

    Returns:
        None where there is neither, so that this machine works.

    Raises:
        ValueError: it is no address.
    """
    address = (
        address
        or os.environ.get("DASK_SCHEDULER_ADDRESS")  # set after Dask has read its settings
        or dask.config.get("scheduler-address", None)
        or None
    )
    if address is not None and not is_address(address):
        raise ValueError(
            f"{address!r} is no address of a Dask scheduler: expected one such as "
            '"tcp://10.0.0.7:8786", which the scheduler writes when it starts.'
        )
    return address


def check_numbers(**wanted: int | None) -> None:
    """Check numbers of workers or threads.

    Raises:
        ValueError: one is no whole number from 1.
    """
    for name, number in wanted.items():
        if number is not None and (type(number) is not int or number < 1):
            raise ValueError(
                f"{name} = {number!r}: expected a whole number from 1, such as {CPU_COUNT}."
            )


def room_for(runs: int, workers: int | None, threads: int | None) -> tuple[int, int]:
    """Return how many workers this machine starts, and how many threads a run may use.

    Cores are divided, so that two runs never fight for one, and each run has room in memory.

    Args:
        runs: how many there are to do.
        workers: what the caller wants, or None.
        threads: likewise.
    """
    # a container, such as Binder's, may use less than its machine has
    memory = min(psutil.virtual_memory().available, MEMORY_LIMIT)
    if workers is None:
        workers = max(1, min(int(memory / MEMORY_PER_RUN), CPU_COUNT // (threads or 1)))
    workers = min(workers, runs)
    return workers, threads or max(1, CPU_COUNT // workers)


@contextmanager
def local_workers(count: int) -> Iterator[Client]:
    """Start worker processes on this machine, and end them.

    They are reached over the loopback device, with a certificate of their own: nobody else on this
    machine can give them work.

    Args:
        count: how many; each does one run at a time.

    Raises:
        RuntimeError: the program that runs is a script that begins anew when workers import it.
    """
    check_script()
    remove_scratch()
    with (
        interrupts_later() as interrupts_now,
        quiet_logs(),
        dask.config.set(SETTINGS),
        tempfile.TemporaryDirectory(prefix=SCRATCH, ignore_cleanup_errors=True) as folder,
        dask.config.set({"temporary-directory": folder}),
        one_at_a_time(Path(folder)),
        started(count, folder) as cluster,
        Client(cluster) as client,
    ):
        client.register_plugin(IgnoreInterrupts())
        with interrupts_now():
            yield client


def started(count: int, folder: str) -> LocalCluster:
    """Return worker processes that have not heard of Ctrl-C when they begin.

    Args:
        count: how many.
        folder: for their temporary files.
    """
    with interrupts_blocked():
        return LocalCluster(
            n_workers=count,
            threads_per_worker=1,
            processes=True,
            security=True,
            memory_limit=0,  # a kernel is a process of its own, which Dask does not count
            dashboard_address="127.0.0.1:0",  # any port that is free: 8787 may be another sweep's
            scheduler_kwargs={"dashboard": False},
            local_directory=folder,
            env=dict.fromkeys(("TMPDIR", "TEMP", "TMP"), folder),  # of kernels that are killed, too
            silence_logs=QUIET,
        )


def check_script() -> None:
    """Stop a script whose every worker would begin the sweep again, because they import it.

    Raises:
        RuntimeError: it is one. Python itself would say so in a hundred lines.
    """
    path = Path(getattr(sys.modules["__main__"], "__file__", None) or "")
    if path.suffix == ".py" and "__name__" not in path.read_text("utf-8", errors="replace"):
        raise RuntimeError(
            f"Worker processes import {path.name} when they start, which would begin the sweep "
            'again. Put what it does below a line `if __name__ == "__main__":`.'
        )


def remove_scratch() -> None:
    """Remove the temporary folders of sweeps that were killed; those of living ones are locked."""
    for left in Path(tempfile.gettempdir()).glob(f"{SCRATCH}*"):
        dead = False
        with suppress(OSError), (left / LOCK).open("r+b") as file:
            dead = locked(file)
        if dead:  # and its lock closed: Windows removes no open file
            shutil.rmtree(left, ignore_errors=True)


@contextmanager
def workers_of(address: str) -> Iterator[Client]:
    """Connect to a scheduler that runs somewhere.

    Args:
        address: of the scheduler.

    Raises:
        ConnectionError: nobody answers there, or no worker has come, or there is no certificate to
            show.
    """
    if address.startswith(("tls:", "wss:")) and Security().tls_ca_file is None:
        raise ConnectionError(
            f"{address} wants a certificate, and Dask's settings on this machine name none. "
            "docs/sweeps.md of the course says how to make one and where to name it."
        )
    advice = (
        "Start one with `dask scheduler`, and workers with `dask worker ADDRESS --nthreads 1`; "
        "or leave the address out to use this machine."
    )
    with quiet_logs():
        try:
            with ThreadPoolExecutor(1) as pool:  # a notebook has an event loop, which is running
                pool.submit(lambda: asyncio.run(greet(address))).result()
            client = Client(address, timeout=PATIENCE, set_as_default=False)
        except Exception as error:  # whatever a stranger answers there
            raise ConnectionError(
                f"No Dask scheduler answers at {address} within {PATIENCE} seconds. {advice}"
            ) from error
        with client:
            try:
                client.wait_for_workers(1, timeout=PATIENCE)
            except (TimeoutError, OSError) as error:
                raise ConnectionError(
                    f"The scheduler at {address} has no workers. {advice}"
                ) from error
            yield client


async def greet(address: str) -> None:
    """Connect to a scheduler for a moment: a client waits for ever where somebody says nothing.

    Args:
        address: of the scheduler.

    Raises:
        OSError: it does not answer in time.
    """
    settings = Security().get_connection_args("client")
    comm = await asyncio.wait_for(connect(address, timeout=PATIENCE, **settings), PATIENCE)
    comm.abort()


@contextmanager
def quiet_logs() -> Iterator[None]:
    """Keep Dask from telling of a lost connection in its own words meanwhile."""
    loggers = [logging.getLogger(name) for name in TELLING]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(QUIET)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)
