"""What the box is chosen by, and the figures that its card publishes, with known answers."""

import numpy as np
import pytest
import sklearn.metrics
from conftest import ROOT

import digitrec
from digitrec.mnist import Digits, Mnist
from digitrec.networks import NOT_A_DIGIT


@pytest.fixture
def build_model(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "scripts")
    import build_model

    return build_model


def digits(labels):
    """Images whose first pixel tells their number."""
    images = np.zeros((len(labels), 28, 28), np.uint8)
    images[:, 0, 0] = np.arange(len(labels))
    return Digits(images, np.array(labels, np.uint8))


def say(monkeypatch, answers):
    """Let every network answer so, by the first pixel of an image."""
    monkeypatch.setattr(digitrec, "predict", lambda model, images: answers[images[:, 0, 0]])


def answer(digit, share, no_digit=0.0):
    found = np.full(11, (1 - share - no_digit) / 9)
    found[digit], found[NOT_A_DIGIT] = share, no_digit
    return found


def test_the_three_accuracies_of_the_card(build_model, monkeypatch):
    answers = np.array([
        answer(1, 0.9),
        answer(2, 0.4, no_digit=0.5),  # right over ten, wrong over eleven, not believed
        answer(3, 0.4),  # right over both, not believed
        answer(7, 0.9),  # wrong and believed
    ])  # fmt: skip
    say(monkeypatch, answers)
    found = build_model.accuracies(None, digits([1, 2, 3, 4]))
    assert found == {"ten": 0.75, "eleven": 0.5, "believed": 0.25}


def test_other_hands_are_judged_on_fonts_that_served_for_nothing(build_model, monkeypatch):
    asked = []

    def other_hands(seed, digits, others, part, fonts):
        asked.append((part, fonts, others > 0))
        images = np.zeros((5 if others else 2, 28, 28), np.uint8)
        images[:, 0, 0] = np.arange(5) if others else (5, 6)
        labels = [1, 2, NOT_A_DIGIT, NOT_A_DIGIT, NOT_A_DIGIT] if others else [3, 4]
        return Digits(images, np.array(labels, np.uint8))

    monkeypatch.setattr(build_model, "other_hands", other_hands)
    confidence = np.array([0.9, 0.6, 0.7, 0.1, 0.2, 0.8, 0.45])
    said = [1, 7, 5, 5, 5, 3, 4]
    say(monkeypatch, np.array([answer(d, c) for d, c in zip(said, confidence, strict=True)]))
    found = build_model.judge_other_hands(None)
    assert asked == [("test", 1.0, True), ("test", 0.0, False)]
    assert found["fonts"] == [1, 2]
    assert found["strokes"] == [2, 2]
    assert found["accepted"] == [3, 4]
    assert found["refused"] == [2, 3]
    is_digit = [1, 1, 0, 0, 0, 1, 1]
    area = sklearn.metrics.roc_auc_score(is_digit, confidence)
    assert found["area_under_roc"] == pytest.approx(area)
    assert found["refused_at_99"] == pytest.approx(2 / 3)


