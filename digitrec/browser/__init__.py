"""What runs in the reader's browser: drawing, preparing, asking a network; and what it needs there.

The scripts beside this file are parts of one module. They hold functions and constants only, with
neither `import` nor `export`: a widget is one text, and a page that is opened from disk may not
load modules. Whoever needs some of them joins them.
"""

from pathlib import Path

from digitrec.browser.portable import portable

__all__ = ["NETWORKS", "READER", "boxed_network", "joined", "portable"]

NETWORKS = Path(__file__).parent / "networks"  # written by scripts/build_browser.py
READER = ("drawing.js", "preparation.js", "network.js", "reading.js")  # from strokes to an answer


def joined(*names: str) -> str:
    """Return parts of this folder as one text.

    Args:
        names: of the files, such as "network.js"; a part may use those before and after it.

    >>> joined("drawing.js").startswith("// A drawing")
    True
    """
    folder = Path(__file__).parent
    return "\n".join((folder / name).read_text(encoding="utf-8") for name in names)


def boxed_network(name: str) -> str:
    """Return a network that comes with the project, as `portable` wrote it.

    Args:
        name: "box", the one that answers first, or "dense", what notebook 3 trains.
    """
    return (NETWORKS / f"{name}.json").read_text(encoding="utf-8")
