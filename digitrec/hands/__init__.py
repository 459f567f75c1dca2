"""Handwriting that readers collected themselves: who wrote what, kept, split and taught."""

from digitrec.hands.written import Written

__all__ = ["Written"]
