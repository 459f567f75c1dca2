"""Measure what sweeps cost: two workers against one, a sweep against papermill, a thousand runs.

    python benchmarks/sweeps.py                    # or: make sweeps; half an hour on two cores
    python benchmarks/sweeps.py --only tiny runs   # some parts anew; the others stay as stored
    python benchmarks/sweeps.py --small            # to see whether it works; nothing is stored

Parts: `equal` runs the short notebook with 12 seeds, plainly with papermill, by a sweep with one
worker and by one with two, in turn and several times. `tiny` lets a scheduler, a process of its
own, see 1,000 runs of a notebook that does nearly nothing, and `pretended` 10,000 that workers say
to have done. `runs` looks at one run of the short notebook and one of notebook 3: processor,
memory, files, what would go over the network. `warm` runs the short notebook again and again in one
kernel.

The plain call is papermill.execute_notebook in one process, and not `python -m papermill`, which
would load papermill anew for each run: so the measure is the stricter one. A run has one thread
everywhere. The figures go to sweeps.json, and from there into docs/sweeps.md. Only for Linux,
which tells the proportional set size. On a machine that does something else, times are worth
nothing; what it did before is stored as its load.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import platform
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager, redirect_stderr
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import nbformat
import papermill
import psutil
from distributed import Client
from distributed.protocol import dumps, to_serialize
from jupyter_client import AsyncKernelManager
from sampling import sampled
from sweeps_page import FILE_KINDS, in_page, overheads, ratios, spread
from tqdm import tqdm

from digitrec import sweeps
from digitrec.sweeps import sweep
from digitrec.sweeps.identity import Run, package_fingerprint, plan
from digitrec.sweeps.notebooks import open_notebook
from digitrec.sweeps.runs import Job, Outcome, environment, execute
from digitrec.sweeps.table import Table

ROOT = Path(__file__).resolve().parent.parent
RECORD = Path(__file__).with_suffix(".json")
PAGE = ROOT / "docs" / "sweeps.md"
NOTEBOOKS = {
    "short": ROOT / "notebooks" / "short_training.ipynb",
    "long": ROOT / "notebooks" / "03_training.ipynb",
}
TINY = """import json, os, pathlib
path = pathlib.Path(os.environ["DIGITREC_HOME"]) / results_path
path.write_text(json.dumps({"twice": 2 * number}))"""
MOST_RATIO, MOST_OVERHEAD, MOST_GROWTH = 0.6, 0.1, 200  # the last in MB
PATIENCE = 60  # seconds for a cluster to stand
WORKERS = 4  # of the cluster; tiny runs wait for half of their time


@dataclass(frozen=True)
class Scale:
    """How much is measured.

    Attributes:
        equal: runs of the short notebook in each arm.
        rounds: how often the arms take turns.
        tiny: runs that do nearly nothing.
        pretended: runs that workers only pretend to do.
        names: of the notebooks whose single run is looked at.
    """

    equal: int = 12
    rounds: int = 3
    tiny: int = 1_000
    pretended: int = 10_000
    names: tuple[str, ...] = ("short", "long")


SMALL = Scale(equal=2, rounds=1, tiny=20, pretended=200, names=("short",))


def apart(function: Callable, *values: object) -> object:
    """Call a function in a new process, so that nothing is there that was loaded before."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        return process.submit(function, *values).result()


@contextmanager
def in_silence() -> Iterator[None]:
    """Keep a sweep from writing a line for each run."""
    with open(os.devnull, "w", encoding="utf-8") as nowhere, redirect_stderr(nowhere):
        yield


# --- 12 equal runs -------------------------------------------------------------------------------


def plainly(notebook: Path, sets: list[dict], folder: Path) -> list[float]:
    """Run a notebook with each set by a plain call, and return the seconds of each."""
    os.environ.update(environment(folder, threads=1))
    seconds = []
    for number, one in enumerate(sets):
        start = time.monotonic()
        papermill.execute_notebook(notebook, folder / f"{number}.ipynb", one, progress_bar=False)
        seconds.append(round(time.monotonic() - start, 2))
    return seconds


