"""papermill and nbformat, in half of their time.

They bring a library that checks many formats, and that reads for it a grammar of international
addresses, which takes a second and in a worker four. No notebook has such addresses; where the
grammar is not installed, that library does without.
"""

import sys

GRAMMAR = "rfc3987_syntax"

if is_new := GRAMMAR not in sys.modules:
    sys.modules[GRAMMAR] = None  # type: ignore[assignment]  # to Python: it is not installed
try:
    import nbformat
    import papermill
finally:
    if is_new:
        del sys.modules[GRAMMAR]

__all__ = ["nbformat", "papermill"]
