"""The pictures of a folder, and what its labels say they show."""

import csv
import re
from collections.abc import Iterable
from pathlib import Path

from digitrec.bounds import LARGEST_TABLE, MOST_PICTURES
from digitrec.paths import project_path
from digitrec.reading.pictures import load_picture

# Kinds that cannot be read are listed as well, so that their owner is told what to do about them.
READ_HERE = {".bmp", ".gif", ".jfif", ".jpe", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"}
TOLD_OF = {".avif", ".cr2", ".dng", ".heic", ".heif", ".jxl", ".nef", ".psd", ".raw", ".svg"}


def list_pictures(folder: str | Path) -> list[Path]:
    """Return the pictures of a folder whose names begin with "digit", in counting order.

    Args:
        folder: a relative one starts at the project folder.

    Returns:
        Their paths: digit2.png comes before digit10.png. Folders, films and what an editor or a
        browser left over, such as digit3.png~, are none.

    Raises:
        FileNotFoundError: there is no such folder.

    >>> [path.name for path in list_pictures("digits")][:3]
    ['digit1.png', 'digit2.png', 'digit3.png']
    """
    folder = project_path(folder)
    if not folder.is_dir():
        raise FileNotFoundError(
            f"There is no folder {folder}. Make one with pictures named digit1.png, digit2.png, "
            "..., or give the name of another folder."
        )
    pictures = [
        path
        for path in folder.glob("[Dd][Ii][Gg][Ii][Tt]*")
        if path.suffix.lower() in READ_HERE | TOLD_OF and path.is_file()
    ]
    numbers = {path: [int(n) for n in re.findall(r"\d+", path.stem)] for path in pictures}
    return sorted(pictures, key=lambda path: (numbers[path], path.name))


def readable_pictures(paths: Iterable[Path]) -> list[Path]:
    """Leave out files that cannot be read as a picture, and print why, a line for each.

    Args:
        paths: of files that are there; only the first hundred are read, for a lesson keeps what it
            read in memory.

    Returns:
        Those that `load_picture` can load, in the same order.
    """
    paths, readable = list(paths), []
    for path in paths[:MOST_PICTURES]:
        try:
            load_picture(path)
        except ValueError as error:
            print(f"Left out: {error}")
        else:
            readable.append(path)
    if len(paths) > MOST_PICTURES:
        print(f"Left out: the {len(paths) - MOST_PICTURES} last. At most {MOST_PICTURES} are read.")
        print("Put the others into a folder of their own, and run this again with its name.")
    return readable


def load_labels(folder: str | Path) -> dict[str, int]:
    """Return what the pictures of a folder show, as far as its labels.csv says so.

    Args:
        folder: a relative one starts at the project folder.

    Returns:
        The digit for each file name; nothing if there is no labels.csv.

    Raises:
        ValueError: a line is not a file name and a digit.

    >>> load_labels("digits")["digit1.png"]
    4
    """
    path = project_path(folder) / "labels.csv"
    if not path.is_file():
        return {}
    if path.stat().st_size > LARGEST_TABLE:
        raise ValueError(
            f"{path} has more than {LARGEST_TABLE // 1000} kB, expected a line for each picture. "
            "Make it anew."
        )
    text = as_text(path.read_bytes())
    labels = {}
    for number, line in enumerate(text.splitlines(), start=1):
        row = next(csv.reader([line], delimiter=";" if ";" in text else ","), [])
        cells = [cell.strip() for cell in row]
        if len(cells) == 2 and cells[0] and cells[1] in tuple("0123456789"):
            labels[cells[0]] = int(cells[1])
        elif number > 1 and any(cells):  # the first line may name the columns; others may be empty
            raise ValueError(
                f"{path}, line {number}: found {row!s:.80}, expected a file name and a digit, "
                "such as digit17.png,3. Mend the line or delete it."
            )
    return labels


def as_text(content: bytes) -> str:
    """Return the text of a table as spreadsheets write it: UTF-8, UTF-16 or Windows' own."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")  # some put a mark in front
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
