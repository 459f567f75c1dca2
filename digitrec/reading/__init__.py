"""A picture on its way to an answer: load it, separate its ink, prepare it, read it."""

from digitrec.reading.digit import (
    LEAST_CONFIDENCE,
    Reading,
    boxed_model,
    interpret,
    percent,
    read_digit,
    second_opinions,
    with_article,
)
from digitrec.reading.folders import list_pictures, load_labels, readable_pictures
from digitrec.reading.keeping import kept, with_small_steps
from digitrec.reading.page import Page, read_page, with_readings
from digitrec.reading.pictures import load_picture
from digitrec.reading.preparation import Steps, prepare_digit

__all__ = [
    "LEAST_CONFIDENCE",
    "Page",
    "Reading",
    "Steps",
    "boxed_model",
    "interpret",
    "kept",
    "list_pictures",
    "load_labels",
    "load_picture",
    "percent",
    "prepare_digit",
    "read_digit",
    "read_page",
    "readable_pictures",
    "second_opinions",
    "with_article",
    "with_readings",
    "with_small_steps",
]
