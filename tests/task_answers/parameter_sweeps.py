"""Wrong answers to the tasks of notebook 9, and what each is told."""

import numpy as np


def context() -> dict:
    """What the cells of the notebook have made before the tasks; 24 runs of 1,000 images."""
    from digitrec import sweeps

    generator = np.random.default_rng(9)
    hard = generator.random(1_000) < 0.1  # images that runs disagree on
    right = np.where(hard, generator.random((24, 1_000)) < 0.6, generator.random(1_000) < 0.98)
    right = np.tile(right, (1, 5))  # as many as the validation set has
    return {"np": np, "sweeps": sweeps, "right": right}


def spread(returned, squares="(one - mean) ** 2"):
    return f"""
def mean_and_spread(accuracies):
    n = len(accuracies)
    mean = sum(accuracies) / n
    total = sum({squares} for one in accuracies)
    return {returned}
"""


def rates(value, how="sum(some) / len(some)"):
    return f"""
def best_rate(rows):
    groups = {{}}
    for row in rows:
        groups.setdefault(row["learning_rate"], []).append(row["{value}"])
    def how(some):
        return {how}
    return max(groups, key=lambda rate: how(groups[rate]))
"""


def search(*lines):
    return "\n    ".join(["def search(run):", *lines])


def sets(call):
    return f"batch_size_sets = {call}"


WRONG = {
    "mean_and_spread": [
        (spread("mean, (total / n) ** 0.5"), "divided by the number of runs minus 1"),
        (spread("mean, total / (n - 1)"), "the root of the spread is still to be taken"),
        (spread("mean, max(accuracies) - min(accuracies)"), "grows with every run"),
        (spread("mean, total / n", "abs(one - mean)"), "Square the distances"),
        (spread("mean"), "Return the spread, too"),
        (spread("(total / (n - 1)) ** 0.5, mean"), "the mean comes first"),
        (
            "import statistics\n"
            + spread(
                "statistics.median(accuracies), (sum((one - statistics."
                "median(accuracies)) ** 2 for one in accuracies) / (n - 1)) ** 0.5"
            ),
            "The first number is the median",
        ),
        ("mean_and_spread = 0.94", "expected the function itself"),
    ],
    "batch_sizes": [
        (sets("sweeps.grid(batch_size=[16, 64, 256])"), "A set without `seed` came"),
        (sets("sweeps.grid(batch_size=[16, 64, 256], seed=1)"), "may be luck"),
        (sets("sweeps.grid(batch_size=[16, 64, 256], seed=[1, 2])"), "has 2 seeds."),
        (sets("sweeps.grid(batch_size=[16, 64], seed=[1, 2, 3])"), "2 batch sizes came"),
        (sets("sweeps.grid(batch_size=[16, 32, 64, 256], seed=range(4))"), "These are 16 runs"),
        (
            sets(
                "sweeps.grid(batch_size=[16, 64, 256], learning_rate=[0.001, 0.003], seed=[1, 2])"
            ),
            "`learning_rate` changes, too",
        ),
        (
            sets("[{'batch_size': n, 'seed': k * n} for n in (16, 64, 256) for k in (1, 2, 3)]"),
            "The batch sizes have different seeds",
        ),
        (sets("sweeps.grid(batchsize=[16, 64, 256], seed=[1, 2, 3])"), "no such parameter"),
        (sets("sweeps.grid(batch_size=[0, 64, 256], seed=[1, 2, 3])"), "batch_size = 0; expected"),
        (sets("sweeps.grid(batch_size=[16, 64, 256], seed=[1, 2, 2])"), "A set comes twice."),
        (sets("sweeps.grid(batch_size=[16, 64, 256], seed=[-1, 2, 3])"), "seed = -1; expected"),
        (sets("[]"), "nothing would run"),
        (sets("[16, 64, 256]"), "expected a list of sets"),
    ],
    "best_rate": [
        (rates("validation_accuracy", "max(some)"), "a single lucky run does"),
        (rates("test_accuracy"), "the test set still chooses"),
        (rates("validation_accuracy", "sum(some)"), "A sum grows with the number of runs"),
        (rates("validation_accuracy", "min(some)"), "The worst run is luck"),
        (
            rates("validation_accuracy", "__import__('statistics').median(some)"),
            "The median leaves out",
        ),
        (
            "def best_rate(rows):\n    return max(row['validation_accuracy'] for row in rows)",
            "came out",
        ),
        ("def best_rate(rows):\n    rows.reverse()\n    return 0.01", "changed its argument"),
    ],
    "curse": [
        ('curse = "a"', "or more often a lucky one?"),
        ('curse = "c"', "how high does the highest come?"),
        ('curse = "d"', "as steady as on 2,500?"),
        ("curse = 250", "expected one of 'a', 'b', 'c', 'd'"),
    ],
    "waves": [
        ("waves = 165", "A run is not divided"),
        ("waves = 150", "Ten are left"),
        ("waves = 90", "A run takes two cores"),
        ("waves = 660", "one run at a time on each machine"),
        ("waves = 330", "two runs at a time on each machine"),
        ("waves = 3300", "one run after the other"),
        ("waves = 6", "How long does each take?"),
    ],
    "twelve_runs": [
        (
            search(
                "rates = np.geomspace(0.0001, 0.1, 4)",
                "means = [np.mean([run(rate, s) for s in (1, 2, 3)]) for rate in rates]",
                "return rates[np.argmax(means)]",
            ),
            "0.34 points are lost, in 12 runs. The goal: 0.1",
        ),
        (
            search(
                "rates = np.geomspace(0.0001, 0.1, 12)",
                "return rates[np.argmax([run(rate, 1) for rate in rates])]",
            ),
            "The goal: 0.1 points.",
        ),
        (search("return max(np.geomspace(0.0001, 0.1, 13), key=lambda r: run(r, 1))"), "be run 13"),
        (search("return 0.003"), "Without a run, this is a guess."),
        (search("return max((0.001, 0.01), key=lambda r: run(r, 1))"), "12 runs are allowed"),
        (search("return run(0.01, 1) + 1"), "What came out is no learning rate 1.9"),
        (search("return run(2, 1)"), "expected a number above 0, at most 1"),
        (search("return run(0.1, 0.5)"), "expected a whole number of 0 or more"),
        (search("run(0.01, 1)"), "`return` the learning rate"),
        ("search = 0.01", "expected the function itself"),
    ],
}
