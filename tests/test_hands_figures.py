"""What a reader's own handwriting looks like, and what teaching it changed, as it is drawn."""

import numpy as np
import pytest
from scipy.stats import binomtest

from digitrec import figures
from digitrec.figures.canvas import RIGHT, WRONG, drawn_picture
from digitrec.hands import Written
from digitrec.mnist import Digits

PHOTO = np.full((400, 300, 3), 200, np.uint8)


def square(left, top, side=20):
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    return corners * side + np.array([left, top], np.float32)


@pytest.fixture
def written(mnist):
    """Five boxes: fine, doubtful, relabelled, dropped, and doubtful but dropped."""
    asked = np.array([0, 1, 2, 3, 4], np.uint8)
    labels = np.array([0, 1, 8, 3, 4], np.uint8)
    kept = np.array([True, True, True, False, False])
    doubts = ("", "crosses its frame", "", "", "looks like no digit")
    boxes = np.stack([square(40 * place + 10, 50 + 30 * place) for place in range(5)])
    return Written(
        "412-17", "sheet 412-17-1", "photo3.jpg", "2026-11-29T10:02:03",
        mnist.validation.images[:5],
        asked, labels, kept, doubts, np.arange(5), boxes,
    )  # fmt: skip


def test_each_box_is_framed_where_it_lies_and_told_apart_without_colour(written):
    ax = figures.show_sheet(PHOTO, written).axes[0]
    assert len(ax.patches) == 5
    for frame, corners in zip(ax.patches, written.boxes, strict=True):
        assert np.allclose(frame.get_xy()[:4], corners)
    lines = [frame.get_linestyle() for frame in ax.patches]
    assert lines == ["-", "--", "-.", ":", ":"]
    marks = {tuple(text.get_position()): text.get_text() for text in ax.texts}
    upper_right = [tuple(corners[1]) for corners in written.boxes]
    assert marks == {
        upper_right[1]: "?",
        upper_right[2]: "8",  # what it is, where something else was asked for
        upper_right[3]: "\N{MULTIPLICATION SIGN}",
        upper_right[4]: "\N{MULTIPLICATION SIGN}",
    }
    assert ax.get_title() == "photo3.jpg"


def test_the_legend_of_a_sheet_says_what_is_there_and_no_more(written):
    figure = figures.show_sheet(PHOTO, written)
    assert [text.get_text() for text in figure.legends[0].texts] == [
        "read", "doubtful: look at it", "relabelled, and as what", "does not count",
    ]  # fmt: skip
    alone = Written(
        "17", "sheet", "photo", "now", written.images[:1], written.asked[:1], written.labels[:1],
        written.kept[:1], ("",), np.arange(1), written.boxes[:1],
    )  # fmt: skip
    assert [text.get_text() for text in figures.show_sheet(PHOTO, alone).legends[0].texts] == [
        "read"
    ]


def test_a_photo_is_drawn_small_and_its_boxes_in_its_own_pixels(written):
    large = np.full((4000, 3000, 3), 200, np.uint8)
    boxes = np.stack([square(2500, 3500, 200)] * 5)
    parts = {**vars(written), "boxes": boxes, "origin": "$a$\n.jpg"}
    ax = figures.show_sheet(large, Written(**parts)).axes[0]
    assert max(ax.images[0].get_array().shape) <= 800
    assert ax.images[0].get_extent() == [-0.5, 2999.5, 3999.5, -0.5]
    assert ax.get_title() == "$a$\N{REPLACEMENT CHARACTER}.jpg"
    drawn_picture(ax.figure)  # a `$` is no formula


def test_a_sheet_without_boxes_is_refused(written):
    with pytest.raises(ValueError, match="no boxes, expected what was read from a photo"):
        figures.show_sheet(PHOTO, Written(**{**vars(written), "boxes": None}))
    none = Written(
        "17", "sheet", "photo", "now", written.images[:0], written.asked[:0], written.labels[:0],
        written.kept[:0], (), np.arange(0), np.zeros((0, 4, 2), np.float32),
    )  # fmt: skip
    drawn_picture(figures.show_sheet(PHOTO, none))  # a sheet on which nothing is written


def cells_of(ax, rows):
    """The images of a grid of 28 pixels with gaps of two, by row and column."""
    sheet = np.asarray(ax.images[0].get_array())
    return {
        (row, column): sheet[30 * row : 30 * row + 28, 30 * column : 30 * column + 28]
        for row in range(rows)
        for column in range(10)
    }


def test_each_writer_has_a_row_with_the_first_of_each_digit(mnist):
    one, other = mnist.validation[:100], mnist.validation[100:105]
    ax = figures.show_writers({"412-1": one, "$x$": other}).axes[0]
    drawn_picture(ax.figure)
    assert [text.get_text() for text in ax.get_yticklabels()] == ["412-1", "$x$"]
    for (row, digit), drawn in cells_of(ax, 2).items():
        digits = (one, other)[row]
        images = digits.images[digits.labels == digit]
        assert np.array_equal(drawn, images[0] if len(images) else np.zeros((28, 28)))


