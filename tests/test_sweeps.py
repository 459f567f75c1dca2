"""Whole sweeps: real notebooks, kernels and worker processes; what comes back and what is kept."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import nbformat
import psutil
import pytest
from distributed import Client
from sweeping import (
    PATIENCE,
    begun,
    dask,
    descendants,
    files_below,
    make_notebook,
    until,
    waits_for,
)

from digitrec import sweeps
from digitrec.sweeps.clusters import local_workers, remove_scratch
from digitrec.sweeps.runs import THREADS

RUN_FILES = ["results.json", "run.json", "tiny.ipynb"]


@pytest.fixture(autouse=True)
def home(empty_home):
    return empty_home


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """A scheduler and two workers, for all tests that harm neither."""
    project = tmp_path_factory.mktemp("project")  # on the machines of the workers
    (project / "digits/deep").mkdir(parents=True)
    (project / "digits/deep/digit.png").write_text("a picture")
    (project / "secret.txt").write_text("of no use to a run")
    environment = {"DIGITREC_HOME": str(project)}
    folder = tmp_path_factory.mktemp("dask")
    with dask(folder, 2, ["--no-nanny"], environment=environment) as running:
        yield running


def notebook_of(folder):
    (path,) = folder.glob("*.ipynb")
    return nbformat.read(path, as_version=4)


def outputs(folder):
    """All that the notebook of a run has printed, and its errors."""
    return "".join(
        output.get("text", "") + output.get("ename", "")
        for cell in notebook_of(folder).cells
        for output in cell.get("outputs", [])
    )


def test_a_sweep_on_two_workers_and_the_same_again(two, tmp_path, home, monkeypatch):
    meet = f"""
workers = Path({str(tmp_path)!r}) / "workers"
(workers / str(os.getppid())).mkdir(parents=True, exist_ok=True)
end = time.monotonic() + 60
while len(os.listdir(workers)) < 2 and time.monotonic() < end: time.sleep(0.02)
"""
    tiny = make_notebook(
        tmp_path / "tiny.ipynb",
        meet + "\nprint('seed', seed)",
        saved="{'value': seed / x, 'worker': os.getppid(), 'many': [1, 2], 'name': '=x'}",
    )
    sets = sweeps.grid(x=[1, 2], seed=[1, 2, 3])
    table = sweeps.run(tiny, [*sets, sets[0]], address=two.address)
    assert len(table) == 6
    assert table.columns == (
        *("x", "seed", "value", "worker", "name"),
        *("seconds", "state", "error", "folder"),
    )
    assert [(row["x"], row["seed"]) for row in table] == [(x, s) for x in (1, 2) for s in (1, 2, 3)]
    assert table["value"] == [1, 2, 3, 0.5, 1, 1.5]
    assert set(table["state"]) == {"done"}
    assert set(table["worker"]) == {worker.pid for worker in two.workers}
    assert all(seconds > 0 for seconds in table["seconds"])
    assert (table.notes, table.stopped) == ((), False)
    assert sorted(begun(tiny)) == sorted(f"{one['x']} {one['seed']}" for one in sets)
    folder = home / "runs/sweeps/tiny"
    assert len(os.listdir(folder)) == 6
    for row in table:
        assert files_below(home / row["folder"]) == RUN_FILES
        assert f"seed {row['seed']}\n" in outputs(home / row["folder"])
        assert json.loads((home / row["folder"] / "results.json").read_text())["many"] == [1, 2]
        record = json.loads((home / row["folder"] / "run.json").read_text())
        assert record["parameters"]["x"] == row["x"]
    # what is done is not done again: nobody listens there, and nobody is asked
    again = sweeps.run(tiny, list(reversed(sets)), address="tcp://127.0.0.1:9")
    assert sorted(map(str, again.rows)) == sorted(map(str, table.rows))
    assert len(begun(tiny)) == 6
    # more of it does what is new alone, at the address of the environment
    monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", two.address)
    more = sweeps.run(tiny, sweeps.grid(x=2, seed=[1, 2, 3, 4]))
    assert more["value"] == [0.5, 1, 1.5, 2]
    assert set(more["worker"]) <= set(table["worker"])
    assert begun(tiny)[6:] == ["2 4"]
    assert "are also runs of other parameters or versions (3)" in more.notes[0]


def test_a_set_that_fails_stops_no_other_and_is_tried_again(two, tmp_path, home):
    code = f"print('before')\nif seed == 2 and not os.path.exists({str(tmp_path / 'mended')!r}):\n"
    code += "    raise RuntimeError('Not now,\\nnot here')"
    tiny = make_notebook(tmp_path / "tiny.ipynb", code)
    sets = sweeps.grid(x=[1, 0], seed=[1, 2])

    def run():
        return sweeps.run(tiny, sets, "into", address=two.address)

    table = run()
    assert table["state"] == ["done", "failed", "failed", "failed"]
    assert table["value"] == [1, None, None, None]
    assert table["error"] == [
        *("", "RuntimeError: Not now,", "ZeroDivisionError: division by zero"),
        "RuntimeError: Not now,",
    ]
    assert len(table.done) == 1
    assert "RuntimeError: Not now," in str(table)
    (note,) = table.notes
    assert note.startswith("3 of 4 runs failed.")
    assert len(table.summary("value", "x")) == 1
    for row in table.where(state="failed"):
        assert row["folder"].endswith("-failed")
        assert files_below(home / row["folder"]) == ["run.json", "tiny.ipynb"]
        assert outputs(home / row["folder"]).startswith("before\n")
        assert outputs(home / row["folder"]).endswith("Error")
    (tmp_path / "mended").touch()
    table = run()
    assert table["state"] == ["done", "done", "failed", "failed"]
    assert table["error"][2:] == ["ZeroDivisionError: division by zero"] * 2
    assert begun(tiny).count("1 1") == 1
    assert begun(tiny).count("1 2") == 2
    assert sorted(os.listdir(home / "into")) == sorted(Path(name).name for name in table["folder"])


def test_what_else_a_notebook_can_do_wrong_is_told(two, tmp_path, home):
    code = """
