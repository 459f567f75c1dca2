"""What docs/sweeps.md says of the measurements in sweeps.json, and what follows for 10,000 runs.

    python benchmarks/sweeps_page.py   # write the tables anew, such as after another price

Everything here is arithmetic on stored figures; `make sweeps` measures them.
"""

import json
import re
import statistics
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs" / "sweeps.md"
MARKS = "<!-- {}: from benchmarks/sweeps.json -->\n", "<!-- until here -->\n"
FILE_KINDS = ("notebook", "results", "network")
MANY = 10_000  # runs
MACHINES, CORES = 100, 4  # of the large sweep; a worker for each core
PRICE = 0.05  # for a core during an hour; an assumption, in any currency: put in your own
QUIET = 1  # load average that an idle machine has still of the minute before; on two cores
TITLES = {"short": "the short notebook", "long": "notebook 3"}

Record = dict


def spread(values: list[float]) -> dict[str, float]:
    """Return the middle of some values, the lowest and the highest.

    >>> spread([3, 1, 2])
    {'median': 2, 'lowest': 1, 'highest': 3}
    """
    return {"median": statistics.median(values), "lowest": min(values), "highest": max(values)}


def ratios(record: Record) -> list[float]:
    """Return the time of two workers by that of one, in each round."""
    rounds = record["equal"]["rounds"]
    return [one["two workers"]["seconds"] / one["one worker"]["seconds"] for one in rounds]


def cluster_seconds(arm: dict) -> float:
    """Return how long the workers of a sweep took to start and to end."""
    return arm["start_seconds"] + arm["end_seconds"]


def overheads(record: Record) -> list[float]:
    """Return what a sweep with one worker takes more than plain calls, its workers running."""
    return [
        (one["one worker"]["seconds"] - cluster_seconds(one["one worker"]))
        / one["plain"]["seconds"]
        - 1
        for one in record["equal"]["rounds"]
    ]


def processor_overheads(record: Record) -> list[float]:
    """Return the same by processor time, start and end of the worker included."""
    return [
        one["one worker"]["processor_seconds"] / one["plain"]["processor_seconds"] - 1
        for one in record["equal"]["rounds"]
    ]


def percent(share: float) -> str:
    """Return a share in words; nothing is 0% that is not exactly so.

    >>> percent(0.034), percent(-0.012), percent(0.0004)
    ('3.4%', '-1.2%', 'less than 0.1%')
    """
    return f"{share:.1%}" if abs(share) >= 0.0005 else "less than 0.1%"


def size(count: float) -> str:
    """Return a number of bytes in words.

    >>> size(2_345), size(1_234_567), size(23_456_000_000)
    ('2.3 kB', '1.2 MB', '23 GB')
    """
    for unit, name in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if count >= unit:
            return (
                f"{count / unit:.1f} {name}" if count < 10 * unit else f"{count / unit:.0f} {name}"
            )
    return f"{count:.0f} bytes"


def duration(seconds: float) -> str:
    """Return a time in words.

    >>> duration(4.25), duration(95), duration(1_500), duration(36_000)
    ('4.2 s', '95 s', '25 min', '10.0 h')
    """
    if seconds < 120:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def table(*rows: tuple[str, ...]) -> str:
    """Return rows as a table in Markdown; the first holds its names."""
    head, *others = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([head, "|---" * len(rows[0]) + "|", *others]) + "\n"


def from_to(values: list[float], said: Callable[[float], str]) -> tuple[str, str]:
    """Return the middle of some values in words, and from where to where they go."""
    all_of_them = spread(values)
    return said(all_of_them["median"]), " to ".join(
        said(all_of_them[name]) for name in ("lowest", "highest")
    )


def core_hours(run: dict, runs: int = MANY) -> float:
    """Return for how many hours a core works on so many runs."""
    return runs * run["processor_seconds"] / 3600


def speed(record: Record) -> str:
    """Two workers, one, and plain calls of papermill."""
    rounds = record["equal"]["rounds"]
    seconds = {arm: [one[arm]["seconds"] for one in rounds] for arm in rounds[0]}
    cluster = [cluster_seconds(one["one worker"]) for one in rounds]
    rows = [
        ("plain papermill, one after another", *from_to(seconds["plain"], duration)),
        ("a sweep with one worker", *from_to(seconds["one worker"], duration)),
        ("of it, the worker's start and end", *from_to(cluster, duration)),
        ("a sweep with two workers", *from_to(seconds["two workers"], duration)),
        ("**two workers to one**", *from_to(ratios(record), "{:.2f}".format)),
        ("**a run in a sweep over plain papermill**", *from_to(overheads(record), percent)),
        (
            "the same by processor time, the worker's start included",
            *from_to(processor_overheads(record), percent),
        ),
    ]
    title = f"{record['equal']['runs']} runs of the short notebook"
    return table((title, f"middle of {len(rounds)}", "lowest to highest"), *rows)


