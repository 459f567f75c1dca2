"""Wrong answers to the tasks of notebook 7, and what each is told."""


def context() -> dict:
    """What the cells of the notebook have made before the tasks, of a network hardly trained."""
    import numpy as np

    import digitrec
    from digitrec.exercises.judging.filters import right_without_each
    from digitrec.inside import digit_map, gradients, parts
    from digitrec.inside.activations import convolutions, stages
    from digitrec.inside.weights import untrained
    from digitrec.quiet import keras
    from digitrec.storage import DENSE_MODEL

    mnist = digitrec.load_mnist()
    dense = digitrec.load_model(DENSE_MODEL)
    keras.utils.set_random_seed(1)
    convolutional = digitrec.build_cnn()
    part = digitrec.Mnist(mnist.train[:6_000], mnist.validation[:300], mnist.test)
    digitrec.train(convolutional, part, epochs=1, learning_rate=0.01, seed=1, verbose=False)
    image = mnist.validation.images[2_334]
    passed = stages(convolutional, image)
    layer = passed[convolutions(passed)[0]].layer
    return {
        "np": np,
        "digitrec": digitrec,
        "mnist": part,
        "dense": dense,
        "convolutional": convolutional,
        "image": image,
        "passed": passed,
        "places": convolutions(passed),
        "counts": right_without_each(convolutional, layer, part.validation),
        "untrained": untrained,
        "gradients": gradients,
        "parts": parts,
        "the_map": digit_map.draw_map(dense, mnist.validation[:300]),
    }


LAYER = "layer, thousand = passed[places[0]].layer, mnist.validation\n"
WINDOW = """
def map_value(image, weights, bias, row, column, step):
    rows, columns = weights.shape
    window = image[row * step :, column * step :][:rows, :columns]
"""

WRONG = {
    "frame": [
        ("answer_frame = 'a'", "What were they when training began?"),
        ("answer_frame = 'c'", "same weights everywhere"),
        ("answer_frame = 'd'", "How many windows"),
        ("answer_frame = 2", "in quotes"),
    ],
    "missed": [
        (LAYER + "most_missed = 1 + np.argmin(counts)", "Python counts from 0"),
        (LAYER + "most_missed = np.argmax(counts)", "missed least"),
        (LAYER + "most_missed = min(counts)", "the number of a filter"),
        (LAYER + "most_missed = counts", "expected one number"),
    ],
    "one_value": [
        (
            "def map_value(image, weights, bias, row, column, step):\n"
            "    rows, columns = weights.shape\n"
            "    window = image[row : row + rows, column : column + columns]\n"
            "    return (window * weights).sum() + bias",
            "The window begins at pixel row * step",
        ),
        (WINDOW + "    return np.sum(window * weights)", "What else does a filter add?"),
        (
            WINDOW + "    return np.sum(window * weights[::-1, ::-1]) + bias",
            "The filter is turned round",
        ),
        (WINDOW + "    return max(0, np.sum(window * weights) + bias)", "ReLU comes later"),
        (WINDOW + "    return np.sum(window * weights + bias)", "once per sum"),
        (WINDOW + "    image[:] = 0\n    return 0", "changed its argument"),
    ],
    "patch": [
        ("best_patch = (0, 0, 2, 2)", "still reads a 7"),
        ("best_patch = (20, 20, 9, 3)", "within 0 to 27"),
        ("best_patch = (3, 3, 0, 5)", "counts of pixels"),
        ("best_patch = (0, 0, 28, 28)", "take fewer"),
        ("best_patch = 9", "four whole numbers"),
    ],
    "blind": [
        ("blind = ['B']", "change a little"),
        ("blind = 'C'", "even more alike"),
        ("blind = ['A', 'B', 'C']", "next to nothing in common"),
        ("blind = {'B', 'C', 'D'}", "alike in part"),
        ("blind = []", "At least one"),
        ("blind = ['E']", "letters from A to D"),
    ],
    "middle": [
        (
            "def shares(values):\n"
            "    widths = np.linalg.svd(values - values.mean(), compute_uv=False)\n"
            "    return widths[:2] ** 2 / np.sum(widths**2)",
            "one number for each column",
        ),
        (
            "def shares(values):\n"
            "    rows = values.mean(axis=1, keepdims=True)\n"
            "    widths = np.linalg.svd(values - rows, compute_uv=False)\n"
            "    return widths[:2] ** 2 / np.sum(widths**2)",
            "the mean of each row",
        ),
        (
            "def shares(values):\n"
            "    scaled = (values - values.mean(axis=0)) / values.std(axis=0)\n"
            "    widths = np.linalg.svd(scaled, compute_uv=False)\n"
            "    return widths[:2] ** 2 / np.sum(widths**2)",
            "Divided by its spread",
        ),
        (
            "def shares(values):\n"
            "    widths = np.linalg.svd(values - values.mean(axis=0), compute_uv=False)\n"
            "    return widths[:2] / np.sum(widths)",
            "squared distance",
        ),
    ],
}
