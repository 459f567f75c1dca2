"""The tasks of notebook 8: teach it your hand."""

import cv2
import numpy as np

from digitrec.calibration import wilson_interval
from digitrec.exercises.judges import Choice, Function, Number
from digitrec.exercises.judging.few_digits import FewestDigits, slip_taught
from digitrec.exercises.judging.mixing import mixes
from digitrec.exercises.judging.splitting import keeps_writers_whole
from digitrec.exercises.predicting import Foreseen
from digitrec.exercises.task import Task

slip = Task(
    name="08.slip",
    kind="predict",
    title="A slip that nobody corrected",
    question="""\
On the sheet to learn from, each 4 counts as a 9, and nobody corrects it. With these labels the
first network is taught as in *Teach it so that it does not forget*. What becomes of the 4s that
judge? Decide before anything runs.

- **a**: nothing: MNIST has so many right 4s that ten wrong ones do not count
- **b**: a good part of this hand's 4s is read as 9s, of MNIST's 4s only a few in a hundred
- **c**: of MNIST's 4s, as great a part is read as 9s as of this hand's
- **d**: MNIST's 4s suffer more: most images of each batch are MNIST's""",
    starter="""\
answer_slip = ...  # "a", "b", "c" or "d", in quotes
tasks.slip.check(answer_slip, networks[first], learn, kept, mnist, seed)""",
    judge=Foreseen(
        Choice(
            right="b",
            because="The wrong labels hang on the forms of this hand; 4s like MNIST's keep being "
            "shown with the right one. So a test on MNIST alone hardly shows such a slip.",
            mistakes={
                "a": "Ten wrong digits are few, but a quarter of each batch is this hand's, and "
                "each of the ten is shown again and again.",
                "c": "MNIST's 4s are in the batches, too, with their right labels. Whose 4s have "
                "nobody who contradicts?",
                "d": "Most images are MNIST's, and their labels are right. Which images have the "
                "wrong ones?",
            },
        ),
        measured=slip_taught,
    ),
    hints=(
        "A network learns from pairs of image and label. Which images come with a wrong label "
        "here, and which 4s come with a right one?",
        "A quarter of each batch is this hand's, so each of its 4s is shown some twenty times as a "
        "9. MNIST's 4s in the other part are shown as 4s.",
        "What is learned holds for images that look like those with the wrong label: 4s of this "
        "hand. The 4s of MNIST have many right examples, and are hardly touched.",
    ),
    goals=(1,),
)


def distance_of_averages(mine: np.ndarray, theirs: np.ndarray) -> float:
    """Compute the distance with OpenCV's norm, from sums of 64 bits."""
    one, other = (np.sum(images, axis=0, dtype=float) / len(images) for images in (mine, theirs))
    return cv2.norm(one, other, cv2.NORM_L2)


