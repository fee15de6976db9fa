# Everything runs in a private .venv inside this folder; nothing is written outside it.
SHELL := /bin/sh
.DEFAULT_GOAL := help
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	if command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$p; break; fi; done)
PY := .venv/bin/python

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_CACHE_DIR := 1
export MPLCONFIGDIR := $(CURDIR)/.venv/state/matplotlib
export IPYTHONDIR := $(CURDIR)/.venv/state/ipython
export JUPYTER_CONFIG_DIR := $(CURDIR)/.venv/state/jupyter
export JUPYTER_DATA_DIR := $(CURDIR)/.venv/state/jupyter-data
export JUPYTER_RUNTIME_DIR := $(CURDIR)/.venv/state/jupyter-run
export JUPYTER_PLATFORM_DIRS := 1
export MPLBACKEND := Agg

.PHONY: help demo test check doctest notebooks notebook data card bench wheel clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*## /\t/'

.venv/base: pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "Python >= 3.11 is needed; none was found on PATH (or: make PYTHON=/path/to/python)"; exit 1; }
	@test -x $(PY) || "$(PYTHON)" -m venv .venv
	@mkdir -p .venv/state
	@echo "setting up .venv (once)"
	@$(PY) -m pip install --quiet -c constraints.txt --editable .
	@touch $@

.venv/tests: .venv/base
	@echo "adding the test tools to .venv (once)"
	@$(PY) -m pip install --quiet -c constraints.txt --editable '.[test,lake,sensitivity,fetch]'
	@touch $@

.venv/checks: .venv/tests
	@$(PY) -m pip install --quiet -c constraints.txt --editable '.[test,lake,sensitivity,fetch,check]'
	@touch $@

.venv/notebooks: .venv/tests
	@$(PY) -m pip install --quiet -c constraints.txt --editable '.[test,lake,sensitivity,fetch,notebook]'
	@touch $@

demo: .venv/base ## score Venezuela-Russia as of 2025-10-15 and write dossier.html
	@$(PY) -m risk.cli demo --out dossier.html

test: .venv/tests ## run the whole suite
	@$(PY) -m pytest

check: .venv/checks ## lint and types
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy

doctest: .venv/tests ## run every example in the docstrings, the README and the docs
	@$(PY) -m pytest --doctest-modules --doctest-glob='*.md' --doctest-continue-on-failure risk README.md docs

notebooks: .venv/notebooks ## execute the notebooks
	@$(PY) notebooks/execute.py

notebook: .venv/notebooks ## open the notebooks
	@$(PY) -m jupyter lab notebooks

data: .venv/tests ## rebuild the derived tables from the raw files, where they are at hand (RISK_DATA)
	@$(PY) datasets/positions/build.py
	@$(PY) datasets/onset/build.py

card: .venv/tests ## how well the votes and the scores do, against the raw files (RISK_DATA)
	@$(PY) -m risk.votes.card
	@$(PY) -m risk.cli validate

bench: .venv/tests ## time the work against its baselines
	@$(PY) benchmarks/scores.py
	@$(PY) benchmarks/votes.py
	@$(PY) benchmarks/readers.py
	@$(PY) benchmarks/tables.py
	@$(PY) benchmarks/datasets.py
	@$(PY) benchmarks/lake.py --spark-rows 0

wheel: .venv/checks ## build the wheel
	@$(PY) -m build --wheel --outdir dist

clean: ## remove everything that was built
	@rm -rf .venv dist dossier.html
