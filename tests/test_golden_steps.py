"""The stages of some pictures, as they were when a person looked and found them right.

python tests/test_golden_steps.py     # after looking again: stores the stages of today
"""

from pathlib import Path

import cv2
import numpy as np
import pytest

import digitrec

STORED = Path(__file__).with_name("golden_steps.npz")
PICTURES = ("digit12.png", "digit15.png", "digit17.jpg", "digit18.jpg", "digit19.jpg",
            "digit20.png", "digit21.webp", "digit22.png", "digit23.jpg")  # fmt: skip


def stages(name):
    """The ink, small enough to store, and the network's input."""
    steps = digitrec.prepare_digit(digitrec.project_path(f"digits/{name}"))
    return cv2.resize(steps.ink, (70, 70), interpolation=cv2.INTER_AREA), steps.image


@pytest.mark.parametrize("name", PICTURES)
def test_the_stages_are_as_they_were(name):
    with np.load(STORED) as archive:
        for found, stage in zip(stages(name), ("ink", "image"), strict=True):
            expected = archive[f"{name} {stage}"].astype(float)
            # decoders of other machines round differently
            assert np.abs(found - expected).mean() < 3, stage


if __name__ == "__main__":
    np.savez_compressed(
        STORED,
        **{
            f"{name} {stage}": image
            for name in PICTURES
            for image, stage in zip(stages(name), ("ink", "image"), strict=True)
        },
    )
