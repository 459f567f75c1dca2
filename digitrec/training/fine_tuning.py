"""Teaching a trained network somebody's hand, so that it reads that and forgets nothing."""

import math
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING

import numpy as np

from digitrec.augmentation import Augmentation, augment
from digitrec.inside.parts import without_shifts
from digitrec.mnist import SIDE, Digits, Mnist
from digitrec.networks import in_short, predict, ready_for_use, taught_name
from digitrec.training.garbage import garbage_collected
from digitrec.training.settings import LARGEST_SEED, refuse
from digitrec.training.steps import adam
from digitrec.training.tracing import without_advice_on_tracing

if TYPE_CHECKING:
    import keras

BATCH_SIZE = 64
MOST_STEPS = 2_000  # all batches are made before; these and TensorFlow take 1.7 GB
PIECES = 1 / 8  # of each batch: what is no digit
REMEMBERED, REMEMBERED_PIECES = 3_000, 1_000  # images that the network is asked about before
ROUNDS = 6  # how often the training comes back from TensorFlow to Python
# from the old weights to the new ones: most of what was learned stays, little that was known goes
WAY = 0.75
# as the same hand writes the next time; a wider one would be another hand's
SAME_HAND = Augmentation(rotation=6, scale=0.08, shear=0.1, shift=1.5, elastic=0.5, thickness=0.3)


@dataclass(frozen=True)
class Teaching:
    """The settings of `fine_tune`; see there.

    Raises:
        ValueError: a setting is out of range.

    >>> Teaching(share=1.5)
    Traceback (most recent call last):
    ...
    ValueError: share is 1.5, expected a number above 0 and at most 0.8, such as 0.25
    """

    seed: int = 1
    steps: int = 150
    learning_rate: float = 0.001
    share: float = 0.25
    augmentation: Augmentation | None = SAME_HAND

    def __post_init__(self) -> None:
        for name, least, most in (("seed", 0, LARGEST_SEED), ("steps", 1, MOST_STEPS)):
            value = getattr(self, name)
            if type(value) is not int or not least <= value <= most:
                refuse(name, value, f"a whole number from {least} to {most:,}")
        for name, most, example in (("learning_rate", 1, 0.001), ("share", 0.8, 0.25)):
            value = getattr(self, name)
            if not isinstance(value, Real) or type(value) is bool or not 0 < value <= most:
                refuse(name, value, f"a number above 0 and at most {most}, such as {example}")
        if self.augmentation is not None and not isinstance(self.augmentation, Augmentation):
            refuse("augmentation", self.augmentation, "None or a digitrec.Augmentation")


@garbage_collected()
@without_advice_on_tracing()
def fine_tune(
    model: "keras.Model",
    digits: Digits,
    mnist: Mnist,
    *,
    seed: int = 1,
    steps: int = 150,
    learning_rate: float = 0.001,
    share: float = 0.25,
    augmentation: Augmentation | None = SAME_HAND,
) -> "keras.Model":
    """Return a network that has learned some more hands; the given one stays as it is.

    Each batch has digits of these hands, changed a little as the same hand would write them the
    next time, with their labels. The rest are training images of MNIST, and pieces of several put
    together to what is no digit: there the given network's own answers are learned, too. So it
    keeps what it knows, "not a digit" included. Batch normalisation keeps its statistics, Dropout
    is off: it learns as it answers. At the end it goes back a quarter of the way to its old
    weights.

    Args:
        model: a trained network, such as `boxed_model()`, or what `load_model` returns.
        digits: what it is to learn, with right labels; ten of each digit are plenty, and digits
            that are missing are hardly forgotten.
        mnist: the data; of these, only the training set is used.
        seed: the source of all chance, 0 or more. The same seed gives the same weights again on
            the same machine.
        steps: batches of 64 images, 1 to 2,000.
        learning_rate: the highest step size of Adam, above 0 and at most 1.
        share: the part of each batch that shows the new digits, above 0 and at most 0.8.
        augmentation: how to change the new digits; None leaves them as they are.

    Returns:
        A new network of the same form, ready to predict, to evaluate and to be saved.

    Raises:
        ValueError: a setting is out of range, there are no digits, labels are none of the network's
            answers, the network cannot be copied or trained, or the loss is no number any more.

    Source: Z. Li, D. Hoiem, "Learning without forgetting", ECCV 2016 (the old answers);
    M. Wortsman et al., "Robust fine-tuning of zero-shot models", CVPR 2022 (between the weights).
    """
    settings = Teaching(seed, steps, learning_rate, share, augmentation)
    if not isinstance(mnist, Mnist):
        raise ValueError(f"mnist is {type(mnist).__name__}, expected what load_mnist() returns")
    taught = copy_of(model)
    check_digits("new", digits, 10)
    check_digits("training", mnist.train, 10)
    images, targets = lesson(model, digits, mnist.train, settings)
    network, _ = without_shifts(taught)
    before = network.get_weights()
    learn(network, images, targets, settings)
    between = [
        old + WAY * (new - old) for old, new in zip(before, network.get_weights(), strict=True)
    ]
    network.set_weights(between)
    return ready_for_use(taught)


