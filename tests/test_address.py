"""Where the project is published stands in one line, and everything else follows from it."""

import importlib
import json
import re
import shutil
import subprocess
import sys
from types import SimpleNamespace
from urllib.parse import unquote

import nbformat
import pytest
import yaml
from conftest import NOTEBOOKS, ROOT

GITHUB = "https://github.com/Sums/digits-course"
GITLAB = "https://gitlab.com/school/maths/digits"
OWN_SERVER = "https://git.school.example:8443/maths/digits"
OTHERS = re.compile(
    r"(?:github\.com|gitlab\.com|codespaces\.new|mybinder\.org/v2/(?:gh|gl|git)"
    r"|colab\.research\.google\.com/github)/(?P<owner>[\w.%-]+)/(?P<name>[\w%-]+)"
    r"|(?<=//)(?P<site>[\w-]+\.github\.io)"
)
ELSEWHERE = (
    *("benchmarks/breaks/", "benchmarks/mutants.json", "tests/"),
    *("scripts/GLYPHS-NOTICE.md", "scripts/address_forms.py"),
)
WORDS = (".cff", ".ipynb", ".js", ".json", ".md", ".py", ".toml", ".yml")


@pytest.fixture
def scripts(monkeypatch):
    """The modules of scripts, as they are when they run."""
    monkeypatch.syspath_prepend(ROOT / "scripts")
    names = ("address", "address_forms", "install_in_colab", "make_lesson")
    return SimpleNamespace(**{name: importlib.import_module(name) for name in names})


@pytest.fixture
def copy(tmp_path, scripts):
    """What the script writes to, in a folder of its own, with no address yet."""
    root = tmp_path / "copy"
    for path in [*scripts.address.places(ROOT), *ROOT.glob("scripts/address*.py")]:
        target = root / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    scripts.address.write(root, None)
    return root


def texts(root):
    return {path.relative_to(root): path.read_text() for path in root.rglob("*") if path.is_file()}


def run(root, *arguments):
    command = [sys.executable, root / "scripts/address.py", *arguments]
    return subprocess.run(command, cwd=root.parent, capture_output=True, text=True)


def texts_of_checkout(make_lesson):
    names = make_lesson.names_of_checkout(ROOT)
    return [name for name in names if name.endswith(WORDS) and not name.startswith(ELSEWHERE)]


def test_no_address_of_anybody_else_is_left(scripts):
    address = scripts.address.stored_address(ROOT)
    ours = {"YOU/REPOSITORY", "you/digitrec"}  # as examples
    if address:
        ours |= {"/".join(address.path.split("/")[:2]), f"{address.path.split('/')[0]}.github.io"}
    found = {}
    for name in texts_of_checkout(scripts.make_lesson):
        for one in OTHERS.finditer((ROOT / name).read_text(encoding="utf-8")):
            found[f"{name}: {one[0]}"] = one["site"] or f"{one['owner']}/{one['name']}"
    assert any(name.startswith("README.md") for name in found), "README shows how to launch Binder"
    ours = {one.lower() for one in ours}
    assert {place for place, whose in found.items() if whose.lower() not in ours} == set()


def test_everything_agrees_with_the_line_that_decides(scripts):
    """Nobody edits what is made: after a change of pyproject.toml or of a part, `make address`."""
    assert scripts.address.changes(ROOT, scripts.address.stored_address(ROOT)) == {}


