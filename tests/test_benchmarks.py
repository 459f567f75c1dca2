"""The arithmetic of the benchmarks, on made-up images and readers whose answers are known."""

import doctest
import importlib
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from conftest import ROOT

import digitrec

NAMES = (
    *("shot_noise", "impulse_noise", "glass_blur", "motion_blur", "shear", "scale", "rotate"),
    *("brightness", "translate", "stripe", "fog", "spatter", "dotted_line", "zigzag"),
    "canny_edges",
)


@pytest.fixture
def mnist_c(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    import mnist_c

    return mnist_c


@pytest.fixture
def contributions(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    import contributions

    return contributions


@pytest.fixture
def arrays():
    """Ten images of each corruption; the first pixel says what a made-up reader answers."""
    labels = np.arange(10, dtype=np.uint8)
    images = {name: np.zeros((10, 28, 28), np.uint8) for name in ["identity", *NAMES]}
    for array in images.values():
        array[:, 0, 0] = labels
    images["fog"][:4, 0, 0] = 10  # "not a digit"
    images["zigzag"][:1, 0, 0] = 7
    return {"labels": labels, "index": np.arange(10), **images}


def first_pixel(images):
    return images[:, 0, 0]


def saved(folder: Path, arrays: dict) -> Path:
    path = folder / "made_up.npz"
    np.savez(path, **arrays)
    return path


def published(folder: Path, arrays: dict) -> Path:
    """Write the arrays as the published data set has them."""
    for name in ["identity", *NAMES]:
        (folder / name).mkdir(parents=True)
        np.save(folder / name / "test_images.npy", arrays[name][..., np.newaxis])
        np.save(folder / name / "test_labels.npy", arrays["labels"].astype(np.int64))
    return folder


@pytest.mark.parametrize("write", [saved, published])
def test_errors_of_a_known_reader(write, mnist_c, arrays, tmp_path):
    archive = mnist_c.load_archive(
        write(tmp_path / "x" if write is published else tmp_path, arrays)
    )
    errors = mnist_c.errors(first_pixel, archive)
    assert {name: share for name, share in errors.items() if share} == {"fog": 0.4, "zigzag": 0.1}
    assert list(errors) == ["identity", *NAMES]
    # the first five hold all four that are wrong under fog
    assert mnist_c.errors(first_pixel, archive[:5])["fog"] == 0.8


def test_the_mean_is_of_the_fifteen_and_the_spread_is_of_the_seeds(mnist_c, arrays, tmp_path):
    archive = mnist_c.load_archive(saved(tmp_path, arrays))
    good = mnist_c.errors(first_pixel, archive)
    none = mnist_c.errors(lambda images: np.full(len(images), mnist_c.REFUSED), archive)
    line = mnist_c.line([good, none])
    assert line["by_seed"] == [round(0.5 / 15, 4), 1]
    assert line["mean"] == round((0.5 / 15 + 1) / 2, 4)
    assert line["standard_deviation"] == round((1 - 0.5 / 15) / 2**0.5, 4)
    assert line["errors"]["identity"] == 0.5
    assert line["errors"]["fog"] == 0.7
    assert mnist_c.line([good])["standard_deviation"] is None


def test_what_is_refused_is_no_digit_and_what_is_believed_is_above_half(mnist_c):
    answers = np.zeros((3, 11), np.float32)
    answers[0, [4, 10]] = 0.4, 0.6  # a 4, hardly
    answers[1, 4] = 1
    answers[2, [4, 5, 10]] = 0.45, 0.11, 0.44  # the likeliest of all, and yet not above half
    assert mnist_c.by_digits(answers).tolist() == [4, 4, 4]
    assert mnist_c.by_all_answers(answers).tolist() == [10, 4, 4]
    assert mnist_c.if_believed(answers).tolist() == [-1, 4, -1]


def test_the_box_is_asked_bare_and_through_read_digit(mnist_c, arrays, tmp_path, monkeypatch):
    archive = mnist_c.load_archive(saved(tmp_path, arrays))
    monkeypatch.setattr(digitrec, "load_model", lambda path: None)
    monkeypatch.setattr(digitrec, "predict", lambda model, images: np.eye(11)[first_pixel(images)])
    always_three = SimpleNamespace(digit=3)
    monkeypatch.setattr(digitrec, "read_digit", lambda picture, model: always_three)
    lines = mnist_c.measure_box(archive)
    means = {name: line["mean"] for name, line in lines.items()}
    # of the four that are no digit under fog, the ten digits leave a 0, which is right once
    assert means == {
        **{"box, ten digits": round(0.4 / 15, 4), "box, all eleven answers": round(0.5 / 15, 4)},
        **{"box, right and believed": round(0.5 / 15, 4), "read_digit": 0.9},
    }


def test_read_digit_is_given_dark_ink_on_light_paper(mnist_c, monkeypatch):
    seen = []

    def read_digit(picture, model):
        seen.append(picture)
        return SimpleNamespace(digit=len(seen))

    monkeypatch.setattr(digitrec, "read_digit", read_digit)
    images = np.zeros((3, 28, 28), np.uint8)
    images[:, 5] = 200
    assert mnist_c.through_read_digit(None, images).tolist() == [1, 2, 3]
    assert all((picture[0] == 255).all() and (picture[5] == 55).all() for picture in seen)


def test_the_table_names_every_line_and_says_its_mean(mnist_c, arrays, tmp_path):
    archive = mnist_c.load_archive(saved(tmp_path, arrays))
    lines = {"one": mnist_c.line([mnist_c.errors(first_pixel, archive)])}
    head, row = mnist_c.table(lines).splitlines()
    assert len(head.split()) == len(row.split()) == 3 + 16
    assert row.split()[:4] == ["one", "3.3%", "-", "0.0%"]


def without_fog(arrays):
    return {name: array for name, array in arrays.items() if name != "fog"}


def floats(arrays):
    return arrays | {"scale": arrays["scale"] / 255}


def too_few(arrays):
    return arrays | {"shear": arrays["shear"][:9]}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (without_fog, r"missing are fog. Give an archive with all of them"),
        (floats, r"scale in .* is float64 \(10, 28, 28\), expected uint8 \(10, 28, 28\)"),
        (too_few, r"shear in .* is uint8 \(9, 28, 28\), .* one image for each of the 10 labels"),
    ],
)
def test_a_wrong_archive_says_what_is_wrong(change, message, mnist_c, arrays, tmp_path):
    with pytest.raises(ValueError, match=message):
        mnist_c.load_archive(saved(tmp_path, change(arrays)))