def test_the_seed_is_chosen_on_validation_and_held_out_drawings_and_all_are_reported(
    build_model, monkeypatch, tmp_path
):
    labels = [n % 10 for n in range(4)]
    mnist = Mnist(digits(labels), digits(labels), digits(labels))
    drawn, saved, parts = digits([1, 1, NOT_A_DIGIT]), [], []
    # by seed: how right each network is on validation and drawings, and on the test set
    shares = {1: (0.6, 0.9), 2: (0.8, 0.5), 3: (0.7, 0.95)}

    def other_hands(seed, digits, others, part):
        parts.append(part)
        return drawn

    def predict(model, images):
        is_test = images is mnist.test.images
        share = shares[model][is_test]
        known = [*labels, *drawn.labels]
        return np.array([answer(known[n], share) for n in range(len(images))])

    monkeypatch.setattr(build_model.sys, "argv", ["build_model.py"])
    monkeypatch.setattr(digitrec, "load_mnist", lambda: mnist)
    monkeypatch.setattr(digitrec, "predict", predict)
    monkeypatch.setattr(build_model, "other_hands", other_hands)
    history = {name: [0.5] for name in ("loss", "accuracy", "val_loss", "val_accuracy")}
    monkeypatch.setattr(build_model, "train_seed", lambda mnist, seed: (seed, history, 9.04))
    seen = []
    monkeypatch.setattr(
        build_model, "calibrated", lambda model, data: seen.append(data) or (model, 1 + model / 10)
    )
    monkeypatch.setattr(build_model, "judge_other_hands", lambda model: {"of": model})
    monkeypatch.setattr(digitrec, "save_model", lambda *given: saved.append(given))
    monkeypatch.setattr(build_model, "BOXED_MODEL", tmp_path / "box.keras")
    monkeypatch.setattr(digitrec, "load_record", lambda path: saved[0][2])
    monkeypatch.setattr(build_model, "card", lambda record: f"seed {record['seed']}")
    monkeypatch.setattr(build_model, "write_networks", lambda mnist: None)

    build_model.main()
    ((model, path, record),) = saved
    assert (model, record["seed"], record["temperature"]) == (2, 2, 1.2)
    assert path == tmp_path / "box.keras"
    assert parts == ["validation"]
    for chosen_with in seen:
        assert np.array_equal(chosen_with.labels, [*labels, *drawn.labels])
    assert record["test_accuracy_by_seed"] == [1, 1, 1]
    assert record["test_right_and_believed_by_seed"] == [1, 1, 1]
    assert record["other_hands"] == {"of": 2}
    assert record["validation"]["loss"] == pytest.approx(-np.log(0.8), abs=1e-6)
    assert record["test_calibration_error"] == pytest.approx(0.5)
    assert (tmp_path / "MODEL-CARD.md").read_text("utf-8") == "seed 2"


def test_drawings_are_added_to_what_is_learned_from_alone(build_model, mnist):
    from other_hands import with_other_hands

    small = Mnist(mnist.train[:50], mnist.validation[:20], mnist.test[:20])
    more = with_other_hands(small, seed=1, digits=30, others=10)
    assert np.array_equal(more.train.images[:50], small.train.images)
    assert np.array_equal(more.train.labels[:50], small.train.labels)
    assert len(more.train) == 90
    assert (more.train.labels[50:80] < 10).all()
    assert (more.train.labels[80:] == NOT_A_DIGIT).all()
    assert more.validation is small.validation
    assert more.test is small.test


def test_the_kinds_of_drawings_come_in_their_shares(build_model, monkeypatch):
    import other_hands

    drawn = []
    for name in ("draw", "draw_thin"):
        monkeypatch.setattr(other_hands, name, lambda *_, name=name: drawn.append(name))
    monkeypatch.setattr(other_hands, "with_pen", lambda *_: drawn.append("font"))
    g, glyphs = np.random.default_rng(0), other_hands.load_glyphs("train")
    for _ in range(2000):
        other_hands.draw_digit(g, glyphs, 7)
    shares = {name: drawn.count(name) / 2000 for name in set(drawn)}
    assert shares == pytest.approx({"font": 0.5, "draw_thin": 0.06, "draw": 0.44}, abs=0.03)
    drawn.clear()
    for fonts, names in ((1.0, {"font"}), (0.0, {"draw", "draw_thin"})):
        for _ in range(100):
            other_hands.draw_digit(g, glyphs, 7, fonts)
        assert set(drawn) == names
        drawn.clear()
    assert sum(other_hands.SHARES.values()) == pytest.approx(1)


def test_each_glyph_is_drawn_under_its_own_label(build_model, boxed_model):
    import other_hands

    fonts = other_hands.other_hands(seed=5, digits=200, others=0, part="train", fonts=1.0)
    guesses = digitrec.predict(boxed_model, fonts.images).argmax(axis=1)
    assert (guesses == fonts.labels).mean() > 0.9
