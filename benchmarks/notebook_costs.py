"""Measure how long each notebook takes and how much memory it needs, with its defaults.

    python benchmarks/notebook_costs.py

The figures go to notebook_costs.json; README quotes them. Not for Windows, which does not tell
the peak memory of a process that has ended.
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tqdm import tqdm

ROOT = Path(__file__).resolve().parent.parent
MOST_MEMORY = 2_000  # MB; Binder gives so much


def measure(notebook: Path, home: Path) -> dict[str, float]:
    """Run one notebook with papermill and return its seconds and its peak memory in MB."""
    command = [sys.executable, "-m", "papermill", notebook, home / "out.ipynb"]
    start = time.monotonic()
    process = subprocess.Popen(
        [*command, "--no-progress-bar"],
        env=os.environ | {"DIGITREC_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{notebook.name} failed; run 'make run' to see why")
    unit = 1 if sys.platform == "darwin" else 1024
    seconds = round(time.monotonic() - start, 1)
    return {"seconds": seconds, "peak_memory_mb": round(usage.ru_maxrss * unit / 1e6)}


def main() -> None:
    costs = {}
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "digits").symlink_to(ROOT / "digits")
        for notebook in tqdm(sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))):
            costs[notebook.stem] = measure(notebook, home)
    machine = f"{platform.machine()}, {os.cpu_count()} cores"
    result = {"machine": machine, "notebooks": costs}
    Path(__file__).with_suffix(".json").write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    for name, cost in costs.items():
        print(f"{name:24s} {cost['seconds']:5.1f} s  {cost['peak_memory_mb']:5d} MB")
    if max(cost["peak_memory_mb"] for cost in costs.values()) > MOST_MEMORY:
        raise SystemExit(f"Expected at most {MOST_MEMORY:,} MB for each notebook.")


if __name__ == "__main__":
    main()
