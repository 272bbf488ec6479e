#!/usr/bin/env bash
# Lint, format, types, import contracts, front-end floor, migrations, translations.
set -euo pipefail
ruff check .
ruff format --check -q .
DATABASE_URL=postgresql:///none mypy -p hongtu
lint-imports
python tools/check_floor.py
python -W ignore manage.py makemigrations --check --dry-run -v 0
