"""Rebuild the trained network in the box and its card.

    python scripts/build_model.py       # or: make model; about ten minutes per seed on two cores
    python scripts/build_model.py 2     # train this seed only, for later

Three seeds are trained. What is interrupted goes on after the last whole epoch, and a seed that is
trained already is taken from `runs/`. The one with the lowest loss on the validation set and on
drawings from fonts to choose with goes into the box; the test set is used once for each, for the
card.
"""

import sys
import time
from dataclasses import asdict

import numpy as np
from build_browser import write_networks
from measures import area_under_roc, calibrated, refused_at
from model_card import card
from other_hands import other_hands, with_other_hands

import digitrec
from digitrec.calibration import calibration_error, log_loss
from digitrec.networks import NOT_A_DIGIT
from digitrec.paths import project_path
from digitrec.quiet import keras
from digitrec.reading.digit import LEAST_CONFIDENCE
from digitrec.storage import BOXED_MODEL

SEEDS = (1, 2, 3)
ANSWERS = 11  # ten digits and "no digit"
WIDTH, BATCH_SIZE = 32, 128
EPOCHS, LEARNING_RATE = 40, 0.01
AUGMENTATION = digitrec.Augmentation(
    **{"cut": 0.08, "faint": 0.12, "lines": 0.15, "background": 0.15},
    **{"soft": 0.15, "noise": 0.2, "binary": 0.12},
)
# the last epochs show digits nearly as they are, which is what the network will meet
LAST_EPOCHS, LAST_LEARNING_RATE = 4, 0.001
LAST_AUGMENTATION = digitrec.Augmentation(
    **{"rotation": 4.0, "scale": 0.04, "shear": 0.06, "shift": 1.0, "elastic": 0.3},
    **{"thickness": 0.2, "cut": 0.04, "faint": 0.06, "lines": 0.08, "background": 0.08},
    **{"soft": 0.08, "noise": 0.1, "binary": 0.06},
)
DRAWN_DIGITS, DRAWN_OTHERS = 8_000, 12_000  # beside MNIST's 55,000
PARAMETERS = {
    "model_name": "cnn",
    "width": WIDTH,
    "epochs": EPOCHS,
    "last_epochs": LAST_EPOCHS,
    "batch_size": BATCH_SIZE,
    "learning_rate": LEARNING_RATE,
    "last_learning_rate": LAST_LEARNING_RATE,
    "train_size": 55_000,
    "drawn_digits": DRAWN_DIGITS,
    "drawn_others": DRAWN_OTHERS,
    "augmentation": asdict(AUGMENTATION),
    "last_augmentation": asdict(LAST_AUGMENTATION),
}


def joined(*parts: digitrec.Digits) -> digitrec.Digits:
    """Return several sets of images as one."""
    return digitrec.Digits(
        np.concatenate([part.images for part in parts]),
        np.concatenate([part.labels for part in parts]),
    )


def stage(
    model: keras.Model, data: digitrec.Mnist, name: str, run: int, **settings: object
) -> dict:
    """Train a network for some epochs, or take it from a run that has done so.

    Args:
        model: the network; changed in place.
        data: what to train on.
        name: of the stage, a part of the name of its file in `runs/`.
        run: the seed of the whole run.
        settings: for `digitrec.train`.

    Returns:
        The record: its parameters, history and minutes.
    """
    path = project_path(f"runs/box-{run}-{name}.keras")
    if path.is_file():
        record = digitrec.load_record(path)
        if record["parameters"] == PARAMETERS:
            model.set_weights(digitrec.load_model(path).get_weights())
            print(f"seed {run}, {name} epochs: taken from {path.name}", flush=True)
            return record
    print(f"seed {run}, {name} epochs", flush=True)
    start = time.monotonic()
    checkpoint = path.with_name(f"{path.stem}-checkpoint.json")
    history = digitrec.train(model, data, batch_size=BATCH_SIZE, checkpoint=checkpoint, **settings)
    record = digitrec.training_record(history, PARAMETERS, run)
    record["minutes"] = (time.monotonic() - start) / 60  # since the last interruption
    digitrec.save_model(model, path, record)
    return record


