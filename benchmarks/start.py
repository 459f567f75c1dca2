"""Measure how long a notebook takes until its first cell that needs Keras is done.

    python benchmarks/start.py      # about two minutes

Each time a kernel of its own is started, and the first code cell of notebook 3 is run in it. What
was there before is run beside what is there now, in turn, and what TensorFlow and Keras alone take,
so that a slow spell of the machine hits all alike. The result goes to start.json.
"""

import argparse
import json
import os
import platform
import statistics
import time
from pathlib import Path

import nbformat
from jupyter_client.manager import start_new_kernel

from digitrec.versions import installed_versions

ROOT = Path(__file__).parent.parent
# as Python is without `digitrec.quiet`: it looks for garbage while it loads
AS_BEFORE = "import gc; gc.disable = lambda: None"
ALONE = "import gc; gc.disable(); import tensorflow, keras; gc.enable()"


def first_cell() -> str:
    """Return the first code cell of notebook 3, which imports Keras."""
    path = next((ROOT / "notebooks").glob("03*.ipynb"))
    cells = nbformat.read(path, as_version=4).cells
    return next(cell.source for cell in cells if cell.cell_type == "code")


def seconds(first: str, code: str) -> tuple[float, float, float]:
    """Start a kernel and run code; return seconds until it answers, for the code, to its end.

    Raises:
        RuntimeError: the code failed.
    """
    start = time.perf_counter()
    manager, client = start_new_kernel(kernel_name="python3")
    client.execute(first, reply=True, timeout=120)
    there = time.perf_counter()
    reply = client.execute(code, reply=True, timeout=120)["content"]
    done = time.perf_counter()
    if reply["status"] != "ok":
        raise RuntimeError(f"{reply['ename']}: {reply['evalue']}")
    client.stop_channels()
    manager.shutdown_kernel()
    return there - start, done - there, time.perf_counter() - done


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    ways = {
        "as before": (AS_BEFORE, first_cell()),
        "now": ("pass", first_cell()),
        "TensorFlow and Keras alone": ("pass", ALONE),
        "all but Keras": ("pass", first_cell().replace("from digitrec.quiet", "# ")),
    }
    runs: dict[str, list] = {name: [] for name in ways}
    seconds("pass", ALONE)  # what is read from disk for the first time
    for _ in range(rounds):
        for name, codes in ways.items():
            runs[name].append(seconds(*codes))
    lines = {}
    for name, times in runs.items():
        kernel, cell, end = (round(statistics.median(one), 2) for one in zip(*times, strict=True))
        spread = round(statistics.stdev(cell for _, cell, _ in times), 2)
        lines[name] = {"kernel": kernel, "cell": cell, "spread": spread, "end": end}
        print(
            f"{name:28s} kernel {kernel:.2f} s, cell {cell:.2f} ± {spread:.2f} s, end {end:.2f} s"
        )
    print(f"now to before: {lines['now']['cell'] / lines['as before']['cell']:.2f}")
    result = {
        "seconds": lines,
        "rounds": rounds,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "versions": installed_versions("tensorflow", "keras", "numpy"),
    }
    Path(__file__).with_suffix(".json").write_text(json.dumps(result, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
