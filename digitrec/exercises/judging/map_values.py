"""One value of a map, computed in another way than learners do, and where it is asked for."""

import cv2
import numpy as np


def with_filter2d(
    image: np.ndarray, weights: np.ndarray, bias: float, row: int, column: int, step: int
) -> float:
    """Compute one value of a map with OpenCV, which does all windows at once."""
    everywhere = cv2.filter2D(
        np.asarray(image, float), cv2.CV_64F, np.asarray(weights, float), anchor=(0, 0)
    )
    return float(everywhere[row * step, column * step] + bias)


def window_at(image: np.ndarray, weights: np.ndarray, row: int, column: int) -> np.ndarray:
    return image[row : row + weights.shape[0], column : column + weights.shape[1]]


def map_inputs() -> tuple[tuple, ...]:
    generator = np.random.default_rng(7)
    image = np.array([[0, 1, 2, 0, 1], [3, 1, 0, 2, 0], [0, 2, 1, 4, 0], [1, 0, 5, 0, 2]])
    larger, tall = generator.normal(size=(9, 8)), generator.normal(size=(3, 2))
    return (
        (image, np.array([[1, 2], [3, -4]]), 0.5, 0, 1, 2),
        (image, np.array([[-1, 0], [2, -3]]), 0.0, 1, 0, 1),
        (larger, tall, -0.25, 2, 1, 2),
        (larger, tall, 1.5, 1, 2, 3),
        (-np.abs(larger), np.abs(tall), 0.1, 3, 0, 1),
    )
