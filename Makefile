# Set-up, running and checking. `make` alone lists what can be asked for.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 5070
DEMO ?= 1
# Tests wait for browsers and databases: on two cores three workers are done sooner than two.
WORKERS ?= 3
PY := .venv/bin/python
FLASK := .venv/bin/flask --app wsgi
# Variables given on the command line (DATABASE_URL, INSTANCE, ...) reach every command below as environment.
export HOST PORT
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help run env dev-env db demo check format test deep bench-quick label-report words bare clean

help: ## This list
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' $(MAKEFILE_LIST) | while IFS='|' read -r name what; do printf '  make %-12s %s\n' "$$name" "$$what"; done

run: env ## Set up, migrate, demo world (once), then serve: PORT=5070 HOST=127.0.0.1 DEMO=1, DATABASE_URL, INSTANCE
	@exec $(FLASK) serve --host "$(HOST)" --port "$(PORT)" $(if $(filter 1,$(DEMO)),--demo)

env: .venv/run.stamp ## The Python environment that running needs, in .venv

dev-env: .venv/dev.stamp ## The same with what tests and checks need

db: env ## Bring the database up to date
	@$(FLASK) db upgrade

demo: db ## Build the demo world, if it is not there
	@$(FLASK) demo --once

check: dev-env ## Everything that can be checked without running the app (at most 2 minutes)
	@$(PY) tools/check.py

format: dev-env ## Lay out the Python code
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix .

test: dev-env ## Get what tests need, then every test on both databases and in the browser (at most 15 minutes)
	@$(PY) tools/ensure.py browser postgres
	@$(PY) -m pytest -n $(WORKERS) --dist worksteal --must-run=sqlite,postgresql,browser

deep: dev-env ## The long ones: kill storms, fuzzers, all media, quick benchmarks (at most 40 minutes)
	@$(PY) tools/ensure.py browser postgres wrk
	@$(PY) -m pytest -n $(WORKERS) --dist worksteal -m deep --must-run=sqlite,postgresql
	@$(MAKE) --no-print-directory bench-quick

bench-quick: dev-env ## The benchmarks, a few seconds each
	@$(PY) tools/ensure.py wrk postgres
	@$(PY) -m benchmarks --quick

label-report: dev-env ## Measure how much damage labels stand, for docs/labels.md (some minutes)
	@$(PY) tools/label_report.py

words: dev-env ## Collect the sentences of the app into the French catalogue, and compile it
	@.venv/bin/pybabel -q extract -F babel.cfg -k _ -k _n:1,2 -k N_ --no-wrap --add-location=file --sort-by-file --project=va-et-vient -o .venv/messages.pot app
	@.venv/bin/pybabel -q update -i .venv/messages.pot -d app/translations -l fr --no-wrap --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --init-missing
	@.venv/bin/pybabel -q compile -d app/translations -l fr
	@$(PY) tools/catalogues.py

bare: ## Run .ci/run on a Debian root that has nothing (as root; TREE=--tree takes uncommitted files too)
	@tools/bare.sh $(TREE)

clean: ## Remove the environment and what tools left behind; data stay
	@rm -rf .venv .mypy_cache .ruff_cache .import_linter_cache .hypothesis *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed; say which with: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "This Python cannot make environments. On Debian or Ubuntu: sudo apt install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv .venv

.venv/run.stamp: pyproject.toml | .venv/bin/python
	@echo "Installing what the app needs in .venv ..."
	@$(PY) -m pip install -q -e .
	@touch $@

.venv/dev.stamp: pyproject.toml | .venv/bin/python
	@echo "Installing what the app and its tests need in .venv ..."
	@$(PY) -m pip install -q -e '.[dev]'
	@touch .venv/run.stamp $@