def start_up(record: Record) -> str:
    """What a run of the short notebook consists of."""
    parts = record["equal"]["parts"]
    names = {
        "kernel": "a kernel starts",
        "tensorflow": "TensorFlow and Keras are loaded",
        "training": "the training",
        "end": "the kernel ends",
        "rest": "all else: other cells, reading, writing",
    }
    rows = [
        (title, *from_to([one[name] for one in parts], duration)) for name, title in names.items()
    ]
    return table(
        ("a run of the short notebook", f"middle of {len(parts)}", "lowest to highest"), *rows
    )


def warm(record: Record) -> str:
    """What a kernel that stays would save, and what it costs."""
    runs, fresh = record["warm"]["runs"], record["equal"]
    plain = [seconds for one in fresh["rounds"] for seconds in one["plain"]["run_seconds"]]
    later = runs[1:]
    saved = statistics.median(plain) - statistics.median(one["seconds"] for one in later)
    losses = zip(runs, fresh["validation_loss"], strict=True)
    same = sum(one["validation_loss"] == loss for one, loss in losses)
    growth = (runs[-1]["memory_mb"] - runs[0]["memory_mb"]) / len(later)
    shares = {name: saved / run["seconds"] for name, run in record["runs"]["each"].items()}
    rows = [
        ("a run in a kernel of its own", duration(statistics.median(plain))),
        ("a run in a kernel that stays", duration(statistics.median(o["seconds"] for o in later))),
        *((f"saved of a run of {TITLES[name]}", percent(share)) for name, share in shares.items()),
        ("the kernel grows with each run by", f"{growth:.0f} MB"),
        ("runs with the same loss as in a kernel of their own", f"{same} of {len(runs)}"),
    ]
    return table(("a warm kernel", ""), *rows)


def scheduler(record: Record) -> str:
    """What many runs do to the processes that stay."""
    parts = [record["tiny"], record["pretended"]]
    marks = [part["memory_mb"] for part in parts]
    workers = [
        max(each[2] - each[0] for name, each in one.items() if name.startswith("worker"))
        for one in marks
    ]
    spent = [part["processor_ms_per_run"] for part in parts]
    rows = [
        ("rows of the table that are done", *(f"{p['done']:,} of {p['rows']:,}" for p in parts)),
        (f"time on {parts[0]['workers']} workers", *(duration(p["seconds"]) for p in parts)),
        ("memory of the scheduler before", *(f"{one['scheduler'][0]:.0f} MB" for one in marks)),
        ("its growth at most", *(f"**{part['scheduler_growth_mb']:.0f} MB**" for part in parts)),
        ("growth of the sweep", *(f"{one['sweep'][1] - one['sweep'][0]:.0f} MB" for one in marks)),
        ("growth of a worker", *(f"{grown:.0f} MB" for grown in workers)),
        ("processor of the scheduler for a run", *(f"{one['scheduler']:.1f} ms" for one in spent)),
        ("processor of the sweep for a run", *(f"{one['sweep']:.1f} ms" for one in spent)),
        ("the same again, all done", duration(parts[0]["seconds_again"]), ""),
        (
            "on disk",
            f"{parts[0]['disk']['files']:,} files, {size(1e6 * parts[0]['disk']['mb'])}",
            "",
        ),
    ]
    head = f"{parts[0]['runs']:,} tiny runs", f"{parts[1]['runs']:,} pretended runs"
    return table(("", *head), *rows)


def storage(record: Record) -> str:
    """What runs leave, and what they send."""
    runs = {TITLES[name]: run for name, run in record["runs"]["each"].items()}
    head = ("", *(f"{title}, one run" for title in runs), *(f"{MANY:,} of {t}" for t in runs))
    kinds = {
        "the executed notebook": lambda run: run["bytes"]["notebook"],
        "its results": lambda run: run["bytes"]["results"],
        "the record, run.json": lambda run: run["bytes"]["record"],
        "the network, with `--networks`": lambda run: run["bytes"]["network"],
        "sent, where no folder is shared": lambda run: run["bytes_sent"],
        "sent with the network": lambda run: run["bytes_sent_with_network"],
    }
    rows = [
        (
            title,
            *(size(count(run)) for run in runs.values()),
            *(size(MANY * count(run)) for run in runs.values()),
        )
        for title, count in kinds.items()
    ]
    files = [run["files"] for run in runs.values()]
    rows.append(("files", *(f"{n}" for n in files), *(f"{MANY * n:,}" for n in files)))
    return table(head, *rows)


