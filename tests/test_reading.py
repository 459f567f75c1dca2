"""Preparing and reading digits, checked against SciPy and against MNIST itself."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
import scipy.ndimage

import digitrec
from digitrec.networks import NOT_A_DIGIT
from digitrec.quiet import keras
from digitrec.reading import percent, with_readings
from digitrec.reading.preparation import centre, digit_box, fit


def predict(model, images):
    answers = model.predict(np.stack(images), batch_size=1000, verbose=0)
    return answers[:, :10].argmax(axis=1)


def test_a_prepared_mnist_image_is_itself(mnist):
    for image in mnist.test.images[:200]:
        prepared = digitrec.prepare_digit(255 - image).image.astype(int)
        shifts = [np.roll(prepared, (y, x), (0, 1)) for y in (-1, 0, 1) for x in (-1, 0, 1)]
        assert min(np.abs(shifted - image).mean() for shifted in shifts) < 2  # of 255


def test_mnist_saved_as_png_comes_back_as_the_same_class(mnist, boxed_model):
    images = mnist.test.images[:500]
    pngs = [cv2.imencode(".png", 255 - image)[1].tobytes() for image in images]
    readings = [digitrec.read_digit(png, boxed_model).digit for png in pngs]
    assert (np.array(readings) == predict(boxed_model, images)).mean() >= 0.99


@pytest.mark.parametrize("side", [28, 56, 280, 900])
def test_the_size_of_the_picture_does_not_matter(side, mnist, boxed_model):
    digits = mnist.test[:100]
    prepared = []
    for image in digits.images:
        enlarged = cv2.resize(255 - image, (side, side), interpolation=cv2.INTER_CUBIC)
        prepared.append(digitrec.prepare_digit(enlarged).image)
    assert (predict(boxed_model, prepared) == digits.labels).mean() >= 0.95


def test_place_and_polarity_do_not_matter(mnist, boxed_model):
    for image, label in zip(mnist.test.images[:40], mnist.test.labels[:40], strict=True):
        sheet = np.full((200, 300), 255, np.uint8)
        sheet[150:178, 20:48] = 255 - image
        dark_on_light = digitrec.prepare_digit(sheet)
        light_on_dark = digitrec.prepare_digit(255 - sheet)
        assert np.array_equal(dark_on_light.image, light_on_dark.image)
        plain = digitrec.read_digit(255 - image, boxed_model)
        assert digitrec.read_digit(sheet, boxed_model).digit == plain.digit, label


def test_centre_of_mass_is_scipys(mnist):
    for image in mnist.test.images[:100]:
        box = digit_box(image)
        left, top, width, height = box
        field = centre(fit(image[top : top + height, left : left + width]))
        row, column = scipy.ndimage.center_of_mass(field)
        assert abs(row - 14) <= 0.51
        assert abs(column - 14) <= 0.51


def test_the_box_is_where_numpy_finds_ink(mnist):
    ink = np.zeros((90, 120), np.uint8)
    ink[30:58, 60:88] = mnist.test.images[0]
    rows, columns = np.nonzero(ink > 64)
    left, top, width, height = digit_box(ink)
    assert (left, top) == (columns.min(), rows.min())
    assert (left + width - 1, top + height - 1) == (columns.max(), rows.max())


def test_dust_stays_outside_the_box(mnist):
    ink = np.zeros((280, 280), np.uint8)
    ink[60:200, 60:200] = cv2.resize(mnist.test.images[0], (140, 140))
    clean = digit_box(ink)
    ink[250:253, 10:13] = 255
    assert digit_box(ink) == clean


def test_the_longer_side_becomes_twenty_pixels():
    assert fit(np.full((100, 50), 255, np.uint8)).shape == (20, 10)
    assert fit(np.full((8, 40), 255, np.uint8)).shape == (4, 20)
    assert fit(np.full((300, 1), 255, np.uint8)).shape == (20, 1)


def test_steps_keep_the_whole_way():
    steps = digitrec.read_digit(digitrec.project_path("digits/digit15.png")).steps
    assert steps.picture.shape == (400, 500, 3)
    assert steps.grey.shape == steps.ink.shape == (400, 500)
    assert steps.image.shape == (28, 28)
    assert steps.image.dtype == np.uint8
    assert max(steps.fitted.shape) == 20
    left, top, width, height = steps.box
    assert steps.ink[top : top + height, left : left + width].max() == 255
    assert steps.ink[0].max() == 0


def test_a_reading_is_consistent(boxed_model):
    reading = digitrec.read_digit(digitrec.project_path("digits/digit1.png"), boxed_model)
    assert reading.digit == reading.probabilities.argmax() == 4
    assert reading.confidence == pytest.approx(reading.probabilities.max())
    no_digit = float(boxed_model(reading.steps.image[np.newaxis])[0, NOT_A_DIGIT])
    assert reading.probabilities.sum() + no_digit == pytest.approx(1, abs=1e-5)
    assert reading.is_digit
    assert reading.reason == ""
    assert reading.sentence == "The number is probably a 4"


def test_an_eight_is_an_eight(boxed_model):
    reading = digitrec.read_digit(digitrec.project_path("digits/digit16.png"), boxed_model)
    assert reading.sentence == "The number is probably an 8"


@pytest.mark.parametrize("shade", [0, 200, 255])
def test_blank_paper_is_no_digit(shade):
    reading = digitrec.read_digit(np.full((50, 50), shade, np.uint8))
    assert not reading.is_digit
    assert reading.reason == "no ink"
    assert reading.confidence == 0
    assert reading.steps.box is None
    assert reading.sentence == "This is probably not a digit (no ink)"


def test_the_boxed_network_reads_unless_you_hand_over_yours(home):
    picture = digitrec.project_path("digits/digit1.png")
    model = digitrec.build_mlp()
    silent = [np.zeros_like(weights) for weights in model.get_weights()[:-1]]
    model.set_weights([*silent, 20 * np.eye(10)[7]])  # says 7, whatever it sees
    digitrec.save_model(model, "models/handwritten_digits.keras")
    assert digitrec.read_digit(picture).digit == 4
    assert digitrec.read_digit(picture, digitrec.load_model()).digit == 7


def test_what_is_missing_to_one_is_the_probability_of_no_digit(boxed_model):
    reading = digitrec.read_digit(digitrec.project_path("digits/letter1.png"))
    assert reading.probabilities.shape == (10,)
    assert reading.probabilities.sum() + reading.not_a_digit == pytest.approx(1, abs=1e-5)
    assert reading.not_a_digit > 0.9
    assert reading.opinion == "not a digit, sure to more than 99%"
    assert digitrec.read_digit(reading.steps.picture, digitrec.build_mlp()).not_a_digit is None
    assert digitrec.read_digit(np.full((50, 50), 255, np.uint8)).not_a_digit is None


def test_a_second_opinion_is_what_reading_again_says(boxed_model):
    names = ("digit4.png", "letter1.png", "digit20.png")  # larger than MNIST's images
    pictures = [digitrec.load_picture(f"digits/{name}") for name in names]
    pictures.insert(1, np.full((50, 50), 255, np.uint8))  # no ink, nothing to ask
    own = digitrec.build_mlp()
    readings = [digitrec.read_digit(picture) for picture in pictures]
    again = digitrec.second_opinions(readings, own)
    assert again[1] is readings[1]
    for picture, reading, second in zip(pictures, readings, again, strict=True):
        expected = digitrec.read_digit(picture, own)
        assert second.steps is reading.steps
        assert (second.digit, second.reason) == (expected.digit, expected.reason)
        assert np.allclose(second.probabilities, expected.probabilities, atol=1e-6)
    assert digitrec.second_opinions(readings[1:2], own) == (readings[1],)


def test_other_readings_of_a_page_keep_its_rows(boxed_model):
    page = digitrec.read_page(digitrec.project_path("digits/page1.jpg"))
    numbers = range(len(page.readings))
    other = with_readings(page, [replace(page.readings[0], digit=n % 10) for n in numbers])
    assert other.text == "01234\n5678\n901234"
    assert with_readings(page, page.readings).rows == page.rows


def test_an_opinion_below_a_half_is_not_to_be_believed():
    reading = digitrec.read_digit(digitrec.project_path("digits/digit1.png"))
    unsure = replace(reading, digit=8, confidence=0.41, not_a_digit=None)
    assert unsure.opinion == "an 8, sure to 41%, too little to be believed"
    assert replace(unsure, not_a_digit=0.4).opinion == unsure.opinion
    assert replace(unsure, not_a_digit=0.42).opinion == "not a digit, sure to 42%"
    assert (unsure.answer, replace(unsure, is_digit=False).answer) == (8, None)


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (1, "more than 99%"),
        (0.9901, "more than 99%"),
        (0.99, "99%"),
        (0.5, "50%"),
        (0.01, "1%"),
        (0.0099, "less than 1%"),
        (0, "less than 1%"),
    ],
)
def test_no_probability_is_said_to_be_certain(share, words):
    assert percent(share) == words


def test_a_network_of_nan_reads_nothing():
    model = digitrec.build_mlp()
    model.set_weights([np.full_like(weights, np.nan) for weights in model.get_weights()])
    with pytest.raises(ValueError, match=r"answers NaN.*Train a new one"):
        digitrec.read_digit(digitrec.project_path("digits/digit1.png"), model)
    with pytest.raises(ValueError, match="answers NaN"):
        digitrec.read_page(digitrec.project_path("digits/strip1.jpg"), model)


def test_your_own_network_is_never_the_one_in_the_box(home):
    assert digitrec.load_own_model() is None
    digitrec.save_model(digitrec.build_mlp(), "models/handwritten_digits.keras")
    own = digitrec.load_own_model()
    assert digitrec.speaker(own) == "Your network (dense, notebook 3)"
    digitrec.save_model(digitrec.build_cnn(1), "models/strong.keras")
    strong = digitrec.load_own_model("models/strong.keras")
    assert digitrec.speaker(strong) == "Your network (convolutional, notebook 6)"
    with pytest.raises(FileNotFoundError, match="no trained network"):
        digitrec.load_own_model("models/none.keras")


def crossed(image):
    """A 28x28 image with a line from corner to corner, which preparing takes for ink."""
    return cv2.line(image.copy(), (0, 2), (27, 20), 255)


def test_a_picture_of_mnists_size_is_looked_at_as_it_is_too(mnist, boxed_model):
    images = [crossed(image) for image in mnist.validation.images[:100]]
    labels = mnist.validation.labels[:100]
    read = [digitrec.read_digit(255 - image, boxed_model).digit for image in images]
    as_they_are = digitrec.predict(boxed_model, np.stack(images))[:, :10].argmax(axis=1)
    prepared = np.stack([digitrec.prepare_digit(255 - image).image for image in images])
    after_preparing = digitrec.predict(boxed_model, prepared)[:, :10].argmax(axis=1)
    wrong = [(answers != labels).sum() for answers in (read, as_they_are, after_preparing)]
    assert wrong[0] <= wrong[1]
    assert wrong[0] < wrong[2]


def test_light_ink_of_mnists_size_is_the_same_digit(mnist, boxed_model):
    for image in map(crossed, mnist.validation.images[:20]):
        light = digitrec.read_digit(image, boxed_model)
        dark = digitrec.read_digit(255 - image, boxed_model)
        assert light.digit == dark.digit
        assert np.array_equal(light.steps.image, dark.steps.image)


def test_where_the_frame_is_half_dark_and_half_light_either_may_be_the_paper(mnist, boxed_model):
    images = 255 - mnist.validation.images[:100]
    images[:, :, :8] = 255 - images[:, :, :8]  # dark beside the digit, as a desk is
    labels = mnist.validation.labels[:100]
    read = [digitrec.read_digit(image, boxed_model).digit for image in images]
    assert (read == labels).mean() >= 0.9


def test_a_thin_pen_does_not_fade(mnist, boxed_model):
    sheet = np.full((1000, 1000), 255, np.uint8)
    cv2.polylines(sheet, [np.array([[300, 200], [700, 200], [450, 850]])], False, 0, 12)
    reading = digitrec.read_digit(sheet, boxed_model)
    assert reading.steps.image.max() == 255
    assert reading.digit == 7


def test_two_specks_are_no_crash(boxed_model):
    sheet = np.full((1000, 1000), 255, np.uint8)
    sheet[10, 10] = sheet[900, 900] = 0
    digitrec.read_digit(sheet, boxed_model)


def test_every_picture_in_digits_is_read_rightly_and_the_usual_way_does_not(boxed_model, mnist):
    keras.utils.set_random_seed(1)
    dense = digitrec.build_mlp()
    digitrec.train(dense, mnist)
    usual = []
    for name, digit in digitrec.load_labels("digits").items():
        path = digitrec.project_path(f"digits/{name}")
        reading = digitrec.read_digit(path, boxed_model)
        assert (name, reading.digit, reading.is_digit) == (name, digit, True)
        grey = 255 - digitrec.load_picture(path)[:, :, 1]
        usual.append(cv2.resize(grey, (28, 28), interpolation=cv2.INTER_AREA))
    right = predict(dense, usual) == list(digitrec.load_labels("digits").values())
    assert 0.2 < right.mean() < 0.8  # the story of notebook 5
