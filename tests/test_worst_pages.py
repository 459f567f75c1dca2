"""The pages that cost most are read within their bounds, and what is too full says so."""

import json
import sys

import pytest
from conftest import LINUX, ROOT

import digitrec
from digitrec.bounds import MOST_INK

sys.path.append(str(ROOT / "benchmarks"))
import worst_pages


@pytest.mark.parametrize(
    "name",
    [
        "2,000 strokes",
        "60 lines of print on a desk",
        "level stripes, slightly turned",
        "steep stripes",
        "spiral",
        "broken rings",
        "specks in five rings",
        "corners",
        "digits on a diagonal",
    ],
)
@pytest.mark.parametrize("read", ["read_digit", "read_page"])
@LINUX
def test_a_page_that_costs_much_stays_within_its_bounds(read, name, boxed_model):
    digitrec.boxed_model()
    seconds, megabytes, said = worst_pages.cost(getattr(digitrec, read), worst_pages.PAGES[name]())
    assert "Error" not in said
    assert seconds < worst_pages.SECONDS[read]
    assert megabytes < worst_pages.MEGABYTES


def test_a_page_of_too_many_marks_says_how_many_were_not_read():
    page = digitrec.read_page(worst_pages.print_of(60, worst_pages.TEXT))
    assert page.left_out > 1000
    assert page.too_full == (
        f"The page is too full: its smallest {page.left_out:,} marks were not read."
    )
    full = digitrec.read_page(worst_pages.large_digits(19))
    assert (full.left_out, full.too_full) == (0, "")
    assert len(full.text.split()) == 19


@pytest.mark.parametrize("name", ["steep stripes", "corners"])
def test_few_marks_whose_boxes_are_nearly_the_page_are_too_full_as_well(name):
    page = digitrec.read_page(worst_pages.PAGES[name]())
    boxes = sum(reading.box[2] * reading.box[3] for row in page.rows for reading in row)
    assert page.left_out > 0
    assert 0 < boxes <= MOST_INK


def test_the_record_of_the_worst_pages_is_within_the_bounds():
    record = json.loads((ROOT / "benchmarks" / "worst_pages.json").read_text())
    assert set(record["pages"]) == {*worst_pages.PAGES, *worst_pages.FILES}
    for read, most in worst_pages.SECONDS.items():
        assert record["worst"][read]["seconds"] <= most
        assert record["worst"][read]["MB"] <= worst_pages.MEGABYTES
