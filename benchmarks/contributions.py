"""What each way to train the strong network further contributes, changed one at a time.

Width, epochs, augmentation, drawings by `scripts/other_hands.py`, noise and clutter: each alone,
over three seeds. Networks are tried on clean validation digits, on the corruptions of notebook 6,
and on digits of fonts that no network has learned from. `ingredients.py` measures and stores it.
"""

import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import digitrec
from digitrec.corruptions import every_corruption
from digitrec.mnist import Digits, Mnist
from digitrec.networks import NOT_A_DIGIT
from digitrec.quiet import keras

ROOT = Path(__file__).resolve().parent.parent
SEEDS = (1, 2, 3)
LEARNING_RATE = 0.01


@dataclass(frozen=True)
class Recipe:
    """How a strong network is trained; the defaults are where each contribution starts from."""

    width: int = 16
    epochs: int = 3
    augmentation: digitrec.Augmentation | None = None
    drawn_digits: int = 0
    drawn_others: int = 0

    def train(self, mnist: Mnist, seed: int) -> keras.Model:
        """Return a network trained in this way."""
        if self.drawn_digits or self.drawn_others:
            mnist = drawings().with_other_hands(mnist, seed, self.drawn_digits, self.drawn_others)
        keras.utils.set_random_seed(seed)
        model = digitrec.build_cnn(self.width, answers=11 if self.drawn_others else 10)
        digitrec.train(
            model,
            mnist,
            epochs=self.epochs,
            learning_rate=LEARNING_RATE,
            seed=seed,
            augmentation=self.augmentation,
            verbose=False,
        )
        return model


# a quarter of the images meets each, whatever else it meets
SPOILT = dict.fromkeys(("noise", "lines", "background", "soft", "faint"), 0.25)
CLUTTER = digitrec.Augmentation(
    **dict.fromkeys(("rotation", "scale", "shear", "shift", "elastic", "thickness"), 0),
    **SPOILT,
)
CONTRIBUTIONS = {
    "width 16, 3 epochs, MNIST only": Recipe(),
    "twice the width": Recipe(width=32),
    "three times the epochs": Recipe(epochs=9),
    "augmentation": Recipe(augmentation=digitrec.Augmentation()),
    "noise and clutter": Recipe(augmentation=CLUTTER),
    "augmentation, noise and clutter": Recipe(augmentation=digitrec.Augmentation(**SPOILT)),
    "8,000 drawn digits": Recipe(drawn_digits=8_000),
    "8,000 drawn digits and non-digits": Recipe(drawn_digits=8_000, drawn_others=8_000),
}


def drawings() -> object:
    """Return scripts/other_hands.py, which draws digits and non-digits, as a module."""
    folder = str(ROOT / "scripts")
    if folder not in sys.path:
        sys.path.append(folder)
    import other_hands

    return other_hands


@dataclass(frozen=True)
class Trials:
    """What networks are tried on; nothing of it is learned from.

    Attributes:
        clean: validation digits as they are.
        labels: array (n,), of the corrupted digits.
        corrupted: by the name of a corruption, arrays (n, 28, 28), uint8, severity 0 first.
        drawn: digits of fonts that are held out.
    """

    clean: Digits
    labels: np.ndarray
    corrupted: dict[str, list[np.ndarray]]
    drawn: Digits


def make_trials(mnist: Mnist) -> Trials:
    """Return the trials: notebook 6 takes the first half of the corrupted digits."""
    chosen = np.random.default_rng(1).permutation(len(mnist.validation))[:1_000]
    sample = mnist.validation[chosen]
    corrupted = every_corruption(sample.images, seed=1)
    drawn = drawings().other_hands(seed=0, digits=2_000, others=0, part="validation", fonts=1)
    return Trials(mnist.validation, sample.labels, corrupted, drawn)


def right(model: keras.Model, images: np.ndarray, labels: np.ndarray) -> float:
    """Return the share of images that a network reads rightly by its ten digits."""
    answers = digitrec.predict(model, images)[:, :NOT_A_DIGIT]
    return round(float((answers.argmax(axis=1) == labels).mean()), 4)


def try_out(model: keras.Model, trials: Trials) -> dict:
    """Return the accuracies of one network: clean, by corruption and severity, drawn."""
    return {
        "clean": right(model, trials.clean.images, trials.clean.labels),
        "corrupted": {
            name: [right(model, images, trials.labels) for images in steps]
            for name, steps in trials.corrupted.items()
        },
        "drawn": right(model, trials.drawn.images, trials.drawn.labels),
    }


def summary(values: Sequence[float]) -> dict[str, float | None]:
    """Return mean and standard deviation, as they are stored; one value has no deviation.

    >>> summary([0.5, 0.6, 0.7])
    {'mean': 0.6, 'standard_deviation': 0.1}
    """
    return {
        "mean": round(statistics.mean(values), 4),
        "standard_deviation": round(statistics.stdev(values), 4) if len(values) > 1 else None,
    }


def contribution(name: str, runs: Sequence[dict]) -> dict:
    """Return one line of the table of contributions from what `try_out` said of each seed.

    The mean over corruptions is one over severities 1 to 5: severity 0 is the clean digit.
    """

    def under(run: dict) -> float:
        return statistics.mean(statistics.mean(shares[1:]) for shares in run["corrupted"].values())

    return {
        "ingredient": name,
        "seeds": len(runs),
        "clean": summary([run["clean"] for run in runs]),
        "corrupted": summary([under(run) for run in runs]),
        "drawn": summary([run["drawn"] for run in runs]),
        "by_seed": [run["corrupted"] for run in runs],
    }


def measure_contributions(mnist: Mnist) -> list[dict]:
    """Return a line for each way to train the strong network, alone."""
    trials = make_trials(mnist)
    lines = []
    for name, recipe in CONTRIBUTIONS.items():
        runs = [try_out(recipe.train(mnist, seed), trials) for seed in SEEDS]
        lines.append(contribution(name, runs))
        print({key: value for key, value in lines[-1].items() if key != "by_seed"}, flush=True)
    return lines
