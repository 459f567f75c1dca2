"""Digits and non-digits that MNIST does not have, drawn by this program.

MNIST's writers lived in the United States: their 1 is a bare line, their 7 has no bar, and nobody
wrote a letter. Here glyphs of handwriting fonts are drawn with pens of many widths, beside strokes
put together at random: the 1 with an upstroke, the crossed 7, the open 4. No digit are letters,
two digits that touch, doodles, scribbles and blots.
"""

from pathlib import Path

import cv2
import numpy as np

import digitrec
from digitrec.mnist import Digits
from digitrec.networks import NOT_A_DIGIT
from digitrec.reading.preparation import centre, digit_box, fit

GLYPHS = Path(__file__).with_name("glyphs.npz")
NO_DIGITS = "ACEFHKMNPRUVWXacdefhkmnprtuvwx"  # letters that no hand makes look like a digit
HELD_OUT = 5  # each fifth font is not learned from: it tells how well other hands are read
SIDE = 64
OTHERS = {"letter": 0.64, "pair": 0.12, "doodle": 0.1, "scribble": 0.1, "blot": 0.04}  # shares


def load_glyphs(held_out: bool) -> dict[str, np.ndarray]:
    """Return the glyphs of the fonts to learn from, or of those held out, by character."""
    with np.load(GLYPHS) as archive:
        chosen = (np.arange(len(archive["fonts"])) % HELD_OUT == 0) == held_out
        glyphs = archive["glyphs"][chosen]
        return {str(c): glyphs[:, i] for i, c in enumerate(archive["characters"])}


def other_hands(seed: int, digits: int, others: int, held_out: bool = False) -> Digits:
    """Draw digits and non-digits, prepared as MNIST's digits were.

    Args:
        seed: the source of all chance.
        digits: how many digits; three in ten are a 1, 7 or 4 of loose strokes.
        others: how many non-digits; more than six in ten are letters.
        held_out: draw the glyphs from the fonts that are held out.

    Returns:
        Images (digits + others, 28, 28), uint8, with labels 0-9 and 10 for no digit.
    """
    generator = np.random.default_rng(seed)
    glyphs = load_glyphs(held_out)
    images, labels = [], []
    for _ in range(digits):
        digit = int(generator.integers(10))
        drawing = with_pen(generator, pick(generator, glyphs[str(digit)]))
        if generator.random() < 0.3:
            digit = int(generator.choice([1, 1, 7, 4]))
            drawing = draw_strokes(generator, STROKES[digit](generator))
        images.append(prepared(drawing))
        labels.append(digit)
    for _ in range(others):
        kind = generator.choice(list(OTHERS), p=list(OTHERS.values()))
        if kind == "letter":
            letter = generator.choice(list(NO_DIGITS))
            drawing = with_pen(generator, pick(generator, glyphs[letter]))
        elif kind == "pair":
            drawing = pair(generator, glyphs)
        elif kind == "doodle":
            drawing = draw_strokes(generator, DOODLES[generator.integers(len(DOODLES))](generator))
        elif kind == "scribble":
            drawing = draw_strokes(generator, scribble(generator))
        else:
            drawing = blot(generator)
        images.append(prepared(drawing))
        labels.append(NOT_A_DIGIT)
    return Digits(np.array(images), np.array(labels, np.uint8))


def pick(generator: np.random.Generator, glyphs: np.ndarray) -> np.ndarray:
    """Return one of several glyphs, with a slant and a proportion of its own."""
    glyph = glyphs[generator.integers(len(glyphs))]
    middle, slant = (glyph.shape[0] - 1) / 2, generator.uniform(-0.3, 0.3)
    width, height = np.exp(generator.uniform(-0.25, 0.1, 2))
    matrix = np.array([[width, slant * height], [0, height]])
    shift = middle - matrix @ [middle, middle]
    return cv2.warpAffine(glyph, np.column_stack([matrix, shift]), glyph.shape)


def with_pen(generator: np.random.Generator, glyph: np.ndarray) -> np.ndarray:
    """Return a glyph as a thinner or thicker pen would have drawn it."""
    width = int(generator.integers(-1, 6))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (abs(width) + 1,) * 2)
    if width < 0:
        thinner = cv2.erode(glyph, kernel)
        return thinner if thinner.max() > 128 else glyph
    return cv2.dilate(glyph, kernel)


