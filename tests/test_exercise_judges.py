"""What judges say of answers of any kind, and how the score of a learner is kept."""

import os
import re
import subprocess
import sys
import textwrap
import time
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import partial

import numpy as np
import pytest
from conftest import KILLED, ROOT

from digitrec import exercises
from digitrec.exercises import calls, score, values
from digitrec.exercises import task as task_module
from digitrec.exercises.judges import Choice, Function, Measured, Number
from digitrec.exercises.task import Task
from digitrec.exercises.verdict import State, folded, not_yet, right
from digitrec.mnist import Digits

NOT_ATTEMPTED, NOT_YET, RIGHT = State


@pytest.fixture(autouse=True)
def own_score(home):
    """Every test has a score of its own."""


class Everything:
    """Says that it equals everything."""

    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0


def tensor(value):
    from digitrec.quiet import keras

    return keras.ops.convert_to_tensor(value)


def some_task(judge, **changes):
    """A task of notebook 2, which has solutions stored, with another judge."""
    from digitrec.exercises.model_building import weight_count

    return replace(weight_count, judge=judge, **changes)


def said(verdict):
    """A verdict in one line."""
    return " ".join(repr(verdict).split())


COUNT = Number(lambda: 2580, lambda: {860: "That is one epoch.", 2577: "Round up."})
SHARE = Number(lambda: 1 / 3, lambda: {2 / 3: "The other part.", 0.34: "Nearly."}, tolerance=0.01)


@pytest.mark.parametrize(
    "answer",
    [2580, 2580.0, np.int64(2580), np.uint16(2580), np.float32(2580), Fraction(2580), Decimal(2580),
     np.array(2580), np.array([2580]), np.array([[2580.0]])],
)  # fmt: skip
def test_a_right_number_is_right_whatever_holds_it(answer):
    assert COUNT(answer).state is RIGHT


def test_a_right_number_is_right_as_a_tensor():
    for answer in (tensor(2580), tensor([2580.0])):
        assert COUNT(answer).state is RIGHT


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (860, "860 is not it. That is one epoch."),
        (2577.0, "2577.0 is not it. Round up."),
        (2579, "2579 is not it."),
        (2580.001, "2580.0 is not it."),
        ("2580", "'2580' is a str; expected one number."),
        (True, "True is a bool; expected one number."),
        (np.True_, "True is a bool; expected one number."),
        ([2580, 1], "[2580, 1] is a list; expected one number."),
        (np.arange(3), "[0, 1, 2] is a ndarray; expected one number."),
        (2580 + 0j, "(2580+0j) is a complex; expected one number."),
        (float("nan"), "nan came; expected a finite number."),
        (-np.inf, "-inf came; expected a finite number."),
        (10**400, "That is far too large."),
        (Everything(), "An Everything came; expected one number."),
    ],
)
def test_what_is_not_the_number_gets_a_sentence(answer, sentence):
    verdict = COUNT(answer)
    assert verdict.state is NOT_YET
    assert said(verdict) == f"Not yet. {sentence}"


def test_a_number_of_thousands_of_digits_is_no_error():
    assert said(COUNT(10**6000)) == "Not yet. That is far too large."


def test_counts_are_exact_and_shares_bear_rounding():
    exact = Number(lambda: 30_000_000)
    assert exact(30_000_001).state is NOT_YET
    assert Number(lambda: 0.1 + 0.2)(0.3).state is RIGHT
    assert Number(lambda: 1 / 3)(np.float32(1 / 3)).state is RIGHT
    assert Number(lambda: 1 / 3)(0.33333).state is NOT_YET
    assert SHARE(0.33).state is RIGHT
    assert SHARE(0.35).state is NOT_YET
    assert "Nearly." in said(SHARE(0.349))
    assert "The other part." in said(SHARE(0.66))


