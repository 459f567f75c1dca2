"""The folder of hands: one file per writer, added to without losing anything, and read together."""

import os
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from digitrec.bounds import LARGEST_HANDS, MOST_HANDS, MOST_SHEETS
from digitrec.files import one_at_a_time
from digitrec.hands.hand_file import NewerFormatError, read_hand, write_hand
from digitrec.hands.names import (
    FOLDER,
    hand_path,
    in_counting_order,
    printed_name,
    printed_page,
    tidy_name,
)
from digitrec.hands.same_sheet import is_same_sheet, merged
from digitrec.hands.written import Written
from digitrec.mnist import Digits
from digitrec.names import plain_name
from digitrec.paths import project_path, short_path


@dataclass(frozen=True, eq=False, repr=False)
class Hands:
    """What a class wrote.

    Attributes:
        parts: every sheet and every turn at the pad, with what was refused.
        problems: what could not be read, or is not counted, a sentence each.
    """

    parts: tuple[Written, ...]
    problems: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.digits)

    def __repr__(self) -> str:
        writers = len({part.writer for part in self.parts})
        return (
            f"<Hands: {len(self):,} digits by {writers:,} writers, {len(self.problems)} problems>"
        )

    @cached_property
    def digits(self) -> Digits:
        """The digits that count, of all parts one after the other."""
        images = [np.empty((0, 28, 28), np.uint8), *(part.images[part.kept] for part in self.parts)]
        labels = [np.empty(0, np.uint8), *(part.labels[part.kept] for part in self.parts)]
        return Digits(np.concatenate(images), np.concatenate(labels))

    @cached_property
    def writers(self) -> np.ndarray:
        """Who wrote each of the digits, array (n,) of str."""
        return self._of_each([part.writer for part in self.parts])

    @cached_property
    def sheets(self) -> np.ndarray:
        """What each of the digits was written on, array (n,) of str."""
        return self._of_each([part.source for part in self.parts])

    def _of_each(self, texts: list[str]) -> np.ndarray:
        return np.repeat(np.array(texts, str), [int(part.kept.sum()) for part in self.parts])


def save_written(written: Written, folder: str | Path = FOLDER) -> Path:
    """Save what one writer wrote, beside what is there already of the same writer.

    A sheet that is there already is not counted twice: the newer reading takes the place of the
    older, and what a reader confirmed, relabelled or dropped holds, box by box, until the reader
    decides otherwise. Two sheets are the same if they have the same `source` and nearly the same
    images; copies of one printed sheet that were written on anew are two, and the second is called
    "... (2)".

    Args:
        written: from a sheet or the pad, corrected or not.
        folder: where to; a relative one starts at the project folder, and is made if it is missing.

    Returns:
        The writer's file. Deleting it deletes all that is kept of the writer:
        `digitrec.hands.hand_path("412-17").unlink()`.

    Raises:
        ValueError: the writer's name cannot be one, or it is more than one writer may have; nothing
            was changed.
        OSError: the file cannot be written; what was there before is unchanged.
    """
    store_written(written, folder)
    return hand_path(written.writer, folder)


def store_written(written: Written, folder: str | Path = FOLDER) -> Written:
    """Do what `save_written` does, and return what is kept of this sheet now."""
    path = hand_path(written.writer, folder)
    texts = {name: plain_name(getattr(written, name)) for name in ("source", "origin", "when")}
    doubts = tuple(map(plain_name, written.doubts))
    written = replace(written, writer=tidy_name(written.writer), doubts=doubts, **texts)
    with one_at_a_time(path.parent):
        parts, stored = added(parts_in(path, written.writer), written)
        write_hand(path, parts)
    return stored


def parts_in(path: Path, writer: str) -> list[Written]:
    """Return what a writer's file holds; one that is damaged is put aside under another name.

    Raises:
        ValueError: it is of a newer version, or of another writer.
    """
    if not path.exists():
        return []
    try:
        parts = read_hand(path)
    except NewerFormatError as error:
        raise ValueError(
            f"{short_path(path)} cannot be added to: {error} Nothing was changed."
        ) from error
    except ValueError:
        os.rename(path, free_name(path.with_suffix(".damaged")))
        return []
    if parts[0].writer != writer:
        raise ValueError(
            f"{short_path(path)} holds the digits of {parts[0].writer}, not of {writer}. Give "
            "the file another name, and save again. Nothing was changed."
        )
    return parts


def free_name(path: Path) -> Path:
    """Return a path, numbered where there is such a file already."""
    number = 1
    while path.exists():
        number += 1
        path = path.with_stem(f"{path.stem.split(' (')[0]} ({number})")
    return path


