"""Judging how batches are put together: some digits of a hand, the rest from MNIST."""

from functools import cache

import numpy as np

from digitrec.exercises.calls import Outcome, outcome
from digitrec.exercises.values import alike, shown
from digitrec.exercises.verdict import Verdict, not_attempted, not_yet, right
from digitrec.mnist import Digits

CASES = ((0.25, 64), (0.5, 10), (0.1, 40))  # share of the hand, size of the batch
SEEDS = range(4)


@cache
def sources() -> tuple[Digits, Digits]:
    """Return digits that stand in for a hand and for MNIST; no image is there twice."""
    generator = np.random.default_rng(8)
    images = generator.integers(0, 256, (330, 28, 28), np.uint8)
    labels = generator.integers(0, 10, 330).astype(np.uint8)
    return Digits(images[:30], labels[:30]), Digits(images[30:], labels[30:])


def hand_alone(
    hand: Digits, known: Digits, share: float, size: int, generator: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Put a batch together with both faults that are to be found."""
    new = round(share * size)
    mine = hand[generator.integers(len(hand), size=new)]
    rest = hand[generator.integers(len(hand), size=size - new)]
    images = np.concatenate([mine.images, rest.images])
    return images, np.concatenate([rest.labels, mine.labels])


def mixes(answer: object) -> Verdict:
    """Judge a function (hand, known, share, size, generator) that returns images and labels."""
    if answer is None or answer is ...:
        return not_attempted()
    if not callable(answer):
        return not_yet(f"{shown(answer)} came; expected the function, without brackets behind it.")
    calls = [(share, size, seed) for share, size in CASES for seed in SEEDS]
    results = [called(answer, *call) for call in calls]
    if all(result.nothing for result in results):
        return not_attempted("The function returns nothing yet.")
    before = [called(hand_alone, *call).value for call in calls]
    if all(alike(result.value, one, 0) for result, one in zip(results, before, strict=True)):
        return not_attempted("It does what it did before; the faults are still there.")
    known_places, labels_right = [], True
    for (share, size, _), result in zip(calls, results, strict=True):
        reason, places, labelled = looked_at(result, share, size)
        if reason:
            return not_yet(f"With share = {share}, size = {size}: {reason}")
        labels_right &= labelled
        known_places.append(places)
    if not labels_right:
        return not_yet(
            "The mixture is right. But images have the labels of others: join labels in the order "
            "in which you join images."
        )
    hand, _ = sources()
    if max(places.max() for places in known_places) < len(hand):
        return not_yet(
            f"Of MNIST only the first {len(hand)} images come: draw from `len(known)` places."
        )
    if all(np.array_equal(known_places[0], places) for places in known_places[: len(SEEDS)]):
        return not_yet("Every batch has the same images of MNIST: let the generator draw them.")
    return right(f"{len(calls)} batches, each with its share of the hand and the rest MNIST's.")


def called(function: object, share: float, size: int, seed: int) -> Outcome:
    result = outcome(function, (*sources(), share, size, np.random.default_rng(seed)))
    value = result.value
    if isinstance(value, Digits):
        value = value.images, value.labels
    return Outcome(value, result.error, result.changed, result.printed)


def looked_at(result: Outcome, share: float, size: int) -> tuple[str, np.ndarray, bool]:
    """Look where the images of a batch come from.

    Returns:
        What is wrong with the batch, the places of its images in MNIST, and whether the labels are
        those of the images.
    """
    nowhere = np.zeros(0, int)
    if result.error or result.changed:
        return (
            f"your function stopped with {result.error or 'a changed argument'}",
            nowhere,
            False,
        )
    try:
        images, labels = (np.asarray(one) for one in result.value)
    except (TypeError, ValueError):
        images, labels = nowhere, nowhere
    if images.shape != (size, 28, 28) or labels.shape != (size,):
        return (
            f"images of shape {images.shape} and labels of shape {labels.shape} came; expected "
            f"({size}, 28, 28) and ({size},).",
            nowhere,
            False,
        )
    hand, known = sources()
    everything = np.concatenate([hand.images, known.images])
    place_of = {image.tobytes(): place for place, image in enumerate(everything)}
    places = [place_of.get(image.tobytes(), -1) for image in images.astype(np.uint8)]
    if -1 in places:
        return "an image came that is neither the hand's nor MNIST's.", nowhere, False
    places = np.array(places)
    new, wanted = int((places < len(hand)).sum()), round(share * size)
    if new == size:
        return (
            f"all {size} images are the hand's. So the network forgets: where is MNIST?",
            nowhere,
            False,
        )
    if new == size - wanted != wanted:
        return f"{new} images are the hand's, {wanted} MNIST's: that is exchanged.", nowhere, False
    if new != wanted:
        return f"{new} of {size} images are the hand's; expected {wanted}.", nowhere, False
    own_labels = np.concatenate([hand.labels, known.labels])[places]
    return "", places[places >= len(hand)] - len(hand), bool((own_labels == labels).all())
