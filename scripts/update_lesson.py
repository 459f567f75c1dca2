"""Bring a learner's copy of the course up to date, without losing what the learner made.

    python scripts/update_lesson.py ../digitrec-1.1.0.zip

What is new comes in, and what the learner changed stays: a file that is another one in the new copy
and was changed here is kept beside it as `mine_NAME`. Networks, results, scores, handwriting and
pictures of one's own belong to no copy, and are not touched. Each file is whole at any time; if the
command is stopped half-way, run it again.
"""

import argparse
import hashlib
import json
import os
import shutil
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parent.parent
MANIFEST = "lesson.json"
UNFINISHED = ".updating"  # a file that is not yet whole
LEARNERS = ("models", "runs", "my_digits", "photos", ".venv")  # no copy may bring files for them
CHANGES_SETUP = ("requirements.txt", "pyproject.toml")


@dataclass
class Report:
    """What was done, by the names of files.

    Attributes:
        new: came in, or took the place of an older one.
        kept: as the learner has them, because the new copy has nothing newer.
        beside: of the learner; the first is what it is called now, the second what it was.
        gone: that the new copy has no more, and the learner had not changed.
    """

    new: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    beside: list[tuple[str, str]] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)


def checksum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def read_manifest(text: bytes, where: str) -> dict:
    """Return what a copy says of itself.

    Raises:
        ValueError: it is not one of this course.
    """
    try:
        about = json.loads(text)
        if about["name"] != "digitrec" or not isinstance(about["files"], dict):
            raise ValueError(f"a copy of {about['name']!r} came")
    except (ValueError, TypeError, KeyError) as error:
        raise ValueError(f"{MANIFEST} of {where} is not what was expected ({error}).") from None
    return about


def read_archive(path: Path) -> tuple[dict, dict[str, bytes]]:
    """Return what a new copy says of itself, and its files, all of them checked.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is damaged, or no copy of the course.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            manifests = [name for name in archive.namelist() if name.endswith(f"/{MANIFEST}")]
            if len(manifests) != 1:
                raise ValueError(
                    f"{path.name} holds no {MANIFEST}; expected a zip of `make lesson`."
                )
            top = manifests[0].removesuffix(MANIFEST)
            text = archive.read(manifests[0])
            about = read_manifest(text, path.name)
            files = {name: archive.read(top + name) for name in about["files"]}
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, NotImplementedError) as error:
        raise ValueError(f"{path.name} is damaged ({error}). Copy it here once more.") from error
    for name, content in files.items():
        inside = PurePosixPath(name)
        if inside.is_absolute() or ".." in inside.parts or "\\" in name or ":" in name:
            raise ValueError(
                f"{path.name} has a file that would lie outside of this folder: {name}"
            )
        if inside.parts[0] in LEARNERS:
            raise ValueError(f"{path.name} has a file among those that are yours: {name}")
        if checksum(content) != about["files"][name]:
            raise ValueError(f"{name} in {path.name} is damaged. Copy the zip here once more.")
    files[MANIFEST] = text
    return about, files


def put(root: Path, name: str, content: bytes) -> None:
    """Write a file whole: under another name first, then renamed."""
    unfinished = root / UNFINISHED
    with unfinished.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    os.replace(unfinished, path)


def keep_beside(root: Path, name: str) -> str:
    """Copy a file of the learner beside itself, and return the name of the copy.

    A copy with the same content that is there already, as after a stop half-way, will do.
    """
    path = root / name
    content = path.read_bytes()
    number = 1
    while True:
        label = "mine_" if number == 1 else f"mine_{number}_"
        beside = path.with_name(label + path.name)
        if not beside.exists():
            put(root, beside.relative_to(root).as_posix(), content)
            shutil.copystat(path, beside)
            return beside.name
        if beside.is_file() and beside.read_bytes() == content:
            return beside.name
        number += 1


def update(root: Path, archive: Path) -> Report:
    """Bring the copy in a folder up to date.

    Args:
        root: the folder of the learner's copy.
        archive: the zip of the new one.

    Returns:
        What was done.

    Raises:
        OSError: a file cannot be read or written; run it again when that is mended.
        ValueError: the folder is no copy, or the archive is not whole; nothing was changed.
    """
    try:
        old = read_manifest((root / MANIFEST).read_bytes(), "this folder")["files"]
    except FileNotFoundError:
        raise ValueError(
            f"There is no {MANIFEST} in {root}, so it is no copy from a zip. Is it a clone? Then "
            "`git pull` brings it up to date."
        ) from None
    about, files = read_archive(archive)
    report = Report()
    for name, content in files.items():
        if name != MANIFEST:  # comes last: until then this folder is known as the old copy
            take_in(root, name, content, old.get(name), report)
    for name in sorted(old.keys() - about["files"].keys()):
        path = root / name
        if path.is_file() and checksum(path.read_bytes()) == old[name]:
            path.unlink()
            report.gone.append(name)
    put(root, MANIFEST, files[MANIFEST])
    return report


def take_in(root: Path, name: str, content: bytes, before: str | None, report: Report) -> None:
    """Put one file of the new copy in its place.

    Args:
        root: the folder of the learner's copy.
        name: of the file.
        content: as the new copy has it.
        before: checksum of what the old copy brought, or None where it had no such file.
        report: what was done is noted here.
    """
    path = root / name
    if path.is_file():
        here, new = checksum(path.read_bytes()), checksum(content)
        if here == new:
            return
        if before == new:  # changed by the learner alone
            report.kept.append(name)
            return
        if here != before:  # changed by both
            report.beside.append((keep_beside(root, name), name))
    put(root, name, content)
    report.new.append(name)


def told(report: Report) -> str:
    """Return what was done, in words."""
    lines = [f"{len(report.new)} files are new or newer, {len(report.gone)} are gone."]
    lines += [f"Yours, as you left it: {name}" for name in report.kept]
    lines += [f"Yours is now {beside}; {name} is the new one." for beside, name in report.beside]
    if set(report.new) & set(CHANGES_SETUP):
        lines.append("The packages have changed: install once more, as START.md says.")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("archive", type=Path, help="the zip of the new copy")
    options = parser.parse_args()
    try:
        print(told(update(ROOT, options.archive)))
    except ValueError as error:
        raise SystemExit(f"Nothing was changed. {error}") from None
    except OSError as error:
        raise SystemExit(
            f"Stopped: {error}. Close what has the file open, or make room, and run this again; "
            "nothing of yours is lost."
        ) from None


if __name__ == "__main__":
    main()