def check_digits(name: str, digits: Digits, answers: int) -> None:
    """Check that there is something to learn from, and an answer for each label."""
    if not isinstance(digits, Digits):
        raise ValueError(f"the {name} digits are {type(digits).__name__}, expected digitrec.Digits")
    if not len(digits):
        raise ValueError(f"there are no {name} digits, expected at least one")
    if digits.labels.max() >= answers or digits.labels.min() < 0:
        raise ValueError(
            f"the {name} digits have labels from {digits.labels.min()} to {digits.labels.max()}, "
            f"expected 0 to {answers - 1}"
        )


def copy_of(model: "keras.Model") -> "keras.Model":
    """Return the same network anew, under a name that says that it was taught.

    Raises:
        ValueError: it is no network, cannot be built anew, or has nothing that can learn.
    """
    try:
        taught = type(model).from_config(model.get_config() | {"name": taught_name(model.name)})
        taught.set_weights(model.get_weights())
    except Exception as error:  # a network of any form may be handed over
        raise ValueError(
            f"The network cannot be copied ({in_short(error)}). Expected one made of layers, as "
            "build_mlp and build_cnn make it, as load_model loads it, or boxed_model()."
        ) from error
    if not without_shifts(taught)[0].trainable_weights:
        raise ValueError(
            "The network cannot be trained: it has no weights, or all its layers are frozen. "
            "Set their trainable to True first."
        )
    return taught


def lesson(
    model: "keras.Model", digits: Digits, known: Digits, settings: Teaching
) -> tuple[np.ndarray, np.ndarray]:
    """Put together all batches: new digits, known ones, and pieces of these, with what to answer.

    To a new digit that is its label; to a known one the mean of its label and what the network
    answered before; to pieces the latter alone.

    Args:
        model: the network as it is.
        digits: the new ones.
        known: the training images of MNIST.
        settings: of the teaching.

    Returns:
        Images (steps * 64, 28, 28), uint8, batch after batch, and what to answer to them,
        (steps * 64, answers), float32.
    """
    generator, steps = np.random.default_rng(settings.seed), settings.steps
    remembered = known[generator.permutation(len(known))[:REMEMBERED]]
    others = pieces(known.images, REMEMBERED_PIECES, generator)
    network, _ = without_shifts(model)
    said_before = predict(network, remembered.images)
    one_hot = np.eye(said_before.shape[-1], dtype=np.float32)
    old_answers = (said_before + one_hot[remembered.labels]) / 2

    new, small = max(1, round(settings.share * BATCH_SIZE)), round(PIECES * BATCH_SIZE)
    order = in_turn(len(digits), steps * new, generator)
    shown = digits.images[order]
    if settings.augmentation is not None:
        shown = augment(shown, generator, settings.augmentation)
    images, answers = [shown], [one_hot[digits.labels[order]]]
    for some, said, each in (
        (remembered.images, old_answers, BATCH_SIZE - new - small),
        (others, predict(network, others), small),
    ):
        order = in_turn(len(some), steps * each, generator)
        images.append(some[order])
        answers.append(said[order])
    return batch_by_batch(images, steps), batch_by_batch(answers, steps)


