"""Measure what a class costs on one machine: thirty pupils with notebook 3, as a hub starts them.

    python benchmarks/classroom.py             # or: make classroom; half an hour on two cores
    python benchmarks/classroom.py --seats 2   # to see whether it works

A seat is what JupyterHub or Binder starts for a pupil: a JupyterLab server, and a kernel that it is
asked for by its interface. The seats come one after another, and each runs notebook 3 from its
first to its last cell. First the kernels stay open, as pupils leave them, until memory reaches a
limit. Then each is shut down when its notebook is done, as the notebook says. Memory is counted as
proportional set size: what processes share is counted once. The figures go to classroom.json, and
from there into docs/teaching.md. Only for Linux, which tells the proportional set size.
"""

import argparse
import json
import os
import platform
import secrets
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

import nbformat
import psutil
from jupyter_client import BlockingKernelClient
from sampling import sampled
from tqdm import tqdm

ROOT = Path(__file__).resolve().parent.parent
RECORD = Path(__file__).with_suffix(".json")
TEACHING = ROOT / "docs" / "teaching.md"
MARKS = ("<!-- from benchmarks/classroom.json -->\n", "<!-- until here -->\n")
NOTEBOOK = "notebooks/03_training.ipynb"
SEATS = 30
MOST_MB = 18_000  # of a machine with 24 GB; what else runs there needs the rest
LEAST_LEFT_MB = 2_000  # available to everybody; with less, the machine begins to stand still
PATIENCE = 600  # seconds; for a server, a kernel, or a cell


@dataclass(frozen=True)
class Seat:
    """What one pupil cost, in seconds and in MB of proportional set size.

    Attributes:
        server_seconds: until the server answered.
        kernel_seconds: from then until the kernel was ready.
        notebook_seconds: from the first to the last cell.
        processor_seconds: of the kernel meanwhile, on all cores.
        server_mb: the server, when the notebook was done.
        idle_mb: the kernel, before the first cell.
        peak_mb: the kernel, at most.
        left_mb: the kernel, when the notebook was done.
        all_mb: all seats so far, after what was to be shut down was shut down.
    """

    server_seconds: float
    kernel_seconds: float
    notebook_seconds: float
    processor_seconds: float
    server_mb: float
    idle_mb: float
    peak_mb: float
    left_mb: float
    all_mb: float


