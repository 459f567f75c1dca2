"""Networks and their records: saved whole, loaded as they were, and told apart."""

import json
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest
import sklearn.metrics
from conftest import KILLED

import digitrec
from digitrec.files import hold_new_file, write_whole
from digitrec.storage import BOXED_MODEL, DENSE_MODEL


@pytest.fixture(scope="module")
def model():
    return digitrec.build_mlp()


def run(code, **options):
    code = textwrap.dedent(code)
    return subprocess.run([sys.executable, "-c", code], text=True, capture_output=True, **options)


def test_saved_and_loaded_it_answers_the_same(model, mnist, home):
    path = digitrec.save_model(
        model, "models/own.keras", record={"seed": 3, "parameters": {"epochs": 2}}
    )
    assert path == home / "models" / "own.keras"
    loaded = digitrec.load_model("models/own.keras")
    one = model.predict(mnist.test.images[:500], verbose=0)
    assert np.array_equal(one, loaded.predict(mnist.test.images[:500], verbose=0))
    record = digitrec.load_record("models/own.keras")
    assert record["weights"] == 118_282
    assert record["seed"] == 3
    assert set(record["versions"]) == {"digitrec", "tensorflow", "keras", "numpy"}
    assert sorted(p.name for p in path.parent.iterdir()) == ["own.json", "own.keras"]
    loaded.fit(mnist.train.images[:64], mnist.train.labels[:64], verbose=0)
    assert not np.array_equal(
        loaded.get_weights()[0], model.get_weights()[0]
    )  # it goes on learning


def test_without_a_path_your_own_network_comes_before_the_boxed_one(model, mnist, home):
    images = mnist.test.images[:20]
    boxed = digitrec.load_model(BOXED_MODEL).predict(images, verbose=0)
    assert np.array_equal(digitrec.load_model().predict(images, verbose=0), boxed)
    digitrec.save_model(model, "models/handwritten_digits.keras")
    own = model.predict(images, verbose=0)
    assert np.array_equal(digitrec.load_model().predict(images, verbose=0), own)


def test_a_killed_save_leaves_the_old_network_whole(model, home):
    path = digitrec.save_model(model, "models/own.keras", record={"seed": 3})
    before = path.read_bytes(), path.with_suffix(".json").read_text()
    killed = run("""
        import digitrec, psutil

        class Model:
            def count_params(self):
                return 1
            def save(self, path):
                path.write_bytes(b"half a netw")
                psutil.Process().kill()

        digitrec.save_model(Model(), "models/own.keras", record={"seed": 4})
    """)
    assert killed.returncode in KILLED
    assert (path.read_bytes(), path.with_suffix(".json").read_text()) == before
    assert digitrec.load_model("models/own.keras").count_params() == 118_282
    assert len(list(path.parent.glob(".saving-*"))) == 2
    digitrec.save_model(model, "models/other.keras")
    assert not list(path.parent.glob(".saving-*"))  # the next one cleans up


def test_a_failed_save_leaves_no_trace(model, home):
    for wrong in ({"seed": np.int64(3)}, {"loss": float("nan")}):
        with pytest.raises(ValueError, match="cannot be written as JSON"):
            digitrec.save_model(model, "models/own.keras", record=wrong)
        with pytest.raises(ValueError, match="cannot be written as JSON"):
            digitrec.save_results("models/results.json", wrong)
    assert not (home / "models").exists()


@pytest.mark.parametrize("name", ["handwritten_digits.model", "digits.h5", "digits"])
def test_other_endings_are_refused(name, model, home):
    with pytest.raises(ValueError, match=r"expected one that ends in \.keras"):
        digitrec.save_model(model, name)


def test_missing_and_damaged_networks_are_named(home):
    with pytest.raises(FileNotFoundError, match=r"no trained network at .*nothing\.keras"):
        digitrec.load_model("nothing.keras")
    (home / "broken.keras").write_bytes(b"half a netw")
    with pytest.raises(ValueError, match=r"broken\.keras cannot be used as a network: it is no"):
        digitrec.load_model("broken.keras")


