"""A writer who is a program: each has habits, and keeps to them.

People differ from each other far more than one person's digits do: somebody's 4s are all open or
all closed, all lean to one side, and all shake alike. A `SimulatedHand` is such a person. Whatever
a skeleton asks chance for, a habit answers, the same each time but for a little looseness.

The network in the box was trained on the ways of `strokes.py`. Here are more (`hand_shapes.py`),
and wider ranges, as people have them:

| habit | here | in what the network was trained on |
|---|---|---|
| ways of writing a digit | 26, three in four of them new | 10, each with variants |
| slant | -35 to 35 degrees, standard deviation 19 | -10 to 16 degrees |
| width | 0.5 to 1.5 of the usual | 0.67 to 1.22 |
| middle of the digit | 30% higher or lower | in the middle |
| pen, of a digit's height | 0.025 (a sharp pencil) to 0.19 (a felt pen) | 0.034 to 0.18 |
| curves differ from the skeleton's, of the height | 0.04 to 0.095 | 0.025 |
| corners cut, of the height | 0 to 0.09 | none |
| strokes miss each other, of the height | 0 to 0.05 | a roof, a bowl |
| hooks at beginning and end, of the height | 0 to 0.35 | none |
| shaking, of the height | 0 to 0.008, of one in five to 0.022 (a child) | a drift |
| looseness, of each habit's range | 0.08 to 0.35 | no habits |

A person has to be able to read all of it. So a hand whose 1 has an upstroke crosses its 7, as the
people do who write such a 1, and of shaking, slant and a thick pen, no hand has the worst of each.

Hands 1000 to 1009 are for choosing, hands 0 to 19 for judging; nothing is chosen by the latter.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from hand_shapes import WAYS
from pens import draw_stroke
from strokes import KNOTS, Generator, Strokes, bent

import digitrec
from digitrec.mnist import Digits

CHOOSING, JUDGING = range(1000, 1010), range(20)  # seeds
THICKEST = 0.19  # of a digit's height, of a pen
USUAL = 0.25  # share of the digits written in a way that the network in the box was trained on
INKED = 100  # pixels, height of a digit that is inked to be prepared
MARGIN = 30  # pixels around it
STEP = 0.02  # of a digit's height, from one point of a stroke to the next


@dataclass(frozen=True)
class SimulatedHand:
    """A writer's habits.

    Attributes:
        seed: what all habits are drawn from.
        ways: one per digit, which of `WAYS` it is written in.
        slant: in degrees, to the right.
        width: of the digits, 1 is usual.
        waist: where the middle of a digit comes to lie, 1 is in the middle, more is lower.
        haste: how far corners are cut, in heights of a digit.
        distortion: how far curves differ from the skeleton's, in heights; the same each time.
        apart: how far later strokes miss where they should meet the first one, in heights.
        entry, exit: length of a hook before the first stroke, after the last, in heights.
        pen: width of the strokes in mm.
        pressure: share by which it grows and shrinks along a stroke.
        shaking: how far a stroke shakes, in heights of a digit.
        looseness: how far digits stray from each habit, of its range.
        height: of a digit in mm.
    """

    seed: int
    ways: tuple[int, ...]
    slant: float
    width: float
    waist: float
    haste: float
    distortion: float
    apart: float
    entry: float
    exit: float
    pen: float
    pressure: float
    shaking: float
    looseness: float
    height: float


@dataclass(frozen=True, eq=False)
class Habit:
    """What stands in for a generator when one hand writes: its habit, and a little looseness.

    Attributes:
        fixed: gives the same numbers each time.
        now: gives others each time.
        looseness: how far from the habit, of its range.
    """

    fixed: Generator
    now: Generator
    looseness: float

    def uniform(self, low: float, high: float) -> float:
        """Return a number of the range, near the habit's."""
        habit = self.fixed.uniform(low, high)
        return float(
            np.clip(habit + self.looseness * (high - low) * self.now.normal() / 2, low, high)
        )

    def normal(self, mean: float, deviation: float, shape: tuple[int, ...]) -> np.ndarray:
        """Return numbers near the habit's."""
        return self.fixed.normal(mean, deviation, shape) + self.now.normal(
            0, self.looseness * deviation, shape
        )

    def random(self) -> float:
        """Return the habit's number, 0-1: whoever crosses a 7 crosses each."""
        return self.fixed.random()

    def choice(self, *args: object, **options: object) -> object:
        """Return the habit's choice."""
        return self.fixed.choice(*args, **options)


