"""MNIST: complete, unchanged, and images that never lose their labels."""

import hashlib

import numpy as np
import pytest

import digitrec
from digitrec import mnist as module
from digitrec.mnist import Digits, read_archive


def test_the_parts_are_mnists_own_in_order(mnist):
    # SHA-256 of the values of the original files, without their headers, computed from the files
    images = np.concatenate([mnist.train.images, mnist.validation.images])
    labels = np.concatenate([mnist.train.labels, mnist.validation.labels])
    header = bytes.fromhex("00000803") + np.array([60000, 28, 28], ">u4").tobytes()
    assert (
        hashlib.sha256(header + images.tobytes()).hexdigest()
        == "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"
    )
    header = bytes.fromhex("00000801") + np.array([60000], ">u4").tobytes()
    assert (
        hashlib.sha256(header + labels.tobytes()).hexdigest()
        == "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"
    )
    header = bytes.fromhex("00000803") + np.array([10000, 28, 28], ">u4").tobytes()
    assert (
        hashlib.sha256(header + mnist.test.images.tobytes()).hexdigest()
        == "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"
    )
    header = bytes.fromhex("00000801") + np.array([10000], ">u4").tobytes()
    assert (
        hashlib.sha256(header + mnist.test.labels.tobytes()).hexdigest()
        == "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"
    )


def test_sizes_and_types(mnist):
    assert [len(part) for part in (mnist.train, mnist.validation, mnist.test)] == [
        55_000,
        5_000,
        10_000,
    ]
    for part in (mnist.train, mnist.validation, mnist.test):
        assert part.images.shape[1:] == (28, 28)
        assert part.images.dtype == part.labels.dtype == np.uint8


def test_source_keras_splits_the_same_way(mnist, monkeypatch):
    # Keras downloads the file, so its place is taken by the same arrays in Keras' own form
    from keras.datasets import mnist as keras_mnist

    train = (
        np.concatenate([mnist.train.images, mnist.validation.images]),
        np.concatenate([mnist.train.labels, mnist.validation.labels]),
    )
    test = (mnist.test.images, mnist.test.labels)
    monkeypatch.setattr(keras_mnist, "load_data", lambda: (train, test))
    other = digitrec.load_mnist(source="keras")
    assert np.array_equal(other.train.images, mnist.train.images)
    assert np.array_equal(other.validation.labels, mnist.validation.labels)
    assert np.array_equal(other.test.images, mnist.test.images)


def test_unknown_source():
    with pytest.raises(ValueError, match="source is 'internet', expected"):
        digitrec.load_mnist(source="internet")


def test_one_changed_byte_is_found(tmp_path):
    content = bytearray(module.ARCHIVE.read_bytes())
    content[5_000_000] ^= 1
    damaged = tmp_path / "mnist.npz"
    damaged.write_bytes(content)
    with pytest.raises(ValueError, match=r"mnist\.npz is damaged.*git checkout") as error:
        read_archive(damaged)
    assert str(damaged) in str(error.value)


def test_missing_file_says_how_to_restore_it(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"missing.*install digitrec again"):
        read_archive(tmp_path / "mnist.npz")


def test_indexing_keeps_images_and_labels_together(mnist):
    order = np.random.default_rng(0).permutation(1000)
    shuffled = mnist.train[:1000][order]
    for position in (0, 17, 999):
        assert np.array_equal(shuffled.images[position], mnist.train.images[order[position]])
        assert shuffled.labels[position] == mnist.train.labels[order[position]]
    fours = mnist.test[mnist.test.labels == 4]
    assert len(fours) == 982
    assert set(fours.labels) == {4}


def test_unequal_numbers_are_refused():
    with pytest.raises(ValueError, match="3 images came with labels of shape"):
        Digits(np.zeros((3, 28, 28), np.uint8), np.zeros(2, np.uint8))
    with pytest.raises(ValueError, match=r"labels of shape \(3, 1\), .* one label per image"):
        Digits(np.zeros((3, 28, 28), np.uint8), np.zeros((3, 1), np.uint8))
    with pytest.raises(ValueError, match=r"shape \(3, 28, 29\), expected \(n, 28, 28\)"):
        Digits(np.zeros((3, 28, 29), np.uint8), np.zeros(3, np.uint8))
    with pytest.raises(ValueError, match=r"shape \(28, 28\), expected \(n, 28, 28\)"):
        Digits(np.zeros((28, 28), np.uint8), np.zeros(28, np.uint8))


def test_images_divided_by_255_and_labels_of_fractions_are_refused():
    images, labels = np.zeros((2, 28, 28), np.uint8), np.zeros(2, np.uint8)
    with pytest.raises(ValueError, match=r"images are float64 of shape .* uint8 0-255"):
        Digits(images / 255, labels)
    with pytest.raises(ValueError, match="labels are float64, expected whole numbers"):
        Digits(images, labels / 1)
