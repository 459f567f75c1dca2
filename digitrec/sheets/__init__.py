"""Sheets of paper to write digits on: print them, photograph them, read them."""

from digitrec.sheets.layout import PAPERS, Code
from digitrec.sheets.printing import draw_sheet, make_sheet, sheet_image

__all__ = ["PAPERS", "Code", "draw_sheet", "make_sheet", "sheet_image"]
