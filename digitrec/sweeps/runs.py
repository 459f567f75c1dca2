"""One run, as a worker does it: a notebook in an empty project folder of its own."""

import json
import os
import shutil
import socket
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat
import papermill
from nbclient.exceptions import DeadKernelError
from papermill.exceptions import PapermillExecutionError

from digitrec.expectations import STRICT
from digitrec.names import plain_name
from digitrec.parameters import RULES
from digitrec.paths import project_path
from digitrec.sweeps.identity import Run, package_fingerprint, versions
from digitrec.sweeps.kernels import ENGINE
from digitrec.sweeps.notebooks import Notebook
from digitrec.sweeps.results import Record, keep, stored

LONGEST = 200  # letters of an error in the table; all of it is in the notebook
START = 300  # seconds for a kernel to start; many at once on a network disk take long


@dataclass(frozen=True)
class Job:
    """What all runs of a sweep have in common.

    Attributes:
        notebook: that is run.
        folder: of the sweep, where results go.
        token: a file in that folder. Who sees it shares the folder.
        package: the checksum of the package that started the sweep.
        threads: that TensorFlow may use in a run.
        networks: whether networks are kept.
    """

    notebook: Notebook
    folder: Path
    token: str
    package: str
    threads: int
    networks: bool


@dataclass(frozen=True)
class Outcome:
    """What a run came to.

    Attributes:
        record: of it.
        files: by name, where the worker could not store them; else None.
    """

    record: Record
    files: dict[str, bytes] | None


def execute(job: Job, run: Run, scratch: Path | None = None) -> Outcome:
    """Run a notebook, and store the run where the folder of the sweep is in reach.

    Args:
        job: what is run, and where results go.
        run: with which parameters.
        scratch: for the run's own folder; None takes the system's for temporary files.

    Raises:
        RuntimeError: this machine has another version of the package.
    """
    shared = (job.folder / job.token).is_file()
    if shared and (
        done := stored(job.folder, run.key, job.networks)
    ):  # another sweep has been here
        return Outcome(done, None)
    if package_fingerprint() != job.package:
        raise RuntimeError(
            f"{socket.gethostname()} has another digitrec, or other libraries, than the machine "
            f"that started the sweep ({said(versions())} there). Install the same on every machine."
        )
    with tempfile.TemporaryDirectory(prefix="digitrec-run-", dir=scratch) as home:
        record, files = executed(job, run, Path(home))
    if shared:
        return Outcome(keep(job.folder, record, files), None)
    return Outcome(record, files)


def executed(job: Job, run: Run, home: Path) -> tuple[Record, dict[str, bytes]]:
    """Run a notebook in a folder, and return what is remembered of it and its files.

    Args:
        job: what is run.
        run: with which parameters.
        home: an empty folder, which is the project folder for this run.
    """
    bring_folders(run, home)
    began, start = time.strftime("%Y-%m-%d %H:%M:%S"), time.monotonic()
    path, error, results = home / f"{job.notebook.name}.ipynb", "", {}
    try:
        papermill.execute_notebook(
            nbformat.reads(job.notebook.text, as_version=4),
            path,
            run.given,
            engine_name=ENGINE,
            environment=environment(home, job.threads),
            progress_bar=False,
            request_save_on_cell_execute=False,
            start_timeout=START,
        )
        results = saved_results(run, home)
    except PapermillExecutionError as failed:
        error = f"{failed.ename}: {failed.evalue}"
    except DeadKernelError:
        error = "The kernel ended, perhaps because memory was short. Run fewer at a time."
    except (OSError, RuntimeError, ValueError) as failed:
        error = f"{type(failed).__name__}: {failed}"
    record = Record(
        key=run.key,
        notebook=job.notebook.name,
        parameters=run.parameters,
        state="failed" if error else "done",
        error=plain_name(error.strip().splitlines()[0])[:LONGEST] if error else "",
        results=results,
        seconds=round(time.monotonic() - start, 2),
        began=began,
        machine=socket.gethostname(),
        versions=versions(),
        networks=job.networks,
    )
    return record, files_of(run, home, path, job.networks)


def bring_folders(run: Run, home: Path) -> None:
    """Copy the folders that a notebook reads, such as digits/, into the folder of a run."""
    for name, value in run.parameters.items():
        if name in RULES and name.endswith("_folder") and isinstance(value, str):
            there = project_path(value)
            if there.is_dir() and not Path(value).is_absolute():
                shutil.copytree(there, home / value, dirs_exist_ok=True)


def environment(home: Path, threads: int) -> dict[str, str]:
    """Return the environment of a kernel, with a project folder and a number of threads.

    What is unusual stops no run, even where it stops tests: other values are what a sweep is for.

    >>> environment(Path("here"), 1)["TF_NUM_INTRAOP_THREADS"]
    '1'
    """
    names = ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")
    own = {"DIGITREC_HOME": str(home), STRICT: "0"}
    return os.environ | {name: str(threads) for name in names} | own


def saved_results(run: Run, home: Path) -> dict[str, object]:
    """Return what a notebook saved as its results, or nothing where it has none.

    Raises:
        ValueError: the file holds no results.
        OSError: it is not there.
    """
    if "results_path" not in run.parameters:
        return {}
    results = json.loads((home / run.parameters["results_path"]).read_text("utf-8"))
    if not isinstance(results, dict):
        raise ValueError(f"{run.parameters['results_path']} holds no results by name.")
    return results


def files_of(run: Run, home: Path, notebook: Path, networks: bool) -> dict[str, bytes]:
    """Return the files of a run that are kept: notebook, results, and networks where wanted."""
    paths = [notebook]
    if "results_path" in run.parameters:
        paths.append(home / run.parameters["results_path"])
    if networks:
        for network in sorted(home.rglob("*.keras")):
            paths += [network, network.with_suffix(".json")]
    return {path.name: path.read_bytes() for path in paths if path.is_file()}


def said(numbers: dict[str, str]) -> str:
    """Return versions in words.

    >>> said({"digitrec": "1.0.0", "numpy": "2.4.1"})
    'digitrec 1.0.0, numpy 2.4.1'
    """
    return ", ".join(f"{name} {number}" for name, number in numbers.items())
