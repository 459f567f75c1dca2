"""One writer's file: arrays and a record, and nothing that could run or take all memory."""

import io
import json
import zipfile
from datetime import datetime
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path

import numpy as np

from digitrec.bounds import LARGEST_HAND, LARGEST_RECORD, MOST_SHEETS, MOST_WRITTEN
from digitrec.files import write_whole
from digitrec.hands.written import Written
from digitrec.names import plain_name
from digitrec.network_files import has_short_list

KIND, FORMAT = "digits of one writer", 1  # what the record says it is
RECORD = "record"
ARRAYS = {  # of all parts, one after the other: kind of numbers, and what there is of each digit
    "images": ("|u1", (28, 28)),
    "asked": ("|u1", ()),
    "labels": ("|u1", ()),
    "kept": ("|b1", ()),
    "numbers": ("<i4", ()),
    "boxes": ("<f4", (4, 2)),
}
DAMAGED = "It is damaged, or no file of digits. Put a copy in its place, or read its sheets again."
TEXTS = ("source", "origin", "when")


class NewerFormatError(ValueError):
    """A newer version of this package wrote the file."""


def write_hand(path: Path, parts: list[Written]) -> None:
    """Write all that one writer wrote into one file, completely or not at all.

    Args:
        path: the file, ending in .npz.
        parts: at least one, all of one writer.

    Raises:
        ValueError: it is more, or something else, than would be read again.
        OSError: see `digitrec.files.write_whole`.
    """
    arrays = {
        name: np.concatenate([part_array(part, name) for part in parts]).astype(kind)
        for name, (kind, _) in ARRAYS.items()
    }
    record = record_of(parts)
    content = json.dumps(record, indent=1).encode()
    if len(arrays["labels"]) > MOST_WRITTEN or len(content) > LARGEST_RECORD:
        raise ValueError(
            f"The digits of {parts[0].writer} would be {len(arrays['labels']):,}, and one writer "
            f"has {MOST_WRITTEN:,} at most. Save these under another name. Nothing was changed."
        )
    try:
        read_parts(record, arrays)
    except ValueError as error:  # nobody could read it again
        raise ValueError(
            f"What {parts[0].writer} wrote cannot be saved: {error}. Nothing was changed."
        ) from error
    arrays[RECORD] = np.frombuffer(content, np.uint8)
    write_whole(path, lambda temporary: np.savez(temporary, **arrays))


def part_array(part: Written, name: str) -> np.ndarray:
    """Return one array of a part; boxes that nobody knows are NaN."""
    if name == "boxes" and part.boxes is None:
        return np.full((len(part), 4, 2), np.nan)
    return getattr(part, name)


def record_of(parts: list[Written]) -> dict:
    """Return what the file says about itself: when, from what, how many, and what was decided."""
    return {
        "kind": KIND,
        "format": FORMAT,
        "writer": parts[0].writer,
        "saved": datetime.now().astimezone().isoformat(timespec="seconds"),
        "versions": {name: version(name) for name in ("digitrec", "numpy")},
        "parts": [
            {
                **{name: getattr(part, name) for name in TEXTS},
                "digits": len(part),
                "kept": int(part.kept.sum()),
                "refused": int((~part.kept).sum()),
                "relabelled": part.numbers[part.relabelled].tolist(),
                "photo": part.boxes is not None,
                "empty": [int(number) for number in part.empty],
                "seen": [int(number) for number in part.seen],
                "doubts": {str(part.numbers[i]): part.doubts[i] for i in part.doubtful},
            }
            for part in parts
        ],
    }