if seed == 1: psutil.Process().kill()
if seed == 2: sys.exit(3)
if seed == 3: results_path = "runs/other.json"
if seed == 5: exec("def")
"""
    tiny = make_notebook(
        tmp_path / "{odd} [1].ipynb", code, saved="[1, 2] if seed == 4 else {'value': 1}"
    )
    table = sweeps.run(tiny, sweeps.grid(seed=range(1, 7)), address=two.address)
    assert table["state"] == ["failed"] * 5 + ["done"]
    errors = table["error"]
    assert "The kernel ended, perhaps because memory was short." in errors[0]
    assert errors[1].startswith("SystemExit: 3")
    assert errors[2] == "ValueError: The notebook saved no results as runs/results.json."
    assert errors[3] == "ValueError: runs/results.json holds no results by name in JSON."
    assert errors[4].startswith("SyntaxError: ")
    assert "DeadKernelError" in outputs(home / table["folder"][0])
    assert all(notebook_of(home / folder).cells for folder in table["folder"])


def test_any_value_arrives_as_it_is(two, tmp_path):
    """All of them in one run; that each would be a run of its own, `test_sweep_parts.py` says."""
    values = [
        *(1, 1.0, True, "1", None, -2, 1e-300, False, 2**70),
        *("", "\N{SNOWMAN} Zoë", "a\"b'c\\d", "two\nlines", '<>:"/\\|?*', "../up", "w" * 5000),
    ]
    names = [f"v{number}" for number in range(len(values))]
    tiny = make_notebook(
        tmp_path / "tiny.ipynb",
        saved=f"{{'value': repr([{', '.join(names)}])}}",
        parameters=[f"{name}: object = 1" for name in names],
    )
    table = sweeps.run(tiny, [dict(zip(names, values, strict=True))], address=two.address)
    assert table["state"] == ["done"]
    assert json.dumps([table[name][0] for name in names]) == json.dumps(values)
    assert table["value"] == [repr(values)]


def test_each_run_has_a_project_folder_threads_and_files_of_its_own(two, tmp_path, home):
    """Networks are kept where wanted; nothing stays in the folders for temporary files."""
    (home / "digits").mkdir()
    code = f"""
home = Path(os.environ["DIGITREC_HOME"])
found = sorted(path.relative_to(home).as_posix() for path in home.rglob("*"))
for name in ("models/a.keras", "models/a.json", "other/a.keras", "runs/run.json"):
    (home / name).parent.mkdir(exist_ok=True)
    (home / name).write_text("{{}}")
