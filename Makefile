# Every target can be run again at any time; `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
export PIPENV_IGNORE_VIRTUALENVS := 1
export PIPENV_VENV_IN_PROJECT := 1
export PIPENV_NOSPIN := 1
export PIPENV_VERBOSITY := -1
unexport VIRTUAL_ENV

PYTHON ?= python3
PIPENV := .pipenv/bin/pipenv
BIN := .venv/bin
FLASK := $(BIN)/flask --app fisher
PYTEST_ARGS ?= -n auto --dist loadgroup
PORT ?= 5000
CATALOGUES := $(wildcard app/translations/*/LC_MESSAGES/messages.po)

.PHONY: help run setup install install-dev test lint format types bench bench-scale demo docs lock messages translations clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

$(PIPENV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Fisher needs Python 3.11 or newer; set PYTHON=/path/to/python3"; exit 1; }
	@echo "· preparing pipenv in .pipenv"
	@$(PYTHON) -m venv .pipenv || { echo "the venv module is missing (Debian: apt install python3-venv)"; exit 1; }
	@.pipenv/bin/pip install --quiet --disable-pip-version-check 'pipenv==2026.10.3'

.venv/.installed: Pipfile.lock | $(PIPENV)
	@echo "· installing the packages of Pipfile.lock into .venv"
	@$(PIPENV) --python "$$($(PYTHON) -c "import sys; print(sys.executable)")" sync >.pipenv/sync.log 2>&1 || { cat .pipenv/sync.log; exit 1; }
	@touch $@

.venv/.installed-dev: Pipfile.lock | $(PIPENV)
	@echo "· installing the packages for development into .venv"
	@$(PIPENV) --python "$$($(PYTHON) -c "import sys; print(sys.executable)")" sync --dev >.pipenv/sync.log 2>&1 || { cat .pipenv/sync.log; exit 1; }
	@touch .venv/.installed $@

.venv/.translated: $(CATALOGUES) .venv/.installed
	@echo "· compiling the translations"
	@$(BIN)/pybabel --quiet compile --directory app/translations
	@touch $@

install: .venv/.installed .venv/.translated ## packages to run the site
install-dev: .venv/.installed-dev .venv/.translated ## packages to work on it

setup: install ## make and migrate the database, load the starter books, build the index
	@echo "· migrating the database"
	@$(FLASK) db upgrade
	@echo "· loading the starter books"
	@$(FLASK) books starter
	@echo "· bringing the search index up to date"
	@$(FLASK) search update

ifneq ($(PORT),5000)
run: export FISHER_SITE_URL ?= http://127.0.0.1:$(PORT)
endif
run: setup ## the site on http://127.0.0.1:5000
	@echo "· Fisher runs on http://127.0.0.1:$(PORT) (Ctrl-C ends it)"
	@exec $(FLASK) run --port $(PORT)

test: install-dev ## the whole test suite
	@echo "· running the tests"
	@$(BIN)/pytest $(PYTEST_ARGS)

lint: install-dev ## style of code and templates, and what bandit would find (ruff S)
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/djlint app/templates --check && $(BIN)/djlint app/templates --lint

format: install-dev ## let the formatters mend the style
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format . ; $(BIN)/djlint app/templates --reformat --quiet || true

types: install-dev ## mypy
	@$(BIN)/mypy

bench: install-dev ## figures of docs/performance.md
	@$(BIN)/python -m bench

demo: export FISHER_SQLALCHEMY_DATABASE_URI := sqlite:///$(CURDIR)/instance/demo.db
demo: export FISHER_SEARCH_INDEX_PATH := $(CURDIR)/instance/demo-search.db
demo: setup ## a site with a year of life in it, in instance/demo.db
	@echo "· living a year with made-up readers"
	@$(FLASK) demo fill
	@echo "· auditing the beans"
	@$(FLASK) beans audit
	@echo "· the demo runs on http://127.0.0.1:$(PORT) (Ctrl-C ends it)"
	@[ -n "$(FILL_ONLY)" ] || exec $(FLASK) run --port $(PORT)

lock: $(PIPENV) ## renew Pipfile.lock
	@$(PIPENV) --python "$$($(PYTHON) -c "import sys; print(sys.executable)")" lock
	@$(PYTHON) -c 'import json; p="Pipfile.lock"; d=json.load(open(p)); d["_meta"]["sources"]=[]; [v.pop("index", None) for s in ("default","develop") for v in d[s].values()]; open(p,"w").write(json.dumps(d, indent=4, sort_keys=True)+"\n")'

docs: install ## write the table of settings into docs/configuration.md
	@$(BIN)/python -c 'import re, pathlib, subprocess; p = pathlib.Path("docs/configuration.md"); table = subprocess.check_output(["$(BIN)/flask", "--app", "fisher", "settings"], text=True); p.write_text(re.sub(r"\| Variable.*", "", p.read_text(), flags=re.S) + table)'

messages: install-dev ## collect the texts to translate into the catalogues
	@$(BIN)/pybabel --quiet extract --mapping-file babel.cfg --keywords "lazy_gettext _l" --no-location --sort-output --no-wrap --project Fisher --msgid-bugs-address "" --output-file messages.pot app
	@$(BIN)/pybabel --quiet update --input-file messages.pot --output-dir app/translations --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --no-wrap
	@rm messages.pot

clean: ## remove everything that can be made again (keeps instance/)
	@rm -rf .venv .pipenv .mypy_cache .pytest_cache .ruff_cache .hypothesis
