"""The card of a network: what it is, what it learned from, how well it reads, what is not known.

Source: M. Mitchell et al., "Model cards for model reporting", Conference on Fairness,
Accountability, and Transparency 2019: its sections, and results split by whom they concern.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from digitrec.calibration import wilson_interval
from digitrec.paths import project_path, short_path

if TYPE_CHECKING:
    import keras

PURPOSE = (
    "Reads one handwritten digit in an image of 28x28 pixels that was prepared by "
    "`digitrec.prepare_digit`. Made to learn how such networks work. Where a misread digit costs "
    "somebody something, a person has to look, too."
)
UNTESTED = (
    "digits of people who write otherwise than in the United States around 1990",
    "digits that are cut off, crossed out, or turned by more than some 20 degrees",
    "whether all who write are read equally well: nobody knows who wrote MNIST's digits",
)
NO_HAND = "your own handwriting: notebook 8 teaches and measures it"
TEN_ANSWERS = "It has no answer for what is no digit: it names one, whatever it sees."
SOURCE = 'M. Mitchell et al., "Model cards for model reporting", 2019, <https://arxiv.org/abs/1810.03993>.'


@dataclass(frozen=True)
class Measured:
    """How many of some pictures were answered in some way.

    Attributes:
        what: which pictures, and which answer is counted.
        hits: how many of them.
        count: of how many.
    """

    what: str
    hits: int
    count: int

    @property
    def share(self) -> float:
        return self.hits / self.count

    @property
    def interval(self) -> tuple[float, float]:
        """The 95% confidence interval of the share (Wilson), 0-1."""
        return wilson_interval(self.hits, self.count)

    @property
    def words(self) -> str:
        """The share with its interval.

        >>> Measured("digits", 9_756, 10_000).words
        '97.56% (97.24% to 97.84%) of 10,000'
        >>> Measured("digits", 96, 98).words
        '98.0% (92.9% to 99.4%) of 98'
        """
        places = 2 if self.count >= 5_000 else 1
        low, high = (f"{end:.{places}%}" for end in self.interval)
        return f"{self.share:.{places}%} ({low} to {high}) of {self.count:,}"


@dataclass(frozen=True, eq=False)
class Card:
    """What is known of a network.

    Attributes:
        name: what its owner calls it.
        whose: a sentence on where it comes from.
        layers: its layers that learn, in words.
        weights: how many numbers it learned.
        learned: what it learned from and how, in words.
        history: accuracy of each epoch, by "accuracy" and "val_accuracy"; empty where not known.
        measured: how well it reads, MNIST's test set first.
        matrix: array (10, 10), int: true digits by answers, on that test set.
        taught: what teaching a hand gained, in words; "" where nobody tried.
        caveats: what was not tested, and what it cannot do.
    """

    name: str
    whose: str
    layers: tuple[str, ...]
    weights: int
    learned: tuple[str, ...]
    history: Mapping[str, Sequence[float]]
    measured: tuple[Measured, ...]
    matrix: np.ndarray
    taught: str
    caveats: tuple[str, ...]

    @property
    def accuracy(self) -> float:
        """On MNIST's test set, 0-1."""
        return self.measured[0].share

    @property
    def most_confused(self) -> tuple[int, int, int]:
        """The two digits that are most often taken for each other, and how often; 0 for never."""
        both = self.matrix + self.matrix.T
        one, other = np.unravel_index(np.triu(both, 1).argmax(), both.shape)
        return int(one), int(other), int(both[one, other]) if one != other else 0

    @property
    def mistakes(self) -> tuple[str, ...]:
        """In sentences, which mistakes it makes most."""
        one, other, times = self.most_confused
        if not times:
            return ("Not one of the test digits is misread.",)
        counts = np.maximum(self.matrix.sum(axis=1), 1)
        missed = int((self.matrix.diagonal() / counts).argmin())
        found = self.matrix[missed, missed]
        return (
            f"Most often confused: {one} and {other}, {times:,} times.",
            f"Most often missed: {missed}, read right {found:,} times of {counts[missed]:,}.",
        )


def make_card(
    name: str,
    model: "keras.Model",
    whose: str,
    record: Mapping,
    measured: Sequence[Measured],
    matrix: np.ndarray,
    taught: str = "",
) -> Card:
    """Put together the card of a network.

    Args:
        name: what its owner calls it.
        model: the network.
        whose: a sentence on where it comes from.
        record: what `load_record` returned; what is missing there is left out.
        measured: how well it reads, MNIST's test set first.
        matrix: array (10, 10), int: true digits by answers, on that test set.
        taught: see `taught_in_words`.

    Raises:
        ValueError: the matrix is not the one of the first measure.
    """
    matrix = np.asarray(matrix)
    found = (matrix.shape, int(matrix.sum()), int(matrix.trace()))
    expected = ((10, 10), measured[0].count, measured[0].hits)
    if found != expected:
        raise ValueError(
            f"The matrix has shape {found[0]}, {found[1]} answers, {found[2]} of them on its "
            f"diagonal; expected {expected[0]}, {expected[1]} and {expected[2]}, as measured."
        )
    caveats = [*UNTESTED, *([] if taught else [NO_HAND])]
    caveats = [f"Not tested: {caveat}." for caveat in caveats]
    if model.output_shape[-1] == 10:
        caveats.insert(0, TEN_ANSWERS)
    history = record.get("history", {})
    known = {key: history[key] for key in ("accuracy", "val_accuracy") if key in history}
    return Card(
        name,
        whose,
        tuple(layers_in_words(model)),
        model.count_params(),
        tuple(learned_in_words(record)),
        known,
        tuple(measured),
        matrix,
        taught,
        tuple(caveats),
    )