def test_what_is_no_archive_says_so(mnist_c, tmp_path):
    text = tmp_path / "notes.npz"
    text.write_text("no archive")
    with pytest.raises(ValueError, match=r"notes.npz is no .npz archive .* Give such a file"):
        mnist_c.load_archive(text)
    with pytest.raises(ValueError, match="holds nothing; missing are labels, identity, shot_noise"):
        mnist_c.load_archive(tmp_path)
    with pytest.raises(FileNotFoundError, match="zenodo"):
        mnist_c.load_archive(tmp_path / "nowhere.npz")


def test_a_contribution_is_a_mean_over_severities_above_0_and_then_over_corruptions(contributions):
    runs = [
        {"clean": 0.9, "drawn": 0.5, "corrupted": {"noise": [1, 0.8, 0.6], "blur": [1, 0.4, 0.2]}},
        {"clean": 0.8, "drawn": 0.7, "corrupted": {"noise": [1, 0.6, 0.6], "blur": [1, 0.2, 0.2]}},
    ]
    line = contributions.contribution("x", runs)
    assert line["corrupted"] == {"mean": 0.45, "standard_deviation": round(0.1 / 2**0.5, 4)}
    assert line["clean"]["mean"] == 0.85
    assert line["drawn"]["mean"] == 0.6
    assert line["by_seed"][1]["blur"] == [1, 0.2, 0.2]


def test_only_the_ten_digits_of_an_answer_count(contributions, monkeypatch):
    answers = np.zeros((4, 11), np.float32)
    answers[:, 10], answers[:, 3] = 0.9, 0.1
    monkeypatch.setattr(digitrec, "predict", lambda model, images: answers)
    assert (
        contributions.right(None, np.zeros((4, 28, 28), np.uint8), np.array([3, 3, 3, 5])) == 0.75
    )


def test_trials_are_validation_digits_and_fonts_to_choose_with(contributions, mnist, monkeypatch):
    drawings, asked = contributions.drawings(), []

    def load_glyphs(part):
        asked.append(part)
        return original(part)

    original = drawings.load_glyphs
    monkeypatch.setattr(drawings, "load_glyphs", load_glyphs)
    trials = contributions.make_trials(mnist)
    assert asked == ["validation"]
    clean = trials.corrupted["lines"][0]
    assert len(clean) == len(trials.labels) == 1_000
    known = {image.tobytes() for image in mnist.validation.images}
    assert all(image.tobytes() in known for image in clean)
    assert set(trials.drawn.labels.tolist()) == set(range(10))


@pytest.mark.parametrize("name", ["contributions", "ingredients"])
def test_the_examples_hold(name, monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    results = doctest.testmod(importlib.import_module(name))
    assert results.attempted > 0
    assert results.failed == 0
