"""The table of a sweep: a row for each run, and what there is to say of all of them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from digitrec.paths import short_path
from digitrec.sweeps.identity import Run
from digitrec.sweeps.notebooks import PLAIN
from digitrec.sweeps.results import FAILED, Record
from digitrec.sweeps.table import Row, Table

TOLD = ("seconds", "state", "error", "folder")  # columns of every table


def as_table(
    folder: Path,
    plans: Mapping[str, Run],
    records: Mapping[str, Record],
    note: str,
    stopped: bool,
) -> Table:
    """Return the table of a sweep, in the order of its sets.

    Args:
        folder: of the results.
        plans: all runs by key.
        records: those that came to an end.
        note: why it did not come to its end, or "".
        stopped: whether somebody stopped it.
    """
    given = dict.fromkeys(name for one in plans.values() for name in one.given)
    saved = dict.fromkeys(
        name
        for key in plans
        if key in records
        for name, value in records[key].results.items()
        if isinstance(value, PLAIN)
    )
    names = columns(given, "given", TOLD)
    values = columns(saved, "saved", (*TOLD, *names.values()))
    place = short_path(folder)  # once: it asks the disk about each folder on the way
    rows = tuple(row(place, one, records.get(one.key), names, values) for one in plans.values())
    return Table(rows, tuple(notes(folder, rows, plans, note)), stopped)


def columns(names: Iterable[str], kind: str, taken: Collection[str]) -> dict[str, str]:
    """Return a column for each name, none of them twice.

    >>> columns(["loss", "seconds"], "saved", ["seconds"])
    {'loss': 'loss', 'seconds': 'saved seconds'}
    """
    found: dict[str, str] = {}
    for name in names:
        column = name
        while column in (*taken, *found.values()):
            column = f"{kind} {column}"
        found[name] = column
    return found


def row(
    folder: str,
    one: Run,
    record: Record | None,
    names: Mapping[str, str],
    values: Mapping[str, str],
) -> Row:
    """Return the row of a run.

    Args:
        folder: of the results, as it is shown.
        one: the run.
        record: of it, or None.
        names: the columns of its parameters.
        values: the columns of what it saved.
    """
    results = record.results if record else {}
    place = f"{one.key}{FAILED}" if record and record.state == "failed" else one.key
    return (
        {column: one.parameters[name] for name, column in names.items()}
        | {column: results.get(name) for name, column in values.items()}
        | {
            "seconds": record.seconds if record else None,
            "state": record.state if record else "not run",
            "error": record.error if record else "",
            "folder": f"{folder}/{place}" if record else "",
        }
    )


def notes(folder: Path, rows: Sequence[Row], plans: Mapping[str, Run], note: str) -> Iterator[str]:
    """Yield what there is to say about a sweep beside its numbers."""
    failed = [row for row in rows if row["state"] == "failed"]
    undone = sum(row["state"] == "not run" for row in rows)
    if note or undone:
        yield (
            f"{note} {undone} of {len(rows)} runs are not done. What is finished is kept: run the "
            "same again, and it goes on from there."
        ).strip()
    if failed:
        yield (
            f"{len(failed)} of {len(rows)} runs failed. The notebook of each that began, with the "
            "error, is in its folder. They are tried again when the same is run again."
        )
    known = {*plans, *(f"{key}{FAILED}" for key in plans)}
    others = sum(
        path.name not in known and not path.name.startswith(".") and path.is_dir()
        for path in folder.iterdir()
    )
    if others:
        yield (
            f"In {short_path(folder)} are also runs of other parameters or versions ({others}); "
            "they are not counted here."
        )
