"""What docs/teaching.md says is so: its links, its routes, its commands, and what was measured."""

import json
import re
import sys
from urllib.parse import unquote

import nbformat
import pytest
from conftest import NOTEBOOKS, ROOT

sys.path.append(str(ROOT / "benchmarks"))
import classroom

DOCS = ROOT / "docs"
TEACHING = (DOCS / "teaching.md").read_text()
FIRST_MINUTE = ROOT / "notebooks" / "00_first_minute.ipynb"
LESSONS = [path for path in NOTEBOOKS if path.name < "10"]
ITALIC = r"(?<!\*)\*([^*]+)\*(?!\*)"


def prose(path):
    cells = nbformat.read(path, as_version=4).cells
    return "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def headings(path):
    return set(re.findall(r"^#{2,3} (.*)", prose(path), re.MULTILINE))


def chapter(title, level="##"):
    """What stands under a heading that begins so, up to the next one of its level."""
    (text,) = re.findall(
        rf"^{level} {re.escape(title)}.*?\n(.*?)(?=^##(?!#)|^{level} |\Z)",
        TEACHING,
        re.MULTILINE | re.DOTALL,
    )
    return text


def rows(text):
    table = [row.strip()[1:-1].split("|") for row in text.splitlines() if row.startswith("|")]
    return [[cell.strip() for cell in row] for row in table[2:]]


def of_notebook(number):
    (path,) = (ROOT / "notebooks").glob(f"{int(number):02}_*.ipynb")
    return path


@pytest.mark.parametrize("page", ["teaching.md", "start.md", "collecting.md", "sweeps.md"])
def test_links_lead_to_files_and_sections_that_exist(page):
    for label, target in re.findall(
        r"\[([^\]]*)\]\((?!https?:)([^)\s]+)\)", (DOCS / page).read_text()
    ):
        name, _, section = target.partition("#")
        path = DOCS / name
        assert path.is_file(), target
        if section:
            known = {heading.replace(" ", "-"): heading for heading in headings(path)}
            assert unquote(section) in known, target
            if re.fullmatch(r"notebook \d+", label) is None:
                assert known[unquote(section)] == label


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_each_notebook_has_misconceptions_with_the_section_that_answers_them(path):
    text = chapter(f"Notebook {int(path.stem[:2])}", "###")
    points = re.split(r"^- ", text, flags=re.MULTILINE)[1:]
    assert len(points) >= 2
    for point in points:
        assert re.match(r"\*\"[^*]+\"\*", point), point
        assert f"../notebooks/{path.name}#" in point


def route_of_the_first_minute(minutes):
    """The minutes of a route for each notebook, and the sections of it and of the shorter ones."""
    table = re.findall(r"^\|(.*)\|$", prose(FIRST_MINUTE), re.MULTILINE)
    head, _, *others = ([cell.strip() for cell in row.split("|")] for row in table)
    column = head.index(f"{minutes} minutes")
    route = {}
    for row in others:
        number = re.search(r"(?:\[|^)(\d)[ ,]", row[0])
        time = re.match(r"\*\*(\d+)\*\*", row[column])
        if time:
            sections = set(re.findall(ITALIC, " ".join(row[1 : column + 1])))
            route[number[1] if number else "break"] = (int(time[1]), sections)
    return route


@pytest.mark.parametrize("minutes", [45, 90, 180])
def test_a_route_is_that_of_notebook_0(minutes):
    route = route_of_the_first_minute(minutes)
    ours = {}
    for time, live, _ in rows(chapter(f"{minutes} minutes", "###")):
        number = re.match(r"notebook (\d)", live)
        ours[number[1] if number else "break"] = (int(time), set(re.findall(ITALIC, live)))
    assert ours.keys() == route.keys()
    for number, (time, sections) in ours.items():
        assert time == route[number][0], number
        if number not in ("0", "break"):
            assert sections <= route[number][1], number
        if number != "break":
            assert sections <= headings(of_notebook(number)), number


def test_a_route_says_what_is_homework():
    for minutes in (45, 90, 180):
        assert "**Homework:**" in chapter(f"{minutes} minutes", "###")


def test_a_week_has_every_notebook_and_no_day_is_too_long():
    days = rows(chapter("A week", "###"))
    assert [day[0] for day in days] == ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
    for _, _, minutes, homework in days:
        assert sum(map(int, minutes.split("+"))) <= 180
        assert homework
    for path in LESSONS:
        assert path.name in str(days)


def test_commands_are_there():
    makefile = (ROOT / "Makefile").read_text()
    said = TEACHING + (DOCS / "start.md").read_text()
    targets = set(
        re.findall(r"`(?:[A-Z_]+=\S+ )*make (\w+)`|^(?:[A-Z_]+=\S+ )*make (\w+)", said, re.M)
    )
    names = {name for pair in targets for name in pair if name}
    assert {"lesson", "wheels", "classroom", "setup", "lab", "page"} <= names
    for name in names:
        assert re.search(rf"^{name}:", makefile, re.MULTILINE), name
        assert re.search(rf"^\.PHONY:.*\b{name}\b", makefile, re.MULTILINE), name
    for script in re.findall(r"(?:scripts|benchmarks)/\w+\.py", said):
        assert (ROOT / script).is_file(), script


def test_what_thirty_pupils_take_is_what_was_measured():
    result = json.loads(classroom.RECORD.read_text())
    assert classroom.with_sentences(TEACHING, result) == TEACHING
    for room in ("left open", "shut down"):
        assert classroom.summary(result[room]) == result[room]["summary"]
        assert len(result[room]["seats"]) == classroom.SEATS or result[room]["stopped"]


SEAT = classroom.Seat(2, 3, 50, 90, 100, 80, 1000, 900, 1000)


def seats(count, **changes):
    some = [vars(SEAT) | changes | {"all_mb": 1000.0 * (place + 1)} for place in range(count)]
    return {"seats": some, "stopped": ""}


def test_the_sentences_say_how_many_came_and_what_thirty_would_take():
    stay, shut = seats(18), seats(30, peak_mb=1234.0)
    stay["stopped"] = "18000 MB taken"
    result = {"machine": "a machine", "most_mb": 18_000}
    for name, room in (("left open", stay), ("shut down", shut)):
        result[name] = {"summary": classroom.summary(room), **room}
    text = classroom.sentences(result)
    assert "18 pupils took 18.0 GB together" in text
    assert "limit of 18 GB" in text
    assert "about 30 GB: 30 times" in text  # 0.1 GB of a server and 0.9 GB of a kernel
    assert "at most 1.2 GB while it ran" in text
    stay["stopped"] = ""
    result["left open"]["stopped"] = ""
    assert "limit" not in classroom.sentences(result)


def test_no_more_pupils_come_when_memory_is_taken(monkeypatch):
    left = []

    class Server:
        def end(self):
            left.append(self)

    def take_seat(folder, stay_open, others):
        return Server(), classroom.Seat(**vars(SEAT) | {"all_mb": 1000.0 * (len(others) + 1)})

    monkeypatch.setattr(classroom, "take_seat", take_seat)
    monkeypatch.setattr(classroom, "LEAST_LEFT_MB", 0)
    room = classroom.fill_the_room(5, True, 3_000)
    assert len(room["seats"]) == 3
    assert "3000 MB taken" in room["stopped"]
    assert len(left) == 3  # all are ended
    assert classroom.fill_the_room(3, True, 3_000)["stopped"] == ""  # all had come
