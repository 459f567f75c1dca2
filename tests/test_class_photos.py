"""The photos of a class: one command reads them all, and one bad photo stops nothing."""

import csv
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from functools import partial

import cv2
import numpy as np
import pytest
from conftest import ROOT, UNIX, always
from written import sheet_of

import digitrec
from digitrec.__main__ import main
from digitrec.hands import Hands
from digitrec.hands.written import decided
from digitrec.sheets import class_photos, read_photos, sheet_image
from digitrec.sheets.class_table import ClassPhotos, Row, accuracy
from digitrec.sheets.layout import HEIGHT, PAPERS, WIDTH, Code, box_corners

DOTS = 150 / 25.4  # pixels per mm
HEIC = b"\0\0\0\x18ftypheic" + bytes(100)


def scanned(digits, writer, page=1, empty=()):
    """A sheet of three rows that was written on, array (h, w, 3), as a scanner sees it."""
    code = Code(412, writer, page, 3)
    picture = sheet_image(code, "A4", 150)
    margin = (np.array(PAPERS["A4"]) - [WIDTH, HEIGHT]) / 2
    for number in sorted(set(range(code.boxes)) - set(empty)):
        image = digits.images[digits.labels == number % 10][number // 10]
        ink = cv2.resize(image, (62, 62), interpolation=cv2.INTER_LINEAR)
        left, top = ((box_corners(number).mean(axis=0) + margin) * DOTS).astype(int) - 31
        place = picture[top : top + 62, left : left + 62]
        np.minimum(place, 255 - ink[:, :, np.newaxis], out=place)
    return picture


def photo_of(picture, angle=2.0, scale=0.95):
    """The same, turned a little and smaller, as another photo of it."""
    high, wide = picture.shape[:2]
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), angle, scale)
    return cv2.warpAffine(picture, turn, (wide, high), borderValue=(120, 110, 100))


def save(path, picture):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(cv2.imencode(path.suffix, picture[:, :, ::-1])[1].tobytes())


@pytest.fixture(scope="module")
def photos(mnist, tmp_path_factory):
    """A folder as a teacher has it: four writers, and whatever else came into it."""
    folder = tmp_path_factory.mktemp("class") / "photos"
    first = scanned(mnist.validation[:200], 1)
    save(folder / "IMG_2.jpg", first)
    save(folder / "IMG_10.jpg", photo_of(first))
    save(folder / "IMG_3.png", scanned(mnist.validation[200:400], 2, empty=(4, 17, 29)))
    save(folder / "anna.jpg", scanned(mnist.validation[400:600], 0))
    save(folder / "anna 2.jpg", scanned(mnist.validation[600:800], 0))
    save(folder / "=ben.jpg", scanned(mnist.validation[800:1000], 0))
    save(folder / "dark.jpg", np.zeros((900, 700, 3), np.uint8))
    (folder / "letter.jpg").write_text("Dear diary")
    (folder / "nothing.jpg").touch()
    (folder / "phone.heic").write_bytes(HEIC)
    (folder / ".DS_Store").write_bytes(b"left by a computer")
    (folder / "more").mkdir()
    return folder


