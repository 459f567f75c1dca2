"""Write the page that needs no kernel: one file, `page/index.html`, for a disk or any server."""

import base64
import hashlib
import json
import re
from pathlib import Path

import numpy as np

import digitrec
from digitrec.browser import READER, boxed_network, joined

ROOT = Path(__file__).parent.parent
SHARED = ("elements", "look", "pictures", "answers", "live", "pad", "inside")
PARTS = ("dom", "challenges", "challenge_view", "export", "page")
NAMES = (*SHARED, *(f"page/{part}" for part in PARTS))
STYLES = ("page", "answers", "panels")
STEPS = 200  # distances kept for each digit
LIMIT = 2_000_000  # bytes


def usual_digits() -> str:
    """Return as JSON how MNIST's training digits look on average, and how far they lie from it.

    Returns:
        "means": ten 28x28 images, uint8, in Base64; "distances": for each digit, Euclidean
        distances from its mean in grey levels, from the nearest to the farthest in equal steps.
    """
    digits = digitrec.load_mnist().train
    means, distances = [], []
    for digit in range(10):
        images = digits.images[digits.labels == digit].reshape(-1, 784).astype(np.float32)
        mean = np.rint(images.mean(axis=0))
        far = np.linalg.norm(images - mean, axis=1)
        means.append(mean.astype(np.uint8))
        distances.append(np.rint(np.quantile(far, np.linspace(0, 1, STEPS))).tolist())
    packed = base64.b64encode(np.concatenate(means).tobytes()).decode()
    return json.dumps({"means": packed, "distances": distances}, separators=(",", ":"))


def page() -> str:
    """Return the page as HTML; its policy allows this one script and this one style, no request."""
    script = joined(*READER, *(f"{name}.js" for name in NAMES))
    parts = {
        "style": joined("pad.css", "inside.css", *(f"page/{part}.css" for part in STYLES)),
        "script": f'"use strict";\n{script}\nconst page = startPage();\n',
        "box": boxed_network("box"),
        "dense": boxed_network("dense"),
        "usual": usual_digits(),
    }
    if any("</script" in text or "</style" in text for text in parts.values()):
        raise ValueError("A part holds </script or </style, which would end it in the page.")
    parts |= {f"{name}_hash": sha256(parts[name]) for name in ("script", "style")}
    return re.sub(r"{{(\w+)}}", lambda found: parts[found[1]], joined("page/index.html"))


def sha256(text: str) -> str:
    """Return the name of a text in a Content-Security-Policy."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def build(folder: Path) -> Path:
    """Write the page into a folder and return its path.

    Raises:
        ValueError: it is larger than it may be.
    """
    content = page().encode()
    if len(content) > LIMIT:
        raise ValueError(f"The page has {len(content):,} bytes, expected at most {LIMIT:,}.")
    folder.mkdir(exist_ok=True)
    path = folder / "index.html"
    path.write_bytes(content)
    return path


if __name__ == "__main__":
    path = build(ROOT / "page")
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes. Open it in a browser.")
