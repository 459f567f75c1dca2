"""Paper, light, pens and lines: a digit of MNIST's test set has to be read under all of them."""

import io

import cv2
import numpy as np
import pytest
from PIL import Image

import digitrec
from digitrec.reading.ink import separate_ink
from digitrec.reading.light import contrast_with_paper
from digitrec.reading.rules import without_rules

HEIGHT, WIDTH = 420, 560
ROWS, COLUMNS = np.indices((HEIGHT, WIDTH)) / np.array([HEIGHT, WIDTH]).reshape(2, 1, 1)


def sheet(image, size=220, left=200, top=110):
    """The share of ink, (420, 560), of a MNIST image enlarged and laid on a sheet."""
    large = cv2.resize(image, (size, size), interpolation=cv2.INTER_CUBIC).astype(float)
    stroke = cv2.GaussianBlur(np.clip((large - 100) / 60, 0, 1), None, 1)
    ink = np.zeros((HEIGHT, WIDTH))
    ink[top : top + size, left : left + size] = stroke
    return ink


def plain(ink):
    return 220 - 150 * ink


def vignette(ink):
    return plain(ink) * (1 - 1.3 * ((COLUMNS - 0.5) ** 2 + (ROWS - 0.5) ** 2))


def falling_light(ink):
    return plain(ink) * (1 - 0.6 * COLUMNS)


def hard_shadow(ink):
    return plain(ink) * np.where(COLUMNS + 0.4 * ROWS > 0.75, 0.6, 1)


def table(ink):
    return np.where(COLUMNS < 0.12, 70, plain(ink))


def chalk(ink):
    return 45 + 150 * ink


def pencil(ink):
    return 175 - 28 * ink


def ruled(ink):
    paper = np.full_like(ink, 225)
    paper[20::36] = paper[21::36] = 170
    return np.minimum(paper, plain(ink))


def squared(ink):
    paper = np.full_like(ink, 225)
    paper[10::42] = paper[11::42] = 175
    paper[:, 15::42] = paper[:, 16::42] = 175
    return np.minimum(paper, plain(ink))


def red_on_green(ink):
    share = ink[:, :, np.newaxis]
    return share * np.array([205, 60, 50]) + (1 - share) * np.array([70, 135, 80])


def yellow_paper(ink):
    share = ink[:, :, np.newaxis]
    return share * np.array([30, 40, 140]) + (1 - share) * np.array([240, 220, 110])


def dust(ink):
    paper = plain(ink)
    generator = np.random.default_rng(1)
    for row, column in generator.integers(5, 400, (50, 2)):
        paper[row : row + 3, column : column + 3] = 60
    return paper


SHEETS = (
    plain, vignette, falling_light, hard_shadow, table, chalk, pencil, ruled, squared,
    red_on_green, yellow_paper, dust,
)  # fmt: skip


