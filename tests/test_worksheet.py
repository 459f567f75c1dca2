"""The worksheet can be printed, and its key is right."""

import math
import re
import sys
from collections import Counter

import keras
import numpy as np
import pytest
from conftest import ROOT
from matplotlib.textpath import TextPath
from printed import printed
from scipy.special import softmax
from sklearn.metrics import accuracy_score, confusion_matrix, precision_score, recall_score

import digitrec
from digitrec.baselines import nearest_images
from digitrec.storage import DENSE_MODEL

sys.path.append(str(ROOT / "scripts"))
import make_worksheet

SHEET, KEY = (ROOT / "docs" / name for name in ("worksheet.pdf", "worksheet_key.pdf"))
A4 = (210, 297)


@pytest.fixture(scope="module")
def asked():
    return make_worksheet.predictions()


def said(path):
    """All words but the numbers in the cells to shade, and the foot of the page: the smallest."""
    words = (words for page in printed(path) for words in page.words)
    return [words[3].strip() for words in words if words[2] > 7.5]


def only_in_the_key():
    return list((Counter(said(KEY)) - Counter(said(SHEET))).elements())


def test_what_is_stored_is_what_the_script_writes_today(tmp_path):
    for path, stored in zip(make_worksheet.write_worksheet(tmp_path), (SHEET, KEY), strict=True):
        assert path.read_bytes() == stored.read_bytes(), stored.name


@pytest.mark.parametrize("path", [SHEET, KEY], ids=["sheet", "key"])
def test_two_a4_pages_with_nothing_outside_of_what_printers_reach(path):
    pages = printed(path)
    assert len(pages) == 2
    for page in pages:
        assert page.size == pytest.approx(A4, abs=0.1)
        for x, y, size, words in page.words:
            width = TextPath((0, 0), words.replace("\0", "fi"), size=size).get_extents().width
            assert x > 8
            assert x + width * 25.4 / 72 < 200, words
            assert 8 < y < 290
        ink = np.argwhere(page.image(50).min(axis=2) < 250) / 50 * 25.4
        assert ink.min() > 8
        assert (ink.max(axis=0) < (290, 200)).all()


