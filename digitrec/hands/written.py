"""What one writer wrote at one time: a sheet of paper, or a turn at the pad."""

from dataclasses import dataclass, replace

import numpy as np

from digitrec.mnist import Digits, check_images


@dataclass(frozen=True, eq=False)
class Written:
    """Digits of one writer from one source, with what is doubtful about them, and what is refused.

    Nothing is ever taken out: a digit that is dropped stays here and is not `kept`.

    Attributes:
        writer: a pen name or a number, such as "412-17"; no real name is needed.
        source: what they were written on, such as "sheet 412-17-1" or
            "pad 2026-11-29 10:02:03.250"; the same for two photos of one sheet.
        origin: where they came from, such as "photo3.jpg" or "pad".
        when: when they were read, in ISO 8601 with seconds.
        images: array (n, 28, 28), uint8, 0 is paper: prepared as everything is.
        asked: array (n,), uint8 0-9: what was to be written.
        labels: array (n,), uint8 0-9: what it is; differs from `asked` where it was relabelled.
        kept: array (n,), bool: whether it counts.
        doubts: one per digit: what is doubtful, such as "crosses its frame"; "" where nothing is.
        numbers: array (n,), int: which box of the sheet, counted from 0, or its turn at the pad.
        boxes: array (n, 4, 2), float32: the corners of each box in pixels of the photo, clockwise
            from its upper left; NaN for a digit that only an earlier photo shows, and None where
            there is no photo.
        empty: numbers of the boxes without ink.
        seen: numbers of the digits that a reader has decided on; a new photo of the sheet changes
            nothing about them.

    Raises:
        ValueError: the parts do not fit each other.
    """

    writer: str
    source: str
    origin: str
    when: str
    images: np.ndarray
    asked: np.ndarray
    labels: np.ndarray
    kept: np.ndarray
    doubts: tuple[str, ...]
    numbers: np.ndarray
    boxes: np.ndarray | None = None
    empty: tuple[int, ...] = ()
    seen: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        check_images(self.images)
        count = len(self.images)
        for name in ("asked", "labels", "kept", "doubts", "numbers"):
            if len(getattr(self, name)) != count:
                raise ValueError(
                    f"{count} images came with {len(getattr(self, name))} {name}, expected {count}"
                )
        if self.boxes is not None and self.boxes.shape != (count, 4, 2):
            raise ValueError(
                f"boxes have shape {self.boxes.shape}, expected four corners each: ({count}, 4, 2)"
            )

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def digits(self) -> Digits:
        """The digits that count, with their labels."""
        return Digits(self.images[self.kept], self.labels[self.kept])

    @property
    def refused(self) -> Digits:
        """The digits that do not count, with what was to be written."""
        return Digits(self.images[~self.kept], self.asked[~self.kept])

    @property
    def doubtful(self) -> np.ndarray:
        """The places of the digits that somebody should look at, array (k,), int."""
        return np.array([i for i, doubt in enumerate(self.doubts) if doubt], int)

    @property
    def relabelled(self) -> np.ndarray:
        """The places of the digits that are something else than was asked for, array (k,), int."""
        return np.flatnonzero(self.kept & (self.labels != self.asked))


def decided(written: Written, place: int, label: int | None) -> Written:
    """Return the same with a reader's decision on one digit; it is not doubtful any more.

    Args:
        written: from a sheet or the pad.
        place: which digit, 0 to n - 1.
        label: what it is, 0-9; None drops it.

    Returns:
        A copy.

    Raises:
        ValueError: there is no such digit or label.
    """
    if not 0 <= place < len(written):
        raise ValueError(f"place is {place}, expected 0 to {len(written) - 1}")
    if label is not None and label not in range(10):
        raise ValueError(f"label is {label!r}, expected a digit 0-9, or None to drop it")
    labels, kept = written.labels.copy(), written.kept.copy()
    kept[place] = label is not None
    labels[place] = written.asked[place] if label is None else label
    doubts = list(written.doubts)
    doubts[place] = ""
    seen = tuple(sorted({*written.seen, int(written.numbers[place])}))
    return replace(written, labels=labels, kept=kept, doubts=tuple(doubts), seen=seen)
