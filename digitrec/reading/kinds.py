"""What to say about a file that cannot be read as a picture, told by its first bytes.

The browser says the same sentences from the same table, before a file is sent anywhere.
"""

from digitrec.bounds import LARGEST_FILE, LONGEST_NAME, LONGEST_SIDE, MOST_PIXELS

EMPTY = "The file is empty. Save it again, and choose it once more."
TEXT = "It holds text, and is no picture. Choose a photo or a drawing of digits."
UNKNOWN = "It is no picture of a kind that can be read here. Export it as JPEG or PNG."


class UnreadableError(ValueError):
    """A picture cannot be read; the message says why, and what to do."""


def too_large(most: int) -> str:
    """Return what to say of a picture of more pixels than are read of its kind."""
    return f"It has more than {most // 1_000_000} megapixels. Make it smaller, and choose it again."


TOO_LARGE = too_large(MOST_PIXELS)
TOO_HEAVY = f"It has more than {LARGEST_FILE // 1_000_000} MB. Export it as JPEG."
TOO_LONG = f"It is longer than {LONGEST_SIDE:,} pixels. Cut it into parts, and choose them again."
TOO_COSTLY = "It is packed so that it takes too long to open. Save it again as a usual JPEG or PNG."
DAMAGED = "The picture in it breaks off or is damaged. Copy or save it again."
HEIC = "This is a HEIC file from an iPhone. Export it as JPEG."
AVIF = "This is an AVIF file. Export it as JPEG or PNG."
VIDEO = "This is a video. Take a photo, or a screenshot of one moment, and choose that."
PDF = "This is a PDF. Export the page as JPEG or PNG, or take a screenshot of it."
ARCHIVE = (
    "This is a ZIP archive or an office document. Choose a picture, not the file that holds it."
)
SVG = "This is a drawing made of lines (SVG). Export it as PNG."
POSTSCRIPT = "This is a drawing made of lines (PostScript). Export it as PNG."
RAW = "This is a raw photo of a camera. Export it as JPEG."
OTHER_PICTURE = "This is a picture in a rare format. Export it as JPEG or PNG."

TIFF_MARKS = (b"II*\0", b"MM\0*")
TABLE: tuple[tuple[int, bytes, str], ...] = (  # where the mark stands, the mark, what to say
    *((4, b"ftyp" + brand, HEIC) for brand in (b"hei", b"hev", b"mif1", b"msf1")),
    (4, b"ftypavi", AVIF),
    (4, b"ftypcrx", RAW),
    (4, b"ftyp", VIDEO),
    (8, b"AVI ", VIDEO),
    (0, b"\x1aE\xdf\xa3", VIDEO),
    (0, b"%PDF-", PDF),
    (0, b"PK\3\4", ARCHIVE),
    (0, b"\x1f\x8b", ARCHIVE),
    (0, b"7z\xbc\xaf", ARCHIVE),
    (0, b"Rar!", ARCHIVE),
    (0, b"<svg", SVG),
    (0, b"<?xml", SVG),
    (0, b"%!PS", POSTSCRIPT),
    (0, b"FUJIFILMCCD-RAW", RAW),
    (8, b"CR\2", RAW),
    (0, b"IIU\0", RAW),
    (0, b"IIRO", RAW),
    (0, b"8BPS", OTHER_PICTURE),
    (0, b"gimp xcf", OTHER_PICTURE),
    (4, b"JXL ", OTHER_PICTURE),
    (4, b"jP  ", OTHER_PICTURE),
    (0, b"\x89PNG", DAMAGED),
    (0, b"\xff\xd8\xff", DAMAGED),
    (0, b"GIF8", DAMAGED),
    (0, b"RIFF", DAMAGED),  # WebP
    *((0, mark, DAMAGED) for mark in TIFF_MARKS),
    (0, b"\xff\xfe", TEXT),
    (0, b"\xfe\xff", TEXT),
)


def why_unreadable(content: bytes) -> str:
    """Return why the bytes of a file cannot be read as a picture, and what to do.

    Args:
        content: the file, or its beginning. No picture that can be read.

    >>> why_unreadable(b"Dear diary")
    'It holds text, and is no picture. Choose a photo or a drawing of digits.'
    """
    if not content:
        return EMPTY
    for start, mark, sentence in TABLE:
        if content.startswith(mark, start):
            return sentence
    return TEXT if is_text(content[:64]) else UNKNOWN


def is_text(beginning: bytes) -> bool:
    """Return whether bytes hold no control character but spaces and ends of lines."""
    return all(byte >= 32 or byte in b"\t\n\f\r" for byte in beginning)


def why_too_heavy(beginning: bytes) -> str:
    """Return why a very large file is not read: its kind, or its size if it may be a picture.

    Args:
        beginning: the first 64 bytes of the file.
    """
    why = why_unreadable(beginning)
    return TOO_HEAVY if why == DAMAGED else why


def shortened(name: str) -> str:
    """Return a name or a path, cut in the middle where it is too long for a message.

    >>> shortened("digit1.png")
    'digit1.png'
    """
    if len(name) <= LONGEST_NAME:
        return name
    half = LONGEST_NAME // 2 - 2
    return f"{name[:half]}...{name[-half:]}"
