"""What can differ between two pages made by a program: light, paper, surroundings, pen, camera.

Each knob has a range and a mild value. `draw_knobs` turns them at random: most stay mild, a few go
wherever their range allows, as few photos have every fault at once.
"""

from dataclasses import dataclass, field, fields

import numpy as np

WILD = 0.15  # chance that a knob leaves its mild values
RULES = ("none", "ruled", "squared", "form")
SURROUNDINGS = ("none", "desk", "wood", "edge", "strip", "thumb", "things")
PENS = ("ballpoint", "pencil", "marker", "coloured", "chalk", "whiteboard", "inverted")
DEVICES = ("photo", "scan", "screen", "binary")
KINDS = {  # how often each kind is drawn
    "rules": (0.66, 0.12, 0.16, 0.06),
    "surroundings": (0.58, 0.1, 0.06, 0.1, 0.06, 0.05, 0.05),
    "pen": (0.38, 0.16, 0.18, 0.1, 0.06, 0.07, 0.05),
    "device": (0.72, 0.12, 0.09, 0.07),
}


def number(none: float, mild: float, worst: float):
    """Return the field of a knob that goes from no fault at all over a mild one to the worst."""
    return field(default=mild, metadata={"range": (none, mild, worst)})


def kind(names: tuple[str, ...]):
    """Return the field of a knob that is one of several names, the first of them mild."""
    return field(default=names[0], metadata={"names": names})


@dataclass(frozen=True)
class Knobs:
    """How a page looks. Shares are of 1; what is measured in digits is in heights of a digit.

    Attributes:
        brightness: of white paper in the picture.
        fall_off: share of the light lost from one side to the other.
        vignette: share of the light lost in the corners.
        shadow: share of the light lost in the shadow of a hand or a head.
        shadow_edge: softness of its edge, a share of the picture's longer side.
        flash: how much brighter the spot of a flash or a window is.
        cast: strength of the light's colour.
        colour: saturation of the paper.
        rules: lines printed on the paper, one of `RULES`.
        rule_strength: how dark they are, 1 is black.
        creases: depth of the folds' shading.
        show_through: how dark the back's writing shines through.
        texture: roughness of the paper, the standard deviation of its brightness.
        specks: number of dark specks.
        bend: how far the sheet bulges, a share of its height.
        surroundings: what is seen beside the paper, one of `SURROUNDINGS`.
        margin: share of the picture that the surroundings take on each side.
        pen: one of `PENS`; the ground is a board for chalk and whiteboard, dark for inverted.
        pen_width: of the strokes, in digits.
        strength: how much of the paper the ink covers.
        skips: share of the strokes where the pen leaves no ink.
        perspective: how much shorter the far side of the sheet is.
        turn: of the sheet, in degrees.
        defocus: standard deviation of the blur, in digits.
        motion: length of the blur of a shaken hand, in digits.
        noise: standard deviation of the sensor's noise, in grey levels.
        quality: of the JPEG, 100 is the best.
        size: the picture's longer side in pixels.
        aspect: the picture's height over its width.
        rows, columns: numbers of rows and of digits in a row.
        gap: between digits, in digits; below 0 they touch.
        fill: share of the sheet's width or height that the writing takes.
        slope: by which the rows fall, in degrees.
        scattered: whether the digits lie anywhere, in no rows.
        jitter: how far digits stray from their place, in digits.
        size_spread: the largest digit's height over the smallest one's.
        frame_gap: between the digits and the sheet's border, in digits; below 0 they are cut.
        device: what took the picture, one of `DEVICES`; binary is black and white only.
    """

    brightness: float = number(0.95, 0.8, 0.3)
    fall_off: float = number(0, 0.1, 0.7)
    vignette: float = number(0, 0.1, 0.75)
    shadow: float = number(0, 0, 0.6)
    shadow_edge: float = number(0.1, 0.03, 0.002)
    flash: float = number(0, 0, 0.45)
    cast: float = number(0, 0.08, 0.4)
    colour: float = number(0, 0.04, 0.6)
    rules: str = kind(RULES)
    rule_strength: float = number(0.1, 0.3, 0.9)
    creases: float = number(0, 0, 0.25)
    show_through: float = number(0, 0, 0.12)
    texture: float = number(0, 0.01, 0.08)
    specks: float = number(0, 0, 60)
    bend: float = number(0, 0, 0.05)
    surroundings: str = kind(SURROUNDINGS)
    margin: float = number(0.03, 0.1, 0.3)
    pen: str = kind(PENS)
    pen_width: float = number(0.1, 0.07, 0.025)
    strength: float = number(1, 0.9, 0.2)
    skips: float = number(0, 0, 0.2)
    perspective: float = number(0, 0.03, 0.3)
    turn: float = number(0, 1, 12)
    defocus: float = number(0, 0.01, 0.06)
    motion: float = number(0, 0, 0.15)
    noise: float = number(0, 2, 20)
    quality: float = number(98, 88, 12)
    size: float = number(1200, 800, 100)
    aspect: float = number(1, 0.75, 0.2)
    rows: int = 2
    columns: int = 5
    gap: float = number(0.6, 0.35, -0.1)
    fill: float = number(0.95, 0.7, 0.3)
    slope: float = number(0, 1, 15)
    scattered: bool = False
    jitter: float = number(0, 0.05, 0.2)
    size_spread: float = number(1, 1.15, 5)
    frame_gap: float = number(0.6, 0.4, -0.06)
    device: str = kind(DEVICES)


