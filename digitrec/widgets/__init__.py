"""Boxes to work with in a notebook: upload, draw, and explore."""

from digitrec.widgets.ballot import LabelVote
from digitrec.widgets.correction import Correction
from digitrec.widgets.descent import DescentExplorer
from digitrec.widgets.digit_map_explorer import DigitMapExplorer
from digitrec.widgets.draw_pad import DrawPad
from digitrec.widgets.explorers import (
    ConfusionBrowser,
    DigitBrowser,
    Refusal,
    ThresholdExplorer,
    refuse_below,
)
from digitrec.widgets.live_reader import LiveReader
from digitrec.widgets.maps_pad import MapsPad
from digitrec.widgets.occlusion_explorer import OcclusionExplorer
from digitrec.widgets.own_network import LateNetwork
from digitrec.widgets.temperature import TemperatureExplorer
from digitrec.widgets.upload_box import UploadBox
from digitrec.widgets.writing_pad import WritingPad

__all__ = [
    "ConfusionBrowser",
    "Correction",
    "DescentExplorer",
    "DigitBrowser",
    "DigitMapExplorer",
    "DrawPad",
    "LabelVote",
    "LateNetwork",
    "LiveReader",
    "MapsPad",
    "OcclusionExplorer",
    "Refusal",
    "TemperatureExplorer",
    "ThresholdExplorer",
    "UploadBox",
    "WritingPad",
    "refuse_below",
]
