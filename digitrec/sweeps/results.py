"""Finished runs as folders, each there as a whole or not at all.

A run's files are written into a folder with another name, which takes its own name in one step
when all of them are there. So whoever is killed leaves nothing that looks like a result.
"""

import errno
import json
import os
import shutil
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from secrets import token_hex

from digitrec.files import explained
from digitrec.sweeps.parameter_sets import Parameters

FORMAT = 1  # of the records; others are no results for this version
RECORD = "run.json"
TOKEN = ".sweep-"  # how names of files begin by which workers see that they share the folder
UNFINISHED = ".unfinished-"  # how names of folders begin that are being written
FAILED = "-failed"  # how names of folders end whose run failed
OLD = 24 * 3600  # seconds; nobody writes that long


@dataclass(frozen=True)
class Record:
    """What is remembered of a run.

    Attributes:
        key: of the run.
        notebook: its name.
        parameters: all of them.
        state: "done" or "failed".
        error: why it failed, in a line; "" where it did not.
        results: what the notebook saved.
        seconds: how long it took, with the start of its kernel.
        began: when, in local time.
        machine: where.
        versions: of the package and the libraries.
        networks: whether its networks were to be kept.
        files: bytes of each file beside the record.
        format: of the record.
    """

    key: str
    notebook: str
    parameters: Parameters
    state: str
    error: str
    results: dict[str, object]
    seconds: float
    began: str
    machine: str
    versions: dict[str, str]
    networks: bool = False
    files: dict[str, int] = field(default_factory=dict)
    format: int = FORMAT


def load_record(folder: Path) -> Record | None:
    """Return the record of a run, or None where there is none that is whole and of this format.

    Args:
        folder: of the run.
    """
    try:
        content = json.loads((folder / RECORD).read_text("utf-8"))
        record = Record(**content)
        whole = all((folder / name).stat().st_size == size for name, size in record.files.items())
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return None
    right = record.format == FORMAT and record.key == folder.name.removesuffix(FAILED)
    return record if whole and right and isinstance(record.results, dict) else None


def stored(folder: Path, key: str, networks: bool = False) -> Record | None:
    """Return the record of a run that is done, or None.

    Args:
        folder: of the sweep.
        key: of the run.
        networks: whether its networks have to be there, too.
    """
    record = load_record(folder / key)
    good = record is not None and record.state == "done" and record.networks >= networks
    return record if good else None


def keep(folder: Path, record: Record, files: Mapping[str, bytes]) -> Record:
    """Store a run, or take the one that somebody else has stored meanwhile.

    Args:
        folder: of the sweep; it is made if it is missing.
        record: what to remember.
        files: content of each file by name.

    Returns:
        The record that is stored now. A run that failed never replaces one that is done.

    Raises:
        OSError: the folder cannot be written to; the message says why, and what to do.
    """
    record = replace(record, files={name: len(content) for name, content in files.items()})
    text = json.dumps(asdict(record), indent=2) + "\n"
    unfinished = folder / f"{UNFINISHED}{token_hex(6)}"
    try:
        unfinished.mkdir(parents=True)
        for name, content in {**files, RECORD: text.encode()}.items():
            with (unfinished / name).open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        return put_in_place(unfinished, folder, record)
    except OSError as error:
        raise type(error)(error.errno or errno.EIO, explained(error, folder)) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)  # where somebody else was first


def put_in_place(unfinished: Path, folder: Path, record: Record) -> Record:
    """Give a complete folder its name, unless there is a good one of that name."""
    done = folder / record.key
    failed = folder / f"{record.key}{FAILED}"
    place = done if record.state == "done" else failed
    for _ in range(10):  # two sweeps may clear the place for each other
        if there := stored(folder, record.key, record.networks):
            return there
        with suppress(OSError):
            os.rename(unfinished, place)  # takes no name of a folder that holds something
            if place == done:
                shutil.rmtree(failed, ignore_errors=True)
            return record
        move_away(place)
    raise PermissionError(errno.EACCES, f"{place.name} cannot be replaced")


def move_away(place: Path) -> None:
    """Remove a folder that is no result: under another name first, so that it is never half."""
    with suppress(OSError):
        waste = place.with_name(f"{UNFINISHED}{token_hex(6)}")
        os.rename(place, waste)
        shutil.rmtree(waste, ignore_errors=True)


def remove_left_overs(folder: Path) -> None:
    """Remove what killed sweeps left a day ago or earlier: half-written runs, and their tokens."""
    for left in (*folder.glob(f"{UNFINISHED}*"), *folder.glob(f"{TOKEN}*")):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > OLD:
                shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink()
