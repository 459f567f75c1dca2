"""Reading photographed sheets: what was written comes back with its labels, or a sentence does."""

import io
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from scipy.interpolate import RBFInterpolator

import digitrec
from digitrec.sheets import Code, read_sheet, sheet_image
from digitrec.sheets.flattening import flattening, thin_plate_spline
from digitrec.sheets.layout import (
    BOX,
    HEIGHT,
    MARKERS,
    PAPERS,
    WIDTH,
    asked,
    box_corners,
    label_corners,
)
from digitrec.sheets.markers import PLACES, completed, find_markers, read_code
from digitrec.sheets.reading import find_sheet

sys.path.append(str(Path(__file__).parents[1] / "scripts"))
from sheet_filling import Filled, fill, margins
from sheet_photos import SheetKnobs, photograph

ROOT = Path(__file__).parents[1]

CODE = Code(412, 17, 1, 3)
SCALE = 200 / 25.4  # pixels per mm of a page at 200 dots per inch


@pytest.fixture(scope="module")
def pens():
    """Digits of MNIST that the network in the box reads without doubt, as ink 9 mm high."""
    validation = digitrec.load_mnist().validation
    answers = digitrec.predict(digitrec.boxed_model(), validation.images[:1000])
    sure = answers[np.arange(1000), validation.labels[:1000]] > 0.99

    def written_by(seed, height=9.0):
        generator = np.random.default_rng(seed)

        def write(digit):
            image = generator.choice(
                validation.images[:1000][sure & (validation.labels[:1000] == digit)]
            )
            size = round(height * SCALE * 28 / 20)
            large = cv2.resize(image, (size, size), interpolation=cv2.INTER_CUBIC)
            return np.clip((large.astype(np.float32) - 80) * 2.5, 0, 255).astype(np.uint8)

        return write

    return written_by


def sheet(pens, code=CODE, paper="A4", *, states=None, seed=1, **options) -> Filled:
    """Return a sheet that was written on; in the boxes of `states` something else happens."""
    every = ["written"] * code.boxes
    for number, state in (states or {}).items():
        every[number] = state
    return fill(
        sheet_image(code, paper), code, pens(seed), np.random.default_rng(seed),
        paper=paper, states=tuple(every), **options,
    )  # fmt: skip


def photo_of(filled, seed=1, **knobs):
    """Return a photo of a sheet, and where its boxes are in it."""
    usual = {"tilt": 8.0, "bend": 2.0, "bend_kind": "arch", "fill": 0.85, "defocus": 0.1,
             "noise": 2.5, "quality": 85, "megapixels": 2.0}  # fmt: skip
    knobs = SheetKnobs(**(usual | knobs))
    return photograph(filled, knobs, np.random.default_rng(seed))


def in_jpeg(picture, **options) -> bytes:
    content = io.BytesIO()
    Image.fromarray(picture).save(content, "JPEG", **({"quality": 85} | options))
    return content.getvalue()


def likeness(one, other):
    """The correlation of two images, slightly blurred, one of them moved by a pixel at most."""
    one, other = (cv2.GaussianBlur(each.astype(np.float32), (0, 0), 0.7) for each in (one, other))
    moves = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1)]
    moved = [np.roll(other, move, axis=(0, 1)).ravel() for move in moves]
    return np.corrcoef([one.ravel(), *moved])[0, 1:].max()


def off(found, true):
    """How far corners of boxes are from where they should be at most, in mm."""
    pixels_per_mm = np.linalg.norm(true[:, 1] - true[:, 0], axis=1).min() / BOX[0]
    return np.linalg.norm(found - true, axis=2).max() / pixels_per_mm


def said(photo, **options):
    """Why a photo is refused."""
    with pytest.raises(ValueError, match=r"\.$") as error:
        read_sheet(photo, **options)
    return str(error.value)


def covered(page, place, size, colour=255):
    """Return a page of A4 with a patch of paper on it; its left and top and its sides are in mm."""
    page = page.copy()
    left, top = np.rint((np.array(place) + margins("A4")) * SCALE).astype(int)
    right, bottom = np.rint((np.array(place) + size + margins("A4")) * SCALE).astype(int)
    page[max(top, 0) : bottom, max(left, 0) : right] = colour
    return page


