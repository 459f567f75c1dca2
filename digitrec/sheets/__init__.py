"""Sheets of paper to write digits on: print them, photograph them, read them."""

from digitrec.sheets.class_photos import read_photos
from digitrec.sheets.layout import PAPERS, Code
from digitrec.sheets.printing import draw_sheet, make_sheet, sheet_image
from digitrec.sheets.reading import read_sheet

__all__ = ["PAPERS", "Code", "draw_sheet", "make_sheet", "read_photos", "read_sheet", "sheet_image"]
