"""A person at a browser: servers to visit, notebooks to run, files to choose, digits to draw."""

import functools
import json
import math
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import nbformat
import psutil
import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import NOTEBOOKS, ROOT
from playwright.sync_api import Browser, Locator, Page, expect

NAMES = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = [
    "--no-sandbox",  # Chromium refuses to run as root with one
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TOKEN = "a-token-of-the-tests"
LINKED = (  # what notebooks link to
    *("digitrec/baselines.py", "digitrec/networks.py"),
    "digitrec/assets/MODEL-CARD.md",
)
HOME = """\
import os
os.environ["DIGITREC_HOME"] = """  # and the folder: a cell that gives the next ones another
DONE = re.compile(r"^\[\d+\]:$")  # what stands beside a cell that has run
TRIES, A_WHILE = 10, 5_000  # milliseconds
PATIENCE = 240  # seconds; only a failure waits so long; notebook 6 takes the half of it
# What a notebook brings along. Menus, sidebars, toolbars and editors are JupyterLab's own.
OURS = (".jp-RenderedMarkdown", ".jp-OutputArea-output")
expect.set_options(timeout=PATIENCE * 1000)


class Lab(NamedTuple):
    """A JupyterLab that runs.

    Attributes:
        folder: that it serves, with a copy of the course in it.
        address: of the server.
    """

    folder: Path
    address: str

    def page(self, path: str) -> str:
        """Return where Voilà shows a notebook; the path goes from the folder."""
        return f"{self.address}/voila/render/{path}?token={TOKEN}"


def slowdown(seconds: float = 0.2) -> float:
    """Return how many times longer work takes now than on an idle machine: 1 or more.

    Other work on the machine lengthens the seconds of a clock, not those of the processor. A bound
    on what a reader waits for is meant for an idle machine, and is multiplied by this.

    Args:
        seconds: of the processor, how long to try.
    """
    start, used = time.monotonic(), time.process_time()
    while time.process_time() - used < seconds:
        pass
    return max(1.0, (time.monotonic() - start) / seconds)


def find_browser() -> str:
    """Return the path of Chromium; without one, skip the test, or fail it in CI."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        reason = f"no browser on this machine: none of {', '.join(NAMES)}"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    return found


def copy_project(folder: Path) -> Path:
    """Copy pictures and notebooks, without their outputs, so that only new ones can be seen."""
    for name in ("app", "digits"):
        shutil.copytree(ROOT / name, folder / name)
    for name in LINKED:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    (folder / "notebooks").mkdir()
    for path in NOTEBOOKS:
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        nbformat.write(notebook, folder / "notebooks" / path.name)
    return folder


def cells_of(name: str, *texts: str) -> list[str]:
    """Return the cells of a lesson that hold one of some texts: the others take minutes."""
    notebook = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
    codes = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    for text in texts:
        assert sum(text in code for code in codes) == 1, f"{name}: {text}"
    return [code for code in codes if any(text in code for text in texts)]


def write_notebook(folder: Path, name: str, *codes: str) -> None:
    """Write a notebook of a few cells of code."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for code in codes])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3 (ipykernel)"}
    (folder / "notebooks").mkdir(exist_ok=True)
    nbformat.write(notebook, folder / "notebooks" / f"{name}.ipynb")


@contextmanager
def served(folder: Path, *command: str) -> Iterator[str]:
    """Run a Jupyter server in a folder and give its address; no setting of the reader counts."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "DIGITREC_HOME": str(folder),
        "DIGITREC_STRICT": "0",  # a reader is told what is unusual, and goes on
        "JUPYTER_CONFIG_DIR": str(folder / "settings"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "IPYTHONDIR": str(folder / "ipython"),
        "TMPDIR": str(folder),  # so that nothing is left elsewhere, and all that is left is found
        "JUPYTER_PATH": str(ROOT / "share/jupyter"),  # the files here, not those last installed
        "JUPYTER_CONFIG_PATH": str(ROOT / "etc/jupyter"),
    }
    log = folder / f"{command[0]}.log"
    with log.open("wb") as file:
        server = subprocess.Popen(
            [sys.executable, "-m", *command, "--no-browser", f"--port={port}"],
            cwd=folder,
            env=environment,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_for_port(port, server, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        try:
            server.wait(60)
        except subprocess.TimeoutExpired:  # seen once, when two servers ended on a busy machine
            server.kill()
            server.wait()


def children_with(word: str, parent: psutil.Process) -> list[psutil.Process]:
    """Return the children of a process whose command has a word; one that ended is none."""
    found = []
    for child in parent.children():
        with suppress(psutil.NoSuchProcess):  # as a zombie is, too
            if word in child.cmdline():
                found.append(child)
    return found


def wait_for_port(port: int, server: subprocess.Popen, log: Path) -> None:
    """Return as soon as a server answers."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.poll() is None:
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail(f"the server did not start:\n{log.read_text()}")