def money(record: Record) -> str:
    """What many runs cost: hours of cores and machines, and a price."""
    workers = MACHINES * CORES
    names = list(record["runs"]["each"])
    each = [record["runs"]["each"][name] for name in names]
    rates = [workers / run["processor_seconds"] for run in each]
    rows = [
        ("processor seconds of a run", *(duration(run["processor_seconds"]) for run in each)),
        ("memory of a run at most", *(size(1e6 * run["peak_memory_mb"]) for run in each)),
        ("hours of a core", *(f"{core_hours(run):.1f}" for run in each)),
        (
            f"hours of a machine with {CORES} cores",
            *(f"{core_hours(run) / CORES:.1f}" for run in each),
        ),
        (
            f"on {MACHINES} such machines, all at work",
            *(duration(3600 * core_hours(run) / workers) for run in each),
        ),
        ("runs that end there each second", *(f"{rate:.1f}" for rate in rates)),
        (
            f"money, at {PRICE} for the hour of a core",
            *(f"{PRICE * core_hours(run):.2f}" for run in each),
        ),
    ]
    return table((f"{MANY:,} runs", *(TITLES[name] for name in names)), *rows)


def breaks_first(record: Record) -> str:
    """How many runs a scheduler and a sweep can follow in a second."""
    part = record["pretended"]
    followed = part["runs"] / part["seconds"]
    rows = [
        (
            f"{MACHINES} machines with {CORES} cores finish, of {TITLES[name]}",
            f"{MACHINES * CORES / run['processor_seconds']:.1f} runs in a second",
        )
        for name, run in record["runs"]["each"].items()
    ]
    return table(
        ("what is needed, and what there is", ""),
        *rows,
        ("scheduler, sweep and workers, all on one machine, followed", f"{followed:.0f}"),
    )


def measured(record: Record) -> str:
    """Where and when the figures were measured."""
    parts = [part for name, part in record.items() if name != "machine"]
    parts.sort(key=lambda part: part["measured"])
    days = list(dict.fromkeys(part["measured"].split()[0] for part in parts))
    loads = ", ".join(f"{part['load_before']:.1f}" for part in parts)
    told = (
        f"Measured on {record['machine']} of memory, on {' and '.join(days)}. The load of the "
        f"machine before each part was\n{loads}; after the first, it is that of the part before.\n"
    )
    if parts[0]["load_before"] < QUIET:
        return told
    return (
        f"{told}**The machine was busy with other work**: seconds are longer than they would be.\n"
        "Processor time, memory, files and bytes hold, and with them hours and money.\n"
        "`make sweeps` on a quiet machine replaces all of it.\n"
    )


BLOCKS = {
    "speed": speed,
    "start": start_up,
    "warm": warm,
    "scheduler": scheduler,
    "storage": storage,
    "money": money,
    "limits": breaks_first,
    "measured": measured,
}
PARTS = {  # of the record, that blocks need
    "speed": {"equal"},
    "start": {"equal"},
    "warm": {"equal", "warm", "runs"},
    "scheduler": {"tiny", "pretended"},
    "storage": {"runs"},
    "money": {"runs"},
    "limits": {"runs", "pretended"},
    "measured": set(),
}
MISSING = "*Not measured yet:* `make sweeps` *does it.*\n"


def in_page(page: str, record: Record) -> str:
    """Return a page with what the record says between its marks.

    Raises:
        ValueError: marks of a block are missing, or there twice.
    """
    for name, block in BLOCKS.items():
        start, end = MARKS[0].format(name), MARKS[1]
        said = block(record) if PARTS[name] <= record.keys() else MISSING
        pattern = re.compile(f"{re.escape(start)}.*?{re.escape(end)}", re.DOTALL)
        page, count = pattern.subn(lambda _, said=said, start=start: start + said + MARKS[1], page)
        if count != 1:
            raise ValueError(f"Expected the marks of {name} once, found them {count} times.")
    return page


def main() -> None:
    record = json.loads((HERE / "sweeps.json").read_text("utf-8"))
    PAGE.write_text(in_page(PAGE.read_text("utf-8"), record), "utf-8")


if __name__ == "__main__":
    main()
