"""Measure networks, and reading with preparation, on the fifteen corruptions of MNIST-C.

    python benchmarks/mnist_c.py FILE.npz            # or the folder of the published data set
    python benchmarks/mnist_c.py FILE.npz --images 200
    python benchmarks/mnist_c.py FILE.npz --box      # the box only; the other lines stay as stored

MNIST-C holds MNIST's test images under corruptions such as fog, blur, zigzags and shot noise. It is
by N. Mu and J. Gilmer, "MNIST-C: a robustness benchmark for computer vision", 2019; the data set
is at https://zenodo.org/records/3239543 under CC BY 4.0, and it is not part of this project. Give
its folder `mnist_c`, or an archive with `labels` (n,) and, by the name of each corruption and
`identity`, images (n, 28, 28), uint8, 0 is paper.

Nothing is trained with it, and nothing is chosen by it: the networks learn from MNIST and from what
this project draws, and this table is read at the end. The results go to mnist_c.json and the plot
to mnist_c.png.
"""

import argparse
import json
import os
import platform
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from contributions import CONTRIBUTIONS, SEEDS
from ingredients import as_json, constant_rate
from matplotlib.ticker import PercentFormatter

import digitrec
from digitrec.figures.canvas import RIGHT, WRONG, Figure, bundle
from digitrec.mnist import SIDE, Mnist
from digitrec.quiet import keras
from digitrec.reading.digit import LEAST_CONFIDENCE
from digitrec.storage import BOXED_MODEL
from digitrec.versions import installed_versions

CLEAN = "identity"  # MNIST-C's name for the images as they are
CORRUPTIONS = (
    *("shot_noise", "impulse_noise", "glass_blur", "motion_blur", "shear", "scale", "rotate"),
    *("brightness", "translate", "stripe", "fog", "spatter", "dotted_line", "zigzag"),
    "canny_edges",
)
REFUSED = -1  # what a reader answers in place of a digit, and which no label is


@dataclass(frozen=True)
class Archive:
    """Images by the name of their corruption, with the labels that all of them share.

    Attributes:
        labels: array (n,), 0-9.
        images: by name, `identity` and the fifteen corruptions, arrays (n, 28, 28), uint8, 0 is
            paper.
    """

    labels: np.ndarray
    images: dict[str, np.ndarray]

    def __getitem__(self, part: slice) -> "Archive":
        images = {name: images[part] for name, images in self.images.items()}
        return Archive(self.labels[part], images)


def load_archive(path: Path) -> Archive:
    """Load MNIST-C from an archive, or from the folder of the published data set.

    Raises:
        FileNotFoundError: there is neither a file nor a folder of that name.
        ValueError: it is something else, a corruption is missing, or an array has another form.
    """
    if not path.exists():
        raise FileNotFoundError(f"There is no {path}. See https://zenodo.org/records/3239543")
    arrays = read_folder(path) if path.is_dir() else read_file(path)
    if missing := [name for name in ("labels", CLEAN, *CORRUPTIONS) if name not in arrays]:
        raise ValueError(
            f"{path} holds {', '.join(sorted(arrays)) or 'nothing'}; missing are "
            f"{', '.join(missing)}. Give an archive with all of them, or the folder mnist_c."
        )
    labels = arrays["labels"]
    images = {name: arrays[name] for name in (CLEAN, *CORRUPTIONS)}
    for name, array in images.items():
        if array.shape != (len(labels), SIDE, SIDE) or array.dtype != np.uint8:
            raise ValueError(
                f"{name} in {path} is {array.dtype} {array.shape}, expected uint8 "
                f"{(len(labels), SIDE, SIDE)}, one image for each of the {len(labels)} labels."
            )
    return Archive(labels, images)


def read_file(path: Path) -> dict[str, np.ndarray]:
    """Return the arrays of an .npz file."""
    try:
        with np.load(path) as archive:
            return {name: archive[name] for name in archive.files}
    except Exception as error:  # NumPy has many ways to say that it is no archive
        raise ValueError(
            f"{path} is no .npz archive of plain arrays ({type(error).__name__}). "
            "Give such a file, or the folder mnist_c of the published data set."
        ) from error


def read_folder(path: Path) -> dict[str, np.ndarray]:
    """Return the test images and labels of the published folder, without its last axis of 1."""
    arrays = {}
    for file in sorted(path.glob("*/test_images.npy")):
        arrays[file.parent.name] = np.load(file)[..., 0]
        arrays["labels"] = np.load(file.with_name("test_labels.npy"))
    return arrays


def by_digits(answers: np.ndarray) -> np.ndarray:
    """Return the likeliest of the ten digits, from a network's answers (n, 10) or (n, 11)."""
    return answers[:, :10].argmax(axis=1)


def by_all_answers(answers: np.ndarray) -> np.ndarray:
    """Return the likeliest answer, be it "not a digit" (10), which no label is."""
    return answers.argmax(axis=1)


def if_believed(answers: np.ndarray) -> np.ndarray:
    """Return the likeliest digit, or a refusal where it is not above all else together."""
    return np.where(answers[:, :10].max(axis=1) < LEAST_CONFIDENCE, REFUSED, by_digits(answers))


def through_read_digit(model: keras.Model, images: np.ndarray) -> np.ndarray:
    """Return what `read_digit` says of images given as pictures: dark ink on light paper."""
    return np.array([digitrec.read_digit(255 - image, model).digit for image in images])


def errors(read: Callable[[np.ndarray], np.ndarray], archive: Archive) -> dict[str, float]:
    """Return the share of images that are not read rightly, by corruption.

    Args:
        read: from images (n, 28, 28), uint8, to what they are taken for (n,).
        archive: the images and their labels.
    """
    return {
        name: round(float((read(images) != archive.labels).mean()), 4)
        for name, images in archive.images.items()
    }