def differences(mine: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    return mine.mean(axis=0) - theirs.mean(axis=0)


def stacks() -> tuple[tuple[np.ndarray, np.ndarray], ...]:
    generator = np.random.default_rng(8)
    few = np.array([[[0, 200], [10, 40]], [[0, 100], [30, 61]]], np.uint8)
    more = np.array([[[5, 250], [0, 9]], [[0, 210], [3, 0]], [[30, 249], [0, 0]]], np.uint8)
    large = generator.integers(0, 256, (12, 28, 28), np.uint8)
    return (few, more), (more[::-1], few), (large[:5], large[5:]), (few[:1], few[:1])


distance = Task(
    name="08.distance",
    kind="write",
    title="How far away a hand is",
    question="""\
*The average digit* asks how far a hand's average 4 lies from MNIST's. Write that: `mine` and
`theirs` are images of one digit, uint8 of shape (n, 28, 28), each with an n of its own. Return the
distance of their two averages: the root of the sum of all squared differences.""",
    starter="""\
def distance(mine, theirs):
    \"\"\"Return how far the average of some images lies from that of others.\"\"\"
    ...  # your code


tasks.distance.check(distance)""",
    judge=Function(
        oracle=distance_of_averages,
        inputs=stacks(),
        mistakes=(
            (
                lambda mine, theirs: np.mean(
                    [np.linalg.norm(one.astype(float) - other) for one in mine for other in theirs]
                ),
                "That is the average of the distances of all pairs. Average first, then one "
                "distance: how much a hand varies is not to count.",
            ),
            (
                lambda mine, theirs: abs(mine.mean() - theirs.mean()),
                "One number for all pixels tells only how much ink there is. Take the average over "
                "the images alone: `axis=0`.",
            ),
            (
                lambda mine, theirs: np.sum(differences(mine, theirs) ** 2),
                "The root is missing.",
            ),
            (
                lambda mine, theirs: np.sqrt(np.mean(differences(mine, theirs) ** 2)),
                "Squares are added up here, not averaged.",
            ),
            (
                lambda mine, theirs: np.sum(np.abs(differences(mine, theirs))),
                "Differences are squared before they are added up.",
            ),
            (
                lambda mine, theirs: np.sqrt(
                    np.sum(
                        (
                            mine.mean(axis=0).astype(np.uint8)
                            - theirs.mean(axis=0).astype(np.uint8)
                        ).astype(float)
                        ** 2
                    )
                ),
                "In bytes, 3 - 5 is 254. Leave the averages as they are, with a decimal point.",
            ),
        ),
        because="For each digit of `hand`, compare it with that of MNIST.",
    ),
    hints=(
        "The average image of a stack has one number per pixel: the mean over the images alone.",
        "`mine.mean(axis=0)` is one; `theirs` likewise. Subtract them.",
        "Square the differences, add them up and take the root: `np.sqrt(np.sum(... ** 2))`.",
    ),
    goals=(2,),
)


def digits_for(width: float, share: float = 0.95) -> float:
    """Return with how many digits Wilson's interval is so wide, by halving."""
    few, many = 10.0, 1e6
    while many - few > 1e-6:
        half = (few + many) / 2
        low, high = wilson_interval(share * half, half)
        few, many = (half, many) if high - low > width else (few, half)
    return few


enough = Task(
    name="08.enough",
    kind="change",
    title="How many digits to write",
    question="""\
Of 100 digits, 95 are read right: the cell prints how wide the 95% interval is. Change `digits`. How
many have to judge, 95 of each hundred right, until it is at most 4 points wide from end to end?
Round to the next 20 digits.""",
    starter="""\
digits = 100
low, high = calibration.wilson_interval(round(0.95 * digits), digits)
print(f"{digits} digits: {100 * (high - low):.2f} points wide")
enough = ...  # digits
tasks.enough.check(enough)""",
    judge=Number(
        expected=lambda: 480,
        tolerance=20,
        mistakes=lambda: {
            140: "That is 4 points to each side. The whole interval is to be 4 points wide.",
            1840: "That is 2 points wide. End to end, 4 are enough.",
            220: "The width does not shrink as the number grows: four times as many digits make it "
            "half as wide.",
            400: "Four times a hundred make it half as wide, 4.3 points. A little more is needed.",
            5: "That may be sheets; the answer is a number of digits.",
        },
        because="Nearly five sheets, for one number. Half as wide takes four times as many.",
    ),
    hints=(
        "Twice as many digits do not make the interval half as wide. Try 200, then 400.",
        "It shrinks with the root of the number: from 9 points to 4 it takes a little less than "
        "(9 / 4) squared times as many.",
        "(9 / 4) squared is 5.06. Try 460, 480 and 500, and take the first with at most 4.00.",
    ),
    goals=(3,),
)

leak = Task(
    name="08.leak",
    kind="find the fault",
    title="A split with a leak",
    question="""\
This split is to tell how the *next writer* will be read. It returns True for each digit that
judges, and False for the others. `writers` says who wrote each digit, `share` which part of the
writers judges, about. Find the leak, and mend it. The generator decides who judges.""",
    starter="""\
def to_judge(writers, share, generator):
    \"\"\"Tell of each digit whether it judges.\"\"\"
    return generator.random(len(writers)) < share


tasks.leak.check(to_judge)""",
    judge=keeps_writers_whole,
    hints=(
        "The generator draws for each digit. For whom should it draw?",
        "`names = np.unique(writers)` has each writer once. Let the generator choose some of "
        "these: `generator.choice(names, number, replace=False)`.",
        "`number = max(1, round(share * len(names)))`, so that somebody judges.",
        "`np.isin(writers, chosen)` is True for each digit of those who were chosen.",
    ),
    goals=(4,),
)

mix = Task(
    name="08.mix",
    kind="find the fault",
    title="Why it forgets",
    question="""\
These batches are to keep a network from forgetting: the given `share` of `size` images from the
hand, the rest from `known`, which is MNIST's. A network that learned with them forgot all the same,
and learned nonsense on top. There are two faults. Find both.""",
    starter="""\
def batch(hand, known, share, size, generator):
    new = round(share * size)
    mine = hand[generator.integers(len(hand), size=new)]
    rest = hand[generator.integers(len(hand), size=size - new)]
    images = np.concatenate([mine.images, rest.images])
    labels = np.concatenate([rest.labels, mine.labels])
    return images, labels


tasks.mix.check(batch)""",
    judge=mixes,
    hints=(
        "Follow where `rest` comes from. Where does `known` come in?",
        "Draw `rest` from all places of `known`: "
        "`known[generator.integers(len(known), size=size - new)]`.",
        "Image 0 has to stay with label 0. Compare the order in the last two `concatenate`.",
    ),
    goals=(5,),
)

fewest = Task(
    name="08.fewest",
    kind="challenge",
    title="The fewest digits",
    question="""\
With how few digits of `learn` is at most half of the mistakes on the next sheet left, while MNIST's
validation set has at most 10 mistakes more? Choose them, and change `steps`: what do 20 gain, what
do 500, and what does MNIST pay? It is solved with 3 digits or fewer. Choose by `learn`: whoever
chooses by `kept` has used it up, and needs a third sheet for an honest number.""",
    starter="""\
few = ...  # places in `learn`, such as [0, 30, 96]
steps = 150
tasks.fewest.check(few, steps, networks[first], learn, kept, mnist, seed)""",
    judge=FewestDigits(),
    hints=(
        "A digit that the network reads already has little to teach. Which ones of `learn` does it "
        "misread? `misread = np.flatnonzero(~is_right(networks[first], learn))`.",
        "`learn.labels[misread]` says which digit is missed most. One that is missed often costs "
        "most mistakes, on the next sheet, too.",
        "Take two or three of that digit: `few = misread[learn.labels[misread] == 1][:2]`, if it "
        "is the 1. If MNIST loses too much, take more steps.",
    ),
    goals=(6, 7),
)
