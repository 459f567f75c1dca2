"""Run the five notebooks in order with papermill, and say what came out.

    python scripts/run_notebooks.py     # or: make run

The executed copies and the results go to runs/, the trained network to models/.
"""

import json
import sys
import time

import papermill

from digitrec import project_path, short_path


def read_results(name: str) -> dict:
    """Return what a notebook saved with `digitrec.save_results`."""
    return json.loads(project_path(f"runs/{name}.json").read_text(encoding="utf-8"))


def main() -> int:
    start = time.monotonic()
    runs = project_path("runs")
    runs.mkdir(exist_ok=True)
    for path in sorted(project_path("notebooks").glob("0[1-5]_*.ipynb")):
        try:
            papermill.execute_notebook(
                path,
                runs / path.name,
                kernel_name="python3",
                cwd=path.parent,
                progress_bar={"desc": path.stem, "unit": "cell"},
            )
        except papermill.PapermillExecutionError as error:
            print(
                f"\n{path.name} stopped at cell {error.exec_count}: {error.ename}: {error.evalue}"
            )
            print(f"Open {short_path(runs / path.name)} to see where.")
            return 1

    test, read = read_results("04_evaluation"), read_results("05_custom_prediction")
    print(f"\nTest loss {test['test_loss']:.4f}, test accuracy {test['test_accuracy']:.2%}")
    yours = "" if read["own_right"] is None else f", yours {read['own_right']}"
    print(f"Of {read['labelled']} labelled pictures in digits/, the network in the box reads")
    print(f"{read['right']} right{yours}. The network in the box says:")
    for name, sentence in read["readings"].items():
        print(f"  {name}: {sentence}")
    print(f"The executed notebooks are in runs/. {time.monotonic() - start:.0f} seconds.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
