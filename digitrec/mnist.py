"""MNIST: 70,000 handwritten digits, in the box and checked at every load."""

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ARCHIVE = Path(__file__).parent / "assets" / "mnist.npz"
ARCHIVE_SHA256 = "06af5dfe73b70e3bc1c36439982b18a8d76803db9b544f6fdf838a37fbb01b64"
VALIDATION_SIZE = 5_000
SIDE = 28  # pixels, of an image


def check_images(images: np.ndarray) -> None:
    """Check that images are of MNIST's form.

    Args:
        images: what should be an array (n, 28, 28), uint8 0-255.

    Raises:
        ValueError: they are something else.

    >>> check_images(np.zeros((2, 28, 28)))
    Traceback (most recent call last):
    ...
    ValueError: images are float64 of shape (2, 28, 28), expected (n, 28, 28), uint8 0-255: ...
    """
    if images.dtype != np.uint8 or images.ndim != 3 or images.shape[1:] != (SIDE, SIDE):
        raise ValueError(
            f"images are {images.dtype} of shape {images.shape}, expected (n, 28, 28), "
            "uint8 0-255: the network itself divides by 255. One image alone is images[i : i + 1]."
        )


@dataclass(frozen=True, eq=False)
class Digits:
    """Images and their labels, which always travel together.

    Indexing picks from both at once, so a picture can never lose its label:
    `digits[:100]`, `digits[digits.labels == 4]`, `digits[[5, 1, 2]]`.

    Attributes:
        images: array (n, 28, 28), uint8, 0 is paper and 255 is ink.
        labels: array (n,), uint8, the digit 0-9 that each image shows.

    Raises:
        ValueError: images and labels differ in number, images are not 28x28 or not uint8, or labels
            are no whole numbers.

    >>> digits = Digits(np.zeros((3, 28, 28), np.uint8), np.array([7, 4, 4], np.uint8))
    >>> len(digits[digits.labels == 4])
    2
    """

    images: np.ndarray
    labels: np.ndarray

    def __post_init__(self) -> None:
        check_images(self.images)
        if not np.issubdtype(self.labels.dtype, np.integer):
            raise ValueError(f"labels are {self.labels.dtype}, expected whole numbers, 0-9")
        if self.labels.shape != (len(self.images),):
            raise ValueError(
                f"{len(self.images)} images came with labels of shape {self.labels.shape}, "
                f"expected one label per image: ({len(self.images)},)"
            )

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: slice | list | np.ndarray) -> "Digits":
        return Digits(self.images[index], self.labels[index])


@dataclass(frozen=True, eq=False)
class Mnist:
    """MNIST in three parts that share no image.

    Attributes:
        train: 55,000 digits to learn from.
        validation: 5,000 digits to choose with (how many epochs, which network).
        test: 10,000 digits for the final mark, looked at once.
    """

    train: Digits
    validation: Digits
    test: Digits


def load_mnist(source: str = "box") -> Mnist:
    """Load all 70,000 digits of MNIST, split into training, validation and test set.

    The training and validation sets are the first 55,000 and the last 5,000 of MNIST's own 60,000
    training images; the test set is MNIST's own.

    Args:
        source: "box" reads the copy in this package and needs no internet;
            "keras" lets `keras.datasets.mnist` download it.

    Returns:
        The three parts, each with `.images` (n, 28, 28) uint8 0-255 and `.labels` (n,) uint8 0-9.

    Raises:
        ValueError: the source is unknown, or the file in the package is damaged.
        FileNotFoundError: the file in the package is missing.
        ConnectionError: Keras could not download it.

    Source: LeCun, Cortes and Burges, "The MNIST database of handwritten digits" (1998).

    >>> mnist = load_mnist()
    >>> len(mnist.train), len(mnist.validation), len(mnist.test)
    (55000, 5000, 10000)
    >>> mnist.train.images.shape, mnist.train.images.dtype
    ((55000, 28, 28), dtype('uint8'))
    """
    if source == "box":
        with np.load(io.BytesIO(read_archive(ARCHIVE)), allow_pickle=False) as archive:
            images, labels = archive["x_train"], archive["y_train"]
            test = Digits(archive["x_test"], archive["y_test"])
    elif source == "keras":
        from digitrec.quiet import keras

        try:
            (images, labels), (test_images, test_labels) = keras.datasets.mnist.load_data()
        except Exception as error:  # Keras raises a bare one without a connection
            raise ConnectionError(
                f"Keras could not download MNIST ({str(error)[:200]}). load_mnist() reads the copy "
                "in this package and needs no internet."
            ) from error
        test = Digits(test_images, test_labels)
    else:
        raise ValueError(f'source is {source!r}, expected "box" or "keras"')
    everything = Digits(images, labels)
    return Mnist(
        train=everything[:-VALIDATION_SIZE],
        validation=everything[-VALIDATION_SIZE:],
        test=test,
    )


def read_archive(path: Path) -> bytes:
    """Return the bytes of the MNIST archive, after checking that they are undamaged.

    Args:
        path: the .npz file.

    Returns:
        Its bytes.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: its SHA-256 is not the one of the file that this package was made with.
    """
    restore = (
        "Restore it with 'git checkout -- digitrec/assets/mnist.npz', install digitrec again, or "
        'use load_mnist(source="keras").'
    )
    if not path.is_file():
        raise FileNotFoundError(f"The MNIST file {path} is missing. {restore}")
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != ARCHIVE_SHA256:
        raise ValueError(
            f"The MNIST file {path} is damaged: it has {len(content):,} bytes and SHA-256 {found}, "
            f"expected {ARCHIVE_SHA256}. {restore}"
        )
    return content
