"""Judging a function that splits a pile of images: no two have to shuffle in the same way."""

from collections.abc import Callable

import numpy as np

from digitrec.exercises.calls import outcome
from digitrec.exercises.values import alike, shown
from digitrec.exercises.verdict import Verdict, not_attempted, not_yet, right
from digitrec.mnist import SIDE

SHARES = (0.6, 0.2, 0.2)
NAMES = ("first", "second", "third")
PILES = ((100, 1), (250, 2))  # how many images, and with which seed they are shuffled


def pile(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return images that can be told apart, sorted by their labels."""
    images = np.random.default_rng(0).integers(0, 256, (count, SIDE, SIDE), np.uint8)
    return images, np.arange(count) * 10 // count


def with_a_new_order_each_time(images: np.ndarray, labels: np.ndarray, seed: int) -> list:
    """Do what the starter does: some images are in several parts, and others in none."""
    generator = np.random.default_rng(seed)
    parts, start = [], 0
    for share in SHARES:
        order = generator.permutation(len(images))
        stop = start + round(share * len(images))
        parts.append((images[order[start:stop]], labels[order[start:stop]]))
        start = stop
    return parts


def judge_split(answer: object) -> Verdict:
    """Judge a function that takes images, labels and a seed, and returns three pairs."""
    if answer is None or answer is ...:
        return not_attempted()
    if not callable(answer):
        return not_yet(
            f"{shown(answer)} came; expected the function itself, without brackets behind it."
        )
    if same_as_given(answer):
        return not_attempted("It does what it did before; the fault is still there.")
    for count, seed in PILES:
        images, labels = pile(count)
        result = outcome(answer, (images, labels, seed))
        if result.nothing:
            return not_attempted("The function returns nothing yet.")
        fault = (
            f"your function stopped with {result.error}"
            if result.error
            else "your function changed the pile that it was given. Leave it as it is."
            if result.changed
            else fault_of(result.value, images, labels)
        )
        if fault:
            return not_yet(f"With {count} images: {fault}")
        if not alike(outcome(answer, (images, labels, seed)).value, result.value, 0):
            return not_yet(
                "The same seed gives other parts each time. Shuffle with "
                "`np.random.default_rng(seed)`."
            )
        if alike(outcome(answer, (images, labels, seed + 1)).value, result.value, 0):
            return not_yet("Another seed gives the same parts. Shuffle with the seed that came.")
    return right("Each image is in one part, with its label. Random labels stay unguessable.")


def same_as_given(answer: Callable[..., object]) -> bool:
    inputs = (*pile(PILES[0][0]), PILES[0][1])
    mine, given = outcome(answer, inputs), outcome(with_a_new_order_each_time, inputs)
    return alike(mine.value, given.value, 0)


def fault_of(parts: object, images: np.ndarray, labels: np.ndarray) -> str:
    """Say what is wrong with three parts of a pile; nothing where all is well."""
    form = "expected three pairs of images and labels."
    try:
        pairs = [(np.asarray(one), np.asarray(other)) for one, other in parts]
    except (TypeError, ValueError):
        return f"what came out is not made of pairs; {form}"
    if len(pairs) != len(SHARES):
        return f"pairs that came out: {len(pairs)}; {form}"
    places = {image.tobytes(): place for place, image in enumerate(images)}
    found = []  # for each part, which images of the pile are in it
    for name, share, (some, their_labels) in zip(NAMES, SHARES, pairs, strict=True):
        wanted = round(share * len(images))
        if some.shape[1:] != images.shape[1:] or their_labels.shape != some.shape[:1]:
            return (
                f"the {name} part has images of shape {some.shape} and labels of shape "
                f"{their_labels.shape}; {form}"
            )
        if len(some) != wanted:
            return f"the {name} part has {len(some)} images; expected {wanted}, {share:.0%}."
        mine = [places.get(one.astype(images.dtype).tobytes()) for one in some]
        if None in mine:
            return f"the {name} part has an image that is not in the pile."
        strangers = (labels[mine] != their_labels).sum()
        if strangers:
            return (
                f"images of the {name} part with the label of another one: {strangers}. Shuffle "
                "images and labels in the same order."
            )
        found.append(mine)
    return overlap_or_order(found)


def overlap_or_order(found: list[list[int]]) -> str:
    """Say which parts share images, or that nobody shuffled."""
    for name, mine in zip(NAMES, found, strict=True):
        if len(set(mine)) < len(mine):
            return f"an image is twice in the {name} part."
    for one in range(len(found)):
        for other in range(one + 1, len(found)):
            shared = len(set(found[one]) & set(found[other]))
            if shared:
                return f"images in the {NAMES[one]} and in the {NAMES[other]} part: {shared}."
    if any(max(mine) - min(mine) < len(mine) for mine in found):
        return (
            "the pile was cut as it lay. It is sorted by label here, so the last part has digits "
            "that the first has not. Shuffle."
        )
    return ""