Path("beside.txt").write_text(f"{{seed}}")
variables = {{name: os.environ.get(name) for name in {THREADS!r}}}
"""
    own = "{**variables, 'found': ' '.join(found), 'home': str(home), 'folder': os.getcwd()}"
    tiny = make_notebook(
        tmp_path / "tiny.ipynb", code, saved=own, parameters=["digits_folder: str = 'digits'"]
    )
    sets = sweeps.grid(seed=[1, 2])
    first = sweeps.run(tiny, sets, "first", address=two.address)
    assert set(first["state"]) == {"done"}
    assert all(set(first[name]) == {"1"} for name in THREADS)
    assert set(first["found"]) == {"digits digits/deep digits/deep/digit.png"}
    assert len(set(first["home"])) == 2
    assert first["home"] == first["folder"] or first["saved folder"] == first["home"]
    second = sweeps.run(tiny, sets, "second", address=two.address, threads=3, networks=True)
    assert all(set(second[name]) == {"3"} for name in THREADS)
    for row in first:
        assert files_below(home / row["folder"]) == RUN_FILES
    for row in second:
        networks = ["a.json", "a.keras", "other-a.keras"]
        assert files_below(home / row["folder"]) == sorted([*RUN_FILES, *networks])
    assert not any(map(os.path.exists, [*first["home"], *second["home"]]))
    assert not (Path.cwd() / "beside.txt").exists()
    assert sorted(os.listdir(home)) == ["digits", "first", "second"]


def test_a_results_file_called_like_the_record_is_not_lost(two, tmp_path, home):
    tiny = make_notebook(tmp_path / "tiny.ipynb", results=False)
    notebook = nbformat.read(tiny, as_version=4)
    notebook.cells[1].source += "\nresults_path = 'run.json'"
    notebook.cells[
        4
    ].source = (
        "(Path(os.environ['DIGITREC_HOME']) / results_path).write_text(json.dumps({'value': seed}))"
    )
    nbformat.write(notebook, tiny)
    for _ in range(2):
        table = sweeps.run(tiny, [{}], "into", address=two.address)
        assert table["value"] == [1]
    assert begun(tiny) == ["1 1"]


def test_a_notebook_without_results_is_a_run_too(two, tmp_path):
    tiny = make_notebook(tmp_path / "tiny.ipynb", results=False)
    table = sweeps.run(tiny, [{}], "into", address=two.address)
    assert table["state"] == ["done"]
    assert table.columns == ("seconds", "state", "error", "folder")


def test_results_come_through_the_scheduler_where_workers_see_no_folder(two, tmp_path, home):
    """The token is gone before the second run begins: its worker sees what a far one sees."""
    tiny = make_notebook(tmp_path / "tiny.ipynb", waits_for(tmp_path / "go"))
    seen = []

    def remove_token():
        until(lambda: len(begun(tiny)) == 2)  # both workers are at work
        seen.extend((home / "into").glob(".sweep-*"))
        for token in seen:
            token.unlink()
        (tmp_path / "go").touch()

    thread = threading.Thread(target=remove_token)
    thread.start()
    table = sweeps.run(tiny, sweeps.grid(seed=[1, 2, 3]), "into", address=two.address)
    thread.join()
    assert len(seen) == 1
    assert table["state"] == ["done"] * 3
    assert table["value"] == [1, 2, 3]
    assert all(files_below(home / folder) == RUN_FILES for folder in table["folder"])
    assert len(begun(tiny)) == 3


ALONE = ["unshare", "--user", "--map-root-user", "--mount"]


@pytest.mark.skipif(
    not shutil.which("unshare") or subprocess.run([*ALONE, "true"], check=False).returncode != 0,
    reason="this machine lets nobody have a view of files of their own",
)
def test_a_worker_on_whose_machine_there_is_no_such_folder(tmp_path, home):
    """Its view of files has an empty place there; two threads do two runs side by side."""
    hide = f'mount -t tmpfs none {home} && exec "$@"'
    words = ["--no-nanny", "--nthreads", "2"]
    tiny = make_notebook(
        tmp_path / "tiny.ipynb",
        f"print(os.path.exists({str(home / 'into')!r}))",
        parameters=["digits_folder: str = 'digits'"],
    )
    (home / "digits").mkdir()
    with dask(tmp_path / "dask", 1, words, before=[*ALONE, "sh", "-c", hide, "-"]) as far:
        table = sweeps.run(tiny, sweeps.grid(seed=[1, 2], x=[1, 0]), "into", address=far.address)
    assert table["state"] == ["done", "failed"] * 2
    assert table["value"] == [1, None, 2, None]
    assert files_below(home / table["folder"][0]) == RUN_FILES
    assert files_below(home / table["folder"][1]) == ["run.json", "tiny.ipynb"]
    assert {outputs(home / folder).splitlines()[0] for folder in table["folder"]} == {"False"}
    assert len(os.listdir(home / "into")) == 4


def test_results_of_another_version_are_not_taken_and_not_destroyed(two, tmp_path, home):
    tiny = make_notebook(tmp_path / "tiny.ipynb")

    def run():
        return sweeps.run(tiny, [{}], "into", address=two.address)

    run()
    notebook = nbformat.read(tiny, as_version=4)
    notebook.cells[4].source = notebook.cells[4].source.replace("seed / x", "seed / x + 100")
    nbformat.write(notebook, tiny)
    before = {path: path.read_bytes() for path in (home / "into").rglob("*") if path.is_file()}
    assert len(before) == 3
    table = run()
    assert table["value"] == [101]
    assert table.notes == (
        "In into are also runs of other parameters or versions (1); they are not counted here.",
    )
    assert all(path.read_bytes() == content for path, content in before.items())
    # records of another format under this very name are no results: the run is done again
    record = home / table["folder"][0] / "run.json"
    record.write_text(record.read_text().replace('"format": 1', '"format": 2'))
    assert run()["value"] == [101]
    assert len(begun(tiny)) == 3


def test_half_a_run_in_the_folder_is_done_again(two, tmp_path, home):
    """Each way to be half there has a case in `test_sweep_parts.py`."""
    tiny = make_notebook(tmp_path / "tiny.ipynb")
    sets = sweeps.grid(seed=[1, 2, 3])
    table = sweeps.run(tiny, sets, "into", address=two.address)
    folders = [home / folder for folder in table["folder"]]
    (folders[0] / "run.json").unlink()
    (folders[1] / "results.json").write_bytes((folders[1] / "results.json").read_bytes()[:-1])
    (home / "into/.unfinished-0123").mkdir()
    (home / "into/.unfinished-0123/run.json").write_bytes((folders[2] / "run.json").read_bytes())
    again = sweeps.run(tiny, sets, "into", address=two.address)
    assert again["value"] == [1, 2, 3]
    assert again.notes == ()
    assert sorted(begun(tiny)) == ["1 1", "1 1", "1 2", "1 2", "1 3"]
    assert all(files_below(folder) == RUN_FILES for folder in folders)


def test_two_sweeps_into_one_folder_at_once(two, tmp_path, home):
    """Two programs begin the same runs together; each ends with all results, each kept once.

    Neither reads the grammar that takes more time than all else that it loads.
    """
    tiny = make_notebook(tmp_path / "tiny.ipynb", "time.sleep(0.2)", saved="{'value': seed / x}")
    code = (
        "import sys; from digitrec import sweeps\n"
        "sets = sweeps.grid(x=[1, 2], seed=[1, 2, 3])\n"
        "if sys.argv[3] == 'turned': sets.reverse()\n"
        "table = sweeps.run(sys.argv[1], sets, 'into', address=sys.argv[2])\n"
        "print(sorted(table['value']), table.notes, set(table['state']), 'lark' in sys.modules)"
    )
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", code, tiny, two.address, order],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for order in ("straight", "turned")
    ]
    said = [program.communicate(timeout=PATIENCE) for program in programs]
    expected = "[0.5, 1.0, 1.0, 1.5, 2.0, 3.0] () {'done'} False\n"
    assert [out for out, _ in said] == [expected] * 2, said
    assert all("Traceback" not in errors for _, errors in said)
    assert len(os.listdir(home / "into")) == 6
    assert all(files_below(home / "into" / name) == RUN_FILES for name in os.listdir(home / "into"))
    assert len(set(begun(tiny))) == 6
    assert len(begun(tiny)) <= 6 + 4  # what was begun by one while the other was at it


def test_workers_of_this_machine_are_ours_alone_and_leave_nothing(tmp_path, monkeypatch):
    """One worker: listening on loopback alone, behind a certificate, gone with its files."""
    scratch = tmp_path / "tmp"
    scratch.mkdir()
    (scratch / "digitrec-sweep-killed").mkdir()
    (scratch / "digitrec-sweep-killed/.lock").touch()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    monkeypatch.setenv("TMPDIR", str(scratch))
    before = set(descendants())
    with local_workers(1) as client:
        address = client.scheduler.address
        assert address.startswith("tls://127.0.0.1:")
        listening = [
            connection.laddr
            for process in (psutil.Process(), *(set(descendants()) - before))
            for connection in process.net_connections()
            if connection.status == psutil.CONN_LISTEN
        ]
        assert {place.ip for place in listening} == {"127.0.0.1"}
        with pytest.raises((OSError, TimeoutError)):  # a stranger has no certificate
            Client(address.replace("tls", "tcp"), timeout=2, set_as_default=False)
        assert client.submit(sum, [1, 2]).result() == 3
        (folder,) = scratch.glob("digitrec-sweep-*")  # that of the killed one is gone
        remove_scratch()  # as another sweep begins; it takes nothing of a living one away
        assert list(scratch.iterdir()) == [folder]
    assert os.listdir(scratch) == []
    trackers = set(descendants(words="resource_tracker"))  # Python's own, until it ends
    assert set(descendants()) <= before | trackers
