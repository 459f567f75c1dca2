"""`python -m digitrec read` and `page` print what `read_digit` and `read_page` say."""

import io
import json
import os
import shutil
import signal
import subprocess
import sys
from types import SimpleNamespace

import pytest
from conftest import ROOT, UNIX, always
from PIL import Image

import digitrec
from digitrec.__main__ import main
from digitrec.bounds import LARGEST_FILE
from digitrec.commands import pictures

DIGITS = ROOT / "digits"
MARK = ("answer", "digit", "confidence", "reason", "not_a_digit", "probabilities", "box")
NO_NETWORK = "import sys; sys.modules['tensorflow'] = None; from digitrec.__main__ import main; "
NO_NETWORK += "sys.exit(main())"


def begin(*words, folder=ROOT, code=None, **options):
    """Start the command as a terminal does; `code` runs it in another way."""
    way = ["-c", code] if code else ["-m", "digitrec"]
    return subprocess.Popen(
        [sys.executable, *way, *words],
        **{name: subprocess.PIPE for name in ("stdin", "stdout", "stderr")} | options,
        cwd=folder,
        # whoever sets PYTHONUNBUFFERED has no output that waits, nor what becomes of it
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": ""},
    )


def said(capsys, *words, code=0):
    """The lines on both streams of a command in this process."""
    assert main(words) == code
    out, errors = capsys.readouterr()
    return out.splitlines(), errors.splitlines()


def from_pipe(monkeypatch, content):
    """Let this process have a pipe that somebody sends bytes through."""
    pipe = SimpleNamespace(isatty=lambda: False, buffer=io.BytesIO(content))
    monkeypatch.setattr(sys, "stdin", pipe)
    return pipe


def same(mark, reading):
    """Whether a mark in JSON says what a reading in Python says."""
    assert set(MARK) <= set(mark)
    assert mark["answer"] == (reading.digit if reading.is_digit else None)
    assert (mark["digit"], mark["reason"]) == (reading.digit, reading.reason)
    assert mark["confidence"] == pytest.approx(reading.confidence, abs=1e-5)
    assert mark["probabilities"] == pytest.approx(list(map(float, reading.probabilities)), abs=1e-5)
    assert mark["not_a_digit"] == pytest.approx(reading.not_a_digit, abs=1e-5)
    assert mark["box"] == (reading.box and list(reading.box))
    return True


@pytest.fixture
def ten(tmp_path):
    """A folder of pictures, some of no digits and one that is none, and notes beside them."""
    folder = tmp_path / "scans"
    folder.mkdir()
    for number, name in enumerate(("digit1.png", "digit17.jpg", "digit21.webp", "letter1.png"), 8):
        shutil.copy(DIGITS / name, folder / f"{number}{name[name.index('.') :]}")
    Image.new("L", (90, 60), 255).save(folder / "12.png")
    (folder / "13.jpg").write_text("Dear diary")
    (folder / "notes.txt").write_text("not looked at")
    (folder / ".14.png").write_text("what a program left")
    (folder / "15.png").mkdir()
    return folder


def test_a_folder_and_a_picture_as_lines_of_json_in_a_real_process(ten):
    process = begin("read", "scans", str(DIGITS / "digit9.png"), "--json", folder=ten.parent)
    out, errors = process.communicate()
    records = [json.loads(line) for line in out.decode("ascii").splitlines()]
    names = ["8.png", "9.jpg", "10.webp", "11.png", "12.png", "13.jpg"]
    paths = [ten / name for name in names] + [DIGITS / "digit9.png"]
    expected = [os.path.join("scans", name) for name in names] + [str(DIGITS / "digit9.png")]
    assert [record["picture"] for record in records] == expected
    broken = records.pop(5)
    assert set(broken) == {"picture", "error"}
    assert broken["error"].startswith(f"{expected[5]} cannot be read. It holds text, and")
    # one sentence for whoever watches, and nothing of TensorFlow
    assert errors.decode().splitlines() == [broken["error"]]
    assert process.returncode == 1
    readings = [digitrec.read_digit(path) for path in paths if path.name != "13.jpg"]
    for record, reading in zip(records, readings, strict=True):
        assert same(record, reading)
        assert record["sentence"] == reading.sentence
        assert record["size"] == list(reading.steps.picture.shape[1::-1])
        assert set(record) == {"picture", "sentence", "size", *MARK}
    assert [record["answer"] for record in records][3:5] == [None, None]
    assert records[4]["reason"] == "no ink"


