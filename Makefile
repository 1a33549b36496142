# Lianxin 连心. `make run` starts it; `make test` proves it. All paths are relative: the folder may have spaces in its name.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup setup-test run test check format lock mutants audit sbom bench clean

PORT ?= 8000

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14

setup: ## install into .venv without starting
	@sh scripts/setup.sh run

setup-test: ## install what tests and checks need as well
	@sh scripts/setup.sh test

run: setup ## start at http://127.0.0.1:8000 (PORT=… for another), with a demo county the first time
	@exec .venv/bin/lianxin serve --port "$(PORT)" --demo-when-empty

test: ## checks, then every test on SQLite and on PostgreSQL
	@bash scripts/test.sh

check: setup-test ## style, types, floors of the house, templates, catalogue, words
	@sh scripts/check.sh

format: setup-test ## put Python in order
	@.venv/bin/ruff check --quiet --fix-only . && .venv/bin/ruff format --quiet .

lock: setup-test ## write requirements/*.txt anew (UPGRADE=1: newest versions)
	@UPGRADE="$(UPGRADE)" sh scripts/lock.sh

mutants: setup-test ## turn one line of each law of the ledger wrong, see that a test fails (LAWS=word)
	@.venv/bin/python scripts/mutate.py $(LAWS)

audit: setup-test ## ask for known weaknesses of what is pinned (needs pip-audit and the network)
	@sh scripts/audit.sh

sbom: setup ## the bill of materials of the lock, CycloneDX JSON on standard output
	@.venv/bin/python scripts/sbom.py

bench: setup-test ## measure speed; see docs/performance.md (ARGS=…)
	@.venv/bin/python bench/run.py $(ARGS)
	@.venv/bin/python bench/imports.py $(IMPORTS)
	@.venv/bin/python bench/matching.py

clean: ## remove .venv and caches; data in var/ stays
	@rm -rf .venv .mypy_cache .ruff_cache .import_linter_cache .hypothesis .pytest_cache *.egg-info
