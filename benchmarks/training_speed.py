"""Measure what was tried to train the strong network sooner, each with its gain and its accuracy.

    python benchmarks/training_speed.py              # about a quarter of an hour
    python benchmarks/training_speed.py --seeds 1    # a look; nothing is stored

Three epochs of `build_cnn`, on the training set. The first lines build up to what `digitrec.train`
does; each further line changes one thing about it. All lines are run in turn for each seed, so that
a slow spell of the machine hits all alike. Accuracy is that on the validation set, averaged over
shifts as in the box; nothing was chosen with the test set. The table goes to training_speed.json.
"""

import argparse
import json
import os
import platform
import statistics
import time
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from training import accuracy

import digitrec
from digitrec.mnist import SIDE, Mnist
from digitrec.networks import averaged_over_shifts
from digitrec.quiet import keras
from digitrec.quiet import tensorflow as tf
from digitrec.training.batches import batches
from digitrec.training.run import rising_and_falling, round_length
from digitrec.training.sizes import SIDES, SOFT, middle
from digitrec.training.steps import adam, whole_normalisation
from digitrec.versions import installed_versions

EPOCHS, LEARNING_RATE = 3, 0.01


@dataclass(frozen=True)
class Way:
    """A way to train; the fields are what differs."""

    adam_at_once: bool = False
    normalisation_at_once: bool = False
    sides: tuple[int, ...] = (SIDE,) * EPOCHS
    soft: tuple[float, ...] = (0.0,) * EPOCHS
    batch_size: int = 128
    learning_rate: float = LEARNING_RATE
    averaged_weights: float = 0.0  # how much of the average stays in each step
    bfloat16: bool = False
    patches: bool = False  # the first convolution as a product with patches of the image
    compiled: bool = False  # by XLA


OURS = Way(True, True, SIDES, (SOFT, SOFT, 0.0))
WAYS = {
    "each step in one function, figures once an epoch": Way(),
    "+ Adam as one operation": Way(True),
    "+ batch normalisation as one operation": Way(True, True),
    "+ smaller images first": Way(True, True, SIDES),
    "+ soft labels while they are small": OURS,
    "soft labels in all epochs": replace(OURS, soft=(SOFT,) * EPOCHS),
    "soft labels, whole images": replace(OURS, sides=(SIDE,) * EPOCHS),
    "24 pixels first, then 28": replace(OURS, sides=(24, 24, SIDE)),
    "batches of 256": replace(OURS, batch_size=256, learning_rate=0.02),
    "average of the weights": replace(OURS, averaged_weights=0.98),
    "convolutions in bfloat16": replace(OURS, bfloat16=True),
    "first convolution by patches": replace(OURS, patches=True),
    "compiled by XLA": replace(OURS, compiled=True),
}


