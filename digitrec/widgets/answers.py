"""What two networks say, as HTML: the one in the box first, the learner's own under it.

Every function is pure and returns a string, made of the parts in `markup`.
"""

import html

import numpy as np

from digitrec import figures
from digitrec.networks import speaker
from digitrec.reading.digit import Reading, percent, with_article
from digitrec.reading.page import Page, with_readings
from digitrec.widgets import markup
from digitrec.widgets.markup import Sentence
from digitrec.widgets.own_network import OwnAnswers
from digitrec.widgets.stages import stages

BAR = "var(--jp-brand-color1, #0072b2)"  # the theme's own, with enough contrast in light and dark
STEP = 130  # pixels that each step is wide; two stand beside each other on a phone
MOST_DIFFERENCES = 12  # shown of one page; more would push the next picture out of sight
BOX = speaker()
HELP = {
    "no ink": "Nothing is written on it, or nothing stands out: the ink is as light as the paper, "
    "or marks cover all of it. Write with a dark pen on light, plain paper.",
    "too faint": "The ink is hardly darker than the paper. Take a darker pen, or more light.",
    "several shapes": "One digit alone can be read here. For several, use the upload box.",
    "looks like no digit": "Write one digit, large and with nothing around it.",
}


def probability_table(reading: Reading, who: str) -> str:
    """Return a table of the answers that a network has: a name, a bar and a percentage per row.

    Args:
        reading: what it says. "Not a digit" has a row if the network has that answer.
        who: which network it is.
    """
    answers = {str(digit): float(share) for digit, share in enumerate(reading.probabilities)}
    if reading.not_a_digit is not None:
        answers["not a digit"] = reading.not_a_digit
    best = max(answers, key=answers.get)
    rows = "".join(
        f'<tr><th scope="row" style="padding-right: 8px; text-align: right; '
        f'white-space: nowrap">{name}</th>'
        '<td style="width: min(110px, 20vw)">'  # a border, for forced colours leave no background
        f'<div style="border-top: 10px solid {BAR}; width: {100 * share:.1f}%"></div></td>'
        '<td style="padding-left: 8px; text-align: right; white-space: nowrap">'
        f"{percent(share)}</td>"
        f'<td style="padding-left: 8px">{"best guess" if name == best else ""}</td></tr>'
        for name, share in answers.items()
    )
    return (
        '<table style="line-height: 1.25; border-spacing: 0">'
        '<caption style="text-align: left; padding-bottom: 4px">'
        f"{html.escape(who)}: probability of each answer</caption>{rows}</table>"
    )


def how_sure(reading: Reading) -> str:
    """Return how far to believe a reading, and what else it could be."""
    if not reading.is_digit:
        return HELP.get(reading.reason, "")
    if reading.is_sure:
        return f"Sure: {percent(reading.confidence)}."
    others = [digit for digit in reading.runners_up if reading.probabilities[digit] >= 0.01]
    words = [f"{with_article(digit)} ({percent(reading.probabilities[digit])})" for digit in others]
    also = f" It could also be {' or '.join(words)}." if words else ""
    return f"Not sure: {percent(reading.confidence)}.{also}"


def named(sentence: str, name: str) -> str:
    """Return a sentence with the name of its picture before it, if there is one."""
    return f"{name}: {sentence}" if name else sentence


def sentences(reading: Reading, name: str = "", own: OwnAnswers | None = None) -> list[Sentence]:
    """Return what was read in one picture, in words: each network's sentence, and how sure.

    Args:
        reading: what the network in the box says.
        name: the name of the picture, if it has one.
        own: what the learner's network says, if there is one; it comes second.
    """
    said = [(named(f"{reading.sentence}.", name), how_sure(reading))]
    if own is not None and reading.box is not None:
        said.append(own_sentence(reading, own))
    return said


def answer(reading: Reading, name: str = "", own: OwnAnswers | None = None) -> str:
    """Return what was read in one picture: the sentences, the pictures, and each network's bars.

    Args:
        reading: what the network in the box says.
        name: the name of the picture, if it has one.
        own: what the learner's network says, if there is one; it comes second.
    """
    said = markup.paragraphs(sentences(reading, name, own))
    if reading.box is None:
        return said
    pictures = markup.caption(
        markup.picture_tag(reading.steps.image, "The 28x28 input made of the picture", 112),
        "what the network sees",
    )
    if name:
        shown = f"Your picture {name}, {read_as(reading)}"
        pictures = (
            markup.caption(markup.picture_tag(reading.steps.picture, shown, 112), "your picture")
            + pictures
        )
    tables = [probability_table(reading, BOX)]
    if own is not None:
        tables += [probability_table(other, own.speaker) for other in own.readings]
    return said + markup.beside(f"<div>{pictures}</div>", markup.beside(*tables))


def read_as(reading: Reading) -> str:
    """Return what was read, as a part of a sentence."""
    return f"read as {with_article(reading.digit)}" if reading.is_digit else "not read as a digit"


def own_sentence(reading: Reading, own: OwnAnswers) -> Sentence:
    """Return what the learner's network says to one picture, and whether it is something else."""
    if own.problem:
        return no_answer(own)
    (other,) = own.readings
    differ = "" if other.answer == reading.answer else "The two differ."
    return f"{own.speaker}: {other.opinion}.", differ


def no_answer(own: OwnAnswers) -> Sentence:
    """Return why the learner's network says nothing."""
    return f"{own.speaker}: no answer.", own.problem


