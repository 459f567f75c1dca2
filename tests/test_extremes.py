"""The record of extreme parameters is of today's notebooks, and nothing legal stopped one."""

import shutil

import nbformat
import pytest
from conftest import NOTEBOOKS, ROOT

from digitrec.parameters import RULES, check_parameters


@pytest.fixture
def extremes(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    import extremes

    return extremes


def test_every_case_came_to_its_end_with_the_notebooks_of_today(extremes):
    record = extremes.load_record()
    assert list(record) == list(extremes.CASES)
    for name, case in extremes.CASES.items():
        entry = record[name]
        again = "run 'make extremes'"
        assert entry["fingerprint"] == extremes.fingerprint(case), f"{name} changed: {again}"
        assert [run["notebook"] for run in entry["runs"]] == [run.notebook for run in case]
        for run in entry["runs"]:
            assert run["stopped by"] == "", f"{name}: {run}"
            assert run["warnings"] == "", f"{name}: {run}"


def test_the_cases_are_legal_and_reach_the_ends_of_what_is(extremes):
    runs = [run for case in extremes.CASES.values() for run in case]
    values = {}
    for run in runs:
        check_parameters(**run.parameters)
        for name, value in run.parameters.items():
            values.setdefault(name, set()).add(value)
    assert values["digit"] == set(range(10))
    assert len(values["seed"]) >= 10
    assert {min(values["train_size"]), min(values["epochs"])} == {100, 1}
    assert not RULES["train_size"].accepts(99)
    assert max(values["learning_rate"]) == 1
    assert min(values["learning_rate"]) == 0.00001
    assert "cnn" in values["model_name"]
    tried = {run.notebook for run in runs}
    with_parameters = {path.stem[:2] for path in NOTEBOOKS} - {"00"}
    assert tried == with_parameters


def test_learners_are_told_what_is_unusual(extremes):
    """Who trains on 100 images hears of it where they train, and where they evaluate."""
    few = extremes.load_record()["few images, one epoch"]
    training, evaluation = few["runs"][:2]
    assert any("is low for this network, usually" in said for said in training["unusual"])
    assert any("is low: with the settings of" in said for said in evaluation["unusual"])


def test_an_error_a_warning_and_a_sentence_are_found(extremes, tmp_path, monkeypatch):
    """A small project of its own: one notebook that warns, says and stops."""
    cell = nbformat.v4.new_code_cell
    code = "import warnings, digitrec\ndigitrec.expect(False, 'All odd.')\nwarnings.warn('Beware')"
    notebook = nbformat.v4.new_notebook(cells=[cell("x = 1"), cell(code), cell("1 / 0")])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    (tmp_path / "notebooks").mkdir()
    nbformat.write(notebook, tmp_path / "notebooks" / "01_odd.ipynb")
    monkeypatch.setattr(
        extremes, "notebook_file", lambda number: tmp_path / "notebooks/01_odd.ipynb"
    )
    came = extremes.papermill(extremes.Run("01", {}), tmp_path)
    assert came["stopped by"] == "ZeroDivisionError: division by zero"
    assert "Beware" in came["warnings"]
    assert came["unusual"] == ["All odd."]
    assert not extremes.succeeded({"runs": [came]})


def test_a_changed_notebook_has_to_be_run_again(extremes, tmp_path):
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    case = [extremes.Run("01", {"digit": 3})]
    before = extremes.fingerprint(case, tmp_path)
    assert before == extremes.fingerprint(case)
    assert before != extremes.fingerprint([extremes.Run("01", {"digit": 4})], tmp_path)
    path = extremes.notebook_file("01", tmp_path)
    notebook = nbformat.read(path, as_version=4)
    next(cell for cell in notebook.cells if cell.cell_type == "code").source += "\npass"
    nbformat.write(notebook, path)
    assert before != extremes.fingerprint(case, tmp_path)
