"""Read the pictures that take longest, and see what each costs: seconds of a core, and memory.

    python benchmarks/worst_pages.py            # about 4 minutes, on Linux alone
    python benchmarks/worst_pages.py spiral     # those alone whose name has this in it; not stored

Nobody sends such a picture on purpose, but a scanned page of print, rough cloth, squared paper and
a screenshot come close. Files that cost much to open come from `worst_files`. The results go to
worst_pages.json.
"""

import argparse
import ctypes
import json
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import cv2
import numpy as np
from worst_files import FILES

import digitrec
from digitrec.versions import installed_versions

TALL = 2048  # pixels a side; a larger picture is reduced to it
SECONDS = {"read_digit": 2.0, "read_page": 3.0}  # of one core, that a picture may take at most
MEGABYTES = 1000  # that it may take at most, while it is read


def paper(height: int = TALL, width: int = TALL) -> np.ndarray:
    """Return an empty page."""
    return np.full((height, width), 235, np.uint8)


def specks(count: int, side: int = 20, tall: int = TALL) -> np.ndarray:
    """Return a page with filled squares, evenly spread."""
    page = paper(tall, tall)
    across = int(np.ceil(np.sqrt(count)))
    step = tall / across
    for number in range(count):
        y, x = int((number // across + 0.3) * step), int((number % across + 0.3) * step)
        page[y : y + side, x : x + side] = 30
    return page


def loose_specks(count: int, least: int, most: int) -> np.ndarray:
    """Return a page with strokes of different lengths in every direction."""
    page, rng = paper(), np.random.default_rng(count)
    for x, y in rng.integers(20, TALL - 20, (count, 2)):
        angle, length = rng.uniform(0, np.pi), rng.uniform(least, most)
        end = int(x + length * np.cos(angle)), int(y + length * np.sin(angle))
        cv2.line(page, (int(x), int(y)), end, 30, int(rng.integers(2, 6)))
    return page


def print_of(lines: int, words: str, font: int = cv2.FONT_HERSHEY_SIMPLEX) -> np.ndarray:
    """Return a page of print."""
    page, step = paper(), TALL / (lines + 1)
    scale = step / 42
    for line in range(lines):
        place = (20, int((line + 1) * step))
        cv2.putText(page, words * 20, place, font, scale, 40, max(1, round(2 * scale)), cv2.LINE_AA)
    return page


def salt_and_pepper(share: float, side: int = TALL) -> np.ndarray:
    """Return a page on which single pixels are black or white."""
    page, chance = paper(side, side), np.random.default_rng(2).random((side, side))
    page[chance < share / 2], page[chance > 1 - share / 2] = 0, 255
    return page


def noise(side: int, blur: float = 0) -> np.ndarray:
    """Return nothing but noise, as coarse as the blur is wide."""
    page = np.random.default_rng(3).integers(0, 256, (side, side), dtype=np.uint8)
    if blur:
        page = cv2.normalize(cv2.GaussianBlur(page, None, blur), None, 0, 255, cv2.NORM_MINMAX)
    return page


def blobs(blur: float, share: float) -> np.ndarray:
    """Return a page with so much of it under black blobs, as large as the blur is wide."""
    cloud = cv2.GaussianBlur(np.random.default_rng(4).normal(size=(TALL, TALL)), None, blur)
    return np.where(cloud > np.quantile(cloud, 1 - share), 30, 235).astype(np.uint8)


def stripes(wide: int, side: int = TALL, slope: float = 1.0) -> np.ndarray:
    """Return slanted stripes."""
    rows, columns = np.indices((side, side))
    return np.where((rows * slope + columns) // wide % 2, 30, 235).astype(np.uint8)


def margined(picture: np.ndarray, wide: int = 40) -> np.ndarray:
    """Return a picture with empty paper around it, so that nothing runs along the frame."""
    picture = picture.copy()
    picture[:wide] = picture[-wide:] = 235
    picture[:, :wide] = picture[:, -wide:] = 235
    return picture


def checkerboard(wide: int, side: int = TALL) -> np.ndarray:
    """Return a checkerboard."""
    rows, columns = np.indices((side, side)) // wide
    return np.where((rows + columns) % 2, 30, 235).astype(np.uint8)


def rings(step: int, broken: bool = False) -> np.ndarray:
    """Return concentric rings, whole or of dashes."""
    page, middle = paper(), TALL // 2
    for number, radius in enumerate(range(step, middle - 10, step)):
        if broken:
            for start in range(0, 360, 20):
                arc = (start, start + 15)
                cv2.ellipse(page, (middle, middle), (radius, radius), number, *arc, 30, 3)
        else:
            cv2.circle(page, (middle, middle), radius, 30, 3)
    return page


def spiral(step: int, pieces: int = 1) -> np.ndarray:
    """Return a spiral from the middle to the frame, or several inside each other."""
    page = paper()
    for piece in range(pieces):
        turn = np.linspace(0, (TALL / 2 - 20) / step * 2 * np.pi, 40_000)
        radius = step * turn / (2 * np.pi)
        angle = turn + 2 * np.pi * piece / pieces
        points = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1) + TALL / 2
        cv2.polylines(page, [points.astype(np.int32)], False, 30, 3)
    return page


def hatching(step: int) -> np.ndarray:
    """Return strokes that cross: one piece of ink with thousands of holes."""
    page = paper()
    for at in range(-TALL, TALL, step):
        cv2.line(page, (at, 0), (at + TALL, TALL), 30, 2)
        cv2.line(page, (at + TALL, 0), (at, TALL), 30, 2)
    return margined(page)


def grid(step: int, wide: int = 2) -> np.ndarray:
    """Return squared paper in dark ink."""
    page = paper()
    for at in range(step, TALL, step):
        page[at : at + wide] = 60
        page[:, at : at + wide] = 60
    return page


def dashes(step: int, long: int, wide: int = 3) -> np.ndarray:
    """Return lines of dashes, as of a form to be filled in."""
    page = paper()
    for y in range(step, TALL - step, step):
        for x in range(step, TALL - step, 2 * long):
            page[y : y + wide, x : x + long] = 40
    return page


def combs(step: int, teeth: int) -> np.ndarray:
    """Return rows of combs: each one piece of ink, with a place to cut at every gap."""
    page, high = paper(), 5 * step
    for y in range(40, TALL - high - 40, high + step):
        for left in range(40, TALL - 2 * teeth * step - 40, 2 * (teeth + 1) * step):
            page[y : y + step // 2, left : left + 2 * teeth * step] = 30
            for tooth in range(teeth):
                x = left + 2 * tooth * step
                page[y : y + high, x : x + step // 2] = 30
    return page


def carpet(depth: int) -> np.ndarray:
    """Return Sierpinski's carpet: squares of every size."""
    page = np.ones((1, 1), bool)
    for _ in range(depth):
        tile = np.kron([[1, 1, 1], [1, 0, 1], [1, 1, 1]], page)
        page = tile.astype(bool)
    page = cv2.resize(page.astype(np.uint8), (TALL, TALL), interpolation=cv2.INTER_NEAREST)
    return np.where(page > 0, 235, 30).astype(np.uint8)


def tree(depth: int) -> np.ndarray:
    """Return loose strokes that branch, each a little smaller than the one before."""
    page = paper()
    ends = [(TALL / 2, TALL - 60.0, -np.pi / 2, 420.0)]
    for _ in range(depth):
        later = []
        for x, y, angle, length in ends:
            u, v = x + length * np.cos(angle), y + length * np.sin(angle)
            a, b = np.array([x, y]) * 0.9 + np.array([u, v]) * 0.1, (u, v)
            cv2.line(page, tuple(np.int32(a)), tuple(np.int32(b)), 30, 3)
            later += [(u, v, angle - 0.5, length * 0.74), (u, v, angle + 0.5, length * 0.74)]
        ends = later
    return page


def zeros(high: int, touching: bool, rows: int) -> np.ndarray:
    """Return rows of zeros from side to side."""
    page, wide = paper(), round(0.6 * high)
    step = wide if touching else round(1.3 * wide)
    for row in range(rows):
        y = round((row + 0.5) * TALL / rows)
        for x in range(60 + wide, TALL - 60 - wide, step):
            pen = max(2, high // 10)
            cv2.ellipse(page, (x, y), (wide // 2, high // 2), 0, 0, 360, 30, pen)
    return page


def boxes_in_boxes(step: int) -> np.ndarray:
    """Return squares inside each other: the box of each holds all smaller ones."""
    page = paper()
    for inset in range(30, TALL // 2 - step, step):
        cv2.rectangle(page, (inset, inset), (TALL - inset, TALL - inset), 30, 2)
    return page


def corners(step: int) -> np.ndarray:
    """Return angles inside each other: long thin pieces whose boxes overlap."""
    page = paper()
    for at in range(40, TALL - 80, step):
        page[at : at + 3, at : TALL - 40] = 30
        page[at : TALL - 40, at : at + 3] = 30
    page[:, :40] = 235
    return page


def sparse_diagonals(count: int) -> np.ndarray:
    """Return long slanted strokes, the box of each nearly the whole page."""
    page = paper()
    for at in range(count):
        shift = 6 + at * (TALL - 200) // count
        cv2.line(page, (60 + shift // 8, TALL - 60 - shift), (TALL - 60, 70 + shift // 8), 30, 2)
    return page


def specks_in_rings(rings: int, count: int) -> np.ndarray:
    """Return large rings with specks inside, all of which may be pieces of them."""
    page, middle = paper(), TALL // 2
    for ring in range(rings):
        cv2.circle(page, (middle, middle), middle - 20 - 14 * ring, 30, 5)
    for number in range(count):
        x, y = 340 + 65 * (number % 20), 340 + 65 * (number // 20)
        page[y : y + 160 * (number % 2) + 20, x : x + 30] = 30
    return page


def staircase(high: int) -> np.ndarray:
    """Return small zeros, each in a row of its own."""
    page = paper()
    for number, y in enumerate(range(20, TALL - 20, high)):
        x = 20 + (number * 997) % (TALL - 40)
        cv2.ellipse(page, (x, y), (max(2, high // 3), high // 2), 0, 0, 360, 30, 1)
    return page


def on_a_desk(page: np.ndarray) -> np.ndarray:
    """Return a page that lies on a dark desk, turned a little, as it is photographed."""
    turn = cv2.getRotationMatrix2D((TALL / 2, TALL / 2), 4, 0.8)
    return cv2.warpAffine(page, turn, (TALL, TALL), borderValue=60)


def in_shadow(page: np.ndarray) -> np.ndarray:
    """Return a page with a shadow over half of it, so that the light is divided out."""
    page = page.copy()
    page[:, : TALL // 2] = page[:, : TALL // 2] * 0.5
    return page


def large_digits(rows: int) -> np.ndarray:
    """Return a page full of handwritten digits, as an ordinary full page is."""
    images = digitrec.load_mnist().validation.images
    side = TALL // rows
    tiles = [cv2.resize(image, (side, side)) for image in images[: rows * rows]]
    ink = np.vstack([np.hstack(tiles[rows * row : rows * (row + 1)]) for row in range(rows)])
    page = paper()
    page[: len(ink), : len(ink)] -= (ink * 0.8).astype(np.uint8)
    return page


def coloured(page: np.ndarray) -> np.ndarray:
    """Return a page in red ink on green paper."""
    ink = page < 128
    return np.where(ink[..., np.newaxis], np.uint8([200, 60, 60]), np.uint8([60, 150, 60]))


TEXT = "The quick brown fox jumps over the lazy dog 0123456789 "

PAGES: dict[str, Callable[[], np.ndarray]] = {
    **{f"{count} specks": lambda count=count: specks(count) for count in (50, 400, 1600, 5000)},
    "5,000 specks of 8": lambda: specks(5000, 8),
    "5,000 specks, nearly touching": lambda: specks(5000, 26),
    "20,000 specks": lambda: specks(20_000, 8),
    "400 strokes": lambda: loose_specks(400, 20, 90),
    "2,000 strokes": lambda: loose_specks(2000, 10, 60),
    "10,000 strokes": lambda: loose_specks(10_000, 5, 20),
    "60 lines of print": lambda: print_of(60, TEXT),
    "120 lines of print": lambda: print_of(120, TEXT),
    "30 lines of cursive": lambda: print_of(30, TEXT, cv2.FONT_HERSHEY_SCRIPT_SIMPLEX),
    "60 lines of print on a desk": lambda: on_a_desk(print_of(60, TEXT)),
    "60 lines of print in a shadow": lambda: in_shadow(print_of(60, TEXT)),
    "20 lines of numbers": lambda: print_of(20, "0123456789 "),
    "40 lines of ones": lambda: print_of(40, "1"),
    "40 lines of colons": lambda: print_of(40, ": ; . , i j"),
    "salt and pepper of 2%": lambda: salt_and_pepper(0.02),
    "salt and pepper of 0.2%": lambda: salt_and_pepper(0.002),
    "salt and pepper, in a shadow": lambda: in_shadow(salt_and_pepper(0.02)),
    "noise, 8,000x8,000": lambda: noise(8000),
    "coarse noise": lambda: noise(TALL, 3),
    "coarser noise": lambda: noise(TALL, 12),
    "blobs, a tenth": lambda: blobs(6, 0.1),
    "blobs, a quarter": lambda: blobs(10, 0.25),
    "blobs, half": lambda: blobs(10, 0.5),
    "large blobs": lambda: blobs(20, 0.2),
    "stripes of 5, 1,000x1,000": lambda: stripes(5, 1000),
    "stripes of 5": lambda: stripes(5),
    "stripes of 12, with a margin": lambda: margined(stripes(12)),
    "steep stripes": lambda: margined(stripes(9, slope=0.3)),
    "level stripes, slightly turned": lambda: margined(stripes(6, slope=9.0)),
    "checkerboard of 1": lambda: checkerboard(1),
    "checkerboard of 8": lambda: checkerboard(8),
    "checkerboard of 40": lambda: margined(checkerboard(40)),
    "rings": lambda: rings(10),
    "broken rings": lambda: rings(40, broken=True),
    "spiral": lambda: spiral(12),
    "eight spirals": lambda: spiral(96, 8),
    "hatching": lambda: hatching(16),
    "wide hatching": lambda: hatching(120),
    "grid of 16": lambda: grid(16),
    "grid of 40": lambda: margined(grid(40)),
    "dashes": lambda: dashes(20, 12),
    "long dashes": lambda: dashes(24, 60),
    "combs": lambda: combs(8, 20),
    "long combs": lambda: combs(6, 160),
    "carpet": lambda: carpet(6),
    "tree": lambda: tree(11),
    "one line of touching zeros": lambda: zeros(80, True, 1),
    "20 lines of touching zeros": lambda: zeros(60, True, 20),
    "20 lines of zeros": lambda: zeros(60, False, 20),
    "40 lines of zeros": lambda: zeros(34, False, 40),
    "boxes in boxes": lambda: boxes_in_boxes(5),
    "corners": lambda: corners(6),
    "slanted strokes": lambda: sparse_diagonals(400),
    "specks in five rings": lambda: specks_in_rings(5, 390),
    "digits on a diagonal": lambda: staircase(9),
    "nested pieces": lambda: sparse_diagonals(40),
    "6x6 digits": lambda: large_digits(6),
    "20x20 digits": lambda: large_digits(20),
    "40x40 digits": lambda: large_digits(40),
    "60x60 digits": lambda: large_digits(60),
    "20x20 digits on a desk": lambda: on_a_desk(large_digits(20)),
    "40x40 digits, red on green": lambda: coloured(large_digits(40)),
    "1x8,000,000": lambda: np.tile(np.uint8([30, 235]), (1, 4_000_000)),
    "3x2,048": lambda: np.tile(np.uint8([30, 30, 30, 235]), (3, TALL // 4)),
    "2,048x5": lambda: noise(TALL)[:, :5],
    "8,000x8,000 float": lambda: np.full((8000, 8000), 0.5),
    "8,000x8,000 with alpha": lambda: np.full((8000, 8000, 4), 200, np.uint8),
    "8,000x8,000 of 16 bits": lambda: np.full((8000, 8000), 40_000, np.uint16),
}


def cost(read: Callable, picture: object) -> tuple[float, float, str]:
    """Read a picture; return the seconds of a core, the megabytes more, and what was said.

    The memory is the highest that Linux saw of this process in between.
    """
    ctypes.CDLL("libc.so.6").malloc_trim(0)  # what was freed must not be filled unseen
    Path("/proc/self/clear_refs").write_text("5", "utf-8")  # the peak starts anew
    before, start = memory("VmHWM"), time.process_time()
    try:
        said = describe(read(picture))
    except ValueError as error:
        said = f"ValueError: {error}"
    return time.process_time() - start, memory("VmHWM") - before, said


def describe(result: digitrec.Page | digitrec.Reading | np.ndarray) -> str:
    """Return in few words what was read."""
    if isinstance(result, np.ndarray):
        return f"a picture of {result.shape[1]}x{result.shape[0]}"
    if isinstance(result, digitrec.Reading):
        return result.sentence
    digits = len("".join(result.text.split()))
    return f"{digits} digits in {len(result.readings)} marks, {result.left_out} left out"


def memory(name: str) -> float:
    """Return an entry of this process' memory in megabytes."""
    for line in Path("/proc/self/status").read_text("utf-8").splitlines():
        if line.startswith(name):
            return int(line.split()[1]) / 1024
    raise ValueError(f"Linux says nothing of {name}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", nargs="?", default="", help="a part of the names to read alone")
    chosen = parser.parse_args().name
    digitrec.read_page(np.eye(64, dtype=bool))  # loads the network
    results = {}
    for name, make in (PAGES | FILES).items():
        if chosen not in name:
            continue
        picture = make()
        results[name] = {}
        for read in (digitrec.read_digit, digitrec.read_page):
            seconds, megabytes, said = cost(read, picture)
            bad = "  TOO MUCH" if seconds > SECONDS[read.__name__] or megabytes > MEGABYTES else ""
            print(f"{name:45s} {read.__name__:10s} {seconds:6.2f} s {megabytes:6.0f} MB  "
                  f"{said:.90}{bad}", flush=True)  # fmt: skip
            results[name][read.__name__] = {"seconds": round(seconds, 2), "MB": round(megabytes),
                                            "said": said}  # fmt: skip
    if not chosen:
        worst = {
            read: {unit: max(row[read][unit] for row in results.values()) for unit in
                   ("seconds", "MB")}
            for read in SECONDS
        }  # fmt: skip
        versions = installed_versions("numpy", "opencv-python-headless", "pillow")
        record = {"date": date.today().isoformat(), "versions": versions, "worst": worst,
                  "pages": results}  # fmt: skip
        Path(__file__).with_suffix(".json").write_text(json.dumps(record, indent=1) + "\n", "utf-8")
        print(worst)


if __name__ == "__main__":
    main()
