"""An answer is replaced in its place in a real browser: nothing jumps, folds or loses the focus."""

import pytest
from browser import new_page, write_notebook
from playwright.sync_api import expect

CODE = """\
import ipywidgets
from digitrec.widgets.answer_view import AnswerView
from digitrec.widgets.answers import folded

view = AnswerView()
long = "<p>A long answer.</p>" * 5 + folded("The steps", "<p>first, second</p>", unfold=False)
answers = {
    "Short": ("<p>Short.</p>", "Short is said."),
    "Long": (long, "Long is said."),
    "Longer": (long + "<p>And more.</p><script>document.title = 'run'</script>", "Said again."),
}
buttons = [ipywidgets.Button(description=name) for name in answers]
for button in buttons:
    button.on_click(lambda button: view.show(*answers[button.description]))
display(ipywidgets.VBox([view, *buttons]))"""


@pytest.fixture(scope="module")
def page(chromium, lab):
    write_notebook(lab.folder, "answers", CODE)
    page = new_page(chromium)
    page.goto(lab.page("notebooks/answers.ipynb"))
    yield page
    page.close()


@pytest.fixture
def press(page):
    def press(name, said):
        page.get_by_role("button", name=name, exact=True).click()
        expect(page.get_by_role("status").filter(has_text=said)).to_have_count(1)

    press("Short", "Short is said.")
    return press


def test_one_live_region_stays_and_only_its_text_changes(page, press):
    region = page.get_by_role("status").filter(has_text="Short is said.")
    region.evaluate("region => region.id = 'the-same'")
    press("Long", "Long is said.")
    expect(page.locator("#the-same")).to_have_text("Long is said.")
    expect(page.get_by_role("status").filter(has_text="said")).to_have_count(1)


def test_what_is_below_moves_down_at_most_once(page, press):
    def below():
        return page.get_by_role("button", name="Short", exact=True).bounding_box()["y"]

    press("Long", "Long is said.")
    lowest = below()
    press("Short", "Short is said.")
    assert below() == lowest
    press("Long", "Long is said.")
    assert below() == lowest
    press("Short", "Short is said.")
    page.set_viewport_size({"width": 700, "height": 900})
    page.wait_for_function("document.querySelector('.digitrec-answer').style.minHeight === ''")
    assert below() < lowest
    page.set_viewport_size({"width": 1280, "height": 900})


def test_what_was_unfolded_stays_unfolded_and_focused(page, press):
    press("Long", "Long is said.")
    line = page.get_by_text("The steps", exact=True)
    line.press("Enter")
    expect(page.get_by_text("first, second")).to_be_visible()
    page.get_by_role("button", name="Longer").evaluate("button => button.click()")
    expect(page.get_by_text("And more.")).to_be_visible()
    expect(page.get_by_text("first, second")).to_be_visible()
    expect(line).to_be_focused()


def test_scripts_in_an_answer_never_run(page, press):
    press("Longer", "Said again.")
    expect(page.get_by_text("And more.")).to_be_visible()
    expect(page).not_to_have_title("run")
