"""The tasks of notebook 9: sweep the parameters."""

import statistics

from digitrec.exercises.judges import Choice, Function, Number
from digitrec.exercises.judging.leads import told_leads
from digitrec.exercises.judging.rates import SWEEPS, best_by_mean, choosing
from digitrec.exercises.judging.spread import ACCURACIES, mean_distance, stray
from digitrec.exercises.judging.sweep_sets import judge_batch_sizes
from digitrec.exercises.judging.twelve_runs import TwelveRuns
from digitrec.exercises.predicting import Foreseen
from digitrec.exercises.task import Task

batch_sizes = Task(
    name="09.batch_sizes",
    kind="change",
    title="Does the batch size matter?",
    question="""\
The sweep above varies the learning rate. Change it so that it answers another question: does the
batch size matter? Write the sets of the short notebook for that: at least three values of
`batch_size`, at most twelve runs, so that the answer can be trusted. Nothing is run here; once it
is right, run it in a cell of your own.""",
    starter="""\
batch_size_sets = ...  # your answer: a call of sweeps.grid
tasks.batch_sizes.check(batch_size_sets)""",
    judge=judge_batch_sizes,
    hints=(
        "Begin with the call above. Which parameter is to vary now? What you leave out stays as it "
        "is in the notebook.",
        "One run for each batch size proves nothing. What has to vary besides, so that there is a "
        "spread?",
        "Three or four seeds for each size: `seed=[1, 2, 3]`. A grid makes every combination, so "
        "the numbers of values are multiplied.",
        "For instance `sweeps.grid(batch_size=[16, 64, 256], seed=[1, 2, 3])`: nine runs.",
    ),
    goals=(2,),
)


mean_and_spread = Task(
    name="09.mean_and_spread",
    kind="write",
    title="Mean and spread",
    question="""\
`summary` tells mean and spread of some runs. Write it yourself, from sums and a root. The spread is
the standard deviation: take how far each accuracy lies from the mean, square it, add them up,
divide by the number of runs minus 1, and take the root. Return both numbers, the mean first.""",
    starter='''\
def mean_and_spread(accuracies):
    """Return the mean of two accuracies or more, and their standard deviation."""
    ...  # your code


tasks.mean_and_spread.check(mean_and_spread)''',
    judge=Function(
        oracle=lambda some: (statistics.fmean(some), statistics.stdev(some)),
        inputs=ACCURACIES,
        mistakes=(
            (
                stray(statistics.fmean, less=0),
                "The mean is right. The sum of the squares is divided by the number of runs minus "
                "1: the mean was made of the same runs, so they lie a little too near to it.",
            ),
            (
                lambda some: (statistics.fmean(some), statistics.variance(some)),
                "The mean is right; the root of the spread is still to be taken.",
            ),
            (
                lambda some: (statistics.fmean(some), max(some) - min(some)),
                "The mean is right. From the lowest to the highest is another measure: it grows "
                "with every run that you add.",
            ),
            (
                mean_distance,
                "The mean is right. Square the distances before you add them up; the root comes "
                "last.",
            ),
            (
                stray(statistics.median, less=1),
                "The first number is the median. The mean is the sum, divided by the number.",
            ),
            (
                lambda some: statistics.fmean(some),
                "That is the mean. Return the spread, too: `return mean, spread`.",
            ),
            (
                lambda some: (statistics.stdev(some), statistics.fmean(some)),
                "Both are right; the mean comes first.",
            ),
        ),
        tolerance=1e-6,
    ),
    hints=(
        "The mean first: `mean = sum(accuracies) / len(accuracies)`.",
        "Then the squares: `squares = [(one - mean) ** 2 for one in accuracies]`.",
        "The spread is `(sum(squares) / (len(accuracies) - 1)) ** 0.5`; ** 0.5 takes the root.",
        "End with `return mean, spread`.",
    ),
    goals=(1, 3),
)

best_rate = Task(
    name="09.best_rate",
    kind="find the fault",
    title="The best rate, they say",
    question="""\
A friend's sweep has saved both accuracies of each run, and takes the learning rate of the best run.
"Nearly the best digits of all on the test set", says the friend, "so this is the rate." But the
next networks with that rate are worse than promised. There are two faults. Find and mend them; the
rows stay as they are.""",
    starter='''\
def best_rate(rows):
    """Return the learning rate to take; each row is a dictionary, one for each run."""
    best = max(rows, key=lambda row: row["test_accuracy"])
    return best["learning_rate"]


tasks.best_rate.check(best_rate)''',
    judge=Function(
        oracle=best_by_mean,
        inputs=SWEEPS,
        given=choosing("test_accuracy", max),
        mistakes=(
            (
                choosing("validation_accuracy", max),
                "One fault is mended: the test set no longer chooses. But a single lucky run does. "
                "What do all runs of a rate say together?",
            ),
            (
                choosing("test_accuracy", statistics.fmean),
                "One fault is mended: all runs of a rate count. But the test set still chooses, "
                "and what has chosen cannot judge afterwards.",
            ),
            (
                choosing("validation_accuracy", sum),
                "A sum grows with the number of runs, and some rates have more of them. Take the "
                "mean.",
            ),
            (
                choosing("validation_accuracy", min),
                "The worst run is luck as much as the best one. Take the mean of a rate's runs.",
            ),
            (
                choosing("validation_accuracy", statistics.median),
                "The median leaves out how far the other runs lie from it. Take the mean here, as "
                "`summary` does.",
            ),
        ),
        tolerance=1e-9,
    ),
    hints=(
        "Which of the two accuracies may be looked at as often as you like, and which one once, "
        "when everything is chosen?",
        "How many runs decide here? Call it with rows in which one bad rate has one lucky run.",
        'Collect the runs of each rate: `groups.setdefault(row["learning_rate"], []).append('
        'row["validation_accuracy"])`, for each row, after `groups = {}`.',
        "Then `return max(groups, key=lambda rate: sum(groups[rate]) / len(groups[rate]))`.",
    ),
    goals=(3, 5),
)

