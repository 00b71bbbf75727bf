# Most targets call bin/portal, which needs nothing but Python 3.11 or newer.
PYTHON ?= python3
VENV ?= .venv
PORTAL = @command -v $(PYTHON) >/dev/null 2>&1 || { echo "error: $(PYTHON) is not on PATH; install Python 3.11 or newer, or use make PYTHON=path." >&2; exit 1; }; \
	exec $(PYTHON) bin/portal
MANAGE = @exec $(VENV)/bin/python manage.py

# make passes variables from its command line (make run PORT=8100) on to the scripts, but not defaults set here
export VENV

.DEFAULT_GOAL := help
.PHONY: help run dev test check prove coverage structure bench fmt seed admin backup restore clean lock env env-dev

help: ## show this help
	@echo "VLM Portal: make <target>"
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | while IFS='	' read -r name text; do printf '  %-10s %s\n' "$$name" "$$text"; done

run: ## set up and start the site: environment, database, catalogue, server (HOST, PORT, WORKERS)
	$(PORTAL) run

dev: ## the same as run, with auto-reload and DEBUG (HOST, PORT)
	$(PORTAL) dev

test: ## run check, all tests on SQLite and PostgreSQL, and browser journeys (BROWSER=0: without a browser)
	$(PORTAL) test

check: ## check format, lint, types, import contracts, migrations and deployment settings, in seconds
	$(PORTAL) check

prove: env-dev ## run the long tests: races, random actions, API against schema, stopping (RACE_ROUNDS, MACHINE_EXAMPLES, API_CASES, STOP_ROUNDS)
	@RACE_ROUNDS=$${RACE_ROUNDS:-200} MACHINE_EXAMPLES=$${MACHINE_EXAMPLES:-300} API_CASES=$${API_CASES:-60} STOP_ROUNDS=$${STOP_ROUNDS:-30} GROWTH_EVERY=$${GROWTH_EVERY:-1} \
	  $(VENV)/bin/python -m pytest -q tests/races tests/linear tests/submissions/test_machine.py \
	  tests/submissions/test_merge_machine.py tests/submissions/test_source_machine.py \
	  tests/catalog/api/test_schema.py tests/submissions/api/test_schema.py tests/tooling/test_stopping.py

coverage: ## measure which lines and branches the tests on SQLite run (TEST_WORKERS)
	$(PORTAL) coverage

structure: ## measure how the code is built and write docs/structure.md
	$(PORTAL) structure

bench: ## compare with a plain Django + DRF and write docs/benchmarks.md (SIZES, ENGINES, ROUNDS)
	$(PORTAL) bench

fmt: env-dev ## format Python and templates
	@$(VENV)/bin/python -m ruff check --fix --quiet . || true
	@$(VENV)/bin/python -m ruff format --quiet .
	@find templates -name '*.html' -exec $(VENV)/bin/djade {} + || true

seed: env ## load or refresh the seed catalogue
	$(MANAGE) seed

admin: env ## create an admin account
	$(MANAGE) createsuperuser

backup: ## back up the database, even while the site is running (TO=folder)
	$(PORTAL) backup

restore: ## restore a backup, after backing up the current database (FROM=file)
	$(PORTAL) restore

clean: ## remove the environment, caches and collected files; keeps your data
	@rm -rf $(VENV) var/static var/static.stamp .mypy_cache .ruff_cache .pytest_cache .hypothesis .schemathesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

lock: ## update requirements/*.txt from pyproject.toml (UPGRADE=1: newest versions)
	$(PORTAL) lock

env: ## only create the environment that the site needs
	$(PORTAL) env

env-dev: ## only create the environment with the development tools
	$(PORTAL) env-dev
