"""Read simulated photos of filled-in sheets, and count what is cut and labelled rightly.

    python benchmarks/sheets.py               # 300 photos, about 20 minutes
    python benchmarks/sheets.py --photos 20   # fewer: quicker, rougher
    python benchmarks/sheets.py --keep FOLDER   # keep the photos, or take those kept there: after
                                                # a change of the reader, not of the photos

Hands, pens, papers, tables, light and camera are drawn at random, over the ranges that
`scripts/sheet_photos.py` states. What is in each box and where each box lies is known.

A box is right when it is found where it is, all four corners within 1 mm, and when

- a digit that was asked for came out with its label, and its image is like that of the same ink
  on no paper at all: nothing is lost and nothing added, which is, at most 3% of the ink of either
  lies further than a pixel from the other's, once one of them is moved by a pixel at most;
- a digit whose ink leaves its box came out so, or is marked as doubtful;
- another digit than was asked for, or one that was crossed out, is marked as doubtful or not kept;
- an empty box is said to be empty.

Boxes of photos that are refused are not right. A wrong label is handed on where the digit is kept,
nothing about it is marked as doubtful, and another digit is written there, or a crossed-out one, or
none. The results go to sheets.json.
"""

import argparse
import json
import pickle
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, fields
from itertools import product
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np

sys.path.append(str(Path(__file__).parents[1] / "scripts"))
from random_sheets import Case, make_case
from sheet_filling import WRITTEN, Filled
from sheet_photos import SheetKnobs

from digitrec.hands.written import Written
from digitrec.sheets import read_sheet
from digitrec.sheets.layout import BOX, asked

RECORD = Path(__file__).with_name("sheets.json")
PHOTOS = 300
FIRST = 5_000  # seed; the definitions above were settled on photos with lower ones
NEAR = 1.0  # mm, of a corner that is where it should be
INK = 96  # of 255, from which a pixel counts as ink
ASTRAY = 0.03  # of the ink, what may lie further than a pixel from the other image's ink
AROUND = np.ones((3, 3), np.uint8)
PARTS = 3  # a knob's range is cut into, to see what it does


@dataclass(frozen=True)
class Outcome:
    """What became of one photo.

    Attributes:
        seed: of the photo.
        said: why it was refused; "" where it was accepted.
        right: how many boxes are right.
        boxes: of how many.
        faults: how often each kind of fault was seen.
        unmarked: how many wrong labels were handed on.
        alarms: how many digits as asked for were marked as doubtful.
        asked: of how many.
        farthest: mm, of any corner from its place.
        seconds: of the processor, for reading.
        knobs: how the photo was taken, with paper, pen, printer and hand.
    """

    seed: int
    said: str
    right: int
    boxes: int
    faults: dict[str, int]
    unmarked: int
    alarms: int
    asked: int
    farthest: float
    seconds: float
    knobs: dict[str, object]


def outcome(case: Case) -> Outcome:
    """Read a photo and compare with what is known about it."""
    filled = case.filled
    about = asdict(case.knobs) | {
        "paper": filled.paper,
        "pen": case.pen,
        "printer": "grey" if case.grey else "colour",
        "rows": filled.code.rows,
    }
    start = time.process_time()
    try:
        written = read_sheet(case.photo)
        said = ""
    except ValueError as error:
        said = str(error)
    seconds = time.process_time() - start
    boxes = filled.code.boxes
    if said:
        return Outcome(case.seed, said, 0, boxes, {}, 0, 0, 0, 0.0, seconds, about)
    faults = [fault(case, written, number) for number in range(boxes)]
    places = {int(number): place for place, number in enumerate(written.numbers)}
    as_asked = [n for n in places if n < boxes and filled.states[n] == WRITTEN]
    return Outcome(
        case.seed,
        "",
        sum(not each for each in faults),
        boxes,
        dict(Counter(each for each in faults if each)),
        sum(handed_on_wrongly(filled, written, place) for place in range(len(written))),
        sum(bool(written.doubts[places[n]]) for n in as_asked),
        len(as_asked),
        max(off(case, written, place) for place in range(len(written))),
        seconds,
        about,
    )


def fault(case: Case, written: Written, number: int) -> str:
    """Say what is wrong with a box; "" where it is right."""
    filled, state = case.filled, case.filled.states[number]
    places = np.flatnonzero(written.numbers == number)
    if state == "empty":
        return "an empty box has ink" if len(places) else ""
    if len(places) != 1:
        return f"nothing found: {state}"
    place = int(places[0])
    if off(case, written, place) > NEAR:
        return "box in another place"
    marked = bool(written.doubts[place]) or not written.kept[place]
    if state in ("crossed out", "another digit"):
        return "" if marked else f"unmarked: {state}"
    if written.labels[place] != asked(number):
        return "another label"
    if state == "leaves its box" and marked:
        return ""
    if not written.kept[place]:
        return f"not kept: {state}"
    if astray(written.images[place], filled.clean_image(number)) > ASTRAY:
        return f"another image: {state}"
    return ""


def handed_on_wrongly(filled: Filled, written: Written, place: int) -> bool:
    """Return whether a digit is kept, unmarked and labelled as something that is not there."""
    number = int(written.numbers[place])
    if written.doubts[place] or not written.kept[place]:
        return False
    wrong = filled.digits[number] != written.labels[place]
    return bool(wrong or filled.states[number] == "crossed out")


