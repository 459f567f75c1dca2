"""Rebuild the trained network in the box and its card.

    python scripts/build_model.py     # or: make model; about seven minutes a seed on two cores

Three seeds are trained. The one with the lowest validation loss goes into the box; the test set is
used once for each, for the card.
"""

import time
from dataclasses import asdict

import numpy as np

import digitrec
from digitrec.quiet import keras
from digitrec.storage import BOXED_MODEL

SEEDS = (1, 2, 3)
WIDTH, EPOCHS, BATCH_SIZE, LEARNING_RATE = 32, 30, 128, 0.01
AUGMENTATION = digitrec.Augmentation()

CARD = """# The network in the box

`handwritten_digits.keras` reads single handwritten digits from 28x28 images prepared by
`digitrec.prepare_digit`. `make model` rebuilds it and writes this card.

- **Network:** `digitrec.build_cnn(width={width})`, four convolutions, {weights:,} weights.
- **Data:** MNIST, 55,000 images to train and 5,000 to choose; nothing else.
- **Augmentation:** rotation, scale, shear, shift, elastic displacement, stroke thickness; the
  defaults of `digitrec.Augmentation`.
- **Recipe:** Adam, one rise and fall of the learning rate up to {learning_rate}, {epochs} epochs in
  batches of {batch_size}; {minutes} minutes by seed on two cores.
- **Seed:** {seed}, of {seeds} the one with the lowest validation loss.
- **Test accuracy by seed:** {test}; mean {mean:.2%}, standard deviation {deviation:.2%}.
- **Validation accuracy of this one:** {validation:.2%}.
- **Calibration error on the test set:** {calibration:.4f}, the mean gap between confidence and
  accuracy.

**Known weaknesses.** It has only seen the handwriting of people in the United States around 1990:
a 1 with a long upstroke may be read as a 7. It gives one of ten digits for anything, a letter or a
doodle too, mostly with less confidence but not always.

The weights were learned from MNIST (CC BY-SA 3.0, see `MNIST-NOTICE.md`).
"""


def calibration_error(probabilities: np.ndarray, labels: np.ndarray, bins: int = 10) -> float:
    """Return the expected calibration error: the mean gap between confidence and accuracy.

    Source: C. Guo et al., "On calibration of modern neural networks", ICML 2017.
    """
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    bin_of = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [abs((confidence - right)[bin_of == b].sum()) for b in range(bins)]
    return float(sum(gaps) / len(labels))


def card(record: dict) -> str:
    """Write the card of the network from the record beside it."""
    parameters, accuracies = record["parameters"], record["test_accuracy_by_seed"]
    return CARD.format(
        width=parameters["width"],
        weights=record["weights"],
        learning_rate=parameters["learning_rate"],
        batch_size=parameters["batch_size"],
        epochs=parameters["epochs"],
        seed=record["seed"],
        seeds=", ".join(map(str, record["seeds"])),
        test=", ".join(f"{accuracy:.2%}" for accuracy in accuracies),
        mean=np.mean(accuracies),
        deviation=np.std(accuracies, ddof=1),
        validation=record["validation"]["accuracy"],
        calibration=record["test_calibration_error"],
        minutes=", ".join(map(str, record["training_minutes_by_seed"])),
    )


def main() -> None:
    mnist = digitrec.load_mnist()
    runs = []
    for seed in SEEDS:
        keras.utils.set_random_seed(seed)
        model = digitrec.build_cnn(WIDTH)
        start = time.monotonic()
        history = digitrec.train(
            model,
            mnist,
            epochs=EPOCHS,
            batch_size=BATCH_SIZE,
            learning_rate=LEARNING_RATE,
            seed=seed,
            augmentation=AUGMENTATION,
        )
        minutes = (time.monotonic() - start) / 60
        probabilities = digitrec.predict(model, mnist.test.images)
        accuracy = float((probabilities.argmax(axis=1) == mnist.test.labels).mean())
        runs.append((history["val_loss"][-1], seed, model, history, accuracy, minutes))
        print(f"seed {seed}: {minutes:.1f} minutes, test accuracy {accuracy:.2%}")

    _, seed, model, history, _, _ = min(runs, key=lambda run: run[:2])
    accuracies = [run[4] for run in runs]
    all_minutes = [round(run[5], 1) for run in runs]
    compact = digitrec.build_cnn(WIDTH)  # without the optimizer's memory, a third of the size
    compact.set_weights(model.get_weights())
    parameters = {
        "model_name": "cnn",
        "width": WIDTH,
        "epochs": EPOCHS,
        "batch_size": BATCH_SIZE,
        "learning_rate": LEARNING_RATE,
        "train_size": len(mnist.train),
        "augmentation": asdict(AUGMENTATION),
    }
    test = digitrec.predict(model, mnist.test.images)
    record = digitrec.training_record(history, parameters, seed) | {
        "seeds": SEEDS,
        "test_accuracy_by_seed": accuracies,
        "training_minutes_by_seed": all_minutes,
        "test_calibration_error": round(calibration_error(test, mnist.test.labels), 4),
    }
    digitrec.save_model(compact, BOXED_MODEL, record)
    (BOXED_MODEL.parent / "MODEL-CARD.md").write_text(card(digitrec.load_record(BOXED_MODEL)))


if __name__ == "__main__":
    main()
