"""What the browser sends is not believed: sizes, names and forms are looked at in Python."""

import json

import pytest
from conftest import ROOT

from digitrec.reading import kinds
from digitrec.widgets import UploadBox, uploader
from digitrec.widgets.upload_box import A_PAGE

FOUR = (ROOT / "digits" / "digit1.png").read_bytes()
SEVEN = (ROOT / "digits" / "digit2.png").read_bytes()


class Listening(uploader.Uploader):
    """An uploader that keeps what it sends to the browser."""

    def send(self, content, buffers=None):
        self.sent = [*getattr(self, "sent", []), json.loads(json.dumps(content))]

    def hear(self, message, *contents):
        """Get a message as from the browser, and return the replies."""
        self.sent = []
        self._handle_custom_msg(message, [memoryview(content) for content in contents])
        return self.sent


@pytest.fixture
def box(monkeypatch):
    monkeypatch.setattr("digitrec.widgets.upload_box.Uploader", Listening)
    return UploadBox()


@pytest.fixture
def line(box):
    line = box.children[1]
    line.hear({"kind": "start", "batch": 1, "count": 2})
    return line


def picture(number=0, batch=1, name="mine.png"):
    return {"kind": "picture", "batch": batch, "count": 2, "number": number, "name": name}


def test_a_picture_is_heard_read_and_answered(box, line):
    replies = line.hear(picture(), FOUR)
    assert [reply["kind"] for reply in replies] == ["heard", "reading", "answer"]
    assert replies[2]["said"] == "mine.png: The number is probably a 4. Sure: more than 99%."
    assert [reading.digit for reading in box.readings] == [4]


@pytest.mark.parametrize(
    "message",
    [
        None,
        "start",
        [],
        {},
        {"kind": "picture"},
        {"kind": "start", "batch": "1", "count": 1},
        {"kind": "start", "batch": -1, "count": 1},
        {"kind": "start", "batch": 2, "count": True},
        picture(number=-1),
        picture(number=100),
        picture(number=1.5),
        picture(batch=[]),
        {"kind": "start", "batch": 2},
    ],
)
def test_a_message_of_another_form_is_answered_with_a_sentence(box, line, message):
    replies = line.hear(message, FOUR)
    assert replies[-1] == {"kind": "problem", "said": uploader.NOT_UNDERSTOOD}
    assert box.readings == ()


@pytest.mark.parametrize("contents", [(), (FOUR, FOUR)])
def test_a_picture_is_one_piece(line, contents):
    assert line.hear(picture(), *contents)[-1]["kind"] == "problem"


def test_names_are_cut_and_never_html(line):
    name = "<img src=x onerror=alert(1)>" + "n" * 5000
    answer = line.hear(picture(name=name), FOUR)[-1]
    assert answer["name"] == name[:200]
    assert "<img src=x" not in answer["html"]
    assert "&lt;img src=x" in answer["html"]


def test_names_show_every_character_in_one_line(line):
    name = "\u202egnp.exe\nand\u2028more\ud800\0.png"
    answer = line.hear(picture(name=name), FOUR)[-1]
    assert answer["name"] == "\ufffdgnp.exe\ufffdand\ufffdmore\ufffd\ufffd.png"
    assert answer["said"].startswith(answer["name"])


def test_pictures_that_are_too_large_are_refused(line, monkeypatch):
    monkeypatch.setattr(uploader, "LARGEST_PICTURE", len(FOUR))
    monkeypatch.setattr(uploader, "LARGEST_CHOICE", 2 * len(FOUR))
    assert "It has more than" in line.hear(picture(0), FOUR + b"0")[-1]["said"]
    assert "more than 100 MB together" in line.hear(picture(1), FOUR)[-1]["said"]


def test_what_python_alone_finds_to_be_no_picture_is_said_in_the_same_words(box, line):
    heic = line.hear(picture(name="a.heic"), b"\0\0\0\x18ftypheic")[-1]
    assert heic["said"] == f"a.heic cannot be read. {kinds.HEIC}"
    assert box.readings == ()


def test_a_new_choice_replaces_the_readings_also_when_nothing_follows(box, line):
    line.hear(picture(), FOUR)
    line.hear({"kind": "start", "batch": 2, "count": 1})
    assert box.readings == ()
    assert line.hear({"kind": "again"}) == [{"kind": "latest", "batch": 2}]


def test_what_is_left_of_an_older_choice_is_not_read(box, line):
    line.hear({"kind": "start", "batch": 2, "count": 1})
    assert [reply["kind"] for reply in line.hear(picture(batch=1), FOUR)] == ["heard"]
    line.hear({"kind": "start", "batch": 1, "count": 1})
    line.hear(picture(batch=2), SEVEN)
    assert [reading.digit for reading in box.readings] == [7]


def test_a_picture_that_overtakes_its_start_on_the_other_thread_is_read(box, line):
    line.hear(picture(0, batch=3), FOUR)
    line.hear({"kind": "start", "batch": 3, "count": 2})
    line.hear(picture(1, batch=3), SEVEN)
    assert [reading.digit for reading in box.readings] == [4, 7]


def test_another_choice_of_kind_reads_the_latest_pictures_again_in_their_places(box, line):
    line.hear(picture(0), FOUR)
    line.hear(picture(1, name="other.png"), SEVEN)
    line.sent = []
    box.children[0].value = A_PAGE
    assert [(reply["number"], reply["said"][:34]) for reply in line.sent] == [
        (0, "mine.png: The page probably says 4"),
        (1, "other.png: The page probably says "),
    ]
    assert [reading.digit for reading in box.readings] == [4, 7]


def test_a_page_that_is_loaded_again_gets_the_answers_again(line):
    answer = line.hear(picture(), FOUR)[-1]
    assert line.hear({"kind": "again"}) == [{"kind": "latest", "batch": 1}, answer]


def test_pictures_are_in_no_state_that_a_notebook_stores(box, line):
    line.hear(picture(), FOUR)
    assert set(line.get_state()) == set(Listening(None, None).get_state())
    assert line.get_state()["rules"] == uploader.rules()


def test_steps_are_unfolded_for_a_single_picture(line):
    assert "<details open" not in line.hear(picture(), FOUR)[-1]["html"]
    line.hear({"kind": "start", "batch": 2, "count": 1})
    assert "<details open" in line.hear(picture(batch=2), FOUR)[-1]["html"]


def test_the_browser_has_the_table_of_kinds_and_every_sentence():
    rules = json.loads(json.dumps(uploader.rules()))
    assert [row[2] for row in rules["kinds"]] == [sentence for _, _, sentence in kinds.TABLE]
    for start, mark, sentence in rules["kinds"]:
        file = b"\0" * start + mark.encode("latin-1")
        assert kinds.why_unreadable(file) == sentence
