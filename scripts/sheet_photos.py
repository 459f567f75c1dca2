"""A camera for sheets: photos of paper that is tilted, turned, bent, badly lit and badly focused.

The paper is a surface in space, bent in one direction without being stretched, so its shading and
the places of its boxes follow from one description. Light, tables and what a sensor does are those
of the pages made by a program (`synthetic_paper.py`, `synthetic_camera.py`).
"""

from dataclasses import dataclass, fields

import cv2
import numpy as np
import synthetic_camera
from sheet_filling import Filled, margins
from synthetic_knobs import Knobs, number
from synthetic_paper import desk, light, shading

from digitrec.sheets.layout import HEIGHT, PAPERS, WIDTH, box_corners

Generator = np.random.Generator
WILD = 0.2  # chance that a knob leaves its mild values
BENDS = ("flat", "arch", "corner")
TABLES = ("desk", "wood")
SIZES = 0.3, 0.25, 0.2, 0.15, 0.1  # how often a photo has 2, 3, 5, 8 or 12 megapixels
QUIET = 5.0  # mm of white around the sheet that is always in the photo
COARSE = 8  # pixels between the places that are computed, of a smooth map
SMOOTH = 0.4  # of a table's pattern, as a class room has it
LENS = 0.8  # focal length of a phone, in longer sides of its picture
SHARED = {each.name for each in fields(Knobs)}


@dataclass(frozen=True)
class SheetKnobs:
    """How a photo of a sheet is taken. Numbers say what is best, what usual, and what worst.

    Attributes:
        tilt: of the camera, in degrees; 0 is straight from above.
        tilt_way: to which side, in degrees.
        turn: of the sheet in the picture, in degrees.
        bend: how far the paper rises, in mm.
        bend_kind: one of `BENDS`: all of it in an arch, or one corner.
        bend_way: direction in which it is bent, in degrees.
        fill: share of the picture's width or height that the sheet takes.
        print_scale: of the sheet on its paper; printers that fit a page to theirs shrink it.
        brightness: of white paper.
        fall_off: share of the light lost from one side to the other.
        vignette: share of the light lost in the corners.
        shadow: share of the light lost in the shadow of a hand or a phone.
        shadow_edge: softness of its edge, a share of the picture's longer side.
        cast: strength of the light's colour, warm or cold.
        texture: roughness of the paper.
        creases: depth of the shading of folds.
        defocus: standard deviation of the blur, in mm of the paper.
        motion: length of the blur of a shaken hand, in mm of the paper.
        noise: standard deviation of the sensor's noise, in grey levels.
        quality: of the JPEG.
        megapixels: of the photo.
        surroundings: what the sheet lies on, one of `TABLES`.
    """

    tilt: float = number(0, 8, 25)
    tilt_way: float = 0.0
    turn: float = 0.0
    bend: float = number(0, 2, 8)
    bend_kind: str = "flat"
    bend_way: float = 0.0
    fill: float = number(0.95, 0.88, 0.7)
    print_scale: float = number(1, 1, 0.93)
    brightness: float = number(0.95, 0.85, 0.45)
    fall_off: float = number(0, 0.12, 0.45)
    vignette: float = number(0, 0.12, 0.5)
    shadow: float = number(0, 0, 0.5)
    shadow_edge: float = number(0.1, 0.03, 0.004)
    cast: float = number(0, 0.1, 0.3)
    texture: float = number(0, 0.006, 0.02)
    creases: float = number(0, 0, 0.12)
    defocus: float = number(0.03, 0.1, 0.3)
    motion: float = number(0, 0, 0.8)
    noise: float = number(0, 2.5, 10)
    quality: float = number(95, 85, 60)
    megapixels: float = number(12, 6, 2)
    surroundings: str = "desk"


def draw_knobs(generator: Generator, **given: object) -> SheetKnobs:
    """Turn the knobs at random: most stay between best and usual, a few go as far as they can.

    Args:
        generator: the source of all chance.
        given: knobs that are set, by name.
    """
    drawn = {}
    for one in fields(SheetKnobs):
        if "range" in one.metadata:
            best, usual, worst = one.metadata["range"]
            start, end = (usual, worst) if generator.random() < WILD else (best, usual)
            drawn[one.name] = float(generator.uniform(*sorted((start, end))))
    drawn |= {name: float(generator.uniform(0, 360)) for name in ("tilt_way", "bend_way", "turn")}
    if generator.random() < 0.7:  # most people hold it along the picture's sides, more or less
        drawn["turn"] = float(90 * generator.choice(4, p=[0.7, 0.1, 0.1, 0.1])) + float(
            generator.normal(0, 4)
        )
    drawn["bend_kind"] = str(generator.choice(BENDS, p=[0.4, 0.4, 0.2]))
    drawn["megapixels"] = float(generator.choice([2, 3, 5, 8, 12], p=SIZES))
    drawn["surroundings"] = str(generator.choice(TABLES, p=[0.6, 0.4]))
    return SheetKnobs(**(drawn | given))


