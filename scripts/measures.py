"""How good the network in the box is, beyond what `digitrec.calibration` measures of any."""

import numpy as np

import digitrec
from digitrec.calibration import log_loss
from digitrec.networks import averaged_over_shifts
from digitrec.quiet import keras

TEMPERATURES = np.geomspace(0.5, 2.0, 29)


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
