"""A whole sweep: what is done already is taken, the rest is run, and a table comes back."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

from distributed import Client, Future, KilledWorker, as_completed, get_worker

from digitrec.paths import project_path, short_path
from digitrec.sweeps.clusters import local_workers, room_for, scheduler_address, workers_of
from digitrec.sweeps.identity import Run, package_fingerprint, plan, versions
from digitrec.sweeps.notebooks import PLAIN, check_sets, open_notebook
from digitrec.sweeps.parameter_sets import Parameters
from digitrec.sweeps.progress import Progress, display
from digitrec.sweeps.results import FAILED, Record, keep, remove_left_overs, stored
from digitrec.sweeps.runs import Job, Outcome, execute
from digitrec.sweeps.table import Row, Table

FOLDER = "runs/sweeps"  # of the project; a folder in it for each notebook
TOKEN = ".sweep-"  # how names of files begin that tell workers whether they see the folder


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
    """
    opened, sets = open_notebook(notebook), list(sets)
    check_sets(opened, sets)
    plans = {one.key: one for one in (plan(opened, given) for given in sets)}
    address = scheduler_address(address)
    folder = project_path(into if into is not None else f"{FOLDER}/{opened.name}")
    folder.mkdir(parents=True, exist_ok=True)
    remove_left_overs(folder)
    records = {key: done for key in plans if (done := stored(folder, key, networks))}
    kept = len(records)
    todo = [one for one in plans.values() if one.key not in records]
    note, stopped = "", False
    if todo:
        count, threads = (0, threads or 1) if address else room_for(len(todo), workers, threads)
        with seen_folder(folder) as token:
            job = Job(opened, folder, token, package_fingerprint(), threads, networks)
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
    return as_table(folder, plans, records, note, stopped)


@contextmanager
def seen_folder(folder: Path) -> Iterator[str]:
    """Put a file into a folder, by which workers know that they see it, and remove it."""
    token = folder / f"{TOKEN}{token_hex(8)}"
    token.touch()
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
    client.subscribe_topic(
        job.token, lambda event: progress.began(event[1]["run"], labels[event[1]["run"]])
    )
    # a task, and no scattered value: whatever worker holds it may end, and it is made again
    shared = client.submit(Job, *vars(job).values(), key=f"job-{job.token}")
    futures = {
        client.submit(on_worker, shared, one, key=f"{job.token}-{one.key}", priority=-place): one
        for place, one in enumerate(todo)
    }
    try:
        for future in as_completed(futures):
            one = futures.pop(future)
            record = recorded(client, job, one, future)
            future.release()  # or the results of all runs stay in the workers' memory
            progress.ended(one.key, record.state == "failed")
            yield record
    finally:
        if client.status == "running":
            client.cancel(list(futures))


def on_worker(job: Job, one: Run) -> Outcome:
    """Do a run on a worker, and say that it begins."""
    worker = get_worker()
    worker.log_event(job.token, {"run": one.key})
    return execute(job, one, Path(worker.local_directory))


def recorded(client: Client, job: Job, one: Run, future: Future) -> Record:
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
        if client.status == "running":
            raise
        raise ConnectionAbortedError("The scheduler went away.") from error
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
        error=wrong,
        results={},
        seconds=0.0,
        began="",
        machine="",
        versions=versions(),
    )
    return keep(job.folder, record, {})


def as_table(
    folder: Path,
    plans: Mapping[str, Run],
    records: Mapping[str, Record],
    note: str,
    stopped: bool,
) -> Table:
    """Return the table of a sweep, in the order of its sets.

    Args:
        folder: of the results.
        plans: all runs by key.
        records: those that came to an end.
        note: why it did not come to its end, or "".
        stopped: whether somebody stopped it.
    """
    names = list(dict.fromkeys(name for one in plans.values() for name in one.given))
    values = list(
        dict.fromkeys(
            name
            for key in plans
            if key in records
            for name, value in records[key].results.items()
            if isinstance(value, PLAIN)
        )
    )
    rows = tuple(row(folder, one, records.get(one.key), names, values) for one in plans.values())
    return Table(rows, tuple(notes(folder, rows, plans, note)), stopped)


def row(
    folder: Path, one: Run, record: Record | None, names: Sequence[str], values: Sequence[str]
) -> Row:
    """Return the row of a run."""
    results = record.results if record else {}
    place = f"{one.key}{FAILED}" if record and record.state == "failed" else one.key
    return (
        {name: one.parameters[name] for name in names}
        | {(f"saved {name}" if name in names else name): results.get(name) for name in values}
        | {
            "seconds": record.seconds if record else None,
            "state": record.state if record else "not run",
            "error": record.error if record else "",
            "folder": (Path(short_path(folder)) / place).as_posix() if record else "",
        }
    )


def notes(folder: Path, rows: Sequence[Row], plans: Mapping[str, Run], note: str) -> Iterator[str]:
    """Yield what there is to say about a sweep beside its numbers."""
    failed = [row for row in rows if row["state"] == "failed"]
    undone = sum(row["state"] == "not run" for row in rows)
    if undone:
        yield (
            f"{note} {undone} of {len(rows)} runs are not done. What is finished is kept: run the "
            "same again, and it goes on from there."
        ).strip()
    if failed:
        yield (
            f"{len(failed)} of {len(rows)} runs failed. The notebook of each, with the error, is "
            "in its folder. They are tried again when the same is run again."
        )
    known = {*plans, *(f"{key}{FAILED}" for key in plans)}
    others = sum(name not in known and not name.startswith(".") for name in os.listdir(folder))
    if others:
        yield (
            f"{short_path(folder)} also holds {others} runs of other parameters or versions; "
            "they are not counted here."
        )
