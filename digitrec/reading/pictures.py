"""Pictures from files, uploads and arrays, as one kind of array."""

from os.path import abspath
from pathlib import Path

import cv2
import numpy as np

from digitrec.bounds import BAND, LARGEST_FILE, LONGEST, MOST_PIXELS
from digitrec.paths import expanded, project_path
from digitrec.reading.decoding import decode
from digitrec.reading.kinds import TOO_LARGE, shortened, why_too_heavy


def load_picture(image: str | Path | bytes | np.ndarray) -> np.ndarray:
    """Load a picture as RGB, upright and on white paper where it is transparent.

    A picture with more than 2,048 pixels on its longer side is reduced to at most that.

    Args:
        image: the path of a picture file, the bytes of one, or an array: (h, w) grey, (h, w, 3)
            RGB or (h, w, 4) RGB with alpha, of uint8 0-255, uint16 0-65535, bool or float 0-1.
            A relative path starts at the current folder or, if it is not there, at the project's.

    Returns:
        A new array (h, w, 3), uint8 0-255, RGB.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: the file or the bytes are no picture, or the array has another form.

    >>> load_picture(np.zeros((8, 6), np.uint8)).shape
    (8, 6, 3)
    """
    if isinstance(image, (str, Path)):
        path = find_file(image)
        return from_file(read_file(path), shortened(path.name))
    if isinstance(image, (bytes, bytearray, memoryview)):
        return from_file(bytes(image), "the picture")
    if isinstance(image, np.ndarray):
        return from_array(np.asarray(image))
    raise ValueError(
        f"A picture came as {type(image).__name__:.60}, expected a path, bytes or a NumPy array."
    )


def find_file(path: str | Path) -> Path:
    """Return where a file is, from the current folder or from the project's.

    Raises:
        FileNotFoundError: there is none.
    """
    for place in (expanded(path), project_path(path)):
        try:
            if place.is_file():
                return place
        except OSError:  # the name is too long, or a folder on the way cannot be entered
            continue
    places = dict.fromkeys((abspath(path), str(project_path(path))))  # often the same
    raise FileNotFoundError(
        f"There is no picture at {', nor at '.join(map(shortened, places))}. Check the name and "
        "the folder."
    )


def read_file(path: Path) -> bytes:
    """Return the bytes of a file, without reading one that is far too large for a picture.

    Raises:
        ValueError: it cannot be opened, or is too large.
    """
    try:
        with path.open("rb") as file:
            large = path.stat().st_size > LARGEST_FILE
            content = file.read(64 if large else LARGEST_FILE)
    except OSError as error:
        raise ValueError(
            f"{shortened(path.name)} cannot be opened ({error.strerror}). Check whether you may "
            "read it, or copy it to another folder."
        ) from error
    if large:
        raise ValueError(f"{shortened(path.name)} cannot be read. {why_too_heavy(content)}")
    return content


def from_file(content: bytes, name: str) -> np.ndarray:
    """Decode the bytes of a picture file; an error begins with its name."""
    try:
        return from_array(decode(content))
    except ValueError as error:
        raise ValueError(f"{name} cannot be read. {error}") from error


def from_array(array: np.ndarray) -> np.ndarray:
    """Turn a grey, RGB or RGBA array of any usual type into RGB, uint8, on white paper.

    It works band by band: whole copies as floating-point numbers would fill the memory.
    """
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    usual = array.ndim == 2 or (array.ndim == 3 and array.shape[2] in (3, 4))
    if not usual or array.size == 0:
        raise ValueError(
            f"The picture is an array of shape {array.shape!s:.60}, expected (height, width), "
            "(height, width, 3) or (height, width, 4). Hand over one picture at a time."
        )
    height, width = array.shape[:2]
    if height * width > MOST_PIXELS:
        raise ValueError(f"The picture cannot be read. {TOO_LARGE}")
    check_shades(array)
    longer = int(width > height)
    parts = np.array_split(array, -(-height * width // BAND), axis=longer)
    shades = np.concatenate([on_white(to_shades(part)) for part in parts], axis=longer)
    shades = reduce(shades, LONGEST)
    return shades if shades.ndim == 3 else np.repeat(shades[:, :, np.newaxis], 3, axis=2)


def check_shades(array: np.ndarray) -> None:
    """Raise a ValueError unless an array is of bool, uint8, uint16 or float 0-1."""
    kind, found = array.dtype.kind, ""
    if kind == "b" or (kind == "u" and array.itemsize <= 2):
        return
    if kind in "iuf":
        low, high = array.min(), array.max()
        if kind == "f" and 0 <= low <= high <= 1:
            return
        found = f" from {low} to {high}"
    raise ValueError(
        f"The picture is an array of {array.dtype!s:.60}{found}, expected uint8 0-255, uint16 "
        "0-65535, bool or float 0-1. Convert it, for example with array.astype(np.uint8)."
    )


def to_shades(array: np.ndarray) -> np.ndarray:
    """Scale an array that `check_shades` let pass to uint8 0-255."""
    if array.dtype.kind == "b":
        return array.astype(np.uint8) * np.uint8(255)
    if array.dtype.kind == "f":
        return np.rint(array * 255).astype(np.uint8)
    return (array >> 8).astype(np.uint8) if array.itemsize == 2 else array


def on_white(shades: np.ndarray) -> np.ndarray:
    """Lay RGB with alpha on white paper; return anything else as it is."""
    if shades.ndim == 2 or shades.shape[2] == 3:
        return shades
    ink = (255 - shades[:, :, :3]).astype(np.uint16) * shades[:, :, 3:]
    return 255 - ((ink + 127) // 255).astype(np.uint8)  # rounded


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
