"""Binder: repo2docker accepts the project as it is."""

import re
import subprocess
import sys

from conftest import ROOT, UNIX


@UNIX
def test_repo2docker_accepts_the_project():
    command = [sys.executable, "-m", "repo2docker", "--no-build", "--debug", "."]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    dockerfile = run.stdout + run.stderr
    assert run.returncode == 0, dockerfile
    assert "Building conda environment for python=3.11" in dockerfile
    assert re.search(r"env update .*--file \"environment\.yml\"", dockerfile)
    assert "RUN ./postBuild" in dockerfile
    assert re.search(r"ENV R2D_ENTRYPOINT=.*/start", dockerfile)


@UNIX
def test_scripts_for_binder_can_run():
    for name in ("postBuild", "start"):
        path = ROOT / name
        assert path.stat().st_mode & 0o111, f"{name} is not executable"
        assert subprocess.run(["bash", "-n", path]).returncode == 0
    assert "set -e" in (ROOT / "postBuild").read_text()
    assert not (ROOT / "binder").exists()  # it would hide environment.yml


def test_the_page_for_people_without_notebooks_can_be_opened():
    """README's links to it and to the first notebook: test_address.py."""
    assert (ROOT / "app" / "read_your_digits.ipynb").is_file()
    assert "voila" in (ROOT / "environment.yml").read_text()
