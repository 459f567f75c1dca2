"""Names of writers, of their files, and of what they wrote on."""

import hashlib
import re
import unicodedata
from pathlib import Path

from digitrec.bounds import LONGEST_NAME
from digitrec.names import plain_name
from digitrec.paths import project_path

FOLDER = "my_digits"  # of the project, where git ignores it
PLAIN = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")  # names that are names of files as they are
TAKEN = re.compile(r"con|prn|aux|nul|(com|lpt)\d")  # by Windows, for devices


def printed_name(source: str) -> str:
    """Return what a sheet is called on paper, without the number of a copy.

    >>> printed_name("sheet 412-17-1 (2)")
    'sheet 412-17-1'
    """
    return re.sub(r" \(\d+\)$", "", source)


def printed_page(source: str) -> str:
    """Return which printed page it is, whoever wrote on it; the source itself of a turn at the pad.

    >>> printed_page("sheet 412-17-1"), printed_page("sheet 412-Anna-1 (2)")
    ('sheet 412-1', 'sheet 412-1')
    """
    return re.sub(r"^(sheet \d+)-.*(-\d+)$", r"\1\2", printed_name(source))


def in_counting_order(name: str) -> list[str | int]:
    """Return a key to sort names by, with numbers as numbers.

    >>> sorted(["412-10", "412-9", "Anna"], key=in_counting_order)
    ['412-9', '412-10', 'Anna']
    """
    pieces = re.split(r"(\d+)", name.casefold())
    return [int(piece) if piece.isdecimal() else piece for piece in pieces]


def hand_path(writer: str, folder: str | Path = FOLDER) -> Path:
    """Return the file of a writer in a folder of hands; it may or may not exist.

    Two names never share a file, also where capitals make no difference to the disk: all but short
    plain ones get a sum of their letters.

    Raises:
        ValueError: the name is empty, too long, or holds characters that are not seen.

    >>> hand_path("412-17").name, hand_path("Zoë / 3").name
    ('412-17.npz', 'zoë___3_8b70b8ae37.npz')
    """
    name = tidy_name(writer)
    if not PLAIN.fullmatch(name) or TAKEN.fullmatch(name):
        letters = [letter if letter.isalnum() else "_" for letter in name.casefold()[:40]]
        name = f"{''.join(letters)}_{hashlib.sha256(name.encode()).hexdigest()[:10]}"
    return project_path(folder) / f"{name}.npz"


def tidy_name(writer: str) -> str:
    """Return the name of a writer with single spaces, and with accents in one form.

    Raises:
        ValueError: it is empty, too long, or holds characters that are not seen.
    """
    advice = 'Choose a pen name or a number, such as "412-17".'
    if not isinstance(writer, str):
        raise ValueError(f"The writer is {writer!r:.60}, expected a text. {advice}")
    name = unicodedata.normalize("NFC", " ".join(writer.split()))
    if not name:
        raise ValueError(f"The writer has no name. {advice}")
    if len(name) > LONGEST_NAME:
        raise ValueError(
            f"The name of the writer has {len(name):,} letters, expected {LONGEST_NAME} at most. "
            f"{advice}"
        )
    if plain_name(name) != name:
        raise ValueError(
            f"The name of the writer, {name!r:.60}, holds characters that are not seen. {advice}"
        )
    return name
