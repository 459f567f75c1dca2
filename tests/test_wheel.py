"""The wheel in an environment of its own, in a folder that knows nothing of the checkout.

The environment sees the packages that this one has, and not the links that this one follows to
the checkout, so that it is made in a second.
"""

import csv
import json
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from conftest import ROOT

DIGITS = ROOT / "digits"
WITHOUT_US = ("PYTHONPATH", "DIGITREC_HOME", "DIGITREC_STRICT", "VIRTUAL_ENV")
ENVIRONMENT = {name: value for name, value in os.environ.items() if name not in WITHOUT_US}


def run(*command, folder, code=0, **options):
    """Run a command to its end, and return it; what it says where it ends otherwise."""
    options = {"text": True, "env": ENVIRONMENT | {"COLUMNS": "80"}} | options
    done = subprocess.run(
        [str(word) for word in command], cwd=folder, capture_output=True, **options
    )
    assert done.returncode == code, done.stderr
    return done


def build(target, source, into):
    """Build a wheel or an sdist, offline, with what is installed; return its path."""
    run(sys.executable, "-m", "hatchling", "build", "-t", target, "-d", into, folder=source)
    (path,) = into.iterdir()
    return path


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return build("wheel", ROOT, tmp_path_factory.mktemp("dist") / "wheel")


@pytest.fixture(scope="module")
def elsewhere(wheel, tmp_path_factory):
    """An environment with the wheel, and a folder with pictures."""
    place = tmp_path_factory.mktemp("elsewhere")
    uv = (sys.executable, "-m", "uv", "--quiet", "--offline", "--no-cache", "--no-config")
    environment = place / "environment"
    run(*uv, "venv", "--python", sys.executable, environment, folder=place)
    programs = environment / ("Scripts" if os.name == "nt" else "bin")
    run(*uv, "pip", "install", "--python", environment, "--no-deps", wheel, folder=place)
    (packages,) = environment.glob("[Ll]ib/**/site-packages")
    (packages / "others.pth").write_text(f"{Path(np.__file__).parent.parent}\n")
    here = place / "here"
    (here / "scans").mkdir(parents=True)
    for name in ("digit12.png", "digit17.jpg", "letter1.png"):
        (here / "scans" / name).write_bytes((DIGITS / name).read_bytes())
    return SimpleNamespace(
        here=here,
        packages=packages,
        python=lambda *words: run(programs / "python", *words, folder=here),
        digitrec=lambda *words, code=0: run(programs / "digitrec", *words, folder=here, code=code),
    )


def test_the_wheel_holds_the_package_and_nothing_else(wheel):
    def files(folder):
        return {
            path.relative_to(ROOT).as_posix(): path.read_bytes()
            for path in (ROOT / folder).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }

    with zipfile.ZipFile(wheel) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    package = {name: content for name, content in found.items() if name.startswith("digitrec/")}
    assert package == files("digitrec")
    begin = f"{wheel.name[: wheel.name.index('-py3')]}.data/data/"
    data = {name.removeprefix(begin): found[name] for name in found if name.startswith(begin)}
    assert data == files("etc") | files("share")
    rest = [name for name in found if not name.startswith(("digitrec/", begin))]
    assert all(".dist-info/" in name for name in rest)
    assert any(name.endswith("MNIST-NOTICE.md") for name in rest)


def test_the_sdist_makes_the_same_wheel(wheel, tmp_path):
    sdist = build("sdist", ROOT, tmp_path / "sdist")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    source = tmp_path / sdist.name.removesuffix(".tar.gz")
    again = build("wheel", source, tmp_path / "again")
    with zipfile.ZipFile(wheel) as one, zipfile.ZipFile(again) as other:
        sums = [{entry.filename: entry.CRC for entry in made.infolist()} for made in (one, other)]
    assert sums[0] == sums[1]
    assert (source / "notebooks/00_first_minute.ipynb").is_file()  # it is a copy of the course
    assert not list(source.glob("**/__pycache__"))
    assert not (source / ".venv").exists()


def test_help_comes_from_the_wheel_and_names_the_folder_that_things_go_to(elsewhere):
    said = elsewhere.digitrec("--help").stdout
    assert said.startswith("usage: digitrec [-h]")
    assert f"\n  {elsewhere.here.as_posix()}\n" in said
    assert elsewhere.python("-m", "digitrec", "--help").stdout == said.replace(
        "usage: digitrec", "usage: python -m digitrec"
    ).replace("\ndigitrec COMMAND", "\npython -m digitrec COMMAND")


def test_the_script_reads_pictures_and_says_nothing_else(elsewhere):
    done = elsewhere.digitrec("read", "scans", "none.png", "--json", code=1)
    nothing = (
        f"There is no picture at {elsewhere.here / 'none.png'}. Check the name and the folder."
    )
    assert done.stderr == f"{nothing}\n"
    *records, missing = (json.loads(line) for line in done.stdout.splitlines())
    assert missing == {"picture": "none.png", "error": nothing}
    answers = {Path(record["picture"]).name: record["answer"] for record in records}
    assert answers == {
        "digit12.png": 4,
        "digit17.jpg": 7,
        "letter1.png": None,
    }  # as labels.csv says


def test_a_sheet_is_written_where_you_are(elsewhere):
    said = elsewhere.digitrec("sheet", "sheet.pdf", "--each", "1").stdout
    assert (elsewhere.here / "sheet.pdf").read_bytes().startswith(b"%PDF")
    assert "and: digitrec hands FOLDER" in said


def test_what_is_in_the_box_is_in_the_wheel(elsewhere):
    """Data and networks; and what is read from photos of sheets goes where you are."""
    (elsewhere.here / "photos").mkdir(exist_ok=True)
    photo = sorted((DIGITS / "sheets").glob("*.jpg"))[0]
    (elsewhere.here / "photos" / "owl.jpg").write_bytes(photo.read_bytes())
    code = """
import json, sys
from pathlib import Path
import digitrec
from digitrec.__main__ import main
from digitrec.storage import DENSE_MODEL

assert main(["hands", "photos", "--csv", "class.csv"]) == 0
digits = digitrec.load_mnist().train, digitrec.load_other_hands().digits
print(json.dumps({
    "packages": digitrec.__file__,
    "digits": [len(part) for part in digits],
    "page": digitrec.read_page("scans/digit17.jpg", digitrec.load_model(DENSE_MODEL)).text,
    "project": str(digitrec.project_path("")),
    "ours": [place for place in sys.path if (Path(place) / "notebooks").is_dir()],
}))
"""
    said = json.loads(elsewhere.python("-c", code).stdout.splitlines()[-1])
    assert Path(said["packages"]).parent.parent == elsewhere.packages
    assert said["digits"] == [55_000, 2_000]
    assert said["page"].isdecimal()
    assert Path(said["project"]) == elsewhere.here
    assert said["ours"] == []
    with (elsewhere.here / "class.csv").open(encoding="utf-8-sig", newline="") as table:
        assert len(list(csv.reader(table))) >= 2
    assert list((elsewhere.here / "my_digits").glob("*.npz"))


def test_in_a_copy_of_the_course_paths_start_there_whatever_way_the_package_came(elsewhere):
    """As after `pip install .`, for a notebook runs in the folder of notebooks."""
    course = elsewhere.here.parent / "course" / "notebooks"
    course.mkdir(parents=True, exist_ok=True)
    (course / "00_first_minute.ipynb").write_text("")
    code = "import os, digitrec; os.chdir('../course/notebooks'); print(digitrec.project_path('a'))"
    assert elsewhere.python("-c", code).stdout.strip() == str(course.parent / "a")