def draw_strokes(generator: np.random.Generator, strokes: list[np.ndarray]) -> np.ndarray:
    """Draw lines through points (n, 2) in a field of 0-1; return it (64, 64), uint8."""
    field = np.zeros((SIDE, SIDE), np.uint8)
    thickness = int(generator.integers(2, 10))
    slant = generator.uniform(-0.25, 0.25)
    for stroke in strokes:
        bent = smooth(stroke + generator.normal(0, 0.015, stroke.shape))
        bent[:, 0] += slant * (0.5 - bent[:, 1])
        points = np.rint((8 + bent * (SIDE - 16)) * 16).astype(np.int32)
        cv2.polylines(field, [points], False, 255, thickness, cv2.LINE_AA, shift=4)
    return field


def smooth(points: np.ndarray) -> np.ndarray:
    """Return more points on the way, with the corners rounded a little (Chaikin's algorithm)."""
    for _ in range(2):
        ends = points[:1], points[-1:]
        near, far = points[:-1] * 0.8 + points[1:] * 0.2, points[:-1] * 0.2 + points[1:] * 0.8
        points = np.concatenate([ends[0], np.stack([near, far], 1).reshape(-1, 2), ends[1]])
    return points


def one(generator: np.random.Generator) -> list[np.ndarray]:
    """Return a 1 with an upstroke, sometimes as long as the stem, sometimes on a base line."""
    reach, drop = generator.uniform(0.1, 0.5), generator.uniform(0.1, 0.75)
    lean = generator.uniform(-0.06, 0.06)
    stem = [[0.6, 0], [0.6 + lean, 0.5], [0.6 + 2 * lean, 1]]
    drop = max(drop, 0.7 * reach)  # flatter would be a 7
    strokes = [np.array([[0.6 - reach, drop], *stem])]
    if generator.random() < 0.2:
        half = generator.uniform(0.15, 0.3)
        foot = 0.6 + 2 * lean
        strokes.append(np.array([[foot - half, 1], [foot + half, 1]]))
    return strokes


def seven(generator: np.random.Generator) -> list[np.ndarray]:
    """Return a 7 with a bar, its roof flat or wavy."""
    width, foot = generator.uniform(0.4, 0.65), generator.uniform(-0.05, 0.3)
    left, right = 0.5 - width / 2, 0.5 + width / 2
    roof = [[left, generator.uniform(0, 0.12)], [0.5, generator.uniform(0, 0.06)], [right, 0]]
    stem = [[right - 0.3 * width, 0.45], [left + foot, 1]]
    hook = [[left, roof[0][1] + generator.uniform(0.05, 0.15)]] if generator.random() < 0.3 else []
    level, half = generator.uniform(0.4, 0.6), generator.uniform(0.12, 0.25)
    at = right - 0.35 * width
    tilt = generator.uniform(-0.08, 0.04)
    bar = [[at - half, level - tilt], [at + half, level + tilt]]
    strokes = [np.array([*hook, *roof, *stem])]
    return [*strokes, np.array(bar)] if generator.random() < 0.8 else strokes


def four(generator: np.random.Generator) -> list[np.ndarray]:
    """Return a 4 that is open above."""
    left, top = generator.uniform(0.1, 0.3), generator.uniform(0, 0.2)
    level, stem = generator.uniform(0.5, 0.7), generator.uniform(0.6, 0.75)
    corner = [left + generator.uniform(-0.12, 0.05), level]
    arm = np.array([[left, top], corner, [stem + generator.uniform(0, 0.3), level]])
    down = np.array([[stem + generator.uniform(-0.02, 0.1), generator.uniform(0, 0.45)], [stem, 1]])
    return [arm, down]


STROKES = {1: one, 7: seven, 4: four}


def ring(generator: np.random.Generator, radius: float) -> np.ndarray:
    """Return an oval around the middle of the field that ends near where it began."""
    angle = np.linspace(0, generator.uniform(0.95, 1.05), 13) * 2 * np.pi + generator.uniform(0, 7)
    across, down = radius * np.exp(generator.uniform(-0.15, 0.15, 2))
    return np.column_stack([0.5 + across * np.sin(angle), 0.5 - down * np.cos(angle)])


