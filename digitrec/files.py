"""Writing files so that nothing is ever half written."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file completely or not at all: under another name first, then renamed.

    Args:
        path: the file; its folder is made if it is missing.
        write: is called with the temporary path and writes the content there.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".saving-", dir=path.parent) as folder:
        temporary = Path(folder) / path.name
        write(temporary)
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        os.replace(temporary, path)
