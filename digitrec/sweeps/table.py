"""All runs of a sweep as one table, which prints, groups, and becomes a file for spreadsheets."""

import csv
import html
import io
import math
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from digitrec.files import write_whole
from digitrec.names import plain_name
from digitrec.paths import project_path

SHOWN = 40  # rows that print
WIDEST = 40  # letters of a cell that prints
NOT_SHOWN = ("folder",)  # too long for a line; in the rows and in files

Row = dict[str, object]


@dataclass(frozen=True)
class Table:
    """Rows with named values; printed, it is a table.

    Attributes:
        rows: a dictionary for each, all with the same names in the same order. pandas makes a
            DataFrame of them: `pandas.DataFrame(table.rows)`.
        notes: sentences about the whole: what failed, what was left undone.
        stopped: whether somebody stopped the sweep before its end.
    """

    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    stopped: bool = False

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the values."""
        return tuple(self.rows[0]) if self.rows else ()

    @property
    def done(self) -> "Table":
        """The runs that came to their end, without the others."""
        return Table(tuple(row for row in self.rows if row.get("state", "done") == "done"))

    def __getitem__(self, column: str) -> list[object]:
        """Return one value of every row.

        Raises:
            KeyError: there is no such column.

        >>> Table(({"seed": 1}, {"seed": 2}))["seed"]
        [1, 2]
        """
        if column not in self.columns:
            raise KeyError(f"{column}: no such column. The table has: {', '.join(self.columns)}.")
        return [row[column] for row in self.rows]

    def where(self, **values: object) -> "Table":
        """Return the rows that have these values.

        >>> Table(({"seed": 1, "n": 5}, {"seed": 2, "n": 6})).where(seed=2)["n"]
        [6]
        """
        for name in values:
            self[name]  # says which columns there are
        return Table(
            tuple(
                row
                for row in self.rows
                if all(row[name] == value for name, value in values.items())
            )
        )

    def sorted_by(self, column: str, descending: bool = False) -> "Table":
        """Return the rows in the order of a column; those without a number or text come last.

        >>> Table(({"loss": None}, {"loss": float("nan")}, {"loss": 2}, {"loss": 1})).sorted_by(
        ...     "loss"
        ... )["loss"]
        [1, 2, None, nan]
        """
        self[column]
        known = [row for row in self.rows if not missing(row[column])]
        others = [row for row in self.rows if missing(row[column])]
        known.sort(key=lambda row: in_order(row[column]), reverse=descending)
        return Table((*known, *others), self.notes)

    def summary(self, of: str, by: str | Sequence[str]) -> "Table":
        """Return mean and spread of a value over the runs that agree in others.

        Runs that failed are left out. A value that is no number, such as the loss of a training
        that ran away, makes mean and spread no numbers either.

        Args:
            of: the value, such as "validation_accuracy".
            by: one name or several, such as ["model_name", "learning_rate"].

        Returns:
            A row for each group in the order in which they come first: how many `runs`, `mean`,
            `spread` (the standard deviation of a sample; None for one run), `lowest`, `highest`.

        Raises:
            KeyError: there is no such column.
            ValueError: the value is none to calculate with.

        >>> rows = [{"rate": 1, "score": 0.5}, {"rate": 1, "score": 0.7}, {"rate": 2, "score": 0.9}]
        >>> print(Table(tuple(rows)).summary("score", by="rate"))
        rate  runs  mean  spread  lowest  highest
           1     2   0.6  0.1414     0.5      0.7
           2     1   0.9       -     0.9      0.9
        """
        by = [by] if isinstance(by, str) else list(by)
        groups: dict[str, tuple[Row, list[float]]] = {}
        for name in (of, *by):
            self[name]
        for row in self.done:
            group = {name: row[name] for name in by}
            if row[of] is not None:
                # 1 and True are equal, and two values; a list has no hash
                groups.setdefault(repr(group), (group, []))[1].append(number(of, row[of]))
        return Table(tuple(group | spread_of(values) for group, values in groups.values()))

    def save_csv(self, path: str | Path) -> Path:
        """Write the table as a file for spreadsheets, whole or not at all.

        Args:
            path: where to; a relative one starts at the project folder.

        Returns:
            The absolute path.

        Raises:
            OSError: the file cannot be written; what was there before is unchanged.
        """
        text = io.StringIO()
        writer = csv.DictWriter(text, self.columns)
        writer.writeheader()
        for row in self.rows:
            writer.writerow({name: no_formula(value) for name, value in row.items()})
        content, path = text.getvalue(), project_path(path)
        write_whole(path, lambda temporary: temporary.write_text(content, "utf-8-sig", newline=""))
        return path

    def cells(self) -> list[list[str]]:
        """Return what is shown: a line of names, and one for each of the first rows."""
        columns = [
            name
            for name in self.columns
            if name not in NOT_SHOWN and any(row[name] != "" for row in self.rows)
        ]
        shown = [[as_text(row[name]) for name in columns] for row in self.rows[:SHOWN]]
        return [columns, *shown]

    def sentences(self) -> list[str]:
        """Return what is said below the table."""
        more = len(self) - SHOWN
        left = [f"And {more:,} more rows; save_csv writes all of them."] if more > 0 else []
        return [*left, *self.notes]

    def __str__(self) -> str:
        cells = self.cells()
        widths = [max(len(line[i]) for line in cells) for i in range(len(cells[0]))]
        lines = [
            "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
            for line in cells
        ]
        return "\n".join([*lines, *self.sentences()])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        names, *rows = self.cells()
        head = "".join(f"<th>{html.escape(name)}</th>" for name in names)
        body = "".join(
            "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>"
            for row in rows
        )
        below = "".join(f"<p>{html.escape(sentence)}</p>" for sentence in self.sentences())
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        # wider than some windows: keys can move it, too
        scrolling = 'tabindex="0" role="group" aria-label="Runs" style="overflow-x: auto"'
        return f"<div {scrolling}>{table}</div>{below}"


def missing(value: object) -> bool:
    """Tell whether there is no value, or one that is no number."""
    return value is None or (isinstance(value, float) and math.isnan(value))


def in_order(value: object) -> tuple[bool, object]:
    """Return what puts numbers in their order, and texts and all else behind them."""
    return (False, value) if isinstance(value, (int, float)) else (True, str(value))


def number(name: str, value: object) -> float:
    """Return a value to calculate with.

    Raises:
        ValueError: it is none.
    """
    if not isinstance(value, (int, float)):
        raise ValueError(f"{name} is {value!r} in a run: a summary needs a column of numbers.")
    return value


def spread_of(values: Sequence[float]) -> Row:
    """Return what a summary says of some numbers."""
    finite, known = all(map(math.isfinite, values)), not any(map(math.isnan, values))
    spread = statistics.stdev if finite else lambda _: math.nan  # stdev fails at what is infinite
    return {
        "runs": len(values),
        "mean": statistics.fmean(values) if finite else sum(values) / len(values),
        "spread": spread(values) if len(values) > 1 else None,
        "lowest": min(values) if known else math.nan,
        "highest": max(values) if known else math.nan,
    }


def no_formula(value: object) -> object:
    """Return a value so that no spreadsheet takes its text for a formula.

    >>> no_formula("=1+1"), no_formula(-1)
    ("'=1+1", -1)
    """
    text = isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r"))
    return f"'{value}" if text else value


def as_text(value: object) -> str:
    """Return a value as it is shown.

    >>> as_text(0.97656), as_text(None), as_text(55_000)
    ('0.9766', '-', '55000')
    """
    if value is None:
        return "-"
    text = plain_name(f"{value:.4g}" if isinstance(value, float) else str(value))
    return text if len(text) <= WIDEST else f"{text[: WIDEST - 3]}..."
