"""python -m digitrec read: the digit in each picture."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from digitrec.commands.pictures import Answer, add_pictures, answer_each, as_record, size_of
from digitrec.reading import read_digit

if TYPE_CHECKING:
    import keras

EXAMPLES = """examples:
  one picture:
    %(prog)s photo.jpg
  several, and all pictures of a folder:
    %(prog)s photo.jpg digit2.png scans
  one from a pipe:
    %(prog)s < photo.jpg
  with your own network, once notebook 3 has trained it:
    %(prog)s photo.jpg --model models/handwritten_digits.keras
  which pictures in a folder are a 4, by the program jq:
    %(prog)s scans --json | jq -r 'select(.answer == 4).picture'

Of several pictures, each answer stands after the picture's name. What cannot be
read is told on the standard error stream, and stops nothing. A picture in which
no digit is believed has an answer, too: "This is probably not a digit".

With --json, each picture is one line of JSON (JSON Lines), once it is read:
  picture        its name; - is the one from the pipe
  sentence       what is printed without --json
  answer         0 to 9; null where no digit is believed
  digit          0 to 9, the best guess, believed or not
  confidence     0 to 1, the probability of that guess
  reason         why it is not believed: no ink, too faint, several shapes,
                 looks like no digit; empty where it is
  not_a_digit    0 to 1, the probability that it is no digit; null where nobody
                 was asked, as without ink
  probabilities  those of the ten digits
  box            left, top, width and height of the digit in pixels; null
                 without ink
  size           width and height of the picture: upright, and reduced to 2,048
                 pixels at most
  error          why it could not be read; then only the name stands beside it
"""


def add_to(subparsers: argparse._SubParsersAction) -> None:
    """Add the command to the parser of all commands."""
    parser = subparsers.add_parser(
        "read",
        help="read the digit in each picture",
        description="Read the one digit in each picture, and print a sentence for each.",
        epilog=EXAMPLES,
    )
    add_pictures(parser)
    parser.set_defaults(func=run)


def run(options: argparse.Namespace) -> int:
    """Read the pictures, and print what they hold.

    Returns:
        0 if there is an answer for each picture, else 1.
    """
    return answer_each(options, answer)


def answer(picture: Path | bytes, model: "keras.Model | None") -> Answer:
    """Read the digit in a picture."""
    reading = read_digit(picture, model)
    sentence, size = reading.sentence, size_of(reading.steps.picture)
    return Answer([sentence], {"sentence": sentence, **as_record(reading), "size": size})
