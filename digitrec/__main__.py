"""The package at a terminal: `python -m digitrec --help` says what it can do."""

import os
import platform
import sys
from collections.abc import Sequence
from importlib.metadata import version
from io import TextIOWrapper

from digitrec.commands import COMMANDS
from digitrec.commands.parser import Parser, called
from digitrec.paths import project_path
from digitrec.versions import installed_versions

DESCRIPTION = """Read handwritten digits in pictures, collect them on sheets of paper, and run
a notebook with many parameters. Nothing is sent anywhere."""
MORE = """%(prog)s COMMAND --help says more of a command, with examples.

What is kept (my_digits, runs) and your own networks (models) are in the project
folder, which the environment variable DIGITREC_HOME moves. It is now
  {project}

exit codes:
  0    done; read and page: each picture has an answer, also if it is no digit
  1    done in part: a picture or all photos could not be read, or a run failed
  2    not begun, or broken off; a sentence says why
  130  ended by Ctrl-C
  141  nobody reads what is printed any more, as after | head -1
"""
REPORTED = (  # what faults most often hang on
    *("tensorflow", "keras", "numpy", "opencv-python-headless", "pillow"),
    *("jupyterlab", "ipywidgets", "anywidget", "voila"),
)
INTERRUPTED, UNHEARD = 130, 141  # what shells expect: 128, and the number of the signal


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        arguments: the words after `python -m digitrec`; those of this process without.

    Returns:
        0 where it was done, or what the command returns; 2 where something was wrong, said in one
        sentence.
    """
    if isinstance(sys.stdout, TextIOWrapper):  # a notebook has its own, which knows every letter
        sys.stdout.reconfigure(errors="replace")  # Windows, writing to a file, does not
    try:
        try:
            return run(arguments)
        finally:
            write_out()
    except BrokenPipeError:
        return UNHEARD
    except (ImportError, OSError, ValueError) as error:
        print(error.strerror or error if isinstance(error, OSError) else error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return INTERRUPTED


def all_commands() -> Parser:
    """Return what reads the command line, with every command."""
    parser = Parser(
        prog=called(),
        description=DESCRIPTION,
        epilog=MORE.format(project=project_path("").as_posix().replace("%", "%%")),
    )
    parser.add_argument("--version", action="store_true", help="show the versions and exit")
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command")
    for command in COMMANDS:
        command.add_to(subparsers)
    return parser


def run(arguments: Sequence[str] | None) -> int:
    """Read the command line, and run its command."""
    parser = all_commands()
    options = parser.parse_args(arguments)
    if options.version:
        print(system())
        return 0
    if options.command is None:
        parser.print_help()
        return 0
    return options.func(options) or 0


def system() -> str:
    """Return what whoever reports a fault is asked for: versions and the system."""
    packages = ", ".join(" ".join(one) for one in installed_versions(*REPORTED).items())
    lines = [f"digitrec {version('digitrec')}", f"Python {platform.python_version()}"]
    return "\n".join([*lines, platform.platform(), packages])


def write_out() -> None:
    """Write out what was printed.

    Raises:
        OSError: nobody reads it any more, or the disk is full.
    """
    if sys.stdout is None:
        return
    try:
        sys.stdout.flush()
    except OSError:  # when Python ends, it would try again, and complain at length
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise


if __name__ == "__main__":
    sys.exit(main())
