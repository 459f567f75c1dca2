"""Sheets of paper to write digits on: print them, photograph them, read them."""

from digitrec.sheets.layout import PAPERS, Code

__all__ = ["PAPERS", "Code"]
