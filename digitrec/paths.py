"""Where the project's files are, whatever folder a notebook is run from."""

import os
from pathlib import Path


def project_path(path: str | Path) -> Path:
    """Return an absolute path; a relative one starts at the project folder.

    JupyterLab runs a notebook in its own folder, papermill in the folder of whoever calls it. So
    that `digits/` and `models/` are the same in both, relative paths start at the project folder:
    the environment variable DIGITREC_HOME if it is set, else the checkout that this package was
    installed from, else the current folder.

    Args:
        path: a path such as "digits" or "models/handwritten_digits.keras".

    Returns:
        The absolute path. It may or may not exist.

    >>> project_path("digits").name
    'digits'
    >>> project_path("digits").is_absolute()
    True
    """
    checkout = Path(__file__).resolve().parent.parent
    if "DIGITREC_HOME" in os.environ:
        folder = Path(os.environ["DIGITREC_HOME"])
    elif (checkout / "pyproject.toml").is_file():
        folder = checkout
    else:
        folder = Path.cwd()
    return (folder / Path(path).expanduser()).resolve()


def short_path(path: str | Path) -> str:
    """Return a path as text for a message: relative to the project folder where it lies inside.

    >>> short_path(project_path("models/handwritten_digits.keras"))
    'models/handwritten_digits.keras'
    """
    absolute, home = project_path(path), project_path("")
    return (absolute.relative_to(home) if absolute.is_relative_to(home) else absolute).as_posix()
