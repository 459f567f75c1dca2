"""Corruptions: settled by their generator, harder by severity, and what their names say."""

import numpy as np
import pytest
import scipy.ndimage

from digitrec import CORRUPTIONS, augment, corrupt

every_corruption = pytest.mark.parametrize("name", CORRUPTIONS)


@pytest.fixture(scope="module")
def images(mnist):
    return mnist.validation.images[:60]


def corrupted(images, name, severity, seed=1):
    return corrupt(images, name, severity, np.random.default_rng(seed))


def distance(one, other):
    return np.abs(one.astype(float) - other).mean()


def test_the_eight_of_the_lesson():
    kinds = "noise, blur, shift, rotation, stroke width, contrast, occlusion, lines"
    assert list(CORRUPTIONS) == kinds.split(", ")


@every_corruption
def test_severity_0_changes_nothing_and_is_a_copy(name, images):
    same = corrupted(images, name, 0)
    assert np.array_equal(same, images)
    assert not np.shares_memory(same, images)


@every_corruption
def test_form_stays_and_the_input_is_left_alone(name, images):
    before = images.copy()
    changed = corrupted(images, name, 3)
    assert changed.dtype == np.uint8
    assert changed.shape == images.shape
    assert np.array_equal(images, before)
    assert corrupted(images[:0], name, 0).shape == (0, 28, 28)


@every_corruption
def test_the_generator_settles_everything(name, images):
    first = corrupted(images, name, 3)
    assert np.array_equal(corrupted(images, name, 3), first)
    is_without_chance = name in ("blur", "stroke width", "contrast")
    assert np.array_equal(corrupted(images, name, 3, seed=2), first) == is_without_chance


@every_corruption
def test_each_severity_goes_further_from_the_clean_image(name, images):
    distances = [distance(corrupted(images, name, severity), images) for severity in range(6)]
    assert np.diff(distances).min() > 0.5
    assert distances[5] > 2 * distances[1]


def test_noise_has_the_deviation_it_claims():
    grey = np.full((40, 28, 28), 128, np.uint8)
    for severity in (1, 2):  # further up, much of it ends at 0 and 255
        assert corrupted(grey, "noise", severity).std() == pytest.approx(20 * severity, rel=0.03)


@pytest.mark.parametrize("severity", range(1, 6))
def test_blur_is_scipys_gaussian(severity, images):
    sigma = (0, severity / 2, severity / 2)
    expected = scipy.ndimage.gaussian_filter(images.astype(float), sigma, mode="constant")
    assert np.abs(corrupted(images, "blur", severity) - expected).max() <= 3


@pytest.mark.parametrize("severity", range(1, 6))
def test_shift_is_scipys_in_one_of_four_ways_and_all_four_occur(severity, images):
    ways = ((severity, 0), (-severity, 0), (0, severity), (0, -severity))
    seen = set()
    for image, moved in zip(images, corrupted(images, "shift", severity), strict=True):
        candidates = [scipy.ndimage.shift(image, way, order=0) for way in ways]
        matches = [way for way, one in zip(ways, candidates, strict=True) if (one == moved).all()]
        assert len(matches) == 1
        seen.update(matches)
    assert seen == set(ways)


@pytest.mark.parametrize("severity", range(1, 6))
def test_rotation_is_scipys_either_way(severity, images):
    turned = corrupted(images, "rotation", severity)
    ways = np.array(
        [
            [
                distance(
                    scipy.ndimage.rotate(image, angle, reshape=False, order=1, prefilter=False), one
                )
                for angle in (-10 * severity, 10 * severity)
            ]
            for image, one in zip(images, turned, strict=True)
        ]
    )
    assert ways.min(axis=1).max() < 2
    assert set(ways.argmin(axis=1)) == {0, 1}


def test_strokes_grow_by_less_than_half_a_pixel_a_severity_all_round():
    bar = np.zeros((1, 28, 28), np.uint8)
    bar[:, 4:24, 12:16] = 255
    for severity in range(1, 6):
        ink = corrupted(bar, "stroke width", severity)[0, 14] / 255
        assert ink.sum() == pytest.approx(4 + 0.8 * severity, abs=0.3)


def test_contrast_takes_ink_away_in_proportion(images):
    faded = corrupted(images, "contrast", 5)
    assert np.abs(faded - 0.1 * images).max() <= 0.5


@pytest.mark.parametrize("severity", range(1, 6))
def test_occlusion_covers_one_square(severity):
    ink = np.full((200, 28, 28), 255, np.uint8)
    covered = corrupted(ink, "occlusion", severity) == 0
    assert (covered.sum(axis=(1, 2)) == (2 * severity + 1) ** 2).all()
    assert (covered.any(axis=1).sum(axis=1) == 2 * severity + 1).all()
    assert len(np.unique(covered, axis=0)) > 50


@pytest.mark.parametrize("severity", range(1, 6))
def test_lines_only_add_ink_one_line_a_severity(severity, images):
    lined = corrupted(images, "lines", severity)
    assert (lined >= images).all()
    blank = corrupted(np.zeros_like(images), "lines", severity)
    assert set(np.unique(blank)) == {0, 255}
    assert np.median((blank > 0).sum(axis=(1, 2))) == pytest.approx(28 * severity, rel=0.2)


def test_lines_run_from_side_to_side_and_from_top_to_bottom():
    blank = np.zeros((100, 28, 28), np.uint8)
    for severity, down, across in ((1, 1, 0), (2, 1, 1), (5, 3, 2)):
        inked = corrupted(blank, "lines", severity) > 0
        # a line runs through all rows, or through all columns
        assert inked[:, [0, -1]].any(axis=2).all(axis=1).mean() == 1
        assert (inked[:, :, [0, -1]].any(axis=1).all(axis=1).mean() == 1) == bool(across)
        ends = inked[:, 0].sum(axis=1), inked[:, :, 0].sum(axis=1)
        assert np.median(ends[0]) >= down - (down > 1)
        assert np.median(ends[1]) >= across - (across > 1)


@pytest.mark.parametrize(
    ("name", "severity", "message"),
    [
        ("rain", 1, "name is 'rain', expected one of noise, blur, shift"),
        ("noise", 6, "severity is 6, expected a whole number from 0 to 5"),
        ("noise", -1, "severity is -1"),
        ("noise", 1.5, r"severity is 1\.5"),
    ],
)
def test_unknown_corruptions_and_severities_are_errors(name, severity, message, images):
    with pytest.raises(ValueError, match=message):
        corrupted(images, name, severity)


def test_images_of_another_form_are_refused_and_none_are_left_alone():
    images = np.zeros((2, 28, 28), np.uint8)
    generator = np.random.default_rng(1)
    for change in (lambda i: corrupt(i, "blur", 3, generator), lambda i: augment(i, generator)):
        for wrong in (images / 255, images[0], images[:, :20]):
            with pytest.raises(ValueError, match=r"expected \(n, 28, 28\), uint8"):
                change(wrong)
        assert change(images[:0]).shape == (0, 28, 28)
