"""Reading the command line, with errors in one sentence."""

import argparse
import sys
from pathlib import PurePath
from typing import NoReturn, TextIO


def called() -> str:
    """Return how this program was called, as words of help and advice repeat it.

    >>> called()
    'python -m digitrec'
    """
    return "digitrec" if PurePath(sys.argv[0]).stem == "digitrec" else "python -m digitrec"


class Parser(argparse.ArgumentParser):
    """A parser that says in one sentence what is wrong, without a wall of usage above it."""

    def __init__(self, **settings: object) -> None:
        super().__init__(
            formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False, **settings
        )

    def print_help(self, file: TextIO | None = None) -> None:
        """Print the help; where it cannot be written, that is an error as for any other text."""
        print(self.format_help(), end="", file=file)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and how to see more, and end with 2."""
        self.exit(2, f"{message.rstrip('.')}. See {self.prog} --help.\n")


def whole_number(words: str) -> int:
    """Read a whole number of the command line.

    Args:
        words: as they were typed.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    try:
        return int(words)
    except ValueError:
        message = f"{words!r} came, expected a whole number, such as 30"
        raise argparse.ArgumentTypeError(message) from None
