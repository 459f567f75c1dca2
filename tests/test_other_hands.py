"""What the network in the box learns from besides MNIST, and how it is judged."""

import sys
from pathlib import Path

import numpy as np
import pytest
import sklearn.metrics

import digitrec
from digitrec.networks import NOT_A_DIGIT

SCRIPTS = Path(__file__).parents[1] / "scripts"
TWINS = 0.85  # correlation of two fonts' digits, from which they are near twins


@pytest.fixture(scope="module", autouse=True)
def scripts():
    """Let the scripts be imported, which lie in no package."""
    sys.path.insert(0, str(SCRIPTS))
    yield
    sys.path.remove(str(SCRIPTS))


@pytest.fixture(scope="module")
def small(mnist):
    return digitrec.Mnist(mnist.train[:2000], mnist.validation[:500], mnist.test[:500])


def generator(seed=0):
    return np.random.default_rng(seed)


def test_drawings_depend_on_the_seed_alone():
    from other_hands import other_hands

    first = other_hands(seed=1, digits=30, others=60)
    again = other_hands(seed=1, digits=30, others=60)
    other = other_hands(seed=2, digits=30, others=60)
    assert np.array_equal(first.images, again.images)
    assert np.array_equal(first.labels, again.labels)
    assert not np.array_equal(first.images, other.images)


def test_drawings_look_like_mnist_to_the_network():
    from other_hands import other_hands

    drawn = other_hands(seed=3, digits=100, others=200)
    assert drawn.images.shape == (300, 28, 28)
    assert drawn.images.dtype == np.uint8
    assert set(drawn.labels[:100]) == set(range(10))
    assert set(drawn.labels[100:]) == {NOT_A_DIGIT}
    assert (drawn.images.max(axis=(1, 2)) == 255).all()  # nothing is empty or pale as a whole
    boxes = [np.argwhere(image) for image in drawn.images]
    longest = [np.ptp(box, axis=0).max() + 1 for box in boxes]
    assert max(longest) <= 20
    assert np.mean(np.equal(longest, 20)) > 0.9  # as MNIST's digits are


def test_fonts_that_are_held_out_have_no_near_twin_to_learn_from():
    from other_hands import FONTS, GLYPHS, alike

    with np.load(GLYPHS) as archive:
        names, digits = archive["fonts"], archive["glyphs"][:, :10]
    whole = digits.any(axis=(2, 3)).all(axis=1)
    held_out = np.isin(names, FONTS["validation"] + FONTS["test"])
    assert held_out.sum() == len(FONTS["validation"] + FONTS["test"])
    for part in FONTS.values():
        chosen = np.isin(names, part)
        assert alike(digits[chosen & whole], digits[~chosen & whole]).max() < TWINS
    assert alike(digits[whole], digits[whole]).max() == pytest.approx(1, abs=1e-4)


def test_each_part_has_its_own_fonts():
    from other_hands import GLYPHS, load_glyphs

    with np.load(GLYPHS) as archive:
        digits = archive["glyphs"][:, :10].any(axis=(2, 3)).all(axis=1).sum()
    parts = [load_glyphs(part)["7"] for part in ("train", "validation", "test")]
    assert sum(map(len, parts)) == digits
    seen = [{glyph.tobytes() for glyph in part} for part in parts]
    assert not seen[0] & seen[1]
    assert not (seen[0] | seen[1]) & seen[2]


@pytest.mark.parametrize("digit", range(10))
def test_the_box_reads_drawn_strokes(digit, boxed_model):
    from pens import draw, prepared
    from strokes import digit_strokes

    g = generator(digit)
    images = np.array([prepared(draw(g, digit_strokes(g, digit))) for _ in range(100)])
    guesses = digitrec.predict(boxed_model, images)[:, :10].argmax(axis=1)
    assert (guesses == digit).mean() > 0.8


def test_an_upstroke_is_steep_and_a_roof_is_flat():
    from strokes import one, seven

    g = generator()
    ones = [one(g)[0] for _ in range(300)]
    # from where the pen starts to the top of the stem
    rises = np.array([stroke[stroke[:, 1].argmin()] - stroke[0] for stroke in ones])
    upstrokes = rises[np.abs(rises[:, 0]) > 0.02]
    assert len(upstrokes) > 150
    assert (upstrokes[:, 0] > 0).all()
    assert (-upstrokes[:, 1] / upstrokes[:, 0] > 0.9).all()
    for stroke in (seven(g)[0] for _ in range(300)):
        assert np.ptp(stroke[stroke[:, 1] < 0.1][:, 0]) > 0.45