def added(parts: list[Written], written: Written) -> tuple[list[Written], Written]:
    """Return the parts of a writer with another one, or a newer reading of one; and that one."""
    name = printed_name(written.source)
    family = [place for place, part in enumerate(parts) if printed_name(part.source) == name]
    for place in sorted(family, key=lambda place: parts[place].source != written.source):
        part = parts[place]
        pad = written.boxes is None and part.source == written.source  # the same turn at the pad
        if pad or is_same_sheet(part, written):
            written = merged(part, replace(written, source=part.source))
            return [*parts[:place], written, *parts[place + 1 :]], written
    taken = {part.source for part in parts}
    number = 1
    while written.source in taken:
        number += 1
        written = replace(written, source=f"{name} ({number})")
    return [*parts, written], written


def load_hands(folder: str | Path = FOLDER) -> Hands:
    """Load what a class wrote: the files of all writers in a folder.

    A file that is damaged, too large or something else is named in `problems`, and the others are
    read. A sheet that is there under two names, or in two files, is counted once.

    Args:
        folder: a relative one starts at the project folder.

    Returns:
        All digits, with who wrote them and on what.

    Raises:
        FileNotFoundError: there is no such folder, or no file in it.
    """
    folder = project_path(folder)
    advice = (
        "Read a photo of a sheet with digitrec.sheets.read_sheet, or write on the pad, and save it "
        "with digitrec.save_written; or give the name of another folder."
    )
    if not folder.is_dir():
        raise FileNotFoundError(f"There is no folder {folder}. {advice}")
    paths = [path for path in folder.iterdir() if not path.name.startswith(".")]
    if not paths:
        raise FileNotFoundError(f"There are no digits in {folder} yet. {advice}")
    paths.sort(key=lambda path: in_counting_order(path.stem))
    found, problems = read_files(paths)
    parts, repeated = counted_once(found)
    return Hands(tuple(parts), (*problems, *repeated))


def read_files(paths: list[Path]) -> tuple[list[tuple[str, Written]], list[str]]:
    """Return the parts in files, each with the name of its file, and what could not be read."""
    found, problems, left = [], [], LARGEST_HANDS
    for path in paths[:MOST_HANDS]:
        name = plain_name(path.name)
        try:
            if path.suffix != ".npz" or not path.is_file():
                raise ValueError("It is no file of digits. Move it to another folder.")
            size = path.stat().st_size
            if size > left:
                raise ValueError(too_many(f"{LARGEST_HANDS // 1_000_000} MB"))
            parts = read_hand(path)
            if len(found) + len(parts) > MOST_SHEETS:
                raise ValueError(too_many(f"{MOST_SHEETS:,} sheets"))
            found += [(name, part) for part in parts]
            left -= size
        except OSError as error:
            why = f"It cannot be opened ({error.strerror}). Check whether you may read it."
            problems.append(f"{name} is left out. {why}")
        except ValueError as error:
            problems.append(f"{name} is left out. {error}")
    if len(paths) > MOST_HANDS:
        problems.append(
            f"{len(paths) - MOST_HANDS:,} files are left out: {MOST_HANDS:,} of a folder are read. "
            "Move some of them to another folder."
        )
    return found, problems


def too_many(most: str) -> str:
    """Say that there is more in a folder than is read at a time."""
    return f"All files together have more than {most}. Move some of them to another folder."


def counted_once(found: list[tuple[str, Written]]) -> tuple[list[Written], list[str]]:
    """Return each sheet once, and a sentence for each that was there twice.

    Args:
        found: parts, each with the name of its file.
    """
    once: list[tuple[str, Written]] = []
    problems = []
    for file, part in found:
        for place, (other_file, other) in enumerate(once):
            if printed_page(other.source) == printed_page(part.source) and (
                is_same_sheet(other, part)
            ):
                both = sorted([(other_file, other), (file, part)], key=lambda pair: pair[1].when)
                once[place] = both[1][0], merged(both[0][1], both[1][1])
                problems.append(twice(*both))
                break
        else:
            once.append((file, part))
    return [part for _, part in once], problems


def twice(older: tuple[str, Written], newer: tuple[str, Written]) -> str:
    """Say that a sheet is in two files, and which of them counts."""
    (old_file, old), (new_file, new) = older, newer
    if old.writer == new.writer:
        return (
            f"{new.source} of {new.writer} is in {old_file} and in {new_file}. It is counted once."
        )
    return (
        f"{new.source} is there under two names, {old.writer} ({old_file}) and {new.writer} "
        f"({new_file}). It is counted once, as {new.writer}'s, because that was read later."
    )
