"""Notebooks run with papermill as people run them: in order, with other parameters, with slips."""

import json
import re
import shutil
import sys

import nbformat
import pytest
from conftest import NOTEBOOKS, ROOT
from papermill_runs import MEMORY_LIMIT, QUICK, papermill, run, said, statuses

TRAINED_FIRST = "A network is trained first."  # notebook 4, where there is none yet


def test_files_that_are_no_pictures_do_not_stop_notebook_5(tmp_path, home):
    for name in ("digit98", "page2", "letter2"):
        (home / "digits" / f"{name}.heic").write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0")
    folder = tmp_path / "elsewhere"
    done = papermill("05", folder, home)
    assert done.returncode == 0, done.text
    said = (folder / "out.ipynb").read_text()
    for name in ("digit98", "page2", "letter2"):
        assert f"Left out: {name}.heic cannot be read. This is a HEIC file from an iPhone." in said


def test_all_notebooks_run_in_order_and_the_summary_tells_the_result(tmp_path, home):
    shutil.copytree(ROOT / "notebooks", home / "notebooks")
    done = run([sys.executable, ROOT / "scripts" / "run_notebooks.py"], tmp_path / "empty", home)
    assert done.returncode == 0, done.text
    assert done.peak_memory < MEMORY_LIMIT
    for path in NOTEBOOKS[1:6]:
        assert statuses(home / "runs" / path.name) == {"completed"}
    loss, accuracy = re.search(r"Test loss ([\d.]+), test accuracy ([\d.]+)%", done.text).groups()
    assert float(accuracy) >= 96.5
    assert float(loss) < 0.15
    sentences = re.findall(r"digit\d+\.png: (The number is probably an? \d)", done.text)
    assert len(sentences) >= 14
    # notebook 4 evaluated the very network that notebook 3 saved
    record = json.loads((home / "models" / "handwritten_digits.json").read_text())
    trained = json.loads((home / "runs" / "03_training.json").read_text())
    assert trained["validation_accuracy"] == round(record["validation"]["accuracy"], 4)
    assert TRAINED_FIRST not in said(home / "runs" / "04_evaluation.ipynb")


def test_notebook_3_trains_the_strong_network_too_and_goes_straight_on_with_it(tmp_path, home):
    options = ["-p", "model_name", "cnn", *QUICK["03_training"]]
    first = papermill("03", tmp_path / "first", home, *options)
    assert first.returncode == 0, first.text
    record = json.loads((home / "models" / "handwritten_digits.json").read_text())
    assert record["weights"] == 61_658
    saved = (home / "models" / "handwritten_digits.keras").read_bytes()
    again = papermill("03", tmp_path / "again", home, "-p", "train_new_model", "False")
    assert again.returncode == 0, again.text
    assert (home / "models" / "handwritten_digits.keras").read_bytes() == saved
    assert "epochs = 1" in said(tmp_path / "again" / "out.ipynb")


def test_notebook_3_takes_the_networks_that_the_others_make(tmp_path, home):
    boxed = ROOT / "digitrec" / "assets" / "handwritten_digits"
    (home / "models").mkdir()
    for ending in (".keras", ".json"):
        shutil.copy(boxed.with_suffix(ending), home / "models")
    done = papermill("03", tmp_path / "boxed", home, "-p", "train_new_model", "False")
    assert done.returncode == 0, done.text
    done = papermill("04", tmp_path / "fresh", home, "-p", "model_path", "new.keras")
    assert done.returncode == 0, done.text
    assert TRAINED_FIRST in said(tmp_path / "fresh" / "out.ipynb")
    options = ["-p", "train_new_model", "False", "-p", "model_path", "new.keras"]
    done = papermill("03", tmp_path / "four", home, *options)
    assert done.returncode == 0, done.text


def test_train_new_model_false_without_a_network_says_so(tmp_path, home):
    done = papermill("03", tmp_path / "new", home, "-p", "train_new_model", "False")
    assert done.returncode != 0
    assert "There is no trained network at" in done.text


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        (["-p", "epoch", "1"], r"epoch: no such parameter.*batch_size, epochs, .*Did you mean"),
        (["-p", "epochs", "0"], "epochs = 0: expected a whole number from 1"),
        (["-p", "epochs", "three"], "epochs = 'three': expected a whole number"),
        (["-p", "model_name", "transformer"], "model_name = 'transformer': expected one of"),
    ],
)
def test_slips_stop_the_run_before_any_work(parameters, message, tmp_path, home):
    folder = tmp_path / "slip"
    done = papermill("03", folder, home, *parameters)
    assert done.returncode != 0
    assert re.search(message, done.text), done.text
    cells = nbformat.read(folder / "out.ipynb", as_version=4).cells
    code = [cell for cell in cells if cell.cell_type == "code"]
    done_cells = [cell for cell in code if cell.metadata.papermill.status == "completed"]
    assert len(done_cells) == 3  # imports, parameters, injected parameters
    assert not (home / "models").exists()
