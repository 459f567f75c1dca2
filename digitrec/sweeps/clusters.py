"""Where runs happen: worker processes on this machine, or those of a scheduler somewhere."""

import logging
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import dask
import psutil
from dask.system import CPU_COUNT
from distributed import Client, LocalCluster, Worker, WorkerPlugin

from digitrec.parameters import is_address

MEMORY_PER_RUN = 1.5e9  # bytes; a kernel with TensorFlow that trains, with a reserve
PATIENCE = 10  # seconds for a scheduler to answer, and then for its workers
QUIET = logging.CRITICAL  # what goes wrong is told in sentences, by the sweep


class IgnoreInterrupts(WorkerPlugin):
    """Let Ctrl-C reach the sweep alone: a terminal sends it to each of its processes."""

    def setup(self, worker: Worker) -> None:
        """Ignore it from now on."""
        with suppress(ValueError):  # not in the main thread, where no signal arrives
            signal.signal(signal.SIGINT, signal.SIG_IGN)


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
    address = address or dask.config.get("scheduler-address", None) or None
    if address is not None and not is_address(address):
        raise ValueError(
            f"{address!r} is no address of a Dask scheduler: expected one such as "
            '"tcp://10.0.0.7:8786", which the scheduler writes when it starts.'
        )
    return address


def room_for(runs: int, workers: int | None, threads: int | None) -> tuple[int, int]:
    """Return how many workers this machine starts, and how many threads a run may use.

    Cores are divided, so that two runs never fight for one, and each run has room in memory.

    Args:
        runs: how many there are to do.
        workers: what the caller wants, or None.
        threads: likewise.

    Raises:
        ValueError: a number below 1 is wanted.
    """
    for name, wanted in (("workers", workers), ("threads", threads)):
        if wanted is not None and wanted < 1:
            raise ValueError(f"{name} = {wanted}: expected 1 or more, such as {CPU_COUNT}.")
    in_memory = int(psutil.virtual_memory().available / MEMORY_PER_RUN)
    if workers is None:
        workers = max(1, min(runs, in_memory, CPU_COUNT // (threads or 1)))
    return workers, threads or max(1, CPU_COUNT // workers)


@contextmanager
def local_workers(count: int) -> Iterator[Client]:
    """Start worker processes on this machine, and end them.

    They are reached over the loopback device, with a certificate of their own: nobody else on this
    machine can give them work.

    Args:
        count: how many; each does one run at a time.
    """
    with (
        tempfile.TemporaryDirectory(prefix="digitrec-sweep-", ignore_cleanup_errors=True) as folder,
        LocalCluster(
            n_workers=count,
            threads_per_worker=1,
            processes=True,
            security=True,
            memory_limit=0,  # a kernel is a process of its own, which Dask does not count
            dashboard_address="127.0.0.1:0",  # any port that is free: 8787 may be another sweep's
            scheduler_kwargs={"dashboard": False},
            local_directory=folder,
            silence_logs=QUIET,
        ) as cluster,
        Client(cluster) as client,
    ):
        client.register_plugin(IgnoreInterrupts())
        yield client


@contextmanager
def workers_of(address: str) -> Iterator[Client]:
    """Connect to a scheduler that runs somewhere.

    Args:
        address: of the scheduler.

    Raises:
        ConnectionError: nobody answers there, or no worker has come.
    """
    advice = (
        "Start one with `dask scheduler`, and workers with `dask worker ADDRESS --nthreads 1`; "
        "or leave the address out to use this machine."
    )
    with quiet_logs():
        try:
            client = Client(address, timeout=PATIENCE, set_as_default=False)
        except (TimeoutError, OSError, ValueError) as error:
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


@contextmanager
def quiet_logs() -> Iterator[None]:
    """Keep Dask from telling of a lost connection in its own words meanwhile."""
    logger = logging.getLogger("distributed")
    before = logger.level
    logger.setLevel(QUIET)
    try:
        yield
    finally:
        logger.setLevel(before)
