# The two commands: `make run` and `make test`. `make help` tells the others.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TOOLS := tests/tools/node_modules/.installed
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes
APT := $(if $(filter 0,$(shell id -u)),,sudo )apt-get

.DEFAULT_GOAL := help
.PHONY: help run install check lint types imports unit e2e test bench lock system clean

help: ## Ce que l’on peut demander
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

run: $(VENV)/.run ## Démarrer le portail (PORT, 3000 par défaut)
	@exec bin/portail start

install: $(VENV)/.run ## Installer sans démarrer

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Il faut Python 3.11 ou plus récent (PYTHON=python3.11 make run)."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python ne sait pas créer d’environnement : installez python3-venv."; rm -rf $(VENV); exit 1; }

$(VENV)/.run: requirements.lock $(VENV)/bin/python
	@echo "Installation des bibliothèques…"
	@$(PIP) -r requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	@echo "Installation des outils de test…"
	@$(PIP) -r requirements-dev.lock
	@touch $@

$(TOOLS): tests/tools/package-lock.json $(VENV)/.run
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm ci --prefix tests/tools --no-audit --no-fund --silent
	@touch $@

# Chromium, PostgreSQL, readers of PDF: Debian's packages; elsewhere, Playwright's own browser
system: $(VENV)/.dev
	@if command -v apt-get >/dev/null; then \
	  missing=""; \
	  command -v chromium >/dev/null || missing="$$missing chromium"; \
	  command -v pdfinfo >/dev/null || missing="$$missing poppler-utils"; \
	  command -v qpdf >/dev/null || missing="$$missing qpdf"; \
	  { ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null; } || missing="$$missing postgresql"; \
	  if [ -n "$$missing" ]; then echo "Installation de$$missing…"; $(APT) update -qq && DEBIAN_FRONTEND=noninteractive $(APT) install -y -qq $$missing >/dev/null; fi; \
	elif ! command -v chromium >/dev/null; then $(BIN)/playwright install chromium; fi

lint: $(VENV)/.dev ## Style du code
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/.dev ## Types
	@$(BIN)/mypy

imports: $(VENV)/.dev ## Qui a le droit d’appeler qui
	@PYTHONPATH=. $(BIN)/lint-imports

check: lint types imports ## Tout ce qui se vérifie sans rien lancer

unit: system $(TOOLS) ## Tests sans navigateur, sur SQLite et PostgreSQL
	@$(BIN)/python -m pytest

e2e: system $(TOOLS) ## Tests dans un navigateur
	@$(BIN)/python -m pytest -o addopts="" --strict-markers tests/e2e

test: check unit e2e ## Tout vérifier

bench: system $(TOOLS) ## Mesurer le poids, l’affichage et la charge
	@PYTHONPATH=. $(BIN)/python -m tests.load.bench

lock: $(VENV)/.dev ## Refaire les versions verrouillées (après un changement de pyproject.toml)
	@$(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --python-version 3.11 --no-header -q -o requirements.lock
	@$(BIN)/uv pip compile pyproject.toml --group dev --universal --generate-hashes --python-version 3.11 --no-header -q -c requirements.lock -o requirements-dev.lock

clean: ## Enlever ce qui se reconstruit (pas les données)
	@rm -rf $(VENV) .web .web.lock tests/tools/node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
