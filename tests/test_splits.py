"""Splits of handwriting: whole writers, whole sheets, and every leak that is planted is caught."""

import json
import sys
from dataclasses import replace

import numpy as np
import pytest
from conftest import ROOT
from written import pad_of, photographed, sheet_of

from digitrec.hands import Hands, Split, check_split, split_by_sheet, split_by_writer
from digitrec.hands.same_sheet import (
    LEAST_FOUND,
    MOST_DIFFERENT,
    MOST_DIFFERENT_ALONE,
    difference,
    found_again,
    is_same_sheet,
)

sys.path.append(str(ROOT / "scripts"))


WRITERS = ["412-0", "412-1", "412-2"]


@pytest.fixture(scope="module")
def hands(mnist):
    """Three writers with two sheets each of thirty digits, one with a turn at the pad as well."""
    digits = [mnist.validation[start : start + 30] for start in range(0, 210, 30)]
    parts = [
        sheet_of(digits[2 * writer + page], f"412-{writer}", f"sheet 412-{writer}-{page}")
        for writer in range(3)
        for page in range(2)
    ]
    return Hands((*parts, pad_of(digits[6], "412-2")))


def images(digits):
    return {image.tobytes() for image in digits.images}


def test_by_writer_all_that_somebody_wrote_is_on_one_side(hands):
    split = split_by_writer(hands, ["412-0", "412-2"])
    assert images(split.learn) == images(hands.digits[hands.writers != "412-1"])
    assert images(split.judge) == images(hands.digits[hands.writers == "412-1"])
    assert (len(split.learn), len(split.judge)) == (150, 60)
    assert set(split.learners.writers) == {"412-0", "412-2"}
    assert set(split.judges.writers) == {"412-1"}


def test_by_sheet_each_sheet_and_each_turn_at_the_pad_is_on_one_side(hands):
    to_learn = ["sheet 412-0-0", "sheet 412-1-0", "pad 2026-11-29 10:02:03"]
    split = split_by_sheet(hands, to_learn)
    assert set(split.learners.sheets) == set(to_learn)
    assert set(split.judges.sheets) == {*hands.sheets} - {*to_learn}
    assert images(split.learn) == images(hands.digits[np.isin(hands.sheets, to_learn)])
    assert not images(split.learn) & images(split.judge)


def test_one_name_may_come_alone(hands):
    assert len(split_by_writer(hands, "412-0").learn) == 60


def test_what_was_refused_is_on_neither_side(hands):
    parts = list(hands.parts)
    parts[0] = replace(parts[0], kept=np.arange(30) > 4)
    split = split_by_writer(Hands(tuple(parts)), ["412-0"])
    assert len(split.learn) == 55
    check_split(split)


@pytest.mark.parametrize(
    ("divide", "names", "message"),
    [
        (split_by_writer, [], r"no digits to learn from\. Choose some of the writers"),
        (
            split_by_writer,
            ["412-0", "412-1", "412-2"],
            r"no digits to judge with\. .*split_by_sheet",
        ),
        (split_by_sheet, [], r"no digits to learn from\. Choose some of the sheets"),
        (split_by_writer, ["Anna"], r"no writer Anna\. There are: 412-0, 412-1, 412-2\."),
        (split_by_sheet, ["412-0"], r"no sheet 412-0\. There are: pad .*, sheet 412-0-0, "),
    ],
)
def test_an_empty_side_or_an_unknown_name_says_what_to_do(divide, names, message, hands):
    with pytest.raises(ValueError, match=message):
        divide(hands, names)


def test_no_hands_at_all_are_told():
    with pytest.raises(ValueError, match="There are: none at all"):
        split_by_writer(Hands(()), ["412-0"])


def test_a_writer_or_a_sheet_on_both_sides_is_caught(hands):
    first, second, *others = hands.parts
    leaking = Hands((first, others[0])), Hands((second, others[1]))
    with pytest.raises(ValueError, match=r"writer 412-0, 412-1 is on both sides"):
        check_split(Split("writer", *leaking))
    check_split(Split("sheet", *leaking))
    with pytest.raises(ValueError, match=r"sheet sheet 412-0-0 is on both sides"):
        check_split(Split("sheet", Hands((first,)), Hands((first, second))))


