"""Rebuild the trained network in the box and its card.

    python scripts/build_model.py     # or: make model; about nine minutes a seed on two cores

Three seeds are trained. The one with the lowest loss on the validation set goes into the box; the
test set is used once for each, for the card.
"""

import time
from dataclasses import asdict

import numpy as np
from other_hands import other_hands, with_other_hands

import digitrec
from digitrec.networks import NOT_A_DIGIT, averaged_over_shifts
from digitrec.quiet import keras
from digitrec.reading import LEAST_CONFIDENCE
from digitrec.storage import BOXED_MODEL

SEEDS = (1, 2, 3)
ANSWERS = 11  # ten digits and "no digit"
WIDTH, BATCH_SIZE = 32, 128
EPOCHS, LEARNING_RATE, AUGMENTATION = 44, 0.01, digitrec.Augmentation()
# the last epochs show digits nearly as they are, which is what the network will meet
LAST_EPOCHS, LAST_LEARNING_RATE = 4, 0.001
LAST_AUGMENTATION = digitrec.Augmentation(
    rotation=4.0, scale=0.04, shear=0.06, shift=1.0, elastic=0.3, thickness=0.2
)
DRAWN_DIGITS, DRAWN_OTHERS = 8_000, 8_000  # beside MNIST's 55,000
TEMPERATURES = np.geomspace(0.6, 1.6, 17)

