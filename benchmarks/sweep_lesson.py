"""Run the short training of the course a hundred times, for the larger figures of notebook 9.

    python benchmarks/sweep_lesson.py       # about ten minutes on two idle cores

It is one sweep, made by `digitrec.sweeps` itself: stopped, it goes on where it was. The table comes
in three parts:

- rates: learning rates for both networks, three seeds each;
- sizes: training sets for both networks, three seeds each. A small set is repeated, so that each
  training sees as many images, and no network stays behind because it was given too few steps;
- equal: runs that differ in nothing but the seed. For these, the validation images that each run
  reads wrongly are kept, so that notebook 9 can choose by some images and judge by others.

The test set is not touched. The results go to sweep_lesson.json.
"""

import argparse
import json
import os
import platform
from pathlib import Path

from digitrec import project_path, sweeps
from digitrec.files import write_whole
from digitrec.sweeps.identity import versions
from digitrec.sweeps.results import load_record

NOTEBOOK = "notebooks/short_training.ipynb"
RECORD = Path(__file__).with_suffix(".json")
RATES = (0.0003, 0.001, 0.003, 0.01, 0.03)
BEST = {"mlp": 0.001, "cnn": 0.001}  # of RATES, by their mean validation accuracy
SIZES = (500, 2_000, 5_000, 20_000)
SEEN = 20_000  # images that each training sees, the same ones several times where there are fewer
SEEDS = (1, 2, 3)
EQUAL = 32  # runs; their seeds follow those above
KEPT = ("model_name", "learning_rate", "train_size", "epochs", "seed", "validation_accuracy")


def parts(equal: int) -> dict[str, list[dict[str, object]]]:
    """Return the parameter sets of each part.

    Args:
        equal: how many equal runs.
    """
    shared = {"train_size": 5_000, "epochs": SEEN // 5_000}
    sizes = [
        {"learning_rate": BEST[name], "train_size": size, "epochs": SEEN // size}
        | {"model_name": name, "seed": seed}
        for name in BEST
        for size in SIZES
        for seed in SEEDS
    ]
    return {
        "rates": sweeps.grid(model_name=list(BEST), learning_rate=RATES, seed=SEEDS, **shared),
        "sizes": sizes,
        "equal": sweeps.grid(
            model_name="mlp",
            learning_rate=BEST["mlp"],
            seed=range(SEEDS[-1] + 1, SEEDS[-1] + 1 + equal),
            **shared,
        ),
    }


def rows_of(table: sweeps.Table, sets: list[dict[str, object]]) -> list[dict[str, object]]:
    """Return the row of each set, with nothing in it that another machine does differently."""
    found = [table.where(**one).rows[0] for one in sets]
    return [{name: row[name] for name in KEPT} for row in found]


def wrong_images(table: sweeps.Table, sets: list[dict[str, object]]) -> list[list[int]]:
    """Return for each set which validation images its run reads wrongly."""
    folders = [project_path(table.where(**one)["folder"][0]) for one in sets]
    return [load_record(folder).results["wrong"] for folder in folders]


def as_text(result: dict[str, object]) -> str:
    """Return JSON with a line for each run."""
    lines = []
    for name, value in result.items():
        rows = value if isinstance(value, list) else []
        runs = ",\n".join(f"  {json.dumps(row)}" for row in rows)
        lines.append(f' "{name}": ' + (f"[\n{runs}\n ]" if rows else json.dumps(value)))
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--equal", type=int, default=EQUAL, help="how many equal runs")
    parser.add_argument("--into", default="runs/sweeps/lesson", help="where runs are kept")
    options = parser.parse_args()
    sets = parts(options.equal)
    everything = [one for some in sets.values() for one in some]
    table = sweeps.run(NOTEBOOK, everything, options.into)
    if len(table.done) < len(table):
        print(table)
        return 1
    wrong = wrong_images(table, sets["equal"])
    result = {name: rows_of(table, some) for name, some in sets.items()}
    result["equal"] = [
        row | {"wrong": places} for row, places in zip(result["equal"], wrong, strict=True)
    ]
    result["machine"] = f"{platform.machine()}, {os.cpu_count()} cores"
    result["versions"] = versions()
    write_whole(RECORD, lambda path: path.write_text(as_text(result), encoding="utf-8"))
    print(f"{len(table)} runs, {sum(table['seconds']) / 60:.0f} minutes of them; {RECORD.name}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
