"""What the photos of a class hold, as a table: a line for each writer, and one for the class."""

import csv
import io
import textwrap
from dataclasses import dataclass
from pathlib import Path

from digitrec.files import write_whole
from digitrec.paths import project_path
from digitrec.reading import percent

COLUMNS = ("writer", "sheets", "digits", "doubtful", "empty")  # and one for each network
CLASS = "the class"
LONGEST = 24  # letters of a name in the table
WIDTH = 78  # letters a line
COUNTED = ("counted", "unseen")


@dataclass(frozen=True)
class Row:
    """What one writer wrote, or a class.

    Attributes:
        writer: the pen name or number.
        sheets: how many.
        digits: found on them, also those that are refused.
        doubtful: those that somebody should look at.
        empty: boxes without ink.
        counted: digits that are not refused.
        unseen: those of them that are doubtful.
        right: how many of the counted ones each network reads right.
    """

    writer: str
    sheets: int
    digits: int
    doubtful: int
    empty: int
    counted: int
    unseen: int
    right: tuple[int, ...]

    @property
    def cells(self) -> list[str]:
        """The entries of its line in a table."""
        counts = (self.sheets, self.digits, self.doubtful, self.empty)
        shares = [accuracy(right, self.counted) for right in self.right]
        long = len(self.writer) > LONGEST
        name = f"{self.writer[: LONGEST - 3]}..." if long else self.writer
        return [name, *(f"{count:,}" for count in counts), *shares]


@dataclass(frozen=True)
class ClassPhotos:
    """What the photos of a class hold; printed, it is a table, and what went wrong.

    Attributes:
        networks: what each network is called.
        rows: one for each writer.
        problems: a sentence for each photo and file that could not be read, or is special.
        read: how many photos were read.
        photos: how many there are.
        into: the folder where the digits are kept.
    """

    networks: tuple[str, ...]
    rows: tuple[Row, ...]
    problems: tuple[str, ...]
    read: int
    photos: int
    into: str

    @property
    def total(self) -> Row:
        """All writers together."""
        sums = (sum(getattr(row, name) for row in self.rows) for name in (*COLUMNS[1:], *COUNTED))
        right = (sum(row.right[i] for row in self.rows) for i in range(len(self.networks)))
        return Row(CLASS, *sums, right=tuple(right))

    def __str__(self) -> str:
        if not self.rows:
            return "\n".join(self.problems)
        lines = [[*COLUMNS, *self.networks], *(row.cells for row in (*self.rows, self.total))]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        table = [
            "  ".join([line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])])
            for line in lines
        ]
        return "\n".join([*table, "", textwrap.fill(self.explanation, WIDTH), *self.problems])

    @property
    def explanation(self) -> str:
        """What the accuracies count, in words."""
        unseen = self.total.unseen
        among = f"{unseen:,} doubtful ones that nobody has looked at are among them"
        return (
            f"{self.read:,} of {self.photos:,} photos are read, and the digits kept in "
            f"{self.into}. The networks are asked about all that are not crossed out or dropped; "
            f"{among if unseen else 'none of them is doubtful'}."
        )

    def save_csv(self, path: str | Path) -> None:
        """Write the table for a spreadsheet, with counts in place of percent.

        Raises:
            OSError: the file cannot be written; what was there before is unchanged.
        """
        text = io.StringIO()
        table = csv.writer(text)
        names = [f"right: {name}" for name in self.networks]
        table.writerow([*COLUMNS, "counted", *names])
        for row in (*self.rows, self.total):
            counts = (row.sheets, row.digits, row.doubtful, row.empty, row.counted, *row.right)
            table.writerow([as_text(row.writer), *counts])
        content = text.getvalue()
        write_whole(
            project_path(path),
            lambda temporary: temporary.write_text(content, "utf-8-sig", newline=""),
        )


def as_text(name: str) -> str:
    """Return a name so that no spreadsheet takes it for a formula."""
    return f"'{name}" if name.startswith(("=", "+", "-", "@")) else name


def accuracy(right: int, count: int) -> str:
    """Return how many of some digits were read right, in percent, and of how many.

    >>> accuracy(29, 30), accuracy(30, 30), accuracy(2999, 3000), accuracy(0, 0)
    ('97% of 30', '100% of 30', '>99% of 3,000', 'none')
    """
    if not count:
        return "none"
    share = f"{right / count:.0%}" if right in (0, count) else percent(right / count, ">", "<")
    return f"{share} of {count:,}"
