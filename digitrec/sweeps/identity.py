"""What makes two runs the same: the parameters, the code of the notebook, and the package."""

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from digitrec.names import plain_name
from digitrec.sweeps.notebooks import Notebook
from digitrec.sweeps.parameter_sets import Parameters
from digitrec.versions import installed_versions

LONGEST = 60  # letters of the readable part of a folder's name; Windows has 260 for a whole path
VERSIONS = ("digitrec", "tensorflow", "keras", "numpy")


@dataclass(frozen=True)
class Run:
    """One run of a sweep.

    Attributes:
        parameters: every parameter of the notebook, with its value in this run.
        given: those that this sweep sets.
        label: what differs from the notebook's own values, in words.
        key: the same for equal runs; also the name of its folder.
    """

    parameters: Parameters
    given: Parameters
    label: str
    key: str


def package_fingerprint() -> str:
    """Return a checksum of the package and of the libraries that results depend on.

    It is made anew each time: a kernel that starts now takes the code of now, even where the
    process that asks has imported the code of an hour ago.
    """
    folder = Path(__file__).parent.parent
    sums = {
        path.relative_to(folder).as_posix(): checksum(path, path.stat().st_mtime_ns)
        for path in sorted((*folder.rglob("*.py"), *folder.glob("assets/*")))
    }
    return hashlib.sha256(json.dumps([sums, versions()]).encode()).hexdigest()


@cache
def checksum(path: Path, changed: int) -> str:
    """Return the checksum of a file that was last changed at a moment."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def versions() -> dict[str, str]:
    """Return the versions of the package and of what its results depend on."""
    return installed_versions(*VERSIONS)


def plan(notebook: Notebook, given: Parameters, package: str) -> Run:
    """Return the run of a parameter set.

    1, 1.0 and True are three values, and three runs: a notebook may ask which of them came, as
    `check_parameters` does.

    Args:
        notebook: that is run.
        given: values by name; the notebook's own stand for those left out.
        package: the checksum of the package.
    """
    parameters = notebook.defaults | given
    changed = {
        name: value
        for name, value in parameters.items()
        if repr(value) != repr(notebook.defaults[name])
    }
    label = " ".join(f"{name}={value}" for name, value in changed.items()) or "as it stands"
    content = json.dumps([parameters, notebook.fingerprint, package], sort_keys=True)
    # letters that every file system, archive and terminal knows
    readable = re.sub(r"[^\w.=-]+", "_", label, flags=re.ASCII)[:LONGEST].strip("_.-") or "run"
    key = f"{readable}-{hashlib.sha256(content.encode()).hexdigest()[:12]}"
    return Run(parameters, given, plain_name(label), key)
