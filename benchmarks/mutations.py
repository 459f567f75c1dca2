"""Small picture files of every kind, and ways to damage them.

Blind changes seldom get past a header, so most know a little of the formats: they put sums and
lengths right again, or change one field of a header or one entry of EXIF.
"""

import struct
import zlib
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageCms
from worst_files import (
    PALETTE,
    bmp_rle,
    chunk,
    comments,
    frames,
    giant_tile,
    gif,
    png,
    saved,
    segments,
    thin_strips,
)

NUMBERS = (0, 1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 28, 127, 128, 255, 256, 1000, 4096, 8191, 16_383,
           32_767, 32_768, 65_535, 65_536, 2**24, 2**28, 2**31 - 1, 2**31, 2**32 - 1)  # fmt: skip
MOST_VALUES = 100_000  # of an array
MOST_BYTES = 200_000  # of a damaged file; larger ones are in `worst_files`


def drawing(mode: str = "L") -> Image.Image:
    """Return a small picture of a 7."""
    page = np.full((26, 22), 240, np.uint8)
    page[5:8, 5:17] = 20
    for row in range(8, 22):
        page[row, 16 - row // 3 : 19 - row // 3] = 20
    picture = Image.fromarray(page)
    if mode in ("LA", "RGBA"):
        ink = Image.fromarray(255 - page)
        picture = Image.merge(mode, [*Image.new(mode[:-1], ink.size).split(), ink])
    if mode == "I;16":
        picture = Image.fromarray(page.astype(np.uint16) * 257)
    return picture if picture.mode == mode else picture.convert(mode)


def exif(order: str = "<") -> bytes:
    """Return EXIF as a phone writes it."""
    block = Image.Exif()
    block.endian = order
    block[0x0112], block[0x010F], block[0x011A] = 6, "phone", 72.0
    block.get_ifd(0x8769)[0x9003] = "2026:01:01 00:00:00"
    block.get_ifd(0x8825)[1] = "N"
    return block.tobytes()


def seeds() -> dict[str, bytes]:
    """Return a small file of each format and variant."""
    colours = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    files = {f"png {mode}": saved(drawing(mode), "PNG") for mode in
             ("1", "L", "P", "I;16", "LA", "RGB", "RGBA")}  # fmt: skip
    files |= {
        "png exif, icc": saved(drawing(), "PNG", exif=exif(">"), icc_profile=colours),
        "png palette": png(22, 26, 8, 3, before=PALETTE),
        "png interlaced": png(22, 26, 8, 2, interlaced=True),
        "png 16 bits": png(22, 26, 16, 6),
        "png text": png(before=chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(99)))),
        "png moving": frames("PNG", 3, 20),
        "jpeg": saved(drawing("RGB"), "JPEG", restart_marker_blocks=1),
        "jpeg grey": saved(drawing(), "JPEG"),
        "jpeg progressive": saved(drawing("RGB"), "JPEG", progressive=True),
        "jpeg cmyk": saved(drawing("CMYK"), "JPEG"),
        "jpeg exif": saved(drawing("RGB"), "JPEG", exif=exif(), icc_profile=colours, comment="c"),
        "jpeg exif, big end": saved(drawing(), "JPEG", exif=exif(">")),
        "jpeg two pictures": frames("MPO", 2, 20),
        "webp": saved(drawing("RGB"), "WEBP"),
        "webp lossless": saved(drawing("RGB"), "WEBP", lossless=True),
        "webp alpha": saved(drawing("RGBA"), "WEBP"),
        "webp exif": saved(drawing("RGB"), "WEBP", exif=exif(), icc_profile=colours),
        "webp moving": frames("WEBP", 3, 20),
        "bmp packed": bmp_rle(22, 26, (b"\x05\x07\0\x05abcde\0\0\2\1\0\2\1\0\0" * 26) + b"\0\1"),
        "gif transparent": saved(drawing("RGBA"), "GIF"),
        "gif comment": gif(22, 26, comments(2)),
        "gif moving": frames("GIF", 3, 20),
        "tiff big end": saved(drawing("I;16"), "TIFF", big_tiff=True),
        "tiff pages": frames("TIFF", 3, 20),
        "tiff exif": saved(drawing("RGB"), "TIFF", exif=exif(), icc_profile=colours),
        "tiff strips": thin_strips(26),
        "tiff tile": giant_tile(64),
    }
    files |= {f"bmp {mode}": saved(drawing(mode), "BMP") for mode in ("1", "L", "P", "RGB", "RGBA")}
    files |= {f"gif {mode}": saved(drawing(mode), "GIF") for mode in ("1", "L", "P")}
    files |= {f"tiff {mode}": saved(drawing(mode), "TIFF") for mode in
              ("1", "L", "P", "I", "F", "LA", "RGB", "RGBA", "CMYK", "YCbCr", "LAB")}  # fmt: skip
    files |= {f"tiff {packing}": saved(drawing("RGB"), "TIFF", compression=packing) for packing in
              ("tiff_lzw", "tiff_adobe_deflate", "jpeg", "packbits", "lzma", "zstd")}  # fmt: skip
    files["tiff fax"] = saved(drawing("1"), "TIFF", compression="group4")
    return files


