"""What somebody meets who finds the repository: README, its animation, CITATION, forms, CHANGES."""

import platform
import re
import subprocess
import sys
import tomllib

import pytest
import yaml
from conftest import ROOT
from PIL import Image

README = (ROOT / "README.md").read_text(encoding="utf-8")
FORMS = sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("[0-9]*.yml"))
ADDRESSED = re.compile(r"<!-- address: (\w+) -->.*?<!-- address: end -->", re.DOTALL)


def anchors(text):
    """Return the anchors that GitHub gives to the headings of a page."""
    text = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    headings = re.findall(r"^#+ (.*)", text, re.MULTILINE)
    return [re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings]


def test_the_table_of_contents_is_that_of_the_page():
    contents = README[README.index("**Contents:**") : README.index("\n## ")]
    listed = re.findall(r"\]\(#([\w-]+)\)", contents)
    assert listed == anchors(README)[1:]


def test_links_of_the_front_pages_lead_somewhere():
    for name in ("README.md", "CHANGES.md", "CODE_OF_CONDUCT.md", "docs/installing.md"):
        text = ADDRESSED.sub("", (ROOT / name).read_text(encoding="utf-8"))
        targets = re.findall(r"(?:\]\(|src=\"|srcset=\")(?!https?:)([^)\"\s]*)", text)
        for target in targets:
            path, _, anchor = target.partition("#")
            page = (ROOT / name).parent / path if path else ROOT / name
            assert page.exists(), f"{name}: {target}"
            assert not anchor or anchor in anchors(page.read_text()), f"{name}: {target}"
    for form in FORMS:
        for path, anchor in re.findall(
            r"\(\.\./blob/HEAD/([\w./-]+)#?([\w-]*)\)", form.read_text()
        ):
            assert not anchor or anchor in anchors((ROOT / path).read_text())
            assert (ROOT / path).exists()


def test_the_first_screen_has_the_animation_the_two_commands_and_the_site_in_this_order():
    parts = [
        "address: badges",
        "docs/tour.webp",
        "address: clone",
        "address: site",
        "**Contents:**",
    ]
    places = [README.index(part) for part in parts]
    assert places == sorted(places)
    assert README[: places[-1]].count("\n") < 40
    assert README.count("\n") < 215


def test_every_make_command_that_readme_names_is_a_target():
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    named = set(re.findall(r"`make ([a-z]+)", README)) | set(
        re.findall(r"^make ([a-z]+)", README, re.M)
    )
    assert {"run", "lab", "site", "page", "app"} <= named
    assert named <= set(targets)


def test_the_animation_is_small_calm_and_told_in_words():
    path = ROOT / "docs/tour.webp"
    assert path.stat().st_size <= 1_500_000
    with Image.open(path) as animation:
        assert animation.info["loop"] == 0
        assert animation.width >= 1_000
        durations = []
        for number in range(animation.n_frames):
            animation.seek(number)
            animation.load()
            durations.append(animation.info["duration"])
    assert min(durations) >= 80  # milliseconds; nothing flickers
    assert 10_000 <= sum(durations) <= 40_000
    (alt,) = re.findall(r'<img src="docs/tour.webp"[^>]*alt="([^"]*)"', README)
    assert 80 <= len(alt) <= 400
    still = r'<source media="\(prefers-reduced-motion: reduce\)" srcset="docs/\w+\.(png|webp)">'
    assert re.search(still, README), "who asks for less motion sees a picture"


def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def test_one_version_and_one_day_everywhere():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    version, day = re.search(
        r"^## (\S+) \((\S+)\)$", (ROOT / "CHANGES.md").read_text(), re.M
    ).groups()
    assert citation["version"] == version == project()["version"]
    assert citation["date-released"] == day
    assert citation["license"] == project()["license"]


@pytest.mark.parametrize(
    ("schema", "paths"),
    [
        ("citation-file-format", [ROOT / "CITATION.cff"]),
        ("github-issue-forms", FORMS),
        ("github-issue-config", [ROOT / ".github/ISSUE_TEMPLATE/config.yml"]),
    ],
)
def test_files_follow_their_schemas(schema, paths):
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}"]
    done = subprocess.run(
        [*command, "--default-filetype", "yaml", *paths], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_forms_ask_for_what_one_needs_to_reproduce():
    forms = {form.stem: yaml.safe_load(form.read_text()) for form in FORMS}
    required = {
        name: {
            field["id"] for field in form["body"] if field.get("validations", {}).get("required")
        }
        for name, form in forms.items()
    }
    assert required["1-something-fails"] == {"where", "what", "door", "versions"}
    assert required["2-misread-picture"] == {"picture", "right", "answer"}
    assert "no pupil's name" in FORMS[0].read_text()


def test_the_command_that_forms_name_prints_system_and_versions():
    command = re.search(r"`\.venv/bin/python (-m digitrec --version)`", FORMS[0].read_text())[1]
    done = subprocess.run([sys.executable, *command.split()], capture_output=True, text=True)
    for part in (
        r"^digitrec 1\.",
        r"^Python 3\.1\d",
        platform.system(),
        r"tensorflow 2\.",
        "numpy 2",
    ):
        assert re.search(part, done.stdout, re.MULTILINE), done.stdout
    assert done.stderr == ""
