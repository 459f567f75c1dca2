"""Read damaged pictures: each gives a reading or a sentence, soon and in little memory.

    python benchmarks/fuzz.py                  # a minute
    python benchmarks/fuzz.py --seconds 3600   # goes on where the last run stopped
    python benchmarks/fuzz.py --again 12345    # that input alone, with the whole error

Input number n is the same on every run. Most are damaged files to decode; every eighth is read as a
digit or as a page, and a quarter of those are drawn by chance; some are arrays of odd types. A
process of its own reads them, so that even a crash is told. The results go to fuzz.json.
"""

import argparse
import json
import multiprocessing
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
from mutations import damaged, random_array, seeds
from random_pictures import random_picture
from worst_pages import MEGABYTES, SECONDS, memory

import digitrec
from digitrec.bounds import MOST_PIXELS_WEBP, MOST_UNPACKED
from digitrec.reading import kinds
from digitrec.versions import installed_versions

PACKAGES = ("numpy", "opencv-python-headless", "pillow", "tensorflow")
MOST_LETTERS = 300  # of a message; longer ones nobody reads
LONGEST_WAIT = 30  # seconds, after which a process has stopped for good
BATCH = 100  # inputs between two words of the process that reads
SENTENCES = {
    value for name, value in vars(kinds).items() if name.isupper() and isinstance(value, str)
} | {kinds.too_large(MOST_PIXELS_WEBP)} | {
    kinds.too_large(8 * MOST_UNPACKED // bits) for bits in range(1, 257)
}  # fmt: skip


@dataclass(frozen=True)
class Tried:
    """What came of one input.

    Attributes:
        number: of the input.
        reads: with what it was read.
        problem: what should not have been; empty if nothing.
        seconds: of a core.
        megabytes: how much more memory the process had than at its start, at most.
        refused: whether a sentence came in place of a picture.
    """

    number: int
    reads: str
    problem: str
    seconds: float
    megabytes: float
    refused: bool


@lru_cache(maxsize=1)
def files() -> list[bytes]:
    """Return the sound files that are damaged."""
    return list(seeds().values())


def make_input(number: int) -> tuple[str, bytes | np.ndarray]:
    """Return with what an input is read, and the input."""
    rng = np.random.default_rng(number)
    if number % 20 == 7:
        return "load_picture", random_array(rng)
    if number % 8:
        return "load_picture", damaged(rng, files())
    read = ("read_digit", "read_page")[number // 8 % 2]
    return read, random_picture(rng) if number // 16 % 4 == 0 else damaged(rng, files())


def try_input(number: int, before: float) -> Tried:
    """Read one input, and look at what comes of it.

    Args:
        number: of the input.
        before: megabytes that the process had at its start.
    """
    reads, image = make_input(number)
    Path("/proc/self/clear_refs").write_text("5", "utf-8")  # the peak starts anew
    start, problem, refused = time.process_time(), "", False
    try:
        getattr(digitrec, reads)(image)
    except ValueError as error:
        refused, problem = True, what_is_wrong(str(error), isinstance(image, bytes))
    except Exception as error:
        problem = f"{type(error).__name__}: {str(error)[:200]}"
    seconds, megabytes = time.process_time() - start, memory("VmHWM") - before
    if not problem and seconds > SECONDS.get(reads, 2.0):
        problem = f"{seconds:.1f} s"
    if not problem and megabytes > MEGABYTES:
        problem = f"{megabytes:.0f} MB"
    return Tried(number, reads, problem, seconds, megabytes, refused)


def what_is_wrong(message: str, is_file: bool) -> str:
    """Return what is wrong with a message; nothing if it is one of ours."""
    if len(message) > MOST_LETTERS:
        return f"a message of {len(message)} letters: {message[:200]}"
    start = "the picture cannot be read. "
    ours = message.removeprefix(start) in SENTENCES and message.startswith(start)
    if is_file and not ours:
        return f"another library's words: {message}"
    return "" if is_file or message.startswith("The picture is an array of ") else message


def work(first: int, now: "multiprocessing.Value", pipe: Connection) -> None:
    """Try inputs until somebody ends this process, and tell what came of them."""
    digitrec.read_page(np.eye(64, dtype=bool))  # loads the network
    digitrec.read_digit(np.eye(64, dtype=bool))
    before, batch = memory("VmRSS"), []
    while True:
        now.value = first + len(batch)
        batch.append(try_input(now.value, before))
        if len(batch) == BATCH:
            pipe.send(batch)
            first, batch = first + BATCH, []


def tried(first: int, seconds: float) -> Iterator[Tried]:
    """Try inputs from a number on for so long; one process follows another that died."""
    context, end = multiprocessing.get_context("spawn"), time.monotonic() + seconds
    while time.monotonic() < end:
        receiver, sender = context.Pipe(duplex=False)
        now = context.Value("q", first, lock=False)
        process = context.Process(target=work, args=(first, now, sender), daemon=True)
        process.start()
        sender.close()
        try:
            while time.monotonic() < end:
                if not receiver.poll(LONGEST_WAIT + BATCH):
                    raise EOFError
                batch = receiver.recv()
                yield from batch
                first = batch[-1].number + 1
        except EOFError:
            yield Tried(now.value, "nothing", "the process died or hung", 0.0, 0.0, False)
            first = now.value + 1
        finally:
            process.kill()
            process.join()


def versions() -> dict[str, str]:
    """Return the versions of what reads."""
    return installed_versions(*PACKAGES)


def begun(path: Path) -> dict:
    """Return the record to go on with: the last one, if nothing has changed since."""
    empty = {"versions": versions(), "inputs": 0, "next": 1, "refused": 0, "read": {},
             "foreign": 0, "worst seconds": 0.0, "worst MB": 0.0, "problems": []}  # fmt: skip
    last = json.loads(path.read_text("utf-8")) if path.is_file() else empty
    last.pop("date", None)
    return last if last["versions"] == empty["versions"] else empty


def add(record: dict, one: Tried) -> None:
    """Put what came of one input into the record."""
    record["inputs"] += 1
    record["next"] = one.number + 1
    record["refused"] += one.refused
    record["read"][one.reads] = record["read"].get(one.reads, 0) + 1
    record["worst seconds"] = round(max(record["worst seconds"], one.seconds), 3)
    record["worst MB"] = round(max(record["worst MB"], one.megabytes), 1)
    if one.problem:
        record["foreign"] += 1
        record["problems"].append([one.number, one.reads, one.problem])


def write(path: Path, record: dict) -> None:
    """Write the record."""
    path.write_text(
        json.dumps({"date": date.today().isoformat()} | record, indent=1) + "\n", "utf-8"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60, help="(default: %(default)s)")
    parser.add_argument("--anew", action="store_true", help="begin with input 1 again")
    parser.add_argument("--again", type=int, help="the number of one input")
    options = parser.parse_args()
    path = Path(__file__).with_suffix(".json")
    if options.again is not None:
        reads, image = make_input(options.again)
        print(reads, image[:80] if isinstance(image, bytes) else image)
        try:
            print(getattr(digitrec, reads)(image))
        except Exception:
            traceback.print_exc()
        return
    if options.anew:
        path.unlink(missing_ok=True)
    record = begun(path)
    for one in tried(record["next"], options.seconds):
        add(record, one)
        if one.problem:
            print(one.number, one.reads, one.problem, flush=True)
        if one.number % 1000 == 0:
            write(path, record)
    write(path, record)
    print({name: value for name, value in record.items() if name != "problems"})


if __name__ == "__main__":
    main()
