"""What a printer makes of a PDF of ours: the little of PDF that it uses, read independently."""

import re
import zlib
from dataclasses import dataclass, replace

import cv2
import numpy as np

TOKENS = re.compile(rb"\((?:\\.|[^\\)])*\)|\[|\]|/\w+|[^\s\[\]()/]+", re.S)
SUBPIXELS = 6  # bits of a pixel that OpenCV keeps
MM = 72 / 25.4  # points


@dataclass(frozen=True)
class State:
    """How to draw; `q` keeps it and `Q` brings it back."""

    matrix: np.ndarray
    fill: tuple = (0, 0, 0)
    stroke: tuple = (0, 0, 0)
    width: float = 1.0


@dataclass(frozen=True)
class Page:
    """A page of a PDF.

    Attributes:
        size: width and height of the paper, mm.
        content: what draws it.
    """

    size: tuple[float, float]
    content: bytes

    @property
    def words(self):
        """Each (x, y, size, text): its baseline in mm from the upper left corner, and points."""
        return draw(self, 36)[1]

    @property
    def text(self):
        return "\n".join(words[3] for words in self.words)

    def image(self, dots_per_inch):
        """What is drawn without its words, (height, width, 3), uint8, RGB."""
        return draw(self, dots_per_inch)[0]


def draw(page, dots_per_inch):
    """Follow what a page says; whatever is not known here ends it."""
    scale, height = dots_per_inch / 72, page.size[1] * MM
    shape = np.round(np.array(page.size)[::-1] * MM * scale).astype(int)
    image = np.full((*shape, 3), 255, np.uint8)
    now, kept, path, words, stack, letters = State(np.eye(3)), [], [], [], [], None
    for token in TOKENS.findall(page.content):
        if re.fullmatch(rb"-?[\d.]+|\(.*|/.*|\[|\]", token, re.S):
            stack.append(token)
            continue
        numbers = [float(word) for word in stack if re.fullmatch(rb"-?[\d.]+", word)]
        match token.decode():
            case "q":
                kept.append(now)
            case "Q":
                now = kept.pop()
            case "cm":
                inner = np.column_stack([np.reshape(numbers, (3, 2)), [0, 0, 1]])
                now = replace(now, matrix=inner @ now.matrix)
            case "g" | "rg":
                now = replace(now, fill=tuple(numbers * (3 // len(numbers))))
            case "G" | "RG":
                now = replace(now, stroke=tuple(numbers * (3 // len(numbers))))
            case "w":
                now = replace(now, width=numbers[0])
            case "m":
                path.append([numbers])
            case "l":
                path[-1].append(numbers)
            case "c":
                path[-1] += list(curve(path[-1][-1], *np.reshape(numbers, (3, 2))))
            case "h":
                path[-1].append(path[-1][0])
            case "f" | "S" | "n" as how:
                lines = [to_pixels(line, now.matrix, height, scale) for line in path]
                lines = [np.round(line * 2**SUBPIXELS).astype(np.int32) for line in lines]
                if how == "f":
                    colour = [255 * part for part in now.fill]
                    cv2.fillPoly(image, lines, colour, cv2.LINE_AA, SUBPIXELS)
                elif how == "S":
                    colour = [255 * part for part in now.stroke]
                    width = max(1, round(now.width * scale))
                    cv2.polylines(image, lines, False, colour, width, cv2.LINE_AA, SUBPIXELS)
                path = []
            case "Tf":
                letters = numbers[-1]
            case "Tj" | "TJ":
                x, y = (to_pixels([[0, 0]], now.matrix, height, 1)[0] + 0.5) / MM
                words.append((x, y, letters, spoken(stack)))
            case "CS" | "cs" | "j" | "J" | "d" | "re" | "W" | "BT" | "ET" | "Td" | "gs":
                pass  # colours are of screens, ends are round, the window is the page
            case other:
                raise AssertionError(f"{other} is new in the PDF")
        stack = []
    return image, words


def to_pixels(points, matrix, height, scale):
    """From a drawing's own units to pixels; the middle of the first pixel is 0."""
    points = np.column_stack([points, np.ones(len(points))]) @ matrix
    return (points[:, :2] * [1, -1] + [0, height]) * scale - 0.5


def curve(start, *handles):
    """A Bezier curve as short lines."""
    t = np.linspace(0, 1, 9)[1:, None]
    points = [np.array(start), *handles]
    return sum(
        part * point
        for part, point in zip(
            ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3), points, strict=True
        )
    )


def spoken(stack):
    """The letters of what is shown; each is two bytes."""
    strings = [word[1:-1] for word in stack if word.startswith(b"(")]
    plain = b"".join(re.sub(rb"\\(.)", rb"\1", string, flags=re.S) for string in strings)
    return plain.decode("utf-16-be")


def printed(path):
    """Return the pages of a PDF."""
    data = path.read_bytes()
    assert data.startswith(b"%PDF-")
    assert data.rstrip().endswith(b"%%EOF")
    found = dict(re.findall(rb"(\d+) 0 obj\n(.*?)\nendobj", data, re.S))
    kids = re.search(rb"/Kids \[(.*?)\]", data, re.S)[1]
    pages = []
    for number in re.findall(rb"(\d+) 0 R", kids):
        page = found[number]
        box = re.search(rb"/MediaBox \[([^\]]+)\]", page)[1].split()
        content = found[re.search(rb"/Contents (\d+) 0 R", page)[1]]
        stream = re.search(rb"stream\r?\n(.*)\r?\nendstream", content, re.S)[1]
        size = tuple(float(side) / MM for side in box[2:])
        pages.append(Page(size, zlib.decompress(stream)))
    return pages