curse = Task(
    name="09.curse",
    kind="predict",
    title="Fewer images choose",
    question="""\
In the last figure, half of the validation images chose the best of the equal runs. Suppose you
have no more than 250 images to choose by. What becomes of the lead of the best of 12, compared with
2,500 that choose?

- **a**: it promises more, and keeps more,
- **b**: it promises more, and keeps less,
- **c**: it promises less, and keeps less,
- **d**: it promises as much, and keeps less.

Whoever is right sees it measured with the stored runs, in a few seconds.""",
    starter="""\
curse = ...  # your answer: "a", "b", "c" or "d"
tasks.curse.check(curse, right)""",
    judge=Foreseen(
        choice=Choice(
            right="b",
            because="With few images, luck moves each run further, so the highest is higher; and "
            "more often it is luck that chose. The smaller the set, the larger the promise.",
            mistakes={
                "a": "It does promise more. But who is chosen by fewer images: more often the best "
                "run, or more often a lucky one?",
                "c": "It does keep less. But think of 12 runs that are judged by ten images each: "
                "how high does the highest come?",
                "d": "It does keep less. But is the accuracy on 250 images as steady as on 2,500?",
            },
        ),
        measured=told_leads,
    ),
    hints=(
        "Notebook 4: how far does an accuracy stray by luck when there are few images?",
        "It strays further. So the highest of 12 strays further up. That is what it promises.",
        "And the more luck there is in a number, the less it says about which run is better. So "
        "what is kept on other images gets smaller: that is b.",
    ),
    goals=(6,),
)

waves = Task(
    name="09.waves",
    kind="predict",
    title="How long on five machines?",
    question="""\
A sweep has 110 runs. Each takes 30 seconds on two cores (`threads=2`). You have five machines with
eight cores each, and start as many workers as there is room for. Starting and storing cost nothing.
After how many seconds is the last run done?""",
    starter="""\
waves = ...  # your answer, a number of seconds
tasks.waves.check(waves)""",
    judge=Number(
        expected=lambda: 180,
        mistakes=lambda: {
            165: "A run is not divided: five waves are full, and the last ten runs take as long as "
            "twenty.",
            150: "In 150 seconds, 100 runs are done. Ten are left.",
            90: "A run takes two cores, so no eight runs fit on a machine.",
            660: "That is one run at a time on each machine. How many fit?",
            330: "That is two runs at a time on each machine. How many fit?",
            3_300: "That is one run after the other.",
            6: "That is the number of waves. How long does each take?",
        },
        because="20 runs fit at a time, so there are six waves. Ten of the 20 workers have nothing "
        "to do in the last one. 110 workers would do all in one wave, and more help no further.",
    ),
    hints=(
        "How many runs fit on one machine at a time, and how many on five?",
        "Four on each, 20 in all. How often do 20 runs start until all 110 have had their turn?",
        "110 / 20 = 5.5, so six times: the last wave is half empty, and takes as long as any.",
        "Six waves of 30 seconds: 180.",
    ),
    goals=(7,),
)

twelve_runs = Task(
    name="09.twelve_runs",
    kind="challenge",
    title="Twelve runs, and no more",
    question="""\
Find a good learning rate with twelve runs. `run(learning_rate, seed)` gives the validation accuracy
of one run, of a simulated training: its best rate lies between 0.0001 and 0.1, lower rates cost
little by little, higher ones soon fall off a cliff, and equal runs have a standard deviation of 0.6
points. Your function gets `run`, calls it twelve times at most, and returns a rate. It is asked
about 200 trainings; what counts is how far below the best rate yours lie in the mean. At 0.10
points the task is solved; the least is kept.""",
    starter='''\
def search(run):
    """Return a learning rate, after at most 12 calls of run(learning_rate, seed)."""
    ...  # your code


tasks.twelve_runs.check(search)''',
    judge=TwelveRuns(),
    hints=(
        "Begin with four rates, `np.geomspace(0.0001, 0.1, 4)`, and three seeds each, and take the "
        "highest mean. Then try twelve rates with one seed each. Which loses less?",
        "Twelve rates lose less: the four are too far apart. But now a single lucky run decides. "
        "Which runs say something about a rate, without being runs of it?",
        "Its neighbours, because the accuracy changes little from one rate to the next. Give each "
        "rate half of its own accuracy and a quarter of each neighbour's.",
        "`scores = np.array([run(rate, 1) for rate in rates])`, then "
        '`padded = np.pad(scores, 1, mode="edge")` and '
        "`smooth = (padded[:-2] + 2 * padded[1:-1] + padded[2:]) / 4`. Return "
        "`rates[smooth.argmax()]`.",
    ),
    goals=(4,),
)