def draw_hand(seed: int) -> SimulatedHand:
    """Return a writer.

    Args:
        seed: the source of all habits; `CHOOSING` to choose by, `JUDGING` to judge by.
    """
    g = np.random.default_rng([seed, 0])
    ways = [0 if g.random() < USUAL else int(g.integers(1, len(each))) for each in WAYS]
    if ways[1] == 1 or has_upstroke(seed):
        ways[7] = 1  # who writes such a 1 crosses the 7
    slant = float(np.clip(g.normal(4, 19), -35, 35))
    shaking = float(g.uniform(0.01, 0.022) if g.random() < 0.2 else g.uniform(0, 0.008))
    height = float(g.uniform(5.5, 9.5))
    thick = g.random()
    if thick < 0.2 and shaking < 0.01 and abs(slant) < 25:
        pen = g.uniform(1.0, 1.6)
    else:
        pen = g.uniform(0.25, 0.45) if thick > 0.7 else g.uniform(0.4, 0.75)
    width = float(np.exp(g.uniform(np.log(0.5), np.log(1.5))))
    thickest = THICKEST * min(1.0, width / 0.85)  # or it would fill narrow digits
    return SimulatedHand(
        seed,
        tuple(ways),
        slant,
        width,
        waist=float(np.exp(g.uniform(-0.35, 0.35))),
        haste=float(g.uniform(0, 0.09)),
        distortion=float(g.uniform(0.04, 0.095)),
        apart=float(g.uniform(0, 0.05)),
        entry=float(g.uniform(0, 0.35) if g.random() < 0.4 else 0),
        exit=float(g.uniform(0, 0.35) if g.random() < 0.4 else 0),
        pen=float(np.clip(pen, 0.025 * height, thickest * height)),
        pressure=float(g.uniform(0.08, 0.35)),
        shaking=shaking,
        looseness=float(g.uniform(0.08, 0.35)),
        height=height,
    )


def has_upstroke(seed: int) -> bool:
    """Return whether a hand's usual 1 has an upstroke of a good part of its height."""
    habit = Habit(np.random.default_rng([seed, 1, 1]), np.random.default_rng(0), 0.0)
    points = np.concatenate(WAYS[1][0](habit))
    return bool(points[:, 0].min() < 0.45)


def write(hand: SimulatedHand, digit: int, generator: Generator) -> Strokes:
    """Write one digit.

    Args:
        hand: who writes.
        digit: 0-9.
        generator: the source of what differs from one digit to the next.

    Returns:
        Arrays (n, 2), points (x, y); y goes from 0 above to 1 below, x as far as it needs.
    """
    fixed = np.random.default_rng([hand.seed, 1, digit])
    habit = Habit(fixed, generator, hand.looseness)
    skeleton = WAYS[digit][hand.ways[digit]](habit)
    bend = hand.distortion * habit.normal(0, 1, (2, KNOTS, KNOTS))
    loose = hand.looseness * generator.normal(size=3)
    slant, width = np.tan(np.radians(hand.slant + 12 * loose[0])), hand.width * np.exp(loose[1] / 2)
    written = []
    for number, stroke in enumerate(skeleton):
        moved = rounded(finely(bent(stroke, bend)), hand.haste)
        if number:
            moved = moved + np.clip(habit.normal(0, 1, (2,)), -1.5, 1.5) * hand.apart
        else:
            moved = hooked(moved, hand.entry * habit.uniform(0, 1), habit.uniform(-40, 40))
        if number == len(skeleton) - 1:
            end = hand.exit * habit.uniform(0, 1), habit.uniform(-60, 60)
            moved = hooked(moved[::-1], *end)[::-1]
        x, y = shaken(moved, hand.shaking, generator).T
        y = np.sign(y) * np.abs(y) ** hand.waist
        x, y = (x - 0.5) * width + slant * (1 - y), y - 0.5
        written.append(np.column_stack([x - loose[2] / 4 * y, y + loose[2] / 4 * x]))
    points = np.concatenate(written)
    low, high = points.min(axis=0), points.max(axis=0)
    return [(stroke - low) / (high[1] - low[1]) for stroke in written]


