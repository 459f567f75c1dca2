"""The pad that asks for digits, worked through its messages as a browser would."""

import json
import time

import numpy as np
import pytest
from handwriting import written as by_hand
from scipy import stats
from test_hostile_messages import VALUES

import digitrec
from digitrec.bounds import MOST_POINTS
from digitrec.hands import Written, save_written
from digitrec.hands.folder import load_hands
from digitrec.reading.drawings import FIELD_SIDE
from digitrec.widgets import DrawPad, WritingPad, cell_box
from digitrec.widgets.writing_pad import MOST_EACH, RULES, asking_order

LINE = [[[140, y] for y in range(40, 240, 5)]]
SCRIBBLE = [[[40 + 200 * (i % 2), 40 + 5 * i] for i in range(40)]]
TWO_LINES = [[[30, y] for y in range(40, 240, 5)], [[250, y] for y in range(40, 240, 5)]]


@pytest.fixture
def pad():
    return WritingPad(each=2, writer="412-17", seed=1)


def tell(pad, **message):
    """Send a message, and return what Python says back, with the images."""
    (field,) = pad.children
    said = []
    field.send = lambda content, buffers=None: said.append((content, buffers))
    field._handle_custom_msg(message, [])
    return said[-1]


def write(pad, turn, strokes):
    return tell(pad, act="write", turn=turn, number=7, strokes=strokes)


def digit(label, seed=0):
    """Strokes of a digit as a hand draws it, in units of the field."""
    return [(FIELD_SIDE * stroke).round(1).tolist() for stroke in by_hand(label, seed)]


def test_the_order_is_balanced_at_any_time_and_no_digit_comes_twice_running():
    orders = np.array([asking_order(10, seed) for seed in range(1000)])
    assert orders.shape == (1000, 100)
    assert (np.sort(orders.reshape(1000, 10, 10)) == np.arange(10)).all()
    assert (np.diff(orders) != 0).all()
    assert len(np.unique(orders, axis=0)) == 1000
    for place in (0, 1, 9, 10, 55, 99):  # any digit may come at any place
        assert stats.chisquare(np.bincount(orders[:, place], minlength=10)).pvalue > 1e-4
    for start in (0, 9, 50):  # and after any other, also from one ten to the next
        pairs = np.zeros((10, 10))
        np.add.at(pairs, (orders[:, start], orders[:, start + 1]), 1)
        assert stats.chisquare(pairs[~np.eye(10, dtype=bool)]).pvalue > 1e-4


def test_a_seed_repeats_the_order_and_none_does_not():
    assert asking_order(3, 5) == asking_order(3, 5) != asking_order(3, 6)
    assert asking_order(3) != asking_order(3)


@pytest.mark.parametrize("each", [0, -1, MOST_EACH + 1, 2.0, True, "3", None])
def test_how_many_of_each_is_a_whole_number(each):
    with pytest.raises(ValueError, match=r"each is .*, expected a whole number, 1 to 100"):
        WritingPad(each=each)


@pytest.mark.parametrize("writer", ["", "  ", None, 7, "x" * 500])
def test_a_writer_who_could_not_be_saved_is_told_before_writing(writer):
    with pytest.raises(ValueError, match="Choose a pen name or a number"):
        WritingPad(writer=writer)


def test_nothing_is_written_without_a_browser(pad):
    assert (pad.count, pad.former) == (0, ())
    assert isinstance(pad.written, Written)
    assert len(pad.written) == len(pad.written.digits) == 0
    assert repr(pad) == "Run this cell in JupyterLab to write digits with mouse, finger or pen."


def test_what_is_written_has_the_label_that_was_asked_for(pad):
    (field,) = pad.children
    for turn in (0, 1, 2):
        answer, (image,) = write(pad, turn, digit(field.asks[turn]))
        assert answer == {"turns": [turn], "answers": [turn, 7], "refused": ""}
        expected = digitrec.prepare_digit(digitrec.draw_strokes(digit(field.asks[turn]))).image
        assert image == expected.tobytes()
        assert (pad.written.images[-1] == expected).all()
    found = pad.written
    assert found.asked.tolist() == found.labels.tolist() == asking_order(2, 1)[:3]
    assert found.numbers.tolist() == field.turns == [0, 1, 2]
    assert (found.writer, found.origin, found.boxes) == ("412-17", "pad", None)
    assert found.source.startswith("pad 20")
    assert found.kept.all()
    assert found.doubts == ("", "", "")