def test_one_picture_is_one_sentence_and_several_have_names(capsys, monkeypatch):
    monkeypatch.chdir(DIGITS)
    assert said(capsys, "read", "digit12.png") == (["The number is probably a 4"], [])
    out, errors = said(capsys, "read", "letter1.png", "none.png", "digit12.png", code=1)
    assert out == [
        "letter1.png: This is probably not a digit (looks like no digit)",
        "digit12.png: The number is probably a 4",
    ]
    assert errors[0].startswith(f"There is no picture at {DIGITS / 'none.png'}")
    assert len(errors) == 1


def test_a_refusal_is_an_answer(capsys):
    assert said(capsys, "read", str(DIGITS / "letter1.png"))[1] == []


def test_a_page_is_its_rows_and_as_json_every_mark(capsys, monkeypatch, tmp_path):
    page = digitrec.read_page(DIGITS / "page1.jpg")
    assert len(page.rows) > 1
    assert said(capsys, "page", str(DIGITS / "page1.jpg")) == (page.text.splitlines(), [])
    Image.new("L", (90, 60), 255).save(tmp_path / "empty.png")
    shutil.copy(DIGITS / "page1.jpg", tmp_path)
    monkeypatch.chdir(tmp_path)
    out, errors = said(capsys, "page", "empty.png", "page1.jpg")
    assert out == [f"page1.jpg: {row}" for row in page.text.splitlines()]
    assert errors == ["empty.png: No digit was found on this page."]
    (line,), _ = said(capsys, "page", "page1.jpg", "--json")
    record = json.loads(line)
    assert (record["picture"], record["text"]) == ("page1.jpg", page.text)
    assert record["size"] == list(page.picture.shape[1::-1])
    assert record["left_out"] == 0
    for marks, row in zip(record["rows"], page.rows, strict=True):
        assert all(same(mark, reading) for mark, reading in zip(marks, row, strict=True))


def test_a_page_that_is_too_full_says_what_was_left_out(capsys, monkeypatch):
    page = digitrec.read_page(DIGITS / "digit12.png")
    full = digitrec.Page(page.picture, page.rows, 7)
    monkeypatch.setattr("digitrec.commands.page.read_page", lambda *_: full)
    out, errors = said(capsys, "page", "any.png")
    assert out == [page.text]
    assert errors == ["The page is too full: its smallest 7 marks were not read."]
    assert json.loads(said(capsys, "page", "any.png", "--json")[0][0])["left_out"] == 7


def test_your_own_network_reads_in_place_of_the_one_in_the_box(capsys, monkeypatch, tmp_path):
    digitrec.save_model(always(7), tmp_path / "mine.keras")
    monkeypatch.chdir(tmp_path)
    picture = str(DIGITS / "digit12.png")
    assert said(capsys, "read", picture, "--model", "mine.keras")[0] == [
        "The number is probably a 7"
    ]
    (line,), _ = said(capsys, "read", picture, "--model", "mine.keras", "--json")
    assert json.loads(line)["not_a_digit"] is None  # it has ten answers
    assert said(capsys, "page", picture, "--model", "mine.keras")[0] == ["7"]
    out, errors = said(capsys, "read", picture, "--model", "yours.keras", code=2)
    assert out == []
    assert errors[0].startswith(f"There is no trained network at {tmp_path / 'yours.keras'}")


def test_a_picture_through_a_pipe(capsys, monkeypatch):
    content = (DIGITS / "digit12.png").read_bytes()
    from_pipe(monkeypatch, content)
    assert said(capsys, "read")[0] == ["The number is probably a 4"]
    from_pipe(monkeypatch, content)
    (first, second), _ = said(capsys, "read", str(DIGITS / "letter1.png"), "-", "--json")
    assert json.loads(second)["picture"] == "-"
    assert json.loads(second)["answer"] == 4
    assert json.loads(first)["answer"] is None
    from_pipe(monkeypatch, b"Dear diary")
    assert said(capsys, "read", code=1)[1][0].startswith("The picture from the pipe cannot be read")
    from_pipe(monkeypatch, b"")
    assert said(capsys, "page", code=1)[1][0].startswith("Nothing came through the pipe.")


def test_no_more_is_taken_from_a_pipe_than_a_picture_may_have(capsys, monkeypatch):
    asked = []
    pipe = from_pipe(monkeypatch, b"")
    pipe.buffer = SimpleNamespace(read=lambda size: asked.append(size) or bytes(99))
    said(capsys, "read", code=1)
    assert asked == [LARGEST_FILE + 1]


