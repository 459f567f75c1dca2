"""The tasks of notebook 7: look inside."""

from typing import TYPE_CHECKING

import numpy as np

from digitrec.exercises.judges import Choice, Function
from digitrec.exercises.judging.clouds import cloud_inputs, shares_of_covariance, shares_without
from digitrec.exercises.judging.explaining import blind as blind_explanations
from digitrec.exercises.judging.explaining import (
    explanations as explanations,  # for the cell of `blind`
)
from digitrec.exercises.judging.filters import missed_most
from digitrec.exercises.judging.map_values import map_inputs, window_at, with_filter2d
from digitrec.exercises.judging.patches import SmallestPatch
from digitrec.exercises.predicting import Foreseen
from digitrec.exercises.task import Task
from digitrec.mnist import Digits
from digitrec.networks import predict

if TYPE_CHECKING:
    import keras


def framed(images: np.ndarray) -> np.ndarray:
    """Return images with ink all along their rim, one pixel wide."""
    images = images.copy()
    images[:, [0, -1], :] = 255
    images[:, :, [0, -1]] = 255
    return images


def read_in_frames(dense: "keras.Model", convolutional: "keras.Model", digits: Digits) -> str:
    """Tell how many digits two networks read right, without and with a frame of ink."""
    said = []
    for name, model in (("dense", dense), ("convolutional", convolutional)):
        without, within = (
            int((predict(model, images)[:, :10].argmax(axis=1) == digits.labels).sum())
            for images in (digits.images, framed(digits.images))
        )
        said.append(f"{name} {without:,} without the frame, {within:,} with it")
    return f"Yours, of {len(digits):,} right: {'; '.join(said)}."


frame = Task(
    name="07.frame",
    kind="predict",
    title="A frame of ink",
    question="""\
A thousand validation digits get a frame of ink, one pixel wide, along the rim of the image. It
covers no digit. How many are read right then? Decide before anything runs.

- **a**: about as many as before, by both networks: nothing was learned about the rim
- **b**: far fewer by the dense network, nearly as many by the convolutional one
- **c**: nearly as many by the dense network, far fewer by the convolutional one
- **d**: far fewer by both""",
    starter="""\
answer_frame = ...  # "a", "b", "c" or "d", in quotes
tasks.frame.check(answer_frame, dense, convolutional, mnist.validation[:1_000])""",
    judge=Foreseen(
        Choice(
            right="b",
            because="Each dense neuron adds up a hundred random weights that it never learned. "
            "Of the convolution's windows, only those at the edge meet the frame.",
            mistakes={
                "a": "Nothing was learned there, and that is the trouble: the weights of the rim "
                "are not 0. What were they when training began?",
                "c": "Which network has weights for the rim that no training has ever touched? A "
                "filter has the same weights everywhere.",
                "d": "That holds for one of them. How many windows of a convolution see the frame "
                "at all?",
            },
        ),
        measured=read_in_frames,
    ),
    hints=(
        "Which weights meet the ink of the frame? What has training made of these weights?",
        "In the dense network each neuron has a weight for each of the 108 pixels of the rim. They "
        "are random still, and full ink multiplies every one of them: a push that nobody planned.",
        "A convolution has no weights of its own for the rim. Its filters meet strokes of ink "
        "everywhere, and only the windows at the edge see the frame. So one network is pushed in "
        "every neuron, the other at its edge alone.",
    ),
    goals=(1,),
)

missed = Task(
    name="07.missed",
    kind="change",
    title="What a single filter is worth",
    question="""\
Silence a filter, and its map goes dark. `right_without(0)` silences the first one of the first
layer, counts how many of a thousand digits are read right then, and gives the filter its weights
back. Change the number: without which filter are the fewest right? Let a loop ask for each.""",
    starter="""\
layer = passed[places[0]].layer
kernel = layer.kernel.numpy()  # (rows, columns, 1, filters)
thousand = mnist.validation[:1_000]


def right_without(number):
    silenced = kernel.copy()
    silenced[:, :, :, number] = 0
    layer.kernel.assign(silenced)
    answers = digitrec.predict(convolutional, thousand.images)[:, :10]
    layer.kernel.assign(kernel)
    return np.sum(answers.argmax(axis=1) == thousand.labels)


most_missed = ...  # the number of a filter, from 0
tasks.missed.check(most_missed, convolutional, layer, thousand)""",
    judge=missed_most,
    hints=(
        "Ask for each filter: `for number in range(kernel.shape[-1]):`",
        "Collect what comes back: `counts = [right_without(number) for number in ...]`",
        "`np.argmin(counts)` is the place of the smallest count; `np.argmax` of the largest.",
    ),
    goals=(2,),
)


