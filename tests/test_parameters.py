"""Parameters of notebooks: wrong values and unknown names are refused before any work."""

import pytest

import digitrec


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("epochs", 0),
        ("epochs", "3"),
        ("epochs", 2.5),
        ("epochs", True),
        ("epochs", -1),
        ("batch_size", 0),
        ("batch_size", 5_001),
        ("learning_rate", 0),
        ("learning_rate", -0.1),
        ("learning_rate", float("nan")),
        ("learning_rate", "fast"),
        ("seed", -1),
        ("seed", 2**32),
        ("seed", None),
        ("model_name", "transformer"),
        ("model_name", ["mlp"]),
        ("train_new_model", 1),
        ("train_new_model", "False"),
        ("model_path", "handwritten_digits.model"),
        ("model_path", None),
        ("trained_model", "digits.h5"),
        ("results_path", "results.csv"),
        ("digits_folder", ""),
        ("digits_folder", "no such folder"),
        ("digit", 10),
        ("train_size", 55_001),
        ("train_size", 99),
        ("batch_size", 55_001),
        ("epochs", 1_001),
        ("learning_rate", 1.001),
        ("learning_rate", True),
        ("digit", -1),
        ("model_path", "my.keras.zip"),
        ("convolutional_path", "convolutional.h5"),
        ("convolutional_path", None),
        ("results_path", "results.json.txt"),
        ("trained_model", "my.keras.h5"),
        ("photos_folder", ""),
        ("photos_folder", "no such folder"),
        ("photos_folder", "digits/digit1.png"),
        ("hands_folder", " "),
        ("hands_folder", None),
        ("hands_folder", "digits/digit1.png"),
        ("hands_folder", "digits/digit1.png/inside"),
        ("taught_path", "my_hand.h5"),
        ("taught_path", None),
        ("writer", ""),
        ("writer", 17),
        ("writer", "two\nlines\u202e"),
    ],
)
def test_wrong_values_are_refused(name, value):
    with pytest.raises(ValueError, match=f"{name} = .*: expected ") as error:
        digitrec.check_parameters(**{name: value})
    assert repr(value) in str(error.value)
    assert "-p NAME VALUE" in str(error.value)


def test_right_values_pass():
    digitrec.check_parameters(
        epochs=3,
        batch_size=32,
        learning_rate=1,
        seed=0,
        model_name="cnn",
        train_new_model=False,
        trained_model=None,
        digits_folder="digits",
        photos_folder="digits",
        hands_folder="my_digits",
        taught_path="models/my_hand.keras",
        writer=None,
    )


def test_a_folder_of_hands_need_not_be_there_and_a_writer_may_have_any_name():
    digitrec.check_parameters(hands_folder="digits", writer="412-17")
    digitrec.check_parameters(hands_folder="my_digits/of/a class", writer="Zoë / 3")


def test_the_ends_of_each_range_pass():
    digitrec.check_parameters(epochs=1, batch_size=1, seed=2**32 - 1, digit=0, train_size=100)
    digitrec.check_parameters(epochs=1_000, batch_size=5_000, digit=9, train_size=55_000)
    digitrec.check_parameters(model_path="models/a.b.keras", results_path="a.json")
    digitrec.check_parameters(convolutional_path="models/convolutional.keras")


def test_all_mistakes_are_told_at_once():
    with pytest.raises(ValueError, match="epochs") as error:
        digitrec.check_parameters(epochs=0, seed=-1, batch_size=32)
    assert "seed = -1" in str(error.value)
    assert "batch_size" not in str(error.value)


class Shell:
    def __init__(self, *inputs):
        self.user_ns = {"In": ["", *inputs]}


def test_unknown_injected_names_are_refused(monkeypatch):
    shell = Shell("import digitrec", "epochs = 3", "# Parameters\nepochs = 3\nepoch = 1\n")
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    with pytest.raises(ValueError, match="epoch: no such parameter") as error:
        digitrec.check_parameters(epochs=3, seed=1)
    assert "This notebook has: epochs, seed." in str(error.value)
    assert "Did you mean epochs?" in str(error.value)


def test_a_readers_own_variables_are_not_parameters(monkeypatch):
    shell = Shell("my_own = 5", "# Parameters\nepochs = 3\n", "epoch = 7  # Parameters")
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    digitrec.check_parameters(epochs=3)


def test_of_a_cell_that_ran_twice_the_latest_values_count(monkeypatch):
    shell = Shell("# Parameters\nepoch = 1\n", "# Parameters\nepochs = 1\n")
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    digitrec.check_parameters(epochs=1)
    shell.user_ns["In"].reverse()
    with pytest.raises(ValueError, match="epoch: no such parameter"):
        digitrec.check_parameters(epochs=1)


def test_a_parameter_without_a_rule_is_named():
    with pytest.raises(ValueError, match=r"my: expected one of address, batch_size, .*epochs"):
        digitrec.check_parameters(my=1, epochs=3)
