"""python -m digitrec sheet: a PDF of sheets to write digits on."""

import argparse
from pathlib import Path

from digitrec.commands.parser import called, whole_number
from digitrec.sheets.layout import MOST_WRITERS, PAPERS

EXAMPLES = """examples:
  one sheet, to be copied:
    %(prog)s sheet.pdf
  thirty sheets, with the numbers 1 to 30:
    %(prog)s class.pdf --writers 30
  two more for the same class, whose sheets are called 412-1, 412-2 and so on:
    %(prog)s more.pdf --writers 2 --first-writer 31 --run 412

Each numbered sheet is for one writer. On copies of one sheet, the name of the
photo says who wrote it, as in owl.jpg.
"""


def add_to(subparsers: argparse._SubParsersAction) -> None:
    """Add the command to the parser of all commands."""
    parser = subparsers.add_parser(
        "sheet",
        help="write a PDF of sheets to print and to write digits on",
        description="Write a PDF of sheets to print and to write digits on, with ten boxes for\n"
        "each digit on a page.",
        epilog=EXAMPLES,
    )
    parser.add_argument("file", metavar="FILE.pdf", type=Path, help="the file to write")
    for option, default, words in (
        ("--writers", None, "sheets for N writers, numbered; without it, one sheet to be copied"),
        ("--each", 10, "how many of each digit, 1 to 1,000 (default: 10)"),
        ("--run", None, "0 to 999, tells classes apart (default: drawn anew)"),
        ("--first-writer", 1, "the number of the first writer, to go on with a class (default: 1)"),
    ):
        parser.add_argument(option, type=whole_number, default=default, metavar="N", help=words)
    parser.add_argument(
        "--paper", default="A4", metavar="NAME", help=f"{' or '.join(PAPERS)} (default: A4)"
    )
    parser.set_defaults(func=run)


def run(options: argparse.Namespace) -> None:
    """Write the sheets, and say what to do with them."""
    from digitrec.sheets.printing import make_sheet, new_run  # Matplotlib, which --help needs not

    number = new_run() if options.run is None else options.run
    make_sheet(
        options.file.absolute(),  # a terminal is somewhere; elsewhere paths start at the project
        each=options.each,
        writers=options.writers,
        paper=options.paper,
        run=number,
        first_writer=options.first_writer,
    )
    print(f"Wrote {options.file}. {summary(options, number)}")


def summary(options: argparse.Namespace, run: int) -> str:
    """Say what is in the file, and what to do next."""
    from digitrec.sheets.printing import sheet_codes, title, writer_numbers

    writers = writer_numbers(options.writers, options.first_writer)
    codes = list(sheet_codes(options.each, writers, run))
    pages = "1 page" if len(codes) == 1 else f"{len(codes):,} pages"
    lines = [
        f"{title(codes)}, {options.each:,} of each digit, {pages} of {options.paper}.",
        "Print at 100%, on one side of the paper. Let everybody write with a dark pen, not a red "
        "one.",
        f"Then put photos of all pages into a folder, and: {called()} hands FOLDER",
    ]
    if options.writers is not None:
        lines.insert(2, "Each sheet is for one writer alone: copy none of them.")
    elif len(codes) == 1:
        lines.insert(2, "All copies look alike: name each photo after its writer, as in owl.jpg.")
    else:
        lines.insert(2, "Copies of several pages do not say whose they are; --writers does.")
    if options.writers is not None and writers.stop < MOST_WRITERS:
        lines.append(f"More sheets for this class: --run {run} --first-writer {writers.stop}")
    return "\n".join(lines)
