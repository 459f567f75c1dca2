"""Recognisers compared: what each is worth, where its rung comes from, and how it is shown."""

import json
import sys
from dataclasses import asdict, replace

import numpy as np
import pytest
from conftest import ROOT
from scipy.stats import binomtest
from sklearn.neighbors import KNeighborsClassifier

from digitrec import figures, ladder
from digitrec.baselines import PART, nearest_images
from digitrec.ladder import ORDER, Rung
from digitrec.mnist import Digits
from digitrec.storage import save_results


def rung(recogniser="linear", right=90, count=100, **others):
    values = {"other_hands": 0.5, "numbers": 10, "seconds_to_learn": 1.0, "seconds_to_answer": 0.1}
    return Rung(recogniser, right, count, **values | others)


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")


class TestInterval:
    @pytest.mark.parametrize(
        ("right", "count"), [(4885, 5000), (0, 7), (7, 7), (1, 2), (1, 1), (500, 1000)]
    )
    def test_is_scipys(self, right, count):
        expected = binomtest(right, count).proportion_ci(0.95, method="wilson")
        assert ladder.wilson_interval(right, count) == pytest.approx(tuple(expected), abs=1e-5)

    @pytest.mark.parametrize(("right", "count"), [(-1, 5), (6, 5), (0, 0)])
    def test_impossible_counts_are_refused(self, right, count):
        with pytest.raises(ValueError, match=f"{right} of {count} answers are right, expected"):
            ladder.wilson_interval(right, count)


class TestMeasure:
    """Made-up digits whose first pixel is their label, and a reader that looks at it."""

    @pytest.fixture
    def digits(self):
        labels = np.arange(10, dtype=np.uint8)
        images = np.zeros((10, 28, 28), np.uint8)
        images[:, 0, 0] = labels
        return Digits(images, labels)

    def test_a_known_reader(self, digits):
        others = digits[[0, 1, 2, 3]]
        asked = []

        def answer(images):
            asked.append(len(images))
            return np.minimum(images[:, 0, 0], 2)  # a 3 or more is read as a 2

        measured = ladder.measure("linear", answer, np.int64(7), 1.23456, digits, others)
        assert asked == [4, 10]  # once before the clock runs
        assert (measured.right, measured.count, measured.accuracy) == (3, 10, 0.3)
        assert measured.other_hands == 0.75
        assert measured.numbers == 7
        assert measured.seconds_to_learn == 1.23
        assert measured.here
        json.dumps(ladder.as_results([measured]))

    def test_the_clock_counts_a_thousand_answers(self, digits, monkeypatch):
        ticks = iter([10.0, 10.5])
        monkeypatch.setattr(ladder.time, "perf_counter", lambda: next(ticks))
        measured = ladder.measure("linear", lambda images: images[:, 0, 0], 1, 0, digits, digits)
        assert measured.seconds_to_answer == 50  # half a second for ten

    def test_no_such_rung(self, digits):
        with pytest.raises(ValueError, match="'forest', expected one of majority, nearest mean"):
            ladder.measure("forest", len, 1, 0, digits, digits)

    def test_an_answer_that_would_be_compared_with_every_label(self, digits):
        with pytest.raises(ValueError, match=r"linear answers with shape \(10, 10\) to 10 images"):
            ladder.measure("linear", lambda images: np.eye(10), 1, 0, digits, digits)
        with pytest.raises(ValueError, match=r"shape \(\)"):
            ladder.measure("linear", lambda images: 1, 1, 0, digits, digits)


class TestCollect:
    @pytest.fixture(autouse=True)
    def stored(self, home, monkeypatch):
        """A project folder without results, and a stored ladder of seven rungs."""
        path = home / "stored.json"
        write(path, ladder.as_results([rung(name, 1) for name in reversed(ORDER)]))
        monkeypatch.setattr(ladder, "STORED", path)
        return path

    def right(self, *fresh):
        return {one.recogniser: one.right for one in ladder.collect(fresh)}

    def test_what_nobody_measured_comes_from_the_project_in_order(self):
        rungs = ladder.collect()
        assert [one.recogniser for one in rungs] == list(ORDER)
        assert not any(one.here for one in rungs)

    def test_fresh_before_saved_before_stored(self, home):
        saved = ladder.as_results([rung("majority", 2), rung("linear", 2)])
        save_results("runs/02_model_building.json", {"linear_accuracy": 0.02, **saved})
        rights = self.right(rung("linear", 3))
        assert rights == dict.fromkeys(ORDER, 1) | {"majority": 2, "linear": 3}
        here = {one.recogniser for one in ladder.collect() if one.here}
        assert here == {"majority", "linear"}

    @pytest.mark.parametrize("name", ladder.RUNS)
    def test_each_notebook_saves_under_a_name_that_is_looked_for(self, name, home):
        assert (ROOT / "notebooks" / f"{name}.ipynb").is_file()
        save_results(f"runs/{name}.json", ladder.as_results([rung("dense", 5)]))
        assert self.right()["dense"] == 5

    @pytest.mark.parametrize(
        "content",
        [
            '{"ladder": [{"recog',
            "",
            [1, 2],
            {"ladder": 3},
            {"ladder": [{"recogniser": "dense", "accuracy": 0.97}]},  # of another version
            {"ladder": [asdict(rung("dense")) | {"energy": 3}]},
            {"ladder": [asdict(rung("dense")) | {"count": 0}]},
            {"ladder": [asdict(rung("dense")) | {"right": 101}]},
            {"ladder": [asdict(rung("dense")) | {"right": "many"}]},
            {"ladder": [asdict(rung("dense")) | {"other_hands": 50}]},
            {"ladder": [asdict(rung("dense")) | {"seconds_to_learn": float("nan")}]},
            {"validation_accuracy": 0.97},
        ],
    )
    def test_a_file_that_is_something_else_counts_as_none(self, content, home):
        write(home / "runs" / "03_training.json", content)
        assert self.right() == dict.fromkeys(ORDER, 1)

    def test_a_rung_of_no_name_that_is_known_is_left_out(self, home):
        write(home / "runs" / "03_training.json", ladder.as_results([rung("forest")]))
        assert self.right() == dict.fromkeys(ORDER, 1)

    def test_without_the_benchmark_there_is_what_was_measured(self, stored):
        stored.unlink()
        assert self.right(rung("linear", 3)) == {"linear": 3}


