"""How far the best of some equal runs lies above their mean, measured on runs that were made."""

import numpy as np

RUNS = 12  # of which the best is taken
DRAWS = 500  # of runs and images; their mean is off by a few hundredths of a point


def mean_leads(right: np.ndarray, choosing: int) -> tuple[float, float]:
    """Return the lead of the best run on the images that chose it, and on all others.

    Args:
        right: array (runs, images), bool: which images each run reads right.
        choosing: how many images choose the best run.

    Returns:
        How far it lies above the mean of the runs, in points: what it promises, and what it keeps.
    """
    generator = np.random.default_rng(12)
    leads = []
    for _ in range(DRAWS):
        runs = right[generator.permutation(len(right))[:RUNS]]
        chooses = np.zeros(right.shape[1], bool)
        chooses[generator.permutation(right.shape[1])[:choosing]] = True
        promised, kept = runs[:, chooses].mean(axis=1), runs[:, ~chooses].mean(axis=1)
        best = promised.argmax()
        leads.append((promised[best] - promised.mean(), kept[best] - kept.mean()))
    promise, truth = 100 * np.mean(leads, axis=0)
    return float(promise), float(truth)


def told_leads(right: np.ndarray) -> str:
    """Return what the best of twelve promises and keeps when few and when many images choose."""
    lines = ["The best of 12 equal runs lies above their mean"]
    for choosing in (250, 2_500):
        promise, truth = mean_leads(np.asarray(right), choosing)
        on_them = f"by {promise:.2f} points on them, {truth:.2f} on others"
        lines.append(f"- chosen by {choosing:,} images: {on_them}")
    return "\n".join(lines)