def check(written, filled, corners=None):
    """Assert that a sheet on which nothing special happened came back as it was filled."""
    assert written.numbers.tolist() == list(range(filled.code.boxes))
    assert written.labels.tolist() == filled.digits.tolist() == written.asked.tolist()
    assert written.doubts.count("crossed out") == 0
    assert written.empty == ()
    for image, number in zip(written.images, written.numbers, strict=True):
        assert likeness(image, filled.clean_image(number)) > 0.9, number
    if corners is not None:
        assert off(written.boxes, corners) < 1


@pytest.mark.parametrize(
    ("paper", "turn", "knobs"),
    [
        ("A4", 0, {}),
        ("Letter", 90, {"tilt": 25.0, "tilt_way": 70.0}),
        ("A4", 180, {"bend": 5.0, "bend_way": 30.0}),
        ("Letter", 270, {"bend": 5.0, "bend_kind": "corner", "bend_way": 220.0}),
        ("A4", 37, {"quality": 60, "shadow": 0.5, "vignette": 0.5, "shadow_edge": 0.005}),
        ("A4", 3, {"defocus": 0.15, "noise": 6.0, "cast": 0.3}),
    ],
)
def test_what_was_written_comes_back(pens, paper, turn, knobs):
    filled = sheet(pens, paper=paper)
    photo, corners = photo_of(filled, turn=turn, **knobs)
    written = read_sheet(in_jpeg(photo))
    check(written, filled, corners)
    assert written.writer == "412-17"
    assert written.source == "sheet 412-17-1"
    assert len(written.doubtful) <= 2


def test_a_full_page_that_load_picture_reduces(pens, tmp_path):
    filled = sheet(pens, Code(7, 3, 2, 10))
    photo, corners = photo_of(filled, megapixels=6.0)
    path = tmp_path / "photo3.jpg"
    path.write_bytes(in_jpeg(photo))
    written = read_sheet(path)
    reduced = digitrec.load_picture(path).shape[1] / photo.shape[1]
    check(written, filled, (corners + 0.5) * reduced - 0.5)
    assert len(written) == 100
    assert (written.origin, written.source) == ("photo3.jpg", "sheet 007-3-2")


def test_pencil_on_a_grey_copy(pens):
    """The frames are grey there, and not to be told from a pencil by their colour."""
    filled = sheet(pens, pen="pencil", grey=True)
    photo, corners = photo_of(filled)
    check(read_sheet(in_jpeg(photo)), filled, corners)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("level", [210, 235])
def test_a_scan_of_two_levels_with_black_frames(pens, level):
    """Where a printer has no colours, and a scanner no greys, frames are as black as ink."""
    filled = sheet(pens, grey=True)
    grey = cv2.cvtColor(filled.page, cv2.COLOR_RGB2GRAY)
    written = read_sheet(np.where(grey > level, 255, 0).astype(np.uint8))
    assert written.empty == ()
    assert len(written.doubtful) <= 2
    alike = [
        likeness(image, filled.clean_image(number))
        for image, number in zip(written.images, written.numbers, strict=True)
    ]
    assert np.mean(np.array(alike) > 0.85) >= 0.9


def test_turned_by_the_camera(pens):
    filled = sheet(pens)
    photo, _ = photo_of(filled)
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned to the right
    check(read_sheet(in_jpeg(np.rot90(photo), exif=exif)), filled)


@pytest.mark.parametrize("grey", [False, True])
def test_frames_and_printed_digits_are_never_ink(pens, grey):
    filled = sheet(pens, states=dict.fromkeys(range(30), "empty"), grey=grey)
    photo, _ = photo_of(filled, bend=5.0, quality=60, shadow=0.5, tilt=20.0)
    assert said(in_jpeg(photo)).startswith("All boxes of the sheet are empty.")


@pytest.mark.parametrize("grey", [False, True])
def test_ink_on_a_frame_is_not_cut(pens, grey):
    filled = sheet(pens, states={number: "leaves its box" for number in range(2, 30, 4)}, grey=grey)
    photo, _ = photo_of(filled)
    written = read_sheet(in_jpeg(photo))
    for place in np.flatnonzero(written.numbers % 4 == 2):
        if "touches" not in written.doubts[place]:
            clean = filled.clean_image(written.numbers[place])
            assert likeness(written.images[place], clean) > 0.85, written.numbers[place]


def test_empty_boxes_are_told(pens):
    filled = sheet(pens, states={3: "empty", 29: "empty"})
    written = read_sheet(filled.page)
    assert written.empty == (3, 29)
    assert sorted({*written.numbers.tolist(), 3, 29}) == list(range(30))


