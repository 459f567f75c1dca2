"""A whole sweep: what is done already is taken, the rest is run, and a table comes back."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

import dask
from distributed import Client, Future, KilledWorker, as_completed, get_worker

from digitrec.files import explained
from digitrec.paths import project_path
from digitrec.sweeps.clusters import (
    check_numbers,
    local_workers,
    room_for,
    scheduler_address,
    workers_of,
)
from digitrec.sweeps.identity import Run, package_fingerprint, plan, versions
from digitrec.sweeps.notebooks import check_sets, open_notebook
from digitrec.sweeps.parameter_sets import Parameters
from digitrec.sweeps.progress import Progress, display
from digitrec.sweeps.results import TOKEN, Record, keep, remove_left_overs, stored
from digitrec.sweeps.rows import as_table
from digitrec.sweeps.runs import Job, Outcome, execute, in_a_line
from digitrec.sweeps.table import Table

FOLDER = "runs/sweeps"  # of the project; a folder in it for each notebook
BEGINNINGS = "digitrec-sweeps"  # where workers tell of them; a scheduler never forgets a topic
TRIES = 4  # how often a run is given that never was at work when workers died


def run(
    notebook: str | Path,
    sets: Iterable[Parameters],
    into: str | Path | None = None,
    *,
    address: str | None = None,
    workers: int | None = None,
    threads: int | None = None,
    networks: bool = False,
) -> Table:
    """Run a notebook once for each set of parameters, and return all results as a table.

    A run whose parameters, notebook code and package are those of a run that is done is not done
    again, so a sweep that was stopped goes on where it was; runs that failed are tried again.
    Ctrl-C, or the stop button of a notebook, leaves what is finished.

    Args:
        notebook: with a cell tagged `parameters`; a relative path starts at the project folder.
        sets: such as `grid(learning_rate=[0.001, 0.003], seed=[1, 2, 3])`. What a set leaves out
            keeps the notebook's value. A set that comes twice is run once.
        into: the folder of the results; None takes runs/sweeps/ and the notebook's name. Each run
            has a folder of its own there, with the executed notebook and what it saved.
        address: of a Dask scheduler, such as "tcp://10.0.0.7:8786"; None takes
            DASK_SCHEDULER_ADDRESS, or else worker processes on this machine.
        workers: how many on this machine; None takes as many as cores and memory allow.
        threads: that TensorFlow may use in a run; None divides the cores among the workers, and
            takes 1 on other machines.
        networks: whether the networks that runs save are kept.

    Returns:
        A row for each run: its parameters, what the notebook saved, seconds, state and folder.

    Raises:
        FileNotFoundError: there is no such notebook.
        ValueError: a name or a value is wrong; nothing was started.
        ConnectionError: no scheduler or no worker answers at the address.
        OSError: the folder cannot be written to.
        RuntimeError: a script calls this outside of `if __name__ == "__main__":`.
    """
    opened, sets, package = open_notebook(notebook), list(sets), package_fingerprint()
    check_sets(opened, sets)
    check_numbers(workers=workers, threads=threads)
    address = scheduler_address(address)
    plans = {one.key: one for one in (plan(opened, given, package) for given in sets)}
    folder = project_path(into if into is not None else f"{FOLDER}/{opened.name}")
    records = {key: done for key in plans if (done := stored(folder, key, networks))}
    kept = len(records)
    todo = [one for one in plans.values() if one.key not in records]
    note, stopped = "", False
    if todo:
        count, threads = (0, threads or 1) if address else room_for(len(todo), workers, threads)
        with seen_folder(folder) as token:
            job = Job(opened, folder, token, package, threads, networks)
            try:
                with (
                    Progress(len(plans), kept, display()) as progress,
                    workers_of(address) if address else local_workers(count) as client,
                ):
                    for record in finished(client, job, todo, progress):
                        records[record.key] = record
            except KeyboardInterrupt:
                note, stopped = "The sweep was stopped.", True
            except ConnectionAbortedError as error:
                note = str(error)
            except ConnectionError:
                raise
            except OSError as error:  # what is finished is still worth its table
                note = error.strerror or str(error)
        # a worker may have stored a run of which nobody heard any more
        unsure = plans.keys() - {key for key, one in records.items() if one.state == "done"}
        records |= {key: done for key in unsure if (done := stored(folder, key, networks))}
    return as_table(folder, plans, records, note, stopped)


@contextmanager
def seen_folder(folder: Path) -> Iterator[str]:
    """Put a file into a folder, by which workers know that they see it, and remove it.

    Raises:
        OSError: the folder cannot be written to.
    """
    token = folder / f"{TOKEN}{token_hex(8)}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        token.touch()
    except OSError as error:
        raise type(error)(error.errno, explained(error, folder)) from error
    remove_left_overs(folder)
    try:
        yield token.name
    finally:
        token.unlink(missing_ok=True)


def finished(client: Client, job: Job, todo: Sequence[Run], progress: Progress) -> Iterator[Record]:
    """Give the runs to the workers, and yield the record of each that comes to its end.

    A worker that ends in the middle gives its run back; another one does it.

    Args:
        client: a connection to the workers.
        job: what the runs have in common.
        todo: the runs.
        progress: is told what begins and ends.

    Raises:
        ConnectionAbortedError: the scheduler went away.
    """
    labels = {one.key: one.label for one in todo}
    began, given = Counter[str](), Counter[str]()

    def heard(event: tuple[float, dict[str, str]]) -> None:
        key = event[1]["run"]
        if event[1]["sweep"] == job.token:
            began[key] += 1
            progress.began(key, labels[key])

    client.subscribe_topic(BEGINNINGS, heard)
    # a task, and no scattered value: whatever worker holds it may end, and it is made again
    shared = client.submit(Job, *vars(job).values(), key=f"job-{job.token}")

    def give(runs: Sequence[Run]) -> dict[Future, Run]:
        given.update(one.key for one in runs)
        # keys of one group: then Dask keeps what no worker can begin yet, and gives it out in turn
        name = f"run-{job.token}"
        keys = [(name, place, one.key, given[one.key]) for place, one in enumerate(runs)]
        with dask.annotate(priority=lambda key: -key[1]):
            return dict(zip(client.map(on_worker, runs, job=shared, key=keys), runs, strict=True))

    futures = give(todo)
    ending = as_completed(futures, loop=client.loop)  # this client need not be the only one
    try:
        for future in ending:
            one = futures.pop(future)
            if innocent(future, began[one.key]) and given[one.key] < TRIES:
                again = give([one])
                futures |= again
                ending.update(again)
                continue
            record = recorded(job, one, future)
            future.release()  # or the results of all runs stay in the workers' memory
            progress.ended(one.key, record.state == "failed")
            yield record
    finally:
        if client.status == "running":
            client.cancel(list(futures))


def on_worker(one: Run, job: Job) -> Outcome:
    """Do a run on a worker, and say that it begins."""
    worker = get_worker()
    worker.log_event(BEGINNINGS, {"sweep": job.token, "run": one.key})
    return execute(job, one, Path(worker.local_directory))


def innocent(future: Future, began: int) -> bool:
    """Tell whether a run was given up because workers died, though another run was at work there.

    Dask suspects everything that a worker has, and gives workers a little more than they can do.

    Args:
        future: that is over.
        began: how often the run began.
    """
    error = future.exception() if future.status == "error" else None
    return isinstance(error, KilledWorker) and began <= error.allowed_failures


def recorded(job: Job, one: Run, future: Future) -> Record:
    """Return the record of a run that is over, whatever became of it; it is stored.

    Raises:
        ConnectionAbortedError: the scheduler went away.
    """
    try:
        outcome = future.result()
    except KilledWorker as error:
        wrong = (
            f"Its worker ended {error.allowed_failures + 1} times in the middle, perhaps because "
            "memory was short. Run fewer at a time."
        )
    except CancelledError as error:
        raise ConnectionAbortedError("The scheduler went away, or gave the runs up.") from error
    except Exception as error:  # one run stops no other, whatever is wrong with it
        wrong = f"{type(error).__name__}: {error}"
    else:
        if outcome.files is None:
            return outcome.record
        return keep(job.folder, outcome.record, outcome.files)
    record = Record(
        key=one.key,
        notebook=job.notebook.name,
        parameters=one.parameters,
        state="failed",
        error=in_a_line(wrong),
        results={},
        seconds=0.0,
        began="",
        machine="",
        versions=versions(),
    )
    return keep(job.folder, record, {})
