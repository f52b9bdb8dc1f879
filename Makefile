# One word for everything that is done in this repository: `make help`.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
# The first Python that ansible-core 2.19 runs on. A shim of an interpreter that is not there fails the question.
PYTHON = $(shell for python in python3.11 python3 python3.12 python3.13; do \
    if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; then command -v $$python; break; fi; done)
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)

ENV ?= development
ARGS ?=
PORT ?= 4566
PARTS ?=

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

.PHONY: setup
setup: $(VENV)/.setup ## Install what the playbooks and the local AWS need into .venv

.PHONY: demo
demo: setup ## Converge the Dougust platform in a local AWS and show it; needs no AWS account
	@python -m sandbox run -- tools/demo.sh

.PHONY: plan
plan: setup ## Show what a converge would do: make plan ENV=production ARGS="--limit dougust-production"
	@ansible-playbook playbooks/plan.yml --check --diff -i inventories/$(ENV) $(ARGS)

.PHONY: sandbox
sandbox: setup ## Keep a local AWS running: make sandbox PORT=4566
	@python -m sandbox --port $(PORT)

.PHONY: lint
lint: $(VENV)/.tests ## Every check; some alone: make lint PARTS="yamllint ansible-lint"
	@tools/run.py $(or $(PARTS),lint)

.PHONY: test
test: $(VENV)/.tests ## Every check and every test; some alone: make test PARTS="unit"
	@tools/run.py $(or $(PARTS),test)

.PHONY: bench
bench: setup ## Measure how fast it is, in the local AWS: make bench PARTS="overhead unchanged"
	@python benchmarks/run.py $(PARTS)

.PHONY: docs
docs: setup ## Write the generated parts of the role READMEs and docs/reference
	@python tools/generate_docs.py

.PHONY: constraints
constraints: ## Renew constraints.txt after a change of a requirements file
	@tools/constraints.sh $(PYTHON)

.PHONY: clean
clean: ## Remove what tests, builds and runs left behind (.venv stays)
	@rm -rf .ansible .cache .pytest_cache build plan.json groundwork-aws-*.tar.gz
	@find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

# Compiling beforehand what every run imports, and not the hundred collections that nothing here uses,
# is faster than pip's own compiling of all of it.
$(VENV)/.setup: requirements.txt sandbox/requirements.txt constraints.txt
	@$(VENV)/bin/python -m pip --version > /dev/null 2>&1 || tools/venv.sh "$(PYTHON)" $(VENV)
	@echo "Installing requirements.txt and sandbox/requirements.txt into $(VENV) ..."
	@python -m pip install --quiet --no-compile --disable-pip-version-check -c constraints.txt \
	    -r requirements.txt -r sandbox/requirements.txt
	@python -m compileall -q -j 0 -x 'ansible_collections/(?!amazon/|community/aws/)|sympy|networkx|mpmath' \
	    $(VENV)/lib/python3.*/site-packages || true
	@touch $@

$(VENV)/.tests: $(VENV)/.setup tests/requirements.txt
	@echo "Installing tests/requirements.txt into $(VENV) ..."
	@python -m pip install --quiet --disable-pip-version-check -c constraints.txt -r tests/requirements.txt
	@touch $@
