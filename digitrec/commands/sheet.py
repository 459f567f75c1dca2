"""python -m digitrec sheet: a PDF of sheets to write digits on."""

import argparse
from pathlib import Path

from digitrec.commands.parser import whole_number
from digitrec.sheets.layout import PAPERS, Code
from digitrec.sheets.printing import make_sheet, new_run, sheet_codes

EXAMPLES = """examples:
  python -m digitrec sheet sheet.pdf                one sheet, to be copied
  python -m digitrec sheet class.pdf --writers 30   thirty sheets with the numbers 1 to 30
  python -m digitrec sheet more.pdf --writers 2 --first-writer 31 --run 412
                                                    two more for the class of run 412
"""


def add_to(subparsers: argparse._SubParsersAction) -> None:
    """Add the command to the parser of all commands."""
    parser = subparsers.add_parser(
        "sheet",
        help="write a PDF of sheets to print and to write digits on",
        description="Write a PDF of sheets to print and to write digits on. "
        "A page has ten boxes for each digit.",
        epilog=EXAMPLES,
    )
    parser.add_argument("file", metavar="FILE.pdf", type=Path, help="the file to write")
    parser.add_argument(
        "--writers",
        type=whole_number,
        metavar="N",
        help="sheets for N writers, each with a number; without, one sheet to be copied",
    )
    parser.add_argument(
        "--each", type=whole_number, default=10, metavar="N", help="how many of each digit (10)"
    )
    parser.add_argument("--paper", default="A4", metavar="NAME", help=f"{' or '.join(PAPERS)} (A4)")
    parser.add_argument(
        "--run",
        type=whole_number,
        metavar="N",
        help="0 to 999, tells one class from another; the same makes the same sheets (drawn anew)",
    )
    parser.add_argument(
        "--first-writer",
        type=whole_number,
        default=1,
        metavar="N",
        help="the number of the first writer, to go on with a class (1)",
    )
    parser.set_defaults(func=run)


def run(options: argparse.Namespace) -> None:
    """Write the sheets, and say what to do with them."""
    number = new_run() if options.run is None else options.run
    make_sheet(
        options.file.absolute(),  # a terminal is somewhere; elsewhere paths start at the project
        each=options.each,
        writers=options.writers,
        paper=options.paper,
        run=number,
        first_writer=options.first_writer,
    )
    print(summary(options, number))


def summary(options: argparse.Namespace, number: int) -> str:
    """Say what was written, and what to do next."""
    pages = len(list(sheet_codes(options.each, range(1), number)))
    per_writer = "a page" if pages == 1 else f"{pages} pages"
    if options.writers is None:
        name = Code(number, 0, 1, 1).name
        return (
            f"Wrote {options.file}: {per_writer} for one writer, sheet {name}, "
            f"{options.each} of each digit, on {options.paper}.\n"
            "Print it as large as it is (100%), as often as you need it, and write with a dark "
            "pen.\n"
            "All copies have the same number: give each photo the name of its writer. For a "
            "class, --writers 30\nmakes sheets that know their writers."
        )
    first, last = options.first_writer, options.first_writer + options.writers - 1
    return (
        f"Wrote {options.file}: {per_writer} for each of {options.writers} writers, sheets "
        f"{Code(number, first, 1, 1).name} to {Code(number, last, 1, 1).name}, "
        f"{options.each} of each digit, on {options.paper}.\n"
        "Print it as large as it is (100%), on one side, and let everybody write with a dark pen.\n"
        "Then put a photo of each page into a folder, and read them: python -m digitrec hands "
        "FOLDER\n"
        f"More sheets for this class later: --run {number} --first-writer {last + 1}"
    )