def test_a_speck_is_no_digit(pens):
    page = sheet(pens, states={4: "empty"}).page
    page = covered(page, box_corners(4).mean(axis=0), (0.6, 0.6), 0)
    assert read_sheet(page).empty == (4,)


def doubt_in(page, number):
    """What is doubtful about a box, and whether it is kept."""
    written = read_sheet(page)
    (place,) = np.flatnonzero(written.numbers == number)
    return written.doubts[place], bool(written.kept[place])


def drawn(page, number, *lines, width=5, colour=(20, 20, 60)):
    """Return a page with lines drawn in a box, in shares of it."""
    page = page.copy()
    low, high = (box_corners(number)[[0, 2]] + margins("A4")) * SCALE
    for line in lines:
        points = np.rint(low + (high - low) * np.array(line)).astype(np.int32)
        cv2.polylines(page, [points], False, colour, width, cv2.LINE_AA)
    return page


CROSS = [(0.1, 0.1), (0.9, 0.9)], [(0.9, 0.1), (0.1, 0.9)]
STRIKES = [(0.05, 0.45), (0.95, 0.42)], [(0.05, 0.6), (0.95, 0.57)]
SCRIBBLE = ([(0.15 + 0.7 * (i % 2), 0.1 + 0.06 * i) for i in range(14)],)


@pytest.mark.parametrize("lines", [CROSS, STRIKES, SCRIBBLE], ids=["cross", "strikes", "scribble"])
def test_what_was_crossed_out_is_not_kept_unmarked(pens, lines):
    page = sheet(pens).page
    for number in range(30):
        page = drawn(page, number, *lines)
    written = read_sheet(page)
    marked = sum(bool(each) for each in written.doubts)
    assert marked >= (30 if lines is CROSS else 28)
    assert (~written.kept).sum() >= (28 if lines is CROSS else 15)
    assert not written.kept[[each == "crossed out" for each in written.doubts]].any()


def test_digits_are_seldom_taken_for_crossed_out(pens):
    filled = sheet(pens, Code(1, 2, 1, 10), seed=5)
    written = read_sheet(filled.page)
    assert "crossed out" not in written.doubts
    assert written.doubts.count("may be crossed out") <= 5
    assert len(written.doubtful) <= 8


def test_another_digit_than_was_asked_for(pens):
    filled = sheet(pens, states={8: "another digit"})
    doubt, is_kept = doubt_in(filled.page, 8)
    assert doubt.startswith(
        f"looks like {digitrec.reading.with_article(filled.digits[8])}, sure to "
    )
    assert "100%" not in doubt
    assert is_kept


def test_what_looks_like_no_digit(pens):
    page = sheet(pens, states={5: "empty"}).page
    blot = drawn(page, 5, [(0.3, 0.4), (0.7, 0.4), (0.7, 0.7), (0.3, 0.7), (0.3, 0.4)])
    square = drawn(blot, 5, [(0.4, 0.5), (0.6, 0.5)], [(0.5, 0.4), (0.5, 0.7)])
    assert doubt_in(square, 5)[0] in ("looks like no digit", "crossed out")


def test_ink_that_leaves_its_box(pens):
    page = sheet(pens, states={1: "empty"}).page
    assert doubt_in(drawn(page, 1, [(0.5, 0.3), (0.5, 1.2)]), 1) == ("leaves its box", True)
    assert doubt_in(drawn(page, 1, [(0.5, 0.1), (0.5, 0.9)]), 1) == ("", True)


def test_ink_that_touches_the_next_box(pens):
    page = drawn(sheet(pens).page, 14, [(0.3, 0.5), (1.9, 0.5)])
    assert "touches" in doubt_in(page, 14)[0] or "looks like" in doubt_in(page, 14)[0]
    assert doubt_in(page, 15)[0]


def test_what_a_neighbour_reaches_in_stays_with_it(pens):
    """The tail of a 7 ends in the box beside it, without touching what is there."""
    page = sheet(pens, states={16: "empty", 17: "empty"}).page
    page = drawn(page, 17, [(0.1, 0.15), (0.8, 0.15), (-0.33, 0.9)])
    page = drawn(page, 16, [(0.62, 0.2), (0.62, 0.9)])
    written = read_sheet(page)
    alone = read_sheet(drawn(sheet(pens, states={16: "empty", 17: "empty"}).page, 16,
                             [(0.62, 0.2), (0.62, 0.9)]))  # fmt: skip
    (place,) = np.flatnonzero(written.numbers == 16)
    (same,) = np.flatnonzero(alone.numbers == 16)
    np.testing.assert_array_equal(written.images[place], alone.images[same])