Random = np.random.Generator


def place_in(rng: Random, content: bytes) -> int:
    """Return a random place, every other time in the header."""
    end = min(len(content), 80) if rng.random() < 0.5 else len(content)
    return int(rng.integers(max(1, end)))


def flip_bits(rng: Random, content: bytes, other: bytes) -> bytes:
    """Turn a few bits over."""
    changed = bytearray(content)
    for _ in range(int(rng.choice([1, 1, 2, 8]))):
        changed[place_in(rng, content)] ^= 1 << int(rng.integers(8))
    return bytes(changed)


def set_number(rng: Random, content: bytes, other: bytes) -> bytes:
    """Write a number of one to four bytes that readers stumble over."""
    place, size = place_in(rng, content), int(rng.choice([1, 2, 4]))
    number = int(rng.choice([*NUMBERS, len(content)])) % 256**size
    order = "little" if rng.random() < 0.5 else "big"
    return content[:place] + number.to_bytes(size, order) + content[place + size :]


def cut_off(rng: Random, content: bytes, other: bytes) -> bytes:
    """Let the file break off."""
    return content[: place_in(rng, content)]


def splice(rng: Random, content: bytes, other: bytes) -> bytes:
    """Go on with another file."""
    return content[: place_in(rng, content)] + other[place_in(rng, other) :]


def move_block(rng: Random, content: bytes, other: bytes) -> bytes:
    """Take a block out, and put it, once or often, somewhere else."""
    start = place_in(rng, content)
    block = content[start : start + int(rng.integers(1, 200))]
    rest = content[:start] + content[start + len(block) :]
    place, times = place_in(rng, rest), int(rng.choice([0, 1, 2, 300]))
    return rest[:place] + block * times + rest[place:]


BLIND = (flip_bits, set_number, cut_off, splice, move_block)


def change_chunk(rng: Random, content: bytes, other: bytes) -> bytes:
    """Change the chunks of a PNG, with lengths and sums that are right."""
    if not content.startswith(b"\x89PNG"):
        return content
    parts, place = [], 8
    while place + 12 <= len(content):
        size = int.from_bytes(content[place : place + 4])
        parts.append((content[place + 4 : place + 8], content[place + 8 : place + 8 + size]))
        place += 12 + size
    parts = changed_parts(rng, parts, other)
    return content[:8] + b"".join(chunk(name, data) for name, data in parts)


def change_segment(rng: Random, content: bytes, other: bytes) -> bytes:
    """Change the segments of a JPEG, with lengths that are right."""
    if not content.startswith(b"\xff\xd8"):
        return content
    try:
        parts = [(bytes([marker]), part[4:]) for marker, part in segments(content)]
    except IndexError:  # it is damaged already
        return content
    parts = changed_parts(rng, parts, other)
    return content[:2] + b"".join(
        b"\xff" + marker + struct.pack(">H", min(len(data) + 2, 65_535)) + data
        if marker != b"\xda"
        else b"\xff\xda" + struct.pack(">H", 4 + 2 * (data[:1] or b"\1")[0]) + data
        for marker, data in parts
    ) + b"\xff\xd9"  # fmt: skip


def change_riff(rng: Random, content: bytes, other: bytes) -> bytes:
    """Change the chunks of a WebP, with lengths that are right."""
    if not content.startswith(b"RIFF"):
        return content
    parts, place = [], 12
    while place + 8 <= len(content):
        size = int.from_bytes(content[place + 4 : place + 8], "little")
        parts.append((content[place : place + 4], content[place + 8 : place + 8 + size]))
        place += 8 + size + size % 2
    body = b"WEBP" + b"".join(
        name + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)
        for name, data in changed_parts(rng, parts, other)
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


