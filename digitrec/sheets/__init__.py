"""Sheets of paper to write digits on: print them, photograph them, read them."""

from digitrec.sheets.class_photos import read_photos
from digitrec.sheets.layout import PAPERS, Code
from digitrec.sheets.reading import read_sheet

PRINTING = ("draw_sheet", "make_sheet", "sheet_image")

__all__ = ["PAPERS", "Code", "draw_sheet", "make_sheet", "read_photos", "read_sheet", "sheet_image"]


def __getattr__(name: str) -> object:
    """Load Matplotlib with the first sheet that is drawn: whoever reads sheets does without it."""
    if name in PRINTING:
        from digitrec.sheets import printing

        return getattr(printing, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
