"""Notebooks to sweep, and Dask processes to sweep them on."""

import json
import os
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass

import nbformat
import psutil
from conftest import ROOT
from nbformat.v4 import new_code_cell, new_notebook

PATIENCE = 90  # seconds for anything on a busy machine
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT)}


def make_notebook(path, code="", saved="{'value': seed / x}", parameters=(), results=True):
    """Make a small notebook; each time it runs, it writes a line into a log beside itself."""
    lines = ["x: int = 1", "seed: int = 1", *parameters]
    if results:
        lines.append("results_path: str = 'runs/results.json'")
    log = path.with_suffix(".log")
    save = f"""
path = Path(os.environ["DIGITREC_HOME"]) / results_path
path.parent.mkdir(parents=True, exist_ok=True)
path.write_text(json.dumps({saved}))
"""
    cells = [
        new_code_cell(
            "import json, os, signal, sys, time\nfrom pathlib import Path\nimport psutil"
        ),
        new_code_cell("\n".join(lines), metadata={"tags": ["parameters"]}),
        new_code_cell(f"with open({str(log)!r}, 'a') as log: log.write(f'{{x}} {{seed}}\\n')"),
        new_code_cell(code),
        new_code_cell(save if results else ""),
    ]
    notebook = new_notebook(cells=cells)

    nbformat.write(notebook, path)
    return path


def begun(path):
    """The runs of a notebook that began, as ["x seed", ...]."""
    log = path.with_suffix(".log")
    return log.read_text().splitlines() if log.exists() else []


def waits_for(path, seconds=60):
    """Code of a cell that waits until a file is there."""
    return (
        f"end = time.monotonic() + {seconds}\n"
        f"while not os.path.exists({str(path)!r}) and time.monotonic() < end: time.sleep(0.02)"
    )


def until(condition, seconds=PATIENCE):
    """Wait until something is so, and return it; fail where it never is."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, f"never came, in {seconds} seconds: {condition}"
        time.sleep(0.05)
    return found


def gone(processes, seconds=PATIENCE):
    """Wait until processes have ended."""

    def all_ended():
        return not [one for one in processes if is_alive(one)]

    return until(all_ended, seconds)


def is_alive(process):
    with suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def descendants(pid=None, words=""):
    """The living processes below one, those whose command has some words."""
    found = psutil.Process(pid).children(recursive=True)
    return [one for one in found if is_alive(one) and words in command_line(one)]


def command_line(process):
    with suppress(psutil.NoSuchProcess):
        return " ".join(process.cmdline())
    return ""


def files_below(folder):
    """Every file of a folder, by its path there."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


@dataclass
class Dask:
    """A scheduler with worker processes, started as somebody at a terminal does."""

    address: str
    scheduler: subprocess.Popen
    workers: list[subprocess.Popen]

    @property
    def pids(self):
        """The processes that do the work: those of nannies are below them."""
        return {child.pid for worker in self.workers for child in descendants(worker.pid)}


@contextmanager
def dask(folder, workers=0, words=(), before=(), environment=()):
    """Start `dask scheduler` and `dask worker`s; end them."""
    folder.mkdir(parents=True, exist_ok=True)
    told = folder / "scheduler.json"
    environment = ENVIRONMENT | dict(environment)
    with ExitStack() as running:

        def start(name, *command):
            log = running.enter_context((folder / f"{name}.log").open("w"))
            process = subprocess.Popen(
                command, stdout=log, stderr=log, cwd=folder, env=environment, text=True
            )
            running.callback(end, process)
            return process

        program = [sys.executable, "-m", "dask"]
        scheduler = start(
            "scheduler",
            *(*program, "scheduler", "--host", "127.0.0.1", "--port", "0"),
            *("--no-dashboard", "--scheduler-file", str(told)),
        )
        address = until(lambda: told.exists() and read_address(told))
        started = [
            start(
                f"worker{number}",
                *(*before, *program, "worker", address, "--nthreads", "1", "--no-dashboard"),
                *("--local-directory", str(folder / f"worker{number}"), *words),
            )
            for number in range(workers)
        ]
        logs = [folder / f"worker{number}.log" for number in range(workers)]
        until(lambda: all("Registered to" in log.read_text() for log in logs))
        yield Dask(address, scheduler, started)


def read_address(path):
    with suppress(ValueError):
        return json.loads(path.read_text())["address"]
    return None


def end(process):
    """End a process and what it started."""
    with suppress(psutil.NoSuchProcess):
        below = descendants(process.pid)
        process.kill()
        for one in below:
            with suppress(psutil.NoSuchProcess):
                one.kill()
    process.wait(PATIENCE)


def command(*words, folder, environment=(), program=("-m", "digitrec", "sweep"), **options):
    """Start `python -m digitrec sweep` as a terminal does: in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, *program, *map(str, words)],
        cwd=folder,
        env=ENVIRONMENT | {"DIGITREC_HOME": str(folder), "COLUMNS": "100"} | dict(environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        **options,
    )
