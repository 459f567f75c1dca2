"""A learner's copy is brought up to date, and nothing that the learner made is lost."""

import hashlib
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT

sys.path.append(str(ROOT / "scripts"))
import update_lesson
from update_lesson import update

OLD = {
    "notebooks/03_training.ipynb": "old lesson",
    "notebooks/04_evaluation.ipynb": "a lesson that stays",
    "digitrec/old_module.py": "old",
    "digits/labels.csv": "old labels",
    "docs/left_alone.md": "old",
    "README.md": "old",
}
NEW = {
    "notebooks/03_training.ipynb": "new lesson",
    "notebooks/04_evaluation.ipynb": "a lesson that stays",
    "notebooks/10_projects.ipynb": "one more",
    "digits/labels.csv": "new labels",
    "docs/left_alone.md": "new",
    "README.md": "new",
}
OWN = {
    "digits/digit25.png": "my picture",
    "models/handwritten_digits.keras": "my network",
    "runs/exercises/score.json": "my score",
    "my_digits/owl.npz": "my hand",
    "notebooks/Untitled.ipynb": "my notebook",
}


def with_manifest(files, name="digitrec"):
    sums = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in files.items()}
    return files | {
        "lesson.json": json.dumps({"name": name, "version": "1.0.0", "files": sums}),
    }


def write(folder, files):
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def packed(path, files, top="digitrec-1.1.0/"):
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(top + name, text)
    return path


@pytest.fixture
def copy(tmp_path):
    folder = tmp_path / "my copy"
    write(folder, with_manifest(OLD) | OWN)
    return folder


@pytest.fixture
def newer(tmp_path):
    return packed(tmp_path / "digitrec-1.1.0.zip", with_manifest(NEW))


def content(folder):
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text() for path in files}


def test_an_untouched_copy_becomes_the_new_one(copy, newer):
    report = update(copy, newer)
    assert content(copy) == with_manifest(NEW) | OWN
    assert report.gone == ["digitrec/old_module.py"]
    assert report.beside == report.kept == []
    assert update(copy, newer) == update_lesson.Report()  # a second time there is nothing to do


def test_what_both_changed_is_kept_beside_and_what_only_the_learner_changed_stays(copy, newer):
    changed = {
        "notebooks/03_training.ipynb": "my answers",
        "notebooks/04_evaluation.ipynb": "my other answers",
        "digits/labels.csv": "my labels",
        "digitrec/old_module.py": "my module",
    }
    write(copy, changed)
    report = update(copy, newer)
    now = content(copy)
    assert now["notebooks/03_training.ipynb"] == "new lesson"
    assert now["notebooks/mine_03_training.ipynb"] == "my answers"
    assert now["notebooks/04_evaluation.ipynb"] == "my other answers"
    assert now["digits/mine_labels.csv"] == "my labels"
    assert now["digitrec/old_module.py"] == "my module"
    assert report.kept == ["notebooks/04_evaluation.ipynb"]
    assert set(OWN.items()) <= set(now.items())
    assert "mine_03_training.ipynb" in update_lesson.told(report)


def test_a_second_update_keeps_both_of_the_learners(copy, newer, tmp_path):
    write(copy, {"README.md": "mine"})
    update(copy, newer)
    write(copy, {"README.md": "mine again"})
    third = packed(tmp_path / "third.zip", with_manifest(NEW | {"README.md": "newest"}))
    update(copy, third)
    now = content(copy)
    assert (now["README.md"], now["mine_README.md"], now["mine_2_README.md"]) == (
        "newest",
        "mine",
        "mine again",
    )


def test_a_file_of_the_learner_that_the_new_copy_brings_too_is_kept(copy, newer, tmp_path):
    brings = packed(tmp_path / "b.zip", with_manifest(NEW | {"digits/digit25.png": "theirs"}))
    update(copy, brings)
    assert content(copy)["digits/mine_digit25.png"] == "my picture"
    assert content(copy)["digits/digit25.png"] == "theirs"


STOPPED = """\
import os, sys
sys.path.append(sys.argv[1])
import update_lesson
from pathlib import Path
left, real = int(sys.argv[4]), os.replace
def replace(*names):
    global left
    if left == 0:
        os._exit(9)  # as if the power failed, with a file half-way
    left -= 1
    real(*names)
os.replace = replace
update_lesson.update(Path(sys.argv[2]), Path(sys.argv[3]))
"""


@pytest.mark.parametrize("after", range(9))
def test_a_stop_half_way_loses_nothing_and_the_next_run_ends_it(copy, newer, after):
    write(copy, {"notebooks/03_training.ipynb": "my answers", "digits/labels.csv": "my labels"})
    command = [sys.executable, "-c", STOPPED, ROOT / "scripts", copy, newer, str(after)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == (9 if after < 8 else 0), done.stderr
    middle = content(copy)
    assert set(OWN.items()) <= set(middle.items())
    assert "my answers" in middle.values()
    assert "my labels" in middle.values()
    update(copy, newer)
    mine = {
        "notebooks/mine_03_training.ipynb": "my answers",
        "digits/mine_labels.csv": "my labels",
    }
    assert content(copy) == with_manifest(NEW) | OWN | mine


def test_a_damaged_zip_changes_nothing(copy, newer):
    before = content(copy)
    whole = newer.read_bytes()
    for place in range(0, len(whole), 97):
        newer.write_bytes(whole[:place] + bytes([whole[place] ^ 255]) + whole[place + 1 :])
        try:
            update_lesson.read_archive(newer)
        except ValueError:
            with pytest.raises(ValueError, match="zip"):
                update(copy, newer)
            assert content(copy) == before
    newer.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ValueError, match="damaged"):
        update(copy, newer)
    assert content(copy) == before


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        (with_manifest({"../outside.txt": "x"}), "outside"),
        (with_manifest({"runs/exercises/score.json": "x"}), "yours"),
        (with_manifest({"README.md": "x"}) | {"README.md": "y"}, "damaged"),
        (with_manifest(NEW, name="another"), "another"),
        (NEW, "make lesson"),
    ],
)
def test_a_zip_that_is_no_copy_of_the_course_is_refused(copy, tmp_path, files, reason):
    before = content(copy)
    with pytest.raises(ValueError, match=reason):
        update(copy, packed(tmp_path / "wrong.zip", files))
    assert content(copy) == before
    assert not (tmp_path / "outside.txt").exists()


def test_a_clone_is_told_to_pull(tmp_path, newer):
    with pytest.raises(ValueError, match="git pull"):
        update(tmp_path, newer)


def test_from_the_terminal_by_the_script_in_the_copy(copy, newer):
    """As START.md says, with no package of ours to be found."""
    write(copy, {"scripts/update_lesson.py": (ROOT / "scripts/update_lesson.py").read_text()})
    write(copy, {"README.md": "mine"})
    command = [sys.executable, "-I", "scripts/update_lesson.py", f"..{os.sep}{newer.name}"]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "Yours is now mine_README.md" in done.stdout
    done = subprocess.run([*command[:-1], "no.zip"], cwd=copy, capture_output=True, text=True)
    assert done.returncode == 1
    assert "nothing of yours is lost" in done.stderr
    assert "Traceback" not in done.stderr
    assert Path(copy, "mine_README.md").read_text() == "mine"
