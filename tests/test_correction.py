"""Correcting what was cut, worked through its messages as a browser would."""

import io
import json
from dataclasses import replace

import cv2
import numpy as np
import pytest
from PIL import Image

from digitrec.hands import Written
from digitrec.hands.written import decided
from digitrec.sheets.cut_outs import cut_out
from digitrec.widgets import Correction
from digitrec.widgets.correction import COLUMNS, LEFT_OUT

DOUBTS = {3: "looks like a 7, sure to 98%", 8: "leaves its box", 12: "crossed out"}


def a_sheet(mnist, count=20, writer="412-17", boxes=None, first=0):
    """What was read from a sheet: the digit of box 12 is crossed out."""
    digits = mnist.validation[first : first + count]
    return Written(
        writer=writer,
        source=f"sheet {writer}-1",
        origin="photo1.jpg",
        when="2026-11-29T10:00:00",
        images=digits.images,
        asked=digits.labels,
        labels=digits.labels.copy(),
        kept=np.arange(count) != 12,
        doubts=tuple(DOUBTS.get(place, "") for place in range(count)),
        numbers=np.arange(count) + 30,
        boxes=boxes,
        empty=(50, 51),
    )


@pytest.fixture
def written(mnist):
    return a_sheet(mnist)


def send(correction, *steps, asked=1):
    (view,) = correction.children
    view.set_state({"steps": [list(step) for step in steps], "asked": asked})
    return view


@pytest.fixture
def asks(monkeypatch):
    """Ask a correction as a page does, and return what is told: messages with their buffers."""

    def ask(correction, message):
        (view,), told = correction.children, []
        monkeypatch.setattr(
            view, "send", lambda content, buffers=(): told.append((content, buffers))
        )
        view._handle_custom_msg(message, [])
        return told

    return ask


def test_each_step_confirms_relabels_or_leaves_out(written):
    correction = Correction(written)
    view = send(correction, [3, 7], [8, int(written.asked[8])], [5, LEFT_OUT])
    after = correction.written
    assert view.answered == 1
    changed = np.arange(20) == 3
    assert (after.labels == np.where(changed, 7, written.asked)).all()
    assert after.kept.tolist() == [place not in (5, 12) for place in range(20)]
    assert after.doubtful.tolist() == [12]  # nobody looked at it
    assert after.relabelled.tolist() == ([3] if written.asked[3] != 7 else [])
    assert (after.images == written.images).all()


def test_what_was_given_stays_as_it_was(written):
    before = written.labels.copy(), written.kept.copy(), written.doubts
    correction = Correction(written)
    assert correction.all_written == (written,)
    send(correction, [0, 5], [1, LEFT_OUT], [3, 2])
    correction.written  # noqa: B018
    assert (written.labels == before[0]).all()
    assert (written.kept == before[1]).all()
    assert written.doubts == before[2]


def test_the_latest_step_counts_and_undo_takes_any_number_back(written):
    correction = Correction(written)
    steps = [[3, 7], [8, LEFT_OUT], [3, 1], [3, LEFT_OUT]]
    expected = [(1, True), (7, True), (7, True)]  # of place 3, after each undo
    send(correction, *steps)
    assert not correction.written.kept[3]
    assert correction.written.labels[3] == written.asked[3]
    for undone, (label, kept) in enumerate(expected, start=1):
        send(correction, *steps[:-undone], asked=undone + 1)
        after = correction.written
        assert (after.labels[3], after.kept[3]) == (label, kept)
    assert after.kept[8]
    send(correction, asked=9)
    assert correction.written is written


def test_what_is_refused_stays_and_can_be_taken_back(written):
    correction = Correction(written)
    send(correction, [0, LEFT_OUT], [3, LEFT_OUT])
    refused = correction.written.refused
    assert (refused.images == written.images[[0, 3, 12]]).all()
    assert len(correction.written) == 20
    send(correction, [0, LEFT_OUT], [3, LEFT_OUT], [0, int(written.asked[0])], [12, 4], asked=2)
    after = correction.written
    assert np.flatnonzero(~after.kept).tolist() == [3]
    assert after.labels[12] == 4


