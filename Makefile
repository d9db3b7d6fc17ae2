# The two commands of the README are `make run` and `make test`; `make check` is the definition of
# done. CI (`.ci/run`) runs its two halves, `make static` and `make test`.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin

.PHONY: run test check static lint types generate gen-check golden guide threats audit clean

run: $(VENV)/ready
	$(BIN)/specgen run specs

test: $(VENV)/ready
	$(BIN)/python -m pytest -n auto

check: static test

static: lint types gen-check

lint: $(VENV)/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/ready
	$(BIN)/mypy

generate: $(VENV)/ready
	$(BIN)/specgen generate specs --out generated_tests

gen-check: $(VENV)/ready
	$(BIN)/specgen generate specs --out generated_tests --check

golden: $(VENV)/ready
	$(BIN)/python -m pytest --update-golden

# Renders the guide for a browser, into build/guide: needs node, and npm for the first time.
ASCIIDOCTOR_MODULES ?= build/node

guide: $(ASCIIDOCTOR_MODULES)/node_modules/@asciidoctor/core/package.json
	ASCIIDOCTOR_MODULES=$(ASCIIDOCTOR_MODULES) node docs/render.mjs build/guide

$(ASCIIDOCTOR_MODULES)/node_modules/@asciidoctor/core/package.json:
	npm install --silent --no-audit --no-fund --prefix $(ASCIIDOCTOR_MODULES) @asciidoctor/core@2.2.8

# Tries each threat that the guide names, and prints what came of it.
threats: $(VENV)/ready
	$(BIN)/python tests/threats.py -n auto

# Asks the index of Python packages for known holes in what is installed: needs a network.
audit: $(VENV)/ready
	$(BIN)/python -m pip install --quiet pip-audit
	$(BIN)/python -m pip_audit --skip-editable

$(VENV)/ready: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable . --group dev
	touch $@

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
