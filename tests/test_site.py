"""The course as a site: where links lead, what it shows of the notebooks, what it leaves out."""

import re
import sys
import tomllib
from functools import cache
from urllib.parse import unquote, urlsplit

import nbformat
import pytest
from bs4 import BeautifulSoup
from conftest import ROOT

sys.path.append(str(ROOT / "scripts"))
import build_site

ALL = sorted((ROOT / "notebooks").glob("*.ipynb"))
WIDGET = "application/vnd.jupyter.widget-view+json"
PLACES = {"a": "href", "link": "href", "img": "src", "script": "src", "source": "srcset"}
FROM_STYLE = re.compile(r"""url\(["']?([^"')]+)|@import\s+["']([^"']+)""")


@cache
def parsed(path):
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


@cache
def places(path):
    return {element["id"] for element in parsed(path).find_all(id=True)}


@pytest.fixture(scope="module")
def pages(site):
    """Every page a reader can come to, by its path."""
    paths = [path for path in site.rglob("*.html") if "_static" not in path.parts]
    return {path: parsed(path) for path in paths}


def outputs(path):
    cells = nbformat.read(path, as_version=4).cells
    return [output for cell in cells for output in cell.get("outputs", [])]


def shown(site, path):
    return parsed(site / "notebooks" / f"{path.stem}.html")


def addresses(soup):
    for tag, attribute in PLACES.items():
        for element in soup.find_all(tag, attrs={attribute: True}):
            yield element, element[attribute]


def test_every_link_leads_to_a_file_and_a_place_in_it(site, pages):
    lost, followed = [], 0
    for path, soup in pages.items():
        for _, address in addresses(soup):
            parts = urlsplit(address)
            if parts.scheme:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            assert site.resolve() in target.parents, f"{path}: {address} leads out of the site"
            known = target.is_file() and (
                not parts.fragment or unquote(parts.fragment) in places(target)
            )
            followed += 1
            if not known:
                lost.append(f"{path.relative_to(site)}: {address}")
    assert lost == []
    assert followed > 1000


def test_a_section_named_as_in_jupyterlab_is_found(site):
    links = parsed(site / "docs" / "teaching.html").select("article a[href*='first_minute.html#']")
    target = parsed(site / "notebooks" / "00_first_minute.html")
    sections = {target.find(id=urlsplit(link["href"]).fragment).h2.contents[0] for link in links}
    assert "Where to go from here" in sections


def pages_from(path):
    """Every other page of the site that a click on this one opens."""
    links = [urlsplit(link["href"]) for link in parsed(path).find_all("a", href=True)]
    files = {(path.parent / link.path).resolve() for link in links if link.path and not link.scheme}
    return {file for file in files if file.suffix == ".html"} - {path}


def test_whoever_begins_at_the_first_page_comes_to_every_other_and_back(site, pages):
    first = (site / "index.html").resolve()
    reached, waiting = set(), {first}
    while waiting:
        path = waiting.pop()
        reached.add(path)
        assert path == first or first in pages_from(path)
        waiting |= pages_from(path) - reached
    assert {path.resolve() for path in pages} - reached == {
        (site / "search.html").resolve()  # a form leads there
    }
    written = [*ALL, *(ROOT / "docs").glob("*.md")]
    expected = {path.relative_to(ROOT).with_suffix(".html").as_posix() for path in written}
    assert expected <= {path.relative_to(site).as_posix() for path in pages}


def test_nothing_is_loaded_from_another_host(site, pages):
    loaded = [
        address
        for soup in pages.values()
        for element, address in addresses(soup)
        if element.name != "a"
    ]
    for style in site.rglob("*.css"):
        found = FROM_STYLE.findall(style.read_text(encoding="utf-8"))
        loaded += [either or other for either, other in found]
    assert {urlsplit(address).scheme for address in loaded} <= {"", "data"}
    assert not any(address.startswith("//") for address in loaded)
    assert len(loaded) > 300


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_a_notebook_shows_what_came_out_when_it_ran(site, path):
    soup = shown(site, path)
    printed = [output.text for output in outputs(path) if output.output_type == "stream"]
    on_page = [part.get_text() for part in soup.select(".output.stream, .output.stderr")]
    assert [text.strip() for text in on_page] == [text.strip() for text in printed]
    drawn = [
        output.data["text/html"]
        for output in outputs(path)
        if "text/html" in output.get("data", {})
    ]
    page = (site / "notebooks" / f"{path.stem}.html").read_text(encoding="utf-8")
    assert all(markup.strip() in page for markup in drawn)
    pictures = BeautifulSoup("".join(drawn), "html.parser").find_all("img")
    assert [image["alt"] for image in soup.select(".cell_output img")] == [
        i["alt"] for i in pictures
    ]
    code = [
        cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"
    ]
    assert [part.get_text().strip() for part in soup.select(".cell_input pre")] == [
        c.strip() for c in code
    ]


