"""The glossary has the words of the lessons, and the lessons use the words of the glossary."""

import re
from dataclasses import dataclass

import nbformat
import pytest
from conftest import NOTEBOOKS, ROOT

GLOSSARY = ROOT / "docs" / "glossary.md"


@dataclass(frozen=True)
class Entry:
    word: str
    meaning: str
    notebook: str
    elsewhere: str


def entries():
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| \[\d+\]\(([^)]+)\) \| ?([^|]*?) ?\|$",
                      GLOSSARY.read_text(encoding="utf-8"), re.MULTILINE)  # fmt: skip
    return [Entry(*row) for row in rows]


def prose(path):
    cells = nbformat.read(path, as_version=4).cells
    text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    text = re.split(r"^## References", text, flags=re.MULTILINE)[0]  # titles of others' papers
    return re.sub(r"\s+", " ", re.sub(r"[*`]", "", text))


def uses(text, word):
    """Whether a word, or its plural, stands in a text."""
    forms = {word, f"{word}s", f"{word}es", re.sub(r"x$", "ces", word)}
    return any(re.search(rf"\b{re.escape(form)}\b", text, re.IGNORECASE) for form in forms)


def test_every_row_of_the_table_is_an_entry_and_they_are_in_order():
    rows = [line for line in GLOSSARY.read_text(encoding="utf-8").splitlines() if line[:1] == "|"]
    assert len(entries()) == len(rows) - 2 >= 40
    words = [entry.word.lower() for entry in entries()]
    assert words == sorted(words)
    assert len(set(words)) == len(words)


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.word)
def test_each_word_is_used_in_the_lesson_that_explains_it(entry):
    text = prose(GLOSSARY.parent / entry.notebook)
    for word in entry.word.split(", "):
        assert uses(text, word), f"{entry.notebook} does not use {word!r}"


OTHERS_MAY = {  # what the lessons say of something else
    "parameter": "of a notebook",
    "kernel": "Jupyter's",
    "channel": "of a colour",
    "cost": "in seconds",
    "unit": "of a rectified linear one",
    "objective": "an adjective",
    "iteration": "of a loop",
    "sensitivity": "of a person",
}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_one_thing_has_one_word(path):
    text = prose(path)
    for entry in entries():
        for other in filter(None, entry.elsewhere.split(", ")):
            if other not in OTHERS_MAY:
                assert not uses(text, other), f"say {entry.word!r} in place of {other!r}"


@pytest.mark.parametrize("path", NOTEBOOKS[1:], ids=lambda path: path.stem)
def test_each_lesson_links_to_the_glossary(path):
    assert "(../docs/glossary.md)" in nbformat.read(path, as_version=4).cells[0].source
