"""Wrong answers to the tasks of notebook 2, and what each is told."""

import numpy as np

import digitrec
from digitrec.quiet import keras


def softmax(scores):
    powers = np.exp(scores - scores.max())
    return powers / powers.sum()


def context() -> dict:
    """What the cells of the notebook have made before the tasks."""
    mnist = digitrec.load_mnist()
    linear = keras.Sequential(
        [
            keras.Input((28, 28), dtype="uint8"),
            keras.layers.Rescaling(1 / 255),
            keras.layers.Flatten(),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    return {
        "np": np,
        "keras": keras,
        "digitrec": digitrec,
        "mnist": mnist,
        "linear": linear,
        "softmax": softmax,
        "scores": np.array([2.0, 1.0, -1.0]),
    }


def neurons(biases: str, last: str) -> str:
    return f"hidden_weights = np.ones((2, 2))\nhidden_biases = {biases}\nlast_weights = {last}"


def rows(powers: str, result: str) -> str:
    return f"def softmax_rows(scores):\n    powers = {powers}\n    return {result}"


OWN_LARGEST = "np.exp(scores - scores.max(axis=1, keepdims=True))"

AVERAGES = (
    "my_weights = np.stack([mnist.train.images[mnist.train.labels == d].mean(axis=0).reshape(784) "
    "/ 255 for d in range(10)], axis=1)\nmy_biases = np.zeros(10)"
)

STRANGE = """\
def build_strange():
    return keras.Sequential(
        [
            keras.Input((28, 28), dtype="uint8"),
            keras.layers.Rescaling(1 / 255),
            keras.layers.Flatten(),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(10),
            keras.layers.Softmax(),
        ]
    )"""
RESCALING = "keras.layers.Rescaling(1 / 255),"


WRONG = {
    "exactly_one": [
        (neurons("[0, 0]", "[1, 1]"), "Both neurons say the same"),
        (neurons("[0, -1]", "[1, -1]"), "any at all"),
        (neurons("[0, -1]", "[1, 0]"), "counts the pixels"),
        (neurons("[0, -1]", "[0, 1]"), "whether both are 1"),
        (neurons("[0, -1]", "[-1, 2]"), "Only the sign"),
        (neurons("[0, -1]", "[0.5, -1]"), "The shape is right"),
        (neurons("[-5, -6]", "[1, 1]"), "Nobody speaks"),
        (neurons("[1, 0]", "[1, -2]"), "no bias above 0"),
        (neurons("[0, -1, 2]", "[1, -2]"), "expected numbers of shape (2,)"),
        (neurons("'both'", "[1, -2]"), "hidden_biases: 'both' came"),
        (neurons("[0, np.inf]", "[1, -2]"), "expected finite numbers"),
    ],
    "doubled": [
        ("twice_the_scores = 'a'", "*added* to each"),
        ("twice_the_scores = 'c'", "closer together"),
        ("twice_the_scores = 'd'", "still higher"),
    ],
    "softmax_rows": [
        (
            rows("np.exp(scores - scores.max(axis=0))", "powers / powers.sum(axis=0)"),
            "Each *column* adds",
        ),
        (rows("np.exp(scores - scores.max())", "powers / powers.sum(axis=0)"), "Each *column*"),
        (rows("np.exp(scores)", "powers / powers.sum(axis=0)"), "Each *column*"),
        (rows("np.exp(scores - scores.max())", "powers / powers.sum()"), "The whole table"),
        (rows("np.exp(scores)", "powers / powers.sum()"), "The whole table"),
        (
            rows("np.exp(scores - scores.max())", "powers / powers.sum(axis=1, keepdims=True)"),
            "each row's own largest",
        ),
        (
            rows("np.exp(scores)", "powers / powers.sum(axis=1, keepdims=True)"),
            "too large for the computer",
        ),
        (
            rows("np.exp(scores - scores.max(axis=1))", "powers / powers.sum(axis=1)"),
            "keepdims=True",
        ),
        (rows(OWN_LARGEST, "powers / powers.sum(axis=1)"), "keepdims=True"),
        (rows("np.exp(scores - scores.max())", "powers / powers.sum(axis=1)"), "keepdims=True"),
        (rows(OWN_LARGEST, "powers"), "Divide by the sum"),
        (rows("scores", "powers / powers.sum(axis=1, keepdims=True)"), "Raise e to each"),
        (rows(OWN_LARGEST, "powers.sum(axis=1)"), "of shape (2,)"),
    ],
    "without_training": [
        (AVERAGES, "The goal: 80.0%"),
        (f"{AVERAGES}\nmy_weights = my_weights.T", "`.T` turns them over"),
        (f"{AVERAGES}\nmy_weights = my_weights[:100]", "expected (784, 10)"),
        (f"{AVERAGES}\nmy_biases = my_biases[:9]", "expected (10,)"),
        (
            "my_weights, my_biases = linear.get_weights()\nmy_weights = 2 * my_weights",
            "the trained weights",
        ),
        ("my_weights, my_biases = np.zeros((784, 10)), np.zeros(10)", "nothing is decided"),
        (f"{AVERAGES}\nmy_biases = my_biases / 0", "not finite"),
        (f"{AVERAGES}\nmy_weights = 'averages'", "no table of numbers"),
    ],
    "weight_count": [
        ("weight_count = 784 * 64 + 64 * 10", "also has a bias"),
        ("weight_count = 784 * 64 + 64", "the second one has weights"),
        ("weight_count = 784 * 64 + 64 + 64 * 10", "ten neurons of the last layer"),
        ("weight_count = 784 * 64 + 64 * 10 + 10", "The 64 neurons"),
        ("weight_count = 784 * 64 + 64 + 784 * 10 + 10", "not the pixels"),
        ("weight_count = 118_282", "two layers of 128"),
        ("weight_count = 55_050", "two hidden layers of 64"),
        ("weight_count = 'many'", "expected one number"),
    ],
    "strange_loss": [
        (STRANGE.replace("            keras.layers.Softmax(),\n", ""), "and not to 1"),
        (STRANGE.replace(RESCALING, f"{RESCALING} {RESCALING}"), "divided by 255 twice"),
        (STRANGE.replace(RESCALING, ""), "Nobody divides"),
        (STRANGE.replace("Dense(10)", "Dense(10, activation='softmax')"), "taken twice"),
        (STRANGE.replace(', activation="relu"', ""), "ReLU is missing"),
        (STRANGE.replace('"relu"', '"tanh"'), "Its answers are not those"),
        (STRANGE.replace("128", "64"), "with 118,282"),
        (STRANGE.replace("Dense(10)", "Dense(9)"), "expected (500, 10)"),
        ("build_strange = digitrec.build_mlp()", "without brackets behind it"),
        ("def build_strange():\n    return 10", "10 came out; expected a network"),
        ("def build_strange():\n    return dense", "stopped with NameError"),
    ],
}