def hint(own: object) -> str:
    """Return where the learner's own answers would stand; nothing where there are some.

    Args:
        own: a network, or what it says; None where the learner has none.
    """
    if own is not None:
        return ""
    return (
        '<p style="line-height: 1.5; margin: 8px 0 4px">This is the network in the box. Once '
        "notebook 3 has trained yours and this notebook has run again, yours answers below it.</p>"
    )


def way(reading: Reading, unfold: bool) -> str:
    """Return the steps from a picture to the input, to open and close by mouse or keyboard.

    They stand beside each other, and below each other where there is no room.

    Args:
        reading: what `read_digit` returns.
        unfold: whether they are open at first.
    """
    shown = "".join(
        markup.caption(markup.picture_tag(image, alt, fitting(image, STEP)), f"{number}. {title}")
        for number, (title, image, alt) in enumerate(stages(reading.steps), 1)
    )
    return folded("The steps, one by one", shown, unfold)


def fitting(image: np.ndarray, side: int) -> int:
    """Return how wide an image is when it fits into a square, in the unit of the square's side."""
    height, width = image.shape[:2]
    return max(1, round(side * min(1, width / height)))


def folded(summary: str, content: str, unfold: bool) -> str:
    """Return HTML under a line that opens and closes it."""
    state = "open" if unfold else ""
    return f"<details {state}><summary>{html.escape(summary)}</summary>{content}</details>"


def page_sentences(page: Page, name: str = "", own: OwnAnswers | None = None) -> list[Sentence]:
    """Return what was read on a page, in words: each network's rows, and how sure.

    Args:
        page: what the network in the box says.
        name: the name of the picture, if it has one.
        own: what the learner's network says to the same marks, if there is one.
    """
    count = len(page.readings)
    nothing = named("No digit was found on this page.", name)
    if not count:
        return [(nothing, HELP["no ink"])]
    if page.text:
        rows = named(f"The page probably says {in_one_line(page)}.", name)
        said = [(rows, page_details(page))]
    else:
        ink = f"There is ink, but it looks like no digit: {count}. {page.too_full}"
        said = [(nothing, ink.strip())]
    return said if own is None else [*said, own_page_sentence(page, own)]


def page_answer(page: Page, name: str = "", own: OwnAnswers | None = None) -> str:
    """Return what was read on a page: the sentences, the page, and where the two networks differ.

    Args:
        page: what the network in the box says.
        name: the name of the picture, if it has one.
        own: what the learner's network says to the same marks, if there is one.
    """
    said = markup.paragraphs(page_sentences(page, name, own))
    if not page.readings:
        return said
    words = f"The picture with a box around each of {len(page.readings)} digits"
    if own is None or own.problem:
        return said + markup.figure_tag(figures.show_page(page), words)
    other = with_readings(page, own.readings)
    drawn = markup.figure_tag(figures.show_page(page, other), words)
    return said + drawn + differences(page, other, own)


def in_one_line(page: Page) -> str:
    """Return the rows of a page with strokes between them."""
    return " / ".join(page.text.splitlines())


def page_details(page: Page) -> str:
    """Return which digits of a page are not sure, and how many marks were left out."""
    believed = [reading for reading in page.readings if reading.is_digit]
    doubtful = [reading for reading in believed if not reading.is_sure]
    guesses = ", ".join(f"{reading.digit} ({percent(reading.confidence)})" for reading in doubtful)
    details = f"Not sure of {len(doubtful)}: {guesses}." if doubtful else "Sure of all of them."
    if len(believed) < len(page.readings):
        details += (
            f" Left out, because it looks like no digit: {len(page.readings) - len(believed)}."
        )
    return f"{details} {page.too_full}".strip()


def own_page_sentence(page: Page, own: OwnAnswers) -> Sentence:
    """Return the rows that the learner's network reads in the same marks."""
    if own.problem:
        return no_answer(own)
    other = with_readings(page, own.readings)
    pairs = zip(page.readings, other.readings, strict=True)
    count = sum(one.answer != second.answer for one, second in pairs)
    same = "The same as the network in the box."
    details = f"The two differ at {count} of {len(page.readings)} marks." if count else same
    return f"{own.speaker}: {in_one_line(other) or 'no digit'}.", details


def differences(page: Page, other: Page, own: OwnAnswers) -> str:
    """Return a line for each mark where the two differ; it opens to both sets of bars."""
    lines = []
    for number, (row, second_row) in enumerate(zip(page.rows, other.rows, strict=True), 1):
        for place, (one, second) in enumerate(zip(row, second_row, strict=True), 1):
            if one.answer != second.answer:
                where = f"Row {number}, mark {place}"
                lines.append(difference(one, second, where, own.speaker))
    left = len(lines) - MOST_DIFFERENCES
    more = f"<p>They differ at {left} further marks.</p>" if left > 0 else ""
    return "".join(lines[:MOST_DIFFERENCES]) + more


def difference(one: Reading, second: Reading, where: str, who: str) -> str:
    """Return one mark that two networks read differently: in words, and folded, the bars."""
    image = markup.picture_tag(one.steps.image, f"{where}, as the networks see it", 84)
    bars = markup.beside(image, probability_table(one, BOX), probability_table(second, who))
    words = f"{where}: the network in the box says {one.opinion}; yours says {second.opinion}."
    return folded(words, bars, unfold=False)
