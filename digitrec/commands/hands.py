"""python -m digitrec hands: read the photos of a class."""

import argparse
from pathlib import Path

from digitrec.hands.names import FOLDER

EXAMPLES = """examples:
  read all photos in the folder photos:
    %(prog)s photos
  write the table for a spreadsheet, too:
    %(prog)s photos --csv class.csv
  keep the digits in a folder of their own:
    %(prog)s photos --into my_digits_7b
  measure these networks beside the one in the box:
    %(prog)s photos --networks models/mine.keras models/yours.keras

A sheet without a number belongs to the name of its photo: owl.jpg, and "owl 2.jpg" beside it,
are both owl's. Run it again with more photos, or with better ones: nothing is counted twice,
and what was corrected holds. To delete all that a writer wrote, delete the photos, and the
writer's file in my_digits. Git leaves out photos, my_digits and my_digits_..., and no folder of
another name.
"""


def add_to(subparsers: argparse._SubParsersAction) -> None:
    """Add the command to the parser of all commands."""
    parser = subparsers.add_parser(
        "hands",
        help="read photos of sheets that were written on",
        description="Read all photos of sheets in a folder, keep the digits, and print a table: "
        "what each\nwriter wrote, and how many of it each network reads right.",
        epilog=EXAMPLES,
    )
    parser.add_argument("folder", metavar="PHOTOS_FOLDER", type=Path, help="where the photos are")
    parser.add_argument(
        "--into",
        metavar="FOLDER",
        default=FOLDER,
        help=f"where the digits are kept, a folder of the project (default: {FOLDER})",
    )
    parser.add_argument(
        "--networks",
        metavar="FILE.keras",
        type=Path,
        nargs="+",
        help="networks to measure beside the one in the box (default: those that you trained, or "
        "the dense one of the course)",
    )
    parser.add_argument("--csv", metavar="TABLE.csv", type=Path, help="write the table as a file")
    parser.set_defaults(func=run)


def run(options: argparse.Namespace) -> int:
    """Read the photos, and print what they hold.

    Returns:
        0 if any photo was read, 1 if none was.
    """
    from digitrec.sheets.class_photos import read_photos  # with TensorFlow, which --help needs not

    # a terminal is somewhere; elsewhere paths start at the project
    networks = options.networks and [path.absolute() for path in options.networks]
    result = read_photos(options.folder.absolute(), options.into, networks)
    print(result)
    if options.csv:
        result.save_csv(options.csv.absolute())
        print(f"The table is in {options.csv}.")
    return 0 if result.read else 1
