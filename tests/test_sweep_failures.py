"""Sweeps in which something dies: nothing is lost, counted twice, or waited for without end."""

import os
import signal
import threading
from contextlib import contextmanager
from textwrap import indent

import psutil
import pytest
from sweeping import (
    begun,
    dask,
    descendants,
    files_below,
    gone,
    make_notebook,
    until,
    waits_for,
)

from digitrec import sweeps

resource = pytest.importorskip("resource", reason="Windows ends and limits no process like this")
RUN_FILES = ["results.json", "run.json", "tiny.ipynb"]


@pytest.fixture(autouse=True)
def home(empty_home):
    return empty_home


@pytest.fixture(scope="module")
def one(tmp_path_factory):
    """A scheduler and one worker, for all tests that harm neither."""
    with dask(tmp_path_factory.mktemp("dask"), 1, ["--no-nanny"]) as running:
        yield running


@contextmanager
def meanwhile(action):
    """Do something in a thread, and fail where that failed."""
    wrong = []

    def run():
        try:
            action()
        except BaseException as error:
            wrong.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    yield
    thread.join()
    if wrong:
        raise wrong[0]


def kernels():
    """The kernels that run below this process."""
    return descendants(words="ipykernel_launcher")


def test_a_worker_that_is_killed_gives_its_run_back(tmp_path, home, monkeypatch, capfd):
    """On workers of this machine: one SIGKILL in a run; its kernel ends, its files are removed."""
    scratch = tmp_path / "tmp"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    monkeypatch.setenv("TMPDIR", str(scratch))
    code = f"if seed == 2 and not os.path.exists({str(tmp_path / 'go')!r}):\n"
    code += f"    Path({str(tmp_path / 'pid')!r}).write_text(str(os.getppid()))\n    time.sleep(60)"
    tiny = make_notebook(tmp_path / "tiny.ipynb", code)
    saw = []

    def kill():
        path = tmp_path / "pid"
        worker = psutil.Process(int(until(lambda: path.exists() and path.read_text())))
        (kernel,) = (one for one in kernels() if one.ppid() == worker.pid)
        (tmp_path / "go").touch()
        worker.kill()
        saw.extend([kernel, worker])

    with meanwhile(kill):
        table = sweeps.run(tiny, sweeps.grid(seed=[1, 2, 3, 4]), "into", workers=2)
    assert table["state"] == ["done"] * 4
    assert table["value"] == [1, 2, 3, 4]
    assert table.notes == ()
    counted = [begun(tiny).count(f"1 {seed}") for seed in (1, 2, 3, 4)]
    assert counted[1] == 2
    assert sorted(counted) in ([1, 1, 1, 2], [1, 1, 2, 2])  # one more may have been begun there
    gone(saw)
    assert not kernels()
    assert len(os.listdir(home / "into")) == 4
    assert os.listdir(scratch) == []
    errors = capfd.readouterr().err
    assert "4 of 4 done" in errors.splitlines()[-1]
    assert "Traceback" not in errors
    assert "distributed" not in errors


def test_a_run_that_kills_its_workers_is_told_and_takes_no_other_along(tmp_path, home, capfd):
    """Two workers get eight runs at once, so that innocent ones wait where the killer is."""
    code = "if seed == 1: os.kill(os.getppid(), signal.SIGKILL); time.sleep(60)"
    tiny = make_notebook(tmp_path / "tiny.ipynb", code)
    with dask(tmp_path / "dask", 2) as running:
        table = sweeps.run(
            tiny, sweeps.grid(x=1, seed=range(1, 5)), "into", address=running.address
        )
    assert table["state"] == ["failed", "done", "done", "done"]
    assert table["value"] == [None, 2, 3, 4]
    assert table["error"][0] == (
        "Its worker ended 4 times in the middle, perhaps because memory was short. Run fewer at a "
        "time."
    )
    assert begun(tiny).count("1 1") == 4
    assert files_below(home / table["folder"][0]) == ["run.json"]
    assert table.notes[0].startswith("1 of 4 runs failed.")
    assert "Traceback" not in capfd.readouterr().err


