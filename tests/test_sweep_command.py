"""`python -m digitrec sweep` as somebody at a terminal meets it, and a sweep in a notebook."""

import csv
import json
import os
import re
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from contextlib import suppress

import pytest
from conftest import ROOT
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook
from sweeping import (
    ENVIRONMENT,
    PATIENCE,
    begun,
    command,
    dask,
    descendants,
    files_below,
    gone,
    make_notebook,
    until,
)

from digitrec import sweeps
from digitrec.__main__ import main
from digitrec.sweeps import clusters

fcntl, pty, termios = (
    pytest.importorskip(name, reason="Windows has neither such terminals nor such signals")
    for name in ("fcntl", "pty", "termios")
)


@pytest.fixture(scope="module")
def one(tmp_path_factory):
    """A scheduler and one worker."""
    with dask(tmp_path_factory.mktemp("dask"), 1, ["--no-nanny"]) as running:
        yield running


def ended(process, seconds=PATIENCE):
    """The code, the output and the errors of a command that ends by itself."""
    try:
        out, errors = process.communicate(timeout=seconds)
    except BaseException:
        process.kill()
        raise
    assert "Traceback" not in errors, errors
    assert "never retrieved" not in errors, errors
    return process.returncode, out, errors


def test_a_grid_with_seeds_a_table_and_a_file(one, tmp_path):
    tiny = make_notebook(tmp_path / "tiny.ipynb", parameters=["name: str = 'a'"])
    words = [tiny.name, "--grid", "x=1,2", "--grid", 'name="b,c"', "--seeds", "2"]
    words += ["--into", "results", "--csv", "tables/table.csv", "--address", one.address]
    code, out, errors = ended(command(*words, folder=tmp_path))
    assert (code, len(errors.splitlines())) == (0, 5)
    lines = [line.split() for line in out.splitlines()]
    assert lines[0] == ["x", "name", "seed", "value", "seconds", "state"]
    rows = [["1", "b,c", "1", "1"], ["1", "b,c", "2", "2"]]
    rows += [["2", "b,c", "1", "0.5"], ["2", "b,c", "2", "1"]]
    assert [line[:4] for line in lines[1:5]] == rows
    assert out.splitlines()[5:] == ["The table is in tables/table.csv."]
    with (tmp_path / "tables/table.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["value"] for row in csv.DictReader(file)] == ["1.0", "2.0", "0.5", "1.0"]
    assert len(os.listdir(tmp_path / "results")) == 4
    # the same again, with one more, in an environment that knows the address
    (tmp_path / "sets.json").write_text(json.dumps([{"x": 2, "name": "b,c"}, {"x": 0}]))
    words = [tiny.name, "--sets", "sets.json", "--seeds", "1", "--into", "results"]
    environment = {"DASK_SCHEDULER_ADDRESS": one.address}
    code, out, _ = ended(command(*words, folder=tmp_path, environment=environment))
    assert code == 1
    assert "1 of 2 runs failed." in out
    assert "ZeroDivisionError" in out
    assert len(begun(tiny)) == 5


def test_what_is_wrong_is_a_sentence_and_nothing_is_made(tmp_path, monkeypatch, capsys):
    tiny = make_notebook(tmp_path / "tiny.ipynb", parameters=["epochs: int = 3"])
    monkeypatch.setenv("DIGITREC_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    wrong = {
        ("none.ipynb",): "There is no notebook",
        ("tiny.ipynb", "--grid", "epoch=1"): "epoch: no such parameter. This notebook has: epochs,",
        ("tiny.ipynb", "--grid", "epochs=0,many"): "epochs = 0: expected a whole number from 1 to",
        ("tiny.ipynb", "--grid", "epochs"): "'epochs': expected a parameter and its values, such",
        ("tiny.ipynb", "--seeds", "0"): "--seeds 0: expected 1 or more",
        ("tiny.ipynb", "--seeds", "x"): "argument --seeds: 'x' came, expected a whole number",
        ("tiny.ipynb", "--grid", "seed=1", "--seeds", "2"): "--seeds and a seed among the",
        ("tiny.ipynb", "--sets", "none.json"): "There is no file none.json",
        ("tiny.ipynb", "--sets", "a", "--grid", "x=1"): "--sets and --grid: expected one of them.",
        ("tiny.ipynb", "--address", "somewhere"): "'somewhere' is no address of a Dask scheduler",
        ("tiny.ipynb", "--workers", "0"): "workers = 0: expected a whole number from 1",
    }
    before = files_below(tmp_path)
    for words, sentence in wrong.items():
        try:
            code = main(["sweep", *words])
        except SystemExit as end:
            code = end.code
        said = capsys.readouterr()
        assert (code, said.out) == (2, ""), words
        assert said.err.startswith(sentence), (words, said.err)
        assert len(said.err.splitlines()) <= 3
    assert files_below(tmp_path) == before
    code, out, errors = ended(command(tiny.name, "--grid", "epoch=1", folder=tmp_path))
    assert (code, out) == (2, "")
    assert errors.splitlines()[1:] == ["Nothing was started."]
    assert files_below(tmp_path) == before
    assert begun(tiny) == []


ANSWERS = "No Dask scheduler answers at {} within 1 seconds. Start one with `dask scheduler`, and "
WORKS = "The scheduler at {} has no workers. Start one with `dask scheduler`, and workers with `"
IMPATIENT = """
import sys
from digitrec.__main__ import main
from digitrec.sweeps import clusters
clusters.PATIENCE = 1
sys.exit(main(["sweep", *sys.argv[1:]]))"""


def test_an_address_where_nobody_works_is_a_sentence_within_15_seconds(tmp_path, monkeypatch):
    """Nothing listens; something listens and says nothing, or talks of something else; no name.

    After one second here, so that nobody waits for ten.
    """
    assert clusters.PATIENCE < 15
    tiny = make_notebook(tmp_path / "tiny.ipynb")
    monkeypatch.setenv("DIGITREC_HOME", str(tmp_path))
    monkeypatch.setattr(clusters, "PATIENCE", 1)

    def talk():
        with suppress(OSError):  # at the end
            while True:
                talking.accept()[0].sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n" * 100)

    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        socket.create_server(("127.0.0.1", 0)) as talking,
        dask(tmp_path / "dask") as idle,
    ):
        threading.Thread(target=talk, daemon=True).start()
        words = [tiny, "--address", place_of(silent), "--into", "into"]
        process = command(*words, folder=tmp_path, program=["-c", IMPATIENT])
        with socket.create_server(("127.0.0.1", 0)) as closed:
            nobody = place_of(closed)
        sentences = {
            **dict.fromkeys((nobody, place_of(talking)), ANSWERS),
            "tcp://no-such-name.invalid:8786": ANSWERS,
            idle.address: WORKS,
            idle.address.replace("tcp", "tls"): "{} wants a certificate, and Dask's settings on",
        }
        for address, sentence in sentences.items():
            with pytest.raises(ConnectionError, match=f"^{re.escape(sentence.format(address))}"):
                sweeps.run(tiny, [{}], "into", address=address)
        code, out, errors = ended(process)
    assert (code, out) == (2, ""), errors
    progress, line = errors.splitlines()
    assert progress.endswith("0 of 1 done, workers are starting")
    assert line.startswith(ANSWERS.format(words[2]))
    assert not list(tmp_path.glob("into/*"))


