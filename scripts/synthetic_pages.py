"""Pages of digits made by a program, whose digits and ink are known.

    python scripts/synthetic_pages.py FOLDER --pages 20   # writes pages and what they show

    page = random_page(seed=7, hands=load_hands())        # .picture .text .boxes .ink .knobs
    page = random_page(8, load_hands(held_out=True), pen="pencil", rows=1)   # some knobs given
    page = random_single(9, load_hands())                 # a picture of one digit
    page = random_blank(10, load_hands())                 # paper without any digit

The handwriting is MNIST's training set and the fonts to learn from, or, held out, MNIST's
validation set and the other fonts.
"""

import argparse
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from synthetic_camera import final_size, photograph, sheet_corners, sheet_places
from synthetic_hands import Hands, draw_strokes, fit_rows, load_hands, write_rows
from synthetic_knobs import Knobs, draw_knobs
from synthetic_paper import colours, cover, desk, light, rules, shading, smooth_noise, specks

LEAST_WORK, MOST_WORK = 480, 1600  # longer side in pixels of the picture that is worked on
LEAST_DIGIT = 14  # pixels of a digit's longer side on a random page
MOST_PIXELS = 4200.0  # longer side of a page that was made larger
LEAST_DIFFERENCE = 14  # grey levels between ink and paper, on average
ATTEMPTS = 8  # at knobs with which the ink shows
INKED = 0.4  # a pixel with at least this share of ink counts as ink


@dataclass(frozen=True, eq=False)
class SyntheticPage:
    """A picture whose digits are known.

    Attributes:
        picture: array (h, w, 3), uint8 0-255, RGB.
        text: the digits, one line per row; of scattered digits, one line per digit.
        boxes: of each digit in the order of the text: left, top, width, height in pixels.
        ink: array (h, w), bool: where there is ink.
        any_order: whether the digits lie in no rows, so that any order is right.
        knobs: how the page was made.
        seed: the source of all chance.
    """

    picture: np.ndarray
    text: str
    boxes: tuple[tuple[int, int, int, int], ...]
    ink: np.ndarray
    any_order: bool
    knobs: Knobs
    seed: int


def random_page(seed: int, hands: Hands, **given: object) -> SyntheticPage:
    """Make a page with some knobs given and the others turned at random.

    What a person could not read, either, is made anew: where digits are too small the picture
    becomes larger, where they hardly show other knobs are drawn.

    Args:
        seed: the source of all chance.
        hands: the handwriting.
        given: knobs that are set, by name; see `Knobs`.

    Returns:
        The picture and what is written on it.
    """
    for attempt in range(ATTEMPTS):
        page = make_page(seed, hands, draw_knobs([seed, attempt], **given))
        sizes = [max(box[2:]) for box in page.boxes if any(box)]
        if "size" not in given and sizes and min(sizes) < LEAST_DIGIT:
            size = min(page.knobs.size * LEAST_DIGIT / min(sizes), MOST_PIXELS)
            page = make_page(seed, hands, replace(page.knobs, size=size))
        if visibility(page) >= 1:
            break
    return page


