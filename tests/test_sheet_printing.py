"""Sheets as they come out of a printer: where everything is, what it says, and how it is saved."""

import os
import random
import subprocess
import sys
import time

import cv2
import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import psutil
import pytest
from conftest import KILLED, ROOT
from printed import printed

from digitrec.sheets import PAPERS, Code, draw_sheet, make_sheet, sheet_image
from digitrec.sheets.layout import (
    CODE_MARKER,
    CODE_MARKERS,
    HEIGHT,
    LABEL,
    MARKER,
    MARKERS,
    QUIET,
    WIDTH,
    asked,
    box_corners,
    marker_corners,
)
from digitrec.sheets.printing import new_run

FULL = Code(412, 17, 1, 10)
BOTH_PAPERS = pytest.mark.parametrize("paper", PAPERS)
SIDE = np.array([[0, 0], [1, 0], [1, 1], [0, 1]])


def origin(paper):
    """Where the sheet begins on the paper, mm."""
    return (np.array(PAPERS[paper]) - [WIDTH, HEIGHT]) / 2


def found_markers(image, paper, kind):
    """Each marker that OpenCV finds on a picture of the whole paper: its number and corners, mm."""
    parameters = cv2.aruco.DetectorParameters()
    parameters.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    detector = cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(kind), parameters)
    corners, numbers, _ = detector.detectMarkers(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY))
    pixels = np.array(PAPERS[paper]) / image.shape[1::-1]
    places = [(each[0] + 0.5) * pixels - origin(paper) for each in corners]
    return sorted(zip(numbers.ravel().tolist(), places, strict=True), key=lambda one: one[0])


def check_markers(image, paper, code):
    """All eleven are read, nothing else is taken for one, and none is off by 0.1 mm."""
    found = found_markers(image, paper, cv2.aruco.DICT_4X4_50)
    assert [number for number, _ in found] == list(range(8))
    for number, corners in found:
        np.testing.assert_allclose(corners, marker_corners()[number], atol=0.1)
    found = found_markers(image, paper, cv2.aruco.DICT_6X6_1000)
    found.sort(key=lambda one: one[1][0, 0])  # from left to right; two may have one number
    assert tuple(number for number, _ in found) == code.markers
    for (_, corners), place in zip(found, CODE_MARKERS, strict=True):
        np.testing.assert_allclose(corners, place + SIDE * CODE_MARKER, atol=0.1)


def part(image, paper, corners):
    """What lies in a rectangle of the sheet, mm."""
    scale = np.array(image.shape[1::-1]) / PAPERS[paper]
    (left, top), (right, bottom) = (
        np.round((np.array(corner) + origin(paper)) * scale).astype(int) for corner in corners
    )
    return image[top:bottom, left:right]


@BOTH_PAPERS
def test_a_printer_puts_every_marker_where_a_reader_looks_for_it(tmp_path, paper):
    path = make_sheet(
        tmp_path / "class.pdf", each=12, writers=2, run=412, paper=paper, first_writer=17
    )
    pages = printed(path)
    assert len(pages) == 4
    codes = [Code(412, 17, 1, 10), Code(412, 17, 2, 2), Code(412, 18, 1, 10), Code(412, 18, 2, 2)]
    for page, code in zip(pages, codes, strict=True):
        np.testing.assert_allclose(page.size, PAPERS[paper], atol=0.01)
        assert f"Sheet {code.name}" in page.text
        assert f"page {code.page}" in page.text
    check_markers(pages[2].image(300), paper, codes[2])


@BOTH_PAPERS
@pytest.mark.parametrize(("dots_per_inch", "code"), [(150, FULL), (200.5, Code(9, 9, 1, 10))])
def test_the_picture_is_the_whole_paper(paper, dots_per_inch, code):
    image = sheet_image(code, paper, dots_per_inch)
    sides = np.array(PAPERS[paper]) / 25.4 * dots_per_inch
    assert image.dtype == np.uint8
    np.testing.assert_allclose(image.shape, [sides[1], sides[0], 3], atol=0.5)
    check_markers(image, paper, code)


@BOTH_PAPERS
def test_what_to_write_stands_above_each_box(tmp_path, paper):
    (page,) = printed(make_sheet(tmp_path / "sheet.pdf", run=0, paper=paper))
    small = [words for words in page.words if len(words[3]) == 1]
    examples, labels = small[:2], small[2:]
    assert [words[3] for words in examples] == ["3", "3"]
    assert len(labels) == 100
    for number, (x, y, size, digit) in enumerate(labels):
        assert digit == str(asked(number))
        left, top = box_corners(number)[0] + origin(paper)
        np.testing.assert_allclose((x, y), (left, top - LABEL[1]), atol=0.01)
        assert size * 0.73 * 25.4 / 72 == pytest.approx(LABEL[0], abs=0.05)


