"""Parts of answers as HTML: text in the colours of the theme, and pictures that have words.

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

Sentence = tuple[str, str]  # a sentence, and details in plain weight, which may be empty


def picture_tag(image: np.ndarray, alt: str, width: int) -> str:
    """Return an `<img>` that holds its picture.

    Args:
        image: array (h, w), 0 is paper and 255 ink, or (h, w, 3) RGB; uint8.
        alt: what it shows, in words.
        width: pixels on the screen.
    """
    picture = Image.fromarray(255 - image if image.ndim == 2 else image)
    picture.thumbnail((2 * width, 4 * width))  # a photo need not travel whole; 2 for sharp screens
    buffer = io.BytesIO()
    if picture.width < width:
        picture.save(buffer, "PNG")
        return image_tag(buffer, "png", alt, f"image-rendering: pixelated; width: {width}px")
    picture.save(buffer, "JPEG", quality=85)  # a tenth of a PNG, on its way through a slow line
    return image_tag(buffer, "jpeg", alt, f"width: {width}px")


def figure_tag(figure: Figure, alt: str) -> str:
    """Return an `<img>` of a figure."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=100)
    return image_tag(buffer, "png", alt, "max-width: 100%; box-sizing: border-box")


def image_tag(file: io.BytesIO, kind: str, alt: str, style: str) -> str:
    """Return an `<img>` of a file on white paper, which a dark theme would not give it."""
    data = base64.b64encode(file.getvalue()).decode()
    return (
        f'<img src="data:image/{kind};base64,{data}" alt="{html.escape(alt)}" '
        f'style="{style}; background: white; border: 1px solid gray">'
    )


def caption(tag: str, words: str) -> str:
    """Return a picture with words below it."""
    return (
        '<figure style="display: inline-block; margin: 0 8px 8px 0; line-height: 1.4; '
        'vertical-align: top">'
        f"{tag}<figcaption>{html.escape(words)}</figcaption></figure>"
    )


def gallery(pictures: Sequence[tuple[np.ndarray, str]], alt: str, places: int, longest: str) -> str:
    """Return small pictures in rows, each with its words below it.

    Args:
        pictures: images (h, w), 0 is paper and 255 ink, and words.
        alt: what each picture shows, in words.
        places: how many to leave room for, so that nothing moves when there are fewer.
        longest: words as long as any, for the places that are empty.
    """
    shown = [caption(picture_tag(image, alt, 56), words) for image, words in pictures]
    blank = caption(picture_tag(np.zeros((1, 1), np.uint8), "", 56), longest)
    empty = f'<div style="visibility: hidden">{blank}</div>' * (places - len(pictures))
    return (
        '<div style="display: grid; grid-template-columns: repeat(auto-fill, 68px)">'
        f"{''.join(shown)}{empty}</div>"
    )


def paragraph(sentence: str, details: str = "") -> str:
    """Return a sentence, and details in plain weight."""
    return (
        '<p style="line-height: 1.5; margin: 8px 0 4px">'
        f"<b>{html.escape(sentence)}</b> {html.escape(details)}</p>"
    )


def paragraphs(sentences: Sequence[Sentence]) -> str:
    """Return sentences, each with its details, below each other."""
    return "".join(paragraph(*sentence) for sentence in sentences)


def spoken(sentences: Sequence[Sentence]) -> str:
    """Return sentences and their details as plain text, for screen readers to say."""
    return " ".join(f"{sentence} {details}".strip() for sentence, details in sentences)


def beside(*parts: str) -> str:
    """Return parts next to each other, and below each other where there is no room."""
    return (
        '<div style="display: flex; flex-wrap: wrap; gap: 16px; align-items: flex-start">'
        f"{''.join(parts)}</div>"
    )
