"""How much of the variance lies along the two widest directions of a cloud of points."""

import numpy as np


def shares_of_covariance(values: np.ndarray) -> np.ndarray:
    """Return the shares of the variance along the two widest directions, by eigenvalues."""
    variances = np.linalg.eigvalsh(np.cov(np.asarray(values, float).T))[::-1]
    return variances[:2] / variances.sum()


def shares_without(values: np.ndarray, middle: np.ndarray | float) -> np.ndarray:
    """Return the same by singular values, once something was taken off the values."""
    widths = np.linalg.svd(np.asarray(values, float) - middle, compute_uv=False)
    return widths[:2] ** 2 / np.sum(widths**2)


def cloud_inputs() -> tuple[tuple, ...]:
    generator = np.random.default_rng(8)
    wide = generator.normal(size=(30, 5)) * [5, 3, 2, 1, 1] + [20, -4, 0, 7, 1]
    return (
        (np.array([[10.0, 1.0], [10.0, 3.0], [12.0, 2.0], [8.0, 2.5], [11.0, 0.0]]),),
        (wide,),
        (np.abs(generator.normal(size=(12, 3))) + np.array([0, 6, 0]),),
        (wide - wide.mean(axis=0),),
    )
