"""Damaged files, odd arrays and pictures drawn by chance give a reading or a sentence."""

import json
import sys

import numpy as np
import pytest
from conftest import LINUX, ROOT

import digitrec

sys.path.append(str(ROOT / "benchmarks"))
import fuzz
import mutations
import worst_pages

INPUTS = 2500  # some fifteen seconds of one core


@pytest.fixture(scope="module")
def megabytes_before():
    digitrec.read_page(np.eye(64, dtype=bool))
    digitrec.read_digit(np.eye(64, dtype=bool))
    return worst_pages.memory("VmRSS")


@LINUX
def test_no_input_gives_anything_but_a_reading_or_a_sentence(megabytes_before):
    tried = [fuzz.try_input(number, megabytes_before) for number in range(INPUTS)]
    assert [one for one in tried if one.problem] == []
    assert sum(one.reads != "load_picture" for one in tried) > INPUTS / 10
    assert 0.4 < np.mean([one.refused for one in tried]) < 0.9  # both sides are tried


def test_an_input_is_the_same_each_time():
    for number in (1, 7, 8, 15, 64, 999):
        (read, one), (again, other) = fuzz.make_input(number), fuzz.make_input(number)
        assert read == again
        assert one == other if isinstance(one, bytes) else np.array_equal(one, other)


def test_every_sound_file_is_read():
    for name, content in mutations.seeds().items():
        assert digitrec.load_picture(content).size > 0, name


@pytest.mark.parametrize("mutation", mutations.MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_each_way_to_damage_a_file_does(mutation):
    rng, files = np.random.default_rng(0), list(mutations.seeds().values())
    changed = sum(mutation(rng, content, files[0]) != content for content in files * 2)
    assert changed >= 6


@LINUX
def test_what_is_wrong_is_told(monkeypatch):
    assert fuzz.what_is_wrong("the picture cannot be read. " + fuzz.kinds.DAMAGED, True) == ""
    assert "another library's" in fuzz.what_is_wrong("image has wrong mode", True)
    assert "letters" in fuzz.what_is_wrong("x" * 301, True)

    def fail(image):
        raise KeyError("tag")

    monkeypatch.setattr(digitrec, "load_picture", fail)
    assert fuzz.try_input(1, 0).problem == "KeyError: 'tag'"


def test_the_record_of_the_last_campaign_is_without_a_find():
    record = json.loads((ROOT / "benchmarks" / "fuzz.json").read_text())
    assert record["inputs"] >= 100_000
    assert (record["foreign"], record["problems"]) == (0, [])
    assert record["read"]["read_page"] + record["read"]["read_digit"] >= record["inputs"] / 10
    assert record["worst seconds"] <= 2
    assert record["worst MB"] <= worst_pages.MEGABYTES
