"""Augmentation: settled by its generator, within its bounds, and still the same digit."""

import numpy as np
import pytest
import scipy.ndimage

from digitrec import Augmentation, augment
from digitrec.augmentation import sample_positions

NONE = Augmentation(rotation=0, scale=0, shear=0, shift=0, elastic=0, thickness=0)


def test_without_any_change_the_images_stay(mnist):
    images = mnist.train.images[:50]
    assert np.array_equal(augment(images, np.random.default_rng(1), NONE), images)


def test_the_generator_settles_everything(mnist):
    images = mnist.train.images[:50]
    first = augment(images, np.random.default_rng(1))
    assert np.array_equal(augment(images, np.random.default_rng(1)), first)
    assert not np.array_equal(augment(images, np.random.default_rng(2)), first)
    assert first.dtype == np.uint8
    assert first.shape == images.shape


@pytest.mark.parametrize(
    ("change", "degrees", "factor"),
    [({"rotation": 12}, 12, 1), ({"scale": 0.12}, 0, np.exp(0.12))],
)
def test_rotation_and_scale_stay_within_their_bounds(change, degrees, factor):
    augmentation = Augmentation(**{**vars(NONE), **change})
    columns, rows = sample_positions(2000, np.random.default_rng(0), augmentation)
    across = np.stack([columns[:, 0, -1] - columns[:, 0, 0], rows[:, 0, -1] - rows[:, 0, 0]])
    angles = np.degrees(np.arctan2(across[1], across[0]))
    lengths = np.hypot(*across) / 27
    assert np.abs(angles).max() <= degrees + 1e-3
    assert min(angles.max(), -angles.min()) >= 0.95 * degrees - 1e-3  # either way
    assert lengths.max() <= factor + 1e-3
    assert lengths.min() >= 1 / factor - 1e-3


def matrices(change, count=1000):
    """The matrix that turns, stretches and slants each image, found by least squares."""
    augmentation = Augmentation(**{**vars(NONE), **change})
    positions = np.array(sample_positions(count, np.random.default_rng(0), augmentation))
    grid = np.stack([*np.meshgrid(np.arange(28), np.arange(28)), np.ones((28, 28))]).reshape(3, -1)
    found = np.linalg.lstsq(grid.T, positions.reshape(2 * count, -1).T, rcond=None)[0]
    return found[:2].T.reshape(2, count, 2).transpose(1, 0, 2)


def test_width_and_height_are_scaled_each_on_its_own():
    found = matrices({"scale": 0.12})
    assert np.abs(found[:, [0, 1], [1, 0]]).max() < 1e-4  # nothing is turned or slanted
    width, height = np.log(found[:, [0, 1], [0, 1]]).T
    for side in (width, height):
        assert 0.115 < np.abs(side).max() < 0.1201
    assert abs(np.corrcoef(width, height)[0, 1]) < 0.1


def test_shear_slides_rows_sideways_and_nothing_else():
    found = matrices({"shear": 0.2})
    slant = found[:, 0, 1]
    assert 0.19 < slant.max() <= 0.2001
    assert -0.2001 <= slant.min() < -0.19
    expected = np.zeros_like(found) + np.eye(2)
    expected[:, 0, 1] = slant
    assert np.allclose(found, expected, atol=1e-4)


def test_elastic_displacement_is_as_large_as_it_says_and_smooth():
    augmentation = Augmentation(**{**vars(NONE), "elastic": 0.6})
    positions = np.array(sample_positions(1000, np.random.default_rng(0), augmentation))
    moved = positions - np.stack(np.meshgrid(np.arange(28), np.arange(28)))[:, np.newaxis]
    # at a knot of the grid the displacement is drawn; beside it, it is between two
    assert 0.4 < moved.std() < 0.6
    steps = np.diff(moved, axis=2).std(), np.diff(moved, axis=3).std()
    assert max(steps) < 0.2
    images_differ = np.corrcoef(moved[0, :, 3, 3], moved[0, :, 24, 24])[0, 1]
    assert abs(images_differ) < 0.1


def test_shift_moves_the_centre_of_mass(mnist):
    augmentation = Augmentation(**{**vars(NONE), "shift": 2})
    images = np.repeat(mnist.train.images[:1], 300, axis=0)
    moved = augment(images, np.random.default_rng(0), augmentation)
    start = np.array(scipy.ndimage.center_of_mass(images[0]))
    ways = np.array([scipy.ndimage.center_of_mass(image) for image in moved]) - start
    assert np.abs(ways).max() <= 2.05
    assert ways.max(axis=0).min() >= 1.8  # down and to the right,
    assert ways.min(axis=0).max() <= -1.8  # up and to the left


def test_thickness_changes_the_amount_of_ink_both_ways(mnist):
    augmentation = Augmentation(**{**vars(NONE), "thickness": 0.6})
    images = np.repeat(mnist.train.images[:1], 200, axis=0)
    ink = augment(images, np.random.default_rng(0), augmentation).sum(axis=(1, 2), dtype=float)
    assert ink.min() < 0.85 * images[0].sum() < 1.15 * images[0].sum() < ink.max()


def test_augmented_digits_are_still_read(mnist, boxed_model):
    digits = mnist.validation[:500]
    changed = augment(digits.images, np.random.default_rng(0))
    guesses = boxed_model.predict(changed, verbose=0).argmax(axis=1)
    assert (guesses == digits.labels).mean() > 0.8


@pytest.mark.parametrize(
    ("name", "value"),
    [("thickness", 1.1), ("noise", 2), ("rotation", -1), ("shift", float("nan")), ("scale", "a")],
)
def test_what_no_image_can_bear_is_refused(name, value):
    with pytest.raises(ValueError, match=f"{name} is {value!r}, expected a number from 0 to"):
        Augmentation(**{name: value})