def test_the_boxed_network_is_good_and_small(boxed_model, mnist):
    guesses = boxed_model.predict(mnist.validation.images, batch_size=1000, verbose=0)
    assert (guesses.argmax(axis=1) == mnist.validation.labels).mean() > 0.993
    assert BOXED_MODEL.stat().st_size < 3e6


def test_a_damaged_or_swapped_box_is_told_by_its_checksum(tmp_path, monkeypatch):
    for path in (BOXED_MODEL, DENSE_MODEL):
        assert json.loads(path.with_suffix(".json").read_text())["sha256"]
        shutil.copy(path, tmp_path)
        shutil.copy(path.with_suffix(".json"), tmp_path)
    boxed = tmp_path / BOXED_MODEL.name
    monkeypatch.setattr("digitrec.storage.BOXED_MODEL", boxed)
    assert digitrec.load_model(boxed).count_params() > 100_000
    content = boxed.read_bytes()
    middle = len(content) // 2
    flipped = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
    for wrong in (flipped, (tmp_path / DENSE_MODEL.name).read_bytes()):
        boxed.write_bytes(wrong)
        with pytest.raises(ValueError, match="git checkout -- digitrec/assets"):
            digitrec.load_model(boxed)


def test_a_record_of_another_network_is_told(model, home):
    path = digitrec.save_model(model, "models/own.keras")
    other = digitrec.save_model(digitrec.build_mlp(), "models/other.keras")
    path.with_suffix(".json").write_bytes(other.with_suffix(".json").read_bytes())
    with pytest.raises(ValueError, match=r"own\.json and the network own\.keras .* belong"):
        digitrec.load_record("models/own.keras")
    assert digitrec.load_model("models/own.keras").count_params() == 118_282  # it is whole
    for damage in ("", "[]", "{", "\x00"):
        path.with_suffix(".json").write_text(damage)
        with pytest.raises(ValueError, match=r"own\.json is damaged"):
            digitrec.load_record("models/own.keras")


def test_files_that_are_being_written_are_left_alone(tmp_path):
    with hold_new_file(tmp_path / "own.keras") as file:
        write_whole(tmp_path / "other.json", lambda path: path.write_text("{}"))
        assert sorted(path.name for path in tmp_path.iterdir()) == [
            Path(file.name).name,
            "other.json",
        ]
    write_whole(tmp_path / "other.json", lambda path: path.write_text("{}"))
    assert [path.name for path in tmp_path.iterdir()] == ["other.json"]


def test_a_full_disk_leaves_the_old_file_and_says_what_to_do(tmp_path):
    resource = pytest.importorskip("resource")
    path = tmp_path / "results.json"
    path.write_text("old")
    least, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, most))
    try:
        with pytest.raises(OSError, match=r"results\.json could not be written .*Make room"):
            digitrec.save_results(path, {"text": "x" * 5_000})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (least, most))
    assert path.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["results.json"]


def test_a_folder_that_cannot_be_written_is_named(model, tmp_path):
    (tmp_path / "taken").write_text("a file, not a folder")
    with pytest.raises(OSError, match=r"own\.keras could not be written .* Choose another folder"):
        digitrec.save_model(model, tmp_path / "taken" / "own.keras")


def test_a_loaded_network_can_be_evaluated_however_it_was_saved(mnist, home):
    model, some = digitrec.build_cnn(1), mnist.test[:500]  # never compiled
    digitrec.save_model(model, "models/own.keras")
    loss, accuracy = digitrec.load_model("models/own.keras").evaluate(
        some.images, some.labels, verbose=0
    )
    answers = model.predict(some.images, verbose=0)
    assert accuracy == pytest.approx((answers.argmax(axis=1) == some.labels).mean())
    assert loss == pytest.approx(sklearn.metrics.log_loss(some.labels, answers), rel=1e-4)
