"""Compare training through digitrec with the two networks that everybody starts from.

    make bench                                       # this, and two more: about 25 minutes
    python benchmarks/training.py --seeds 1          # one seed in place of five: quicker, rougher

Everything runs side by side in one session, and only ratios of times count. The rivals run as their
own users would run them, on all 60,000 training images:

- classic: dense 128-128-10, Adam, batch 32, three epochs, `model.fit` with Keras' defaults;
- keras.io convnet: keras.io/examples/vision/mnist_convnet, batch 128, 15 epochs, a tenth held out.

digitrec trains on 55,000 images and chooses on the other 5,000. The test set is used once a seed,
at the end. The results go to training.json.
"""

import argparse
import json
import math
import os
import platform
import statistics
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

import digitrec
from digitrec.mnist import Digits, Mnist
from digitrec.networks import averaged_over_shifts
from digitrec.quiet import keras
from digitrec.quiet import tensorflow as tf
from digitrec.storage import BOXED_MODEL
from digitrec.training.sizes import sides_of_epochs
from digitrec.versions import installed_versions

CNN_LEARNING_RATE = 0.01  # chosen on the validation set
LARGER = {"learning_rate": 0.02, "batch_size": 256}  # for the CNN, also


@dataclass(frozen=True)
class Row:
    """One line of the table: what was measured, and whether it reaches its target."""

    what: str
    measured: str
    target: str
    passed: bool


def accuracy(model: keras.Model, digits: Digits) -> float:
    """Return the share of digits that a network reads rightly."""
    guesses = model.predict(digits.images, batch_size=1000, verbose=0).argmax(axis=1)
    return float((guesses == digits.labels).mean())


def all_training_images(mnist: Mnist) -> tuple[np.ndarray, np.ndarray]:
    """Return MNIST's own 60,000 training images and labels."""
    parts = mnist.train, mnist.validation
    return tuple(np.concatenate([getattr(p, name) for p in parts]) for name in ("images", "labels"))


def run_classic(mnist: Mnist, seed: int, batch_size: int = 32) -> tuple[float, float, float]:
    """Train the classic network in the classic way; return seconds, CPU seconds, test accuracy."""
    keras.utils.set_random_seed(seed)
    images, labels = all_training_images(mnist)
    model = digitrec.build_mlp()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    start, start_cpu = time.perf_counter(), time.process_time()
    model.fit(images, labels, batch_size=batch_size, epochs=3, verbose=0)
    seconds, cpu = time.perf_counter() - start, time.process_time() - start_cpu
    return seconds, cpu, accuracy(model, mnist.test)


def run_ours(
    mnist: Mnist, seed: int, cnn: bool, **options: float
) -> tuple[float, float, float, float]:
    """Train a network through digitrec.train; return seconds, CPU seconds and the test accuracy.

    The last value is the test accuracy of the same weights, averaged over shifts by a pixel.
    """
    keras.utils.set_random_seed(seed)
    model = digitrec.build_cnn() if cnn else digitrec.build_mlp()
    options = ({"learning_rate": CNN_LEARNING_RATE} if cnn else {}) | options
    start, start_cpu = time.perf_counter(), time.process_time()
    digitrec.train(model, mnist, epochs=3, seed=seed, **options)
    seconds, cpu = time.perf_counter() - start, time.process_time() - start_cpu
    averaged = averaged_over_shifts(model)
    return seconds, cpu, accuracy(model, mnist.test), accuracy(averaged, mnist.test)


def run_keras_io(mnist: Mnist, seed: int) -> tuple[float, float, float]:
    """Train the keras.io convnet; return seconds, accuracy on our validation set, and on test."""
    keras.utils.set_random_seed(seed)
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, (3, 3), activation="relu"),
            layers.MaxPooling2D((2, 2)),
            layers.Conv2D(64, (3, 3), activation="relu"),
            layers.MaxPooling2D((2, 2)),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    images, labels = all_training_images(mnist)
    images = images[..., np.newaxis].astype("float32") / 255
    one_hot = keras.utils.to_categorical(labels)
    # its users hold out a tenth; here that tenth ends with the 5,000 that digitrec validates on
    start = time.perf_counter()
    model.fit(images, one_hot, batch_size=128, epochs=15, validation_split=0.1, verbose=0)
    seconds = time.perf_counter() - start

    def share(digits: Digits) -> float:
        scaled = digits.images[..., np.newaxis].astype("float32") / 255
        guesses = model.predict(scaled, batch_size=1000, verbose=0).argmax(axis=1)
        return float((guesses == digits.labels).mean())

    return seconds, share(mnist.validation), share(mnist.test)


