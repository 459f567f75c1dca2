"""What `read` and `page` have in common: where pictures come from, and what is said of each."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from os.path import isdir
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from digitrec.bounds import LARGEST_FILE
from digitrec.commands.parser import called
from digitrec.hands.names import in_counting_order
from digitrec.names import visible
from digitrec.networks import in_short
from digitrec.reading import Reading
from digitrec.reading.folders import READ_HERE, TOLD_OF
from digitrec.reading.kinds import shortened
from digitrec.storage import load_model

if TYPE_CHECKING:
    import keras

PIPE = "-"


@dataclass(frozen=True)
class Answer:
    """What is said of one picture.

    Attributes:
        lines: for people, on the standard output.
        record: for programs, in their place: names and values that JSON has a form for.
        remark: for people, on the standard error stream; empty where there is none.
    """

    lines: Sequence[str]
    record: dict[str, object]
    remark: str = ""


def add_pictures(parser: argparse.ArgumentParser) -> None:
    """Add what says which pictures are read, by which network, and how the answers come."""
    parser.add_argument(
        "pictures",
        metavar="PICTURE",
        nargs="*",
        help="a picture, a folder of pictures, or - for one from a pipe; without any, one from a "
        "pipe",
    )
    parser.add_argument(
        "--json", action="store_true", help="print one line of JSON for each picture"
    )
    parser.add_argument(
        "--model",
        metavar="FILE.keras",
        type=Path,
        help="the network that reads, such as your own (default: the one in the box)",
    )


def answer_each(
    options: argparse.Namespace, answer: Callable[[Path | bytes, "keras.Model | None"], Answer]
) -> int:
    """Read one picture after the other, and print what is said of each as soon as it is.

    What cannot be read is told on the standard error stream, and stops nothing.

    Args:
        options: what `add_pictures` asks for.
        answer: reads a picture with a network; None is the one in the box.

    Returns:
        0 if there is an answer for each picture, else 1.

    Raises:
        FileNotFoundError: there is no such network.
        ValueError: the network cannot be used, or no picture can come.
    """
    asked = options.pictures or [PIPE]
    if PIPE in asked and (sys.stdin is None or sys.stdin.isatty()):
        raise ValueError(
            "No picture came. Give the names of pictures or of a folder, or send a picture through "
            f"a pipe. See {called()} {options.command} --help."
        )
    if "" in asked:
        raise ValueError("A name is empty, expected that of a picture or of a folder.")
    model = options.model and load_model(options.model.absolute())
    alone, code = len(asked) == 1 and not isdir(asked[0]), 0
    for name in names_of_pictures(asked):
        before = "" if alone else f"{visible(name)}: "
        try:
            said = answer(opened(name), model)
            remark = said.remark and before + said.remark
        except ImportError:  # TensorFlow cannot start, so no picture can be read
            raise
        except Exception as error:  # one bad picture stops nothing, whatever is wrong with it
            code, remark = 1, visible(told(name, error))
            said = Answer((), {"error": remark})
        lines = [before + line for line in said.lines]
        if options.json:
            lines = [json.dumps({"picture": name, **said.record}, allow_nan=False)]
        if lines:
            print("\n".join(lines), flush=True)  # whoever reads on from here need not wait
        if remark:
            print(remark, file=sys.stderr)
    return code


def names_of_pictures(asked: Sequence[str]) -> Iterator[str]:
    """Yield the names that are asked for, and for a folder those of its pictures.

    Args:
        asked: as they were typed. A folder without pictures stands for itself.
    """
    for name in asked:
        inside = [] if name == PIPE else pictures_in(Path(name))
        yield from map(str, inside) if inside else [name]


def pictures_in(folder: Path) -> list[Path]:
    """Return the pictures of a folder, 2.png before 10.png; none where it is no folder."""
    try:
        pictures = [
            path
            for path in folder.iterdir()
            if path.suffix.lower() in READ_HERE | TOLD_OF
            and not path.name.startswith(".")
            and path.is_file()
        ]
    except OSError:  # it is none, or may not be looked into; whoever opens it says so
        return []
    return sorted(pictures, key=lambda path: (in_counting_order(path.stem), path.name))


def opened(name: str) -> Path | bytes:
    """Return what `read_digit` and `read_page` take: a path, or the bytes from the pipe.

    Raises:
        FileNotFoundError: nothing came, or it is a folder without pictures.
    """
    if name != PIPE:
        if isdir(name):
            raise FileNotFoundError(
                f"There are no pictures in the folder {shortened(name)}, or you may not look into "
                "it. Give the name of another one, or of a picture."
            )
        return Path(name)
    content = sys.stdin.buffer.read(LARGEST_FILE + 1)  # more is refused, and need not be read
    if not content:
        raise FileNotFoundError("Nothing came through the pipe. Check the command before it.")
    return content


def told(name: str, error: Exception) -> str:
    """Say why a picture was not read, with its name as it was given."""
    given = "The picture from the pipe" if name == PIPE else shortened(name)
    if not isinstance(error, (OSError, ValueError)):
        return f"{given}: reading it broke off ({type(error).__name__}: {in_short(error)})."
    if isinstance(error, OSError) and error.strerror:
        return f"{given} cannot be opened ({error.strerror})."
    known, why = "the picture" if name == PIPE else shortened(Path(name).name), str(error)
    if why.startswith(known):
        return given + why.removeprefix(known)
    return why if isinstance(error, FileNotFoundError) else f"{given}: {why}"


def as_record(reading: Reading) -> dict[str, object]:
    """Return what a network says about one digit, in the words of `digitrec.Reading`."""
    return {
        "answer": reading.answer,
        "digit": reading.digit,
        "confidence": reading.confidence,
        "reason": reading.reason,
        "not_a_digit": reading.not_a_digit,
        "probabilities": reading.probabilities.tolist(),
        "box": reading.box,
    }


def size_of(picture: np.ndarray) -> list[int]:
    """Return width and height of a picture as it was read, in whose pixels boxes are."""
    return [picture.shape[1], picture.shape[0]]
