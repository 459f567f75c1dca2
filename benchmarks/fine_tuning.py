"""Measure what a hand's digits teach a network, and what it forgets by them.

    python benchmarks/fine_tuning.py                  # about half an hour on two idle cores
    python benchmarks/fine_tuning.py --real FOLDER    # hands.csv and its pictures, if you have some

Twenty simulated hands (`scripts/simulated_hands.py`) that nothing was chosen by write up to 20 of
each digit to learn from, and 40 more to judge by. Each hand teaches the network in the box, and the
dense network of notebook 3, and each taught network is asked before and after: about the 40, about
the other hands, about five handwriting fonts and their letters, about MNIST's test set. A mistake
is another digit than the label, whether it is believed or not.

Settings were chosen with hands 1000 to 1009 and MNIST's validation set. What is measured already
with the settings of today is not measured again; results go to fine_tuning.json after each run.
With --real, the same is asked of people's hands: hands.csv has the columns path, label, writer.
"""

import argparse
import csv
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

import digitrec
from digitrec.mnist import Digits
from digitrec.networks import NOT_A_DIGIT
from digitrec.quiet import keras
from digitrec.reading.digit import LEAST_CONFIDENCE
from digitrec.storage import BOXED_MODEL, DENSE_MODEL
from digitrec.training.fine_tuning import BATCH_SIZE, PIECES, REMEMBERED, WAY, Teaching
from digitrec.versions import installed_versions

sys.path.append(str(Path(__file__).parents[1] / "scripts"))
from simulated_hands import JUDGING, draw_hand, prepared_digits

RECORD = Path(__file__).with_suffix(".json")
NETWORKS = {"box": BOXED_MODEL, "dense": DENSE_MODEL}
LEARN, JUDGE, OTHERS = 10, 40, 5  # of each digit: at most to learn, to judge, of each other hand
CURVE = (1, 2, 3, 5, 7, 10)
WRONG = 0.02  # share of labels, where some are wrong
CHOSEN_HANDS = range(5)  # where all twenty would take too long


@dataclass(frozen=True)
class Run:
    """One network, taught once: by which hand, how many of each digit, and so on."""

    network: str
    hand: int
    each: int = LEARN
    seed: int = 1
    wrong: float = 0.0


def all_runs() -> Iterator[Run]:
    """Return everything that is to be measured, the most important first."""
    for each in (10, 5):
        yield from (Run(network, hand, each) for network in NETWORKS for hand in JUDGING)
    yield from (Run("dense", hand, each) for each in CURVE for hand in JUDGING)
    for network in NETWORKS:
        yield from (Run(network, hand, wrong=WRONG) for hand in CHOSEN_HANDS)
        yield from (Run(network, hand, seed=seed) for seed in (2, 3) for hand in CHOSEN_HANDS)
    yield from (Run("box", hand, each) for each in CURVE for hand in CHOSEN_HANDS)


@lru_cache(maxsize=32)
def hand_digits(seed: int) -> tuple[Digits, Digits]:
    """Return what a simulated hand writes to learn from, and to judge by."""
    hand = draw_hand(seed)
    learn, judge = (np.random.default_rng([seed, part]) for part in (1, 2))
    return prepared_digits(hand, LEARN, learn), prepared_digits(hand, JUDGE, judge)


def with_wrong_labels(digits: Digits, share: float, seed: int) -> Digits:
    """Return the digits with a share of the labels replaced by others."""
    generator, labels = np.random.default_rng([seed, 3]), digits.labels.copy()
    places = generator.choice(len(labels), round(share * len(labels)), replace=False)
    labels[places] = (labels[places] + generator.integers(1, 10, len(places))) % 10
    return Digits(digits.images, labels)


def mistakes(model: keras.Model, digits: Digits) -> int:
    """Return how many digits a network takes for another; of none, none."""
    if not len(digits):
        return 0
    answers = digitrec.predict(model, digits.images)[:, :NOT_A_DIGIT]
    return int((answers.argmax(axis=1) != digits.labels).sum())


def believed(model: keras.Model, images: np.ndarray) -> int:
    """Return how many images a network believes to be a digit, whichever."""
    answers = digitrec.predict(model, images)[:, :NOT_A_DIGIT]
    return int((answers.max(axis=1) >= LEAST_CONFIDENCE).sum())


def questions(mnist: digitrec.Mnist) -> dict[str, Callable[[keras.Model], int]]:
    """Return what every network is asked that has nothing to do with the hand it learns."""
    fonts = digitrec.load_other_hands()
    return {
        "fonts": lambda model: mistakes(model, fonts.digits),
        "letters_believed": lambda model: believed(model, fonts.letters),
        "mnist": lambda model: mistakes(model, mnist.test),
    }


