"""The rooms of the package: who may use whom, and what the core does without."""

import ast
import subprocess
import sys
from graphlib import TopologicalSorter

import pytest
from conftest import ROOT

# Each floor may use those below it, and a room whatever is inside it.
FLOORS = (
    {"bounds", "paths", "files", "quiet", "versions"},
    {"mnist", "names", "network_files"},
    {"other_hands"},
    {"damage", "corruptions", "networks", "baselines"},
    {"augmentation", "storage", "calibration", "doubtful_labels", "inside", "hands"},
    {"training", "reading", "browser", "ladder", "cards"},
    {"parameters", "expectations", "exercises", "figures", "sheets"},
    {"sweeps"},
    {"widgets", "commands"},
    {"__main__"},
)
CORE = set().union(*FLOORS[:6])
NOT_IN_THE_CORE = {"IPython", "anywidget", "ipywidgets", "matplotlib", "nbclient", "papermill"}
MODULES = sorted(path for path in (ROOT / "digitrec").rglob("*.py"))


def dotted(path):
    """digitrec/reading/ink.py as digitrec.reading.ink."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


NAMES = {dotted(path) for path in MODULES}


def room(name):
    """The room of digitrec.reading.ink is reading; the package itself is the entrance."""
    return name.split(".")[1] if "." in name else "entrance"


def imports(path):
    """Every module that a file imports anywhere, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write the whole name"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in NAMES else node.module


def own(path):
    return {name for name in imports(path) if name.split(".")[0] == "digitrec"}


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_arrows_point_down(path):
    name = dotted(path)
    if name == "digitrec":
        return  # the entrance shows them all
    floor = next(i for i, rooms in enumerate(FLOORS) if room(name) in rooms)
    below = set().union(*FLOORS[:floor])
    for used in own(path):
        assert room(used) in below | {room(name)}, f"{name} uses {used}"


def test_no_two_modules_need_each_other():
    TopologicalSorter({dotted(path): own(path) - {dotted(path)} for path in MODULES}).prepare()


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_modules_are_small_and_draw_without_pyplot(path):
    assert len(path.read_text().splitlines()) <= 300
    used = set(imports(path))
    assert not {"matplotlib.pyplot", "pylab"} & used
    if room(dotted(path)) in CORE:
        assert not NOT_IN_THE_CORE & {name.split(".")[0] for name in used}


def test_the_core_works_where_no_notebook_is_installed():
    """Block what notebooks need, and train, store and read all the same."""
    code = f"""
import sys
for name in {sorted(NOT_IN_THE_CORE)}:
    sys.modules[name] = None  # importing it raises ImportError
import digitrec
print(digitrec.read_digit("digits/digit1.png").sentence)
print(digitrec.read_page("digits/digit1.png").text)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert run.stdout.splitlines() == ["The number is probably a 4", "4"], run.stderr