@pytest.mark.parametrize("words", [["read"], ["page", "-"], ["read", ""]])
def test_where_no_picture_can_come_nothing_waits(words, capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: True))
    out, errors = said(capsys, *words, code=2)
    assert out == []
    assert "xpected that of a picture" in errors[0] or "No picture came." in errors[0]
    monkeypatch.setattr(sys, "stdin", None)
    assert said(capsys, *words, code=2)[1] == errors


def test_a_folder_without_pictures_stops_nothing(capsys, tmp_path):
    (tmp_path / "notes.txt").write_text("")
    picture = str(DIGITS / "digit12.png")
    out, errors = said(capsys, "read", str(tmp_path), picture, code=1)
    assert out == [f"{picture}: The number is probably a 4"]
    assert errors[0].startswith(f"There are no pictures in the folder {tmp_path}")


@UNIX
def test_names_of_strangers_move_no_cursor(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    name = "a\x1b[31m\nb\u202e.png"
    shutil.copy(DIGITS / "digit12.png", name)
    (tmp_path / "\x1b[2J.png").write_text("Dear diary")
    out, errors = said(capsys, "read", name, "\x1b[2J.png", code=1)
    assert out == ["a\ufffd[31m\ufffdb\ufffd.png: The number is probably a 4"]
    assert errors[0].startswith("\ufffd[2J.png cannot be read.")
    (line, _), _ = said(capsys, "read", name, "\x1b[2J.png", "--json", code=1)
    assert json.loads(line)["picture"] == name
    assert line.isascii()


def test_whatever_goes_wrong_with_one_picture_the_others_are_read(capsys, monkeypatch):
    def broken(picture, model):
        if "digit1.png" in str(picture):
            raise ZeroDivisionError("nobody thought of this")
        return read(picture, model)

    read = digitrec.read_digit
    monkeypatch.setattr("digitrec.commands.read.read_digit", broken)
    names = [str(DIGITS / name) for name in ("digit1.png", "digit12.png")]
    out, errors = said(capsys, "read", *names, code=1)
    assert out == [f"{names[1]}: The number is probably a 4"]
    assert errors == [
        f"{names[0]}: reading it broke off (ZeroDivisionError: nobody thought of this)."
    ]


def test_each_answer_is_out_before_the_next_picture_is_read(monkeypatch):
    out, seen = io.BytesIO(), []

    def read(picture, model):
        seen.append(out.getvalue())
        return reading

    reading = digitrec.read_digit(DIGITS / "digit12.png")
    monkeypatch.setattr("digitrec.commands.read.read_digit", read)
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(out, newline="\n"))
    assert main(["read", "a", "b"]) == 0
    assert seen == [b"", b"a: The number is probably a 4\n"]


def test_without_tensorflow_one_sentence_and_no_picture_is_tried():
    process = begin("read", "digits", code=NO_NETWORK)
    out, errors = process.communicate()
    assert (process.returncode, out) == (2, b"")
    assert len(errors.splitlines()) == 1, errors


# --- real processes that end early; no pictures are there, so that nobody waits for a network ----


@UNIX
def test_a_reader_who_has_enough_ends_it_without_a_trace():
    process = begin("read", *(["none.png"] * 5_000), "--json", stderr=subprocess.DEVNULL)
    assert json.loads(process.stdout.readline())["picture"] == "none.png"
    process.stdout.close()
    assert process.wait() == 141
    process = begin("--version")
    process.stdout.close()
    assert process.communicate()[1] == b""
    assert process.returncode == 141


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no disk is always full here")
def test_a_full_disk_is_one_sentence():
    with open("/dev/full", "w") as full:
        process = begin("--help", stdout=full)
        assert process.communicate()[1] == b"No space left on device\n"
    assert process.returncode == 2


@UNIX
def test_ctrl_c_ends_it_at_once_and_what_was_read_is_printed():
    process = begin("read", "none.png", "-", "--json")
    assert json.loads(process.stdout.readline())["picture"] == "none.png"  # at once, not at the end
    process.send_signal(signal.SIGINT)
    errors = process.stderr.read()  # perhaps without the sentence on none.png
    assert process.wait() == 130
    assert b"KeyboardInterrupt" not in errors
    assert len(errors.splitlines()) <= 1, errors


def test_folders_are_read_in_counting_order(tmp_path):
    for name in ("10.png", "9.PNG", "a.heic", "b.txt"):
        (tmp_path / name).write_text("")
    found = [path.name for path in pictures.pictures_in(tmp_path)]
    assert found == ["9.PNG", "10.png", "a.heic"]
