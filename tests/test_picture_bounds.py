"""Any file, array or path gives a picture or a sentence, soon and in little memory."""

import io
import os
import struct
import sys
from pathlib import Path

import numpy as np
import pytest
from conftest import LINUX, ROOT
from PIL import Image

import digitrec
from digitrec.bounds import LARGEST_FILE
from digitrec.reading import kinds

sys.path.append(str(ROOT / "benchmarks"))
import worst_files
import worst_pages

TOO_COSTLY = kinds.TOO_COSTLY


def refused(image):
    """Return what is said about something that is no picture."""
    with pytest.raises(ValueError, match=r"\w+") as caught:
        digitrec.load_picture(image)
    said = str(caught.value)
    assert len(said) < 300
    return said


@pytest.mark.parametrize(
    "array",
    [
        np.full((9, 9), "ink"),
        np.full((9, 9), b"ink"),
        np.zeros((9, 9), "V3"),
        np.zeros((9, 9), [("red", "u1"), ("green", "u1")]),
        np.zeros((9, 9), [(f"channel {number}", "u1") for number in range(200)]),
        np.full((9, 9), None),
        np.full((9, 9), {}),
        np.zeros((9, 9), complex),
        np.zeros((9, 9), "M8[s]"),
        np.zeros((9, 9), "m8[s]"),
        np.full((9, 9), np.nan),
        np.full((9, 9), np.inf),
        np.full((9, 9), -(2**63)),
        np.zeros((9, 9, 2), np.uint8),
        np.zeros([1] * 40, np.uint8),
        np.zeros(9, np.uint8),
        np.array(7, np.uint8),
        np.zeros((0, 9, 3), np.uint8),
    ],
    ids=lambda array: f"{str(array.dtype)[:20]} {array.ndim}",
)
def test_arrays_of_odd_types_and_forms_are_refused_in_words(array):
    assert "The picture is an array of " in refused(array)


def test_an_array_that_is_a_giant_is_refused_before_it_fills_the_memory():
    giant = np.broadcast_to(np.uint8(7), (20_000, 20_000, 4))
    assert refused(giant) == f"The picture cannot be read. {kinds.TOO_LARGE}"


@pytest.mark.parametrize("kind", [np.uint8, ">u2", ">f4", np.float16, np.longdouble])
def test_large_arrays_are_reduced_as_files_are(kind):
    full = {"u": np.iinfo(kind).max if np.dtype(kind).kind == "u" else 1, "f": 1}
    page = np.full((4096, 1024), full[np.dtype(kind).kind], kind)
    page[2000:2100] = 0
    picture = digitrec.load_picture(page)
    assert picture.shape == (2048, 512, 3)
    expected = np.full((2048, 512, 3), 255)
    expected[1000:1050] = 0
    assert np.array_equal(picture, expected)


def test_the_array_that_comes_back_is_a_new_one():
    mine = np.full((9, 9, 3), 255, np.uint8)
    digitrec.load_picture(mine)[:] = 0
    assert mine.min() == 255
    assert digitrec.read_digit(mine).steps.picture is not mine


def test_transparency_is_rounded_as_numbers_are():
    shade, alpha = np.mgrid[:256, :256].astype(np.uint8)
    seen = digitrec.load_picture(np.dstack([shade, shade, shade, alpha]))[:, :, 0]
    exact = (shade.astype(float) * alpha + 255.0 * (255 - alpha)) / 255
    assert np.array_equal(seen, np.rint(exact))


