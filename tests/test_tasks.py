"""All tasks of all lessons: starters run, solutions are right, wrong answers meet their hints.

What holds for every task is asked of every task: any form of a right answer is right, a strange
answer gets a sentence, the lessons show what is stored, and `solutions/` is of today.
"""

import ast
import importlib
import json
import sys
from types import FunctionType

import nbformat
import numpy as np
import pytest
from conftest import NOTEBOOKS, ROOT

from digitrec import exercises
from digitrec.exercises.judges import Choice, Function
from digitrec.exercises.summary import LONGEST_TITLE, tasks_of
from digitrec.exercises.task import KINDS, load_solution
from digitrec.exercises.verdict import WIDTH, State

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
        assert " ".join(hint.split()) in " ".join(repr(verdict).split()), (code, verdict)
        assert max(map(len, repr(verdict).splitlines())) <= WIDTH, verdict


def handed_over(task, known):
    """What the last line of a starter hands over: the answer, and what stands beside it."""
    arguments = ast.parse(task.starter).body[-1].value.args
    return [eval(ast.unparse(argument), known) for argument in arguments]


def in_other_forms(answer, choice):
    """The same answer, as another learner would hand it over."""
    from digitrec.quiet import keras

    if isinstance(answer, str):
        return (answer.upper(), f" {answer} ", f"({answer})") if choice else ()
    if isinstance(answer, bool):
        return ()
    if isinstance(answer, int | np.integer):
        return float(answer), np.int64(answer), np.array([answer]), keras.ops.array(answer)
    if isinstance(answer, float | np.floating):
        return float(answer), np.float64(answer), np.array(answer), keras.ops.array(answer)
    if isinstance(answer, np.ndarray):
        return answer.tolist(), keras.ops.array(answer)
    if isinstance(answer, FunctionType):
        return tuple(returning(answer, form) for form in (loudly, in_32_bits, as_lists, as_tensors))
    return ()


def returning(function, form):
    """A function that hands its results over in another form."""

    def other(*arguments, **options):
        result = function(*arguments, **options)
        return tuple(map(form, result)) if isinstance(result, tuple) else form(result)

    return other


def loudly(result):
    print("so far", result)
    return result


def in_32_bits(result):
    floating = isinstance(result, np.ndarray | np.floating) and result.dtype == np.float64
    return result.astype(np.float32) if floating else result


def as_lists(result):
    return result.tolist() if isinstance(result, np.ndarray | np.generic) else result


def as_tensors(result):
    from digitrec.quiet import keras

    numeric = isinstance(result, np.ndarray) and result.dtype.kind in "iuf"
    return keras.ops.convert_to_tensor(result) if numeric else result


@EACH
def test_a_right_answer_is_right_in_every_form(name, contexts):
    """A challenge has one form, and takes its time."""
    stem, task = TASKS[name]
    if task.kind == "challenge":
        return
    known = variables(stem, contexts)
    checked(f"{load_solution(name)['code']}\n{check_line(task)}", known)
    answer, *context = handed_over(task, known)
    for form in in_other_forms(answer, isinstance(task.judge, Choice)):
        verdict = task.check(form, *context)
        assert verdict.state is State.RIGHT, (form, verdict)


class Everything:
    """Says that it equals everything."""

    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0


def fails(*_):
    raise RuntimeError


STRANGE = (
    0, -1.5, float("nan"), 10**400, 1j, True, "", "no answer", "ü" * 300, b"bytes", [],
    [[1], [2, 3]], {}, {"a": 1}, np.zeros(0), np.zeros((3, 28, 28)), object(), Everything(),
    Everything, print, len,
    lambda *given: None, lambda *given: given[0] if given else 0, lambda *given: 0, fails,
    lambda *given: Everything(), lambda *given: sys.exit(), lambda *given: input(),
    lambda *given: (one for one in given), lambda *given: "no answer",
)  # fmt: skip


@EACH
def test_a_strange_answer_gets_a_sentence_and_is_not_right(name, contexts):
    stem, task = TASKS[name]
    known = variables(stem, contexts)
    checked(task.starter, known)
    _, *context = handed_over(task, known)
    passed = []
    for answer in STRANGE:
        verdict = task.check(answer, *context)
        assert max(map(len, repr(verdict).splitlines())) <= WIDTH, verdict
        passed += [answer] if verdict.state is State.RIGHT else []
    numbers = [one for one in passed if isinstance(one, int | float)]
    assert passed == numbers, f"{passed} passed"
    assert len(numbers) <= 1  # 0 may be an answer


@EACH
def test_a_task_is_whole(name):
    _, task = TASKS[name]
    assert task.kind in KINDS
    assert 2 <= len(task.hints) <= 4
    assert task.goals
    assert len(task.title) <= LONGEST_TITLE
    solution = load_solution(name)
    assert solution["why"].strip()
    assert max(map(len, task.starter.splitlines())) <= 92
    assert max(map(len, solution["code"].splitlines())) <= 100
    if isinstance(task.judge, Function):
        assert len(task.judge.inputs) >= 3
    if isinstance(task.judge, Choice):
        assert len(task.judge.mistakes) >= 2
        assert task.judge.right not in task.judge.mistakes


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
        if isinstance(task.judge, Choice):
            assert json.dumps(task.judge.because)[1:-1] not in text


SOLVED = sorted((ROOT / "solutions").glob("*.ipynb"))


@pytest.fixture
def place_tasks(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "scripts")
    import place_tasks

    return place_tasks


@pytest.mark.parametrize("stem", LESSONS)
def test_the_solved_lesson_is_that_of_today(stem, place_tasks):
    """`scripts/place_tasks.py --solutions` makes them anew."""
    expected = place_tasks.solved(ROOT / "notebooks" / f"{stem}.ipynb")
    solved = nbformat.read(ROOT / "solutions" / f"{stem}.ipynb", 4)
    assert [(cell.id, cell.source) for cell in solved.cells] == [
        (cell.id, cell.source) for cell in expected.cells
    ]


@pytest.mark.parametrize("stem", LESSONS)
def test_every_task_of_a_solved_lesson_is_right(stem, place_tasks):
    notebook = nbformat.read(ROOT / "solutions" / f"{stem}.ipynb", 4)
    tasks = place_tasks.lesson_tasks(ROOT / "notebooks" / f"{stem}.ipynb")
    codes = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in codes)
    assert not [one for cell in codes for one in cell.outputs if one.output_type == "error"]
    said = {
        place_tasks.task_of(cell, tasks).short_name: cell.outputs[-1].data["text/plain"]
        for cell in codes
        if place_tasks.task_of(cell, tasks)
    }
    assert list(said) == list(tasks)
    for name, text in said.items():
        assert text.startswith("Right."), (name, text)


def test_there_are_no_other_solved_lessons_and_they_are_small():
    assert [path.stem for path in SOLVED] == list(LESSONS)
    assert sum(path.stat().st_size for path in SOLVED) < 3_000_000
