"""Rank MNIST's 60,000 training images by how improbable networks find their labels.

    python benchmarks/doubtful_labels.py            # about five minutes on two cores

The pool is MNIST's own training set: the training and the validation set of `load_mnist`, in this
order, so that places are those of MNIST's files. Each image is answered by three networks of
notebook 6 that have not learned from it (three folds, nine trainings). Notebook 4 shows the
first of the ranking, which goes to doubtful_labels.json. The test set is not touched.
"""

import json
import os
import platform
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

import digitrec
from digitrec.doubtful_labels import DoubtfulLabels, held_out_answers, rank_labels
from digitrec.mnist import Digits, Mnist
from digitrec.quiet import keras
from digitrec.versions import installed_versions

FOLDS, NETWORKS, EPOCHS, SEED = 3, 3, 3, 1
LEARNING_RATE = 0.01  # of notebook 6
STORED = 300  # how many of the ranking


def whole_training_set(mnist: Mnist) -> Digits:
    """Return MNIST's own training set: training and validation set, one after the other."""
    return Digits(
        np.concatenate([mnist.train.images, mnist.validation.images]),
        np.concatenate([mnist.train.labels, mnist.validation.labels]),
    )


def learner(mnist: Mnist, epochs: int):
    """Return what trains a network of notebook 6 and gives its answers."""

    def learn(part: Digits, seed: int):
        keras.utils.set_random_seed(seed)
        model = digitrec.build_cnn()
        data = replace(mnist, train=part, validation=part[:100])  # nothing is chosen by it
        start = time.perf_counter()
        digitrec.train(
            model, data, epochs=epochs, learning_rate=LEARNING_RATE, seed=seed, verbose=False
        )
        print(f"seed {seed}: {time.perf_counter() - start:.0f} s", flush=True)
        return lambda images: digitrec.predict(model, images)

    return learn


def as_result(ranking: DoubtfulLabels, labels: np.ndarray) -> dict:
    """Return what is stored: the first of the ranking, and how many labels are contradicted."""
    first = ranking.order[:STORED]
    contradicted = ranking.says != labels
    return {
        "pool": "MNIST's own 60,000 training images: load_mnist's training, then validation set",
        "images": len(labels),
        "networks": ranking.networks,
        "contradicted": int(contradicted.sum()),
        "contradicted_by_all": int((contradicted & (ranking.agreeing == ranking.networks)).sum()),
        "first": [
            {
                "place": int(place),
                "label": int(labels[place]),
                "says": int(ranking.says[place]),
                "agreeing": int(ranking.agreeing[place]),
                "loss": round(float(ranking.losses[place]), 3),
            }
            for place in first
        ],
    }


def as_json(result: dict) -> str:
    """Return a result as JSON with one line per image.

    >>> print(as_json({"images": 2, "first": [{"place": 7}, {"place": 3}]}), end="")
    {
      "images": 2,
      "first": [
        {"place": 7},
        {"place": 3}
      ]
    }
    """
    lines = ",\n".join(f"    {json.dumps(entry)}" for entry in result["first"])
    others = {name: value for name, value in result.items() if name != "first"}
    head = json.dumps(others, indent=2).removesuffix("\n}")
    return f'{head},\n  "first": [\n{lines}\n  ]\n}}\n'


def main() -> None:
    mnist = digitrec.load_mnist()
    pool = whole_training_set(mnist)
    answers = held_out_answers(
        pool, learner(mnist, EPOCHS), folds=FOLDS, networks=NETWORKS, seed=SEED
    )
    result = as_result(rank_labels(pool.labels, answers), pool.labels) | {
        "folds": FOLDS,
        "epochs": EPOCHS,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "versions": installed_versions("tensorflow", "keras", "numpy"),
    }
    Path(__file__).with_suffix(".json").write_text(as_json(result), "utf-8")


if __name__ == "__main__":
    main()
