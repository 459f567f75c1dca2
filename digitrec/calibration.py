"""Is 90% nine in ten? How far the probabilities of a network can be taken at their word.

Probabilities are arrays (n, answers), float 0-1, of any network; labels are arrays (n,), the true
answers. With eleven answers the last one, "not a digit", is an answer like the others.
"""

import math
from dataclasses import dataclass

import numpy as np

TEMPERATURES = np.geomspace(0.1, 10, 201)  # those to choose from, each 2.3% above the last
LEAST_PROBABILITY = 1e-7  # of the true answer, as in Keras: one answer cannot cost infinitely much
Z = 1.96  # standard errors that hold 95% of a normal distribution


@dataclass(frozen=True)
class Bin:
    """Answers of nearly the same confidence.

    Attributes:
        low, high: 0-1, the ends of the range of confidence.
        confidence: 0-1, the mean confidence of its answers.
        right: how many of them are right.
        count: how many there are, 1 or more.
    """

    low: float
    high: float
    confidence: float
    right: int
    count: int

    @property
    def accuracy(self) -> float:
        """The share that is right, 0-1."""
        return self.right / self.count

    @property
    def interval(self) -> tuple[float, float]:
        """Between which shares the accuracy lies, with 95% confidence."""
        return wilson_interval(self.right, self.count)

    @property
    def verdict(self) -> str:
        """Whether the confidence fits the accuracy, as far as so few answers can tell."""
        low, high = self.interval
        if self.confidence > high:
            return "too sure"
        return "not sure enough" if self.confidence < low else "fits"


@dataclass(frozen=True)
class Reliability:
    """How often a network is right, by how sure it is.

    Attributes:
        bins: from the least confidence to the highest; ranges without any answer are left out.
    """

    bins: tuple[Bin, ...]

    @property
    def count(self) -> int:
        """How many answers there are."""
        return sum(part.count for part in self.bins)

    @property
    def accuracy(self) -> float:
        """The share of all answers that is right, 0-1."""
        return sum(part.right for part in self.bins) / self.count

    @property
    def confidence(self) -> float:
        """The mean confidence of all answers, 0-1."""
        return sum(part.confidence * part.count for part in self.bins) / self.count

    @property
    def error(self) -> float:
        """The expected calibration error, 0-1: the mean gap between confidence and accuracy."""
        gaps = [abs(part.confidence * part.count - part.right) for part in self.bins]
        return sum(gaps) / self.count


def reliability(
    probabilities: np.ndarray, labels: np.ndarray, bins: int = 10, equal: str = "width"
) -> Reliability:
    """Sort answers by confidence into bins, and count in each how many are right.

    Args:
        probabilities: array (n, answers), float 0-1; at least one row.
        labels: array (n,), the true answers; one that the network does not have is never right.
        bins: how many ranges of confidence are told apart, 1 or more.
        equal: "width" for ranges as wide as each other, or "count" for about as many answers in
            each. Answers of the same confidence stay together.

    Returns:
        The bins that hold any answer. A range holds its lower end, and the last one both.

    Raises:
        ValueError: the arrays do not fit each other, hold no answer, or there is no such binning.

    Source: A. Niculescu-Mizil, R. Caruana, "Predicting good probabilities with supervised
    learning", ICML 2005; equal counts, K. Nguyen, B. O'Connor, EMNLP 2015.

    >>> reliability(np.array([[0.95, 0.05], [0.15, 0.85]]), np.array([0, 0])).bins[-1].accuracy
    1.0
    """
    probabilities, labels = checked(probabilities, labels)
    if bins < 1 or equal not in ("width", "count"):
        raise ValueError(
            f'{bins} bins of equal {equal!r} came, expected 1 or more of equal "width" or "count"'
        )
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    edges = np.linspace(0, 1, bins + 1)
    if equal == "count":
        edges = np.quantile(confidence, edges)
    bin_of = np.searchsorted(edges[1:-1], confidence, side="right")
    return Reliability(
        tuple(
            Bin(
                float(edges[number]),
                float(edges[number + 1]),
                float(confidence[bin_of == number].mean()),
                int(right[bin_of == number].sum()),
                int((bin_of == number).sum()),
            )
            for number in np.unique(bin_of)
        )
    )


