"""The package at a terminal: `python -m digitrec --help` says what it can do."""

import sys
from collections.abc import Sequence
from io import TextIOWrapper

from digitrec.commands import COMMANDS
from digitrec.commands.parser import Parser

INTERRUPTED = 130  # what shells expect after Ctrl+C


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        arguments: the words after `python -m digitrec`; those of this process without.

    Returns:
        0 where it was done, or what the command returns; 2 where something was wrong, said in one
        sentence.
    """
    parser = Parser(
        prog="python -m digitrec",
        description="Collect handwritten digits: sheets to print, and photos of them to read.\n"
        "Run a notebook with many parameters.",
    )
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command")
    for command in COMMANDS:
        command.add_to(subparsers)
    if isinstance(sys.stdout, TextIOWrapper):  # a notebook has its own, which knows every letter
        sys.stdout.reconfigure(errors="replace")  # Windows, writing to a file, does not
    options = parser.parse_args(arguments)
    if options.command is None:
        parser.print_help()
        return 0
    try:
        return options.func(options) or 0
    except (OSError, ValueError) as error:
        print(error.strerror or error if isinstance(error, OSError) else error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
