"""Digits and non-digits that MNIST does not have: fonts and strokes drawn by programs.

MNIST's writers lived in the United States: their 1 is a bare line, their 7 has no bar, and nobody
wrote a letter. Half of the digits here are glyphs of handwriting fonts, half are strokes
(`strokes.py`), drawn with pens of many widths (`pens.py`). No digit are Latin and Greek letters,
signs, doodles, touching digits, halves of digits, textures and frames (`non_digits.py`).
"""

from pathlib import Path

import cv2
import numpy as np
from non_digits import frame, half, letter, row_of, sign, specks, texture
from pens import arrived, draw, draw_thin, prepared
from strokes import digit_strokes

import digitrec
from digitrec.mnist import Digits
from digitrec.networks import NOT_A_DIGIT

Generator = np.random.Generator
Glyphs = dict[str, list[np.ndarray]]

GLYPHS = Path(__file__).with_name("glyphs.npz")
# letters and signs that no hand makes look like a digit
LATIN = "ACEFHKMNPRUVWXacdefhkmnprtuvwx"
GREEK = "αβγεηκλμνπρτφχψωΓΔΠΣΦΨΩ"
SIGNS = "+-=\N{MULTIPLICATION SIGN}÷?#%&@"
SHARES = {  # of the non-digits
    **{"latin": 0.34, "greek": 0.1, "glyph sign": 0.06, "letter": 0.1, "sign": 0.15},
    **{"row": 0.1, "half": 0.04, "texture": 0.05, "specks": 0.02, "frame": 0.04},
}
FONT, THIN = 0.5, 0.12  # shares of digits and letters from fonts; of strokes drawn with thin lines
# Not learned from: each fifth of the fonts that have no near twin, in alphabetical order. Recipe
# and temperature are chosen on half of them, the others tell how well other hands are read. The
# nine playwrite fonts, which are one hand, and what is like them (delius, pangolin, playpen-sans,
# comic-neue), and short-stack and dekko, are all learned from.
FONTS = {
    "validation": (
        *("annie-use-your-telescope", "dawning-of-a-new-day", "kalam", "neucha"),
        *("sue-ellen-francisco", "comic-relief (Greek)"),
    ),
    "test": (
        *("cedarville-cursive", "gochi-hand", "mansalva", "reenie-beanie"),
        *("zeyada", "literata (Greek)"),
    ),
}


def load_glyphs(part: str) -> Glyphs:
    """Return the glyphs of the fonts of a part (train, validation or test), by character."""
    with np.load(GLYPHS) as archive:
        names, characters, glyphs = (archive[n] for n in ("fonts", "characters", "glyphs"))
    if part == "train":
        chosen = ~np.isin(names, [name for held_out in FONTS.values() for name in held_out])
    else:
        chosen = np.isin(names, FONTS[part])
    return {
        str(character): [glyph for glyph in glyphs[chosen, i] if glyph.any()]
        for i, character in enumerate(characters)
    }


def alike(some: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return how alike the digits of fonts are: the mean correlation of their blurred glyphs.

    Args:
        some: array (m, 10, h, w), uint8, the digits of some fonts.
        others: array (n, 10, h, w), uint8, those of others.

    Returns:
        Array (m, n), float; 1 for the same.
    """

    def normal(fonts: np.ndarray) -> np.ndarray:
        blurred = np.array(
            [[cv2.GaussianBlur(d.astype(np.float32), None, 1.5).ravel() for d in f] for f in fonts]
        )
        blurred -= blurred.mean(axis=2, keepdims=True)
        return blurred / np.linalg.norm(blurred, axis=2, keepdims=True)

    return np.einsum("adk,bdk->ab", normal(some), normal(others)) / 10


def other_hands(
    seed: int, digits: int, others: int, part: str = "train", fonts: float = FONT
) -> Digits:
    """Draw digits and non-digits, prepared as MNIST's digits were.

    Args:
        seed: the source of all chance.
        digits: how many digits.
        others: how many non-digits; more than half of them are letters.
        part: which fonts: those to learn from ("train"), to choose with ("validation"), or to
            tell how well other hands are read ("test"). Strokes are the same program's in each.
        fonts: 0-1, the share of the digits that come from fonts; the others are strokes.

    Returns:
        Images (digits + others, 28, 28), uint8, with labels 0-9 and 10 for no digit.
    """
    generator = np.random.default_rng(seed)
    glyphs = load_glyphs(part)
    labels = np.full(digits + others, NOT_A_DIGIT, np.uint8)
    labels[:digits] = generator.integers(10, size=digits)
    images = [
        prepared(
            arrived(
                generator,
                draw_other(generator, glyphs)
                if label == NOT_A_DIGIT
                else draw_digit(generator, glyphs, int(label), fonts),
            )
        )
        for label in labels
    ]
    return Digits(np.array(images), labels)


def draw_digit(generator: Generator, glyphs: Glyphs, digit: int, fonts: float = FONT) -> np.ndarray:
    """Return a digit of a font or of strokes, (h, w), uint8, 0 is paper."""
    if generator.random() < fonts:
        return with_pen(generator, pick(generator, glyphs[str(digit)]))
    strokes = digit_strokes(generator, digit)
    return (draw_thin if generator.random() < THIN else draw)(generator, strokes)


def draw_other(generator: Generator, glyphs: Glyphs) -> np.ndarray:
    """Return something that is no digit, (h, w), uint8, 0 is paper."""
    characters = {"latin": LATIN, "greek": GREEK, "glyph sign": SIGNS}
    kind = str(generator.choice(list(SHARES), p=list(SHARES.values())))
    if kind in characters:
        character = generator.choice([c for c in characters[kind] if glyphs[c]])
        return with_pen(generator, pick(generator, glyphs[character]))
    if kind == "row":
        count = 2 if generator.random() < 0.7 else 3
        digits = [
            draw_digit(generator, glyphs, int(digit))
            for digit in generator.integers(10, size=count)
        ]
        return row_of(generator, digits)
    return DRAWERS[kind](generator)


DRAWERS = {
    **{"letter": letter, "sign": sign, "half": half},
    **{"texture": texture, "specks": specks, "frame": frame},
}


def pick(generator: Generator, glyphs: list[np.ndarray]) -> np.ndarray:
    """Return one of several glyphs, with a slant and a proportion of its own."""
    glyph = glyphs[generator.integers(len(glyphs))]
    middle, slant = (glyph.shape[0] - 1) / 2, generator.uniform(-0.3, 0.3)
    width, height = np.exp(generator.uniform(-0.25, 0.1, 2))
    matrix = np.array([[width, slant * height], [0, height]])
    shift = middle - matrix @ [middle, middle]
    return cv2.warpAffine(glyph, np.column_stack([matrix, shift]), glyph.shape)


def with_pen(generator: Generator, glyph: np.ndarray) -> np.ndarray:
    """Return a glyph as a thinner or thicker pen would have drawn it."""
    width = int(generator.integers(-1, 6))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (abs(width) + 1,) * 2)
    if width < 0:
        thinner = cv2.erode(glyph, kernel)
        return thinner if thinner.max() > 128 else glyph
    return cv2.dilate(glyph, kernel)


def with_other_hands(mnist: digitrec.Mnist, seed: int, digits: int, others: int) -> digitrec.Mnist:
    """Return MNIST with drawn digits and non-digits added to the images to learn from."""
    drawn = other_hands(seed, digits, others)
    train = Digits(
        np.concatenate([mnist.train.images, drawn.images]),
        np.concatenate([mnist.train.labels, drawn.labels]),
    )
    return digitrec.Mnist(train, mnist.validation, mnist.test)
