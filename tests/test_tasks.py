"""All tasks of all lessons: starters run, solutions are right, wrong answers meet their hints."""

import ast
import importlib
import json
import re

import nbformat
import pytest
from conftest import NOTEBOOKS

from digitrec import exercises
from digitrec.exercises.judges import Function
from digitrec.exercises.summary import tasks_of
from digitrec.exercises.task import KINDS, load_solution
from digitrec.exercises.verdict import State

LESSONS = {path.stem: path.stem[3:] for path in NOTEBOOKS if path.stem != "00_first_minute"}
MODULES = {
    number_and_name: importlib.import_module(f"digitrec.exercises.{module}")
    for number_and_name, module in LESSONS.items()
}
TASKS = {task.name: (stem, task) for stem, module in MODULES.items() for task in tasks_of(module)}
EACH = pytest.mark.parametrize("name", TASKS)


@pytest.fixture(autouse=True)
def own_score(home):
    """Every test has a score of its own."""


@pytest.fixture(scope="session")
def contexts():
    """What each lesson has made before its tasks; computed once."""
    return {}


def variables(stem, contexts):
    """The names that cells of a lesson can use."""
    if stem not in contexts:
        contexts[stem] = answers(stem).context()
    return {"tasks": MODULES[stem], "exercises": exercises} | contexts[stem]


def answers(stem):
    return importlib.import_module(f"task_answers.{LESSONS[stem]}")


def checked(code, known):
    """Run a cell, and return what its last line says."""
    *body, last = ast.parse(code).body
    exec(compile(ast.Module(body, []), "cell", "exec"), known)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), known)


def check_line(task):
    """The last statement of a starter, which hands the answer over."""
    return ast.unparse(ast.parse(task.starter).body[-1])


@EACH
def test_a_starter_runs_and_says_that_nothing_was_attempted(name, contexts):
    stem, task = TASKS[name]
    verdict = checked(task.starter, variables(stem, contexts))
    assert verdict.state is State.NOT_ATTEMPTED
    assert exercises.score.load_scores() == {}


@EACH
def test_the_stored_solution_is_right(name, contexts):
    stem, task = TASKS[name]
    code = load_solution(name)["code"]
    verdict = checked(f"{code}\n{check_line(task)}", variables(stem, contexts))
    assert verdict.state is State.RIGHT, verdict
    assert exercises.score.load_scores()[name].solved


@EACH
def test_wrong_answers_meet_their_hints(name, contexts):
    stem, task = TASKS[name]
    wrong = answers(stem).WRONG[name.split(".")[1]]
    assert len({hint for _, hint in wrong}) >= 3
    for code, hint in wrong:
        verdict = checked(f"{code}\n{check_line(task)}", variables(stem, contexts))
        assert verdict.state is State.NOT_YET, (code, verdict)
        assert hint in " ".join(repr(verdict).split()), (code, verdict)


@EACH
def test_a_task_is_whole(name):
    _, task = TASKS[name]
    assert task.kind in KINDS
    assert len(task.hints) >= 2
    assert task.goals
    assert max(map(len, task.starter.splitlines())) <= 92
    if isinstance(task.judge, Function):
        assert len(task.judge.inputs) >= 3


@pytest.mark.parametrize("stem", LESSONS)
def test_a_lesson_has_four_to_six_tasks_that_cover_what_it_promises(stem):
    tasks = tasks_of(MODULES[stem])
    assert 4 <= len(tasks) <= 6
    assert {task.name.split(".")[0] for task in tasks} == {stem[:2]}
    first = nbformat.read(next(p for p in NOTEBOOKS if p.stem == stem), 4).cells[0].source
    promised = first.split("**You will**")[1].split("|")[0].count("\n- ")
    assert {goal for task in tasks for goal in task.goals} == set(range(1, promised + 1))
    assert len({task.kind for task in tasks}) >= 3


def test_every_kind_is_there_in_the_course():
    assert {task.kind for _, task in TASKS.values()} == set(KINDS)


@pytest.mark.parametrize("stem", LESSONS)
def test_the_lesson_shows_its_tasks_as_they_are_stored_and_no_solution(stem):
    notebook = nbformat.read(next(path for path in NOTEBOOKS if path.stem == stem), 4)
    text = json.dumps(notebook.cells)
    places = [
        (tag, cell.cell_type, cell.source)
        for cell in notebook.cells
        for tag in cell.metadata.get("tags", [])
        if tag.startswith("task-")
    ]
    expected = []
    for task in tasks_of(MODULES[stem]):
        short = task.name.split(".")[1]
        expected += [(f"task-{short}", "markdown"), (f"task-{short}", "code")]
        (question,) = (s for tag, kind, s in places if (tag, kind) == (f"task-{short}", "markdown"))
        assert question.endswith(task.question)
        (starter,) = (s for tag, kind, s in places if (tag, kind) == (f"task-{short}", "code"))
        assert starter == task.starter
    assert [(tag, kind) for tag, kind, _ in places] == expected
    assert "<summary>Solution" not in text
    for task in tasks_of(MODULES[stem]):
        code = load_solution(task.name)["code"].strip()
        assert json.dumps(code)[1:-1] not in text


def test_summary_counts_what_was_solved(capsys):
    tasks = MODULES["02_model_building"]
    assert "0 of" in exercises.summary(tasks)
    tasks.weight_count.check(1)
    tasks.weight_count.check(784 * 64 + 64 + 64 * 10 + 10)
    said = exercises.summary(tasks)
    assert re.search(r"^solved +A smaller network +2 tries$", said, re.MULTILINE)
    assert "1 of" in said
    exercises.forget()
    assert "0 of" in exercises.summary(tasks)
