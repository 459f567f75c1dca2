"""The slider for the temperature in a real browser: by keys, in light and dark, wide and narrow."""

import re

import pytest
from browser import command, opened, run_all, violations_of_ours
from playwright.sync_api import expect

CODE = """\
import numpy as np
from digitrec import widgets

generator = np.random.default_rng(1)
logits = generator.normal(0, 3, (500, 10))
logits[:, 3] += 3
powers = np.exp(logits)
probabilities = powers / powers.sum(axis=1, keepdims=True)
labels = np.where(generator.random(500) < 0.6, logits.argmax(axis=1), 3)
judged = {"At home": (probabilities, labels), "Abroad": (probabilities[:80], labels[:80])}
display(widgets.TemperatureExplorer(judged))"""


@pytest.fixture(scope="module")
def page(chromium, lab):
    with opened(chromium, lab, "temperature", CODE) as page:
        yield page
        command(page, "apputils:change-theme", theme="JupyterLab Light")  # for other files


@pytest.mark.parametrize(
    ("theme", "width"),
    [("JupyterLab Light", 1280), ("JupyterLab Dark", 800)],
    ids=["light", "dark"],
)
def test_the_temperature_follows_keys_and_no_answer_changes(page, theme, width):
    command(page, "apputils:change-theme", theme=theme)
    expect(page.locator("body")).to_have_attribute("data-jp-theme-name", theme)
    page.set_viewport_size({"width": width, "height": 900})
    run_all(page)
    status = page.get_by_role("status").filter(has_text="Temperature")
    expect(status).to_contain_text("Temperature 1.00.")
    right = re.search(r"[\d.]+% right", status.inner_text())[0]
    drawings = page.get_by_role("img", name=re.compile("log loss"))
    expect(drawings).to_have_count(2)
    first = drawings.first.inner_html()
    page.get_by_role("slider", name="Temperature").press("ArrowRight")
    expect(status).to_contain_text("Temperature 1.05.")
    expect(status).to_contain_text(right)
    assert drawings.first.inner_html() != first
    assert violations_of_ours(page) == []
    assert drawings.first.bounding_box()["width"] <= width
