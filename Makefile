# Two commands: `make demo` and `make test`. Everything lives in .venv; nothing outside this folder is touched,
# but `make test` installs missing Debian packages when it runs as root.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
LOCK   := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
          --no-emit-find-links --no-annotate --no-header --no-config --extra demo --extra build
ROOMS  := bench cli config demo intake notifications parsing plant.py scheduler.py storage
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo install test lint bench lock clean

demo: $(VENV)/.run            ## the main job on embedded servers, with invented people
	$(BIN)/pli demo

install: $(VENV)/.run         ## pli itself, in .venv/bin/pli
	@echo "pli is in $(abspath $(BIN))/pli"

test: $(VENV)/.test           ## the whole suite, on real servers
	@sh tests/servers/install.sh
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

lint: $(VENV)/.test           ## style, types, and who may import whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(ROOMS)
	$(BIN)/mypy --allow-untyped-defs --allow-incomplete-defs --allow-untyped-calls --disable-error-code=type-arg \
	  --disable-error-code=unused-ignore --disable-error-code=str-format tests
	$(BIN)/lint-imports

bench: $(VENV)/.test          ## ratios, measured in one run
	$(BIN)/python -m bench

lock: $(VENV)/.python         ## renew both requirements files from pyproject.toml
	$(BIN)/python -m pip install --quiet uv
	$(LOCK) pyproject.toml -o requirements.txt
	$(LOCK) --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt

clean:                        ## remove what was made
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache pli-demo

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "pli needs Python 3.11 or newer; name one: make PYTHON=/path/to/python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.run: $(VENV)/.python requirements.txt pyproject.toml
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --no-index -e .
	@touch $@

$(VENV)/.test: $(VENV)/.run requirements-dev.txt
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.txt
	@touch $@
