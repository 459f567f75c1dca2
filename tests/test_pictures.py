"""Pictures of every usual kind become the same array; the others are refused in plain words."""

import io
import struct
import zlib

import cv2
import numpy as np
import pytest
from PIL import Image

import digitrec


@pytest.fixture
def drawing():
    """A dark L on white, 40 wide and 60 high, so that turns and flips show."""
    picture = np.full((60, 40, 3), 255, np.uint8)
    picture[10:50, 10:16] = picture[44:50, 10:30] = (20, 40, 60)
    return picture


def encode(ending, rgb, *options):
    ok, content = cv2.imencode(ending, cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), options)
    assert ok
    return content.tobytes()


@pytest.mark.parametrize("ending", [".png", ".bmp", ".tiff", ".webp", ".jpg", ".gif"])
def test_every_format_gives_the_same_picture(ending, drawing):
    loaded = digitrec.load_picture(encode(ending, drawing))
    assert loaded.shape == drawing.shape
    assert np.abs(loaded.astype(int) - drawing).mean() < 6  # GIF, JPEG and WebP lose a little


def test_path_bytes_and_array_are_the_same(drawing, tmp_path):
    path = tmp_path / "größe.png"
    path.write_bytes(encode(".png", drawing))
    for image in (path, str(path), path.read_bytes(), drawing):
        assert np.array_equal(digitrec.load_picture(image), drawing)


def test_transparent_paper_is_white(drawing):
    ink = (drawing[:, :, 0] < 128).astype(np.uint8) * 255
    black = np.dstack([np.zeros((60, 40, 3), np.uint8), ink])  # black ink on nothing at all
    content = cv2.imencode(".png", black)[1].tobytes()
    for image in (content, black):
        assert np.array_equal(digitrec.load_picture(image)[:, :, 0], 255 - ink)


def test_sixteen_bits_become_eight(drawing):
    grey = drawing[:, :, 0].astype(np.uint16) * 256 + 3
    content = cv2.imencode(".png", grey)[1].tobytes()
    for image in (content, grey):
        assert np.array_equal(digitrec.load_picture(image)[:, :, 0], drawing[:, :, 0])


def test_bool_and_float_arrays(drawing):
    ink = drawing[:, :, 0] < 128
    assert np.array_equal(digitrec.load_picture(~ink)[:, :, 0], np.where(ink, 0, 255))
    assert np.array_equal(digitrec.load_picture((~ink).astype(np.float64))[:, :, 1], 255 * ~ink)


def with_orientation(jpeg, orientation):
    """Put an EXIF block with an orientation right after a JPEG's first marker."""
    tiff = b"II*\x00\x08\x00\x00\x00" + struct.pack("<HHHIHHI", 1, 0x0112, 3, 1, orientation, 0, 0)
    exif = b"Exif\x00\x00" + tiff
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + jpeg[2:]


@pytest.mark.parametrize(
    ("orientation", "stored"),
    [
        (1, lambda upright: upright),
        (3, lambda upright: np.rot90(upright, 2)),
        (6, lambda upright: np.rot90(upright, 1)),
        (8, lambda upright: np.rot90(upright, -1)),
    ],
)
def test_phone_photos_are_turned_upright(orientation, stored, drawing):
    turned = np.ascontiguousarray(stored(drawing))
    loaded = digitrec.load_picture(with_orientation(encode(".jpg", turned), orientation))
    assert loaded.shape == drawing.shape
    assert np.abs(loaded.astype(int) - drawing).mean() < 3


def test_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"There is no picture at .*nothing\.png"):
        digitrec.load_picture(tmp_path / "nothing.png")


