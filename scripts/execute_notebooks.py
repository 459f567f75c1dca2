"""Execute notebooks in place, so that the committed outputs are those of the committed code.

    python scripts/execute_notebooks.py                                  # all of them, in order
    python scripts/execute_notebooks.py notebooks/03_training.ipynb      # some

What would differ from run to run without meaning anything (timings, widget state) is not stored,
and models and results go to a temporary folder.
"""

import argparse
import os
import shutil
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbconvert.preprocessors import CoalesceStreamsPreprocessor
from tqdm import tqdm

ROOT = Path(__file__).resolve().parent.parent


def execute(path: Path) -> None:
    """Run one notebook from top to bottom and store its outputs."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=600,
        record_timing=False,
        store_widget_state=False,
        resources={"metadata": {"path": str(path.parent)}},
    )
    client.execute()
    CoalesceStreamsPreprocessor().preprocess(notebook, {})
    notebook.metadata = {
        "kernelspec": {
            "display_name": "Python 3 (ipykernel)",
            "language": "python",
            "name": "python3",
        },
        # whole, or JupyterLab completes it and calls the notebook unsaved as soon as it is open
        "language_info": notebook.metadata.language_info,
    }
    nbformat.validate(notebook)
    nbformat.write(notebook, path)


def execute_all(notebooks: list[Path]) -> None:
    """Run notebooks in order, in a project folder of their own."""
    with tempfile.TemporaryDirectory() as home:
        shutil.copytree(ROOT / "digits", Path(home) / "digits")
        os.environ["DIGITREC_HOME"] = home
        os.environ["DIGITREC_STRICT"] = "1"  # nothing unusual is committed
        for path in (bar := tqdm(notebooks, unit="notebook")):
            bar.set_description(path.stem)
            execute(path.resolve())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", nargs="*", type=Path)
    options = parser.parse_args()
    execute_all(options.notebooks or sorted((ROOT / "notebooks").glob("*.ipynb")))


if __name__ == "__main__":
    main()
