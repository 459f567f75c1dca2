"""python -m digitrec page: all digits in each picture, in rows."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from digitrec.commands.pictures import Answer, add_pictures, answer_each, as_record, size_of
from digitrec.reading import read_page

if TYPE_CHECKING:
    import keras

EXAMPLES = """examples:
  one page:
    %(prog)s page.jpg
  all pages of a folder, each row after the name of its page:
    %(prog)s scans
  one from a pipe, and its rows into a file:
    %(prog)s < page.jpg > rows.txt
  how sure each digit of a page is, by the program jq:
    %(prog)s page.jpg --json | jq -c '.rows[][].confidence'

A page without digits prints no row. That, what a page was too full for, and why
a picture could not be read, is told on the standard error stream.

With --json, each picture is one line of JSON (JSON Lines), once it is read:
  picture   its name; - is the one from the pipe
  text      the digits, with a line break between rows; no others
  rows      from the top, each from left to right: all that stands there, digit
            or not, with the answer, digit, confidence, reason, not_a_digit,
            probabilities and box that `read` gives
  left_out  how many marks were not read
  size      width and height of the picture: upright, and reduced to 2,048
            pixels at most
  error     why it could not be read; then only the name stands beside it
"""


def add_to(subparsers: argparse._SubParsersAction) -> None:
    """Add the command to the parser of all commands."""
    parser = subparsers.add_parser(
        "page",
        help="read all digits in each picture, in rows",
        description="Read all digits in each picture, and print them row by row.",
        epilog=EXAMPLES,
    )
    add_pictures(parser)
    parser.set_defaults(func=run)


def run(options: argparse.Namespace) -> int:
    """Read the pages, and print their rows.

    Returns:
        0 if every page could be read, else 1.
    """
    return answer_each(options, answer)


def answer(picture: Path | bytes, model: "keras.Model | None") -> Answer:
    """Read the digits in a picture."""
    page = read_page(picture, model)
    record = {
        "text": page.text,
        "rows": [[as_record(reading) for reading in row] for row in page.rows],
        "left_out": page.left_out,
        "size": size_of(page.picture),
    }
    nothing = "" if page.text else "No digit was found on this page."
    return Answer(page.text.splitlines(), record, f"{nothing} {page.too_full}".strip())
