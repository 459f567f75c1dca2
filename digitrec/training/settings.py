"""What a training is called with, checked before any work starts."""

import math
from dataclasses import dataclass
from numbers import Real

from digitrec.augmentation import Augmentation

LARGEST_SEED = 2**32 - 1  # as for NumPy and the parameters of notebooks


@dataclass(frozen=True)
class Settings:
    """The settings of `train` that decide what comes out; see there.

    Raises:
        ValueError: a setting is out of range.

    >>> Settings(patience=0)
    Traceback (most recent call last):
    ...
    ValueError: patience is 0, expected None or a whole number of 1 or more
    """

    epochs: int = 3
    batch_size: int = 128
    learning_rate: float = 0.005
    seed: int = 1
    augmentation: Augmentation | None = None
    patience: int | None = None
    small_images_first: bool = True

    def __post_init__(self) -> None:
        for name in ("epochs", "batch_size"):
            if type(getattr(self, name)) is not int or getattr(self, name) < 1:
                refuse(name, getattr(self, name), "a whole number of 1 or more")
        rate = self.learning_rate
        if not isinstance(rate, Real) or not 0 < rate < math.inf or type(rate) is bool:
            refuse("learning_rate", rate, "a number above 0, such as 0.005")
        if type(self.seed) is not int or not 0 <= self.seed <= LARGEST_SEED:
            refuse("seed", self.seed, f"a whole number from 0 to {LARGEST_SEED}")
        if self.patience is not None and (type(self.patience) is not int or self.patience < 1):
            refuse("patience", self.patience, "None or a whole number of 1 or more")
        if type(self.small_images_first) is not bool:
            refuse("small_images_first", self.small_images_first, "True or False")
        if self.augmentation is not None and not isinstance(self.augmentation, Augmentation):
            refuse("augmentation", self.augmentation, "None or a digitrec.Augmentation")


def refuse(name: str, value: object, expected: str) -> None:
    """Raise what a wrong setting deserves."""
    raise ValueError(f"{name} is {value!r}, expected {expected}")