# how often each number of rows, size in pixels, and height over width is drawn
ROWS = {1: 0.42, 2: 0.18, 3: 0.15, 4: 0.1, 5: 0.05, 7: 0.05, 10: 0.05}
SIZES = {150: 0.1, 320: 0.15, 480: 0.15, 640: 0.2, 800: 0.17, 1280: 0.14, 2048: 0.06, 4000: 0.03}
ASPECTS = {0.56: 0.2, 0.75: 0.35, 1.0: 0.1, 1.33: 0.25, 1.78: 0.1}
STRIPS = {0.2: 0.2, 0.35: 0.2, 0.56: 0.2, 0.75: 0.2, 1.0: 0.2}  # of one row, often cut close

# what a scanner, a drawing program and a threshold leave out
LIGHTLESS = {
    name: 0.0
    for name in ("fall_off", "vignette", "shadow", "flash", "cast", "colour", "creases", "bend")
} | {"perspective": 0.0, "motion": 0.0, "brightness": 1.0, "surroundings": "none"}
DRAWN = LIGHTLESS | {
    name: 0.0 for name in ("texture", "specks", "show_through", "skips", "defocus", "noise", "turn")
}


def draw_knobs(seed: int | list[int], **given: object) -> Knobs:
    """Turn the knobs at random.

    Args:
        seed: the source of all chance, one number or several.
        given: knobs that are set, by name.

    Returns:
        The knobs, those given as they were given.
    """
    generator = np.random.default_rng(seed)
    drawn = {}
    for one in fields(Knobs):
        if "range" in one.metadata:
            none, mild, worst = one.metadata["range"]
            start, end = (mild, worst) if generator.random() < WILD else (none, mild)
            drawn[one.name] = float(start + (end - start) * generator.random())
        elif "names" in one.metadata:
            names = one.metadata["names"]
            drawn[one.name] = str(generator.choice(names, p=KINDS[one.name]))
    drawn |= draw_layout(generator, drawn)
    drawn |= fit_pen(generator, given.get("pen", drawn["pen"]))
    device = given.get("device", drawn["device"])
    if device != "photo":
        drawn |= DRAWN if device == "screen" else LIGHTLESS
        if device == "screen":
            drawn["pen"] = str(generator.choice(["ballpoint", "marker", "coloured", "inverted"]))
        elif device == "binary":
            drawn |= {"strength": 1.0, "skips": 0.0, "pen": "ballpoint"}
        if drawn["pen"] in ("chalk", "whiteboard"):
            drawn["pen"] = "ballpoint"
    return Knobs(**(drawn | given))


def any_number(generator: np.random.Generator, shares: dict) -> float:
    """Return one of several numbers, each of which comes with how often it is drawn."""
    return list(shares)[generator.choice(len(shares), p=list(shares.values()))]


def draw_layout(generator: np.random.Generator, drawn: dict) -> dict:
    """Return the knobs of the layout and the picture's size, which have many usual values."""
    rows = any_number(generator, ROWS)
    columns = int(generator.integers(1 if rows > 1 else 2, 13))
    size = any_number(generator, SIZES)
    if rows <= 2 and columns <= 4 and generator.random() < 0.3:
        size = float(generator.uniform(50, 160))  # cut out of a larger picture
    shape = any_number(generator, STRIPS if rows == 1 else ASPECTS)
    return {
        "rows": rows,
        "columns": columns,
        "size": size * generator.uniform(0.75, 1.1),
        "aspect": shape * generator.uniform(0.93, 1.07),
        "turn": drawn["turn"] * generator.choice([-1, 1]),
        "slope": drawn["slope"] * generator.choice([-1, 1]),
        "scattered": bool(generator.random() < 0.08),
    }


def fit_pen(generator: np.random.Generator, pen: str) -> dict:
    """Return the knobs that go with a pen: how wide and strong it is, what it writes on."""
    low, high = {"marker": (0.09, 0.17), "chalk": (0.06, 0.13), "whiteboard": (0.05, 0.11)}.get(
        pen, (0.03, 0.1)
    )
    knobs = {"pen": pen, "pen_width": float(generator.uniform(low, high))}
    if pen == "pencil":
        knobs["strength"] = float(generator.uniform(0.25, 0.65))
    if pen in ("chalk", "inverted", "whiteboard"):
        knobs["strength"] = float(generator.uniform(0.5, 1))
    if pen in ("chalk", "whiteboard"):
        knobs |= {"rules": "none", "show_through": 0.0, "creases": 0.0, "bend": 0.0, "colour": 0.0}
    if pen == "inverted":
        knobs |= {"rules": "none", "show_through": 0.0}
    return knobs
