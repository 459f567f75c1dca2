"""Figures of sweeps show each run that they were given, and what the runs say together."""

import statistics

import numpy as np
import pytest

from digitrec import figures

SCORES = [0.93, 0.94, 0.94, 0.9401, 0.96]
RUNS = [
    {"model_name": name, "learning_rate": rate, "seed": seed, "validation_accuracy": score}
    for name, rate, scores in [
        ("mlp", 0.01, (0.90, 0.94)),
        ("mlp", 0.001, (0.92, 0.93, 0.97)),
        ("cnn", 0.003, (0.95,)),
    ]
    for seed, score in enumerate(scores)
]


def by_name(ax):
    """Line, marker and bars of each kind of run, in the order of the legend."""
    handles, names = ax.get_legend_handles_labels()
    return dict(zip(names, handles, strict=True))


def test_equal_runs_are_dots_that_stand_on_each_other():
    ax = figures.plot_equal_runs(SCORES, "A title")
    drawn = by_name(ax)
    x, y = drawn["one run"].get_data()
    width = (max(SCORES) - min(SCORES)) / 24
    assert np.allclose(x, SCORES, atol=width / 2 + 1e-9)
    assert list(y) == [1, 1, 2, 3, 1]
    mean, spread = statistics.fmean(SCORES), statistics.stdev(SCORES)
    assert drawn["mean"].get_xdata()[0] == pytest.approx(mean)
    band = drawn["mean ± standard deviation"]
    assert band.get_x() == pytest.approx(mean - spread)
    assert band.get_width() == pytest.approx(2 * spread)
    assert ax.get_ylim()[1] > 3
    assert ax.get_title() == "A title"


def test_equal_runs_may_all_come_to_the_same():
    ax = figures.plot_equal_runs([0.5, 0.5], "The same")
    assert list(by_name(ax)["one run"].get_ydata()) == [1, 2]


def test_a_sweep_shows_means_with_error_bars_and_every_run():
    ax = figures.plot_sweep(RUNS, "validation_accuracy", "learning_rate", "Title", "model_name")
    drawn = by_name(ax)
    assert list(drawn) == ["mlp", "cnn"]
    line, _, (bars,) = drawn["mlp"].lines
    assert list(line.get_xdata()) == [0.001, 0.01]
    assert np.allclose(line.get_ydata(), [0.94, 0.92])
    reach = [path.vertices[:, 1] for path in bars.get_paths()]
    for (low, high), scores in zip(reach, [(0.92, 0.93, 0.97), (0.90, 0.94)], strict=True):
        assert (high + low) / 2 == pytest.approx(statistics.fmean(scores))
        assert (high - low) / 2 == pytest.approx(statistics.stdev(scores))
    dots = [line for line in ax.lines if line.get_marker() == "."]
    assert [len(one.get_xdata()) for one in dots] == [5, 1]
    for one in dots:  # a little to the right, where no bar hides them
        place = one.get_transform().transform((0.003, 0.9))
        assert place[0] > ax.transData.transform((0.003, 0.9))[0]
    assert ax.get_xscale() == "log"
    assert [text.get_text() for text in ax.get_xticklabels()] == ["0.001", "0.003", "0.01"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("learning rate", "validation accuracy")
    assert ax.get_legend().get_title().get_text() == "model name"


def test_a_single_run_has_no_error_bar_and_a_failed_one_is_left_out():
    failed = {"train_size": 1_000, "validation_accuracy": None}
    runs = [{"train_size": 500, "validation_accuracy": 0.9}, failed]
    ax = figures.plot_sweep(runs, "validation_accuracy", "train_size", "One")
    (container,) = ax.containers
    line, _, (bars,) = container.lines
    assert list(line.get_xdata()) == [500]
    low, high = bars.get_paths()[0].vertices[:, 1]
    assert low == high
    assert ax.get_legend() is None
    assert ax.get_xscale() == "linear"
    assert [text.get_text() for text in ax.get_xticklabels()] == ["500"]


def test_more_lines_than_can_be_told_apart_are_refused():
    runs = [{"n": n, "x": 1, "y": 0.5} for n in range(5)]
    with pytest.raises(ValueError, match="5 lines came, expected at most 4"):
        figures.plot_sweep(runs, "y", "x", "Many", lines="n")


def test_leads_are_in_points_and_each_line_says_which_it_is():
    ax = figures.plot_leads([2, 12, 48], [0.002, 0.006, 0.009], [0.001, 0.003, 0.004], "Leads")
    drawn = by_name(ax)
    assert np.allclose(drawn["on the images that chose it"].get_ydata(), [0.2, 0.6, 0.9])
    assert np.allclose(drawn["on other images"].get_ydata(), [0.1, 0.3, 0.4])
    assert list(drawn["on other images"].get_xdata()) == [2, 12, 48]
    assert "luck" in drawn
    assert ax.get_ylabel() == "points above their mean"
