"""Network files of anybody's: sound ones open, others are refused in a sentence and run nothing."""

import numpy as np
import pytest
from conftest import ROOT, always

import digitrec
from digitrec.quiet import keras

LAYERS = keras.layers


@pytest.fixture
def hostile(monkeypatch, tmp_path):
    """The campaign of the benchmarks, of which a part is run here."""
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    monkeypatch.setenv("CANARY", str(tmp_path))
    import hostile_networks

    keras.saving.register_keras_serializable("odd", "canary")(hostile_networks.make.canary)
    yield hostile_networks
    keras.saving.get_custom_objects().clear()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("pickle", "no archive"),
        ("a million entries", "no archive"),
        ("an entry that leaves the folder", "no archive"),
        ("100,000 lists inside each other", "recursion"),
        ("200 lists inside each other", "nested"),
        ("lambda", "'Lambda', which is not let in"),
        ("lambda as an initializer", "not let in"),
        ("a registered function", "names 'odd>canary'"),
        ("a registered layer under a sound name", "a ReLU|names"),
        ("a class of os", "'system'"),
        ("a function of Keras that writes files", "'function'"),
        ("a SavedModel", "TFSMLayer"),
        ("a vocabulary from a file", "StringLookup"),
        ("a link to another file", "could not be loaded"),
        ("an array of 3.9 GB that takes no room", "too many or too large"),
        ("a layer of 10^9 units", "913,000,001,418 weights"),
        ("two layers of 10^5 units", "10,091,417,930 weights"),
        ("maps enlarged 10^4 times", "values"),
        ("pooling that takes a day", "products"),
        ("a convolution that takes a day", "products"),
        ("490 dense layers of 400", "calls layers"),
        ("calls of calls of calls", "calls layers"),
        ("weights of NaN", "answers NaN"),
        ("no softmax", "no probabilities"),
        ("2 answers", r"shape \(3, 2\)"),
        ("12 answers", r"shape \(3, 12\)"),
        ("two outputs", "cannot answer"),
        ("images of 32x32", "1024"),
    ],
)
def test_a_hostile_file_is_refused_in_a_sentence(name, said, hostile, tmp_path):
    path = hostile.FILES[name](tmp_path)
    with pytest.raises(ValueError, match=said) as caught:
        digitrec.load_model(path)
    assert len(str(caught.value)) < 600 + len(str(tmp_path))
    assert "If it is somebody else's" in str(caught.value)
    assert not (tmp_path / "canary").exists()


def convolutional():
    """What learners build: convolutions, Dropout, images turned while learning, all in a row."""
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            LAYERS.Rescaling(1 / 255),
            LAYERS.RandomRotation(0.02),
            LAYERS.Conv2D(16, 3, padding="same", kernel_initializer="he_normal"),
            LAYERS.LeakyReLU(),
            LAYERS.MaxPooling2D(),
            LAYERS.SeparableConv2D(16, 3, activation="gelu"),
            LAYERS.Dropout(0.3),
            LAYERS.Flatten(),
            LAYERS.Dense(32, kernel_regularizer=keras.regularizers.L2(1e-4)),
            LAYERS.LayerNormalization(),
            LAYERS.Activation("tanh"),
            LAYERS.Dense(10, activation="softmax"),
        ]
    )


def branched():
    """A network with branches and a sum, and another network inside."""
    images = keras.Input((28, 28), dtype="uint8")
    maps = LAYERS.Reshape((28, 28, 1))(LAYERS.Rescaling(1 / 255)(images))
    one = LAYERS.Conv2D(8, 3, padding="same")(maps)
    both = LAYERS.Add()([one, LAYERS.Conv2D(8, 1)(maps)])
    flat = LAYERS.GlobalAveragePooling2D()(LAYERS.ReLU()(LAYERS.BatchNormalization()(both)))
    last = keras.Sequential([keras.Input((16,)), LAYERS.Dense(11), LAYERS.Softmax()])
    return keras.Model(images, last(LAYERS.Concatenate()([flat, flat])))


@pytest.mark.parametrize("build", [convolutional, branched])
def test_networks_that_learners_build_open_as_they_were(build, mnist, tmp_path):
    model = build()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(mnist.train.images[:64], mnist.train.labels[:64], verbose=0)  # Adam is saved, too
    opened = digitrec.load_model(digitrec.save_model(model, tmp_path / "own.keras"))
    images = mnist.test.images[:50]
    assert np.array_equal(digitrec.predict(opened, images), digitrec.predict(model, images))
    assert digitrec.read_digit(ROOT / "digits" / "digit1.png", model=opened).steps.box


def test_a_network_that_is_handed_over_has_to_answer_with_probabilities():
    logits = keras.Sequential([keras.Input((28, 28)), LAYERS.Flatten(), LAYERS.Dense(10)])
    for model, said in ((logits, "no probabilities"), (always(7, size=12), "expected")):
        with pytest.raises(ValueError, match=said):
            digitrec.read_digit(ROOT / "digits" / "digit1.png", model=model)


def test_images_divided_by_255_are_refused_wherever_a_network_is_asked(mnist, tmp_path):
    digits = mnist.validation[:20]
    path = digitrec.save_model(digitrec.build_cnn(1), tmp_path / "own.keras")
    for model in (digitrec.build_mlp(), digitrec.load_model(path)):
        model.compile("adam", "sparse_categorical_crossentropy")
        before = model.predict(digits.images, verbose=0)
        for ask in (
            model,
            lambda images, model=model: model.predict(images, verbose=0),
            lambda images, model=model: model.evaluate(images, digits.labels, verbose=0),
            lambda images, model=model: model.fit(images, digits.labels, verbose=0),
        ):
            with pytest.raises(ValueError, match="not divided by 255"):
                ask(digits.images / 255)
        with pytest.raises(ValueError, match="itself divides by 255"):
            digitrec.predict(model, digits.images / 255)
        assert np.array_equal(model.predict(digits.images, verbose=0), before)
        model.compile("adam", "sparse_categorical_crossentropy")
        model.fit(digits.images, digits.labels, verbose=0)
        assert not np.array_equal(model.predict(digits.images, verbose=0), before)


def test_a_file_in_a_deep_folder_is_named_by_its_end(tmp_path):
    deep = tmp_path.joinpath(*["folder" * 20] * 10)
    deep.mkdir(parents=True)
    path = deep / "own.keras"
    path.write_bytes(b"")
    with pytest.raises(ValueError, match=r"own\.keras cannot be used") as caught:
        digitrec.load_model(path)
    assert len(str(caught.value)) < 600
