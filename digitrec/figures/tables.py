"""Tables of numbers, as tables: they break in no row, and screen readers know their headings."""

import html
from collections.abc import Sequence

from IPython.display import display


def show_table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Display a table; in a narrow window it is moved sideways.

    Args:
        columns: the headings. The first column names the rows; its heading may be empty.
        rows: their entries, written with `str`.

    Raises:
        ValueError: a row has more or fewer entries than there are columns.
    """
    texts = [[str(entry) for entry in row] for row in (columns, *rows)]
    for row in texts:
        if len(row) != len(columns):
            raise ValueError(f"a row has {len(row)} entries, expected {len(columns)}: {row}")
    display({"text/html": as_html(texts), "text/plain": as_text(texts)}, raw=True)


def as_html(texts: Sequence[Sequence[str]]) -> str:
    """Return rows of texts, the headings first, as a table."""
    headings, *rows = [[html.escape(text) for text in row] for row in texts]
    top = "".join(f'<th scope="col">{text}</th>' if text else "<td></td>" for text in headings)
    lines = "".join(
        f'<tr><th scope="row" style="text-align: left">{name}</th>'
        + "".join(f"<td>{entry}</td>" for entry in entries)
        + "</tr>"
        for name, *entries in rows
    )
    return f"<table><thead><tr>{top}</tr></thead><tbody>{lines}</tbody></table>"


def as_text(texts: Sequence[Sequence[str]]) -> str:
    """Return rows of texts in columns of letters, for where no HTML is shown."""
    names, *columns = zip(*texts, strict=True)
    widths = [max(map(len, column)) for column in columns]
    named = max(map(len, names))
    return "\n".join(
        name.ljust(named)
        + "".join("  " + entry.rjust(width) for entry, width in zip(row, widths, strict=True))
        for name, *row in texts
    )
