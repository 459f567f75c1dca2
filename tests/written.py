"""What a writer wrote, made of MNIST's digits for tests, and photographed by a few lines."""

import cv2
import numpy as np

from digitrec.hands import Written
from digitrec.reading.preparation import prepare_digit


def sheet_of(digits, writer="412-17", source="sheet 412-17-1", **changes):
    """Digits as if they stood in the boxes of a sheet, the first in box 0."""
    count = len(digits)
    return Written(
        **{
            "writer": writer,
            "source": source,
            "origin": "photo1.jpg",
            "when": "2026-11-29T10:00:00",
            "images": digits.images.copy(),
            "asked": digits.labels.copy(),
            "labels": digits.labels.copy(),
            "kept": np.ones(count, bool),
            "doubts": ("",) * count,
            "numbers": np.arange(count),
            "boxes": np.arange(count * 8, dtype=np.float32).reshape(count, 4, 2),
            "empty": (90, 95),
        }
        | changes
    )


def pad_of(digits, writer="412-17", source="pad 2026-11-29 10:02:03", **changes):
    """Digits as if they came from a turn at the pad."""
    return sheet_of(
        digits, writer, source, **{"origin": "pad", "boxes": None, "empty": ()} | changes
    )


def photographed(images, seed=1):
    """Prepared images on paper, seen by a camera that is held askew, and prepared again."""
    return np.stack(
        [one_photo(image, np.random.default_rng([seed, i])) for i, image in enumerate(images)]
    )


def one_photo(image, random):
    side, size = 120, int(random.integers(80, 130))
    ink = cv2.resize(np.pad(image, 6), (side, side), interpolation=cv2.INTER_LINEAR)
    corners = np.array([[0, 0], [side, 0], [side, side], [0, side]], np.float32)
    seen = (corners + random.normal(0, 1.5, (4, 2)).astype(np.float32)) * np.float32(size / side)
    way = cv2.getPerspectiveTransform(corners, seen)
    paper = cv2.warpPerspective(255 - ink, way, (size, size), borderValue=255)
    blurred = cv2.GaussianBlur(paper, (0, 0), random.uniform(0.3, size / 80)).astype(float)
    grey = blurred * random.uniform(0.5, 1) + random.normal(0, 6, paper.shape)
    return prepare_digit(np.clip(grey, 0, 255).astype(np.uint8)).image
