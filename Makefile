# Everything here goes through bin/portal, which needs Python 3.11 or newer and nothing else.
PYTHON ?= python3
VENV ?= .venv
PORTAL = @command -v $(PYTHON) >/dev/null 2>&1 || { echo "error: $(PYTHON) is not on PATH; install Python 3.11 or newer, or say make PYTHON=path." >&2; exit 1; }; \
	exec $(PYTHON) bin/portal
MANAGE = @exec $(VENV)/bin/python manage.py

# what a person writes behind make (make run PORT=8100) reaches the scripts by itself; a default of ours does not
export VENV

.DEFAULT_GOAL := help
.PHONY: help run dev test check prove coverage structure bench fmt seed admin backup restore clean lock env env-dev

help: ## list the targets
	@echo "VLM Portal: make <target>"
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | while IFS='	' read -r name text; do printf '  %-10s %s\n' "$$name" "$$text"; done

run: ## start the site: environment, database, catalogue, server (HOST, PORT, WORKERS)
	$(PORTAL) run

dev: ## the same with auto-reload and DEBUG (HOST, PORT)
	$(PORTAL) dev

test: ## check, unit tests on SQLite and PostgreSQL, browser journeys (BROWSER=0: without)
	$(PORTAL) test

check: ## format, lint, types, import contracts, migrations, deployment settings: in seconds
	$(PORTAL) check

prove: env-dev ## the long runs: races, random moves, the API against its schema (RACE_ROUNDS, MACHINE_EXAMPLES, API_CASES)
	@RACE_ROUNDS=$${RACE_ROUNDS:-200} MACHINE_EXAMPLES=$${MACHINE_EXAMPLES:-300} API_CASES=$${API_CASES:-60} \
	  $(VENV)/bin/python -m pytest -q tests/races tests/submissions/test_machine.py \
	  tests/catalog/api/test_schema.py tests/submissions/api/test_schema.py

coverage: ## what the tests on SQLite run of the apps, by line and branch (TEST_WORKERS)
	$(PORTAL) coverage

structure: ## measure how the code is built, write docs/structure.md
	$(PORTAL) structure

bench: ## measure the portal beside a plain Django + DRF, write docs/benchmarks.md (SIZES, ENGINES, ROUNDS)
	$(PORTAL) bench

fmt: env-dev ## format Python and templates
	@$(VENV)/bin/python -m ruff check --fix --quiet . || true
	@$(VENV)/bin/python -m ruff format --quiet .
	@find templates -name '*.html' -exec $(VENV)/bin/djade {} + || true

seed: env ## load or refresh the seed catalogue
	$(MANAGE) seed

admin: env ## make an account for the admin
	$(MANAGE) createsuperuser

backup: ## copy the database, also while the site runs (TO=folder)
	$(PORTAL) backup

restore: ## bring a copy back, saving the present state first (FROM=file)
	$(PORTAL) restore

clean: ## remove the environment and everything that can be made again; data stays
	@rm -rf $(VENV) var/static var/static.stamp .mypy_cache .ruff_cache .pytest_cache .hypothesis .schemathesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

lock: ## resolve requirements/*.txt again from pyproject.toml (UPGRADE=1: newest versions)
	$(PORTAL) lock

env: ## only make the environment of the site
	$(PORTAL) env

env-dev: ## only make the environment with the development tools
	$(PORTAL) env-dev