@pytest.fixture
def class_home(tmp_path, monkeypatch):
    """A project folder without anything in it."""
    monkeypatch.setenv("DIGITREC_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def command(*words, **options):
    return subprocess.Popen(
        [sys.executable, "-m", "digitrec", "hands", *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        **options,
    )


def right_of(model, hands, writer):
    """How many digits of a writer a network reads right, by Keras itself."""
    digits = hands.digits[hands.writers == writer]
    answers = np.asarray(model(digits.images))[:, :10].argmax(axis=1)
    return int((answers == digits.labels).sum())


def test_one_command_reads_a_class(photos, class_home, tmp_path, boxed_model):
    run = command(photos.name, "--csv", tmp_path / "class.csv", cwd=photos.parent)
    output, progress = run.communicate()
    assert run.returncode == 0, progress
    assert "Reading photos: 100%" in progress
    assert "10/10" in progress

    hands = digitrec.load_hands()
    assert {part.writer: len(part) for part in hands.parts} == {
        "412-1": 30,
        "412-2": 27,
        "anna": 30,
        "=ben": 30,
    }
    assert len(hands.parts) == 5
    table = output.splitlines()
    heading = table[0].split()
    assert heading == [
        "writer",
        "sheets",
        "digits",
        "doubtful",
        "empty",
        "in",
        "the",
        "box",
        "dense",
    ]
    lines = {line.split()[0]: line.split() for line in table[1:5]}
    assert list(lines) == ["412-1", "412-2", "=ben", "anna"]
    assert lines["anna"][1:3] == ["2", "60"]
    assert lines["412-2"][1:3] == ["1", "27"]
    assert lines["412-2"][4] == "3"
    assert table[5].split()[:4] == ["the", "class", "5", "147"]
    assert len({len(line) for line in table[:6]}) == 1
    assert max(map(len, table[:6])) <= 78

    with (tmp_path / "class.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["writer"]: row for row in csv.DictReader(file)}
    assert list(rows) == ["412-1", "412-2", "'=ben", "anna", "the class"]
    for writer in ("412-1", "412-2", "anna", "=ben"):
        row = rows["'=ben" if writer == "=ben" else writer]
        right = right_of(boxed_model, hands, writer)
        assert int(row["right: in the box"]) == right
        assert int(row["counted"]) == (hands.writers == writer).sum()
        assert f"{accuracy(right, int(row['counted']))}" in " ".join(lines[writer])
        doubtful = sum(len(part.doubtful) for part in hands.parts if part.writer == writer)
        assert int(row["doubtful"]) == doubtful
    assert int(rows["the class"]["right: in the box"]) == sum(
        int(rows[name]["right: in the box"]) for name in list(rows)[:4]
    )

    text = output.replace("\n", " ")
    assert "6 of 10 photos are read" in text
    for sentence in (
        "IMG_10.jpg shows the same sheet as IMG_2.jpg. It is counted once.",
        "dark.jpg: The photo is too dark",
        "letter.jpg cannot be read. It holds text",
        "nothing.jpg cannot be read. The file is empty",
        "phone.heic cannot be read. This is a HEIC file from an iPhone. Export it as JPEG.",
        "more is a folder. Its photos are not read",
    ):
        assert output.count(sentence) == 1, sentence
    assert "DS_Store" not in output
    assert "anna" not in "".join(table[6:])  # her second sheet is nothing special


def test_read_again_nothing_is_counted_twice_and_corrections_hold(photos, class_home, tmp_path):
    folder = tmp_path / "two"
    folder.mkdir()
    for name in ("anna.jpg", "anna 2.jpg"):
        shutil.copy(photos / name, folder)
    first = read_photos(folder)
    assert (first.total.sheets, first.total.digits) == (2, 60)
    hands = digitrec.load_hands()
    anna = next(part for part in hands.parts if part.writer == "anna")
    digitrec.save_written(decided(decided(anna, 3, None), 5, 6))
    again = read_photos(folder)
    assert [(row.writer, row.sheets, row.digits) for row in again.rows] == [
        (row.writer, row.sheets, row.digits) for row in first.rows
    ]
    assert again.total.counted == first.total.counted - 1
    parts = digitrec.load_hands().parts
    assert [len(part) for part in parts] == [len(part) for part in hands.parts]
    anna = next(part for part in parts if part.source == anna.source)
    assert (anna.kept[3], anna.labels[5]) == (False, 6)
    assert str(again).splitlines()[0].split()[0] == "writer"


@UNIX
def test_a_stopped_reading_keeps_what_was_read(photos, class_home, tmp_path):
    many = tmp_path / "many"
    many.mkdir()
    for number in range(40):
        shutil.copy(photos / "IMG_3.png", many / f"photo{number}.png")
    heard = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)  # whoever started the tests
    run = command(many, preexec_fn=heard)
    seen = ""
    while "| 2/40" not in seen:
        letter = run.stderr.read(1)
        assert letter, seen
        seen += letter
    run.send_signal(signal.SIGINT)
    output, errors = run.communicate()
    assert run.returncode == 0, errors
    assert "Traceback" not in errors
    assert "The reading was stopped: " in output
    assert " of 40 photos are not read." in output
    assert output.startswith("writer")
    assert len(digitrec.load_hands().parts[0]) == 27


def test_a_crash_inside_reading_is_named_and_the_others_are_read(photos, class_home, monkeypatch):
    read = class_photos.read_sheet

    def crash(photo, writer=None):
        if photo.name in ("IMG_3.png", "anna.jpg"):
            raise {"IMG_3.png": MemoryError(), "anna.jpg": IndexError("index 9")}[photo.name]
        return read(photo, writer)

    monkeypatch.setattr(class_photos, "read_sheet", crash)
    result = read_photos(photos)
    assert (result.read, result.photos) == (4, 10)
    assert {row.writer for row in result.rows} == {"412-1", "anna", "=ben"}
    problems = "\n".join(result.problems)
    assert "anna.jpg: reading it broke off (IndexError: index 9)." in problems
    assert "IMG_3.png: reading it broke off (MemoryError" in problems


def test_nothing_read_is_1_and_wrong_arguments_are_2(class_home, tmp_path, capsys):
    folder = tmp_path / "photos"
    folder.mkdir()
    assert main(["hands", str(folder)]) == 1
    assert "There are no photos in" in capsys.readouterr().out
    (folder / "letter.jpg").write_text("Dear diary")
    assert main(["hands", str(folder)]) == 1
    output = capsys.readouterr().out
    assert output == (
        "letter.jpg cannot be read. It holds text, and is no picture. Choose a photo or a drawing "
        "of digits.\n"
    )
    assert not (class_home / "my_digits").exists()
    assert main(["hands", str(tmp_path / "missing")]) == 2
    assert "There is no folder" in capsys.readouterr().err
    assert main(["hands", str(folder), "--networks", str(tmp_path / "none.keras")]) == 2
    assert "There is no trained network at" in capsys.readouterr().err
    for words in (["hands"], ["hands", str(folder), "--colour", "red"]):
        with pytest.raises(SystemExit) as end:
            main(words)
        assert end.value.code == 2
        assert capsys.readouterr().err.count("\n") == 1


def test_own_and_given_networks_are_measured(photos, class_home, tmp_path):
    folder = tmp_path / "one"
    folder.mkdir()
    shutil.copy(photos / "IMG_3.png", folder)
    for path, digit in (("handwritten_digits", 3), ("convolutional", 5), ("mine", 7)):
        digitrec.save_model(always(digit), f"models/{path}.keras")
    result = read_photos(folder)
    assert result.networks == ("in the box", "yours", "convolutional")
    labels = digitrec.load_hands().digits.labels
    assert result.rows[0].right[1:] == ((labels == 3).sum(), (labels == 5).sum())
    given = read_photos(folder, networks=["models/mine.keras"])
    assert given.networks == ("in the box", "mine")
    assert given.total.right[1] == (labels == 7).sum()
    (class_home / "models/handwritten_digits.keras").write_bytes(b"damaged")
    damaged = read_photos(folder)
    assert damaged.networks == ("in the box",)
    assert "handwritten_digits.keras cannot be used as a network" in damaged.problems[-1]


def test_damaged_files_of_the_folder_of_hands_are_told_as_well(photos, class_home, tmp_path):
    folder = tmp_path / "one"
    folder.mkdir()
    shutil.copy(photos / "IMG_3.png", folder)
    (class_home / "class7b").mkdir(parents=True)
    (class_home / "class7b/broken.npz").write_bytes(b"PK")
    result = read_photos(folder, into="class7b")
    assert result.into == "class7b"
    assert result.problems[-1].startswith("broken.npz is left out. It is damaged")
    assert [row.writer for row in result.rows] == ["412-2"]


def test_a_sheet_that_is_all_crossed_out_has_a_row_as_well(mnist):
    sheet = sheet_of(mnist.validation[:20], kept=np.zeros(20, bool))
    (row,) = class_photos.measured(Hands((sheet,)), [always(3)])
    assert (row.digits, row.counted, row.right) == (20, 0, (0,))
    assert row.cells[-1] == "none"


def test_a_copied_sheet_with_a_number_is_told(mnist, class_home, tmp_path):
    folder = tmp_path / "copies"
    for number in range(2):
        digits = mnist.validation[200 * number : 200 * number + 200]
        save(folder / f"IMG_{number}.png", scanned(digits, 7))
    (row,) = read_photos(folder).rows
    (problem,) = [text for text in read_photos(folder).problems if "copy" in text]
    assert (row.sheets, row.digits) == (2, 60)
    assert problem.startswith("IMG_1.png shows another copy of sheet 412-7-1, with other hand")


@pytest.mark.parametrize(
    ("name", "others", "writer"),
    [
        ("anna 2", ["anna"], "anna"),
        ("anna-2", ["anna"], "anna"),
        ("anna (2)", ["anna"], "anna"),
        ("anna 2", ["ben"], "anna 2"),  # perhaps the second Anna of a class
        ("7b-12", ["7b-11", "7b-13"], "7b-12"),
        ("anna2", ["anna"], "anna2"),
        ("IMG_20261129", ["IMG"], "IMG_20261129"),
        ("IMG_2034 (1)", ["IMG_2034"], "IMG_2034 (1)"),  # two telephones, or two pupils
        (
            "WhatsApp Image 2026-11-29 at 10.02.03 (1)",  # the second one of that second
            ["WhatsApp Image 2026-11-29 at 10.02.03"],
            "WhatsApp Image 2026-11-29 at 10.02.03 (1)",
        ),
    ],
)
def test_the_name_of_a_photo_says_whose_it_is(name, others, writer, tmp_path):
    photos = [tmp_path / f"{other}.jpg" for other in (name, *others)]
    assert class_photos.writer_by_name(photos[0], photos) == writer


def test_photos_are_read_in_counting_order(tmp_path):
    for name in ("b.jpg", "a 2.jpg", "a.jpg", "a10.jpg", "a9.jpg", "table.csv", "Thumbs.db"):
        (tmp_path / name).touch()
    names = [path.name for path in class_photos.photos_in(tmp_path)[0]]
    assert names == ["a.jpg", "a9.jpg", "a10.jpg", "a 2.jpg", "b.jpg"]


def test_more_photos_than_anybody_waits_for_are_left_out(tmp_path, monkeypatch):
    for number in range(5):
        (tmp_path / f"{number}.jpg").touch()
    monkeypatch.setattr(class_photos, "MOST_PHOTOS", 3)
    photos, problems = class_photos.photos_in(tmp_path)
    assert [path.stem for path in photos] == ["0", "1", "2"]
    assert problems[0].startswith("2 photos are left out: 3 are read at a time.")


def test_the_class_is_the_sum_of_its_writers():
    row = Row("412-1", 1, 100, 4, 0, counted=98, unseen=3, right=(98, 0))
    other = replace(row, writer="412-2", empty=2, counted=2_902, unseen=0, right=(2_900, 1))
    result = ClassPhotos(("in the box", "dense"), (row, other), (), 2, 2, "my_digits")
    total = Row("the class", 2, 200, 8, 2, counted=3_000, unseen=3, right=(2_998, 1))
    assert result.total == total
    assert row.cells[-2:] == ["100% of 98", "0% of 98"]
    assert total.cells[-2:] == [">99% of 3,000", "<1% of 3,000"]
    assert "3 doubtful ones that nobody has looked at" in result.explanation
    assert replace(row, writer="x" * 25).cells[0] == "x" * 21 + "..."
    assert replace(row, writer="x" * 24).cells[0] == "x" * 24
    clear = replace(result, rows=(other,))
    assert "none of them is doubtful" in clear.explanation
