"""Notebooks run as people run them: in order, with other parameters, with slips."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from conftest import NOTEBOOKS, ROOT

import digitrec
from digitrec.storage import BOXED_MODEL

TRAINING = ROOT / "notebooks" / "03_training.ipynb"
EVALUATION = ROOT / "notebooks" / "04_evaluation.ipynb"
TRAINED_FIRST = "A network is trained first."  # notebook 4, where there is none yet
NETWORK = "models/handwritten_digits"


def run(command: list, folder: Path, home: Path) -> subprocess.CompletedProcess:
    """Run a command in a folder, with models and results going to `home`."""
    folder.mkdir()
    return subprocess.run(
        command,
        cwd=folder,
        env=os.environ | {"DIGITREC_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )


def papermill(
    notebook: Path, folder: Path, home: Path, **parameters
) -> subprocess.CompletedProcess:
    """Run a notebook with some parameters, into out.ipynb of a folder."""
    options = [text for pair in parameters.items() for text in ("-p", *map(str, pair))]
    command = [sys.executable, "-m", "papermill", notebook, "out.ipynb", "--no-progress-bar"]
    return run([*command, *options], folder, home)


def code_of(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def shortened(path, last=None):
    """Return a notebook up to its last code cell that is wanted.

    Left out are the trainings for the experiments of notebook 3, which do not know its network.
    """
    notebook = nbformat.read(path, as_version=4)
    wanted = [c for c in code_of(notebook) if not re.search(r"(?<!def )train_small\(", c.source)]
    notebook.cells = wanted[:last]
    return notebook


def run_cells(path, last=None, **parameters):
    """Run the code of a notebook in this process, and return what it calls by name."""
    names = {"display": lambda shown: None}
    for cell in shortened(path, last).cells:
        exec(cell.source, names)
        if "parameters" in cell.metadata.get("tags", []):
            names |= parameters
    return names


@pytest.fixture
def easy(home, mnist, monkeypatch):
    """A project folder, and in this process few digits to train on; nothing unusual stops."""
    few = replace(mnist, train=mnist.train[:1_000])
    monkeypatch.setattr(digitrec, "load_mnist", lambda: few)
    monkeypatch.setenv("DIGITREC_STRICT", "0")
    return home


def test_all_notebooks_run_in_order_and_the_summary_tells_the_result(tmp_path, home):
    (home / "notebooks").mkdir()
    for path in NOTEBOOKS[1:6]:  # the first two hand nothing on
        last = 3 if path in NOTEBOOKS[1:3] else None
        nbformat.write(shortened(path, last), home / "notebooks" / path.name)
    left_out = ("digit98", "page2", "letter2")  # a digit, a page and no digit, that nobody can open
    for name in left_out:
        (home / "digits" / f"{name}.heic").write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0")
    done = run([sys.executable, ROOT / "scripts" / "run_notebooks.py"], tmp_path / "empty", home)
    assert done.returncode == 0, done.stdout
    printed = {}
    for path in NOTEBOOKS[1:6]:
        cells = code_of(nbformat.read(home / "runs" / path.name, as_version=4))
        assert {cell.metadata.papermill.status for cell in cells} == {"completed"}
        printed[path.stem] = "".join(o.get("text", "") for cell in cells for o in cell.outputs)
    loss, accuracy = re.search(r"Test loss ([\d.]+), test accuracy ([\d.]+)%", done.stdout).groups()
    assert float(accuracy) >= 96.5
    assert float(loss) < 0.15
    sentences = re.findall(r"digit\d+\.png: (The number is probably an? \d)", done.stdout)
    assert len(sentences) >= 14
    # notebook 4 evaluated the very network that notebook 3 saved
    record = json.loads((home / f"{NETWORK}.json").read_text())
    trained = json.loads((home / "runs" / "03_training.json").read_text())
    assert trained["validation_accuracy"] == round(record["validation"]["accuracy"], 4)
    assert TRAINED_FIRST not in printed["04_evaluation"]
    for name in left_out:
        said = f"Left out: {name}.heic cannot be read. This is a HEIC file from an iPhone."
        assert said in printed["05_custom_prediction"]


def test_notebook_3_trains_the_strong_network_too_and_goes_straight_on_with_it(easy, capsys):
    run_cells(TRAINING, model_name="cnn", epochs=1)
    assert json.loads((easy / f"{NETWORK}.json").read_text())["weights"] == 61_658
    saved = (easy / f"{NETWORK}.keras").read_bytes()
    capsys.readouterr()
    run_cells(TRAINING, train_new_model=False)
    assert (easy / f"{NETWORK}.keras").read_bytes() == saved
    assert "epochs = 1" in capsys.readouterr().out


def test_notebook_3_takes_the_networks_that_the_others_make(easy, capsys):
    (easy / "models").mkdir()
    for ending in (".keras", ".json"):
        shutil.copy(BOXED_MODEL.with_suffix(ending), easy / "models")
    boxed = run_cells(TRAINING, train_new_model=False)["model"]
    assert boxed.output_shape == (None, 11)
    run_cells(EVALUATION, last=4, model_path="new.keras")
    assert TRAINED_FIRST in capsys.readouterr().out
    run_cells(TRAINING, train_new_model=False, model_path="new.keras")
    assert TRAINED_FIRST not in capsys.readouterr().out


def test_train_new_model_false_without_a_network_says_so(easy):
    with pytest.raises(FileNotFoundError, match="There is no trained network at"):
        run_cells(TRAINING, train_new_model=False)


def test_slips_stop_the_run_before_any_work(tmp_path, home):
    """All of them are told at once; that each is one, `test_parameters.py` says."""
    slips = {"epoch": 1, "batch_size": 0, "epochs": "three", "model_name": "transformer"}
    done = papermill(TRAINING, tmp_path / "slips", home, **slips)
    assert done.returncode != 0
    for message in (
        r"epoch: no such parameter.*batch_size, epochs, .*Did you mean",
        "batch_size = 0: expected a whole number from 1",
        "epochs = 'three': expected a whole number",
        "model_name = 'transformer': expected one of",
    ):
        assert re.search(message, done.stdout), done.stdout
    out = nbformat.read(tmp_path / "slips" / "out.ipynb", as_version=4)
    states = [cell.metadata.papermill.status for cell in code_of(out)]
    assert states.count("completed") == 3  # imports, parameters, injected parameters
    assert not (home / "models").exists()
