"""Wrong answers to the tasks of notebook 4, and what each is told."""

import numpy as np


def context() -> dict:
    """What the cells of the notebook have made before the tasks."""
    import digitrec

    test = digitrec.load_mnist().test[:500]
    probabilities = digitrec.predict(digitrec.boxed_model(), test.images)[:, :10]
    probabilities[:20] = np.roll(probabilities[:20], 1, axis=1)  # sure and wrong
    probabilities[20:30] = probabilities[20:30] / 2 + 0.05  # right and unsure
    predicted = probabilities.argmax(axis=1)
    return {
        "np": np,
        "test": test,
        "predicted": predicted,
        "confidence": probabilities.max(axis=1),
    }


def function(name, arguments, *lines):
    return "\n    ".join([f"def {name}({arguments}):", *lines])


def counting(*lines):
    return function("count_confusions", "labels, predicted", *lines)


def counted(line):
    return counting(
        "matrix = np.zeros((10, 10), dtype=int)",
        "for label, answer in zip(labels, predicted):",
        f"    {line}",
        "return matrix",
    )


def trusting(returned):
    return function("trust", "matrix, digit", f"return {returned}")


def share(returned):
    return (
        "sure = confidence >= 0.9\nmistake = predicted != test.labels\n"
        f"wrong_when_sure = {returned}"
    )


def doubting(returned):
    return function("doubtful_first", "labels, probabilities", f"return {returned}")


def choosing(*lines):
    return function("choose", "recognisers, validation, ask_test", *lines)


BY_VALIDATION = (
    "shares = [(r(validation.images) == validation.labels).mean() for r in recognisers]",
    "best = recognisers[np.argmax(shares)]",
)

WRONG = {
    "confusions": [
        (counted("matrix[answer, label] += 1"), "Rows and columns are exchanged"),
        (
            counting(
                "matrix = np.zeros((10, 10), dtype=int)",
                "matrix[labels, predicted] += 1",
                "return matrix",
            ),
            "counts a cell once",
        ),
        (counted("matrix[label, answer] += label != answer"), "Right answers count as well"),
        (counted("matrix[label, answer] += label == answer"), "Wrong answers count as well"),
        (
            counting("matrix = np.zeros((9, 9))", "matrix[labels, predicted] += 1"),
            "stopped with IndexError",
        ),
        (counting("return [labels == predicted]"), "expected something of shape (10, 10)"),
    ],
    "trust": [
        (trusting("matrix[digit, digit] / matrix.sum()"), "divides by all images"),
        (trusting("matrix[digit, digit] / matrix.diagonal().sum()"), "by all right answers"),
        (trusting("1 - matrix[digit, digit] / matrix[:, digit].sum()"), "share that is wrong"),
        (trusting("100 * matrix[digit, digit] / matrix[:, digit].sum()"), "in per cent"),
        (trusting("matrix[:, digit].sum()"), "how often it is answered"),
        ("trust = 0.97", "expected the function itself"),
    ],
    "warmer": [
        ('warmer = "a"', "a refusal depends on the confidence"),
        ('warmer = "c"', "Which ones still pass"),
        ('warmer = "d"', "Does the largest one rise then?"),
        ("warmer = 2", "expected one of"),
    ],
    "wrong_when_sure": [
        (share("(sure & mistake).sum() / mistake.sum()"), "divides by the mistakes"),
        (share("(sure & ~mistake).sum() / sure.sum()"), "share that is right"),
        (share("(sure & mistake).mean()"), "divides by all answers"),
        (share("(sure & mistake).sum()"), "how many there are"),
        (share("100 * (sure & mistake).sum() / sure.sum()"), "in per cent"),
        (share("sure & mistake"), "expected one number"),
    ],
    "doubtful_first": [
        (
            doubting("np.argsort(-probabilities[np.arange(len(labels)), labels])"),
            "The other way round",
        ),
        (doubting("np.argsort(-probabilities.max(axis=1))"), "surest of"),
        (doubting("probabilities[np.arange(len(labels)), labels]"), "return places, in order"),
        (doubting("np.argsort(probabilities[:, labels])"), "expected something of shape (3,)"),
        (
            doubting("np.flatnonzero(probabilities.argmax(axis=1) != labels)"),
            "expected something of shape (3,)",
        ),
    ],
    "honest_choice": [
        (
            choosing("best = max(recognisers, key=ask_test)", "return best, ask_test(best)"),
            "asked 21 times. It has chosen",
        ),
        (choosing(*BY_VALIDATION, "return best, max(shares)"), "the set that has chosen"),
        (
            choosing(
                *BY_VALIDATION,
                "return best, [ask_test(r) for r in recognisers][shares.index(max(shares))]",
            ),
            "Choose first",
        ),
        (choosing(*BY_VALIDATION, "return best, 0.99"), "not what the test set says"),
        (choosing("return recognisers[1], ask_test(recognisers[1])"), "Another recogniser"),
        (
            choosing(*BY_VALIDATION, "return recognisers.index(best), ask_test(best)"),
            "expected one of the recognisers",
        ),
        (choosing(*BY_VALIDATION, "return best"), "expected a recogniser and its accuracy"),
        (choosing("return ask_test(0), 1"), "stopped with TypeError"),
        (choosing(*BY_VALIDATION, "return best, str(ask_test(best))"), "expected one number"),
    ],
}