@pytest.mark.parametrize(
    "steps",
    [
        [[20, 1]], [[-1, 1]], [[0, 11]], [[0, -1]], [[0]], [[0, 1, 2]], [[0, None]], [["0", 1]],
        [[0, True]], [[0.0, 1]], [[10**30, 1]], [0, 1], [None], "12", None, 7, {"0": 1}, [[[0], 1]],
        [[0, 1]] * 141,
    ],
)  # fmt: skip
def test_steps_that_are_none_leave_those_before(written, steps):
    correction = Correction(written)
    send(correction, [3, 7])
    (view,) = correction.children
    with pytest.raises(Exception, match=r"trait|Found|steps"):
        view.set_state({"steps": steps, "asked": 2})
    assert view.steps == [[3, 7]]
    assert correction.written.labels[3] == 7
    assert view.answered == 2


@pytest.mark.parametrize(
    "message", [None, 7, "a", [], {"place": -1}, {"place": 20}, {"place": "3"}, {"place": [3]},
                {"place": True}, {"place": 1.5}, {"place": 10**30}]
)  # fmt: skip
def test_strange_messages_get_no_picture_of_another(written, asks, message):
    correction = Correction(written)
    told = asks(correction, message)
    assert all(content["kind"] == "digits" for content, _ in told)
    send(correction, [3, 7])
    assert correction.written.labels[3] == 7


def test_a_page_gets_all_digits_as_one_picture(mnist, asks):
    written = a_sheet(mnist, count=120)
    ((content, (picture,)),) = asks(Correction(written), {"place": None})
    shown = 255 - np.asarray(Image.open(io.BytesIO(picture)))
    for place, image in enumerate(written.images):
        row, column = divmod(place, COLUMNS)
        assert (shown[28 * row : 28 * row + 28, 28 * column : 28 * column + 28] == image).all()
    assert content["names"][3] == "box 34"
    assert content["asked"] == written.asked.tolist()
    assert content["kept"] == written.kept.tolist()
    assert content["doubts"] == list(written.doubts)
    assert content["empty"] == ["Boxes without ink: 51, 52."]
    assert len(picture) < 25_000  # bytes, for 120 digits


def test_what_was_corrected_before_is_seen_as_it_is_now(written, asks):
    other = (int(written.asked[3]) + 1) % 10
    correction = Correction(decided(decided(written, 3, other), 5, None))
    ((content, _),) = asks(correction, {"place": None})
    assert content["labels"][3] == other
    assert not content["kept"][5]
    assert content["doubts"][3] == ""
    send(correction, [5, int(written.asked[5])])
    after = correction.written
    assert after.labels[3] == other
    assert after.kept[5]


def test_neither_pictures_nor_words_are_in_the_state_that_a_notebook_stores(written):
    (view,) = Correction(written).children
    ours = {name for name in view.keys if not name.startswith("_")}
    assert ours == {"steps", "asked", "answered", "layout", "tooltip", "tabbable"}


def test_several_have_their_writers_in_each_name_and_their_own_decisions(mnist, asks):
    parts = [a_sheet(mnist, writer=f"412-{n}", first=20 * n) for n in (1, 2, 3)]
    correction = Correction(parts)
    ((content, _),) = asks(correction, {"place": None})
    assert content["names"][0] == "412-1, box 31"
    assert content["names"][45] == "412-3, box 36"
    assert content["empty"][1] == "412-2, Boxes without ink: 51, 52."
    send(correction, [23, 7], [45, LEFT_OUT])
    first, second, third = correction.all_written
    assert first is parts[0]
    assert second.labels[3] == 7
    assert np.flatnonzero(~third.kept).tolist() == [5, 12]
    with pytest.raises(ValueError, match="3 were given, expected one: take all_written"):
        correction.written  # noqa: B018


def test_two_sheets_of_one_writer_are_told_apart(mnist, asks):
    parts = [a_sheet(mnist), a_sheet(mnist, first=20)]
    ((content, _),) = asks(Correction(parts), {"place": None})
    assert content["names"][0] == "sheet 412-17-1, box 31"


def test_strange_names_and_doubts_are_one_line_that_can_be_sent(mnist, asks):
    part = replace(a_sheet(mnist), doubts=("two" + chr(10) + "lines \ud800",) * 20)
    parts = [part, a_sheet(mnist, writer="\u202eanna\ud800")]
    ((content, _),) = asks(Correction(parts), {"place": None})
    assert json.dumps(content, ensure_ascii=False).encode()
    assert content["names"][20] == "\ufffdanna\ufffd, box 31"
    assert content["doubts"][0] == "two\ufffdlines \ufffd"


