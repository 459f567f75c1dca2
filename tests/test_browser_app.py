"""The page of `make app` in a real browser: its form, its start and its end."""

import json
import os
import time
import urllib.error
import urllib.request
from contextlib import suppress

import psutil
import pytest
from browser import (
    ONE,
    PATIENCE,
    app,
    children_with,
    choose,
    draw,
    kernels_of,
    new_page,
    slowdown,
    violations_of_ours,
)
from conftest import ROOT, always
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, expect

import digitrec

READY = 15  # seconds on an idle machine; 3 on two cores
DIGIT = ROOT / "digits" / "digit1.png"
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


def pad(page: Page):
    return page.get_by_role("application", name="Field to draw a digit in")


def upload(page: Page):
    return page.get_by_role("button", name="Choose pictures of digits")


def visit(chromium, address: str) -> Page:
    """Open the page in a tab of its own, and wait until it can be used."""
    page = new_page(chromium)
    page.goto(address, wait_until="commit")
    expect(pad(page)).to_be_visible()
    expect(upload(page)).to_be_visible()
    return page


def kernels(address: str) -> list[psutil.Process]:
    """Return the kernels of a server that this process runs."""
    port = f"--port={address.rpartition(':')[2]}"
    (server,) = children_with(port, psutil.Process())
    return children_with("ipykernel_launcher", server)


def wait_until_gone(*gone: psutil.Process) -> None:
    _, alive = psutil.wait_procs(gone, timeout=PATIENCE)
    assert alive == []


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("page")


@pytest.fixture(scope="module")
def broken(tmp_path_factory):
    """Where modules lie that come before all others."""
    return tmp_path_factory.mktemp("broken")


@pytest.fixture(scope="module")
def address(folder, broken):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", f"{broken}{os.pathsep}{ROOT}")
        with app(folder) as address:
            yield address


@pytest.fixture(scope="module")
def page(chromium, address):
    page = visit(chromium, address)
    yield page
    page.close()


def test_it_is_usable_soon_and_asks_no_other_host_for_anything(chromium, address):
    page, asked = new_page(chromium), []
    page.on("request", lambda request: asked.append(request.url))
    start, slow = time.monotonic(), slowdown()
    page.goto(address, wait_until="commit")
    expect(page.get_by_role("status").filter(has_text="Starting Python")).to_be_visible()
    expect(pad(page)).to_be_visible()
    expect(upload(page)).to_be_visible()
    assert time.monotonic() - start < READY * max(slow, slowdown())
    expect(page.get_by_text("Starting Python")).to_have_count(0)
    choose(page, DIGIT)
    expect(page.get_by_text("The number is probably a 4.").first).to_be_visible()
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
    page.goto("about:blank")
    page.close()


@pytest.mark.parametrize("screen", [WIDE, PHONE], ids=["1280x900", "390x844"])
def test_everything_needed_is_on_one_screen(page, screen):
    page.set_viewport_size(screen)
    draw(page, ONE)
    answer = page.get_by_role("paragraph").filter(has_text="The number is probably a 1.")
    expect(answer).to_be_visible()
    needed = [page.get_by_role("heading", level=1), pad(page), answer]
    needed += [page.get_by_role("button", name=name, exact=True) for name in ("Undo", "Clear")]
    for place in needed:
        assert is_on_screen(place, screen), place
    part = page.get_by_role("radio", name="Choose pictures")
    if screen == PHONE:
        assert is_on_screen(part, screen)
        expect(upload(page)).to_be_hidden()
        page.get_by_role("radio", name="Draw a digit").press("ArrowRight")
        expect(part).to_be_checked()
    for place in (upload(page), page.get_by_role("combobox", name="Each picture shows")):
        assert is_on_screen(place, screen), place
    if screen == PHONE:
        page.get_by_role("radio", name="Draw a digit").check()
    assert page.evaluate("document.documentElement.scrollWidth") <= screen["width"]
    page.get_by_role("button", name="Clear").click()
    page.set_viewport_size(WIDE)


def is_on_screen(place, screen) -> bool:
    expect(place).to_be_visible()
    box = place.bounding_box()
    return (
        min(box["x"], box["y"]) >= 0
        and box["x"] + box["width"] <= screen["width"]
        and box["y"] + box["height"] <= screen["height"]
    )


def test_what_has_nothing_to_say_is_not_seen(page):
    silent = page.locator("[role=status]:empty, .digitrec-silence:empty")
    assert silent.count() >= 2
    for element in silent.all():
        box = element.bounding_box()
        assert box is None or min(box["width"], box["height"]) <= 1


def test_it_has_a_title_a_language_one_heading_and_no_word_of_notebooks(page):
    expect(page).to_have_title("Read your own digits")
    assert page.locator("html").get_attribute("lang") == "en"
    assert "width=device-width" in page.locator("meta[name=viewport]").get_attribute("content")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_count(1)
    expect(heading).to_have_accessible_name("Read your own digits")
    expect(page.get_by_role("main")).to_have_count(1)
    draw(page, ONE)
    expect(page.get_by_text("Python has it, too: a 1")).to_be_visible()
    choose(page, DIGIT)
    expect(page.get_by_text("The number is probably a 4.").first).to_be_visible()
    words = page.locator("body").inner_text().lower()
    assert [word for word in ("cell", "notebook", "jupyter", "voilà") if word in words] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", [WIDE, PHONE], ids=["1280x900", "390x844"])
