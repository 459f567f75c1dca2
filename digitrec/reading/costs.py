"""What a picture file would cost to decode, told by its header, and whether that is too much.

Pillow checks a great deal by itself. What is checked here are small files that would still keep it
busy for long, or fill the memory.
"""

import re
import struct
from itertools import count

from PIL import Image

from digitrec.bounds import (
    LARGEST_PROGRESSIVE,
    LONGEST_SIDE,
    MOST_EXIF_PARTS,
    MOST_PARTS,
    MOST_PIXELS,
    MOST_PIXELS_RLE,
    MOST_PIXELS_WEBP,
    MOST_SCANNED,
    MOST_UNPACKED,
)
from digitrec.reading.kinds import TOO_COSTLY, TOO_LONG, UnreadableError, too_large

SCAN = re.compile(rb"\xff\xda\x00(?:\x06\x00|\x08\x01|\x0a\x02|\x0c\x03|\x0e\x04)")
EXIF_PART = re.compile(rb"\xff\xe1..Exif\0\0", re.DOTALL)
SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # a pixel of each of PNG's kinds of colour
MOST_BITS = 128  # a pixel of a TIFF; more is damage, which Pillow tells
RLE = (1, 2)  # what a BMP calls its two ways of packing
BITS, STRIPS, STRIP_HEIGHT, TILE_WIDTH, TILE_HEIGHT, TILES = 258, 273, 278, 322, 323, 324  # in TIFF


def check_parts(content: bytes) -> None:
    """Raise UnreadableError for a file of too many parts, which Pillow looks at one by one.

    Args:
        content: the whole file.
    """
    if content.startswith(b"\x89PNG"):
        too_many = png_chunks(content) > MOST_PARTS
    elif content.startswith(b"GIF8"):
        too_many = gif_blocks(content) > MOST_PARTS
    elif content.startswith((b"II", b"MM")):
        too_many = tiff_places(content) > MOST_PARTS
    else:
        too_many = len(EXIF_PART.findall(content)) > MOST_EXIF_PARTS
    if too_many:
        raise UnreadableError(TOO_COSTLY)


def check_size(image: Image.Image, content: bytes) -> None:
    """Raise UnreadableError for a picture that takes too long to decode, or too much memory.

    Args:
        image: its header alone was read.
        content: the whole file.
    """
    area = at_once = image.width * image.height  # at once: a strip or a tile of a TIFF
    most = MOST_PIXELS
    if image.format == "PNG":
        bits = content[24] * SAMPLES[content[25]]
        most = min(most, 8 * MOST_UNPACKED // bits)
    elif image.format == "WEBP":
        most = MOST_PIXELS_WEBP
    elif image.format == "TIFF":
        tags = image.tag_v2
        bits = min(max(1, sum(tags.get(BITS, (1,)))), MOST_BITS)
        most = min(most, 8 * MOST_UNPACKED // bits)
        if TILES in tags:
            at_once = tags[TILE_WIDTH] * tags[TILE_HEIGHT]
        else:
            at_once = image.width * min(image.height, tags.get(STRIP_HEIGHT, image.height))
    if max(area, at_once) > most:
        raise UnreadableError(too_large(most))
    if max(image.size) > LONGEST_SIDE:
        raise UnreadableError(TOO_LONG)
    if image.format == "BMP" and image.info.get("compression") in RLE and area > MOST_PIXELS_RLE:
        raise UnreadableError(TOO_COSTLY)
    if "progressive" in image.info and len(content) > LARGEST_PROGRESSIVE:
        raise UnreadableError(TOO_COSTLY)
    may_have_scans = image.format in ("JPEG", "MPO", "TIFF")
    if may_have_scans and len(SCAN.findall(content)) * at_once > MOST_SCANNED:
        raise UnreadableError(TOO_COSTLY)


def png_chunks(content: bytes) -> int:
    """Return how many chunks a PNG has; of far too many, only so many that it is plain."""
    place = 8
    for number in count():
        if place >= len(content) or number > MOST_PARTS:
            return number
        place += 12 + int.from_bytes(content[place : place + 4])


def gif_blocks(content: bytes) -> int:
    """Return how many blocks come before the first picture of a GIF; no more than is plain."""
    place = 13 + (3 << (content[10] & 7) + 1 if content[10] & 128 else 0)
    is_inside = False  # of an extension: its blocks begin with their length, and an empty one ends
    for number in count():
        if place >= len(content) or number > MOST_PARTS:
            return number
        if is_inside:
            is_inside = content[place] > 0
            place += 1 + content[place]
        elif content[place] == ord(","):
            return number
        else:
            is_inside = content[place] == ord("!")
            place += 2 if is_inside else 1


def tiff_places(content: bytes) -> int:
    """Return in how many places a TIFF says that its pixels are."""
    order = "<" if content[0] == ord("I") else ">"
    is_big = 43 in content[2:4]
    start, entry = ("Q", "HHQ") if is_big else ("I", "HHI")
    (place,) = struct.unpack_from(order + start, content, 8 if is_big else 4)
    kind = "Q" if is_big else "H"
    (entries,) = struct.unpack_from(order + kind, content, place)
    place += struct.calcsize(order + kind)
    most, step = 0, 20 if is_big else 12
    for number in range(min(entries, (len(content) - place) // step)):
        tag, _, values = struct.unpack_from(order + entry, content, place + step * number)
        if tag in (STRIPS, TILES):
            most = max(most, values)
    return most