def test_a_number_may_depend_on_what_the_cell_hands_over():
    precision = Number(
        lambda matrix: matrix[0, 0] / matrix[:, 0].sum(),
        lambda matrix: {matrix[0, 0] / matrix[0].sum(): "That is the recall."},
    )
    matrix = np.array([[3, 1], [2, 4]])
    assert precision(0.6, matrix).state is RIGHT
    assert "recall" in said(precision(0.75, matrix))
    assert precision(..., "no matrix at all").state is NOT_ATTEMPTED


LETTER = Choice("b", "The row is the digit.", {"a": "Look at the rows.", "c": "Neither."})


@pytest.mark.parametrize("answer", ["b", "B", " b ", "(b)", "b)", "B.", np.str_("b")])
def test_the_right_letter_is_right_however_it_is_written(answer):
    assert said(LETTER(answer)) == "Right. The row is the digit."


def test_another_letter_is_told_why_and_anything_else_what_was_expected():
    assert said(LETTER("A")) == "Not yet. Look at the rows."
    for answer, shown in (
        (2, "2"),
        ("d", "'d'"),
        ("ab", "'ab'"),
        (["b"], "['b']"),
        (len, "<built"),
    ):
        verdict = LETTER(answer)
        assert verdict.state is NOT_YET
        assert said(verdict).startswith(f"Not yet. {shown}")
        assert said(verdict).endswith("came; expected one of 'a', 'b', 'c', in quotes.")
    assert LETTER(Everything()).state is NOT_YET
    for answer in (None, ..., "", "...", " "):
        assert LETTER(answer).state is NOT_ATTEMPTED


FEWEST = Measured(len, 3, "{measure:.0f} looks.", more_is_better=False)


def test_a_challenge_is_measured():
    most = Measured(lambda answer: answer, 0.9, "{measure:.1f} right.")
    assert most(0.9).state is RIGHT
    assert said(most(0.5)) == "Not yet. 0.5 right. The goal: 0.9 right."
    assert most(0.5).measure == 0.5
    assert FEWEST([1, 2, 3]).state is RIGHT
    assert FEWEST([1, 2, 3, 4]).state is NOT_YET
    assert FEWEST(None).state is NOT_ATTEMPTED
    nan = most(float("nan"))
    assert (nan.state, nan.measure) == (NOT_YET, None)

    def refuse(answer):
        raise ValueError("At most 20,000 weights; yours has 118,282.")

    assert said(Measured(refuse, 1, "")(1)) == "Not yet. At most 20,000 weights; yours has 118,282."


def oracle(scores):
    from scipy.special import softmax

    return softmax(scores, axis=-1)


def softmax(scores):
    powers = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def wrong_axis(scores):
    powers = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    return powers / powers.sum()


def stops(scores):
    raise IndexError("ours")


INPUTS = (np.array([1.0, 2.0, 3.0]), np.array([1000.0, 0.0]), np.array([[0.0, 1.0], [1.0, 5.0]]))
SOFTMAX = Function(
    oracle,
    tuple((one,) for one in INPUTS),
    mistakes=(
        (wrong_axis, "Each row has a sum of its own."),
        (stops, "It takes one score too many."),
    ),
)


def and_prints(scores):
    print("so far", scores)
    return softmax(scores)


REUSED = np.empty((2, 2))


def one_buffer(scores):
    result = REUSED.ravel()[: np.size(scores)].reshape(np.shape(scores))
    result[...] = softmax(scores)
    return result


@pytest.mark.parametrize(
    "answer",
    [
        softmax,
        lambda scores: softmax(scores).astype(np.float32),
        lambda scores: softmax(scores.astype(np.float32)),
        lambda scores: softmax(scores).tolist(),
        lambda scores: tuple(softmax(scores)),
        lambda scores: [np.float64(one) if np.ndim(one) == 0 else one for one in softmax(scores)],
        lambda scores: tensor(softmax(scores)),
        lambda scores: tensor(softmax(scores).astype(np.float32)),
        lambda *all_of_them, **options: softmax(*all_of_them),
        partial(softmax),
        and_prints,
        one_buffer,
    ],
)
def test_every_correct_function_is_right(answer, capsys):
    assert said(SOFTMAX(answer)) == "Right. Tried on 3 inputs."
    assert capsys.readouterr().out == ""