one_value = Task(
    name="07.one_value",
    kind="write",
    title="One value of a map",
    question="""\
Write `map_value`: the sum that a filter finds at one place of its map. `image` and `weights` are
arrays (rows, columns), `row` and `column` count the places of the map from 0, and the window moves
on by `step` pixels from place to place. Nothing is added around the image.""",
    starter="""\
def map_value(image, weights, bias, row, column, step):
    \"\"\"Return window times filter, added up, and the bias.\"\"\"
    ...  # your code


tasks.one_value.check(map_value)""",
    judge=Function(
        oracle=with_filter2d,
        inputs=map_inputs(),
        mistakes=(
            (
                lambda image, weights, bias, row, column, step: (
                    np.sum(window_at(image, weights, row, column) * weights) + bias
                ),
                "The window begins at pixel row * step, not at pixel row.",
            ),
            (
                lambda image, weights, bias, row, column, step: np.sum(
                    window_at(image, weights, row * step, column * step) * weights
                ),
                "The products are right. What else does a filter add?",
            ),
            (
                lambda image, weights, bias, row, column, step: with_filter2d(
                    image, weights[::-1, ::-1], bias, row, column, step
                ),
                "The filter is turned round. Mathematics turns it in a convolution, a network "
                "does not.",
            ),
            (
                lambda image, weights, bias, row, column, step: max(
                    with_filter2d(image, weights, bias, row, column, step), 0.0
                ),
                "ReLU comes later, in a layer of its own: the sum may be negative.",
            ),
            (
                lambda image, weights, bias, row, column, step: np.sum(
                    window_at(image, weights, row * step, column * step) * weights + bias
                ),
                "The bias is added once per sum, not once per product.",
            ),
        ),
        because="Try it on `image / 255` and a filter of `filters`: it is what Keras computes.",
    ),
    hints=(
        "First cut the window out of the image: as many rows and columns as `weights` has.",
        "It begins at pixel row * step, so `top = row * step`, and "
        "`image[top : top + weights.shape[0], ...]`; columns likewise.",
        "`np.sum(window * weights)` adds up the products. Then add the bias.",
    ),
    goals=(3, 4),
)

patch = Task(
    name="07.patch",
    kind="challenge",
    title="The smallest patch",
    question="""\
Cover a rectangle of `image` with paper, so that the dense network reads something else. The fewest
pixels count. It is solved with fewer than the smallest *square* takes; your best is kept.""",
    starter="""\
best_patch = ...  # (top row, left column, height, width), from 0
tasks.patch.check(best_patch, image, dense)""",
    judge=SmallestPatch(),
    hints=(
        "A narrow patch, laid across a stroke or along it, can do more than a square. The orange "
        "places in *Cover a part, and ask again* tell where to begin.",
        "Let the computer try. For one height and width: all places, in two loops, "
        "`range(29 - height)` and `range(29 - width)`. Make a copy of the image for each, cover "
        "it, and ask `digitrec.predict(dense, np.array(copies))` about all at once.",
        "Try all sizes up to 36 pixels, the smallest area first: `sorted((h * w, h, w) for h in "
        "range(1, 29) for w in range(1, 29))`. The first patch whose `argmax` differs is the best.",
    ),
    goals=(5,),
)

blind = Task(
    name="07.blind",
    kind="find the fault",
    title="Explanations that ignore the network",
    question="""\
Four explanations came without a word on how they work: `tasks.explanations["A"]` to `["D"]`. Each
is called like those above, `explain(network, images, digits)`, and gives maps. Put them to the
test: in which are the maps of `dense` and of an untrained network more than 0.9 alike, over ten
digits?""",
    starter="""\
ten_digits = mnist.validation[:10]
blind = ...  # a list of letters, such as ["D"]
tasks.blind.check(blind)""",
    judge=blind_explanations,
    hints=(
        "`fresh = untrained(dense, 11)` has learned nothing. Ask one explanation twice, about the "
        "same ten images and labels: once with `dense`, once with `fresh`.",
        "`gradients.likeness(trained_maps, fresh_maps)` is 1 where both order the pixels alike.",
        "`for letter, explain in tasks.explanations.items():`, and in it "
        "`gradients.likeness(*(explain(n, ten_digits.images, ten_digits.labels) for n in "
        "(dense, fresh)))`. Print both, and name all above 0.9.",
    ),
    goals=(6,),
)


middle = Task(
    name="07.middle",
    kind="find the fault",
    title="A map with too much in one direction",
    question="""\
By this function, the first direction of the map of 300 digits holds far more of the variance than
*A map of the digits* says: try `shares(parts.last_values(the_map.model, the_map.digits.images))`.
Find the fault. `values` has one row per digit.""",
    starter="""\
def shares(values):
    \"\"\"Return the shares of the variance along the two widest directions.\"\"\"
    widths = np.linalg.svd(values, compute_uv=False)
    return widths[:2] ** 2 / np.sum(widths**2)


tasks.middle.check(shares)""",
    judge=Function(
        oracle=shares_of_covariance,
        inputs=cloud_inputs(),
        given=lambda values: shares_without(values, 0.0),
        mistakes=(
            (
                lambda values: shares_without(values, values.mean()),
                "One number is taken off everywhere. The middle of a cloud has one number for "
                "each column.",
            ),
            (
                lambda values: shares_without(values, values.mean(axis=1, keepdims=True)),
                "That is the mean of each row, of one digit. The middle of the cloud is the mean "
                "over all digits.",
            ),
            (
                lambda values: shares_without(
                    (values - values.mean(axis=0)) / values.std(axis=0), 0.0
                ),
                "Divided by its spread, every column counts the same, also one that hardly "
                "differs from digit to digit.",
            ),
            (
                lambda values: (
                    np.sqrt(shares_without(values, values.mean(axis=0)))
                    / np.sum(
                        np.linalg.svd(values - values.mean(axis=0), compute_uv=False)
                        / np.linalg.norm(values - values.mean(axis=0))
                    )
                ),
                "Variance is a squared distance; these shares are of the widths themselves.",
            ),
        ),
        because="Around 0, the widest direction is mostly the way to the middle of the cloud.",
    ),
    hints=(
        "Variance is the mean squared distance from the *middle* of the points. From where does "
        "this function measure?",
        "The middle has one number per column: `values.mean(axis=0)`.",
        "Take it off first: `np.linalg.svd(values - values.mean(axis=0), compute_uv=False)`.",
    ),
    goals=(7,),
)
