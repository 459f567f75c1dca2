"""Rebuild docs/own_digits.png, the upload box and the draw pad at work, for the README.

python scripts/make_screenshot.py
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "tests"))

from browser import OPTIONS, choose, copy_project, draw, find_browser, new_page, voila  # noqa: E402

TWO = [(0.3, 0.32), (0.36, 0.22), (0.5, 0.17), (0.63, 0.23), (0.66, 0.35), (0.6, 0.47)]
TWO += [(0.46, 0.62), (0.3, 0.8), (0.45, 0.78), (0.6, 0.79), (0.72, 0.77)]


def work(page: Page) -> None:
    """Choose a picture, and draw a 2."""
    choose(page, ROOT / "digits" / "digit12.png")
    draw(page, TWO)
    for answer in ("digit12.png: The number is probably", "The number is probably a 2"):
        expect(page.get_by_role("status").filter(has_text=answer).first).to_be_visible()


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        voila(copy_project(Path(folder)), "05_custom_prediction") as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=find_browser(), args=OPTIONS)
        page = new_page(browser)
        page.set_viewport_size({"width": 900, "height": 2800})
        page.goto(address)
        work(page)
        heading = page.get_by_role("heading", name="Your own", level=2)
        heading.evaluate("heading => heading.scrollIntoView({block: 'center'})")
        top, end = heading.bounding_box(), page.get_by_role("button", name="Undo").bounding_box()
        clip = {"x": 0, "y": top["y"] - 12, "width": 900, "height": end["y"] - top["y"] + 52}
        page.screenshot(path=ROOT / "docs" / "own_digits.png", clip=clip)
        browser.close()


if __name__ == "__main__":
    main()