def test_axe_finds_no_barrier(page, screen, scheme):
    page.set_viewport_size(screen)
    page.emulate_media(color_scheme=scheme)
    assert violations_of_ours(page, ours=("html",)) == []
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(WIDE)


def test_the_theme_is_that_of_the_system(page):
    shades = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        shades.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    page.emulate_media(color_scheme="light")
    assert shades == ["rgb(255, 255, 255)", "rgb(33, 33, 33)"]


@pytest.mark.parametrize(
    ("path", "host"),
    [("/voila/files/picture.png", None), ("/", "another.example")],
    ids=["file", "other name of this server"],
)
def test_it_serves_nothing_else_and_nobody_else(address, path, host):
    request = urllib.request.Request(address + path, headers={"Host": host} if host else {})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=PATIENCE)
    assert refused.value.code == 403


def test_leaving_and_reloading_end_python(chromium, address):
    others = kernels(address)
    page = visit(chromium, address)
    (first,) = set(kernels(address)) - set(others)
    page.reload(wait_until="commit")
    expect(upload(page)).to_be_visible()
    wait_until_gone(first)
    (second,) = set(kernels(address)) - set(others)
    page.goto("about:blank")
    wait_until_gone(second)
    page.close()


def test_a_network_of_yours_comes_to_the_pad_when_it_is_loaded(chromium, address, folder):
    network = folder / "models" / "handwritten_digits.keras"
    digitrec.save_model(always(7, 0.62), network)
    page = visit(chromium, address)
    draw(page, ONE)
    names = page.locator(".digitrec-card").get_by_role("heading")
    expect(names).to_have_text(["The network in the box", "Your network (dense, notebook 3)"])
    said = page.locator(".digitrec-draw").get_by_role("status")
    expect(said).to_contain_text("They disagree: a 1, or a 7?")
    network.unlink()
    page.goto("about:blank")
    page.close()


def crash(page: Page) -> None:
    """End the process of a tab, which leaves it no time for a last word."""
    with page.expect_event("crash"), suppress(PlaywrightError):
        page.goto("chrome://crash")


def test_too_many_are_told_and_python_ends_with_a_lost_tab_and_not_with_an_idle_one(
    chromium, tmp_path, monkeypatch
):
    monkeypatch.setenv("DIGITREC_MOST_KERNELS", "2")
    options = [f"--MappingKernelManager.cull_{name}" for name in ("idle_timeout=15", "interval=1")]
    with app(tmp_path, *options) as address:
        idle = visit(chromium, address)
        (kernel,) = kernels(address)
        lost, third = visit(chromium, address), new_page(chromium)
        (other,) = set(kernels(address)) - {kernel}
        assert third.goto(address).status == 503
        expect(third.get_by_role("alert")).to_have_text(
            "Python runs 2 times already. Close another tab, and try again in a minute."
        )
        assert violations_of_ours(third, ours=("html",)) == []
        crash(lost)
        wait_until_gone(other)
        third.get_by_role("link", name="Try again").click()
        expect(pad(third)).to_be_visible()
        assert kernel.is_running()
        choose(idle, DIGIT)
        expect(idle.get_by_text("The number is probably a 4.").first).to_be_visible()
        idle.close()
        third.close()


def test_inside_jupyterlab_leaving_ends_python_and_the_lessons_go_on(chromium, lab):
    kernels_of(lab.address, "POST")
    (lesson,) = kernels(lab.address)
    page = visit(chromium, lab.page("app/read_your_digits.ipynb"))
    (kernel,) = set(kernels(lab.address)) - {lesson}
    page.goto("about:blank")
    wait_until_gone(kernel)
    assert lesson.is_running()
    page.close()


def test_a_page_that_cannot_start_says_so(chromium, address, broken):
    module = broken / "ipywidgets.py"
    module.write_text("raise ImportError")
    page = new_page(chromium)
    page.goto(address)
    notice = page.get_by_role("status")
    expect(notice).to_contain_text("Python started, but this page did not.")
    module.unlink()
    page.goto("about:blank")
    page.close()


def test_a_page_whose_python_is_gone_says_so_when_it_is_looked_at(page, address):
    """The last test with this page."""
    name = json.loads(page.locator("#jupyter-config-data").inner_text())["kernelId"]
    (kernel,) = (kernel for kernel in kernels(address) if name in " ".join(kernel.cmdline()))
    page.request.delete(f"{address}/api/kernels/{name}", headers=token(page))
    wait_until_gone(kernel)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_text("Python has stopped")).to_be_visible()


def token(page: Page) -> dict[str, str]:
    (value,) = [x["value"] for x in page.context.cookies() if x["name"] == "_xsrf"]
    return {"X-XSRFToken": value}
