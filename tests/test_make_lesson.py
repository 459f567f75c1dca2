"""The zip for learners: it opens, runs, and holds no solution."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT

sys.path.append(str(ROOT / "scripts"))
import make_lesson

SOLVED = sorted((ROOT / "digitrec/exercises/solved").glob("*.toml"))
PROBE = """\
import importlib, pkgutil
from digitrec import exercises, paths
from digitrec.exercises.summary import tasks_of
print(paths.project_path(""))
for module in pkgutil.iter_modules(exercises.__path__):
    for task in tasks_of(importlib.import_module(f"digitrec.exercises.{module.name}")):
        print(task.solution(show=True))
"""


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lesson")
    return make_lesson.write_lesson(make_lesson.lesson(ROOT), folder)


@pytest.fixture(scope="module")
def copy(archive, tmp_path_factory):
    """The zip, unpacked as a learner does, in a folder with a space in its name."""
    folder = tmp_path_factory.mktemp("my course")
    shutil.unpack_archive(archive, folder)
    (top,) = folder.iterdir()
    return top


def notebooks(copy):
    return {path.name: nbformat.read(path, as_version=4) for path in copy.glob("notebooks/*.ipynb")}


def python(copy, *command):
    """Run a Python that finds the copy, and nothing of this checkout."""
    ours = ("DIGITREC_HOME", "DIGITREC_STRICT", "PYTHONPATH")
    environment = {key: value for key, value in os.environ.items() if key not in ours}
    return subprocess.run(
        [sys.executable, *command],
        cwd=copy.parent,
        env=environment | {"PYTHONPATH": str(copy), "DIGITREC_STRICT": "1"},
        capture_output=True,
        text=True,
    )


def test_its_name_and_its_only_folder_say_the_version(archive, copy):
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert archive.name == f"digitrec-{version}.zip"
    assert copy.name == f"digitrec-{version}"
    assert zipfile.ZipFile(archive).testzip() is None


def test_the_same_files_make_the_same_bytes(archive, tmp_path):
    again = make_lesson.write_lesson(make_lesson.lesson(ROOT), tmp_path)
    assert again.read_bytes() == archive.read_bytes()


def test_it_holds_every_notebook_without_outputs_and_with_its_cells(copy):
    stored = {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert notebooks(copy).keys() == stored
    for name, notebook in notebooks(copy).items():
        nbformat.validate(notebook)
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        assert all(cell.outputs == [] and cell.execution_count is None for cell in code), name
        original = nbformat.read(ROOT / "notebooks" / name, as_version=4)
        assert [cell.id for cell in notebook.cells] == [cell.id for cell in original.cells]
        assert [cell.source for cell in notebook.cells] == [c.source for c in original.cells]


def test_it_holds_no_solution(copy):
    names = [path.relative_to(copy).as_posix() for path in copy.rglob("*") if path.is_file()]
    assert not [name for name in names if re.search(r"solved/|solutions/|_key\.|^tests/", name)]
    texts = {}  # hints of the last step may be nearly the code; they are asked for, step by step
    for path in copy.rglob("*"):
        if path.suffix in (".ipynb", ".md", ".py", ".toml") and path.parent.name != "exercises":
            texts[path.name] = path.read_text("utf-8")
    for name, notebook in notebooks(copy).items():
        texts[name] = "\n".join(cell.source for cell in notebook.cells)
        assert "<summary>Solution" not in texts[name], name
    assert SOLVED
    for file in SOLVED:
        for name, solution in tomllib.loads(file.read_text("utf-8")).items():
            for part in (solution["code"].strip(), solution["why"].strip()):
                assert not [where for where, text in texts.items() if part in text], name


def test_what_only_the_author_needs_is_left_out(copy):
    for name in ("tests", "solutions", "requirements-test.txt", ".ci", "scripts/make_sheets.py"):
        assert not (copy / name).exists(), name
    stored = {path.name for path in copy.glob("benchmarks/*")}
    assert {"ladder.json", "doubtful_labels.json", "sweep_lesson.json"} <= stored
    assert not [name for name in stored if not name.endswith(".json")]
    assert "mutants.json" not in stored
    assert sum(path.stat().st_size for path in copy.rglob("*") if path.is_file()) < 40e6


def test_links_in_it_lead_somewhere(copy):
    pages = {path: path.read_text("utf-8") for path in copy.rglob("*.md")}
    for path in copy.glob("notebooks/*.ipynb"):
        cells = nbformat.read(path, as_version=4).cells
        pages[path] = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    assert len(pages) >= 14
    for path, text in pages.items():
        for target in re.findall(r"\]\((?!https?:|#|attachment:)([^)#\s]+)", text):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_the_manifest_names_every_file_with_its_checksum(copy):
    about = json.loads((copy / "lesson.json").read_text("utf-8"))
    there = {path.relative_to(copy).as_posix() for path in copy.rglob("*") if path.is_file()}
    assert about["files"].keys() == there - {"lesson.json"}
    for name, checksum in about["files"].items():
        done = make_lesson.hashlib.sha256((copy / name).read_bytes()).hexdigest()
        assert done == checksum, name


def test_what_an_author_left_in_a_notebook_stays_out(tmp_path):
    """An answer in a task, an output, and what a widget held."""
    path = tmp_path / "02_model_building.ipynb"
    cells = [
        nbformat.v4.new_code_cell(
            "weight_count = 50_890",
            metadata={"tags": ["task-weight_count"]},
            execution_count=3,
            outputs=[nbformat.v4.new_output("stream", text="Right.")],
        )
    ]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"widgets": {"state": "a drawing"}})
    nbformat.write(notebook, path)
    text = make_lesson.notebook_for_learners(path).decode()
    assert "50_890" not in text
    assert "weight_count = ..." in text
    assert "Right." not in text
    assert "a drawing" not in text


def test_without_git_what_programs_made_for_themselves_stays_out(tmp_path):
    for name in ("notebooks/a.ipynb", "notebooks/.ipynb_checkpoints/a.ipynb", ".venv/x.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert make_lesson.names_of_checkout(tmp_path) == ["notebooks/a.ipynb"]


def test_a_project_that_is_not_whole_is_named(tmp_path):
    with pytest.raises(ValueError, match=r"requirements\.txt"):
        make_lesson.lesson(tmp_path)


def test_the_copy_says_that_it_came_without_solutions(copy):
    run = python(copy, "-c", PROBE)
    assert run.returncode == 0, run.stderr
    home, *words = run.stdout.strip().splitlines()
    assert Path(home) == copy.resolve()
    assert set(words) == {"This copy came without solutions. Ask whoever gave it to you."}


def test_a_notebook_runs_from_the_copy(copy):
    command = ("-m", "papermill", copy / "notebooks/short_training.ipynb", "out.ipynb")
    short = ("-p", "train_size", "1000", "-p", "epochs", "1")
    run = python(copy, *command, *short, "--no-progress-bar", "--cwd", copy / "notebooks")
    assert run.returncode == 0, run.stdout + run.stderr
    assert (copy / "runs/short_training.json").is_file()
    done = nbformat.read(copy.parent / "out.ipynb", as_version=4)
    code = [cell for cell in done.cells if cell.cell_type == "code"]
    assert {cell.metadata.papermill.status for cell in code} == {"completed"}
