"""`make setup`: one TensorFlow on every system, the same environment by pip and by uv."""

import hashlib
import importlib.metadata
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from conftest import ROOT
from packaging.requirements import Requirement
from tiny_wheels import write_wheel

from digitrec.versions import installed_versions

FIGURES = "README.md", "CONTRIBUTING.md", "docs/teaching.md"
LOCKS = "requirements.txt", "requirements-test.txt"
SYSTEMS = {
    ("Linux", "x86_64"): "tensorflow-cpu",
    ("Linux", "aarch64"): "tensorflow",
    ("Darwin", "arm64"): "tensorflow",
    ("Windows", "AMD64"): "tensorflow",
}
HERE = platform.system(), platform.machine(), "{}.{}".format(*sys.version_info)
SYS_PLATFORM = {"Linux": "linux", "Darwin": "darwin", "Windows": "win32"}
TOOLS = Path(sysconfig.get_path("scripts"))  # where uv is

needs_make = pytest.mark.skipif(
    os.name == "nt" or not shutil.which("make"), reason="there is no make for .venv/bin"
)


def locked(lock, system, machine, python):
    """What a lock file installs on a system: versions by name."""
    here = {
        "platform_system": system,
        "platform_machine": machine,
        "sys_platform": SYS_PLATFORM[system],
        "os_name": "nt" if system == "Windows" else "posix",
        "python_version": python,
        "python_full_version": f"{python}.9",
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
    }
    lines = re.findall(
        r"^([a-z0-9].*==.*?) \\$", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE
    )
    asked = [Requirement(line) for line in lines]
    chosen = [a for a in asked if a.marker is None or a.marker.evaluate(here)]
    assert len(chosen) == len({a.name for a in chosen})  # never two versions of one
    return {a.name: str(a.specifier) for a in chosen}


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
@pytest.mark.parametrize("system", SYSTEMS, ids=" ".join)
def test_every_system_gets_one_tensorflow(system, python):
    builds = {}
    for lock in LOCKS:
        packages = locked(lock, *system, python)
        (builds[lock],) = {"tensorflow", "tensorflow-cpu"} & set(packages)
        assert packages[builds[lock]].startswith("==2.21.")
        assert {"keras", "numpy", "jupyterlab", "opencv-python-headless"} <= set(packages)
    assert set(builds.values()) == {SYSTEMS[system]}


@pytest.mark.skipif(
    os.environ.get("NEWEST") == "true", reason="the weekly run takes newer packages than the lock"
)
def test_the_tests_run_in_what_the_lock_says_and_pip_and_uv_agree():
    """An environment that has all of it asks nobody, so neither needs a network."""
    options = ["install", "--dry-run", "--require-hashes", "-r", "requirements-test.txt"]
    pip = [sys.executable, "-m", "pip", *options, "--no-index", "--quiet"]
    uv = [TOOLS / "uv", "pip", *options, "--offline", "--python", sys.executable]
    said = [subprocess.run(tool, cwd=ROOT, capture_output=True, text=True) for tool in (pip, uv)]
    assert said[0].returncode == said[1].returncode == 0, said
    assert said[0].stdout == ""
    assert "Would make no changes" in said[1].stderr
    names = {found.name.lower() for found in importlib.metadata.distributions()}
    for name, wanted in locked("requirements-oracles.txt", *HERE).items():
        assert wanted == f"=={importlib.metadata.version(name)}"
    assert len(names & {"tensorflow", "tensorflow-cpu", "tensorflow_cpu"}) == 1


@pytest.mark.parametrize("build", ["tensorflow", "tensorflow-cpu"])
def test_a_record_names_tensorflow_whichever_build_it_is(monkeypatch, build):
    there = {build: "2.21.7", "keras": "3.1"}

    def version(name):
        if name not in there:
            raise importlib.metadata.PackageNotFoundError(name)
        return there[name]

    monkeypatch.setattr("digitrec.versions.version", version)
    assert installed_versions("tensorflow", "keras") == {"tensorflow": "2.21.7", "keras": "3.1"}
    with pytest.raises(importlib.metadata.PackageNotFoundError, match="numpy"):
        installed_versions("numpy")


def test_what_is_said_of_an_installation_was_measured():
    costs = json.loads((ROOT / "benchmarks" / "setup_costs.json").read_text(encoding="utf-8"))
    seconds = {tool: sum(steps.values()) for tool, steps in costs["seconds"].items()}
    disk, download = costs["environment_mb"] / 1000, costs["download_mb"] / 1000
    said = {name: " ".join((ROOT / name).read_text(encoding="utf-8").split()) for name in FIGURES}
    assert (
        f"({download:.2f} GB to download, {disk:.1f} GB on disk; besides the download, "
        f"{seconds['pip']:.0f} s from `git clone` to the first figure, "
        f"{seconds['uv']:.0f} s where uv is installed)"
    ) in said["README.md"]
    assert f"{costs['packages']} packages and {disk:.1f} GB on Linux" in said["CONTRIBUTING.md"]
    teaching = said["docs/teaching.md"]
    assert f"about {download:.2f} GB in {costs['files']} files on" in teaching
    assert f"{costs['seconds']['pip']['setup']:.0f} s, {disk:.1f} GB." in teaching
    assert costs["environment_mb"] + costs["clone_mb"] < 0.8 * 3000  # what it was, with CUDA's code


