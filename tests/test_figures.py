"""Figures draw what they are given, and words travel with them."""

import base64
import html
import io
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import cv2
import matplotlib.pyplot as plt
import numpy as np
import pytest
from IPython.core.formatters import DisplayFormatter
from matplotlib.colors import to_rgb
from PIL import Image
from sklearn.metrics import confusion_matrix, precision_score, recall_score

import digitrec
from digitrec import figures
from digitrec.figures.canvas import bundle, drawn_picture
from digitrec.quiet import tensorflow as tf
from digitrec.reading import with_readings


def test_each_image_keeps_its_title(mnist):
    digits = mnist.test[np.random.default_rng(1).permutation(10_000)[:25]]
    figure = figures.show_digits(digits, columns=10)
    drawn = [ax for ax in figure.axes if ax.images]
    assert len(drawn) == 25
    for ax, image, label in zip(drawn, digits.images, digits.labels, strict=True):
        assert ax.get_title() == str(label)
        assert np.array_equal(ax.images[0].get_array(), image)


def test_as_many_titles_as_images(mnist):
    with pytest.raises(ValueError, match="3 images came with 2 titles"):
        figures.show_images(mnist.test.images[:3], ["a", "b"])


def test_ink_is_dark_on_light_paper():
    ax = figures.show_image(np.array([[0, 255]], np.uint8))
    paper, ink = ax.images[0].cmap(ax.images[0].norm(np.array([0, 255])))
    assert paper[:3].tolist() == [1, 1, 1]
    assert ink[:3].tolist() == [0, 0, 0]


def test_the_confusion_matrix_is_scikit_learns_and_every_cell_says_its_number(mnist, boxed_model):
    test = mnist.test
    answers = boxed_model.predict(test.images, batch_size=1000, verbose=0)
    predicted = answers[:, :10].argmax(axis=1)
    matrix = tf.math.confusion_matrix(test.labels, predicted, num_classes=10).numpy()
    assert np.array_equal(matrix, confusion_matrix(test.labels, predicted))
    # the formulas of notebook 4
    recall = matrix.diagonal() / matrix.sum(axis=1)
    precision = matrix.diagonal() / matrix.sum(axis=0)
    assert np.allclose(recall, recall_score(test.labels, predicted, average=None))
    assert np.allclose(precision, precision_score(test.labels, predicted, average=None))

    ax = figures.plot_confusion_matrix(matrix, "counts")
    written = {
        (round(text.get_position()[1]), round(text.get_position()[0])): text.get_text()
        for text in ax.texts
    }
    for position, value in np.ndenumerate(matrix):
        assert written[position] == (f"{value:,}" if value else "")
    assert ax.get_xlabel() == "predicted digit"
    assert ax.get_ylabel() == "true digit"


def test_costs_are_all_inside_their_plots():
    costs = {"images": [(1, 2.0), (2, 3.0)], "epochs": [(1, 2.0), (4, 9.0)]}
    for ax, pairs in zip(figures.plot_costs(costs).axes, costs.values(), strict=True):
        low, high = ax.get_ylim()
        assert low == 0
        assert high >= max(seconds for _, seconds in pairs)


def test_each_corruption_has_a_column_and_each_severity_a_row():
    corrupted = {name: np.full((6, 28, 28), i, np.uint8) for i, name in enumerate("abc")}
    drawn = figures.show_corruptions(corrupted).axes
    assert [ax.get_title() for ax in drawn[:3]] == ["a", "b", "c"]
    assert [ax.get_ylabel() for ax in drawn[::3]] == list("012345")
    assert [int(ax.images[0].get_array().max()) for ax in drawn] == [0, 1, 2] * 6


def test_robustness_draws_each_network_in_each_plot_in_a_look_of_its_own():
    names = digitrec.CORRUPTIONS
    accuracies = {
        network: {name: np.linspace(top, 0.1 * i, 6) for i, name in enumerate(names)}
        for network, top in (("dense", 0.97), ("strong", 1.0))
    }
    figure = figures.plot_robustness(accuracies)
    assert [text.get_text() for text in figure.legends[0].texts] == ["dense", "strong"]
    for ax, name in zip(figure.axes, names, strict=True):
        assert ax.get_title() == name
        for line, shares in zip(ax.lines, accuracies.values(), strict=True):
            assert np.array_equal(line.get_ydata(), shares[name])
        assert len({(line.get_marker(), line.get_linestyle()) for line in ax.lines}) == 2
        assert ax.get_ylim()[0] == 0
        assert ax.get_ylim()[1] > 1


def test_robustness_of_five_networks_does_not_lose_one():
    with pytest.raises(ValueError, match="5 networks came, expected at most 4"):
        figures.plot_robustness({name: {"noise": [1, 0.5]} for name in "abcde"})


