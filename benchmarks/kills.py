"""Kill trainings and saves at random moments, go on, and compare with what was never killed.

    python benchmarks/kills.py      # or: make kills; 200 kills, about ten minutes
    python benchmarks/kills.py 10   # fewer

Two workers are killed with SIGKILL, again and again. One trains with patience, Dropout,
augmentation and a checkpoint, and is started anew until it is through; then its figures and weights
have to be those of a run that nobody killed, to the last bit. The other saves two networks in turn
under one name; after each kill the file has to be one of the two, and its record that one's or told
as another's. A next start has to leave no unfinished file. The figures go to kills.json. Workers
are forks of this process, which only imports, so that kills meet work and not imports; not for
Windows.
"""

import json
import multiprocessing
import os
import platform
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from tqdm import tqdm

import digitrec
from digitrec.mnist import Mnist
from digitrec.quiet import keras
from digitrec.quiet import tensorflow as tf

KILLS = 200
FORK = multiprocessing.get_context("fork")


def train(home: Path, seed: int, mnist: Mnist) -> None:
    """Train a network, or go on where a killed worker was, and leave what came out."""
    os.environ["DIGITREC_HOME"] = str(home)
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.experimental.enable_op_determinism()
    keras.utils.set_random_seed(seed)
    mlp = digitrec.build_mlp()
    model = keras.Sequential([*mlp.layers[:-1], keras.layers.Dropout(0.5), mlp.layers[-1]])
    history = digitrec.train(
        model,
        mnist,
        epochs=60,
        batch_size=50,
        learning_rate=0.02,
        augmentation=digitrec.Augmentation(),
        patience=4,
        checkpoint="runs/run.json",
        verbose=False,
    )
    weights = [weights.tolist() for weights in model.get_weights()]
    digitrec.save_results("runs/done.json", {"history": history, "weights": weights})


def save(home: Path) -> None:
    """Save two networks in turn under one name, for ever."""
    os.environ["DIGITREC_HOME"] = str(home)
    models = [digitrec.build_mlp(), digitrec.build_mlp()]
    for number, model in enumerate(models):
        model.set_weights([np.full_like(weights, number) for weights in model.get_weights()])
    (home / "ready").touch()
    while True:
        for number, model in enumerate(models):
            digitrec.save_model(model, "models/own.keras", {"number": number})


def check(home: Path) -> None:
    """Look at what was saved, and save in the same folder as the next start does."""
    os.environ["DIGITREC_HOME"] = str(home)
    model = digitrec.load_model("models/own.keras")
    number = float(model.get_weights()[0].flat[0])
    told = False
    try:
        record = digitrec.load_record("models/own.keras")
    except ValueError as error:
        told = "do not belong together" in str(error)
        record = {"number": number if told else None}
    if record["number"] != number or number not in (0, 1):
        raise RuntimeError(f"network {number} came with the record {record}")
    digitrec.save_results("models/checked.json", {"told": told})


def start(work: Callable, *arguments: object) -> FORK.Process:
    """Start a worker that says nothing."""
    worker = FORK.Process(target=silent, args=(work, *arguments))
    worker.start()
    return worker


def silent(work: Callable, *arguments: object) -> None:
    """Work without a word about files that were saved, and without TensorFlow's."""
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    work(*arguments)


def through(work: Callable, *arguments: object) -> bool:
    """Let a worker end by itself; return whether it came through."""
    worker = start(work, *arguments)
    worker.join()
    return worker.exitcode == 0


def leftovers(home: Path) -> list[str]:
    """Return the names of unfinished files."""
    return [path.name for path in home.rglob(".saving-*")]


def kill_trainings(kills: int, folder: Path, generator: random.Random) -> dict[str, int]:
    """Kill trainings until there were enough, and compare each that got through."""
    mnist = digitrec.load_mnist()
    small = Mnist(mnist.train[:2000], mnist.validation[:500], mnist.test[:10])
    results = []
    for name in ("whole", "again"):
        begun = time.monotonic()
        if not through(train, folder / name, 1, small):
            raise RuntimeError("a training that nobody killed failed")
        length = time.monotonic() - begun
        results.append((folder / name / "runs" / "done.json").read_bytes())
    if results[0] != results[1]:
        raise RuntimeError("two trainings that nobody killed differ")
    counts = dict.fromkeys(("trainings", "kills", "kills that left a checkpoint", "different"), 0)
    counts |= {"kills that left a file unfinished": 0, "files left after the next start": 0}
    counts["epochs of each"] = len(json.loads(results[0])["history"]["loss"])
    progress = tqdm(total=kills, desc="trainings")
    while counts["kills"] < kills:
        home, seed = folder / f"run{counts['trainings']}", 1
        while not (home / "runs" / "done.json").is_file():
            worker = start(train, home, seed, small)
            # much of a run is its start, which leaves no checkpoint
            worker.join(generator.uniform(0.4, 1.2) * length)
            if worker.exitcode is None:
                worker.kill()
                worker.join()
                checkpoint = (home / "runs" / "run.json").is_file()
                counts["kills"] += 1
                counts["kills that left a checkpoint"] += checkpoint
                counts["kills that left a file unfinished"] += bool(leftovers(home))
                progress.update()
                # with a checkpoint, the start of the weights and their chance do not matter
                seed = generator.randrange(2, 10**6) if checkpoint else 1
            elif worker.exitcode:
                counts["different"] += 1  # it refused to go on, or failed
                break
        else:
            counts["different"] += (home / "runs" / "done.json").read_bytes() != results[0]
            counts["files left after the next start"] += len(leftovers(home))
        counts["trainings"] += 1
    return counts


def kill_saves(kills: int, home: Path, generator: random.Random) -> dict[str, int]:
    """Kill a worker that saves all the time, and look at what it leaves."""
    counts = dict.fromkeys(("kills", "lost", "records told as another network's"), 0)
    counts |= {"kills that left a file unfinished": 0, "files left after the next start": 0}
    home.mkdir()
    for _ in tqdm(range(kills), desc="saves"):
        (home / "ready").unlink(missing_ok=True)
        worker = start(save, home)
        while not (home / "ready").exists():
            time.sleep(0.01)
        time.sleep(generator.uniform(0.2, 0.7))
        worker.kill()
        worker.join()
        counts["kills"] += 1
        counts["kills that left a file unfinished"] += bool(leftovers(home))
        counts["lost"] += not through(check, home)
        told = json.loads((home / "models" / "checked.json").read_text("utf-8"))["told"]
        counts["records told as another network's"] += told
        counts["files left after the next start"] += len(leftovers(home))
    return counts


def main() -> None:
    kills = int(sys.argv[1]) if sys.argv[1:] else KILLS
    generator = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        saves = kill_saves(kills // 2, Path(folder, "saves"), generator)
        trainings = kill_trainings(kills - kills // 2, Path(folder), generator)
    machine = f"{platform.machine()}, {os.cpu_count()} cores"
    result = {"machine": machine, "trainings": trainings, "saves": saves}
    print(json.dumps(result, indent=2))
    if kills >= KILLS:
        Path(__file__).with_suffix(".json").write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    wrong = trainings["different"] + saves["lost"]
    left = sum(counts["files left after the next start"] for counts in (trainings, saves))
    if wrong or left:
        sys.exit(1)


if __name__ == "__main__":
    main()