def changed_parts(
    rng: Random, parts: list[tuple[bytes, bytes]], other: bytes
) -> list[tuple[bytes, bytes]]:
    """Change, drop, repeat or swap one of the parts of a file."""
    if not parts:
        return parts
    one, two = (int(n) for n in rng.integers(len(parts), size=2))
    (name, data), parts = parts[one], list(parts)
    kind = rng.integers(6)
    if kind <= 2 and data:
        if name in (b"IDAT", b"zTXt") and rng.random() < 0.5:
            data = packed_again(rng, data, other)
        else:
            data = BLIND[int(rng.integers(len(BLIND)))](rng, data, other)
        parts[one] = (name, data)
    elif kind == 3:
        parts[one], parts[two] = parts[two], parts[one]
    elif kind == 4:
        parts[two:two] = [parts[one]] * int(rng.choice([1, 2, 300]))
    else:
        del parts[one]
    return parts


def packed_again(rng: Random, data: bytes, other: bytes) -> bytes:
    """Change what is packed, and pack it again."""
    try:
        return zlib.compress(flip_bits(rng, zlib.decompress(data) or b"\0", other))
    except zlib.error:
        return data


def change_tag(rng: Random, content: bytes, other: bytes) -> bytes:
    """Change an entry of a TIFF, or of the EXIF in any file: its tag, type, count or value."""
    for mark, order in ((b"II*\0", "<"), (b"MM\0*", ">")):
        start = content.find(mark)
        if start < 0 or start + 8 > len(content):
            continue
        (place,) = struct.unpack_from(order + "I", content, start + 4)
        if start + place + 2 > len(content):
            continue
        (count,) = struct.unpack_from(order + "H", content, start + place)
        entry = start + place + 2 + 12 * int(rng.integers(max(1, count)))
        field, kind = ((0, "H"), (2, "H"), (4, "I"), (8, "I"))[int(rng.integers(4))]
        number = int(rng.choice(NUMBERS)) if field else int(rng.integers(254, 340))
        number = int(rng.integers(17)) if field == 2 else number
        if entry + 12 <= len(content):
            changed = bytearray(content)
            number %= 2**16 if kind == "H" else 2**32
            struct.pack_into(order + kind, changed, entry + field, number)
            return bytes(changed)
    return content


MUTATIONS: tuple[Callable[[Random, bytes, bytes], bytes], ...] = (
    *BLIND, change_chunk, change_segment, change_riff, change_tag,
)  # fmt: skip


def damaged(rng: Random, files: list[bytes]) -> bytes:
    """Return one of some files, damaged in one to three ways."""
    content, other = (files[int(n)] for n in rng.integers(len(files), size=2))
    wanted, before = int(rng.choice([1, 1, 1, 2, 3])), content
    for _ in range(20):  # some ways suit one format alone, and leave others as they are
        content = MUTATIONS[int(rng.integers(len(MUTATIONS)))](rng, content or b"\0", other)
        wanted -= content != before
        before = content
        if wanted <= 0:
            break
    return content[:MOST_BYTES]


KINDS = ("?", "u1", "u2", ">u2", "u4", "i1", "i8", "f2", "f4", ">f4", "f8", "g", "c8", "O", "U3",
         "S2", "V4", "M8[s]", "m8[s]", "u1,f4")  # fmt: skip


def random_array(rng: Random) -> np.ndarray:
    """Return an array of any type and form, filled with whatever the memory may hold."""
    kind = np.dtype(KINDS[int(rng.integers(len(KINDS)))])
    sides = rng.choice([0, 1, 2, 3, 4, 28, 60, 200], size=int(rng.choice([0, 1, 2, 2, 3, 3, 4])))
    while np.prod(sides) > MOST_VALUES:
        sides[sides.argmax()] //= 2
    if len(sides) == 3 and rng.random() < 0.7:
        sides[2] = rng.choice([1, 3, 4])
    if kind.hasobject:
        return np.full(sides, None)
    count = int(np.prod(sides)) * kind.itemsize
    values = np.frombuffer(rng.integers(0, 256, count, dtype=np.uint8).tobytes(), kind)
    if kind.kind == "f" and rng.random() < 0.7:
        values = rng.random(len(values)).astype(kind)
    if kind.kind == "b":
        values = rng.random(len(values)) < 0.2
    array = values.reshape(sides)
    return array[::-1].T if rng.random() < 0.2 and array.ndim else array
