"""What all tests share: a project folder of their own, MNIST, and the network in the box."""

import os
import shutil
import tempfile
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))


def pytest_configure(config):
    """Let models and results go to a folder of this process, not to the reader's own."""
    home = Path(tempfile.mkdtemp(prefix="digitrec-tests-"))
    shutil.copytree(ROOT / "digits", home / "digits")
    os.environ["DIGITREC_HOME"] = str(home)
    config.add_cleanup(lambda: shutil.rmtree(home, ignore_errors=True))


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A fresh project folder with the pictures in it."""
    folder = tmp_path / "home"
    shutil.copytree(ROOT / "digits", folder / "digits")
    monkeypatch.setenv("DIGITREC_HOME", str(folder))
    return folder


@pytest.fixture(scope="session")
def mnist():
    import digitrec

    return digitrec.load_mnist()


@pytest.fixture(scope="session")
def boxed_model():
    import digitrec
    from digitrec.storage import BOXED_MODEL

    return digitrec.load_model(BOXED_MODEL)


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook_path(request):
    return request.param


@pytest.fixture
def notebook(notebook_path):
    return nbformat.read(notebook_path, as_version=4)
