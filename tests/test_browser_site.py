"""The course as a site in a browser: from disk and from a server, narrow, dark, and searched."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import served_files
from handwriting import paper, write, written
from playwright.sync_api import expect

NARROW = {"width": 390, "height": 844}
OUTPUTS = ".cell_output"
LOOKED_AT = [  # of each kind one, in the light and in the dark; axe-core takes seconds for a lesson
    *(("index", None, "light"), ("index", None, "dark"), ("search", None, "dark")),
    ("notebooks/00_first_minute", None, "light"),
    ("notebooks/short_training", None, "dark"),
    *(("notebooks/09_parameter_sweeps", OUTPUTS, theme) for theme in ("light", "dark")),
    *(("docs/sweeps", None, "light"), ("docs/glossary", None, "dark")),
]


@pytest.fixture(scope="module")
def address(site):
    """A web server with nothing but the site, in a folder as on GitHub's pages."""
    with served_files(site.parent) as parent:
        yield f"{parent}{site.name}/"


@pytest.fixture
def visit(chromium):
    """Open a tab; at the end nothing may have failed, and nothing been asked of another host."""
    contexts, errors, asked = [], [], []

    def missed(request):
        if request.failure != "net::ERR_ABORTED":  # that was the next page, which came before it
            errors.append(f"not loaded: {request.url}, {request.failure}")

    def visit_it(address, **options):
        contexts.append(chromium.new_context(**{"viewport": NARROW} | options))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.on("requestfailed", missed)
        page.on(
            "response", lambda answer: errors.append(answer.url) if answer.status >= 400 else None
        )
        page.goto(address)
        return page

    yield visit_it
    assert errors == []
    own = ("file:", "data:", "http://127.0.0.1:")
    assert [url for url in asked if not url.startswith(own)] == []
    for context in contexts:
        context.close()


def test_no_page_is_wider_than_a_telephone(site, visit):
    page = visit((site / "index.html").as_uri())
    paths = [path for path in site.rglob("*.html") if "_static" not in path.parts]
    wide = {}
    for path in paths:
        page.goto(path.as_uri())
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > NARROW["width"]:
            wide[path.name] = width
    assert wide == {}
    assert len(paths) > 25


@pytest.mark.parametrize(("name", "part", "theme"), LOOKED_AT)
def test_no_barrier_on_a_page(site, chromium, name, part, theme):
    page = chromium.new_page(color_scheme=theme, viewport=NARROW)
    page.goto((site / f"{name}.html").as_uri())
    found = Axe().run(page, part, {"preload": False}).response["violations"]
    serious = [one for one in found if one["impact"] in ("serious", "critical")]
    assert [f"{one['id']}: {node['html']}" for one in serious for node in one["nodes"]] == []
    page.close()


@pytest.mark.parametrize("where", ["disk", "server"])
def test_search_finds_a_word_and_leads_to_it(site, address, visit, where):
    start = address if where == "server" else (site / "index.html").as_uri()
    page = visit(start, viewport={"width": 1280, "height": 900})
    page.keyboard.press("Control+k")
    page.get_by_role("searchbox", name="Search the course").fill("backpropagation")
    page.keyboard.press("Enter")
    found = page.locator("#search-results li").filter(has_text="3. Train the network")
    expect(found).to_have_count(1)
    if where == "server":  # a page from disk may not read others
        expect(found.locator("p.context")).to_contain_text("backpropagation")
    found.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("3. Train the network")


def test_dark_is_chosen_once_for_all_pages(address, visit):
    page = visit(address, color_scheme="light")
    root = page.locator("html")
    expect(root).to_have_attribute("data-theme", "light")
    page.get_by_role("button", name="Color mode").click()
    page.get_by_role("button", name="Dark").click()
    expect(root).to_have_attribute("data-theme", "dark")
    page.get_by_role("link", name="Read the course").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("0. The first minute")
    expect(root).to_have_attribute("data-theme", "dark")


@pytest.mark.parametrize("where", ["disk", "server"])
def test_a_digit_is_read_one_click_away(site, address, visit, where):
    page = visit(address if where == "server" else (site / "index.html").as_uri())
    page.get_by_role("link", name="Draw a digit now").click()
    write(paper(page), written(7, seed=7, points=20))
    expect(page.get_by_role("status")).to_contain_text("The number is probably a 7")
    page.get_by_role("link", name="Back to the course").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Learn to read handwritten digits")
