"""Probabilities taken at their word, with scikit-learn, SciPy and loops as oracles."""

import itertools
import json
import re

import numpy as np
import pytest
import scipy.optimize
import scipy.special
import sklearn.calibration
import sklearn.metrics
from conftest import ROOT
from matplotlib.colors import to_hex

from digitrec import calibration, figures, ladder, widgets


@pytest.fixture(params=[10, 11])
def answered(request):
    """3,000 answers of a network that is far too sure, as are most after a long training."""
    g = np.random.default_rng(1)
    honest = g.normal(0, 2, (3_000, request.param))
    chances = scipy.special.softmax(honest, axis=1)
    labels = np.array([g.choice(request.param, p=row) for row in chances])
    return scipy.special.softmax(honest * 1.8, axis=1), labels


def error_by_loop(probabilities, labels, edges):
    """The calibration error as one would count it on paper."""
    gaps = 0
    for number, (low, high) in enumerate(itertools.pairwise(edges), 1):
        sure, right = [], []
        for row, label in zip(probabilities, labels, strict=True):
            if low <= max(row) < high or (number == len(edges) - 1 and max(row) == high):
                sure.append(max(row))
                right.append(int(np.argmax(row) == label))
        if sure:
            gaps += len(sure) * abs(np.mean(sure) - np.mean(right))
    return gaps / len(labels)


@pytest.mark.parametrize(("equal", "strategy"), [("width", "uniform"), ("count", "quantile")])
@pytest.mark.parametrize("bins", [1, 7, 10])
def test_reliability_is_scikit_learns_and_that_of_a_loop(answered, equal, strategy, bins):
    probabilities, labels = answered
    measured = calibration.reliability(probabilities, labels, bins, equal)
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    accuracy, mean = sklearn.calibration.calibration_curve(
        right, confidence, n_bins=bins, strategy=strategy
    )
    assert [part.accuracy for part in measured.bins] == pytest.approx(accuracy)
    assert [part.confidence for part in measured.bins] == pytest.approx(mean)
    edges = np.linspace(0, 1, bins + 1)
    if equal == "count":
        edges = np.quantile(confidence, edges)
        assert np.ptp([part.count for part in measured.bins]) <= 1
    assert measured.error == pytest.approx(error_by_loop(probabilities, labels, edges))
    assert measured.error == calibration.calibration_error(probabilities, labels, bins, equal)
    assert measured.count == len(labels)
    assert measured.accuracy == pytest.approx(right.mean())
    assert measured.confidence == pytest.approx(confidence.mean())


def test_too_sure_and_not_sure_enough_do_not_cancel_out():
    answers = np.array([[0.9, 0.1]] * 10 + [[0.6, 0.4]] * 10)
    labels = np.array([0] * 6 + [1] * 4 + [0] * 9 + [1])
    assert calibration.calibration_error(answers, labels) == pytest.approx(0.3)
    assert calibration.calibration_error(answers, labels, bins=1) == pytest.approx(0)


def test_a_bin_holds_its_lower_end_and_the_last_one_both():
    measured = calibration.reliability(np.array([[1, 0], [0.5, 0.5], [0.9, 0.1]]), [0, 0, 0], 2)
    (part,) = measured.bins
    assert (part.low, part.high, part.right, part.count) == (0.5, 1, 3, 3)


def test_a_bin_says_whether_it_fits_as_far_as_its_answers_can_tell():
    def verdict(confidence, right, count):
        return calibration.Bin(0.8, 0.9, confidence, right, count).verdict

    assert verdict(0.85, 600, 1_000) == "too sure"
    assert verdict(0.85, 950, 1_000) == "not sure enough"
    assert verdict(0.85, 3, 5) == "fits"  # 23% to 88%: five answers tell little
    assert verdict(0.85, 849, 1_000) == "fits"


def test_log_loss_is_scikit_learns(answered):
    probabilities, labels = answered
    expected = sklearn.metrics.log_loss(labels, probabilities, labels=range(probabilities.shape[1]))
    assert calibration.log_loss(probabilities, labels) == pytest.approx(expected)
    one_impossible = np.array([[1.0, 0.0]])
    assert calibration.log_loss(one_impossible, np.array([1])) == pytest.approx(16.1, abs=0.1)


@pytest.mark.parametrize("temperature", [0.001, 0.5, 1, 1.7, 50])
def test_softened_is_softmax_of_the_logits_over_t(temperature):
    logits = np.random.default_rng(2).normal(0, 3, (200, 10))
    softened = calibration.softened(scipy.special.softmax(logits, axis=1), temperature)
    assert np.allclose(softened, scipy.special.softmax(logits / temperature, axis=1), atol=1e-6)
    assert (softened.argmax(axis=1) == logits.argmax(axis=1)).all()


