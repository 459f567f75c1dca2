"""Run every notebook with the most extreme parameters that it accepts: nothing legal stops.

    python benchmarks/extremes.py           # or: make extremes; what changed since the record
    python benchmarks/extremes.py --all     # all of it; a quarter of an hour on two idle cores

A case is a row of papermill runs in a project folder of its own, as a learner would make them:
train in an odd way, then evaluate, read and look inside what came of it. What came of each goes to
extremes.json, with the sentences by which the notebook told its reader that something is unusual.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from multiprocessing.pool import ThreadPool
from pathlib import Path

import nbformat
from tqdm import tqdm

from digitrec.files import write_whole

ROOT = Path(__file__).resolve().parent.parent
RECORD = Path(__file__).with_suffix(".json")
WORKERS = 2
MOST_SECONDS = 600  # of one run
AFTER_TRAINING = ("04", "05", "07")  # the notebooks that use the network of notebook 3
LARGEST_SEED = 2**32 - 1
FEW = {"train_size": 100, "epochs": 1}


@dataclass(frozen=True)
class Run:
    """One run of a notebook.

    Attributes:
        notebook: the number it begins with, such as "03".
        parameters: what papermill sets; the others keep their defaults.
    """

    notebook: str
    parameters: dict


def trained(**parameters: object) -> list[Run]:
    """Return a case: train with these parameters, and go on with the network that came of it."""
    return [Run("03", parameters), *(Run(name, {}) for name in AFTER_TRAINING)]


CASES = {
    "few images, one epoch": trained(**FEW),
    "few images, the convolutional network": trained(model_name="cnn", **FEW),
    "learning rate 1": trained(learning_rate=1.0, epochs=1),
    "learning rate 1, the convolutional network": trained(
        model_name="cnn", learning_rate=1.0, epochs=1, train_size=5_000
    ),
    "learning rate 0.00001": trained(learning_rate=0.00001, epochs=1),
    "one image per step": trained(batch_size=1, **FEW),
    "5,000 images per step": trained(batch_size=5_000, epochs=1),
    "thirty epochs of few images": trained(train_size=100, epochs=30),
    **{
        f"digit {digit} and seed {digit}": [
            Run(name, {"digit": digit, "seed": digit}) for name in ("01", "02", "07")
        ]
        for digit in range(10)
    },
    **{
        f"seed {seed} and 1,000 images": [
            Run("03", {"seed": seed, "train_size": 1_000, "epochs": 1}),
            Run("04", {"seed": seed}),
            Run("06", {"seed": seed, "train_size": 1_000, "epochs": 1}),
        ]
        for seed in range(10)
    },
    "a folder without pictures": [Run("05", {"digits_folder": "."})],
    "a folder without sheets": [Run("08", {"photos_folder": "digits"})],
    "a writer who wrote nothing": [Run("08", {"writer": "nobody", "seed": LARGEST_SEED})],
    "networks for notebook 8 that hardly learned": [
        Run("03", FEW),
        Run("08", {"photos_folder": "digits/sheets", "seed": 0}),
    ],
    "a card of a network that hardly learned": [
        Run("03", FEW),
        Run("10", {"card_name": "$" * 40, "card_path": "runs/deep/er/card.md"}),
    ],
    "a sweep of trainings that hardly learn": [Run("09", FEW | {"seeds": 1})],
    "the largest seed": [
        *(Run(name, {"seed": LARGEST_SEED}) for name in ("01", "02", "04", "07")),
        *(Run(name, FEW | {"seed": LARGEST_SEED}) for name in ("03", "06")),
    ],
    "a stronger network from few images": [Run("06", FEW), Run("07", {})],
    "a stronger network at learning rate 1": [
        Run("06", FEW | {"learning_rate": 1.0}),
        Run("07", {}),
    ],
    "a stronger network at learning rate 0.00001": [
        Run("06", {"train_size": 5_000, "epochs": 1, "learning_rate": 0.00001}),
        Run("07", {}),
    ],
}


def notebook_file(number: str, root: Path = ROOT) -> Path:
    """Return the notebook whose name begins with a number."""
    (path,) = (root / "notebooks").glob(f"{number}_*.ipynb")
    return path


def fingerprint(case: list[Run], root: Path = ROOT) -> str:
    """Return what names a case and the code of its notebooks; another one has to be run again."""
    parts = []
    for run in case:
        cells = nbformat.read(notebook_file(run.notebook, root), as_version=4).cells
        code = [cell.source for cell in cells if cell.cell_type == "code"]
        parts.append([run.notebook, run.parameters, code])
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:12]


def said_to_be_unusual(executed: Path) -> list[str]:
    """Return the sentences that begin with "Unusual:" in the outputs of a notebook."""
    cells = nbformat.read(executed, as_version=4).cells
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    lines = "\n".join(output.get("text", "") for output in outputs).splitlines()
    return [line.removeprefix("Unusual: ") for line in lines if line.startswith("Unusual: ")]


def stopped_by(executed: Path) -> str:
    """Return the error that stopped a notebook, in one line; empty where none did."""
    cells = nbformat.read(executed, as_version=4).cells
    errors = [
        output
        for cell in cells
        for output in cell.get("outputs", [])
        if output.output_type == "error"
    ]
    return f"{errors[0].ename}: {errors[0].evalue}"[:300] if errors else ""


def written_to_stderr(executed: Path) -> str:
    """Return the start of what a notebook wrote as a warning; empty where it wrote none."""
    cells = nbformat.read(executed, as_version=4).cells
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    return "".join(o.text for o in outputs if o.get("name") == "stderr")[:300]


def papermill(run: Run, home: Path) -> dict:
    """Run a notebook in a project folder and return what came of it."""
    executed = home / "out.ipynb"
    executed.unlink(missing_ok=True)
    options = [text for name, value in run.parameters.items() for text in ("-p", name, str(value))]
    environment = os.environ | {"DIGITREC_HOME": str(home), "TF_NUM_INTRAOP_THREADS": "1"}
    environment.pop("DIGITREC_STRICT", None)  # what is unusual is a sentence here
    subprocess.run(
        [sys.executable, "-m", "papermill", notebook_file(run.notebook), executed, *options],
        env=environment,
        cwd=home,
        timeout=MOST_SECONDS,
        capture_output=True,
    )
    there = executed.is_file()
    return {
        "notebook": run.notebook,
        "parameters": run.parameters,
        "stopped by": stopped_by(executed) if there else "papermill wrote no notebook",
        "warnings": written_to_stderr(executed) if there else "",
        "unusual": said_to_be_unusual(executed) if there else [],
    }


def outcome_of(name: str) -> dict:
    """Run a case in an empty project folder and return its entry in the record."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        shutil.copytree(ROOT / "digits", home / "digits")
        runs = [papermill(run, home) for run in CASES[name]]
    return {"case": name, "fingerprint": fingerprint(CASES[name]), "runs": runs}


