"""The parts of a sweep: parameter sets, names of runs, stored runs, tables, what is shown."""

import csv
import io
import json
import math
import os
import re
import struct
import sys
import time
from dataclasses import asdict, replace

import nbformat
import numpy as np
import pytest
from sweeping import files_below, make_notebook

from digitrec import sweeps
from digitrec.sweeps import Table, grid, identity, results
from digitrec.sweeps.clusters import CPU_COUNT, MEMORY_PER_RUN, room_for, scheduler_address
from digitrec.sweeps.identity import package_fingerprint, plan
from digitrec.sweeps.notebooks import check_sets, open_notebook
from digitrec.sweeps.parameter_sets import loaded_sets, parsed_grid
from digitrec.sweeps.progress import Log, Progress, Terminal
from digitrec.sweeps.results import FAILED, Record, keep, load_record, stored
from digitrec.sweeps.rows import as_table

# --- parameter sets


def test_a_grid_is_every_combination_and_the_last_name_turns_fastest():
    sets = grid(rate=[0.1, 0.2], name="mlp", seed=range(3), sizes=[[1, 2], [3]])
    assert len(sets) == 2 * 1 * 3 * 2
    assert [list(one) for one in sets] == [["rate", "name", "seed", "sizes"]] * 12
    assert sets[0] == {"rate": 0.1, "name": "mlp", "seed": 0, "sizes": [1, 2]}
    assert sets[1] == {"rate": 0.1, "name": "mlp", "seed": 0, "sizes": [3]}
    assert sets[-1] == {"rate": 0.2, "name": "mlp", "seed": 2, "sizes": [3]}
    assert grid() == [{}]
    with pytest.raises(ValueError, match="seed has no values"):
        grid(rate=1, seed=[])


def test_numbers_of_numpy_become_numbers():
    sets = grid(rate=np.geomspace(1e-4, 1e-2, 3), seed=np.arange(2), epochs=np.int64(3))
    assert {type(value) for one in sets for value in one.values()} == {int, float}
    assert [one["rate"] for one in sets[::2]] == pytest.approx([1e-4, 1e-3, 1e-2])
    assert grid(options={"a": 1}, text="two words") == [{"options": {"a": 1}, "text": "two words"}]


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("a=1,2", [1, 2]),
        ("a= -1 , 1e-3,.5 ", [-1, 0.001, 0.5]),
        ("a=True,None,true", [True, None, "true"]),
        ("a=mlp,c n n", ["mlp", "c n n"]),
        ('a="1,2",3', ["1,2", 3]),
        ("a='x, y','3'", ["x, y", "3"]),
        ("a=don't,won't", ["don't", "won't"]),
        ('a="b=c",d=e', ["b=c", "d=e"]),
        ("a=''", [""]),
        ("a=007,1_000,3+4j,(1", ["007", 1000, "3+4j", "(1"]),
        ("a=" + "(" * 5000, ["(" * 5000]),
        ("größe=Zoë", ["Zoë"]),
    ],
)
def test_values_at_a_terminal(line, values):
    ((_, parsed),) = parsed_grid([line]).items()
    assert parsed == values
    assert list(map(type, parsed)) == list(map(type, values))  # 1 is not True


@pytest.mark.parametrize("line", ["a", "a=", "a= ", "=1", "a b=1", "1=2", "a=1,,2", "a=1,", "a=,"])
def test_what_is_no_grid_is_named(line):
    with pytest.raises(ValueError, match=re.escape(repr(line))):
        parsed_grid([line])


def test_a_name_twice_is_no_grid():
    with pytest.raises(ValueError, match=r"a is given twice; put all of its values behind one a="):
        parsed_grid(["a=1", "a=2"])


def test_sets_of_a_file(tmp_path):
    path = tmp_path / "sets.json"
    with pytest.raises(FileNotFoundError, match=r"There is no file .*sets\.json"):
        loaded_sets(path)
    path.write_text('[{"a": [1, 2], "b": null}, {}]')
    assert loaded_sets(path) == [{"a": [1, 2], "b": None}, {}]
    for wrong in ("", "{", "{}", "[1]", "[" * 100_000, "\N{SNOWMAN}"):
        path.write_text(wrong, "utf-8")
        with pytest.raises(ValueError, match="expected a list of parameter sets in JSON"):
            loaded_sets(path)
    path.write_bytes(b"\xff")
    with pytest.raises(ValueError, match="expected a list of parameter sets"):
        loaded_sets(path)