def photo(paper, noise=2.0, seed=0):
    grain = np.random.default_rng(seed).normal(0, noise, paper.shape)
    return np.clip(paper + grain, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("look", SHEETS, ids=lambda look: look.__name__)
def test_the_digit_stays_the_same_on_every_sheet(look, mnist, boxed_model):
    digits = mnist.test[:30]
    readings = [
        digitrec.read_digit(photo(look(sheet(image)), seed=i), boxed_model)
        for i, image in enumerate(digits.images)
    ]
    assert np.mean([reading.digit for reading in readings] == digits.labels) >= 0.96
    assert np.mean([reading.is_digit for reading in readings]) >= 0.9


def test_one_in_eight_directions_is_read(mnist, boxed_model):
    ink = sheet(mnist.test.images[0])
    for orientation in range(1, 9):
        turned = Image.fromarray(photo(plain(ink)))
        undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # transpositions, as EXIF counts them
        if orientation > 1:
            turned = turned.transpose(Image.Transpose(undo[orientation]))
        exif = Image.Exif()
        exif[0x0112] = orientation
        buffer = io.BytesIO()
        turned.save(buffer, "JPEG", exif=exif)
        assert digitrec.read_digit(buffer.getvalue(), boxed_model).digit == 7, orientation


@pytest.mark.parametrize("ending", ["PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF"])
def test_every_format_gives_the_same_digit(ending, mnist, boxed_model):
    buffer = io.BytesIO()
    Image.fromarray(photo(vignette(sheet(mnist.test.images[2])))).save(buffer, ending)
    assert digitrec.read_digit(buffer.getvalue(), boxed_model).digit == 1


def test_ink_on_nothing_is_read_dark_or_light(mnist, boxed_model):
    share = np.rint(255 * sheet(mnist.test.images[0])).astype(np.uint8)
    black = np.dstack([np.zeros((*share.shape, 3), np.uint8), share])
    assert digitrec.read_digit(black, boxed_model).digit == 7


@pytest.mark.parametrize("side", [8, 12, 16])
def test_the_smallest_pictures_are_read(side, mnist, boxed_model):
    digits = mnist.test[:60]
    small = [cv2.resize(255 - im[3:25, 3:25], (side, side), interpolation=cv2.INTER_AREA)
             for im in digits.images]  # fmt: skip
    guesses = [digitrec.read_digit(picture, boxed_model).digit for picture in small]
    assert np.mean(guesses == digits.labels) >= (0.6 if side == 8 else 0.9)


def test_a_line_of_one_pixel_is_a_one(boxed_model):
    canvas = np.zeros((28, 28), np.uint8)
    canvas[6:22, 13] = 255
    assert digitrec.read_digit(canvas, boxed_model).digit == 1
    assert digitrec.read_digit(255 - canvas, boxed_model).digit == 1


def test_a_fifty_megapixel_photo_is_read(mnist, boxed_model):
    large = cv2.resize(photo(vignette(sheet(mnist.test.images[0]))), (8160, 6120))
    content = cv2.imencode(".jpg", large)[1].tobytes()
    assert digitrec.load_picture(content).shape[1] <= 2048
    assert digitrec.read_digit(content, boxed_model).digit == 7


def test_contrast_is_what_the_light_was_divided_from(mnist):
    ink = sheet(mnist.test.images[0])
    for look in (plain, vignette, falling_light):
        paper = look(np.zeros_like(ink))
        contrast = contrast_with_paper(photo(look(ink), noise=0))
        assert np.abs(contrast[ink == 0]).max() < 12  # nothing is left of the light
        difference = (paper - look(ink))[ink > 0.9]
        assert np.abs(contrast[ink > 0.9] - difference).mean() < 8


def test_ink_is_dark_on_light_and_light_on_dark_alike(mnist):
    ink = sheet(mnist.test.images[0])
    dark, far = separate_ink(contrast_with_paper(photo(plain(ink), noise=0)))
    light, far_too = separate_ink(contrast_with_paper(255 - photo(plain(ink), noise=0)))
    assert np.array_equal(dark, light)
    assert far == far_too == pytest.approx(150, abs=2)


def test_rules_go_and_the_stroke_stays():
    ink = np.zeros((300, 400), np.uint8)
    ink[50::60] = ink[51::60] = 110
    stroke = np.zeros_like(ink)
    cv2.line(stroke, (120, 40), (260, 270), 255, 12)
    clean = without_rules(np.maximum(ink, stroke))
    beside = cv2.dilate(stroke, np.ones((15, 15), np.uint8))  # corners at a crossing may be rounded
    assert clean[beside == 0].max() == 0
    assert (clean[stroke == 255] == 255).all()


def test_a_horizontal_stroke_is_no_rule():
    ink = np.zeros((300, 400), np.uint8)
    cv2.line(ink, (100, 60), (300, 60), 255, 4)
    assert np.array_equal(without_rules(ink), ink)