def test_large_palettes_and_two_levels_are_reduced_without_losing_thin_strokes():
    page = np.full((6000, 6000), 255, np.uint8)
    page[:, 3001] = 0
    for mode in ("1", "P"):
        content = worst_files.saved(Image.fromarray(page).convert(mode), "PNG")
        assert (digitrec.load_picture(content).min(axis=(1, 2)) < 220).all(), mode


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bits_are_read_at_any_size(kind):
    page = np.full((40, 5000), 60_000, np.uint16)
    page[10:30, 2000:3000] = 9000
    picture = digitrec.load_picture(worst_files.saved(Image.fromarray(page), kind))
    assert picture.shape == (16, 2048, 3)
    assert (picture[8, 1000, 0], picture[0, 0, 0]) == (9000 >> 8, 60_000 >> 8)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_odd_tags_beside_the_orientation_do_no_harm(kind, orientation):
    page = np.full((40, 60), 255, np.uint8)
    page[:10, :10] = 0
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = "taken by me"
    block = exif.tobytes().replace(b"\x0e\x01\x02\x00", b"\x0e\x01\x0a\x00")  # text as a ratio
    content = worst_files.saved(Image.fromarray(page).convert("RGB"), kind, exif=block)
    picture = digitrec.load_picture(content)
    assert picture.shape[:2] == ((60, 40) if orientation >= 5 else (40, 60))
    dark = [orientation in these for these in ((1, 5), (2, 6), (3, 7), (4, 8))]
    corners = [picture[y, x, 0] for y, x in ((3, 3), (3, -3), (-3, -3), (-3, 3))]
    assert [corner < 99 for corner in corners] == dark


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("PNG, 60,000 chunks", ""),
        ("PNG, 1,500,000 chunks at its end", TOO_COSTLY),
        ("PNG, 90 MB of text", kinds.DAMAGED),
        ("PNG, EXIF of 4,000 tags of 1 MB", ""),
        ("JPEG, 10,000 scans", TOO_COSTLY),
        ("JPEG, 50 parts of EXIF", ""),
        ("BMP, packed, a pixel a row", TOO_COSTLY),
        ("GIF, 60,000 comments", ""),
        ("GIF, 1,000,000 small blocks", TOO_COSTLY),
        ("TIFF, 60,000 strips", ""),
        ("TIFF, 4,000,000 strips", TOO_COSTLY),
        ("TIFF, a tile of 1,024 megapixels", "more than 67 megapixels"),
        ("TIFF, 4,000 tags of 1 MB", TOO_COSTLY),
    ],
)
@LINUX
def test_small_files_that_cost_much_are_told_by_their_header(name, said):
    content = worst_files.FILES[name]()
    seconds, megabytes, found = worst_pages.cost(digitrec.load_picture, content)
    assert (said or "picture of") in found
    assert seconds < 2
    assert megabytes < 1000


def test_what_a_header_promises_is_bounded_by_its_kind():
    side = worst_files.SIDE
    for promised, said in (
        (worst_files.png(side, side, 16, 6, whole=False), "more than 25 megapixels"),
        (worst_files.png(side, side, 8, 6, whole=False), "more than 50 megapixels"),
        (worst_files.png(70_000, 1, whole=False), "longer than 65,536 pixels"),
        (worst_files.saved(Image.new("L", (5000, 5000)), "WEBP"), "more than 16 megapixels"),
    ):
        assert said in refused(promised)


@LINUX
def test_a_film_is_told_by_its_beginning_and_not_read(home):
    for name, beginning in (("film.mp4", b"\0\0\0\x18ftypmp42"), ("giant.png", b"\x89PNG")):
        path = home / name
        path.write_bytes(beginning)
        os.truncate(path, 3_000_000_000)  # it takes no room on the disk
        seconds, megabytes, _ = worst_pages.cost(digitrec.load_picture, path)
        assert (seconds < 1, megabytes < 10) == (True, True)
    assert refused(home / "film.mp4") == f"film.mp4 cannot be read. {kinds.VIDEO}"
    assert refused(home / "giant.png") == f"giant.png cannot be read. {kinds.TOO_HEAVY}"
    assert "134 MB" in kinds.TOO_HEAVY
    assert LARGEST_FILE // 10**6 == 134


@pytest.mark.parametrize(
    "path",
    [
        "~nosuchuser/a.png",
        "n" * 5000,
        "a\0b.png",
        "",
        ".",
        "/",
        "digits",
        "a/" * 3000,
        "\udc80.png",
    ],
    ids=range(9),
)
def test_a_path_where_no_file_can_be_is_a_missing_file(path, home):
    with pytest.raises(FileNotFoundError, match="There is no picture at ") as caught:
        digitrec.load_picture(path)
    assert len(str(caught.value)) < 600


