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
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from contributions import LEARNING_RATE, SEEDS, measure_contributions, summary

import digitrec
from digitrec.mnist import Mnist
from digitrec.quiet import keras
from digitrec.versions import installed_versions


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
    result = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    for part in parts:
        result[part] = PARTS[part](mnist)
    result |= {
        "costs_base": COSTS_BASE,
        "seeds": SEEDS,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "versions": installed_versions("tensorflow", "keras", "numpy"),
    }
    path.write_text(as_json(result), "utf-8")


if __name__ == "__main__":
    main()