@dataclass(frozen=True, eq=False)
class Bent:
    """Paper that is bent in one direction: a curve in space, the same along the other direction.

    Attributes:
        way: array (2, 2): rows are the direction in which it is bent, and the other.
        along: array (n,): places along the paper in mm from its middle, in rising order.
        over: array (n,): above which places of the table they are.
        height: array (n,): how high above it.
        slope: array (n,): the paper's angle there, in radians.
    """

    way: np.ndarray
    along: np.ndarray
    over: np.ndarray
    height: np.ndarray
    slope: np.ndarray


def bent_paper(paper: str, knobs: SheetKnobs) -> Bent:
    """Return how a paper lies: its slope grows evenly, over all of it or towards a corner only."""
    angle = np.radians(knobs.bend_way)
    way = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    half = np.abs(way[0]) @ np.array(PAPERS[paper]) / 2  # its reach in that direction
    along = np.linspace(-half, half, 2001)
    curved = np.zeros_like(along)
    if knobs.bend_kind == "arch":
        # an arc whose middle is `bend` above its ends: bend = half * tan(steepest / 2), about
        curved = -2 * np.arctan(knobs.bend / half) * along / half
    elif knobs.bend_kind == "corner":
        free = 0.55 * half  # the part that rises: bend = free * steepest / 2, about
        curved = 2 * knobs.bend / free * np.maximum(0, along - (half - free)) / free
    step = along[1] - along[0]
    over, height = (np.cumsum(f(curved)) * step for f in (np.cos, np.sin))
    over -= np.interp(0, along, over)
    return Bent(way, along, over, height - height.min(), curved)


def in_space(bent: Bent, places: np.ndarray) -> np.ndarray:
    """Return where places of the paper, (n, 2), in mm from its middle, are in space, (n, 3)."""
    along, other = (places @ bent.way.T).T
    over, height = (np.interp(along, bent.along, each) for each in (bent.over, bent.height))
    return np.column_stack([np.column_stack([over, other]) @ bent.way, height])


@dataclass(frozen=True, eq=False)
class Camera:
    """Where a camera is and how it sees.

    Attributes:
        turned: array (3, 3): from space to what lies right of the camera, below, and in front.
        away: distance from the middle of the paper, in mm.
        lens: focal length in pixels.
        size: width and height of the picture in pixels.
    """

    turned: np.ndarray
    away: float
    lens: float
    size: tuple[int, int]

    def seen(self, space: np.ndarray) -> np.ndarray:
        """Return where points in space, (n, 3), are in the picture, (n, 2)."""
        right, below, front = (space @ self.turned.T + [0, 0, self.away]).T
        middle = (np.array(self.size) - 1) / 2
        return middle + self.lens * np.column_stack([right, below]) / front[:, np.newaxis]


def camera(paper: str, bent: Bent, knobs: SheetKnobs) -> Camera:
    """Return a camera that sees the whole sheet, as large as the knob `fill` says."""
    short = np.sqrt(knobs.megapixels * 1e6 * 3 / 4)
    size = round(short), round(short * 4 / 3)
    if abs(np.sin(np.radians(knobs.turn))) > np.sqrt(0.5):  # people turn the phone as well
        size = size[::-1]
    (c, s), (ct, st), (cw, sw) = (
        (np.cos(angle), np.sin(angle))
        for angle in np.radians([knobs.turn, knobs.tilt, knobs.tilt_way])
    )
    aside = np.array([[cw, sw, 0], [-sw, cw, 0], [0, 0, 1]])
    # heights grow towards the camera, and "in front" away from it
    tilted = aside.T @ np.array([[1, 0, 0], [0, ct, -st], [0, st, ct]]) @ aside
    turned = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]]) @ tilted @ np.diag([1, 1, -1])
    half = np.array([WIDTH, HEIGHT]) / 2 * knobs.print_scale + QUIET
    outline = in_space(bent, np.array([[x, y] for x in (-1, 0, 1) for y in (-1, 0, 1)]) * half)
    near, far = 150.0, 5_000.0
    for _ in range(40):
        found = Camera(turned, (near + far) / 2, LENS * max(size), size)
        share = np.abs(found.seen(outline) * 2 / (np.array(size) - 1) - 1).max()
        near, far = (found.away, far) if share > knobs.fill else (near, found.away)
    return found


