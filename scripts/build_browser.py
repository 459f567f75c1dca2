"""Rebuild what the browser computes with: the box and a dense network as text, and test vectors.

    python scripts/build_browser.py           # make model does it at its end
    python scripts/build_browser.py --train   # train the dense network anew before

The dense network is the one that notebook 3 trains, with its recipe and seed, so that a page which
has no learner's own network can show what the classic one says.
"""

import argparse
import base64
import json
from pathlib import Path

import numpy as np

import digitrec
from digitrec.browser import NETWORKS, portable
from digitrec.files import write_whole
from digitrec.quiet import keras
from digitrec.storage import BOXED_MODEL, DENSE_MODEL

SEED, EPOCHS, BATCH_SIZE = 1, 3, 32
VECTORS = 100  # validation images, evenly spread


def train_dense(mnist: digitrec.Mnist) -> None:
    """Train the classic network as notebook 3 does, and save it."""
    keras.utils.set_random_seed(SEED)
    model = digitrec.build_mlp()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    train, validation = mnist.train, mnist.validation
    history = model.fit(
        *(train.images, train.labels, BATCH_SIZE, EPOCHS),
        validation_data=(validation.images, validation.labels),
        verbose=0,
    )
    parameters = {"model_name": "mlp", "epochs": EPOCHS, "batch_size": BATCH_SIZE}
    record = digitrec.training_record(history.history, parameters, SEED)
    bare = digitrec.build_mlp()  # without the memory of the optimizer, three times the size
    bare.set_weights(model.get_weights())
    digitrec.save_model(bare, DENSE_MODEL, record)


def write_text(path: Path, text: str) -> None:
    """Write a file of text whole."""
    write_whole(path, lambda temporary: temporary.write_text(text + "\n", "utf-8"))


def write_networks(mnist: digitrec.Mnist) -> None:
    """Write both networks for the browser, and what Keras answers to some images."""
    images = mnist.validation.images[:: len(mnist.validation) // VECTORS]
    vectors = {"images": base64.b64encode(images.tobytes()).decode()}
    for name, path in (("box", BOXED_MODEL), ("dense", DENSE_MODEL)):
        model = digitrec.load_model(path)
        write_text(NETWORKS / f"{name}.json", portable(model))
        vectors[name] = np.round(digitrec.predict(model, images).astype(float), 6).tolist()
    write_text(NETWORKS / "vectors.json", json.dumps(vectors, separators=(",", ":")))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--train", action="store_true", help="train the dense network anew")
    mnist = digitrec.load_mnist()
    if parser.parse_args().train:
        train_dense(mnist)
    write_networks(mnist)


if __name__ == "__main__":
    main()