def place_of(server):
    return f"tcp://127.0.0.1:{server.getsockname()[1]}"


def interrupted(process):
    """Press Ctrl-C: a terminal sends it to the whole process group."""
    os.killpg(process.pid, signal.SIGINT)


def test_ctrl_c_leaves_what_is_finished_and_the_same_line_goes_on(
    one, tmp_path, monkeypatch, capsys
):
    """On workers of this machine: while they start; while they work, and again while they end."""
    go = tmp_path / "go"
    tiny = make_notebook(
        tmp_path / "tiny.ipynb",
        f"if seed > 2 and not os.path.exists({str(go)!r}): time.sleep(60)",
    )
    scratch = tmp_path / "tmp"
    scratch.mkdir()
    words = [tiny.name, "--seeds", "4", "--into", "results"]
    environment = {"TMPDIR": str(scratch)}
    process = command(*words, "--workers", "1", folder=tmp_path, environment=environment)
    until(lambda: descendants(process.pid, "spawn_main"))
    interrupted(process)  # its workers are starting
    code, out, _ = ended(process)
    assert code == 130
    assert "The sweep was stopped. 4 of 4 runs are not done." in out
    assert os.listdir(scratch) == []

    process = command(*words, "--workers", "2", folder=tmp_path, environment=environment)
    until(lambda: {"1 3", "1 4"} <= set(begun(tiny)))
    until(lambda: len(list((tmp_path / "results").glob("*/run.json"))) == 2)
    below = descendants(process.pid)
    assert len(descendants(process.pid, "ipykernel_launcher")) == 2
    interrupted(process)
    time.sleep(0.3)
    interrupted(process)
    code, out, _ = ended(process)
    assert code == 130
    assert [line.split()[-1] for line in out.splitlines()[1:3]] == ["done", "done"]
    assert (
        "The sweep was stopped. 2 of 4 runs are not done. What is finished is kept: run the same "
        "again, and it goes on from there."
    ) in out
    gone(below)
    assert os.listdir(scratch) == []
    assert len(os.listdir(tmp_path / "results")) == 2

    go.touch()
    monkeypatch.setenv("DIGITREC_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert main(["sweep", *words, "--address", one.address]) == 0
    out, errors = capsys.readouterr()
    assert [line.split()[1] for line in out.splitlines()[1:]] == ["1", "2", "3", "4"]
    assert "2 of 4 done, 2 of them before" in errors
    assert sorted(begun(tiny)) == ["1 1", "1 2", "1 3", "1 3", "1 4", "1 4"]


def test_a_sweep_that_is_killed_leaves_no_process_and_goes_on(tmp_path):
    go, scratch = tmp_path / "go", tmp_path / "tmp"
    scratch.mkdir()
    tiny = make_notebook(
        tmp_path / "tiny.ipynb",
        f"if seed > 2 and not os.path.exists({str(go)!r}): time.sleep(60)",
    )
    words = [tiny.name, "--seeds", "4", "--into", "results", "--workers", "1"]
    environment = {"TMPDIR": str(scratch)}
    process = command(*words, folder=tmp_path, environment=environment)
    until(lambda: "1 3" in begun(tiny))
    below = descendants(process.pid)
    process.kill()
    process.communicate()
    gone(below)
    assert len(list((tmp_path / "results").glob("*/run.json"))) == 2
    assert len(list(scratch.glob("digitrec-sweep-*"))) == 1
    go.touch()
    code, out, _ = ended(command(*words, folder=tmp_path, environment=environment))
    assert code == 0
    assert [line.split()[1] for line in out.splitlines()[1:]] == ["1", "2", "3", "4"]
    assert sorted(begun(tiny)) == ["1 1", "1 2", "1 3", "1 3", "1 4"]
    assert os.listdir(scratch) == []  # what the killed one left there is gone, too
    assert len([name for name in os.listdir(tmp_path / "results") if name[0] != "."]) == 4


def test_in_a_terminal_one_line_changes(one, tmp_path):
    """In a window of 50 letters the line is never broken, and says what there is to say."""
    tiny = make_notebook(tmp_path / "tiny.ipynb", parameters=["word: str = 'a'"])
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 50, 0, 0))
    words = ["--grid", f"word={'w' * 90}", "--seeds", "2", "--address", one.address]
    process = subprocess.Popen(
        [sys.executable, "-m", "digitrec", "sweep", tiny.name, *words],
        cwd=tmp_path,
        env=ENVIRONMENT | {"DIGITREC_HOME": str(tmp_path)},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    said = everything(ours)
    assert process.wait(PATIENCE) == 0
    progress, table = said.split("\n", 1)  # one line, which was written over
    lines = progress.split("\r")
    assert any("0 of 2 done, workers are starting" in line for line in lines)
    assert any("1 of 2 done" in line for line in lines)
    assert lines[-1].startswith("2 of 2 done")
    assert max(map(len, lines)) <= 50
    assert table.splitlines()[0].split() == ["word", "seed", "value", "seconds", "state"]
    assert "www..." in table
    assert "Traceback" not in said


def everything(terminal):
    """All that a program writes to its terminal."""
    said = b""
    with suppress(OSError):  # how Linux says that nobody is at the other end
        while select.select([terminal], [], [], PATIENCE)[0] and (more := os.read(terminal, 65536)):
            said += more
    os.close(terminal)
    return said.decode().replace("\r\n", "\n")


def test_in_a_notebook_one_output_changes_and_the_table_is_shown(tmp_path, monkeypatch):
    """A real kernel, with a worker of this machine."""
    tiny = make_notebook(tmp_path / "tiny.ipynb")
    monkeypatch.setenv("DIGITREC_HOME", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.delenv("DASK_SCHEDULER_ADDRESS", raising=False)
    cells = [
        "from digitrec import sweeps",
        f"sweeps.run({str(tiny)!r}, sweeps.grid(seed=[1, 2, 3]), workers=1)",
    ]
    notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, timeout=PATIENCE).execute()
    outputs = notebook.cells[1].outputs
    assert [output.output_type for output in outputs] == ["display_data", "execute_result"]
    assert re.fullmatch(r"3 of 3 done, \d+ s", outputs[0].data["text/plain"])
    assert "<td>done</td>" in outputs[1].data["text/html"]
    assert outputs[1].data["text/plain"].startswith("seed  value  seconds  state")
    assert len(json.dumps(notebook)) < 20_000
    assert not descendants(words="spawn_main")


def test_a_script_that_every_worker_would_begin_again_is_stopped(tmp_path, monkeypatch):
    """Here by this process, which says that it runs such a script."""
    tiny = make_notebook(tmp_path / "tiny.ipynb")
    script = tmp_path / "script.py"
    script.write_text(
        f"from digitrec import sweeps\nsweeps.run({str(tiny)!r}, [{{}}], 'into', workers=1)\n"
    )
    monkeypatch.setenv("DIGITREC_HOME", str(tmp_path))
    monkeypatch.setattr(sys.modules["__main__"], "__file__", str(script), raising=False)
    with pytest.raises(RuntimeError) as stopped:
        sweeps.run(tiny, [{}], "into", workers=1)
    assert str(stopped.value) == (
        "Worker processes import script.py when they start, which would begin the sweep again. Put "
        'what it does below a line `if __name__ == "__main__":`.'
    )
    assert begun(tiny) == []


def test_the_help_says_how_in_examples(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "100")
    with pytest.raises(SystemExit) as end:
        main(["sweep", "--help"])
    out, errors = capsys.readouterr()
    assert (end.value.code, errors) == (0, "")
    assert "python -m digitrec sweep notebooks/03_training.ipynb" in out
    assert "--grid NAME=VALUE,VALUE" in out
    assert max(map(len, out.splitlines())) <= 100
