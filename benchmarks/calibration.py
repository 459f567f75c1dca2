"""Measure what notebooks 4 and 5 say of confidence: kept at home, not abroad, whatever the seed.

    python benchmarks/calibration.py        # a minute on two idle cores

Trains the network of notebook 3 with three seeds, chooses a temperature for each on the validation
set, and judges it on the test set (at home), on digits of fonts (abroad) and on letters. The
network in the box is judged beside them, as it is. What came of it goes to calibration.json.
"""

import json
from pathlib import Path

import numpy as np

import digitrec
from digitrec import calibration
from digitrec.quiet import keras

RECORD = Path(__file__).with_suffix(".json")
SEEDS = (1, 2, 3)
EPOCHS = 3


def judged(probabilities: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """Return accuracy, mean confidence, calibration error and log loss."""
    measured = calibration.reliability(probabilities, labels)
    sure = probabilities.max(axis=1) >= 0.9
    right = probabilities.argmax(axis=1) == labels
    return {
        "accuracy": round(measured.accuracy, 4),
        "confidence": round(measured.confidence, 4),
        "error": round(measured.error, 4),
        "error_equal_counts": round(
            calibration.calibration_error(probabilities, labels, equal="count"), 4
        ),
        "loss": round(calibration.log_loss(probabilities, labels), 4),
        "right_when_sure": round(float(right[sure].mean()), 4),
        "sure_when_wrong": round(float(sure[~right].mean()), 4),
    }


def entry(model: keras.Model, mnist: digitrec.Mnist, others: digitrec.OtherHands) -> dict:
    """Return how far a network can be taken at its word, before and after a temperature."""
    validation = digitrec.predict(model, mnist.validation.images)
    temperature = calibration.best_temperature(validation, mnist.validation.labels)
    letters = digitrec.predict(model, others.letters)
    result = {"temperature": round(temperature, 3)}
    for name, t in {"before": 1.0, "after": temperature}.items():
        believed = calibration.softened(letters, t)[:, :10].max(axis=1) >= 0.5
        result[name] = {"letters_believed": round(float(believed.mean()), 4)}
        for place, digits in {"home": mnist.test, "abroad": others.digits}.items():
            probabilities = digitrec.predict(model, digits.images)
            result[name][place] = judged(calibration.softened(probabilities, t), digits.labels)
    return result


def main() -> None:
    mnist, others = digitrec.load_mnist(), digitrec.load_other_hands()
    record = {"dense": {}, "box": entry(digitrec.boxed_model(), mnist, others)}
    for seed in SEEDS:
        keras.utils.set_random_seed(seed)
        model = digitrec.build_mlp()
        digitrec.train(model, mnist, epochs=EPOCHS, seed=seed, verbose=False)
        record["dense"][str(seed)] = entry(model, mnist, others)
        print(seed, record["dense"][str(seed)], flush=True)
    RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
