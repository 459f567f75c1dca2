"""The tasks of notebook 6: convolutions, what they cost, and what a network can bear."""

from digitrec.exercises.judges import Choice, Function, Measured, Number
from digitrec.exercises.judging import convolutions as made
from digitrec.exercises.judging import noise_and_rungs as other
from digitrec.exercises.judging.asked import then
from digitrec.exercises.judging.noise_and_rungs import (
    MOST_WEIGHTS,
    share_of_noisy,
    with_and_without,
)
from digitrec.exercises.task import Task

ENOUGH = 0.95  # of the noisy digits

convolve = Task(
    name="06.convolve",
    kind="write",
    title="A convolution with stride and padding",
    question="""\
Write `convolve` for one map: `image` (h, w), `weights` (k, k), and any `stride` and `padding`.
It returns the map of sums that a filter of `Conv2D` gives: `padding` rows and columns of zeros
around the image first, then windows in steps of `stride`, as many as fit. It is compared with
OpenCV's sums.""",
    starter='''\
def convolve(image, weights, stride, padding):
    """Return the map that one filter makes of one image."""
    ...  # your code


tasks.convolve.check(convolve)''',
    judge=Function(
        oracle=made.by_opencv,
        inputs=made.images_to_convolve(),
        mistakes=made.CONVOLVE_MISTAKES,
    ),
    hints=(
        "Begin with the loop of *One small window, moved over the whole image*. Two things are "
        "new: the frame, and where a window begins.",
        "`image = np.pad(image, padding)` lays the frame. The window of row `row` of the map "
        "begins in row `stride * row` of the image.",
        "So many windows fit: `(image.shape[0] - len(weights)) // stride + 1`, after padding; the "
        "same with `image.shape[1]` for the columns.",
        "In the loop: `top, left = stride * row, stride * column`, then `sums[row, column] = "
        "(image[top : top + k, left : left + k] * weights).sum()` with `k = len(weights)`.",
    ),
    goals=(2,),
)


smaller_steps = Task(
    name="06.smaller_steps",
    kind="change",
    title="Smaller steps, as many weights",
    question="""\
Change one thing in the network of this lesson: its first convolution moves in steps of 1 in
place of 2. It has as many weights as before. How many multiplications does it take for one
image now? Work it out, or build it and ask `layers.multiplications`.""",
    starter="""\
work = ...  # your answer, a whole number
tasks.smaller_steps.check(work)""",
    judge=Number(
        expected=made.products_told_by_keras,
        mistakes=made.wrong_products,
        because=(
            "As many weights, and nearly six times the work. What a value of the last maps sees "
            "shrinks from 27x27 to 16x16 pixels."
        ),
    ),
    hints=(
        "Look at the table of layers. What changes is how wide the maps are: the first becomes "
        "28 - 5 + 1 = 24 wide.",
        "Then 22 after the second, 11 after pooling, 11 after the third, 9 after the fourth.",
        "A convolution takes places times weights: the first 24 * 24 * (16 * 25), the second 22 * "
        "22 * (32 * 16 * 9).",
        "The third 11 * 11 * (64 * 32 * 9), the fourth 9 * 9 * (64 * 64 * 9), the dense layer 64 * "
        "10. Add all five.",
    ),
    goals=(3, 4),
)


shuffled = Task(
    name="06.shuffled",
    kind="predict",
    title="Shuffled pixels",
    question="""\
Somebody shuffles the 784 pixels of every image, training and validation alike, always in the
same order. You could read nothing. Both networks learn from scratch on these images. What
happens to their validation accuracy, compared with images as they are?

- **a**: Both fall nearly to guessing.
- **b**: The dense network reads as well as before; the convolutional one loses its lead.
- **c**: Both read as well as before.
- **d**: The dense network falls; the convolutional one reads as well as before.""",
    starter="""\
of_the_shuffled = ...  # "a", "b", "c" or "d"
tasks.shuffled.check(of_the_shuffled)""",
    judge=Choice(
        "b",
        because=(
            "To a dense network every order of its pixels is the same task. A convolution looks "
            "at neighbours, and neighbours mean nothing here. `solution()` measures it."
        ),
        mistakes={
            "a": "A dense network has a weight for each place. Does it know which places are "
            "neighbours?",
            "c": "What does a window of 3x3 pixels show, once its pixels come from anywhere?",
            "d": "It is the convolution that looks at neighbours. Which of the two relies on "
            "the order of the pixels?",
        },
    ),
    hints=(
        "Imagine the dense network trained on images as they are. Which of its weights would you "
        "have to move, so that it reads shuffled images just as well?",
        "So for the dense network a perfect solution is only moved. Now ask what a small window, "
        "the same everywhere, can find in shuffled pixels: no stroke, no edge.",
        "One of the two does not notice, the other loses what made it better: that is b.",
    ),
    goals=(1,),
)


