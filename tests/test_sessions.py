"""Long sessions cost no more memory than short ones: stored figures, and a quick look."""

import gc
import json
import tracemalloc

import cv2
import numpy as np
from conftest import ROOT

import digitrec
from digitrec.widgets import UploadBox

MEGABYTE = 1e6


def test_the_stored_campaign_keeps_the_promise():
    stored = json.loads((ROOT / "benchmarks" / "sessions.json").read_text())
    kernel, visitors = stored["one_kernel"], stored["many_visitors"]
    assert (kernel["readings"], kernel["uploads"]) == (5_000, 1_000)
    assert kernel["growth_mb"] <= 50
    assert visitors["visitors"] == 10
    assert visitors["most_mb"] <= 2_500


def photo():
    """A photo of a sheet, as large as the browser sends them; its reading takes 28 MB."""
    sheet = np.random.default_rng(1).normal(215, 4, (1536, 2048))
    digit = cv2.resize(digitrec.load_picture(ROOT / "digits" / "digit1.png")[:, :, 0], (900, 900))
    sheet[300:1200, 500:1400] *= 0.2 + 0.8 * digit / 255
    return cv2.imencode(".jpg", sheet.clip(0, 255).astype(np.uint8))[1].tobytes()


def test_many_photos_at_once_take_little_memory_and_later_ones_replace_them():
    box, content = UploadBox(), photo()
    uploader = box.children[1]

    def upload(batch, count):
        place = {"kind": "picture", "batch": batch, "count": count, "name": "photo.jpg"}
        for number in range(count):
            uploader._handle_custom_msg(place | {"number": number}, [memoryview(content)])
        gc.collect()
        assert [reading.digit for reading in box.readings] == [4] * count
        return tracemalloc.get_traced_memory()[0]  # the system's word depends on earlier tests

    upload(1, 1)
    tracemalloc.start()
    try:
        one, four, again = upload(2, 1), upload(3, 4), upload(4, 1)
    finally:
        tracemalloc.stop()
    assert four - one < 50 * MEGABYTE
    assert again - one < 10 * MEGABYTE
