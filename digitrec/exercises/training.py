"""The tasks of notebook 3: train the network."""

from digitrec.exercises.judges import Choice, Function, Measured
from digitrec.exercises.judging.pairing import judge_mixing
from digitrec.exercises.judging.papermill_line import judge_line
from digitrec.exercises.judging.small_network import small_accuracy
from digitrec.exercises.judging.stepping import batches, step_by_tape, stepped
from digitrec.exercises.task import Task

steeper = Task(
    name="03.steeper",
    kind="predict",
    title="A steeper valley",
    question="""\
The first loop of this notebook came to rest near 3 with a learning rate of 0.2. Make its valley
five times as steep: the loss is now 5(w - 3)². Everything else stays. What do the steps do?

- **a**: they come to rest at 3 in about a fifth of the steps,
- **b**: they come to rest as before, because the rate is the same,
- **c**: they jump to and fro for ever, and come no nearer,
- **d**: they diverge.

Answer first. Then put `5 *` before `(w - 3) ** 2` in that loop, and look.""",
    starter="""\
steeper = ...  # your answer: "a", "b", "c" or "d"
tasks.steeper.check(steeper)""",
    judge=Choice(
        right="c",
        because=(
            "The first slope is -30, so the step goes to 6; there it is +30, and the next step "
            "goes back to 0. Which rate is good depends on the valley. That is why Adam adapts "
            "the step of each weight."
        ),
        mistakes={
            "a": "Longer steps are not always sooner there. How long is the first one, and how "
            "far is it to 3?",
            "b": "A step is the rate times the slope, and the slope is another one now.",
            "d": "The first step does go too far. How far from 3 does it land, and how far from "
            "3 did it begin?",
        },
    ),
    hints=(
        "A step is the learning rate times the slope. The slope of 5(w - 3)² is 10(w - 3).",
        "At w = 0 the slope is -30, and the step 0.2 * 30. Where does it land?",
        "It lands at 6. The slope there is +30. Where does the second step land?",
        "At 0 again, where it began. So it goes on: that is c.",
    ),
    goals=(2,),
)


batch_step = Task(
    name="03.batch_step",
    kind="write",
    title="One step for a whole batch",
    question="""\
You have found the slopes for one pair of inputs. A batch has a row per image in `inputs`, and so
have `truth`, the sums and the probabilities. Find the slope of each first weight for the mean loss
of the batch, and return the first weights after one step of gradient descent. The pass forward is
there; to keep it short, it has no biases.""",
    starter='''\
def forward_batch(first_weights, last_weights, inputs):
    """Return the sums of the hidden neurons and the probabilities, a row per image."""
    sums = inputs @ first_weights
    powers = np.exp(np.maximum(sums, 0) @ last_weights)
    return sums, powers / powers.sum(axis=1, keepdims=True)


def batch_step(first_weights, last_weights, inputs, truth, rate):
    """Return the first weights after one step; their shape stays."""
    ...  # your code; it begins with what `forward_batch` returns


tasks.batch_step.check(batch_step)''',
    judge=Function(
        oracle=step_by_tape,
        inputs=batches(),
        mistakes=(
            (
                lambda *given: stepped(*given, sign=1),
                "It goes uphill. Is the error p - y, and the step taken *against* the slope?",
            ),
            (
                lambda *given: stepped(*given, open_only=False),
                "The error also passes neurons that were closed: their sum was not above 0.",
            ),
            (
                lambda *given: stepped(*given, mean=False),
                "One image is right. With several, that is the sum of their slopes; take the mean.",
            ),
            (
                lambda *given: stepped(*given, slopes_only=True),
                "These are the slopes. The step is still to be taken.",
            ),
            (
                lambda *given: stepped(*given, through_last=False),
                "Rule 3: the error comes back through the last weights.",
            ),
        ),
        tolerance=1e-5,
    ),
    hints=(
        "Rules 1, 3 and 2, in this order, after `sums, probabilities = "
        "forward_batch(first_weights, last_weights, inputs)`. Rule 1 is as before: "
        "`error = probabilities - truth`.",
        "Rule 3 for all rows at once: `error @ last_weights.T` has one row per image. "
        "`np.where(sums > 0, ..., 0)` stops it where a neuron was closed.",
        "Rule 2: `inputs.T @ hidden_error` adds the table of each image up; divide by "
        "`len(inputs)` for the mean.",
        "Then `return first_weights - rate * slopes`.",
    ),
    goals=(1, 3),
)

mixed = Task(
    name="03.mixed",
    kind="find the fault",
    title="It learns nothing",
    question="""\
A friend mixes the images before each epoch, so that no batch holds one kind of digit alone. Since
then, the loss of the friend's network stays near 2.3, and its training accuracy is no better than
always answering 1. `permutation` returns what it is given, in random order. Find the fault, and
mend it.""",
    starter='''\
def mixed(images, labels, seed):
    """Return images and labels in a new order, which depends on the seed."""
    generator = np.random.default_rng(seed)
    return generator.permutation(images), generator.permutation(labels)


tasks.mixed.check(mixed)''',
    judge=judge_mixing,
    hints=(
        "Call it with `train.images[:6]` and `train.labels[:6]`, and look at both in pairs.",
        "Each call of `permutation` draws an order of its own, so images lose their labels.",
        "Draw one order of the places: `order = generator.permutation(len(labels))`.",
        "Return `images[order]` and `labels[order]`.",
    ),
    goals=(4,),
)

