"""Notebook 9: the notebook that it sweeps, the runs that are stored for it, and its tasks."""

import ast
import json
import sys

import nbformat
import numpy as np
import pytest
from conftest import ROOT

from digitrec import sweeps
from digitrec.exercises.judging import leads, sweep_sets, twelve_runs
from digitrec.exercises.parameter_sweeps import waves
from digitrec.exercises.task import load_solution
from digitrec.parameters import RULES
from digitrec.sweeps.identity import package_fingerprint, plan
from digitrec.sweeps.notebooks import open_notebook
from digitrec.sweeps.runs import Job, environment, execute

sys.path.append(str(ROOT / "benchmarks"))
import sweep_lesson

SHORT = ROOT / "notebooks" / "short_training.ipynb"


@pytest.fixture(scope="module")
def stored():
    return json.loads(sweep_lesson.RECORD.read_text())


@pytest.fixture(scope="module")
def right(stored):
    """Which validation images each of the equal runs reads right."""
    table = np.ones((len(stored["equal"]), 5_000), bool)
    for row, one in zip(table, stored["equal"], strict=True):
        row[one["wrong"]] = False
    return table


def code_of(path):
    cells = nbformat.read(path, as_version=4).cells
    return [cell for cell in cells if cell.cell_type == "code"]


def test_the_short_notebook_has_literal_parameters_and_checks_them():
    _, parameters, check, *_ = code_of(SHORT)
    assert parameters.metadata.tags == ["parameters"]
    names = [one.target.id for one in ast.parse(parameters.source).body]
    assert tuple(names) == sweep_sets.NAMES
    assert set(names) <= set(RULES)
    call = ast.parse(check.source).body[0].value
    assert [(k.arg, ast.unparse(k.value)) for k in call.keywords] == [(n, n) for n in names]
    assert open_notebook(SHORT).defaults["results_path"] == "runs/short_training.json"


def test_the_short_notebook_never_looks_at_the_test_set():
    assert not [cell.source for cell in code_of(SHORT) if ".test" in cell.source]


def test_the_short_notebook_is_committed_as_it_was_executed():
    cells = code_of(SHORT)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert "Results saved in runs/short_training.json" in cells[-1].outputs[-1].text


def test_it_is_found_where_the_project_folder_is_somewhere_else(home):
    assert not (home / "notebooks").exists()
    assert open_notebook("notebooks/short_training.ipynb").name == "short_training"
    with pytest.raises(FileNotFoundError, match=r"There is no notebook notebooks/other\.ipynb"):
        open_notebook("notebooks/other.ipynb")


def test_what_is_unusual_stops_no_run(tmp_path):
    assert environment(tmp_path, 1)["DIGITREC_STRICT"] == "0"


def test_the_short_notebook_bears_the_ends_of_its_parameters(tmp_path):
    """A training that cannot come to anything ends in results all the same."""
    notebook, package = open_notebook(SHORT), package_fingerprint()
    settings = {"learning_rate": 1.0, "model_name": "cnn", "epochs": 1, "train_size": 100}
    job = Job(notebook, tmp_path, "none", package, threads=1, networks=True)
    done = execute(job, plan(notebook, settings, package))
    assert done.record.state == "done", done.record.error
    results = done.record.results
    assert set(results) == {
        *("validation_loss", "validation_accuracy", "training_accuracy", "wrong"),
    }
    assert results["validation_accuracy"] == pytest.approx(1 - len(results["wrong"]) / 5_000)
    assert "short_training.keras" in done.files


def test_the_stored_runs_are_those_of_the_script(stored):
    sets = sweep_lesson.parts(sweep_lesson.EQUAL)
    for name, some in sets.items():
        for row, one in zip(stored[name], some, strict=True):
            assert {key: row[key] for key in one} == one


def test_stored_accuracies_are_those_of_the_images_read_wrongly(stored, right):
    assert len(stored["equal"]) >= 24  # as many as the last figure draws at once
    for row, one in zip(right, stored["equal"], strict=True):
        assert one["validation_accuracy"] == pytest.approx(row.mean(), abs=1e-9)
    assert len({one["seed"] for one in stored["equal"]}) == len(stored["equal"])


def summary(stored, part, by):
    return sweeps.Table(tuple(stored[part])).summary("validation_accuracy", by=["model_name", by])


def test_large_rates_are_worse_have_more_luck_and_part_the_two_networks(stored):
    """As notebook 9 says, and as the sweep over training sets takes for granted."""
    by_rate = summary(stored, "rates", "learning_rate")
    at = {(row["model_name"], row["learning_rate"]): row for row in by_rate}
    for name, rate in sweep_lesson.BEST.items():
        rows = by_rate.where(model_name=name)
        assert rows.sorted_by("mean", descending=True)["learning_rate"][0] == rate
        assert min(rows["spread"][-2:]) > max(rows["spread"][:-2])
    lost = [at[name, 0.001]["mean"] - at[name, 0.01]["mean"] for name in ("mlp", "cnn")]
    assert lost[0] > 3 * lost[1]
    middle = [at["cnn", rate] for rate in (0.001, 0.003, 0.01)]
    for row in middle:
        bar = row["mean"] + row["spread"]
        assert all(other["mean"] - other["spread"] < bar for other in middle)


