"""The package as a whole: light, documented, and declared once."""

import os
import re
import subprocess
import sys
import tomllib

import pytest
import yaml
from conftest import ROOT

import digitrec


def test_import_is_light():
    """Light in seconds of the processor, which other programs on the machine do not lengthen."""
    code = "import digitrec, sys, time; print(time.process_time(), *sys.modules)"
    runs = []
    for _ in range(3):
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert run.stderr == ""
        seconds, *modules = run.stdout.split()
        assert not {"tensorflow", "keras", "matplotlib", "IPython"} & set(modules)
        runs.append(float(seconds))
    assert min(runs) < 0.5


def test_relative_paths_start_at_the_project_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("HOME", "USERPROFILE"):  # Windows' own
        monkeypatch.setenv(name, str(tmp_path / "me"))
    monkeypatch.setenv("DIGITREC_HOME", str(tmp_path / "project"))
    assert digitrec.project_path("models/a.keras") == tmp_path / "project/models/a.keras"
    assert digitrec.project_path("~/a.keras") == tmp_path / "me/a.keras"
    assert digitrec.project_path(tmp_path / "elsewhere") == tmp_path / "elsewhere"
    monkeypatch.delenv("DIGITREC_HOME")
    assert digitrec.project_path("digits") == ROOT / "digits"


def test_without_a_checkout_paths_start_where_python_does(tmp_path, monkeypatch):
    """The package as `pip install` leaves it: no notebooks beside it."""
    monkeypatch.delenv("DIGITREC_HOME")
    monkeypatch.setattr("digitrec.paths.__file__", str(tmp_path / "site/digitrec/paths.py"))
    monkeypatch.chdir(tmp_path)
    assert digitrec.project_path("digits") == tmp_path / "digits"


def test_every_public_name_is_there_and_documented():
    for name in digitrec.__all__:
        assert getattr(digitrec, name).__doc__, name


def test_tensorflow_starts_quietly():
    code = (
        "from digitrec.quiet import tensorflow as tf; print(int(tf.constant(1) + 1)); "
        "import os; os.write(2, b'said later')"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.stdout.strip() == "2"
    assert run.stderr.endswith("said later")
    assert "cuda" not in run.stderr.lower()
    assert "oneDNN" not in run.stderr


def requirements_of(lines):
    return dict(re.match(r"([A-Za-z0-9-]+)(.*)", line).groups() for line in lines)


def declared():
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def entries(lock):
    """The name, the version and the hashes of each entry of a lock file, as text."""
    entry = r"^([a-z0-9-]+)(?:\[.*?\])?==([^ ;]+).*\n((?:    --hash=.*\n)*)"
    return re.findall(entry, (ROOT / lock).read_text(), re.MULTILINE)


def pinned(lock):
    """The versions of each package of a lock file; some have one for each Python."""
    packages = {}
    for name, version, _ in entries(lock):
        packages.setdefault(name, set()).add(version)
    return packages


def test_environment_yml_asks_for_what_pyproject_asks_for_and_takes_it_from_the_lock():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    pip = next(entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict))
    assert (
        pip[0] == "-r requirements.txt"
    )  # first: pip takes the hashes from where a name comes first
    bounds = requirements_of(declared()["project"]["dependencies"])
    assert requirements_of(pip[1:]) == bounds


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-test.txt"])
def test_locks_pin_everything_with_hashes_and_name_no_registry(lock):
    text = (ROOT / lock).read_text()
    assert "://" not in text
    assert "--index" not in text
    assert len(entries(lock)) == len(re.findall(r"^[a-z0-9].*==", text, re.MULTILINE)) > 80
    assert all("sha256:" in hashes for _, _, hashes in entries(lock))
    packages = pinned(lock)
    assert set(requirements_of(declared()["project"]["dependencies"])) <= set(packages)
    assert set(requirements_of(declared()["dependency-groups"]["build"])) <= set(packages)


def test_learners_install_no_tools_of_developers():
    lessons, tests = pinned("requirements.txt"), pinned("requirements-test.txt")
    tools = requirements_of(declared()["project"]["optional-dependencies"]["test"])
    assert set(tools) <= set(tests)
    assert set(tools) & set(lessons) == {"pytest"}  # nbval's
    assert {name: tests[name] for name in lessons} == lessons  # the tests run what learners have


def test_what_tests_compare_with_is_locked_too_and_is_no_package_of_kernels():
    """Keras loads scikit-learn wherever it is, and no kernel of a learner has it."""
    text = (ROOT / "requirements-oracles.txt").read_text()
    assert "://" not in text
    assert "--index" not in text
    oracles = pinned("requirements-oracles.txt")
    assert all("sha256:" in hashes for _, _, hashes in entries("requirements-oracles.txt"))
    assert set(requirements_of(declared()["dependency-groups"]["oracles"])) <= set(oracles)
    assert not set(oracles) & set(pinned("requirements-test.txt"))
    code = "import importlib.util as found, sys; print(*map(found.find_spec, sys.argv[1:]))"
    command = [sys.executable, "-c", code, "sklearn", "scipy"]
    assert subprocess.check_output(command, text=True) == "None None\n"


def test_an_audit_that_reaches_nobody_says_so():
    run = subprocess.run(
        [sys.executable, ROOT / "scripts" / "audit.py"],
        env=os.environ | {"HTTPS_PROXY": "http://127.0.0.1:9"},  # where nobody listens
        capture_output=True,
        text=True,
    )
    assert run.returncode == 2
    assert run.stdout.startswith("requirements.txt: NOT AUDITED, nothing could be looked up.")