noise = Task(
    name="06.noise",
    kind="find the fault",
    title="Weak noise that ruins everything",
    question="""\
You write your own `add_noise`: `images` are uint8, `noise` whole numbers around 0, and what
comes out has to be uint8 again. Even weak noise makes your network fail, far worse than
severity 1 above. The images look odd, too: black specks in white paper, white ones in the ink.
What happens to an ink of 250 with a noise of 20? Mend it.""",
    starter='''\
def add_noise(images, noise):
    """Return images with noise added, uint8 0-255."""
    return (images + noise).astype(np.uint8)


tasks.noise.check(add_noise, model, sample)''',
    judge=then(
        Function(
            oracle=other.saturated,
            inputs=other.images_and_noise(),
            given=other.wrapping,
            mistakes=(
                (
                    other.unlimited,
                    "These are no images any more: a byte holds 0 to 255. Cut off what lies "
                    "beyond, then `.astype(np.uint8)`.",
                ),
                (
                    other.without_limit_below,
                    "Above it is mended. What becomes of paper, 0, with a noise of -20?",
                ),
                (
                    other.without_limit_above,
                    "Below it is mended. What becomes of ink of 250 with a noise of 20?",
                ),
                (other.scaled, "Stretching changes every pixel. Only what lies beyond is cut off."),
            ),
        ),
        with_and_without,
    ),
    hints=(
        "Try it in a new cell: `np.array([270, -20]).astype(np.uint8)`.",
        "A byte has no 270: counting begins at 0 again after 255, so ink becomes paper. Cut the "
        "sums off at 0 and 255 while they are still whole numbers.",
        "`np.clip(values, 0, 255)` cuts off. It has to come before `.astype(np.uint8)`.",
    ),
    goals=(6,),
)


choose = Task(
    name="06.choose",
    kind="write",
    title="Which rung for which purpose?",
    question="""\
The best rung is not the best for every purpose. An app on an old telephone may store so many
numbers and take so many seconds for 1,000 answers, and strangers will write on it. Write
`choose`: of `rungs` within both limits (as much as the limit is allowed), it returns the name
of the one that reads *other hands* best. Each rung has `.recogniser`, `.accuracy`,
`.other_hands`, `.numbers`, `.seconds_to_learn` and `.seconds_to_answer`. Afterwards try
`choose(rungs, 100_000, 0.1)`.""",
    starter='''\
def choose(rungs, most_numbers, most_seconds):
    """Return the name of the best recogniser of other hands within the limits."""
    ...  # your code


tasks.choose.check(choose)''',
    judge=Function(
        oracle=other.best_by_sorting,
        inputs=other.LIMITS,
        mistakes=other.CHOOSE_MISTAKES,
    ),
    hints=(
        "Two steps: keep what is within both limits, then take the best of these.",
        "`fit = [rung for rung in rungs if rung.numbers <= most_numbers and "
        "rung.seconds_to_answer <= most_seconds]`.",
        "`max(fit, key=lambda rung: rung.other_hands)` is the best rung; return its `.recogniser`.",
    ),
    goals=(5, 7),
)


hardened = Task(
    name="06.hardened",
    kind="challenge",
    title="Small, and not afraid of noise",
    question=f"""\
Build and train a network with at most {MOST_WEIGHTS:,} weights that reads {ENOUGH:.0%} of the
sample under noise of severity 3, or more: how far do you get with a minute of training? Learn
from `mnist.train` alone. Afterwards `try_out(small)`: under which corruptions is it better
than your convolutional network, under which worse, and did you expect that?""",
    starter="""\
small = ...  # your network, trained
tasks.hardened.check(small, corrupted["noise"][3], sample.labels)""",
    judge=Measured(share_of_noisy, ENOUGH, "{measure:.1%} of the noisy digits are read."),
    hints=(
        "`digitrec.build_cnn(8)` has half as many filters as your network. `count_params()` tells "
        "how many weights that leaves.",
        "It has to meet noise in training. `digitrec.corrupt(images, 'noise', 3, generator)` "
        "spoils images; leave some of them clean.",
        "Put them together: `train = digitrec.Digits(images, mnist.train.labels)`, then `noisy = "
        "digitrec.Mnist(train, mnist.validation, mnist.test)`.",
        "`digitrec.train(small, noisy, learning_rate=learning_rate, seed=seed)`. More epochs "
        "bring more; 10,000 images are enough to try.",
    ),
    goals=(6,),
)