def set_up(folder: Path, plugin: str, **values: object) -> Path:
    """Change settings of JupyterLab for pages that are opened from now on; return their file."""
    path = folder / f"settings/lab/user-settings/{plugin}.jupyterlab-settings"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(values))
    return path


@contextmanager
def jupyterlab(folder: Path) -> Iterator[str]:
    """Run JupyterLab, with its token on, and give its address."""
    news = {"fetchNews": "false", "checkForUpdates": False}
    set_up(folder, "@jupyterlab/apputils-extension/notification", **news)
    every_cell = {"windowingMode": "none"}  # is in the page, also the one that is not seen
    set_up(folder, "@jupyterlab/notebook-extension/tracker", **every_cell)
    options = ["--allow-root", f"--IdentityProvider.token={TOKEN}", "--ServerApp.port_retries=0"]
    options.append("--LabApp.expose_app_in_browser=True")  # for `command`
    with served(folder, "jupyterlab", *options) as address:
        yield address


def kernels_of(address: str, method: str = "GET", path: str = "") -> bytes:
    """Ask JupyterLab about its kernels, or to start or end one."""
    allowed = {"Authorization": f"token {TOKEN}"}
    data = b"{}" if method == "POST" else None
    request = urllib.request.Request(f"{address}/api/kernels{path}", data, allowed, method=method)
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return answer.read()


def end_kernels(address: str) -> None:
    """End every kernel of JupyterLab: each holds half a gigabyte."""
    for kernel in json.loads(kernels_of(address)):
        with suppress(urllib.error.HTTPError):  # a page of Voilà that was left ends its own
            kernels_of(address, "DELETE", f"/{kernel['id']}")


def app(folder: Path, *options: str):
    """Run the page for people without notebooks, as `make app` does."""
    page = str(ROOT / "app" / "read_your_digits.ipynb")
    return served(folder, "voila", page, "--Voila.port_retries=0", *options)


def new_page(browser: Browser) -> Page:
    """Open a tab that loads nothing from outside, so that no test can depend on it."""
    return prepare_page(browser.new_page(viewport={"width": 1280, "height": 900}))


def prepare_page(page: Page) -> Page:
    """Let a tab load nothing from outside, and wait as long as the tests do."""
    page.set_default_timeout(PATIENCE * 1000)
    page.on("filechooser", lambda chooser: None)  # keeps the real dialog away from the first key on
    page.route(re.compile(r"^https?://(?!127\.0\.0\.1|localhost)"), lambda route: route.abort())
    return page


def command(page: Page, name: str, **values: str) -> None:
    """Let JupyterLab do what one of its menus or keys would, and wait until it is done."""
    page.evaluate("([name, values]) => jupyterapp.commands.execute(name, values)", [name, values])


def open_instead(page: Page, path: str) -> None:
    """Open a file in place of all that a tab shows: sooner than JupyterLab itself is there."""
    command(page, "application:close-all")
    command(page, "docmanager:open", path=path)


def open_notebook(page: Page, address: str, name: str) -> None:
    """Open a notebook in JupyterLab and run its first cell."""
    page.goto(f"{address}/lab/tree/notebooks/{name}.ipynb?token={TOKEN}&reset")
    run_first(page)


