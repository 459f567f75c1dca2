"""Write the worksheet of the course and its key: two A4 pages each, to print.

    python scripts/make_worksheet.py     # or: make worksheet; into docs/

Every answer of the key is computed, by the networks and the formulas of the course. The same
files make the same bytes.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure

import digitrec
from digitrec import ladder
from digitrec.files import written_whole
from digitrec.sheets.drawing import (
    PALE,
    WORDS,
    blank_paper,
    draw_line,
    fill,
    lines,
    plain_style,
    rectangles,
    square,
    write,
)
from digitrec.storage import DENSE_MODEL

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAPER = 210.0, 297.0  # mm, A4; on Letter it is printed a little smaller
LEFT, RIGHT = 15.0, 195.0  # mm
LETTERS, TITLE, HEADING = 9.5, 16, 12  # points
LEADING = 5.2  # mm from one line of words to the next
CELL = 4.4  # mm
PEN = "#0b4f9e"  # of the key
GREYS = ("#ffffff", "#d0d0d0", "#a0a0a0", "#686868", "#303030")  # paper to the most ink
DIGIT = 4  # whose most ordinary image is to be shaded
LEVELS = 4

NEURONS = (((1, 0, 2), (0.5, -3, -1), 1), ((1, 0, 2), (2, 1, -0.25), -0.5))  # inputs, weights, bias
SCORES = (3, 1, 0)
SMALL = "\N{SUPERSCRIPT ZERO}\N{SUPERSCRIPT ONE}\N{SUPERSCRIPT TWO}\N{SUPERSCRIPT THREE}"
DIGITS = (4, 7, 9)
TRUE = (9, 4, 7, 9, 4, 9, 7, 4, 9, 7, 4, 9, 9, 7, 4, 9, 7, 4, 9, 4)
ANSWERED = (9, 4, 7, 4, 4, 9, 9, 4, 9, 7, 9, 9, 4, 7, 4, 7, 7, 4, 9, 4)


@dataclass(frozen=True)
class Prediction:
    """A question about what a cell will show.

    Attributes:
        question: in lines that fit the paper.
        choices: numbers to choose from.
        measured: what it is.
    """

    question: tuple[str, ...]
    choices: tuple[float, ...]
    measured: float

    @property
    def right(self) -> int:
        """The place of the choice that is nearest to what was measured."""
        return min(range(len(self.choices)), key=lambda i: abs(self.choices[i] - self.measured))


def softmax(scores: Sequence[float]) -> np.ndarray:
    powers = np.exp(np.asarray(scores, float))
    return powers / powers.sum()


def neuron(inputs: Sequence[float], weights: Sequence[float], bias: float) -> tuple[float, ...]:
    """Return the products, their sum with the bias, and what ReLU makes of it.

    >>> neuron((1, 2), (0.5, -1), 1)
    (0.5, -2.0, -0.5, 0.0)
    """
    products = np.multiply(inputs, weights).astype(float)
    total = float(products.sum() + bias)
    return (*products.tolist(), total, max(total, 0.0))


def confusions(true: Sequence[int], answered: Sequence[int]) -> np.ndarray:
    """Return how often each of DIGITS (rows) was answered with each (columns)."""
    matrix = np.zeros((len(DIGITS), len(DIGITS)), int)
    for row, column in zip(true, answered, strict=True):
        matrix[DIGITS.index(row), DIGITS.index(column)] += 1
    return matrix


def most_ordinary(digit: int) -> np.ndarray:
    """Return the training image of a digit that is nearest to their average: 28x28, 0 to 255."""
    train = digitrec.load_mnist().train
    images = train.images[train.labels == digit].astype(np.float32)
    distances = ((images - images.mean(axis=0)) ** 2).sum(axis=(1, 2))
    return images[distances.argmin()].astype(np.uint8)


def shades(image: np.ndarray) -> np.ndarray:
    """Return whole numbers from 0, paper, to LEVELS, the most ink.

    >>> shades(np.array([0, 1, 64, 65, 255]))
    array([0, 1, 1, 2, 4])
    """
    return np.ceil(image / (256 / LEVELS)).astype(int)


def predictions() -> list[Prediction]:
    """Return the questions of the last part, each with what the course measures."""
    validation = digitrec.load_mnist().validation
    dense = digitrec.load_model(DENSE_MODEL)

    def right_per_hundred(images: np.ndarray) -> float:
        answers = digitrec.predict(dense, images).argmax(axis=1)
        return 100 * float((answers == validation.labels).mean())

    home = right_per_hundred(validation.images)
    shifted = np.roll(validation.images, 3, axis=2)
    shifted[:, :, :3] = 0
    nearest = next(rung for rung in ladder.stored() if rung.recogniser == "nearest neighbour")
    return [
        Prediction(
            (
                "Nobody has taught the network; its weights are random.",
                "Right of 100 digits: (notebook 2)",
            ),
            (0, 10, 50),
            100 / 10,
        ),
        Prediction(
            (
                "A program learns nothing. It has 55,000 images, and gives",
                "the label of the nearest. Right of 100: (notebook 1)",
            ),
            (50, 80, 98),
            100 * nearest.right / nearest.count,
        ),
        Prediction(
            (
                f"A dense network reads {home:.0f} of 100. Move each image three",
                "pixels to the right. Right of 100 now: (notebook 6)",
            ),
            (95, 60, 30),
            right_per_hundred(shifted),
        ),
        Prediction(
            (
                "The same network gets each image with ink and paper",
                "swapped. Right of 100: (your own cell, notebook 6)",
            ),
            (98, 50, 2),
            right_per_hundred(255 - validation.images),
        ),
        Prediction(
            (
                f"It has {dense.count_params():,} weights. A convolutional one makes fewer",
                "mistakes. Its weights: (notebook 6)",
            ),
            (60_000, 120_000, 1_000_000),
            digitrec.build_cnn().count_params(),
        ),
    ]


class Sheet:
    """A page that is filled from top to bottom, with or without the answers.

    Args:
        key: whether the answers are written in.
        words: at the foot of the page.
    """

    def __init__(self, key: bool, words: str) -> None:
        self.key = key
        self.figure, self.ax = blank_paper(*PAPER, 0, 0)
        self.y = 20.0
        write(self.ax, LEFT, 287, words, 7, color=PALE)

    def say(self, *words: str, x: float = LEFT, size: float = LETTERS, **style: object) -> None:
        """Write lines, one below the other."""
        for line in words:
            write(self.ax, x, self.y, line, size, **style)
            self.y += LEADING

    def heading(self, words: str) -> None:
        self.y += 5.0
        self.say(words, size=HEADING, weight="bold")
        self.y += 0.8

    def blank(self, x: float, width: float, answer: str, y: float | None = None) -> None:
        """Draw a line to write on; in the key, the answer stands on it."""
        y = self.y - LEADING if y is None else y
        draw_line(self.ax, lines([(x, y + 1), (x + width, y + 1)]), PALE, 0.2)
        if self.key:
            self.answer(x + width / 2, y, answer)

    def answer(self, x: float, y: float, words: str) -> None:
        write(self.ax, x, y, words, LETTERS, ha="center", color=PEN, weight="bold")

    def ask(self, question: str, answer: str, x: float = LEFT, width: float = 20) -> None:
        """Write a question with its answer's line at the right end of the paper."""
        self.say(question, x=x)
        self.blank(RIGHT - width, width, answer)
        self.y += 2.4

    def table(
        self, x: float, widths: Sequence[float], rows: Sequence[Sequence[str]], given: int
    ) -> None:
        """Draw a table.

        Args:
            x: of its left side, mm.
            widths: of its columns, mm.
            rows: what stands in the cells; the first row and the columns before `given` are
                printed, the others belong to the key.
            given: how many columns are printed.
        """
        edges, height = [x, *(x + np.cumsum(widths))], 7.6
        for number, row in enumerate(rows):
            top = self.y + number * height - 4.6
            for left, right, words, column in zip(edges, edges[1:], row, range(99), strict=False):
                box = square(left, top, right - left, height)[0]
                draw_line(self.ax, lines([*box, box[0]]), PALE, 0.15)
                middle, base = (left + right) / 2, top + 5.1
                if number == 0 or column < given:
                    write(self.ax, middle, base, words, LETTERS - 0.5, ha="center")
                elif self.key:
                    self.answer(middle, base, words)
        self.y += len(rows) * height + 2.4


