# Tilios. `make help` lists what can be typed here.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup run serve test check format bench lock translations permissions clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Make the environment, install the dependencies, build the islands and translations
	@dev/setup

run: setup ## Serve on http://127.0.0.1:8000 with the demo; says as whom to sign in
	@.venv/bin/tilios run --demo

serve: setup ## Serve without the demo; an empty instance shows its first-run page
	@.venv/bin/tilios run

test: ## Run every test: on SQLite, on PostgreSQL, in the browser
	@dev/setup --dev
	@.venv/bin/python -m dev.test

check: ## Run what comes before the tests: format, lint, types, templates, imports, Django, translations, audit
	@dev/setup --dev
	@.venv/bin/python -m dev.check

format: ## Put the code in form and mend what can be mended alone
	@dev/setup --dev
	@.venv/bin/ruff check --quiet --fix-only .
	@.venv/bin/ruff format --quiet .

bench: ## Compare with peers and with a bare Django view; prints a table, writes JSON
	@dev/setup --dev
	@.venv/bin/python -m bench

translations: ## Add the new sentences to the French catalogues, for someone to translate
	@dev/setup --dev
	@.venv/bin/python -m dev.translations extract

permissions: ## Write docs/permissions.md anew: who may do what
	@dev/setup --dev
	@.venv/bin/tilios manage permissions

lock: ## Choose the newest versions of the dependencies and write them, with hashes, in requirements/
	@dev/setup --dev
	@.venv/bin/python -m dev.lock

clean: ## Remove what make made, except the data
	@rm -rf .venv frontend/node_modules tilios/ui/static/ui/build .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	@find locale tilios -name '*.mo' -delete
