"""Wrong answers to the tasks of notebook 6, and what each is told."""

import numpy as np

import digitrec


def context() -> dict:
    """What the cells of the notebook have made before the tasks; the network learned from few."""
    from digitrec.quiet import keras

    mnist = digitrec.load_mnist()
    keras.utils.set_random_seed(1)
    model = digitrec.build_mlp()
    few = digitrec.Mnist(mnist.train[:5_000], mnist.validation[:500], mnist.test)
    digitrec.train(model, few, verbose=False)
    sample = mnist.validation[:500]
    noisy = [
        digitrec.corrupt(sample.images, "noise", severity, np.random.default_rng(1))
        for severity in range(6)
    ]
    return {
        "np": np,
        "digitrec": digitrec,
        "keras": keras,
        "mnist": mnist,
        "model": model,
        "sample": sample,
        "corrupted": {"noise": noisy},
        "seed": 1,
        "learning_rate": 0.01,
    }


def convolve(*changes: tuple[str, str]) -> str:
    """The solution of `convolve` with something replaced."""
    code = """
def convolve(image, weights, stride, padding):
    image, k = np.pad(image, padding), len(weights)
    rows, columns = ((side - k) // stride + 1 for side in image.shape)
    sums = np.zeros((rows, columns))
    for row in range(rows):
        for column in range(columns):
            top, left = stride * row, stride * column
            sums[row, column] = (image[top : top + k, left : left + k] * weights).sum()
    return sums
"""
    for old, new in changes:
        assert old in code
        code = code.replace(old, new)
    return code


def noise(result: str) -> str:
    return f"def add_noise(images, noise):\n    return {result}"


def choose(result: str) -> str:
    return f"""
def choose(rungs, most_numbers, most_seconds):
    fit = [r for r in rungs if r.numbers <= most_numbers and r.seconds_to_answer <= most_seconds]
    return {result}
"""


WRONG = {
    "shuffled": [
        ("of_the_shuffled = 'a'", "Does it know which places are neighbours?"),
        ("of_the_shuffled = 'c'", "once its pixels come from anywhere"),
        ("of_the_shuffled = 'd'", "Which of the two relies on"),
        ("of_the_shuffled = 'both'", "expected one of"),
    ],
    "convolve": [
        (convolve(("* weights)", "* weights[::-1, ::-1])")), "turn the filter round"),
        (convolve(("* weights)", "* weights.T)")), "columns of the filter are swapped"),
        (convolve(("np.pad(image, padding)", "image")), "`padding` is missing"),
        (
            convolve(("(side - k) // stride", "(side - k)"), ("stride * ", "")),
            "`stride` is missing",
        ),
        (convolve(("stride * ", "")), "do not move by `stride`"),
        (convolve((".sum()", ".mean()")), "take no mean"),
        (convolve(("stride + 1", "stride")), "expected something of shape"),
        ("convolve = convolve_not = 3", "expected the function itself"),
    ],
    "smaller_steps": [
        ("work = 1_311_616", "the network as it was"),
        ("work = 61_658", "once for each place"),
        ("work = 4 * 1_311_616", "only in the first layer"),
        ("work = 24**2 * 400 + 22**2 * 4608 + 22**2 * 18432 + 20**2 * 36864 + 640", "Pooling"),
        ("work = 24**2 * 400 + 22**2 * 4608 + 11**2 * 18432 + 9**2 * 36864", "dense layer"),
    ],
    "noise": [
        (noise("images + noise"), "a byte holds 0 to 255"),
        (noise("np.minimum(images + noise, 255).astype(np.uint8)"), "What becomes of paper"),
        (noise("np.maximum(images + noise, 0).astype(np.uint8)"), "What becomes of ink"),
    ],
    "choose": [
        (choose("max(fit, key=lambda r: r.accuracy).recogniser"), "the best at home"),
        (choose("max(rungs, key=lambda r: r.other_hands).recogniser"), "limits are not looked at"),
        (choose("max(fit, key=lambda r: r.other_hands)"), "The right rung"),
        (choose("max(r.other_hands for r in fit)"), "That is how good it is"),
        (
            choose("max(fit, key=lambda r: r.other_hands).recogniser").replace("<=", "<"),
            "As much as the limit is allowed",
        ),
    ],
    "hardened": [
        ("small = digitrec.build_mlp()", "118,282 weights"),
        ("small = digitrec.build_cnn(8)", "The goal: 95.0%"),
        ("small = 0.99", "Expected a network"),
    ],
}
