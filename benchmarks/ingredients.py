"""Measure what each ingredient of the strong network is worth, and how cost grows.

    python benchmarks/ingredients.py                    # about forty minutes
    python benchmarks/ingredients.py contributions      # one part; the others stay as stored

Three parts: from the dense to the strong network in steps (`ingredients`), what each way to train
it further contributes on its own (`contributions`), and how the seconds grow (`costs`). Everything
is measured on the validation set and on drawings of fonts that are not learned from, over three
seeds. Notebook 6 shows the results, which go to ingredients.json.
"""

import argparse
import json
import os
import platform
import re
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

import numpy as np

import digitrec
from digitrec.mnist import Digits, Mnist
from digitrec.networks import NOT_A_DIGIT
from digitrec.quiet import keras

ROOT = Path(__file__).resolve().parent.parent
SEEDS = (1, 2, 3)
LEARNING_RATE = 0.01


def constant_rate(model: keras.Model, mnist: Mnist, seed: int) -> None:
    """Train for three epochs in the classic way: Adam with a constant learning rate."""
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(mnist.train.images, mnist.train.labels, epochs=3, verbose=0)


def without_batch_normalisation() -> keras.Model:
    """Return the strong network without its batch normalisation."""
    layers = digitrec.build_cnn().layers
    kept = [layer for layer in layers if not isinstance(layer, keras.layers.BatchNormalization)]
    return keras.Sequential([keras.Input((28, 28), dtype="uint8"), *kept])


def rise_and_fall(**options: object) -> Callable:
    """Return a training with digitrec.train."""

    def run(model: keras.Model, mnist: Mnist, seed: int) -> None:
        settings = {"learning_rate": LEARNING_RATE, "verbose": False, **options}
        digitrec.train(model, mnist, seed=seed, **settings)

    return run


AUGMENTED = {"augmentation": digitrec.Augmentation()}
VARIANTS = {
    "dense network, classic training": (digitrec.build_mlp, constant_rate),
    "dense, learning rate rises and falls": (
        digitrec.build_mlp,
        rise_and_fall(learning_rate=0.005),
    ),
    "convolutions, no batch normalisation": (without_batch_normalisation, constant_rate),
    "+ batch normalisation": (digitrec.build_cnn, constant_rate),
    "+ learning rate rises and falls": (digitrec.build_cnn, rise_and_fall()),
    "+ augmentation": (digitrec.build_cnn, rise_and_fall(**AUGMENTED)),
    "6 epochs, no augmentation": (digitrec.build_cnn, rise_and_fall(epochs=6)),
    "6 epochs, augmentation": (digitrec.build_cnn, rise_and_fall(epochs=6, **AUGMENTED)),
}


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
        rise_and_fall(epochs=self.epochs, augmentation=self.augmentation)(model, mnist, seed)
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
    """Return the trials: the corrupted digits are those of notebook 6 with its own seed."""
    chosen = np.random.default_rng(1).permutation(len(mnist.validation))[:1_000]
    sample = mnist.validation[chosen]
    corrupted = {
        name: [
            digitrec.corrupt(sample.images, name, severity, np.random.default_rng(1))
            for severity in range(6)
        ]
        for name in digitrec.CORRUPTIONS
    }
    drawn = drawings().other_hands(seed=0, digits=2_000, others=0, held_out=True, fonts=1)
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


def summary(values: Sequence[float]) -> dict[str, float]:
    """Return mean and standard deviation, as they are stored.

    >>> summary([0.5, 0.6, 0.7])
    {'mean': 0.6, 'standard_deviation': 0.1}
    """
    return {
        "mean": round(statistics.mean(values), 4),
        "standard_deviation": round(statistics.stdev(values), 4),
    }


def contribution(name: str, runs: Sequence[dict]) -> dict:
    """Return one line of the table of contributions from what `try_out` said of each seed.

    The mean over corruptions is one over severities 1 to 5: severity 0 is the clean digit.
    """

    def under(run: dict) -> float:
        return statistics.mean(statistics.mean(shares[1:]) for shares in run["corrupted"].values())

    return {
        "ingredient": name,
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


def measure(build: Callable, train: Callable, mnist: Mnist, seed: int) -> tuple[float, float, int]:
    """Return seconds of training, validation accuracy and weights of one variant."""
    keras.utils.set_random_seed(seed)
    model = build()
    start = time.perf_counter()
    train(model, mnist, seed)
    seconds = time.perf_counter() - start
    guesses = digitrec.predict(model, mnist.validation.images).argmax(axis=1)
    return seconds, float((guesses == mnist.validation.labels).mean()), model.count_params()


def measure_ingredients(mnist: Mnist) -> list[dict]:
    """Return a line for each step from the dense to the strong network."""
    lines = []
    for name, (build, train) in VARIANTS.items():
        runs = [measure(build, train, mnist, seed) for seed in SEEDS]
        accuracy = summary([accuracy for _, accuracy, _ in runs])
        line = {
            "ingredient": name,
            "weights": runs[0][2],
            "seconds": round(statistics.median(seconds for seconds, _, _ in runs), 1),
            "validation_accuracy": accuracy["mean"],
            "standard_deviation": accuracy["standard_deviation"],
        }
        lines.append(line)
        print(line, flush=True)
    return lines


COSTS_BASE = {"width": 16, "images": 20_000, "epochs": 2}


def measure_costs(mnist: Mnist) -> dict[str, list]:
    """Return pairs of a value and the seconds of training, for one thing varied at a time."""

    def seconds(width: int, images: int, epochs: int) -> float:
        part = replace(mnist, train=mnist.train[:images])
        times = []
        for _ in range(5):  # the fastest of five: other programs only ever make it slower
            model = digitrec.build_cnn(width)
            start = time.perf_counter()
            digitrec.train(model, part, epochs=epochs, verbose=False)
            times.append(time.perf_counter() - start)
        return round(min(times), 2)

    varied = {
        "images": (10_000, 20_000, 30_000, 40_000),
        "epochs": (1, 2, 3, 4),
        "width": (8, 16, 24, 32),
    }
    return {
        name: [[value, seconds(**COSTS_BASE | {name: value})] for value in values]
        for name, values in varied.items()
    }


def as_json(result: dict) -> str:
    """Return results as JSON with each list of numbers on one line.

    >>> print(as_json({"shares": [1, 0.5]}), end="")
    {
      "shares": [1, 0.5]
    }
    """

    def on_one_line(numbers: re.Match) -> str:
        return "[" + ", ".join(numbers[1].replace(",", " ").split()) + "]"

    return re.sub(r"\[([-\d.,\s]+)\]", on_one_line, json.dumps(result, indent=2)) + "\n"


PARTS = {
    "ingredients": measure_ingredients,
    "contributions": measure_contributions,
    "costs": measure_costs,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", metavar="part", help=", ".join(PARTS))
    parts = parser.parse_args().parts or list(PARTS)
    if unknown := set(parts) - set(PARTS):
        parser.error(f"{', '.join(sorted(unknown))}: expected some of {', '.join(PARTS)}")
    mnist = digitrec.load_mnist()
    path = Path(__file__).with_suffix(".json")
    result = json.loads(path.read_text()) if path.is_file() else {}
    for part in parts:
        result[part] = PARTS[part](mnist)
    result |= {
        "costs_base": COSTS_BASE,
        "seeds": SEEDS,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "versions": {name: version(name) for name in ("tensorflow", "keras", "numpy")},
    }
    path.write_text(as_json(result))


if __name__ == "__main__":
    main()
