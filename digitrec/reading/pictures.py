"""Pictures from files, uploads and arrays, as one kind of array."""

import csv
import io
import re
import warnings
from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from digitrec.bounds import LONGEST, MOST_PIXELS
from digitrec.paths import project_path
from digitrec.reading.kinds import DAMAGED, EMPTY, TOO_LARGE, why_unreadable

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF")
NO_PICTURES = {".csv", ".json", ".md", ".txt"}


def list_pictures(folder: str | Path) -> list[Path]:
    """Return the pictures of a folder whose names begin with "digit", in counting order.

    Args:
        folder: a relative one starts at the project folder.

    Returns:
        Their paths: digit2.png comes before digit10.png.

    Raises:
        FileNotFoundError: there is no such folder, or no such picture in it.

    >>> [path.name for path in list_pictures("digits")][:3]
    ['digit1.png', 'digit2.png', 'digit3.png']
    """
    folder = project_path(folder)
    pictures = [
        path
        for path in folder.glob("[Dd][Ii][Gg][Ii][Tt]*")
        if path.suffix.lower() not in NO_PICTURES
    ]
    if not pictures:
        raise FileNotFoundError(
            f"There is no picture named digit1.png, digit2.png, ... in {folder}. Put some there, "
            "or give the name of another folder."
        )
    numbers = {path: [int(n) for n in re.findall(r"\d+", path.stem)] for path in pictures}
    return sorted(pictures, key=lambda path: (numbers[path], path.name))


def load_labels(folder: str | Path) -> dict[str, int]:
    """Return what the pictures of a folder show, as far as its labels.csv says so.

    Args:
        folder: a relative one starts at the project folder.

    Returns:
        The digit for each file name; nothing if there is no labels.csv.

    Raises:
        ValueError: a line is not a file name and a digit.

    >>> load_labels("digits")["digit1.png"]
    4
    """
    path = project_path(folder) / "labels.csv"
    if not path.is_file():
        return {}
    text = path.read_text(encoding="utf-8-sig")  # spreadsheets put a mark in front
    rows = csv.reader(text.splitlines()[1:], delimiter=";" if ";" in text else ",")
    labels = {}
    for number, row in enumerate(rows, start=2):
        if len(row) != 2 or row[1].strip() not in list("0123456789"):
            raise ValueError(
                f"{path}, line {number}: found {row}, expected a file name and a digit, such as "
                "digit17.png,3. Mend the line or delete it."
            )
        labels[row[0].strip()] = int(row[1])
    return labels


def load_picture(image: str | Path | bytes | np.ndarray) -> np.ndarray:
    """Load a picture as RGB, upright and on white paper where it is transparent.

    A file with more than 2,048 pixels on its longer side is reduced to at most that.

    Args:
        image: the path of a picture file, the bytes of one, or an array: (h, w) grey, (h, w, 3)
            RGB or (h, w, 4) RGB with alpha, of uint8 0-255, uint16 0-65535, bool or float 0-1.
            A relative path starts at the current folder or, if it is not there, at the project's.

    Returns:
        Array (h, w, 3), uint8 0-255, RGB.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: the file or the bytes are no picture, or the array has another form.

    >>> load_picture(np.zeros((8, 6), np.uint8)).shape
    (8, 6, 3)
    """
    if isinstance(image, (str, Path)):
        path = Path(image).expanduser()
        if not path.is_file():
            path = project_path(path)
        if not path.is_file():
            raise FileNotFoundError(
                f"There is no picture at {Path(image).absolute()}, nor at {path}. Check the name "
                "and the folder."
            )
        return decode(path.read_bytes(), path.name)
    if isinstance(image, (bytes, bytearray, memoryview)):
        return decode(bytes(image), "the picture")
    if isinstance(image, np.ndarray):
        return from_array(image)
    raise ValueError(
        f"A picture came as {type(image).__name__}, expected a path, bytes or a NumPy array."
    )