def line(runs: Sequence[dict[str, float]]) -> dict:
    """Return one line of the table from the errors of each seed.

    Returns:
        "errors", the mean over seeds by corruption; "mean", that of the fifteen corruptions,
        without the clean images; "by_seed", the same for each seed; and their
        "standard_deviation", None for a single network.
    """
    means = [statistics.mean(run[name] for name in CORRUPTIONS) for run in runs]
    return {
        "errors": {
            name: round(statistics.mean(run[name] for run in runs), 4)
            for name in (CLEAN, *CORRUPTIONS)
        },
        "mean": round(statistics.mean(means), 4),
        "by_seed": [round(mean, 4) for mean in means],
        "standard_deviation": round(statistics.stdev(means), 4) if len(means) > 1 else None,
    }


def train_dense(mnist: Mnist, seed: int) -> keras.Model:
    """Return the dense network of notebook 3, trained as there."""
    keras.utils.set_random_seed(seed)
    model = digitrec.build_mlp()
    constant_rate(model, mnist, seed)
    return model


TRAINED = {
    "dense network": train_dense,
    "small convolutional": CONTRIBUTIONS["width 16, 3 epochs, MNIST only"].train,
    "the same, noise and clutter": CONTRIBUTIONS["noise and clutter"].train,
}
BY_ANSWERS = {
    "box, ten digits": by_digits,
    "box, all eleven answers": by_all_answers,
    "box, right and believed": if_believed,
}
DRAWN = {  # the lines of the table that the plot shows: marker and colour
    "dense network": ("o", RIGHT),
    "small convolutional": ("s", "#999999"),
    "the same, noise and clutter": ("D", "#009e73"),
    "box, ten digits": ("^", WRONG),
    "read_digit": ("*", "black"),
}


def plot(lines: dict[str, dict]) -> Figure:
    """Draw the error under each corruption, the hardest for the first line at the top."""
    hardness = next(iter(lines.values()))["errors"]
    names = [CLEAN, *sorted(CORRUPTIONS, key=hardness.get)]
    figure = Figure(8, 6)
    ax = figure.subplots()
    for reader, (marker, colour) in DRAWN.items():
        shares = [lines[reader]["errors"][name] for name in names]
        label = f"{reader}: {lines[reader]['mean']:.1%}"
        ax.plot(shares, range(len(names)), marker, color=colour, markersize=6, label=label)
    ax.set_yticks(range(len(names)), [name.replace("_", " ") for name in names])
    ax.set_xlim(left=-0.02)  # markers at 0 are drawn whole
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_xlabel("share of images read wrongly")
    ax.grid(alpha=0.3)
    ax.legend(title="mean of the fifteen", loc="lower right")
    return figure


def table(lines: dict[str, dict]) -> str:
    """Return the lines as text: the mean of the fifteen, its spread over seeds, each corruption."""
    short = [f"{name[:7]:>8s}" for name in (CLEAN, *CORRUPTIONS)]
    rows = [f"{'error':28s}   mean  spread" + "".join(short)]
    for reader, values in lines.items():
        deviation = values["standard_deviation"]
        spread = "      -" if deviation is None else f"{'±' + format(deviation, '.1%'):>7s}"
        shares = "".join(f"{share:8.1%}" for share in values["errors"].values())
        rows.append(f"{reader:28s}{values['mean']:7.1%} {spread}{shares}")
    return "\n".join(rows)


def measure_trained(archive: Archive) -> dict[str, dict]:
    """Return the lines of the networks that are trained here, over several seeds."""
    mnist = digitrec.load_mnist()

    def run(train: Callable, seed: int) -> dict[str, float]:
        model = train(mnist, seed)
        return errors(lambda images: by_digits(digitrec.predict(model, images)), archive)

    return {name: line([run(train, seed) for seed in SEEDS]) for name, train in TRAINED.items()}


def measure_box(archive: Archive) -> dict[str, dict]:
    """Return the lines of the network in the box, bare and through `read_digit`."""
    box = digitrec.load_model(BOXED_MODEL)
    bare = {name: digitrec.predict(box, images) for name, images in archive.images.items()}
    answers = Archive(archive.labels, bare)  # asked once, looked at in three ways
    lines = {name: line([errors(read, answers)]) for name, read in BY_ANSWERS.items()}
    lines["read_digit"] = line([errors(partial(through_read_digit, box), archive)])
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("path", type=Path, help="an .npz archive, or the folder mnist_c")
    parser.add_argument("--images", type=int, help="how many images of each; all without it")
    parser.add_argument("--box", action="store_true", help="measure the network in the box only")
    options = parser.parse_args()
    path = Path(__file__).with_suffix(".json")
    try:
        archive = load_archive(options.path)[: options.images]
    except (FileNotFoundError, ValueError) as error:
        sys.exit(str(error))

    if options.box:
        stored = json.loads(path.read_text("utf-8"))
        if stored["images"] != len(archive.labels):
            sys.exit(
                f"The stored lines are of {stored['images']} images; measure all without --box"
            )
        lines = {name: stored["readers"][name] for name in TRAINED}
    else:
        lines = measure_trained(archive)
    lines |= measure_box(archive)
    print(table(lines))
    result = {
        "images": len(archive.labels),
        "readers": lines,
        "seeds": SEEDS,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "versions": installed_versions("tensorflow", "keras", "numpy"),
    }
    path.write_text(as_json(result), "utf-8")
    path.with_suffix(".png").write_bytes(bundle(plot(lines), "")["image/png"])


if __name__ == "__main__":
    main()
