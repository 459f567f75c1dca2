"""Measure the recognisers of the course, from the majority rule to the network in the box.

    python benchmarks/ladder.py       # about three minutes

Each is made as its notebook makes it, with three seeds where there is chance in it, and measured on
the validation set and on digits of handwriting fonts; never on the test set. The rungs of the first
seed and the spread over all seeds go to ladder.json, from which `digitrec.ladder.collect` takes
what nobody has measured on this machine.
"""

import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence

import numpy as np
from contributions import LEARNING_RATE, SEEDS, summary
from ingredients import as_json, constant_rate

import digitrec
from digitrec.baselines import nearest_images
from digitrec.ladder import ORDER, STORED, Rung, as_results, measure
from digitrec.mnist import Mnist
from digitrec.quiet import keras
from digitrec.storage import BOXED_MODEL
from digitrec.versions import installed_versions

Answer = Callable[[np.ndarray], np.ndarray]  # from images (n, 28, 28) to digits (n,)


def majority(mnist: Mnist, seed: int) -> tuple[Answer, int]:
    """Answer with the commonest digit, whatever comes, as in notebook 1."""
    commonest = np.bincount(mnist.train.labels).argmax()
    return lambda images: np.full(len(images), commonest), 1


def nearest_mean(mnist: Mnist, seed: int) -> tuple[Answer, int]:
    """Answer with the digit whose average image is nearest, as in notebook 1."""
    images, labels = mnist.train.images, mnist.train.labels
    means = np.stack([images[labels == digit].mean(axis=0) for digit in range(10)])
    return lambda images: nearest_images(images, means), means.size


def nearest_neighbour(mnist: Mnist, seed: int) -> tuple[Answer, int]:
    """Answer with the label of the nearest training image, as in notebook 1."""
    images, labels = mnist.train.images, mnist.train.labels
    return lambda asked: labels[nearest_images(asked, images)], images.size + labels.size


def linear(mnist: Mnist, seed: int) -> tuple[Answer, int]:
    """Train a single layer, as in notebook 2."""
    model = keras.Sequential(
        [
            keras.Input((28, 28), dtype="uint8"),
            keras.layers.Rescaling(1 / 255),
            keras.layers.Flatten(),
            keras.layers.Dense(
                10,
                activation="softmax",
                kernel_initializer="zeros",
                kernel_regularizer=keras.regularizers.L2(0.003),
            ),
        ]
    )
    digitrec.train(model, mnist, seed=seed, verbose=False)
    return reading(model)


def dense(mnist: Mnist, seed: int) -> tuple[Answer, int]:
    """Train the dense network, as in notebook 3."""
    model = digitrec.build_mlp()
    constant_rate(model, mnist, seed)
    return reading(model)


def convolutional(mnist: Mnist, seed: int) -> tuple[Answer, int]:
    """Train the convolutional network, as in notebook 6."""
    model = digitrec.build_cnn()
    digitrec.train(model, mnist, learning_rate=LEARNING_RATE, seed=seed, verbose=False)
    return reading(model)


def in_the_box(mnist: Mnist, seed: int) -> tuple[Answer, int]:
    """Load the network in the box; what training it took is in its record."""
    return reading(digitrec.load_model(BOXED_MODEL))


def reading(model: keras.Model) -> tuple[Answer, int]:
    """Return how a network answers with one of the ten digits, and how many weights it has."""

    def answer(images: np.ndarray) -> np.ndarray:
        return digitrec.predict(model, images)[:, :10].argmax(axis=1)

    return answer, model.count_params()


MAKERS = dict(
    zip(
        ORDER,
        (majority, nearest_mean, linear, nearest_neighbour, dense, convolutional, in_the_box),
        strict=True,
    )
)
BY_CHANCE = ("linear", "dense", "convolutional")  # another seed makes another recogniser


def climb(name: str, seed: int, mnist: Mnist) -> Rung:
    """Make a recogniser and measure it."""
    keras.utils.set_random_seed(seed)
    start = time.perf_counter()
    answer, numbers = MAKERS[name](mnist, seed)
    seconds = time.perf_counter() - start
    if name == "in the box":
        record = digitrec.load_record(BOXED_MODEL)
        seconds = 60 * statistics.mean(record["training_minutes_by_seed"])
    elif name == "nearest neighbour":
        seconds = 0.0  # it keeps what it was given
    others = digitrec.load_other_hands().digits
    return measure(name, answer, numbers, seconds, mnist.validation, others)


def spread(rungs: Sequence[Rung]) -> dict[str, dict]:
    """Return mean and standard deviation over recognisers that differ in their seed."""
    return {
        "accuracy": summary([rung.accuracy for rung in rungs]),
        "other_hands": summary([rung.other_hands for rung in rungs]),
    }


def main() -> None:
    mnist, firsts, spreads = digitrec.load_mnist(), [], {}
    for name in ORDER:
        seeds = SEEDS if name in BY_CHANCE else SEEDS[:1]
        rungs = [climb(name, seed, mnist) for seed in seeds]
        firsts.append(rungs[0])
        spreads[name] = spread(rungs)
        print(rungs[0], flush=True)
    result = as_results(firsts) | {
        "spread": spreads,
        "seeds": SEEDS,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "versions": installed_versions("tensorflow", "keras", "numpy"),
    }
    STORED.write_text(as_json(result), "utf-8")


if __name__ == "__main__":
    main()