def test_without_digits_a_page_is_told_so(mnist, asks):
    for nothing in ([], a_sheet(mnist, count=0)):
        correction = Correction(nothing)
        assert asks(correction, {"place": None}) == [({"kind": "nothing"}, ())]
        assert repr(correction).startswith("Run this cell in JupyterLab")


def tilted():
    """A photo of four boxes in the colours 10, 20, 30, 40, taken from the side, and their corners.

    Above each box, and below it, is a dark line outside of its frame.
    """
    flat = np.full((400, 400), 200, np.uint8)
    corners = []
    for place, shade in enumerate((10, 20, 30, 40)):
        x, y = 60 + 150 * (place % 2), 60 + 150 * (place // 2)
        flat[y : y + 112, x : x + 100] = shade
        flat[y - 12 : y - 4, x : x + 100] = 90
        corners.append([[x, y], [x + 100, y], [x + 100, y + 112], [x, y + 112]])
    there = np.float32([[80, 60], [350, 20], [390, 380], [10, 330]])
    matrix = cv2.getPerspectiveTransform(
        np.float32([[0, 0], [400, 0], [400, 400], [0, 400]]), there
    )
    photo = cv2.warpPerspective(flat, matrix, (400, 400), borderValue=150)
    boxes = cv2.perspectiveTransform(np.float32(corners), matrix)
    return np.dstack([photo] * 3), boxes


def test_the_ink_on_the_photo_is_cut_out_straight(mnist, asks, tmp_path):
    photo, boxes = tilted()
    written = a_sheet(mnist, count=4, boxes=boxes)
    path = tmp_path / "photo1.png"
    Image.fromarray(photo).save(path)
    for given in (photo, path, [str(path)]):
        correction = Correction(written, photo=given)
        for place, shade in enumerate((10, 20, 30, 40)):
            ((content, (cut,)),) = asks(correction, {"place": place})
            assert content == {"kind": "cut", "place": place}
            seen = np.asarray(Image.open(io.BytesIO(cut)).convert("L")).astype(int)
            height, width = seen.shape
            middle = slice(width // 4, 3 * width // 4)
            inside = seen[height // 4 : 3 * height // 4, middle]
            assert np.abs(inside - shade).max() < 12
            above = seen[round(0.164 * height), middle]  # ink outside of the frame, and level
            assert np.abs(above - 90).max() < 25


def test_a_turned_photo_is_cut_out_upright():
    photo, boxes = tilted()
    turned = np.ascontiguousarray(np.rot90(photo, 2))
    corners = np.array([399, 399]) - boxes[0]
    assert np.abs(cut_out(turned, corners) - cut_out(photo, boxes[0]).astype(int)).max() <= 2


def test_a_photo_is_looked_at_once_and_only_when_somebody_looks(mnist, asks, monkeypatch):
    photo, boxes = tilted()
    loaded = []
    monkeypatch.setattr(
        "digitrec.widgets.correction.load_picture", lambda one: loaded.append(1) or photo
    )
    correction = Correction(a_sheet(mnist, count=4, boxes=boxes), photo)
    assert loaded == []
    for place in (0, 1, 3, 0):
        asks(correction, {"place": place})
    assert loaded == [1]


def test_a_photo_that_has_gone_leaves_the_digits(mnist, asks, tmp_path):
    photo, boxes = tilted()
    path = tmp_path / "photo1.png"
    Image.fromarray(photo).save(path)
    correction = Correction(a_sheet(mnist, count=4, boxes=boxes), path)
    path.unlink()
    assert asks(correction, {"place": 1}) == [({"kind": "cut", "place": 1}, [])]


def test_photos_that_do_not_fit_are_refused(mnist, tmp_path):
    photo, boxes = tilted()
    sheet = a_sheet(mnist, count=4, boxes=boxes)
    with pytest.raises(ValueError, match="2 photos came, expected 1"):
        Correction(sheet, [photo, photo])
    with pytest.raises(ValueError, match="sheet 412-17-1 of 412-17, which has no boxes"):
        Correction(a_sheet(mnist), photo)
    with pytest.raises(FileNotFoundError, match="no picture at"):
        Correction(sheet, tmp_path / "photo2.jpg")
    Correction([sheet, a_sheet(mnist)], [photo, None]).close()


def test_it_is_closed_with_its_box(written):
    correction = Correction(written)
    (view,) = correction.children
    correction.close()
    assert view.comm is None
    send_to_nobody = view._handle_custom_msg
    send_to_nobody({"place": None}, [])  # a page that was slow