def train_seed(mnist: digitrec.Mnist, seed: int) -> tuple[keras.Model, dict, float]:
    """Train a network on MNIST and the drawings; return it, its history and the minutes.

    Source: Z. He et al., "Data augmentation revisited: rethinking the distribution gap between
    clean and augmented data", 2019 (the last epochs).
    """
    data = with_other_hands(mnist, seed, DRAWN_DIGITS, DRAWN_OTHERS)
    keras.utils.set_random_seed(seed)
    model = digitrec.build_cnn(WIDTH, ANSWERS)
    first = stage(
        *(model, data, "first", seed),
        seed=seed,
        epochs=EPOCHS,
        learning_rate=LEARNING_RATE,
        augmentation=AUGMENTATION,
    )
    last = stage(
        *(model, data, "last", seed),
        seed=seed + len(SEEDS),  # another order of the images
        epochs=LAST_EPOCHS,
        learning_rate=LAST_LEARNING_RATE,
        augmentation=LAST_AUGMENTATION,
        small_images_first=False,
    )
    history = {name: first["history"][name] + last["history"][name] for name in first["history"]}
    return model, history, first["minutes"] + last["minutes"]


def accuracies(model: keras.Model, digits: digitrec.Digits) -> dict[str, float]:
    """Return the share that is right over ten answers, over eleven, and right and believed."""
    answers = digitrec.predict(model, digits.images)
    ten = answers[:, :NOT_A_DIGIT]
    right = ten.argmax(axis=1) == digits.labels
    return {
        "ten": float(right.mean()),
        "eleven": float((answers.argmax(axis=1) == digits.labels).mean()),
        "believed": float((right & (ten.max(axis=1) >= LEAST_CONFIDENCE)).mean()),
    }


def judge_other_hands(model: keras.Model) -> dict[str, object]:
    """Return how the network does on drawings with fonts that served for nothing before."""
    fonts = other_hands(seed=11, digits=3_000, others=3_000, part="test", fonts=1.0)
    strokes = other_hands(seed=12, digits=3_000, others=0, part="test", fonts=0.0)
    drawn = joined(fonts, strokes)
    answers = digitrec.predict(model, drawn.images)[:, :NOT_A_DIGIT]
    right, confidence = answers.argmax(axis=1) == drawn.labels, answers.max(axis=1)
    is_digit = drawn.labels != NOT_A_DIGIT
    of_fonts = is_digit & (np.arange(len(drawn)) < len(fonts))
    believed, refused = confidence[is_digit] >= LEAST_CONFIDENCE, confidence[~is_digit]

    def count(marks: np.ndarray) -> list[int]:
        return [int(marks.sum()), len(marks)]

    return {
        "fonts": count(right[of_fonts]),
        "strokes": count(right[is_digit & ~of_fonts]),
        "accepted": count(believed),
        "refused": count(refused < LEAST_CONFIDENCE),
        "refused_at_99": refused_at(0.99, confidence[is_digit], refused),
        "area_under_roc": area_under_roc(confidence[is_digit], refused),
    }


def main() -> None:
    mnist = digitrec.load_mnist()
    if sys.argv[1:]:
        for seed in map(int, sys.argv[1:]):
            train_seed(mnist, seed)
        return
    chosen_with = joined(
        mnist.validation, other_hands(seed=10, digits=2_000, others=2_000, part="validation")
    )
    runs = []
    for seed in SEEDS:
        trained, history, minutes = train_seed(mnist, seed)
        model, temperature = calibrated(trained, chosen_with)
        loss = log_loss(digitrec.predict(model, chosen_with.images), chosen_with.labels)
        tested = accuracies(model, mnist.test)
        runs.append((loss, seed, model, history, temperature, tested, round(minutes, 1)))
        print(f"seed {seed}: {minutes:.1f} minutes, loss {loss:.4f}, test {tested}", flush=True)

    _, seed, model, history, temperature, _, _ = min(runs, key=lambda run: run[:2])
    validation = digitrec.predict(model, mnist.validation.images)
    test = digitrec.predict(model, mnist.test.images)[:, :NOT_A_DIGIT]
    record = digitrec.training_record(history, PARAMETERS, seed) | {
        "validation": {  # of the network as it is stored, averaged and calibrated
            "loss": log_loss(validation, mnist.validation.labels),
            "accuracy": float((validation.argmax(axis=1) == mnist.validation.labels).mean()),
        },
        "seeds": SEEDS,
        "test_images": len(mnist.test),
        "test_accuracy_by_seed": [run[5]["ten"] for run in runs],
        "test_accuracy_eleven_by_seed": [run[5]["eleven"] for run in runs],
        "test_right_and_believed_by_seed": [run[5]["believed"] for run in runs],
        "training_minutes_by_seed": [run[6] for run in runs],
        "temperature": temperature,
        "test_calibration_error": round(calibration_error(test, mnist.test.labels), 4),
        "other_hands": judge_other_hands(model),
    }
    digitrec.save_model(model, BOXED_MODEL, record)
    stored = digitrec.load_record(BOXED_MODEL)
    (BOXED_MODEL.parent / "MODEL-CARD.md").write_text(card(stored), encoding="utf-8")
    write_networks(mnist)


if __name__ == "__main__":
    main()
