"""Every notebook is built in the same way, and committed as it was executed."""

import ast
import itertools
import re
import statistics
from html.parser import HTMLParser

import nbformat
import pytest
from conftest import NOTEBOOKS, ROOT

from digitrec.parameters import RULES

FILLER = re.compile(r"\b(simply|obviously|basically|clearly|of course|as you can see)\b", re.I)
COUNTED = "images?|rows?|columns?|labels?|lines?|steps?|weights?|probabilities|batches|values|bars"
RATE = re.compile(
    rf"\b({COUNTED}) an? "
    r"(image|digit|epoch|row|neuron|step|class|picture|page|seed|batch|input|answer|map)\b"
)
CERTAIN = re.compile(r"(?<![\d.,])100(\.0+)?%")
OF_A_MACHINE = re.compile(
    r"(/home/|/root/|/tmp/|/Users/|[A-Z]:\\|site-packages"
    r"|\d ?ms\b|\d+s \d+|/step|it/s|0x[0-9a-f]{6})"
)


FIRST_MINUTE, *LESSONS = NOTEBOOKS  # the first one is to be played with, the others teach


@pytest.fixture(params=LESSONS, ids=lambda path: path.stem)
def lesson(request):
    return nbformat.read(request.param, as_version=4)


@pytest.fixture
def first_minute():
    return nbformat.read(FIRST_MINUTE, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def prose(notebook):
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def outputs(notebook):
    return [output for cell in code_cells(notebook) for output in cell.outputs]


def text_of(output):
    return output.get("text", "") + str(output.get("data", {}).get("text/plain", ""))


def test_there_are_a_first_minute_and_five_core_notebooks():
    assert [path.stem for path in NOTEBOOKS][:6] == [
        "00_first_minute",
        "01_data_exploration",
        "02_model_building",
        "03_training",
        "04_evaluation",
        "05_custom_prediction",
    ]


def test_anatomy(lesson):
    text = prose(lesson)
    without_code = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    assert len(re.findall(r"^# ", without_code, re.MULTILINE)) == 1
    assert lesson.cells[0].source.startswith("# ")
    for part in ("**You will**", "| You need | Why |", "**Time:**", "**Reads:**", "**Writes:**"):
        assert part in lesson.cells[0].source, part
    headings = re.findall(r"^## (.*)", without_code, re.MULTILINE)
    assert headings[-5:] == [
        "Summary",
        "Check yourself",
        "Your turn",
        "What's next",
        "References",
    ]
    assert text.count("<details>") == text.count("</details>") >= 3


def test_parameters_come_second_are_literals_and_are_all_checked(lesson):
    _, parameters, check = code_cells(lesson)[:3]
    assert parameters.metadata.tags == ["parameters"]
    names = []
    for statement in ast.parse(parameters.source).body:
        assert isinstance(statement, ast.AnnAssign), ast.unparse(statement)
        ast.literal_eval(statement.value)
        names.append(statement.target.id)
    assert all("  # " in line for line in parameters.source.splitlines())
    assert set(names) <= set(RULES)
    call = ast.parse(check.source).body[0].value
    assert ast.unparse(call.func) == "digitrec.check_parameters"
    assert [(k.arg, ast.unparse(k.value)) for k in call.keywords] == [(n, n) for n in names]


def test_committed_as_executed_in_order(notebook):
    cells = code_cells(notebook)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert all(output.output_type != "error" for output in outputs(notebook))


def test_lessons_have_much_to_see(lesson):
    assert len(outputs(lesson)) >= 8


def test_outputs_hold_nothing_of_a_machine(notebook):
    for output in outputs(notebook):
        assert output.get("name") != "stderr", output.text
        assert not OF_A_MACHINE.search(text_of(output)), text_of(output)


def test_metadata_is_plain(notebook):
    assert notebook.metadata.kernelspec.name == "python3"
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert notebook.metadata.language_info.file_extension == ".py", "JupyterLab would complete it"
    assert all(set(cell.metadata) <= {"tags"} for cell in notebook.cells)
    ids = [cell.id for cell in notebook.cells]
    assert len(ids) == len(set(ids))


def test_small_enough_to_open_anywhere(notebook_path):
    assert notebook_path.stat().st_size < 1_000_000


class Words(HTMLParser):
    """The alternative text of each picture in a piece of HTML, as a browser finds it."""

    def __init__(self, html):
        super().__init__()
        self.alts = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        if tag == "img":
            self.alts.append(dict(attributes).get("alt", ""))


def test_every_figure_has_words_that_reach_its_reader(notebook):
    """JupyterLab, Voilà and nbconvert show the HTML, and never look into metadata for words."""
    kinds = [output.data for output in outputs(notebook) if "data" in output]
    pictures = [data for data in kinds if any(kind.startswith("image/") for kind in data)]
    assert pictures
    for data in pictures:
        (alt,) = Words(data["text/html"]).alts
        assert len(alt) >= 20
        assert not alt.startswith("Figure: "), "show it with figures.show(..., alt=...)"


def test_every_code_cell_is_introduced(notebook):
    kinds = [cell.cell_type for cell in notebook.cells]
    setup = 3  # imports, parameters and their check may stand together
    for position, pair in enumerate(itertools.pairwise(kinds)):
        if pair == ("code", "code") and kinds[: position + 1].count("code") >= setup:
            before, after = notebook.cells[position : position + 2]
            pytest.fail(f"no word between {before.source[:40]!r} and {after.source[:40]!r}")


def test_cells_stay_short(lesson):
    """The cells of tasks are the learner's, and come on top."""
    lines = [
        sum(1 for line in cell.source.splitlines() if line.strip())
        for cell in code_cells(lesson)
        if not any(tag.startswith("task-") for tag in cell.metadata.get("tags", []))
    ]
    assert 12 <= len(lines) <= 30
    assert max(lines) <= 25
    assert statistics.median(lines) <= 10


def test_prose_is_neither_missing_nor_padded(lesson):
    words = len(re.findall(r"\w+", prose(lesson)))
    assert 45 <= words / len(code_cells(lesson)) <= 120


def test_no_word_fills_a_sentence(notebook):
    assert not FILLER.search(prose(notebook))


def test_a_rate_is_told_with_per(notebook):
    """Say one label per image; "one label an image" is read twice before it is understood."""
    everything = "\n".join(cell.source for cell in notebook.cells)
    everything += "\n".join(map(text_of, outputs(notebook)))
    assert not RATE.search(everything), RATE.search(everything)


def test_nothing_is_certain(notebook):
    """A share of 99.7% is no 100%: `percent` or one more decimal says so."""
    for output in outputs(notebook):
        assert not CERTAIN.search(text_of(output)), text_of(output)


def test_unchecked_outputs_are_expected(notebook):
    cells = code_cells(notebook)
    for cell, following in zip(cells, [*cells[1:], None], strict=True):
        if "nbval-ignore-output" in cell.metadata.get("tags", []):
            sources = cell.source + (following.source if following else "")
            assert re.search(r"^\s*digitrec\.expect\(", sources, re.MULTILINE), cell.source


def test_nothing_is_asserted(notebook):
    """An assert stops a learner who changed a parameter; `digitrec.expect` says what is unusual."""
    for cell in code_cells(notebook):
        kinds = {type(node) for node in ast.walk(ast.parse(cell.source))}
        assert not kinds & {ast.Assert, ast.Raise}, cell.source


def test_no_trailing_semicolons_and_no_installs(notebook):
    for cell in code_cells(notebook):
        assert not cell.source.rstrip().endswith(";")
        assert not re.search(r"^\s*[!%]", cell.source, re.MULTILINE)
        assert "import *" not in cell.source


def test_links_lead_somewhere(notebook, notebook_path):
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", prose(notebook)):
        assert (notebook_path.parent / target).exists(), target


def test_what_is_printed_fits_a_window_of_800_pixels(notebook):
    """78 letters of JupyterLab's fit beside a cell with the sidebar closed."""
    for output in outputs(notebook):
        if "text/html" not in output.get("data", {}):
            assert all(len(line) <= 78 for line in text_of(output).splitlines()), text_of(output)


def test_readme_and_notebooks_name_each_other():
    readme = (ROOT / "README.md").read_text()
    for path in NOTEBOOKS:
        assert f"notebooks/{path.name}" in readme


def test_in_the_first_minute_the_pad_comes_before_many_words(first_minute):
    """One cell of two lines shows it; nobody has to read more than two sentences before."""
    cells = first_minute.cells
    assert [cell.cell_type for cell in cells[:2]] == ["markdown", "code"]
    unfolded = re.sub(r"(</summary>).*?</details>", r"\1", cells[0].source, flags=re.DOTALL)
    assert len(re.findall(r"\w+", unfolded)) <= 30  # the folded note on Colab is for who unfolds it
    assert cells[1].source == "from digitrec import widgets\n\nwidgets.LiveReader()"
    assert len(code_cells(first_minute)) <= 4
    assert "parameters" not in str([cell.metadata for cell in cells])
    for part in ("**Time:**", "**Reads:**", "**Writes:**"):
        assert part in prose(first_minute)


def headings(path):
    return re.findall(r"^## (.*)", prose(nbformat.read(path, as_version=4)), re.MULTILINE)


def test_routes_keep_their_time_and_lead_to_sections_that_exist(first_minute):
    """Each column of the table is a route: its minutes in bold, its sections in italics."""
    table = re.findall(r"^\| *(.*?) *\|$", prose(first_minute), re.MULTILINE)
    head, _, *rows = ([cell.strip() for cell in row.split("|")] for row in table)
    assert head == ["Notebook", "45 minutes", "90 minutes", "180 minutes"]
    for column, name in enumerate(head[1:], start=1):
        minutes = [re.match(r"\*\*(\d+)\*\*", row[column]) for row in rows]
        assert minutes[0], "notebook 00 is a part of each route"
        total = sum(int(found[1]) for found in minutes if found)
        assert 0.9 * int(name.split()[0]) <= total <= int(name.split()[0])
    named = 0
    for row in rows:
        for target in re.findall(r"\]\((.*?)\)", row[0]):
            sections = re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", " ".join(row[1:]))
            assert sections
            assert set(sections) <= set(headings(FIRST_MINUTE.parent / target))
            named += 1
    assert named >= 5
