# make run | make test | make check | make bench: each sets up what it needs by itself.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export HONGTU_HOME ?= $(CURDIR)/.hongtu
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: run test check bench lock screenshots clean setup setup-dev system

# A stamp per lock file: a second run installs nothing.
$(VENV)/.runtime: requirements/runtime.txt pyproject.toml
	@tools/setup.sh runtime
$(VENV)/.development: requirements/development.txt pyproject.toml
	@tools/setup.sh development

setup: $(VENV)/.runtime
setup-dev: $(VENV)/.development
system:
	@tools/system.sh

run: setup
	@$(BIN)/hongtu serve --demo $(if $(PORT),--port $(PORT))

check: setup-dev
	@tools/check.sh

test: setup-dev system
	@tools/check.sh
	@tools/test.sh

bench: setup-dev system
	@tools/bench.sh

screenshots: setup-dev system
	@$(BIN)/python tools/screenshots.py

lock: setup-dev
	@tools/lock.sh