class Server:
    """A JupyterLab of one pupil, in a folder of its own.

    Args:
        folder: of the pupil; it is made.
    """

    def __init__(self, folder: Path) -> None:
        shutil.copytree(ROOT / "digits", folder / "digits")
        shutil.copytree(ROOT / "notebooks", folder / "notebooks")
        self.runtime, self.token = folder / "runtime", secrets.token_hex(16)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}/api"
        places = {"DIGITREC_HOME": str(folder), "JUPYTER_RUNTIME_DIR": str(self.runtime)}
        command = ("jupyterlab", "--no-browser", f"--port={port}", f"--notebook-dir={folder}")
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                *command,
                "--allow-root",
                f"--IdentityProvider.token={self.token}",
            ],
            env=os.environ | places,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.wait()

    def wait(self) -> None:
        """Wait until it answers.

        Raises:
            RuntimeError: it ended, or does not answer.
        """
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.process.poll() is None:
            try:
                self.ask("GET", "status")
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("A JupyterLab did not start; try `make lab` to see why.")

    def ask(self, method: str, path: str, content: dict | None = None) -> dict:
        """Ask the server for something, and return its answer."""
        request = urllib.request.Request(
            f"{self.address}/{path}",
            data=json.dumps(content).encode() if content else None,
            headers={"Authorization": f"token {self.token}", "Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.loads(answer.read() or "{}")

    def start_kernel(self) -> tuple[str, BlockingKernelClient]:
        """Open the notebook as JupyterLab does; return its kernel's name and a line to it."""
        wanted = {"path": NOTEBOOK, "name": NOTEBOOK, "type": "notebook"}
        session = self.ask("POST", "sessions", wanted | {"kernel": {"name": "python3"}})
        name = session["kernel"]["id"]
        client = BlockingKernelClient(connection_file=str(self.runtime / f"kernel-{name}.json"))
        client.load_connection_file()
        client.start_channels()
        client.wait_for_ready(timeout=PATIENCE)
        return name, client

    def end(self) -> None:
        """End the server and its kernels."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
        for child in psutil.wait_procs(children, timeout=10)[1]:
            child.kill()


def megabytes(process: psutil.Process, children: bool = False) -> float:
    """Return the proportional set size of a process, and of those that it started."""
    total = 0
    for one in (process, *(process.children(recursive=True) if children else ())):
        try:
            total += one.memory_full_info().pss
        except psutil.Error:  # it has just ended
            continue
    return round(total / 1e6, 1)


def run_cells(client: BlockingKernelClient) -> None:
    """Run every code cell of the notebook.

    Raises:
        RuntimeError: a cell failed.
    """
    for cell in nbformat.read(ROOT / NOTEBOOK, as_version=4).cells:
        if cell.cell_type == "code":
            reply = client.execute_interactive(
                cell.source, allow_stdin=False, timeout=PATIENCE, output_hook=lambda message: None
            )["content"]
            if reply["status"] != "ok":
                raise RuntimeError(f"{NOTEBOOK} stopped: {reply.get('evalue')}\n{cell.source}")


def take_seat(folder: Path, stay_open: bool, others: list[Server]) -> tuple[Server, Seat]:
    """Let one more pupil come and run the notebook.

    Args:
        folder: of the pupil.
        stay_open: whether the kernel is left as it is at the end, or shut down.
        others: who is there already.
    """
    start = time.monotonic()
    server = Server(folder)
    try:
        answered = time.monotonic()
        name, client = server.start_kernel()
        ready = time.monotonic()
        (kernel,) = psutil.Process(server.process.pid).children()
        idle, before = megabytes(kernel), kernel.cpu_times()
        begun = time.monotonic()
        with sampled(lambda: megabytes(kernel)) as marks:
            run_cells(client)
        done, after = time.monotonic(), kernel.cpu_times()
        left, served = megabytes(kernel), megabytes(psutil.Process(server.process.pid))
        client.stop_channels()
        if not stay_open:
            server.ask("DELETE", f"kernels/{name}")
        everybody = (psutil.Process(each.process.pid) for each in (*others, server))
        seat = Seat(
            server_seconds=round(answered - start, 1),
            kernel_seconds=round(ready - answered, 1),
            notebook_seconds=round(done - begun, 1),
            processor_seconds=round(sum(after[:2]) - sum(before[:2]), 1),
            server_mb=served,
            idle_mb=idle,
            peak_mb=max(*marks, left),
            left_mb=left,
            all_mb=round(sum(megabytes(each, children=True) for each in everybody), 1),
        )
    except BaseException:
        server.end()
        raise
    return server, seat


def fill_the_room(count: int, stay_open: bool, most: float) -> dict:
    """Let pupils come one after another, and return what each cost, and why no more came.

    Args:
        count: how many.
        stay_open: whether their kernels stay.
        most: MB that all together may take before the next one comes.
    """
    seats, servers, stopped = [], [], ""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as at_the_end:
        for number in tqdm(range(count), "kernels stay" if stay_open else "kernels are shut down"):
            server, seat = take_seat(Path(folder) / str(number), stay_open, servers)
            at_the_end.callback(server.end)
            servers.append(server)
            seats.append(seat)
            available = psutil.virtual_memory().available / 1e6
            if len(seats) < count and (seat.all_mb >= most or available < LEAST_LEFT_MB):
                stopped = f"{seat.all_mb:.0f} MB taken, {available:.0f} MB available"
                break
    return {"seats": [asdict(seat) for seat in seats], "stopped": stopped}


def summary(room: dict) -> dict[str, float]:
    """Return the median of each cost over all seats, and how many there were."""
    seats = room["seats"]
    middle = {key: round(statistics.median(seat[key] for seat in seats), 1) for key in seats[0]}
    del middle["all_mb"]
    each = middle["server_mb"] + middle["left_mb"]
    return {"seats": len(seats), **middle, "open_seat_mb": round(each, 1)}


def gigabytes(megabytes: float) -> str:
    """Return an amount of memory in words.

    >>> gigabytes(71.6), gigabytes(1234)
    ('72 MB', '1.2 GB')
    """
    return f"{megabytes:.0f} MB" if megabytes < 200 else f"{megabytes / 1000:.1f} GB"


def sentences(result: dict) -> str:
    """Return what the measurement says, for docs/teaching.md."""
    stay, shut = result["left open"], result["shut down"]
    one, together = stay["summary"], stay["seats"][-1]["all_mb"]
    memory = ", ".join(gigabytes(one[key]) for key in ("idle_mb", "peak_mb", "left_mb"))
    seconds = f"{one['notebook_seconds']:.0f} s, {one['processor_seconds']:.0f} of the processor"
    left, peak = shut["seats"][-1]["all_mb"], max(seat["peak_mb"] for seat in shut["seats"])
    lines = [
        "| one pupil with notebook 3 | middle value |",
        "|---|---|",
        f"| until the server is ready | {one['server_seconds']:.0f} s |",
        f"| from then until the kernel is ready | {one['kernel_seconds']:.0f} s |",
        f"| all cells | {seconds} |",
        f"| memory of the server | {gigabytes(one['server_mb'])} |",
        f"| memory of the kernel: before the first cell, at most, at the end | {memory} |",
        "",
        f"- **Kernels left open:** {one['seats']} pupils took {gigabytes(together)} together.",
        "- **Each kernel shut down when its notebook is done:** the servers of "
        f"{len(shut['seats'])} pupils",
        f"  took {gigabytes(left)} together. A kernel took at most {gigabytes(peak)} while it ran.",
        "",
        f"Measured on {result['machine']} of memory, one pupil after another.",
    ]
    if stay["stopped"]:
        all_of_them = SEATS * one["open_seat_mb"] / 1000
        lines[8] += (
            f"\n  There the measurement ended, at its limit of {result['most_mb'] / 1000:.0f} GB. "
            f"{SEATS} would take\n  about {all_of_them:.0f} GB: {SEATS} times the middle value."
        )
    return "\n".join(lines) + "\n"


def with_sentences(page: str, result: dict) -> str:
    """Return a page with what the measurement says between its two marks."""
    before, rest = page.split(MARKS[0])
    _, after = rest.split(MARKS[1])
    return f"{before}{MARKS[0]}{sentences(result)}{MARKS[1]}{after}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seats", type=int, default=SEATS, help="how many pupils")
    parser.add_argument("--most", type=float, default=MOST_MB, help="MB; no more come from then on")
    options = parser.parse_args()
    memory = psutil.virtual_memory().total / 1e9
    result = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GB",
        "most_mb": options.most,
    }
    for name, stay_open in (("left open", True), ("shut down", False)):
        room = fill_the_room(options.seats, stay_open, options.most)
        result[name] = {"summary": summary(room), **room}
    RECORD.write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    TEACHING.write_text(with_sentences(TEACHING.read_text(encoding="utf-8"), result), "utf-8")
    print(sentences(result))


if __name__ == "__main__":
    main()
