"""Break the code on purpose, one fault at a time, and see whether the tests notice.

    python benchmarks/mutants.py           # or: make mutants; those that changed since the record
    python benchmarks/mutants.py --all     # all of them; half an hour on two idle cores

The faults are in `breaks/`, a file for each room. Each is put into a copy of the checkout, where
the tests that it names run; the checkout itself is left alone. What came of it goes to
mutants.json, and is found again as long as neither the fault nor the two files it names change.
A fault that is not noticed shows where a test cannot fail.
"""

import hashlib
import json
import multiprocessing
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from dataclasses import asdict, dataclass
from multiprocessing.pool import ThreadPool
from pathlib import Path
from queue import Queue

from tqdm import tqdm

ROOT = Path(__file__).resolve().parent.parent
BREAKS = ROOT / "benchmarks" / "breaks"
RECORD = ROOT / "benchmarks" / "mutants.json"
PYTEST = ("-x", "-q", "-p", "no:nbval", "-p", "no:cacheprovider", "-W", "ignore", "-o", "addopts=")
# what tests import that is not ours: loaded once, and there in each run, which forks from it
PRELOADED = ["tensorflow", "keras", "pytest", "cv2", "matplotlib.figure", "IPython", "ipywidgets",
             "anywidget", "nbformat"]  # fmt: skip
PATIENCE = 240  # seconds; most tests here take 5
WORKERS = 2  # side by side, each with a copy of its own
PASSED, FAILED = 0, 1  # what pytest ends with; anything else is no verdict


@dataclass(frozen=True)
class Break:
    """A fault to put into the code.

    Attributes:
        file: where, from the top of the checkout.
        found: text that is there exactly once.
        becomes: what stands there instead.
        why: what a reader would suffer from it.
        tests: the file of tests that should notice.
        only: which of them, as for pytest's -k; empty for all.
        equivalent: why nobody could notice; empty for a fault that somebody can.
    """

    file: str
    found: str
    becomes: str
    why: str
    tests: str
    only: str = ""
    equivalent: str = ""


@dataclass(frozen=True)
class Outcome:
    """What came of a break.

    Attributes:
        verdict: "killed" (a test failed), "survived" (none did) or "no verdict".
        seconds: until then.
        by: the test that failed; for no verdict, what pytest says.
    """

    verdict: str
    seconds: float
    by: str


def load_breaks(folder: Path = BREAKS) -> list[Break]:
    """Return the breaks of all files of a folder, in the order of the files."""
    return [
        Break(**fields)
        for path in sorted(folder.glob("*.toml"))
        for fields in tomllib.loads(path.read_text(encoding="utf-8"))["break"]
    ]


def problems(breaks: list[Break], root: Path = ROOT) -> list[str]:
    """Return a sentence for each break that cannot be made, and for each that stands there twice.

    Args:
        breaks: all of them.
        root: the checkout.
    """
    found = []
    for one in breaks:
        path = root / one.file
        count = path.read_text(encoding="utf-8").count(one.found) if path.is_file() else 0
        if count != 1:
            found.append(f"{one.file}: {one.found!r} is there {count} times, expected once")
        if one.found == one.becomes:
            found.append(f"{one.file}: {one.found!r} becomes itself")
        if not (root / one.tests).is_file():
            found.append(f"{one.file}: there are no tests {one.tests}")
    names = [(one.file, one.why) for one in breaks]
    found += [f"{name[0]}: twice: {name[1]}" for name in set(names) if names.count(name) > 1]
    return found


