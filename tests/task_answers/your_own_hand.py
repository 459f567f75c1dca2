"""Wrong answers to the tasks of notebook 8, and what each is told."""


def context() -> dict:
    """What the cells of the notebook have made before the tasks: a simulated hand of two sheets."""
    import numpy as np

    import digitrec
    from digitrec import calibration, hands, sheets
    from digitrec.storage import DENSE_MODEL

    sheets.read_photos("digits/sheets", into="runs/simulated_hands")
    collected = digitrec.load_hands("runs/simulated_hands")
    mnist = digitrec.load_mnist()
    split = hands.split_by_sheet(collected, ["sheet 412-1-1"])

    def is_right(network, digits):
        read = digitrec.predict(network, digits.images)[:, :10].argmax(axis=1)
        return read == digits.labels

    return {
        "np": np,
        "digitrec": digitrec,
        "calibration": calibration,
        "mnist": digitrec.Mnist(mnist.train[:5_000], mnist.validation[:1_000], mnist.test),
        "first": "dense",
        "networks": {"dense": digitrec.load_model(DENSE_MODEL)},
        "learn": split.learn,
        "kept": split.judge[split.judges.writers == "412-1"],
        "is_right": is_right,
        "seed": 1,
    }


DISTANCE = "def distance(mine, theirs):\n    "
TO_JUDGE = "def to_judge(writers, share, generator):\n    "
BATCH = """
def batch(hand, known, share, size, generator):
    new = round(share * size)
    mine = hand[generator.integers(len(hand), size=new)]
"""
JOINED = """
    images = np.concatenate([mine.images, rest.images])
    return images, np.concatenate([mine.labels, rest.labels])
"""

WRONG = {
    "slip": [
        ("answer_slip = 'a'", "shown again and again"),
        ("answer_slip = 'c'", "nobody who contradicts"),
        ("answer_slip = 'd'", "Which images have the wrong ones?"),
        ("answer_slip = 9", "in quotes"),
    ],
    "distance": [
        (
            DISTANCE + "pairs = [a.astype(float) - b for a in mine for b in theirs]\n"
            "    return sum(np.linalg.norm(pair) for pair in pairs) / len(pairs)",
            "average of the distances of all pairs",
        ),
        (DISTANCE + "return abs(mine.mean() - theirs.mean())", "how much ink there is"),
        (
            DISTANCE + "return ((mine.mean(axis=0) - theirs.mean(axis=0)) ** 2).sum()",
            "The root is missing",
        ),
        (
            DISTANCE + "return np.abs(mine.mean(axis=0) - theirs.mean(axis=0)).sum()",
            "squared before they are added",
        ),
        (
            DISTANCE + "return ((mine.mean(axis=0) - theirs.mean(axis=0)) ** 2).mean() ** 0.5",
            "not averaged",
        ),
        (DISTANCE + "return np.linalg.norm(mine - theirs)", "stopped with ValueError"),
    ],
    "enough": [
        ("enough = 140", "4 points to each side"),
        ("enough = 1_840", "2 points wide"),
        ("enough = 225", "does not shrink as the number grows"),
        ("enough = 400", "A little more"),
        ("enough = 5", "may be sheets"),
    ],
    "leak": [
        (TO_JUDGE + "return np.arange(len(writers)) < share * len(writers)", "in one place"),
        (
            TO_JUDGE + "order = generator.permutation(len(writers))\n"
            "    return order < share * len(writers)",
            "A leak",
        ),
        (
            TO_JUDGE + "names = np.unique(writers)\n"
            "    return np.isin(writers, names[generator.random(len(names)) < share])",
            "at least one, and not all",
        ),
        (TO_JUDGE + "return generator.choice(np.unique(writers), 1)", "names of writers"),
        (TO_JUDGE + "return np.flatnonzero(writers == writers[0])", "not their places"),
        (
            TO_JUDGE + "names = np.unique(writers)\n"
            "    return np.isin(writers, names[: max(1, round(share * len(names)))])",
            "let it choose",
        ),
        (
            TO_JUDGE + "names = np.random.permutation(np.unique(writers))\n"
            "    return np.isin(writers, names[: max(1, round(share * len(names)))])",
            "ask `generator` alone",
        ),
        (
            TO_JUDGE + "return writers == generator.choice(np.unique(writers))",
            "which is their share",
        ),
    ],
    "mix": [
        (
            BATCH + "    rest = hand[generator.integers(len(hand), size=size - new)]" + JOINED,
            "where is MNIST?",
        ),
        (
            BATCH + "    rest = known[generator.integers(len(known), size=size - new)]\n"
            "    labels = np.concatenate([rest.labels, mine.labels])\n"
            "    return np.concatenate([mine.images, rest.images]), labels",
            "have the labels of others",
        ),
        (
            BATCH + "    rest = known[generator.integers(len(hand), size=size - new)]" + JOINED,
            "only the first 30 images",
        ),
        (BATCH + "    rest = known[: size - new]" + JOINED, "draw"),
        (
            BATCH.replace("share", "(1 - share)").replace("(1 - share),", "share,")
            + "    rest = known[generator.integers(len(known), size=size - new)]"
            + JOINED,
            "exchanged",
        ),
        (
            BATCH + "    rest = known[generator.integers(len(known), size=size)]" + JOINED,
            "expected (64, 28, 28)",
        ),
    ],
    "fewest": [
        (
            "few, steps = np.flatnonzero(is_right(networks[first], learn))[:2], 150",
            "More than half is left",
        ),
        ("few, steps = np.arange(len(learn)), 150", "The goal: at most 3 digits"),
        ("few, steps = [0, 0], 150", "twice"),
        ("few, steps = [0, 10_000], 150", "has the places 0 to"),
        ("few, steps = learn.labels == 1, 150", "expected places"),
        ("few, steps = [0], 'many'", "expected a whole number"),
    ],
}
