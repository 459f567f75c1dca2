"""Read pages made by a program, and see which light, paper, pen or layout makes them hard.

    python benchmarks/pages.py              # about 5 minutes
    python benchmarks/pages.py --pages 3    # fewer pages a level: quicker, rougher

One knob at a time is turned through its levels, all others stay mild, and the same digits are
written at each level. Then all knobs are turned at random, on pages and on pictures of one digit:
once with the handwriting to choose with, once with handwriting, fonts and seeds that are held out.
The results go to pages.json and pages.png.
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import fields, replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

import digitrec

sys.path.append(str(Path(__file__).parents[1] / "scripts"))
from synthetic_hands import load_hands
from synthetic_knobs import RULES, SURROUNDINGS, Knobs
from synthetic_pages import SyntheticPage, make_page, random_blank, random_page, random_single

HELD_OUT_SEEDS = 1_000_000  # seeds from here on are for pages that nothing is chosen with
LEVELS = 5  # of a knob that is a number, from no fault at all to the worst
BLANK_SIZE = 400.0  # pixels; a rough texture has thousands of marks, and each costs time
GIVEN = {  # what a knob needs to show, and levels that are not evenly spaced
    "shadow_edge": {"shadow": 0.4},
    "rule_strength": {"rules": "squared"},
    "margin": {"surroundings": "desk"},
}
CHOSEN = {
    "rules": RULES,
    "surroundings": SURROUNDINGS,
    "pen": ("ballpoint", "pencil", "marker", "coloured", "chalk", "whiteboard", "inverted"),
    "device": ("photo", "screen", "binary"),
    "pen_width": (0.025, 0.04, 0.07, 0.11, 0.16),
    "turn": (-12, -6, 0, 6, 12),
    "slope": (-15, -7, 0, 7, 15),
    "size": (100, 200, 400, 800, 1600, 4000),
    "aspect": (0.2, 0.4, 0.75, 1.33, 1.8),
    "rows": (1, 2, 4, 7, 10),
    "columns": (1, 3, 6, 9, 12),
    "scattered": (False, True),
}
PENS = {"pencil": {"strength": 0.45}, "chalk": {"pen_width": 0.1}, "marker": {"pen_width": 0.13}}


def edit_distance(one: str, other: str) -> int:
    """Return how many insertions, deletions and substitutions turn one text into another.

    Source: V. I. Levenshtein, "Binary codes capable of correcting deletions, insertions, and
    reversals", 1966.
    """
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        corner, row[0] = row[0], i
        for j, b in enumerate(other, start=1):
            corner, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, corner + (a != b))
    return row[-1]


def mistakes(page: SyntheticPage, text: str) -> tuple[int, bool]:
    """Return how many digits of a page were read wrongly, and whether all of it was read rightly.

    Args:
        page: what is written.
        text: what was read, one line per row.
    """
    rows, read = page.text.split(), text.split()
    want, got = "".join(rows), "".join(read)
    if page.any_order:
        missing, more = Counter(want) - Counter(got), Counter(got) - Counter(want)
        wrong = max(missing.total(), more.total())
        return min(wrong, len(want)), wrong == 0
    return min(edit_distance(want, got), len(want)), rows == read


def read_pages(pages: Iterable[SyntheticPage]) -> dict[str, float]:
    """Read pages; return the share of digits and of pages read rightly, and how many there are."""
    total = wrong = whole = count = 0
    seconds = []
    for page in pages:
        start = time.perf_counter()
        text = digitrec.read_page(page.picture).text
        seconds.append(time.perf_counter() - start)
        faults, right = mistakes(page, text)
        total += len(page.boxes)
        wrong += faults
        whole += right
        count += 1
    return {
        "digits right": round(1 - wrong / total, 4),
        "pages right": round(whole / count, 4),
        "digits": total,
        "pages": count,
        "median ms": round(1000 * float(np.median(seconds)), 1),
    }


def read_singles(pages: Iterable[SyntheticPage]) -> dict[str, float]:
    """Read pictures of one digit; return the share read rightly, and of those believed."""
    readings = [(digitrec.read_digit(page.picture), int(page.text)) for page in pages]
    right = [reading.digit == digit for reading, digit in readings]
    believed = [reading.is_digit for reading, _ in readings]
    return {
        "right": round(float(np.mean(right)), 4),
        "right and believed": round(float(np.mean(np.logical_and(right, believed))), 4),
        "pictures": len(readings),
    }


def read_blanks(pages: Iterable[SyntheticPage]) -> dict[str, float]:
    """Read pages without any digit; return on which share of them none is seen."""
    texts = [digitrec.read_page(page.picture).text for page in pages]
    return {
        "seen as blank": round(float(np.mean([not text for text in texts])), 4),
        "pages": len(texts),
    }


def levels(name: str) -> list:
    """Return the levels at which a knob is measured."""
    if name in CHOSEN:
        return list(CHOSEN[name])
    none, _, worst = Knobs.__dataclass_fields__[name].metadata["range"]
    return [round(float(level), 4) for level in np.linspace(none, worst, LEVELS)]


def mild(name: str, level: object) -> Knobs:
    """Return mild knobs, one of them turned."""
    knobs = replace(Knobs(), **GIVEN.get(name, {}))
    if name == "pen":
        knobs = replace(knobs, **PENS.get(level, {}))
    if name == "size" and level < 400:
        knobs = replace(knobs, rows=1, columns=3)
    return replace(knobs, **{name: level})


def turn_knob(name: str, pages: int) -> list[dict]:
    """Read pages at each level of one knob."""
    hands = load_hands()
    return [
        {"level": level}
        | read_pages(make_page(seed, hands, mild(name, level)) for seed in range(pages))
        for level in levels(name)
    ]


def turn_all(held_out: bool, pages: int) -> dict[str, dict]:
    """Read pages, and pictures of one digit, with all knobs at random."""
    hands, first = load_hands(held_out), HELD_OUT_SEEDS * held_out
    kind = "held out" if held_out else "to choose with"
    return {
        f"pages {kind}": read_pages(random_page(first + s, hands) for s in range(pages)),
        f"single digits {kind}": read_singles(
            random_single(first + s, hands) for s in range(2 * pages)
        ),
        f"blank pages {kind}": read_blanks(
            random_blank(first + s, hands, size=BLANK_SIZE) for s in range(pages // 2)
        ),
    }


def measure(pages: int) -> dict:
    """Read pages at each level of each knob, then with all knobs at random, on two processes."""
    names = [one.name for one in fields(Knobs)]
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        overall = [pool.submit(turn_all, held_out, 10 * pages) for held_out in (False, True)]
        by_knob = {}
        rows = pool.map(turn_knob, names, [pages] * len(names))
        for name, by_knob[name] in zip(names, rows, strict=True):
            shares = "  ".join(
                f"{row['level']}: {row['digits right']:.0%}" for row in by_knob[name]
            )
            print(f"{name:14s} {shares}", flush=True)
        at_random = overall[0].result() | overall[1].result()
    return {"by knob": by_knob, "all knobs at random": at_random}


def plot(by_knob: dict, path: Path) -> None:
    """Draw digits right against each knob."""
    columns = 7
    figure = Figure(figsize=(14, 1.9 * -(-len(by_knob) // columns)), layout="constrained")
    panels = figure.subplots(-(-len(by_knob) // columns), columns, sharey=True).ravel()
    for panel, (name, rows) in zip(panels, by_knob.items(), strict=False):
        shares = [100 * row["digits right"] for row in rows]
        names = [
            f"{row['level']:.3g}" if isinstance(row["level"], float) else str(row["level"])
            for row in rows
        ]
        words = isinstance(rows[0]["level"], str | bool)
        panel.plot(shares, "o" if words else "o-", markersize=4)
        panel.set_xticks(range(len(names)), names, fontsize=7, rotation=40 if words else 0)
        panel.set_title(name.replace("_", " "), fontsize=9)
        panel.set_ylim(-3, 103)
        panel.grid(alpha=0.3)
    for panel in panels[len(by_knob) :]:
        panel.axis("off")
    figure.supylabel("digits read rightly, %")
    figure.savefig(path, dpi=80)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=6, help="a level (default: %(default)s)")
    start = time.perf_counter()
    results = measure(parser.parse_args().pages)
    for name, value in results["all knobs at random"].items():
        print(f"{name}: {value}")
    print(f"{time.perf_counter() - start:.0f} s")
    Path(__file__).with_suffix(".json").write_text(json.dumps(results, indent=1) + "\n", "utf-8")
    plot(results["by knob"], Path(__file__).with_suffix(".png"))


if __name__ == "__main__":
    main()
