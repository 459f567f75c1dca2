"""Put the course for learners into a zip: without outputs, solutions, tests and benchmarks.

    python scripts/make_lesson.py       # or: make lesson; writes lesson/digitrec-VERSION.zip

It holds what the lessons read, the tasks as their starters, and `lesson.json`, from which
`scripts/update_lesson.py` tells later what a learner has changed. The same files make the same
bytes.
"""

import argparse
import hashlib
import json
import re
import subprocess
import tomllib
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

import nbformat
from place_tasks import lesson_tasks, with_tasks

from digitrec.files import write_whole

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "lesson"  # git ignores it
MANIFEST = "lesson.json"
START = "START.md"  # what a learner reads first; lies at the top

WHOLE = ("app", "digitrec", "digits", "docs", "etc", "notebooks", "share")
FILES = (
    *("CHANGES.md", "CITATION.cff", "CODE_OF_CONDUCT.md", "CONTRIBUTING.md", "LICENSE"),
    *("Makefile", "README.md", "SECURITY.md"),
    *("environment.yml", "postBuild", "pyproject.toml", "requirements.txt", "start"),
    *("scripts/build_page.py", "scripts/run_notebooks.py", "scripts/update_lesson.py"),
)
PROGRAMS = ("postBuild", "start")  # Binder runs them
WITHOUT = ("digitrec/exercises/solved/", "docs/site/", "docs/start.md", "docs/worksheet_key.")
OLDEST = (1980, 1, 1, 0, 0, 0)  # a zip knows no earlier day; with today's, no two were the same


def names_of_checkout(root: Path) -> list[str]:
    """Return the names of all files that git knows, or where git knows none, of all that are there.

    Args:
        root: the folder of the project; it may be an unpacked archive.
    """
    command = ("git", "-C", root, "ls-files", "-z", "--cached", "--", ".")
    try:
        known = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        known = ""
    if known:
        return sorted(name for name in known.split("\0") if name and (root / name).is_file())
    paths = (path.relative_to(root) for path in root.rglob("*") if path.is_file())
    return sorted(path.as_posix() for path in paths if not is_by_product(path))


def is_by_product(path: PurePosixPath) -> bool:
    """Tell whether programs made a file for themselves.

    >>> is_by_product(PurePosixPath("notebooks/.ipynb_checkpoints/a.ipynb"))
    True
    """
    return any(part.startswith(".") or part == "__pycache__" for part in path.parts)


def is_for_learners(name: str) -> bool:
    """Tell whether a file belongs into a learner's copy; benchmarks are looked at elsewhere.

    >>> is_for_learners("digits/digit1.png"), is_for_learners("solutions/02_model_building.ipynb")
    (True, False)
    """
    if name.startswith(WITHOUT):
        return False
    return name in FILES or name.split("/")[0] in WHOLE


def stored_results(names: Iterable[str], texts: Iterable[str]) -> list[str]:
    """Return which results of benchmarks are named in what learners read and run.

    Args:
        names: of all files.
        texts: of notebooks and modules.

    >>> stored_results(["benchmarks/ladder.json", "benchmarks/fuzz.json"], ['"ladder.json"'])
    ['benchmarks/ladder.json']
    """
    named = {name for text in texts for name in re.findall(r"\w+\.json", text)}
    return [
        name for name in names if name.startswith("benchmarks/") and name.split("/")[-1] in named
    ]


def notebook_for_learners(path: Path) -> bytes:
    """Return a notebook without outputs, each task as its starter, whatever stands there now."""
    notebook = nbformat.read(path, as_version=4)
    if tasks := lesson_tasks(path):
        with_tasks(notebook, tasks)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    notebook.metadata.pop("widgets", None)  # what widgets held: the author's drawing, perhaps
    return (nbformat.writes(notebook) + "\n").encode()


def lesson(root: Path) -> dict[str, bytes]:
    """Return the files of a learner's copy: the content of each by its name.

    Args:
        root: the folder of the project.

    Raises:
        ValueError: the project is not whole; what is missing is named.
    """
    names = names_of_checkout(root)
    kept = [name for name in names if is_for_learners(name)]
    if missing := sorted({*FILES, "docs/start.md"} - set(names)):
        raise ValueError(
            f"{', '.join(missing)} came with no file, expected the whole project in {root}."
        )
    files = {
        name: notebook_for_learners(root / name)
        if name.endswith(".ipynb")
        else (root / name).read_bytes()
        for name in kept
    }
    texts = [files[name].decode() for name in kept if name.endswith((".ipynb", ".py"))]
    for name in stored_results(names, texts):
        files[name] = (root / name).read_bytes()
    files[START] = (root / "docs/start.md").read_bytes()
    files[MANIFEST] = manifest(files, root)
    return dict(sorted(files.items()))


def manifest(files: Mapping[str, bytes], root: Path) -> bytes:
    """Return what the copy is and the SHA-256 of each of its files, as JSON."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}
    about = {"name": project["name"], "version": project["version"], "files": sums}
    return (json.dumps(about, indent=1) + "\n").encode()


def write_lesson(files: Mapping[str, bytes], folder: Path) -> Path:
    """Write a copy as a zip with one folder in it, and return its path.

    Args:
        files: see `lesson`.
        folder: where the zip goes; it is made if it is missing.

    Raises:
        OSError: it cannot be written; what was there before is unchanged.
    """
    about = json.loads(files[MANIFEST])
    title = f"{about['name']}-{about['version']}"

    def write(temporary: Path) -> None:
        with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for name, content in files.items():
                member = zipfile.ZipInfo(f"{title}/{name}", OLDEST)
                member.compress_type = zipfile.ZIP_DEFLATED
                member.create_system = 3  # as on Linux, wherever it is made
                member.external_attr = (0o755 if name in PROGRAMS else 0o644) << 16
                archive.writestr(member, content)

    path = folder / f"{title}.zip"
    write_whole(path, write)
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the zip goes")
    options = parser.parse_args()
    try:
        path = write_lesson(files := lesson(ROOT), options.folder)
    except (OSError, ValueError) as error:
        raise SystemExit(f"No copy was made: {error}") from None
    print(f"{path}: {len(files)} files, {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
