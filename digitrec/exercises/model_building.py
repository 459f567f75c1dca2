"""The tasks of notebook 2: build the network."""

from digitrec.exercises.judges import Choice, Function, Measured, Number
from digitrec.exercises.judging import layers
from digitrec.exercises.judging.own_network import judge_own_network
from digitrec.exercises.judging.own_weights import accuracy_of_weights
from digitrec.exercises.task import Task

exactly_one = Task(
    name="02.exactly_one",
    kind="change",
    title="Exactly one of two",
    question=(
        "Two pixels are 0 or 1. Is *exactly one* of them 1? No single neuron can tell. Two neurons "
        "with ReLU, and one that adds up what they say, can. Each of the two gets both pixels "
        "with weight 1, so its sum is the number of inked pixels plus its bias. Choose the two "
        "biases, and the two weights of the last neuron (which has no bias and no ReLU), so that "
        "1 comes out for exactly one, and 0 for none and for both."
    ),
    starter="""\
hidden_weights = np.ones((2, 2))  # a column per neuron, a row per pixel
hidden_biases = ...  # your answer: two numbers in a list
last_weights = ...  # your answer: two numbers in a list
tasks.exactly_one.check(hidden_biases, last_weights, hidden_weights)""",
    judge=layers.judge_exactly_one,
    hints=(
        "Inked pixels: 0, 1 or 2. With a bias of 0, the first neuron says 0, 1, 2. That is right "
        "but for the last one, where 0 should come out. So take something off there, and only "
        "there.",
        "The second neuron should stay silent for 0 and 1, and speak for 2. Which bias does that?",
        "With biases 0 and -1, the neurons say 0 0, 1 0, and 2 1 for 0, 1 and 2 inked pixels. "
        "Weigh the two so that 2 and 1 make 0, while 1 and 0 still make 1.",
        "The first weight is 1. Then 2 * 1 + 1 * w = 0, so w is -2. In lists: `[0, -1]` and "
        "`[1, -2]`.",
    ),
    goals=(1, 2),
)

doubled = Task(
    name="02.doubled",
    kind="predict",
    title="All scores doubled",
    question=(
        "Before you run anything: somebody doubles all weights and biases of a last layer, so each "
        "of its ten scores is doubled, whatever the image. What becomes of the answers (the digit "
        "with the highest probability), and of the highest probability?\n\n"
        "- **a**: both stay as they are\n"
        "- **b**: the answers stay, the highest probability rises\n"
        "- **c**: the answers stay, the highest probability falls\n"
        "- **d**: some answers change"
    ),
    starter="""\
twice_the_scores = ...  # your answer, a letter in quotes, such as "a"
tasks.doubled.check(twice_the_scores)""",
    judge=Choice(
        right="b",
        because=(
            "Doubling a score squares its power of e. The order stays, and what was ahead is "
            "farther ahead: the same answers, given more boldly. Compare `softmax(scores)` with "
            "`softmax(2 * scores)`. How bold a network is says little about how often it is right."
        ),
        mistakes={
            "a": (
                "They would stay if the same number were *added* to each score. Doubling also "
                "doubles how far apart they are. Take scores of 1 and 0: e to the 1 and e to the "
                "0, then e to the 2 and e to the 0."
            ),
            "c": (
                "Ten probabilities of 0.1 come from scores that are all the same. Does doubling "
                "bring scores closer together?"
            ),
            "d": (
                "If one score is higher than another, is twice the one still higher than twice the "
                "other? And softmax keeps the order."
            ),
        },
    ),
    hints=(
        "Take two scores only, 1 and 0. Their powers of e are about 2.7 and 1. Now double the "
        "scores.",
        "The shares are 2.7 of 3.7 before. After doubling, the scores are 2 and 0, the powers "
        "about 7.4 and 1, and the shares 7.4 of 8.4.",
        "2.7 of 3.7 is less than three quarters. 7.4 of 8.4 is more. And which of the two is "
        "ahead has not changed.",
    ),
    goals=(2,),
)

softmax_rows = Task(
    name="02.softmax_rows",
    kind="write",
    title="Softmax for a stack",
    question=(
        "The `softmax` above takes the scores of one image. A layer gives a table: a row per "
        "image, a column per class. Write a softmax for it; a loop over the rows is not needed. "
        "It has to work for scores of any size, such as 1,000 in one row and -1,000 in the next, "
        "and for any number of rows and columns."
    ),
    starter='''\
def softmax_rows(scores):
    """Return probabilities of the same shape; each row adds up to 1."""
    ...  # your code


tasks.softmax_rows.check(softmax_rows)''',
    judge=Function(
        oracle=layers.softmax_by_keras,
        inputs=layers.score_tables(),
        mistakes=layers.SOFTMAX_SLIPS,
        names=("scores",),
        because="Keras gives the same.",
    ),
    hints=(
        "`.sum()` and `.max()` of a table are one number for all of it. You need one for each row: "
        "`axis=1` adds up along the rows.",
        "With `axis=1`, a table of shape (3, 10) becomes (3,), and NumPy does not know that these "
        "three belong to the rows. With `axis=1, keepdims=True` it becomes (3, 1), a column that "
        "fits.",
        "powers = np.exp(scores - scores.max(axis=1, keepdims=True))\n"
        "Then divide the powers by their sum, with the same two settings, and return that.",
    ),
    goals=(2,),
)

