"""The tasks of notebook 1: look at the data."""

from digitrec.exercises.judges import Choice, Function, Measured, Number
from digitrec.exercises.judging import mass
from digitrec.exercises.judging.holding_out import judge_split
from digitrec.exercises.judging.stored_images import BUDGET, accuracy_of_stored
from digitrec.exercises.task import Task
from digitrec.mnist import Digits


def share_of_ink(digits: Digits) -> float:
    return float((digits.images > 0).mean())


def usual_slips(digits: Digits) -> dict[float, str]:
    """Return what is computed in place of the share of ink, and what is behind it."""
    share, ink = share_of_ink(digits), int((digits.images > 0).sum())
    return {
        1 - share: "That is the share of paper.",
        100 * share: "That is in per cent; a share lies between 0 and 1.",
        float(digits.images.mean() / 255): "That is the mean value; count the pixels above 0.",
        float(digits.images.mean()): "That is the mean value; count the pixels above 0.",
        float((digits.images == 255).mean()): "Grey is ink, too: all that is above 0.",
        float(ink): "That is how many pixels have ink. A share is a part of all pixels.",
        ink / len(digits): "That is how many pixels per image. Divide by 784 once more.",
    }


ink_share = Task(
    name="01.ink_share",
    kind="write",
    title="The share of ink",
    question=(
        "What share of all pixels of the training images holds any ink, that is, a value above 0? "
        "Write an expression that computes it."
    ),
    starter="""\
ink_share = ...  # your answer, a number from 0 to 1
tasks.ink_share.check(ink_share, mnist.train)""",
    judge=Number(
        expected=share_of_ink,
        mistakes=usual_slips,
        tolerance=0.0005,
        because="So most of every image is paper.",
    ),
    hints=(
        "Comparing an array with a number compares every pixel. What comes out is an array of "
        "`True` and `False`.",
        "`True` counts as 1 and `False` as 0, so the mean of such an array is a share.",
        "`mnist.train.images > 0` is `True` where there is ink. Put it in brackets, and `.mean()` "
        "behind.",
    ),
    goals=(1,),
)


centre_of_mass = Task(
    name="01.centre_of_mass",
    kind="write",
    title="The middle of a digit",
    question=(
        "MNIST lays each digit with its *centre of mass* in the middle: the mean row and the mean "
        "column of its ink, where a pixel of 200 counts twice as much as one of 100. Write the "
        "function. It takes an image of any height and width, and returns row and column, counted "
        "from 0. (Turn the image into decimal numbers first: `image.astype(float)`.)"
    ),
    starter='''\
def centre_of_mass(image):
    """Return the mean row and the mean column of the ink: two numbers."""
    ...  # your code


tasks.centre_of_mass.check(centre_of_mass)''',
    judge=Function(
        oracle=mass.centre_by_moments,
        inputs=mass.pictures(),
        mistakes=mass.SLIPS,
        names=("image",),
        because="In a digit of MNIST, both come out close to 14.",
    ),
    hints=(
        "How much ink is in each row? `image.sum(axis=1)` adds up along each row. The mean row is "
        "the mean of the row numbers 0, 1, 2, ..., each weighed by the ink in its row.",
        "Weighed means: multiply each row number by the ink of its row, add up, and divide by all "
        "of the ink. `np.arange(len(image))` gives the row numbers, and `@` multiplies pairwise "
        "and adds up.",
        "ink = image.astype(float)\n"
        "row = np.arange(ink.shape[0]) @ ink.sum(axis=1) / ink.sum()\n"
        "The column goes the same way, with ink.shape[1] and ink.sum(axis=0). Then return row, "
        "column.",
    ),
    goals=(2,),
)

shifted = Task(
    name="01.shifted",
    kind="predict",
    title="Four pixels to the right",
    question=(
        "Before you run anything: shift an image by four pixels to the right. You see the same "
        "digit. How far is it from itself as it was, by `distance`, for a typical image?\n\n"
        "- **a**: hardly at all\n"
        "- **b**: about half as far as two images of the same digit, drawn at random\n"
        "- **c**: farther than two images of the same digit, drawn at random"
    ),
    starter="""\
shift_costs = ...  # your answer, a letter in quotes, such as "a"
tasks.shifted.check(shift_costs)""",
    judge=Choice(
        right="c",
        because=(
            "A stroke is three or four pixels wide, so it hardly lies on itself any more. For the "
            "distance, that is worse than another hand, and even than a typical pair of different "
            "digits. Measure it: `np.roll(images[:5000], 4, "
            "axis=2)` shifts 5,000 images."
        ),
        mistakes={
            "a": (
                "You see the same shape. The distance sees pixels, and compares each with the one "
                "at the same place. How wide is a stroke?"
            ),
            "b": (
                "That would be so if half of each stroke still lay on itself. Look at the table of "
                "numbers above: how many pixels wide is a stroke?"
            ),
        },
    ),
    hints=(
        "The distance compares each pixel with the one at the same place. It knows nothing of "
        "shapes.",
        "How wide is a stroke, in pixels? Look at the picture with the 784 numbers.",
        "After four pixels, hardly any ink lies on ink: all of the old stroke and all of the new "
        "one count as different. Two people's digits overlap at least here and there.",
    ),
    goals=(3,),
)

