"""What README, SECURITY and the card claim is what is stored, and what is stored is so."""

import json
import re

import numpy as np
import pytest
from conftest import NOTEBOOKS, ROOT

import digitrec
from digitrec.calibration import calibration_error, log_loss
from digitrec.storage import BOXED_MODEL

README = (ROOT / "README.md").read_text("utf-8")
SECURITY = (ROOT / "SECURITY.md").read_text("utf-8")


def stored(name):
    return json.loads((ROOT / "benchmarks" / f"{name}.json").read_text("utf-8"))


def percents(accuracies):
    return [f"{accuracy:.1%}" for accuracy in (min(accuracies), max(accuracies))]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_readme_states_what_each_notebook_costs(notebook):
    cost = stored("notebook_costs")["notebooks"][notebook.stem]
    (row,) = re.findall(rf"^\|.*notebooks/{notebook.name}.*$", README, re.MULTILINE)
    seconds, gigabytes = cost["seconds"], cost["peak_memory_mb"] / 1000
    assert row.endswith(f"| {seconds:.0f} s | {gigabytes:.1f} GB |")


def test_readme_states_the_accuracy_of_the_classic_recipe():
    settings = stored("classic_accuracy")
    least, most = percents(settings["test_accuracy"])
    assert f"between {least} and {most} of the test set right, {settings['mean']:.1%} on" in README
    assert len(settings["test_accuracy"]) == 5
    least, most = percents([run[-1] for run in stored("training")["raw"]["classic"]])
    assert f"five others, on all 60,000 images, {least} to {most}" in README


def last_run(target):
    """What SECURITY says of the last run of a campaign."""
    (figures,) = re.findall(rf"^\| `make {target}` \| (.*) \|$", SECURITY, re.MULTILINE)
    return figures


def test_security_states_the_last_run_on_pictures():
    pages = stored("worst_pages")
    digit, page = (
        f"`{read}` {most}{cost['seconds']:.2f} s and {cost['MB']:.0f} MB"
        for most, (read, cost) in zip(("at most ", ""), pages["worst"].items(), strict=True)
    )
    assert last_run("worst") == f"{len(pages['pages'])} pages and files: {digit}, {page}"
    fuzz = stored("fuzz")
    read = fuzz["read"]["read_digit"] + fuzz["read"]["read_page"]
    assert last_run("fuzz") == (
        f"{fuzz['inputs']:,} inputs, {read:,} of them read as a digit or a page; "
        f"{fuzz['foreign']} foreign exceptions, "
        f"at most {fuzz['worst seconds']:.2f} s and {fuzz['worst MB']:.0f} MB"
    )


def test_security_states_the_last_runs_on_networks_and_work():
    hostile = stored("hostile_networks")
    assert last_run("hostile") == (
        f"{hostile['files']} network files: {hostile['code ran']} ran code, at most "
        f"{hostile['most seconds']:.1f} s, {hostile['most memory in MB']} MB "
        f"and {hostile['most letters']} letters"
    )
    trainings, saves = stored("kills")["trainings"], stored("kills")["saves"]
    left = [part["files left after the next start"] for part in (trainings, saves)]
    assert last_run("kills").startswith(
        f"{trainings['kills'] + saves['kills']} kills of saves and trainings: "
        f"{trainings['different'] + saves['lost']} lost, {sum(left)} left behind; "
        f"{trainings['kills that left a checkpoint']} of them met a checkpoint."
    )
    kernel, visitors = stored("sessions")["one_kernel"], stored("sessions")["many_visitors"]
    assert last_run("sessions") == (
        f"{kernel['readings']:,} readings, {kernel['uploads']:,} uploads, "
        f"{kernel['strokes']:,} drawings: {kernel['growth_mb']} MB more; "
        f"ten visitors one after another: {visitors['most_mb']} MB"
    )


def test_security_states_how_many_faults_are_noticed():
    counts = stored("mutants")["summary"]
    assert last_run("mutants") == (
        f"{sum(counts.values())} faults: {counts['killed']} noticed, {counts['survived']} not, "
        f"{counts['equivalent']} that nobody could notice"
    )


def test_the_card_is_written_from_the_record(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "scripts")
    from model_card import card

    record = json.loads(BOXED_MODEL.with_suffix(".json").read_text("utf-8"))
    assert BOXED_MODEL.with_name("MODEL-CARD.md").read_text("utf-8") == card(record)
    assert f"{record['weights']:,} weights" in card(record)


def test_the_record_describes_the_network_that_is_stored(boxed_model, mnist):
    record = json.loads(BOXED_MODEL.with_suffix(".json").read_text("utf-8"))
    labels = mnist.validation.labels
    answers = boxed_model.predict(mnist.validation.images, batch_size=1000, verbose=0)
    right = (answers.argmax(axis=1) == labels).sum()
    # processors round differently: an image or two, and a hundredth of the loss
    assert abs(right - record["validation"]["accuracy"] * len(labels)) <= 2
    assert log_loss(answers, labels) == pytest.approx(record["validation"]["loss"], rel=0.01)
    assert boxed_model.count_params() == record["weights"]


def test_the_card_states_the_test_accuracy_of_the_network_that_is_stored(boxed_model, mnist):
    record = json.loads(BOXED_MODEL.with_suffix(".json").read_text("utf-8"))
    chosen = record["seeds"].index(record["seed"])
    answers = digitrec.predict(boxed_model, mnist.test.images)
    labels = mnist.test.labels
    ten = (answers[:, :10].argmax(axis=1) == labels).mean()
    eleven = (answers.argmax(axis=1) == labels).mean()
    believed = ((answers.argmax(axis=1) == labels) & (answers.max(axis=1) >= 0.5)).mean()
    stated = [
        record[f"test_{name}_by_seed"][chosen]
        for name in ("accuracy", "accuracy_eleven", "right_and_believed")
    ]
    assert np.abs(np.array([ten, eleven, believed]) - stated).max() <= 0.0002
    error = calibration_error(answers[:, :10], labels)
    assert error == pytest.approx(record["test_calibration_error"], abs=0.0002)


def test_a_training_is_sooner_and_as_good():
    """As CONTRIBUTING says it; what did not help stands in the table, too."""
    record = stored("training_speed")
    assert record["seeds"] == 5
    lines = {line["way"]: line for line in record["lines"]}
    before, ours = record["lines"][0], record["lines"][-1]
    assert before["of_those_before"] == 1
    assert ours["of_those_before"] < 0.9
    right = [line["validation_accuracy"] for line in (before, ours)]
    assert right[1] > right[0] - 0.001
    taken = lines["+ soft labels while they are small"]
    assert lines["+ smaller images first"]["of_those_before"] < 0.9
    assert lines["convolutions in bfloat16"]["of_those_before"] > 0.95 * taken["of_those_before"]
    larger = lines["batches of 256"]
    assert larger["of_those_before"] < 0.9 * taken["of_those_before"]
    assert larger["validation_accuracy"] > taken["validation_accuracy"] - 0.0005


def test_a_start_is_what_tensorflow_takes():
    seconds = stored("start")["seconds"]
    assert seconds["now"]["cell"] < 0.95 * seconds["as before"]["cell"]
    assert seconds["TensorFlow and Keras alone"]["cell"] > 0.75 * seconds["now"]["cell"]
