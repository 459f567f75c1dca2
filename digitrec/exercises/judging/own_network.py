"""Judging a network that a learner built: it has to answer as its own weights say."""

from itertools import pairwise

import numpy as np

from digitrec.exercises.calls import outcome
from digitrec.exercises.values import shown
from digitrec.exercises.verdict import Verdict, not_attempted, not_yet, right
from digitrec.mnist import Digits

SIZES = (784, 128, 128, 10)
COUNT = 500  # images that it is asked about
NEAR = 1e-3
USUAL_LOSS = (1.8, 2.8)  # of a network that guesses


def judge_own_network(build: object, validation: Digits) -> Verdict:
    """Judge a function that builds 784-128-128-10, untrained."""
    if build is None or build is ...:
        return not_attempted()
    if not callable(build) or hasattr(build, "layers"):
        return not_yet(f"{shown(build)} came; expected the function, without brackets behind it.")
    result = outcome(build, ())
    if result.nothing:
        return not_attempted("The function returns nothing yet.")
    if result.error:
        return not_yet(f"Your function stopped with {result.error}")
    network, some = result.value, validation[:COUNT]
    if not hasattr(network, "get_weights") or not callable(network):
        return not_yet(f"{shown(network)} came out; expected a network.")
    asked = outcome(lambda images: np.asarray(network(images)), (some.images,))
    if asked.error:
        return not_yet(f"Asked about {COUNT} images, the network stopped with {asked.error}")
    answers = np.asarray(asked.value, float)
    if answers.shape != (COUNT, SIZES[-1]):
        return not_yet(
            f"For {COUNT} images, numbers of shape {answers.shape} came out; expected "
            f"({COUNT}, 10)."
        )
    adds_up = np.allclose(answers.sum(axis=1), 1, atol=NEAR)
    if not adds_up and np.allclose(answers.sum(axis=0), 1, atol=NEAR):
        return not_attempted("It does what it did before; the fault is still there.")
    if not adds_up:
        return not_yet(
            f"The ten numbers of the first image add up to {shown(answers[0].sum())}, and not to "
            "1. The last layer gives scores; softmax has to make probabilities of them, for each "
            "image."
        )
    return judge_answers(answers, network.get_weights(), some)


def judge_answers(answers: np.ndarray, weights: list[np.ndarray], some: Digits) -> Verdict:
    """Judge answers by those that the same weights give without Keras."""
    shapes = [shape for pair in pairwise(SIZES) for shape in (pair, pair[1:])]
    if [one.shape for one in weights] != shapes:
        came = sum(one.size for one in weights)
        return not_yet(
            f"The network has {came:,} weights; this one should stay 784-128-128-10, with 118,282."
        )
    inputs = some.images.reshape(len(some), -1)
    if not np.allclose(answers, forward(inputs / 255, weights), atol=NEAR):
        slips = (
            (inputs / 255 / 255, {}, "The images are divided by 255 twice."),
            (inputs, {}, "Nobody divides the images by 255."),
            (inputs / 255, {"softmaxes": 2}, "Softmax is taken twice: leave one out."),
            (inputs / 255, {"bend": False}, "ReLU is missing after the hidden layers."),
        )
        said = [
            sentence
            for values, how, sentence in slips
            if np.allclose(answers, forward(values, weights, **how), atol=NEAR)
        ]
        return not_yet(
            " ".join(
                said[:1]
                or ["Its answers are not those of 784-128-128-10 with ReLU and softmax, by hand."]
            )
        )
    loss = -np.log(answers[np.arange(len(some)), some.labels]).mean()
    if not USUAL_LOSS[0] < loss < USUAL_LOSS[1]:
        return not_yet(f"The loss is {loss:.2f}; a network that guesses has about ln 10.")
    return right(f"However many are asked about together, the loss is {loss:.1f}, about ln 10.")


def forward(
    inputs: np.ndarray, weights: list[np.ndarray], bend: bool = True, softmaxes: int = 1
) -> np.ndarray:
    """Return what dense layers with ReLU and softmax make of inputs, in NumPy alone."""
    values = inputs
    layers = list(zip(weights[::2], weights[1::2], strict=True))
    for kernel, bias in layers[:-1]:
        values = values @ kernel + bias
        values = np.maximum(values, 0) if bend else values
    values = values @ layers[-1][0] + layers[-1][1]
    for _ in range(softmaxes):
        powers = np.exp(values - values.max(axis=1, keepdims=True))
        values = powers / powers.sum(axis=1, keepdims=True)
    return values
