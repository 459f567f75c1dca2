"""How good a network is: loss, calibration, what it refuses, and how sure the figures are."""

import numpy as np

import digitrec
from digitrec.networks import averaged_over_shifts
from digitrec.quiet import keras

TEMPERATURES = np.geomspace(0.5, 2.0, 29)


def log_loss(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """Return the cross-entropy of probabilities (n, answers) against the true labels (n,)."""
    return float(-np.log(probabilities[np.arange(len(labels)), labels] + 1e-7).mean())


def calibration_error(probabilities: np.ndarray, labels: np.ndarray, bins: int = 10) -> float:
    """Return the expected calibration error: the mean gap between confidence and accuracy.

    Args:
        probabilities: array (n, answers), float 0-1.
        labels: array (n,), the true answers.
        bins: how many ranges of confidence are told apart.

    Returns:
        0-1; 0 where the network is right as often as it says.

    Source: C. Guo et al., "On calibration of modern neural networks", ICML 2017.
    """
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    bin_of = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [abs((confidence - right)[bin_of == b].sum()) for b in range(bins)]
    return float(sum(gaps) / len(labels))


def calibrated(model: keras.Model, digits: digitrec.Digits) -> tuple[keras.Model, float]:
    """Scale a network's last layer so that its confidence fits the data, and average over shifts.

    Args:
        model: a trained network whose last layer is dense; left as it is.
        digits: data that it was not trained on.

    Returns:
        The averaged network and the temperature that its last layer was divided by.

    Source: temperature scaling, C. Guo et al., "On calibration of modern neural networks", 2017.
    """

    def at(temperature: float) -> keras.Model:
        # not Keras' clone, which brings the optimizer's memory along: three times the size
        copy = type(model).from_config(model.get_config())
        *others, kernel, bias = model.get_weights()
        copy.set_weights([*others, kernel / temperature, bias / temperature])
        return averaged_over_shifts(copy)

    def loss(temperature: float) -> float:
        return log_loss(digitrec.predict(at(temperature), digits.images), digits.labels)

    best = float(min(TEMPERATURES, key=loss))
    return at(best), best


def area_under_roc(positives: np.ndarray, negatives: np.ndarray) -> float:
    """Return the chance that a random positive scores above a random negative; ties count half."""
    ranked = np.sort(negatives)
    below = np.searchsorted(ranked, positives, "left")
    not_above = np.searchsorted(ranked, positives, "right")
    return float((below + not_above).mean() / 2 / len(negatives))


def refused_at(accepted: float, positives: np.ndarray, negatives: np.ndarray) -> float:
    """Return which share of the negatives score below what a share of the positives reaches."""
    return float((negatives < np.quantile(positives, 1 - accepted)).mean())


def interval(right: int, count: int) -> tuple[float, float]:
    """Return the 95% confidence interval of a share.

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    1927.
    """
    z = 1.96
    share, spread = right / count, z * z / count
    middle = (share + spread / 2) / (1 + spread)
    half = z * np.sqrt(share * (1 - share) / count + spread / count / 4) / (1 + spread)
    return float(max(0.0, middle - half)), float(min(1.0, middle + half))
