"""The tasks of notebook 4: find out how good it is."""

import numpy as np

from digitrec.doubtful_labels import rank_labels
from digitrec.exercises.judges import Choice, Function, Number
from digitrec.exercises.judging.counting import (
    counted_by_tensorflow,
    counted_once,
    doubts,
    of_label,
    other_shares,
    read_digits,
    share_of,
    wrong_share,
)
from digitrec.exercises.judging.honest_choice import HonestChoice
from digitrec.exercises.task import Task

confusions = Task(
    name="04.confusions",
    kind="write",
    title="Count the confusions yourself",
    question="""\
TensorFlow has counted this matrix for you. Write a function that does the same without it: ten
rows for the true digits, ten columns for the answers.""",
    starter='''\
def count_confusions(labels, predicted):
    """Return an array (10, 10): how often each true digit got each answer."""
    ...  # your code


tasks.confusions.check(count_confusions)''',
    judge=Function(
        oracle=counted_by_tensorflow,
        inputs=read_digits(),
        mistakes=(
            (
                lambda labels, predicted: counted_by_tensorflow(predicted, labels),
                "Rows and columns are exchanged: the row is the true digit.",
            ),
            (
                counted_once,
                "With lists of places, `+=` counts a cell once, however often it is named. "
                "`np.add.at(matrix, (labels, predicted), 1)` counts every time.",
            ),
            (
                lambda labels, predicted: (
                    counted_by_tensorflow(labels, predicted) * (1 - np.eye(10, dtype=int))
                ),
                "Right answers count as well; they stand on the diagonal.",
            ),
            (
                lambda labels, predicted: (
                    counted_by_tensorflow(labels, predicted) * np.eye(10, dtype=int)
                ),
                "Wrong answers count as well; they stand off the diagonal.",
            ),
        ),
    ),
    hints=(
        "Begin with an empty one: `matrix = np.zeros((10, 10), dtype=int)`. Every image adds 1 to "
        "one cell. Which row and which column?",
        "Walk through both lists side by side: `for label, answer in zip(labels, predicted):`.",
        "In the loop: `matrix[label, answer] += 1`. After it: `return matrix`.",
    ),
    goals=(2,),
)


trust = Task(
    name="04.trust",
    kind="find the fault",
    title="When it says 7",
    question="""\
When your network answers "7", how often is it right? A friend has written a function for this. It
says of a network which calls every image a 7 that all its answers "7" are right. Find the fault,
and mend it. Then ask it about your own network: `trust(matrix, 7)`.""",
    starter='''\
def trust(matrix, digit):
    """Return the share of the answers `digit` that are right, 0-1."""
    right = matrix[digit, digit]
    return right / matrix[digit].sum()


tasks.trust.check(trust)''',
    judge=Function(
        oracle=lambda matrix, digit: matrix[digit, digit] / sum(row[digit] for row in matrix),
        inputs=(
            (np.array([[8, 2], [4, 6]]), 0),
            (np.array([[8, 2], [4, 6]]), 1),
            (np.array([[5, 1, 0], [0, 7, 3], [2, 0, 9]]), 2),
            (np.array([[0, 3], [0, 9]]), 1),
        ),
        given=lambda matrix, digit: share_of(matrix[digit, digit], matrix[digit].sum()),
        mistakes=(
            (
                lambda matrix, digit: share_of(matrix[digit, digit], matrix.sum()),
                "That divides by all images; divide by the answers `digit` alone.",
            ),
            (
                lambda matrix, digit: share_of(matrix[digit, digit], matrix.diagonal().sum()),
                "That divides by all right answers; divide by the answers `digit`, right or wrong.",
            ),
            (
                lambda matrix, digit: 1 - share_of(matrix[digit, digit], matrix[:, digit].sum()),
                "That is the share that is wrong.",
            ),
            (
                lambda matrix, digit: 100 * share_of(matrix[digit, digit], matrix[:, digit].sum()),
                "That is in per cent; a share lies between 0 and 1.",
            ),
            (
                lambda matrix, digit: matrix[:, digit].sum(),
                "That is how often it is answered; which share of these is right?",
            ),
        ),
    ),
    hints=(
        "What does a row of the matrix hold, and what a column? The question begins with answers.",
        "The function finds the recall: of all true 7s, those that were found.",
        "The answers `digit` are a column: `matrix[:, digit]`. Divide by its sum.",
    ),
    goals=(2,),
)

