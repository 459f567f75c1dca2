"""Explorers: look through MNIST, through mistakes, and at what a confidence threshold does."""

from dataclasses import dataclass

import numpy as np

from digitrec.mnist import Digits
from digitrec.reading.digit import percent
from digitrec.widgets import markup
from digitrec.widgets.answer_view import AnswerView
from digitrec.widgets.cell_box import CellBox
from digitrec.widgets.controls import Choice, Slider
from digitrec.widgets.matrix import Matrix

MOST_SHOWN = 20  # pictures at a time: two rows, some kilobytes


def digit_choice(description: str, first: int) -> Choice:
    """Return a list of the ten digits, one of them chosen."""
    return Choice(
        description=description, options=[str(digit) for digit in range(10)], value=str(first)
    )


class DigitBrowser(CellBox):
    """Choose a digit, and go through its images.

    Args:
        digits: what to look through.
        name: what it is called, such as "training".

    Attributes:
        index: where the image that is shown stands in `digits`.
        chosen: whether anybody chose it.
    """

    without_browser = "Run this cell in JupyterLab to go through the images with a slider."

    def __init__(self, digits: Digits, name: str) -> None:
        self._digits, self._name = digits, name
        self._digit = digit_choice("Digit", 0)
        self._number = Slider(description="Image number", min=1, value=1)
        self._shown = AnswerView()
        super().__init__([self._digit, self._number, self._shown])
        self._follow(self._digit, "value", self._on_digit)
        self._follow(self._number, "value", self._on_number)
        self._on_digit()
        self.chosen = False

    def _on_digit(self) -> None:
        """Go to the first image of the digit that was chosen."""
        self._places = np.flatnonzero(self._digits.labels == int(self._digit.value))
        self._number.value = 1
        self._number.max = len(self._places)
        self._on_number()

    def _on_number(self) -> None:
        self.chosen = True
        number = int(self._number.value)
        self.index = int(self._places[number - 1])
        image = self._digits.images[self.index]
        words = (
            f"Image {number:,} of {len(self._places):,} with the label {self._digit.value}; "
            f"its index among the {self._name} images is {self.index:,}. "
            f"{(image > 0).mean():.0%} of it is ink."
        )
        alt = f"A handwritten {self._digit.value}"
        self._shown.show(markup.picture_tag(image, alt, 196) + markup.paragraph("", words), words)


class ConfusionBrowser(CellBox):
    """Choose a cell of the confusion matrix, in it or by two lists, and see its images.

    Args:
        digits: what was predicted.
        probabilities: array (n, 10), the ten probabilities of each image.
        true: the true digit at first.
        predicted: the predicted digit at first.
    """

    without_browser = "Run this cell in JupyterLab to choose a cell of the confusion matrix."

    def __init__(
        self, digits: Digits, probabilities: np.ndarray, true: int = 4, predicted: int = 9
    ) -> None:
        self._digits, self._probabilities = digits, probabilities
        self._answers = probabilities.argmax(axis=1)
        counts = np.zeros((10, 10), int)
        np.add.at(counts, (digits.labels, self._answers), 1)
        self._matrix = Matrix(counts=counts.tolist(), cell=[true, predicted])
        self._true = digit_choice("True digit", true)
        self._predicted = digit_choice("Predicted digit", predicted)
        self._shown = AnswerView()
        super().__init__([self._matrix, self._true, self._predicted, self._shown])
        self._follow(self._matrix, "cell", self._on_matrix)
        for choice in (self._true, self._predicted):
            self._follow(choice, "value", self._on_choice)
        self._on_matrix()

    def _on_matrix(self) -> None:
        self._true.value, self._predicted.value = map(str, self._matrix.cell)
        self._show()

    def _on_choice(self) -> None:
        self._matrix.cell = [int(self._true.value), int(self._predicted.value)]
        self._show()

    def _show(self) -> None:
        """Show the images in the cell that is chosen."""
        true, predicted = self._matrix.cell
        of_digit = self._digits.labels == true
        found = np.flatnonzero(of_digit & (self._answers == predicted))
        confidence = self._probabilities[found, predicted]
        found, confidence = found[np.argsort(-confidence)], np.sort(confidence)[::-1]
        words = f"{len(found):,} of {of_digit.sum():,} true {true}s were read as {predicted}."
        order = "" if len(found) < 2 else "The most confident come first."
        if len(found) > MOST_SHOWN:
            order = f"Here are the {MOST_SHOWN} most confident."
        pictures = [
            (self._digits.images[index], percent(share, ">", "<"))
            for index, share in zip(found[:MOST_SHOWN], confidence, strict=False)
        ]
        alt = f"A {true} read as {predicted}"
        sentences = markup.paragraph(words) + markup.paragraph("", order or "\u00a0")
        gallery = markup.gallery(pictures, alt, MOST_SHOWN, "99%")
        self._shown.show(sentences + gallery, f"{words} {order}")


