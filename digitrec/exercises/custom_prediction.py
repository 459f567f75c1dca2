"""The tasks of notebook 5: prepare pictures, and see what networks take them for."""

import numpy as np

from digitrec.exercises.judges import Function, Number
from digitrec.exercises.judging import pictures as made
from digitrec.exercises.judging.asked import (
    ASKED,
    MOST_PIXELS,
    answers_by_angle,
    first_other,
    judge_fooled,
    judge_not_inverted,
    on_the_folder,
    then,
    wrong_angles,
)
from digitrec.exercises.task import Task

not_inverted = Task(
    name="05.not_inverted",
    kind="predict",
    title="Not inverted",
    question=f"""\
*The usual way* inverts each picture. Suppose that somebody forgets it: {ASKED:,} validation
digits come as dark ink on white paper, everything else as in MNIST. What does `model` do?
Decide before you run anything.

- **a**: It reads most of them, for the shapes are the same.
- **b**: It misreads most, and is so unsure that the threshold of 50% refuses most answers.
- **c**: It misreads most, and most answers would be believed.""",
    starter="""\
forgotten = ...  # "a", "b" or "c"
tasks.not_inverted.check(forgotten, model, home)""",
    judge=judge_not_inverted,
    hints=(
        "In MNIST most pixels are paper, 0, and add nothing to any sum. What do they add at 255?",
        "Softmax turns differences between sums into probabilities. The larger the sums, the "
        "larger the differences, whether or not anything like it was ever learned.",
        "Ask it: `ten = digitrec.predict(model, 255 - home.images[:1000])[:, :10]`. Then compare "
        "`ten.argmax(axis=1)` with `home.labels[:1000]`, and `ten.max(axis=1)` with 0.5.",
    ),
    goals=(1, 5),
)


fitted = Task(
    name="05.fitted",
    kind="write",
    title="Cut out, and fit into 20x20",
    question="""\
Write steps 4 and 5 of the preparation yourself. `fit_ink` takes a grey picture with dark ink
on paper of exactly 255. It returns the ink alone: light on 0, cut to the smallest box around
it, and resized so that its longer side is 20 pixels and the proportions stay.""",
    starter='''\
def fit_ink(grey):
    """Return the ink of a grey picture, cut out, its longer side 20 pixels."""
    ...  # your code


tasks.fitted.check(fit_ink)''',
    judge=Function(
        oracle=made.boxed_and_fitted,
        inputs=made.SHEETS,
        mistakes=(
            (
                lambda grey: 255 - made.to_twenty(made.cut_to_ink(255 - grey)),
                "Ink has to be the light side: invert it.",
            ),
            *made.in_both_ways(
                lambda grey, way: made.to_twenty(255 - grey, way=way),
                "First cut out the box that holds the ink.",
            ),
            *made.in_both_ways(
                lambda grey, way: made.to_twenty(grey, way=way),
                "Invert, and cut out the box that holds the ink.",
            ),
            *made.in_both_ways(
                lambda grey, way: made.squashed(made.cut_to_ink(255 - grey), way),
                "The longer side becomes 20, the other one shrinks by the same factor.",
            ),
            *made.in_both_ways(
                lambda grey, way: made.squashed(255 - grey, way),
                "Cut out the box, and keep the proportions.",
            ),
            *made.in_both_ways(
                lambda grey, way: made.to_twenty(made.cut_to_ink(255 - grey), True, way),
                "`cv2.resize` wants the width first, `.shape` gives the height first.",
            ),
            (
                lambda grey: made.to_twenty(made.cut_to_ink(255 - grey, end=0)),
                "A slice ends before its last number, so the last row and column are missing.",
            ),
            (
                lambda grey: made.cut_to_ink(255 - grey),
                "It is cut out. Now resize it: the longer side becomes 20.",
            ),
        ),
        tolerance=0.02,
    ),
    hints=(
        "Three steps: invert, cut, resize. `255 - grey` is the first.",
        "`rows, columns = np.nonzero(ink)` are the places with ink. The box goes from "
        "`rows.min()` to `rows.max()`, and the same for columns; a slice needs 1 more.",
        "One factor for both sides: `factor = 20 / max(ink.shape)`. The new height is "
        "`round(factor * ink.shape[0])`, the width comes from `ink.shape[1]`.",
        "After `ink = ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]` return "
        "`cv2.resize(ink, (width, height), interpolation=cv2.INTER_AREA)`.",
    ),
    goals=(2,),
)


