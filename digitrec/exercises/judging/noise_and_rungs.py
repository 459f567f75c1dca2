"""Noise that is added, rungs that are chosen: what is right, told in another way, and mistakes."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import cv2
import numpy as np

from digitrec.ladder import Rung
from digitrec.mnist import Digits
from digitrec.networks import predict

if TYPE_CHECKING:
    import keras

MOST_WEIGHTS = 20_000  # in the challenge


def images_and_noise() -> tuple[tuple[np.ndarray, np.ndarray], ...]:
    """Return arguments for `add_noise`; whole numbers wrap alike on every processor."""
    generator = np.random.default_rng(6)
    paper_and_ink = np.array([[[0, 120, 250]]], np.uint8)
    images = generator.integers(0, 256, (3, 28, 28)).astype(np.uint8)
    return (
        (paper_and_ink, np.array([[[0, 30, 20]]])),
        (paper_and_ink, np.array([[[-20, -20, 5]]])),
        (images, np.rint(generator.normal(0, 60, images.shape)).astype(int)),
    )


def saturated(images: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """Return what is right for `add_noise`: OpenCV adds, and stops at 0 and 255."""
    sums = [
        cv2.add(image, extra, dtype=cv2.CV_8U)
        for image, extra in zip(images.astype(float), noise.astype(float), strict=True)
    ]
    return np.stack(sums).reshape(images.shape)


def wrapping(images: np.ndarray, noise: np.ndarray) -> np.ndarray:
    return (images + noise).astype(np.uint8)


def unlimited(images: np.ndarray, noise: np.ndarray) -> np.ndarray:
    return images + noise


def without_limit_below(images: np.ndarray, noise: np.ndarray) -> np.ndarray:
    return np.minimum(images + noise, 255).astype(np.uint8)


def without_limit_above(images: np.ndarray, noise: np.ndarray) -> np.ndarray:
    return np.maximum(images + noise, 0).astype(np.uint8)


def scaled(images: np.ndarray, noise: np.ndarray) -> np.ndarray:
    sums = images + noise
    return (255 * (sums - sums.min()) / max(np.ptp(sums), 1)).astype(np.uint8)


class Rungs(tuple):
    """Rungs that are told in two words where an answer is judged."""

    def __repr__(self) -> str:
        return "made-up rungs"


RUNGS = Rungs(
    (  # so that each wrong rule chooses another one
        Rung("linear", 4_600, 5_000, 0.71, 7_850, 3.0, 0.007),
        Rung("dense", 4_890, 5_000, 0.83, 118_282, 14.0, 0.008),
        Rung("convolutional", 4_970, 5_000, 0.88, 61_658, 18.0, 0.03),
        Rung("nearest neighbour", 4_985, 5_000, 0.81, 43_175_000, 0.0, 0.6),
        Rung("in the box", 4_980, 5_000, 0.97, 243_243, 1_150.0, 0.2),
    )
)
LIMITS = (
    (RUNGS, 10**9, 10.0),
    (RUNGS, 100_000, 1.0),
    (RUNGS, 10**9, 0.1),
    (RUNGS, 118_282, 0.008),  # as many as are allowed are allowed
)


def allowed(rungs: Sequence[Rung], most_numbers: int, most_seconds: float) -> list[Rung]:
    """Return the rungs within both limits."""
    return [
        rung
        for rung in rungs
        if rung.numbers <= most_numbers and rung.seconds_to_answer <= most_seconds
    ]


def best_by_sorting(rungs: Sequence[Rung], most_numbers: int, most_seconds: float) -> str:
    """Return what is right for `choose`: the names in order, and the last of them."""
    fit = allowed(rungs, most_numbers, most_seconds)
    return sorted((rung.other_hands, rung.recogniser) for rung in fit)[-1][1]


def chooses(key: Callable, numbers: bool = True, seconds: bool = True) -> Callable[..., object]:
    """Return a rule that takes the most by a key, within both limits, one, or none."""

    def chosen(rungs: Rungs, most_numbers: int, most_seconds: float) -> str:
        limits = (most_numbers if numbers else np.inf, most_seconds if seconds else np.inf)
        return max(allowed(rungs, *limits), key=key).recogniser

    return chosen


CHOOSE_MISTAKES = (
    (
        chooses(lambda rung: rung.accuracy),
        "That is the best at home. Strangers write here.",
    ),
    (
        chooses(lambda rung: rung.other_hands, numbers=False),
        "One that stores too many numbers is taken.",
    ),
    (
        chooses(lambda rung: rung.other_hands, seconds=False),
        "One that takes too long to answer is taken.",
    ),
    (
        chooses(lambda rung: rung.other_hands, numbers=False, seconds=False),
        "The limits are not looked at.",
    ),
    (
        lambda rungs, most_numbers, most_seconds: chooses(lambda rung: rung.other_hands)(
            rungs, most_numbers - 1, most_seconds - 1e-9
        ),
        "As much as the limit is allowed: `<=`.",
    ),
    (
        lambda rungs, most_numbers, most_seconds: max(
            allowed(rungs, most_numbers, most_seconds),
            key=lambda rung: rung.other_hands,
        ),
        "The right rung. Return its name, `.recogniser`.",
    ),
    (
        lambda rungs, most_numbers, most_seconds: max(
            rung.other_hands for rung in allowed(rungs, most_numbers, most_seconds)
        ),
        "That is how good it is. Return the name, `.recogniser`.",
    ),
)


def with_and_without(add_noise: Callable, network: "keras.Model", digits: Digits) -> str:
    """Tell how the same network does on noise that was added right, and on the faulty one."""
    generator = np.random.default_rng(1)
    noise = np.rint(generator.normal(0, 20, digits.images.shape)).astype(int)
    mended, faulty = (
        share_right(network, np.asarray(add(digits.images.copy(), noise)), digits.labels)
        for add in (add_noise, wrapping)
    )
    return (
        f"With weak noise your network reads {mended:.1%} of {len(digits)} digits; with the fault "
        f"it seemed to be {faulty:.1%}."
    )


def share_right(network: "keras.Model", images: np.ndarray, labels: np.ndarray) -> float:
    """Return the share of images that a network reads right, 0-1."""
    ten = predict(network, images.astype(np.uint8))[:, :10]
    return float(np.mean(ten.argmax(axis=1) == labels))


def share_of_noisy(network: object, images: np.ndarray, labels: np.ndarray) -> float:
    """Return how much of the noisy digits a small network reads."""
    if not callable(getattr(network, "count_params", None)):
        raise ValueError("Expected a network, such as `digitrec.build_cnn(8)`, trained.")
    weights = network.count_params()
    if weights > MOST_WEIGHTS:
        raise ValueError(f"It has {weights:,} weights, at most {MOST_WEIGHTS:,} are allowed.")
    return share_right(network, images, labels)
