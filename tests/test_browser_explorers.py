"""The other notebooks in a real browser: each runs, and its explorers answer to mouse and keys."""

import base64
import re

import nbformat
import pytest
from browser import (
    DONE,
    TOKEN,
    change_parameters,
    copy_project,
    errors,
    jupyterlab,
    new_page,
    open_notebook,
    run_all,
    run_cell,
    start_all,
    violations_of_ours,
    write_notebook,
)
from playwright.sync_api import Page, expect

from digitrec import figures
from digitrec.figures.canvas import bundle


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return copy_project(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="module")
def address(folder):
    with jupyterlab(folder) as address:
        yield address


@pytest.fixture
def page(chromium, address):
    page = new_page(chromium)
    yield page
    page.close()


def says(page: Page, text: str | re.Pattern):
    return page.get_by_role("status").filter(has_text=text)


def test_01_browse_the_images_of_a_digit(page, address):
    open_notebook(page, address, "01_data_exploration")
    run_all(page)
    expect(
        says(page, "Image 1 of 5,434 with the label 0; its index among the training images is 1.")
    ).to_be_visible()
    expect(page.get_by_text("Nothing was chosen, so this is training image 1,")).to_be_visible()
    expect(page.get_by_role("img", name="as 28x28 squares, each with its value")).to_be_visible()
    assert violations_of_ours(page) == []
    page.get_by_role("combobox", name="Digit").select_option("7")
    expect(says(page, re.compile(r"Image 1 of 5,7\d\d with the label 7"))).to_be_visible()
    slider = page.get_by_role("slider", name="Image number")
    slider.press("ArrowRight")
    expect(says(page, re.compile(r"Image 2 of 5,7\d\d with the label 7"))).to_be_visible()
    expect(page.get_by_alt_text("A handwritten 7", exact=True)).to_be_visible()
    slider.click()  # in its middle
    expect(says(page, re.compile(r"Image 2,[89]\d\d of 5,7\d\d with the label 7"))).to_be_visible()


def opens(page: Page, name: str) -> None:
    """Click on a link of a notebook to another file, and see it in a tab of its own."""
    page.locator(f".jp-RenderedMarkdown a[href*='{name}']").first.click()
    expect(page.get_by_role("tab", name=name)).to_be_visible()


def test_02_runs_and_its_link_opens_the_source(page, address):
    open_notebook(page, address, "02_model_building")
    run_all(page)
    assert violations_of_ours(page) == []
    opens(page, "networks.py")
    expect(page.locator(".jp-FileEditor").get_by_text("def build_mlp")).to_be_visible()


def test_03_curves_grow_while_the_network_trains(page, address):
    open_notebook(page, address, "03_training")
    page.evaluate("""() => {
      window.grown = new Set();
      new MutationObserver(() => {
        for (const image of document.images) {
          if (image.alt.startsWith("Loss and accuracy after")) grown.add(image.alt);
        }
      }).observe(document.body, {subtree: true, childList: true, attributes: true});
    }""")
    start_all(page)
    training = page.locator(".jp-CodeCell").filter(has_text="live_curves()]")
    curves = training.locator(".jp-OutputArea-output img")
    expect(curves).to_have_count(1)
    expect(training).to_contain_text(re.compile(r"epoch  3 of 3 \.+ loss 0\.\d+.*\s+validation"))
    expect(curves).to_have_count(1)
    expect(curves).to_have_attribute("alt", re.compile("^Loss and accuracy over all epochs"))
    assert page.evaluate("grown.size") > 0  # it grew before the end
    rate = page.get_by_role("slider", name="Learning rate")
    for key, word in (("End", "diverges"), ("Home", "creeps")):
        rate.press(key)
        expect(says(page, f"It {word}")).to_be_visible()
        expect(page.get_by_alt_text(f"steps on it. It {word}")).to_be_visible()
    last = page.locator(".jp-CodeCell .jp-InputPrompt").last
    expect(last.filter(has_text=DONE)).to_be_visible()
    assert violations_of_ours(page) == []
    assert errors(page).all_inner_texts() == []


def test_04_walk_through_the_matrix_move_the_threshold_and_vote(page, address):
    open_notebook(page, address, "04_evaluation")
    run_all(page)
    page.get_by_role("gridcell", name="true 4, predicted as 4:").click()
    expect(says(page, re.compile(r"9\d\d of 982 true 4s were read as 4\."))).to_be_visible()
    expect(page.get_by_alt_text("A 4 read as 4", exact=True)).to_have_count(20)
    page.get_by_role("combobox", name="Predicted digit").select_option("9")
    expect(says(page, re.compile(r"\d+ of 982 true 4s were read as 9\."))).to_be_visible()
    slider = page.get_by_role("slider", name="Least confidence")
    slider.press("Home")
    expect(says(page, re.compile(r"Answered 5,000, .*Refused 0, "))).to_be_visible()
    expect(page.get_by_text("Refused, the most confident first: none.")).to_be_visible()
    for _ in range(3):
        slider.press("PageUp")
    expect(says(page, re.compile(r"Answered 4,\d\d\d, .*Refused \d+, "))).to_be_visible()
    ballot = page.get_by_role("group", name="Vote on labels")
    ballot.get_by_role("button", name="The label is right").click()
    page.keyboard.press("n")
    expect(ballot.get_by_text("Nobody can tell: 1. Still to look at: 18.").first).to_be_visible()
    run_cell(page, "mended = test.labels.copy()")
    expect(page.get_by_text("You voted on 2 of 20 labels: 1 right,")).to_be_visible()
    assert violations_of_ours(page) == []


def test_06_runs_and_its_link_opens_the_card(page, address, folder):
    change_parameters(folder, "06_stronger_model", epochs=1, train_size=10_000)
    open_notebook(page, address, "06_stronger_model")
    run_all(page)
    assert violations_of_ours(page) == []
    opens(page, "MODEL-CARD.md")


def test_words_and_width_of_a_figure_stay_in_a_notebook_that_nobody_trusts(page, address, folder):
    shown = bundle(
        figures.plot_bars(range(10), "digit", "images", "A plot").figure, "Ten bars & <b>"
    )
    kinds = shown | {"image/png": base64.b64encode(shown["image/png"]).decode()}
    write_notebook(folder, "foreign", "figures.show(...)")
    path = folder / "notebooks" / "foreign.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].outputs = [nbformat.v4.new_output("display_data", kinds)]
    nbformat.write(notebook, path)
    page.goto(f"{address}/lab/tree/notebooks/foreign.ipynb?token={TOKEN}&reset")
    picture = page.get_by_role("img", name="Ten bars & <b>", exact=True)
    expect(picture).to_be_visible()
    page.set_viewport_size({"width": 600, "height": 900})
    widths = "picture => [picture.clientWidth, picture.parentElement.clientWidth]"
    width, room = picture.evaluate(widths)
    assert 0 < width <= room