# --- the notebook and its parameters


@pytest.fixture
def tiny(tmp_path):
    return make_notebook(
        tmp_path / "tiny.ipynb",
        parameters=["epochs: int = 3", "text: str = 'a'", "many = [1]", "computed = 2 * 3"],
    )


def refused(notebook, *sets):
    with pytest.raises(ValueError, match="Nothing was started") as refusal:
        check_sets(notebook, sets)
    return str(refusal.value).splitlines()


def test_parameters_are_checked_in_the_words_of_check_parameters(tiny):
    notebook = open_notebook(tiny)
    check_sets(notebook, [{}, {"x": None, "text": "\N{SNOWMAN}", "computed": 7.5}])
    assert refused(notebook, {"epoch": 3}) == [
        "epoch: no such parameter. This notebook has: computed, epochs, many, results_path, seed, "
        "text, x. Did you mean epochs?",
        "Nothing was started.",
    ]
    assert refused(notebook, {"epochs": 0})[0] == (
        "epochs = 0: expected a whole number from 1 to 1,000, such as 3."
    )
    assert refused(notebook, {"epochs": True})[0].startswith("epochs = True: expected a whole")
    assert refused(notebook, {"results_path": "a.json"})[0].startswith("results_path: each run has")
    for wrong in ((1, 2), {1, 2}, b"a", np.float64(1), np.int64(1), {1: 2}, [1]):
        assert refused(notebook, {"x": wrong})[0].startswith(f"x = {wrong!r}: expected a number")
    many = refused(notebook, *({"epochs": 0, f"p{number}": 1} for number in range(20)))
    assert len(many) == 7
    assert many[-2:] == ["And 16 more.", "Nothing was started."]
    with pytest.raises(ValueError, match="There is nothing to run"):
        check_sets(notebook, [])
    with pytest.raises(ValueError, match="'x': expected a set of parameters"):
        check_sets(notebook, list({"x": 1}))


def test_what_is_no_notebook_of_a_sweep_is_named(tmp_path, tiny):
    path = tmp_path / "odd.ipynb"
    with pytest.raises(FileNotFoundError, match=r"There is no notebook .*odd\.ipynb"):
        open_notebook(path)
    for wrong in ("", "{}", "[]", '{"nbformat": 4}', '{"cells": 3, "nbformat": 4}', "\0", "Dear"):
        path.write_text(wrong)
        with pytest.raises(ValueError, match="is not a notebook that can be read"):
            open_notebook(path)
    notebook = nbformat.read(tiny, as_version=4)
    notebook.cells[1].metadata.tags = []
    nbformat.write(notebook, path)
    with pytest.raises(ValueError, match="has no parameters: expected a code cell tagged"):
        open_notebook(path)
    notebook.cells[1].metadata.tags = ["parameters"]
    for place in (str(tmp_path / "shared.json"), "../shared.json", None):
        notebook.cells[1].source = f"results_path = {place!r}"
        nbformat.write(notebook, path)
        with pytest.raises(ValueError, match="each run has a file of its own"):
            open_notebook(path)


# --- which runs are the same


def test_equal_runs_have_one_key_however_they_are_asked_for(tiny):
    notebook, package = open_notebook(tiny), package_fingerprint()

    def key(**given):
        return plan(notebook, given, package).key

    assert key(x=2, seed=3) == key(seed=3, x=2) == key(seed=3, x=2, epochs=3)
    assert key(x=1) == key() != key(x=2)
    assert plan(notebook, {"x": 1}, package).label == "as it stands"
    assert plan(notebook, {"x": 2, "seed": 3}, package).label == "x=2 seed=3"
    # what a notebook can tell apart: check_parameters takes 1 for a seed, and neither other
    assert len({key(x=value) for value in (1, 1.0, True, "1", None, [1])}) == 6
    assert plan(notebook, {"x": 1.0}, package).label == "x=1.0"
    assert plan(notebook, {"x": 2}, "another package").key != key(x=2)