def draw_digit(sheet: Sheet, image: np.ndarray) -> None:
    """Draw the first part: a digit to shade and to count."""
    levels = shades(image)
    sheet.heading("1  An image is numbers")
    sheet.say(
        "Shade each cell that has a number: the larger the number, the darker. "
        "An empty cell is paper."
    )
    top = sheet.y
    for (row, column), level in np.ndenumerate(levels):
        cell = square(LEFT + column * CELL, top + row * CELL, CELL)
        if level and sheet.key:
            fill(sheet.ax, rectangles(cell), GREYS[level])
        elif level:
            middle = LEFT + (column + 0.5) * CELL, top + (row + 0.72) * CELL
            write(sheet.ax, *middle, str(level), 7, ha="center", color=PALE)
    size = len(levels) * CELL
    places = [number * CELL for number in range(len(levels) + 1)]
    rules = [[(LEFT, top + at), (LEFT + size, top + at)] for at in places]
    rules += [[(LEFT + at, top), (LEFT + at, top + size)] for at in places]
    draw_line(sheet.ax, lines(*rules), PALE, 0.08)
    ink, x = int((levels > 0).sum()), LEFT + size + 6
    rows = (levels > 0).sum(axis=1)
    most = ", ".join(str(row) for row in np.flatnonzero(rows == rows.max()))
    fourteen = " ".join(str(level) for level in levels[14] if level)
    for row in range(len(levels)):
        place = LEFT - 1.2, top + (row + 0.7) * CELL
        write(sheet.ax, *place, str(row), 6, ha="right", color=PALE)
    sheet.y += 3.4
    for question, answer in (
        (("Which digit is it?",), str(DIGIT)),
        (("How many numbers is this", "image? (28 x 28 cells)"), str(levels.size)),
        (("How many cells have ink?",), str(ink)),
        (("Which share is paper, in %?",), f"{100 * (1 - ink / levels.size):.0f}"),
        (("Which rows have ink in", "most cells?"), most),
        (("Write down the numbers of", "row 14, without empty cells."), fourteen),
    ):
        sheet.say(*question, x=x)
        sheet.y += 4.6
        sheet.blank(x, RIGHT - x, answer)
        sheet.y += 3.6
    sheet.y = top + size + 4