def test_the_band_of_a_network_goes_from_its_lowest_to_its_highest_seed():
    accuracies = {"dense": {"noise": [1, 0.5]}, "cured": {"noise": [1, 0.9]}}
    runs = np.array([[1, 0.85], [0.98, 0.95], [0.99, 0.9]])
    ax = figures.plot_robustness(accuracies, {"cured": {"noise": runs}}).axes[0]
    (band,) = ax.collections
    corners = {tuple(corner) for corner in band.get_paths()[0].vertices.round(2)}
    assert corners == {(0, 0.98), (0, 1), (1, 0.85), (1, 0.95)}
    assert np.array_equal(band.get_facecolor()[0, :3], to_rgb(ax.lines[1].get_color()))


def test_probabilities_are_drawn_as_they_are():
    probabilities = np.array([0, 0, 0.02, 0, 0.9, 0, 0, 0.08, 0, 0])
    ax = figures.plot_probabilities(probabilities)
    assert np.allclose([bar.get_width() for bar in ax.patches], probabilities)
    labels = [text.get_text() for text in ax.texts]
    assert labels == ["2%", "90%", "8%"]
    assert [label.get_text() for label in ax.get_yticklabels()] == list("0123456789")


def test_the_eleventh_answer_has_a_bar_where_there_is_one():
    probabilities = np.full(10, 0.0001)
    ax = figures.plot_probabilities(probabilities, not_a_digit=0.999)
    assert np.allclose([bar.get_width() for bar in ax.patches], [*probabilities, 0.999])
    assert ax.get_yticklabels()[10].get_text() == "not a digit"
    assert [text.get_text() for text in ax.texts] == [">99%"]
    looks = [bar.get_facecolor() for bar in ax.patches]
    assert looks.count(looks[10]) == 1  # the best guess, not one of the digits


def test_a_page_names_both_answers_where_two_networks_differ():
    page = digitrec.read_page(digitrec.project_path("digits/strip1.jpg"))
    sevens = [replace(reading, digit=7, is_digit=i > 0) for i, reading in enumerate(page.readings)]
    own = with_readings(page, sevens)
    labels = [text.get_text() for text in figures.show_page(page, own).axes[0].texts]
    assert labels[0] == "1: >99%\nyours: ?"
    assert labels[1] == "2: >99%\nyours: 7"
    assert labels[-1] == "7: >99%"
    alone = [text.get_text() for text in figures.show_page(page).axes[0].texts]
    assert [label.split("\n")[0] for label in labels] == alone


def test_a_reading_says_its_sentence(boxed_model):
    reading = digitrec.read_digit(digitrec.project_path("digits/digit1.png"), boxed_model)
    titles = [ax.get_title() for ax in figures.show_reading(reading, "digit1.png").axes]
    assert titles == ["digit1.png", "what the network sees", "The number is probably a 4"]
    assert len(figures.show_steps(reading).axes) == 6


@pytest.mark.parametrize(
    "name",
    ["$\\frac.png", "two\nlines.png", "\u202egnp\udcff.exe", "n" * 5_000],
)
def test_no_name_of_a_file_stops_a_figure(name, boxed_model, mnist):
    reading = digitrec.read_digit(digitrec.project_path("digits/digit1.png"), boxed_model)
    for drawn in (
        figures.show_reading(reading, name),
        figures.show_images(mnist.test.images[:2], [name, name]),
        figures.plot_probabilities(reading.probabilities, name).figure,
    ):
        picture, _ = decoded(bundle(drawn, name))
        assert max(picture.size) < 3_000


def test_a_name_with_dollars_is_written_as_it_is(mnist):
    """Two dollars make a formula in Matplotlib, in which they and the space are gone."""

    def picture_of(title):
        return np.asarray(drawn_picture(figures.show_image(mnist.test.images[0], title).figure))

    formula = figures.show_image(mnist.test.images[0], "a$b c$.png")
    formula.title.set_parse_math(True)
    plain = picture_of("a$b c$.png")
    assert not np.array_equal(plain, np.asarray(drawn_picture(formula.figure)))


def test_blank_paper_can_be_drawn_as_well(boxed_model):
    reading = digitrec.read_digit(np.full((30, 30), 255, np.uint8), boxed_model)
    figures.show_reading(reading)
    figures.show_steps(reading)


def decoded(kinds):
    """Return the picture and the words in the HTML of a figure, as a browser reads them."""
    found = re.fullmatch(
        r'<img src="data:image/webp;base64,([^"]+)" alt="([^"]*)" style="max-width: 100%">',
        kinds["text/html"],
    )
    return Image.open(io.BytesIO(base64.b64decode(found[1]))), html.unescape(found[2])