def test_a_key_is_of_the_code_and_not_of_the_words(tiny):
    package = package_fingerprint()
    before = plan(open_notebook(tiny), {}, package).key
    notebook = nbformat.read(tiny, as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_markdown_cell("Words."))
    notebook.cells[1].outputs = [nbformat.v4.new_output("stream", text="from the last time")]
    notebook.cells[1].execution_count = 7
    nbformat.write(notebook, tiny)
    assert plan(open_notebook(tiny), {}, package).key == before
    assert "from the last time" not in open_notebook(tiny).text
    notebook.cells[1].source += "\n# more"
    nbformat.write(notebook, tiny)
    assert plan(open_notebook(tiny), {}, package).key != before


def test_the_package_is_looked_at_anew_each_time(tmp_path, monkeypatch):
    package = tmp_path / "package"
    (package / "deep").mkdir(parents=True)
    (package / "assets").mkdir()
    monkeypatch.setattr(identity, "__file__", str(package / "sweeps/identity.py"))
    seen = [package_fingerprint()]
    for name in ("__init__.py", "deep/code.py", "assets/network.keras"):
        (package / name).write_text("one")
        seen.append(package_fingerprint())
    (package / "deep/code.py").write_text("two")
    os.utime(package / "deep/code.py", (1, 1))
    seen.append(package_fingerprint())
    monkeypatch.setattr(identity, "VERSIONS", ("digitrec", "numpy"))
    seen.append(package_fingerprint())
    assert len(set(seen)) == len(seen)
    (package / "notes.txt").write_text("no code")
    assert package_fingerprint() == seen[-1]


STRANGE = [
    "a" * 10_000,
    "\N{MATHEMATICAL BOLD CAPITAL A}" * 300,  # four bytes each
    '<>:"/\\|?*',
    "../../etc",
    "two\nlines\tand \x1b[31mcolour",
    "\N{RIGHT-TO-LEFT OVERRIDE}gnp.exe",
    "half \ud800",
    "...",
    "CON",
    "-rf",
    "",
]


def test_folders_of_runs_have_names_that_every_system_takes(tiny):
    notebook, package = open_notebook(tiny), package_fingerprint()
    runs = [plan(notebook, {"text": value}, package) for value in STRANGE]
    assert len({run.key.lower() for run in runs}) == len(STRANGE)
    for run in runs:
        assert re.fullmatch(r"\w[\w.=-]*-[0-9a-f]{12}", run.key, re.ASCII)
        assert len(run.key) <= 80
        assert run.label.isprintable() or "\ufffd" in run.label
        assert len(run.label.splitlines()) == 1
    other = {name: f"prefix {'a' * 80}{name}" for name in "12"}  # alike in what is readable
    assert len({plan(notebook, {"text": text}, package).key for text in other.values()}) == 2


# --- what is stored


def record_of(key="x=1-0123456789ab", state="done", **other):
    usual = {
        "key": key,
        "notebook": "tiny",
        "parameters": {"x": 1},
        "state": state,
        "error": "" if state == "done" else "ValueError: no",
        "results": {"value": 1.5, "list": [1]} if state == "done" else {},
        "seconds": 1.5,
        "began": "2026-11-29 10:00:00",
        "machine": "here",
        "versions": {"digitrec": "1"},
    }
    return Record(**usual | other)


FILES = {"tiny.ipynb": b"{}", "results.json": b'{"value": 1.5}'}


def test_a_run_is_stored_whole_and_comes_back(tmp_path):
    kept = keep(tmp_path, record_of(), FILES)
    assert stored(tmp_path, kept.key) == kept == replace(record_of(), files=kept.files)
    assert files_below(tmp_path / kept.key) == ["results.json", "run.json", "tiny.ipynb"]
    assert files_below(tmp_path) == [
        kept.key,
        *(f"{kept.key}/{name}" for name in ("results.json", "run.json", "tiny.ipynb")),
    ]
    assert (tmp_path / kept.key / "results.json").read_bytes() == FILES["results.json"]


