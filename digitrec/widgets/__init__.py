"""Boxes to work with in a notebook: upload, draw, and explore."""

from digitrec.widgets.descent import DescentExplorer
from digitrec.widgets.draw_pad import DrawPad
from digitrec.widgets.explorers import (
    ConfusionBrowser,
    DigitBrowser,
    Refusal,
    ThresholdExplorer,
    refuse_below,
)
from digitrec.widgets.own_network import LateNetwork
from digitrec.widgets.upload_box import UploadBox

__all__ = [
    "ConfusionBrowser",
    "DescentExplorer",
    "DigitBrowser",
    "DrawPad",
    "LateNetwork",
    "Refusal",
    "ThresholdExplorer",
    "UploadBox",
    "refuse_below",
]