class Project:
    """A project with our Makefile, locks of its own, and wheels of a few bytes to install."""

    def __init__(self, folder):
        self.folder = folder
        for name in ("etc", "share", "wheels", "bin"):
            (folder / name).mkdir()
        shutil.copy(ROOT / "Makefile", folder)
        shutil.copy(ROOT / "tests" / "tiny_wheels.py", folder)
        (folder / "pyproject.toml").write_text(
            '[project]\nname = "lesson"\nversion = "1"\n[build-system]\nrequires = []\n'
            'build-backend = "tiny_wheels"\nbackend-path = ["."]\n'
        )
        (folder / "pip.conf").write_text(f"[global]\nno-index = 1\nfind-links = {folder}/wheels\n")
        (folder / "bin" / "uv").symlink_to(TOOLS / "uv")

    def lock(self, name, version, files, digest=""):
        """Write a wheel and a lock with one line; its own hash is there, or what is given."""
        path = write_wheel(self.folder / "wheels", name, version, files)
        digest = digest or "--hash=sha256:" + hashlib.sha256(Path(path).read_bytes()).hexdigest()
        line = f"{name.replace('_', '-')}=={version} {digest}\n"
        (self.folder / "requirements.txt").write_text(line)

    def run(self, *command, **variables):
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PIP_", "UV_", "MAKE", "MFLAGS", "PYTHONPATH"))
        }
        ours = {
            "PIP_CONFIG_FILE": f"{self.folder}/pip.conf",
            "UV_FIND_LINKS": f"{self.folder}/wheels",
            "UV_CACHE_DIR": f"{self.folder}/cache",
            "UV_OFFLINE": "1",
            "PATH": f"{self.folder}/bin:{os.environ['PATH']}",
        }
        return subprocess.run(
            command,
            cwd=self.folder,
            env=inherited | ours | variables,
            capture_output=True,
            text=True,
        )

    def setup(self, tool, **variables):
        without = ["UV="] if tool == "pip" else []
        return self.run("make", "setup", f"PYTHON={sys.executable}", *without, **variables)

    def python(self, code):
        run = self.run(".venv/bin/python", "-c", code)
        assert run.returncode == 0, run.stderr
        return run.stdout.strip()

    def installed(self):
        """Version and installer of each package but pip's own, and the modules of the others."""
        code = (
            "import importlib.metadata as m, json; print(json.dumps({d.name: "
            "[d.version, d.read_text('INSTALLER').strip()] for d in m.distributions()}))"
        )
        packages = json.loads(self.python(code))
        own = {name: packages[name] for name in packages if name not in ("pip", "setuptools")}
        (site,) = self.folder.glob(".venv/lib/python*/site-packages")
        ours = [*site.glob("*.py*"), *site.glob("__pycache__/*"), *site.glob("tensorflow/**/*.py*")]
        return own, {str(path.relative_to(site)) for path in ours}


LARGE = {"tensorflow/__init__.py": "BUILD = 'large'", "tensorflow/cuda.py": ""}
SMALL = {"tensorflow/__init__.py": "BUILD = 'small'"}


@needs_make
@pytest.mark.skipif(
    (platform.system(), platform.machine()) != ("Linux", "x86_64"), reason="no other build here"
)
@pytest.mark.parametrize("tool", ["pip", "uv"])
def test_an_old_environment_becomes_a_new_one(tmp_path, tool):
    project = Project(tmp_path)
    project.lock("tensorflow", "1", LARGE)
    run = project.setup(tool)
    assert run.returncode == 0, run.stderr
    assert project.python("import lesson, tensorflow as t; print(t.BUILD)") == "large"

    project.lock("tensorflow_cpu", "1", SMALL)
    if tool == "pip":  # both are there, one over the other: README's lines without make
        run = project.run(".venv/bin/python", "-m", "pip", "install", "-r", "requirements.txt")
        assert run.returncode == 0, run.stderr
    run = project.setup(tool)
    assert run.returncode == 0, run.stderr
    assert run.stderr == ""

    packages, files = project.installed()
    assert packages == {"lesson": ["1", tool], "tensorflow_cpu": ["1", tool]}
    version = sys.implementation.cache_tag
    compiled = ["tensorflow/__pycache__/__init__", "__pycache__/lesson"]
    assert files == {
        "lesson.py",
        "tensorflow/__init__.py",
        *(f"{name}.{version}.pyc" for name in compiled),
    }

    assert project.python("import lesson, tensorflow as t; print(t.BUILD)") == "small"

    ready = (tmp_path / ".venv" / "ready").stat().st_mtime_ns
    unknown = {"pip": "# no hash", "uv": "--hash=sha256:" + "0" * 64}
    project.lock("tensorflow_cpu", "2", SMALL, unknown[tool])
    run = project.setup(tool)
    assert run.returncode
    assert "hash" in run.stderr.lower()
    assert (tmp_path / ".venv" / "ready").stat().st_mtime_ns == ready  # the next call tries again
    assert project.installed()[0]["tensorflow_cpu"] == ["1", tool]


@needs_make
def test_uv_gives_way_to_pip(tmp_path):
    """Where pip is sent elsewhere, as by the course on a stick; and where uv fails."""
    project = Project(tmp_path)
    project.lock("numbers", "1", {"numbers.py": ""})
    for change, variables in (("1", {"PIP_NO_INDEX": "1"}), ("2", {"UV_FIND_LINKS": "/nowhere"})):
        project.lock("numbers", change, {"numbers.py": f"CHANGE = {change}"})
        run = project.setup("uv", **variables)
        assert run.returncode == 0, run.stderr
        assert project.installed()[0]["numbers"] == [change, "pip"]
