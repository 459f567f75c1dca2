"""Which versions of the packages are installed."""

from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version


def installed_versions(*packages: str) -> dict[str, str]:
    """Return the version of each package by its name.

    Args:
        packages: their names. TensorFlow is "tensorflow", also where its build without code for
            GPUs is installed, which has a name of its own.

    Raises:
        importlib.metadata.PackageNotFoundError: a package is not installed.

    >>> versions = installed_versions("numpy", "tensorflow")
    >>> list(versions), versions["tensorflow"][:2]
    (['numpy', 'tensorflow'], '2.')
    """
    return {name: _version(name) for name in packages}


def _version(name: str) -> str:
    if name == "tensorflow":
        with suppress(PackageNotFoundError):
            return version("tensorflow-cpu")
    return version(name)