def readable_pictures(paths: Iterable[Path]) -> list[Path]:
    """Leave out files that cannot be read as a picture, and print why, a line for each.

    Args:
        paths: of files that are there.

    Returns:
        Those that `load_picture` can load, in the same order.
    """
    readable = []
    for path in paths:
        try:
            load_picture(path)
        except ValueError as error:
            print(f"Left out: {error}")
        else:
            readable.append(path)
    return readable


def decode(content: bytes, name: str) -> np.ndarray:
    """Decode the bytes of a picture file.

    Args:
        content: the whole file.
        name: what an error calls it.

    Returns:
        Array (h, w, 3), uint8 0-255, RGB.

    Raises:
        ValueError: it cannot be read; says why and what to do, in words for learners.
    """
    try:
        return decode_bytes(content)
    except ValueError as error:
        raise ValueError(f"{name} cannot be read. {error}") from error


def decode_bytes(content: bytes) -> np.ndarray:
    """Decode the bytes of a picture file; an error says why not, and what to do."""
    if not content:
        raise ValueError(EMPTY)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what matters becomes an error below
            image = Image.open(io.BytesIO(content), formats=FORMATS)
            if image.width * image.height > MOST_PIXELS:
                raise ValueError(TOO_LARGE)
            image.draft("RGB", (LONGEST // 2, LONGEST // 2))  # JPEG alone: decodes a part
            return from_array(upright_array(image))
    except Image.DecompressionBombError as error:
        raise ValueError(TOO_LARGE) from error
    except UnidentifiedImageError as error:
        raise ValueError(why_unreadable(content)) from error
    except (OSError, SyntaxError) as error:  # what Pillow raises for files that break off
        raise ValueError(DAMAGED) from error


def upright_array(image: Image.Image) -> np.ndarray:
    """Return a decoded picture as an array, turned as its EXIF orientation says."""
    if max(image.size) > LONGEST:
        image.thumbnail((LONGEST, LONGEST), Image.Resampling.BOX, reducing_gap=1.0)
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I"):  # 16 bits a pixel, also where Pillow holds them in 32
        return np.clip(np.asarray(image), 0, 65_535).astype(np.uint16)
    return np.asarray(image.convert("RGBA" if image.has_transparency_data else "RGB"))


def from_array(array: np.ndarray) -> np.ndarray:
    """Turn a grey, RGB or RGBA array of any usual type into RGB, uint8, on white paper."""
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    usual = array.ndim == 2 or (array.ndim == 3 and array.shape[2] in (3, 4))
    if not usual or array.size == 0:
        raise ValueError(
            f"The picture is an array of shape {array.shape}, expected (height, width), "
            "(height, width, 3) or (height, width, 4). Hand over one picture at a time."
        )
    shades = to_shades(array)
    if shades.ndim == 2:
        return np.repeat(shades[:, :, np.newaxis], 3, axis=2)
    if shades.shape[2] == 3:
        return shades
    alpha = shades[:, :, 3:].astype(np.float32) / 255
    return np.rint(shades[:, :, :3] * alpha + 255 * (1 - alpha)).astype(np.uint8)


def to_shades(array: np.ndarray) -> np.ndarray:
    """Scale an array of bool, uint8, uint16 or float 0-1 to uint8 0-255."""
    if array.dtype == np.uint8:
        return array
    if array.dtype == bool:
        return array.astype(np.uint8) * 255
    if array.dtype == np.uint16:
        return (array >> 8).astype(np.uint8)
    if np.issubdtype(array.dtype, np.floating) and 0 <= array.min() <= array.max() <= 1:
        return np.rint(array * 255).astype(np.uint8)
    raise ValueError(
        f"The picture is an array of {array.dtype} from {array.min()} to {array.max()}, expected "
        "uint8 0-255, uint16 0-65535, bool or float 0-1. Convert it, for example with "
        "array.astype(np.uint8)."
    )


def frame(grey: np.ndarray) -> np.ndarray:
    """Return the outermost pixels of an image (h, w), side after side."""
    return np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])


def reduce(image: np.ndarray, longest: int) -> np.ndarray:
    """Reduce an image so that its longer side has at most so many pixels."""
    scale = longest / max(image.shape[:2])
    if scale >= 1:
        return image
    size = max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale))
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA)