def test_links_in_a_circle_lead_nowhere(home):
    try:
        (home / "one.png").symlink_to("two.png")
    except OSError:
        pytest.skip("Windows lets not everybody make links")
    (home / "two.png").symlink_to("one.png")
    with pytest.raises(FileNotFoundError, match=r"one\.png"):
        digitrec.load_picture("one.png")


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="a file of Linux")
def test_a_file_that_cannot_be_read_says_so():
    assert "mem cannot be opened (Input/output error). Check " in refused("/proc/self/mem")


def test_the_home_folder_may_be_named_by_its_sign(home, monkeypatch):
    for name in ("HOME", "USERPROFILE"):  # Windows' own
        monkeypatch.setenv(name, str(home.parent))
    monkeypatch.setenv("DIGITREC_HOME", "~/home")
    assert digitrec.project_path("digits") == home / "digits"


def test_what_is_no_picture_is_not_listed(home):
    before = digitrec.list_pictures("digits")
    for name in ("digit3.png~", "digit4.png.crdownload", "digit99.mp4", "digits.csv", "digit5"):
        (home / "digits" / name).write_bytes(b"\0")
    (home / "digits" / "digit98.png").mkdir()
    assert digitrec.list_pictures("digits") == before


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_labels_are_read_as_spreadsheets_write_them(encoding, home):
    text = "picture,digit\n\nfünf.png,5\n ,\nseven.png, 7\n"
    (home / "digits" / "labels.csv").write_bytes(text.encode(encoding))
    assert digitrec.load_labels("digits") == {"fünf.png": 5, "seven.png": 7}


def test_labels_without_names_of_columns_and_damaged_ones(home):
    path = home / "digits" / "labels.csv"
    path.write_bytes(b"a.png,1\nb.png,2\n")
    assert digitrec.load_labels("digits") == {"a.png": 1, "b.png": 2}
    for content in (b"a.png,1\n" + bytes(90_000), b"x,1\ny,12", b'x,1\n"' + b"y" * 90_000):
        path.write_bytes(content)
        with pytest.raises(ValueError, match=r"line 2: found .*such as digit17") as caught:
            digitrec.load_labels("digits")
        assert len(str(caught.value)) < 300 + len(str(path))
    path.write_bytes(b"a.png,1\n" * 20_000)
    with pytest.raises(ValueError, match="more than 100 kB"):
        digitrec.load_labels("digits")


def test_a_progressive_photo_is_read_as_any_other():
    page = Image.fromarray(np.tile(np.arange(256, dtype=np.uint8), (200, 4)))
    usual, progressive = io.BytesIO(), io.BytesIO()
    page.save(usual, "JPEG", quality=95)
    page.save(progressive, "JPEG", quality=95, progressive=True)
    same = [digitrec.load_picture(one.getvalue()) for one in (usual, progressive)]
    assert np.array_equal(*same)


@pytest.mark.parametrize("size", [(1, 1), (1, 2048), (3, 2048), (2048, 5), (1, 70_000), (7, 7)])
def test_thin_pictures_are_read(size):
    page = np.full(size, 235, np.uint8)
    page.flat[:: max(2, page.size // 9)] = 20
    assert digitrec.read_page(page).left_out == 0
    assert digitrec.read_digit(page).digit in range(10)


def test_bits_of_samples_that_are_not_there_do_not_count():
    tags = worst_files.grey_tags(9, 9) | {273: (4, [200]), 279: (4, [81]), 258: (4, [8, 2**31])}
    content = worst_files.tiff(tags).ljust(200, b"\0") + bytes(range(81))
    assert np.array_equal(digitrec.load_picture(content)[:, :, 0], np.arange(81).reshape(9, 9))


def test_a_header_with_sizes_of_nothing_is_damaged():
    for bits, colours in ((0, 0), (8, 1), (8, 7), (255, 255)):
        content = bytearray(worst_files.png())
        content[24], content[25] = bits, colours
        assert refused(bytes(content)).endswith(kinds.DAMAGED)
    cut = worst_files.tiff(worst_files.grey_tags(9, 9))
    for end in range(1, len(cut), 7):
        refused(cut[:end])
    refused(b"II*\0" + struct.pack("<I", 2**32 - 1))
