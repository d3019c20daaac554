# Both jobs set everything up by themselves: a virtual environment in .venv, then the package with its dependencies.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test reference clean

run: $(VENV)/.installed
	$(BIN)/backtest run

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -n 2 --cov --cov-report=term:skip-covered --cov-fail-under=95

reference: $(VENV)/.installed-dev
	$(BIN)/python .ci/reference.py build/reference

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable ".[dev,fast,scale,garch]"
	@touch $@ $(VENV)/.installed

clean:
	rm -rf $(VENV) report build dist *.egg-info