def test_no_half_folder_is_taken_for_a_result_and_each_is_replaced(tmp_path):
    kept = keep(tmp_path, record_of(), FILES)
    folder = tmp_path / kept.key
    whole = {path.name: path.read_bytes() for path in folder.iterdir()}
    for name, content in whole.items():
        for broken in (None, b"", content[: len(content) // 2], content + b" x"):
            if name == "run.json" and broken is not None and broken.startswith(content):
                continue  # the record alone may be read with a mark behind it, or not at all
            path = folder / name
            path.unlink() if broken is None else path.write_bytes(broken)
            assert stored(tmp_path, kept.key) is None, (name, broken)
            assert load_record(folder) is None
            assert keep(tmp_path, record_of(), FILES) == kept
            assert {path.name: path.read_bytes() for path in folder.iterdir()} == whole
    assert os.listdir(tmp_path) == [kept.key]


HOSTILE = [
    b"[]",
    b"null",
    b"[" * 100_000,
    b"\xff",
    b'{"key": 1}',
    json.dumps({**asdict(record_of()), "format": 2}).encode(),
    json.dumps({**asdict(record_of()), "format": 0}).encode(),
    json.dumps({**asdict(record_of()), "more": 1}).encode(),
    json.dumps({**asdict(record_of()), "files": ["tiny.ipynb"]}).encode(),
    json.dumps({**asdict(record_of()), "results": [1]}).encode(),
    json.dumps({**asdict(record_of()), "key": "x=2-0123456789ab"}).encode(),
]


@pytest.mark.parametrize("content", HOSTILE, ids=range(len(HOSTILE)))
def test_records_of_others_are_no_results(tmp_path, content):
    folder = tmp_path / record_of().key
    folder.mkdir()
    (folder / "run.json").write_bytes(content)
    assert stored(tmp_path, folder.name) is None
    (folder / "run.json").write_text(json.dumps(asdict(record_of())))
    assert stored(tmp_path, folder.name) == record_of()


def test_a_failed_run_never_replaces_one_that_is_done(tmp_path):
    failed = keep(tmp_path, record_of(state="failed"), {"tiny.ipynb": b"error"})
    assert os.listdir(tmp_path) == [f"{failed.key}{FAILED}"]
    assert stored(tmp_path, failed.key) is None
    assert load_record(tmp_path / f"{failed.key}{FAILED}") == failed
    again = keep(tmp_path, record_of(state="failed", error="another"), {})
    assert load_record(tmp_path / f"{failed.key}{FAILED}") == again
    done = keep(tmp_path, record_of(), FILES)
    assert os.listdir(tmp_path) == [done.key]
    assert keep(tmp_path, record_of(state="failed"), {}) == done
    assert keep(tmp_path, record_of(results={"value": 2}), FILES) == done
    assert os.listdir(tmp_path) == [done.key]
    (tmp_path / f"{done.key}{FAILED}").mkdir()  # a kill came between two steps
    assert stored(tmp_path, done.key) == done


def test_left_overs_of_a_day_ago_are_removed_and_those_of_now_are_not(tmp_path):
    for name in (".unfinished-old", ".unfinished-new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "run.json").write_text("{")
    for name in (".sweep-old", ".sweep-new"):
        (tmp_path / name).touch()
    (tmp_path / "notes").mkdir()
    for name in (".unfinished-old", ".sweep-old", "notes"):
        os.utime(tmp_path / name, (time.time() - results.OLD - 60,) * 2)
    results.remove_left_overs(tmp_path)
    assert sorted(os.listdir(tmp_path)) == [".sweep-new", ".unfinished-new", "notes"]


# --- the table


@pytest.fixture
def measured():
    chance = np.random.default_rng(1)
    return Table(
        tuple(
            {"name": name, "rate": rate, "seed": seed, "score": float(chance.normal(rate, 0.1))}
            for name in ("mlp", "cnn")
            for rate in (1, 2)
            for seed in range(5)
        )
    )


def test_a_summary_is_that_of_numpy(measured):
    summary = measured.summary("score", by=["name", "rate"])
    assert summary.columns == ("name", "rate", "runs", "mean", "spread", "lowest", "highest")
    assert [(row["name"], row["rate"]) for row in summary] == [
        *(("mlp", 1), ("mlp", 2), ("cnn", 1), ("cnn", 2))
    ]
    for row in summary:
        scores = np.array(measured.where(name=row["name"], rate=row["rate"])["score"])
        assert row["runs"] == len(scores) == 5
        assert row["mean"] == pytest.approx(np.mean(scores))
        assert row["spread"] == pytest.approx(np.std(scores, ddof=1))
        assert (row["lowest"], row["highest"]) == (scores.min(), scores.max())
    (alone,) = measured.where(name="mlp", rate=1, seed=3).summary("score", "name")
    assert (alone["runs"], alone["spread"]) == (1, None)
    assert alone["mean"] == alone["lowest"] == alone["highest"]


def test_a_summary_counts_runs_that_are_done_and_have_the_value():
    table = Table(
        (
            {"x": 1, "loss": 1.0, "state": "done"},
            {"x": 1, "loss": 9.0, "state": "failed"},
            {"x": 1, "loss": None, "state": "done"},
            {"x": 1, "loss": 3.0, "state": "done"},
            {"x": 2, "loss": None, "state": "not run"},
        )
    )
    (row,) = table.summary("loss", "x")
    assert (row["runs"], row["mean"], row["highest"]) == (2, 2.0, 3.0)
    assert len(table.done) == 3
    assert len(table.where(state="failed").summary("loss", "x")) == 0
    with pytest.raises(KeyError, match=r"lss: no such column. The table has: x, loss, state"):
        table.summary("lss", "x")
    with pytest.raises(KeyError, match="y: no such column"):
        table.where(state="failed").summary("loss", "y")
    with pytest.raises(ValueError, match="state is 'done' in a run: a summary needs a column of"):
        table.summary("state", "x")


def test_a_training_that_ran_away_is_no_number_and_stops_nothing():
    rows = [(1, 0.5), (1, math.nan), (2, 0.1), (2, math.inf), (3, 0.2), (3, 0.3)]
    table = Table(tuple({"rate": rate, "loss": loss} for rate, loss in rows))
    lost, endless, fine = table.summary("loss", "rate")
    assert all(math.isnan(lost[name]) for name in ("mean", "spread", "lowest", "highest"))
    assert (endless["mean"], endless["lowest"], endless["highest"]) == (math.inf, 0.1, math.inf)
    assert math.isnan(endless["spread"])
    assert fine["mean"] == pytest.approx(0.25)
    assert table.sorted_by("loss")["loss"][:5] == [0.1, 0.2, 0.3, 0.5, math.inf]
    assert table.sorted_by("loss", descending=True)["loss"][:5] == [math.inf, 0.5, 0.3, 0.2, 0.1]
    assert math.isnan(table.sorted_by("loss", descending=True)["loss"][5])


def test_values_of_any_kind_group_and_sort():
    values = [True, 1, 1.0, "1", None, [1], "a"]
    table = Table(tuple({"x": value, "n": 1} for value in values))
    assert [row["x"] for row in table.summary("n", "x")] == values
    assert len(table.summary("n", "x")) == len(values)
    assert table.sorted_by("x")["x"][3:] == ["1", [1], "a", None]


def test_a_table_prints_in_lines_that_align(measured):
    rows = tuple({**row, "error": "", "folder": "far/away"} for row in measured)
    lines = str(Table(rows, ("A note.",))).splitlines()
    assert lines[0].split() == ["name", "rate", "seed", "score"]  # no folder, no empty column
    assert lines[-1] == "A note."
    assert len(lines) == 22
    assert len(set(map(len, lines[:-1]))) == 1
    odd = Table(({"x": "two\nlines", "y": "\x1b[2J"}, {"x": None, "y": "w" * 400}))
    assert len(str(odd).splitlines()) == 3
    assert "\x1b" not in str(odd)
    assert max(map(len, str(odd).splitlines())) < 60
    assert str(Table(())) == ""
    many = Table(tuple({"n": number} for number in range(1041)))
    assert str(many).splitlines()[-1] == "And 1,001 more rows; save_csv writes all of them."
    assert "<script>" not in Table(({"<script>": "<b>"},), ("<i>",))._repr_html_()
    assert "&lt;b&gt;" in Table(({"x": "<b>"},))._repr_html_()


def test_a_file_for_spreadsheets_comes_back_the_same(tmp_path, monkeypatch):
    monkeypatch.setenv("DIGITREC_HOME", str(tmp_path))
    rows = (
        {"x": 1, "rate": 1e-05, "text": 'a "b", c\nd', "done": True, "none": None, "ü": "Zoë"},
        {"x": -2, "rate": 0.1 + 0.2, "text": "", "done": False, "none": None, "ü": "3"},
    )
    path = Table(rows).save_csv("tables/table.csv")
    assert path == tmp_path / "tables/table.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        back = list(csv.DictReader(file))
    assert [list(row) for row in back] == [list(rows[0])] * 2
    for row, read in zip(rows, back, strict=True):
        assert {name: "" if value is None else str(value) for name, value in row.items()} == read
    assert float(back[1]["rate"]) == rows[1]["rate"]  # every digit
    assert path.read_bytes().startswith("\ufeff".encode())  # a spreadsheet knows the letters
    with pytest.raises(OSError, match=r"table\.csv/under\.csv could not be written"):
        Table(rows).save_csv("tables/table.csv/under.csv")


def test_no_text_becomes_a_formula(tmp_path):
    texts = ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "\t=1", "plain", "a=b"]
    path = Table(tuple({"text": text, "number": -1} for text in texts)).save_csv(tmp_path / "t.csv")
    read = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"))))[1:]
    assert [row[0] for row in read] == [*(f"'{text}" for text in texts[:5]), "plain", "a=b"]
    assert {row[1] for row in read} == {"-1"}


def test_columns_of_one_name_are_all_kept(tmp_path, tiny):
    notebook = open_notebook(tiny)
    notebook = replace(notebook, defaults=notebook.defaults | {"state": "raw"})
    run = plan(notebook, {"x": 2, "state": "raw"}, "")
    saved = {"x": 7, "seconds": 8, "saved x": 9, "state": "good", "value": 1, "list": [1]}
    table = as_table(tmp_path, {run.key: run}, {run.key: record_of(run.key, results=saved)}, "", 0)
    (row,) = table
    assert (row["x"], row["given state"], row["state"], row["seconds"]) == (2, "raw", "done", 1.5)
    assert (row["saved seconds"], row["saved state"], row["value"]) == (8, "good", 1)
    assert {row["saved x"], row["saved saved x"]} == {7, 9}
    assert "list" not in row


# --- where runs happen, and what is shown of them


def test_cores_and_memory_are_divided(monkeypatch):
    monkeypatch.setattr("digitrec.sweeps.clusters.CPU_COUNT", 8)
    monkeypatch.setattr("digitrec.sweeps.clusters.MEMORY_LIMIT", 1000 * MEMORY_PER_RUN)

    def memory(bytes_):
        monkeypatch.setattr(
            "digitrec.sweeps.clusters.psutil.virtual_memory",
            lambda: type("Memory", (), {"available": bytes_})(),
        )

    memory(100 * MEMORY_PER_RUN)
    assert room_for(100, None, None) == (8, 1)
    assert room_for(3, None, None) == (3, 2)
    assert room_for(100, None, 3) == (2, 3)
    assert room_for(100, 2, None) == (2, 4)
    assert room_for(100, 20, None) == (20, 1)
    assert room_for(1, None, None) == room_for(1, 20, None) == (1, 8)
    assert room_for(100, None, 100) == (1, 100)
    memory(2.5 * MEMORY_PER_RUN)
    assert room_for(100, None, None) == (2, 4)
    memory(0)
    assert room_for(100, None, None) == (1, 8)
    memory(100 * MEMORY_PER_RUN)
    monkeypatch.setattr("digitrec.sweeps.clusters.MEMORY_LIMIT", 2e9)  # as on Binder
    assert room_for(100, None, None) == (1, 8)


@pytest.mark.parametrize("wanted", [0, -1, 1.5, True, "2"])
def test_numbers_of_workers_are_checked_before_anything(tiny, tmp_path, wanted):
    for name in ("workers", "threads"):
        with pytest.raises(ValueError, match=rf"{name} = .*: expected a whole number from 1, such"):
            sweeps.run(tiny, [{}], tmp_path / "into", address="tcp://127.0.0.1:1", **{name: wanted})
    assert not (tmp_path / "into").exists()
    assert CPU_COUNT >= 1


def test_the_address_is_the_one_given_or_of_the_environment(monkeypatch):
    monkeypatch.delenv("DASK_SCHEDULER_ADDRESS", raising=False)
    assert scheduler_address(None) is None
    assert scheduler_address("") is None
    monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", "tcp://10.0.0.7:8786")
    assert scheduler_address(None) == "tcp://10.0.0.7:8786"
    assert scheduler_address("tls://[::1]:80") == "tls://[::1]:80"
    monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", "somewhere")
    with pytest.raises(ValueError, match="'somewhere' is no address of a Dask scheduler"):
        scheduler_address(None)


ODD = ["8786", "10.0.0.7:8786", "tcp://", "tcp://h", "tcp://h:0", "tcp://h:65536", "tcp://h:1/x"]
ODD += ["http://h:1", "inproc://h:1", "file:///etc:1", "tcp://a b:1", "tcp://h:1\n", "$(id)", "../"]


@pytest.mark.parametrize("address", ODD)
def test_odd_addresses_are_refused_before_anything(address, tiny, tmp_path):
    with pytest.raises(ValueError, match="is no address of a Dask scheduler: expected one such as"):
        sweeps.run(tiny, [{}], tmp_path / "into", address=address)
    assert not (tmp_path / "into").exists()


class Seen(list):
    """A display that keeps all it was shown."""

    def show(self, text, news):
        self.append((text, news))

    def close(self):
        self.append("closed")


def test_a_progress_counts_each_run_once(monkeypatch):
    clock = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    seen = Seen()
    with Progress(6, 1, seen) as progress:
        assert seen == [("1 of 6 done, 1 of them before, workers are starting", True)]
        progress.began("a", "x=1")
        progress.began("b", "x=2")
        assert seen[-1] == ("1 of 6 done, 1 of them before, running: x=1; x=2", False)
        progress.began("a", "x=1")  # its worker was killed
        clock[0] += 10
        progress.ended("a", False)
        assert seen[-1][0] == "2 of 6 done, 1 of them before, about 40 s left, running: x=2"
        progress.ended("b", True)
        assert seen[-1][0] == "2 of 6 done, 1 of them before, 1 failed, about 15 s left"
        for name in "cdefgh":
            progress.began(name, name)
        assert seen[-1][0].endswith("running: c; d; e; f; 2 more")
        for name in "cde":
            progress.ended(name, False)
    assert seen[-2:] == [("5 of 6 done, 1 of them before, 1 failed, 10 s", False), "closed"]


def test_a_log_has_a_line_for_each_run_that_ended(capsys):
    with Progress(2, 0, Log()) as progress:
        for name in "ab":
            progress.began(name, name)
            progress.ended(name, False)
    said = capsys.readouterr()
    assert said.out == ""
    lines = said.err.splitlines()
    assert len(lines) == 3
    assert all(re.match(r"\d\d:\d\d:\d\d \d of 2 done", line) for line in lines)


def test_a_line_in_a_terminal_is_never_wider_than_it(monkeypatch):
    pty, termios = pytest.importorskip("pty"), pytest.importorskip("termios")
    fcntl = pytest.importorskip("fcntl")  # Windows has none of them
    ours, theirs = pty.openpty()
    with open(theirs, "w") as file:
        monkeypatch.setattr(sys, "stderr", file)
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 50, 0, 0))
        terminal = Terminal()
        terminal.show("w" * 200, True)
        terminal.close()
        print("end", file=file, flush=True)
        said = ""
        while "end" not in said:  # a terminal hands on what it has, and not all at once
            said += os.read(ours, 10_000).decode()
        assert 40 < max(len(line.strip()) for line in re.split("[\r\n]", said)) <= 50
    os.close(ours)
