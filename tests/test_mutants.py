"""The list of deliberate faults fits the code of today, and the record fits the list."""

import json
import re
from dataclasses import asdict

import pytest
from conftest import ROOT, UNIX


@pytest.fixture
def mutants(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    import mutants

    return mutants


def test_each_fault_can_still_be_made(mutants):
    assert mutants.problems(mutants.load_breaks()) == []


def test_each_fault_names_tests_that_are_there(mutants):
    for one in mutants.load_breaks():
        text = (ROOT / one.tests).read_text(encoding="utf-8")
        if one.tests == "tests/test_tasks.py":  # each task is a case of it
            tasks = (ROOT / "digitrec/exercises").glob("*.py")
            text += "".join(path.read_text(encoding="utf-8") for path in tasks)
        missing = [word for word in re.findall(r"\w+", one.only) if word not in text]
        assert not set(missing) - {"and", "or"}, f"{one.tests} has no {missing}"


def test_the_record_is_of_these_faults_and_few_survived(mutants):
    record = json.loads(mutants.RECORD.read_text(encoding="utf-8"))
    fields = [asdict(one) for one in mutants.load_breaks()]
    results = record["breaks"]
    assert [{name: result[name] for name in fields[0]} for result in results] == fields
    assert record["summary"] == mutants.summary(results)
    counted = record["summary"]
    assert counted["no verdict"] == 0
    assert counted["killed"] >= 150
    assert counted["survived"] <= 0.1 * counted["killed"]
    equivalent = [result for result in results if result["equivalent"]]
    assert len(equivalent) <= 0.05 * len(results)


@UNIX
def test_a_fault_is_made_in_the_copy_alone_and_mended(mutants, tmp_path, monkeypatch):
    """A small project of its own: one test that can fail, one that cannot, and one that is gone."""
    (tmp_path / "code.py").write_text("def double(x):\n    return 2 * x\n")
    (tmp_path / "test_code.py").write_text(
        "from code_under_test import double\n\n"
        "def test_exact():\n    assert double(3) == 6\n\n"
        "def test_vague():\n    assert double(3) > 0\n"
    )
    (tmp_path / "code.py").rename(tmp_path / "code_under_test.py")
    before = (tmp_path / "code_under_test.py").read_text()
    monkeypatch.setattr(mutants, "PRELOADED", ["pytest"])

    def verdict(only):
        one = mutants.Break("code_under_test.py", "2 * x", "3 * x", "", "test_code.py", only)
        return mutants.outcome_of(one, tmp_path, patience=60)

    assert verdict("exact").verdict == "killed"
    assert verdict("exact").by == "test_code.py::test_exact"
    assert verdict("vague").verdict == "survived"
    assert verdict("nothing").verdict == "no verdict"
    assert (tmp_path / "code_under_test.py").read_text() == before


def test_a_fault_that_cannot_be_made_is_named(mutants, tmp_path):
    (tmp_path / "a.py").write_text("x = 1\ny = 1\n")
    (tmp_path / "t.py").write_text("")

    def said(found, becomes="2", tests="t.py"):
        return mutants.problems([mutants.Break("a.py", found, becomes, "why", tests)], tmp_path)

    assert said("x = 1") == []
    assert said("z = 1") == ["a.py: 'z = 1' is there 0 times, expected once"]
    assert said("= 1") == ["a.py: '= 1' is there 2 times, expected once"]
    assert said("x = 1", "x = 1") == ["a.py: 'x = 1' becomes itself"]
    assert said("x = 1", tests="u.py") == ["a.py: there are no tests u.py"]