def draw_neurons(sheet: Sheet) -> None:
    """Draw the second part: two neurons by hand."""
    sheet.heading("2  One neuron, by hand")
    sheet.say(
        "Multiply each input by its weight, add the products and the bias.",
        "ReLU makes 0 of what is negative, and leaves the rest as it is.",
    )
    sheet.y += 2
    rows = [("inputs", "weights", "bias", "the three products", "sum with bias", "after ReLU")]
    for inputs, weights, bias in NEURONS:
        *products, total, out = neuron(inputs, weights, bias)
        cells = (inputs, weights, (bias,), products, (total,), (out,))
        rows.append(tuple("   ".join(f"{value + 0:g}" for value in cell) for cell in cells))
    sheet.table(LEFT, (24, 30, 16, 46, 34, 30), rows, given=3)
    silent = [number for number, each in enumerate(NEURONS, 1) if neuron(*each)[-1] == 0]
    sheet.ask(
        "Which of the two neurons is silent: the first or the second?",
        ("first", "second")[silent[0] - 1],
    )
    inputs = len(NEURONS[0][0])
    sheet.ask(
        "A layer has five such neurons. How many weights is that, with the biases?",
        str(5 * (inputs + 1)),
    )


def draw_softmax(sheet: Sheet) -> None:
    """Draw the third part: three scores become probabilities, and one of them a loss."""
    powers = [round(math.exp(score), 2) for score in SCORES]  # as a pupil writes them
    shares = [round(power / sum(powers), 3) for power in powers]
    given = ",  ".join(f"e{SMALL[score]} = {math.exp(score):.2f}" for score in sorted(SCORES))
    logarithms = ",  ".join(f"ln {share:.3f} = {math.log(share):.2f}" for share in shares)
    sheet.heading("3  Softmax: scores become probabilities")
    sheet.say("Raise e to each score, add up, and divide each power by the total.", f"{given}.")
    sheet.y += 2
    rows = [("score", "e to the score", "probability, in % with one decimal")]
    rows += [
        (str(score), f"{power:.2f}", f"{100 * share:.1f}")
        for score, power, share in zip(SCORES, powers, shares, strict=True)
    ]
    rows.append(("total", f"{sum(powers):.2f}", f"{100 * sum(shares):.1f}"))
    sheet.table(LEFT, (24, 40, 66), rows, given=1)
    sheet.say("The loss is minus the logarithm of the probability that the true answer got.")
    sheet.say(f"{logarithms}.")
    sheet.y += 0.8
    sheet.ask("What is the loss, if the first answer is true?", f"{-math.log(shares[0]):.2f}")
    sheet.ask("And if the last is?", f"{-math.log(shares[-1]):.2f}")
    same = np.allclose(softmax(np.add(SCORES, 1)), softmax(SCORES))
    sheet.ask(
        "All three scores grow by 1. Do the probabilities change, yes or no?",
        "no" if same else "yes",
    )


