"""Running notebooks with papermill, as people do, in a project folder of their own."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat
from conftest import ROOT

QUICK = {
    "03_training": ["-p", "epochs", "1", "-p", "train_size", "5000"],
    "06_stronger_model": ["-p", "epochs", "1", "-p", "train_size", "10000"],
    "09_parameter_sweeps": ["-p", "seeds", "1"],
}
MEMORY_LIMIT = 1.5e9  # bytes
# Linux adds what the parent held when it started a process, so the parent is a small one of its own
MEASURE = """\
import os, pathlib, subprocess, sys
process, peak = subprocess.Popen(sys.argv[2:]), 0
if hasattr(os, "wait4"):
    _, status, usage = os.wait4(process.pid, 0)
    code, peak = os.waitstatus_to_exitcode(status), usage.ru_maxrss
else:
    code = process.wait()
pathlib.Path(sys.argv[1]).write_text(str(peak))
sys.exit(code)"""


@dataclass(frozen=True)
class Run:
    returncode: int
    text: str
    peak_memory: int  # bytes, of the largest process; 0 on Windows, which does not say


def run(command: list, folder: Path, home: Path, strict: bool = True) -> Run:
    """Run a command in a folder, with models and results going to `home`.

    What is unusual stops a notebook where `strict`, and is a sentence for the reader elsewhere.
    """
    folder.mkdir(exist_ok=True)
    log, peak = folder.parent / "log.txt", folder.parent / "peak.txt"
    environment = os.environ | {"DIGITREC_HOME": str(home), "DIGITREC_STRICT": str(int(strict))}
    with log.open("wb") as file:
        done = subprocess.run(
            [sys.executable, "-c", MEASURE, peak, *command],
            cwd=folder,
            env=environment,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    unit = 1 if sys.platform == "darwin" else 1024
    return Run(done.returncode, log.read_text(errors="replace"), int(peak.read_text()) * unit)


def papermill(name: str, folder: Path, home: Path, *parameters: str) -> Run:
    source = next((ROOT / "notebooks").glob(f"{name}*.ipynb"))
    command = [sys.executable, "-m", "papermill", source, "out.ipynb", "--no-progress-bar"]
    command += ["--execution-timeout", "300", *parameters]
    return run(command, folder, home, strict=not parameters)  # as usual, and otherwise


def statuses(path: Path) -> set[str]:
    cells = nbformat.read(path, as_version=4).cells
    return {cell.metadata.papermill.status for cell in cells if cell.cell_type == "code"}


def said(path: Path) -> str:
    """Everything that a notebook has printed."""
    cells = nbformat.read(path, as_version=4).cells
    return "".join(o.get("text", "") for cell in cells for o in cell.get("outputs", []))
