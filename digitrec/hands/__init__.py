"""Handwriting that readers collected themselves: who wrote what, kept, split and taught."""

from digitrec.hands.comparing import some_of_each, surer_of_learned, times_from_average
from digitrec.hands.folder import Hands, load_hands, save_written
from digitrec.hands.names import hand_path
from digitrec.hands.splits import Split, check_split, split_by_sheet, split_by_writer
from digitrec.hands.written import Written

__all__ = [
    "Hands",
    "Split",
    "Written",
    "check_split",
    "hand_path",
    "load_hands",
    "save_written",
    "some_of_each",
    "split_by_sheet",
    "split_by_writer",
    "surer_of_learned",
    "times_from_average",
]
