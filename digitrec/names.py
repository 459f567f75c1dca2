"""Names of files as they are shown: strangers choose them."""

import re

from digitrec.bounds import LONGEST_NAME

# Breaks of lines, marks that turn the direction of what follows, halves of characters: they are
# not seen, and change what stands beside them. The same in Python and in JavaScript.
UNSEEN = r"[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"


def plain_name(name: str) -> str:
    """Return the name of a file as one line in which every character is seen.

    >>> plain_name("my digit.png")
    'my digit.png'
    >>> plain_name("two" + chr(10) + "lines")
    'two\ufffdlines'
    """
    return visible(name[:LONGEST_NAME])


def visible(text: str) -> str:
    """Return text as one line in which every character is seen, whatever a terminal makes of it.

    >>> visible("red: " + chr(27) + "[31m")
    'red: \ufffd[31m'
    """
    return re.sub(UNSEEN, "\N{REPLACEMENT CHARACTER}", text)