def test_a_function_of_keras_is_right_and_so_is_an_object_that_can_be_called():
    from digitrec.quiet import keras

    assert SOFTMAX(keras.ops.softmax).state is RIGHT

    class Layer:
        def __call__(self, scores):
            return softmax(scores)

    assert SOFTMAX(Layer()).state is RIGHT


def in_place(scores):
    scores -= scores.max(axis=-1, keepdims=True)
    return softmax(scores)


def in_place_and_nothing(scores):
    scores[...] = softmax(scores)


def asks(scores):
    return input("Which? ")


def leaves(scores):
    sys.exit(3)


def rows(scores):
    yield from softmax(scores)


def for_ever(scores):
    return for_ever(scores)


def prints(scores):
    print(softmax(scores))


def long_message(scores):
    message = "x" * 5000 + "\n" + "the next line"
    raise RuntimeError(message)


class NoRepr:
    def __repr__(self):
        raise ZeroDivisionError


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (lambda scores: scores, "With scores = [1.0, 2.0, 3.0]: [1.0, 2.0, 3.0] came out."),
        (lambda scores: 0, "0 came out, of shape (); expected something of shape (3,)."),
        (lambda scores: "0.1", "'0.1' came out; expected something of shape (3,)."),
        (lambda scores: softmax(scores).astype(str).tolist(), "came out; expected something"),
        (lambda scores: [1, [2, 3]], "[1, [2, 3]] came out; its rows differ in length"),
        (lambda scores: softmax(scores) * np.nan, "[nan, nan, nan] came out."),
        (lambda scores: np.append(softmax(scores), 0), "of shape (4,); expected something of"),
        (lambda scores: np.array([]), "[] came out, of shape (0,)"),
        (lambda scores: np.ones((100, 100)), "an array of shape (100, 100), 1.0 to 1.0 came out"),
        (lambda scores: {1: 2}, "{1: 2} came out; expected"),
        (lambda scores: 10**6000, "an int came out; expected"),
        (lambda scores: Everything(), "an Everything came out; expected"),
        (lambda scores: NoRepr(), "a NoRepr came out; expected"),
        (lambda scores: softmax, "a function came out; expected"),
        (rows, "a generator came out; expected something of shape (3,)."),
        (in_place, "your function changed its argument. Compute something new instead."),
        (in_place_and_nothing, "your function changed its argument."),
        (prints, "your function returned nothing. It printed; `return` hands a result over."),
        (asks, "stopped with RuntimeError: input() has nobody to ask here"),
        (leaves, "stopped with SystemExit: 3"),
        (for_ever, "stopped with RecursionError"),
        (long_message, "stopped with RuntimeError: xxx"),
        (lambda: 1, "stopped with TypeError"),
        (wrong_axis, "came out. Each row has a sum of its own."),
        (np.argmax, "2 came out, of shape (); expected"),
        (0.5, "0.5 came; expected the function itself, without brackets behind it."),
        ("softmax", "'softmax' came; expected the function itself"),
        (Everything(), "came; expected the function itself"),
    ],
)  # fmt: skip
def test_a_function_that_is_not_right_meets_its_failing_input_and_what_came_out(answer, sentence):
    kept = [one.copy() for one in INPUTS]
    verdict = SOFTMAX(answer)
    assert verdict.state is NOT_YET
    assert sentence in said(verdict)
    assert "the next line" not in said(verdict)
    assert max(map(len, repr(verdict).splitlines())) <= 78
    assert all(np.array_equal(was, now) for was, now in zip(kept, INPUTS, strict=True))