warmer = Task(
    name="04.warmer",
    kind="predict",
    title="A threshold at another temperature",
    question="""\
You set the temperature to 2, and go on refusing every answer below 90%. What changes on the
validation set, compared with temperature 1 and the same threshold?

- **a**: nothing; no digit changes with the temperature, so as many are refused as before,
- **b**: fewer are answered, and a smaller share of these is wrong,
- **c**: fewer are answered, and a larger share of these is wrong,
- **d**: more are answered, and a larger share of these is wrong.

Answer first. Then look, in a cell of your own:

```python
for t in (1, 2):
    answers = calibration.softened(validation_answers, t)
    print(widgets.refuse_below(0.9, validation.labels, answers).sentences)
```""",
    starter="""\
warmer = ...  # your answer: "a", "b", "c" or "d"
tasks.warmer.check(warmer)""",
    judge=Choice(
        right="b",
        because=(
            "Every confidence sinks, and the threshold stays. What still passes was surer than the "
            "rest before. A higher threshold at temperature 1 does nearly the same."
        ),
        mistakes={
            "a": "The digits stay. But a refusal depends on the confidence, and what does a "
            "temperature above 1 do to that?",
            "c": "Fewer, yes. Which ones still pass, those that were surest or those that were "
            "least sure? And where were the mistakes?",
            "d": "Above 1 the probabilities move closer together. Does the largest one rise then?",
        },
    ),
    hints=(
        "80% and 20% become 67% and 33% at temperature 2. What becomes of the largest probability?",
        "All confidences sink, so fewer reach 90%. Those that do were the surest before.",
        "Higher thresholds left fewer wrong answers further up; this acts like one. That is b.",
    ),
    goals=(4, 5),
)


wrong_when_sure = Task(
    name="04.wrong_when_sure",
    kind="write",
    title="How often is a sure answer wrong?",
    question="""\
You have read above how many of the mistakes were sure. Now turn it round: of the answers with a
confidence of 90% or more, which share is wrong? (Taking the one for the other is the *base-rate
fallacy*.) `sure` and `mistake` hold one True or False per test image; `sure & mistake` is True
where both are.""",
    starter="""\
sure = confidence >= 0.9
mistake = predicted != test.labels
wrong_when_sure = ...  # your answer, a number from 0 to 1, computed from these two
tasks.wrong_when_sure.check(wrong_when_sure, sure, mistake)""",
    judge=Number(
        expected=wrong_share,
        mistakes=other_shares,
        tolerance=1e-6,
        because="The whole is another one now: all sure answers, not all mistakes.",
    ),
    hints=(
        "Sure answers are the whole here, and mistakes among them the part.",
        "`sure.sum()` counts the sure answers, because True counts as 1.",
        "`(sure & mistake).sum()` counts the part. Divide it by the whole.",
    ),
    goals=(3, 5),
)


doubtful_first = Task(
    name="04.doubtful_first",
    kind="find the fault",
    title="Where is the wrong label?",
    question="""\
A friend looks for wrong labels, with the answers of a network that has not learned from the
images, and puts first what the network is least sure of. Scrawls come first. A neat 3 with the
label 8, which the network reads as a 3 with 91%, comes last. Find the fault, and mend it.""",
    starter='''\
def doubtful_first(labels, probabilities):
    """Return the places of all images, the least probable label first."""
    doubt = 1 - probabilities.max(axis=1)
    return np.argsort(-doubt)


tasks.doubtful_first.check(doubtful_first)''',
    judge=Function(
        oracle=lambda labels, probabilities: rank_labels(labels, [probabilities]).order,
        inputs=doubts(),
        given=lambda _, probabilities: np.argsort(probabilities.max(axis=1)),
        mistakes=(
            (
                lambda labels, probabilities: np.argsort(-of_label(labels, probabilities)),
                "The other way round: that begins with the labels that are believed most.",
            ),
            (
                lambda _, probabilities: np.argsort(-probabilities.max(axis=1)),
                "That begins with what it is surest of, and still does not ask about the label.",
            ),
            (of_label, "These are the probabilities of the labels; return places, in order."),
            (
                lambda labels, probabilities: np.argsort(-of_label(labels, probabilities))[:3],
                "Return the places of all images.",
            ),
        ),
    ),
    hints=(
        "`labels` is not used. Doubt about a label is something else than doubt about an image.",
        "How much does the network believe the label? `probabilities[rows, labels]` picks it, as "
        "in the loss at the beginning of this notebook.",
        "`believed = probabilities[np.arange(len(labels)), labels]`, and the least believed first: "
        "`return np.argsort(believed)`.",
    ),
    goals=(3, 7),
)

honest_choice = Task(
    name="04.honest_choice",
    kind="challenge",
    title="The fewest looks at the test set",
    question="""\
Twenty recognisers, and one of them shall be taken. `choose` gets them in a list, with a validation
set and `ask_test`. A recogniser is a function from images to digits:
`recogniser(validation.images)`. `ask_test(recogniser)` says which share of a test set it reads
right, and each call counts as a look. Return the best one and the accuracy that you would stand up
for, with as few looks as you can.""",
    starter='''\
def choose(recognisers, validation, ask_test):
    """Return one of the recognisers, and its accuracy, 0-1."""
    ...  # your code


tasks.honest_choice.check(choose)''',
    judge=HonestChoice(),
    hints=(
        "What chooses can no longer judge. You have two sets: one for each.",
        "Choose by the validation set: the accuracy of one recogniser there is "
        "`(recogniser(validation.images) == validation.labels).mean()`.",
        "Collect these in a list `shares`; `best = recognisers[np.argmax(shares)]`.",
        "One look, at the chosen one: `return best, ask_test(best)`.",
    ),
    goals=(1, 6),
)
