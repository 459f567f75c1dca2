"""Damage: what each kind does to a digit, how many images it meets, and which it leaves alone."""

import numpy as np
import pytest

from digitrec import Augmentation, augment
from digitrec.damage import DAMAGES, damage

STILL = {"rotation": 0, "scale": 0, "shear": 0, "shift": 0, "elastic": 0, "thickness": 0}


@pytest.fixture(scope="module")
def images(mnist):
    return mnist.train.images[:400]


def damaged(images, name, seed=1):
    return DAMAGES[name](images.copy(), np.random.default_rng(seed))


@pytest.mark.parametrize("name", DAMAGES)
def test_the_form_stays_and_the_generator_settles_everything(name, images):
    before = images.copy()
    changed = damage(images, np.random.default_rng(1), {name: 1})
    assert np.array_equal(images, before)
    assert (changed.dtype, changed.shape) == (images.dtype, images.shape)
    assert np.array_equal(damage(images, np.random.default_rng(1), {name: 1}), changed)
    assert not np.array_equal(damage(images, np.random.default_rng(2), {name: 1}), changed)
    assert (changed != images).any(axis=(1, 2)).mean() > 0.8


@pytest.mark.parametrize("name", DAMAGES)
def test_the_share_that_is_asked_for_is_met(name, images):
    for share in (0.2, 0.7):
        changed = damage(images, np.random.default_rng(3), {name: share})
        met = (changed != images).any(axis=(1, 2)).mean()
        assert share - 0.15 < met < share + 0.08  # some paper is white, some lines hit nothing
    assert np.array_equal(damage(images, np.random.default_rng(3), {}), images)


def test_augmentation_hands_its_shares_on(images):
    for name in DAMAGES:
        augmentation = Augmentation(**STILL, **{name: 1.0})
        changed = augment(images, np.random.default_rng(1), augmentation)
        assert (changed != images).any(axis=(1, 2)).mean() > 0.8, name


def test_a_cut_takes_one_or_two_pixels_off_one_of_four_sides():
    ink = np.zeros((400, 28, 28), np.uint8)
    ink[:, 4:24, 6:20] = 200
    cut = damaged(ink, "cut")
    sides = []
    for image in cut:
        rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
        taken = rows[0] - 4, 23 - rows[-1], columns[0] - 6, 19 - columns[-1]
        assert sorted(taken)[:3] == [0, 0, 0]
        assert max(taken) in (1, 2)
        sides.append((int(np.argmax(taken)), max(taken)))
    assert len(set(sides)) == 8


def test_faint_ink_is_paler_and_still_there(images):
    faint = damaged(images, "faint").astype(float)
    assert (faint <= images).all()
    share = faint.sum(axis=(1, 2)) / images.sum(axis=(1, 2), dtype=float)
    assert 0.08 < share.min() < 0.25
    assert 0.7 < share.max() <= 1


def test_two_levels_are_ink_and_paper_where_they_were(images):
    binary = damaged(images, "binary")
    assert set(np.unique(binary)) == {0, 255}
    assert (binary[images == 0] == 0).mean() > 0.98
    assert (binary[images > 250] == 255).mean() > 0.75  # a local level hollows strokes out


def test_noise_spreads_as_far_as_it_says():
    grey = np.full((400, 28, 28), 128, np.uint8)
    spread = damaged(grey, "noise").astype(float).std(axis=(1, 2))
    assert spread.min() < 25
    assert spread.max() > 85
    assert 128 - 6 < damaged(grey, "noise").mean() < 128 + 6


def test_grey_paper_lies_behind_the_digit_and_never_hides_it(images):
    grey = damaged(images, "background").astype(int)
    assert (grey >= images.astype(int) - 1).all()
    paper = grey[:, :2].mean(axis=(1, 2))
    assert paper.min() < 5
    assert 100 < paper.max() <= 0.86 * 255


def test_soft_images_have_weaker_edges_and_as_much_ink(images):
    soft = damaged(images, "soft").astype(float)
    edges = np.abs(np.diff(soft, axis=2)).sum(axis=(1, 2))
    before = np.abs(np.diff(images.astype(float), axis=2)).sum(axis=(1, 2))
    assert np.median(edges / before) < 0.9
    assert np.median(soft.sum(axis=(1, 2)) / images.sum(axis=(1, 2))) == pytest.approx(1, abs=0.05)
