"""Running notebooks with papermill, as people do, in a project folder of their own."""

import os
import subprocess
import sys
from pathlib import Path


def run(command: list, folder: Path, home: Path) -> subprocess.CompletedProcess:
    """Run a command in a folder, with models and results going to `home`."""
    folder.mkdir()
    return subprocess.run(
        command,
        cwd=folder,
        env=os.environ | {"DIGITREC_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )


def papermill(
    notebook: Path, folder: Path, home: Path, **parameters
) -> subprocess.CompletedProcess:
    """Run a notebook with some parameters, into out.ipynb of a folder."""
    options = [text for pair in parameters.items() for text in ("-p", *map(str, pair))]
    command = [sys.executable, "-m", "papermill", notebook, "out.ipynb", "--no-progress-bar"]
    return run([*command, *options], folder, home)