def test_back_skip_and_writing_again(pad):
    (field,) = pad.children
    write(pad, 0, digit(field.asks[0]))
    before = pad.written
    tell(pad, act="skip", turn=1, number=1)
    assert (field.turns, field.later) == ([0], [1])
    assert pad.written is before  # nothing that counts has changed
    write(pad, 2, digit(field.asks[2]))
    write(pad, 1, digit(field.asks[1]))
    assert (field.turns, field.later) == ([0, 2, 1], [])
    write(pad, 2, digit(field.asks[2], seed=1))  # again, in its place
    assert field.turns == [0, 2, 1]
    again = digitrec.prepare_digit(digitrec.draw_strokes(digit(field.asks[2], seed=1))).image
    assert (pad.written.images[1] == again).all()
    tell(pad, act="back", turn=1, number=2)
    tell(pad, act="back", turn=1, number=3)  # twice, as when a line broke
    assert field.turns == pad.written.numbers.tolist() == [0, 2]
    tell(pad, act="skip", turn=2, number=4)  # in another tab, when it is written already
    assert (pad.count, field.later) == (2, [])
    assert len({pad.written.source, before.source}) == 1


def test_doubts_are_in_words_and_the_network_is_asked_once(pad, monkeypatch):
    from digitrec.widgets import writing_pad

    asked = []

    def counted(model, images):
        asked.append(len(images))
        return digitrec.predict(model, images)

    monkeypatch.setattr(writing_pad, "predict", counted)
    (field,) = pad.children
    one, seven = field.asks.index(1), field.asks.index(7)
    write(pad, one, LINE)
    write(pad, seven, LINE)
    write(pad, 0, SCRIBBLE)
    write(pad, field.asks.index(1, one + 1), TWO_LINES)
    assert asked == []
    assert pad.written.doubts[0] == ""
    assert pad.written.doubts[1] == "looks like a 1, sure to more than 99%"
    assert pad.written.doubts[2] == "looks like no digit"
    assert pad.written.doubts[3] == "more than one thing is written here"
    assert asked == [4]


@pytest.mark.parametrize(
    ("strokes", "rule"),
    [
        ([], "empty"),
        ([[[140, 140]]], "dot"),
        ([[[140, 140], [150, 160]], [[145, 135]]], "dot"),
        ([[[140, 140]] * MOST_POINTS + [[1, 1]]], "tooLong"),
    ],
)
def test_what_is_no_digit_is_refused_in_a_sentence_and_loses_nothing(pad, strokes, rule):
    write(pad, 3, LINE)
    before = pad.written
    answer, _ = write(pad, 3, strokes)
    assert answer["refused"] == RULES[rule]
    assert answer["answers"] == [3, 7]
    assert pad.written is before


def test_where_the_preparation_finds_no_digit_none_is_kept(pad, monkeypatch):
    from digitrec.widgets import writing_pad

    blank = digitrec.prepare_digit(np.full((320, 320), 255, np.uint8))
    monkeypatch.setattr(writing_pad, "prepare_digit", lambda picture: blank)
    assert write(pad, 3, LINE)[0]["refused"] == RULES["noDigit"]
    assert pad.count == 0


def test_a_page_that_is_loaded_gets_all_images(pad):
    for turn in (4, 0):
        write(pad, turn, LINE)
    answer, (images,) = tell(pad, act="look")
    assert answer == {"turns": [4, 0]}
    assert images == pad.written.images.tobytes()


def test_no_handwriting_is_in_the_state_that_notebooks_store(pad):
    (field,) = pad.children
    empty = len(json.dumps(field.get_state(), default=str))
    for turn in range(20):
        write(pad, turn, LINE)
    assert len(json.dumps(field.get_state(), default=str)) - empty < 100  # twenty numbers