def test_the_stored_ladder_is_whole_and_says_what_the_lessons_say():
    rungs = ladder.stored()
    assert [one.recogniser for one in rungs] == list(ORDER)
    assert {one.count for one in rungs} == {5_000}
    accuracies = [one.accuracy for one in rungs]
    assert accuracies == sorted(accuracies)
    by_name = {one.recogniser: one for one in rungs}
    assert by_name["nearest neighbour"].numbers == 55_000 * (784 + 1)
    assert by_name["linear"].numbers == 7_850
    stored = json.loads(ladder.STORED.read_text())
    for name, spread in stored["spread"].items():
        near = 0.005 + 3 * (spread["accuracy"]["standard_deviation"] or 0)
        assert by_name[name].accuracy == pytest.approx(spread["accuracy"]["mean"], abs=near)


class TestNearestImages:
    def test_is_scikit_learns_brute_force(self, mnist):
        images, train = mnist.validation.images[: PART + 50], mnist.train[:3_000]
        flat = train.images.reshape(len(train), -1).astype(float)
        oracle = KNeighborsClassifier(1, algorithm="brute").fit(flat, train.labels)
        flat_images = images.reshape(len(images), -1).astype(float)
        nearest = nearest_images(images, train.images)
        assert np.array_equal(nearest, oracle.kneighbors(flat_images)[1][:, 0])
        assert np.array_equal(train.labels[nearest], oracle.predict(flat_images))

    def test_takes_averages_as_well(self):
        others = np.stack([np.full((28, 28), grey) for grey in (10.4, 10.6, 250.0)])
        asked = np.stack([np.full((28, 28), grey, np.uint8) for grey in (255, 10, 11)])
        assert nearest_images(asked, others).tolist() == [2, 0, 1]

    def test_no_images_have_no_neighbours(self, mnist):
        assert nearest_images(mnist.train.images[:0], mnist.train.images[:5]).shape == (0,)

    @pytest.mark.parametrize("shape", [(0, 28, 28), (28, 28), (3, 784)])
    def test_others_of_another_form(self, mnist, shape):
        with pytest.raises(ValueError, match="the others have shape"):
            nearest_images(mnist.train.images[:1], np.zeros(shape))

    def test_floats_are_no_images(self, mnist):
        with pytest.raises(ValueError, match="expected"):
            nearest_images(mnist.train.images[:1] / 255, mnist.train.images)


class TestTable:
    def shown(self, rungs, capsys):
        """The rows of the table as they are printed where no HTML is shown, and what follows."""
        figures.show_ladder(rungs)
        return capsys.readouterr().out

    def row(self, one):
        return figures.ladder.as_row(one)

    def test_every_number_stands_in_its_column(self):
        one = rung("nearest neighbour", 4_885, 5_000, other_hands=0.8065, numbers=43_175_000)
        assert self.row(replace(one, seconds_to_learn=0, seconds_to_answer=1.234)) == (
            *("nearest neighbour", "97.7% (97.2% to 98.1%)", "80.7%", "43,175,000"),
            *("<0.001", "1.2"),
        )

    def test_nothing_that_has_mistakes_is_perfect(self):
        assert self.row(rung(right=4_999, count=5_000))[1].startswith(">99.9% (")
        assert self.row(rung(right=5_000, count=5_000))[1].startswith("100.0% (99.9% to ")

    def test_a_star_marks_what_was_not_measured_here(self, capsys):
        assert self.row(rung())[0] == "linear"
        assert self.row(rung(here=False))[0] == "linear *"
        assert "*" not in self.shown([rung()], capsys)
        assert "* not measured here" in self.shown([rung(), rung("dense", here=False)], capsys)


def test_the_benchmark_makes_every_rung(monkeypatch, mnist):
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    monkeypatch.delitem(sys.modules, "ladder", raising=False)
    import ladder as benchmark

    assert tuple(benchmark.MAKERS) == ORDER
    small = replace(mnist, train=mnist.train[:500], validation=mnist.validation[:100])
    for name in ("majority", "nearest mean", "nearest neighbour"):
        answer, numbers = benchmark.MAKERS[name](small, 1)
        assert answer(small.validation.images).shape == (100,)
        assert numbers == {"majority": 1, "nearest mean": 7_840}.get(name, 500 * 785)
    rungs = [rung(right=90), rung(right=92), rung(right=94)]
    spread = benchmark.spread(rungs)
    assert spread["accuracy"] == {"mean": 0.92, "standard_deviation": 0.02}
