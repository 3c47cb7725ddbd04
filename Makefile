# Each target sets up .venv by itself; nothing needs to be installed first but Python 3.11 or newer.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
DEV := .venv/.dev

.PHONY: run test check bench screenshots clean

run: $(READY)
	@$(BIN)/workbench $(ARGS)

test: $(DEV)
	$(BIN)/pytest -n auto --dist worksteal

check: $(DEV)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pyright
	$(BIN)/lint-imports --no-logo

bench: $(DEV)
	$(BIN)/python -m benchmarks

screenshots: $(DEV)
	$(BIN)/python -m docs.screenshots

clean:
	rm -rf .venv

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; say which: make PYTHON=python3.11")'
	$(PYTHON) -m venv .venv
	@echo "Installing the workbench into .venv (about a minute, once) …"
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

$(DEV): $(READY)
	@echo "Installing the test tools into .venv …"
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@
