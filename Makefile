# make demo      set up .venv, then run the tutorial with the reference solutions
# make app       set up .venv, then your own recommender in the browser
# make test      set up .venv, then run the tests, but for the slow ones: a few minutes
# make test-all  all tests: they also start JupyterLab, a browser, nbgrader and a small cluster
# make lint      formatter, linter, types, and whether what is generated is up to date
# make audit     run wrong and right submissions and mutants against the checks
# make check     lint, audit and test-all
# make docs      build the site into build/site, with every warning as an error
# make links     open all links that lead out of the site; needs a network
# All set up only once: they install again only when pyproject.toml or constraints.txt has changed.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
INSTALLED := $(VENV)/.installed
## Most modules are never imported; the others are compiled when they are, and kept.
INSTALL := $(BIN)/python -m pip install --quiet --no-compile --constraint constraints.txt
export PYTHONDONTWRITEBYTECODE :=
## `make help` prints the lines that begin with a single #.
## Measuring the lessons' numbers again takes twenty minutes: `generated` does without the data.
## No test takes that long: one that hangs is ended and named.
PYTEST := OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --timeout 900 --timeout-method thread
SPHINX := -m sphinx -W --keep-going -E -q -c docs -d build/doctrees

.PHONY: help demo app test test-all lint format types generated audit check docs links clean

help:
	@sed -n 's/^# //p' Makefile

demo: $(INSTALLED)
	$(BIN)/course demo

app: $(INSTALLED)
	$(BIN)/course app

test: $(INSTALLED)
	$(PYTEST) -m "not slow"

test-all: $(INSTALLED)
	$(PYTEST)

lint: $(INSTALLED)
	@$(MAKE) --no-print-directory -j 2 format types generated

format: $(INSTALLED)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(INSTALLED)
	$(BIN)/mypy

generated: $(INSTALLED)
	MOVIELENS_100K= $(BIN)/course build --check

audit: $(INSTALLED)
	$(BIN)/course audit

check: lint audit test-all

docs: $(INSTALLED)
	$(BIN)/python $(SPHINX) . build/site
	@echo "The site: build/site/index.html"

links: $(INSTALLED)
	$(BIN)/python $(SPHINX) -b linkcheck . build/links

$(INSTALLED): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed; name it: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(INSTALL) torch
	$(INSTALL) --editable '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV) demo