def as_before(model: keras.Model, mnist: Mnist, seed: int) -> None:
    """Train by Keras' own loop, with its own Adam and normalisation, many steps at once."""
    steps_a_round = round_length(len(mnist.train) // 128)
    steps = len(mnist.train) // 128 // steps_a_round * steps_a_round
    model.compile(
        keras.optimizers.Adam(rising_and_falling(LEARNING_RATE, EPOCHS * steps)),
        "sparse_categorical_crossentropy",
        metrics=["accuracy"],
        steps_per_execution=steps_a_round,
    )
    shown = batches(mnist.train, range(EPOCHS), 128, steps, seed, None)
    model.fit(shown, epochs=EPOCHS, steps_per_epoch=steps, shuffle=False, verbose=0)


def convolve(layer: keras.layers.Conv2D, maps: tf.Tensor, way: Way) -> tf.Tensor:
    """Return what a convolution makes of its maps, in one of several ways."""
    kernel, stride, padding = layer.kernel.value, layer.strides[0], layer.padding.upper()
    height = kernel.shape[0]
    if way.patches and maps.shape[-1] == 1:
        square, step = [1, height, height, 1], [1, stride, stride, 1]
        patches = tf.image.extract_patches(maps, square, step, [1, 1, 1, 1], padding)
        return tf.tensordot(patches, tf.reshape(kernel, [height**2, -1]), 1)
    if way.bfloat16:
        maps, kernel = tf.cast(maps, tf.bfloat16), tf.cast(kernel, tf.bfloat16)
    return tf.cast(tf.nn.conv2d(maps, kernel, stride, padding), tf.float32)


def in_a_way(model: keras.Model, mnist: Mnist, seed: int, way: Way) -> None:
    """Train a network step by step in one of the ways."""
    steps = len(mnist.train) // way.batch_size
    rate = rising_and_falling(way.learning_rate, EPOCHS * steps)
    optimizer = adam(rate) if way.adam_at_once else keras.optimizers.Adam(rate)
    optimizer.build(model.trainable_variables)
    weights = model.trainable_variables
    averages = [tf.Variable(weight.value) for weight in weights] if way.averaged_weights else []

    def answers(images: tf.Tensor) -> tf.Tensor:
        maps = tf.cast(images, tf.float32)[..., None] / 255
        for layer in model.layers[2:]:
            if isinstance(layer, keras.layers.Conv2D):
                maps = convolve(layer, maps, way)
            else:
                maps = layer(maps, training=True)
        return maps

    def epoch_of(side: int, soft: float) -> tf.types.experimental.PolymorphicFunction:
        loss_of = keras.losses.CategoricalCrossentropy(label_smoothing=soft)

        @tf.function(autograph=False, jit_compile=way.compiled)
        def step(images: tf.Tensor, labels: tf.Tensor) -> None:
            with tf.GradientTape() as tape:
                said = answers(middle(images, side))
                loss = loss_of(tf.one_hot(labels, said.shape[-1]), said)
            optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
            for average, weight in zip(averages, weights, strict=bool(averages)):
                average.assign_sub((1 - way.averaged_weights) * (average - weight.value))

        @tf.function(autograph=False)
        def epoch(iterator: tf.data.Iterator) -> None:
            def one(done: tf.Tensor) -> list[tf.Tensor]:
                step(*iterator.get_next())
                return [done + 1]

            tf.while_loop(lambda done: done < steps, one, [0])

        return epoch

    iterator = iter(batches(mnist.train, range(EPOCHS), way.batch_size, steps, seed, None))
    made = {}
    with whole_normalisation(model) if way.normalisation_at_once else nullcontext():
        for kind in zip(way.sides, way.soft, strict=True):
            made.setdefault(kind, epoch_of(*kind))(iterator)
    for average, weight in zip(averages, weights, strict=bool(averages)):
        weight.assign(average)


def by_train(model: keras.Model, mnist: Mnist, seed: int) -> None:
    """Train as readers do, with validation after each epoch."""
    digitrec.train(model, mnist, learning_rate=LEARNING_RATE, seed=seed, verbose=False)


def measure(mnist: Mnist, seeds: int) -> list[dict]:
    """Return a line for each way: seconds, share of those before, accuracy."""
    trainings = {"Keras' loop, Adam and normalisation": as_before}
    for name, way in WAYS.items():
        trainings[name] = lambda *given, way=way: in_a_way(*given, way)
    trainings["digitrec.train, which also validates"] = by_train
    runs: dict[str, list] = {name: [] for name in trainings}
    for seed in range(1, seeds + 1):
        for name, train in trainings.items():
            keras.utils.set_random_seed(seed)
            model = digitrec.build_cnn()
            start = time.perf_counter()
            train(model, mnist, seed)
            seconds = time.perf_counter() - start
            right = accuracy(averaged_over_shifts(model), mnist.validation)
            runs[name].append((seconds, right))
            print(f"seed {seed}: {seconds:5.1f} s, {right:.2%}, {name}", flush=True)
    before = np.array([seconds for seconds, _ in next(iter(runs.values()))])
    lines = []
    for name, pairs in runs.items():
        seconds, right = np.array(pairs).T
        lines.append(
            {
                "way": name,
                "seconds": round(float(statistics.median(seconds)), 2),
                "of_those_before": round(float(statistics.median(seconds / before)), 3),
                "validation_accuracy": round(float(right.mean()), 4),
                "standard_deviation": round(float(right.std(ddof=1)), 4) if seeds > 1 else 0.0,
            }
        )
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5)
    seeds = parser.parse_args().seeds
    lines = measure(digitrec.load_mnist(), seeds)
    print("\n share   validation")
    for line in lines:
        spread = f"{line['validation_accuracy']:.2%} ± {line['standard_deviation']:.2%}"
        print(f"{line['of_those_before']:6.2f}   {spread}   {line['way']}")
    result = {
        "lines": lines,
        "seeds": seeds,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "versions": installed_versions("tensorflow", "keras", "numpy"),
    }
    if seeds > 1:
        path = Path(__file__).with_suffix(".json")
        path.write_text(json.dumps(result, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