def test_show_passes_words_on_where_a_browser_reads_them(monkeypatch):
    shown = []
    monkeypatch.setattr(figures.canvas, "display", lambda *args, **_: shown.append(*args))
    curve = figures.plot_curve(np.arange(3), np.arange(3), "x", "y", "title")
    figures.show(curve, alt='A "line" & <b>')
    picture, words = decoded(shown[0])
    assert words == 'A "line" & <b>'
    assert picture.size == Image.open(io.BytesIO(shown[0]["image/png"])).size


def test_the_picture_for_browsers_is_exact_or_smaller(mnist):
    plot = figures.plot_curve(np.arange(3), np.arange(3), "x", "y", "title").figure
    photo = figures.show_image(cv2.imread(str(digitrec.project_path("digits/page1.jpg")))).figure
    plotted, photographed = bundle(plot, "a plot"), bundle(photo, "a photo")
    exact = Image.open(io.BytesIO(plotted["image/png"])).convert("RGB")
    assert np.array_equal(decoded(plotted)[0], exact)
    for kinds in (plotted, photographed):
        assert len(kinds["text/html"]) < 4 / 3 * len(kinds["image/png"])


def test_no_figure_is_drawn_into_the_readers_own(mnist, boxed_model):
    own = plt.figure()
    reading = digitrec.read_digit(digitrec.project_path("digits/digit1.png"), boxed_model)
    page = digitrec.read_page(digitrec.project_path("digits/digit1.png"), boxed_model)
    for drawn in (
        figures.show_digits(mnist.test[:3]),
        figures.show_pixels(mnist.test.images[0]),
        figures.plot_bars(range(10), "x", "y", "title"),
        figures.plot_costs({"epochs": [(1, 2.0)]}),
        figures.show_reading(reading),
        figures.show_steps(reading),
        figures.show_page(page),
    ):
        figures.show(drawn, alt="something")
    assert plt.gcf() is own
    assert plt.get_fignums() == [own.number]
    assert own.axes == []
    plt.close(own)


def test_threads_draw_beside_a_readers_own_pyplot(mnist):
    """As widgets do: on other threads than the cell that a reader is running."""
    digits = mnist.test[:2]
    expected = drawn_picture(figures.show_digits(digits)).tobytes()
    own = plt.figure(figsize=(2, 2), dpi=50)

    def reader_draws():
        plt.plot([0, 1], [0, 1])
        plt.title("mine")
        own.canvas.draw()
        pixels = np.asarray(own.canvas.buffer_rgba()).tobytes()
        plt.cla()
        return pixels

    alone = reader_draws()
    with ThreadPoolExecutor(4) as threads:
        drawn = [
            threads.submit(lambda: drawn_picture(figures.show_digits(digits)).tobytes())
            for _ in range(12)
        ]
        while not all(one.done() for one in drawn):
            assert reader_draws() == alone
        assert {one.result() for one in drawn} == {expected}
    assert plt.get_fignums() == [own.number]
    assert len(own.axes) == 1
    plt.close(own)


def test_a_figure_as_the_last_line_of_a_cell_is_shown_with_its_titles(mnist):
    kinds, _ = DisplayFormatter().format(figures.show_digits(mnist.test[:3]))
    assert kinds["image/png"].startswith(b"\x89PNG")
    assert decoded(kinds)[1] == "Figure: 7; 2; 1"
    assert (
        decoded(DisplayFormatter().format(figures.Figure(1, 1))[0])[1] == "Figure: without a title"
    )


def test_curves_of_no_training_yet_have_axes_to_grow_into():
    loss, accuracy = figures.plot_live_training([], [], 3).axes
    assert (loss.get_ylim(), accuracy.get_ylim()) == ((0, 2.5), (0, 1))
    loss, accuracy = figures.plot_live_training([(1, 0.5, 0.9), (2, 0.4, 0.95)], [], 3).axes
    assert loss.get_ylim()[1] < 1
    assert accuracy.get_ylim()[0] > 0.5


def test_a_table_has_headings_and_no_html_of_others(monkeypatch):
    shown = []
    monkeypatch.setattr(figures.tables, "display", lambda *args, **_: shown.append(*args))
    figures.show_table(["", "accuracy"], [["a <b>", "97%"], ["the other", 3]])
    assert '<th scope="col">accuracy</th>' in shown[0]["text/html"]
    assert ">a &lt;b&gt;</th><td>97%</td></tr>" in shown[0]["text/html"]
    assert shown[0]["text/plain"].splitlines() == [
        "           accuracy",
        "a <b>           97%",
        "the other         3",
    ]
    with pytest.raises(ValueError, match="a row has 1 entries, expected 2"):
        figures.show_table(["", "accuracy"], [["alone"]])
