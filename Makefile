# make run   sets everything up and opens the chat page on http://127.0.0.1:7860
# make test  sets everything up and passes the tests
# make check lint and types

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# The address of PyTorch's CPU-only index, from its install page; see "What set-up downloads".
TORCH_INDEX ?=

# The suite starts hundreds of processes: what they import is compiled once, whatever the environment says.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup run test check lint types chromium clean

setup: $(VENV)/installed
	$(BIN)/hip-assistant index

$(VENV)/installed: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11 $(MAKECMDGOALS)")'
	$(PYTHON) -m venv $(VENV)
	$(if $(TORCH_INDEX),$(BIN)/pip install --disable-pip-version-check torch==2.13.0 --index-url $(TORCH_INDEX))
	$(BIN)/pip install --disable-pip-version-check --quiet --no-compile --constraint constraints.txt --editable '.[test]'
	touch $@

run: setup
	$(BIN)/hip-assistant web --open

test: setup chromium
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

check: lint types

lint: $(VENV)/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/installed
	$(BIN)/mypy

# The browser tests are skipped, with the reason, where Chromium is missing and cannot be installed.
chromium:
	@command -v chromium >/dev/null || { \
	  command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ] && \
	  apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; } || true

clean:
	rm -rf $(VENV) indexes/default indexes/models indexes/vectors-*.sqlite