centred = Task(
    name="05.centred",
    kind="write",
    title="Put it where MNIST has it",
    question="""\
Step 6: `centre_ink` lays an array of ink, at most 20x20, into a 28x28 array of zeros, so that
its centre of mass comes as close to row 14 and column 14 as whole pixels allow. Each pixel
counts as much as there is ink in it. Once you are right, the pictures of the folder go through
your two functions, and `model` reads them.""",
    starter='''\
def centre_ink(ink):
    """Return a 28x28 image with the centre of mass of the ink in its middle."""
    ...  # your code


tasks.centred.check(centre_ink, fit_ink, pictures, labels, model)''',
    judge=then(
        Function(
            oracle=made.centred_by_moments,
            inputs=made.FITTED,
            mistakes=(
                (
                    lambda ink: made.laid(ink, (28 - ink.shape[0]) // 2, (28 - ink.shape[1]) // 2),
                    "That centres the box. Its middle is not the centre of mass.",
                ),
                (
                    lambda ink: made.laid(
                        ink, *(round(14 - places.mean()) for places in np.nonzero(ink))
                    ),
                    "Each pixel counts as much as there is ink in it, not just once.",
                ),
                (made.swapped_mass, "Rows and columns are swapped."),
                (
                    lambda ink: made.by_mass(ink, middle=13.5),
                    "The middle is row 14, column 14; and `round` goes to the nearest whole "
                    "number, where `int` cuts off.",
                ),
                (lambda ink: made.laid(ink, 0, 0), "That lies in the corner."),
                (lambda ink: made.laid(ink, 4, 4), "That leaves four pixels on each side."),
            ),
        ),
        on_the_folder,
    ),
    hints=(
        "The lesson computes the centre of mass in *Prepare it the way MNIST was prepared*, with "
        "`np.indices`.",
        "`row = (rows * ink).sum() / ink.sum()` is its row in the small array. Which row of the "
        "large array has to get the first row of the small one?",
        "`top = round(14 - row)`, and `left` in the same way from the columns.",
        "`image = np.zeros((28, 28), np.uint8)`, then "
        "`image[top : top + ink.shape[0], left : left + ink.shape[1]] = ink`, and return it.",
    ),
    goals=(2,),
)


chalk = Task(
    name="05.chalk",
    kind="find the fault",
    title="The board that nobody could read",
    question="""\
A colleague wrote `ink_of`. It works on every sheet of paper, and fails on the blackboard of
`digit22.png`. Look at what it makes of both with `figures.show_images` in a new cell. Mend it:
ink comes out as the light side, inverted where it is darker than the paper, and as it is where
it is lighter. Decide by the picture, not by its name.""",
    starter='''\
def ink_of(picture):
    """Return the ink of an RGB picture as the light side, array (h, w)."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    return 255 - grey


tasks.chalk.check(ink_of)''',
    judge=Function(
        oracle=made.light_ink,
        inputs=made.BOARDS_AND_SHEETS,
        given=made.always_inverted,
        mistakes=(
            (made.grey_of, "Now boards are right and sheets are not. Which is which?"),
            (made.the_wrong_ones, "Just the wrong ones are inverted: turn the comparison round."),
            (
                made.pixel_by_pixel,
                "That decides anew for each pixel, so ink and paper come out alike. Decide once "
                "for the whole picture.",
            ),
        ),
        tolerance=0.01,
    ),
    hints=(
        "What is most of any picture: ink or paper?",
        "The median of `grey` is the brightness of the paper. On a sheet it is high, on a board "
        "low.",
        "`return 255 - grey if np.median(grey) > 127 else grey`.",
    ),
    goals=(3,),
)


turned = Task(
    name="05.turned",
    kind="change",
    title="How far can you turn it?",
    question="""\
The cell takes your drawing or your upload, and turns it by 10 degrees; without either it takes
`digit15.png`. `borderValue` keeps the new corners white. Put a loop around it. At which angle,
in steps of 10 degrees, does the network in the box first say something else, or refuse? (Write
0 if nothing changes up to 180 degrees. Watch what your own network says, too.)""",
    starter="""\
drawn = latest.steps.picture
middle = drawn.shape[1] / 2, drawn.shape[0] / 2
turn = cv2.getRotationMatrix2D(middle, 10, 1)  # 10 degrees
tilted = cv2.warpAffine(drawn, turn, drawn.shape[1::-1], borderValue=(255, 255, 255))
print("turned by 10 degrees:", digitrec.read_digit(tilted).opinion)
first_change = ...  # your answer, in degrees
tasks.turned.check(first_change, drawn)""",
    judge=Number(
        expected=lambda picture: first_other(answers_by_angle(picture)),
        mistakes=wrong_angles,
        because="A network that was never shown digits on their side cannot know them.",
    ),
    hints=(
        "`for degrees in range(0, 181, 10):` and below it, further in, the three lines that turn, "
        "tilt and print.",
        "Put `degrees` in place of 10, and print it with the opinion. Look for the first line "
        "whose digit is another one, or which is refused.",
        "`digitrec.read_digit(tilted).answer` is the digit, or None where it is refused. Compare "
        "it with that at 0 degrees.",
    ),
    goals=(4, 6),
)


fooled = Task(
    name="05.fooled",
    kind="challenge",
    title="An eight that no network reads",
    question=f"""\
Change pixels of an 8 until every network of this notebook believes in another digit, with 50%
or more, while you still see an 8. At most {MOST_PIXELS} pixels may change, to any value, and no
two of them may touch, not even at a corner: so you add specks, and no stroke. The fewer, the
better. Give the cell a minute at most, and look at the result with `figures.show_images([eight,
speckled])`.""",
    starter="""\
eight = home.images[home.labels == 8][0]
speckled = eight.copy()
# your code: change single pixels of `speckled`
tasks.fooled.check(speckled, eight, networks)""",
    judge=judge_fooled,
    hints=(
        "Chance alone takes long. Try every pixel, keep the one that brings the networks furthest "
        "from the 8, and begin again from there.",
        "A round: one copy per free pixel, `tried = np.repeat(speckled[np.newaxis], count, "
        "axis=0)`, and in copy number `i` its pixel becomes 255 where it was dark, else 0. "
        "`digitrec.predict` answers all copies at once.",
        "The best copy has the most for its likeliest other digit, `np.delete(ten, 8, "
        "axis=1).max(axis=1)`, where `ten` is `digitrec.predict(network, tried)[:, :10]`. Cut "
        "that off at 0.55, where a network is fooled enough, and multiply over the networks.",
        "Keep `free = np.ones((28, 28), bool)`. `rows, columns = np.nonzero(free)` are the pixels "
        "to try; after each round `free[max(row - 1, 0) : row + 2, max(column - 1, 0) : column "
        "+ 2] = False`. End when all networks have more than 0.5 for another digit.",
    ),
    goals=(5,),
)
