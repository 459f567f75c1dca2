"""Judges of single lessons: right answers of any form, and what a hurried reader hands over."""

import numpy as np
import pytest

import digitrec
from digitrec.exercises.judges import Choice
from digitrec.exercises.judging import explaining, few_digits, filters, mixing, patches, splitting
from digitrec.exercises.predicting import Foreseen
from digitrec.exercises.verdict import State


def is_right(verdict):
    return verdict.state is State.RIGHT


@pytest.fixture(scope="module")
def dense():
    from digitrec.storage import DENSE_MODEL

    return digitrec.load_model(DENSE_MODEL)


def test_only_a_right_prediction_is_measured():
    def measured(*context):
        seen.append(context)
        return "Measured."

    seen = []
    judge = Foreseen(Choice("b", "Because.", {"a": "No."}), measured)
    assert judge(..., 1).state is State.NOT_ATTEMPTED
    assert judge("a", 1).state is State.NOT_YET
    assert seen == []
    assert judge("B", 1, 2).reason == "Because.\nMeasured."
    assert seen == [(1, 2)]


@pytest.mark.parametrize("answer", [["B", "C"], "BC", "c, b", {"B", "C"}, np.array(["C", "B"])])
def test_blind_explanations_are_named_in_any_form(answer):
    assert is_right(explaining.blind(answer))


def test_which_explanations_are_blind_is_so(mnist, dense):
    from digitrec.inside.gradients import likeness
    from digitrec.inside.weights import untrained

    sample = mnist.validation[:10]
    for start in (11, 12):
        fresh = untrained(dense, start)
        for letter, explain in explaining.explanations.items():
            maps = (explain(model, sample.images, sample.labels) for model in (dense, fresh))
            alike = likeness(*maps)
            assert (alike > 0.9) == (letter in explaining.BLIND), (letter, alike)
            assert alike > 0.9 or alike < 0.6, "no doubtful case"


class Reader:
    """Reads a 1 where the first row has ink, else a 0."""

    def predict(self, images, **_):
        ink = images[:, 0].any(axis=1)
        return np.stack([~ink, ink], axis=1).astype(np.float32)


@pytest.fixture
def reads_first_row(monkeypatch):
    def answers(model, images):
        return model.predict(images)

    for module in (patches, filters):
        monkeypatch.setattr(module, "predict", answers)
    monkeypatch.setattr("digitrec.inside.occlusion.predict", answers)
    return Reader()


def picture(columns):
    image = np.zeros((28, 28), np.uint8)
    image[0, :columns] = 255
    return image


def test_a_patch_has_to_be_smaller_than_the_smallest_square(reads_first_row):
    judge = patches.SmallestPatch()
    image = picture(3)
    assert patches.smallest_square(reads_first_row, image) == 9
    assert judge((0, 0, 3, 3), image, reads_first_row).state is State.NOT_YET
    verdict = judge(np.array([0.0, 0.0, 1.0, 3.0]), image, reads_first_row)
    assert is_right(verdict)
    assert verdict.measure == 3
    assert np.array_equal(image, picture(3)), "the image is the learner's"


def test_one_pixel_is_enough_where_nothing_smaller_exists(reads_first_row):
    assert is_right(patches.SmallestPatch()([0, 0, 1, 1], picture(1), reads_first_row))


def test_where_no_square_helps_every_patch_would(reads_first_row):
    assert patches.smallest_square(reads_first_row, picture(0)) == 785
    said = patches.SmallestPatch()((0, 0, 28, 28), picture(0), reads_first_row)
    assert said.state is State.NOT_YET


@pytest.mark.parametrize("answer", [(-1, 0, 2, 2), (27, 0, 2, 1), (0, 0, 1.5, 1), (0, 0, 1)])
def test_a_patch_outside_is_told(answer, reads_first_row):
    assert patches.SmallestPatch()(answer, picture(3), reads_first_row).state is State.NOT_YET


class Kernel:
    """Weights that can be read and changed, as Keras has them."""

    def __init__(self, values):
        self.values = values

    def numpy(self):
        return self.values.copy()

    def assign(self, values):
        self.values = np.array(values)


class Layer:
    def __init__(self, filters):
        self.kernel = Kernel(np.ones((2, 2, 1, filters)))


def test_missed_filters_get_their_weights_back(monkeypatch):
    """A network that fails in between must not stay silenced."""
    layer = Layer(4)
    cost = np.array([1, 3, 0, 2])  # digits that are misread without each filter
    digits = digitrec.Digits(np.zeros((9, 28, 28), np.uint8), np.zeros(9, np.uint8))

    def predict(model, images):
        silent = ~layer.kernel.values.any(axis=(0, 1, 2))
        assert silent.sum() == 1
        if model == "broken" and silent[2]:
            raise ValueError("broken")
        read = np.arange(len(images)) < cost[silent][0]
        return np.stack([~read, read], axis=1)

    monkeypatch.setattr(filters, "predict", predict)
    assert filters.right_without_each("whole", layer, digits) == [8, 6, 9, 7]
    assert is_right(filters.missed_most(np.int64(1), "whole", layer, digits))
    said = [filters.missed_most(number, "whole", layer, digits).reason for number in range(5)]
    assert "another costs more" in said[0]
    assert "counts from 0" in said[2]
    assert "last filter" in said[3]
    assert "filters 0 to 3" in said[4]
    with pytest.raises(ValueError, match="broken"):
        filters.right_without_each("broken", layer, digits)
    assert layer.kernel.values.all()
    layer.kernel.values[..., 3] = 0
    assert "no weights any more" in filters.missed_most(1, "whole", layer, digits).reason


