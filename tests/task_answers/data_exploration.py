"""Wrong answers to the tasks of notebook 1, and what each is told."""

import numpy as np

import digitrec
from digitrec.baselines import nearest_images


def distance(one, other):
    difference = one.astype(np.float32) / 255 - other.astype(np.float32) / 255
    return np.sqrt((difference**2).sum(axis=(-2, -1)))


def context() -> dict:
    """What the cells of the notebook have made before the tasks."""
    mnist = digitrec.load_mnist()
    images, labels = mnist.train.images, mnist.train.labels
    distances = distance(images[:1000], images[1000:2000])
    same = labels[:1000] == labels[1000:2000]
    return {
        "np": np,
        "mnist": mnist,
        "images": images,
        "labels": labels,
        "validation": mnist.validation,
        "nearest_images": nearest_images,
        "distance": distance,
        "same_digit": distances[same],
        "different_digits": distances[~same],
    }


def centre(body: str) -> str:
    return f"def centre_of_mass(image):\n    ink = image.astype(float)\n    {body}"


LOOP = """\
def centre_of_mass(image):
    row = column = ink = 0
    for i in range(image.shape[0]):
        for j in range(image.shape[1]):
            row += image[i, j] * i
            column += image[i, j] * j
            ink += image[i, j]
    return row / ink, column / ink"""

SPLIT = """\
def split(images, labels, seed):
    count = len(images)
    order = np.random.default_rng(seed).permutation(count)
    a, b = count * 6 // 10, count * 8 // 10
    images, labels = images[order], labels[order]
    {body}"""
THREE = "[(images[:a], labels[:a]), (images[a:b], labels[a:b]), (images[b:], labels[b:])]"


def cut(body: str) -> str:
    return SPLIT.format(body=body)


FIRST_TEN = (
    "stored = np.concatenate([images[labels == d][:10] for d in range(10)])\n"
    "stored_labels = np.repeat(np.arange(10), 10)"
)

WRONG = {
    "ink_share": [
        ("ink_share = (mnist.train.images == 0).mean()", "share of paper"),
        ("ink_share = 100 * (mnist.train.images > 0).mean()", "per cent"),
        ("ink_share = mnist.train.images.mean() / 255", "the mean value"),
        ("ink_share = mnist.train.images.mean()", "the mean value"),
        ("ink_share = (mnist.train.images == 255).mean()", "Grey is ink"),
        ("ink_share = (mnist.train.images > 0).sum()", "A share is a part"),
        ("ink_share = (mnist.train.images > 0).sum() / 55_000", "pixels per image"),
        ("ink_share = mnist.train.images > 0", "expected one number"),
    ],
    "centre_of_mass": [
        (
            centre(
                "return np.arange(ink.shape[1]) @ ink.sum(axis=0) / ink.sum(),"
                " np.arange(ink.shape[0]) @ ink.sum(axis=1) / ink.sum()"
            ),
            "The row comes first",
        ),
        (centre("return np.argwhere(ink > 0).mean(axis=0)"), "counts once"),
        (
            centre("p = np.argwhere(ink > 0); return (p.min(axis=0) + p.max(axis=0)) / 2"),
            "the box around",
        ),
        (centre("return (len(ink) - 1) / 2, (ink.shape[1] - 1) / 2"), "middle of the paper"),
        (
            centre(
                "r, c = np.indices(ink.shape) + 1; return (r * ink).sum() / ink.sum(),"
                " (c * ink).sum() / ink.sum()"
            ),
            "counted from 0",
        ),
        (
            centre("r, c = np.indices(ink.shape); return (r * ink).sum(), (c * ink).sum()"),
            "Divide by all of the ink: `image.sum()`",
        ),
        (
            centre("r, c = np.indices(ink.shape); return (r * ink).mean(), (c * ink).mean()"),
            "not by the number of pixels",
        ),
        (centre("return np.unravel_index(ink.argmax(), ink.shape)"), "the darkest pixel"),
        (LOOP, "goes on from 0"),
        (
            LOOP.replace(
                "return row / ink, column / ink", "return row / image.sum(), column / image.sum()"
            ),
            "goes on from 0",
        ),
        (centre("return ink.sum(axis=1)"), "expected something of shape (2,)"),
    ],
    "shifted": [
        ("shift_costs = 'a'", "How wide is a stroke?"),
        ("shift_costs = 'b'", "half of each stroke"),
        ("shift_costs = 'd'", "expected one of 'a', 'b', 'c'"),
    ],
    "split": [
        (
            cut(
                "return [(images[:a], labels[:a]), (images[a:b], labels[a:b]), "
                "(images[a:b], labels[a:b])]"
            ),
            "in the second and in the third part: 20",
        ),
        (
            cut(
                "return [(images[:a], labels[:a]), (images[a - 1:b - 1], labels[a - 1:b - 1]), "
                "(images[b:], labels[b:])]"
            ),
            "in the first and in the second part: 1.",
        ),
        (cut(f"labels = np.sort(labels); return {THREE}"), "with the label of another one"),
        (cut(f"b = a; return {THREE}"), "the second part has 0 images; expected 20"),
        (cut("return images, labels"), "not made of pairs"),
        (cut("return [(images, labels)]"), "pairs that came out: 1"),
        (
            "def split(images, labels, seed):\n    n = len(images)\n    a, b = n * 6 // 10, n * 8 "
            f"// 10\n    return {THREE}",
            "cut as it lay",
        ),
        (
            cut(f"return {THREE}").replace("default_rng(seed)", "default_rng()"),
            "The same seed gives other parts",
        ),
        (
            cut(f"return {THREE}").replace("default_rng(seed)", "default_rng(0)"),
            "Another seed gives the same parts",
        ),
        (
            "def split(images, labels, seed):\n    np.random.default_rng(seed).shuffle(images)",
            "changed the pile",
        ),
        (cut("return nothing"), "stopped with NameError"),
    ],
    "enough": [
        ("enough = 4096", "falls short of 95%"),
        ("enough = 16_384", "so is half of it"),
        ("enough = 2048", "enough for 90%"),
        ("enough = 55_000", "more than it takes"),
        ("enough = 550", "A hundredth"),
        ("enough = 0.955", "That is the accuracy"),
    ],
    "hundred": [
        (FIRST_TEN, "The goal: 90.0%"),
        (f"{FIRST_TEN}\nstored_labels = stored_labels[:50]", "each image needs one label"),
        (FIRST_TEN.replace("[:10]", "[:11]"), "110 images came"),
        (f"{FIRST_TEN}\nstored = stored / 255", "go up to 255"),
        (
            "stored = means = images[:100].reshape(100, -1)\nstored_labels = labels[:100]",
            "expected (n, 28, 28)",
        ),
        (
            "stored = validation.images[:100]\nstored_labels = validation.labels[:100]",
            "is of the validation set",
        ),
        (f"{FIRST_TEN}\nstored_labels = stored_labels + 1", "none of the digits"),
        (f"{FIRST_TEN}\nstored = stored * np.nan", "not finite"),
        (f"{FIRST_TEN}\nstored = 'many'", "no table of numbers"),
    ],
}