def paper_places(camera: Camera, bent: Bent) -> tuple[np.ndarray, np.ndarray]:
    """Return what each pixel sees of the paper.

    Args:
        camera: where it is.
        bent: how the paper lies.

    Returns:
        Places in mm from the paper's middle, (h, w, 2), and the paper's slope there in radians,
        (h, w), float32.
    """
    wide, high = camera.size
    # in the middle of squares of pixels, one more on each side, as `resize` takes them
    columns, rows = (np.arange(-1, -(-side // COARSE) + 1) for side in (wide, high))
    x, y = np.meshgrid(*((each + 0.5) * COARSE - 0.5 for each in (columns, rows)))
    x, y = x - (wide - 1) / 2, y - (high - 1) / 2
    rays = np.dstack([x, y, np.full_like(x, camera.lens)]) @ camera.turned
    eye = -camera.away * camera.turned[2]
    height = np.zeros_like(x)
    for _ in range(8):  # where the ray meets the table, then where it meets that height, ...
        reach = (height - eye[2]) / rays[..., 2]
        table = eye[:2] + rays[..., :2] * reach[..., np.newaxis]
        over, other = np.moveaxis(table @ bent.way.T, -1, 0)
        height = np.interp(over, bent.over, bent.height)
    along = np.interp(over, bent.over, bent.along)
    along += np.minimum(0, over - bent.over[0]) + np.maximum(0, over - bent.over[-1])
    places = np.dstack([along, other]) @ bent.way
    slope = np.interp(over, bent.over, bent.slope)
    both = np.dstack([places, slope]).astype(np.float32)
    fine = cv2.resize(both, None, fx=COARSE, fy=COARSE, interpolation=cv2.INTER_LINEAR)
    fine = fine[COARSE : COARSE + high, COARSE : COARSE + wide]
    return fine[..., :2], fine[..., 2]


def printed(filled: Filled, places: np.ndarray, per_mm: float, knobs: SheetKnobs) -> np.ndarray:
    """Return what is printed and written on the paper, for each pixel, (h, w, 3), float32."""
    page, half = filled.page, np.array(PAPERS[filled.paper]) / 2
    if filled.scale[0] > 1.2 * per_mm:  # or fine lines would flicker
        page = cv2.GaussianBlur(page, (0, 0), 0.4 * filled.scale[0] / per_mm)
    x, y = (
        places[..., i] * np.float32(filled.scale[i] / knobs.print_scale)
        + np.float32(half[i] * filled.scale[i] - 0.5)
        for i in (0, 1)
    )
    white = (255,) * 3
    return cv2.remap(page, x, y, cv2.INTER_LINEAR, borderValue=white) * np.float32(1 / 255)


def lamp_light(generator: Generator, slope: np.ndarray, knobs: SheetKnobs) -> np.ndarray:
    """Return how bright a lamp somewhere makes paper of some slope; flat paper is 1, (h, w).

    Source: J. H. Lambert, "Photometria", 1760: as the cosine of the angle to the light.
    """
    way, over = generator.uniform(0, 2 * np.pi), generator.uniform(0.6, 1.3)  # radians
    lean = np.float32(np.cos(way - np.radians(knobs.bend_way)) / np.tan(over))
    return np.maximum(0.2, np.cos(slope) - lean * np.sin(slope))


def photograph(
    filled: Filled, knobs: SheetKnobs, generator: Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Take a photo of a sheet.

    Args:
        filled: the sheet; about 300 dots per inch are enough for 12 megapixels, 200 for 5.
        knobs: how the photo is taken.
        generator: the source of all other chance.

    Returns:
        The photo, (h, w, 3), uint8, RGB, and the corners of each box in its pixels, (boxes, 4, 2),
        clockwise from the upper left one of the sheet, whole numbers in the middle of a pixel.
    """
    bent = bent_paper(filled.paper, knobs)
    seen_by = camera(filled.paper, bent, knobs)
    places, slope = paper_places(seen_by, bent)
    shared = {name: getattr(knobs, name) for name in SHARED & set(vars(knobs))}
    mild = Knobs(**(shared | {"device": "photo"}))
    per_mm = seen_by.lens / seen_by.away  # pixels
    scene = printed(filled, places, per_mm, knobs)
    shade = shading(generator, slope.shape, mild) * lamp_light(generator, slope, knobs)
    scene *= shade[..., np.newaxis]
    half = np.array(PAPERS[filled.paper], np.float32) / 2
    inside = np.minimum(half[0] - abs(places[..., 0]), half[1] - abs(places[..., 1])) * per_mm
    table = desk(generator, slope.shape, mild)
    table = table.mean(axis=(0, 1)) * (1 - SMOOTH) + SMOOTH * table
    table *= (1 - 0.5 * np.exp(np.minimum(0, inside) / (4 * per_mm)))[..., np.newaxis]  # shadow
    scene -= table
    scene *= np.clip(inside + 0.5, 0, 1)[..., np.newaxis]
    scene += table
    scene *= light(generator, slope.shape, mild)
    scene *= knobs.brightness
    photo = synthetic_camera.photograph(generator, scene, seen_by.size, per_mm, mild)
    corners = np.concatenate([box_corners(each) for each in range(filled.code.boxes)])
    middle = corners + margins(filled.paper) - np.array(PAPERS[filled.paper]) / 2
    return photo, seen_by.seen(in_space(bent, middle * knobs.print_scale)).reshape(-1, 4, 2)
