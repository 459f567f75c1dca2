"""The upload box, worked through its state as a browser would."""

import cv2
import numpy as np
import pytest

import digitrec
from digitrec.widgets import LARGEST_UPLOAD, UploadBox


def file(name, content, size=None):
    return {
        "name": name,
        "type": "image/png",
        "size": len(content) if size is None else size,
        "content": memoryview(content),
        "last_modified": 1000,
    }


def picture(name):
    return file(name, digitrec.project_path(f"digits/{name}").read_bytes())


@pytest.fixture
def box(boxed_model):
    return UploadBox(lambda content: digitrec.read_digit(content, boxed_model))


def upload(box, *files):
    button = box.children[0]
    button.set_state({"value": list(files)})
    return [child.value for child in box.children[1].children if hasattr(child, "placeholder")]


def test_a_picture_is_read(box):
    assert box.readings == ()
    assert upload(box, picture("digit1.png")) == ["digit1.png: The number is probably a 4."]
    assert [reading.digit for reading in box.readings] == [4]
    drawn = box.children[1].children[1].value
    assert cv2.imdecode(np.frombuffer(drawn, np.uint8), cv2.IMREAD_COLOR).shape[1] > 500


def test_several_at_once_stay_in_order(box):
    upload(box, picture("digit2.png"), picture("digit9.png"), picture("digit3.png"))
    assert [reading.digit for reading in box.readings] == [7, 8, 2]


def test_the_same_file_twice_is_read_twice(box):
    upload(box, picture("digit1.png"))
    first = box.readings
    upload(box, picture("digit1.png"))
    assert box.readings is not first
    assert [reading.digit for reading in box.readings] == [4]


def test_the_picture_is_not_kept(box):
    upload(box, picture("digit1.png"))
    assert box.children[0].value == ()


@pytest.mark.parametrize(
    ("content", "size", "message"),
    [
        (b"", None, "empty (0 bytes)"),
        (b"Dear diary", None, "is not a picture that can be read"),
        (b"\x89PNG\r\n\x1a\n", 3 * LARGEST_UPLOAD, "the file has 30.0 MB, expected at most 10 MB"),
    ],
)
def test_what_cannot_be_read_is_said_in_words_and_the_rest_is_read(box, content, size, message):
    texts = upload(box, file("bad.png", content, size), picture("digit1.png"))
    assert texts[0].startswith("bad.png: ")
    assert message in texts[0]
    assert texts[1] == "digit1.png: The number is probably a 4."
    assert len(box.readings) == 1


def test_a_file_name_is_never_html(box):
    evil = picture("digit1.png") | {"name": "<img src=x onerror=alert(1)>.png"}
    assert "<img" not in upload(box, evil)[0]
    assert "&lt;img" in upload(box, evil)[0]
