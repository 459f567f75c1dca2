"""Plots hold the numbers they are given, each under its own name."""

from dataclasses import replace

import numpy as np
from matplotlib.colors import to_rgb

import digitrec
from digitrec import figures
from digitrec.mnist import Mnist

HISTORY = {
    "loss": [0.9, 0.5, 0.3],
    "accuracy": [0.7, 0.8, 0.9],
    "val_loss": [0.8, 0.6, 0.4],
    "val_accuracy": [0.75, 0.85, 0.95],
}


def curves(ax):
    """By its name in the legend, the points of each curve."""
    names = [text.get_text() for text in ax.get_legend().get_texts()]
    assert names == [line.get_label() for line in ax.lines]
    return {line.get_label(): line.get_xydata().tolist() for line in ax.lines}


def test_training_is_drawn_beside_validation_loss_beside_accuracy():
    for ax, name in zip(figures.plot_training(HISTORY).axes, ("loss", "accuracy"), strict=True):
        assert ax.get_ylabel() == name
        assert curves(ax) == {
            "training set": [[n + 1, value] for n, value in enumerate(HISTORY[name])],
            "validation set": [[n + 1, value] for n, value in enumerate(HISTORY[f"val_{name}"])],
        }


def test_growing_curves_are_drawn_beside_each_other():
    training, validation = [(0.5, 2.0, 0.3), (1.0, 1.0, 0.6)], [(1, 0.9, 0.7)]
    drawn = figures.plot_live_training(training, validation, 3).axes
    for column, (ax, name) in enumerate(zip(drawn, ("loss", "accuracy"), strict=True), 1):
        assert ax.get_ylabel() == name
        assert ax.get_xlim() == (0, 3)
        assert curves(ax) == {
            "training set": [[point[0], point[column]] for point in training],
            "validation set": [[point[0], point[column]] for point in validation],
        }


def test_growing_curves_have_a_point_for_each_part_of_each_epoch(mnist, monkeypatch):
    for name in ("display", "update"):
        monkeypatch.setattr(f"IPython.display.DisplayHandle.{name}", lambda *_, **__: None)
    few = Mnist(mnist.train[:1000], mnist.validation[:100], None)
    live = figures.live_curves()
    history = digitrec.train(
        digitrec.build_mlp(), few, epochs=3, batch_size=20, callbacks=[live], verbose=False
    )
    places = np.array([done for done, _, _ in live.training])
    assert (np.diff(places) >= 0).all()
    assert places[0] < 0.05  # the untrained network, in the middle of a first round of steps
    assert np.histogram(places, [0, 1, 2, 3])[0].min() >= 8
    assert live.validation == [
        (epoch, history["val_loss"][epoch - 1], history["val_accuracy"][epoch - 1])
        for epoch in (1, 2, 3)
    ]


def test_bars_stand_at_their_digits():
    ax = figures.plot_bars(range(100, 1100, 100), "digit", "images", "title")
    assert [bar.get_height() for bar in ax.patches] == list(range(100, 1100, 100))
    assert np.allclose([bar.get_x() + bar.get_width() / 2 for bar in ax.patches], range(10))
    texts = {round(text.xy[0]): text.get_text() for text in ax.texts}
    assert texts == {digit: f"{100 * digit + 100:,}" for digit in range(10)}
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("digit", "images")


def test_a_curve_is_y_over_x():
    ax = figures.plot_curve(np.arange(3), np.arange(3) ** 2, "x", "y", "title")
    assert ax.lines[0].get_xydata().tolist() == [[0, 0], [1, 1], [2, 4]]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("x", "y")


def test_costs_are_seconds_over_what_was_varied():
    costs = {"images": [(1, 2.0), (2, 3.0)], "epochs": [(1, 2.0), (4, 9.0)]}
    drawn = figures.plot_costs(costs).axes
    assert {ax.get_xlabel(): ax.lines[0].get_xydata().tolist() for ax in drawn} == {
        name: [list(pair) for pair in pairs] for name, pairs in costs.items()
    }
    assert drawn[0].get_ylabel() == "seconds of training"