def copy_checkout(folder: Path, root: Path = ROOT) -> Path:
    """Copy the files of a checkout that git knows, or would know, as they are now."""
    command = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if (root / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(root / name, folder / name)
    return folder


def run_pytest(arguments: list[str], folder: Path) -> None:
    """Run pytest in this process, with the package of a copy, and leave what it says in a file."""
    os.setsid()  # so that it can be ended with the browsers that it started
    log = os.open(folder / "said.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.chdir(folder)
    os.environ["PYTHONPATH"] = str(folder)
    os.environ.pop("DIGITREC_HOME", None)
    here = str(Path(__file__).parent)  # whose modules must not stand in for those of the copy
    sys.path[:] = [str(folder), *(place for place in sys.path if place != here)]
    sys.dont_write_bytecode = True
    import pytest

    sys.exit(int(pytest.main(arguments)))


def run_tests(files: list[str], only: str, folder: Path, patience: float) -> tuple[int, str]:
    """Run tests in a copy of the checkout, in a process of their own.

    Args:
        files: their files.
        only: which of them, as for pytest's -k; empty for all.
        folder: the copy.
        patience: seconds. Tests that last longer have failed.

    Returns:
        What pytest ends with, and what it prints.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    process = context.Process(target=run_pytest, args=([*PYTEST, *files, "-k", only], folder))
    process.start()
    process.join(patience)
    if process.is_alive():
        os.killpg(process.pid, signal.SIGKILL)
        process.join()
        return FAILED, f"FAILED {files[0]}: no end after {patience:.0f} seconds"
    return process.exitcode, (folder / "said.txt").read_text(encoding="utf-8", errors="replace")


def check_without_breaks(breaks: list[Break], folder: Path) -> None:
    """Run the tests of all breaks in a copy without any; end where one of them fails."""
    whole = {one.tests for one in breaks if not one.only}
    parts = {one.tests for one in breaks if one.only}
    words = " or ".join(sorted({f"({one.only})" for one in breaks if one.only}))
    for files, only in ((whole, ""), (parts, words)):
        code, said = (
            run_tests(sorted(files), only, folder, 10 * PATIENCE) if files else (PASSED, "")
        )
        if code != PASSED:
            sys.exit(f"The tests fail without any fault, too:\n{said[-3000:]}")


def outcome_of(one: Break, folder: Path, patience: float = PATIENCE) -> Outcome:
    """Put a break into a copy of the checkout, run its tests, and mend it again."""
    path = folder / one.file
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole.replace(one.found, one.becomes), encoding="utf-8")
    start = time.monotonic()
    try:
        code, said = run_tests([one.tests], one.only, folder, patience)
    finally:
        path.write_text(whole, encoding="utf-8")
    seconds = round(time.monotonic() - start, 1)
    lines = [line for line in said.splitlines() if line.startswith(("FAILED", "ERROR"))]
    name = lines[0].split(" ")[1] if lines else said.strip()[-300:]
    verdict = {PASSED: "survived", FAILED: "killed"}.get(code, "no verdict")
    return Outcome(verdict, seconds, "" if verdict == "survived" else name)


def fingerprint(one: Break, root: Path = ROOT) -> str:
    """Return what changes with a break, the file that it breaks, or the tests that it names."""
    files = "".join((root / name).read_text(encoding="utf-8") for name in (one.file, one.tests))
    return hashlib.sha256((repr(one) + files).encode()).hexdigest()[:12]


def load_record() -> dict[str, dict]:
    """Return the recorded results by fingerprint; nothing without a record."""
    if not RECORD.is_file():
        return {}
    results = json.loads(RECORD.read_text(encoding="utf-8"))["breaks"]
    return {result["fingerprint"]: result for result in results}


def summary(results: list[dict]) -> dict[str, int]:
    """Return how many breaks were killed, survived or are equivalent."""
    counts = {"killed": 0, "survived": 0, "equivalent": 0, "no verdict": 0}
    for result in results:
        is_equivalent = result["equivalent"] and result["verdict"] == "survived"
        counts["equivalent" if is_equivalent else result["verdict"]] += 1
    return counts


def write_record(results: list[dict]) -> None:
    """Write the record as JSON, a line for each break."""
    head = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "seconds": round(sum(result["seconds"] for result in results)),
        "summary": summary(results),
    }
    lines = ",\n".join(f"  {json.dumps(result, ensure_ascii=False)}" for result in results)
    text = f'{json.dumps(head, indent=1)[:-2]},\n "breaks": [\n{lines}\n ]\n}}\n'
    RECORD.write_text(text, encoding="utf-8")


def main() -> None:
    breaks = load_breaks()
    wrong = problems(breaks)
    if wrong:
        sys.exit("\n".join(wrong))
    prints = [fingerprint(one) for one in breaks]
    known = {} if "--all" in sys.argv else load_record()
    due = {name: one for one, name in zip(breaks, prints, strict=True) if name not in known}
    with tempfile.TemporaryDirectory(prefix="digitrec-mutants-") as folder:
        copies: Queue[Path] = Queue()
        for number in range(WORKERS):
            copies.put(copy_checkout(Path(folder) / str(number)))
        check_without_breaks(list(due.values()), copies.queue[0])

        def make(name: str) -> tuple[str, Outcome]:
            copy = copies.get()
            try:
                return name, outcome_of(due[name], copy)
            finally:
                copies.put(copy)

        with ThreadPool(WORKERS) as pool:
            for name, outcome in tqdm(pool.imap_unordered(make, due), total=len(due)):
                one = due[name]
                known[name] = {"fingerprint": name, **asdict(one), **asdict(outcome)}
                write_record([known[name] for name in prints if name in known])
                if outcome.verdict != "killed" and not one.equivalent:
                    tqdm.write(f"{outcome.verdict}: {one.file}: {one.why} {outcome.by}")
    results = [known[name] for name in prints]
    write_record(results)
    print(summary(results))


if __name__ == "__main__":
    main()