def test_more_different_images_help_with_the_same_number_of_steps(stored):
    by_size = summary(stored, "sizes", "train_size")
    for name in sweep_lesson.BEST:
        rows = by_size.where(model_name=name)
        assert list(rows["mean"]) == sorted(rows["mean"])
    dense, convolutional = (by_size.where(model_name=name)["mean"] for name in ("mlp", "cnn"))
    assert all(np.array(convolutional) > np.array(dense))
    for row in stored["sizes"]:
        assert row["train_size"] * row["epochs"] == sweep_lesson.SEEN


def test_the_best_of_equal_runs_promises_too_much_and_most_where_few_images_choose(right):
    promised, kept = leads.mean_leads(right, 2_500)
    assert promised > kept > 0
    promised_by_few, kept_by_few = leads.mean_leads(right, 250)
    assert promised_by_few > promised
    assert kept_by_few < kept


def test_nothing_is_kept_where_runs_differ_by_luck_alone():
    luck = np.random.default_rng(1).random((40, 5_000)) < 0.9
    promised, kept = leads.mean_leads(luck, 2_500)
    assert promised == pytest.approx(100 * 1.63 * (0.9 * 0.1 / 2_500) ** 0.5, rel=0.1)
    assert abs(kept) < 0.15
    better = np.repeat(np.arange(40)[:, None] / 40, 5_000, axis=1)  # and by skill alone
    promised, kept = leads.mean_leads(better > 0, 2_500)
    assert promised == pytest.approx(kept)


@pytest.mark.parametrize("workers", [20])
def test_the_time_of_a_sweep_by_giving_out_each_run(workers):
    free = [0] * workers
    for _ in range(110):
        free[free.index(min(free))] += 30
    assert waves.judge.expected() == max(free)


def lost(search):
    return twelve_runs.TwelveRuns()(search).measure


def best_of(rates, seeds):
    return lambda run: max(rates, key=lambda rate: np.mean([run(rate, seed) for seed in seeds]))


def solution():
    names = {"np": np}
    exec(load_solution("09.twelve_runs")["code"], names)
    return names["search"]


def test_what_hints_and_reasons_say_of_searches_is_so():
    few_rates = lost(best_of(np.geomspace(0.0001, 0.1, 4), (1, 2, 3)))
    many_rates = lost(best_of(np.geomspace(0.0001, 0.1, 12), (1,)))

    def middle(run):
        rates = np.geomspace(0.0001, 0.1, 12)
        scores = np.array([run(rate, 1) for rate in rates])
        near = np.log(rates[scores > scores.max() - 0.012])
        return np.exp(np.median(near))

    assert few_rates > 2 * many_rates
    assert many_rates > twelve_runs.GOAL > lost(solution()) > lost(middle)


def test_a_run_that_was_made_counts_once_and_comes_to_the_same():
    training = twelve_runs.Training(5)
    first = [training(0.001, seed) for seed in range(twelve_runs.RUNS)]
    assert first == [training(0.001, seed) for seed in range(twelve_runs.RUNS)]
    assert np.std(first) == pytest.approx(twelve_runs.SPREAD, rel=0.6)
    with pytest.raises(ValueError, match="run 13; 12 are allowed"):
        training(0.001, 12)
    other = twelve_runs.Training(5)
    assert other(0.001, 0) == first[0]


def test_simulated_trainings_differ_in_where_their_best_rate_lies():
    rates = np.geomspace(0.0001, 0.1, 301)
    tops = []
    for number in range(twelve_runs.TRAININGS):
        worth = [twelve_runs.Training(number).worth(rate) for rate in rates]
        assert max(worth) == pytest.approx(twelve_runs.TOP, abs=1e-4)
        tops.append(np.log10(rates[np.argmax(worth)]))
    low, high = np.percentile(tops, [10, 90])
    assert low < -3.4
    assert high > -1.6


def test_other_good_plans_for_the_batch_size_are_right_too():
    for sets in (
        sweeps.grid(batch_size=[8, 32, 128, 512], seed=[5, 6, 7]),
        sweeps.grid(seed=range(4), batch_size=(1, 10, 100), learning_rate=0.001, model_name="cnn"),
        tuple({"seed": seed, "batch_size": size} for seed in (1, 2, 3) for size in (16, 32, 64)),
    ):
        assert sweep_sets.judge_batch_sizes(sets).state.value == "Right", sets