def succeeded(entry: dict) -> bool:
    """Return whether every run of a case came to its end without a warning."""
    return all(not run["stopped by"] and not run["warnings"] for run in entry["runs"])


def load_record() -> dict[str, dict]:
    """Return the entries of the record by the name of their case; none where it is not there."""
    if not RECORD.is_file():
        return {}
    return {entry["case"]: entry for entry in json.loads(RECORD.read_text(encoding="utf-8"))}


def write_record(record: dict[str, dict]) -> None:
    """Write the entries in the order of their cases; those of cases that are gone are left out."""
    entries = [record[name] for name in CASES if name in record]
    text = json.dumps(entries, indent=1, ensure_ascii=False) + "\n"
    write_whole(RECORD, lambda temporary: temporary.write_text(text, "utf-8"))


def still_right(name: str, record: dict[str, dict]) -> bool:
    """Return whether a case succeeded, and neither it nor its notebooks have changed since."""
    return (
        name in record
        and record[name]["fingerprint"] == fingerprint(CASES[name])
        and succeeded(record[name])
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--all", action="store_true", help="also what has not changed")
    everything = parser.parse_args().all
    record = {} if everything else load_record()
    due = [name for name in CASES if not still_right(name, record)]
    with ThreadPool(WORKERS) as pool:
        for entry in tqdm(pool.imap_unordered(outcome_of, due), total=len(due), unit="case"):
            record[entry["case"]] = entry
            write_record(record)  # at once, so that an interrupted campaign goes on where it was
            for run in entry["runs"]:
                if complaint := run["stopped by"] or run["warnings"]:
                    print(f"{entry['case']}: notebook {run['notebook']}: {complaint}", flush=True)
    entries = [record[name] for name in CASES]
    write_record(record)
    runs = [run for entry in entries for run in entry["runs"]]
    print(f"{sum(map(succeeded, entries))} of {len(entries)} cases, {len(runs)} runs")
    return 0 if all(map(succeeded, entries)) else 1


if __name__ == "__main__":
    sys.exit(main())
