"""Writing files so that nothing is ever half written, and nothing is left behind."""

import errno
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

try:
    import fcntl
except ImportError:  # Windows, where nobody can remove a file that a program holds open
    fcntl = None
    import msvcrt

MARK = ".saving-"  # how the names of unfinished files begin
LOCK = ".lock"  # the file of a folder that whoever changes something there holds
PATIENCE = 2.0  # seconds; as long a virus scanner or an indexer may hold a file on Windows
TURN = 20.0  # seconds to wait for another program that changes something in a folder


@contextmanager
def written_whole(*paths: Path) -> Iterator[list[Path]]:
    """Give a temporary file for each path; at the end they take the names, at an error none does.

    The files are renamed one directly after the other, so a kill hardly ever parts them. What
    killed processes left in the folder is removed first.

    Args:
        paths: the files, all in one folder; it is made if it is missing.

    Yields:
        Temporary paths in the same order, with the same endings, to write to.

    Raises:
        OSError: the disk is full, the folder may not be written to, or another program keeps one of
            the files open; what was there before is unchanged.
    """
    folder = paths[0].parent
    held: list[BinaryIO] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        remove_orphans(folder)
        for path in paths:
            held.append(hold_new_file(path))
        temporary = [Path(file.name) for file in held]
        yield temporary
        for file in held:
            os.fsync(file.fileno())
        for file, path in zip(held, paths, strict=True):
            if fcntl is None:  # Windows renames no open file
                file.close()
            replace(Path(file.name), path)
    except OSError as error:
        number = error.errno or errno.EIO
        raise type(error)(number, explained(error, paths[0])) from error
    finally:
        for file in held:
            file.close()
            with suppress(OSError):
                Path(file.name).unlink(missing_ok=True)


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Let nobody else change files of a folder meanwhile: read, change and write are one step.

    A program that is killed lets go of it. On network folders that know no locks, nobody waits.

    Args:
        folder: it is made if it is missing; a file `.lock` stays in it.

    Raises:
        OSError: the folder may not be written to, or somebody else is at it for too long.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / LOCK).open("ab")
    except OSError as error:
        raise type(error)(error.errno, explained(error, folder / LOCK)) from error
    with file:
        end = time.monotonic() + TURN
        while not locked(file):
            if time.monotonic() > end:
                raise TimeoutError(
                    errno.ETIMEDOUT,
                    f"Another program has been changing {folder} for {TURN:.0f} seconds. "
                    "Wait until it is done or end it, and save again. Nothing was changed.",
                )
            time.sleep(0.02)
        yield  # closing the file lets go of it


def locked(file: BinaryIO) -> bool:
    """Take the lock of a file; return False where somebody else has it."""
    try:
        if fcntl is None:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in (errno.EAGAIN, errno.EACCES, errno.EDEADLK)
    return True


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file completely or not at all: under another name first, then renamed.

    Args:
        path: the file; its folder is made if it is missing.
        write: is called with the temporary path and writes the content there.

    Raises:
        OSError: see `written_whole`.
    """
    with written_whole(path) as (temporary,):
        write(temporary)


def hold_new_file(path: Path) -> BinaryIO:
    """Make a new file beside a path and keep it locked, so that nobody takes it for an orphan."""
    while True:
        file = path.with_name(f"{MARK}{token_hex(4)}{path.suffix}").open("x+b")
        if fcntl is None:
            return file
        with suppress(OSError):  # some network folders know no locks
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.exists(file.name):
            return file
        file.close()  # another process removed it before it was locked


def remove_orphans(folder: Path) -> None:
    """Remove unfinished files whose processes are gone; those of living ones are held by them.

    Args:
        folder: where to look; it may be missing.
    """
    for left in folder.glob(f"{MARK}*"):
        with suppress(OSError):
            if fcntl is None:
                left.unlink()
                continue
            with left.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                left.unlink()


def replace(temporary: Path, path: Path) -> None:
    """Rename a file over another one; on Windows, wait a little while a program has that open."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            os.replace(temporary, path)
            return
        except PermissionError:
            if fcntl is not None or time.monotonic() > end:
                raise
            time.sleep(0.1)


def explained(error: OSError, path: Path) -> str:
    """Say why a file could not be written, and what to do."""
    why = error.strerror or str(error)
    advice = "Choose another folder, or one that you may write to"
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        advice = "Make room on the disk, or choose another folder"
    elif isinstance(error, PermissionError):
        advice = "Close the program that has it open, or choose a folder that you may write to"
    return f"{path} could not be written ({why}). {advice}. What was there before is unchanged."