def calibration_error(
    probabilities: np.ndarray, labels: np.ndarray, bins: int = 10, equal: str = "width"
) -> float:
    """Return the expected calibration error: the mean gap between confidence and accuracy.

    Args:
        probabilities: array (n, answers), float 0-1; at least one row.
        labels: array (n,), the true answers.
        bins: how many ranges of confidence are told apart.
        equal: "width" or "count", see `reliability`.

    Returns:
        0-1; 0 where the network is right as often as it says.

    Source: C. Guo et al., "On calibration of modern neural networks", ICML 2017.
    """
    return reliability(probabilities, labels, bins, equal).error


def log_loss(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """Return the cross-entropy: the mean of -ln(probability of the true answer).

    Args:
        probabilities: array (n, answers), float 0-1; at least one row.
        labels: array (n,), true answers that the network has.

    Raises:
        ValueError: the arrays do not fit each other, or a label is none of the answers.
    """
    probabilities, labels = checked(probabilities, labels)
    answers = probabilities.shape[1]
    if labels.min() < 0 or labels.max() >= answers:
        raise ValueError(
            f"labels go from {labels.min()} to {labels.max()}, expected 0 to {answers - 1}: "
            "an answer that the network does not have would cost infinitely much"
        )
    of_truth = probabilities[np.arange(len(labels)), labels]
    return float(-np.log(np.maximum(of_truth, LEAST_PROBABILITY)).mean())


def softened(probabilities: np.ndarray, temperature: float) -> np.ndarray:
    """Return probabilities at another temperature: each to the power of 1/T, with a sum of 1.

    For a network that ends in softmax this is the same as dividing what goes into it by T. The
    order of the answers stays, so no answer changes; above 1 they come closer to each other, and
    the network is less sure.

    Args:
        probabilities: array (n, answers), float 0-1.
        temperature: T, above 0; 1 changes nothing.

    Returns:
        Array (n, answers), float64, each row with a sum of 1.

    Raises:
        ValueError: the temperature is not above 0.

    Source: C. Guo et al., "On calibration of modern neural networks", ICML 2017.

    >>> softened(np.array([[0.8, 0.2]]), 2).round(3)
    array([[0.667, 0.333]])
    """
    if not 0 < temperature < math.inf:
        raise ValueError(f"temperature is {temperature}, expected a number above 0, such as 1.5")
    probabilities = np.asarray(probabilities, float)
    shares = probabilities / probabilities.max(axis=1, keepdims=True)  # a small T leaves no row 0
    powers = shares ** (1 / temperature)
    return powers / powers.sum(axis=1, keepdims=True)


def best_temperature(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """Return the temperature at which probabilities fit the data best: with the least log loss.

    Args:
        probabilities: array (n, answers), float 0-1, of data that the network was not trained on.
        labels: array (n,), the true answers.

    Returns:
        One of `TEMPERATURES`, from 0.1 to 10.

    Raises:
        ValueError: the arrays do not fit each other, or a label is none of the answers.
    """
    return float(min(TEMPERATURES, key=lambda t: log_loss(softened(probabilities, t), labels)))


def wilson_interval(right: int, count: int) -> tuple[float, float]:
    """Return the 95% confidence interval of an accuracy.

    Args:
        right: right answers, 0 to count.
        count: all answers, 1 or more.

    Returns:
        The lower and the upper end, 0-1.

    Raises:
        ValueError: the counts are impossible.

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    Journal of the American Statistical Association 22, 1927. Unlike accuracy ± 1.96 standard
    errors, it stays within 0 and 1, and means something for few answers.

    >>> low, high = wilson_interval(4_885, 5_000)
    >>> print(f"{low:.1%} to {high:.1%}")
    97.2% to 98.1%
    """
    if not 0 <= right <= count or count < 1:
        raise ValueError(
            f"{right} of {count} answers are right, expected 0 to {count}, of 1 or more"
        )
    share, weight = right / count, Z**2 / count
    middle = (share + weight / 2) / (1 + weight)
    reach = Z * math.sqrt(share * (1 - share) / count + weight / (4 * count)) / (1 + weight)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def checked(probabilities: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return probabilities and labels as arrays, or say why they do not belong together."""
    probabilities, labels = np.asarray(probabilities), np.asarray(labels)
    if probabilities.ndim != 2 or labels.shape != probabilities.shape[:1] or not len(labels):
        raise ValueError(
            f"probabilities have shape {probabilities.shape} and labels {labels.shape}, "
            "expected (n, answers) and (n,), of at least one image"
        )
    return probabilities, labels