def test_every_derived_place_has_the_address_after_one_command(copy, scripts):
    without = texts(copy)
    done = run(copy, GITHUB)
    assert done.stderr == ""
    assert done.stdout.startswith(f"Published: {GITHUB}. ")
    now = {str(path): text for path, text in texts(copy).items()}
    assert "[project.urls]\n# Repository says where" in now["pyproject.toml"]
    assert f'Repository = "{GITHUB}"\n' in now["pyproject.toml"]
    assert scripts.address.stored_address(copy).url == GITHUB
    readme = now["README.md"]
    assert f"git clone {GITHUB}\ncd digits-course\nmake run\n" in readme
    for badge in (
        "https://mybinder.org/v2/gh/Sums/digits-course/HEAD?labpath=notebooks%2F00_first_minute",
        f"[![Tests]({GITHUB}/actions/workflows/tests.yml/badge.svg)]",
        "site.yml/badge.svg)](https://sums.github.io/digits-course/)",
    ):
        assert badge in readme[: readme.index("\nDraw a digit")]
    for link in (
        "(https://mybinder.org/v2/gh/Sums/digits-course/HEAD?urlpath=voila%2Frender%2Fapp%2Fread",
        "(https://codespaces.new/Sums/digits-course)",
        "(https://colab.research.google.com/github/Sums/digits-course/blob/HEAD/notebooks/00_",
        "[the course as a site](https://sums.github.io/digits-course/)",
    ):
        assert link in readme
    assert "YOU" not in readme
    assert yaml.safe_load(now["CITATION.cff"])["repository-code"] == GITHUB
    assert yaml.safe_load(now["CITATION.cff"])["url"] == "https://sums.github.io/digits-course/"
    contact = yaml.safe_load(now[".github/ISSUE_TEMPLATE/config.yml"])["contact_links"]
    assert [link["url"] for link in contact] == [
        f"{GITHUB}/security/advisories/new",
        "https://sums.github.io/digits-course/",
    ]
    assert f"({GITHUB}/security/advisories/new)" in now["CODE_OF_CONDUCT.md"]
    for path in NOTEBOOKS:
        assert (
            f"!git clone --quiet --depth 1 {GITHUB} /content/digitrec"
            in now[f"notebooks/{path.name}"]
        )
    changed = {path for path, text in texts(copy).items() if text != without.get(path)}
    assert changed == {path.relative_to(copy) for path in scripts.address.places(copy)}


def test_twice_changes_nothing_another_replaces_it_and_taking_it_out_leaves_no_trace(copy):
    without = texts(copy)
    run(copy, GITHUB)
    once = texts(copy)
    assert (
        "Written: nothing, it was all there."
        in run(copy, "git@github.com:Sums/digits-course.git").stdout
    )
    assert texts(copy) == once
    run(copy, GITLAB)
    assert "digits-course" not in "".join(texts(copy).values())
    run(copy, GITHUB)
    assert texts(copy) == once
    assert run(copy, "--none").stdout.startswith("Published: nowhere known. ")
    assert texts(copy) == without


@pytest.mark.parametrize(
    ("url", "binder"),
    [
        (GITLAB, "https://mybinder.org/v2/gl/school%2Fmaths%2Fdigits/HEAD?labpath="),
        (OWN_SERVER, "https://mybinder.org/v2/git/https%3A%2F%2Fgit.school.example%3A8443%2Fmaths"),
    ],
)
def test_another_host_is_told_what_it_has_not(url, binder, copy):
    done = run(copy, url)
    assert "there are no workflows of GitHub, so no badge of the tests and no site" in done.stdout
    readme = (copy / "README.md").read_text()
    assert binder in readme
    assert f"git clone {url}\ncd digits\n" in readme
    for missing in ("badge.svg", "github.io", "codespaces.new", "colab.research"):
        assert missing not in readme
    assert "`make site` builds the course" in readme
    assert "contact_links" not in (copy / ".github/ISSUE_TEMPLATE/config.yml").read_text()
    assert f"at <{url}>" in (copy / "CODE_OF_CONDUCT.md").read_text()
    assert f"--depth 1 {url} /content" in (copy / "notebooks/03_training.ipynb").read_text()


@pytest.mark.parametrize(
    "url",
    [
        f"{GITHUB}.git",
        f"{GITHUB}/",
        "http://me:secret@github.com/Sums/digits-course".replace("http:", "https:"),
        "git@github.com:Sums/digits-course.git",
        "ssh://git@github.com/Sums/digits-course.git",
        "ssh://git@github.com:22/Sums/digits-course",
        "git://github.com/Sums/digits-course.git",
        "https://GitHub.com/Sums/digits-course",
        f"  {GITHUB}\n",
    ],
)
def test_every_form_of_git_and_of_a_browser_is_one_address(url, scripts):
    assert scripts.address_forms.parse_address(url).url == GITHUB


