# `make demo` and `make test` each do everything on a fresh machine that has Python, make and the
# package registries; the second time they take seconds.
PYTHON ?= python3
VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
STAMP := $(VENV)/.installed
export UV_COMPILE_BYTECODE = 1
export OMP_NUM_THREADS = 1
export OPENBLAS_NUM_THREADS = 1
# Each worker and each process that a test starts reads the same compiled modules.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test lint types imports unit cover bench sweep reference examples clean

demo: $(STAMP)
	$(BIN)/tamis demo tamis-demo

test: lint types imports unit

$(STAMP): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet -c constraints.txt uv || true
	if test -x $(BIN)/uv; then \
	  VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet -c constraints.txt -e '.[dev,pg]'; \
	else \
	  $(BIN)/python -m pip install --quiet -c constraints.txt -e '.[dev,pg]'; \
	fi
	touch $(STAMP)

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

imports: $(STAMP)
	$(BIN)/lint-imports

unit: $(STAMP)
	$(BIN)/pytest -n 2 --dist worksteal

# The same tests with the lines they reach: a quarter longer, so not part of `make test`.
cover: $(STAMP)
	$(BIN)/pytest -n 2 --dist worksteal --cov --cov-report=term:skip-covered

# Long runs, outside `make test`: benchmarks print ratios, the sweep looks for rare cases.
bench: $(STAMP)
	for file in benchmarks/*.py; do $(BIN)/python $$file --quick || exit 1; done

sweep: $(STAMP)
	HYPOTHESIS_PROFILE=sweep $(BIN)/pytest -n 2 tests

# What is made and committed: the generated reference pages and the example reviews.
reference: $(STAMP)
	$(BIN)/python tools/make_cli_reference.py
	$(BIN)/python tools/make_reference.py

examples: $(STAMP)
	$(BIN)/python tools/typeset_practice.py
	$(BIN)/python tools/make_examples.py

clean:
	rm -rf $(VENV) tamis-demo .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .coverage*
