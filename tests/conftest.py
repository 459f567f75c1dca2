"""What all tests share: a project folder of their own, MNIST, and the network in the box."""

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import nbformat
import numpy as np
import pytest

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
# SciPy and scikit-learn, for this process alone: kernels have what learners have
sys.path += [str(home / "oracles") for home in (ROOT / ".venv", Path(sys.prefix))]
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="Linux alone counts memory like this")
UNIX = pytest.mark.skipif(os.name != "posix", reason="Windows has nothing like this")
KILLED = (-9, 15)  # how a process ends that psutil kills: on Unix, and on Windows


def pytest_configure(config):
    """Let models and results go to a folder of this process, not to the reader's own."""
    home = Path(tempfile.mkdtemp(prefix="digitrec-tests-")).resolve()
    shutil.copytree(ROOT / "digits", home / "digits")
    os.environ["DIGITREC_HOME"] = str(home)
    os.environ["DIGITREC_STRICT"] = "1"  # what is unusual stops a notebook
    config.add_cleanup(lambda: shutil.rmtree(home, ignore_errors=True))


def pytest_collection_modifyitems(items):
    """Begin with what takes minutes, so that two workers end at nearly the same time."""
    first = ("test_notebook", "test_browser")
    items.sort(
        key=lambda item: (item.path.suffix != ".ipynb", not item.path.name.startswith(first))
    )


@pytest.fixture
def empty_home(tmp_path, monkeypatch):
    """An empty project folder, and nobody's scheduler."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("DIGITREC_HOME", str(folder))
    monkeypatch.delenv("DASK_SCHEDULER_ADDRESS", raising=False)
    return folder


@pytest.fixture
def home(empty_home):
    """A fresh project folder with the pictures in it."""
    shutil.copytree(ROOT / "digits", empty_home / "digits")
    return empty_home


@pytest.fixture(scope="session")
def mnist():
    import digitrec

    return digitrec.load_mnist()


@pytest.fixture
def some(mnist):
    """200 digits, of which the first 20 are taken for the next higher one."""
    digits = mnist.validation[:200]
    probabilities = np.full((200, 10), 0.04)
    probabilities[np.arange(200), digits.labels] = 0.64
    probabilities[:20] = np.roll(probabilities[:20], 1, axis=1)
    return digits, probabilities


@pytest.fixture(scope="session")
def boxed_model():
    import digitrec
    from digitrec.storage import BOXED_MODEL

    return digitrec.load_model(BOXED_MODEL)


def always(digit, share=0.9, size=10, name="mlp"):
    """Return a network that says the same to every image: the learner's, easy to tell apart."""
    import digitrec

    rest = (1 - share) / (size - 1)
    model = digitrec.build_mlp() if size == 10 else digitrec.build_cnn(1, size)
    silent = [np.zeros_like(weights) for weights in model.get_weights()[:-1]]
    model.set_weights([*silent, np.log(np.where(np.arange(size) == digit, share, rest))])
    model.name = name
    return model


@pytest.fixture(scope="module")
def chromium():
    """A browser of its own for the tests of one file."""
    from browser import OPTIONS, find_browser
    from playwright.sync_api import sync_playwright

    path = find_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def running_lab(tmp_path_factory):
    """A JupyterLab for all files, with a copy of the course; starting one takes seconds."""
    from browser import Lab, copy_project, jupyterlab

    folder = copy_project(tmp_path_factory.mktemp("lab"))
    with jupyterlab(folder) as address:
        yield Lab(folder, address)


@pytest.fixture(scope="module")
def lab(running_lab):
    """That JupyterLab; what a file runs there ends with it."""
    from browser import end_kernels

    yield running_lab
    end_kernels(running_lab.address)


@pytest.fixture(scope="session")
def page_file(tmp_path_factory):
    """The page that needs no kernel, built from today's parts."""
    sys.path.append(str(ROOT / "scripts"))
    from build_page import build

    return build(tmp_path_factory.mktemp("built") / "page")


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The course as a site, built from today's pages in the environment of `make site`.

    Without that environment the test is skipped, and fails in CI.
    """
    homes = ROOT, Path(sys.prefix).parent  # the second for a copy of the checkout
    places = [home / ".venv-site" for home in homes]
    names = "bin/python", "Scripts/python.exe"
    found = [place / name for place in places for name in names if (place / name).exists()]
    if not found:
        reason = "no .venv-site on this machine; make site makes it"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    folder = tmp_path_factory.mktemp("built") / "site"
    command = [found[0], ROOT / "scripts" / "build_site.py", "--folder", folder]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return folder


@pytest.fixture
def open_page(chromium, page_file):
    """Open that page, from disk or from an address; an error in it fails the test."""
    contexts, errors = [], []

    def open_it(address=None, **options):
        options = {"viewport": {"width": 1280, "height": 900}} | options
        contexts.append(chromium.new_context(**options))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(address or page_file.as_uri())
        return page

    yield open_it
    assert errors == []
    for context in contexts:
        context.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Leave a screenshot of every page that a failed test was looking at."""
    from playwright.sync_api import Error

    report = yield
    if report.failed:
        for name, value in getattr(item, "funcargs", {}).items():
            if hasattr(value, "screenshot"):
                path = ROOT / "tests" / "failures" / f"{item.name}-{name}.png"
                with suppress(Error):  # the browser may be gone; its error would end all tests
                    value.screenshot(path=path)
                    report.sections.append(("screenshot", str(path)))
    return report


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook_path(request):
    return request.param


@pytest.fixture
def notebook(notebook_path):
    return nbformat.read(notebook_path, as_version=4)