without_training = Task(
    name="02.without_training",
    kind="challenge",
    title="A layer that nobody trained",
    question=(
        "Set the 7,850 weights of a single layer yourself, by a rule, without `train` and without "
        "the trained weights. The picture of each digit may be computed from the training images: "
        "its average, say, as in notebook 1. Each score is the sum of products of an image (0 to "
        "1) and a picture, plus a bias; the highest score is the answer. Get **80%** of the "
        "validation set right, and then more: the summary keeps your best."
    ),
    starter="""\
my_weights = ...  # your answer, shape (784, 10): a column per digit
my_biases = np.zeros(10)  # change these as well
tasks.without_training.check(my_weights, my_biases, mnist.validation, linear)""",
    judge=Measured(
        measure=accuracy_of_weights, goal=0.8, says="{measure:.1%} of the validation set right."
    ),
    hints=(
        "Begin with the ten averages, from 0 to 1, laid end to end. For a digit d:\n"
        "mnist.train.images[mnist.train.labels == d].mean(axis=0).reshape(784) / 255\n"
        "Collect the ten in a list. `np.stack(..., axis=1)` makes columns of them.",
        "Averages alone get about two thirds right. Digits with much ink, such as the 0, collect "
        "large products from every image. Their biases should hold against that.",
        "The nearest mean gets about 85%, and it is a single layer! The squared distance of an "
        "image x from an average m is |x|² - 2 x·m + |m|². |x|² is the same for all ten. So the "
        "nearest average is the one with the largest x·m - |m|²/2. Read weights and bias off that.",
        "my_biases = -(my_weights**2).sum(axis=0) / 2",
    ),
    goals=(3,),
)

weight_count = Task(
    name="02.weight_count",
    kind="change",
    title="A smaller network",
    question=(
        "How many weights does a network have with one hidden layer of 64 in place of two of 128, "
        "that is, 784-64-10? (A layer between the inputs and the answer is called hidden.) Work it "
        "out; biases count."
    ),
    starter="""\
weight_count = ...  # your answer, a whole number
tasks.weight_count.check(weight_count)""",
    judge=Number(
        expected=lambda: 784 * 64 + 64 + 64 * 10 + 10,
        mistakes=lambda: {
            784 * 64 + 64 * 10: "Every neuron also has a bias.",
            784 * 64 + 64: "That is the first layer; the second one has weights, too.",
            784 * 64 + 64 + 64 * 10: "The ten neurons of the last layer have biases, too.",
            784 * 64 + 64 * 10 + 10: "The 64 neurons have biases, too.",
            784 * 64 + 64 + 784 * 10 + 10: "The last layer gets 64 numbers, and not the pixels.",
            118_282: "That is the network with two layers of 128.",
            784 * 64 + 64 + 64 * 64 + 64 + 64 * 10 + 10: "That has two hidden layers of 64.",
        },
        because="Less than half of the lesson's, and still most of them in the first layer.",
    ),
    hints=(
        "Each neuron of a layer has one weight for each number that comes in, and one bias.",
        "The first layer: 784 numbers come in, 64 neurons, so 784 * 64 + 64.",
        "The second layer: 64 numbers come in, 10 neurons, so 64 * 10 + 10. Add both layers.",
    ),
    goals=(5,),
)

strange_loss = Task(
    name="02.strange_loss",
    kind="find the fault",
    title="A loss that grows with the crowd",
    question=(
        "Somebody's network has learned nothing yet, so its loss should be about 2.3. It depends "
        "on how many images are asked about together: run the cell, and look. What does this "
        "network do to one image alone? Follow it layer by layer if you need to, then mend it."
    ),
    starter="""\
def build_strange():
    return keras.Sequential(
        [
            keras.Input((28, 28), dtype="uint8"),
            keras.layers.Rescaling(1 / 255),
            keras.layers.Flatten(),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(10),
            keras.layers.Softmax(axis=0),
        ]
    )


strange = build_strange()
for count in (10, 100, 1000):
    asked_together = np.asarray(strange(mnist.validation.images[:count]))
    for_true = asked_together[np.arange(count), mnist.validation.labels[:count]]
    print(f"{count:5,} images together: loss {-np.log(for_true).mean():.1f}")
tasks.strange_loss.check(build_strange, mnist.validation)""",
    judge=judge_own_network,
    hints=(
        "Compare the three losses with `np.log(10)`, `np.log(100)` and `np.log(1000)`. So what "
        "share does each true digit get?",
        "Ask about one image alone: `strange(mnist.validation.images[:1])`. Ten times 1: each "
        "number is divided by itself. Then what is it that adds up to 1 here, the ten numbers of "
        "an image, or the numbers of all images for one digit?",
        "Softmax has to go along the ten classes of each image. In a table with a row per image, "
        "axis 0 runs down the images, and axis 1 along the classes.",
        "In the last layer, write `axis=1` in place of `axis=0`, or leave it out: Keras takes the "
        "last axis.",
    ),
    goals=(4, 6),
)
