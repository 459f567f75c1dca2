"""Measure what long sessions cost: memory of one kernel that reads on and on, and of many visitors.

    python benchmarks/sessions.py

The figures go to sessions.json. One process reads 5,000 pictures and takes 1,000 uploads, as the
browser sends them; its memory may grow by 50 MB after the first few. Ten visitors come to the page
of `make app` one after another, each in a browser, draw, choose pictures and leave; the server and
its kernels may take 2.5 GB at any time. Needs a Chromium.
"""

import gc
import json
import os
import platform
import sys
import tempfile
from itertools import cycle, islice
from pathlib import Path

import psutil
from sampling import sampled
from tqdm import tqdm

import digitrec
from digitrec.widgets import DrawPad, UploadBox

ROOT = Path(__file__).resolve().parent.parent
PICTURES = sorted(p for p in (ROOT / "digits").iterdir() if p.suffix in {".png", ".jpg"})
READINGS, UPLOADS, STROKES = 5_000, 1_000, 1_000
VISITORS, CHOSEN = 10, 5
MOST_GROWTH = 50  # MB
MOST_TOGETHER = 2_500  # MB
ONE = [[140, y] for y in range(50, 230, 5)]


def memory() -> float:
    """Return the MB that this process holds."""
    gc.collect()
    return psutil.Process().memory_info().rss / 1e6


def read(count: int) -> None:
    """Read pictures of the project, each as a digit and every tenth as a page."""
    for number, path in enumerate(islice(cycle(PICTURES), count)):
        digitrec.read_digit(path)
        if number % 10 == 0:
            digitrec.read_page(path)


def upload(box: UploadBox, count: int) -> None:
    """Choose pictures one after another, by the messages that a browser sends."""
    uploader = box.children[1]
    for number, path in enumerate(islice(cycle(PICTURES), count)):
        place = {"batch": uploader._batch + 1, "count": 1, "number": 0, "name": path.name}
        uploader._handle_custom_msg({"kind": "picture"} | place, [memoryview(path.read_bytes())])
        assert len(box.readings) >= 1, number


def draw(pad: DrawPad, count: int) -> None:
    """Draw strokes one after another."""
    (field,) = pad.children
    for number in range(count):
        field.set_state({"strokes": [[[x, y + number % 20] for x, y in ONE]]})
        assert pad.reading.digit == 1


def one_kernel(readings: int = READINGS, uploads: int = UPLOADS, strokes: int = STROKES) -> dict:
    """Read, upload and draw in ten rounds, and return how memory grew after the first."""
    box, pad = UploadBox(), DrawPad()
    marks = []
    for _ in tqdm(range(10), "rounds of one kernel"):
        read(readings // 10)
        upload(box, uploads // 10)
        draw(pad, strokes // 10)
        marks.append(round(memory(), 1))
    return {
        "readings": readings,
        "uploads": uploads,
        "strokes": strokes,
        "after_each_round_mb": marks,
        "growth_mb": round(max(marks) - marks[0], 1),
    }


def together(server: psutil.Process) -> float:
    """Return the MB of a server and its kernels; what they share counts for each."""
    total = 0
    for process in (server, *server.children(recursive=True)):
        try:
            total += process.memory_info().rss
        except psutil.Error:  # it has just ended
            continue
    return total / 1e6


def visit(context, address: str) -> None:
    """Come, draw, choose pictures, and leave."""
    import browser as person
    from playwright.sync_api import expect

    page = person.prepare_page(context.new_page())
    assert page.goto(address).ok, "too many are here, for those who left have not ended"
    person.draw(page, person.ONE)
    expect(page.get_by_text("Python has it, too: a 1")).to_be_visible()
    person.choose(page, *PICTURES[:CHOSEN])
    expect(page.locator(".digitrec-file")).to_have_count(CHOSEN)
    expect(page.locator(".digitrec-progress:visible")).to_have_count(0)
    page.close(run_before_unload=True)


def many_visitors(count: int = VISITORS) -> dict:
    """Let visitors come and go, and return the most memory that was taken at any time."""
    sys.path.append(str(ROOT / "tests"))
    from browser import OPTIONS, app, find_browser
    from playwright.sync_api import sync_playwright

    with (
        tempfile.TemporaryDirectory() as folder,
        app(Path(folder)) as address,
        sync_playwright() as playwright,
    ):
        port = f"--port={address.rpartition(':')[2]}"
        (server,) = [child for child in psutil.Process().children() if port in child.cmdline()]
        browser = playwright.chromium.launch(executable_path=find_browser(), args=OPTIONS)
        context = browser.new_context()  # of all: a tab that closes with its own says no last word
        with sampled(lambda: together(server), 0.25) as marks:
            for _ in tqdm(range(count), "visitors"):
                visit(context, address)
        browser.close()
    return {"visitors": count, "most_mb": round(max(marks))}


def main() -> None:
    kernel = one_kernel()  # first, in a process that holds nothing else
    visitors = many_visitors()
    machine = f"{platform.machine()}, {os.cpu_count()} cores"
    result = {"machine": machine, "one_kernel": kernel, "many_visitors": visitors}
    Path(__file__).with_suffix(".json").write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    print(json.dumps(result, indent=2))
    if kernel["growth_mb"] > MOST_GROWTH or visitors["most_mb"] > MOST_TOGETHER:
        raise SystemExit(f"Expected at most {MOST_GROWTH} MB more, and {MOST_TOGETHER} MB at once.")


if __name__ == "__main__":
    main()