def off(case: Case, written: Written, place: int) -> float:
    """Return how far a box's corners are from where they should be at most, in mm."""
    true, found = case.corners[written.numbers[place]], written.boxes[place]
    # the box itself tells how many pixels a mm has there, to the right and down
    right, down = (true[1] - true[0]) / BOX[0], (true[3] - true[0]) / BOX[1]
    return float(np.linalg.norm((found - true) @ np.linalg.inv([right, down]), axis=1).max())


def astray(one: np.ndarray, other: np.ndarray) -> float:
    """Return the share of an image's ink that is not within a pixel of the other's, 0-1.

    Args:
        one: array (28, 28), uint8.
        other: the same; it may be moved by a pixel in each direction, so that they fit best.

    Returns:
        The larger share of the two images; a wider pen counts nothing, a lost bar does.
    """
    near, one = cv2.dilate(one, AROUND) >= INK, one >= INK
    worst = []
    for way in product((-1, 0, 1), repeat=2):
        moved = np.roll(other, way, axis=(0, 1))
        lost = (moved[~near] >= INK).sum() / max(1, (moved >= INK).sum())
        added = (one & (cv2.dilate(moved, AROUND) < INK)).sum() / max(1, one.sum())
        worst.append(max(lost, added))
    return float(min(worst))


def run(seed: int, folder: Path | None) -> Outcome:
    """Make one photo, or take a kept one, read it and say what became of it."""
    cv2.setNumThreads(1)
    if folder is None:
        return outcome(make_case(seed))
    path = folder / f"{seed}.pickle"
    if not path.exists():
        path.write_bytes(pickle.dumps(make_case(seed)))
    return outcome(pickle.loads(path.read_bytes()))


def by_knob(outcomes: list[Outcome]) -> dict[str, dict[str, list]]:
    """Return for each knob, from its best third to its worst: the share right, photos refused."""
    ranges = {f.name: f.metadata["range"] for f in fields(SheetKnobs) if "range" in f.metadata}
    table = {}
    for name in outcomes[0].knobs:
        values = [each.knobs[name] for each in outcomes]
        if name in ranges:
            best = ranges[name][0]
            order = np.argsort(np.abs(np.array(values) - best), kind="stable")
            parts = {}
            for part in np.array_split(order, PARTS):
                label = f"{values[part[0]]:.3g} to {values[part[-1]]:.3g}"
                parts[label] = [*parts.get(label, []), *part]  # many have the best value
        elif isinstance(values[0], float):
            continue  # directions
        else:
            parts = {str(v): np.flatnonzero([w == v for w in values]) for v in sorted(set(values))}
        table[name] = {label: right([outcomes[i] for i in part]) for label, part in parts.items()}
    return table


def right(outcomes: list[Outcome]) -> dict[str, float | int]:
    """Return the share of boxes that are right, and the photos that were refused."""
    boxes = sum(each.boxes for each in outcomes)
    return {
        "photos": len(outcomes),
        "right": sum(each.right for each in outcomes) / boxes,
        "refused": sum(bool(each.said) for each in outcomes),
    }


def summary(outcomes: list[Outcome]) -> dict:
    """Return all figures of a campaign."""
    accepted = [each for each in outcomes if not each.said]
    large = sorted(each.seconds for each in outcomes if each.knobs["megapixels"] == 12)
    return {
        "photos": len(outcomes),
        "boxes": sum(each.boxes for each in outcomes),
        "right": right(outcomes)["right"],
        "right_in_accepted": right(accepted)["right"],
        "wrong_labels_unmarked": sum(each.unmarked for each in accepted),
        "doubtful_as_asked": sum(e.alarms for e in accepted) / sum(e.asked for e in accepted),
        "farthest_corner_mm": max(each.farthest for each in accepted),
        "faults": dict(sum((Counter(each.faults) for each in accepted), Counter()).most_common()),
        "refused": dict(Counter(each.said for each in outcomes if each.said).most_common()),
        "seconds_12_megapixels": {
            "photos": len(large),
            "median": float(np.median(large)) if large else None,
            "longest": large[-1] if large else None,
        },
        "by_knob": by_knob(outcomes),
        "worst": [asdict(each) for each in sorted(outcomes, key=lambda e: e.right / e.boxes)[:20]],
    }


def commit() -> str:
    """Return the commit that was measured."""
    command = ["git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    folder = Path(__file__).parent
    return subprocess.run(command, cwd=folder, capture_output=True, text=True).stdout.strip()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=int, default=PHOTOS)
    parser.add_argument("--first", type=int, default=FIRST, help="seed of the first photo")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder for photos and what is known of them")
    options = parser.parse_args()
    measured = commit()
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
    seeds = range(options.first, options.first + options.photos)
    outcomes = []
    with ProcessPoolExecutor(options.jobs, mp_context=get_context("spawn")) as pool:
        for result in pool.map(run, seeds, [options.keep] * len(seeds)):
            outcomes.append(result)
            print(
                f"{result.seed}: {result.right} of {result.boxes} right, "
                f"{result.unmarked} unmarked, {result.said or dict(result.faults)}",
                flush=True,
            )
    record = {"commit": measured} | summary(outcomes)
    print(json.dumps({k: v for k, v in record.items() if k not in ("by_knob", "worst")}, indent=1))
    if options.photos == PHOTOS:
        RECORD.write_text(json.dumps(record, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
