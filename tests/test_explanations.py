"""What explains an answer, against brute force, finite differences, scikit-learn and SciPy."""

import base64
import json

import numpy as np
import pytest
from conftest import always
from scipy.stats import spearmanr
from sklearn.decomposition import PCA

import digitrec
from digitrec import figures
from digitrec.inside import ascent, digit_map, gradients, occlusion, parts
from digitrec.networks import averaged_over_shifts, predict, refusing_scaled
from digitrec.quiet import keras
from digitrec.storage import DENSE_MODEL
from digitrec.widgets import DigitMapExplorer, OcclusionExplorer


@pytest.fixture(scope="module")
def dense():
    return digitrec.load_model(DENSE_MODEL)


@pytest.fixture(scope="module")
def networks(dense, boxed_model):
    keras.utils.set_random_seed(1)
    return {"dense": dense, "cnn": digitrec.build_cnn(4), "box": boxed_model}


@pytest.mark.parametrize(("size", "stride"), [(6, 2), (5, 3), (28, 1)])
def test_occlusion_is_what_brute_force_gives(dense, mnist, size, stride):
    image = mnist.validation.images[3]
    found = occlusion.occlusion(dense, image, size, stride)
    places = range(0, 29 - size, stride)
    expected = np.zeros((len(places), len(places), 10))
    for i, top in enumerate(places):
        for j, left in enumerate(places):
            rows, columns = np.ogrid[:28, :28]
            under = (rows >= top) & (rows < top + size) & (columns >= left)
            copy = np.where(under & (columns < left + size), 0, image).astype(np.uint8)
            expected[i, j] = dense(copy[None], training=False).numpy()[0]
            assert found.corner(i, j) == (top, left)
    np.testing.assert_allclose(found.covered, expected, atol=1e-5)
    whole = dense(image[None], training=False).numpy()[0]
    np.testing.assert_allclose(found.lost(4), whole[4] - expected[:, :, 4], atol=1e-5)


def test_the_image_stays_as_it_is_and_paper_changes_nothing(dense, mnist):
    image = mnist.validation.images[0].copy()
    occlusion.occlusion(dense, image)
    np.testing.assert_array_equal(image, mnist.validation.images[0])
    blank = occlusion.occlusion(dense, np.zeros((28, 28), np.uint8), stride=11)
    assert np.abs(blank.lost(1)).max() < 1e-6


@pytest.mark.parametrize(("size", "stride"), [(0, 1), (29, 1), (6, 0)])
def test_occlusion_says_what_it_expects(dense, size, stride):
    with pytest.raises(ValueError, match="expected 1 to 28 pixels"):
        occlusion.occlusion(dense, np.zeros((28, 28), np.uint8), size, stride)
    with pytest.raises(ValueError, match="expected \\(n, 28, 28\\)"):
        occlusion.occlusion(dense, np.zeros((28, 28)))


@pytest.mark.parametrize("name", ["dense", "cnn", "box"])
def test_parts_answer_as_the_whole_and_gradients_are_finite_differences(networks, mnist, name):
    """On digits in noise: on bare paper, equal values meet in pooling, which has a kink there."""
    model, sample = networks[name], mnist.validation[:4]
    rng = np.random.default_rng(0)
    images = sample.images // 2 + rng.integers(1, 100, (4, 28, 28), np.uint8)
    ask = parts.taken_apart(model).log_probabilities
    ink = images.astype(np.float32) / 255
    np.testing.assert_allclose(np.exp(ask(ink)), predict(model, images), atol=1e-4)

    slopes = gradients.gradients(model, images, sample.labels)
    for image, digit, slope in zip(ink, sample.labels, slopes, strict=True):
        direction = rng.standard_normal((28, 28)).astype(np.float32)
        direction += 2 * slope / np.abs(slope).max()  # or the change is mostly rounding
        step = 0.0002
        pair = np.exp(ask(np.stack([image + step * direction, image - step * direction])))
        odds = [np.log(p[digit]) - np.log(np.delete(p, digit).sum()) for p in pair]
        expected = (odds[0] - odds[1]) / (2 * step)
        assert np.sum(slope * direction) == pytest.approx(expected, rel=0.05)