def test_a_large_class_is_cut_and_says_so(mnist):
    ax = figures.show_writers({str(i): mnist.validation[:9] for i in range(30)}).axes[0]
    assert len(ax.get_yticklabels()) == 12
    assert ax.get_title() == "18 more writers are not drawn"
    assert figures.show_writers({"a": mnist.validation[:9]}).axes[0].get_title() == ""
    drawn_picture(figures.show_writers({}))


def test_averages_and_their_difference_are_those_of_the_images(mnist):
    hand = mnist.validation[:30]
    hand = hand[hand.labels != 8]
    figure = figures.show_average_digits(hand, mnist.train, ("my hand", "MNIST"))
    axes = np.array(figure.axes[:30]).reshape(3, 10)
    for digit in range(10):
        mine, theirs, differ = (np.asarray(ax.images[0].get_array()) for ax in axes[:, digit])
        everybody = mnist.train.images[mnist.train.labels == digit].mean(axis=0)
        assert np.allclose(theirs, everybody)
        own = hand.images[hand.labels == digit]
        assert axes[0, digit].get_title() == f"{digit}, of {len(own)}"
        if len(own):
            assert np.allclose(mine, own.mean(axis=0))
            assert np.allclose(differ, own.mean(axis=0) - everybody)
        else:
            assert not differ.any()  # nothing to compare is no difference
            assert [text.get_text() for text in axes[0, digit].texts] == ["none"]
    assert [ax.get_ylabel() for ax in axes[:, 0]] == ["my hand", "MNIST", "difference"]
    drawn_picture(figure)


def pair(before, after, count):
    return np.arange(count) < before, np.arange(count) < after


def test_gains_are_drawn_with_the_intervals_of_their_shares():
    judged = {
        "this hand": {"dense": pair(80, 95, 100), "in the box": pair(97, 100, 100)},
        "other writers": {"dense": pair(0, 0, 0)},  # there are none
        "MNIST": {"dense": pair(4_880, 4_870, 5_000)},
    }
    figure = figures.plot_gains(judged)
    assert [ax.get_title("left") for ax in figure.axes] == [
        "this hand: 100 digits",
        "MNIST: 5,000 digits",
    ]
    ax = figure.axes[0]
    assert [text.get_text() for text in ax.get_yticklabels()] == ["dense", "in the box"]
    assert ax.yaxis_inverted()  # the first one on top
    expected = [(80, 0, "o"), (95, 0, "D"), (97, 1, "o"), (100, 1, "D")]
    for bar, (right, row, marker) in zip(ax.containers, expected, strict=True):
        dot, _, (line,) = bar
        assert dot.get_marker() == marker
        assert dot.get_xdata() == right / 100
        assert round(float(dot.get_ydata()[0])) == row
        interval = binomtest(right, 100).proportion_ci(method="wilson")
        (ends,) = line.get_segments()
        assert np.allclose(ends[:, 0], interval, atol=1e-4)
    befores, afters = ax.containers[0][0], ax.containers[1][0]
    assert befores.get_ydata() < afters.get_ydata()  # before is drawn above
    assert (befores.get_color(), afters.get_color()) == (WRONG, RIGHT)
    assert [text.get_text() for text in figure.legends[0].texts] == ["before teaching", "after"]
    drawn_picture(figures.plot_gains({"nobody": {"dense": pair(0, 0, 0)}}))


def test_gains_in_words_count_what_was_mended_and_what_was_lost():
    before = np.array([True] * 6 + [False] * 4)
    after = np.array([True] * 4 + [False] * 2 + [True] * 3 + [False])
    assert figures.gained(before, after) == (
        "4 of 10 wrong before, 3 after (11 to 60 per 100);\n3 mended, 2 new"
    )
    none = np.ones(400, bool)  # the interval is exact where there is no mistake left
    assert figures.gained(~none, none).splitlines() == [
        "400 of 400 wrong before, 0 after (0.0 to 1.0 per 100);",
        "400 mended, 0 new",
    ]
    assert figures.gained(before[:0], after[:0]) == "no digit to judge by"


def test_what_handwriting_is_needed_is_drawn_as_means_with_bars_from_lowest_to_highest():
    runs = {"dense": np.array([[0.7, 0.8, 0.9], [0.7, 0.9, 0.94]]), "box": np.array([[0.9] * 3])}
    ax = figures.plot_handwriting_needed([0, 1, 10], runs, "title")
    for (name, values), container in zip(runs.items(), ax.containers, strict=True):
        assert container.get_label() == name
        line, _, (bars,) = container
        assert np.allclose(line.get_xydata(), np.c_[[0, 1, 10], values.mean(axis=0)])
        ends = np.array([segment[:, 1] for segment in bars.get_segments()])
        assert np.allclose(ends, np.c_[values.min(axis=0), values.max(axis=0)])
    looks = {(line.get_marker(), line.get_linestyle()) for line in ax.lines if line.get_marker()}
    assert len({marker for marker, _ in looks} & {"o", "s"}) == 2
    with pytest.raises(ValueError, match="5 recognisers came, expected at most 4"):
        figures.plot_handwriting_needed([1], {str(n): [[0.5]] for n in range(5)}, "title")


def test_digits_of_no_hand_at_all_have_an_average_figure(mnist):
    none = Digits(np.zeros((0, 28, 28), np.uint8), np.zeros(0, np.uint8))
    drawn_picture(figures.show_average_digits(none, mnist.validation, ("nobody", "MNIST")))
