"""Counting answers in usual ways, right and wrong: in a matrix, among sure ones, by doubt."""

import numpy as np


def counted_by_tensorflow(labels: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    from digitrec.quiet import tensorflow as tf

    return tf.math.confusion_matrix(labels, predicted, num_classes=10).numpy()


def counted_once(labels: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    matrix = np.zeros((10, 10), int)
    matrix[labels, predicted] += 1
    return matrix


def read_digits() -> tuple[tuple[np.ndarray, np.ndarray], ...]:
    """Return labels and answers as the notebook has them: three digits, and many."""
    generator = np.random.default_rng(4)
    few = np.array([4, 4, 4, 9], np.uint8), np.array([4, 9, 9, 9])
    labels = generator.integers(0, 10, 300).astype(np.uint8)
    predicted = np.where(generator.random(300) < 0.7, labels, generator.integers(0, 10, 300))
    of_eight = np.full(5, 8, np.uint8), np.array([3, 8, 3, 0, 8])
    return few, of_eight, (labels, predicted)


def share_of(right: float, all_of_them: float) -> float:
    return right / all_of_them


def wrong_share(sure: np.ndarray, mistake: np.ndarray) -> float:
    """Return the share of mistakes among sure answers; 0 where none is sure."""
    return float(np.mean(mistake[sure])) if sure.any() else 0.0


def other_shares(sure: np.ndarray, mistake: np.ndarray) -> dict[float, str]:
    both, sure_share = int((sure & mistake).sum()), wrong_share(sure, mistake)
    return {
        both / max(int(mistake.sum()), 1): (
            "That divides by the mistakes: it says how many of them were sure."
        ),
        1 - sure_share: "That is the share that is right.",
        both / len(sure): "That divides by all answers; divide by those that were sure.",
        both: "That is how many there are; divide by how many answers were sure.",
        100 * sure_share: "That is in per cent; a share lies between 0 and 1.",
    }


def doubts() -> tuple[tuple[np.ndarray, np.ndarray], ...]:
    """Return labels with probabilities: three images that tell, and drawn ones."""
    sure, torn = np.full(10, 0.01), np.full(10, 0.02)
    sure[3], torn[4], torn[9] = 0.91, 0.45, 0.39
    middle = np.full(10, 0.02)
    middle[7] = 0.82
    telling = np.array([8, 4, 7], np.uint8), np.array([sure, torn, middle])
    generator = np.random.default_rng(7)
    drawn = [telling]
    for count in (12, 40):
        probabilities = generator.dirichlet(np.full(10, 0.3), count) + 1e-6
        labels = np.where(generator.random(count) < 0.7, probabilities.argmax(axis=1), 5)
        drawn.append((labels, probabilities / probabilities.sum(axis=1, keepdims=True)))
    return tuple(drawn)


def of_label(labels: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    return probabilities[np.arange(len(labels)), labels]