@pytest.mark.parametrize("source", ["sheet 412-0-0", "sheet 412-9-0"])
def test_a_second_photo_of_a_sheet_under_another_name_is_caught(source, hands):
    first = hands.parts[0]
    again = replace(first, writer="412-9", source=source, images=photographed(first.images))
    leaking = Hands((*hands.parts, again))
    with pytest.raises(ValueError, match=rf"One sheet is on both .* {source} of 412-9\b.*Save its"):
        split_by_writer(leaking, ["412-9"])
    split_by_writer(leaking, ["412-9", "412-0"])


def test_copies_of_one_printed_sheet_that_others_wrote_on_are_no_leak(hands):
    parts = [replace(part, source="sheet 412-0-0") for part in hands.parts[::2]]
    split_by_writer(Hands(tuple(parts)), ["412-0"])


@pytest.mark.parametrize("moved", [(0, 0), (0, 1), (1, 0), (-1, 1), (2, -2)])
def test_an_image_on_both_sides_is_caught_also_where_it_was_moved(moved, hands):
    parts = list(hands.parts)
    copied = parts[0].images.copy()
    copied[7] = np.roll(parts[3].images[2], moved, axis=(0, 1))
    parts[0] = replace(parts[0], images=copied)
    for divide, names in ((split_by_writer, ["412-0"]), (split_by_sheet, ["sheet 412-0-0"])):
        with pytest.raises(ValueError, match=r"1 of the images .* sheet 412-1-1 of 412-1\. Put"):
            divide(Hands(tuple(parts)), names)
    parts[0] = replace(parts[0], kept=np.arange(30) != 7)
    split_by_writer(Hands(tuple(parts)), ["412-0"])


def test_digits_at_random_leak_sheets_and_are_refused(hands):
    """What a shuffle of the digits does: each sheet is on both sides."""
    learns = np.random.default_rng(1).random(30) < 0.7
    halves = [
        Hands(tuple(replace(part, kept=learns == side) for part in hands.parts))
        for side in (True, False)
    ]
    for by in ("writer", "sheet"):
        with pytest.raises(ValueError, match="is on both sides"):
            check_split(Split(by, *halves))


def test_two_sheets_of_a_steady_hand_are_told_from_a_second_photo():
    """A hand of `scripts/simulated_hands.py` differs less from sheet to sheet than people do."""
    from simulated_hands import draw_hand, prepared_digits

    steadiest = draw_hand(103)  # of a dozen
    digits = prepared_digits(steadiest, 10, np.random.default_rng(7))
    first, second = sheet_of(digits[:50]), sheet_of(digits[50:])
    assert np.median(difference(first.images, second.images)) < MOST_DIFFERENT
    assert not is_same_sheet(first, second)
    again = replace(first, images=photographed(first.images))
    assert is_same_sheet(first, again)
    assert is_same_sheet(again, first)


def test_a_digit_is_found_again_by_chance_once_in_a_kind(mnist):
    digits = mnist.validation[:200]
    asked = np.tile(np.arange(10), 10)
    first, second = digits.images[:100], digits.images[100:]
    assert found_again(first, first, asked) == 1
    assert abs(found_again(first, second, asked)) < 0.15
    half = np.concatenate([first[:50], second[50:]])
    assert 0.4 < found_again(first, half, asked) < 0.75


def test_a_sheet_with_each_digit_once_has_to_look_more_alike(mnist):
    first = sheet_of(mnist.validation[[0, 1, 4, 6]], numbers=np.arange(4))
    assert len(set(first.asked.tolist())) == 4
    thicker = np.minimum(first.images.astype(int) * 2 + 40 * (first.images > 0), 255)
    images = np.stack([np.maximum(thicker[i], np.roll(thicker[i], 1, 1)) for i in range(4)])
    changed = replace(first, images=images.astype(np.uint8))
    apart = np.median(difference(first.images, changed.images))
    assert MOST_DIFFERENT_ALONE < apart < MOST_DIFFERENT
    assert not is_same_sheet(first, changed)
    assert is_same_sheet(first, replace(first, images=photographed(first.images)))


def test_the_thresholds_lie_between_what_was_measured():
    record = json.loads((ROOT / "benchmarks/same_sheet.json").read_text())
    photos, sheets, hands = record.values()
    assert photos["taken_for_one"] == photos["pairs"] >= 12
    assert sheets["taken_for_one"] == hands["taken_for_one"] == 0
    assert sheets["found_again"][1] + 0.2 < LEAST_FOUND < photos["found_again"][0] - 0.2
    assert photos["difference"][1] < MOST_DIFFERENT < hands["difference"][0]