def face(generator: np.random.Generator) -> list[np.ndarray]:
    """Return a face: eyes, a mouth that smiles or does not, sometimes a nose."""
    apart, height = generator.uniform(0.1, 0.2), generator.uniform(0.32, 0.45)
    long = generator.uniform(0.01, 0.1)
    eyes = [np.array([[x, height], [x, height + long]]) for x in (0.5 - apart, 0.5 + apart)]
    wide, level, bend = generator.uniform((0.1, 0.6, -0.1), (0.25, 0.72, 0.15))
    mouth = np.array([[0.5 - wide, level], [0.5, level + bend], [0.5 + wide, level]])
    nose = [np.array([[0.5, 0.45], [0.5, 0.55]])] if generator.random() < 0.3 else []
    return [ring(generator, 0.45), *eyes, mouth, *nose]


def sun(generator: np.random.Generator) -> list[np.ndarray]:
    """Return a ring with rays."""
    angles = np.linspace(0, 2 * np.pi, int(generator.integers(5, 10)), endpoint=False)
    rays = [0.5 + np.outer([0.3, 0.5], [np.sin(angle), np.cos(angle)]) for angle in angles]
    return [ring(generator, 0.22), *rays]


def star(generator: np.random.Generator) -> list[np.ndarray]:
    """Return a star with five points, drawn in one stroke."""
    angles = np.arange(6) * 4 / 5 * np.pi
    return [0.5 + 0.5 * np.column_stack([np.sin(angles), -np.cos(angles)])]


def house(generator: np.random.Generator) -> list[np.ndarray]:
    """Return four walls and a roof."""
    eaves, left = generator.uniform(0.3, 0.5), generator.uniform(0, 0.2)
    walls = [[left, eaves], [1 - left, eaves], [1 - left, 1], [left, 1], [left, eaves]]
    return [np.array(walls), np.array([[left, eaves], [0.5, 0], [1 - left, eaves]])]


def cross(generator: np.random.Generator) -> list[np.ndarray]:
    """Return two strokes that cross in the middle."""
    reach = generator.uniform(0.3, 0.5)
    return [
        np.array([[0.5 - reach, 0.5], [0.5 + reach, 0.5]]),
        np.array([[0.5, 0], [0.5, 1]]),
    ]


DOODLES = (face, face, sun, star, house, cross)  # faces are what people draw first


def scribble(generator: np.random.Generator) -> list[np.ndarray]:
    """Return one to four strokes with many turns."""
    return [
        generator.uniform(0, 1, (int(generator.integers(4, 9)), 2))
        for _ in range(generator.integers(1, 5))
    ]


def pair(generator: np.random.Generator, glyphs: dict[str, np.ndarray]) -> np.ndarray:
    """Return two digits side by side that nearly touch or do."""
    halves = []
    for digit in generator.integers(10, size=2):
        drawing = with_pen(generator, pick(generator, glyphs[str(digit)]))
        left, _, width, _ = digit_box(drawing)
        halves.append(drawing[:, left : left + width])
    gap = np.zeros((halves[0].shape[0], int(generator.integers(0, 4))), np.uint8)
    return np.pad(np.hstack([halves[0], gap, halves[1]]), 2)


def blot(generator: np.random.Generator) -> np.ndarray:
    """Return a patch of smooth noise, as of a texture or a stain."""
    noise = cv2.GaussianBlur(
        generator.normal(size=(SIDE, SIDE)).astype(np.float32), None, generator.uniform(1, 6)
    )
    patch = (noise > np.quantile(noise, generator.uniform(0.4, 0.9))).astype(np.uint8) * 255
    return cv2.copyMakeBorder(patch, 4, 4, 4, 4, cv2.BORDER_CONSTANT)


def prepared(drawing: np.ndarray) -> np.ndarray:
    """Return a drawing as the network sees it, (28, 28), uint8."""
    left, top, width, height = digit_box(drawing)
    return centre(fit(drawing[top : top + height, left : left + width]))


def with_other_hands(mnist: digitrec.Mnist, seed: int, digits: int, others: int) -> digitrec.Mnist:
    """Return MNIST with drawn digits and non-digits added to the images to learn from."""
    drawn = other_hands(seed, digits, others)
    train = Digits(
        np.concatenate([mnist.train.images, drawn.images]),
        np.concatenate([mnist.train.labels, drawn.labels]),
    )
    return digitrec.Mnist(train, mnist.validation, mnist.test)