def test_no_answer_is_on_the_worksheet():
    """What is printed for pupils is the same page without the blue words and the shades."""
    names = ("Reading digits, on paper", "Pen name")
    assert not Counter(said(SHEET)) - Counter(said(KEY)) - Counter(names)
    parts = [int(make_worksheet.PEN[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    colour = " ".join(rf"{str(part)[:8]}\d*" for part in parts)
    for path, there in ((SHEET, False), (KEY, True)):
        content = b"\n".join(page.content for page in printed(path)).decode("latin-1")
        assert bool(re.search(colour, content)) == there


def test_the_digit_is_readable_and_its_counts_are_right(boxed_model):
    image = make_worksheet.most_ordinary(make_worksheet.DIGIT)
    answer = digitrec.predict(boxed_model, image[np.newaxis]).argmax()
    assert answer == make_worksheet.DIGIT
    levels = [[0 if v == 0 else 1 + (int(v) - 1) // 64 for v in row] for row in image]
    np.testing.assert_array_equal(make_worksheet.shades(image) > 0, np.array(levels) > 0)
    assert np.abs(make_worksheet.shades(image) - levels).max() <= 1
    ink = sum(value > 0 for row in levels for value in row)
    key = only_in_the_key()
    assert {str(ink), "784", str(make_worksheet.DIGIT)} <= set(key)
    assert f"{100 * (784 - ink) / 784:.0f}" in key
    full = [sum(value > 0 for value in row) for row in levels]
    most = ", ".join(str(row) for row, count in enumerate(full) if count == max(full))
    assert most in key
    printed_numbers = [w for w in printed(SHEET)[0].words if w[2] == 7 and w[3] in "1234"]
    assert len(printed_numbers) == ink


def test_the_neurons_are_what_keras_computes():
    key = only_in_the_key()
    silent = []
    for inputs, weights, bias in make_worksheet.NEURONS:
        layer = keras.layers.Dense(1)
        layer.build((None, len(inputs)))
        layer.set_weights([np.reshape(weights, (-1, 1)), np.array([bias])])
        total = float(layer(np.array([inputs], np.float32))[0, 0])
        assert f"{total:g}" in key
        assert f"{max(total, 0):g}" in key
        silent.append(total <= 0)
        *products, summed, out = make_worksheet.neuron(inputs, weights, bias)
        assert products == [one * other for one, other in zip(inputs, weights, strict=True)]
        assert (summed, out) == (pytest.approx(total), pytest.approx(max(total, 0)))
    assert silent == [True, False]  # so "which is silent" has one answer, the first
    assert "rst" in key  # "fi" is one letter in print
    layer = keras.Sequential([keras.Input((3,)), keras.layers.Dense(5)])
    assert str(layer.count_params()) in key


def test_softmax_and_loss_are_those_of_scipy_and_keras():
    key = only_in_the_key()
    shares = softmax(make_worksheet.SCORES)
    for share in shares:
        assert f"{100 * share:.1f}" in key
    for place in (0, -1):
        truth = np.array([np.arange(len(shares))[place]])
        loss = keras.losses.sparse_categorical_crossentropy(truth, shares[np.newaxis])
        assert f"{float(loss[0]):.2f}" in key
    assert "no" in key
    on_paper = " ".join(said(SHEET))
    for score in make_worksheet.SCORES:
        assert f"= {math.exp(score):.2f}" in on_paper


def test_the_matrix_and_what_is_read_from_it_are_those_of_scikit_learn():
    true, answered = make_worksheet.TRUE, make_worksheet.ANSWERED
    matrix = confusion_matrix(true, answered, labels=make_worksheet.DIGITS)
    np.testing.assert_array_equal(make_worksheet.confusions(true, answered), matrix)
    key = only_in_the_key()
    assert not Counter(map(str, matrix.ravel())) - Counter(key)
    assert f"{100 * accuracy_score(true, answered):.0f}" in key
    pairs = [re.fullmatch(r"(\d) of (\d)", words) for words in key]
    recall, precision = (int(found[1]) / int(found[2]) for found in pairs if found)
    options = {"labels": [9], "average": None}
    assert recall == pytest.approx(recall_score(true, answered, **options)[0])
    assert precision == pytest.approx(precision_score(true, answered, **options)[0])
    assert recall != precision  # else nobody sees which is which
    errors = Counter(pair for pair in zip(true, answered, strict=True) if pair[0] != pair[1])
    (first, most), (_, second) = errors.most_common(2)
    assert most > second
    assert f"{first[0]} for {first[1]}" in key


def test_each_prediction_has_one_choice_that_is_clearly_nearest(asked):
    for each in asked:
        distances = sorted(abs(choice - each.measured) / max(choice, 1) for choice in each.choices)
        assert distances[0] < 0.2
        assert distances[1] > 2 * distances[0]
        assert each.choices[each.right] == min(
            each.choices, key=lambda choice: abs(choice - each.measured)
        )
    crosses = [words for words in only_in_the_key() if words == "X"]
    assert len(crosses) == len(asked) == 5


def test_predictions_are_what_the_networks_do(asked, mnist):
    """Asked in another way: each image by itself, with Keras, moved by OpenCV."""
    import cv2

    validation = mnist.validation
    dense = digitrec.load_model(DENSE_MODEL)

    def right(images):
        answers = dense.predict(np.array(images), batch_size=500, verbose=0).argmax(axis=1)
        return 100 * (answers == validation.labels).mean()

    move = np.float32([[1, 0, 3], [0, 1, 0]])
    moved = [cv2.warpAffine(image, move, (28, 28)) for image in validation.images]
    assert asked[2].measured == pytest.approx(right(moved), abs=0.1)
    assert f"reads {right(validation.images):.0f} of 100" in asked[2].question[0]
    assert asked[3].measured == pytest.approx(right(255 - validation.images), abs=0.1)
    some = validation[:300]
    nearest = nearest_images(some.images, mnist.train.images)
    share = 100 * (mnist.train.labels[nearest] == some.labels).mean()
    assert asked[1].measured == pytest.approx(share, abs=3)
    assert asked[4].measured == digitrec.build_cnn().count_params()
