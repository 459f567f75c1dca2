"""The pictures of the projects, what the lesson does with them, and how its tasks are judged."""

import ast
import csv
import re
from types import SimpleNamespace

import cv2
import nbformat
import numpy as np
import pytest
from conftest import ROOT

from digitrec.exercises import projects as tasks
from digitrec.exercises.judging.project_judges import puzzle
from digitrec.exercises.verdict import State

FOLDER = ROOT / "digits" / "projects"
LESSON = ROOT / "notebooks" / "10_projects.ipynb"


@pytest.fixture(autouse=True)
def own_score(home):
    """Every test has a score of its own."""


@pytest.fixture(scope="module")
def shows():
    with (FOLDER / "labels.csv").open(newline="", encoding="utf-8") as file:
        return {row["picture"]: row["shows"] for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def script():
    import sys

    sys.path.append(str(ROOT / "scripts"))
    import make_projects

    return make_projects


@pytest.fixture(scope="module")
def lesson():
    """The functions of the lesson."""
    cells = nbformat.read(LESSON, as_version=4).cells
    code = [
        cell.source for cell in cells if cell.cell_type == "code" and not cell.metadata.get("tags")
    ]
    code += [
        cell.source for cell in cells if "nbval-ignore-output" in cell.metadata.get("tags", [])
    ]
    known = {"np": np, "cv2": cv2, "CELL": 50, "__name__": "lesson"}
    for node in ast.parse("\n\n".join(code)).body:
        if isinstance(node, ast.FunctionDef):
            exec(compile(ast.Module([node], []), "lesson", "exec"), known)
    return SimpleNamespace(**{name: value for name, value in known.items() if callable(value)})


def solve(cells):
    """Count the solutions of a puzzle, up to two, by bits; another way than the script's."""
    rows, columns, boxes = [0] * 9, [0] * 9, [0] * 9
    empty = []
    for place, digit in enumerate(cells):
        row, column = divmod(place, 9)
        if digit == ".":
            empty.append((row, column))
            continue
        bit = 1 << int(digit)
        assert not (rows[row] | columns[column] | boxes[row // 3 * 3 + column // 3]) & bit
        for group, at in ((rows, row), (columns, column), (boxes, row // 3 * 3 + column // 3)):
            group[at] |= bit

    def count(left):
        if not left:
            return 1
        free = {
            (r, c): 0x3FE & ~(rows[r] | columns[c] | boxes[r // 3 * 3 + c // 3]) for r, c in left
        }
        (r, c), bits = min(free.items(), key=lambda one: one[1].bit_count())
        found, box = 0, r // 3 * 3 + c // 3
        for digit in range(1, 10):
            bit = 1 << digit
            if bits & bit and found < 2:
                rows[r], columns[c], boxes[box] = rows[r] | bit, columns[c] | bit, boxes[box] | bit
                found += count([one for one in left if one != (r, c)])
                rows[r], columns[c], boxes[box] = rows[r] ^ bit, columns[c] ^ bit, boxes[box] ^ bit
        return found

    return count(empty)


def test_every_picture_has_its_truth_and_every_truth_a_picture(shows):
    assert set(shows) == {path.name for path in FOLDER.glob("*.jpg")}
    for name, truth in shows.items():
        form = {"e": r"\d{5}", "s": r"[1-9]\d{0,2}\+[1-9]\d{0,2}"}[name[0]]
        form = r"[1-9.]{81}" if name.startswith("sudoku") else form
        assert re.fullmatch(form, truth), name
    assert sum(name.startswith("envelope") for name in shows) == 60
    assert sum(name.startswith("sum") for name in shows) == 60


def test_the_puzzles_are_puzzles(shows):
    puzzles = [truth for name, truth in shows.items() if name.startswith("sudoku")]
    assert len(puzzles) == 3
    for cells in puzzles:
        assert sum(digit != "." for digit in cells) == 30
        assert solve(cells) == 1


def test_the_pictures_are_those_that_the_script_makes(script, shows):
    made = {name: (truth, picture) for name, truth, picture in script.pictures()}
    assert {name: truth for name, (truth, _) in made.items()} == shows
    for name in ("envelope01.jpg", "envelope60.jpg", "sudoku2.jpg", "sum33.jpg"):
        stored = cv2.cvtColor(cv2.imread(str(FOLDER / name)), cv2.COLOR_BGR2RGB)
        assert np.abs(stored.astype(int) - made[name][1]).mean() < 6, name


def test_no_image_is_written_twice(script, mnist):
    take = script.taker(mnist.test, np.random.default_rng(1))
    taken = [take("7") for _ in range(200)]
    assert len({image.tobytes() for image in taken}) == 200
    sevens = {image.tobytes() for image in mnist.test.images[mnist.test.labels == 7]}
    assert {image.tobytes() for image in taken} <= sevens


@pytest.mark.parametrize("seed", range(4))
def test_the_lesson_finds_the_corners_of_a_grid(lesson, seed):
    generator = np.random.default_rng(seed)
    board = np.full((541, 541, 3), 240, np.uint8)
    for line in range(10):
        cv2.line(board, (line * 60, 0), (line * 60, 540), (30, 30, 30), 3)
        cv2.line(board, (0, line * 60), (540, line * 60), (30, 30, 30), 3)
    board = cv2.copyMakeBorder(board, 60, 60, 60, 60, cv2.BORDER_CONSTANT, value=(240,) * 3)
    square = np.float32([[60, 60], [600, 60], [600, 600], [60, 600]])
    moved = square + generator.uniform(-40, 40, (4, 2)).astype(np.float32) + 60
    way = cv2.getPerspectiveTransform(square, moved)
    photo = cv2.warpPerspective(board, way, (780, 780), borderValue=(90, 70, 50))
    corners = lesson.find_corners(photo)
    assert np.abs(corners - moved).max() < 5
    flat = lesson.straighten(photo)
    assert flat.shape[:2] == (450, 450)
    middles = flat[25::50, 25::50].mean(axis=2)
    assert middles.min() > 200  # between the lines lies paper


def test_the_lesson_counts_digits_that_stand_twice(lesson):
    generator = np.random.default_rng(5)
    for _ in range(20):
        grid = generator.integers(0, 10, (9, 9)) * (generator.random((9, 9)) < 0.4)
        text = "".join("." if digit == 0 else str(digit) for digit in grid.ravel())
        again = 0
        for group in range(27):
            cells = [
                grid[y, x]
                for y in range(9)
                for x in range(9)
                if group in (y, 9 + x, 18 + y // 3 * 3 + x // 3) and grid[y, x]
            ]
            again += len(cells) - len(set(cells))
        assert lesson.repeated(text) == again


@pytest.mark.parametrize(
    ("text", "made"),
    [("27+58", 85), ("5+3", 8), ("27++58", None), ("2758", None), ("+58", None), ("", None)],
)
def test_the_lesson_adds_two_numbers_and_nothing_else(lesson, text, made):
    assert lesson.value(text) == made


def test_refusing_looks_at_the_number_of_digits_and_at_each(lesson):
    sure, unsure = SimpleNamespace(confidence=0.95), SimpleNamespace(confidence=0.6)
    assert not lesson.is_refused([sure] * 5)
    assert lesson.is_refused([sure] * 4)
    assert lesson.is_refused([sure] * 6)
    assert lesson.is_refused([sure] * 4 + [unsure])
    assert not lesson.is_refused([unsure] * 5, least=0.5)


def seen_from(grid, row, column):
    top, left = row - row % 3, column - column % 3
    return {*grid[row], *grid[:, column], *grid[top : top + 3, left : left + 3].ravel()}


@pytest.mark.parametrize("kind", [set, frozenset, list, tuple, np.array, sorted])
def test_candidates_may_come_in_any_order_and_kind(kind):
    def answer(grid, row, column):
        left = [digit for digit in range(9, 0, -1) if digit not in seen_from(grid, row, column)]
        return kind(left)

    assert tasks.candidates.check(answer).state is State.RIGHT


def test_candidates_are_asked_where_every_group_matters():
    """Leaving out the row, the column or the box changes an answer."""
    grid = puzzle()
    assert solve("".join("." if one == 0 else str(one) for one in grid.ravel())) == 1
    for left_out in range(3):

        def answer(grid, row, column, left_out=left_out):
            top, left = row - row % 3, column - column % 3
            groups = [grid[row], grid[:, column], grid[top : top + 3, left : left + 3].ravel()]
            del groups[left_out]
            return set(range(1, 10)) - {int(one) for group in groups for one in group}

        assert tasks.candidates.check(answer).state is State.NOT_YET


ROWS = [("a",), ("b",), ("c",), ("d",), ("e",)]
TRUTHS = ["1+1", "2+2", "3+3", "4+4", "5+5"]


def reads(*texts):
    """Return a function that reads the five rows so."""
    return lambda row: dict(zip("abcde", texts, strict=True))[row[0]]


def test_four_sums_in_five_are_enough_and_the_measure_is_kept():
    verdict = tasks.read_sum.check(reads("1+1", "2+2", "3+3", "4 + 4", "5+6"), ROWS, TRUTHS)
    assert verdict.state is State.RIGHT
    assert verdict.measure == 0.8
    verdict = tasks.read_sum.check(reads("1+1", "2+2", "3+3", "44", "5+6"), ROWS, TRUTHS)
    assert verdict.state is State.NOT_YET
    assert verdict.measure == 0.6
    everything = tasks.read_sum.check(reads(*TRUTHS), ROWS, TRUTHS)
    assert (everything.state, everything.measure) == (State.RIGHT, 1.0)


@pytest.mark.parametrize(
    ("read", "reason"),
    [
        ("11", "no plus"),
        ("1++1", "more than one plus"),
        ("14+1", "a digit too many"),
        ("1+", "a digit too few"),
        ("1+7", "a digit is another one"),
    ],
)
def test_the_most_frequent_mistake_is_told(read, reason):
    answer = reads(read, read, "3+3", "4+4", "5++5" if "++" not in read else "5+9")
    verdict = tasks.read_sum.check(answer, ROWS, TRUTHS)
    assert verdict.state is State.NOT_YET
    said = " ".join(repr(verdict).split())
    assert reason in said
    assert "2 of 3" in said


def test_an_answer_that_is_no_function_or_no_text_is_told():
    assert tasks.read_sum.check(..., ROWS, TRUTHS).state is State.NOT_ATTEMPTED
    assert tasks.read_sum.check(lambda row: None, ROWS, TRUTHS).state is State.NOT_ATTEMPTED
    assert "without brackets" in repr(tasks.read_sum.check("27+58", ROWS, TRUTHS))
    assert "expected text" in repr(tasks.read_sum.check(lambda row: 85, ROWS, TRUTHS))
    assert "ZeroDivisionError" in repr(tasks.read_sum.check(lambda row: 1 / 0, ROWS, TRUTHS))
