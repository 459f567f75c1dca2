"""Where a repository is published, and which addresses follow from that."""

import re
from dataclasses import dataclass
from urllib.parse import quote

FIRST = "notebooks/00_first_minute.ipynb"
PAGE = "voila/render/app/read_your_digits.ipynb"
EXPECTED = "expected one such as https://github.com/you/digitrec or git@github.com:you/digitrec.git"

WEB = re.compile(r"(?P<scheme>https?)://(?:[^@/]*@)?(?P<host>[\w.-]+(?::\d+)?)/(?P<path>[^?#]+)")
SSH = re.compile(r"(?:ssh|git)://(?:[^@/]*@)?(?P<host>[\w.-]+)(?::\d+)?/(?P<path>[^?#]+)")
SHORT = re.compile(r"(?:[\w.-]+@)(?P<host>[\w.-]+):(?P<path>[^/?#][^?#]*)")  # git@github.com:a/b
NAME = re.compile(r"\w[\w.-]*", re.ASCII)


@dataclass(frozen=True)
class Address:
    """Where a repository is published.

    Attributes:
        url: of its page, without a slash or .git at the end.
        host: such as "github.com".
        path: such as "you/digitrec".
    """

    url: str
    host: str
    path: str

    @property
    def name(self) -> str:
        """What a clone's folder is called."""
        return self.path.split("/")[-1]

    @property
    def on_github(self) -> bool:
        """Whether there are workflows, Pages, Codespaces and Colab's way to open a notebook."""
        return self.host == "github.com"

    @property
    def site(self) -> str:
        """Where GitHub Pages publishes the course.

        >>> parse_address("https://github.com/You/digitrec").site
        'https://you.github.io/digitrec/'
        >>> parse_address("https://github.com/you/you.github.io").site
        'https://you.github.io/'
        """
        owner, name = self.path.split("/")
        home = f"{owner.lower()}.github.io"
        return f"https://{home}/" if name.lower() == home else f"https://{home}/{name}/"

    @property
    def private_report(self) -> str:
        """Where a report goes that only the maintainers read; GitHub's."""
        return f"{self.url}/security/advisories/new"

    def workflow(self, name: str) -> str:
        """Return the page of a workflow of GitHub's; its badge is there as badge.svg."""
        return f"{self.url}/actions/workflows/{name}"

    def binder(self, query: str) -> str:
        """Return what starts the repository on mybinder.org.

        Args:
            query: what is opened there, such as "labpath=a.ipynb"; slashes are quoted.

        >>> parse_address("https://gitlab.com/a/b/c").binder("labpath=x/y.ipynb")
        'https://mybinder.org/v2/gl/a%2Fb%2Fc/HEAD?labpath=x%2Fy.ipynb'
        """
        if self.on_github:
            repository = f"gh/{self.path}"
        elif self.host == "gitlab.com":
            repository = f"gl/{quote(self.path, safe='')}"
        else:
            repository = f"git/{quote(self.url, safe='')}"
        return f"https://mybinder.org/v2/{repository}/HEAD?{quote(query, safe='=')}"

    def colab(self, notebook: str) -> str:
        """Return what opens a notebook of GitHub's in Google Colab."""
        return f"https://colab.research.google.com/github/{self.path}/blob/HEAD/{notebook}"


def parse_address(text: str) -> Address:
    """Return the address that a remote of git or a browser names; names and passwords are left out.

    Args:
        text: in a form of https, of ssh, or the short one of git.

    Raises:
        ValueError: it is none that others can reach, or no repository.

    >>> parse_address("git@github.com:you/digitrec.git").url
    'https://github.com/you/digitrec'
    >>> parse_address("https://me:secret@gitlab.com/group/team/digitrec/").url
    'https://gitlab.com/group/team/digitrec'
    """
    text = text.strip()
    found = WEB.fullmatch(text) or SSH.fullmatch(text) or SHORT.fullmatch(text)
    if found is None:
        raise ValueError(f"The address {without_password(text)!r} came, {EXPECTED}.")
    host = found["host"].lower()
    names = found["path"].strip("/").removesuffix(".git").split("/")
    enough = len(names) == 2 if host == "github.com" else len(names) >= 2
    if not enough or not all(map(NAME.fullmatch, names)) or "." not in host:
        raise ValueError(
            f"The address {without_password(text)!r} came, of no repository that others reach; "
            f"{EXPECTED}."
        )
    path = "/".join(names)
    scheme = found.groupdict().get("scheme") or "https"
    return Address(f"{scheme}://{host}/{path}", host, path)


def without_password(text: str) -> str:
    """Return an address as it may be shown.

    >>> without_password("https://me:secret@example.org")
    'https://example.org'
    """
    return re.sub(r"//[^@/]*@", "//", text)
