"""Tell a second photo of a sheet from another sheet of the same hand, on simulated photos.

    python benchmarks/same_sheet.py      # 12 hands, some three minutes

Each hand writes two sheets of ten of each digit; the first is photographed twice, each time in
another way. Two things are measured between readings, box by box: the median difference of the
images, and how many digits are nearest to their own box, of the ten of their kind, beyond chance.
The thresholds in `digitrec/hands/same_sheet.py` come from hands with other seeds (0 to 11). The
figures go to same_sheet.json.
"""

import json
import sys
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

sys.path.append(str(Path(__file__).parents[1] / "scripts"))
from sheet_filling import Filled, fill, writing
from sheet_photos import draw_knobs, photograph
from simulated_hands import draw_hand

from digitrec.hands.same_sheet import common, difference, found_again, is_same_sheet
from digitrec.hands.written import Written
from digitrec.sheets import read_sheet, sheet_image
from digitrec.sheets.layout import Code

RECORD = Path(__file__).with_suffix(".json")
SEEDS = range(500, 512)
DOTS = 200  # per inch
MEGAPIXELS = 5.0
PAIRS = ("two photos of a sheet", "two sheets of a hand", "two hands")


def sheet(seed: int, page: int, generator: np.random.Generator) -> Filled:
    """Return a sheet that a hand wrote on."""
    code = Code(412, seed - SEEDS.start + 1, page, 10)
    by_hand = writing(draw_hand(seed), generator, DOTS / 25.4)
    return fill(sheet_image(code, "A4", DOTS), code, by_hand, generator)


def reading(filled: Filled, generator: np.random.Generator) -> Written:
    """Photograph a sheet until a photo is accepted, and return what is read."""
    while True:
        photo, _ = photograph(filled, draw_knobs(generator, megapixels=MEGAPIXELS), generator)
        try:
            return read_sheet(photo)
        except ValueError:  # taken from too far aside, or too dark: people take another one
            continue


def compared(first: Written, second: Written) -> dict[str, float | bool]:
    """Return how alike two readings are, and whether they are taken for one sheet."""
    here, there = common(first, second)
    ours, theirs = first.images[here], second.images[there]
    return {
        "difference": round(float(np.median(difference(ours, theirs))), 3),
        "found_again": round(float(found_again(ours, theirs, first.asked[here])), 3),
        "same": is_same_sheet(first, second),
    }


def main() -> None:
    cv2.setNumThreads(1)
    compared_pairs = {name: [] for name in PAIRS}
    before = None
    for seed in tqdm(SEEDS, unit="hand"):
        generator = np.random.default_rng(seed)
        first, second = (sheet(seed, page, generator) for page in (1, 2))
        photos = [reading(filled, generator) for filled in (first, first, second)]
        others = dict(zip(PAIRS, (photos[1], photos[2], before), strict=True))
        for name, other in others.items():
            if other is not None:
                compared_pairs[name].append(compared(photos[0], other))
        before = photos[0]
    record = {
        name: {
            "pairs": len(pairs),
            "taken_for_one": sum(pair["same"] for pair in pairs),
            **{
                figure: [f(pair[figure] for pair in pairs) for f in (min, max)]
                for figure in ("difference", "found_again")
            },
        }
        for name, pairs in compared_pairs.items()
    }
    RECORD.write_text(json.dumps(record, indent=1) + "\n", "utf-8")
    print(json.dumps(record, indent=1))


if __name__ == "__main__":
    main()
