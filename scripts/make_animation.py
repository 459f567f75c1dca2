"""Rebuild docs/tour.webp, the animation at the top of README: draw, look inside, read, a page.

    python scripts/make_animation.py  # or: make animation

A real browser works the real pages: the one of `make page`, and the one of `make app`. Whatever
answers in the pictures was computed while they were taken.
"""

import io
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from matplotlib import font_manager
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "tests"))

from browser import OPTIONS, app, choose, find_browser, new_page  # noqa: E402
from build_page import build  # noqa: E402
from handwriting import paper, written  # noqa: E402

WIDTH, HEIGHT, CAPTION = 1100, 545, 52  # pixels
MOST = 1_500_000  # bytes
INK, PAPER = "#1b1b1b", "#ffffff"
POINTER = (
    (0, 0),
    (0, 19),
    (4, 15),
    (8, 22),
    (11, 21),
    (7, 13),
    (13, 13),
)  # an arrow, its tip first
STEP, LOOK, READ = 100, 1_500, 3_200  # milliseconds: while drawing, to look, to read


@dataclass(frozen=True)
class Frame:
    """A picture of the animation, and how long it stays.

    Attributes:
        picture: with its caption.
        milliseconds: at least 20.
    """

    picture: Image.Image
    milliseconds: int


def font(size: int) -> ImageFont.FreeTypeFont:
    """Return the font that comes with Matplotlib, the same on every machine."""
    return ImageFont.truetype(font_manager.findfont("DejaVu Sans"), size)


def framed(
    shot: bytes, caption: str, milliseconds: int, pointer: tuple[float, float] | None = None
) -> Frame:
    """Return a frame: the caption above what the browser shows, and an arrow where it points."""
    picture = Image.new("RGB", (WIDTH, CAPTION + HEIGHT), INK)
    picture.paste(Image.open(io.BytesIO(shot)), (0, CAPTION))
    pen = ImageDraw.Draw(picture)
    pen.text((24, CAPTION / 2), caption, PAPER, font(24), anchor="lm")
    if pointer:
        arrow = [(pointer[0] + x, pointer[1] + CAPTION + y) for x, y in POINTER]
        pen.polygon(arrow, fill=PAPER, outline=INK, width=2)
    return Frame(picture, milliseconds)


def shot_of(page: Page) -> bytes:
    """Return what the window shows, as PNG."""
    return page.screenshot(animations="disabled")


def drawing(page: Page, digit: int) -> Iterator[Frame]:
    """Draw a digit on the page of `make page`; both networks answer at every step."""
    caption, field = "Draw: two networks read along", paper(page)
    box = field.bounding_box()
    yield framed(shot_of(page), caption, LOOK)
    for stroke in written(digit, seed=3):
        places = stroke * [box["width"], box["height"]] + [box["x"], box["y"]]
        page.mouse.move(*places[0])
        page.mouse.down()
        for number, place in enumerate(places[1:], start=1):
            page.mouse.move(*place)
            if number % 3 == 0:
                yield framed(shot_of(page), caption, STEP, tuple(place))
        page.mouse.up()
    expect(page.locator("#agreement")).to_contain_text(f"a {digit}")
    yield framed(shot_of(page), caption, READ)


def looking_inside(page: Page) -> Iterator[Frame]:
    """Point at places of maps; the part of the drawing that each looks at lights up."""
    page.locator("#more").evaluate("part => part.scrollIntoView()")
    for layer, x, y in ((0, 0.19, 0.28), (0, 0.57, 0.3), (1, 0.45, 0.25)):
        box = page.locator(".digitrec-maps").nth(layer).bounding_box()
        place = (box["x"] + x * box["width"], box["y"] + y * box["height"])
        page.mouse.move(*place, steps=3)
        yield framed(shot_of(page), "Look inside: what does this place answer to?", READ, place)


def reading(page: Page, name: str, kind: str, caption: str, answer: str) -> Iterator[Frame]:
    """Choose a picture on the page of `make app`, and read it."""
    page.get_by_label("Each picture shows").select_option(kind)
    yield framed(shot_of(page), caption, LOOK)
    choose(page, ROOT / "digits" / name)
    expect(page.get_by_text(re.compile(answer)).first).to_be_visible()
    yield framed(shot_of(page), caption, READ)


def window(browser: Browser, address: str) -> Page:
    """Open an address in a window of the animation's size."""
    page = new_page(browser)
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    page.goto(address)
    return page


def frames(browser: Browser, folder: Path) -> Iterator[Frame]:
    """Work the two pages, and give the frames of the animation in order."""
    page = window(browser, build(folder / "page").as_uri())
    yield from drawing(page, 4)
    yield from looking_inside(page)
    page.close()
    with app(folder) as address:
        page = window(browser, address)
        caption = "Read: a photo, with its shadow"
        yield from reading(page, "digit18.jpg", "one digit", caption, "digit18.jpg: The number")
        caption = "Read a whole page"
        yield from reading(page, "page1.jpg", "a page of digits", caption, "page1.jpg")


def save(animation: list[Frame], path: Path) -> None:
    """Write the animation; it begins anew at its end.

    Raises:
        ValueError: it is larger than it may be.
    """
    first, *others = (frame.picture for frame in animation)
    durations = [frame.milliseconds for frame in animation]
    options = {"save_all": True, "append_images": others, "duration": durations, "loop": 0}
    file = io.BytesIO()
    first.save(file, "WEBP", lossless=True, method=6, minimize_size=True, **options)
    if len(content := file.getvalue()) > MOST:
        raise ValueError(f"The animation has {len(content):,} bytes, expected at most {MOST:,}.")
    path.write_bytes(content)
    print(f"{path.relative_to(ROOT)}: {len(animation)} frames, {len(content):,} bytes")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=OPTIONS)
        animation = list(frames(browser, Path(folder)))
        browser.close()
    save(animation, ROOT / "docs" / "tour.webp")


if __name__ == "__main__":
    main()