def finely(stroke: np.ndarray) -> np.ndarray:
    """Return a stroke with points at every `STEP` of a digit's height."""
    along = np.append(0, np.cumsum(np.linalg.norm(np.diff(stroke, axis=0), axis=1)))
    at = np.linspace(0, along[-1], max(3, round(along[-1] / STEP)))
    return np.column_stack([np.interp(at, along, axis) for axis in stroke.T])


def rounded(stroke: np.ndarray, haste: float) -> np.ndarray:
    """Return a stroke as a hasty hand cuts its corners; its ends stay where they are."""
    deviation = haste / STEP
    reach = min(int(3 * deviation), len(stroke) - 1)
    if reach < 1:
        return stroke
    before, after = stroke[reach:0:-1], stroke[-2 : -2 - reach : -1]
    ends = np.concatenate([2 * stroke[:1] - before, stroke, 2 * stroke[-1:] - after])
    kernel = cv2.getGaussianKernel(2 * reach + 1, deviation)[:, 0]
    return np.column_stack([np.convolve(axis, kernel, "valid") for axis in ends.T])


def hooked(stroke: np.ndarray, length: float, angle: float) -> np.ndarray:
    """Return a stroke with a hook before its beginning, in heights, turned by some degrees."""
    way = stroke[0] - stroke[min(4, len(stroke) - 1)]
    turn = np.radians(angle)
    turned = way @ [[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]
    hook = stroke[0] + np.linspace(length, 0, 8)[:, None] * turned / np.linalg.norm(way)
    return np.concatenate([hook[:-1], stroke])


def shaken(stroke: np.ndarray, shaking: float, generator: Generator) -> np.ndarray:
    """Return a stroke, its points `STEP` apart, that shakes at every tenth of a height or so."""
    each = 5
    knots = generator.normal(0, shaking, (len(stroke) // each + 2, 2))
    at = np.arange(len(stroke)) / each
    return stroke + np.column_stack([np.interp(at, np.arange(len(knots)), k) for k in knots.T])


def ink(
    hand: SimulatedHand, written: Strokes, generator: Generator, height: float = INKED
) -> np.ndarray:
    """Draw a written digit with the hand's pen.

    Args:
        hand: whose pen it is.
        written: from `write`.
        generator: the source of the pressure's chance.
        height: of the digit in pixels.

    Returns:
        Array (h, w), uint8, 0 is paper, with a margin of a fifth of the height around the digit.
    """
    width = hand.pen / hand.height * height
    margin = round(MARGIN / INKED * height)
    points = np.concatenate(written)
    wide, high = np.ceil(points.max(axis=0) * height).astype(int) + 2 * margin
    field = np.zeros((high, wide), np.uint8)
    for stroke in written:
        draw_stroke(generator, field, stroke * height + margin, width, hand.pressure, 0.0)
    return field


def prepared_digits(hand: SimulatedHand, each: int, generator: Generator) -> Digits:
    """Return digits that a hand wrote, as a network sees them.

    Args:
        hand: who writes.
        each: how many of each digit.
        generator: the source of what differs from one digit to the next.

    Returns:
        Digits 0 to 9, `each` times, n = 10 x each.
    """
    labels = np.tile(np.arange(10, dtype=np.uint8), each)
    images = []
    for digit in labels.tolist():
        drawing = ink(hand, write(hand, digit, generator), generator)
        images.append(digitrec.prepare_digit(255 - drawing).image)
    return Digits(np.stack(images), labels)
