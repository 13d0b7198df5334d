# Everything runs in .venv, which the first target that needs it makes.
# A Python of your own: make PYTHON=python3.12 test

PYTHON ?= $(shell for p in python3.11 python3.12 python3; do $$p -c '' 2>/dev/null && echo $$p && break; done)
VENV := .venv
# jobs share the machine, and sums keep their order
export OMP_NUM_THREADS := 1
# what the tests start, often, would else be compiled anew each time
export PYTHONDONTWRITEBYTECODE :=
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
TRACK ?=
WORKERS ?= 2

.PHONY: help demo serve test slow check fix bench train clean

help: ## what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

demo: $(VENV)/.installed ## a walk through, played over OSC on this machine; TRACK=song.wav masters your own
	$(BIN)/bandmate demo $(TRACK)

serve: $(VENV)/.installed ## the daemon
	$(BIN)/bandmate serve

test: $(VENV)/.tested ## the tests, on two processes; WORKERS=4 on more
	$(BIN)/python -m pytest -q -m "not (slow or jack or daw or alone)" -n $(WORKERS) --dist worksteal
	$(BIN)/python -m pytest -q -m "(jack or daw or alone) and not slow" tests/bridge

slow: $(VENV)/.tested ## the tests that take long
	$(BIN)/python -m pytest -q -m slow

check: $(VENV)/.tested ## format, lint, types, floors
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: $(VENV)/.tested ## format, and mend what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.benched ## bandmate beside its peers, kept in docs/benchmarks.md
	for one in $$(grep -l '^from bench.report import.*publish' bench/*.py); do \
	  $(BIN)/python -m bench.$$(basename $$one .py) --write || exit 1; \
	done

train: $(VENV)/.tested ## the learned models anew, from the corpora of BANDMATE_TEST_DATA; an hour and a half on two cores
	$(BIN)/python -m training --data "$${BANDMATE_TEST_DATA:?names the folder of the corpora}"

clean: ## remove the environment
	rm -rf $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt
	@echo "making $(VENV) with $(PYTHON): this takes a minute, once"
	$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' || \
	  { echo "bandmate needs Python 3.11 or 3.12: make PYTHON=python3.11 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(PIP) --upgrade pip
	$(PIP) --editable .
	$(BIN)/bandmate warm
	@touch $@

$(VENV)/.tested: $(VENV)/.installed
	$(PIP) --group test
	@touch $@

$(VENV)/.benched: $(VENV)/.tested
	$(PIP) --group bench
	$(PIP) --no-deps pyrnnoise # of what it asks for, PyAV has codecs under the GPL inside
	@touch $@
