# make setup      install everything into .venv
# make run        run the five notebooks and print what came out
# make test       run every test
# make lab        open JupyterLab
# make app        open a page to draw digits and choose pictures, without notebooks
# make notebooks  execute the notebooks in place, before a commit
# make lint       format and check the code
# make page       write page/index.html, the page that needs no kernel
# make pages      measure reading on pages made by a program
# make bench      measure training against the usual networks
# make lock, make model, make mnist, make digits, make glyphs, make screenshot: rebuild one thing

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready

.PHONY: setup run test lab app notebooks lint lock model mnist digits glyphs bench page pages screenshot

setup: $(READY)

$(READY): requirements.txt pyproject.toml $(shell find etc share -type f)
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
	 { echo "$$($(PYTHON) --version) is $(PYTHON); Python 3.11, 3.12 or 3.13 is needed. Try: make $(MAKECMDGOALS) PYTHON=python3.11"; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $(READY)

run: $(READY)
	$(BIN)/python scripts/run_notebooks.py

test: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m pytest

lab: $(READY)
	$(BIN)/jupyter lab --LabApp.default_url=/lab/tree/notebooks

app: $(READY)
	$(BIN)/voila app/read_your_digits.ipynb

notebooks: $(READY)
	$(BIN)/python scripts/execute_notebooks.py

lint: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: $(READY)
	$(BIN)/uv pip compile pyproject.toml --extra test --universal --fork-strategy fewest \
	 --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	 --no-header --upgrade --quiet --output-file requirements.txt

model: $(READY)
	$(BIN)/python scripts/build_model.py

bench: $(READY)
	$(BIN)/python benchmarks/training.py

page: $(READY)
	$(BIN)/python scripts/build_page.py

pages: $(READY)
	$(BIN)/python benchmarks/pages.py

mnist: $(READY)
	$(BIN)/python scripts/build_mnist.py

digits: $(READY)
	$(BIN)/python scripts/make_digits.py

glyphs: $(READY)
	$(BIN)/python scripts/build_glyphs.py

screenshot: $(READY)
	$(BIN)/python scripts/make_screenshot.py
