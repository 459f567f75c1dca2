"""The vote on doubtful labels, worked through its state as a browser would."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from digitrec.widgets import LabelVote
from digitrec.widgets.ballot import NOBODY_CAN_TELL, Ballot

PLACES = [7, 3, 100, 42]
SAYS = [f"Both say {number}." for number in range(4)]


@pytest.fixture
def vote(mnist):
    return LabelVote(mnist.validation, PLACES, SAYS)


def send(vote, *votes, asked=1):
    (ballot,) = vote.children
    ballot.set_state({"votes": list(votes), "asked": asked})
    return ballot


def test_each_image_travels_with_its_label_and_its_sentence(vote, mnist):
    (ballot,) = vote.children
    assert ballot.labels == mnist.validation.labels[PLACES].tolist()
    assert ballot.says == SAYS
    for place, address in zip(PLACES, ballot.pictures, strict=True):
        kind, data = address.split(",")
        assert kind == "data:image/png;base64"
        shown = np.asarray(Image.open(io.BytesIO(base64.b64decode(data))))
        assert (255 - shown == mnist.validation.images[place]).all()  # dark ink on white paper


def test_votes_are_right_wrong_or_unclear_by_place(vote, mnist):
    assert (vote.voted, vote.right, vote.wrong, vote.unclear) == ({}, [], {}, [])
    labels = mnist.validation.labels[PLACES].tolist()
    other = labels[0]  # right for the first image, and wrong for the second
    assert other != labels[1]
    ballot = send(vote, labels[0], other, NOBODY_CAN_TELL)
    assert vote.voted == {7: labels[0], 3: other, 100: None}
    assert (vote.right, vote.wrong, vote.unclear) == ([7], {3: other}, [100])
    assert ballot.answered == 1


def test_undo_takes_the_last_vote_back(vote):
    send(vote, 1, 2, 3)
    send(vote, 1, 2, asked=2)
    assert vote.voted == {7: 1, 3: 2}
    send(vote, asked=3)
    assert vote.voted == {}


@pytest.mark.parametrize(
    "votes", [[1, 2, 3, 4, 5], [11], [-1], [None], ["1"], [[1]], "12", None, 7, {"a": 1}, [0.5]]
)
def test_votes_that_are_none_leave_those_before(vote, votes):
    send(vote, 1, 2)
    (ballot,) = vote.children
    with pytest.raises(Exception, match=r"trait|Found|votes"):
        ballot.set_state({"votes": votes, "asked": 2})
    assert vote.voted == {7: 1, 3: 2}
    assert ballot.answered == 2


def test_a_browser_that_changes_the_labels_changes_no_result(vote, mnist):
    label = int(mnist.validation.labels[7])
    (ballot,) = vote.children
    ballot.set_state({"labels": [(label + 1) % 10] * 9, "says": [], "pictures": []})
    send(vote, *[label] * 9, asked=2)
    assert list(vote.voted) == PLACES
    assert 7 in vote.right


def test_without_images_there_is_nothing_to_vote_on(mnist):
    vote = LabelVote(mnist.validation, [], [])
    assert (vote.voted, vote.right, vote.wrong, vote.unclear) == ({}, [], {}, [])
    assert repr(vote) == "Run this cell in JupyterLab to vote on the labels."


@pytest.mark.parametrize("places", [[1, 2, 3], [1, 2, 3, 3]])
def test_each_place_has_one_sentence_and_comes_once(mnist, places):
    with pytest.raises(ValueError, match=f"{len(places)} places, 3 of them different, came with 4"):
        LabelVote(mnist.validation, places, SAYS)


def test_it_is_closed_with_its_box(vote):
    (ballot,) = vote.children
    vote.close()
    assert ballot.comm is None
    assert Ballot().votes == []