nonsense = Task(
    name="03.nonsense",
    kind="predict",
    title="Learning nonsense",
    question="""\
Take 1,000 training images and mix their labels, so that a label says nothing about its image. Let
the network with 128 neurons learn from them, with all usual values. Which accuracies do you expect
after six rounds?

- **a**: about 10% on the training set and on the validation set; there is nothing to learn,
- **b**: more than 90% on the training set, about 10% on the validation set,
- **c**: about 50% on the training set, about 10% on the validation set,
- **d**: more than 80% on both; the digits have other names, that is all.

Answer first. Then look, in a cell of your own:

```python
labels = np.random.default_rng(1).permutation(mnist.train.labels[:1_000])
curves = train_small(digitrec.Digits(mnist.train.images[:1_000], labels))
print(curves["accuracy"][-1], curves["val_accuracy"][-1])
```""",
    starter="""\
nonsense = ...  # your answer: "a", "b", "c" or "d"
tasks.nonsense.check(nonsense)""",
    judge=Choice(
        right="b",
        because=(
            "It learns every wrong label by heart. So a high training accuracy does not even say "
            "that there is something to learn; only images that it has not learned from say that."
        ),
        mistakes={
            "a": "Nothing that serves other images can be learned. But did those networks that "
            "reached the top on few images know what a digit is, or these images?",
            "c": "What would stop it half-way? Compare the number of weights with that of images.",
            "d": "Mixed labels are not new names: two images of a 4 now have different labels.",
        },
    ),
    hints=(
        "What do the labels of the validation images have to do with the mixed ones? That gives "
        "you the second number.",
        "For the first: in the figure with 100 and 1,000 images, how high is the training curve, "
        "and how did the network get there?",
        "It learns single images by heart, and an image with a wrong label can be learned by heart "
        "as well. There are about a hundred weights for each image: that is b.",
    ),
    goals=(5,),
)

command = Task(
    name="03.command",
    kind="change",
    title="Half the steps, from the command line",
    question="""\
With all images in batches of 32, three epochs take 5,157 steps. You want 2,580 steps, again in
three epochs with all images. Write the papermill line that does it, as it would stand in a
terminal. What you have so far has to stay: the network in `models/handwritten_digits.keras`, the
results in `runs/03_training.json`, and this notebook. Nothing is run here.""",
    starter="""\
command = ...  # your answer, the whole line in quotes
tasks.command.check(command)""",
    judge=judge_line,
    hints=(
        "2,580 steps in three epochs are 860 per epoch. Which batch size makes 860 of 55,000 "
        "images? The last batch of an epoch may be smaller.",
        "55,000 / 64 is 859.4, rounded up 860: `-p batch_size 64`. Begin with the line above, and "
        "put this in place of the epochs.",
        "Three files need names of their own: the copy (the second name of the line), "
        "`-p model_path ...` and `-p results_path ...`.",
        "papermill notebooks/03_training.ipynb runs/half.ipynb -p batch_size 64 "
        "-p model_path models/half.keras -p results_path runs/half.json",
    ),
    goals=(4, 7),
)

small_network = Task(
    name="03.small_network",
    kind="challenge",
    title="As good with 20,000 weights",
    question="""\
The nearest neighbour keeps 43 million numbers, your network 118,282. How far do you come with at
most 20,000 weights? It takes images of 28x28 pixels, 0-255, and gives ten probabilities. Whoever
reaches 97.2% of the validation set is within the interval of the nearest neighbour. The best is
kept; a minute of training is enough.""",
    starter='''\
def small_network():
    """Return a network of at most 20,000 weights, trained on `mnist.train`."""
    ...  # your code: layers, compile, fit


tasks.small_network.check(small_network(), mnist)''',
    judge=Measured(
        measure=small_accuracy,
        goal=0.972,
        says="{measure:.2%} of the validation images are read right.",
    ),
    hints=(
        "Begin with the layers of `train_small` and 24 neurons: 784 * 24 weights are nearly all "
        "there is. Train for ten epochs, in batches of 100, with a learning rate of 0.002. "
        "It comes close, and no further.",
        "Most weights go to single pixels. `keras.layers.AveragePooling2D(2)` makes one pixel of "
        "four, 14x14 in place of 28x28, and has no weights. It wants images of shape "
        "(28, 28, 1): `keras.layers.Reshape((28, 28, 1))` comes before it.",
        "Then 196 numbers go into the first dense layer, so it can have 90 neurons: "
        "196 * 90 + 90 + 90 * 10 + 10 weights are 18,640.",
        'The layers, after `keras.Input((28, 28), dtype="uint8")`: Rescaling(1 / 255), '
        'Reshape((28, 28, 1)), AveragePooling2D(2), Flatten(), Dense(90, activation="relu"), '
        'Dense(10, activation="softmax"). Compile as in `train_small`, and fit for ten epochs.',
    ),
    goals=(4, 6),
)
