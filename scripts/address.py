"""Write where the project is published, everywhere from one line.

    python scripts/address.py                                  # where "origin" is; or: make address
    python scripts/address.py https://github.com/you/digitrec  # or: make address ADDRESS=https://...
    python scripts/address.py --none                           # take it out again

The line is Repository in [project.urls] of pyproject.toml. README, CITATION.cff, the code of
conduct and the issue forms have parts between two comments, "address: NAME" and "address: end",
and the notebooks a folded note on Colab. All of these are made here; edit nothing in them.
"""

import argparse
import json
import re
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path

from address_forms import Address, parse_address
from address_parts import PARTS, SUMMARY, colab_note

ROOT = Path(__file__).resolve().parent.parent
MARK = re.compile(r"^# Repository says where .*\n", re.MULTILINE)  # the line comes after it
LINE = re.compile(r'^Repository = "(.*)"\n', re.MULTILINE)
NOTE = re.compile(rf"\n\n<details><summary>{SUMMARY}</summary>.*?</details>", re.DOTALL)


def stored_address(root: Path) -> Address | None:
    """Return the address that pyproject.toml names, or None."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    url = project.get("urls", {}).get("Repository")
    return parse_address(url) if url else None


def remote_address(root: Path) -> Address:
    """Return the address of the remote that git calls "origin".

    Raises:
        ValueError: there is none, or it is nowhere that others can reach.
    """
    command = ("git", "-C", root, "remote", "get-url", "origin")
    try:
        url = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        raise ValueError(
            'No address came, and git knows no remote "origin" here. Name the address: '
            "make address ADDRESS=https://github.com/you/digitrec"
        ) from None
    return parse_address(url)


def with_line(text: str, address: Address | None) -> str:
    """Return pyproject.toml with the line that decides, or without it."""
    line = f'Repository = "{address.url}"\n' if address else ""
    return MARK.sub(lambda found: found[0] + line, LINE.sub("", text))


def with_parts(text: str, address: Address | None) -> str:
    """Return a text with each part between two comments made anew.

    Raises:
        KeyError: nobody knows how to make a part of that name.
    """

    def made(found: re.Match) -> str:
        body = PARTS[found["name"]](address)
        return found["begin"] + (f"{body}\n" if body else "") + found["end"]

    part = r"(?P<begin>^.*address: (?P<name>[\w-]+)\b.*\n)(?:.*\n)*?(?P<end>^.*address: end\b.*$)"
    return re.sub(part, made, text, flags=re.MULTILINE)


def with_note(text: str, address: Address | None) -> str:
    """Return a notebook whose first cell ends with the note on Colab; nothing else is changed."""
    notebook = json.loads(text)
    cell = notebook["cells"][0]
    source = NOTE.sub("", "".join(cell["source"])) + colab_note(address)
    cell["source"] = source.splitlines(keepends=True)
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"  # as nbformat writes it


def places(root: Path) -> dict[Path, Callable[[str, Address | None], str]]:
    """Return every file that names the address, and how it is written there."""
    marked = (
        "README.md",
        "CITATION.cff",
        "CODE_OF_CONDUCT.md",
        ".github/ISSUE_TEMPLATE/config.yml",
    )
    found = {root / "pyproject.toml": with_line} | {root / name: with_parts for name in marked}
    for folder in ("notebooks", "solutions"):
        found |= {path: with_note for path in sorted((root / folder).glob("[0-9]*.ipynb"))}
    return {path: way for path, way in found.items() if path.is_file()}


def changes(root: Path, address: Address | None) -> dict[Path, str]:
    """Return the files that have to change so that all name an address, and their new texts.

    Args:
        root: the folder of the project.
        address: None if nobody knows it.
    """
    changed = {}
    for path, way in places(root).items():
        text = path.read_text(encoding="utf-8")
        if (new := way(text, address)) != text:
            changed[path] = new
    return changed


def write(root: Path, address: Address | None) -> list[str]:
    """Write an address everywhere, and return the names of the files that were changed."""
    changed = changes(root, address)
    for path, text in changed.items():
        path.write_text(text, encoding="utf-8", newline="\n")
    return [path.relative_to(root).as_posix() for path in changed]


def summary(address: Address | None, changed: list[str]) -> str:
    """Return what was written, and what there is not where the project is published."""
    where = address.url if address else "nowhere known"
    notebooks = sum(name.endswith(".ipynb") for name in changed)
    names = [name for name in changed if not name.endswith(".ipynb")]
    names += [f"{notebooks} notebooks"] if notebooks else []
    lines = [f"Published: {where}. Written: {', '.join(names) or 'nothing, it was all there'}."]
    if address and not address.on_github:
        lines += [
            f"On {address.host} there are no workflows of GitHub, so no badge of the tests and no "
            "site on Pages, no Codespaces,",
            "and no link that opens a notebook in Colab. Binder and the lines to clone are there.",
        ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("address", nargs="?", help="where; without it, where origin is")
    parser.add_argument("--none", action="store_true", help="take the address out")
    options = parser.parse_args()
    try:
        if options.none:
            address = None
        else:
            address = parse_address(options.address) if options.address else remote_address(ROOT)
    except ValueError as error:
        raise SystemExit(str(error)) from None
    print(summary(address, write(ROOT, address)))


if __name__ == "__main__":
    main()
