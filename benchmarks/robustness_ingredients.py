"""Measure what each ingredient does for images that are spoilt: noise, blur, lines and the like.

    python benchmarks/robustness_ingredients.py     # about twenty minutes on two cores

The strong network of notebook 6, three epochs, is the start; each ingredient is added to it
alone, and then all of them together. Everything is measured on the validation set, as it is and
under the eight corruptions of `digitrec.corruptions`, over three seeds. Notebook 6 shows the
results, which go to robustness_ingredients.json; an interrupted run goes on where it stopped.
"""

import json
import statistics
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

import digitrec
from digitrec.corruptions import CORRUPTIONS, SEVERITIES, corrupt
from digitrec.quiet import keras

sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))
from other_hands import with_other_hands

SEEDS = (1, 2, 3)
RESULTS = Path(__file__).with_suffix(".json")
IMAGES = 500  # of the validation set, for each corruption and severity
STILL = digitrec.Augmentation(rotation=0, scale=0, shear=0, shift=0, elastic=0, thickness=0)
DAMAGE = {
    **{"cut": 0.08, "faint": 0.12, "lines": 0.15, "background": 0.15},
    **{"soft": 0.15, "noise": 0.2, "binary": 0.12},
}
VARIANTS = {  # what differs from the strong network of width 16 after three epochs
    "dense network": {"build": digitrec.build_mlp, "learning_rate": 0.005},
    "strong network": {},
    "+ augmentation": {"augmentation": digitrec.Augmentation()},
    "+ noise": {"augmentation": replace(STILL, noise=0.5)},
    "+ damage": {"augmentation": replace(STILL, **DAMAGE)},
    "+ drawings": {"drawings": 8_000, "answers": 11},
    "+ width 32": {"width": 32},
    "+ 6 epochs": {"epochs": 6},
    "all together": {
        "augmentation": digitrec.Augmentation(**DAMAGE),
        **{"drawings": 8_000, "answers": 11, "width": 32, "epochs": 6},
    },
}


def measure(
    mnist: digitrec.Mnist,
    seed: int,
    build: object = digitrec.build_cnn,
    width: int = 16,
    answers: int = 10,
    drawings: int = 0,
    **settings: object,
) -> dict[str, float]:
    """Train one variant with one seed; return its accuracy on clean and on spoilt images.

    Args:
        mnist: the data; the test set is not touched.
        seed: the seed of the run.
        build: returns the network; `width` and `answers` are for the strong one.
        width: of the strong network.
        answers: of the strong network.
        drawings: how many drawn digits, and as many non-digits, to add.
        settings: for `digitrec.train`.

    Returns:
        The share of the validation set that is read right over the ten digits: "clean" for the
        images as they are, and for each corruption the mean over its severities.
    """
    data = with_other_hands(mnist, seed, drawings, drawings) if drawings else mnist
    keras.utils.set_random_seed(seed)
    model = build(width, answers) if build is digitrec.build_cnn else build()
    digitrec.train(
        model,
        data,
        **{"epochs": 3, "learning_rate": 0.01, "seed": seed, "verbose": False} | settings,
    )

    def accuracy(digits: digitrec.Digits, images: np.ndarray) -> float:
        guesses = digitrec.predict(model, images)[:, :10].argmax(axis=1)
        return float((guesses == digits.labels).mean())

    some = mnist.validation[:IMAGES]
    return {"clean": accuracy(mnist.validation, mnist.validation.images)} | {
        name: statistics.mean(
            accuracy(some, corrupt(some.images, name, severity, np.random.default_rng(0)))
            for severity in SEVERITIES[1:]
        )
        for name in CORRUPTIONS
    }


def summary(runs: dict[str, dict[str, float]]) -> dict[str, object]:
    """Return mean and standard deviation over the seeds of one variant."""

    def over_seeds(values: list[float]) -> list[float]:
        return [round(statistics.mean(values), 4), round(statistics.stdev(values), 4)]

    spoilt = [statistics.mean(run[name] for name in CORRUPTIONS) for run in runs.values()]
    return {
        "clean": over_seeds([run["clean"] for run in runs.values()]),
        "spoilt": over_seeds(spoilt),
        "by_corruption": {
            name: over_seeds([run[name] for run in runs.values()]) for name in CORRUPTIONS
        },
    }


def main() -> None:
    mnist = digitrec.load_mnist()
    stored = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else {}
    runs = stored.get("runs", {})
    for name, variant in VARIANTS.items():
        done = runs.setdefault(name, {})
        for seed in SEEDS:
            if str(seed) in done:
                continue
            done[str(seed)] = measure(mnist, seed, **variant)
            print(name, seed, done[str(seed)], flush=True)
            ingredients = {
                name: summary(seeds) for name, seeds in runs.items() if len(seeds) == len(SEEDS)
            }
            result = {"ingredients": ingredients, "seeds": SEEDS, "images": IMAGES, "runs": runs}
            RESULTS.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