def test_the_best_temperature_is_the_one_scipy_finds(answered):
    probabilities, labels = answered

    def loss(temperature):
        powers = probabilities ** (1 / temperature)
        powers /= powers.sum(axis=1, keepdims=True)
        return sklearn.metrics.log_loss(labels, powers, labels=range(powers.shape[1]))

    found = scipy.optimize.minimize_scalar(loss, bounds=(0.1, 10), method="bounded").x
    best = calibration.best_temperature(probabilities, labels)
    assert best == pytest.approx(found, rel=0.012)  # half a step of those it chooses from
    assert best == pytest.approx(1.8, rel=0.1)  # how much too sure they were made
    assert calibration.calibration_error(
        calibration.softened(probabilities, best), labels
    ) < 0.5 * calibration.calibration_error(probabilities, labels)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda p, y: calibration.reliability(p, y[:-1]), "labels (2999,)"),
        (lambda p, y: calibration.reliability(p[:0], y[:0]), "at least one image"),
        (lambda p, y: calibration.reliability(p[0], y), "expected (n, answers)"),
        (lambda p, y: calibration.reliability(p, y, bins=0), "expected 1 or more"),
        (lambda p, y: calibration.reliability(p, y, equal="size"), "'size'"),
        (lambda p, y: calibration.log_loss(p, y + 1), "an answer that the network does not have"),
        (lambda p, _: calibration.softened(p, 0), "above 0"),
        (lambda p, _: calibration.softened(p, float("nan")), "above 0"),
    ],
)
def test_what_cannot_be_measured_is_said(answered, call, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        call(*answered)


def test_letters_have_no_right_digit():
    """Label 10 is one that a network of ten answers never gives, and one of eleven may."""
    ten, eleven = np.eye(10)[[3, 8]], np.eye(11)[[3, 10]]
    letters = np.array([10, 10])
    assert calibration.reliability(ten, letters).accuracy == 0
    assert calibration.reliability(eleven, letters).accuracy == 0.5


def test_an_interval_is_wilsons():
    low, high = ladder.wilson_interval(95, 100)
    assert (low, high) == (pytest.approx(0.8883, abs=1e-4), pytest.approx(0.9785, abs=1e-4))
    assert calibration.wilson_interval(10, 10)[1] == 1
    assert calibration.wilson_interval(0, 10)[0] == 0
    with pytest.raises(ValueError, match="11 of 10"):
        calibration.wilson_interval(11, 10)


def test_a_reliability_diagram_has_a_dot_and_a_bar_for_each_bin(answered):
    probabilities, labels = answered
    measured = calibration.reliability(probabilities, labels)
    drawn = figures.plot_reliability({"at home": measured, "abroad": measured}).axes
    dots, bars = drawn[0], drawn[2]
    assert dots.get_title().startswith("at home\nsure to")
    assert f"calibration error: {100 * measured.error:.1f} " in dots.get_title()
    places = {}
    for container in dots.containers:
        line, _, (ends,) = container.lines
        for point, end in zip(line.get_xydata(), ends.get_segments(), strict=True):
            places[tuple(point)] = (container.get_label(), to_hex(line.get_color()), end[:, 1])
    assert len(places) == len(measured.bins) == len(bars.patches)
    for part, bar in zip(measured.bins, bars.patches, strict=True):
        label, colour, ends = places[part.confidence, part.accuracy]
        assert label == part.verdict
        assert (colour == figures.WRONG) == (part.verdict == "too sure")
        assert ends == pytest.approx(part.interval)
        assert (bar.get_height(), bar.get_x()) == (part.count, part.low)
    assert {text.get_text() for text in bars.texts} == {f"{part.count:,}" for part in measured.bins}


def test_one_answer_can_be_drawn():
    measured = calibration.reliability(np.eye(10)[[3]], np.array([3]))
    figures.plot_reliability({"one": measured}).canvas.draw()


def test_the_temperature_moves_confidence_and_loss_and_no_answer(answered):
    probabilities, labels = answered
    box = widgets.TemperatureExplorer({"At home": answered})
    slider, view = box.children
    right = f"{(probabilities.argmax(axis=1) == labels).mean():.1%} right"
    said = []
    for temperature in (1, 1.8):
        slider.set_state({"value": temperature, "asked": 1})
        scaled = calibration.softened(probabilities, temperature)
        said.append(view.said)
        assert f"Temperature {temperature:.2f}." in view.said
        assert right in view.said
        assert f"log loss {calibration.log_loss(scaled, labels):.3f}" in view.said
        error = calibration.calibration_error(scaled, labels)
        assert f"Calibration error {100 * error:.1f} percentage points" in view.said
        dots = len(calibration.reliability(scaled, labels).bins)
        assert view.html.count("<g ") == dots
    assert said[0] != said[1]
    assert "too sure" in widgets.temperature.LEGEND
    assert "<script" not in widgets.temperature.diagram(
        calibration.reliability(probabilities, labels), "<script>"
    )


def test_what_the_lessons_say_of_confidence_holds_for_every_seed():
    record = json.loads((ROOT / "benchmarks" / "calibration.json").read_text())
    assert len(record["dense"]) >= 3
    for entry in record["dense"].values():
        home, abroad = entry["before"]["home"], entry["before"]["abroad"]
        assert home["error"] < 0.01  # calibrated at home
        assert abroad["error"] > 5 * home["error"]  # and not abroad
        assert abroad["confidence"] > abroad["accuracy"] + 0.03
        assert entry["before"]["letters_believed"] > 0.5
        after = entry["after"]
        assert after["abroad"]["accuracy"] == abroad["accuracy"]
        assert 0.5 * abroad["error"] < after["abroad"]["error"] < abroad["error"]  # helps little
        assert home["sure_when_wrong"] > 10 * (1 - home["right_when_sure"])  # the base rate
    box = record["box"]["before"]
    assert box["abroad"]["error"] < min(
        entry["before"]["abroad"]["error"] for entry in record["dense"].values()
    )
