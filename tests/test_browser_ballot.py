"""The vote on doubtful labels in a real browser: by mouse, finger and keys, and the next cell."""

import pytest
from browser import (
    open_notebook,
    prepare_page,
    run_cell,
    violations_of_ours,
    write_notebook,
)
from playwright.sync_api import expect

VOTE = """\
import digitrec
from digitrec import widgets
digits = digitrec.load_mnist().validation
vote = widgets.LabelVote(digits, range(5), [f"Both say {n}." for n in range(5)])
display(vote)
print("labels", digits.labels[:5])"""
VOTES = "print(vote.right, vote.wrong, vote.unclear)"
TALLY = "Label right: {}. Label wrong: {}. Nobody can tell: {}. Still to look at: {}."


@pytest.fixture(scope="module")
def tab(chromium, lab):
    """A tab with mouse, keys and a screen to touch."""
    write_notebook(lab.folder, "ballot", VOTE, VOTES)
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, has_touch=True)
    page = prepare_page(context.new_page())
    open_notebook(page, lab.address, "ballot")
    yield page
    context.close()


@pytest.fixture
def page(tab):
    """The tab with a fresh vote."""
    run_cell(tab, "display(vote)")
    counts(tab, 0, 0, 0, 5)
    return tab


def ballot(page):
    return page.get_by_role("group", name="Vote on labels")


def button(page, name):
    return ballot(page).get_by_role("button", name=name, exact=True)


def counts(page, *numbers):
    expect(ballot(page).get_by_text(TALLY.format(*numbers)).first).to_be_visible()


def test_mouse_and_keys_vote_and_the_next_cell_has_the_votes(page, mnist):
    labels = mnist.validation.labels[:5].tolist()
    other = (labels[1] + 1) % 10
    expect(ballot(page).get_by_text("Image 1 of 5", exact=True)).to_be_visible()
    expect(ballot(page).get_by_text(f"Its label: {labels[0]}", exact=True)).to_be_visible()
    expect(ballot(page).get_by_text("Both say 0.", exact=True)).to_be_visible()
    counts(page, 0, 0, 0, 5)
    assert violations_of_ours(page) == []

    button(page, "The label is right").click()
    counts(page, 1, 0, 0, 4)
    first = ballot(page).get_by_role("img").get_attribute("src")
    page.keyboard.press(str(other))  # the focus is still where the mouse was
    counts(page, 1, 1, 0, 3)
    assert ballot(page).get_by_role("img").get_attribute("src") != first
    last = f"Your last vote: The label is wrong: it is a {other}."
    expect(ballot(page).get_by_text(last)).to_be_visible()
    button(page, "Nobody can tell").press("n")
    counts(page, 1, 1, 1, 2)
    page.keyboard.press("Backspace")
    counts(page, 1, 1, 0, 3)
    expect(page.get_by_role("status").filter(has_text="Undone. Image 3 of 5.")).to_be_visible()
    run_cell(page, VOTES)
    expect(page.get_by_text(f"[0] {{1: {other}}} []", exact=True)).to_be_visible()


def test_all_are_voted_on_and_the_last_vote_can_be_taken_back(page):
    button(page, "The label is right").focus()
    for key in "rrrrr3n":  # two more than there are images
        page.keyboard.press(key)
    counts(page, 5, 0, 0, 0)
    done = "You have voted on all 5 images."
    expect(ballot(page).get_by_text(done, exact=True)).to_be_visible()
    for name in ("The label is right", "Nobody can tell", "It is a 3"):
        expect(button(page, name)).to_be_disabled()
    assert violations_of_ours(page) == []
    button(page, "Undo").click()
    counts(page, 4, 0, 0, 1)
    expect(button(page, "It is a 3")).to_be_enabled()
    page.keyboard.press("n")
    run_cell(page, VOTES)
    expect(page.get_by_text("[0, 1, 2, 3] {} [4]", exact=True)).to_be_visible()


def test_a_finger_votes_and_nothing_jumps(page, mnist):
    page.set_viewport_size({"width": 800, "height": 900})
    right, height = button(page, "The label is right"), ballot(page).bounding_box()["height"]
    assert right.bounding_box()["height"] >= 44
    other = (int(mnist.validation.labels[0]) + 5) % 10
    button(page, f"It is a {other}").tap()
    counts(page, 0, 1, 0, 4)
    right.tap()
    counts(page, 1, 1, 0, 3)
    assert ballot(page).bounding_box()["height"] == height