def others_than(hand: int) -> Digits:
    """Return some digits of every other hand."""
    parts = [hand_digits(other)[1][: 10 * OTHERS] for other in JUDGING if other != hand]
    return Digits(*(np.concatenate([getattr(p, n) for p in parts]) for n in ("images", "labels")))


def measure(run: Run, mnist: digitrec.Mnist, asked_before: dict[str, dict[str, int]]) -> dict:
    """Teach a network, and ask it before and after.

    Args:
        run: what to do.
        mnist: the data.
        asked_before: answers of the networks to `questions`, by network; grows.

    Returns:
        The figures: pairs of before and after, and seconds.
    """
    model = digitrec.load_model(NETWORKS[run.network])
    learn, judge = hand_digits(run.hand)
    learn = with_wrong_labels(learn[: 10 * run.each], run.wrong, run.hand)
    start, start_cpu = time.perf_counter(), time.process_time()
    taught = digitrec.fine_tune(model, learn, mnist, seed=run.seed)
    seconds, cpu = time.perf_counter() - start, time.process_time() - start_cpu
    common = questions(mnist)
    if run.network not in asked_before:
        asked_before[run.network] = {name: ask(model) for name, ask in common.items()}
    others = others_than(run.hand)
    return {
        "hand_mistakes": [mistakes(model, judge), mistakes(taught, judge)],
        "hand_believed": [believed(model, judge.images), believed(taught, judge.images)],
        "other_hands_mistakes": [mistakes(model, others), mistakes(taught, others)],
        **{name: [asked_before[run.network][name], ask(taught)] for name, ask in common.items()},
        "seconds": round(seconds, 1),
        "cpu_seconds": round(cpu, 1),
    }


def picked(runs: list[dict], **wanted: object) -> list[dict]:
    """Return the runs that were done so; ten of each, seed 1 and right labels unless told."""
    wanted = {"each": LEARN, "seed": 1, "wrong": 0.0} | wanted
    return [run for run in runs if all(run[name] == value for name, value in wanted.items())]


def left_over(runs: list[dict], name: str = "hand_mistakes") -> float:
    """Return the mistakes that are left over all runs, as a share of those there were."""
    before, after = (sum(run[name][i] for run in runs) for i in (0, 1))
    return after / before


def points_lost(runs: list[dict], images: int = 10_000) -> list[float]:
    """Return what each run lost on MNIST's test set, in percentage points."""
    return [100 * (run["mnist"][1] - run["mnist"][0]) / images for run in runs]


def rows(runs: list[dict]) -> list[dict]:
    """Return the table of the targets, as far as there are runs for it."""

    def row(what: str, runs: list[dict], value: float, target: float, text: str) -> dict:
        return {
            "what": f"{what}, {len(runs)} hands",
            "measured": round(value, 4),
            "target": target,
            "met": bool(value <= target),
            "spread": text,
        }

    table = []
    for network, each, target in (("box", 10, 1 / 2), ("box", 5, 2 / 3), ("dense", 10, 1 / 3)):
        some = picked(runs, network=network, each=each)
        if not some:
            continue
        what = f"{network}, {each} of each digit"
        before, after = ([run["hand_mistakes"][i] for run in some] for i in (0, 1))
        text = f"mistakes of {10 * JUDGE} in a hand: {spread(before)} before, {spread(after)} after"
        table.append(row(f"{what}: mistakes left", some, left_over(some), round(target, 4), text))
        lost = points_lost(some)
        text = f"percentage points: {spread(lost)}, most {max(lost):.2f}"
        if network == "box":
            table.append(row(f"{what}: lost on MNIST", some, statistics.mean(lost), 0.10, text))
        seconds = [run["cpu_seconds"] for run in some]
        text = f"seconds of one core: {spread(seconds)}, most {max(seconds):.1f}"
        table.append(row(f"{what}: time", some, statistics.mean(seconds), 60, text))
    return table


def spread(values: list[float]) -> str:
    """Return mean and standard deviation as text."""
    deviation = statistics.stdev(values) if len(values) > 1 else 0
    return f"{statistics.mean(values):.2f} ± {deviation:.2f}"


def curve(runs: list[dict], network: str) -> dict[str, dict[str, float]]:
    """Return mean mistakes before and after by how many of each digit were learned.

    Of the hands that every point of the curve has, as far as it is measured.
    """
    by_each = {each: some for each in CURVE if (some := picked(runs, network=network, each=each))}
    if not by_each:
        return {}
    hands = set.intersection(*({run["hand"] for run in some} for some in by_each.values()))
    names = "hand_mistakes", "other_hands_mistakes", "mnist", "fonts", "letters_believed"
    if not hands:
        return {}
    return {"hands": len(hands)} | {
        str(each): {
            name: [
                round(statistics.mean(r[name][i] for r in some if r["hand"] in hands), 2)
                for i in (0, 1)
            ]
            for name in names
        }
        for each, some in by_each.items()
    }