def time_to_reach(mnist: Mnist, level: float) -> float:
    """Return the seconds of training after which the CNN's validation accuracy reaches a level.

    The CNN answers averaged over shifts, as the network in the box does.
    """
    for epochs in (1, 2, 3, 4, 6, 8):
        keras.utils.set_random_seed(1)
        model = digitrec.build_cnn()
        start = time.perf_counter()
        digitrec.train(model, mnist, epochs=epochs, learning_rate=CNN_LEARNING_RATE)
        seconds = time.perf_counter() - start
        if accuracy(averaged_over_shifts(model), mnist.validation) >= level:
            return seconds
    return float("inf")


def arithmetic(images: int, seconds: list[float]) -> tuple[float, float]:
    """Return how fast the CNN's training computes, and how fast this machine can, in GFLOP/s.

    Training takes about three times the arithmetic of an answer: forward, and backward for the
    maps and for the weights. Smaller images count as what they are.
    """
    model, epochs, passes, flop = digitrec.build_cnn(), 3, 3, 0
    for side in sides_of_epochs(model, epochs):
        shape = (1, side, side, 1)
        for layer in model.layers[2:]:
            shape = layer.compute_output_shape(shape)
            if isinstance(layer, (keras.layers.Conv2D, keras.layers.Dense)):
                flop += 2 * math.prod(shape[1:-1]) * math.prod(layer.kernel.shape)
    training = passes * images * flop / statistics.median(seconds)

    side = 3_000
    matrix = tf.random.normal((side, side))
    times = []
    for _ in range(6):
        start = time.perf_counter()
        (matrix @ matrix).numpy()
        times.append(time.perf_counter() - start)
    return training / 1e9, 2 * side**3 / min(times) / 1e9


def memory() -> float:
    """Return the peak memory of this process in GB."""
    import resource  # not on Windows, where this file can be read all the same

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e9


def spread(values: list[float]) -> str:
    """Return mean and standard deviation of accuracies as text."""
    deviation = statistics.stdev(values) if len(values) > 1 else 0
    return f"{statistics.mean(values):.2%} ± {deviation:.2%} ({len(values)} seeds)"


def as_text(ratios: list[float]) -> str:
    """Return mean and standard deviation of ratios as text."""
    deviation = statistics.stdev(ratios) if len(ratios) > 1 else 0
    return f"{statistics.mean(ratios):.2f} ± {deviation:.2f}"


def inference(mnist: Mnist) -> tuple[float, float]:
    """Return milliseconds for one image (median) and seconds for 10,000, with the boxed model."""
    model = digitrec.load_model(BOXED_MODEL)
    one = mnist.validation.images[:1]
    times = []
    for _ in range(220):
        start = time.perf_counter()
        digitrec.predict(model, one)
        times.append(time.perf_counter() - start)
    many = mnist.test.images
    start = time.perf_counter()
    digitrec.predict(model, many)
    return 1000 * statistics.median(times[20:]), time.perf_counter() - start


