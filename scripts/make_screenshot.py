"""Rebuild docs/own_digits.png, the page of `make app` at work, for the README.

python scripts/make_screenshot.py
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "tests"))

from browser import OPTIONS, app, choose, draw, find_browser, new_page  # noqa: E402

TWO = [(0.3, 0.32), (0.36, 0.22), (0.5, 0.17), (0.63, 0.23), (0.66, 0.35), (0.6, 0.47)]
TWO += [(0.46, 0.62), (0.3, 0.8), (0.45, 0.78), (0.6, 0.79), (0.72, 0.77)]


def work(page: Page) -> None:
    """Draw a 2, and choose a picture."""
    draw(page, TWO)
    expect(page.get_by_text("Python has it, too: a 2")).to_be_visible()
    choose(page, ROOT / "digits" / "digit12.png")
    expect(page.get_by_text("digit12.png: The number is probably").first).to_be_visible()
    page.get_by_role("heading", level=1).hover()  # no control looks pointed at


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        app(Path(folder)) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=find_browser(), args=OPTIONS)
        page = new_page(browser)
        page.goto(address)
        work(page)
        height = page.get_by_role("main").bounding_box()["height"]
        clip = {"x": 0, "y": 0, "width": 1280, "height": height}
        page.screenshot(path=ROOT / "docs" / "own_digits.png", clip=clip, full_page=True)
        browser.close()


if __name__ == "__main__":
    main()
