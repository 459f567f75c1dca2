"""Make a site of the course, for a disk or any server; nothing in it asks another host.

    python scripts/build_site.py        # or: make site; writes site/, open site/index.html

The notebooks are shown as they were executed. What Sphinx makes of them is said in
`docs/site/conf.py`; here its pages are put in order.
"""

import argparse
import html
import json
import os
import posixpath
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import unquote

from address import stored_address

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # the environment of the site has Sphinx, and this package not
FOLDER = ROOT / "site"  # git ignores it
SETTINGS = ROOT / "docs" / "site"
HOME = "docs/site/index.md"
TREE = re.compile(r"```{toctree}\n(?::[^\n]*\n)*([^`]*)```")
FILES = ("docs/*.png", "docs/*.webp", "docs/worksheet.pdf")  # that pages show or hand out
WIDGET = "application/vnd.jupyter.widget-view+json"
ASKS = "Run this cell"  # so begins what a control says where it cannot work
LINK = re.compile(r"(?<!!)\[((?:[^\[\]]|!?\[[^\[\]]*\](?:\([^()]*\))?)*)\]\(([^()\s]+)\)")
SHOWN = re.compile(r'\b(?:src|srcset)="([^":]+)"')  # in HTML, of which Sphinx knows nothing
FOREIGN_IMAGE = re.compile(r"!\[([^\]]*)\]\(https?://[^()\s]+\)")
DRAW = ' <a href="../draw/index.html">Draw here</a>, with nothing to install.'


def anchor(section: str) -> str:
    """Return the name of a section on the site, from its name in JupyterLab or on GitHub.

    >>> anchor("Where-to-go-from-here"), anchor("Why%20it-fails%3F")
    ('where-to-go-from-here', 'why-it-fails')
    """
    return re.sub(r"[^\w-]", "", unquote(section).lower().replace(" ", "-"))


def led(text: str, name: str, pages: set[str], root: Path, address: str | None) -> str:
    """Return Markdown whose links lead to what is on the site, or to the repository.

    A link to a file that is nowhere stays, and Sphinx will name it.

    Args:
        text: of a page, or of a cell.
        name: of the page, from the folder of the project.
        pages: names of all files that the site has.
        root: the folder of the project.
        address: of the repository; None leaves the words of a link that would lead there.
    """

    def lead(found: re.Match) -> str:
        label, target = found[1], found[2]
        path, _, section = target.partition("#")
        if re.match(r"[a-z]+:", target) or not path:
            return found[0]
        file = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(path)))
        if file in pages:
            return f"[{label}]({path}{section and '#' + anchor(section)})"
        if not (root / file).exists():
            return found[0]
        return f"[{label}]({address}/blob/HEAD/{file})" if address else label

    return LINK.sub(lead, FOREIGN_IMAGE.sub(r"\1", text))


def shown(output: dict) -> dict | None:
    """Return what the site shows of an output: a control as what it says, a figure as HTML alone.

    Args:
        output: of a code cell.

    Returns:
        The output, or None for the bar of a wait that is over.
    """
    data = output.get("data", {})
    if WIDGET in data:
        says = "".join(data["text/plain"])
        if not says.startswith(ASKS):
            return None
        way = DRAW if " draw" in says else ""
        data = {"text/html": f'<p class="control">{html.escape(says)}{way}</p>'}
    elif "text/html" in data:
        data = {"text/html": data["text/html"]}
    else:
        return output
    return output | {"data": data}


def prepared(name: str, pages: set[str], root: Path, address: str | None) -> str:
    """Return a page as Sphinx gets it; see `led` for the arguments."""
    text = (root / name).read_text(encoding="utf-8")
    if not name.endswith(".ipynb"):
        return led(text, name, pages, root, address)
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = led("".join(cell["source"]), name, pages, root, address)
        elif cell["cell_type"] == "code":
            cell["outputs"] = list(filter(None, map(shown, cell["outputs"])))
    return json.dumps(notebook)


def listed(home: str) -> list[str]:
    """Return the names of all pages, without their endings, as the first page lists them.

    >>> listed("```{toctree}\\n:hidden:\\n\\ndocs/glossary\\nInstall it <README>\\n```")
    ['docs/glossary', 'README']
    """
    lines = "\n".join(TREE.findall(home)).split("\n")
    return [re.sub(r".*<(.*)>", r"\1", line) for line in lines if line]


def stage(root: Path, folder: Path, extra: Path) -> None:
    """Put all pages in the places where they lie in the project.

    Args:
        root: the folder of the project.
        folder: where pages go, and the files that they show or hand out.
        extra: where those files go that only HTML names.
    """
    pages = {
        name + ending
        for name in listed((root / HOME).read_text(encoding="utf-8"))
        for ending in (".md", ".ipynb")
        if (root / (name + ending)).is_file()
    }
    files = {p.relative_to(root).as_posix() for pattern in FILES for p in root.glob(pattern)}
    known, stored = pages | files, stored_address(root)
    address = stored and stored.url
    for name in sorted(pages | {HOME}):
        text = prepared(name, known, root, address)
        place = folder / ("index.md" if name == HOME else name)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
        beside = posixpath.dirname(place.relative_to(folder).as_posix())
        shown_in_html = {posixpath.normpath(posixpath.join(beside, f)) for f in SHOWN.findall(text)}
        for file in files & shown_in_html:
            copy(root / file, extra / file)
    for file in files:
        copy(root / file, folder / file)


def copy(file: Path, place: Path) -> None:
    """Copy a file into a folder that may not be there yet."""
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, place)


def build(folder: Path) -> Path:
    """Build the site into a folder, in the place of what was there, and return its first page.

    Raises:
        subprocess.CalledProcessError: Sphinx found something wrong, and said what.
    """
    with tempfile.TemporaryDirectory() as temporary:
        pages, made, extra = (Path(temporary) / name for name in ("pages", "site", "extra"))
        stage(ROOT, pages, extra)
        put_pad(extra / "draw")
        command = ("-m", "sphinx", "-q", "-W", "--keep-going", "-E", "-c", SETTINGS, pages, made)
        subprocess.run(
            [sys.executable, *command],
            env=os.environ | {"DIGITREC_SITE_EXTRA": str(extra)},
            check=True,
        )
        for path in [
            made / "objects.inv",
            *made.glob(".*"),
            *made.rglob("*.map"),
            made / "_sources",
        ]:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        shutil.rmtree(folder, ignore_errors=True)
        shutil.move(made, folder)
    return folder / "index.html"


def put_pad(folder: Path) -> None:
    """Write the page to draw on, with a way back."""
    from build_page import page

    back = '<p><a href="../index.html">Back to the course</a></p>\n</header>'
    folder.mkdir(parents=True)
    (folder / "index.html").write_text(page().replace("</header>", back, 1), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the site goes")
    folder = parser.parse_args().folder
    try:
        first = build(folder)
    except subprocess.CalledProcessError:
        raise SystemExit("No site was made; above is why.") from None
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(f"{first}: {size / 1e6:.1f} MB. Open it in a browser.")


if __name__ == "__main__":
    main()
