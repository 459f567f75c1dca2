"""Train the classic network with five seeds and measure each once on the test set.

    python benchmarks/classic_accuracy.py

The figures go to classic_accuracy.json; README and notebook 4 quote their range.
"""

import json
import os
import platform
from pathlib import Path

import numpy as np

import digitrec
from digitrec.quiet import keras
from digitrec.versions import installed_versions

SEEDS = (1, 2, 3, 4, 5)


def main() -> None:
    mnist = digitrec.load_mnist()
    accuracies = []
    for seed in SEEDS:
        keras.utils.set_random_seed(seed)
        model = digitrec.build_mlp()
        model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        model.fit(mnist.train.images, mnist.train.labels, epochs=3, verbose=0)  # as in notebook 3
        guesses = model.predict(mnist.test.images, batch_size=1000, verbose=0).argmax(axis=1)
        accuracies.append(float((guesses == mnist.test.labels).mean()))
        print(f"seed {seed}: {accuracies[-1]:.2%} of the test set")
    result = {
        "network": "dense 784-128-128-10, Adam 0.001, batch 32, 3 epochs",
        "seeds": SEEDS,
        "test_accuracy": accuracies,
        "mean": round(float(np.mean(accuracies)), 4),
        "standard_deviation": round(float(np.std(accuracies, ddof=1)), 4),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "versions": installed_versions("tensorflow", "keras", "numpy"),
    }
    Path(__file__).with_suffix(".json").write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    print(f"mean {result['mean']:.2%}, standard deviation {result['standard_deviation']:.2%}")


if __name__ == "__main__":
    main()