def read_hand(path: Path) -> list[Written]:
    """Return all that one writer's file holds, whoever made it.

    Raises:
        NewerFormatError: a newer version of this package wrote it.
        ValueError: it is damaged, something else, or more than a writer's file may be.
        OSError: it cannot be opened.
    """
    if path.stat().st_size > LARGEST_HAND:
        raise ValueError(
            f"It has more than {LARGEST_HAND // 1_000_000} MB, more than one writer's digits. Move "
            "it to another folder."
        )
    content = path.read_bytes()
    try:
        arrays = read_arrays(content)
        record = json.loads(arrays.pop(RECORD).tobytes().decode())
        if record["kind"] == KIND and type(record["format"]) is int and record["format"] > FORMAT:
            raise NewerFormatError(
                "A newer version of digitrec wrote it. Update this one to read it."
            )
        return read_parts(record, arrays)
    except NewerFormatError:
        raise
    except Exception as error:  # zipfile, NumPy and JSON raise what they like for damaged bytes
        raise ValueError(DAMAGED) from error


def read_arrays(content: bytes) -> dict[str, np.ndarray]:
    """Return the arrays of a file; it is looked at before anything is unpacked.

    Raises:
        Exception: it is damaged or something else.
    """
    names = {f"{name}.npy" for name in (*ARRAYS, RECORD)}
    if not has_short_list(content, len(names)):
        raise ValueError("it is no archive of so many arrays")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
        if {entry.filename for entry in entries} != names:
            raise ValueError("it holds other arrays")
        if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries):
            raise ValueError("it is compressed, which it never is: it could be of any size")
        if archive.getinfo(f"{RECORD}.npy").file_size > 2 * LARGEST_RECORD:
            raise ValueError("its record is too long")
    with np.load(io.BytesIO(content), allow_pickle=False) as archive:
        return {name: archive[name] for name in (*ARRAYS, RECORD)}


def read_parts(record: dict, arrays: dict[str, np.ndarray]) -> list[Written]:
    """Return the parts that a record describes.

    Raises:
        Exception: record and arrays do not fit each other, or hold what cannot be.
    """
    if record["kind"] != KIND or record["format"] != FORMAT:
        raise ValueError("it is another kind of file")
    if not 1 <= len(record["parts"]) <= MOST_SHEETS:
        raise ValueError(f"it has none, or more than {MOST_SHEETS:,} sheets")
    starts = [0]
    for part in record["parts"]:
        starts.append(starts[-1] + whole(part["digits"]))
    if starts[-1] > MOST_WRITTEN:
        raise ValueError("it has too many digits")
    for name, (kind, form) in ARRAYS.items():
        if arrays[name].dtype.str != kind or arrays[name].shape != (starts[-1], *form):
            raise ValueError(f"its {name} have another form")
    return [
        read_part(record["writer"], part, {name: arrays[name][start:end] for name in ARRAYS})
        for part, (start, end) in zip(record["parts"], pairwise(starts), strict=True)
    ]


def read_part(writer: str, part: dict, arrays: dict[str, np.ndarray]) -> Written:
    """Return one part.

    Raises:
        Exception: it holds what cannot be.
    """
    numbers = arrays["numbers"].tolist()
    if len(set(numbers)) < len(numbers) or min(numbers, default=0) < 0:
        raise ValueError("two digits are from one box, or one from none")
    if max([*arrays["asked"].tolist(), *arrays["labels"].tolist()], default=0) > 9:
        raise ValueError("a label is no digit")
    doubts = [part["doubts"].get(str(number), "") for number in numbers]
    texts = {name: part[name] for name in TEXTS}
    for text in (writer, *texts.values(), *doubts):
        if not isinstance(text, str) or plain_name(text) != text:
            raise ValueError("a text is none, too long, or not to be seen")
    if not part["photo"]:
        arrays = arrays | {"boxes": None}
    return Written(
        writer,
        **texts,
        **arrays,
        doubts=tuple(doubts),
        empty=tuple(map(whole, part["empty"])),
        seen=tuple(map(whole, part["seen"])),
    )


def whole(number: object) -> int:
    """Return a number of digits, or of a box, if it is one.

    Raises:
        ValueError: it is not.
    """
    if type(number) is not int or not 0 <= number < 2**31:
        raise ValueError("a number is none")
    return number