split = Task(
    name="01.split",
    kind="find the fault",
    title="Too good to be true",
    question=(
        "This function splits a pile of images into three parts: to learn from, to choose with, "
        "and to judge by. Somebody gave a pile random labels, on purpose. A recogniser that has "
        "learned the first part by heart should then get about a tenth of the third part right. It "
        "gets more than half. Find the fault, and mend it."
    ),
    starter='''\
def split(images, labels, seed):
    """Return three pairs of images and labels: 60%, 20% and 20%, shuffled."""
    generator = np.random.default_rng(seed)
    parts, start = [], 0
    for share in (0.6, 0.2, 0.2):
        order = generator.permutation(len(images))  # 0, 1, 2, ... in a random order
        stop = start + round(share * len(images))
        parts.append((images[order[start:stop]], labels[order[start:stop]]))
        start = stop
    return parts


tasks.split.check(split)''',
    judge=judge_split,
    hints=(
        "Labels that are random cannot be guessed, only remembered. So what does the third part "
        "have in common with the first?",
        "Follow one image: `order` says which image is at which place. How often is `order` drawn?",
        "Each part is cut from an order of its own, so an image can be in several. Draw one order, "
        "and cut all three parts from it.",
        "Move the line `order = ...` up, above the line with `for`, and take its indentation away.",
    ),
    goals=(4,),
)

enough = Task(
    name="01.enough",
    kind="change",
    title="Fewer to compare with",
    question=(
        "The nearest neighbour stores 55,000 images. Let it store only the first 128 of them, then "
        "256, 512, and so on, twice as many each time. What is the first of these numbers with "
        "which it gets 95% of the validation set right? Watch how much each doubling brings."
    ),
    starter="""\
stored_count = 128  # change this one
its_answers = labels[nearest_images(validation.images, images[:stored_count])]
its_accuracy = (its_answers == validation.labels).mean()
print(f"{stored_count:,} images stored: {its_accuracy:.1%} right")
enough = ...  # your answer, a whole number
tasks.enough.check(enough)""",
    judge=Number(
        expected=lambda: 8192,
        mistakes=lambda: {
            4096: "That falls short of 95%: look at the line that is printed.",
            16384: "That is enough, and so is half of it.",
            32768: "That is enough, and so is half of it.",
            55000: "All of them are more than it takes.",
            2048: "That is enough for 90%. The question is 95%.",
            1024: "That falls short even of 90%.",
            550: "A hundredth of 55,000 is not on the way from 128 by doubling, and too little.",
            0.955: "That is the accuracy. How many images did it take?",
            0.95: "That is the accuracy. How many images does it take?",
        },
        because=(
            "Each doubling takes about a quarter of the mistakes away, and costs twice as much as "
            "the one before."
        ),
    ),
    hints=(
        "Change the number in the first line, run the cell, and read what it prints.",
        "The numbers are 128, 256, 512, 1,024, 2,048, 4,096, 8,192, 16,384 and so on. More images "
        "never make it much worse, so you can begin in the middle.",
        "It is between 4,000 and 16,000.",
        "With 4,096 it stays about a point below. Try the next one.",
    ),
    goals=(5,),
)


hundred = Task(
    name="01.hundred",
    kind="challenge",
    title="A hundred images, no more",
    question=(
        f"A recogniser may store {BUDGET} images and their labels, and answers with the label of "
        "the nearest. They may be training images, averages of them, or anything else that you "
        "compute from the training set. Get **90%** of the validation set right, and then more: "
        "the summary keeps your best."
    ),
    starter="""\
stored = ...  # your answer: an array of at most 100 images, shape (n, 28, 28)
stored_labels = np.repeat(np.arange(10), 10)  # ten 0s, ten 1s, ..., ten 9s
tasks.hundred.check(stored, stored_labels, validation)""",
    judge=Measured(
        measure=accuracy_of_stored, goal=0.9, says="{measure:.1%} of the validation set right."
    ),
    hints=(
        "Ten single images of a digit are ten accidents. Ten averages are better: each can have a "
        "slant and a width of its own. So divide the images of a digit into ten groups of images "
        "that are alike, and average each group.",
        "Which images are alike? Take ten images of the digit as seeds, and put each other image "
        "of this digit to its nearest seed: `nearest_images(those, seeds)` gives the number of its "
        "group.",
        "For the digit d:\n"
        "those = images[labels == d]\n"
        "group = nearest_images(those, those[:10])\n"
        "averages = [those[group == i].mean(axis=0) for i in range(10)]\n"
        "Do this for each digit in a loop, and collect all averages in one list.",
        "stored = []\n"
        "for d in range(10):\n"
        "    ...  # the three lines of the hint before\n"
        "    stored += averages\n"
        "stored = np.array(stored)\n"
        "For more, take the averages as the next seeds, and group again.",
    ),
    goals=(4, 5),
)
