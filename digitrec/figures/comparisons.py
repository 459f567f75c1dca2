"""What changed by how much, and whether it is more than chance: ingredients and corruptions."""

import textwrap
from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from digitrec.figures.images import show_images
from digitrec.figures.tables import show_table

TRIALS = {"clean": "clean", "corrupted": "corrupted", "drawn": "other hands"}
BY_CHANCE = 0.03  # accuracy; of 500 digits, a smaller difference may be luck


def show_ingredients(rows: Sequence[dict]) -> None:
    """Display what the ingredients of the strong network are worth and cost, one row for each.

    Args:
        rows: "ingredients" of benchmarks/ingredients.json.
    """
    show_table(
        ["", "weights", "seconds", "accuracy", "spread"],
        [
            (
                row["ingredient"],
                f"{row['weights']:,}",
                f"{row['seconds']:.1f}",
                f"{row['validation_accuracy']:.2%}",
                f"±{row['standard_deviation']:.2%}",
            )
            for row in rows
        ],
    )


def show_contributions(rows: Sequence[dict]) -> None:
    """Display what each way to train the strong network further brings on its own.

    Below the table, for each thing it was tried on: what helped most, and what stays within the
    spread of its seeds and of those it is compared with.

    Args:
        rows: "contributions" of benchmarks/ingredients.json; the first is what the others are
            compared with.
    """
    entries = []
    for row in rows:
        shares = (f"{row[key]['mean']:.1%}{spread_of(row[key])}" for key in TRIALS)
        entries.append((row["ingredient"], row["seeds"], *shares))
    show_table(["", "seeds", *TRIALS.values()], entries)
    for key, title in TRIALS.items():
        gains = {row["ingredient"]: row[key]["mean"] - rows[0][key]["mean"] for row in rows[1:]}
        best = max(gains, key=gains.get)
        small = [row["ingredient"] for row in rows[1:] if within_spread(row[key], rows[0][key])]
        print(f"{title}: most by {best!r} ({100 * gains[best]:+.2f} points);")
        print(indented(f"within the spread: {', '.join(map(repr, small)) or 'nothing'}"))


def spread_of(summary: dict) -> str:
    """Return the sign ± and the deviation over seeds; nothing for a single seed."""
    deviation = summary["standard_deviation"]
    return "" if deviation is None else f" ±{deviation:.2%}"


def within_spread(one: dict, other: dict) -> bool:
    """Tell whether two means lie no further apart than their standard deviations together.

    >>> one, other = ({"mean": mean, "standard_deviation": 0.01} for mean in (0.90, 0.93))
    >>> within_spread(one, other)
    False
    """
    together = (one["standard_deviation"] or 0) + (other["standard_deviation"] or 0)
    return abs(one["mean"] - other["mean"]) <= together


def indented(line: str) -> str:
    """Return a long line broken into several, each moved in by four letters."""
    return textwrap.indent(textwrap.fill(line, 70, break_on_hyphens=False), "    ")


def comparison(robustness: dict[str, dict[str, Sequence[float]]], key: str, other: str) -> str:
    """Return in words under which corruptions one network is better or worse than another.

    Compared are the means over all severities but 0. A difference of three points or less counts
    as none.

    Args:
        robustness: by the name of a network, and then of a corruption, shares 0-1, severity 0
            first, as `plot_robustness` draws them.
        key: one network.
        other: the one it is compared with.

    >>> robustness = {"new": {"noise": [1, 0.9], "blur": [1, 0.5]}, "old": {"noise": [1, 0.5]}}
    >>> robustness["old"]["blur"] = [1, 0.49]
    >>> print(comparison(robustness, "new", "old"))
    new, beside old:
        better under noise
        worse under nothing
    """
    gains = {
        name: np.mean(shares[1:]) - np.mean(robustness[other][name][1:])
        for name, shares in robustness[key].items()
    }
    better = [name for name, gain in gains.items() if gain > BY_CHANCE]
    worse = [name for name, gain in gains.items() if gain < -BY_CHANCE]
    lines = [
        indented(f"{word} under {', '.join(found) or 'nothing'}")
        for word, found in (("better", better), ("worse", worse))
    ]
    return "\n".join([f"{key}, beside {other}:", *lines])


def show_variants(originals: np.ndarray, variants: Sequence[np.ndarray]) -> Figure:
    """Draw images with their variants, one row for each image, the original first.

    Args:
        originals: array (n, 28, 28), uint8 0-255.
        variants: arrays of the same shape, one column for each.
    """
    columns = [originals, *variants]
    rows = np.stack(columns, axis=1)
    return show_images(rows.reshape(-1, *originals.shape[1:]), columns=len(columns))
