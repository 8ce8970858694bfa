# One command each. `make help` lists them; options are given as NAME=value.

PYTHON ?= python3
ACCEPTANCE ?= ../shared/acceptance
ARGS ?=
SEED ?= 1
SEEDS ?= 1
SECONDS ?= 60
COMMANDS ?= 200000
WORKERS ?= 2
BIN := .venv/bin
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

.PHONY: help setup setup-dev run demo-crash test browser accept chaos-quick recorder bench sim sim-long fuzz determinism security lint format types walls check openapi asyncapi lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## make .venv, install the locked packages, compile the core (PYTHON=python3.12)
	@$(PYTHON) deploy/bootstrap.py

setup-dev: ## the same with everything tests and linters need
	@$(PYTHON) deploy/bootstrap.py --dev

run: setup ## run the whole exchange until Ctrl-C (PORT=8000 DATA=.data DATABASE_URL= REDIS_URL=)
	@exec $(BIN)/python -m deploy.family

demo-crash: setup ## play a market crash: liquidations, insurance fund, deleveraging (DATA=.data plays in the family running there)
	@exec $(BIN)/python -m deploy.crash

test: setup-dev ## run the test suite (WORKERS=2 ARGS="-k name")
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile $(ARGS)

browser: setup-dev ## drive the page with Debian's chromium (apt-get install chromium fonts-noto-cjk)
	@$(BIN)/python -m pytest -m browser -n $(WORKERS) --dist loadfile $(ARGS)

accept: setup-dev ## run the acceptance clients against a fresh family (ACCEPTANCE=folder)
	@$(BIN)/python -m tests.acceptance $(ACCEPTANCE)

chaos-quick: setup-dev ## kill processes under load and look for loss, short form
	@$(BIN)/python -m tests.chaos $(ARGS)

recorder: setup-dev ## record every stream of a family, kill gateway and stores, compare books (SECONDS=600 ARGS="--postgres 20")
	@$(BIN)/python -m tests.recorder --seconds $(SECONDS) $(ARGS)

bench: setup-dev ## run every benchmark and write docs/performance.md (ARGS="core http" for some)
	@$(BIN)/python -m tests.load $(ARGS)

sim: setup-dev ## simulate lives against the naive twin (SEED=1 SEEDS=200 ARGS="--operations 500 --workers 2")
	@$(BIN)/python -m tests.simulation --seed $(SEED) --seeds $(SEEDS) $(ARGS)

sim-long: setup-dev ## the whole of it: 2,000 seeds of 2,000 operations (SEED=1 ARGS="--workers 8")
	@$(BIN)/python -m tests.simulation --seed $(SEED) --seeds 2000 --operations 2000 --workers $$(getconf _NPROCESSORS_ONLN) $(ARGS)

fuzz: setup-dev ## hostile commands against core and twin for a time (SECONDS=60 SEED=1)
	@$(BIN)/python -m tests.fuzz --seed $(SEED) --seconds $(SECONDS) $(ARGS)

determinism: setup-dev ## one journal on every Python here, five hash seeds, both engines, 100 cuts (COMMANDS=1000000)
	@$(BIN)/python -m tests.determinism --commands $(COMMANDS) $(ARGS)

security: setup-dev ## generated requests, planted secrets, hostile text, locks: each against a family of its own (ARGS="api")
	@for part in $(or $(ARGS),api canary corpus supply); do $(BIN)/python -m tests.security $$part || exit 1; done

lint: setup-dev ## ruff, formatting, templates
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/djlint --quiet --check --lint templates

format: setup-dev ## rewrite the code in the project's format
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

types: setup-dev ## mypy, strict
	@$(BIN)/mypy

walls: setup-dev ## import walls between rooms
	@$(BIN)/lint-imports

check: ## everything CI runs
	@bash .ci/run

asyncapi: setup-dev ## write docs/asyncapi.yaml anew, which a test compares with the code
	@DJANGO_SETTINGS_MODULE=exchange.settings.test EXCHANGE_DATA=$$(mktemp -d) \
		$(BIN)/python manage.py asyncapi --file docs/asyncapi.yaml

openapi: setup-dev ## write docs/openapi.yaml anew, which CI compares with the code
	@DJANGO_SETTINGS_MODULE=exchange.settings.test EXCHANGE_DATA=$$(mktemp -d) \
		$(BIN)/python manage.py spectacular --validate --file docs/openapi.yaml

lock: setup-dev ## resolve the dependencies anew into the two lock files
	@deploy/lock.sh

clean: ## remove what was built and cached (keeps .venv and .data)
	@rm -rf build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache htmlcov .coverage
	@rm -f matcher/core/*.so matcher/core/*.c .venv/.made-core
	@find apps deploy exchange matcher tests -name __pycache__ -type d -prune -exec rm -rf {} +
