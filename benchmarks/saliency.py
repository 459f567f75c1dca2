"""Compare gradient maps of networks that have learned, and of networks that have not.

    python benchmarks/saliency.py

For the dense and the convolutional network, three trained seeds and three untrained ones: the mean
rank correlation of their maps of 50 validation digits. Two networks that were trained alike are the
yardstick. Figures go to saliency.json; notebook 7 measures a part of them again.
"""

import itertools
import json
import os
import platform
from pathlib import Path

import numpy as np

import digitrec
from digitrec.inside.gradients import gradient_times_ink, rank_correlation, saliency
from digitrec.quiet import keras
from digitrec.versions import installed_versions

SEEDS = (1, 2, 3)
IMAGES = 50
BUILDERS = {"dense": (digitrec.build_mlp, 0.005), "convolutional": (digitrec.build_cnn, 0.01)}
MIDDLE = np.zeros((28, 28), bool)
MIDDLE[8:20, 8:20] = True  # far enough from the edge to be in as many windows as any other pixel


def maps_of(model: keras.Model, sample: digitrec.Digits) -> dict[str, list[np.ndarray]]:
    """Return the values that are compared, by the name of the comparison, one array per image."""
    bare = saliency(model, sample.images, sample.labels)
    on_ink = gradient_times_ink(model, sample.images, sample.labels)
    return {
        "|gradient|, all pixels": list(bare),
        "|gradient|, the middle 12x12": [values[MIDDLE] for values in bare],
        "|gradient| x ink, all pixels": list(on_ink),
        "|gradient| x ink, pixels with ink": [
            values[image > 0] for values, image in zip(on_ink, sample.images, strict=True)
        ],
    }


def compared(pairs: list[tuple[dict, dict]]) -> dict[str, dict[str, float]]:
    """Return the mean, lowest and highest likeness of pairs of networks, for each comparison."""
    result = {}
    for name in pairs[0][0]:
        values = [
            float(
                np.mean(
                    [rank_correlation(a, b) for a, b in zip(one[name], other[name], strict=True)]
                )
            )
            for one, other in pairs
        ]
        figures = {"mean": np.mean(values), "lowest": min(values), "highest": max(values)}
        result[name] = {key: round(float(value), 3) for key, value in figures.items()}
        print(f"  {name}: {result[name]}")
    return result


def main() -> None:
    mnist = digitrec.load_mnist()
    sample = mnist.validation[:IMAGES]
    result = {"images": IMAGES, "seeds": SEEDS}
    for kind, (build, rate) in BUILDERS.items():
        trained, untrained, accuracies = [], [], []
        for seed in SEEDS:
            keras.utils.set_random_seed(seed)
            model = build()
            digitrec.train(model, mnist, epochs=2, learning_rate=rate, seed=seed)
            answers = digitrec.predict(model, mnist.validation.images).argmax(axis=1)
            accuracies.append(round(float(np.mean(answers == mnist.validation.labels)), 4))
            trained.append(maps_of(model, sample))
            keras.utils.set_random_seed(100 + seed)
            untrained.append(maps_of(build(), sample))
        print(kind, accuracies, "trained and untrained")
        both = compared(list(itertools.product(trained, untrained)))
        print(kind, "trained and trained")
        alone = compared(list(itertools.combinations(trained, 2)))
        result[kind] = {
            "validation_accuracy": accuracies,
            "trained_and_untrained": both,
            "trained_and_trained": alone,
        }
    result["machine"] = f"{platform.machine()}, {os.cpu_count()} cores"
    result["versions"] = installed_versions("tensorflow", "keras", "numpy")
    Path(__file__).with_suffix(".json").write_text(json.dumps(result, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