def test_every_picture_has_its_words(site, pages):
    wordless = [
        f"{path.relative_to(site)}: {str(image)[:80]}"
        for path, soup in pages.items()
        for image in soup.find_all("img")
        if not image.get("alt") and "logo__image" not in image.get("class", [])  # beside its name
    ]
    assert wordless == []


def test_a_control_says_what_it_is_for_and_a_bar_of_progress_is_gone(site):
    for path in ALL:
        says = [
            output.data["text/plain"]
            for output in outputs(path)
            if WIDGET in output.get("data", {})
        ]
        kept = [text for text in says if text.startswith("Run this cell in JupyterLab to ")]
        frames = shown(site, path).select(".cell_output .control")
        assert [frame.get_text().split(" Draw here")[0] for frame in frames] == kept
        for frame in frames:
            assert bool(frame.a) == (" draw" in frame.get_text())
    assert "photo/s" not in shown(site, ROOT / "notebooks" / "08_your_own_hand.ipynb").get_text()


def test_formulas_are_written_so_that_browsers_draw_them(site):
    drawn = 0
    for path in ALL:
        cells = nbformat.read(path, as_version=4).cells
        prose = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
        formulas = re.findall(r"\$[^$]+\$", prose)
        soup = shown(site, path)
        assert len(soup.find_all("math")) == len(formulas), path
        assert bool(soup.find("msqrt")) == any("sqrt" in formula for formula in formulas)
        drawn += len(formulas)
    assert drawn >= 3


def test_it_is_small(site):
    assert sum(path.stat().st_size for path in site.rglob("*") if path.is_file()) < 15_000_000
    assert not any(path.suffix in {".map", ".ipynb", ".doctree"} for path in site.rglob("*"))


REPOSITORY = "https://x.example/a/b"
LINKS = [  # as it is written; where the repository is known; where it is not
    ("[code](../digitrec/mnist.py)", f"[code]({REPOSITORY}/blob/HEAD/digitrec/mnist.py)", "code"),
    ("[`a`](../docs/glossary.md#A-Word,-or%20two%3F)", "[`a`](../docs/glossary.md#a-word-or-two)"),
    ("[here](#a-section) [there](https://y.example/z)",),
    ("[lost](nowhere.md)",),
    ("![badge](https://y.example/b.svg)", "badge"),
    ("[![b](https://y.example/b.svg)](https://y.example)", "[b](https://y.example)"),
    ("![own](../docs/reading.png)",),
]


@pytest.mark.parametrize("forms", LINKS, ids=lambda forms: forms[0])
def test_links_stay_on_the_site_or_lead_to_the_repository(forms):
    text, known, unknown = forms[0], forms[:2][-1], forms[-1]
    pages = {"docs/glossary.md", "docs/reading.png"}
    for address, expected in ((REPOSITORY, known), (None, unknown)):
        assert build_site.led(text, "notebooks/a.ipynb", pages, ROOT, address) == expected


def test_pages_lead_to_no_repository_but_the_known_one(pages):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    address = project.get("urls", {}).get("Repository")
    for path, soup in pages.items():
        links = [
            link["href"] for link in soup.select("a[href*='/blob/HEAD/'], header a[href^=http]")
        ]
        assert all(address and link.startswith(address) for link in links), (path, links)


def test_the_lock_has_everything_with_hashes_and_no_registry():
    text = (ROOT / "requirements-site.txt").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[a-z])", text)
    pinned = {name: version for name, version in re.findall(r"^([a-z0-9-]+)==(\S+)", text, re.M)}
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in text
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[
        "dependency-groups"
    ]
    wanted = {re.match(r"[a-z-]+", line)[0] for line in groups["site"]}
    assert wanted <= set(pinned)
    lessons = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    for name in ("numpy", "opencv-python-headless", "pillow"):  # they compute the page to draw on
        assert f"\n{name}=={pinned[name]} " in lessons
