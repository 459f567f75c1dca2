"""Picture files that cost far more to open than their size tells.

Each is made here from its format's parts, the way a fuzzer or somebody with bad intent makes them.
"""

import io
import struct
import zlib
from collections.abc import Callable, Iterable

import cv2
import numpy as np
from PIL import Image

SIDE = 8192  # pixels; 67 megapixels, the most there may be


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    """Return a picture as a file."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def noise(side: int, mode: str = "RGB") -> Image.Image:
    """Return a picture that cannot be packed well."""
    shape = (side, side) if mode == "L" else (side, side, len(mode))
    return Image.fromarray(np.random.default_rng(5).integers(0, 256, shape, dtype=np.uint8))


def chunk(name: bytes, data: bytes = b"") -> bytes:
    """Return a chunk of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(
    wide: int = 28,
    high: int = 28,
    bits: int = 8,
    colours: int = 0,
    interlaced: bool = False,
    filtered: int = 4,
    before: bytes = b"",
    after: bytes = b"",
    whole: bool = True,
) -> bytes:
    """Return an empty PNG whose rows have to be unpacked in the costliest way; or its header."""
    samples = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colours]
    row = bytes([0 if interlaced else filtered]) + bytes(-(-wide * samples * bits // 8))
    rows = whole * high * (2 if interlaced else 1)  # seven smaller pictures need more
    packer = zlib.compressobj(9)
    data = b"".join([packer.compress(row * 64) for _ in range(0, rows, 64)]) + packer.flush()
    header = struct.pack(">IIBBBBB", wide, high, bits, colours, 0, 0, interlaced)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + before
        + chunk(b"IDAT", data) + after + chunk(b"IEND")
    )  # fmt: skip


PALETTE = chunk(b"PLTE", bytes(768)) + chunk(b"tRNS", bytes(range(256)))


def text_chunks(count: int, size: int = 1_000_000) -> bytes:
    """Return chunks of packed text, a megabyte each when unpacked."""
    return b"".join(
        chunk(b"zTXt", b"k%d\0\0" % number + zlib.compress(bytes(size), 9))
        for number in range(count)
    )


def segments(jpeg: bytes) -> Iterable[tuple[int, bytes]]:
    """Return the marker and the bytes of each segment of a JPEG; a scan's holds its pixels, too."""
    place = 2
    while place < len(jpeg) - 2:
        end = place + 2 + int.from_bytes(jpeg[place + 2 : place + 4])
        marker = jpeg[place + 1]
        if marker == 0xDA:
            while jpeg[end] != 0xFF or jpeg[end + 1] in (0, *range(0xD0, 0xD8)):
                end += 1
        yield marker, jpeg[place:end]
        place = end


def repeated_scans(count: int, side: int) -> bytes:
    """Return a progressive JPEG whose last scan comes many times."""
    jpeg = saved(Image.new("L", (side, side), 200), "JPEG", progressive=True)
    parts = [part for _, part in segments(jpeg)]
    last = next(part for marker, part in reversed(list(segments(jpeg))) if marker == 0xDA)
    return jpeg[:2] + b"".join(parts) + last * count + b"\xff\xd9"


def progressive_noise(side: int, quality: int) -> bytes:
    """Return a progressive JPEG that cannot be packed well, in full colour."""
    options = {
        cv2.IMWRITE_JPEG_QUALITY: quality,
        cv2.IMWRITE_JPEG_PROGRESSIVE: 1,
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR: cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444,
    }
    flat = [number for pair in options.items() for number in pair]
    return cv2.imencode(".jpg", np.asarray(noise(side)), flat)[1].tobytes()


def exif_parts(count: int) -> bytes:
    """Return a JPEG whose EXIF comes in many pieces, which a reader puts together."""
    jpeg = saved(Image.new("L", (28, 28)), "JPEG")
    data = b"Exif\0\0" + bytes(65_500)
    part = b"\xff\xe1" + struct.pack(">H", len(data) + 2) + data
    return jpeg[:2] + part * count + jpeg[2:]


def tiff_block(entries: int, size: int) -> bytes:
    """Return EXIF in which many tags point to the same large place."""
    tags = [struct.pack("<HHII", 1 + tag, 7, size, 8 + 2 + 12 * entries) for tag in range(entries)]
    return b"II*\0\x08\0\0\0" + struct.pack("<H", entries) + b"".join(tags) + bytes(size)


def tiff(tags: dict[int, tuple[int, list[int]]], data: bytes = b"") -> bytes:
    """Return a TIFF of these tags: the type, 3 for 16 and 4 for 32 bits, and the values of each."""
    entries, rest, place = b"", b"", 8 + 2 + 12 * len(tags) + 4
    for tag, (kind, values) in sorted(tags.items()):
        packed = struct.pack(f"<{len(values)}{'HI'[kind - 3]}", *values)
        if len(packed) > 4:
            where = struct.pack("<I", place + len(rest))
            rest += packed
        else:
            where = packed.ljust(4, b"\0")
        entries += struct.pack("<HHI", tag, kind, len(values)) + where
    return (
        b"II*\0\x08\0\0\0" + struct.pack("<H", len(tags)) + entries + bytes(4) + rest + data
    )  # fmt: skip


def grey_tags(wide: int, high: int, packing: int = 1) -> dict[int, tuple[int, list[int]]]:
    """Return the tags of a grey TIFF of 8 bits."""
    return {
        256: (4, [wide]), 257: (4, [high]), 258: (3, [8]), 259: (3, [packing]), 262: (3, [1]),
        277: (3, [1]),
    }  # fmt: skip


def thin_strips(count: int) -> bytes:
    """Return a TIFF a pixel wide, each row of which lies in a place of its own."""
    tags = grey_tags(1, count) | {273: (4, [0] * count), 278: (4, [1]), 279: (4, [1] * count)}
    return tiff(tags, bytes(16))


def giant_tile(side: int) -> bytes:
    """Return a small TIFF made of one tile far larger than the picture."""
    packed = zlib.compress(bytes(2**20)) * 4
    tags = grey_tags(64, 64, packing=8) | {
        322: (4, [side]), 323: (4, [side]), 324: (4, [300]), 325: (4, [len(packed)]),
    }  # fmt: skip
    return tiff(tags).ljust(300, b"\0") + packed


def bmp_rle(wide: int, high: int, data: bytes) -> bytes:
    """Return a packed BMP."""
    start = 14 + 40 + 1024
    header = b"BM" + struct.pack("<IHHI", start + len(data), 0, 0, start)
    info = struct.pack("<IiiHHIIiiII", 40, wide, high, 1, 8, 1, len(data), 0, 0, 256, 0)
    return header + info + bytes(1024) + data


def gif(wide: int, high: int, before: bytes = b"") -> bytes:
    """Return an empty GIF with other blocks before its picture."""
    picture = saved(Image.new("P", (wide, high)), "GIF")
    header = b"GIF89a" + struct.pack("<HHBBB", wide, high, 0, 0, 0)
    return header + before + picture[picture.index(b",", 13) :]


def comments(count: int) -> bytes:
    """Return a GIF's comment of many blocks."""
    return b"!\xfe" + (b"\xff" + bytes(255)) * count + b"\0"


def frames(kind: str, count: int, side: int) -> bytes:
    """Return a picture of many pictures."""
    shades = [Image.new("L", (side, side), number % 256) for number in range(count)]
    return saved(shades[0], kind, save_all=True, append_images=shades[1:])


FILES: dict[str, Callable[[], bytes]] = {
    "PNG, 67 megapixels, transparent": lambda: png(SIDE, SIDE, colours=6),
    "PNG, 50 megapixels, transparent": lambda: png(7090, 7090, colours=6),
    "PNG, 25 megapixels of 16 bits, transparent": lambda: png(5010, 5010, 16, colours=6),
    "PNG, 67 megapixels, colour": lambda: png(SIDE, SIDE, colours=2),
    "PNG, 65,000 rows": lambda: png(1000, 65_000, colours=2),
    "PNG, 67 megapixels, transparent palette": lambda: png(SIDE, SIDE, colours=3, before=PALETTE),
    "PNG, 67 megapixels of 16 bits, transparent": lambda: png(SIDE, SIDE, 16, 6),
    "PNG, 67 megapixels of 16 bits, grey": lambda: png(SIDE, SIDE, 16),
    "PNG, 67 megapixels of 16 bits, in a row": lambda: png(SIDE * SIDE, 1, 16),
    "PNG, 67 megapixels, colour, interlaced": lambda: png(SIDE, SIDE, 8, 2, True),
    "PNG, 67 megapixels of 1 bit": lambda: png(SIDE, SIDE, 1),
    "PNG, a pixel wide": lambda: png(1, SIDE * SIDE, 8),
    "PNG, noise, 4,800x4,800": lambda: saved(noise(4800), "PNG", compress_level=1),
    "PNG, few values, 7,000x7,000": lambda: saved(
        noise(7000).point(lambda value: value // 12), "PNG", compress_level=1
    ),
    "PNG, 60,000 chunks": lambda: png(before=chunk(b"teXt") * 60_000),
    "PNG, 1,500,000 chunks": lambda: png(before=chunk(b"teXt") * 1_500_000),
    "PNG, 1,500,000 chunks at its end": lambda: png(after=chunk(b"teXt") * 1_500_000),
    "PNG, 60 MB of text": lambda: png(before=text_chunks(60)),
    "PNG, 90 MB of text": lambda: png(before=text_chunks(90)),
    "PNG, EXIF of 4,000 tags of 1 MB": lambda: png(before=chunk(b"eXIf", tiff_block(4000, 2**20))),
    "PNG, EXIF of 100 MB": lambda: png(before=chunk(b"eXIf", tiff_block(1, 10**8))),
    "JPEG, 67 megapixels": lambda: saved(Image.new("RGB", (SIDE, SIDE)), "JPEG"),
    "JPEG, 67 megapixels, progressive": lambda: saved(
        Image.new("RGB", (SIDE, SIDE)), "JPEG", progressive=True, subsampling=0
    ),
    "JPEG, 67 megapixels, CMYK": lambda: saved(Image.new("CMYK", (SIDE, SIDE)), "JPEG"),
    "JPEG, 65,000x1,000": lambda: saved(Image.new("RGB", (65_000, 1000)), "JPEG"),
    "JPEG, noise, 33 megapixels": lambda: saved(noise(5792), "JPEG", quality=95),
    "JPEG, noise, 8 megapixels, progressive": lambda: progressive_noise(2900, 95),
    "JPEG, noise, 67 megapixels, progressive": lambda: progressive_noise(SIDE, 75),
    "JPEG, 10,000 scans": lambda: repeated_scans(10_000, 1000),
    "JPEG, as many scans as there may be": lambda: repeated_scans(1000, 1000),
    "JPEG, 10 scans of 67 megapixels": lambda: repeated_scans(9, SIDE),
    "JPEG, 50 parts of EXIF": lambda: exif_parts(50),
    "JPEG, 2,000 parts of EXIF": lambda: exif_parts(2000),
    "WebP, 67 megapixels": lambda: saved(Image.new("RGB", (SIDE, SIDE)), "WEBP", lossless=True),
    "WebP, 33 megapixels": lambda: saved(Image.new("RGBA", (5792, 5792)), "WEBP", lossless=True),
    "WebP, 16 megapixels": lambda: saved(Image.new("RGBA", (4096, 4096)), "WEBP", lossless=True),
    "WebP, noise, 16 megapixels": lambda: saved(noise(4090), "WEBP", quality=60, method=0),
    "WebP, noise, 16 megapixels, lossless": lambda: saved(
        noise(4090), "WEBP", lossless=True, quality=0, method=0
    ),
    "WebP, moving": lambda: frames("WEBP", 40, 1000),
    "BMP, 67 megapixels of 1 bit": lambda: saved(Image.new("1", (SIDE, SIDE)), "BMP"),
    "BMP, 33 megapixels of 32 bits": lambda: saved(Image.new("RGBA", (5700, 5700)), "BMP"),
    "BMP, packed, a pixel a row": lambda: bmp_rle(4096, 4096, b"\1\1\0\0" * 4096),
    "BMP, packed, 4 megapixels": lambda: bmp_rle(2048, 2048, b"\1\1\0\0" * 2048),
    "GIF, 65 megapixels": lambda: gif(65_000, 1000),
    "GIF, 130 MB of comments": lambda: gif(28, 28, comments(500_000)),
    "GIF, 60,000 comments": lambda: gif(28, 28, comments(60_000)),
    "GIF, 1,000,000 small blocks": lambda: gif(28, 28, b"!\x01\x01a\0" * 1_000_000),
    "GIF, moving": lambda: frames("GIF", 300, 500),
    **{
        f"TIFF, 67 megapixels, {packing}": lambda packing=packing: saved(
            Image.new("RGB", (SIDE, SIDE)), "TIFF", compression=packing
        )
        for packing in ("tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg", "zstd")
    },
    "TIFF, 67 megapixels of 1 bit": lambda: saved(
        Image.new("1", (SIDE, SIDE)), "TIFF", compression="group4"
    ),
    "TIFF, 67 megapixels of 32 bits": lambda: saved(
        Image.new("I", (SIDE, SIDE)), "TIFF", compression="tiff_lzw"
    ),
    "TIFF, 67 megapixels of 16 bits": lambda: saved(
        Image.new("I;16", (SIDE, SIDE)), "TIFF", compression="tiff_lzw"
    ),
    "TIFF, 67 megapixels of floats": lambda: saved(
        Image.new("F", (SIDE, SIDE)), "TIFF", compression="tiff_lzw"
    ),
    **{
        f"TIFF, noise, 33 megapixels, {packing}": lambda packing=packing: saved(
            noise(5792), "TIFF", compression=packing
        )
        for packing in ("lzma", "zstd")
    },
    "TIFF, 60,000 strips": lambda: thin_strips(60_000),
    "TIFF, 4,000,000 strips": lambda: thin_strips(4_000_000),
    "TIFF, a tile of 64 megapixels": lambda: giant_tile(8000),
    "TIFF, a tile of 1,024 megapixels": lambda: giant_tile(32_000),
    "TIFF, 4,000 tags of 1 MB": lambda: tiff_block(4000, 2**20),
    "TIFF, 400 pages": lambda: frames("TIFF", 400, 300),
}