def test_nothing_is_attempted_as_long_as_a_function_does_nothing_or_what_it_did():
    assert said(SOFTMAX(lambda scores: None)) == "Not attempted. The function returns nothing yet."
    assert SOFTMAX(None).state is SOFTMAX(...).state is NOT_ATTEMPTED
    mended = replace(SOFTMAX, given=wrong_axis)
    assert "the fault is still there" in said(mended(wrong_axis))
    assert mended(wrong_axis).state is NOT_ATTEMPTED
    assert mended(softmax).state is RIGHT
    assert mended(in_place).state is NOT_YET


def test_an_error_is_told_with_the_line_it_came_from():
    verdict = SOFTMAX(in_a_line_of_its_own)
    assert "stopped with IndexError: index 9 is out of bounds" in said(verdict)
    assert re.search(r"\(line \d+ of its cell: return scores\[9\]\)", said(verdict))
    assert "It takes one score too many." in said(verdict)  # ours stops with the same error
    assert "too many" not in said(SOFTMAX(of_another_error))
    assert "of its cell: return np.reshape(scores, (7, 7)))" in said(SOFTMAX(in_numpy))


def in_a_line_of_its_own(scores):
    return scores[9]


def of_another_error(scores):
    return scores.no_such_thing


def in_numpy(scores):
    return np.reshape(scores, (7, 7))


def test_the_stop_button_gets_through():
    def stopped(scores):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        some_task(SOFTMAX).check(stopped)
    assert score.load_scores() == {}


def test_what_a_function_changes_elsewhere_is_put_back_and_what_it_printed_is_told(capsys):
    def loud(scores):
        print("powers", scores)
        np.exp(np.array([1e9]))  # a warning of NumPy, which would come as a red box
        return scores

    asked = input
    assert "It printed 'powers [1. 2. 3.]" in said(SOFTMAX(loud))
    assert input is asked
    assert capsys.readouterr() == ("", "")


def test_every_call_gets_copies_down_to_the_innermost_array():
    digits = Digits(np.zeros((2, 28, 28), np.uint8), np.array([3, 4]))
    nested = ([np.zeros(2), [1, 2]], {"a": [3]}, digits, len)

    def careless(lists, table, digits, function):
        lists[0][0] = 7
        lists[1].append(8)
        table["a"].append(9)
        digits.images[:] = 255
        return 1

    result = calls.outcome(careless, nested)
    assert result.changed
    assert nested[0][0].tolist() == [0, 0]
    assert nested[0][1] == [1, 2]
    assert nested[1] == {"a": [3]}
    assert digits.images.max() == 0
    assert not calls.outcome(lambda *_: 1, nested).changed


def test_several_arrays_of_different_sizes_are_compared_one_by_one():
    both = Function(lambda x: (np.zeros((2, 3)), np.zeros(3)), ((1,), (2,), (3,)))
    assert both(lambda x: (np.zeros((2, 3)), np.zeros(3))).state is RIGHT
    assert both(lambda x: [np.zeros((2, 3)).tolist(), [0, 0, 0]]).state is RIGHT
    assert both(lambda x: (np.zeros(3), np.zeros((2, 3)))).state is NOT_YET
    assert both(lambda x: (np.zeros((2, 3)),)).state is NOT_YET
    assert both(lambda x: Everything()).state is NOT_YET


@dataclass(frozen=True)
class Pair:
    one: np.ndarray
    two: float


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("7", "7", True), ("7", 7, False), (7, "7", False), (Everything(), "7", False),
        (Everything(), 7, False), (True, 1, True), ([True, False], np.array([1, 0]), True),
        (np.array([1, 2], object), [1, 2], True), (Fraction(1, 4), 0.25, True),
        ({"a": [1]}, {"a": np.array([1])}, True), ({"a": 1}, {"b": 1}, False),
        ([1], {"a": 1}, False),
        (Pair(np.ones(2), 1.0), Pair(np.ones(2), 1.0), True),
        (Pair(np.ones(2), 1.0), Pair(np.zeros(2), 1.0), False),
        (float("nan"), float("nan"), True), (np.inf, np.inf, True), (1 + 1j, 1, False),
        (None, None, True), (None, np.nan, False), ([None], [np.nan], False), (len, len, True),
        (np.uint8(255), -1, False), ([], [], True), ([], [1], False),
        (["a", "b"], ("a", "b"), True), ([["a"], ["b"]], ("a", "b"), False),
    ],
)  # fmt: skip
def test_values_are_compared_by_what_they_hold(one, other, same):
    assert values.alike(one, other, 1e-6) is same


