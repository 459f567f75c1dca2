"""The card of a network: its numbers, its words, its picture, and what it must not claim."""

import os
from datetime import datetime

import numpy as np
import pytest
from PIL import Image
from scipy.stats import binomtest
from sklearn.metrics import recall_score

import digitrec
from digitrec import cards, figures
from digitrec.figures import card as drawing

RECORD = {
    "parameters": {"train_size": 55_000, "batch_size": 32, "learning_rate": 0.001},
    "seed": 1,
    "history": {"accuracy": [0.93, 0.97], "val_accuracy": [0.95, 0.96], "loss": [0.3, 0.1]},
    "validation": {"accuracy": 0.96},
}
RESULTS = {
    "MNIST, validation set": {
        "yours": {"digits": 5_000, "before": 104, "after": 112},
        "in the box": {"digits": 5_000, "before": 23, "after": 24},
    },
    "this hand, kept apart": {
        "yours": {"digits": 98, "before": 16, "after": 4},
        "in the box": {"digits": 98, "before": 6, "after": 1},
    },
}


@pytest.fixture(scope="module")
def answered():
    """True digits and answers, some of them wrong."""
    generator = np.random.default_rng(3)
    labels = generator.integers(0, 10, 400)
    wrong = generator.random(400) < 0.2
    return labels, np.where(wrong, generator.integers(0, 10, 400), labels)


def matrix_of(labels, predicted):
    matrix = np.zeros((10, 10), int)
    for label, answer in zip(labels, predicted, strict=True):
        matrix[label, answer] += 1
    return matrix


def card_of(answered, model=None, **changes):
    labels, predicted = answered
    measured = [
        cards.Measured("test", int((labels == predicted).sum()), len(labels)),
        cards.Measured("letters, taken for a digit", 3, 60),
    ]
    given = {"name": "Otto", "whose": "Trained here.", "record": RECORD, "taught": ""} | changes
    matrix = matrix_of(labels, predicted)
    return cards.make_card(
        model=model or digitrec.build_mlp(), measured=measured, matrix=matrix, **given
    )


@pytest.mark.parametrize(("hits", "count"), [(0, 7), (96, 98), (9_756, 10_000), (60, 60)])
def test_a_share_comes_with_the_interval_of_scipy(hits, count):
    one = cards.Measured("some", hits, count)
    expected = binomtest(hits, count).proportion_ci(method="wilson")
    assert one.interval == pytest.approx((expected.low, expected.high), abs=1e-4)
    places = 2 if count >= 5_000 else 1
    assert one.words.startswith(f"{hits / count:.{places}%} ({one.interval[0]:.{places}%} to ")
    assert one.words.endswith(f"of {count:,}")


def test_the_most_confused_pair_counts_both_directions(answered):
    labels, predicted = answered
    card = card_of(answered)
    times = {
        (one, other): sum(
            {label, answer} == {one, other} for label, answer in zip(labels, predicted, strict=True)
        )
        for one in range(10)
        for other in range(one + 1, 10)
    }
    one, other, most = card.most_confused
    assert most == times[one, other] == max(times.values())
    recall = recall_score(labels, predicted, average=None)
    assert f"Most often missed: {recall.argmin()}, read right" in card.mistakes[1]
    assert card.accuracy == pytest.approx((labels == predicted).mean())


def test_a_network_without_mistakes_has_no_pair():
    labels = np.arange(10).repeat(3)
    card = card_of((labels, labels))
    assert card.most_confused[2] == 0
    assert card.mistakes == ("Not one of the test digits is misread.",)


def test_a_matrix_of_other_answers_is_refused(answered):
    labels, predicted = answered
    card = card_of(answered)
    with pytest.raises(ValueError, match=r"as measured"):
        cards.make_card(
            "x", digitrec.build_mlp(), "", {}, card.measured, matrix_of(labels, predicted[::-1])
        )


def test_layers_and_weights_are_those_of_the_network(answered, boxed_model):
    assert card_of(answered).layers == ("dense, 128 neurons",) * 2 + ("dense, 10 neurons",)
    assert card_of(answered).weights == 784 * 128 + 128 + 128 * 128 + 128 + 128 * 10 + 10
    layers = card_of(answered, boxed_model).layers
    assert layers[0] == "convolution 5x5, 32 maps"
    assert layers[-1] == "dense, 11 neurons"
    assert len(layers) == 5  # the network inside, once, though it looks three times


def test_ten_answers_are_a_caveat_and_eleven_are_none(answered, boxed_model):
    assert card_of(answered).caveats[0] == cards.TEN_ANSWERS
    assert cards.TEN_ANSWERS not in card_of(answered, boxed_model).caveats


def test_own_handwriting_is_untested_until_it_was_taught(answered):
    assert any("your own handwriting" in caveat for caveat in card_of(answered).caveats)
    taught = card_of(answered, taught="It learned.")
    assert not any("your own handwriting" in caveat for caveat in taught.caveats)
    assert "It learned." in cards.as_markdown(taught)


