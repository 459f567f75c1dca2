"""Answers as HTML: text in the colours of the reader's theme, and pictures that have words.

Every function is pure and returns a string. What comes from outside, such as the name of a file,
is escaped, so that it is shown and never obeyed.
"""

import base64
import html
import io
from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from PIL import Image

from digitrec import figures
from digitrec.reading.digit import Reading, with_article
from digitrec.reading.page import Page

BAR = "var(--jp-brand-color1, #0072b2)"  # the theme's own, with enough contrast in light and dark
HELP = {
    "no ink": "Nothing is written on it, or the ink is as light as the paper. "
    "Write with a dark pen on light paper.",
    "too faint": "The ink is hardly darker than the paper. Take a darker pen, or more light.",
    "several shapes": "One digit alone can be read here. For several, use the upload box.",
    "looks like no digit": "Write one digit, large and with nothing around it.",
}


def picture_tag(image: np.ndarray, alt: str, width: int) -> str:
    """Return an `<img>` that holds its picture.

    Args:
        image: array (h, w), 0 is paper and 255 ink, or (h, w, 3) RGB; uint8.
        alt: what it shows, in words.
        width: pixels on the screen.
    """
    picture = Image.fromarray(255 - image if image.ndim == 2 else image)
    picture.thumbnail((2 * width, 4 * width))  # a photo need not travel whole; 2 for sharp screens
    pixelated = "image-rendering: pixelated; " if picture.width < width else ""
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return png_tag(buffer.getvalue(), alt, f"{pixelated}width: {width}px")


def figure_tag(figure: Figure, alt: str) -> str:
    """Return an `<img>` of a figure."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=100)
    return png_tag(buffer.getvalue(), alt, "max-width: 100%")


def png_tag(content: bytes, alt: str, style: str) -> str:
    """Return an `<img>` of a PNG file on white paper, which a dark theme would not give it."""
    data = base64.b64encode(content).decode()
    return (
        f'<img src="data:image/png;base64,{data}" alt="{html.escape(alt)}" '
        f'style="{style}; background: white; border: 1px solid gray">'
    )


def caption(tag: str, words: str) -> str:
    """Return a picture with words below it."""
    return (
        '<figure style="display: inline-block; margin: 0 8px 8px 0; line-height: 1.4; '
        'vertical-align: top">'
        f"{tag}<figcaption>{html.escape(words)}</figcaption></figure>"
    )


def gallery(pictures: Sequence[tuple[np.ndarray, str]], alt: str) -> str:
    """Return small pictures in rows, each with its words below it."""
    return "".join(caption(picture_tag(image, alt, 56), words) for image, words in pictures)


def paragraph(sentence: str, details: str = "") -> str:
    """Return a sentence, and details in plain weight, that screen readers say by themselves."""
    return (
        '<p role="status" style="line-height: 1.5; margin: 8px 0 4px">'
        f"<b>{html.escape(sentence)}</b> {html.escape(details)}</p>"
    )


def probability_table(probabilities: Sequence[float]) -> str:
    """Return a table of the ten probabilities: a digit, a bar and a percentage a row."""
    best = int(np.argmax(probabilities))
    rows = "".join(
        f'<tr><th scope="row" style="padding-right: 8px">{digit}</th>'
        f'<td style="width: 140px"><div style="background: {BAR}; height: 10px; '
        f'width: {100 * probability:.1f}%"></div></td>'
        f'<td style="padding-left: 8px; text-align: right">{probability:.1%}</td>'
        f'<td style="padding-left: 8px">{"best guess" if digit == best else ""}</td></tr>'
        for digit, probability in enumerate(probabilities)
    )
    return (
        '<table style="line-height: 1.25; border-spacing: 0">'
        '<caption style="text-align: left; padding-bottom: 4px">'
        f"Probability of each digit</caption>{rows}</table>"
    )


def how_sure(reading: Reading) -> str:
    """Return how far to believe a reading, and what else it could be."""
    if not reading.is_digit:
        return HELP.get(reading.reason, "")
    if reading.is_sure:
        return f"Sure: {reading.confidence:.0%}."
    second, third = reading.runners_up
    return (
        f"Not sure: {reading.confidence:.0%}. It could also be "
        f"{with_article(second)} ({reading.probabilities[second]:.0%}) "
        f"or {with_article(third)} ({reading.probabilities[third]:.0%})."
    )


def answer(reading: Reading, name: str = "") -> str:
    """Return what was read in one picture: the sentence, how sure, and the ten probabilities.

    Args:
        reading: what `read_digit` returns.
        name: the name of the picture, if it has one.
    """
    said = paragraph(named(f"{reading.sentence}.", name), how_sure(reading))
    if reading.steps.box is None:
        return said
    pictures = caption(
        picture_tag(reading.steps.image, "The 28x28 input made of the picture", 112),
        "what the network sees",
    )
    if name:
        pictures = caption(picture_tag(reading.steps.picture, name, 112), "your picture") + pictures
    return said + beside(f"<div>{pictures}</div>", probability_table(reading.probabilities))


def beside(*parts: str) -> str:
    """Return parts next to each other, and below each other where there is no room."""
    return (
        '<div style="display: flex; flex-wrap: wrap; gap: 16px; align-items: flex-start">'
        f"{''.join(parts)}</div>"
    )


def named(sentence: str, name: str) -> str:
    """Return a sentence with the name of its picture before it, if there is one."""
    return f"{name}: {sentence}" if name else sentence


def way(reading: Reading, unfold: bool) -> str:
    """Return the steps from a picture to the input, to open and close by mouse or keyboard.

    Args:
        reading: what `read_digit` returns.
        unfold: whether they are open at first.
    """
    steps = figure_tag(
        figures.show_steps(reading), "The stages from the picture to the 28x28 input, in order"
    )
    state = "open" if unfold else ""
    return f"<details {state}><summary>The steps, one by one</summary>{steps}</details>"


def page_answer(page: "Page", name: str = "") -> str:
    """Return what was read on a page: the rows, which digits are not sure, and where each one is.

    Args:
        page: what `read_page` returns.
        name: the name of the picture, if it has one.
    """
    if not page.text:
        return paragraph(named("No digit was found on this page.", name), HELP["no ink"])
    believed = [reading for reading in page.readings if reading.is_digit]
    doubtful = [reading for reading in believed if not reading.is_sure]
    guesses = ", ".join(f"{reading.digit} ({reading.confidence:.0%})" for reading in doubtful)
    details = f"Not sure of {len(doubtful)}: {guesses}." if doubtful else "Sure of all of them."
    if len(believed) < len(page.readings):
        details += (
            f" Left out, because it looks like no digit: {len(page.readings) - len(believed)}."
        )
    said = paragraph(
        named(f"The page probably says {' / '.join(page.text.splitlines())}.", name), details
    )
    words = f"The picture with a box around each of {len(page.readings)} digits"
    return said + figure_tag(figures.show_page(page), words)