CARD = """# The network in the box

`handwritten_digits.keras` reads single handwritten digits from 28x28 images prepared by
`digitrec.prepare_digit`. `make model` rebuilds it and writes this card.

- **Network:** `digitrec.build_cnn(width={width}, answers=11)`, four convolutions,
  {weights:,} weights; the mean over three shifts by a pixel. The eleventh answer is "no digit".
- **Data:** MNIST, 55,000 images to train and 5,000 to choose; {drawn_digits:,} digits and
  {drawn_others:,} non-digits drawn by `scripts/other_hands.py` from 32 handwriting fonts and loose
  strokes. Nothing else.
- **Augmentation:** rotation, scale, shear, shift, elastic displacement, stroke thickness; the
  defaults of `digitrec.Augmentation`, and about a third of them in the last {last_epochs} epochs.
- **Recipe:** Adam, {epochs} epochs with one rise and fall of the learning rate up to
  {learning_rate}, then {last_epochs} up to {last_learning_rate}, in batches of {batch_size};
  {minutes} minutes by seed on two cores.
- **Seed:** {seed}, of {seeds} the one with the lowest loss on the validation set.
- **Test accuracy by seed:** {test}; mean {mean:.2%}, standard deviation {deviation:.2%}.
- **Validation accuracy of this one:** {validation:.2%}.
- **Calibration:** a temperature of {temperature:.2f}, chosen on the validation set and on drawings
  from eight other fonts. Calibration error on the test set: {calibration:.4f}, the mean gap between
  confidence and accuracy.
- **Other hands:** of 2,000 digits drawn from those eight fonts it reads {drawn:.1%}; of 2,000
  non-digits it refuses {refused:.1%}.

**Known weaknesses.** All real handwriting it has seen is of people in the United States around
1990; what others write otherwise, it knows from fonts only. Letters that look like a digit (O, l,
S, Z, ...) are read as that digit. Digits that are cut off or turned by more than some 20 degrees
are misread.

The weights were learned from MNIST (CC BY-SA 3.0, see `MNIST-NOTICE.md`) and from drawings of
fonts under the SIL Open Font License or Apache 2.0 (`scripts/GLYPHS-NOTICE.md`).
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
        last_epochs=parameters["last_epochs"],
        last_learning_rate=parameters["last_learning_rate"],
        drawn_digits=parameters["drawn_digits"],
        drawn_others=parameters["drawn_others"],
        seed=record["seed"],
        seeds=", ".join(map(str, record["seeds"])),
        test=", ".join(f"{accuracy:.2%}" for accuracy in accuracies),
        mean=np.mean(accuracies),
        deviation=np.std(accuracies, ddof=1),
        validation=record["boxed_validation_accuracy"],
        temperature=record["temperature"],
        calibration=record["test_calibration_error"],
        drawn=record["other_hands_accuracy"],
        refused=record["non_digits_refused"],
        minutes=", ".join(map(str, record["training_minutes_by_seed"])),
    )


def log_loss(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """Return the cross-entropy of probabilities against the true labels."""
    return float(-np.log(probabilities[np.arange(len(labels)), labels] + 1e-7).mean())


def calibrated(model: keras.Model, digits: digitrec.Digits) -> tuple[keras.Model, float]:
    """Scale a network's last layer so that its confidence fits the data, and average over shifts.

    Args:
        model: a trained network; left as it is.
        digits: data that it was not trained on.

    Returns:
        The averaged network and the temperature that its last layer was divided by.

    Source: temperature scaling, C. Guo et al., "On calibration of modern neural networks", 2017.
    """

    def at(temperature: float) -> keras.Model:
        # a copy without the optimizer's memory, a third of the size
        copy = digitrec.build_cnn(WIDTH, ANSWERS)
        *others, kernel, bias = model.get_weights()
        copy.set_weights([*others, kernel / temperature, bias / temperature])
        return averaged_over_shifts(copy)

    def loss(temperature: float) -> float:
        return log_loss(digitrec.predict(at(temperature), digits.images), digits.labels)

    best = float(min(TEMPERATURES, key=loss))
    return at(best), best


def train_seed(mnist: digitrec.Mnist, seed: int) -> tuple[keras.Model, dict, float]:
    """Train a network on MNIST and the drawings; return it, its history and the minutes.

    Source: Z. He et al., "Data augmentation revisited: rethinking the distribution gap between
    clean and augmented data", 2019 (the last epochs).
    """
    start = time.monotonic()
    data = with_other_hands(mnist, seed, DRAWN_DIGITS, DRAWN_OTHERS)
    keras.utils.set_random_seed(seed)
    model = digitrec.build_cnn(WIDTH, ANSWERS)
    first = digitrec.train(
        model,
        data,
        epochs=EPOCHS,
        batch_size=BATCH_SIZE,
        learning_rate=LEARNING_RATE,
        seed=seed,
        augmentation=AUGMENTATION,
        checkpoint=f"runs/box-{seed}.json",
    )
    last = digitrec.train(
        model,
        data,
        epochs=LAST_EPOCHS,
        batch_size=BATCH_SIZE,
        learning_rate=LAST_LEARNING_RATE,
        seed=seed + len(SEEDS),  # another order of the images
        augmentation=LAST_AUGMENTATION,
    )
    history = {name: first[name] + last[name] for name in first}
    return model, history, (time.monotonic() - start) / 60


def main() -> None:
    mnist = digitrec.load_mnist()
    drawn = other_hands(seed=0, digits=2_000, others=2_000, held_out=True)
    held_out = digitrec.Digits(
        np.concatenate([mnist.validation.images, drawn.images]),
        np.concatenate([mnist.validation.labels, drawn.labels]),
    )
    runs = []
    for seed in SEEDS:
        trained, history, minutes = train_seed(mnist, seed)
        model, temperature = calibrated(trained, held_out)
        loss = log_loss(digitrec.predict(model, mnist.validation.images), mnist.validation.labels)
        test = digitrec.predict(model, mnist.test.images)[:, :10]
        accuracy = float((test.argmax(axis=1) == mnist.test.labels).mean())
        runs.append((loss, seed, model, history, accuracy, round(minutes, 1), temperature))
        print(f"seed {seed}: {minutes:.1f} minutes, test accuracy {accuracy:.2%}", flush=True)

    _, seed, model, history, _, _, temperature = min(runs, key=lambda run: run[:2])
    test = digitrec.predict(model, mnist.test.images)[:, :10]
    validation = digitrec.predict(model, mnist.validation.images)[:, :10]
    other = digitrec.predict(model, drawn.images)
    is_digit = drawn.labels != NOT_A_DIGIT
    parameters = {
        "model_name": "cnn",
        "width": WIDTH,
        "epochs": EPOCHS,
        "last_epochs": LAST_EPOCHS,
        "batch_size": BATCH_SIZE,
        "learning_rate": LEARNING_RATE,
        "last_learning_rate": LAST_LEARNING_RATE,
        "train_size": len(mnist.train),
        "drawn_digits": DRAWN_DIGITS,
        "drawn_others": DRAWN_OTHERS,
        "augmentation": asdict(AUGMENTATION),
        "last_augmentation": asdict(LAST_AUGMENTATION),
    }
    record = digitrec.training_record(history, parameters, seed) | {
        "seeds": SEEDS,
        "test_accuracy_by_seed": [run[4] for run in runs],
        "training_minutes_by_seed": [run[5] for run in runs],
        "temperature": temperature,
        "boxed_validation_accuracy": float(
            (validation.argmax(axis=1) == mnist.validation.labels).mean()
        ),
        "test_calibration_error": round(calibration_error(test, mnist.test.labels), 4),
        "other_hands_accuracy": float(
            (other[is_digit, :10].argmax(axis=1) == drawn.labels[is_digit]).mean()
        ),
        "non_digits_refused": float((other[~is_digit, :10].max(axis=1) < LEAST_CONFIDENCE).mean()),
    }
    digitrec.save_model(model, BOXED_MODEL, record)
    (BOXED_MODEL.parent / "MODEL-CARD.md").write_text(card(digitrec.load_record(BOXED_MODEL)))


if __name__ == "__main__":
    main()