def visibility(page: SyntheticPage) -> float:
    """Return how well a page's weaker digits show: 1 is just enough for a person.

    That is the difference in brightness or colour between ink and paper, over the least that is
    seen and over what the paper's own spots differ by.
    """
    seen = []
    for left, top, width, height in page.boxes:
        edge = max(2, width // 8)
        area = (
            slice(max(0, top - edge), top + height + edge),
            slice(max(0, left - edge), left + width + edge),
        )
        ink, part = page.ink[area], page.picture[area]
        if ink.all() or not ink.any():
            seen.append(0.0)
            continue
        paper = part[~ink]
        difference = np.abs(part[ink].mean(axis=0) - paper.mean(axis=0)).max()
        seen.append(difference / max(LEAST_DIFFERENCE, paper.mean(axis=1).std()))
    return float(np.quantile(seen, 0.1)) if seen else 1.0


def random_single(seed: int, hands: Hands, **given: object) -> SyntheticPage:
    """Make a picture of one digit."""
    generator = np.random.default_rng([seed, 20])
    size = generator.choice([28, 64, 140, 280, 600, 1200], p=[0.08, 0.12, 0.2, 0.25, 0.2, 0.15])
    one = {
        "rows": 1,
        "columns": 1,
        "size": float(size * generator.uniform(1, 1.5)),
        "aspect": float(generator.uniform(0.7, 1.5)),
        "fill": float(generator.uniform(0.35, 1)),
        "pen_width": float(generator.uniform(0.04, 0.17)),
        "scattered": False,
        "slope": 0.0,
    }
    return random_page(seed, hands, **(one | given))


def random_blank(seed: int, hands: Hands, **given: object) -> SyntheticPage:
    """Make a picture of paper, or of a texture, on which nothing is written."""
    generator = np.random.default_rng([seed, 21])
    rough = float(generator.choice([0.01, 0.03, 0.08, 0.2]))
    return random_page(seed, hands, **({"rows": 0, "show_through": 0.0, "texture": rough} | given))


def make_page(seed: int, hands: Hands, knobs: Knobs) -> SyntheticPage:
    """Make a page.

    Args:
        seed: the source of all chance; with the same seed, other knobs show the same digits.
        hands: the handwriting.
        knobs: how the page looks.

    Returns:
        The picture and what is written on it.
    """
    paper_chance, ink_chance, camera_chance, sheet_chance = (
        np.random.default_rng([seed, stage]) for stage in (10, 11, 12, 13)
    )
    final = final_size(knobs)
    factor = np.clip(max(final), LEAST_WORK, MOST_WORK) / max(final)
    width, height = (max(8, round(side * factor)) for side in final)
    side = int(sheet_chance.integers(4))
    corners = sheet_corners(sheet_chance, (width, height), side, knobs)
    sheet = tuple(
        max(8, round(float(np.linalg.norm(corners[b] - corners[a] + corners[d] - corners[c]) / 2)))
        for a, b, c, d in ((0, 1, 3, 2), (0, 3, 1, 2))
    )
    u, v = sheet_places(corners, sheet, (height, width), knobs)
    rows = fit_rows(ink_chance, write_rows(ink_chance, hands, knobs), sheet, knobs)
    covered, labels = write(rows, sheet, knobs, ink_chance)
    # a pixel of the final picture that is partly ink belongs to a digit, too
    near = np.ones((2 * int(1 / factor) + 3,) * 2)
    labels = np.where(labels, labels, cv2.dilate(labels, near))
    share = cv2.remap(covered, u, v, cv2.INTER_LINEAR, borderValue=0)
    owner = cv2.remap(labels, u, v, cv2.INTER_NEAREST, borderValue=0)
    picture = paint(paper_chance, share, (u, v), sheet, side, knobs)
    tall = typical_height(rows)
    picture = photograph(camera_chance, picture, final, tall, knobs)
    share = cv2.resize(share, final, interpolation=cv2.INTER_AREA)
    ink = share >= INKED
    owner = cv2.resize(owner, final, interpolation=cv2.INTER_NEAREST)
    count = sum(len(row) for row in rows)
    text = "\n".join("".join(str(place.digit) for place in row) for row in rows)
    boxes = digit_boxes(owner, ink, count)
    return SyntheticPage(picture, text, boxes, ink, knobs.scattered, knobs, seed)


def write(
    rows: list, sheet: tuple[int, int], knobs: Knobs, generator: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Write digits on a sheet.

    Returns:
        How much of each pixel is ink, (h, w), float32, 0-1, and which digit it belongs to, counted
        from 1, (h, w), uint16.
    """
    wide, high = sheet
    covered, labels = np.zeros((high, wide), np.float32), np.zeros((high, wide), np.uint16)
    usual = typical_height(rows)
    for number, place in enumerate((place for row in rows for place in row), start=1):
        # one pen writes all of a page; larger digits are pressed a little harder
        pen = max(1.0, knobs.pen_width * np.sqrt(place.size * usual))
        left, top, patch = draw_strokes(place, pen)
        x, y = max(0, left), max(0, top)
        patch = patch[y - top : high - top, x - left : wide - left]
        area = (slice(y, y + patch.shape[0]), slice(x, x + patch.shape[1]))
        more = patch > covered[area]
        labels[area][more] = number
        np.maximum(covered[area], patch, out=covered[area])
    if knobs.skips and rows:
        noise = smooth_noise(generator, (high, wide), (usual * 0.08,) * 2)
        limit = np.quantile(noise[::7, ::7], knobs.skips)
        covered *= np.clip((noise - limit) * 4 + 0.5, 0, 1)
    return covered, labels


def typical_height(rows: list) -> float:
    """Return the median height of digits in pixels; without digits, a usual one."""
    return float(np.median([place.size for row in rows for place in row])) if rows else 40.0


def paint(
    generator: np.random.Generator,
    share: np.ndarray,
    places: tuple[np.ndarray, np.ndarray],
    sheet: tuple[int, int],
    side: int,
    knobs: Knobs,
) -> np.ndarray:
    """Return the scene as it is lit, (h, w, 3), float32, 1 is white.

    Args:
        generator: the source of all chance.
        share: array (h, w), float32, 0-1, how much of each pixel is ink.
        places: where on the sheet each pixel lies.
        sheet: width and height of the sheet in pixels.
        side: the side on which something else than paper is seen.
        knobs: how the page looks.
    """
    u, v = places
    shape = share.shape
    paper, ink = colours(generator, knobs)
    dark = shading(generator, shape, knobs)
    if knobs.show_through:
        back = cv2.blur(np.roll(share[:, ::-1], shape[0] // 9, axis=0), (5, 5))
        dark *= 1 - knobs.show_through * knobs.strength * back
    if knobs.specks:
        dark *= 1 - 0.8 * specks(generator, shape, round(knobs.specks))
    picture = dark[..., np.newaxis] * paper
    if knobs.rules != "none":
        tint = ((0.35, 0.45, 0.75), (0.2, 0.2, 0.2), (0.7, 0.35, 0.35), (0.45, 0.6, 0.5))
        line = np.array(tint[generator.integers(len(tint))], np.float32)
        lined = knobs.rule_strength * rules(generator, u, v, sheet, knobs)
        picture *= 1 - lined[..., np.newaxis] * (1 - line)
    opaque = knobs.strength * share
    if knobs.pen in ("pencil", "chalk"):  # the paper's tooth takes graphite and chalk in grains
        grain = smooth_noise(generator, shape, (2, 2))
        opaque = opaque * np.clip(0.85 + 0.25 * grain, 0.1, 1)
    inked = opaque > 0  # a small share of the page
    picture[inked] += opaque[inked, np.newaxis] * (ink - picture[inked])
    seen = {"desk": range(4), "wood": range(4), "edge": (side,)}.get(knobs.surroundings, ())
    if seen:
        outside = np.stack([u, v, sheet[0] - 1 - u, sheet[1] - 1 - v])[list(seen)].min(axis=0)
        table = desk(generator, shape, knobs)
        table *= (1 - 0.5 * np.exp(np.minimum(outside, 0) / (0.015 * max(shape))))[..., np.newaxis]
        picture = table + np.clip(outside + 0.5, 0, 1)[..., np.newaxis] * (picture - table)
    elif knobs.surroundings != "none":
        cover(generator, picture, side, knobs)
    picture *= light(generator, shape, knobs)
    picture *= knobs.brightness
    return picture


def digit_boxes(owner: np.ndarray, ink: np.ndarray, count: int) -> tuple:
    """Return the box of each digit's ink: left, top, width and height in pixels.

    Args:
        owner: array (h, w), uint16: the digit that each pixel belongs to, counted from 1.
        ink: array (h, w), bool.
        count: number of digits; one that lies outside the picture has the box (0, 0, 0, 0).
    """
    low = np.full((count + 1, 2), max(ink.shape))
    high = np.full((count + 1, 2), -1)
    rows, columns = np.nonzero(ink)
    owners = owner[rows, columns]
    for axis, where in enumerate((columns, rows)):
        np.minimum.at(low[:, axis], owners, where)
        np.maximum.at(high[:, axis], owners, where)
    size = np.maximum(high - low + 1, 0)
    return tuple(
        (*corner, *side) if all(side) else (0, 0, 0, 0)
        for corner, side in zip(low[1:].tolist(), size[1:].tolist(), strict=True)
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, default=20)
    parser.add_argument("--held-out", action="store_true", help="write with hands held out")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    hands = load_hands(options.held_out)
    for seed in range(options.pages):
        page = random_page(seed, hands)
        cv2.imwrite(str(options.folder / f"page{seed}.png"), page.picture[..., ::-1])
        shown = {"text": page.text, "boxes": page.boxes, "knobs": asdict(page.knobs)}
        (options.folder / f"page{seed}.json").write_text(
            json.dumps(shown, indent=1) + "\n", "utf-8"
        )


if __name__ == "__main__":
    main()