def test_log_odds_go_on_where_probabilities_stop():
    scores = np.log(np.array([[0.99, 0.01], [1.0, 1e-30]], np.float32))
    odds = parts.log_odds(scores, np.array([0, 0])).numpy()
    np.testing.assert_allclose(odds, [np.log(99), 30 * np.log(10)], rtol=1e-4)


def test_a_network_with_another_scale_has_the_same_ink(mnist):
    """Behind Rescaling(1 / 127.5, -1) paper is -1; a step of ink is still a step of ink."""
    layers = [keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")]
    model = keras.Sequential(
        [keras.Input((28, 28), dtype="uint8"), keras.layers.Rescaling(1 / 127.5, -1), *layers]
    )
    refusing_scaled(model)
    image, kernel = mnist.validation.images[:1], layers[1].kernel.numpy()
    slope = gradients.gradients(model, image, [3])[0]
    others = np.delete(predict(model, image)[0], 3)
    by_hand = kernel[:, 3] - np.delete(kernel, 3, axis=1) @ (others / others.sum())
    np.testing.assert_allclose(slope.ravel(), 2 * by_hand, atol=1e-4)


def test_what_cannot_be_taken_apart_is_said_and_the_others_go_on(dense):
    image = keras.Input((28, 28), dtype="uint8")
    ink = keras.layers.Flatten()(keras.layers.Rescaling(1 / 255)(image))
    one, other = keras.layers.Dense(8)(ink), keras.layers.Dense(8)(ink)
    ends = keras.layers.Dense(10, activation="softmax")
    branched = keras.Model(image, ends(keras.layers.Add()([one, other])))
    flat = keras.layers.Flatten()(image)
    plain = keras.Model(image, keras.layers.Dense(10, activation="softmax")(flat))
    found, problems = parts.explainable({"a": branched, "b": dense, "c": plain})
    assert list(found) == ["b"]
    assert "do not follow each other" in problems[0]
    assert "expected a Rescaling" in problems[1]
    sigmoid = digitrec.build_mlp()
    sigmoid.layers[-1].activation = keras.activations.linear
    with pytest.raises(ValueError, match="no probabilities"):
        parts.taken_apart(sigmoid)


def test_rank_correlation_is_scipys():
    rng = np.random.default_rng(0)
    for levels in (3, 1_000_000):
        one, other = rng.integers(0, levels, (2, 28, 28))
        other = other + one // 2
        expected = spearmanr(one.ravel(), other.ravel()).statistic
        assert gradients.rank_correlation(one, other) == pytest.approx(expected)
    assert gradients.rank_correlation(np.zeros(5), np.arange(5)) == 0
    maps = rng.random((2, 28, 28))
    assert gradients.likeness(maps, -maps) == pytest.approx(-1)


def test_a_map_times_ink_looks_the_same_whatever_was_learned(dense, mnist):
    """The warning of the lesson: what is multiplied by the image shows the image."""
    sample = mnist.validation[:10]
    keras.utils.set_random_seed(1)
    untrained = digitrec.build_mlp()

    def alike(measure):
        maps = [measure(model, sample.images, sample.labels) for model in (dense, untrained)]
        return gradients.likeness(*maps)

    assert abs(alike(gradients.saliency)) < 0.2
    assert alike(gradients.gradient_times_ink) > 0.9


def test_principal_components_are_scikit_learns():
    values = np.random.default_rng(0).standard_normal((60, 7)) @ np.diag([5, 4, 3, 2, 1, 1, 1])
    found, oracle = digit_map.principal_components(values), PCA(2).fit(values)
    signs = np.sign(np.sum(found.directions * oracle.components_, axis=1))
    np.testing.assert_allclose(found.directions, signs[:, None] * oracle.components_, atol=1e-9)
    np.testing.assert_allclose(found.shares, oracle.explained_variance_ratio_)
    np.testing.assert_allclose(found.place(values), signs * oracle.transform(values), atol=1e-9)
    assert (found.directions[[0, 1], np.abs(found.directions).argmax(axis=1)] > 0).all()


def test_points_that_do_not_differ_have_no_directions():
    found = digit_map.principal_components(np.ones((5, 3)))
    assert not found.shares.any()
    assert not found.place(np.ones((2, 3))).any()
    thin = digit_map.principal_components(np.array([[1.0], [3.0]]))
    np.testing.assert_allclose(thin.shares, [1, 0])


def test_a_digit_lands_where_it_lies_on_the_map(dense, mnist):
    digits = mnist.validation[:200]
    drawn = digit_map.draw_map(dense, digits)
    hidden = keras.Model(dense.inputs, dense.layers[-2].output)([digits.images]).numpy()
    np.testing.assert_allclose(parts.last_values(dense, digits.images), hidden, atol=1e-4)
    expected = PCA(2).fit_transform(hidden)
    np.testing.assert_allclose(np.abs(drawn.points), np.abs(expected), atol=1e-3)
    np.testing.assert_allclose(drawn.place(digits.images[7]), drawn.points[7], atol=1e-4)
    assert drawn.nearest(drawn.points[7], 3)[0] == 7
    answers = predict(dense, digits.images).argmax(axis=1)
    assert set(drawn.mistakes) == set(np.flatnonzero(answers != digits.labels))


def test_a_network_that_says_the_same_to_all_has_a_map_and_no_gradient(mnist):
    """As after a training that went wrong: nothing stops, nothing warns."""
    model, sample = always(3, size=11, name="cnn"), mnist.validation[:12]
    drawn = digit_map.draw_map(model, sample)
    assert not drawn.components.shares.any()
    figures.plot_digit_map(drawn, "all in one place", sample.images[0])
    slopes = gradients.gradient_times_ink(model, sample.images, sample.labels)
    assert not slopes.any()
    grey = ascent.liked_images(model, np.arange(2), steps=3)
    np.testing.assert_allclose(grey, 127, atol=30)
    figures.show_gradient_maps(sample.images[0], {"|gradient|": {"a": slopes[0]}})


@pytest.mark.parametrize("smooth", [False, True])
def test_what_a_network_likes_convinces_it_and_looks_like_no_digit(dense, mnist, smooth):
    liked = ascent.liked_images(dense, np.arange(10), smooth=smooth)
    assert (liked.dtype, liked.shape) == (np.uint8, (10, 28, 28))
    sure = predict(dense, liked)[np.arange(10), np.arange(10)]
    assert sure.min() > 0.95
    again = ascent.liked_images(dense, np.arange(10), smooth=smooth)
    np.testing.assert_array_equal(liked, again)
    threes = mnist.validation.images[mnist.validation.labels == 3].astype(float)
    distances = np.linalg.norm(threes - liked[3], axis=(1, 2))
    assert distances.min() > np.median(np.linalg.norm(threes[1:] - threes[0], axis=(1, 2)))


def test_smooth_images_are_smoother_and_blur_keeps_the_ink():
    image = np.zeros((1, 28, 28), np.float32)
    image[0, 10, 10] = 64
    blurred = ascent.blurred(image)
    assert blurred.sum() == pytest.approx(64)
    np.testing.assert_allclose(blurred[0, 9:12, 9:12], np.outer([1, 6, 1], [1, 6, 1]))


def test_figures_say_what_they_show(dense, boxed_model, mnist):
    image = mnist.validation.images[0]
    found = {"dense": occlusion.occlusion(dense, image, stride=2)}
    titles = [ax.get_title() for ax in figures.show_occlusions(image, found).axes]
    assert "dense: reads" in titles[1]
    blank = np.zeros((28, 28), np.uint8)
    figures.show_occlusions(blank, {"dense": occlusion.occlusion(dense, blank, 28)})
    digits = mnist.validation[:300]
    drawn = digit_map.draw_map(dense, digits)
    ax = figures.plot_digit_map(drawn, "a title", image)
    words = [text.get_text() for text in ax.texts]
    assert words[-1] == "yours"
    assert len(words) == len(drawn.mistakes) + 1 == len(ax.patches)
    place = drawn.mistakes[0]
    assert words[0] == f"{digits.labels[place]} read as {drawn.answers[place]}"
    assert f"({drawn.components.shares[0]:.0%} of the variance)" in ax.get_xlabel()
    rows = figures.show_image_rows({"a": digits.images[:3], "b": digits.images[3:6]}, "012")
    assert [ax.get_title() for ax in rows.axes] == ["0", "1", "2", "", "", ""]
    assert [ax.get_ylabel() for ax in rows.axes[::3]] == ["a", "b"]


def content(box):
    return json.loads(box.children[-1].content)


def floats(text):
    return np.frombuffer(base64.b64decode(text), "<f4")


def test_the_square_explorer_answers_for_each_network_and_size(dense, boxed_model, mnist):
    image = mnist.validation.images[0]
    box = OcclusionExplorer(image, {"dense": dense, "box": boxed_model})
    choice, size, _ = box.children
    sent = content(box)
    expected = occlusion.occlusion(dense, image, 6, 2)
    np.testing.assert_allclose(floats(sent["covered"]), expected.covered.ravel(), atol=1e-6)
    np.testing.assert_allclose(floats(sent["whole"]), expected.whole, atol=1e-6)
    choice.set_state({"value": "box", "asked": 1})
    assert (content(box)["answers"], content(box)["name"]) == (11, "box")
    size.set_state({"value": 13.2, "asked": 1})
    assert content(box)["size"] == 14
    for value in (float("nan"), None, "x", 10**9, -1):
        try:
            size.set_state({"value": value, "asked": 2})
        except Exception:  # ipykernel writes it to its log
            continue
    assert 2 <= content(box)["size"] <= 14
    with pytest.raises(ValueError, match="there is no network"):
        OcclusionExplorer(image, {})


def test_the_map_explorer_has_each_digit_and_your_own_last(dense, mnist):
    digits, own = mnist.validation[:30], mnist.validation.images[40]
    drawn = digit_map.draw_map(dense, digits)
    sent = content(DigitMapExplorer(drawn, own))
    assert len(sent["points"]) == len(sent["answers"]) == 31
    assert sent["labels"] == digits.labels.tolist()
    np.testing.assert_allclose(sent["points"][-1], drawn.place(own), atol=1e-3)
    assert base64.b64decode(sent["images"])[-784:] == own.tobytes()
    assert len(content(DigitMapExplorer(drawn))["points"]) == 30
    with pytest.raises(ValueError, match="expected \\(n, 28, 28\\)"):
        DigitMapExplorer(drawn, own / 255)


def test_shifts_move_the_ink_as_the_network_in_the_box_does(mnist):
    """Away from the middle, where a shift to the wrong side would give other answers."""
    keras.utils.set_random_seed(3)
    model = averaged_over_shifts(digitrec.build_cnn(2))
    inner, shifts = parts.without_shifts(model)
    image = mnist.validation.images[:1]
    looks = []
    for down, right in shifts:
        copy = np.roll(np.pad(image, ((0, 0), (1, 1), (1, 1))), (down, right), axis=(1, 2))
        looks.append(predict(inner, copy[:, 1:-1, 1:-1]))
    again = np.exp(parts.taken_apart(model).log_probabilities(image.astype(np.float32) / 255))
    np.testing.assert_allclose(again, np.mean(looks, axis=0), atol=1e-5)


def test_digits_stand_upright_on_the_map_at_their_places(mnist):
    image = mnist.validation.images[0]
    sheet = figures.explanations.scattered(image[None], np.array([[100, 50]]))
    upright = sheet[::-1]  # drawn with row 0 below
    rows, columns = np.nonzero(upright)
    inked = np.nonzero(image)
    below = len(sheet) - 50 - 14  # the top row of an image whose middle is 50 above the ground
    np.testing.assert_array_equal(rows - below, inked[0])
    np.testing.assert_array_equal(columns - 100 + 14, inked[1])


def test_a_network_that_uses_a_layer_twice_is_not_explained():
    """Its layers fit together in another way than it uses them; only its answers tell."""
    image = keras.Input((28, 28), dtype="uint8")
    ink = keras.layers.Flatten()(keras.layers.Rescaling(1 / 255)(image))
    twice, ends = keras.layers.Dense(784), keras.layers.Dense(10, activation="softmax")
    with pytest.raises(ValueError, match="answer otherwise than the network"):
        parts.taken_apart(keras.Model(image, ends(twice(twice(ink)))))
