# make demo   set up .venv, then run the tutorial with the reference solutions
# make test   set up .venv, then run all tests
# make lint   formatter, linter, types, and whether what is generated is up to date
# make audit  run wrong and right submissions and mutants against the checks
# make docs   build the site into build/site, with every warning as an error
# make links  open all links that lead out of the site; needs a network
# All set up only once: they install again only when pyproject.toml or constraints.txt has changed.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
## `make help` prints the lines that begin with a single #.
## No test takes that long: one that hangs is ended and named.
PYTEST := $(BIN)/python -m pytest --timeout 900 --timeout-method thread
## Tests that measure time or press Ctrl-C: another process at work would make them late.
ALONE := tests/test_course.py tests/golden tests/batch/test_command.py tests/grading/test_watch.py
SPHINX := -m sphinx -W --keep-going -E -q -c docs -d build/doctrees

.PHONY: help demo test lint audit docs links clean

help:
	@sed -n 's/^# //p' Makefile

demo: $(INSTALLED)
	$(BIN)/course demo

## What fails in two processes is tried once more in one: on a busy machine tests of time come late.
test: $(INSTALLED)
	$(PYTEST) $(ALONE)
	$(PYTEST) -n 2 --dist loadfile $(addprefix --ignore=,$(ALONE)) || \
		$(PYTEST) --last-failed --last-failed-no-failures none

lint: $(INSTALLED)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/course build --check

audit: $(INSTALLED)
	$(BIN)/course audit

docs: $(INSTALLED)
	$(BIN)/python $(SPHINX) . build/site
	@echo "The site: build/site/index.html"

links: $(INSTALLED)
	$(BIN)/python $(SPHINX) -b linkcheck . build/links

$(INSTALLED): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed; name it: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt torch
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV) demo
