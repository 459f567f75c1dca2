"""From the bytes of a picture file to its pixels."""

import io
import warnings

import numpy as np
from PIL import Image, UnidentifiedImageError

from digitrec.bounds import BAND, LARGEST_FILE, LONGEST
from digitrec.reading.costs import check_parts, check_size
from digitrec.reading.kinds import (
    DAMAGED,
    EMPTY,
    TOO_LARGE,
    UnreadableError,
    why_too_heavy,
    why_unreadable,
)

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF")
ORIENTATION = 0x0112  # the EXIF tag
TURNS = {  # what its values ask for; 1 is upright
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def decode(content: bytes) -> np.ndarray:
    """Decode the bytes of a picture file.

    Args:
        content: the whole file.

    Returns:
        Array (h, w, 3) RGB, uint8, upright, on white paper and at most 2,048 pixels long; or, where
        the file has 16 bits a pixel, (h, w) grey, uint16, as large as it is.

    Raises:
        UnreadableError: it cannot be read; says why and what to do, in words for learners.
    """
    if not content:
        raise UnreadableError(EMPTY)
    if len(content) > LARGEST_FILE:
        raise UnreadableError(why_too_heavy(content[:64]))
    try:
        check_parts(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what matters is an error
            image = Image.open(io.BytesIO(content), formats=FORMATS)
            check_size(image, content)
            return pixels(image)
    except UnreadableError:
        raise
    except Image.DecompressionBombError as error:
        raise UnreadableError(TOO_LARGE) from error
    except UnidentifiedImageError as error:
        raise UnreadableError(why_unreadable(content)) from error
    except Exception as error:  # Pillow lets through whatever damaged bytes lead to
        raise UnreadableError(DAMAGED) from error


def pixels(image: Image.Image) -> np.ndarray:
    """Decode a picture whose header was read; returns what `decode` returns."""
    image.draft("RGB", (LONGEST // 2, LONGEST // 2))  # JPEG alone: decodes a part
    if image.mode in ("L", "RGB") and not image.has_transparency_data:
        image = reduced(image)
    image.load()
    turn = turn_of(image)
    if image.mode.startswith("I"):  # 16 bits a pixel, also where Pillow holds them in 32
        parts = [sixteen_bits(image.crop(box)) for box in bands(image.size)]
        grey = np.concatenate(parts, axis=int(image.width > image.height))
        return grey if turn is None else np.asarray(Image.fromarray(grey).transpose(turn))
    if image.has_transparency_data:
        image = on_white_paper(image)
    image = reduced(image.convert("RGB"))
    return np.asarray(image if turn is None else image.transpose(turn))


def reduced(image: Image.Image) -> Image.Image:
    """Return a picture with its longer side reduced to what reading needs."""
    if max(image.size) > LONGEST:
        image.thumbnail((LONGEST, LONGEST), Image.Resampling.BOX, reducing_gap=1.0)
    return image


def turn_of(image: Image.Image) -> Image.Transpose | None:
    """Return how to turn a picture so that it is upright; None where nothing is said, or nonsense.

    Only this tag is read: to write all of EXIF anew, as Pillow's own `exif_transpose` does, fails
    where any other tag is odd, and many cameras write odd ones.
    """
    try:
        return TURNS.get(image.getexif().get(ORIENTATION))
    except Exception:
        return None


def on_white_paper(image: Image.Image) -> Image.Image:
    """Return a transparent picture on white; band by band, for it may fill much of the memory."""
    paper = Image.new("RGB", image.size, "white")
    for box in bands(image.size):
        part = image.crop(box).convert("RGBA")
        paper.paste(part, box, part)
    return paper


def sixteen_bits(image: Image.Image) -> np.ndarray:
    """Return the pixels of a grey picture as an array (h, w), uint16."""
    return np.clip(np.asarray(image), 0, 65_535).astype(np.uint16)


def bands(size: tuple[int, int]) -> list[tuple[int, int, int, int]]:
    """Return boxes (left, top, right, bottom) that part a picture along its longer side.

    >>> bands((3, 2**20))
    [(0, 0, 3, 349526), (0, 349526, 3, 699052), (0, 699052, 3, 1048576)]
    """
    wide, high = size
    longer, shorter = max(size), min(size)
    step = -(-BAND // shorter)
    ends = [(start, min(start + step, longer)) for start in range(0, longer, step)]
    return [(a, 0, b, high) if wide > high else (0, a, wide, b) for a, b in ends]