@pytest.mark.parametrize(
    ("image", "message"),
    [
        (b"", r"^the picture cannot be read\. The file is empty\."),
        (b"not a picture at all", "It holds text, and is no picture"),
        ("Größe: 28".encode(), "It holds text, and is no picture"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", r"made of lines \(PostScript\)"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC file from an iPhone. Export it as JPEG"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "This is a video"),
        (b"%PDF-1.7\n", "This is a PDF. Export the page"),
        (b"PK\3\4\x14\0", "ZIP archive or an office document"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', r"\(SVG\)\. Export it as PNG"),
        (b"\x89PNG\r\n\x1a\n", "breaks off or is damaged"),
        (bytes(range(64)), "no picture of a kind that can be read here"),
        (None, "came as NoneType, expected a path, bytes or a NumPy array"),
        (np.zeros((3, 28, 28), np.uint8), r"shape \(3, 28, 28\), expected \(height, width\)"),
        (np.zeros((0, 5), np.uint8), r"shape \(0, 5\)"),
        (np.full((5, 5), 300), "array of int64 from 300 to 300"),
        (np.full((5, 5), 7.0), r"from 7\.0 to 7\.0, expected .*float 0-1"),
    ],
)
def test_what_is_no_picture_is_refused_in_words(image, message):
    with pytest.raises(ValueError, match=message):
        digitrec.load_picture(image)


@pytest.mark.parametrize("ending", [".png", ".bmp", ".tiff", ".webp", ".jpg", ".gif"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.9])
def test_a_file_that_breaks_off_is_refused_in_words(ending, share, drawing):
    content = encode(ending, drawing)
    with pytest.raises(ValueError, match=r"is damaged|no picture of a kind|holds text"):
        digitrec.load_picture(content[: int(share * len(content))])


def test_exif_and_transparency_go_together(drawing):
    ink = (drawing[:, :, 0] < 128).astype(np.uint8) * 255
    turned = np.rot90(np.dstack([np.zeros((60, 40, 3), np.uint8), ink]))
    exif = Image.Exif()
    exif[0x0112] = 6
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(turned)).save(buffer, "PNG", exif=exif)
    assert np.array_equal(digitrec.load_picture(buffer.getvalue())[:, :, 0], 255 - ink)


@pytest.mark.parametrize("side", [9_000, 12_000, 30_000])
def test_a_header_that_promises_a_giant_is_refused(side, drawing):
    content = bytearray(encode(".png", drawing))
    content[16:24] = struct.pack(">II", side, side)
    content[29:33] = struct.pack(">I", zlib.crc32(content[12:29]))
    with pytest.raises(ValueError, match="more than 67 megapixels"):
        digitrec.load_picture(bytes(content))


def test_pictures_are_listed_in_counting_order(home):
    stems = [path.stem for path in digitrec.list_pictures("digits")]
    assert stems == [f"digit{n}" for n in range(1, len(stems) + 1)]
    assert len(stems) >= 12
    for name in ("Digit99.JPG", "digit98.heic", "digits.txt"):
        (home / "digits" / name).write_bytes(b"")
    names = [path.name for path in digitrec.list_pictures("digits")]
    assert len(names) == len(stems) + 2
    assert names[-2:] == ["digit98.heic", "Digit99.JPG"]
    with pytest.raises(FileNotFoundError, match=r"no folder .*nowhere.* named digit1\.png"):
        digitrec.list_pictures("nowhere")
    (home / "empty").mkdir()
    assert digitrec.list_pictures("empty") == []


def test_of_a_very_full_folder_the_first_hundred_are_read(home, capsys):
    assert digitrec.readable_pictures([home / "digits" / "digit1.png"] * 103) == (
        [home / "digits" / "digit1.png"] * 100
    )
    assert capsys.readouterr().out.splitlines() == [
        "Left out: the 3 last. At most 100 are read.",
        "Put the others into a folder of their own, and run this again with its name.",
    ]


def test_files_that_are_no_pictures_are_left_out_with_a_sentence_each(home, capsys):
    (home / "digits" / "digit98.heic").write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0")
    (home / "digits" / "digit99.png").write_bytes(b"")
    paths = digitrec.list_pictures("digits")
    assert digitrec.readable_pictures(paths) == paths[:-2]
    assert capsys.readouterr().out.splitlines() == [
        "Left out: digit98.heic cannot be read. "
        "This is a HEIC file from an iPhone. Export it as JPEG.",
        "Left out: digit99.png cannot be read. "
        "The file is empty. Save it again, and choose it once more.",
    ]


def test_labels_say_what_the_pictures_show(home):
    labels = digitrec.load_labels("digits")
    assert set(labels) == {path.name for path in digitrec.list_pictures("digits")}
    assert set(labels.values()) == set(range(10))
    assert digitrec.load_labels("nowhere") == {}


def test_labels_from_a_spreadsheet(home):
    (home / "digits" / "labels.csv").write_bytes(b"\xef\xbb\xbfpicture;digit\r\nmine.png;3\r\n")
    assert digitrec.load_labels("digits") == {"mine.png": 3}
    (home / "digits" / "labels.csv").write_text("picture,digit\nmine.png,3\nother.png,\n")
    with pytest.raises(ValueError, match=r"labels\.csv, line 3: found \['other\.png', ''\]"):
        digitrec.load_labels("digits")


def test_a_path_is_found_from_the_project_folder_as_well(home, monkeypatch):
    monkeypatch.chdir(home.parent)
    assert digitrec.load_picture("digits/digit1.png").shape == (28, 28, 3)