def test_millions_of_numbers_are_told_at_once():
    before = time.process_time()
    many = np.zeros((4_000, 28, 28), bool)
    assert said(COUNT(many)).startswith(
        "Not yet. An array of shape (4000, 28, 28), False to False came; expected"
    )
    assert values.shown(["a"] * 100_000) == "an array of shape (100000,)"
    assert time.process_time() - before < 2


def test_a_large_result_is_told_by_where_it_differs():
    picture = Function(lambda x: np.zeros((28, 28)), ((1,),))
    result = np.zeros((28, 28))
    result[3, 4] = result[9, 9] = 5
    assert "2 of 784 numbers are off, the first at [3, 4]." in said(picture(lambda x: result))


# The task: what is kept, hints, the solution.

TRIED = some_task(COUNT)


def kept(task=TRIED):
    return score.load_scores().get(task.name)


def test_only_what_was_attempted_is_kept():
    assert TRIED.check(None).state is TRIED.check().state is NOT_ATTEMPTED
    assert kept() is None
    assert not score.score_path().parent.exists()
    TRIED.check(1)
    TRIED.check(860)
    assert (kept().tries, kept().solved) == (2, "")
    TRIED.check(2580)
    TRIED.check(3)  # what was solved stays solved
    assert kept().tries == 4
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", kept().solved)


def test_who_is_not_there_yet_is_told_how_to_get_a_hint():
    assert repr(TRIED.check(1)).splitlines() == [
        "Not yet. 1 is not it.",
        "Stuck? `tasks.weight_count.hint()`",
    ]
    assert "Stuck" not in said(TRIED.check(2580))
    assert "Stuck" not in said(TRIED.check(None))


def test_the_best_measure_is_kept_whichever_way_is_better():
    task = some_task(FEWEST)
    for answer, best in (("12345", 5), ("1234", 4), ("123456", 4), ("12", 2), ("123", 2)):
        task.check(answer)
        assert kept(task).best == best
    exercises.forget()
    most = some_task(replace(FEWEST, more_is_better=True))
    for answer, best in (("123", 3), ("12", 3), ("1234", 4)):
        most.check(answer)
        assert kept(most).best == best
    assert "best 4" in exercises.summary(module_of(most))


def test_a_judge_that_breaks_says_so_in_a_sentence():
    def broken(answer):
        return answer.no_such_thing

    said_so = said(some_task(broken).check(3))
    assert said_so.startswith("Not yet. The answer could not be judged: AttributeError: 'int'")
    assert some_task(lambda answer: sys.exit()).check(3).state is NOT_YET


def test_hints_come_one_after_the_other_and_begin_again():
    hints = [TRIED.hint() for _ in range(4)]
    assert [hint[:12] for hint in hints] == [f"Hint {n} of 3." for n in (1, 2, 3, 1)]
    assert "the last; `solution()`" in hints[2]
    assert "the last" not in hints[1]
    assert TRIED.hint(2) == hints[1].replace("\n", "\n")
    assert TRIED.hint(0) == hints[0]
    assert TRIED.hint(9) == hints[2]
    assert max(len(line) for hint in hints for line in hint.splitlines()) <= 78
    assert kept().hints == 4
    assert kept().tries == 0


