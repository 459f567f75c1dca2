"""What helped, and what is within the spread of the seeds, is told from the numbers."""

import re

import numpy as np
import pytest

import digitrec
from digitrec import figures
from digitrec.corruptions import every_corruption
from digitrec.figures import comparisons
from digitrec.ladder import Rung


def line(name, **shares):
    """A row as benchmarks/contributions.py stores it: mean and deviation for each trial."""
    tried = {
        key: dict(zip(("mean", "standard_deviation"), pair, strict=True))
        for key, pair in shares.items()
    }
    return {"ingredient": name, "seeds": 3, **tried}


ROWS = [
    line("base", clean=(0.99, 0.001), corrupted=(0.7, 0.01), drawn=(0.9, 0.005)),
    line("wide", clean=(0.993, 0.001), corrupted=(0.71, 0.01), drawn=(0.908, 0.005)),
    line("drawings", clean=(0.988, 0.002), corrupted=(0.75, 0.01), drawn=(0.95, 0.005)),
]


def test_what_helped_most_and_what_may_be_chance(monkeypatch, capsys):
    shown = []
    monkeypatch.setattr(comparisons, "show_table", lambda *table: shown.append(table))
    figures.show_contributions(ROWS)
    ((headings, entries),) = shown
    assert headings == ["", "seeds", "clean", "corrupted", "other hands"]
    assert entries[2] == ("drawings", 3, "98.8% ±0.20%", "75.0% ±1.00%", "95.0% ±0.50%")
    written = re.sub(r"\n +", " ", capsys.readouterr().out)
    assert written.splitlines() == [
        "clean: most by 'wide' (+0.30 points); within the spread: 'drawings'",
        "corrupted: most by 'drawings' (+5.00 points); within the spread: 'wide'",
        "other hands: most by 'drawings' (+5.00 points); within the spread: 'wide'",
    ]


def test_a_single_seed_has_no_spread(monkeypatch):
    shown = []
    monkeypatch.setattr(comparisons, "show_table", lambda *table: shown.append(table))
    once = line("once", clean=(0.99, None), corrupted=(0.7, None), drawn=(0.9, None))
    figures.show_contributions([once, once])
    assert shown[0][1][1][2:] == ("99.0%", "70.0%", "90.0%")


def test_ingredients_are_shown_with_what_they_cost(monkeypatch):
    shown = []
    monkeypatch.setattr(comparisons, "show_table", lambda *table: shown.append(table))
    row = {
        "ingredient": "dense",
        "weights": 118282,
        "seconds": 6.26,
        "validation_accuracy": 0.97754,
        "standard_deviation": 0.0015,
    }
    figures.show_ingredients([row])
    assert shown[0][1] == [("dense", "118,282", "6.3", "97.75%", "±0.15%")]


def test_a_comparison_leaves_severity_0_and_small_differences_out():
    clean, spoilt = [1.0, 0.9, 0.9], [0.0, 0.5, 0.5]
    robustness = {
        "new": {"noise": clean, "blur": spoilt, "lines": [0.2, 0.9, 0.86], "shift": [0, 0.9, 0.98]},
        "old": {"noise": spoilt, "blur": clean, "lines": [0.9, 0.9, 0.9], "shift": [1, 0.9, 0.9]},
    }
    text = re.sub(r"\s+", " ", figures.comparison(robustness, "new", "old"))
    assert text == "new, beside old: better under noise, shift worse under blur"


def test_what_is_printed_fits_a_narrow_window():
    shares = {name: [1, 0.9] for name in digitrec.CORRUPTIONS}
    worse = {name: [1, 0.1] for name in digitrec.CORRUPTIONS}
    text = figures.comparison(
        {"augmentation, noise": shares, "old": worse}, *("augmentation, noise", "old")
    )
    assert max(map(len, text.splitlines())) <= 78
    for name in digitrec.CORRUPTIONS:
        assert name in re.sub(r"\s+", " ", text)


def test_every_corruption_begins_clean_and_has_the_same_chance_at_each_severity(mnist):
    images = mnist.validation.images[:4]
    spoilt = every_corruption(images, seed=5)
    assert list(spoilt) == list(digitrec.CORRUPTIONS)
    for name, steps in spoilt.items():
        assert len(steps) == 6
        for severity, step in enumerate(steps):
            expected = digitrec.corrupt(images, name, severity, np.random.default_rng(5))
            assert np.array_equal(step, expected)


def test_each_image_has_a_row_of_its_variants(mnist):
    originals = mnist.train.images[:3]
    figure = figures.show_variants(originals, [originals + 1, originals + 2])
    drawn = [ax.images[0].get_array() for ax in figure.axes]
    assert len(drawn) == 9
    for row in range(3):
        for column in range(3):
            assert np.array_equal(drawn[3 * row + column], originals[row] + column)


def test_each_rung_lies_between_other_hands_and_home():
    rungs = [
        Rung("majority", 530, 5_000, 0.1, 1, 0.0, 0.0),
        Rung("dense", 4_900, 5_000, 0.8, 118_282, 2.0, 0.1),
    ]
    ax = figures.plot_ladder(rungs).axes[0]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["majority", "dense"]
    points = {one.get_label(): one.get_offsets().tolist() for one in ax.collections}
    assert points == {
        "on other hands": [[0.1, 0], [0.8, 1]],
        "at home (validation set)": [[0.106, 0], [0.98, 1]],
    }
    markers = {len(one.get_paths()[0].vertices) for one in ax.collections}
    assert len(markers) == 2, "told apart by form, not by colour alone"
    assert [line.get_xdata().tolist() for line in ax.lines] == [[0.1, 0.106], [0.8, 0.98]]
    assert {text.get_text() for text in ax.texts} == {"1", "118,282", "numbers stored"}
    assert ax.get_title()


@pytest.mark.parametrize("seconds", [[(1, 2.0), (4, 5.0)]])
def test_costs_say_by_how_much_they_grow(seconds):
    figure = figures.plot_costs({"epochs": seconds})
    assert figure.get_suptitle()
    assert figure.axes[0].get_title() == "4 times the epochs: 2.5 times the seconds"


def test_robustness_has_a_title_and_named_axes_below_each_other():
    figure = figures.plot_robustness({"dense": {name: [1, 0.5] for name in "abcde"}})
    assert figure.get_suptitle()
    assert [ax.get_xlabel() for ax in figure.axes] == [""] * 4 + ["severity"] * 4
    assert figures.plot_robustness({"dense": {"noise": [1, 0.5]}}).axes[0].get_xlabel()
