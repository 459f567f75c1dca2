"""One step of gradient descent for the first layer of two: right, and wrong in usual ways."""

import numpy as np


def stepped(
    first_weights: np.ndarray,
    last_weights: np.ndarray,
    inputs: np.ndarray,
    truth: np.ndarray,
    rate: float,
    *,
    open_only: bool = True,
    mean: bool = True,
    sign: int = -1,
    slopes_only: bool = False,
    through_last: bool = True,
) -> np.ndarray:
    """Return first weights after a step by hand; each switch is a usual mistake."""
    sums = inputs @ first_weights
    powers = np.exp(np.maximum(sums, 0) @ last_weights)
    error = powers / powers.sum(axis=1, keepdims=True) - truth
    back = error @ last_weights.T if through_last else np.ones_like(sums)
    hidden_error = np.where(sums > 0, back, 0) if open_only else back
    slopes = inputs.T @ hidden_error / (len(inputs) if mean else 1)
    return slopes if slopes_only else first_weights + sign * rate * slopes


def step_by_tape(
    first_weights: np.ndarray,
    last_weights: np.ndarray,
    inputs: np.ndarray,
    truth: np.ndarray,
    rate: float,
) -> np.ndarray:
    """Return first weights after a step, with the slopes that TensorFlow finds."""
    from digitrec.quiet import tensorflow as tf

    first = tf.Variable(first_weights)
    with tf.GradientTape() as tape:
        scores = tf.nn.relu(inputs @ first) @ last_weights
        losses = tf.nn.softmax_cross_entropy_with_logits(truth, scores)
        loss = tf.reduce_mean(losses)
    return first_weights - rate * tape.gradient(loss, first).numpy()


def batches() -> tuple[tuple, ...]:
    """Return small networks with a batch for each: the one of the notebook, and drawn ones.

    No sum of a hidden neuron is 0, where ReLU has two slopes.
    """
    first = np.array([[0.6, -0.4], [0.2, -0.8]])
    last = np.array([[0.7, -0.3], [-0.5, 0.9]])
    known = (first, last, np.array([[1.0, 0.5]]), np.array([[0.0, 1.0]]), 0.1)
    inputs = np.array([[1.0, 0.5], [-1.0, 0.2], [-0.5, -1.0]])
    drawn = [known, (first, last, inputs, np.array([[0.0, 1.0], [1.0, 0.0], [0.0, 1.0]]), 0.1)]
    generator = np.random.default_rng(3)
    for images, pixels, neurons, answers in ((5, 3, 4, 2), (8, 6, 5, 10)):
        drawn.append(
            (
                generator.normal(0, 1, (pixels, neurons)),
                generator.normal(0, 1, (neurons, answers)),
                generator.normal(0, 1, (images, pixels)),
                np.eye(answers)[generator.integers(0, answers, images)],
                0.5,
            )
        )
    return tuple(drawn)