def test_without_a_record_the_card_says_so(answered):
    card = card_of(answered, record={})
    assert card.learned == ()
    assert "Nothing is known of its training" in cards.as_markdown(card)
    assert card.history == {}
    figures.draw_card(card)


def test_teaching_is_told_of_this_network_only():
    said = cards.taught_in_words(RESULTS, 104, simulated=True)
    assert said.startswith("Taught a simulated hand, it misread 4 of 98")
    assert "before 16" in said
    assert "misread 112, before 104" in said
    assert cards.taught_in_words(RESULTS, 105, simulated=True) == ""
    assert cards.taught_in_words({}, 104, simulated=None) == ""
    assert "my hand" in cards.taught_in_words(RESULTS, 104, simulated=False)


@pytest.mark.parametrize("broken", [{"this hand, kept apart": {}}, {"MNIST, validation set": 3}])
def test_other_results_of_notebook_8_are_left_out(broken):
    assert cards.taught_in_words(RESULTS | broken, 104, simulated=None) == ""


def test_damaged_results_are_told_and_left_out(home, capsys):
    path = home / "runs" / "08.json"
    assert cards.load_results("runs/08.json") == {}
    assert capsys.readouterr().out == ""
    path.parent.mkdir()
    path.write_bytes(b'{"half": \xff')
    assert cards.load_results("runs/08.json") == {}
    assert "Left out: runs/08.json is damaged" in capsys.readouterr().out
    path.write_text("[1]")
    assert cards.load_results("runs/08.json") == {}
    path.write_text('{"a": 1}')
    assert cards.load_results("runs/08.json") == {"a": 1}


def test_the_day_is_that_of_the_file(tmp_path):
    path = tmp_path / "network.keras"
    path.write_bytes(b"")
    noon = datetime(2026, 3, 4, 12).timestamp()
    os.utime(path, (noon, noon))
    assert cards.saved_on(path) == "2026-03-04"


def test_the_text_holds_all_that_the_card_knows(answered):
    card = card_of(answered)
    text = cards.as_markdown(card)
    for part in (card.name, card.whose, *card.layers, *card.learned, *card.mistakes, *card.caveats):
        assert part in text
    for one in card.measured:
        assert f"| {one.what} | {one.words} |" in text
    assert "55,000 images of MNIST" in card.learned
    assert "2 epochs, batch size 32, learning rate 0.001, seed 1" in card.learned
    assert "validation accuracy 96.00%" in card.learned
    assert f"{card.weights:,} weights" in text


def words_of(figure):
    """Every text that is drawn."""
    return "\n".join(text.get_text() for text in figure.findobj(lambda a: hasattr(a, "get_text")))


def test_the_picture_shows_the_numbers(answered, mnist):
    card = card_of(answered, name="$a_1$ or $")
    figure = figures.draw_card(card, mnist.test.images[:9])
    said = words_of(figure)
    low, high = card.measured[0].interval
    for part in (card.name, f"{card.accuracy:.2%}", f"{low:.2%} to {high:.2%}", *card.mistakes):
        assert part in said.replace("\n  ", " ")
    dots = [line for ax in figure.axes for line in ax.lines if line.get_marker() == "o"]
    shares = [float(line.get_xdata()[0]) for line in dots if len(line.get_xdata()) == 1]
    assert shares == [one.share for one in card.measured]
    curves = [list(line.get_ydata()) for ax in figure.axes for line in ax.lines]
    assert [0.93, 0.97] in curves
    assert [0.95, 0.96] in curves
    pictures = [ax for ax in figure.axes if ax.images]
    assert len(pictures) == drawing.MOST_PICTURES
    assert np.array_equal(pictures[2].images[0].get_array(), mnist.test.images[2])


def test_a_card_is_saved_as_text_and_picture(answered, home):
    card = card_of(answered)
    text, picture = figures.save_card(card, figures.draw_card(card), "runs/card.md")
    assert (text, picture) == (home / "runs/card.md", home / "runs/card.png")
    assert cards.as_markdown(card) in text.read_text(encoding="utf-8")
    last = text.read_text(encoding="utf-8").splitlines()[-1]
    assert last.endswith("](card.png)")
    assert card.measured[0].words in last
    with Image.open(picture) as image:
        assert min(image.size) > 400


def test_a_card_is_written_whole_or_not_at_all(answered, home, monkeypatch):
    card = card_of(answered)
    figure = figures.draw_card(card)
    text, _ = figures.save_card(card, figure, "runs/card.md")
    before = text.read_text(encoding="utf-8")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(drawing, "drawn_picture", full)
    with pytest.raises(OSError, match="unchanged"):
        figures.save_card(card_of(answered, name="Other"), figure, "runs/card.md")
    assert text.read_text(encoding="utf-8") == before
    assert {path.name for path in text.parent.iterdir()} == {"card.md", "card.png"}


@pytest.mark.parametrize("name", ["", "   ", "x" * 41, 7, None])
def test_a_name_that_no_card_can_bear_is_told(name):
    with pytest.raises(ValueError, match="1 to 40 letters"):
        digitrec.check_parameters(card_name=name)
    digitrec.check_parameters(card_name="x" * 40, card_path="runs/a.md")