def measure(seeds: int) -> tuple[list[Row], dict]:
    """Run everything and return the table and the raw figures."""
    mnist = digitrec.load_mnist()
    kinds = ("classic", "classic, batch 128", "mlp", "cnn", "cnn, batch 256")
    raw: dict = {kind: [] for kind in kinds}
    for seed in range(1, seeds + 1):  # in turn, so that a slow spell of the machine hits all alike
        raw["classic"].append(run_classic(mnist, seed))
        raw["classic, batch 128"].append(run_classic(mnist, seed, batch_size=128))
        raw["mlp"].append(run_ours(mnist, seed, cnn=False))
        raw["cnn"].append(run_ours(mnist, seed, cnn=True))
        raw["cnn, batch 256"].append(run_ours(mnist, seed, cnn=True, **LARGER))
    after_few = memory()
    digitrec.train(digitrec.build_mlp(), mnist, epochs=12)
    peak = memory()  # before the keras.io convnet, which keeps all images as floats
    growth = peak - after_few
    raw["keras_io"] = seconds, level, _ = run_keras_io(mnist, 1)
    raw["time_to_reach"] = reached = time_to_reach(mnist, level)
    raw["inference"] = single, many = inference(mnist)
    raw["memory_gb"], raw["memory_growth_gb"] = peak, growth

    raw["gflops"] = training, product = arithmetic(len(mnist.train), [run[0] for run in raw["cnn"]])

    classic_accuracy = [run[-1] for run in raw["classic"]]

    def median(name: str, clock: int) -> float:
        return statistics.median(run[clock] for run in raw[name])

    def ratios(name: str, to: str, clock: int) -> list[float]:
        pairs = zip(raw[name], raw[to], strict=True)  # of the same seed
        return [run[clock] / other[clock] for run, other in pairs]

    ours = ("mlp", "cnn", "cnn, batch 256")
    dense_ratios, cnn_ratios, larger_ratios = (ratios(name, "classic", 0) for name in ours)
    at_equal_batch = ratios("mlp", "classic, batch 128", 1)
    cpu = {name: median(name, 1) for name in ("classic", "classic, batch 128", "mlp")}
    mlp, cnn = ([run[2] for run in raw[name]] for name in ("mlp", "cnn"))
    averaged, larger_averaged = ([run[3] for run in raw[name]] for name in ours[1:])
    mean = statistics.mean
    card = digitrec.load_record(BOXED_MODEL)
    boxed = card["test_accuracy_by_seed"]
    size = BOXED_MODEL.stat().st_size / 1e6
    minutes = max(card["training_minutes_by_seed"])
    rows = [
        Row(
            "dense, 3 epochs: time against the classic",
            as_text(dense_ratios),
            "at most 0.20",
            mean(dense_ratios) <= 0.2,
        ),
        Row(
            "the same in CPU seconds: classic, classic with our batches, ours",
            ", ".join(f"{seconds:.1f}" for seconds in cpu.values()),
            "ours the least",
            cpu["mlp"] == min(cpu.values()),
        ),
        Row(
            "the same at equal batches: CPU seconds against plain Keras",
            as_text(at_equal_batch),
            "at most 0.60",
            mean(at_equal_batch) <= 0.6,
        ),
        Row(
            "dense, 3 epochs: test accuracy",
            spread(mlp),
            f"classic: {spread(classic_accuracy)}",
            mean(mlp) >= mean(classic_accuracy),
        ),
        Row(
            "CNN, 3 epochs: time against the classic",
            as_text(cnn_ratios),
            "at most 1.0",
            mean(cnn_ratios) <= 1,
        ),
        Row(
            "the same with batches of 256 and a rate of 0.02, averaged over shifts",
            f"{as_text(larger_ratios)}, {spread(larger_averaged)}",
            "at most 1.0, 99.40%",
            mean(larger_ratios) <= 1 and mean(larger_averaged) >= 0.994,
        ),
        Row(
            "training the CNN: share of the speed of a matrix product",
            f"{training / product:.0%} of {product:.0f} GFLOP/s",
            "40%",
            training >= 0.4 * product,
        ),
        Row("CNN, 3 epochs: test accuracy", spread(cnn), "99.30%", mean(cnn) >= 0.993),
        Row(
            "the same, averaged over shifts: test accuracy",
            spread(averaged),
            "99.40%",
            mean(averaged) >= 0.994,
        ),
        Row(
            f"time to the keras.io convnet's {level:.2%} (validation)",
            f"{reached / seconds:.3f} of its 15 epochs",
            "at most 0.167",
            reached <= seconds / 6,
        ),
        Row("boxed network: test accuracy", spread(boxed), "99.70%", mean(boxed) >= 0.997),
        Row(
            "boxed network: weights, file, training",
            f"{card['weights']:,}, {size:.1f} MB, {minutes:.1f} minutes",
            "500,000, 3 MB, 10 minutes",
            card["weights"] <= 500_000 and size <= 3 and minutes <= 10,
        ),
        Row("one image, median", f"{single:.2f} ms", "2 ms", single <= 2),
        Row("10,000 images", f"{many:.2f} s", "1.5 s", many <= 1.5),
        Row(
            "memory: peak; growth over 12 more epochs",
            f"{peak:.2f} GB; {growth:.2f} GB",
            "1.5 GB; 0.1 GB",
            peak <= 1.5 and growth <= 0.1,
        ),
    ]
    return rows, raw


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5)
    rows, raw = measure(parser.parse_args().seeds)
    training, product = raw["gflops"]
    print(f"\nTraining the CNN, with all that is around it: {training:.0f} GFLOP/s.")
    print(f"A large matrix product alone: {product:.0f} GFLOP/s.\n")
    for row in rows:
        print(
            f"{'pass' if row.passed else 'FAIL'}  {row.what}: {row.measured} (target: {row.target})"
        )
    result = {
        "rows": [asdict(row) for row in rows],
        "raw": raw,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "versions": installed_versions("tensorflow", "keras", "numpy"),
    }
    Path(__file__).with_suffix(".json").write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    return 0 if all(row.passed for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