def test_hints_go_on_where_no_score_can_be_kept(unwritable, capsys):
    first = TRIED.hint()
    assert "The next one: `hint(2)`." in " ".join(first.split())
    assert TRIED.hint(2).startswith("Hint 2 of 3.")
    assert "The score was not kept" in capsys.readouterr().out


def test_a_solution_is_shown_to_who_wants_it_and_to_who_needs_it_no_more():
    asked = " ".join(TRIED.solution().split())
    assert asked == (
        "Do you want it? 3 of 3 hints are left: `hint()`. If you do: `solution(show=True)`."
    )
    TRIED.hint()
    assert "2 of 3 hints are left" in TRIED.solution()
    assert not kept().seen_solution
    assert "784 * 64" in TRIED.solution(show=True)
    assert kept().seen_solution
    assert "Do you want it?" in TRIED.solution()
    exercises.forget()
    TRIED.check(2580)
    assert "784 * 64" in TRIED.solution()
    assert not kept().seen_solution
    assert repr(TRIED.solution()) == str(TRIED.solution())


def test_a_copy_without_solutions_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(task_module, "SOLVED", tmp_path)
    assert "came without solutions" in TRIED.solution(show=True)
    (tmp_path / "02_model_building.toml").write_text("[another]\ncode = ''\n")
    assert "came without solutions" in TRIED.solution(show=True)
    assert kept() is None


# The score: one small file, whole at any moment, and never in the way.


@pytest.fixture
def unwritable(home):
    """A project folder in which no score can be kept: a file stands where its folder would."""
    (home / "runs").write_text("")


def module_of(*tasks):
    """A lesson of some tasks."""
    lesson = type(sys)("digitrec.exercises.model_building")
    for task in tasks:
        setattr(lesson, task.short_name, task)
    return lesson


DAMAGED = ["", "{", "[]", "3", '{"02.weight_count": 3}', '{"02.weight_count": {"tries": "many"}}',
           '{"02.weight_count": {"unknown": 1}}', "\ufeff{}", "[" * 100_000]  # fmt: skip


@pytest.mark.parametrize("text", DAMAGED)
def test_a_damaged_score_is_left_alone_and_stops_nobody(text, capsys):
    path = score.score_path()
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    assert TRIED.check(2580).state is RIGHT
    told = " ".join(capsys.readouterr().out.split())
    assert "The score was not kept: runs/exercises/score.json is damaged" in told
    assert "`exercises.forget()`" in told
    assert path.read_text(encoding="utf-8") == text
    assert "is damaged" in exercises.summary(module_of(TRIED))
    assert max(map(len, exercises.summary().splitlines())) <= 78
    exercises.forget()
    TRIED.check(2580)
    assert kept().solved


def test_a_score_of_other_bytes_or_a_folder_in_its_place_stops_nobody(capsys):
    path = score.score_path()
    path.parent.mkdir(parents=True)
    path.write_bytes(b"\xff\xfe\x00")
    assert TRIED.check(2580).state is RIGHT
    assert "is damaged" in exercises.summary()
    path.unlink()
    path.mkdir()
    assert TRIED.check(2580).state is RIGHT
    assert TRIED.hint().startswith("Hint 1")
    assert exercises.summary(module_of(TRIED))
    assert "The score was not kept" in capsys.readouterr().out


def test_tasks_are_judged_where_nothing_can_be_kept(unwritable, capsys):
    assert TRIED.check(2580).state is RIGHT
    said_so = capsys.readouterr()
    assert "The score was not kept" in said_so.out
    assert said_so.err == ""  # no red box
    assert "0 of 1 solved" in exercises.summary(module_of(TRIED))
    exercises.forget()


def test_what_another_version_of_the_course_solved_is_kept():
    path = score.score_path()
    path.parent.mkdir(parents=True)
    path.write_text('{"09.gone": {"tries": 2}}')
    TRIED.check(2580)
    assert kept(replace(TRIED, name="09.gone")).tries == 2
    assert kept().solved


