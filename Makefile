# The set-up needs python3 (3.11 or later) and make, nothing else; uv comes into a folder of its own.
PYTHON ?= python3
TOOLS := .tools
VENV := .venv
READY := $(VENV)/.ready

export UV_PYTHON_DOWNLOADS := never
export UV_LINK_MODE := copy
# A company's proxy may sign what it lets through; the machine then knows its authority.
export UV_SYSTEM_CERTS := $(if $(wildcard /etc/ssl/certs/ca-certificates.crt),true,false)

SAME := $(PYTHON) -c 'import sys; sys.exit(sys.stdin.read() != open(sys.argv[1]).read() and sys.argv[1] + " is out of date: make snapshots")'
# A process for each core; more than four would ask PostgreSQL for more than its 100 connections.
PROCESSES ?= $(shell $(PYTHON) -c 'import os; print(min(max(2, os.cpu_count() or 2), 4))')
OPENAPI := tests/rest/test_rest_openapi.py -k committed

.DEFAULT_GOAL := help
.PHONY: help setup run test check snapshots bench soak fix clean

help:  ## say what there is
	@$(PYTHON) -c 'import re; [print(f"  make {t:10} {d}") for t, d in re.findall(r"^(\w+):.*?## (.+)", open("Makefile").read(), re.M)]'

setup: $(READY)  ## set up .venv from uv.lock

run: $(READY)  ## serve a sample shop at http://127.0.0.1:8000 (PORT=…)
	@$(VENV)/bin/catalog dev

test: $(READY)  ## run every test
	$(VENV)/bin/pytest --numprocesses $(PROCESSES) --dist worksteal

check: $(READY)  ## lint, types, import contracts, migrations, snapshots
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(VENV)/bin/catalog migrate --check
	$(VENV)/bin/python -m schema | $(SAME) schema/schema.graphql
	$(VENV)/bin/pytest $(OPENAPI)

snapshots: $(READY)  ## write the committed SDL and OpenAPI document anew
	$(VENV)/bin/python -m schema > schema/schema.graphql
	UPDATE_SNAPSHOTS=1 $(VENV)/bin/pytest $(OPENAPI)

bench: $(READY)  ## measure the catalog beside what PostgreSQL alone takes
	$(VENV)/bin/python -m bench

soak: $(READY)  ## the same with 50,000 products, and looking longer
	$(VENV)/bin/python -m bench --full
	$(VENV)/bin/pytest -m soak

fix: $(READY)  ## put format and imports in order
	$(VENV)/bin/ruff check --fix
	$(VENV)/bin/ruff format

clean:  ## remove what was set up; the data stays
	rm -rf $(VENV) $(TOOLS)

$(READY): pyproject.toml uv.lock | $(TOOLS)/bin/uv
	@echo "Setting up $(VENV) from uv.lock; the first time takes about a minute"
	@$(TOOLS)/bin/uv sync --locked --quiet --python "$$(command -v $(PYTHON))"
	@touch $@

$(TOOLS)/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=python3.12 …")'
	@$(PYTHON) -m venv $(TOOLS)
	@$(TOOLS)/bin/pip install --quiet --disable-pip-version-check 'uv>=0.9'
