"""Wrong answers to the tasks of notebook 5, and what each is told."""

import cv2
import numpy as np

import digitrec
from digitrec import figures


def context() -> dict:
    """What the cells of the notebook have made before the tasks; the network learned from few."""
    from digitrec.quiet import keras

    mnist = digitrec.load_mnist()
    keras.utils.set_random_seed(1)
    own = digitrec.build_mlp()
    few = digitrec.Mnist(mnist.train[:8_000], mnist.validation[:500], mnist.test)
    digitrec.train(own, few, verbose=False)
    names = ("digit1.png", "digit2.png", "digit15.png", "digit22.png")
    pictures = {name: digitrec.project_path("digits") / name for name in names}
    return {
        "cv2": cv2,
        "np": np,
        "digitrec": digitrec,
        "figures": figures,
        "model": own,
        "home": mnist.validation,
        "networks": {"The network in the box": digitrec.boxed_model(), "Your network": own},
        "pictures": {name: digitrec.load_picture(path) for name, path in pictures.items()},
        "labels": digitrec.load_labels("digits"),
        "latest": digitrec.read_digit(pictures["digit15.png"]),
        "fit_ink": lambda grey: None,
    }


def function(name: str, *lines: str) -> str:
    """The code of a function of one argument, `x`."""
    return "\n    ".join([f"def {name}(x):", *lines])


CUT = (
    "x = 255 - x",
    "r, c = np.nonzero(x)",
    "x = x[r.min() : r.max() + 1, c.min() : c.max() + 1]",
    "h, w = (round(20 * s / max(x.shape)) for s in x.shape)",
)
MASS = (
    "r, c = np.indices(x.shape)",
    "r, c = (r * x).sum() / x.sum(), (c * x).sum() / x.sum()",
)
LAY = (
    "image = np.zeros((28, 28))",
    "image[top : top + x.shape[0], left : left + x.shape[1]] = x",
    "return image",
)
WHITENED = "eight = home.images[home.labels == 8][0]\nspeckled = eight.copy()\n"
WRONG = {
    "not_inverted": [
        ("forgotten = 'a'", "a weight for each place"),
        ("forgotten = 'B '", "Large sums make softmax sure"),
        ("forgotten = 3", "expected one of 'a', 'b', 'c'"),
    ],
    "fitted": [
        (function("fit_ink", *CUT, "return 255 - cv2.resize(x, (w, h))"), "invert it"),
        (
            function("fit_ink", *CUT, "return cv2.resize(x, (20, 20))"),
            "shrinks by the same factor",
        ),
        (function("fit_ink", *CUT, "return cv2.resize(x, (h, w))"), "width first"),
        (function("fit_ink", *CUT, "return x"), "Now resize it"),
        (function("fit_ink", "x -= 1", *CUT, "return cv2.resize(x, (w, h))"), "its argument"),
        (function("fit_ink", "return cv2.resize(255 - x, (20, 20))"), "keep the proportions"),
        (
            function(
                "fit_ink",
                "h, w = (round(20 * s / max(x.shape)) for s in x.shape)",
                "return cv2.resize(255 - x, (w, h), interpolation=cv2.INTER_AREA)",
            ),
            "First cut out the box",
        ),
        ("fit_ink = 20", "expected the function itself"),
    ],
    "centred": [
        (
            function(
                "centre_ink", "top, left = (28 - x.shape[0]) // 2, (28 - x.shape[1]) // 2", *LAY
            ),
            "centres the box",
        ),
        (
            function("centre_ink", *MASS, "top, left = int(14 - r), int(14 - c)", *LAY),
            "`int` cuts off",
        ),
        (
            function("centre_ink", *MASS, "top, left = round(14 - c), round(14 - r)", *LAY),
            "swapped",
        ),
        (
            function("centre_ink", *MASS, "top, left = round(13.5 - r), round(13.5 - c)", *LAY),
            "row 14, column 14",
        ),
        (
            function(
                "centre_ink",
                "r, c = (places.mean() for places in np.nonzero(x))",
                "top, left = round(14 - r), round(14 - c)",
                *LAY,
            ),
            "as much as there is ink",
        ),
        (function("centre_ink", "return x"), "expected something of shape (28, 28)"),
    ],
    "chalk": [
        (function("ink_of", "return cv2.cvtColor(x, cv2.COLOR_RGB2GRAY)"), "boards are right"),
        (
            function(
                "ink_of",
                "g = cv2.cvtColor(x, cv2.COLOR_RGB2GRAY)",
                "return 255 - g if g.mean() < 127 else g",
            ),
            "turn the comparison round",
        ),
        (
            function(
                "ink_of",
                "g = cv2.cvtColor(x, cv2.COLOR_RGB2GRAY)",
                "return np.maximum(g, 255 - g) * 0 + np.minimum(g, 255 - g)",
            ),
            "Decide once",
        ),
        (function("ink_of", "return 255 - x"), "expected something of shape"),
    ],
    "turned": [
        ("drawn = latest.steps.picture\nfirst_change = 30", "At 30 degrees it says a 5, as it did"),
        ("drawn = latest.steps.picture\nfirst_change = 60", "no answer that is believed"),
        ("drawn = latest.steps.picture\nfirst_change = 170", "an earlier angle changes it"),
        ("drawn = latest.steps.picture\nfirst_change = 'never'", "expected one number"),
    ],
    "fooled": [
        (WHITENED + "speckled[0, 0] = 255", "still reads an 8"),
        (WHITENED + "speckled[10:12, 3] = 255", "touches another one"),
        (WHITENED + "speckled = speckled / 255", "whole numbers 0-255"),
        (WHITENED + "speckled = speckled[1:]", "Expected an image like `eight`"),
    ],
}