def draw_matrix(sheet: Sheet) -> None:
    """Draw the fourth part: a confusion matrix to fill and to read."""
    matrix = confusions(TRUE, ANSWERED)
    sheet.heading("4  A confusion matrix")
    sheet.say(
        f"A network has read {len(TRUE)} digits. Count each pair. "
        "A row is what is true, a column what was answered."
    )
    sheet.y += 2
    for label, digits in (("true", TRUE), ("answered", ANSWERED)):
        write(sheet.ax, LEFT, sheet.y, label, LETTERS)
        for number, digit in enumerate(digits):
            write(sheet.ax, LEFT + 22 + 7.5 * number, sheet.y, str(digit), LETTERS, ha="center")
        sheet.y += LEADING + 0.6
    sheet.y += 2
    rows = [("true / answered", *(str(digit) for digit in DIGITS))]
    rows += [(str(digit), *map(str, row)) for digit, row in zip(DIGITS, matrix, strict=True)]
    sheet.table(LEFT, (30, 16, 16, 16), rows, given=1)
    place = DIGITS.index(9)
    right = matrix[place, place]
    errors = matrix - np.diag(np.diag(matrix))
    row, column = np.unravel_index(errors.argmax(), errors.shape)
    sheet.ask(
        "Accuracy: which share of all answers is right, in %?",
        f"{100 * np.trace(matrix) / matrix.sum():.0f}",
    )
    sheet.ask(
        "Recall of the 9: of all true 9s, which share was found?",
        f"{right} of {matrix[place].sum()}",
    )
    sheet.ask(
        'Precision of the 9: of all answers "9", which share is right?',
        f"{right} of {matrix[:, place].sum()}",
    )
    sheet.ask(
        "Which mistake is the commonest: a ... taken for a ...?",
        f"{DIGITS[row]} for {DIGITS[column]}",
    )


def draw_predictions(sheet: Sheet, asked: Sequence[Prediction]) -> None:
    """Draw the last part: what the notebooks will show."""
    sheet.heading("5  Predict, then run")
    sheet.say(
        "Tick a number in each line before you run the notebook. "
        "Afterwards, write what came out behind it."
    )
    sheet.y += 1.4
    for each in asked:
        sheet.say(*each.question)
        sheet.y -= LEADING
        for number, choice in enumerate(each.choices):
            x = 117 + 21 * number
            box = square(x, sheet.y - 2.9, 3.2)[0]
            draw_line(sheet.ax, lines([*box, box[0]]), WORDS, 0.2)
            write(sheet.ax, x + 4.2, sheet.y, f"{choice:,}", LETTERS - 0.5)
            if sheet.key and number == each.right:
                sheet.answer(x + 1.6, sheet.y - 0.2, "X")
        draw_line(sheet.ax, lines([(182, sheet.y + 1), (RIGHT, sheet.y + 1)]), PALE, 0.2)
        if sheet.key:
            sheet.answer(188.5, sheet.y, f"{each.measured:,.0f}")
        sheet.y += LEADING + 2.2


def pages(key: bool, asked: Sequence[Prediction]) -> list[Figure]:
    """Return the two pages, of the worksheet or of its key."""
    title = "Reading digits, on paper" + (": the key" if key else "")
    foot = "digitrec, worksheet" + (" (key)" if key else "")
    first, second = Sheet(key, f"{foot}, page 1 of 2"), Sheet(key, f"{foot}, page 2 of 2")
    first.say(title, size=TITLE, weight="bold")
    if not key:
        write(first.ax, 128, 20, "Pen name", LETTERS)
        first.blank(146, RIGHT - 146, "", 20)
    draw_digit(first, most_ordinary(DIGIT))
    draw_neurons(first)
    second.y = 11.0
    draw_softmax(second)
    draw_matrix(second)
    draw_predictions(second, asked)
    return [first.figure, second.figure]


def write_worksheet(folder: Path) -> list[Path]:
    """Write worksheet and key, and return their paths."""
    paths = [folder / "worksheet.pdf", folder / "worksheet_key.pdf"]
    asked = predictions()
    with written_whole(*paths) as temporary, plain_style():
        for path, key in zip(temporary, (False, True), strict=True):
            title = "Reading digits, on paper" + (": key" if key else "")
            with PdfPages(path, metadata={"Title": title, "CreationDate": None}) as file:
                for page in pages(key, asked):
                    file.savefig(page)
    return paths


if __name__ == "__main__":
    for path in write_worksheet(DOCS):
        print(f"{path.name}: {path.stat().st_size / 1e3:.0f} kB")
