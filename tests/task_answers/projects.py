"""Wrong answers to the tasks of notebook 10, and what each is told."""

import csv
from types import SimpleNamespace

import digitrec
from digitrec import cards


def context() -> dict:
    """The sums that are kept apart, read as the notebook reads them."""
    folder = digitrec.project_path("digits/projects")
    with (folder / "labels.csv").open(newline="") as file:
        shows = {row["picture"]: row["shows"] for row in csv.DictReader(file)}
    names = [name for name in shows if name.startswith("sum")][30:]
    pages = [digitrec.read_page(folder / name) for name in names]
    return {
        "cards": cards,
        "card": SimpleNamespace(accuracy=0.9756),
        "kept_rows": [max(page.rows, key=len, default=()) for page in pages],
        "kept_texts": [shows[name] for name in names],
    }


FIRST_STEP = '"".join(str(m.digit) if m.is_digit else "+" for m in marks)'
COUNTED = """
def share_right(codes, texts):
    return sum({}) / {}
"""
LOOKED = """
def candidates(grid, row, column):
    seen = set({})
    return [digit for digit in range({}, 10) if digit not in seen]
"""
BOX = "grid[row // 3 * 3 : row // 3 * 3 + 3, column // 3 * 3 : column // 3 * 3 + 3].ravel()"
OTHER_BOX = "grid[row % 3 * 3 : row % 3 * 3 + 3, column % 3 * 3 : column % 3 * 3 + 3].ravel()"
READ = """
def read_sum(marks):
    return {}
"""
WRONG = {
    "code_of_five": [
        ("code_of_five = 'a'", "One wrong digit spoils a whole code"),
        ("code_of_five = 'B'", "two digits in a row"),
        ("code_of_five = 'd'", "at most 10 codes"),
        ("code_of_five = 90", "in quotes"),
    ],
    "share_right": [
        (
            COUNTED.format(
                "a == b for c, t in zip(codes, texts) for a, b in zip(c, t)",
                "sum(len(code) for code in codes)",
            ),
            "counts whole or not at all",
        ),
        (
            COUNTED.format(
                "code == text for code, text in zip(codes, texts)",
                "max(1, sum(len(t) == len(c) for c, t in zip(codes, texts)))",
            ),
            "left out of the total",
        ),
        (
            COUNTED.format("sorted(c) == sorted(t) for c, t in zip(codes, texts)", "len(codes)"),
            "order of the digits",
        ),
        (
            COUNTED.format("len(c) == len(t) for c, t in zip(codes, texts)", "len(codes)"),
            "may be another five",
        ),
        (COUNTED.format("c == t for c, t in zip(codes, texts)", "1"), "came out"),
    ],
    "candidates": [
        (LOOKED.format("grid[row]", 1), "Only its row"),
        (LOOKED.format("[*grid[row], *grid[:, column]]", 1), "the 3x3 box is missing"),
        (LOOKED.format(f"[*grid[column], *grid[:, row], *{BOX}]", 1), "are they swapped"),
        (LOOKED.format(f"[*grid[row], *grid[:, column], *{OTHER_BOX}]", 1), "which box"),
        (LOOKED.format(f"[*grid[row], *grid[:, column], *{BOX}]", 2), "came out"),
        ("def candidates(grid, row, column):\n    grid[row] = 1\n    return []", "changed its"),
    ],
    "images_needed": [
        ("n = 1\nimages_needed = 40_000", "goes with the root"),
        ("images_needed = 20_000", "only a little narrower"),
        ("images_needed = 2_500", "make it wider"),
        ("images_needed = 640_000", "an eighth"),
    ],
    "read_sum": [
        (READ.format(FIRST_STEP), "more than one plus"),
        (READ.format('"".join(str(mark.digit) for mark in marks)'), "no plus"),
        (READ.format("27 + 58"), "expected text"),
        (READ.format("marks.text"), "stopped with AttributeError"),
        (READ.format('"1+1"'), "a digit too few"),
        (
            READ.format(
                'str(marks[0].digit) + "+" + "".join(str(mark.digit) for mark in marks[1:])'
            ),
            "Can a part of the plus pass",
        ),
    ],
}