def whole_writers(writers, share, generator):
    names = np.unique(writers)
    generator.shuffle(names)
    return np.isin(writers, names[: max(1, int(share * len(names)))])


@pytest.mark.parametrize(
    "form",
    [
        lambda mask: mask,
        lambda mask: mask.tolist(),
        lambda mask: mask.astype(int),
        lambda mask: mask.astype(np.float32),
    ],
)
def test_any_split_without_a_leak_is_right(form):
    verdict = splitting.keeps_writers_whole(lambda *given: form(whole_writers(*given)))
    assert is_right(verdict), verdict


def test_a_split_at_random_leaks_and_another_way_to_write_it_is_no_answer():
    def same(writers, share, generator):
        return [one < share for one in generator.random(len(writers))]

    assert splitting.keeps_writers_whole(same).state is State.NOT_ATTEMPTED
    leaks = splitting.keeps_writers_whole(lambda w, s, g: g.random(len(w)) > s)
    assert "A leak" in leaks.reason
    turned = splitting.keeps_writers_whole(lambda *given: ~whole_writers(*given))
    assert "their share" in turned.reason


def drawn(hand, known, share, size, generator):
    new = round(share * size)
    return (
        hand[generator.choice(len(hand), new, replace=False)],
        known[generator.choice(len(known), size - new, replace=False)],
    )


def test_batches_may_be_in_any_order_and_hold_together():
    def shuffled(hand, known, share, size, generator):
        mine, rest = drawn(hand, known, share, size, generator)
        order = generator.permutation(size)
        images = np.concatenate([rest.images, mine.images])[order]
        return images, np.concatenate([rest.labels, mine.labels])[order]

    def together(*given):
        return digitrec.Digits(*shuffled(*given))

    for answer in (shuffled, together, lambda *given: list(shuffled(*given))):
        assert is_right(mixing.mixes(answer))


def test_a_batch_with_labels_of_others_or_of_few_images_is_told():
    def mislabelled(*given):
        mine, rest = drawn(*given)
        images = np.concatenate([mine.images, rest.images])
        return images, np.concatenate([mine.labels, rest.labels[::-1]])

    def always_the_same(hand, known, share, size, generator):
        new = round(share * size)
        parts = hand[:new], known[-(size - new) :]
        return (np.concatenate([getattr(p, f) for p in parts]) for f in ("images", "labels"))

    assert "labels of others" in mixing.mixes(mislabelled).reason
    assert "same images of MNIST" in mixing.mixes(lambda *g: tuple(always_the_same(*g))).reason


def test_a_batch_has_its_share_of_the_hand():
    def batch(new):
        def answer(hand, known, share, size, generator):
            count = new(share, size)
            mine = hand[generator.integers(len(hand), size=count)]
            rest = known[generator.integers(len(known), size=size - count)]
            images = np.concatenate([mine.images, rest.images])
            return images, np.concatenate([mine.labels, rest.labels])

        return mixing.mixes(answer)

    assert is_right(batch(lambda share, size: round(share * size)))
    for wrong in (lambda _, size: 0, lambda share, size: round(share * size) + 1):
        assert "are the hand's; expected" in batch(wrong).reason


def test_few_digits_are_named_by_their_places():
    assert few_digits.places_in({3, 1}, 5) == [1, 3]
    assert few_digits.places_in(4, 5) == [4]
    for wrong in ([5], [-1], [1, 1], [], [0.5], "1", [True, False]):
        assert isinstance(few_digits.places_in(wrong, 5), str), wrong


@pytest.fixture
def counted(monkeypatch):
    """Teaching without a network: mistakes on the hand and on MNIST, before and after."""
    wrong = {}

    def mistakes(model, digits):
        return wrong[model][0 if len(digits) == 10 else 1]

    monkeypatch.setattr(few_digits, "mistakes", mistakes)
    monkeypatch.setattr(few_digits, "fine_tune", lambda *_, **__: "after")
    return wrong


@pytest.mark.parametrize(
    ("few", "before", "after", "said"),
    [
        ([0, 1, 2], (8, 100), (4, 110), None),
        ([0, 1, 2], (9, 100), (4, 90), None),
        ([0, 1, 2, 3], (8, 100), (4, 110), "The goal"),
        ([0], (8, 100), (5, 100), "More than half"),
        ([0], (9, 100), (5, 100), "More than half"),
        ([0], (8, 100), (4, 111), "costs MNIST"),
        ([0], (1, 100), (0, 100), "nothing to gain"),
    ],
)
def test_half_of_the_mistakes_and_what_mnist_pays(few, before, after, said, counted):
    def digits(count):
        return digitrec.Digits(np.zeros((count, 28, 28), np.uint8), np.zeros(count, np.uint8))

    counted.update(start=before, after=after)
    mnist = digitrec.Mnist(digits(20), digits(20), digits(20))
    verdict = few_digits.FewestDigits()(few, 150, "start", digits(10), digits(10), mnist)
    assert is_right(verdict) == (said is None)
    assert said is None or said in verdict.reason
    if is_right(verdict):
        assert verdict.measure == len(few)


def test_a_slip_without_fours_changes_nothing_and_is_told(mnist, dense):
    few = mnist.validation[:40]
    part = digitrec.Mnist(mnist.train[:500], few, mnist.test)
    said = few_digits.slip_taught(dense, few[few.labels != 4], few[few.labels != 4], part)
    assert "this hand's, 0 before and 0 after, of 0" in said