def test_forgetting_is_one_line_and_may_be_done_twice(home):
    TRIED.check(2580)
    exercises.forget()
    exercises.forget()
    assert score.load_scores() == {}
    assert not list(home.rglob("score.json"))


def test_the_summary_is_a_table_and_leaves_no_trace(home):
    before = sorted(home.rglob("*"))
    two = replace(TRIED, name="02.two", title="T" * 38)
    lesson = module_of(TRIED, two)
    assert exercises.summary(lesson).splitlines() == [
        "-       A smaller network",
        f"-       {'T' * 38}",
        "",
        "0 of 2 solved. Kept in runs/exercises/score.json, on this machine only.",
        "`exercises.forget()` removes it.",
    ]
    assert sorted(home.rglob("*")) == before
    two.hint()
    two.check(1)
    TRIED.solution(show=True)
    TRIED.check(2580)
    TRIED.hint()
    table = exercises.summary(lesson).splitlines()
    assert table[:2] == [
        f"solved  {'A smaller network':40}1 try, solution seen",
        f"open    {'T' * 38}  1 try, 1 hint",
    ]
    assert table[3].startswith("1 of 2 solved.")
    for _ in range(5):
        two.hint()
    two.check(2)
    assert f"open    {'T' * 38}  2 tries, 3 hints" in exercises.summary(lesson)


def test_the_summary_of_the_course_has_a_line_for_each_lesson():
    from digitrec.exercises import model_building
    from digitrec.exercises.summary import all_lessons, tasks_of

    count = len(tasks_of(model_building))
    tasks = [task for lesson in all_lessons() for task in tasks_of(lesson)]
    assert f"02  model building          0 of {count} solved" in exercises.summary()
    model_building.weight_count.check(784 * 64 + 64 + 64 * 10 + 10)
    table = exercises.summary()
    assert f"02  model building          1 of {count} solved" in table
    assert f"1 of {len(tasks)} solved." in table
    numbers = [line[:2] for line in table.split("\n\n")[0].splitlines()]
    assert numbers == sorted(set(numbers))


