"""Measure what each ingredient of the strong network is worth, and how cost grows.

    python benchmarks/ingredients.py     # about ten minutes

Everything is measured on the validation set, over three seeds. Notebook 6 shows the results, which
go to ingredients.json.
"""

import json
import os
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import digitrec
from digitrec.mnist import Mnist
from digitrec.quiet import keras

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
        digitrec.train(model, mnist, seed=seed, **{"learning_rate": LEARNING_RATE, **options})

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


def measure_costs(mnist: Mnist, base: dict[str, int]) -> dict[str, list]:
    """Return pairs of a value and the seconds of training, for one thing varied at a time."""

    def seconds(width: int, images: int, epochs: int) -> float:
        part = replace(mnist, train=mnist.train[:images])
        times = []
        for _ in range(5):  # the fastest of five: other programs only ever make it slower
            model = digitrec.build_cnn(width)
            start = time.perf_counter()
            digitrec.train(model, part, epochs=epochs)
            times.append(time.perf_counter() - start)
        return round(min(times), 2)

    varied = {
        "images": (10_000, 20_000, 30_000, 40_000),
        "epochs": (1, 2, 3, 4),
        "width": (8, 16, 24, 32),
    }
    return {
        name: [[value, seconds(**base | {name: value})] for value in values]
        for name, values in varied.items()
    }


def main() -> None:
    mnist = digitrec.load_mnist()
    rows = []
    for name, (build, train) in VARIANTS.items():
        runs = [measure(build, train, mnist, seed) for seed in SEEDS]
        accuracies = [accuracy for _, accuracy, _ in runs]
        row = {
            "ingredient": name,
            "weights": runs[0][2],
            "seconds": round(statistics.median(seconds for seconds, _, _ in runs), 1),
            "validation_accuracy": round(statistics.mean(accuracies), 4),
            "standard_deviation": round(statistics.stdev(accuracies), 4),
        }
        rows.append(row)
        print(row)

    base = {"width": 16, "images": 20_000, "epochs": 2}
    costs = measure_costs(mnist, base)
    result = {
        "ingredients": rows,
        "costs": costs,
        "costs_base": base,
        "seeds": SEEDS,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "versions": {name: version(name) for name in ("tensorflow", "keras", "numpy")},
    }
    Path(__file__).with_suffix(".json").write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