@contextmanager
def cluster_told_apart() -> Iterator[dict[str, float]]:
    """Measure how long the workers of a sweep take to start and to end."""
    laps, real = {}, sweep.local_workers

    @contextmanager
    def measured(count: int) -> Iterator[Client]:
        start = time.monotonic()
        with real(count) as client:
            laps["start_seconds"] = round(time.monotonic() - start, 2)
            yield client
            end = time.monotonic()
        laps["end_seconds"] = round(time.monotonic() - end, 2)

    sweep.local_workers = measured
    try:
        yield laps
    finally:
        sweep.local_workers = real


def swept(notebook: Path, sets: list[dict], folder: Path, workers: int) -> tuple[dict, list[dict]]:
    """Run a notebook with each set by a sweep; return its seconds, and the rows of its table."""
    with in_silence(), cluster_told_apart() as laps:
        start = time.monotonic()
        table = sweeps.run(notebook, sets, folder, workers=workers, threads=1)
        seconds = round(time.monotonic() - start, 2)
    if len(table.done) < len(sets):
        raise RuntimeError(f"Some runs are not done:\n{table}")
    return {"seconds": seconds, **laps, "run_seconds": table["seconds"]}, list(table)


def parts_of(executed: Path, seconds: float) -> dict[str, float]:
    """Return how long the parts of a run took, by what papermill noted in its notebook.

    Args:
        executed: the notebook with its outputs.
        seconds: of the whole run.
    """
    notebook = nbformat.read(executed, as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    whole = notebook.metadata.papermill

    def between(start: str, end: str) -> float:
        return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()

    spent = {cell.source: cell.metadata.papermill.duration for cell in cells}
    loading = next(spent[source] for source in spent if "import keras" in source)
    training = sum(spent[source] for source in spent if ".fit(" in source)
    first, last = cells[0].metadata.papermill.start_time, cells[-1].metadata.papermill.end_time
    starting, ending = between(whole.start_time, first), between(last, whole.end_time)
    named = {"kernel": starting, "tensorflow": loading, "training": training, "end": ending}
    named["rest"] = seconds - sum(named.values())
    return {name: round(value, 2) for name, value in named.items()}


def processor_seconds() -> float:
    """Return the processor seconds of this process, and of what it started and saw the end of."""
    import resource  # not on Windows, where this file can be read all the same

    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def equal_runs(scale: Scale, home: Path) -> dict:
    """Let three ways of doing the same runs take turns."""
    notebook = NOTEBOOKS["short"]
    sets = sweeps.grid(seed=range(1, scale.equal + 1))
    arms = ("plain", "one worker", "two workers")
    rounds, parts = [], []
    for number in tqdm(range(scale.rounds), "rounds of equal runs"):
        turn, spent = {}, {}
        for arm in arms[number % 3 :] + arms[: number % 3]:
            folder = home / f"{number} {arm}"
            folder.mkdir()
            before = processor_seconds()
            if arm == "plain":
                each = apart(plainly, notebook, sets, folder)
                turn[arm], rows = {"seconds": round(sum(each), 2), "run_seconds": each}, []
            else:
                turn[arm], rows = swept(notebook, sets, folder, 1 + (arm == "two workers"))
            spent[arm] = round(processor_seconds() - before, 1)
            if arm == "one worker":
                for row in rows:
                    executed = folder / Path(row["folder"]).name / notebook.name
                    parts.append(parts_of(executed, row["seconds"]))
                results = [row["validation_loss"] for row in rows]
        rounds.append({arm: turn[arm] | {"processor_seconds": spent[arm]} for arm in arms})
    return {"runs": scale.equal, "rounds": rounds, "parts": parts, "validation_loss": results}


# --- 1,000 tiny runs -----------------------------------------------------------------------------


def tiny_notebook(folder: Path) -> Path:
    """Write a notebook with one cell, which loads nothing."""
    v4 = nbformat.v4
    first = v4.new_code_cell('number: int = 1\nresults_path: str = "tiny.json"')
    first.metadata.tags = ["parameters"]
    notebook = v4.new_notebook(cells=[first, v4.new_code_cell(TINY)])
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook.metadata.kernelspec = kernel
    nbformat.write(notebook, folder / "tiny.ipynb")
    return folder / "tiny.ipynb"


@contextmanager
def cluster(
    workers: int, home: Path, at_workers: Callable | None
) -> Iterator[tuple[str, psutil.Process, list[psutil.Process]]]:
    """Start a scheduler and workers as on many machines, each a process of its own.

    Args:
        workers: how many.
        home: for their temporary files.
        at_workers: what they are told to do first.

    Yields:
        The address, the scheduler, and the workers without the processes that watch them.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address, dask = f"tcp://127.0.0.1:{port}", [sys.executable, "-m", "dask"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": home}
    quiet["env"] = os.environ | {"DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False"}  # see PAGE
    sizes = ["--nthreads", "1", "--nworkers", str(workers), "--local-directory", str(home)]
    with ExitStack() as at_the_end:
        started = []
        for command in (
            ["scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"],
            ["worker", address, *sizes, "--no-dashboard"],
        ):
            process = subprocess.Popen([*dask, *command], **quiet)
            at_the_end.callback(process.wait, 30)
            at_the_end.callback(process.terminate)
            started.append(process)
        with Client(address, timeout=PATIENCE, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=PATIENCE)
            pids = client.run(os.getpid).values()
            if at_workers:
                client.run(at_workers)
        yield address, psutil.Process(started[0].pid), [psutil.Process(pid) for pid in pids]


def megabytes(process: psutil.Process) -> float:
    """Return the memory that a process holds, in MB."""
    return round(process.memory_info().rss / 1e6, 1)


def memory_of(processes: dict[str, psutil.Process]) -> dict[str, float]:
    """Return the memory that each of some processes holds, in MB."""
    return {name: megabytes(process) for name, process in processes.items()}


def on_disk(folder: Path) -> dict[str, float]:
    """Return how many files and folders there are, and what they take."""
    files = [path.stat() for path in folder.rglob("*") if path.is_file()]
    return {
        "files": len(files),
        "folders": sum(path.is_dir() for path in folder.rglob("*")),
        "mb": round(sum(file.st_size for file in files) / 1e6, 1),
        "mb_of_blocks": round(sum(file.st_blocks * 512 for file in files) / 1e6, 1),
    }


def followed(
    notebook: Path, sets: list[dict], folder: Path, at_workers: Callable | None = None
) -> tuple[dict, Table]:
    """Run a notebook with each set on a cluster, and look at the processes that stay.

    Args:
        notebook: to run.
        sets: of parameters.
        folder: of the results.
        at_workers: what they are told to do before.

    Returns:
        Seconds, memory and processor time; and the table.
    """
    folder.mkdir()
    with cluster(WORKERS, folder.parent, at_workers) as (address, scheduler, workers):
        processes = {"scheduler": scheduler, "sweep": psutil.Process()}
        kept = processes | {f"worker {number}": one for number, one in enumerate(workers, 1)}
        proportional = scheduler.memory_full_info().pss
        before = {name: sum(one.cpu_times()[:2]) for name, one in processes.items()}
        with sampled(lambda: memory_of(kept)) as marks, in_silence():
            start = time.monotonic()
            table = sweeps.run(notebook, sets, folder, address=address)
            seconds = round(time.monotonic() - start, 1)
        if table.stopped:  # half of it is nothing to store
            raise KeyboardInterrupt
        spent = {name: sum(one.cpu_times()[:2]) - before[name] for name, one in processes.items()}
        proportional = scheduler.memory_full_info().pss - proportional
    memory = {name: [mark[name] for mark in marks] for name in kept}
    return {
        "runs": len(sets),
        "workers": WORKERS,
        "rows": len(table),
        "done": len(table.done),
        "errors": sorted({row["error"] for row in table} - {""}),
        "seconds": seconds,
        "memory_mb": {name: [each[0], max(each), each[-1]] for name, each in memory.items()},
        "scheduler_growth_mb": round(max(memory["scheduler"]) - memory["scheduler"][0], 1),
        "scheduler_growth_pss_mb": round(proportional / 1e6, 1),
        "processor_ms_per_run": {
            name: round(1000 * value / len(sets), 2) for name, value in spent.items()
        },
    }, table


def tiny_runs(scale: Scale, home: Path) -> dict:
    """Run a tiny notebook many times on a cluster, and the same again."""
    notebook, folder = tiny_notebook(home), home / "results"
    sets = sweeps.grid(number=range(scale.tiny))
    result, table = followed(notebook, sets, folder)
    start = time.monotonic()
    again = sweeps.run(notebook, sets, folder)
    return result | {
        "right": sum(row["twice"] == 2 * row["number"] for row in table),
        "done_again": len(again.done),
        "seconds_again": round(time.monotonic() - start, 2),
        "disk": on_disk(folder),
    }


def pretend() -> None:
    """Let a worker do nothing for a run, and say that it is done."""
    from digitrec.sweeps import sweep
    from digitrec.sweeps.results import Record
    from digitrec.sweeps.runs import Outcome

    def nothing(job: Job, run: Run, scratch: Path) -> Outcome:
        told = ("done", "", {"validation_accuracy": 0.9}, 0.0, "", "nowhere", {})
        return Outcome(Record(run.key, job.notebook.name, run.parameters, *told), None)

    sweep.execute = nothing


def pretended_runs(scale: Scale, home: Path) -> dict:
    """Let workers pretend to do runs, and see how many a scheduler and a sweep can follow."""
    sets = sweeps.grid(number=range(scale.pretended))
    return followed(tiny_notebook(home), sets, home / "results", pretend)[0]


# --- one run -------------------------------------------------------------------------------------


def one_run(notebook: Path) -> dict:
    """Run a notebook as a worker does that shares no folder, and return what it cost and left."""
    job = Job(
        notebook=open_notebook(notebook),
        folder=Path("not there"),
        token="none",
        package=package_fingerprint(),
        threads=1,
        networks=True,
    )
    run = plan(job.notebook, {}, job.package)
    outcome = execute(job, run)
    if outcome.record.state != "done":
        raise RuntimeError(f"{notebook.name} failed: {outcome.record.error}")
    import resource

    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    kinds = {notebook.name: "notebook", Path(run.parameters["results_path"]).name: "results"}
    sizes = dict.fromkeys(FILE_KINDS, 0)
    for name, content in outcome.files.items():
        sizes[kinds.get(name, "network")] += len(content)  # what is told of a network is part of it
    few = {name: content for name, content in outcome.files.items() if name in kinds}
    return {
        "seconds": outcome.record.seconds,
        "processor_seconds": round(spent.ru_utime + spent.ru_stime, 1),
        "peak_memory_mb": round(spent.ru_maxrss * 1024 / 1e6),
        "bytes": sizes | {"record": record_bytes(outcome)},
        "files": len(few) + 1,
        "files_with_network": len(outcome.files) + 1,
        "bytes_sent": sent(replace(outcome, files=few)),
        "bytes_sent_with_network": sent(outcome),
    }


def record_bytes(outcome: Outcome) -> int:
    """Return the size of a run's record, as it is stored."""
    with tempfile.TemporaryDirectory() as folder:
        sweep.keep(Path(folder), outcome.record, {})
        (path,) = Path(folder).glob("*/run.json")
        return path.stat().st_size


def sent(outcome: Outcome) -> int:
    """Return how many bytes a worker sends, in the form in which Dask sends them."""
    return sum(memoryview(frame).nbytes for frame in dumps(to_serialize(outcome)))


def single_runs(scale: Scale, home: Path) -> dict:
    """Look at one run of each notebook."""
    names = tqdm(scale.names, "single runs")
    return {"each": {name: apart(one_run, NOTEBOOKS[name]) for name in names}}


# --- a warm kernel -------------------------------------------------------------------------------


def in_one_kernel(notebook: Path, sets: list[dict], folder: Path) -> list[dict]:
    """Run a notebook with each set in one kernel, which the first run starts."""
    os.environ.update(environment(folder, threads=1))
    kernel, runs = AsyncKernelManager(kernel_name="python3"), []
    results = folder / open_notebook(notebook).defaults["results_path"]
    for number, one in enumerate(sets):
        start = time.monotonic()
        out = folder / f"{number}.ipynb"
        papermill.execute_notebook(notebook, out, one, progress_bar=False, km=kernel)
        seconds = round(time.monotonic() - start, 2)
        memory = megabytes(psutil.Process(kernel.provisioner.pid))
        loss = json.loads(results.read_text("utf-8"))["validation_loss"]
        runs.append({"seconds": seconds, "memory_mb": memory, "validation_loss": loss})
    asyncio.run(kernel.shutdown_kernel(now=True))
    return runs


def warm_kernel(scale: Scale, home: Path) -> dict:
    """Run the short notebook with the seeds of `equal` in a kernel that stays."""
    sets = sweeps.grid(seed=range(1, scale.equal + 1))
    return {"runs": apart(in_one_kernel, NOTEBOOKS["short"], sets, home)}


PARTS = {
    "equal": equal_runs,
    "warm": warm_kernel,
    "runs": single_runs,
    "pretended": pretended_runs,
    "tiny": tiny_runs,
}


def faults(record: dict) -> list[str]:
    """Return what does not keep its promise."""
    found = []
    if "equal" in record:
        ratio = spread(ratios(record))["median"]
        overhead = spread(overheads(record))["median"]
        if ratio > MOST_RATIO:
            found.append(f"Two workers took {ratio:.2f} of the time of one, {MOST_RATIO} at most.")
        if overhead > MOST_OVERHEAD:
            found.append(f"Overhead was {overhead:.1%}; expected {MOST_OVERHEAD:.0%} at most.")
    if "tiny" in record:
        tiny = record["tiny"]
        if tiny["scheduler_growth_mb"] > MOST_GROWTH:
            found.append(f"The scheduler grew by more than {MOST_GROWTH} MB.")
        if not tiny["runs"] == tiny["rows"] == tiny["done"] == tiny["right"] == tiny["done_again"]:
            found.append("The table of the tiny runs is not complete and right.")
    if "pretended" in record and record["pretended"]["done"] < record["pretended"]["runs"]:
        found.append("The table of the pretended runs is not complete.")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), help="parts")
    parser.add_argument("--rounds", type=int, default=3, help="how often the arms take turns")
    parser.add_argument("--small", action="store_true", help="little of each; nothing is stored")
    options = parser.parse_args()
    memory = psutil.virtual_memory().total / 1e9
    record = json.loads(RECORD.read_text("utf-8")) if RECORD.exists() and not options.small else {}
    scale = SMALL if options.small else Scale(rounds=options.rounds)
    record["machine"] = f"{platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GB"
    for name in options.only:
        load = round(os.getloadavg()[0], 2)
        when = time.strftime("%Y-%m-%d %H:%M")
        with tempfile.TemporaryDirectory() as home:
            part = PARTS[name](scale, Path(home))
        record[name] = {"measured": when, "load_before": load, **part}
        if not options.small:
            RECORD.write_text(json.dumps(record, indent=1) + "\n", "utf-8")
    if options.small:
        print(json.dumps(record, indent=1))
    else:
        PAGE.write_text(in_page(PAGE.read_text("utf-8"), record), "utf-8")
    if found := faults(record):
        raise SystemExit("\n".join(found))


if __name__ == "__main__":
    main()
