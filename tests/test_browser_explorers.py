"""The lessons in JupyterLab in a real browser: what they show, and their explorers at work."""

import base64
import re
import shutil

import nbformat
import pytest
from browser import (
    DONE,
    HOME,
    TOKEN,
    cells_of,
    command,
    errors,
    new_page,
    open_instead,
    run_all,
    run_cell,
    run_first,
    start_all,
    violations_of_ours,
    write_notebook,
)
from conftest import NOTEBOOKS
from nbformat.sign import NotebookNotary
from playwright.sync_api import Page, expect

from digitrec import figures
from digitrec.figures.canvas import bundle
from digitrec.storage import DENSE_MODEL

NEEDED = {  # cells of a lesson that its explorers need
    "01_data_exploration": [
        *("import data_exploration", "mnist = digitrec.load_mnist()"),
        *("DigitBrowser(", "browser.index"),
    ],
    "03_training": [
        *("import training as tasks", "epochs: int", "check_parameters("),
        *("DescentExplorer(", "live_curves()]"),
    ],
    "04_evaluation": [
        *("import evaluation as tasks", "model_path: str", "mnist = digitrec.load_mnist()"),
        *("there = digitrec.project_path", "def ask(network", "validation_answers = ask(model"),
        *("matrix = tf.math.confusion_matrix", "errors = matrix *", "both_ways =", "n = len(test)"),
        *("ConfusionBrowser(", "ThresholdExplorer(", "box_probabilities = ask(", "mended ="),
    ],
}
LOOKED_AT = [path.stem for path in NOTEBOOKS]
LINKS = {"02_model_building": "networks.py", "06_stronger_model": "MODEL-CARD.md"}
OFTEN = "\nimport sys, digitrec.figures\nsys.modules['digitrec.figures.live_curves'].PAUSE = 0.3"


@pytest.fixture(scope="module")
def lessons(lab):
    """The lessons as they are stored, of which JupyterLab shows every output."""
    notary = NotebookNotary(data_dir=str(lab.folder / "data"))
    (lab.folder / "lessons").mkdir()
    for path in NOTEBOOKS:
        notary.sign(nbformat.read(path, as_version=4))
        shutil.copy(path, lab.folder / "lessons")


@pytest.fixture(scope="module")
def tab(chromium, lab):
    """A tab in which JupyterLab is there: opening it takes longer than any notebook."""
    tab = new_page(chromium)
    tab.goto(f"{lab.address}/lab?token={TOKEN}&reset")
    expect(tab.get_by_role("menuitem", name="Run", exact=True)).to_be_visible()
    yield tab
    tab.close()


@pytest.fixture
def page(request, tab, lab, tmp_path):
    """Cells of a lesson, in a project folder where notebook 3 has trained a network."""
    (tmp_path / "models").mkdir()
    shutil.copy(DENSE_MODEL, tmp_path / "models" / "handwritten_digits.keras")
    few = [
        code.replace("55_000", "5_000") for code in cells_of(request.param, *NEEDED[request.param])
    ]
    home = HOME + repr(str(tmp_path)) + OFTEN
    write_notebook(lab.folder, f"of_{request.param}", home, *few)
    open_instead(tab, f"notebooks/of_{request.param}.ipynb")
    run_first(tab)
    yield tab
    command(tab, "docmanager:save")  # or JupyterLab asks whether to


def says(page: Page, text: str | re.Pattern):
    return page.get_by_role("status").filter(has_text=text)


@pytest.mark.usefixtures("lessons")
@pytest.mark.parametrize("name", LOOKED_AT)
def test_what_a_lesson_shows_has_no_barrier_and_its_link_opens_a_file(tab, name):
    open_instead(tab, f"lessons/{name}.ipynb")
    expect(tab.locator(".jp-OutputArea-output").last).to_be_attached()
    assert violations_of_ours(tab) == []
    assert errors(tab).all_inner_texts() == []
    if name in LINKS:
        tab.locator(f".jp-RenderedMarkdown a[href*='{LINKS[name]}']").first.click()
        expect(tab.get_by_role("tab", name=LINKS[name])).to_be_visible()
    if name == "02_model_building":
        expect(tab.locator(".jp-FileEditor").get_by_text("def build_mlp")).to_be_visible()


@pytest.mark.parametrize("page", ["01_data_exploration"], indirect=True)
def test_01_browse_the_images_of_a_digit(page):
    run_all(page)
    expect(
        says(page, "Image 1 of 5,434 with the label 0; its index among the training images is 1.")
    ).to_be_visible()
    expect(page.get_by_text("Nothing was chosen, so this is training image 1,")).to_be_visible()
    assert violations_of_ours(page) == []
    page.get_by_role("combobox", name="Digit").select_option("7")
    expect(says(page, re.compile(r"Image 1 of 5,7\d\d with the label 7"))).to_be_visible()
    slider = page.get_by_role("slider", name="Image number")
    slider.press("ArrowRight")
    expect(says(page, re.compile(r"Image 2 of 5,7\d\d with the label 7"))).to_be_visible()
    expect(page.get_by_alt_text("A handwritten 7", exact=True)).to_be_visible()
    slider.click()  # in its middle
    expect(says(page, re.compile(r"Image 2,[89]\d\d of 5,7\d\d with the label 7"))).to_be_visible()


@pytest.mark.parametrize("page", ["03_training"], indirect=True)
def test_03_curves_grow_while_the_network_trains(page):
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


@pytest.mark.parametrize("page", ["04_evaluation"], indirect=True)
def test_04_walk_through_the_matrix_move_the_threshold_and_vote(page):
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


def test_words_and_width_of_a_figure_stay_in_a_notebook_that_nobody_trusts(tab, lab):
    shown = bundle(
        figures.plot_bars(range(10), "digit", "images", "A plot").figure, "Ten bars & <b>"
    )
    kinds = shown | {"image/png": base64.b64encode(shown["image/png"]).decode()}
    write_notebook(lab.folder, "foreign", "figures.show(...)")
    path = lab.folder / "notebooks" / "foreign.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].outputs = [nbformat.v4.new_output("display_data", kinds)]
    nbformat.write(notebook, path)
    open_instead(tab, "notebooks/foreign.ipynb")
    picture = tab.get_by_role("img", name="Ten bars & <b>", exact=True)
    expect(picture).to_be_visible()
    tab.set_viewport_size({"width": 600, "height": 900})
    widths = "picture => [picture.clientWidth, picture.parentElement.clientWidth]"
    width, room = picture.evaluate(widths)
    assert 0 < width <= room