def test_a_scheduler_that_goes_away_ends_the_sweep_with_a_sentence(tmp_path, home, capfd):
    code = f"if seed > 2:\n    Path({str(tmp_path / 'third')!r}).touch()\n    time.sleep(60)"
    tiny = make_notebook(tmp_path / "tiny.ipynb", code)
    with dask(tmp_path / "dask", 1, ["--no-nanny"]) as running:

        def kill():
            until((tmp_path / "third").exists)
            until(lambda: len(list((home / "into").glob("*/run.json"))) == 2)
            running.scheduler.kill()

        with meanwhile(kill):
            table = sweeps.run(
                tiny, sweeps.grid(seed=[1, 2, 3, 4]), "into", address=running.address
            )
    assert table["state"] == ["done", "done", "not run", "not run"]
    assert table["value"] == [1, 2, None, None]
    assert not table.stopped
    assert table.notes == (
        "The scheduler went away, or gave the runs up. 2 of 4 runs are not done. What is finished "
        "is kept: run the same again, and it goes on from there.",
    )
    assert len(os.listdir(home / "into")) == 2
    errors = capfd.readouterr().err
    assert "Traceback" not in errors
    assert "distributed" not in errors


def test_a_worker_with_another_version_of_the_package_is_told(one, tmp_path, monkeypatch):
    """The sweep sends the checksum of a package that the worker has not."""
    monkeypatch.setattr("digitrec.sweeps.sweep.package_fingerprint", lambda: "another")
    tiny = make_notebook(tmp_path / "tiny.ipynb")
    table = sweeps.run(tiny, sweeps.grid(seed=[1, 2]), "into", address=one.address)
    assert table["state"] == ["failed"] * 2
    assert "has another digitrec, or other libraries, than the machine that" in table["error"][0]
    assert table["error"][0].startswith("RuntimeError: ")
    assert begun(tiny) == []


def test_a_disk_that_is_full_ends_the_sweep_and_keeps_what_is_done(tmp_path, home):
    """The third run has more to store than a file may hold, for the worker and for us."""
    sets = sweeps.grid(seed=[1, 2, 3])
    least, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    limit = 'ulimit -S -f 10000 && exec "$@"'  # blocks of 1,024 bytes; the kernel has no limit
    lift = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)"
    )
    tiny = make_notebook(
        tmp_path / "tiny.ipynb",
        lift,
        saved="{'value': seed, 'long': 'w' * (20_000_000 * (seed > 2))}",
    )
    with dask(tmp_path / "dask", 1, ["--no-nanny"], ["bash", "-c", limit, "-"]) as running:
        resource.setrlimit(resource.RLIMIT_FSIZE, (10_000_000, most))
        try:
            table = sweeps.run(tiny, sets, "into", address=running.address)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (least, most))
        assert table["state"] == ["done", "done", "not run"]
        (note,) = table.notes
        assert "into could not be written (File too large). Make room on the disk, or" in note
        assert "1 of 3 runs are not done. What is finished is kept" in note
        assert len(os.listdir(home / "into")) == 2  # nothing half-written is left
        # the worker's disk is still full: it sends what it cannot store
        table = sweeps.run(tiny, sets, "into", address=running.address)
    assert table["state"] == ["done"] * 3
    assert len(table["long"][2]) == 20_000_000


def test_a_folder_that_cannot_be_written_to_is_told_before_anything(tmp_path, home):
    (home / "into").write_text("a file")
    tiny = make_notebook(tmp_path / "tiny.ipynb")
    for place in ("into", "into/deep"):
        with pytest.raises(OSError, match=r"into.* could not be written \(.*\)\. ") as refusal:
            sweeps.run(tiny, [{}], place, workers=1)
        assert refusal.value.errno
    assert begun(tiny) == []


def test_ctrl_c_in_the_middle_keeps_what_is_done(one, tmp_path, home):
    """As the stop button of a notebook does it, on workers of a scheduler."""
    go = tmp_path / "go"
    code = f"if seed == 2:\n    Path({str(tmp_path / 'second')!r}).touch()\n"
    tiny = make_notebook(tmp_path / "tiny.ipynb", code + indent(waits_for(go), "    "))

    def stop():
        until((tmp_path / "second").exists)
        until(lambda: list((home / "into").glob("*/run.json")))
        os.kill(os.getpid(), signal.SIGINT)

    with meanwhile(stop):
        table = sweeps.run(tiny, sweeps.grid(seed=[1, 2, 3]), "into", address=one.address)
    assert table.stopped
    assert table["state"] == ["done", "not run", "not run"]
    assert table.notes[0].startswith("The sweep was stopped. 2 of 3 runs are not done.")
    go.touch()
    again = sweeps.run(tiny, sweeps.grid(seed=[1, 2, 3]), "into", address=one.address)
    assert again["value"] == [1, 2, 3]
    assert begun(tiny).count("1 1") == 1
    assert begun(tiny).count("1 3") == 1
