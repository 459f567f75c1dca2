"""The tasks of notebook 10: three projects, and a card of your network."""

from digitrec.exercises.judges import Choice, Number
from digitrec.exercises.judging.project_judges import WHOLE_CODES, judge_candidates, judge_sums
from digitrec.exercises.task import Task

code_of_five = Task(
    name="10.code_of_five",
    kind="predict",
    title="Five in a row",
    question=(
        "Before any code is read: suppose that a network reads 98 of 100 single digits right. A "
        "code has five digits, and is right only if all five are. About how many of 100 codes come "
        "out right? "
        "\n\n- **a**: 98\n- **b**: 96\n- **c**: 90\n- **d**: 80"
    ),
    starter="""\
code_of_five = ...  # your answer, a letter in quotes
tasks.code_of_five.check(code_of_five)""",
    judge=Choice(
        right="c",
        because=(
            "0.98 to the power of 5 is 0.904: five chances to go wrong, and one is enough. What "
            "spoils a code here beside misread digits, you see next."
        ),
        mistakes={
            "a": "That is the share of right digits. One wrong digit spoils a whole code.",
            "b": "That holds for two digits in a row: 0.98 times 0.98.",
            "d": "That is too many spoilt: of 500 digits 10 are wrong, so at most 10 codes are.",
        },
    ),
    hints=(
        "How likely is it that the first two digits are both right?",
        "0.98 * 0.98 for two. Go on to five: multiply, or let Python do it.",
    ),
    goals=(1,),
)

share_right = Task(
    name="10.share_right",
    kind="find the fault",
    title="A measure that flatters",
    question=(
        "Somebody measures with this function, and is delighted. It counts codes as right that are "
        "not. Try it on short lists of your own, then mend it."
    ),
    starter="""\
def share_right(codes, texts):
    \"\"\"Return the share of all codes, 0-1, that were read right.\"\"\"
    right = 0
    for code, text in zip(codes, texts, strict=True):
        length = min(len(code), len(text))
        if all(code[i] == text[i] for i in range(length)):
            right += 1
    return right / len(codes)


print(share_right(["41976", "10234"], ["41976", "10235"]))
tasks.share_right.check(share_right)""",
    judge=WHOLE_CODES,
    hints=(
        'What does it say to `share_right(["41976"], ["4"])`? And to an empty text?',
        "Only as many digits are compared as the shorter one has; missing ones never are.",
        "Two texts can be compared as a whole: `code == text`.",
    ),
    goals=(2,),
)

candidates = Task(
    name="10.candidates",
    kind="write",
    title="What may stand here?",
    question=(
        "`grid` is an array of 9 rows and 9 columns of whole numbers, 0 for an empty cell. Write "
        "the function that returns the digits that may stand in an empty cell: all from 1 to 9 "
        "that are neither in its row, nor in its column, nor in its 3x3 box. A solver does little "
        "else. And a reader that wavers between a 1 and a 7 can ask it."
    ),
    starter="""\
def candidates(grid, row, column):
    \"\"\"Return the digits that may stand in an empty cell, such as [2, 5].\"\"\"
    ...  # your code


tasks.candidates.check(candidates)""",
    judge=judge_candidates,
    hints=(
        "First collect what is *seen* from the cell; what is left of 1 to 9 is the answer.",
        "`grid[row]` is its row, `grid[:, column]` its column. The box begins at row "
        "`row // 3 * 3`, and in the same way at a column.",
        "With `top` and `left` of the box: `box = grid[top : top + 3, left : left + 3]`. "
        "`digit in box` works on arrays.",
        "Return `[d for d in range(1, 10) if d not in grid[row] and d not in grid[:, column] "
        "and d not in box]`.",
    ),
    goals=(3,),
)

images_needed = Task(
    name="10.images_needed",
    kind="change",
    title="A narrower interval",
    question=(
        "The interval on your card comes from 10,000 test images. How many would it take to make "
        "it a quarter as wide, if the network stayed as good as it is? Change `n` and look (97.5% "
        "stands in for your accuracy); then "
        "give your answer, to within one in twenty."
    ),
    starter="""\
n = 10_000  # change this
print(cards.Measured("tried", round(0.975 * n), n).words)
images_needed = ...  # your answer, a whole number
tasks.images_needed.check(images_needed)""",
    judge=Number(
        expected=lambda: 160_000,
        tolerance=8_000,
        mistakes=lambda: {
            40_000: "Four times as many images make it half as wide: the width goes with the root.",
            20_000: "Twice as many make it only a little narrower.",
            2_500: "Fewer images make it wider.",
            640_000: "That makes it an eighth as wide.",
        },
        because="The width goes with the root of the number: sixteen times for a quarter.",
    ),
    hints=(
        "Write down both ends for n = 10,000 and for n = 40,000. By how much did it shrink?",
        "The standard error of notebook 4 has n under a square root.",
        "For half the width take 4 * 10,000 images. For a quarter, halve it once more.",
    ),
    goals=(5,),
)

read_sum = Task(
    name="10.read_sum",
    kind="challenge",
    title="Mend the plus",
    question=(
        "Read as many of the sums that were kept apart as you can, from their marks. To find out "
        "what to mend, look at the marks in `first_rows` as long as you like; `first_texts` says "
        "what they are. Whoever looks at those kept apart gets a number that flatters. The goal is "
        "four in five, and the score keeps your best."
    ),
    starter="""\
def read_sum(marks):
    \"\"\"Return a sum such as "27+58", from its marks from left to right.\"\"\"
    ...  # your code; a mark has .digit, .is_digit, .confidence, .not_a_digit and .box


tasks.read_sum.check(read_sum, kept_rows, kept_texts)""",
    judge=judge_sums,
    hints=(
        "Print `round(mark.not_a_digit, 2)` for all marks of some rows of `first_rows`. What sets "
        "apart a half of a plus from a digit?",
        "A digit has hardly any `not_a_digit`; a part of a plus has a little or much. So set a "
        "threshold far lower than a half, such as 0.05.",
        "Two parts side by side are one plus: write no second `+` directly after a `+`. And a sum "
        "begins and ends with a digit.",
        "For each place and mark: if `0 < place < len(marks) - 1` and `mark.not_a_digit > 0.05`, "
        'add "+" unless the text ends with "+" already; else add `str(mark.digit)`.',
    ),
    goals=(4,),
)
