"""Wrong answers to the tasks of notebook 3, and what each is told."""

import numpy as np


def context() -> dict:
    """What the cells of the notebook have made before the tasks."""
    import digitrec
    from digitrec.quiet import keras

    mnist = digitrec.load_mnist()
    return {"np": np, "digitrec": digitrec, "keras": keras, "mnist": mnist, "train": mnist.train}


def step(error="probabilities - truth", hidden_error="", slopes="", returned=""):
    """A function that differs from a right one in the lines that are given."""
    hidden_error = hidden_error or "np.where(sums > 0, error @ last_weights.T, 0)"
    slopes = slopes or "inputs.T @ hidden_error / len(inputs)"
    return f"""
def batch_step(first_weights, last_weights, inputs, truth, rate):
    sums = inputs @ first_weights
    powers = np.exp(np.maximum(sums, 0) @ last_weights)
    probabilities = powers / powers.sum(axis=1, keepdims=True)
    error = {error}
    hidden_error = {hidden_error}
    slopes = {slopes}
    return {returned or "first_weights - rate * slopes"}
"""


def mixing(returned, order="generator.permutation(len(labels))"):
    return f"""
def mixed(images, labels, seed):
    generator = np.random.default_rng(seed)
    order = {order}
    return {returned}
"""


def network(*layers, inputs='keras.Input((28, 28), dtype="uint8")', more="pass"):
    return f"""
def small_network():
    keras.utils.set_random_seed(1)
    network = keras.Sequential([{inputs}, {", ".join(layers)}])
    network.compile(keras.optimizers.Adam(0.005), "sparse_categorical_crossentropy")
    {more}
    return network
"""


RESCALING, FLATTEN = "keras.layers.Rescaling(1 / 255)", "keras.layers.Flatten()"
NEURONS = 'keras.layers.Dense(24, "relu")'
NORMALISED = "keras.layers.BatchNormalization()"
ANSWERS = 'keras.layers.Dense(10, "softmax")'
FIT = "network.fit({}, verbose=0, epochs={}, batch_size=50)"
LINE = "papermill notebooks/03_training.ipynb runs/half.ipynb"
OWN_FILES = "-p model_path models/half.keras -p results_path runs/half.json"

WRONG = {
    "steeper": [
        ('steeper = "a"', "how far is it to 3?"),
        ('steeper = "b"', "the slope is another one now"),
        ('steeper = "d"', "how far from 3 did it begin?"),
        ("steeper = 3", "expected one of 'a', 'b', 'c', 'd'"),
    ],
    "batch_step": [
        (step("truth - probabilities"), "It goes uphill."),
        (step(returned="first_weights + rate * slopes"), "It goes uphill."),
        (step(hidden_error="error @ last_weights.T"), "also passes neurons that were closed"),
        (step(slopes="inputs.T @ hidden_error"), "take the mean"),
        (step(returned="slopes"), "The step is still to be taken."),
        (step(hidden_error="np.where(sums > 0, 1, 0)"), "through the last weights"),
        (step(slopes="np.outer(inputs, hidden_error)"), "stopped with ValueError"),
        (
            step(returned="first_weights.__isub__(rate * slopes)"),
            "your function changed its argument",
        ),
        ("batch_step = 3", "expected the function itself"),
    ],
    "mixed": [
        (mixing("images, labels"), "nothing is mixed"),
        (mixing("images[order], labels"), "beside another image's label"),
        (mixing("images[order]"), "expected two things"),
        (
            mixing(
                "images[order], labels[order]", "generator.integers(0, len(labels), len(labels))"
            ),
            "some came twice",
        ),
        (
            mixing("images[order], labels[order]", "np.arange(len(labels))[::-1]"),
            "the same with every seed",
        ),
        (
            mixing("images[order], labels[order]", "np.random.permutation(len(labels))"),
            "With the same seed, another order came",
        ),
        (mixing("images[order], labels[order[:5]]"), "with labels of shape (5,)"),
        (
            mixing("images[order], labels[order]", "(generator.shuffle(images), [0])[1]"),
            "changed its arguments",
        ),
        (mixing("generator.permuted(images, axis=2), labels"), "pixels were changed"),
    ],
    "nonsense": [
        ('nonsense = "a"', "or these images?"),
        ('nonsense = "c"', "What would stop it half-way?"),
        ('nonsense = "D"', "two images of a 4"),
    ],
    "command": [
        ("command = 64", "expected the line, in quotes"),
        (f'command = "jupyter {LINE}"', "has to begin with `papermill`"),
        ('command = "papermill"', "papermill would say"),
        (f'command = "{LINE} -p batch_size"', "papermill would say"),
        (f'command = "{LINE} -p batchsize 64 {OWN_FILES}"', "batchsize: no such parameter"),
        (f'command = "{LINE} {OWN_FILES}"', "5,157 in three"),
        (f'command = "{LINE} -p batch_size 65 {OWN_FILES}"', "847 steps per epoch"),
        (f'command = "{LINE} -r batch_size 64 {OWN_FILES}"', "expected a whole number"),
        (f'command = "{LINE} -p epochs 2 {OWN_FILES}"', "another value decides"),
        (f'command = "{LINE} -p batch_size 64"', "models/handwritten_digits.keras would be repl"),
        (
            f'command = "{LINE} -p batch_size 64 -p model_path models/half.keras"',
            "runs/03_training.json would be replaced",
        ),
        (
            f'command = "{LINE} -p batch_size 64 -p model_path half -p results_path half.json"',
            "ends in .keras",
        ),
        (
            f'command = "papermill notebooks/03_training.ipynb -p batch_size 64 {OWN_FILES}"',
            "A second name is missing",
        ),
        (
            'command = "papermill notebooks/03_training.ipynb notebooks/03_training.ipynb"',
            "written over the lesson",
        ),
        (f'command = "{LINE} -p model_path \'models"', "has no partner"),
    ],
    "small_network": [
        (network(RESCALING, FLATTEN, 'keras.layers.Dense(64, "relu")', ANSWERS), "too many"),
        (network(RESCALING, FLATTEN, NEURONS, ANSWERS), "The goal:"),
        (network(RESCALING, FLATTEN, 'keras.layers.Dense(11, "softmax")'), "gives 11 answers"),
        (network(RESCALING, 'keras.layers.Dense(10, "softmax")'), "(5000, 28, 10)"),
        (network(FLATTEN, ANSWERS, inputs="keras.Input((784,))"), "cannot answer images of 28x28"),
        (network(RESCALING, FLATTEN, "keras.layers.Dense(10)"), "no probabilities"),
        (
            network(
                *(FLATTEN, NORMALISED, ANSWERS),
                inputs="keras.Input((28, 28))",
                more=FIT.format("mnist.train.images[:9000] / 255, mnist.train.labels[:9000]", 2),
            ),
            "Rescaling(1 / 255)",
        ),
        (
            network(
                *(RESCALING, FLATTEN, NEURONS, ANSWERS),
                more=FIT.format("mnist.validation.images, mnist.validation.labels", 8),
            ),
            "Did it learn from the validation set?",
        ),
        ("def small_network():\n    return 0.98", "expected a trained Keras model"),
    ],
}
