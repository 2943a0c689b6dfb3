# Standfast: `make` alone lists what can be done. Works with GNU make 3.81 and later.

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
STAMPS := .venv/.stamps
VENDORED := src/standfast/web/static/vendor
TRANSLATIONS := $(shell find src/standfast -name '*.po' 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help setup run test test-fast check fix bench lock messages screenshots clean

help: ## List the commands
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/  make \1	\2/' | expand -t 20

setup: $(STAMPS)/python $(STAMPS)/vendored $(STAMPS)/translations ## Install everything into .venv and node_modules

run: setup ## Start a seeded demo on http://127.0.0.1:8000 (PORT=… for another port)
	$(BIN)/standfast demo --data-dir .data/demo --port $(PORT)

test: setup ## Run every test, on SQLite and then on PostgreSQL
	STANDFAST_TEST_DATABASE=sqlite $(BIN)/python -m pytest -n 2
	STANDFAST_TEST_DATABASE=postgresql $(BIN)/python -m pytest -n 2

test-fast: setup ## Run the tests that need neither a browser nor much time, on SQLite
	STANDFAST_TEST_DATABASE=sqlite $(BIN)/python -m pytest -n 2 -m "not browser and not slow"

check: setup ## Lint, format, types, imports, migrations, spelling, translations
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python tools/manage.py makemigrations --check --dry-run
	$(BIN)/codespell
	$(BIN)/python tools/messages.py check

fix: setup ## Repair what lint and format can repair by themselves
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: setup ## Measure: prints the tables of docs/benchmarks.md
	$(BIN)/python -m bench

lock: setup ## Choose the newest allowed versions again: requirements.lock, package-lock.json
	$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url --no-header \
		--group dev pyproject.toml -o requirements.lock
	$(BIN)/python tools/frontend.py lock

messages: setup ## Collect the interface's texts into the translation file
	$(BIN)/python tools/messages.py extract

screenshots: setup ## Take the pictures in docs/screenshots again
	$(BIN)/python -m tools.screenshots

clean: ## Remove everything that was made, the demo's data too
	rm -rf .venv node_modules .data $(VENDORED) .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find src -name '*.mo' -delete
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# How setup is done; each step runs again only when what it depends on has changed. ---------------

$(STAMPS)/venv: tools/make_venv.sh
	sh tools/make_venv.sh "$(PYTHON)"
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/python: $(STAMPS)/venv requirements.lock pyproject.toml tools/install.sh
	sh tools/install.sh
	@touch $@

$(STAMPS)/frontend: $(STAMPS)/python package.json package-lock.json .npmrc tools/frontend.py
	$(BIN)/python tools/frontend.py install
	@touch $@

$(STAMPS)/vendored: $(STAMPS)/frontend src/standfast/web/icons.txt tools/vendor.py
	$(BIN)/python tools/vendor.py
	@touch $@

$(STAMPS)/translations: $(STAMPS)/python $(TRANSLATIONS) tools/messages.py
	$(BIN)/python tools/messages.py compile
	@touch $@
