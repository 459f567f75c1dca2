"""Write the tasks of `digitrec/exercises` into the lessons, and the lessons' solutions apart.

    python scripts/place_tasks.py              # questions and starters into the lessons
    python scripts/place_tasks.py --solutions  # solved and executed, into solutions/

A lesson says where a task stands by two cells, Markdown and code, with the tag `task-NAME`. A new
task needs these two cells, empty; this fills them.
"""

import argparse
import ast
import importlib
from pathlib import Path

import nbformat
from execute_notebooks import execute_all

from digitrec.exercises.summary import tasks_of
from digitrec.exercises.task import Task, load_solution

ROOT = Path(__file__).resolve().parent.parent
SOLUTIONS = ROOT / "solutions"
MARK = "task-"


def lesson_tasks(path: Path) -> dict[str, Task]:
    """Return the tasks of a lesson by their short names, in their order; none where it has none."""
    try:
        module = importlib.import_module(f"digitrec.exercises.{path.stem[3:]}")
    except ModuleNotFoundError:
        return {}
    return {task.name.split(".")[1]: task for task in tasks_of(module)}


def heading(number: str, task: Task) -> str:
    """Return what stands above a question."""
    return f"**Task {number} ({task.kind}): {task.title}.** "


def with_tasks(notebook: nbformat.NotebookNode, tasks: dict[str, Task], lesson: str) -> None:
    """Put question and starter of each task into its cells."""
    numbers = {name: f"{int(lesson)}.{i}" for i, name in enumerate(tasks, 1)}
    for cell in notebook.cells:
        for tag in cell.metadata.get("tags", []):
            if not tag.startswith(MARK):
                continue
            name = tag.removeprefix(MARK)
            if name not in tasks:
                raise ValueError(f"{tag} came; lesson {lesson} has the tasks {', '.join(tasks)}.")
            task = tasks[name]
            source = heading(numbers[name], task) + task.question
            cell.source = source if cell.cell_type == "markdown" else task.starter


def with_solutions(notebook: nbformat.NotebookNode, tasks: dict[str, Task]) -> None:
    """Put the solution of each task in place of its starter, and the reason below it."""
    cells = []
    for cell in notebook.cells:
        cells.append(cell)
        tags = [tag for tag in cell.metadata.get("tags", []) if tag.startswith(MARK)]
        if cell.cell_type == "code" and tags:
            task = tasks[tags[0].removeprefix(MARK)]
            stored = load_solution(task.name)
            check = ast.get_source_segment(task.starter, ast.parse(task.starter).body[-1])
            cell.source = f"{stored['code'].strip()}\n{check}"
            cells.append(nbformat.v4.new_markdown_cell(f"**Why:** {stored['why'].strip()}"))
    notebook.cells = cells


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--solutions", action="store_true", help="write solutions/, executed")
    options = parser.parse_args()
    written = []
    for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb")):
        if not (tasks := lesson_tasks(path)):
            continue
        notebook = nbformat.read(path, as_version=4)
        with_tasks(notebook, tasks, path.stem[:2])
        if options.solutions:
            with_solutions(notebook, tasks)
            path = SOLUTIONS / path.name
        nbformat.write(notebook, path)
        written.append(path)
    if options.solutions:
        execute_all(written)


if __name__ == "__main__":
    main()