def test_histograms_are_numpys():
    g = np.random.default_rng(0)
    values = {"same": g.normal(0, 1, 500), "different": g.normal(3, 2, 700)}
    ax = figures.plot_two_histograms(values, "distance", "title")
    names = [text.get_text() for text in ax.get_legend().get_texts()]
    drawn = {patch.get_label(): patch.get_xy() for patch in ax.patches}
    assert set(names) == set(drawn) == set(values)
    everything = np.concatenate(list(values.values()))
    bins = np.linspace(everything.min(), everything.max(), 60)
    for name, sample in values.items():
        expected = np.histogram(sample, bins, density=True)[0]
        assert np.allclose(drawn[name][1:-1:2, 1], expected)


def test_the_best_guess_alone_has_another_colour():
    probabilities = np.full(10, 0.02)
    probabilities[3] = 0.82
    looks = [bar.get_facecolor()[:3] for bar in figures.plot_probabilities(probabilities).patches]
    assert [look == to_rgb(figures.RIGHT) for look in looks] == [n == 3 for n in range(10)]


def test_each_pixel_has_its_value_written_into_it(mnist):
    image = mnist.test.images[0]
    ax = figures.show_pixels(image)
    written = {text.get_position(): (text.get_text(), text.get_color()) for text in ax.texts}
    for (row, column), value in np.ndenumerate(image):
        assert written[column, row] == (str(value), "white" if value > 127 else "black")
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("column", "row")


def colours(ax):
    """The colours that the image of a plot is drawn in, 0-1."""
    (image,) = ax.images
    return image.to_rgba(image.get_array())[:, :, :3]


def test_pale_ink_is_drawn_pale():
    ax = figures.show_image(np.array([[0, 51], [102, 51]], np.uint8))
    assert np.allclose(colours(ax)[:, :, 0], [[1, 0.8], [0.6, 0.8]], atol=0.01)


def test_the_stages_are_drawn_as_bright_as_they_are():
    reading = digitrec.read_digit(np.pad(np.full((30, 8), 40, np.uint8), 20, constant_values=210))
    picture, grey, removed, ink, fitted, image = figures.show_steps(reading).axes
    steps = reading.steps
    assert np.allclose(colours(picture), steps.picture / 255, atol=0.01)
    assert np.allclose(colours(grey)[:, :, 0], steps.grey / 255, atol=0.01)
    for ax, dark in ((removed, abs(steps.contrast)), (ink, steps.ink), (image, steps.image)):
        assert np.allclose(colours(ax)[:, :, 0], 1 - dark / 255, atol=0.01)
    assert fitted.get_title() == f"5. fitted, {steps.fitted.shape[0]}x{steps.fitted.shape[1]}"
    (box,) = ink.patches
    left, top, width, height = steps.box
    assert box.get_bbox().bounds == (left - 0.5, top - 0.5, width, height)
    (line, other) = image.lines
    assert (set(line.get_ydata()), set(other.get_xdata())) == ({14}, {14})


def test_the_sheet_on_a_desk_is_outlined():
    path = digitrec.project_path("digits/digit19.jpg")
    reading = digitrec.read_digit(path)
    ax = figures.show_steps(reading).axes[1]
    if reading.steps.sheet is None:
        assert not ax.patches
    else:
        assert np.allclose(ax.patches[0].get_xy()[:-1], reading.steps.sheet)


def test_over_a_page_that_is_too_full_stands_what_was_not_read():
    page = digitrec.read_page(digitrec.project_path("digits/page1.jpg"))
    (ax,) = figures.show_page(replace(page, left_out=3)).axes
    assert ax.get_title() == "The page is too full: its smallest 3 marks were not read."
    assert figures.show_page(page).axes[0].get_title() == ""


def test_boxes_and_answers_of_a_page_are_where_the_digits_are():
    page = digitrec.read_page(digitrec.project_path("digits/page1.jpg"))
    (ax,) = figures.show_page(page).axes
    for reading, patch, text in zip(page.readings, ax.patches, ax.texts, strict=True):
        left, top, width, height = reading.box
        assert patch.get_bbox().bounds == (left - 0.5, top - 0.5, width, height)
        x, y = text.get_position()
        assert x == left + width / 2
        assert top - height < y <= top
        assert text.get_text().startswith(f"{reading.digit}: " if reading.is_digit else "?")
        assert patch.get_linestyle() == ("-" if reading.is_digit else "--")
