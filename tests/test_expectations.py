"""What is unusual is a sentence for a learner, and an error for the tests."""

import pytest

import digitrec


def test_what_holds_is_not_mentioned(capsys):
    digitrec.expect(True, "Never said.")
    assert capsys.readouterr().out == ""


def test_the_learner_gets_a_sentence_and_goes_on(monkeypatch, capsys):
    monkeypatch.delenv("DIGITREC_STRICT")
    digitrec.expect(False, "86.6% is low for this network: it saw 1,000 images.")
    said = capsys.readouterr().out
    assert said == "Unusual: 86.6% is low for this network: it saw 1,000 images.\n"


def test_the_tests_stop():
    with pytest.raises(AssertionError, match="is low"):
        digitrec.expect(False, "86.6% is low for this network.")
