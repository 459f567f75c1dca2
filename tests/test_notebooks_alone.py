"""Each notebook runs by itself, in an empty folder, within a bounded memory."""

from papermill_runs import MEMORY_LIMIT, QUICK, papermill, statuses


def test_each_notebook_runs_alone_in_an_empty_folder(notebook_path, tmp_path, home):
    folder = tmp_path / "elsewhere"
    done = papermill(notebook_path.stem, folder, home, *QUICK.get(notebook_path.stem, []))
    assert done.returncode == 0, done.text
    assert statuses(folder / "out.ipynb") == {"completed"}
    assert [path.name for path in folder.iterdir()] == ["out.ipynb"]
    assert done.peak_memory < MEMORY_LIMIT
