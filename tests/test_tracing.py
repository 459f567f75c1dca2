"""Short trainings in a row bring no warning; other messages of TensorFlow are shown as ever."""

import logging

import pytest

import digitrec
from digitrec.mnist import Mnist
from digitrec.quiet import keras
from digitrec.training.tracing import without_advice_on_tracing

ADVICE = "5 out of the last 5 calls to <function f> triggered tf.function retracing."


@pytest.fixture
def written():
    """What reaches whoever reads TensorFlow's messages."""
    lines = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())
    logger = logging.getLogger("tensorflow")
    logger.addHandler(handler)
    yield lines
    logger.removeHandler(handler)


def tiny():
    flat = [keras.Input((28, 28), dtype="uint8"), keras.layers.Flatten()]
    return keras.Sequential([*flat, keras.layers.Dense(10, activation="softmax")])


def test_six_short_trainings_bring_no_warning(mnist, written):
    few = Mnist(mnist.train[:100], mnist.validation[:50], None)
    for seed in range(6):
        digitrec.train(tiny(), few, epochs=1, batch_size=100, seed=seed, verbose=False)
    assert not written


def test_only_this_advice_is_kept_back_and_only_meanwhile(written):
    logger = logging.getLogger("tensorflow")
    with without_advice_on_tracing():
        logger.warning(ADVICE)
        logger.warning("the disk is full")
    logger.warning(ADVICE)
    assert written == ["the disk is full", ADVICE]