@dataclass(frozen=True)
class Refusal:
    """What comes of refusing every answer below a confidence.

    Attributes:
        answered, refused: how many images.
        wrong: how many of the answers are wrong.
        refused_right: how many of the refused would have been right.
    """

    answered: int
    refused: int
    wrong: int
    refused_right: int

    @property
    def sentences(self) -> tuple[str, str]:
        """The same in words: what is answered, and what is refused."""
        share = self.wrong / max(self.answered, 1)
        return (
            f"Answered {self.answered:,}, {self.wrong:,} of them wrong ({share:.2%}).",
            f"Refused {self.refused:,}, {self.refused_right:,} of them right.",
        )


def refuse_below(threshold: float, labels: np.ndarray, probabilities: np.ndarray) -> Refusal:
    """Count what is refused, and what is wrong, when answers below a confidence are refused.

    Args:
        threshold: the least confidence of an answer, 0-1.
        labels: array (n,), the true digits.
        probabilities: array (n, 10).
    """
    right = probabilities.argmax(axis=1) == labels
    answered = probabilities.max(axis=1) >= threshold
    return Refusal(
        answered=int(answered.sum()),
        refused=int((~answered).sum()),
        wrong=int((answered & ~right).sum()),
        refused_right=int((~answered & right).sum()),
    )


class ThresholdExplorer(CellBox):
    """Move the least confidence, and see what is refused and what is wrong all the same.

    Args:
        digits: what was predicted.
        probabilities: array (n, 10), the ten probabilities of each image.
        threshold: the least confidence at first, 0-1.
    """

    without_browser = "Run this cell in JupyterLab to move the threshold."

    def __init__(self, digits: Digits, probabilities: np.ndarray, threshold: float = 0.5) -> None:
        self._digits, self._probabilities = digits, probabilities
        self._threshold = Slider(description="Least confidence", step=0.01, value=threshold)
        self._shown = AnswerView()
        super().__init__([self._threshold, self._shown])
        self._follow(self._threshold, "value", self._on_move)
        self._on_move()

    def _on_move(self) -> None:
        threshold = self._threshold.value
        labels, answers = self._digits.labels, self._probabilities.argmax(axis=1)
        confidence = self._probabilities.max(axis=1)
        result = refuse_below(threshold, labels, self._probabilities)
        refused = np.flatnonzero(confidence < threshold)
        wrong = np.flatnonzero((confidence >= threshold) & (answers != labels))
        parts = [markup.paragraph(sentence) for sentence in result.sentences]
        groups = {
            "Refused, the most confident first": refused,
            "Answered and wrong, the most confident first": wrong,
        }
        for title, found in groups.items():
            shown = found[np.argsort(-confidence[found])][: MOST_SHOWN // 2]
            sure = [percent(confidence[i], ">", "<") for i in shown]
            words = [f"{labels[i]} as {answers[i]}, {s}" for i, s in zip(shown, sure, strict=True)]
            pictures = list(zip(self._digits.images[shown], words, strict=True))
            parts += [f"<p>{title}:{'' if pictures else ' none.'}</p>"]
            alt = "A digit, true and predicted as written below it"
            parts += [markup.gallery(pictures, alt, MOST_SHOWN // 2, "0 as 0, 99%")]
        self._shown.show("".join(parts), " ".join(result.sentences))