def layers_in_words(model: "keras.Model") -> Iterator[str]:
    """Yield the layers of a network that learn, in words, each once.

    >>> from digitrec import build_mlp
    >>> list(layers_in_words(build_mlp()))
    ['dense, 128 neurons', 'dense, 128 neurons', 'dense, 10 neurons']
    """
    for layer in model.layers:
        kernel = getattr(layer, "kernel", None)
        if hasattr(layer, "layers"):
            yield from layers_in_words(layer)
        elif kernel is not None:
            *window, _, outputs = kernel.shape
            size = "x".join(map(str, window))
            yield f"convolution {size}, {outputs} maps" if window else f"dense, {outputs} neurons"


def learned_in_words(record: Mapping) -> Iterator[str]:
    """Yield in words what the record of a network says of its training.

    >>> record = {"parameters": {"train_size": 55_000, "batch_size": 32}, "seed": 1,
    ...           "history": {"accuracy": [0.93, 0.97]}, "validation": {"accuracy": 0.9728}}
    >>> list(learned_in_words(record))  # doctest: +NORMALIZE_WHITESPACE
    ['55,000 images of MNIST', '2 epochs, batch size 32, seed 1', 'validation accuracy 97.28%']
    """
    parameters = record.get("parameters", {})
    if "train_size" in parameters:
        yield f"{parameters['train_size']:,} images of MNIST"
    if "drawn_digits" in parameters:
        drawn = f"{parameters['drawn_digits']:,} digits and {parameters['drawn_others']:,} others"
        yield f"{drawn} drawn by a program"
    epochs = len(record.get("history", {}).get("accuracy", ()))
    details = [f"{epochs} epoch{'s' if epochs > 1 else ''}"] if epochs else []
    for key in ("batch_size", "learning_rate"):
        if key in parameters:
            details.append(f"{key.replace('_', ' ')} {parameters[key]}")
    if "seed" in record:
        details.append(f"seed {record['seed']}")
    if details:
        yield ", ".join(details)
    if "accuracy" in record.get("validation", {}):
        yield f"validation accuracy {record['validation']['accuracy']:.2%}"


def saved_on(path: Path) -> str:
    """Return the day on which a file was written, such as "2026-11-29"."""
    return date.fromtimestamp(path.stat().st_mtime).isoformat()


def load_results(path: str | Path) -> dict:
    """Return what a notebook saved, or nothing where it was not run.

    Args:
        path: such as "runs/08_your_own_hand.json"; a relative one starts at the project folder.

    Returns:
        The results. Of a file that is damaged it prints that it is left out.
    """
    path = project_path(path)
    try:
        results = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        print(f"Left out: {short_path(path)} is damaged ({type(error).__name__}).")
        return {}
    return results if isinstance(results, dict) else {}


def taught_in_words(results: Mapping, mistakes: int, simulated: bool | None) -> str:
    """Say what notebook 8 gained by teaching a network a hand, and what that cost.

    Args:
        results: what notebook 8 saved; {} where it was not run.
        mistakes: how many validation digits the network misreads today. Another number there means
            that notebook 8 taught another network.
        simulated: whether the hand was a program's; None where nobody knows.

    Returns:
        Two sentences; "" where nothing is known of this network.
    """
    try:
        at_home, hand = results["MNIST, validation set"], results["this hand, kept apart"]
        (name,) = set(at_home) - {"in the box"}
        here, there = at_home[name], hand[name]
        if here["before"] != mistakes or not there["digits"]:
            return ""
        whose = {True: "a simulated hand", False: "my hand", None: "a hand"}[simulated]
        return (
            f"Taught {whose}, it misread {there['after']:,} of {there['digits']:,} of that hand's "
            f"digits, before {there['before']:,}. Of {here['digits']:,} of MNIST's it misread "
            f"{here['after']:,}, before {here['before']:,}."
        )
    except (KeyError, TypeError, ValueError):  # an older notebook 8, or one without a second sheet
        return ""


def as_markdown(card: Card) -> str:
    """Return a card as a text to keep."""
    rows = [f"| {one.what} | {one.words} |" for one in card.measured]
    learned = [f"- {line}" for line in card.learned] or ["- Nothing is known of its training."]
    taught = ["## Taught a hand", "", card.taught, ""] if card.taught else []
    lines = [
        *(f"# {card.name}", "", card.whose, ""),
        *("## Network", "", *(f"- {layer}" for layer in card.layers)),
        *(f"- {card.weights:,} weights and biases", ""),
        *("## What it is for", "", PURPOSE, ""),
        *("## What it learned from", "", *learned, ""),
        *("## How well it reads", "", "Shares come with their 95% intervals (Wilson).", ""),
        *("| measured on | share |", "|---|---|", *rows, "", " ".join(card.mistakes), ""),
        *taught,
        *("## What you should know", "", *(f"- {caveat}" for caveat in card.caveats), ""),
        *(f"Sections after {SOURCE}", ""),
    ]
    return "\n".join(lines)
