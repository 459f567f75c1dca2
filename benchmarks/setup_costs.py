"""Measure what a new clone costs before the first lesson: downloads, disk, seconds.

    python benchmarks/setup_costs.py          # or: make costs; loads the packages once more
    python benchmarks/setup_costs.py WHEELS   # with those of a folder that `make wheels` filled

The packages are downloaded first, so that no line of anybody is measured; then a clone of the last
commit is set up from them with pip, and another one with uv. The figures go to setup_costs.json;
README, CONTRIBUTING and docs/teaching.md quote them. Needs 5 GB for a while, and Linux or macOS.
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIRST_FIGURE = """
import nbformat
from nbclient import NotebookClient

client = NotebookClient(nbformat.read("01_data_exploration.ipynb", 4), kernel_name="python3")
with client.setup_kernel():
    for index, cell in enumerate(client.nb.cells):
        client.execute_cell(cell, index)
        outputs = cell.get("outputs", [])
        if any("<img" in output.get("data", {}).get("text/html", "") for output in outputs):
            break
    else:
        raise SystemExit("notebook 1 shows no figure")
"""


def run(*command: str | Path, folder: Path, **variables: str) -> float:
    """Run a command and return how many seconds it took."""
    inherited = {n: v for n, v in os.environ.items() if not n.startswith(("PIP_", "UV_", "MAKE"))}
    inherited.pop("PYTHONPATH", None)
    start = time.monotonic()
    subprocess.run(command, cwd=folder, env=inherited | variables, check=True)
    return time.monotonic() - start


def megabytes(folder: Path) -> int:
    """Return what the files in a folder take on the disk, in MB of 1,000,000 bytes.

    A file with two names counts once.
    """
    files = (path.lstat() for path in folder.rglob("*"))
    return round(sum({file.st_ino: file.st_blocks * 512 for file in files}.values()) / 1e6)


def packages(clone: Path) -> int:
    """Return how many packages the lock put into a clone's environment, pip and ours left out."""
    listed = [clone / ".venv/bin/python", "-m", "pip", "list", "--format", "json"]
    names = {entry["name"] for entry in json.loads(subprocess.check_output(listed))}
    return len(names - {"pip", "digitrec"})


def set_up(clone: Path, path: str, **variables: str) -> dict[str, float]:
    """Clone the last commit, set it up and show a figure; return the seconds of each step."""
    cloning = run("git", "clone", "--quiet", f"file://{ROOT}", clone, folder=ROOT)
    variables |= {"PATH": path}
    setup = run("make", "setup", f"PYTHON={sys.executable}", folder=clone, **variables)
    python = clone / ".venv/bin/python"
    figure = run(python, "-c", FIRST_FIGURE, folder=clone / "notebooks")
    seconds = {"clone": cloning, "setup": setup, "first figure": figure}
    return {step: round(seconds[step], 1) for step in seconds}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        wheels = Path(sys.argv[1]).resolve() if sys.argv[1:] else here / "wheels"
        if not sys.argv[1:]:
            download = ["pip", "download", "--quiet", "--only-binary", ":all:", "--require-hashes"]
            lock = ROOT / "requirements.txt"
            command = [sys.executable, "-m", *download, "--dest", wheels, "-r", lock]
            subprocess.run(command, check=True)
        without_uv = os.pathsep.join(
            place
            for place in os.environ["PATH"].split(os.pathsep)
            if not Path(place, "uv").exists()
        )
        pip = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels)}
        with_pip = set_up(here / "pip", without_uv, **pip)
        (here / "bin").mkdir()
        (here / "bin/uv").symlink_to(Path(sys.executable).with_name("uv"))
        uv = {"UV_OFFLINE": "1", "UV_FIND_LINKS": str(wheels), "UV_CACHE_DIR": f"{here}/cache"}
        with_uv = set_up(here / "uv", f"{here}/bin{os.pathsep}{without_uv}", **uv)
        environment = here / "pip" / ".venv"
        result = {
            "machine": f"{platform.system()}, {platform.machine()}, {os.cpu_count()} cores",
            "python": platform.python_version(),
            "packages": packages(here / "pip"),
            "download_mb": round(sum(file.stat().st_size for file in wheels.iterdir()) / 1e6),
            "files": len(list(wheels.iterdir())),
            "environment_mb": megabytes(environment),
            "clone_mb": megabytes(here / "pip") - megabytes(environment),
            "seconds": {"pip": with_pip, "uv": with_uv},
        }
    Path(__file__).with_suffix(".json").write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