def comparisons(runs: list[dict]) -> dict[str, dict]:
    """Return what seeds and wrong labels change, on the hands that have them."""
    found = {}
    for network in NETWORKS:
        ways = {f"seed {seed}": {"seed": seed} for seed in (1, 2, 3)} | {
            f"{WRONG:.0%} wrong labels": {"wrong": WRONG}
        }
        some = {name: picked(runs, network=network, **way) for name, way in ways.items()}
        some = {
            n: [r for r in found_runs if r["hand"] in CHOSEN_HANDS]
            for n, found_runs in some.items()
        }
        found[network] = {
            name: {
                "hands": len(those),
                "mistakes_left": round(left_over(those), 4),
                "points_lost_on_mnist": round(statistics.mean(points_lost(those)), 4),
            }
            for name, those in some.items()
            if those
        }
    return found


def real_hands(folder: Path, mnist: digitrec.Mnist) -> dict:
    """Measure on people's hands: each learned alone, and each judged after learning all others.

    Args:
        folder: with hands.csv; paths in it start there.
        mnist: the data.

    Returns:
        Figures by network: totals over the writers, before and after, and nothing of the pictures.
    """
    with (folder / "hands.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    images = np.stack([digitrec.prepare_digit(folder / line["path"]).image for line in lines])
    everything = Digits(images, np.array([int(line["label"]) for line in lines], np.uint8))
    writers = np.array([line["writer"] for line in lines])
    missing = np.isin(mnist.test.labels, everything.labels, invert=True)
    found = {"writers": len(set(writers)), "digits": len(everything)}
    for network, path in NETWORKS.items():
        model = digitrec.load_model(path)
        known = mistakes(model, mnist.test), mistakes(model, mnist.test[missing])
        for way in ("10 of each of the writer", "all of the other writers"):
            totals: dict[str, np.ndarray] = {}
            for writer in sorted(set(writers)):
                own = everything[writers == writer]
                turn = np.zeros(len(own), int)  # which of its digit
                for digit in range(10):
                    turn[own.labels == digit] = np.arange((own.labels == digit).sum())
                learn = own[turn < LEARN] if way.startswith("10") else everything[writers != writer]
                judge = own[turn >= LEARN]
                taught = digitrec.fine_tune(model, learn, mnist)
                figures = {
                    "mistakes": [mistakes(m, judge) for m in (model, taught)],
                    "of": len(judge),
                    "believed": [believed(m, judge.images) for m in (model, taught)],
                    "mnist": [known[0], mistakes(taught, mnist.test)],
                    "mnist_digits_not_learned": [known[1], mistakes(taught, mnist.test[missing])],
                }
                print(f"{network}, {way}: {figures}", flush=True)
                for name, value in figures.items():
                    totals[name] = totals.get(name, 0) + np.array(value)
            found[f"{network}, {way}"] = {name: value.tolist() for name, value in totals.items()}
    return found


def write(runs: list[dict], real: dict | None) -> None:
    """Write what is measured so far."""
    result = {
        "settings": settings(),
        "table": rows(runs),
        "comparisons": comparisons(runs),
        "curves": {network: curve(runs, network) for network in NETWORKS},
        "real hands": real,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "versions": installed_versions("tensorflow", "keras", "numpy"),
        "runs": runs,
    }
    text = json.dumps(result, indent=1)
    RECORD.with_suffix(".new").write_text(text + "\n", encoding="utf-8")
    RECORD.with_suffix(".new").replace(RECORD)


def settings() -> dict:
    """Return the settings of `fine_tune` as it is."""
    fixed = {"way": WAY, "pieces": PIECES, "remembered": REMEMBERED, "batch_size": BATCH_SIZE}
    return json.loads(json.dumps(asdict(Teaching()) | fixed))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--real", type=Path, metavar="FOLDER", help="with hands.csv")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    mnist = digitrec.load_mnist()
    stored = json.loads(RECORD.read_text("utf-8")) if RECORD.is_file() else {}
    current = stored.get("settings") == settings()
    runs, real = (stored["runs"], stored["real hands"]) if current else ([], None)
    if arguments.real:
        write(runs, real_hands(arguments.real, mnist))
        return
    asked_before: dict[str, dict[str, int]] = {}
    for run in all_runs():
        if any(asdict(run).items() <= done.items() for done in runs):
            continue
        runs.append(asdict(run) | measure(run, mnist, asked_before))
        print(runs[-1], flush=True)
        write(runs, real)
    for row in rows(runs):
        verdict = "met " if row["met"] else "MISS"
        print(f"{verdict}  {row['what']}: {row['measured']}, target {row['target']}")
        print(f"      {row['spread']}")


if __name__ == "__main__":
    main()