def test_a_printed_digit_that_a_stroke_touches_is_no_ink(pens):
    page = sheet(pens, states={8: "empty"}, grey=True).page
    line = [(0.5, 0.8), (0.1, 0.2), (0.1, -0.25)]
    without = covered(page, label_corners(box_corners(8))[0], (2.6, 2.6))
    images = []
    for each in (page, without):
        written = read_sheet(drawn(each, 8, line))
        images.append(written.images[written.numbers == 8][0])
    assert likeness(*images) > 0.98


def test_faint_ink(pens):
    page = sheet(pens, states={1: "empty"}).page
    pale = drawn(page, 1, [(0.5, 0.1), (0.5, 0.9)], colour=(236, 236, 236))
    assert doubt_in(pale, 1) == ("faint", True)


def test_a_red_pen_is_read_where_no_frame_is(pens):
    page = sheet(pens, states={1: "empty"}).page
    red = drawn(page, 1, [(0.5, 0.15), (0.5, 0.85)], colour=(200, 30, 30))
    assert doubt_in(red, 1) == ("", True)


# whose sheet it is


def test_a_sheet_of_nobody_in_particular(pens, tmp_path):
    filled = sheet(pens, Code(55, 0, 1, 1))
    path = tmp_path / "grey owl.png"
    Image.fromarray(filled.page).save(path)
    written = read_sheet(path)
    assert (written.writer, written.source) == ("grey owl", "sheet 055-grey owl-1")
    assert read_sheet(path, writer="fox").source == "sheet 055-fox-1"
    assert "Say whose it is" in said(filled.page)


def test_a_writer_may_have_another_name(pens):
    written = read_sheet(sheet(pens).page, writer="heron")
    assert (written.writer, written.source, written.origin) == ("heron", "sheet 412-17-1", "photo")


@pytest.mark.parametrize("writer", ["", "  ", 17])
def test_a_name_that_cannot_be_one_is_told_at_once(pens, writer):
    assert "Choose a pen name or a number" in said(sheet(pens).page, writer=writer)


# what is refused


@pytest.mark.parametrize("number", MARKERS)
def test_a_square_is_covered(pens, number):
    page = covered(sheet(pens).page, np.array(MARKERS[number]) + 2, (9, 12))
    message = said(page)
    assert f"The square {PLACES[number]} of the sheet is not to be seen" in message
    assert "Take it again" in message


def test_a_square_is_outside(pens):
    page = sheet(pens).page
    middle = round((WIDTH + 6) * SCALE)
    assert said(page[:, :middle]).startswith(
        "The squares in the upper right corner, in the middle of the right edge and in the lower "
        "right corner of the sheet are outside the photo. Go further back"
    )


def test_a_mirrored_photo(pens):
    photo, _ = photo_of(sheet(pens))
    assert said(np.ascontiguousarray(photo[:, ::-1])).startswith("The photo is mirrored")


def test_two_sheets_in_one_photo(pens):
    page = sheet(pens).page
    assert "more than one sheet" in said(np.hstack([page, page]))


def test_a_sheet_in_the_dark(pens):
    noise = np.random.default_rng(1).normal(0, 4, (2339, 1654, 1))
    in_the_dark = np.clip(sheet(pens).page * 0.005 + noise, 0, 255).astype(np.uint8)
    assert "too dark" in said(in_the_dark)


def test_a_blurred_photo(pens):
    assert "blurred" in said(cv2.GaussianBlur(sheet(pens).page, (0, 0), 25))


@pytest.mark.parametrize("longest", [150, 500])
def test_a_small_photo(pens, longest):
    page = sheet(pens).page
    size = round(page.shape[1] * longest / len(page)), longest
    assert "too small in the photo" in said(cv2.resize(page, size, interpolation=cv2.INTER_AREA))


@pytest.mark.parametrize("name", ["digit17.jpg", "page1.jpg", "digit24.png"])
def test_something_else(name):
    message = said(ROOT / "digits" / name)
    assert "There is no sheet in the photo" in message or "too small in the photo" in message


def test_the_back_of_the_paper():
    paper = np.full((1500, 1100, 3), 230, np.uint8)
    paper = np.clip(paper + np.random.default_rng(1).normal(0, 3, paper.shape), 0, 255)
    assert "There is no sheet in the photo" in said(paper.astype(np.uint8))


