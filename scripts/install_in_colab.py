"""Install the course in Google Colab, beside the Jupyter that Colab brings.

    !python digitrec/scripts/install_in_colab.py

Colab runs cells by versions of its own of Jupyter and of ipywidgets, and a session whose parts are
replaced does not come back. So these stay, and the lessons get everything else that they declare.
"""

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = (
    *("ipywidgets", "jupyterlab", "nbval", "voila"),
    "tensorflow-cpu",  # Colab has TensorFlow for graphics cards, which owns the same files
)
NEXT = (
    "The course is installed. Complaints about other packages above are about what Colab brings "
    "for others.\nNow choose Runtime > Restart session, and go on with the next cell."
)


def needed(dependencies: list[str]) -> list[str]:
    """Return what has to be installed of what the lessons declare.

    >>> needed(["numpy>=2.4,<2.5", "jupyterlab>=4.6,<5", "ipywidgets>=8.1.9,<9"])
    ['numpy>=2.4,<2.5']
    >>> needed(["tensorflow-cpu>=2; sys_platform == 'linux'", "tensorflow>=2; os_name == 'nt'"])
    ['tensorflow>=2']
    """
    wanted = (one.split(";")[0].strip() for one in dependencies if not one.startswith(LEFT_OUT))
    return list(dict.fromkeys(wanted))


def commands(root: Path) -> list[list[str]]:
    """Return the two installations: of packages, and of the course where it lies, with its data."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pip = [sys.executable, "-m", "pip", "install", "--quiet"]
    return [[*pip, *needed(project["dependencies"])], [*pip, "--no-deps", "--editable", str(root)]]


def main() -> None:
    for command in commands(ROOT):
        if code := subprocess.run(command).returncode:
            raise SystemExit(f"pip ended with {code}; its last lines say why. Run the cell again.")
    print(NEXT)


if __name__ == "__main__":
    main()