def in_turn(count: int, total: int, generator: np.random.Generator) -> np.ndarray:
    """Return so many places, each as often as any other, give or take one: array (total,), int."""
    rounds = [generator.permutation(count) for _ in range(math.ceil(total / count))]
    return np.concatenate(rounds)[:total]


def batch_by_batch(parts: list[np.ndarray], steps: int) -> np.ndarray:
    """Return parts shared out evenly among batches, and the batches one after the other."""
    shared = [part.reshape(steps, -1, *part.shape[1:]) for part in parts]
    return np.concatenate(shared, axis=1).reshape(-1, *parts[0].shape[1:])


def pieces(images: np.ndarray, count: int, generator: np.random.Generator) -> np.ndarray:
    """Return halves and quarters of several digits put together, mostly to what is no digit.

    Args:
        images: array (n, 28, 28), uint8.
        count: how many to make.
        generator: the source of all chance.

    Returns:
        Array (count, 28, 28), uint8: a third of them halves side by side, a third halves one above
        the other, a third quarters.
    """
    middle = SIDE // 2
    first, right, below, last = images[generator.integers(len(images), size=(4, count))]
    made, kind = first.copy(), np.arange(count) % 3
    made[kind != 1, :, middle:] = right[kind != 1, :, middle:]
    made[kind != 0, middle:] = below[kind != 0, middle:]
    made[kind == 2, middle:, middle:] = last[kind == 2, middle:, middle:]
    return made


def learn(
    network: "keras.Model", images: np.ndarray, targets: np.ndarray, settings: Teaching
) -> None:
    """Train a network, in place, on batches that are ready.

    Args:
        network: as it is to be trained; one that is averaged over shifts learns without them.
        images: from `lesson`, batch after batch.
        targets: what to answer to them.
        settings: of the teaching.

    Raises:
        ValueError: it cannot be trained, or the loss is no number any more.
    """
    from digitrec.quiet import keras

    warm = settings.steps // 10
    rate = keras.optimizers.schedules.CosineDecay(
        settings.learning_rate / 10,
        decay_steps=settings.steps - warm,
        warmup_target=settings.learning_rate,
        warmup_steps=warm,
    )
    try:
        as_it_answers = learner(network)
        as_it_answers.compile(
            optimizer=adam(rate),
            loss="categorical_crossentropy",
            steps_per_execution=math.ceil(settings.steps / ROUNDS),
        )
        history = as_it_answers.fit(
            images, targets, batch_size=BATCH_SIZE, shuffle=False, verbose=0
        ).history
    except Exception as error:  # a network of any form may be handed over
        raise ValueError(f"The network cannot be trained ({in_short(error)}).") from error
    loss = history["loss"][-1]
    if not math.isfinite(loss) or not all(np.isfinite(w).all() for w in network.get_weights()):
        raise ValueError(
            f"The training went wrong: the loss is {loss}, or weights are no numbers. Take a "
            "smaller learning_rate; the network that you gave is unchanged."
        )


def learner(network: "keras.Model") -> "keras.Model":
    """Return what `fit` can train: the same network, which never hears that it is being trained.

    In a functional model `training=False` would not hold: `fit` says otherwise to every layer.
    """
    from digitrec.quiet import keras

    class AsItAnswers(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def call(self, images: object, training: bool | None = None) -> object:
            return self.network(images, training=False)

    return AsItAnswers()
