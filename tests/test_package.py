"""The package as a whole: light, documented, and declared once."""

import re
import subprocess
import sys
import tomllib

import yaml
from conftest import ROOT

import digitrec


def test_import_is_light():
    code = (
        "import sys, time; start = time.perf_counter(); import digitrec; "
        "print(time.perf_counter() - start, *sys.modules)"
    )
    runs = []
    for _ in range(3):
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert run.stderr == ""
        seconds, *modules = run.stdout.split()
        assert not {"tensorflow", "keras", "matplotlib.pyplot"} & set(modules)
        runs.append(float(seconds))
    assert min(runs) < 0.5


def test_every_public_name_is_there_and_documented():
    for name in digitrec.__all__:
        assert getattr(digitrec, name).__doc__, name


def test_tensorflow_starts_quietly():
    code = "from digitrec.quiet import tensorflow as tf; print(int(tf.constant(1) + 1))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.stdout.strip() == "2"
    assert "cuda" not in run.stderr.lower()
    assert "oneDNN" not in run.stderr


def requirements_of(lines):
    return dict(re.match(r"([A-Za-z0-9-]+)(.*)", line).groups() for line in lines)


def test_environment_yml_asks_for_what_pyproject_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = requirements_of(project["dependencies"] + project["optional-dependencies"]["test"])
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    pip = next(entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict))
    for name, bounds in requirements_of(pip).items():
        assert declared[name] == bounds, name


def test_lock_pins_everything_and_names_no_registry():
    lock = (ROOT / "requirements.txt").read_text()
    assert "://" not in lock
    assert "--index" not in lock
    pinned = re.findall(r"^([a-z0-9-]+(?:\[.*?\])?)==\S+", lock, re.MULTILINE)
    assert len(pinned) > 80
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for name in requirements_of(project["dependencies"]):
        assert name in pinned