def test_halves_of_digits_are_never_slender():
    from non_digits import half

    g = generator()
    shapes = [half(g).shape for _ in range(200)]
    assert all(width > 0.5 * height for height, width in shapes)


@pytest.mark.parametrize("way", ["threshold", "enlarge", "cut", "uneven"])
def test_drawings_arrive_with_most_of_their_ink(way):
    import pens
    from strokes import digit_strokes

    g = generator()
    for _ in range(50):
        drawing = pens.draw(g, digit_strokes(g, int(g.integers(10))))
        changed = getattr(pens, way)(g, drawing)
        assert changed.dtype == np.uint8
        assert (changed > 0).mean() > 0.3 * (drawing > 0).mean()
        if way == "threshold":
            assert set(np.unique(changed)) == {0, 255}


class TestMeasures:
    """The figures of the card, with scikit-learn and hand-made answers as oracles."""

    def test_area_under_roc_and_refusal(self):
        from measures import area_under_roc, refused_at

        g = generator()
        positives, negatives = g.normal(1, 1, 500).round(1), g.normal(0, 1, 300).round(1)
        truth = np.repeat([1, 0], [500, 300])
        expected = sklearn.metrics.roc_auc_score(truth, np.concatenate([positives, negatives]))
        assert area_under_roc(positives, negatives) == pytest.approx(expected)
        assert refused_at(0.99, np.arange(1, 101), np.array([0, 1, 50, 90])) == 0.5

    def test_calibrated_finds_the_temperature_and_changes_no_answer(self, small):
        from measures import calibrated

        from digitrec.calibration import log_loss
        from digitrec.networks import averaged_over_shifts
        from digitrec.quiet import keras

        keras.utils.set_random_seed(1)
        model = digitrec.build_cnn(8)
        digitrec.train(model, small, epochs=8, verbose=False)
        *others, kernel, bias = model.get_weights()
        model.set_weights([*others, kernel * 8, bias * 8])  # far too sure
        before = model.get_weights()
        digits = small.validation
        honest, temperature = calibrated(model, digits)
        assert temperature > 1.2
        assert all(map(np.array_equal, model.get_weights(), before))
        plain = digitrec.predict(averaged_over_shifts(model), digits.images)
        answers = digitrec.predict(honest, digits.images)
        assert (plain.argmax(axis=1) == answers.argmax(axis=1)).mean() > 0.99
        assert log_loss(answers, digits.labels) < log_loss(plain, digits.labels)


def test_the_card_states_what_the_record_says():
    from model_card import card

    record = {
        "parameters": {
            **{"width": 32, "drawn_digits": 8_000, "drawn_others": 9_000, "epochs": 40},
            **{"last_epochs": 4, "learning_rate": 0.01, "last_learning_rate": 0.001},
            **{"batch_size": 128},
        },
        **{"weights": 243_243, "seed": 2, "seeds": [1, 2, 3], "test_images": 10_000},
        "test_accuracy_by_seed": [0.9971, 0.9973, 0.9972],
        "test_accuracy_eleven_by_seed": [0.9966, 0.9968, 0.9967],
        "test_right_and_believed_by_seed": [0.9961, 0.9965, 0.9963],
        "training_minutes_by_seed": [9.0, 9.1, 9.2],
        **{"temperature": 1.25, "test_calibration_error": 0.0027},
        "other_hands": {
            **{"fonts": [990, 1_000], "strokes": [995, 1_000], "accepted": [1_980, 2_000]},
            **{"refused": [950, 1_000], "refused_at_99": 0.95, "area_under_roc": 0.99},
        },
        "real_pictures": {"phone_photo": [95, 96]},
    }
    text = card(record)
    assert "| right over all eleven answers | 99.66% | 99.68% | 99.67% |" in text
    spread = card({**record, "test_accuracy_by_seed": [0.5, 0.6, 0.7]})
    assert "| 60.00% ± 10.00% |" in spread  # of a sample, and not of all seeds there are
    best = card({**record, "seed": 1})  # not the one that is best on the test set
    assert "| 99.72% ± 0.01% | 99.71% (99.58% to 99.80%) |" in best
    assert (
        "| right over the ten digits | 99.71% | 99.73% | 99.72% | 99.72% ± 0.01% | 99.73%" in text
    )
    assert "99.65% (99.51% to 99.75%)" in text
    assert "| phone photo | 99.0% (94.3% to 99.8%) of 96 |" in text
    assert "real pictures" not in card({**record, "real_pictures": {}})
    longest = max(len(line) for line in text.splitlines() if not line.startswith("|"))
    assert longest <= 100
