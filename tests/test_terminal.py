"""The package at a terminal: what it writes and says, and how it refuses."""

import os
import re
import shlex
import subprocess
import sys
from importlib.metadata import version

import pytest
from conftest import ROOT
from printed import printed

from digitrec import project_path
from digitrec.__main__ import all_commands, main
from digitrec.sheets import make_sheet


def terminal(*words, folder=ROOT, **environment):
    """Run a command as somebody at a terminal does."""
    return subprocess.run(
        [sys.executable, "-m", "digitrec", *words],
        capture_output=True,
        text=True,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "80"} | environment,
    )


def refused(capsys, *words):
    """What the command says where it ends with 2, in this process."""
    try:
        code = main(words)
    except SystemExit as end:
        code = end.code
    said = capsys.readouterr()
    assert code == 2
    assert said.out == ""
    assert said.err.count("\n") == 1, said.err
    return said.err


def test_a_class_set_goes_where_the_terminal_is(tmp_path):
    done = terminal(
        *("sheet", "class.pdf", "--writers", "3", "--each", "2", "--paper", "Letter"),
        *("--run", "412", "--first-writer", "31"),
        folder=tmp_path,
    )
    assert (done.returncode, done.stderr) == (0, "")
    pages = printed(tmp_path / "class.pdf")
    assert [page.text.split("Sheet ")[1].split()[0] for page in pages] == [
        "412-31",
        "412-32",
        "412-33",
    ]
    assert pages[0].size[0] == pytest.approx(215.9, abs=0.01)
    said = "Wrote class.pdf. Sheets 412-31 to 412-33, 2 of each digit, 3 pages of Letter."
    assert said in done.stdout
    assert "copy none of them" in done.stdout
    assert "python -m digitrec hands FOLDER" in done.stdout
    assert "--run 412 --first-writer 34" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 100
    again = make_sheet(
        tmp_path / "again.pdf", writers=3, each=2, paper="Letter", run=412, first_writer=31
    )
    assert again.read_bytes() == (tmp_path / "class.pdf").read_bytes()


def test_letters_that_windows_cannot_write_to_a_file_stop_nothing(tmp_path):
    done = terminal("sheet", "\u0141ukasz.pdf", folder=tmp_path, PYTHONIOENCODING="cp1252")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Wrote ?ukasz.pdf. Sheet ")


def test_one_sheet_to_be_copied_and_how_to_make_it_again(tmp_path, capsys):
    assert main(["sheet", str(tmp_path / "sheet.pdf"), "--each", "12"]) == 0
    said = capsys.readouterr().out
    pages = printed(tmp_path / "sheet.pdf")
    assert len(pages) == 2
    run = pages[0].text.split("Sheet ")[1].split()[0]
    assert f"sheet.pdf. Sheet {run}, 12 of each digit, 2 pages of A4." in said
    assert "Copies of several pages do not say whose they are; --writers does." in said
    before = (tmp_path / "sheet.pdf").read_bytes()
    assert main(["sheet", str(tmp_path / "sheet.pdf"), "--each", "12", "--run", run]) == 0
    assert (tmp_path / "sheet.pdf").read_bytes() == before


def test_nobody_is_told_to_go_on_beyond_the_last_writer(tmp_path, capsys):
    arguments = ["sheet", str(tmp_path / "sheet.pdf"), "--writers", "1", "--each", "1"]
    assert main([*arguments, "--first-writer", "999"]) == 0
    assert "--first-writer" not in capsys.readouterr().out
    assert main(["sheet", str(tmp_path / "sheet.pdf"), "--each", "1"]) == 0
    said = capsys.readouterr().out
    assert "--first-writer" not in said
    assert "name each photo after its writer" in said
    assert "copy none" not in said


