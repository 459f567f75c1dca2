"""Measure how much each recogniser gains from more images, from 100 to all 55,000.

    python benchmarks/learning_curve.py              # a quarter of an hour; --seeds 1 for a third

Each seed draws images of its own, and a smaller set is a part of the next larger one. The networks
train as `digitrec.train` does it, three epochs with batches of 128. A small set is repeated until
it has 20,000 images, so that no network stays behind because it was given too few steps. The
nearest neighbour learns nothing: it keeps the images. With all 55,000, it is the same for each
seed.

Accuracy is that on the 5,000 validation images and on the 2,000 digits of other hands. Nothing is
chosen by it, and the test set is not touched. The figures go to learning_curve.json after each
seed; notebook 3 draws them.
"""

import argparse
import json
import os
import platform
from pathlib import Path

import numpy as np

import digitrec
from digitrec.baselines import nearest_images
from digitrec.mnist import Digits, Mnist
from digitrec.quiet import keras
from digitrec.versions import installed_versions

SIZES = (100, 300, 1_000, 3_000, 10_000, 30_000, 55_000)
SEEDS = (1, 2, 3)
LEAST = 20_000  # images in an epoch: a smaller set is shown several times
NETWORKS = {  # how to build each, and its learning rate
    "dense": (digitrec.build_mlp, 0.005),
    "convolutional": (digitrec.build_cnn, 0.01),
}


def subset(digits: Digits, size: int, seed: int) -> Digits:
    """Return some of the digits, drawn at random; those of a smaller size are among them."""
    return digits[np.random.default_rng(seed).permutation(len(digits))[:size]]


def repeated(digits: Digits, least: int) -> Digits:
    """Return the digits over and over, until they are at least so many."""
    return digits[np.resize(np.arange(len(digits)), max(len(digits), least))]


def network(name: str, few: Digits, mnist: Mnist, seed: int) -> keras.Model:
    """Return a network that was trained on a few images."""
    build, rate = NETWORKS[name]
    keras.utils.set_random_seed(seed)
    model = build()
    data = Mnist(repeated(few, LEAST), mnist.validation[:100], mnist.test)
    digitrec.train(model, data, epochs=3, learning_rate=rate, seed=seed, verbose=False)
    return model


def measure(seeds: tuple[int, ...]) -> None:
    """Measure everything, and write what is there after each seed."""
    mnist, other_hands = digitrec.load_mnist(), digitrec.load_other_hands().digits
    sets = {"validation": mnist.validation, "other_hands": other_hands}
    names = ("nearest neighbour", *NETWORKS)
    figures = {name: {key: [] for key in sets} for name in names}
    for seed in seeds:
        for name in names:
            rows = {key: [] for key in sets}
            for size in SIZES:
                few = subset(mnist.train, size, seed)
                model = network(name, few, mnist, seed) if name in NETWORKS else None
                for key, digits in sets.items():
                    if model is None:
                        answers = few.labels[nearest_images(digits.images, few.images)]
                    else:
                        answers = digitrec.predict(model, digits.images).argmax(axis=1)
                    rows[key].append(round(float((answers == digits.labels).mean()), 5))
                print(
                    f"seed {seed}, {name}, {size:,} images: "
                    f"{rows['validation'][-1]:.2%}, other hands {rows['other_hands'][-1]:.2%}",
                    flush=True,
                )
            for key in sets:
                figures[name][key].append(rows[key])
        write(figures, seeds[: seeds.index(seed) + 1])


def write(figures: dict, seeds: tuple[int, ...]) -> None:
    """Write what is measured so far."""
    result = {
        "sizes": SIZES,
        "seeds": seeds,
        "epochs": 3,
        "least_images_in_an_epoch": LEAST,
        "accuracies": figures,  # by recogniser and set: one row per seed, one column per size
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "versions": installed_versions("tensorflow", "keras", "numpy"),
    }
    Path(__file__).with_suffix(".json").write_text(json.dumps(result, indent=1) + "\n", "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, choices=range(1, len(SEEDS) + 1), default=len(SEEDS))
    measure(SEEDS[: parser.parse_args().seeds])


if __name__ == "__main__":
    main()
