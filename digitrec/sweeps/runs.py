"""One run, as a worker does it: a notebook in an empty project folder of its own."""

import json
import os
import shutil
import socket
import tempfile
import time
from contextlib import suppress
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
from digitrec.sweeps.kernels import DIED, ENGINE
from digitrec.sweeps.notebooks import Notebook
from digitrec.sweeps.results import RECORD, Record, keep, stored

LONGEST = 200  # letters of an error in the table; all of it is in the notebook
THREADS = (  # variables that say how many; a worker of Dask sets those of NumPy to 1
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
)
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
    shared = os.path.isfile(job.folder / job.token)  # False also where nobody may look
    done = stored(job.folder, run.key, job.networks) if shared else None
    if done:  # another sweep has been here
        return Outcome(done, None)
    if package_fingerprint() != job.package:
        raise RuntimeError(
            f"{socket.gethostname()} has another digitrec, or other libraries, than the machine "
            f"that started the sweep ({said(versions())} there). Install the same on every machine."
        )
    with tempfile.TemporaryDirectory(
        prefix="digitrec-run-",
        dir=scratch,
        ignore_cleanup_errors=True,  # a virus scanner of Windows undoes no run
    ) as home:
        record, files = executed(job, run, Path(home).resolve())  # as the kernel sees it
    if shared:
        with suppress(OSError):  # perhaps only this machine may not write there
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
            str(path).replace("{", "{{").replace("}", "}}"),  # papermill fills in what is in braces
            run.given,
            engine_name=ENGINE,
            environment=environment(home, job.threads),
            folder=str(home),
            progress_bar=False,
            request_save_on_cell_execute=False,
            start_timeout=START,
        )
        results = saved_results(run, home)
    except PapermillExecutionError as failed:
        error = f"{failed.ename}: {failed.evalue}"
    except DeadKernelError:
        error = DIED
    except (OSError, RuntimeError, ValueError) as failed:
        error = f"{type(failed).__name__}: {failed}"
    record = Record(
        key=run.key,
        notebook=job.notebook.name,
        parameters=run.parameters,
        state="failed" if error else "done",
        error=in_a_line(error),
        results=results,
        seconds=round(time.monotonic() - start, 2),
        began=began,
        machine=socket.gethostname(),
        versions=versions(),
        networks=job.networks,
    )
    return record, files_of(run, home, path, job.networks)


def in_a_line(error: str) -> str:
    """Return the beginning of an error, as the table has it.

    >>> in_a_line("ValueError: epochs = 0: expected more." + chr(10) + "Change it.")
    'ValueError: epochs = 0: expected more.'
    """
    return plain_name(error.strip().partition("\n")[0])[:LONGEST]


def bring_folders(run: Run, home: Path) -> None:
    """Copy the folders that a notebook reads, such as digits/, into the folder of a run."""
    for name, value in run.parameters.items():
        if name in RULES and name.endswith("_folder") and isinstance(value, str):
            there, project = project_path(value), project_path("")
            if there.is_dir() and project in there.parents:  # others are where they are
                place = home / there.relative_to(project)
                shutil.copytree(there, place, dirs_exist_ok=True)


def environment(home: Path, threads: int) -> dict[str, str]:
    """Return the environment of a kernel, with a project folder and a number of threads.

    What is unusual stops no run, even where it stops tests: other values are what a sweep is for.

    >>> environment(Path("here"), 1)["TF_NUM_INTRAOP_THREADS"]
    '1'
    """
    own = {"DIGITREC_HOME": str(home), STRICT: "0"}
    return os.environ | dict.fromkeys(THREADS, str(threads)) | own


def saved_results(run: Run, home: Path) -> dict[str, object]:
    """Return what a notebook saved as its results, or nothing where it has none.

    Raises:
        ValueError: the file is not there, or holds no results.
        OSError: it cannot be read.
    """
    if "results_path" not in run.parameters:
        return {}
    path = run.parameters["results_path"]
    try:
        results = json.loads((home / path).read_text("utf-8"))
    except FileNotFoundError:
        raise ValueError(f"The notebook saved no results as {path}.") from None
    except ValueError:
        results = None
    if not isinstance(results, dict):
        raise ValueError(f"{path} holds no results by name in JSON.")
    return results


def files_of(run: Run, home: Path, notebook: Path, networks: bool) -> dict[str, bytes]:
    """Return the files of a run that are kept: notebook, results, and networks where wanted."""
    paths = [notebook]
    if "results_path" in run.parameters:
        paths.append(home / run.parameters["results_path"])
    if networks:
        for network in sorted(home.rglob("*.keras")):
            paths += [network, network.with_suffix(".json")]
    files: dict[str, bytes] = {}
    for path in paths:
        name = path.name
        while name in files or name == RECORD:  # those of two folders may have one name
            name = f"{path.parent.name}-{name}"
        if path.is_file():
            files[name] = path.read_bytes()
    return files


def said(numbers: dict[str, str]) -> str:
    """Return versions in words.

    >>> said({"digitrec": "1.0.0", "numpy": "2.4.1"})
    'digitrec 1.0.0, numpy 2.4.1'
    """
    return ", ".join(f"{name} {number}" for name, number in numbers.items())