def test_help_reads_well_and_comes_where_nothing_is_asked(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    assert main([]) == 0
    alone = capsys.readouterr().out
    with pytest.raises(SystemExit, match=r"^0$"):
        main(["--help"])
    assert capsys.readouterr().out == alone
    assert "sheet" in alone
    with pytest.raises(SystemExit, match=r"^0$"):
        main(["sheet", "--help"])
    more = capsys.readouterr().out
    for option in ("FILE.pdf", "--writers", "--each", "--paper", "--run", "--first-writer"):
        assert option in more
    assert "A4 or Letter" in more
    assert max(map(len, (alone + more).splitlines())) <= 80
    for code in ("0", "1", "2", "130", "141"):
        assert re.search(rf"^  {code} +\w", alone, re.MULTILINE)
    assert project_path("").as_posix() in alone
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith(f"digitrec {version('digitrec')}\n")


@pytest.mark.parametrize("command", ["read", "page", "sheet", "hands", "sweep"])
def test_every_example_of_the_help_is_one(command, capsys):
    """Each line is read by the same parser, and by a shell before it."""
    with pytest.raises(SystemExit):
        main([command, "--help"])
    lines = capsys.readouterr().out.replace("\\\n", "").splitlines()
    examples = [line for line in lines if line.startswith("    python -m digitrec")]
    assert len(examples) >= 3
    for example in examples:
        words = shlex.split(re.split("[|<>]", example)[0])
        assert words[3] == command
        assert all_commands().parse_args(words[3:]).command == command


def test_help_names_the_program_as_it_was_called(capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["/somewhere/bin/digitrec"])
    with pytest.raises(SystemExit):
        main(["hands", "--help"])
    said = capsys.readouterr().out
    assert said.startswith("usage: digitrec hands")
    assert "\n    digitrec hands photos\n" in said
    assert "python -m" not in said


def test_an_error_is_one_sentence_and_ends_with_2(tmp_path):
    done = terminal("sheet", "class.png", folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        'path is "class.png", expected the name of a file that ends in .pdf, such as "sheet.pdf"\n'
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["sheet"], "required: FILE.pdf"),
        (["sheet", "x.pdf", "--writers", "0"], "writers is 0, expected a whole number from 1"),
        (["sheet", "x.pdf", "--writers", "many"], "--writers: 'many' came, expected a whole"),
        (["sheet", "x.pdf", "--each", "5000"], "each is 5000, expected"),
        (["sheet", "x.pdf", "--paper", "A5"], "paper is 'A5', expected"),
        (["sheet", "x.pdf", "--run", "1000"], "run is 1000, expected"),
        (["sheet", "x.pdf", "--first-writer", "5"], "first_writer is 5 without writers"),
        (["sheet", "x.pdf", "--wrtiers", "5"], "--wrtiers"),
        (["sheet", "x.pdf", "--write", "5"], "--write"),
        (["sheets", "x.pdf"], "sheets"),
    ],
)
def test_each_slip_is_named(words, message, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert message in refused(capsys, *words)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_to_is_one_sentence(capsys, tmp_path):
    (tmp_path / "file").write_text("")
    said = refused(capsys, "sheet", str(tmp_path / "file" / "sheet.pdf"), "--each", "1")
    assert "could not be written" in said
    (tmp_path / "folder.pdf").mkdir()
    said = refused(capsys, "sheet", str(tmp_path / "folder.pdf"), "--each", "1")
    assert "could not be written" in said


def test_help_and_a_name_without_a_picture_load_nothing_heavy():
    code = """
import sys
from digitrec.__main__ import main
assert main([]) == 0
assert main(["read", "none.png"]) == 1
heavy = {"tensorflow", "keras", "matplotlib", "distributed", "papermill"} & set(sys.modules)
assert not heavy, heavy
"""
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, capture_output=True)


def test_writing_a_sheet_loads_neither_tensorflow_nor_a_notebook(tmp_path):
    code = f"""
import sys
from digitrec.__main__ import main
assert main(["sheet", {str(tmp_path / "sheet.pdf")!r}, "--each", "1"]) == 0
heavy = {{"tensorflow", "keras", "IPython", "ipywidgets", "matplotlib.pyplot"}} & set(sys.modules)
assert not heavy, heavy
"""
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, capture_output=True)
