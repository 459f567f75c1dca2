"""Where the project's files are, whatever folder a notebook is run from."""

import os
from pathlib import Path

COURSE = "notebooks/00_first_minute.ipynb"  # whatever folder has it is a copy of the course


def project_path(path: str | Path) -> Path:
    """Return an absolute path; a relative one starts at the project folder.

    JupyterLab runs a notebook in its own folder, papermill in the folder of whoever calls it. So
    that `digits/` and `models/` are the same in both, relative paths start at the project folder:
    the environment variable DIGITREC_HOME if it is set, else the copy of the course that this
    package lies in, else the one around the current folder, else the current folder.

    Args:
        path: a path such as "digits" or "models/handwritten_digits.keras".

    Returns:
        The absolute path. It may or may not exist.

    >>> project_path("digits").name
    'digits'
    >>> project_path("digits").is_absolute()
    True
    """
    if "DIGITREC_HOME" in os.environ:
        folder = expanded(os.environ["DIGITREC_HOME"])
    else:
        here = Path.cwd()
        places = (Path(__file__).resolve().parent.parent, here, *here.parents)
        folder = next((place for place in places if (place / COURSE).is_file()), here)
    path = folder / expanded(path)
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):  # links in a circle, or a name no file can have
        return path.absolute()


def expanded(path: str | Path) -> Path:
    """Return a path with ~ as the home folder; as it is where there is no such user.

    >>> expanded("~nosuchuser/digit1.png").as_posix()
    '~nosuchuser/digit1.png'
    """
    try:
        return Path(path).expanduser()
    except RuntimeError:
        return Path(path)


def short_path(path: str | Path) -> str:
    """Return a path as text for a message: relative to the project folder where it lies inside.

    >>> short_path(project_path("models/handwritten_digits.keras"))
    'models/handwritten_digits.keras'
    """
    absolute, home = project_path(path), project_path("")
    return (absolute.relative_to(home) if absolute.is_relative_to(home) else absolute).as_posix()