def run_first(page: Page) -> None:
    """Run the first cell of a notebook that has just been opened, again if it must be.

    JupyterLab calls a kernel idle a moment before it is connected, and forgets what is run then.
    """
    expect(page.get_by_text("Python 3 (ipykernel) | Idle", exact=True)).to_be_visible()
    cell = page.locator(".jp-CodeCell").first
    prompt = cell.locator(".jp-InputPrompt")
    for _ in range(TRIES):
        cell.locator(".cm-content").click()
        page.keyboard.press("Control+Enter")
        try:
            expect(prompt).not_to_have_text("[ ]:", timeout=A_WHILE)
        except AssertionError:
            continue
        expect(prompt).not_to_have_text("[*]:")
        if DONE.match(prompt.inner_text()):
            return
    pytest.fail("the first cell does not run")


def open_beside(page: Page, address: str, name: str) -> None:
    """Open a notebook in a second tab, in a workspace of its own."""
    page.goto(f"{address}/lab/workspaces/other/tree/notebooks/{name}.ipynb?token={TOKEN}&reset")


@contextmanager
def opened(
    browser: Browser,
    lab: Lab,
    name: str,
    *codes: str,
    before: Callable[[Page], None] = lambda page: None,
) -> Iterator[Page]:
    """Open a notebook of a few cells in a tab, and run the first.

    Args:
        browser: which opens the tab.
        lab: where the notebook is written.
        name: of the notebook.
        codes: of the cells.
        before: what to do with the tab before it opens the notebook.
    """
    write_notebook(lab.folder, name, *codes)
    page = new_page(browser)
    before(page)
    open_notebook(page, lab.address, name)
    yield page
    page.close()


def start_all(page: Page) -> None:
    """Choose Run > Run All Cells."""
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()


def run_all(page: Page) -> None:
    """Run all cells, and wait until the last one is done or one has failed."""
    start_all(page)
    last = page.locator(".jp-CodeCell .jp-InputPrompt").last.filter(has_text=DONE)
    expect(last.or_(errors(page)).first).to_be_visible()
    assert errors(page).all_inner_texts() == []


def run_cell(page: Page, code: str) -> None:
    """Run the cell that holds some code with Ctrl+Enter, and wait for its end."""
    cell = page.locator(".jp-CodeCell").filter(has_text=code)
    prompt = cell.locator(".jp-InputPrompt")
    before = prompt.inner_text()
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    expect(prompt).not_to_have_text(before)
    expect(prompt).to_have_text(DONE)


def errors(page: Page) -> Locator:
    """Return what a cell shows when it fails, or writes to the standard error stream."""
    kinds = ("application/vnd.jupyter.error", "application/vnd.jupyter.stderr")
    return page.locator(", ".join(f"[data-mime-type='{kind}']" for kind in kinds))


def violations_of_ours(page: Page, ours: tuple[str, ...] = OURS) -> list[str]:
    """Look for barriers with axe-core, and return a line for each that is in a part of ours.

    Args:
        page: a tab with the page in it; axe-core comes from a file beside this Python.
        ours: selectors of the parts to look at. For a page that is ours as a whole: ("html",).
    """
    found = Axe().run(page, {"include": [[part] for part in ours]}).response["violations"]
    return [
        f"{violation['id']} ({violation['impact']}): {node['target'][0]}: {node['html'][:200]}"
        for violation in found
        for node in violation["nodes"]
    ]


def choose(page: Page, *paths: Path | dict) -> None:
    """Choose files in the upload box: of this machine, or given by name and content."""
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose pictures of digits", exact=True).click()
    chooser.value.set_files(paths)


def pad_places(page: Page, points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return where points of the pad, from (0, 0) to (1, 1), are on the screen."""
    field = page.get_by_role("application", name=re.compile("to draw a digit"))
    field.scroll_into_view_if_needed()
    box = field.bounding_box()
    return [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]


def draw(page: Page, points: list[tuple[float, float]]) -> None:
    """Draw one stroke on the pad with the mouse; points go from (0, 0) to (1, 1)."""
    places = pad_places(page, points)
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place)
    page.mouse.up()


ONE = [(0.55 - 0.02 * t / 20, 0.2 + 0.6 * t / 20) for t in range(21)]
ZERO = [
    (0.5 + 0.2 * math.sin(2 * math.pi * t / 40), 0.5 - 0.3 * math.cos(2 * math.pi * t / 40))
    for t in range(42)
]


@contextmanager
def served_files(folder: Path) -> Iterator[str]:
    """Run a web server with nothing but a folder, and give its address."""
    handler = functools.partial(SimpleHTTPRequestHandler, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
