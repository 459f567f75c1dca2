"""What Linux forgives: encodings, modules, signals and names that other systems do not have."""

import ast
import errno
import os
import re
import subprocess
from collections import Counter
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest
from conftest import ROOT

from digitrec import files

FOLDERS = ("digitrec", "scripts", "benchmarks", "tests")
TREES = {
    path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8"))
    for name in FOLDERS
    for path in sorted((ROOT / name).rglob("*.py"))
}
UNIX_MODULES = {"fcntl", "grp", "pty", "pwd", "resource", "termios", "tty"}
UNIX_NAMES = {
    "os": {"fork", "getuid", "killpg", "mkfifo", "sched_getaffinity", "setsid", "uname", "wait4"},
    "signal": {"SIGALRM", "SIGCONT", "SIGHUP", "SIGKILL", "SIGSTOP", "pthread_sigmask"},
}
MODE = re.compile(r"[rwxab+]{1,3}")  # of a file
NO_TEXT = {"Image", "archive", "os", "tarfile", "webbrowser", "zipfile"}  # whose open has no text
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)  # by Windows


def without_encoding(tree: ast.Module) -> list[int]:
    """Return the lines that read or write text in whatever encoding the machine has."""
    lines = []
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        owner = getattr(getattr(call.func, "value", None), "id", "")
        texts = [part.value for part in call.args if isinstance(part, ast.Constant)]
        named = {part.arg: getattr(part.value, "value", "") for part in call.keywords}
        modes = [text for text in (*texts, named.get("mode")) if MODE.fullmatch(str(text))]
        given = {
            "open": owner in NO_TEXT or "b" in "".join(modes),
            "read_text": len(call.args) > 0,
            "write_text": len(call.args) > 1,
        }
        if "encoding" not in named and not given.get(name, True):
            lines.append(call.lineno)
    return lines


def of_unix_alone(tree: ast.Module) -> list[str]:
    """Return what a module needs from the moment of its import and Windows has not."""
    names = []
    for node in tree.body:  # not in a function or below try
        if isinstance(node, ast.Import):
            names += [one.name for one in node.names]
        elif isinstance(node, ast.ImportFrom):
            names.append(node.module or "")
    return sorted(set(names) & UNIX_MODULES)


def test_text_is_read_and_written_in_a_named_encoding():
    """Windows would take its own, in which a letter with an accent is two others."""
    found = {
        name: without_encoding(tree)
        for name, tree in TREES.items()
        if not name.startswith("tests/")  # they read what is ASCII, or name its encoding
    }
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_what_has_no_encoding_is_found():
    code = "path.read_text()\npath.write_text(text)\npath.open('a')\nopen(name)\nopen(a, mode='w')"
    assert without_encoding(ast.parse(code)) == [1, 2, 3, 4, 5]
    code = "path.read_text('utf-8')\npath.write_text(text, 'utf-8')\npath.open('rb')\n"
    code += "open(a, encoding='ascii')\nImage.open(a)\nopen(name, mode='xb')\n"
    assert without_encoding(ast.parse(code)) == []


def test_every_module_can_be_imported_on_every_system():
    found = {name: of_unix_alone(tree) for name, tree in TREES.items()}
    assert {name: modules for name, modules in found.items() if modules} == {}


def test_the_package_asks_before_it_uses_what_unix_alone_has():
    for path in (ROOT / "digitrec").rglob("*.py"):
        text = path.read_text("utf-8")
        for module, names in UNIX_NAMES.items():
            for name in re.findall(rf"\b{module}\.(\w+)", text):
                asked = f'hasattr({module}, "{name}")' in text
                assert name not in names or asked, f"{path.name}: {module}.{name}"


@pytest.fixture
def like_windows(monkeypatch):
    """Locks as Windows gives them, and a file that keeps its name while somebody has it open."""
    holders, refusals, real = {}, [1, 1], os.replace

    def is_open(number, place):
        with suppress(OSError):
            return os.fstat(number).st_ino == place
        return False  # who closes a file lets go of it

    def locking(number, mode, size):
        place = os.fstat(number).st_ino
        holder = holders.setdefault(place, number)
        if holder != number and is_open(holder, place):
            raise PermissionError(errno.EACCES, "Permission denied")
        holders[place] = number

    def replace(source, target):
        if refusals:
            refusals.pop()
            raise PermissionError(errno.EACCES, "Permission denied")
        real(source, target)

    monkeypatch.setattr(files, "fcntl", None)
    fake = SimpleNamespace(locking=locking, LK_NBLCK=2)
    monkeypatch.setattr(files, "msvcrt", fake, raising=False)
    monkeypatch.setattr(os, "replace", replace)
    return refusals


def test_files_are_saved_whole_and_in_turn_as_windows_does_it(like_windows, tmp_path, monkeypatch):
    path = tmp_path / "results.json"
    path.write_text("old")
    (tmp_path / f"{files.MARK}dead.json").touch()  # what a killed save left
    files.write_whole(path, lambda temporary: temporary.write_text("new"))
    assert (path.read_text(), like_windows) == ("new", [])  # after another program closed it
    assert [one.name for one in tmp_path.iterdir()] == ["results.json"]
    monkeypatch.setattr(files, "TURN", 0.05)
    with (
        files.one_at_a_time(tmp_path),
        pytest.raises(TimeoutError, match="Another program has been changing"),
        files.one_at_a_time(tmp_path),
    ):
        pass
    with files.one_at_a_time(tmp_path):
        assert path.read_text() == "new"
    like_windows += [1] * 100
    monkeypatch.setattr(files, "PATIENCE", 0.05)
    with pytest.raises(PermissionError, match="Close the program that has it open"):
        files.write_whole(path, lambda temporary: temporary.write_text("newer"))
    assert path.read_text() == "new"


def listed(*options: str) -> list[str]:
    """Return what git says of the files that it knows."""
    command = ["git", "-C", ROOT, "ls-files", *options]
    try:
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no clone: git knows nothing of these files")
    return done.stdout.splitlines()


def test_names_of_files_can_be_had_everywhere():
    names = listed()
    assert len(names) > 500
    twice = [name for name, count in Counter(map(str.casefold, names)).items() if count > 1]
    assert twice == []
    for name in names:
        assert len(name) < 120, name  # of Windows' 260, with the folder of the clone
        assert re.fullmatch(r"[\w.+/ -]+", name, re.ASCII), name
        parts = Path(name).parts
        assert not [part for part in parts if RESERVED.fullmatch(part) or part[-1] in ". "], name


def test_git_gives_every_text_the_same_ends_of_lines():
    """Checksums, notebooks and what scripts make again are compared byte by byte."""
    lines = [line.split("\t") for line in listed("--eol")]
    wrong = [name for about, name in lines if "i/crlf" in about or "i/mixed" in about]
    assert wrong == []
    free = [name for about, name in lines if "i/lf" in about and "eol=lf" not in about]
    assert free == []
