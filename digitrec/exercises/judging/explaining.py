"""Four ways to explain an answer, two of which do not look at what a network has learned."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import cv2
import numpy as np

from digitrec.exercises.values import shown
from digitrec.exercises.verdict import Verdict, not_attempted, not_yet, right
from digitrec.inside.gradients import saliency
from digitrec.inside.occlusion import occlusion
from digitrec.inside.parts import as_ink

if TYPE_CHECKING:
    import keras

BLIND = frozenset("BC")  # at every dense network, trained or not, they show nearly the same


def soft_gradient(model: "keras.Model", images: np.ndarray, digits: np.ndarray) -> np.ndarray:
    """Return |gradient|, blurred."""
    return blurred(saliency(model, images, digits), 1.5)


def edges(model: "keras.Model", images: np.ndarray, digits: np.ndarray) -> np.ndarray:
    """Return where ink begins and ends; the network is not asked at all."""
    return np.array([np.hypot(*np.gradient(ink)) for ink in as_ink(images)])


def gradient_near_ink(model: "keras.Model", images: np.ndarray, digits: np.ndarray) -> np.ndarray:
    """Return |gradient| times blurred ink: the ink decides nearly all of it."""
    return saliency(model, images, digits) * blurred(as_ink(images), 1.0)


def covered(model: "keras.Model", images: np.ndarray, digits: np.ndarray) -> np.ndarray:
    """Return what a square of 4x4 pixels of paper takes, at each place."""
    pairs = zip(images, digits, strict=True)
    return np.array(
        [np.maximum(occlusion(model, one, 4).lost(int(digit)), 0) for one, digit in pairs]
    )


def blurred(images: np.ndarray, sigma: float) -> np.ndarray:
    return np.array([cv2.GaussianBlur(image, (0, 0), sigma) for image in images])


explanations = {"A": soft_gradient, "B": edges, "C": gradient_near_ink, "D": covered}


def blind(answer: object) -> Verdict:
    """Judge which of the explanations do not show what was learned.

    Args:
        answer: their letters, as a list or another collection, or in one text.
    """
    if answer is None or answer is ...:
        return not_attempted()
    named = letters_in(answer)
    if named is None:
        return not_yet(f'{shown(answer)} came; expected letters from A to D, such as ["D"].')
    if named == BLIND:
        return right("B finds edges and never asks the network; C is nearly the ink again.")
    if wrong := sorted(named - BLIND):
        return not_yet(f"{' and '.join(wrong)}: {INNOCENT[wrong[0]]}")
    return not_yet(MISSING[frozenset(named)])


INNOCENT: Mapping[str, str] = {
    "A": "this one's maps of a trained and an untrained network have next to nothing in common. "
    "Blind is an explanation whose maps are alike, a number near 1.",
    "D": "its maps are alike in part, because paper over paper changes nothing in any network. "
    "The strokes still get other values. Look for likeness above 0.9.",
}
MISSING: Mapping[frozenset, str] = {
    frozenset(): "At least one does not pass. A likeness near 1 is what gives it away.",
    frozenset(
        "B"
    ): "That one is blind: its likeness is exactly 1. But a map can be blind and still "
    "change a little. Is another one above 0.9?",
    frozenset("C"): "That one is blind: the ink decides nearly all of it. Another one is even more "
    "alike.",
}


def letters_in(answer: object) -> set[str] | None:
    """Return the letters that an answer names, or None where it names something else.

    >>> sorted(letters_in(["b", "D"])), sorted(letters_in("B, D")), letters_in(3)
    (['B', 'D'], ['B', 'D'], None)
    """
    if isinstance(answer, str):
        answer = answer.replace(",", " ").replace(" and ", " ").split()
        answer = [*answer[0]] if len(answer) == 1 else answer  # "BD"
    if not isinstance(answer, Iterable):
        return None
    named = [str(one).strip().upper() for one in answer]
    return set(named) if set(named) <= set(explanations) else None