def test_whatever_a_browser_sends_the_pad_goes_on(pad):
    (field,) = pad.children
    write(pad, 0, LINE)
    names = ("act", "turn", "number", "strokes")
    fine = {"act": "write", "turn": 5, "number": 1, "strokes": LINE}
    for name in names:
        for value in VALUES:
            if (name, value) in (("number", 7), ("turn", 7), ("strokes", [])):
                continue  # could be ours
            answer, _ = tell(pad, **{**fine, name: value})
            assert answer["refused"], (name, value)
        answer, _ = tell(pad, **{other: fine[other] for other in names if other != name})
        assert answer["refused"]
    for value in VALUES:
        field._handle_custom_msg(value, [memoryview(b"x")])
    for turn in (-1, 20, 10**30, 0.0, True, "3", None):  # none that was asked
        assert write(pad, turn, LINE)[0]["refused"]
    field.set_state({"turns": [3, 3, 99], "later": [1], "asks": [9] * 500})
    assert pad.count == len(pad.written) == 1
    write(pad, 5, LINE)
    assert pad.written.asked.tolist() == [asking_order(2, 1)[turn] for turn in (0, 5)]
    assert field.turns == [0, 5]


def test_a_digit_costs_python_little(pad):
    strokes = [(np.array(digit(8)[0])[:, None] + np.linspace(0, 1, 10)[:, None]).reshape(-1, 2)]
    start = time.process_time()
    write(pad, 0, [strokes[0].clip(0, 280).tolist()])  # 400 points
    assert time.process_time() - start < 0.3
    assert pad.count == 1


def run_cell(monkeypatch, run, **options):
    monkeypatch.setattr(cell_box, "running_cell", lambda: ("pad-cell", run))
    return WritingPad(each=1, **options)


def test_a_cell_that_runs_again_says_what_no_cell_has_used_and_keeps_it(monkeypatch, capsys):
    with pytest.raises(ValueError, match="writer"):
        run_cell(monkeypatch, "run 0", writer="")
    first = run_cell(monkeypatch, "run 1", writer="Zoë")
    assert capsys.readouterr().out == ""
    for turn in (0, 1):
        write(first, turn, LINE)
    second = run_cell(monkeypatch, "run 2")
    assert first.comm is None
    out = capsys.readouterr().out
    assert out.startswith("The pad of Zoë closes with 2 digits that no cell has used.")
    assert max(map(len, out.splitlines())) <= 78
    third = run_cell(monkeypatch, "run 3")  # at once again
    assert capsys.readouterr().out == ""
    assert second.count == third.count == 0
    (kept,) = third.former
    assert (kept.writer, len(kept), len(kept.doubts)) == ("Zoë", 2, 2)
    assert run_cell(monkeypatch, "run 4").former == ()  # they have been looked at now


def test_another_box_that_takes_its_place_says_it_too(monkeypatch, capsys):
    write(run_cell(monkeypatch, "run 7"), 0, LINE)
    monkeypatch.setattr(cell_box, "running_cell", lambda: ("pad-cell", "run 8"))
    DrawPad()
    assert "closes with 1 digit that no cell has used" in capsys.readouterr().out


def test_what_a_cell_has_used_closes_without_a_word(monkeypatch, capsys):
    first = run_cell(monkeypatch, "run 5")
    write(first, 0, LINE)
    assert len(first.written) == 1
    second = run_cell(monkeypatch, "run 6")
    assert (capsys.readouterr().out, second.former) == ("", ())


def test_what_is_written_goes_into_the_folder_of_hands_and_on_from_there(pad, tmp_path):
    (field,) = pad.children
    for turn in range(3):
        write(pad, turn, digit(field.asks[turn]))
    save_written(pad.written, tmp_path)
    for turn in (3, 1):  # one more, and one again
        write(pad, turn, digit(field.asks[turn], seed=2))
    save_written(pad.written, tmp_path)
    hands = load_hands(tmp_path)
    assert hands.problems == ()
    assert set(hands.writers) == {"412-17"}
    assert hands.digits.labels.tolist() == field.asks[:4]
    assert (hands.digits.images == pad.written.images).all()


def test_two_pads_of_one_run_lose_nothing_to_each_other(tmp_path):
    """Run All makes both in one second, and one of them is to learn from, the other to judge."""
    pads = [WritingPad(each=2, writer="412-17", seed=1) for _ in range(2)]
    for seed, pad in enumerate(pads):
        write(pad, 0, digit(pad._asks[0], seed))
        save_written(pad.written, tmp_path)
    hands = load_hands(tmp_path)
    assert len(hands) == 2
    assert len(set(hands.sheets)) == 2
