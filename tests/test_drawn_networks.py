"""Networks drawn, their weights as pictures, and all classes on one sheet."""

import numpy as np
import pytest
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_rgba

from digitrec import figures
from digitrec.figures.canvas import RIGHT, drawn_picture
from digitrec.figures.montage import class_sheet


def lines(ax):
    """By colour, the lines of a drawn network as pairs of ends."""
    found = {}
    for collection in ax.collections:
        if isinstance(collection, LineCollection):
            ends = {tuple(map(tuple, segment)) for segment in collection.get_segments()}
            found.setdefault(tuple(collection.get_color()[0]), set()).update(ends)
    return found


def neurons(ax):
    """By column from left to right, how many circles are drawn."""
    places = [one.get_offsets() for one in ax.collections if isinstance(one, PathCollection)]
    columns, counts = np.unique(np.unique(np.concatenate(places), axis=0)[:, 0], return_counts=True)
    return dict(zip(columns.tolist(), counts.tolist(), strict=True))


def words(ax):
    return [text.get_text() for text in ax.texts]


class TestDrawnNetwork:
    def test_a_small_layer_has_every_neuron_and_every_weight(self):
        ax = figures.draw_network((3, 2), title="A layer")
        assert list(neurons(ax).values()) == [3, 2]
        drawn = lines(ax)
        watched = drawn.pop(to_rgba(RIGHT))
        assert len(watched) == 3
        assert len({end for _, end in watched}) == 1  # all lead to one neuron
        (others,) = drawn.values()
        assert len(others) == 3 * 2
        assert watched < others
        assert ax.get_title() == "A layer"
        assert "3 x 2 weights\n+ 2 biases" in words(ax)

    def test_the_network_of_the_course(self):
        ax = figures.draw_network((784, 128, 128, 10))
        *large, answers = neurons(ax).values()
        assert large == [8, 8, 8]
        assert answers == 10
        said = words(ax)
        assert said.count("⋮") == 3
        for text in (
            *(
                "784 inputs\none per pixel",
                "128 neurons\nReLU",
                "10 neurons, softmax\none per digit",
            ),
            *("784 x 128 weights\n+ 128 biases", "128 x 128 weights\n+ 128 biases"),
            "128 x 10 weights\n+ 10 biases",
        ):
            assert text in said
        heights = {text.get_text(): text.get_position()[1] for text in ax.texts}
        digits = [heights[str(digit)] for digit in range(10)]
        assert digits == sorted(digits, reverse=True)  # 0 stands at the top

    def test_nothing_is_cut_off_and_no_words_cover_each_other(self, mnist):
        ax = figures.draw_network((784, 128, 128, 10), mnist.train.images[0], "A network")
        drawn_picture(ax.figure)
        boxes = [text.get_window_extent() for text in ax.texts if text.get_text()]
        assert not any(one.overlaps(other) for one in boxes for other in boxes if one is not other)
        inside = ax.figure.bbox.padded(1)
        assert all(inside.containsx(box.x0) and inside.containsx(box.x1) for box in boxes)
        (shown,) = ax.images
        assert np.array_equal(shown.get_array(), mnist.train.images[0])
        left, right, bottom, top = shown.get_extent()
        assert right - left == pytest.approx(top - bottom)
        assert right < 0  # before the inputs

    @pytest.mark.parametrize("sizes", [(), (784,), (784, 0)])
    def test_no_network(self, sizes):
        with pytest.raises(ValueError, match="expected inputs and layers"):
            figures.draw_network(sizes)


class TestWeights:
    weights = np.zeros((2, 28, 28))
    weights[0, 5, 5], weights[1, 20, 20] = 3, -1

    def test_one_scale_for_all_with_nothing_in_the_middle(self):
        figure = figures.show_weights(self.weights, ["a", "b"], "Two")
        first, second = [ax for ax in figure.axes if ax.images]
        assert [first.get_title(), second.get_title()] == ["a", "b"]
        assert np.array_equal(first.images[0].get_array(), self.weights[0])
        for ax in (first, second):
            low, high = ax.images[0].get_clim()
            assert low == -high < 0
        assert first.images[0].get_clim() == second.images[0].get_clim()
        assert figure.get_suptitle() == "Two"

    def test_for_and_against_differ_without_colour(self):
        rng = np.random.default_rng(1)
        figure = figures.show_weights(rng.normal(size=(1, 28, 28)), ["0"])
        styles = [c.get_linestyle()[0] for c in figure.axes[0].collections]
        assert len(styles) == 2
        assert styles[0] != styles[1]
        said = [text.get_text() for text in figure.axes[-1].get_yticklabels()]
        assert said == ["ink here\nspeaks against", "does not\nmatter", "ink here\nspeaks for"]

    def test_what_is_for_is_blue(self):
        figure = figures.show_weights(self.weights, ["a", "b"])
        shown = figure.axes[0].images[0]
        against, nothing, support = shown.cmap(shown.norm([shown.norm.vmin, 0, shown.norm.vmax]))
        assert support[2] > support[0]
        assert against[0] > against[2]
        assert nothing[:3] == pytest.approx([1, 1, 1], abs=0.02)

    def test_weights_that_are_all_zero_are_drawn(self):
        drawn_picture(figures.show_weights(np.zeros((3, 28, 28)), range(3)))

    @pytest.mark.parametrize("shape", [(28, 28), (0, 28, 28), (784, 10)])
    def test_another_form(self, shape):
        with pytest.raises(ValueError, match=r"expected \(n, 28, 28\)"):
            figures.show_weights(np.zeros(shape), [])

    def test_not_finite_or_too_few_titles(self):
        with pytest.raises(ValueError, match="finite"):
            figures.show_weights(np.full((1, 28, 28), np.nan), ["a"])
        with pytest.raises(ValueError, match="2 neurons came with 1 titles"):
            figures.show_weights(self.weights, ["a"])


class TestClasses:
    def test_each_row_is_one_digit_and_its_first_images(self, mnist):
        digits = mnist.train[:2_000]
        sheet = class_sheet(digits, 5)
        for digit in range(10):
            expected = digits.images[digits.labels == digit][:5]
            for column, image in enumerate(expected):
                top, left = 30 * digit, 30 * column
                assert np.array_equal(sheet[top : top + 28, left : left + 28], image)
        assert sheet.shape == (298, 148)

    def test_a_rare_digit_leaves_its_row_empty(self, mnist):
        digits = mnist.train[mnist.train.labels != 7][:500]
        sheet = class_sheet(digits, 3)
        assert not sheet[7 * 30 : 8 * 30].any()
        assert sheet[6 * 30 : 7 * 30].any()

    def test_the_rows_are_named(self, mnist):
        (ax,) = figures.show_classes(mnist.train[:500], each=4).axes
        assert [text.get_text() for text in ax.get_yticklabels()] == list("0123456789")
        assert ax.get_title() == "The first 4 images of each digit"