@BOTH_PAPERS
def test_nothing_lies_in_a_box_around_a_marker_or_where_printers_do_not_print(paper):
    image = sheet_image(Code(999, 999, 100, 10), paper, 200)
    for number in range(100):
        box = box_corners(number)
        inner = part(image, paper, (box[0] + 0.3, box[2] - 0.3))  # mm, the rounded corners
        assert inner.min() == 255, number
    markers = [(place, MARKER) for place in MARKERS.values()]
    for place, side in markers + [(place, CODE_MARKER) for place in CODE_MARKERS]:
        around = part(image, paper, (np.array(place) - QUIET, np.array(place) + side + QUIET))
        black = round(QUIET / 25.4 * 200) - 1
        around = around.copy()
        around[black:-black, black:-black] = 255
        assert around.min() == 255, place
    scale = np.array(image.shape[1::-1]) / PAPERS[paper]
    left, top = np.floor(origin(paper) * scale).astype(int) - 2
    margin = image.copy()
    margin[top:-top, left:-left] = 255
    assert margin.min() == 255


def test_frames_and_small_digits_vanish_in_red_and_not_in_grey():
    image = sheet_image(FULL, "A4", 200)
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    for number in (0, 44, 99):
        box = box_corners(number)
        with_frame = (box[0] - [0.6, 0.6], box[2] + [0.6, 0.6])
        with_digit = (box[0] - [0, sum(LABEL)], [box[1, 0], box[1, 1] - 0.8])
        for place in (with_frame, with_digit):
            assert part(image, "A4", place)[..., 0].min() >= 253
            assert part(grey, "A4", place).min() < 205  # of 255; a copy shows it
    rows = part(image[..., 0], "A4", (box_corners(0)[0] - [0.5, 4], box_corners(99)[2] + 0.5))
    assert rows.min() >= 253


def test_frames_are_all_around_and_outside_of_each_box():
    image = sheet_image(FULL, "A4", 300)[..., 2]
    for number in range(100):
        (left, top), _, (right, bottom), _ = box_corners(number)
        for line in (
            ((left + 1, top - 0.3), (right - 1, top - 0.1)),
            ((left + 1, bottom + 0.1), (right - 1, bottom + 0.3)),
            ((left - 0.3, top + 1), (left - 0.1, bottom - 1)),
            ((right + 0.1, top + 1), (right + 0.3, bottom - 1)),
        ):
            assert part(image, "A4", line).max() < 200, number


def test_a_sheet_says_what_to_do_and_why_no_real_name(tmp_path):
    (page,) = printed(make_sheet(tmp_path / "sheet.pdf", run=412))
    text = " ".join(page.text.split("\n"))
    for words in (
        "In each box, write the digit above it. Take a dark pen, not a red one.",
        "Like this: large and dark, inside its frame.",
        "Gone wrong? Cross it out and go on.",
        "Sheet 412 page 1",
        "Pen name or number, not your real name: nobody has to know whose writing this is.",
        "Then take a photo of the whole sheet, with its eight large squares.",
        "From straight above, in good light, without a shadow.",
    ):
        assert words in text


def test_words_keep_clear_of_each_other_and_of_the_examples():
    figure = draw_sheet(Code(999, 999, 100, 10), "Letter")
    sheet_image(FULL)  # another figure does not disturb it
    figure.canvas.draw()
    (ax,) = figure.axes
    boxes = [words.get_window_extent() for words in ax.texts]
    for i, one in enumerate(boxes):
        for other in boxes[:i]:
            assert not one.padded(-1).overlaps(other.padded(-1)), (one, other)
    image = sheet_image(FULL, "A4", 200)
    example = part(image, "A4", ((20.5, 21.0), (32.7, 34.7)))
    written = np.argwhere(example.max(axis=2) < 200)
    clear = 1.5 / 25.4 * 200  # pixels between what is written and its frame
    assert written.min() > clear
    assert (np.array(example.shape[:2]) - written.max(axis=0)).min() > clear


@pytest.mark.parametrize(("each", "rows"), [(4, [4]), (21, [10, 10, 1])])
def test_a_writer_gets_as_many_boxes_as_asked_for(tmp_path, each, rows):
    pages = printed(make_sheet(tmp_path / "sheet.pdf", each=each, writers=1, run=7))
    for page, count in zip(pages, rows, strict=True):
        labels = [words for words in page.words if len(words[3]) == 1][2:]
        assert len(labels) == count * 10
    check_markers(pages[-1].image(300), "A4", Code(7, 1, len(pages), rows[-1]))


