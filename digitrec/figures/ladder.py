"""The ladder of recognisers as a table."""

from collections.abc import Sequence

from digitrec.figures.tables import show_table
from digitrec.ladder import STORED, Rung, wilson_interval

COLUMNS = (
    *("recogniser", "accuracy (95% interval)", "other hands", "numbers stored"),
    *("seconds to learn", "seconds per 1,000 answers"),
)


def show_ladder(rungs: Sequence[Rung]) -> None:
    """Display recognisers as a table, one row for each, in the order given.

    A name with a star was not measured on this machine; a line below says where it comes from.

    Args:
        rungs: what `digitrec.ladder.measure` or `collect` returned.
    """
    show_table(COLUMNS, [as_row(rung) for rung in rungs])
    if not all(rung.here for rung in rungs):
        print(f"* not measured here, but stored with the project: benchmarks/{STORED.name}")


def as_row(rung: Rung) -> tuple[str, ...]:
    """Return what the table says of one recogniser."""
    low, high = wilson_interval(rung.right, rung.count)
    return (
        rung.recogniser if rung.here else f"{rung.recogniser} *",
        f"{share(rung.accuracy)} ({share(low)} to {share(high)})",
        share(rung.other_hands),
        f"{rung.numbers:,}",
        seconds(rung.seconds_to_learn),
        seconds(rung.seconds_to_answer),
    )


def share(value: float) -> str:
    """Return a share in percent; only what is exactly so is written as 0% or 100%.

    >>> share(0.9768), share(0.9998), share(1.0), share(0.0002)
    ('97.7%', '>99.9%', '100.0%', '<0.1%')
    """
    if 0.9995 <= value < 1:
        return ">99.9%"
    if 0 < value < 0.0005:
        return "<0.1%"
    return f"{value:.1%}"


def seconds(value: float) -> str:
    """Return a time to two digits.

    >>> seconds(0.00004), seconds(0.0123), seconds(1.26), seconds(99.7), seconds(1600)
    ('<0.001', '0.012', '1.3', '100', '1,600')
    """
    if value < 0.0005:
        return "<0.001"
    return f"{value:,.0f}" if value >= 10 else f"{float(f'{value:.2g}'):g}"
