"""Rebuild docs/tour.webp, the animation at the top of README: draw, look inside, read, a page.

    python scripts/make_animation.py  # or: make animation

A real browser works the real pages: the one of `make page`, and the one of `make app`. Whatever
answers in the pictures was computed while they were taken.
"""

import io
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from matplotlib import font_manager
from PIL import Image, ImageDraw, ImageFont, ImageOps
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "tests"))

from browser import OPTIONS, app, choose, find_browser, prepare_page  # noqa: E402
from build_page import build  # noqa: E402
from handwriting import paper, written  # noqa: E402

WIDTH, HEIGHT, CAPTION = 1100, 545, 52  # pixels of a picture, and of the caption above it
COLUMN = 496  # of the page of `make app`, where pictures are chosen and read
MARGIN = 20  # around the maps
LARGE = {"width": 1280, "height": 900}  # a window in which the maps stand beside the drawing
MOST = 1_500_000  # bytes
BRIGHT = ((0, 0.084, 0.42), (0, 0.554, 0.344), (1, 0.325, 0.75))  # a layer, x and y among its maps
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
STEP, LOOK, READ = 90, 1_500, 3_000  # milliseconds: while drawing, to look, to read


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
    picture: Image.Image,
    caption: str,
    milliseconds: int,
    pointer: tuple[float, float] | None = None,
) -> Frame:
    """Return a frame: the caption above a picture, and an arrow where the mouse points."""
    frame = Image.new("RGB", (WIDTH, CAPTION + HEIGHT), INK)
    frame.paste(picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS), (0, CAPTION))
    pen = ImageDraw.Draw(frame)
    pen.text((24, CAPTION / 2), caption, PAPER, font(24), anchor="lm")
    if pointer:
        arrow = [(pointer[0] + x, pointer[1] + CAPTION + y) for x, y in POINTER]
        pen.polygon(arrow, fill=PAPER, outline=INK, width=2)
    return Frame(frame, milliseconds)


def part_of(page: Page, x: float, y: float, width: float, height: float) -> Image.Image:
    """Return what a part of the window shows."""
    clip = {"x": x, "y": y, "width": width, "height": height}
    return Image.open(io.BytesIO(page.screenshot(clip=clip, animations="disabled"))).convert("RGB")


def drawing(page: Page, digit: int) -> Iterator[Frame]:
    """Draw a digit on the page of `make page`; both networks answer at every step."""
    caption, window = "Draw: two networks read along", (0, 0, WIDTH, HEIGHT)
    box = paper(page).bounding_box()
    yield framed(part_of(page, *window), caption, LOOK)
    for stroke in written(digit, seed=3):
        places = stroke * [box["width"], box["height"]] + [box["x"], box["y"]]
        page.mouse.move(*places[0])
        page.mouse.down()
        for number, place in enumerate(places[1:], start=1):
            page.mouse.move(*place)
            if number % 2 == 0:
                yield framed(part_of(page, *window), caption, STEP, tuple(place))
        page.mouse.up()
    expect(page.locator("#agreement")).to_contain_text(f"a {digit}")
    yield framed(part_of(page, *window), caption, READ)


def looking_inside(page: Page) -> Iterator[Frame]:
    """Point at places of maps; the part of the drawing that each looks at is framed."""
    page.set_viewport_size(LARGE)
    maps = [page.locator(".digitrec-maps").nth(layer).bounding_box() for layer in (0, 1)]
    room = page.locator("#more").bounding_box()
    left, width = room["x"] - MARGIN, room["width"] + 2 * MARGIN
    scale = WIDTH / width
    bottom = maps[1]["y"] + maps[1]["height"] + MARGIN / 2
    window = (left, bottom - HEIGHT / scale, width, HEIGHT / scale)
    for layer, x, y in BRIGHT:
        box = maps[layer]
        place = (box["x"] + x * box["width"], box["y"] + y * box["height"])
        page.mouse.move(*place, steps=3)
        pointer = ((place[0] - window[0]) * scale, (place[1] - window[1]) * scale)
        caption = "Look inside: what does this place answer to?"
        yield framed(part_of(page, *window), caption, READ, pointer)


def beside(photo: Path, page: Page) -> Image.Image:
    """Return a photo, and beside it the part of the page of `make app` that reads it."""
    both = Image.new("RGB", (WIDTH, HEIGHT), INK)
    with Image.open(photo) as picture:
        fitted = ImageOps.contain(picture.convert("RGB"), (WIDTH - COLUMN, HEIGHT))
    both.paste(fitted, ((WIDTH - COLUMN - fitted.width) // 2, (HEIGHT - fitted.height) // 2))
    top = page.get_by_label("Each picture shows").bounding_box()["y"] - 12
    column = part_of(page, WIDTH - COLUMN, top, COLUMN, HEIGHT)
    both.paste(column.resize((COLUMN, HEIGHT), Image.Resampling.LANCZOS), (WIDTH - COLUMN, 0))
    return both


def reading(page: Page, name: str, kind: str, caption: str) -> Iterator[Frame]:
    """Choose a photo on the page of `make app`, and let it be read."""
    photo = ROOT / "digits" / name
    page.reload()
    page.get_by_label("Each picture shows").select_option(kind)
    yield framed(beside(photo, page), caption, LOOK)
    choose(page, photo)
    expect(page.get_by_text(f"{name}: The ").first).to_be_visible()
    page.get_by_role("heading", level=1).hover()  # no control looks pointed at
    yield framed(beside(photo, page), caption, READ + LOOK)


def frames(browser: Browser, folder: Path) -> Iterator[Frame]:
    """Work the two pages, and give the frames of the animation in order."""
    sharp = {"viewport": {"width": WIDTH, "height": HEIGHT}, "device_scale_factor": 2}
    page = prepare_page(browser.new_page(**sharp))
    page.goto(build(folder / "page").as_uri())
    yield from drawing(page, 4)
    yield from looking_inside(page)
    with app(folder) as address:
        page = prepare_page(browser.new_page(**sharp))
        page.set_viewport_size({"width": WIDTH, "height": 2 * HEIGHT})
        page.goto(address)
        yield from reading(page, "digit18.jpg", "one digit", "Read: a photo, with its shadow")
        yield from reading(page, "page1.jpg", "a page of digits", "Read: a whole page")


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
