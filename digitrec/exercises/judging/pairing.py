"""Judging a function that mixes images: each has to keep its own label."""

from collections.abc import Callable

import numpy as np

from digitrec.exercises.calls import Outcome, outcome
from digitrec.exercises.values import alike, shown
from digitrec.exercises.verdict import Verdict, not_attempted, not_yet, right

SIDE = 2  # pixels; images small enough to look at
STRIDE = 5  # by which the first pixel of an image is above that of the one before
TRIES = ((40, 1), (40, 2), (9, 1))  # images and seed


def torn(images: np.ndarray, labels: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Mix images and labels, each in an order of its own: the fault that is to be found."""
    generator = np.random.default_rng(seed)
    return generator.permutation(images), generator.permutation(labels)


def numbered(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return images of which every pixel is another one, and their labels.

    >>> images, labels = numbered(3)
    >>> images[1], labels
    (array([[5, 6],
           [7, 8]], dtype=uint8), array([3, 0, 7], dtype=uint8))
    """
    numbers = np.arange(count, dtype=np.uint8)
    pixels = np.arange(SIDE * SIDE, dtype=np.uint8).reshape(SIDE, SIDE)
    return STRIDE * numbers[:, None, None] + pixels, (7 * numbers + 3) % 10


def judge_mixing(answer: object) -> Verdict:
    """Judge a function from images, labels and a seed to the same pairs in a new order.

    Any order will do, as long as every image comes once, with its label, and the seed decides.
    """
    if answer is None or answer is ...:
        return not_attempted()
    if not callable(answer):
        return not_yet(f"{shown(answer)} came; expected the function itself, without brackets.")
    results = [outcome(answer, (*numbered(count), seed)) for count, seed in TRIES]
    if all(result.nothing for result in results):
        return not_attempted("The function returns nothing yet.")
    if same(results, torn):
        return not_attempted("It does what it did before; the fault is still there.")
    for (count, _), result in zip(TRIES, results, strict=True):
        if reason := broken(result, count):
            return not_yet(f"With {count} images, {reason}")
    orders = [order(result) for result in results]
    if np.array_equal(orders[0], np.arange(len(orders[0]))):
        return not_yet("Each image keeps its label, and nothing is mixed: the order is as before.")
    if np.array_equal(orders[0], orders[1]):
        return not_yet("The order is the same with every seed: take it from `generator`.")
    if not same(results, answer):
        return not_yet("With the same seed, another order came. Take it from `generator`.")
    return right("Each image keeps its label: one order serves both.")


def broken(result: Outcome, count: int) -> str:
    """Say what is wrong with mixed images and labels; nothing where every pair is whole."""
    if result.error:
        return f"your function stopped with {result.error}."
    if result.changed:
        return "your function changed its arguments. Return something new instead."
    if not isinstance(result.value, tuple | list) or len(result.value) != 2:
        return f"{shown(result.value)} came out; expected two things, images and labels."
    images, labels = (np.asarray(part) for part in result.value)
    if images.shape != (count, SIDE, SIDE) or labels.shape != (count,):
        return f"images of shape {images.shape} came out, with labels of shape {labels.shape}."
    numbers, (whole, own) = order(result), numbered(count)
    if not np.array_equal(images, whole[numbers.clip(0, count - 1)]):
        return "pixels were changed, too: whole images have to move."
    if not np.array_equal(np.sort(numbers), np.arange(count)):
        return f"only {len(set(numbers.tolist()))} different ones came out: some came twice."
    apart = int((labels != own[numbers]).sum())
    return f"{apart} came out beside another image's label." if apart else ""


def order(result: Outcome) -> np.ndarray:
    """Return the numbers of the images that came out, in their order."""
    return np.asarray(result.value[0])[:, 0, 0].astype(int) // STRIDE


def same(results: list[Outcome], other: Callable[..., object]) -> bool:
    """Tell whether another function makes the same of every try."""
    theirs = [outcome(other, (*numbered(count), seed)) for count, seed in TRIES]
    return all(
        not (mine.error or one.error)
        and isinstance(mine.value, tuple | list)
        and len(mine.value) == len(one.value) == 2
        and all(alike(a, b, 0) for a, b in zip(mine.value, one.value, strict=True))
        for mine, one in zip(results, theirs, strict=True)
    )