@pytest.mark.parametrize(
    "text",
    [
        *("", "digitrec", "/srv/git/digits.git", "../digits", "file:///srv/digits.git"),
        *("https://github.com/Sums", "https://github.com/a/b/c", "https://localhost/a/b"),
        *("https://github.com/a/b?tab=readme", 'https://github.com/a/b"\nevil = "', "C:\\digits"),
        *(
            "https://me:secret@github.com/a",
            "https://github.com/a/b)](x",
            "https://github.com/../b",
        ),
    ],
)
def test_what_is_no_address_of_a_repository_is_said(text, scripts):
    with pytest.raises(ValueError, match="such as https://github") as caught:
        scripts.address_forms.parse_address(text)
    assert "secret" not in str(caught.value)


def test_a_wrong_address_changes_nothing(copy):
    before = texts(copy)
    done = run(copy, "../digits")
    assert done.returncode == 1
    assert done.stderr.startswith("The address '../digits' came, expected one such as https://")
    assert done.stderr.count("\n") == 1
    assert texts(copy) == before


def test_without_an_argument_git_is_asked(copy):
    subprocess.run(["git", "init", "--quiet", copy], check=True)
    assert 'git knows no remote "origin"' in run(copy).stderr
    remote = ["remote", "add", "origin", "git@github.com:Sums/digits-course.git"]
    subprocess.run(["git", "-C", copy, *remote], check=True)
    assert run(copy).stdout.startswith(f"Published: {GITHUB}. ")


def test_in_a_notebook_only_the_note_of_the_first_cell_changes(copy):
    paths = sorted(copy.glob("*s/*.ipynb"))
    assert len(paths) > len(NOTEBOOKS)  # solutions, too: their first cells are those of the lessons
    before = [json.loads(path.read_text()) for path in paths]
    run(copy, GITHUB)
    for path, old in zip(paths, before, strict=True):
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        assert path.read_text() == nbformat.writes(notebook) + "\n"  # as if JupyterLab wrote it
        new = json.loads(path.read_text())
        first, note = "".join(new["cells"][0]["source"]).split("\n\n<details>")
        assert "".join(old["cells"][0]["source"]).startswith(f"{first}\n\n<details>")
        assert note.startswith("<summary>In Google Colab</summary>\n\n")
        assert note.endswith("\n\n</details>")
        new["cells"][0]["source"] = old["cells"][0]["source"]
        assert new == old


def test_links_of_readme_open_what_is_there(copy):
    run(copy, GITHUB)
    opened = [
        unquote(path)
        for path in re.findall(
            r"HEAD[?/]\S*?((?:notebooks|app)(?:/|%2F)[^)\s]+)", (copy / "README.md").read_text()
        )
    ]
    assert {(ROOT / path).name for path in opened} == {
        "00_first_minute.ipynb",
        "read_your_digits.ipynb",
    }
    assert all((ROOT / path).is_file() for path in opened)
    for workflow in re.findall(r"workflows/([\w.]+)/badge", (copy / "README.md").read_text()):
        assert (ROOT / ".github/workflows" / workflow).is_file()


def test_in_colab_everything_is_installed_but_what_colab_runs_on(copy, scripts):
    run(copy, GITHUB)
    note = "".join(
        json.loads((copy / "notebooks/05_custom_prediction.ipynb").read_text())["cells"][0][
            "source"
        ]
    )
    script = re.search(r"!python /content/digitrec/(\S+)\n", note)[1]
    assert (ROOT / script).is_file()
    packages, course = scripts.install_in_colab.commands(ROOT)
    names = {re.match(r"[\w-]+", one)[0] for one in packages[packages.index("--quiet") + 1 :]}
    declared = (ROOT / "pyproject.toml").read_text().split("dependencies = [")[1].split("\n]")[0]
    missing = set(re.findall(r'^    "([\w-]+)', declared, re.MULTILINE)) - names
    assert missing <= {"jupyterlab", "ipywidgets", "nbval", "voila", "tensorflow-cpu"}
    assert {"tensorflow", "numpy", "opencv-python-headless", "anywidget"} <= names
    assert course[-3:] == ["--no-deps", "--editable", str(ROOT)]  # where it lies, so with its data
