"""How Sphinx makes a site of the course; `scripts/build_site.py` calls it on pages put in order."""

import os
import tomllib
from pathlib import Path

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

project = PROJECT["name"]
language = "en-GB"
smartquotes_action = "q"  # quotes alone: two hyphens are an option of a command
extensions = ["myst_nb"]
html_title = "digitrec"
html_show_copyright = html_show_sphinx = html_copy_source = html_use_index = False
html_context = {"default_mode": "auto"}  # light or dark, as the reader's system is
html_extra_path = [
    os.environ["DIGITREC_SITE_EXTRA"]
]  # goes into the site as it is: the page to draw on
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = ["site.js"]
html_logo = html_favicon = "_static/four.svg"
html_math_renderer = "mathml"
html_theme = "sphinx_book_theme"
html_theme_options = {
    "logo": {"text": "digitrec", "alt_text": ""},
    "search_bar_text": "Search the course",
    "show_navbar_depth": 1,
    "navbar_persistent": [],
    "use_download_button": False,
    "use_fullscreen_button": False,
    "footer_content_items": [],
}
if address := PROJECT.get("urls", {}).get("Repository"):
    html_theme_options |= {"repository_url": address, "use_repository_button": True}

myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4
myst_links_external_new_tab = False
nb_execution_mode = "off"


def write_math(translator, node) -> None:
    """Write a formula as MathML, which browsers draw by themselves: no script, no font, no request.

    Raises:
        docutils.utils.math.MathError: the formula holds what cannot be written so.
        docutils.nodes.SkipNode: always; the formula is written whole.
    """
    formula = tex2mathml(node.astext(), as_block=isinstance(node, nodes.math_block))
    translator.body.append(formula)
    raise nodes.SkipNode


def setup(app) -> dict[str, bool]:
    """Tell Sphinx how formulas are written."""
    app.add_html_math_renderer("mathml", (write_math, None), (write_math, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
