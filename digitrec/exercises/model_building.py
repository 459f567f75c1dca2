"""The tasks of notebook 2: build the network."""

import numpy as np

from digitrec.exercises.judges import Number
from digitrec.exercises.task import Task


def stable_softmax(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(np.asarray(scores, float) - np.max(scores, axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


weight_count = Task(
    name="02.weight_count",
    kind="change",
    title="A smaller network",
    question=(
        "How many weights does a network have with one hidden layer of 64 in place of two of 128, "
        "that is, 784-64-10? Work it out; biases count."
    ),
    starter="""\
weight_count = ...  # your answer, a whole number
tasks.weight_count.check(weight_count)""",
    judge=Number(
        expected=lambda: 784 * 64 + 64 + 64 * 10 + 10,
        mistakes=lambda: {
            784 * 64 + 64 * 10: "Every neuron also has a bias.",
            784 * 64 + 64: "That is the first layer; the second one has weights, too.",
            118_282: "That is the network with two layers of 128.",
        },
    ),
    hints=(
        "Each neuron of a layer has one weight for each number that comes in, and one bias.",
        "The first layer: 784 numbers come in, 64 neurons, so 784 * 64 + 64.",
        "The second layer: 64 numbers come in, 10 neurons. Add both layers.",
    ),
    goals=(5,),
)
