"""The parts of README and of other files that name where the project is published.

Each function makes one part, of an address or of None where nobody knows it. `scripts/address.py`
puts them into the files.
"""

from address_forms import FIRST, PAGE, Address

SUMMARY = "In Google Colab"  # of the note in each notebook; by it the note is found again
TESTS, SITE = "tests.yml", "site.yml"  # the workflows that have a badge
COPY = "/content/digitrec"  # where Colab gets the project
READERS_OWN = Address("https://github.com/YOU/REPOSITORY", "github.com", "YOU/REPOSITORY")
BINDER = """\
  The first start may take some minutes. There are 2 GB of memory, so shut a notebook down before
  you open the next one (*Kernel > Shut Down Kernel*). After 10 minutes without activity everything
  is deleted: download what you want to keep."""
COLAB = "The folded note at\n  the top of each says what to run first."
UNKNOWN = """\
This copy does not know where it is published. Put your names for `YOU` and `REPOSITORY`; whoever
publishes it runs `make address`, and these become links.
"""
NO_LINES = """\
This copy of the course does not know where it is published, so Colab cannot fetch it. Run it on
your machine or on Binder, as README says. Where `make address` has run, the lines for Colab stand
here."""
LINES = """\
Put these two lines into a new cell above all others, and run it. They fetch the course with its
pictures, and install what Colab lacks; that takes some minutes.

```
!git clone --quiet --depth 1 {url} {copy}
!python {copy}/scripts/install_in_colab.py
```

Then choose *Runtime > Restart session*, and go on with the next cell. Fields to draw in and sliders
need Colab's manager of third-party widgets: where one is missing, run
`from google.colab import output; output.enable_custom_widget_manager()`, and its cell again. Links
to other notebooks lead nowhere there. Whatever you make is deleted with the session: download what
you want to keep."""


def badges(address: Address | None) -> str:
    """Return README's badges: Binder, and on GitHub the tests and the site."""
    if address is None:
        return ""
    start = address.binder(f"labpath={FIRST}")
    found = [f"[![Start it on Binder](https://mybinder.org/badge_logo.svg)]({start})"]
    if address.on_github:
        tests, site = address.workflow(TESTS), address.workflow(SITE)
        found += [f"[![Tests]({tests}/badge.svg)]({tests})"]
        found += [f"[![The course as a site]({site}/badge.svg)]({address.site})"]
    return "\n".join(found)


def clone(address: Address | None) -> str:
    """Return the lines with which a reader begins."""
    if address:
        return f"```\ngit clone {address.url}\ncd {address.name}\nmake run\nmake lab\n```"
    return (
        "```\ngit clone ADDRESS digitrec\ncd digitrec\nmake run\nmake lab\n```\n\n"
        "`ADDRESS` is that of the page where you found this project."
    )


def site(address: Address | None) -> str:
    """Return where the course is read without running it."""
    if address and address.on_github:
        return f"Only read? Here is [the course as a site]({address.site}); `make site` builds it."
    return "Only read? `make site` builds the course as a site: open `site/index.html`."


def doors(address: Address | None) -> str:
    """Return the ways to run the course on a machine of somebody else."""
    shown = address or READERS_OWN

    def link(words: str, url: str) -> str:
        return f"[{words}]({url})" if address else f"{words}, `{url}`"

    notebooks = link("the notebooks", shown.binder(f"labpath={FIRST}"))
    page = link("a page to draw and to choose pictures", shown.binder(f"urlpath={PAGE}"))
    lines = [f"- **Binder**: {notebooks}; or {page}.\n{BINDER}"]
    if shown.on_github:
        codespace = link("VS Code in your browser", f"https://codespaces.new/{shown.path}")
        lines += [f"- **GitHub Codespaces**: {codespace}, with everything installed."]
        first = link("notebook 0", shown.colab(FIRST))
        lines += [f"- **Google Colab**: {first}, and the others beside it. {COLAB}"]
    else:
        lines += [f"- **Google Colab**: upload a notebook. {COLAB}"]
    return "\n".join(lines if address else [UNKNOWN, *lines])


def citation(address: Address | None) -> str:
    """Return the lines of CITATION.cff that say where the project is."""
    if address is None:
        return ""
    lines = [f'repository-code: "{address.url}"']
    if address.on_github:
        lines += [f'url: "{address.site}"']
    return "\n".join(lines)


def report(address: Address | None) -> str:
    """Return how maintainers are told what nobody else should read."""
    if address and not address.on_github:
        return f"By a confidential issue, or a private message to them, at <{address.url}>."
    words = "a private report"
    way = f"[{words}]({address.private_report})" if address else words
    return f"By {way} on the repository's page: *Security*, *Report a vulnerability*."


def contact_links(address: Address | None) -> str:
    """Return where the page of new issues leads besides its forms; GitHub wants whole addresses."""
    if address is None or not address.on_github:
        return ""
    return f"""\
contact_links:
  - name: A weakness that could do harm
    url: {address.private_report}
    about: Only the maintainers read it. SECURITY.md says what is promised.
  - name: The course as a site
    url: {address.site}
    about: Every notebook with its figures, the glossary, and the page for teachers."""


def colab_note(address: Address | None) -> str:
    """Return the folded note on Colab that ends the first cell of a notebook."""
    body = LINES.format(url=address.url, copy=COPY) if address else NO_LINES
    return f"\n\n<details><summary>{SUMMARY}</summary>\n\n{body}\n\n</details>"


PARTS = {
    "badges": badges,
    "clone": clone,
    "site": site,
    "doors": doors,
    "citation": citation,
    "report": report,
    "contact-links": contact_links,
}