def program(code, *arguments, home, **options):
    """Start a program with a score in a folder."""
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *arguments],
        cwd=ROOT,
        env={**os.environ, "DIGITREC_HOME": str(home), "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def test_two_notebooks_that_keep_at_once_lose_nothing(home):
    code = """
        import sys
        from dataclasses import replace
        from digitrec.exercises.judges import Measured
        from digitrec.exercises.model_building import weight_count
        task = replace(weight_count, judge=Measured(float, 1000, "{measure}"))
        print("ready", flush=True)
        sys.stdin.readline()
        for number in range(25):
            task.check(number + 100 * int(sys.argv[1]))
            replace(task, name=f"02.only_{sys.argv[1]}_{number}").hint()
    """
    programs = [program(code, str(number), home=home) for number in range(2)]
    for one in programs:
        assert one.stdout.readline() == "ready\n", one.stderr.read()
    for one in programs:
        one.stdin.write("go\n")
        one.stdin.flush()
    for one in programs:
        assert one.communicate() == ("", "")
    scores = score.load_scores()
    assert len(scores) == 51
    assert (scores["02.weight_count"].tries, scores["02.weight_count"].best) == (50, 124)


def test_a_kill_at_any_moment_leaves_a_whole_score(home):
    code = """
        from digitrec.exercises.model_building import weight_count
        while True:
            print(weight_count.check(1).state, flush=True)
    """
    for checks in (1, 3, 7):
        one = program(code, home=home)
        lines = [one.stdout.readline() for _ in range(checks)]
        one.kill()
        one.wait()
        assert set(lines) == {"State.NOT_YET\n"}
        assert score.load_scores()["02.weight_count"].tries >= checks


def test_a_kill_while_the_score_is_written_leaves_the_one_before(home):
    TRIED.check(1)
    code = """
        import psutil
        import digitrec.files
        from digitrec.exercises.model_building import weight_count
        digitrec.files.replace = lambda *_: psutil.Process().kill()
        weight_count.check(784 * 64 + 64 + 64 * 10 + 10)
    """
    killed = program(code, home=home)
    assert killed.wait() in KILLED, killed.stderr.read()
    assert (kept().tries, kept().solved) == (1, "")
    assert TRIED.check(2580).state is RIGHT  # nobody holds the lock
    assert kept().tries == 2
    assert sorted(path.name for path in score.score_path().parent.iterdir()) == [
        ".lock",
        "score.json",
    ]


def test_nothing_leaves_the_machine_and_only_the_project_folder_is_written(home, tmp_path):
    code = """
        import sys
        opened = []

        def watch(event, details):
            if event.startswith("socket.") and event != "socket.gethostname":
                raise AssertionError(event)
            if event == "open" and isinstance(details[1], str) and set(details[1]) & set("wax+"):
                opened.append(str(details[0]))
            if event in ("os.rename", "os.mkdir", "os.remove"):
                opened.append(str(details[0]))

        from digitrec import exercises
        from digitrec.exercises import model_building as tasks
        sys.addaudithook(watch)
        tasks.weight_count.check(1)
        tasks.weight_count.hint()
        tasks.weight_count.solution(show=True)
        exercises.summary()
        exercises.forget()
        print("\\n".join(opened))
    """
    one = program(code, home=home)
    out, errors = one.communicate()
    assert one.returncode == 0, errors
    opened = [line for line in out.splitlines() if "__pycache__" not in line]
    assert len(opened) > 5
    assert {line for line in opened if not line.startswith(str(home / "runs"))} == set()


def test_a_kernel_without_anybody_to_ask_goes_through_hints_and_solutions(home):
    """As papermill and a server run notebooks."""
    import nbformat
    from nbclient import NotebookClient

    cells = [
        "from digitrec import exercises\nfrom digitrec.exercises import model_building as tasks",
        "tasks.weight_count.check(...)",
        "tasks.weight_count.hint()",
        "tasks.weight_count.solution()",
        "tasks.weight_count.solution(show=True)",
        "from digitrec.exercises.judges import Function\n"
        "def ask(x):\n    print('?')\n    return [0][int(input())]\n"
        "Function(abs, ((-1,), (2,), (0.5,)))(ask)",
        "from dataclasses import replace\n"
        "slip = replace(tasks.weight_count, judge=Function(abs, ((-1,), (2,), (0.5,))))\n"
        "def absolute(x):\n    return [x][1]\n"
        "slip.check(absolute)",
        "exercises.summary()",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, kernel_name="python3", timeout=60).execute(
        env={**os.environ, "PYTHONPATH": str(ROOT), "DIGITREC_HOME": str(home)}
    )
    outputs = [cell.outputs for cell in notebook.cells]
    assert all(len(one) == 1 for one in outputs[1:])  # the result alone: no error, no red box
    texts = [one[0].data["text/plain"] for one in outputs[1:]]
    assert texts[0] == "Not attempted. Put your answer in, and run the cell again."
    assert texts[1].startswith("Hint 1 of 3. ")
    assert texts[2].startswith("Do you want it? 2 of 3 hints")
    assert "784 * 64" in texts[3]
    assert "nobody to ask" in " ".join(texts[4].split())
    assert "(line 4 of its cell: return [x][1])" in " ".join(texts[5].split())
    assert max(len(line) for text in texts for line in text.splitlines()) <= 78


def test_no_line_is_wider_than_a_narrow_window():
    assert max(map(len, folded("word " * 50 + "x" * 200 + "\nsecond").splitlines())) <= 78
    assert folded("first\nsecond") == "first\nsecond"
    assert repr(right()) == "Right."
    assert repr(not_yet("Because.")) == "Not yet. Because."
    assert isinstance(TRIED, Task)
    assert "check(answer), hint(), solution()" in repr(TRIED)
