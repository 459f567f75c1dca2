"""Judging by what networks say to images: to inverted, prepared, turned and speckled ones."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

import cv2
import numpy as np

from digitrec.exercises.judges import Choice, Measured
from digitrec.exercises.verdict import State, Verdict, not_attempted, right
from digitrec.mnist import Digits
from digitrec.networks import predict
from digitrec.reading import read_digit
from digitrec.reading.digit import LEAST_CONFIDENCE, percent, with_article
from digitrec.reading.pictures import load_picture

if TYPE_CHECKING:
    import keras

ASKED = 1_000  # images that a network is asked about for a prediction
MOST_PIXELS = 40  # that may change in the challenge
SHOWN = 8  # the digit of the challenge


def judge_not_inverted(answer: object, network: "keras.Model", digits: Digits) -> Verdict:
    """Judge a prediction by what the network of the lesson really says to inverted images."""
    if answer is None or answer is ...:
        return not_attempted()
    digits = digits[:ASKED]
    ten = predict(network, 255 - digits.images)[:, :10]
    read = int((ten.argmax(axis=1) == digits.labels).sum())
    believed = int((ten.max(axis=1) >= LEAST_CONFIDENCE).sum())
    favourite = np.bincount(ten.argmax(axis=1)).argmax()
    half = len(digits) / 2
    letter = "a" if read > half else "c" if believed > half else "b"
    mistakes = {
        "a": "The shapes are the same, but this network has a weight for each place. What do all "
        "the pixels of the paper, now 255, add to its sums?",
        "b": "To refuse, a network would have to give all ten digits little. Large sums make "
        "softmax sure, and paper of 255 makes large sums.",
        "c": "That is what a network usually does that knows ten answers and dark paper only. Ask "
        "this one: it has met light paper in training.",
    }
    because = (
        f"Of {len(digits):,} images it reads {read} right, and {believed} of its answers would be "
        f"believed. Most often it says {favourite}. It cannot know that it is lost."
        if letter == "c"
        else f"Of {len(digits):,} images it reads {read} right; {believed} answers are believed."
    )
    others = {one: hint for one, hint in mistakes.items() if one != letter}
    return Choice(letter, because, others)(answer)


def then(judge: Callable[..., Verdict], also: Callable[..., str]) -> Callable[..., Verdict]:
    """Return a judge that tells whoever is right what comes of it."""

    def judged(answer: object, *context: object) -> Verdict:
        verdict = judge(answer, *context)
        if verdict.state is not State.RIGHT:
            return verdict
        return right(f"{verdict.reason} {also(answer, *context)}", verdict.measure)

    return judged


def on_the_folder(
    centre_ink: Callable,
    fit_ink: Callable,
    pictures: Mapping[str, object],
    labels: Mapping[str, int],
    network: "keras.Model",
) -> str:
    """Tell how many pictures are read right, once they go through the learner's two functions."""
    read, known = 0, [name for name in pictures if name in labels]
    for name in known:
        grey = cv2.cvtColor(load_picture(pictures[name]), cv2.COLOR_RGB2GRAY)
        try:
            image = np.asarray(centre_ink(fit_ink(grey))).astype(np.uint8)
            answers = predict(network, image[np.newaxis])[0, :10]
        except Exception:  # the other function may be unfinished, or the paper is not 255
            continue
        read += int(answers.argmax() == labels[name])
    if not read:
        return "Once `fit_ink` works, too, this reads your pictures."
    return (
        f"With your two functions the network reads {read} of the {len(known)} pictures. Paper "
        "that is not exactly 255 needs what steps 2 to 4 do beside."
    )


def answers_by_angle(picture: np.ndarray) -> dict[int, int | None]:
    """Return what the network in the box reads at 0, 10, ..., 180 degrees; None is refused."""
    return read_by_angle(np.ascontiguousarray(picture).tobytes(), picture.shape)


@lru_cache(maxsize=4)
def read_by_angle(pixels: bytes, shape: tuple[int, ...]) -> dict[int, int | None]:
    """Read a picture at each angle; whoever tries several answers waits only for the first."""
    picture = np.frombuffer(pixels, np.uint8).reshape(shape)
    height, width = picture.shape[:2]
    answers = {}
    for degrees in range(0, 181, 10):
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
        tilted = cv2.warpAffine(picture, turn, (width, height), borderValue=(255, 255, 255))
        answers[degrees] = read_digit(tilted).answer
    return answers


def first_other(answers: Mapping[int, int | None]) -> int:
    return next((angle for angle, one in answers.items() if one != answers[0]), 0)


def wrong_angles(picture: np.ndarray) -> dict[float, str]:
    answers = answers_by_angle(picture)
    first = first_other(answers)
    hints = {}
    for angle, answer in answers.items():
        said = "no answer that is believed" if answer is None else with_article(answer)
        if answer == answers[0]:
            hints[angle] = f"At {angle} degrees it says {said}, as it did at first."
        elif angle != first:
            hints[angle] = f"At {angle} degrees comes {said}; an earlier angle changes it, too."
    return hints


def changed_pixels(
    answer: object, before: np.ndarray, networks: Mapping[str, "keras.Model"]
) -> float:
    """Return how many pixels changed, if every network believes in another digit now."""
    image = np.asarray(answer)
    if image.shape != before.shape or not np.array_equal(image, np.rint(image).clip(0, 255)):
        raise ValueError(f"Expected an image like `eight`: {before.shape}, whole numbers 0-255.")
    image = image.astype(np.uint8)
    changed = np.pad(image != before, 1)
    neighbours = sum(
        np.roll(changed, (down, aside), (0, 1))
        for down in (-1, 0, 1)
        for aside in (-1, 0, 1)
        if (down, aside) != (0, 0)
    )
    touching = np.argwhere(changed & (neighbours > 0))
    if len(touching):
        row, column = (touching[0] - 1).tolist()
        raise ValueError(
            f"The changed pixel in row {row}, column {column} touches another one. Specks leave "
            "the digit readable, strokes would draw another digit."
        )
    for name, network in networks.items():
        ten = predict(network, image[np.newaxis])[0, :10]
        digit, confidence = int(ten.argmax()), float(ten.max())
        if confidence < LEAST_CONFIDENCE:
            raise ValueError(f"{name} refuses it: no digit has 50%. That is not fooled.")
        if digit == SHOWN:
            said = f"{with_article(digit)}, sure to {percent(confidence)}"
            raise ValueError(f"{name} still reads {said}.")
    return float(changed.sum())


def judge_fooled(answer: object, before: np.ndarray, networks: Mapping) -> Verdict:
    """Judge an image that should fool; the one that the cell began with is no attempt."""
    if isinstance(answer, np.ndarray) and np.array_equal(answer, before):
        return not_attempted("No pixel has changed yet.")
    measured = Measured(changed_pixels, MOST_PIXELS, "{measure:.0f} pixels changed.", False)
    shown = "Show it to somebody: do they still read an 8? Fewer pixels are better."
    return then(measured, lambda *_: shown)(answer, before, networks)