def test_the_same_arguments_make_the_same_bytes_in_any_process(tmp_path, monkeypatch):
    """Neither the time, nor the order of sets, nor a style of the reader's changes a file."""
    path = make_sheet(tmp_path / "here.pdf", writers=2, run=412)
    code = f"""
import matplotlib.pyplot as plt
plt.style.use("dark_background")
plt.rcParams.update({{"font.size": 30, "path.sketch": (3, 9, 9), "savefig.bbox": "tight"}})
from digitrec.sheets import make_sheet
make_sheet({str(tmp_path / "there.pdf")!r}, writers=2, run=412)
assert plt.rcParams["font.size"] == 30 and not plt.get_fignums()
"""
    environment = os.environ | {"PYTHONHASHSEED": "7", "SOURCE_DATE_EPOCH": "86400"}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment, cwd=ROOT)
    assert (tmp_path / "there.pdf").read_bytes() == path.read_bytes()
    assert b"Date" not in path.read_bytes()
    assert plt.get_fignums() == []
    before = path.read_bytes()
    assert make_sheet(path, writers=2, run=413).read_bytes() != before


def test_a_picture_does_not_depend_on_the_readers_style():
    plain = sheet_image(FULL, "A4", 72)
    with matplotlib.rc_context({"path.sketch": (3, 9, 9), "axes.facecolor": "red"}):
        assert np.array_equal(sheet_image(FULL, "A4", 72), plain)
        assert matplotlib.rcParams["axes.facecolor"] == "red"


def test_a_run_is_drawn_anew_whatever_seeds_are_set():
    runs = set()
    for _ in range(12):
        random.seed(1)
        np.random.seed(1)  # noqa: NPY002
        runs.add(new_run())
    assert len(runs) > 1
    assert runs <= set(range(1000))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"each": 0}, "each is 0, expected a whole number from 1 to 1,000"),
        ({"each": 1001}, "each is 1001, expected a whole number from 1 to 1,000"),
        ({"each": 2.5}, "each is 2.5, expected a whole number"),
        ({"each": True}, "each is True, expected a whole number"),
        ({"writers": 0}, "writers is 0, expected a whole number from 1 to 999"),
        ({"writers": 30, "first_writer": 990}, "writers is 30, expected .* from 1 to 10"),
        ({"writers": 1, "first_writer": 1000}, "first_writer is 1000, expected .* from 1 to 999"),
        ({"first_writer": 31}, "first_writer is 31 without writers.*writers=30"),
        ({"paper": "A5"}, 'paper is \'A5\', expected "A4" or "Letter"'),
        ({"paper": ["A4"]}, r"paper is \['A4'\], expected"),
        ({"run": -1}, "run is -1, expected a whole number from 0 to 999"),
        ({"run": "412"}, "run is '412', expected a whole number"),
        ({"writers": 500, "each": 30}, "1,500 pages, expected at most 1,000.*first_writer"),
    ],
)
def test_wrong_arguments_are_named_before_anything_is_written(tmp_path, arguments, message):
    with pytest.raises(ValueError, match=message):
        make_sheet(tmp_path / "sheet.pdf", **arguments)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", ["sheet.png", "sheet", "", ".pdf", 5, None])
def test_a_file_that_is_no_pdf_is_refused(path):
    with pytest.raises(ValueError, match=r"expected .*pdf"):
        make_sheet(path)


def test_numbers_of_numpy_are_numbers(tmp_path):
    one = make_sheet(tmp_path / "1.pdf", each=np.int64(1), writers=np.uint8(1), run=np.int32(5))
    two = make_sheet(tmp_path / "2.pdf", each=1, writers=1, run=5)
    assert one.read_bytes() == two.read_bytes()


def test_a_name_alone_is_a_file_of_the_project(home):
    assert make_sheet("sheets/sheet.PDF", each=1, run=1) == home / "sheets" / "sheet.PDF"
    assert [page.size[0] for page in printed(home / "sheets" / "sheet.PDF")] == [pytest.approx(210)]


def test_a_write_that_fails_leaves_the_old_file(tmp_path, monkeypatch):
    path = make_sheet(tmp_path / "sheet.pdf", each=1, run=1)
    before = path.read_bytes()

    def fail(code, paper):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("digitrec.sheets.printing.draw_sheet", fail)
    with pytest.raises(OSError, match=r"Make room on the disk.*unchanged"):
        make_sheet(path, each=1, run=2)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_killed_write_leaves_the_old_file_and_the_next_one_cleans_up(tmp_path):
    path = make_sheet(tmp_path / "sheet.pdf", each=1, run=1)
    before = path.read_bytes()
    code = f"from digitrec.sheets import make_sheet\nmake_sheet({str(path)!r}, writers=999, run=2)"
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    while process.poll() is None and sum(each.stat().st_size for each in left(tmp_path)) < 1000:
        time.sleep(0.02)
    psutil.Process(process.pid).kill()
    assert process.wait() in KILLED
    assert path.read_bytes() == before
    assert len(left(tmp_path)) == 1
    make_sheet(path, each=1, run=3)
    assert path.read_bytes() != before
    assert list(tmp_path.iterdir()) == [path]


def left(folder):
    """The unfinished files in a folder."""
    return [path for path in folder.iterdir() if path.name.startswith(".saving-")]
