"""Write the tasks of `digitrec/exercises` into the lessons, and the lessons' solutions apart.

    python scripts/place_tasks.py              # questions and starters into the lessons
    python scripts/place_tasks.py --solutions  # solved and executed, into solutions/
    python scripts/place_tasks.py --solutions notebooks/03_training.ipynb    # of one lesson

A lesson says where a task stands by two cells, Markdown and code, with the tag `task-NAME`. A new
task needs these two cells, empty; this fills them.

Solved lessons hold what their cells say, and no pictures: those are in the lessons, and would put
some megabytes more into the history at each change.
"""

import argparse
import ast
import importlib
import json
from pathlib import Path

import nbformat
from execute_notebooks import execute_all

from digitrec.exercises.summary import tasks_of
from digitrec.exercises.task import Task, load_solution

ROOT = Path(__file__).resolve().parent.parent
SOLUTIONS = ROOT / "solutions"
MARK = "task-"
MOST = 4_000  # bytes of an output that a solved lesson keeps, beside those of its tasks


def lesson_tasks(path: Path) -> dict[str, Task]:
    """Return the tasks of a lesson by their short names, in their order; none where it has none."""
    name = f"digitrec.exercises.{path.stem[3:]}"
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:  # the module is there, and needs something that is not
            raise
        return {}
    return {task.short_name: task for task in tasks_of(module)}


def task_of(cell: nbformat.NotebookNode, tasks: dict[str, Task]) -> Task | None:
    """Return the task whose question or starter a cell is, or None.

    Raises:
        ValueError: the lesson has no such task.
    """
    tags = cell.metadata.get("tags", [])
    names = [tag.removeprefix(MARK) for tag in tags if tag.startswith(MARK)]
    if names and names[0] not in tasks:
        raise ValueError(f"{MARK}{names[0]} came; the tasks are {', '.join(tasks)}.")
    return tasks[names[0]] if names else None


def heading(number: str, task: Task) -> str:
    """Return what stands above a question."""
    end = "" if task.title.endswith("?") else "."
    return f"**Task {number} ({task.kind}): {task.title}{end}** "


def with_tasks(notebook: nbformat.NotebookNode, tasks: dict[str, Task]) -> None:
    """Put question and starter of each task into its cells."""
    for cell in notebook.cells:
        if task := task_of(cell, tasks):
            lesson, number = int(task.name[:2]), 1 + [*tasks.values()].index(task)
            question = heading(f"{lesson}.{number}", task) + task.question
            cell.source = question if cell.cell_type == "markdown" else task.starter


def with_solutions(notebook: nbformat.NotebookNode, tasks: dict[str, Task]) -> None:
    """Put the solution of each task in place of its starter, and the reason below it."""
    cells = []
    for cell in notebook.cells:
        cells.append(cell)
        task = task_of(cell, tasks)
        if task and cell.cell_type == "code":
            stored = load_solution(task.name)
            check = ast.get_source_segment(task.starter, ast.parse(task.starter).body[-1])
            cell.source = f"{stored['code'].strip()}\n{check}"
            why = nbformat.v4.new_markdown_cell(f"**Why:** {stored['why'].strip()}")
            why.id = f"{cell.id[:60]}-why"  # the same each time
            cells.append(why)
    notebook.cells = cells


def solved(path: Path) -> nbformat.NotebookNode:
    """Return a lesson with its tasks solved, not executed."""
    notebook, tasks = nbformat.read(path, as_version=4), lesson_tasks(path)
    with_tasks(notebook, tasks)
    with_solutions(notebook, tasks)
    return notebook


def without_pictures(notebook: nbformat.NotebookNode) -> None:
    """Leave out large outputs, which are those of the lesson."""
    for cell in notebook.cells:
        if cell.cell_type == "code" and not any(
            MARK in tag for tag in cell.metadata.get("tags", [])
        ):
            cell.outputs = [one for one in cell.outputs if len(json.dumps(one)) <= MOST]


def write_solutions(lessons: list[Path]) -> None:
    """Write solved lessons anew, executed."""
    SOLUTIONS.mkdir(exist_ok=True)
    for path in lessons:
        nbformat.write(solved(path), SOLUTIONS / path.name)
    written = [SOLUTIONS / path.name for path in lessons]
    execute_all(written)
    for path in written:
        notebook = nbformat.read(path, as_version=4)
        without_pictures(notebook)
        nbformat.write(notebook, path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--solutions", action="store_true", help="write solutions/, executed")
    parser.add_argument("lessons", nargs="*", type=Path, help="some notebooks; none means all")
    options = parser.parse_args()
    notebooks = options.lessons or sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
    lessons = [path for path in notebooks if lesson_tasks(path)]
    if options.solutions:
        if not options.lessons:  # those of lessons that are gone go, too
            for old in SOLUTIONS.glob("*.ipynb"):
                old.unlink()
        write_solutions(lessons)
        return
    for path in lessons:
        notebook = nbformat.read(path, as_version=4)
        with_tasks(notebook, lesson_tasks(path))
        nbformat.write(notebook, path)


if __name__ == "__main__":
    main()