def test_an_unreadable_code(pens):
    page = sheet(pens).page
    assert "cannot be read" in said(covered(page, (131.0 + 2, 1.5 + 2), (8, 8)))
    assert "cannot be read" in said(covered(page, (110, 0), (55, 15)))


def test_a_code_is_never_taken_for_another():
    """However a small marker is spoilt, it is read as it was, or not at all."""
    page, generator, outcomes = sheet_image(CODE), np.random.default_rng(1), set()
    for _ in range(20):
        spoilt = page
        for _ in range(generator.integers(1, 4)):
            place = np.array([111 + 20 * generator.integers(3), 1.5]) + generator.uniform(1, 10, 2)
            spoilt = covered(spoilt, place, (1.6, 1.6), int(generator.choice([0, 255])))
        grey = cv2.cvtColor(digitrec.load_picture(spoilt), cv2.COLOR_RGB2GRAY)
        outcomes.add(read_code(grey, find_sheet(grey)))
    assert outcomes == {None, CODE}


def test_damaged_photos_are_read_or_refused(pens):
    photo, _ = photo_of(sheet(pens))
    content, generator = in_jpeg(photo), np.random.default_rng(3)
    outcomes = []
    for _ in range(6):
        damaged = bytearray(content[: generator.integers(len(content) // 2, len(content) + 1)])
        for place in generator.integers(600, len(damaged), generator.integers(1, 4)):
            damaged[place] = generator.integers(256)
        try:
            written = read_sheet(bytes(damaged))
            outcomes.append(
                written.source == "sheet 412-17-1" and set(written.asked) <= set(range(10))
            )
        except ValueError as error:
            outcomes.append(len(str(error)) > 20)
    assert all(outcomes)


def test_no_such_file():
    with pytest.raises(FileNotFoundError):
        read_sheet("no such photo.jpg")


# the geometry


def test_squares_are_looked_for_where_the_others_say(pens):
    photo, _ = photo_of(sheet(pens), turn=20)
    grey = cv2.cvtColor(digitrec.load_picture(photo), cv2.COLOR_RGB2GRAY)
    found = dict(find_markers(grey))
    few = {number: found[number] for number in (0, 3, 5, 6)}
    astray = few | {1: found[1] + 200, 2: found[4]}
    for known in (few, astray):
        markers = completed(grey, known)
        assert set(markers) == set(MARKERS)
        for number, corners in markers.items():
            assert np.abs(corners - found[number]).max() < 1.5  # pixels


@pytest.mark.parametrize("stiffness", [0.0, 0.01])
def test_the_spline_is_that_of_scipy(stiffness):
    generator = np.random.default_rng(1)
    places, values = generator.uniform(0, 2, (32, 2)), generator.normal(0, 1, (32, 2))
    wanted = generator.uniform(-0.5, 2.5, (200, 2))
    expected = RBFInterpolator(
        places, values, kernel="thin_plate_spline", smoothing=stiffness, degree=1
    )(wanted)
    np.testing.assert_allclose(
        thin_plate_spline(places, values, stiffness)(wanted), expected, atol=1e-8
    )


def test_a_bent_sheet_is_flattened():
    """A parabola of 5 mm, seen from the side: four corners alone would be off by much more."""

    def seen(places):
        return (
            places + [[1, 0]] * (20 * (places[:, [1]] / HEIGHT) * (1 - places[:, [1]] / HEIGHT))
        ) * 6

    corners = {
        number: np.array(place) + np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * 15.0
        for number, place in MARKERS.items()
    }
    bent = flattening({number: seen(each) for number, each in corners.items()})
    places = np.concatenate([box_corners(number) for number in range(100)])
    assert np.abs(bent.in_photo(places) - seen(places)).max() / 6 < 0.3
    edges = np.array([[0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]], float)
    flat, _ = cv2.findHomography(edges, seen(edges))
    off = cv2.perspectiveTransform(places[np.newaxis], flat)[0] - seen(places)
    assert np.abs(off).max() / 6 > 4


def test_labels_are_those_of_the_layout():
    assert [asked(number) for number in (0, 9, 10, 27)] == [0, 9, 0, 7]
    assert set(PAPERS) == {"A4", "Letter"}


def test_reading_loads_no_figures_and_no_tensorflow():
    code = "import sys, digitrec.sheets; print({'matplotlib', 'tensorflow'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.stdout.strip() == "set()", run.stderr
