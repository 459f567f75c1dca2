"""Digits and letters of other hands: handwriting fonts that no network here has learned from."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from digitrec.mnist import Digits, check_images

ARCHIVE = Path(__file__).parent / "assets" / "other_hands.npz"


@dataclass(frozen=True, eq=False)
class OtherHands:
    """What five handwriting fonts write, prepared as MNIST's digits were.

    Attributes:
        digits: 2,000 digits with their labels, to see how a recogniser reads other hands.
        letters: array (n, 28, 28), uint8 0-255, 0 is paper: Latin letters that no hand makes look
            like a digit, to see what a recogniser says to what is none.
    """

    digits: Digits
    letters: np.ndarray

    def __post_init__(self) -> None:
        check_images(self.letters)


def load_other_hands() -> OtherHands:
    """Load digits and letters of handwriting fonts that nothing was learned from or chosen with.

    Returns:
        The digits with their labels, and the letters.

    Raises:
        FileNotFoundError: the file in the package is missing.

    >>> other_hands = load_other_hands()
    >>> len(other_hands.digits), len(other_hands.letters)
    (2000, 600)
    """
    if not ARCHIVE.is_file():
        raise FileNotFoundError(
            f"The file {ARCHIVE} is missing. Restore it with 'git checkout -- digitrec/assets', or "
            "install digitrec again."
        )
    with np.load(ARCHIVE, allow_pickle=False) as archive:
        return OtherHands(Digits(archive["digits"], archive["labels"]), archive["letters"])
